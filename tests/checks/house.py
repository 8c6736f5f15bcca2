#!/usr/bin/env python3
"""Small rules of the house: final newline, no trailing space, ASCII in C++ sources outside strings and comments,
no machine-bound paths, no mark of unfinished work, every documentation link that is relative exists."""
import os
import re
import subprocess
import sys

root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
try:
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], check=True,
                            capture_output=True, text=True).stdout.split("\n")
except (OSError, subprocess.CalledProcessError):
    print("skipped: not a git checkout")
    sys.exit(77)

TEXT = (".cpp", ".hpp", ".py", ".md", ".toml", ".cmake", ".txt", ".ts", ".css", ".sh", ".R")
RAW = ("tests/data/", "tests/fuzz/")
wrong = []
for name in listed:
    path = os.path.join(root, name)
    if not name.endswith(TEXT) or name.startswith(RAW) or not os.path.isfile(path):
        continue
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text and not text.endswith("\n"):
        wrong.append("%s: no newline at the end" % name)
    for number, line in enumerate(text.split("\n"), 1):
        where = "%s:%d" % (name, number)
        if line != line.rstrip() and not name.endswith(".md"):
            wrong.append(where + ": space at the end of the line")
        if re.search(r"(?<![\w.])/(home|root|work|tmp|mnt)/\w", line) and not name.startswith(("tests/", "dev", "tools/")):
            wrong.append(where + ": a path of one machine")
        if name.startswith(("src/", "web/")) and re.search(r"\b(TODO|FIXME|XXX)\b", line):
            wrong.append(where + ": unfinished work")
        if name.endswith((".cpp", ".hpp")) and name.startswith("src/"):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0]
            if not code.isascii():
                wrong.append(where + ": a character outside ASCII in code")
    if name.endswith(".md"):
        for link in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in link and not os.path.exists(os.path.join(os.path.dirname(path), link)):
                wrong.append("%s: link to a missing file: %s" % (name, link))
print("\n".join(wrong) or "%d files keep the rules of the house" % len(listed))
sys.exit(1 if wrong else 0)
