# Completes command lines of keyfob in fish.

function __keyfob_complete
    command -sq keyfob; or return
    set -l words (commandline -opc)
    # What is typed of the word, as it is and without its quotes.
    set -l raw (commandline -ct)
    set -l typed (string unescape -- $raw)
    # Variables that are set for the command alone stand before it.
    while string match -q -r '^\w+=' -- $words[1]
        set -e words[1]
    end
    set -l lines (command keyfob complete --shell fish -- $words[2..-1] "$typed" 2>/dev/null)
    switch "$lines[1]"
        case \tfiles
            # What stands before the value stays.
            set -l lead (string match -r '^[^=]*=' -- $typed)
            set -l path (string sub -s (math (string length -- "$lead") + 1) -- "$typed")
            printf '%s\n' "$lead"(__fish_complete_path "$path")
        case \tcommand\ \*
            set -l first (math (string split ' ' -- $lines[1])[2] + 1)
            set -l before (string escape -- $words[$first..-1])
            complete -C (string join ' ' -- $before "$raw")
        case '*'
            printf '%s\n' $lines
    end
end

complete -e -c keyfob
complete -e -c kf
complete -c keyfob -f -a '(__keyfob_complete)'
complete -c kf -f -a '(__keyfob_complete)'
