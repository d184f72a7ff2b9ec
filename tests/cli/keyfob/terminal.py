"""Runs a program with a pseudo-terminal as its controlling terminal, and answers its prompts.

The one argument is JSON: argv, env, streams (those of 0, 1, 2 that are the terminal; the others
are this script's own), answers (pairs of a prompt and what to type), seconds, report (a path).
The report is JSON: code, screen, unanswered, timed_out.
"""

import fcntl
import json
import os
import pty
import select
import signal
import sys
import termios
import time


def become(order, terminal):
    """Turns this child into the program."""
    try:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for stream in order["streams"]:
            os.dup2(terminal, stream)
        os.execve(order["argv"][0], order["argv"], order["env"])
    finally:
        os._exit(127)


def attend(order, child, master):
    """Reads the terminal and types the answers until the child has ended."""
    screen, position, status, timed_out = b"", 0, None, False
    answers = [(prompt.encode(), text.encode()) for prompt, text in order["answers"]]
    deadline = time.monotonic() + order["seconds"]
    while True:
        if status is None:
            ended, found = os.waitpid(child, os.WNOHANG)
            status = found if ended else None
        # The kernel passes on the last output a little later than the child ends.
        if select.select([master], [], [], 0.01 if status is None else 0.05)[0]:
            screen += os.read(master, 65536)
            while answers and answers[0][0] in screen[position:]:
                prompt, text = answers.pop(0)
                position = screen.index(prompt, position) + len(prompt)
                os.write(master, text)
        elif status is not None:
            break
        elif not timed_out and time.monotonic() > deadline:
            timed_out = True
            os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(status)
    return {
        "code": code if code >= 0 else 128 - code,
        "screen": screen.decode(errors="replace"),
        "unanswered": [prompt.decode() for prompt, _ in answers],
        "timed_out": timed_out,
    }


def main():
    order = json.loads(sys.argv[1])
    # This script keeps the terminal open: were the program to hold it only as its controlling
    # one, it would lose it at the last close.
    master, terminal = pty.openpty()
    child = os.fork()
    if child == 0:
        become(order, terminal)
    report = attend(order, child, master)
    with open(order["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)


main()
