# shellcheck shell=sh
# keyfob for dash, ksh, mksh, ash, yash and other descendants of sh: `kf use PROFILE` points this shell at a profile;
# every other kf command is one of keyfob's. In the file that ENV names, such as ~/.kshrc: eval "$(keyfob init sh)"

# An alias would go before the function, and be in the way of its definition.
\unalias kf 2>/dev/null || :

kf() {
    case ${1-} in
    use) ;;
    *)
        # What is executed is no function of that name; mksh alone would take it for one.
        (\unset -f keyfob || :; \exec keyfob "$@")
        \return
        ;;
    esac
    \shift
    # Where there is nothing to evaluate, the line is the way out. No variable of the shell is touched.
    \eval "$( (\unset -f keyfob || :; \exec keyfob use --shell sh "$@") || \printf '\\return %d\n' "$?")"
}
