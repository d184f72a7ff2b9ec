# Completion of keyfob for elvish. In ~/.config/elvish/rc.elv: eval (keyfob completions elvish | slurp)

use str

fn __keyfob_complete {|@words|
    var lines = [(try { (external keyfob) complete --shell elvish -- (all $words[1..]) 2>&- | from-lines } catch { })]
    for line $lines {
        var value description = (str:split &max=2 "\t" $line)
        if (not-eq $value '') {
            var display = $value
            if (not-eq $description '') { set display = $value'  ('$description')' }
            var after = ' '
            if (str:has-suffix $value '=') { set after = '' }
            edit:complex-candidate $value &display=$display &code-suffix=$after
        } elif (str:has-prefix $description 'command ') {
            # The words from there on, after one that stands for `sudo`.
            var number = (num (str:trim-prefix $description 'command '))
            edit:complete-sudo (all $words[(- $number 1)..])
        } elif (str:contains $words[-1] '=') {
            var option file = (str:split &max=2 '=' $words[-1])
            edit:complete-filename $file | each {|found|
                edit:complex-candidate $option'='$found[stem] &display=$found[stem] &code-suffix=$found[code-suffix]
            }
        } else {
            edit:complete-filename $words[-1]
        }
    }
}

# Where there is no prompt, nothing has that name, so that it stands in a text of its own.
if (not-eq (resolve edit:add-var) '(external edit:add-var)') {
    eval &ns=(ns [&complete~=$__keyfob_complete~]) '
        set edit:completion:arg-completer[keyfob] = $complete~
        set edit:completion:arg-completer[kf] = $complete~
    '
}
