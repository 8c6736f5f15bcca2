#!/usr/bin/env python3
"""Includes follow src/LAYERS: a folder includes itself and earlier ranks, never a sibling of its own rank."""
import os
import re
import sys

root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
rank = {}
with open(os.path.join(root, "src", "LAYERS"), encoding="utf-8") as file:
    for number, line in enumerate(file):
        for folder in line.split():
            rank[folder] = number

wrong = []
seen = 0
for folder, _, names in os.walk(os.path.join(root, "src")):
    own = os.path.relpath(folder, os.path.join(root, "src")).split(os.sep)[0]
    for name in sorted(names):
        if not name.endswith((".cpp", ".hpp")):
            continue
        path = os.path.join(folder, name)
        if own not in rank:
            wrong.append("%s: folder '%s' is not in src/LAYERS" % (os.path.relpath(path, root), own))
            continue
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                include = re.match(r'\s*#\s*include\s+"([^"/]+)/', line)
                if not include:
                    if re.match(r'\s*#\s*include\s+"', line):
                        wrong.append("%s:%d: include with the folder: \"folder/file.hpp\"" % (os.path.relpath(path, root), number))
                    continue
                seen += 1
                other = include.group(1)
                if other != own and (other not in rank or rank[other] >= rank[own]):
                    wrong.append("%s:%d: %s may not include %s" % (os.path.relpath(path, root), number, own, other))
print("\n".join(wrong) or "%d includes follow src/LAYERS" % seen)
sys.exit(1 if wrong or not seen else 0)
