#compdef keyfob kf
# Completes command lines of keyfob in zsh: as the function _keyfob on the fpath, or evaluated, before compinit or after.

__keyfob_complete() {
    local typed lead line value failed
    local -a before lines values endings
    # What is typed of the word, without its quotes.
    typed=$QIPREFIX$PREFIX
    case ${compstate[quoting]} in
        single) typed+=\' ;;
        double) typed+=\" ;;
        # An exclamation mark has a backslash there, which would be kept.
        dollars) typed=${typed//\\!/!}\' ;;
    esac
    typed=${(Q)typed}
    before=("${(@Q)words[2,CURRENT-1]}")
    lines=("${(@f)$(command keyfob complete --shell zsh -- "${before[@]}" "$typed" 2>/dev/null)}")
    case ${lines[1]} in
        $'\tfiles')
            # What stands before the value stays.
            [[ $typed == *=* ]] && compset -P 1 '*='
            _files
            return
            ;;
        $'\tcommand '*)
            shift ${lines[1]##* } words
            ((CURRENT -= ${lines[1]##* }))
            _normal
            return
            ;;
    esac
    [[ $typed == -*=* ]] && lead=${typed%%=*}= && compset -P 1 '*='
    for line in "${lines[@]}"; do
        value=${${line%%$'\t'*}#$lead}
        [[ -n $value ]] || continue
        line=${line#*$'\t'}
        # A colon divides a value from its description.
        line=${${value//\\/\\\\}//:/\\:}${line:+:$line}
        if [[ $value == *[=:] ]]; then
            endings+=("$line")
        else
            values+=("$line")
        fi
    done
    # Where nothing matches, zsh goes on to its next way of matching.
    failed=1
    if (($#values)) && _describe -t values keyfob values; then
        failed=0
    fi
    if (($#endings)) && _describe -t values keyfob endings -S ''; then
        failed=0
    fi
    return $failed
}

# Takes effect as soon as there is a completion system, be it at a later prompt.
__keyfob_register() {
    if typeset -f compdef >/dev/null; then
        compdef __keyfob_complete keyfob kf
        precmd_functions=("${(@)precmd_functions[@]:#__keyfob_register}")
    fi
}

if [[ ${funcstack[1]-} == _keyfob ]]; then
    __keyfob_complete
elif typeset -f compdef >/dev/null; then
    compdef __keyfob_complete keyfob kf
else
    typeset -ga precmd_functions
    precmd_functions=("${(@)precmd_functions[@]:#__keyfob_register}" __keyfob_register)
fi
