#!/usr/bin/env python3
"""The library never prints and never exits: the archive may not refer to the functions that do.

usage: silent.py NM ARCHIVE
"""
import re
import subprocess
import sys

BANNED = re.compile(r"^(printf|puts|putchar|fputs|vprintf|perror|exit|_exit|quick_exit|abort|system|popen|getenv|time|"
                    r"clock|gettimeofday|localtime|rand|srand|setlocale|"
                    r"_ZSt4cout|_ZSt4cerr|_ZSt4clog|_ZNSt6chrono.*(system|steady)_clock3nowEv)$")
# The C++ run time calls abort() where memory is gone; header-only libraries carry asserts. Each line has its reason.
ALLOWED = {"abort": "assertions of header-only libraries"}

listing = subprocess.run([sys.argv[1], "--undefined-only", sys.argv[2]], check=True, capture_output=True, text=True).stdout
member, wrong, seen = "", [], 0
for line in listing.splitlines():
    if line.endswith(":"):
        member = line[:-1]
    elif " U " in line:
        seen += 1
        symbol = line.split(" U ")[1].split("@")[0].strip()
        if BANNED.match(symbol) and symbol not in ALLOWED:
            wrong.append("%s refers to %s" % (member, symbol))
print("\n".join(wrong) or "%d references, none prints, exits or asks for the time" % seen)
sys.exit(1 if wrong or not seen else 0)
