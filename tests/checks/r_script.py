#!/usr/bin/env python3
"""The metafor script that `assay meta --r-script` prints, run in R, gives the numbers that assay gives.
Skipped where R or metafor is not installed."""
import json
import os
import re
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
# Names that need care: a quote, a space, a backslash; invented numbers.
TABLE = '''"trial ""A\\""\",ev 1,n1,ev 2,n2,dose,kind
"first ""one""",12,100,20,101,1,a
two,5,80,9,78,2,b
three,30,210,28,190,3,a
four,7,60,15,66,4,b
five,2,45,6,47,5,a
six,18,120,33,118,7,b
seven,9,90,8,95,8,a
eight,11,70,25,75,9,b
nine,1,40,4,41,11,a
ten,22,160,40,155,12,b
'''
COLUMNS = ["--ai", "ev 1", "--n1i", "n1", "--ci", "ev 2", "--n2i", "n2", "--slab", 'trial "A\\"']
CALLS = [
    ["--measure", "RR"],
    ["--measure", "OR", "--method", "PM", "--test", "knha"],
    ["--measure", "RD", "--model", "common", "--level", "90"],
    ["--measure", "OR", "--model", "common", "--method", "MH"],
    ["--measure", "RR", "--mods", "~ dose + factor(kind)"],
    ["--measure", "OR", "--method", "ML", "--mods", "~ log(dose)*kind"],
]


def r_has_metafor():
    try:
        return subprocess.run(["Rscript", "-e", "library(metafor)"], capture_output=True).returncode == 0
    except OSError:
        return False


if not r_has_metafor():
    print("skipped: R with metafor is not installed")
    sys.exit(77)
wrong = 0
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "data.csv"), "w", encoding="utf-8") as file:
        file.write(TABLE)
    for call in CALLS:
        command = [program, "meta", "data.csv", *COLUMNS, *call]
        ours = json.loads(subprocess.run(command + ["--json"], cwd=folder, check=True, capture_output=True, text=True).stdout)
        script = subprocess.run(command + ["--r-script"], cwd=folder, check=True, capture_output=True, text=True).stdout
        script += '\ncat("\\nRESULT", format(c(coef(res), res$se), digits=15), "\\n")\n'
        with open(os.path.join(folder, "same.R"), "w", encoding="utf-8") as file:
            file.write(script)
        r = subprocess.run(["Rscript", "same.R"], cwd=folder, capture_output=True, text=True)
        found = re.search(r"^RESULT (.*)$", r.stdout, re.M)
        if not found:
            print("R failed:", " ".join(call), r.stderr[-500:])
            wrong += 1
            continue
        theirs = [float(x) for x in found.group(1).split()]
        rows = [row for s in ours["sections"] if s["id"] == "mods" for row in s["rows"]]
        mine = [row["beta"] for row in rows] + [row["se"] for row in rows] if rows else [ours["estimate"], ours["se"]]
        for a, b in zip(mine, theirs, strict=True):
            if abs(a - b) > 1e-5 * max(1, abs(b)): # what metafor's own stopping rule leaves open
                print("differs:", " ".join(call), mine, theirs)
                wrong += 1
                break
print("%d calls, %d wrong" % (len(CALLS), wrong))
sys.exit(1 if wrong else 0)
