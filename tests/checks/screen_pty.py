#!/usr/bin/env python3
"""assay screen read in a pseudo terminal: one key per decision, undo, a new window size, the end of the line.

What is compared byte by byte is what a fresh program says of the store (order of the model with scores, counts, export), before
a decision and after it was taken back with a key.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PROGRAM = os.path.abspath(sys.argv[1])
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "screen", "garden.csv")
ENVIRONMENT = dict(os.environ, ASSAY_USER="ann", ASSAY_PROGRESS="never", LC_ALL="C.UTF-8", TERM="xterm")
for name in ("COLUMNS", "LINES", "NO_COLOR"):
    ENVIRONMENT.pop(name, None)
failures = []


def check(what, holds, seen=""):
    if not holds:
        failures.append(what)
        print("FAILED: %s\n%s" % (what, seen))


def assay(*words):
    done = subprocess.run([PROGRAM] + list(words), cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True)
    return done.stdout + done.stderr


class Terminal:
    """The program with a terminal of its own."""

    def __init__(self, *words, columns=80):
        self.master, self.slave = pty.openpty()
        self.resize(columns)
        self.before = termios.tcgetattr(self.slave)
        self.program = subprocess.Popen([PROGRAM, "screen", "read"] + list(words), cwd=folder, env=ENVIRONMENT, stdin=self.slave,
                                        stdout=self.slave, stderr=self.slave, start_new_session=True)
        self.seen = ""

    def resize(self, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def until(self, text, seconds=60):
        """Everything up to and with `text`, which has to come."""
        end = time.time() + seconds
        while text not in self.seen:
            if time.time() > end or not select.select([self.master], [], [], 1)[0]:
                if time.time() > end:
                    check("the terminal shows %r" % text, False, self.seen)
                    break
                continue
            try:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:
                break
        cut = self.seen.find(text) + len(text) if text in self.seen else len(self.seen)
        out, self.seen = self.seen[:cut], self.seen[cut:]
        return out

    def press(self, keys):
        os.write(self.master, keys.encode())

    def ended(self):
        code = self.program.wait(timeout=60)
        restored = termios.tcgetattr(self.slave)[3] == self.before[3]
        os.close(self.slave)
        os.close(self.master)
        return code, restored


def state():
    return (assay("screen", "next", "--count", "80", "--json") + assay("screen", "status", "--json") +
            assay("screen", "export") + assay("screen", "stop", "--json"))


def record_of(text):
    return re.findall(r"record (\d+)  \(", text)[-1]


folder = tempfile.mkdtemp(prefix="assay_pty_")
try:
    with open(DATA, encoding="utf-8") as given, open(os.path.join(folder, "garden.csv"), "w", encoding="utf-8") as out:
        lines = given.read().split("\n")
        out.write("\n".join(line.rsplit(",", 1)[0] for line in lines if line) + "\n")
    assay("import", "garden.csv")
    assay("screen", "setup", "--include-words", "random*", "--exclude-words", "village", "--by", "ann")
    for record in (5, 7):
        assay("screen", "label", str(record), "include")
    for record in (1, 2, 3, 4):
        assay("screen", "label", str(record), "exclude")

    # Decisions, a typing error, and everything taken back.
    before = state()
    terminal = Terminal()
    first = terminal.until("quit > ")
    check("progress is shown", "6 of 80 read, 2 kept, 4 read since the last one kept" in first, first)
    check("words of the settings are in colour", "\x1b[1;4;32m" in first, first)
    shown = record_of(first)
    terminal.press("i")
    second = terminal.until("quit > ")
    check("a key is a decision", "record %s: include" % shown in second, second)
    check("the next record comes", record_of(second) != shown and "7 of 80 read, 3 kept" in second, second)
    terminal.press("x")
    check("an unknown key explains", "no decision has this key" in terminal.until("quit > "))
    terminal.press("e")
    terminal.until("quit > ")
    terminal.press("z")
    third = terminal.until("quit > ")
    check("undo is one key", "exclude taken back" in third, third)
    check("undo shows that record again", record_of(third) == record_of(second), third)
    terminal.press("z")
    fourth = terminal.until("quit > ")
    check("undo goes on", "record %s: include taken back" % shown in fourth and record_of(fourth) == shown, fourth)
    terminal.press("s")
    check("s says what is known", "what is not known" in terminal.until("quit > "))
    terminal.press("q")
    code, restored = terminal.ended()
    check("q ends with 0", code == 0, str(code))
    check("the terminal is as it was", restored)
    check("undo restores the exact state", state() == before)

    # Keys typed ahead are not lost, and a new window size shows the record anew.
    terminal = Terminal(columns=120)
    wide = terminal.until("quit > ")
    terminal.resize(50)
    terminal.program.send_signal(signal.SIGWINCH)
    narrow = terminal.until("quit > ")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", text) for text in (wide, narrow)]
    check("wide text", max(map(len, plain[0].split("\r\n"))) > 90, plain[0])
    check("narrow text", max(len(line) for line in plain[1].split("\r\n") if line.startswith("  ")) <= 50, plain[1])
    check("the same record", record_of(wide) == record_of(narrow))
    terminal.press("eez")
    for _ in range(3):
        last = terminal.until("quit > ")
    check("three keys at once", "exclude taken back" in last and "7 of 80 read" in last, last)
    terminal.press("\x03")
    code, restored = terminal.ended()
    check("Control-C ends with 0 and leaves the terminal as it was", code == 0 and restored, str(code))

    # A program that is killed leaves the terminal as it was, and what was decided is there.
    terminal = Terminal()
    terminal.until("quit > ")
    terminal.press("e")
    terminal.until("quit > ")
    terminal.program.send_signal(signal.SIGTERM)
    code, restored = terminal.ended()
    check("a signal ends it as a signal does", code == -signal.SIGTERM, str(code))
    check("the terminal is as it was after a signal", restored)
    check("decisions are kept", b"8 of 80 records settled" in assay("screen", "status"), assay("screen", "status").decode())

    # The line breaks: the input ends.
    terminal = Terminal()
    terminal.until("quit > ")
    terminal.press("\x04")
    check("the end of the input is said", "the input has ended" in terminal.until("just now)"))
    check("and is no fault", terminal.ended()[0] == 0)

    # Full texts: the reason is chosen from the list, typed as a line.
    assay("screen", "setup", "--reasons", "wrong plants; no comparison")
    terminal = Terminal("--stage", "fulltext")
    shown = record_of(terminal.until("quit > "))
    terminal.press("e")
    terminal.until("number of the reason: ")
    terminal.press("2\n")
    check("the reason is kept", "record %s: exclude (no comparison)" % shown in terminal.until("quit > "), terminal.seen)
    terminal.press("1")
    check("a digit excludes for a reason", "exclude (wrong plants)" in terminal.until("(wrong plants)"), terminal.seen)
    terminal.press("q")
    terminal.ended()

    # No terminal, nothing to read.
    check("without a terminal it says that the input has ended", b"the input has ended" in assay("screen", "read"))
finally:
    shutil.rmtree(folder)
print("%d checks failed" % len(failures) if failures else "the terminal screen does what it should")
sys.exit(1 if failures else 0)
