# Completion of keyfob for Nushell (0.114 or newer).
# Once: mkdir $nu.user-autoload-dirs.0; keyfob completions nushell | save -f ($nu.user-autoload-dirs.0 | path join keyfob-completions.nu)

module __keyfob_completion {
    # What could be in the place of the last word. `place` is the list of words, or since Nushell 0.116 a record with it.
    export def __keyfob_words [place] {
        let words = (if ($place | describe --detailed | get type) == "record" { $place.command } else { $place })
        let line = ($words | str join " ")
        let found = (try { ^keyfob complete --shell nushell --line $line | complete | get stdout } catch { "" })
        let lines = ($found | lines | split column --number 2 "\t")
        let values = ($lines | where column0 != "" | each {|line| suggested $line.column0 $line.column1 })
        let also = ($lines | where column0 == "" | get column1 | get 0? | default "")
        if ($values | is-not-empty) {
            $values
        } else if ($also starts-with "command ") {
            let start = ($also | split row " " | get 1 | into int)
            let rest = ($words | skip $start | str join " ")
            $rest | commandline complete --detailed | reject --optional span
        } else if $also == "" {
            []
        } else if ($words | last) =~ "^[^'\"`]*=" {
            let option = ($words | last | split row --number 2 "=")
            let files = ($option.1 | commandline complete --type path)
            $files | each {|file| $"($option.0)=($file)" }
        } else {
            # Nushell's own completion of files.
            null
        }
    }
    def suggested [value, description] {
        let plain = ($value =~ '^[A-Za-z0-9_-][A-Za-z0-9_./:@+=,-]*$')
        let escaped = ($value | str replace --all '\' '\\' | str replace --all '"' '\"')
        let word = (if $plain { $value } else { $'"($escaped)"' })
        { value: (if ($value ends-with "=") { $word } else { $word + " " }), description: $description }
    }

    @complete __keyfob_words
    export extern keyfob []
}
use __keyfob_completion *
