#!/usr/bin/env python3
"""What ASReview's default (ELAS u4) does in a simulation, rebuilt from its published settings with scikit-learn, for timing on
the same machine: screen_asreview.py DATA.csv SEED prints the order of reading with one included and one excluded prior, the CPU
seconds since the libraries were loaded (start of Python left out), and the largest memory in MB."""
import csv
import json
import resource
import sys
import time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

began = time.process_time()
csv.field_size_limit(1 << 30)
path, seed = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
labels = np.array([int(row["label"]) for row in rows])
texts = [row["title"] + " " + row["abstract"] for row in rows]
features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95).fit_transform(texts)

priors = [np.random.RandomState(seed).choice(np.where(labels == value)[0], 1, replace=False)[0] for value in (1, 0)]
np.random.seed(seed)
order = [int(row) for row in priors]
left = labels.sum() - labels[order].sum()
unread = np.ones(len(labels), bool)
unread[order] = False
while left > 0:
    y = labels[order]
    ones, zeros = y.sum(), len(y) - y.sum()
    weights = np.where(y == 1, 1.0, ones / (9.8 * zeros))
    weights *= len(y) / weights.sum()
    model = LinearSVC(C=0.11, dual=True, loss="squared_hinge").fit(features[order], y, sample_weight=weights)
    pool = np.where(unread)[0]
    best = int(pool[np.argsort(-model.decision_function(features[pool]), kind="stable")[0]])
    order.append(best)
    unread[best] = False
    left -= labels[best]
print(json.dumps({"order": [rows[row]["id"] for row in order], "cpu": time.process_time() - began,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
