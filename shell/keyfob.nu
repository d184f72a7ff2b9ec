# keyfob for Nushell: `kf use PROFILE` points this shell at a profile; every other `kf ...` is `keyfob ...`.
# Once: mkdir $nu.user-autoload-dirs.0; keyfob init nushell | save -f ($nu.user-autoload-dirs.0 | path join keyfob.nu)
# Completion takes Nushell 0.114 or newer. For an older one: keyfob init nushell --no-completions

@complete __keyfob_words
def --env --wrapped kf [...words] {
    if ($words | get 0? | default "") != "use" {
        ^keyfob ...$words
    } else {
        # Nushell evaluates no text. It is given a record, in which null takes a variable away; a failure ends this here.
        let changes = (^keyfob use --shell nushell ...($words | skip 1))
        if ($changes | is-not-empty) { $changes | from json | load-env }
    }
}
