# shellcheck shell=bash
# Completes command lines of keyfob in bash, be the package bash-completion there or not.

__keyfob_complete() {
    local text
    COMPREPLY=()
    text=$(COMP_WORDBREAKS=$COMP_WORDBREAKS \command keyfob complete --shell bash \
        --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null) || return 0
    IFS=$'\n' read -r -d '' -a COMPREPLY <<<"$text" || :
    case ${COMPREPLY[0]-} in
        $'\tfiles') __keyfob_files "${2-}" ;;
        $'\tcommand '*) __keyfob_command "${COMPREPLY[0]#*' '}" "${2-}" ;;
        *[=:])
            if ((${#COMPREPLY[@]} == 1)); then
                compopt -o nospace 2>/dev/null || :
            fi
            ;;
    esac
}

# Lets readline find files. An old bash cannot be told to.
__keyfob_files() {
    COMPREPLY=()
    if ! compopt -o default 2>/dev/null; then
        IFS=$'\n' read -r -d '' -a COMPREPLY <<<"$(compgen -f -- "$1")" || :
    fi
}

# Completes the command line that begins at the character of the line that is given.
__keyfob_command() {
    local word=0 place=0 rest blanks
    for (( ; word < COMP_CWORD; word++)); do
        rest=${COMP_LINE:place}
        blanks=${rest%%[![:space:]]*}
        place=$((place + ${#blanks}))
        if ((place >= $1)); then
            break
        fi
        place=$((place + ${#COMP_WORDS[word]}))
    done
    COMPREPLY=()
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$word"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$word"
    elif ((word == COMP_CWORD)); then
        compopt -o filenames 2>/dev/null || :
        IFS=$'\n' read -r -d '' -a COMPREPLY <<<"$(compgen -c -- "$2")" || :
    else
        __keyfob_files "$2"
    fi
}

complete -F __keyfob_complete keyfob kf
