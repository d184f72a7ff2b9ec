: 'Completion of keyfob for tcsh. In ~/.tcshrc: eval "`keyfob completions tcsh`"';
complete keyfob 'n/--/c/' 'n/--{browser,picker}/c/' 'n/--{profile-location,web-identity-token-file}/f/' 'p/*/`\keyfob complete --shell tcsh --line "$COMMAND_LINE"`/';
complete kf 'n/--/c/' 'n/--{browser,picker}/c/' 'n/--{profile-location,web-identity-token-file}/f/' 'p/*/`\keyfob complete --shell tcsh --line "$COMMAND_LINE"`/';
