#!/usr/bin/env python3
"""No output carries a phrase that GRADE's guidance forbids ("no effect", "proven", ...): the report, the summary of findings in
every format, and what ask, audit, rob, trust, meta, person, trial, import, flow and log print and write.

usage: words.py PROGRAM
"""
import datetime
import json
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
# The words of an article are its own and are quoted: these claim too much without a forbidden phrase.
ARTICLE = ("Magnesium glycinate ends leg cramps in every adult. A trial of 94 people found fewer cramps (P = 0.001).\n"
           "It relaxes muscles and always brings deep sleep. Magnesium does nothing for migraine, say three studies.\n"
           "Adults should take 2000 mg a day. Blood pressure falls by 40 mmHg.\n")
PROFILE = {"schema_version": "1", "age_years": 61, "sex_for_reference_values": "male", "region": "EU",
           "egfr": {"value": 84, "unit": "mL/min/1.73m2"},
           "medicines": [{"text": "Levothyroxine 75 micrograms", "times": ["06:30"]}, {"text": "indapamide 1.5 mg"}],
           "products": [{"label_text": "Magnesium glycinate 1000 mg provides 200 mg magnesium (20%)", "amount": 200,
                         "amount_unit": "mg", "amount_meaning": "elemental", "doses_per_day": 1}],
           "day": {"wake": "06:30", "bed": "22:30", "meals": [{"name": "breakfast", "time": "07:30"}]}}
RECORDS = "TY  - JOUR\nAU  - Smith, Jane A.\nTI  - Magnesium for night cramps in old age\nPY  - 2019\nDO  - 10.1000/js.12\nER  - \n\n"
outputs = {}


def run(*words, allowed=(0,), into=None):
    """Keeps what the command prints; a command that fails in another way than expected fails the check."""
    env = dict(os.environ, ASSAY_USER="check", SOURCE_DATE_EPOCH="1795341600", COLUMNS="400")
    done = subprocess.run([sys.argv[1]] + list(words), cwd=root, capture_output=True, text=True, env=env)
    if done.returncode not in allowed:
        print("assay %s: exit %d\n%s" % (" ".join(words), done.returncode, done.stderr))
        sys.exit(1)
    outputs["assay " + " ".join(words)] = done.stdout + done.stderr
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    def path(name, text=None):
        full = os.path.join(folder, name)
        if text is not None:
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return full

    for review in ("reviews/magnesium", "tests/data/rob/linden", "tests/data/ask/ginger"):
        name = os.path.basename(review)
        run("report", review, "--out", path("report-" + name))
        for kind in ("html", "csv", "tex", "docx"):
            run("sof", review, "--out", path("%s.%s" % (name, kind)))
        run("rob", review, "--details")
        run("rob", review, "--json")
        run("trust", review, "--notes")
        run("trust", review, "--json")
    for tool in ("rob2", "rob2-cluster", "rob2-crossover", "robins-i-v2", "inspect-sr", "amstar2"):
        run("rob", "tests/data/rob/linden", "--tool", tool, "--csv", "--svg", path(tool + ".svg"), "--bars", path(tool + "-bars.svg"))
        run("rob", "tools", tool)
    for question in QUESTIONS:
        for form in ([], ["--json"]):
            run("ask", "reviews/magnesium", question, *form)
    article = path("article.md", ARTICLE)
    run("audit", article, "-r", "reviews/magnesium", "--all", "--html", path("audit.html"))
    run("audit", article, "-r", "reviews/magnesium", "--json")
    run("audit", "--list-checks")
    profile = path("profile.json", json.dumps(PROFILE))
    run("person", "check", profile, "-r", "reviews/magnesium", "--html", path("person.html"))
    run("person", "check", profile, "-r", "reviews/magnesium", "--json")
    run("person", "tables")
    run("trial", "plan", "--rate", "3", "--rr", "0.5", "--pairs", "3", "--trials", "50", "--threads", "1")
    schedule = path("schedule.csv")
    run("trial", "schedule", "--start", "2026-03-01", "--seed", "7", "--pairs", "2", "--out", schedule)
    with open(schedule, encoding="utf-8") as file:
        lines = [line.split(",") for line in file.read().splitlines()]
    first, arm = lines[0].index("first"), lines[0].index("arm")
    for strong in (True, False):  # a diary that shows much and one that shows nothing
        diary = ["date,cramps,doses_taken"]
        for line in lines[1:]:
            begin = datetime.date.fromisoformat(line[first])
            for day in range(28):
                treated = line[arm] == "treatment"
                count = int(day % 7 == 0) if strong and treated else day % 2
                diary.append("%s,%d,%d" % (begin + datetime.timedelta(day), count, treated))
        made = path("diary%d.csv" % strong, "\n".join(diary) + "\n")
        run("trial", "analyse", made, schedule, "--html", path("trial%d.html" % strong))
        run("trial", "analyse", made, schedule, "--json")
    run("meta", "bench/side-by-side/bcg.csv", "--measure", "RR", "--ai", "tpos", "--bi", "tneg", "--ci", "cpos", "--di", "cneg")
    store = path("review.db")
    run("import", path("records.ris", RECORDS), "--store", store)
    for command in (("flow",), ("flow", "--json"), ("log",)):
        run(*command, "--store", store)
    for where, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(where, name)
            if name.endswith(".docx"):
                with zipfile.ZipFile(full) as archive:
                    outputs[name] = archive.read("word/document.xml").decode("utf-8")
            elif not name.endswith((".db", ".db-wal", ".db-shm")):
                with open(full, encoding="utf-8") as file:
                    outputs[os.path.relpath(full, folder)] = file.read()
wrong = []
for name, text in outputs.items():
    for hit in FORBIDDEN.finditer(text):
        wrong.append("%s: ...%s..." % (name, text[max(0, hit.start() - 60):hit.end() + 40].replace("\n", " ")))
for kind in (".html", ".svg", ".csv", ".tex", ".docx", ".json"):
    if not any(name.endswith(kind) for name in outputs):
        wrong.append("no output ends in " + kind)
print("\n".join(wrong) or "%d outputs, no forbidden phrase" % len(outputs))
sys.exit(1 if wrong else 0)
