# keyfob for xonsh: `kf use PROFILE` points this shell at a profile; every other `kf ...` is `keyfob ...`.
# In ~/.config/xonsh/rc.xsh: exec($(keyfob init xonsh)), since this is plain Python, and execx is slow.

def __keyfob_function(words):
    """The command that xonsh is to run, so that it has the terminal, or stands in a pipeline."""
    import shutil
    import subprocess
    from xonsh.built_ins import XSH

    environment = XSH.env.detype()
    # The program, past aliases.
    keyfob = shutil.which("keyfob", path=environment.get("PATH")) or "keyfob"
    if list(words[:1]) != ["use"]:
        if not any("$" in word or "~" in word for word in words):
            return [keyfob, *words]
        # Of what is returned, xonsh would expand these once more.
        __keyfob_exact.append([keyfob, *words])
        return ["__keyfob_run"]
    try:
        use = subprocess.run(
            [keyfob, "use", "--shell", "xonsh", *words[1:]], env=environment, stdout=subprocess.PIPE
        )
    except OSError:
        return [keyfob]
    if use.returncode == 0:
        XSH.builtins.execx(use.stdout.decode(), glbs={})
    return ["__keyfob_code", str(use.returncode)]

__keyfob_exact = []

def __keyfob_run(words, stdin=None, stdout=None, stderr=None):
    import subprocess
    from xonsh.built_ins import XSH

    environment = XSH.env.detype()
    return subprocess.run(
        __keyfob_exact.pop(), env=environment, stdin=stdin, stdout=stdout, stderr=stderr
    ).returncode

def __keyfob_code(words):
    return int(words[0])

def __keyfob_in_thread(words, stdin=None, stdout=None, stderr=None):
    """For a xonsh that is too old to take a command back: what this runs stands in pipelines, and has no terminal."""
    command = __keyfob_function(words)
    if command[0] == "__keyfob_code":
        return __keyfob_code(command[1:])
    if command[0] != "__keyfob_run":
        __keyfob_exact.append(command)
    return __keyfob_run(words, stdin, stdout, stderr)

aliases["__keyfob_run"] = __keyfob_run
aliases["__keyfob_code"] = __keyfob_code
if hasattr(aliases, "return_command"):
    aliases["kf"] = aliases.return_command(__keyfob_function)
else:
    aliases["kf"] = __keyfob_in_thread
