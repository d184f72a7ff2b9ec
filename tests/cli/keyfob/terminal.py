"""Runs a program with a pseudo-terminal as its controlling terminal, and answers its prompts.

The one argument is JSON: argv, env, streams (those of 0, 1, 2 that are the terminal; the others
are this script's own), answers (pairs of a prompt and what to type), seconds, and paths:
- screen gets what the terminal shows, as it comes,
- orders has lines of JSON, added while the program runs: a text to type, a signal to send, or the rows and columns
  that the window has from then on,
- report gets JSON in the end: code, unanswered, timed_out, modes_kept (null if nobody can tell).
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
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


class Keyboard:
    """Types no faster than the terminal takes it: of a long paste it has room for 4 kB at a time."""

    def __init__(self, master):
        os.set_blocking(master, False)
        self.master, self.pending = master, b""

    def type(self, text):
        self.pending += text.encode()

    def press(self):
        try:
            self.pending = self.pending[os.write(self.master, self.pending[:4096]) :]
        except BlockingIOError:
            pass


def follow(path):
    """Yields, whenever it is asked, the lines that were added to the file since, as JSON."""
    with open(path, "rb", buffering=0) as file:
        rest = b""
        while True:
            *lines, rest = (rest + file.read()).split(b"\n")
            yield [json.loads(line) for line in lines]


def attend(order, child, master, screen_file):
    """Reads the terminal and types until the child has ended."""
    screen, position, status, timed_out = b"", 0, None, False
    answers = [(prompt.encode(), text) for prompt, text in order["answers"]]
    orders = follow(order["orders"])
    keyboard = Keyboard(master)
    deadline = time.monotonic() + order["seconds"]
    while True:
        if status is None:
            ended, found = os.waitpid(child, os.WNOHANG)
            status = found if ended else None
        for added in next(orders):
            if "type" in added:
                keyboard.type(added["type"])
            elif "window" in added:
                fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("4H", *added["window"], 0, 0))
            elif status is None:
                os.killpg(child, added["signal"])
        # The kernel passes on the last output a little later than the child ends.
        pause = 0.01 if status is None else 0.05
        readable, writable, _ = select.select([master], [master] if keyboard.pending else [], [], pause)
        if writable:
            keyboard.press()
        if readable:
            shown = os.read(master, 65536)
            screen_file.write(shown)
            screen += shown
            while answers and answers[0][0] in screen[position:]:
                prompt, text = answers.pop(0)
                position = screen.index(prompt, position) + len(prompt)
                keyboard.type(text)
        elif status is not None:
            break
        elif not timed_out and time.monotonic() > deadline:
            timed_out = True
            os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(status)
    return {
        "code": code if code >= 0 else 128 - code,
        "unanswered": [prompt.decode() for prompt, _ in answers],
        "timed_out": timed_out,
    }


def modes(terminal):
    """The settings of the terminal; some systems take it away when its session has ended."""
    try:
        return termios.tcgetattr(terminal)
    except termios.error:
        return None


def main():
    order = json.loads(sys.argv[1])
    # This script keeps the terminal open: were the program to hold it only as its controlling
    # one, it would lose it at the last close.
    master, terminal = pty.openpty()
    before = modes(terminal)
    child = os.fork()
    if child == 0:
        become(order, terminal)
    with open(order["screen"], "wb", buffering=0) as screen_file:
        report = attend(order, child, master, screen_file)
    after = modes(terminal)
    report["modes_kept"] = after == before if after else None
    with open(order["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)


main()
