# keyfob for elvish: `kf use PROFILE` points this shell at a profile; every other `kf ...` is `keyfob ...`.
# In ~/.config/elvish/rc.elv: eval (keyfob init elvish | slurp)

fn kf {|@words|
    if (and (> (count $words) 0) (eq $words[0] use)) {
        # A failure is an exception, and ends this here.
        var lines = ((external keyfob) use --shell elvish (all $words[1..]) | slurp)
        eval $lines &ns=(ns [&])
    } else {
        (external keyfob) $@words
    }
}

# What `eval` defines is gone after it, unless it is added to what the prompt knows. A script has no prompt, and no kf.
if (not-eq (resolve edit:add-var) '(external edit:add-var)') {
    edit:add-var kf~ $kf~
}
