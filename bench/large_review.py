#!/usr/bin/env python3
"""Writes a valid review folder with N result rows: large_review.py FOLDER N. Same N, same bytes."""
import csv
import os
import sys

folder, rows = sys.argv[1], int(sys.argv[2])
os.makedirs(folder, exist_ok=True)
studies = max(1, rows // 20)
with open(os.path.join(folder, "review.toml"), "w", encoding="utf-8") as file:
    file.write("""format = 1
id = "large"
title = "A large review"
aim = "Does it help?"
status = "draft"
updated = "2026-01-01"
authors = ["A generator"]
licence = "CC0-1.0"
language = "en"
disclaimer = "Invented numbers."
search_note = "Generated, not searched."
[[term]]
id = "people"
kind = "population"
label = "people"
[[term]]
id = "treatment"
kind = "intervention"
label = "the treatment"
[[term]]
id = "placebo"
kind = "comparator"
label = "placebo"
[[question]]
id = "q"
title = "Does it help?"
topic = "All"
population = "people"
intervention = "treatment"
comparator = "placebo"
outcomes = ["score"]
[[outcome]]
id = "score"
label = "score"
kind = "continuous"
unit = "points"
better = "higher"
[[analysis]]
id = "a"
question = "q"
outcome = "score"
measure = "MD"
timepoints = ["1 wk"]
""")


def table(name, header, lines):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


table("reports.csv", ["id", "study", "kind", "citation"],
      ([f"r{i}", f"s{i}", "article", f"Author {i}"] for i in range(studies)))
table("studies.csv", ["id", "label", "author", "title", "questions", "design", "status", "funding_class", "source"],
      ([f"s{i}", f"Author {i}", "Author", "A trial", "q", "rct-parallel", "completed", "independent", f"r{i}"] for i in range(studies)))
table("arms.csv", ["id", "study", "label", "role", "source"],
      ([f"s{i}.{arm}", f"s{i}", arm, role, f"r{i}"] for i in range(studies)
       for arm, role in (("t", "intervention"), ("p", "control"))))
table("results.csv", ["id", "study", "outcome", "timepoint", "basis", "arm", "shape", "n", "mean", "sd", "status", "source", "where"],
      ([f"s{i}.{week}.{arm}", f"s{i}", "score", f"{week} wk", "final", f"s{i}.{arm}", "moments", 50 + i % 50,
        round(10 + (i * 7 % 13) / 10 + (arm == "t") * 0.5, 2), round(3 + i % 5 / 10, 2), "printed", f"r{i}", "Table 2"]
       for i in range(studies) for week in range(1, 11) for arm in "tp"))
