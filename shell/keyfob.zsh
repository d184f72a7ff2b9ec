# keyfob for zsh: `kf use PROFILE` points this shell at a profile; every other kf command is one of keyfob's.
# In ~/.zshrc: eval "$(keyfob init zsh)"

# An alias would go before the function, and be in the way of its definition. A restricted shell redirects nothing, so that
# there is one to take away in any case.
\builtin alias kf=
\builtin unalias kf

function kf() {
    if \builtin [ "${1-}" != use ]; then
        \builtin command keyfob "$@"
        \builtin return
    fi
    \builtin shift
    \builtin local __keyfob_lines
    __keyfob_lines=$(\builtin command keyfob use --shell zsh "$@") || \builtin return
    \builtin eval "$__keyfob_lines"
}
