#!/usr/bin/env python3
"""The CSV of `assay flow --csv` read in R by the rules of the package PRISMA2020 (its function PRISMA_data, version
1.1.3): read.csv; each number is the one row whose first column matches its name (grep, so no name may be part of
another row's name); lists are split at "; ", the label ends at the first comma, the number starts after the last one;
a list becomes a label between apostrophes. The package itself is used where it is installed."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

if not shutil.which("Rscript"):
    print("skipped: no Rscript")
    sys.exit(77)
assay = os.path.abspath(sys.argv[1])

READ = r'''
file <- commandArgs(TRUE)[1]
d <- read.csv(file)
stopifnot(identical(names(d), c("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")))
stopifnot(nrow(d) == 32)
row_of <- function(name, column = 1) { at <- grep(name, d[, column]); if (length(at) != 1) stop(name, ": ", length(at), " rows"); at }
numbers <- c("previous_studies", "previous_reports", "database_results", "register_results", "website_results",
  "organisation_results", "citations_results", "duplicates", "excluded_automatic", "excluded_other", "records_screened",
  "records_excluded", "dbr_sought_reports", "dbr_notretrieved_reports", "other_sought_reports",
  "other_notretrieved_reports", "dbr_assessed", "other_assessed", "new_studies", "new_reports", "total_studies", "total_reports")
for (name in numbers) cat(name, "\t", as.numeric(d$n[row_of(name)]), "\n", sep = "")
for (name in c("database_specific_results", "register_specific_results", "dbr_excluded", "other_excluded")) {
  pieces <- unlist(strsplit(as.character(d$n[row_of(name)]), "; "))
  if (any(grepl("'", pieces, fixed = TRUE))) stop("an apostrophe ends the label of the diagram")
  if (!is.na(pieces[1])) for (piece in pieces)
    cat(name, "\t", sub(",.*$", "", piece), "\t", as.numeric(sub(".*,", "", piece)), "\n", sep = "")
}
for (name in c("identification", "screening", "included")) row_of(name)
for (name in c("prevstud", "newstud", "othstud")) row_of(name, 3)
stopifnot(setequal(na.omit(d$node[d$node != ""]), paste0("node", 1:22)))
if (requireNamespace("PRISMA2020", quietly = TRUE)) {
  x <- PRISMA2020::PRISMA_flowdiagram(PRISMA2020::PRISMA_data(d), fontsize = 12)
  stopifnot(inherits(x, "htmlwidget"))
  cat("package\t", as.character(packageVersion("PRISMA2020")), "\n", sep = "")
}
'''

def ris(titles):
    return "".join("TY  - JOUR\nTI  - %s\nPY  - 2019\nJO  - Lung\nER  - \n" % title for title in titles)

def run(*command):
    done = subprocess.run([assay] + list(command), capture_output=True, text=True, cwd=folder,
                          env=dict(os.environ, ASSAY_USER="ann", SOURCE_DATE_EPOCH="1795341600"))
    if done.returncode not in (0, 2):
        sys.exit("assay %s: %s" % (" ".join(command), done.stderr))
    return done.stdout

with tempfile.TemporaryDirectory() as folder:
    for name, titles, kind in (("a.ris", ["One", "Two", "Three", "Four", "Five"], "database"), ("r.ris", ["Six"], "register"),
                               ("c.ris", ["Seven", "Eight"], "citation")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(ris(titles))
        run("import", name, "--kind", kind, "--source", "O'Neill; list, " + name)
    run("flow", "remove", "5", "--as", "automatic", "--why", "not a trial")
    run("screen", "label", "1", "exclude")
    for record in ("2", "3", "4", "6", "7", "8"):
        run("screen", "label", record, "include")
    for record, decision, why in (("2", "include", ""), ("3", "exclude", "children's study, n; k"), ("4", "not-retrieved", ""),
                                  ("6", "exclude", "no control"), ("7", "include", ""), ("8", "exclude", "no control")):
        run("screen", "label", record, decision, "--stage", "fulltext", *(("--why", why) if why else ()))
    run("flow", "study", "2", "one")
    run("flow", "study", "7", "one")
    flow = json.loads(run("flow", "--json", "--csv", "flow.csv"))
    script = os.path.join(folder, "read.R")
    with open(script, "w") as file:
        file.write(READ)
    done = subprocess.run(["Rscript", script, os.path.join(folder, "flow.csv")], capture_output=True, text=True,
                          encoding="utf-8", env=dict(os.environ, LC_ALL="C.UTF-8"))
    if done.returncode != 0:
        sys.exit("R refuses the file:\n" + done.stderr)

got, lists = {}, {}
for line in done.stdout.splitlines():
    cells = line.split("\t")
    if cells[0] == "package":
        print("read by PRISMA2020", cells[1])
    elif len(cells) == 2:
        got[cells[0]] = None if cells[1] == "NA" else int(cells[1])
    else:
        lists.setdefault(cells[0], []).append((cells[1], int(cells[2])))
wrong = ["%s: %s in R, %s in JSON" % (name, n, flow["boxes"][name]) for name, n in got.items() if n != flow["boxes"][name]]
want = {"dbr_excluded": 2, "other_excluded": 1, "database_specific_results": 5, "register_specific_results": 1}
for name, total in want.items():
    if sum(n for _, n in lists.get(name, [])) != total:
        wrong.append("%s: %s" % (name, lists.get(name)))
if len(got) != 22 or got["new_studies"] != 1 or got["new_reports"] != 2 or got["citations_results"] != 2:
    wrong.append("numbers: %s" % got)
if ("children\u2019s study/ n/ k", 1) not in lists.get("dbr_excluded", []):
    wrong.append("the reason is torn: %s" % lists.get("dbr_excluded"))
print("\n".join(wrong) or "%d numbers and %d lists read in R as they were counted" % (len(got), len(lists)))
sys.exit(1 if wrong else 0)
