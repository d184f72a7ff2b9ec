# Completion of keyfob for PowerShell, 5.1 and 7.
# In the file that $PROFILE names: keyfob completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName @('keyfob', 'keyfob.exe', 'kf') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words up to the cursor, each as the command would get it. The last one is being typed, and perhaps empty.
    $words = @()
    $isTyped = $false
    foreach ($element in @($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        $isTyped = $element.Extent.EndOffset -ge $cursorPosition
        if ($element.Extent.EndOffset -gt $cursorPosition) {
            $words += $element.Extent.Text.Substring(0, $cursorPosition - $element.Extent.StartOffset)
        } elseif ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } elseif ($element -is [System.Management.Automation.Language.ExpandableStringExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
    }
    if (-not $isTyped) { $words += '' }

    # Before 7.3, and in the mode that is called Legacy, what a program gets is not what stands here.
    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    $version = $PSVersionTable.PSVersion
    if ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 3) -or "$passing" -eq 'Legacy') {
        $words = @($words | ForEach-Object {
            $word = $_ -replace '(\\*)"', '$1$1\"'
            if ($word -eq '') { '""' } elseif ($word -match '\s') { $word -replace '(\\+)$', '$1$1' } else { $word }
        })
    }

    $keyfob = Get-Command -Name keyfob -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $keyfob) { return }
    # A prompt may show it, and it is not that of a command which somebody typed.
    $code = Get-Variable -Name LASTEXITCODE -Scope Global -ValueOnly -ErrorAction Ignore
    $encoding = $null
    try {
        $before = [Console]::OutputEncoding
        [Console]::OutputEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
        $encoding = $before
    } catch {
        # There is not a console everywhere. Names in ASCII come through.
        Write-Debug "keyfob: $_"
    }
    try {
        $lines = @(& $keyfob complete --shell powershell '--' @words 2>$null)
    } catch {
        return
    } finally {
        $global:LASTEXITCODE = $code
        if ($null -ne $encoding) { [Console]::OutputEncoding = $encoding }
    }

    $found = @(foreach ($line in $lines) {
        $value, $description = $line -split "`t", 2
        if ($value -eq '') { continue }
        $text = $value
        # A number is read as one, and an option is cut at a dot and at a colon.
        if ($value -cnotmatch '^(--?[A-Za-z][A-Za-z0-9_/=+%-]*|[A-Za-z_/][A-Za-z0-9_/.:=+%-]*)$') {
            # PowerShell takes curly quotes for quotes, too, and this doubles them all.
            $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
        }
        $kind = if ($value.StartsWith('-')) { 'ParameterName' } else { 'ParameterValue' }
        $tip = if ($description) { $description } else { $value }
        New-Object -TypeName System.Management.Automation.CompletionResult -ArgumentList $text, $value, $kind, $tip
    })
    if ($found.Count -gt 0) { return $found }

    foreach ($line in $lines) {
        if ($line -match "^`tcommand (\d+)$") {
            $number = [int]$Matches[1]
            $inner = ''
            if ($number -lt $commandAst.CommandElements.Count) {
                $start = $commandAst.CommandElements[$number]
                $offset = $start.Extent.StartOffset - $commandAst.Extent.StartOffset
                $length = $cursorPosition - $start.Extent.StartOffset
                $inner = $commandAst.Extent.Text.Substring($offset).PadRight($length).Substring(0, $length)
            }
            return [System.Management.Automation.CommandCompletion]::CompleteInput($inner, $inner.Length, $null).CompletionMatches
        }
        # Where nothing is returned, PowerShell completes files.
        if ($line -match "^`tfiles$") { return }
    }
    # An empty word keeps it from that.
    ''
}
