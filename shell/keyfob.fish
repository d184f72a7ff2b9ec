# keyfob for fish: `kf use PROFILE` points this shell at a profile; every other kf command is one of keyfob's.
# In ~/.config/fish/config.fish: keyfob init fish | source

function kf --description 'keyfob, which can change the profile of this shell'
    if builtin test "$argv[1]" != use
        command keyfob $argv
        return
    end
    set -l lines (command keyfob use --shell fish $argv[2..-1])
    or return
    builtin string join \n -- $lines | builtin source
end
