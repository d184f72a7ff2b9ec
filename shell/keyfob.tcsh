: 'keyfob for tcsh: "kf use PROFILE" points this shell at a profile; every other "kf ..." is "keyfob ...".';
: 'In ~/.tcshrc: eval "`keyfob init tcsh`"';
: 'There, lines are joined by blanks: each ends in a semicolon, and comments are words of a command that does nothing.';
: 'An alias has no branches. The words after it stand once, after a command that a variable names: the program, or for';
: '"use" a "set" that keeps them, so that they are expanded once, and redirections hold. Where a pattern has no match, none';
: 'are kept, and there is nothing to use. As any alias, this is none after "if (...)" on the same line: write "if (...) then".';
: 'In a pipeline, the first and the last of these commands would stand for all: there, write keyfob.';
set __keyfob_dollar = '$';
alias kf 'set __keyfob_typed = (\!*:x .); @ __keyfob_use = ($__keyfob_typed[1]:q == use); set __keyfob_run = keyfob; set __keyfob_end = (); set __keyfob_words = (); if ($__keyfob_use) set __keyfob_run = (set __keyfob_words = "("); if ($__keyfob_use) set __keyfob_end = ")"; $__keyfob_run \!* $__keyfob_end; set __keyfob_status = $status; @ __keyfob_use = $#__keyfob_words; if ($__keyfob_use) shift __keyfob_words; if ($__keyfob_use) eval "`\keyfob use --shell tcsh ${__keyfob_dollar}__keyfob_words:q; \echo set __keyfob_status = ${__keyfob_dollar}status`"; set status = $__keyfob_status';
