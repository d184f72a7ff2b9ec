# keyfob for PowerShell, 5.1 and 7: `kf use PROFILE` points this shell at a profile; every other `kf ...` is `keyfob ...`.
# In the file that $PROFILE names: keyfob init powershell | Out-String | Invoke-Expression

function global:kf {
    $words = $args
    # PowerShell keeps the first `--` to itself. Where it stood, the line tells.
    if ($MyInvocation.Line -match '(^|\s)--(\s|$)') {
        $words = @(__keyfob_with_dashes $MyInvocation $args)
    }
    # The program, past functions and aliases.
    $keyfob = Get-Command -Name keyfob -CommandType Application -ErrorAction Stop | Select-Object -First 1
    if ($words.Count -eq 0 -or $words[0] -cne 'use') {
        if ($MyInvocation.ExpectingInput) { $input | & $keyfob @words } else { & $keyfob @words }
        return
    }
    $rest = @($words | Select-Object -Skip 1)
    $lines = & $keyfob use --shell powershell @rest
    if ($LASTEXITCODE -eq 0 -and $lines) {
        $lines | Out-String | Invoke-Expression
    }
}

# The arguments with the `--` in its place; without it, where it cannot be found.
function global:__keyfob_with_dashes($invocation, $words) {
    try {
        $text = $invocation.Line.Substring($invocation.OffsetInLine - 1)
        $tokens = $null
        $errors = $null
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
        $command = $ast.Find({ param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true)
        $before = 0
        foreach ($element in @($command.CommandElements | Select-Object -Skip 1)) {
            if ($element.Extent.Text -ceq '--') {
                $head = @($words | Select-Object -First $before)
                $tail = @($words | Select-Object -Skip $before)
                return $head + @('--') + $tail
            }
            if ($element -is [System.Management.Automation.Language.VariableExpressionAst] -and $element.Splatted) {
                break
            }
            $before += 1
            # `-name:value` comes as two.
            if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and $element.Argument) {
                $before += 1
            }
        }
    } catch {
        Write-Debug "kf: $_"
    }
    return $words
}
