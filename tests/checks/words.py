#!/usr/bin/env python3
"""No output of a build carries a phrase that GRADE's guidance forbids ("no effect", "proven", ...), outside the quoted
titles of sources.

usage: words.py PROGRAM
"""
import os
import re
import subprocess
import sys
import tempfile
import zipfile

root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FORBIDDEN = re.compile(r"\bno effect\b|\bproven\b|\bproves\b|\bdoes not work\b|\bnot statistically significant\b|"
                       r"\bstatistically non-significant\b", re.I)
QUESTIONS = ("three studies that magnesium relaxes muscles", "is magnesium useless for blood pressure", "does magnesium help sleep",
             "magnesium for migraine", "does magnesium by vein prevent death after a heart attack", "magnesium for back pain")
wrong = []
with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([sys.argv[1], "report", "reviews/magnesium", "--out", folder], cwd=root, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr)
        sys.exit(1)
    outputs = {"standard output": done.stdout}
    for name in ("sof.html", "sof.csv", "sof.tex"):
        subprocess.run([sys.argv[1], "sof", "reviews/magnesium", "--out", os.path.join(folder, name)], cwd=root, check=True,
                       capture_output=True)
    subprocess.run([sys.argv[1], "sof", "reviews/magnesium", "--out", os.path.join(folder, "sof.docx")], cwd=root, check=True,
                   capture_output=True)
    with zipfile.ZipFile(os.path.join(folder, "sof.docx")) as archive:
        outputs["sof.docx"] = archive.read("word/document.xml").decode("utf-8")
    os.remove(os.path.join(folder, "sof.docx"))
    for question in QUESTIONS:
        for form in ([], ["--json"]):
            asked = subprocess.run([sys.argv[1], "ask", "reviews/magnesium", question] + form, cwd=root, check=True,
                                   capture_output=True, text=True)
            outputs["ask " + question + " ".join(form)] = asked.stdout
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), encoding="utf-8") as file:
                outputs[name] = file.read()
for name, text in outputs.items():
    for hit in FORBIDDEN.finditer(text):
        wrong.append("%s: ...%s..." % (name, text[max(0, hit.start() - 60):hit.end() + 40].replace("\n", " ")))
print("\n".join(wrong) or "%d outputs, no forbidden phrase" % len(outputs))
sys.exit(1 if wrong or len(outputs) < 3 else 0)
