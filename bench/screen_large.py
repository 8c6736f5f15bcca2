#!/usr/bin/env python3
"""A long labelled list for the screening benchmark, made of real texts: screen_large.py DATA COUNT > FILE.csv

Each record takes its title from one record of the ten reviews in DATA and its abstract from the sentences of two others, so that words
and pairs of words are as frequent and as rare as in real lists. Relevant are the records whose title is that of a relevant
record of the first review, as far as there are COUNT / 500 of them. The same COUNT gives the same file.
"""
import csv
import os
import random
import sys

csv.field_size_limit(1 << 30)
folder, count = sys.argv[1], int(sys.argv[2])
records = []
for name in sorted(os.listdir(folder)):
    if not name.endswith(".csv") or name == "baseline.csv":
        continue
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        records += [(row["title"], row["abstract"], row["label"] == "1" and name.startswith("Cohen_ACE")) for row in csv.DictReader(file)]
dice = random.Random(count)
left = max(2, count // 500)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["id", "title", "abstract", "label"])
for number in range(count):
    title, own, relevant = dice.choice(records)
    relevant = relevant and left > 0
    left -= relevant
    sentences = own.split(". ") if relevant else dice.choice(records)[1].split(". ") + dice.choice(records)[1].split(". ")
    if not relevant:
        dice.shuffle(sentences)
        sentences = sentences[: max(1, len(sentences) // 2)]
    out.writerow(["r%d" % number, title, ". ".join(sentences), int(relevant)])
