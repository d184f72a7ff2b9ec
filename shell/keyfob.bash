# shellcheck shell=bash
# keyfob for bash: `kf use PROFILE` points this shell at a profile; every other kf command is one of keyfob's.
# In ~/.bashrc: eval "$(keyfob init bash)"

# An alias would go before the function, and be in the way of its definition. A restricted shell redirects nothing, so that
# there is one to take away in any case.
\builtin alias kf=
\builtin unalias kf

function kf() {
    # `command` alone would end a shell with `set -e` even where its failure is asked for; a restricted one executes nothing.
    \builtin local __keyfob_run=exec __keyfob_lines
    if \builtin [ "${-/r/}" != "$-" ]; then __keyfob_run='command'; fi
    if \builtin [ "${1-}" != use ]; then
        (\builtin "$__keyfob_run" keyfob "$@")
        \builtin return
    fi
    \builtin shift
    __keyfob_lines=$(\builtin "$__keyfob_run" keyfob use --shell bash "$@") || \builtin return
    \builtin eval "$__keyfob_lines"
}
