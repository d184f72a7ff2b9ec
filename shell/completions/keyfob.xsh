# Completion of keyfob for xonsh. In ~/.config/xonsh/rc.xsh: exec($(keyfob completions xonsh)), since this is plain Python, and execx is slow.

def __keyfob_completer():
    """Completes command lines of keyfob."""
    import ast
    import keyword
    import re
    import subprocess
    from xonsh.built_ins import XSH
    from xonsh.completers.tools import RichCompletion, contextual_command_completer

    def text(opening, raw):
        """What a word is, its quotes taken away."""
        try:
            return str(ast.literal_eval(opening + raw + re.sub("[A-Za-z]", "", opening))) if opening else raw
        except (SyntaxError, ValueError):
            return raw

    def quoted(value, context):
        """What to type for a value: within the quotes around the cursor, else in those that it needs. `None`: it cannot be."""
        # Within quotes, a variable is still one, and so is a home.
        expands = "$" in value or value.startswith("~")
        if context.closing_quote and not context.is_after_closing_quote:
            if expands or ("f" in context.opening_quote.lower() and "{" in value):
                return None
            inner = value if "r" in context.opening_quote.lower() else value.replace("\\", "\\\\")
            return context.opening_quote + inner.replace(context.closing_quote, "\\" + context.closing_quote)
        if re.fullmatch("[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*", value) and not keyword.iskeyword(value):
            return value
        return f"@({value!r})" if expands else repr(value)

    def delegated(directive, context):
        from xonsh.completer import Completer
        from xonsh.completers.commands import complete_command
        from xonsh.completers.path import contextual_complete_path
        from xonsh.parsers.completion_context import CompletionContext

        if directive == "files" and "=" in context.prefix:
            return contextual_complete_path(context._replace(prefix=context.prefix.split("=", 1)[1]), cdpath=False)
        if not directive.startswith("command "):
            # Files are completed by xonsh itself.
            return None
        start = int(directive.split()[1])
        inner = context._replace(args=context.args[start:], arg_index=context.arg_index - start)
        if inner.arg_index == 0:
            return set(complete_command(inner))
        return Completer().complete_from_context(CompletionContext(inner))

    @contextual_command_completer
    def complete(context):
        """Completes command lines of keyfob."""
        if not any(context.completing_command(name) for name in ("keyfob", "kf")):
            return None
        words = [text(word.opening_quote, word.value) for word in context.args[1 : context.arg_index]]
        words.append(text(context.opening_quote, context.prefix))
        try:
            arguments = ["keyfob", "complete", "--shell", "xonsh", "--", *words]
            lines = subprocess.run(
                arguments,
                env=XSH.env.detype(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ).stdout.decode()
        except OSError:
            return None
        pairs = [line.split("\t", 1) for line in lines.split("\n")[:-1]]
        before = len(context.opening_quote) + len(context.prefix)
        if context.is_after_closing_quote:
            before += len(context.closing_quote)
        # Where the closing quote stands already, a blank would come before it.
        ended = not context.closing_quote or context.is_after_closing_quote
        values = {
            RichCompletion(
                typed,
                display=value,
                description=description,
                prefix_len=before,
                append_closing_quote=False,
                append_space=ended and not value.endswith("="),
            )
            for value, description in pairs
            if value
            for typed in [quoted(value, context)]
            if typed is not None
        }
        if values:
            return values
        for _, directive in pairs:
            return delegated(directive, context)
        # Neither files nor anything else fits here.
        raise StopIteration

    return complete

from xonsh.completers.completer import add_one_completer as __keyfob_add
__keyfob_add("keyfob", __keyfob_completer(), "start")
