#!/usr/bin/env python3
"""The summary of findings as Word and LaTeX files, opened by the programs people open them with.

    office.py PROGRAM

LibreOffice turns the .docx into a PDF, pdfLaTeX the .tex; both must hold every cell and footnote of the CSV, on pages whose
text stays on the paper. A program that is not installed is named and its half is skipped; 77 means that all was skipped.
"""
import csv
import io
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ["outcome", "participants", "relative", "baseline", "with", "difference", "certainty", "statement"]
# A title with what LaTeX and XML have words for.
HOSTILE = "50 % of A&B_C #1 {x} ~^\\\\input{/etc/passwd} <b> \u2265 2 \u00b5mol \u03b2 \u201cquoted\u201d"


def run(command, folder, seconds=180):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, errors="replace")


def squeezed(text):
    """Letters and digits only: line breaks, hyphens at line ends and spacing differ between programs."""
    return re.sub(r"[^0-9A-Za-z.%]", "", unicodedata.normalize("NFKC", text))  # NFKC: fi and ff may be one glyph


def pieces(table):
    for row in table:
        for column in COLUMNS:
            # Long cells wrap inside their columns, where pdftotext reads line by line: words are looked for.
            for word in row[column].split():
                yield word
        for note in row["footnotes"].split():
            yield note


def missing_words(text, table):
    whole = squeezed(text)
    return sorted({word for word in pieces(table) if squeezed(word) and squeezed(word) not in whole})


def outside(pdf, folder):
    """Words whose box leaves the page."""
    shown = run(["pdftotext", "-bbox", pdf, "boxes.html"], folder)
    if shown.returncode != 0:
        return ["pdftotext: " + shown.stderr.strip()]
    text = (folder / "boxes.html").read_text(encoding="utf-8", errors="replace")
    width = max(float(w) for w in re.findall(r'<page width="([0-9.]+)"', text))
    return [w for x, w in re.findall(r'xMax="([0-9.]+)"[^>]*>([^<]*)</word>', text) if float(x) > width - 20]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    office = shutil.which("soffice")
    latex = shutil.which("pdflatex")
    reader = shutil.which("pdftotext")
    if not reader or not (office or latex):
        print("skipped: needs pdftotext and soffice or pdflatex")
        return 77
    problems = []
    with tempfile.TemporaryDirectory(prefix="assay-office-") as name:
        folder = pathlib.Path(name)
        hostile = folder / "hostile"
        shutil.copytree(ROOT / "tests/data/derive/folder", hostile)
        toml = hostile / "review.toml"
        toml.write_text(toml.read_text().replace("Does tea lessen pain?", HOSTILE))
        for review in [ROOT / "reviews/magnesium", ROOT / "tests/data/ask/ginger", hostile]:
            for kind in ["csv", "docx", "tex"]:
                made = run([program, "sof", str(review), "--out", "sof." + kind], folder)
                if made.returncode != 0:
                    problems.append("%s: %s: %s" % (review.name, kind, made.stderr.strip()))
            table = list(csv.DictReader(io.StringIO((folder / "sof.csv").read_text(encoding="utf-8"))))
            if not zipfile.is_zipfile(folder / "sof.docx"):
                problems.append("%s: the .docx is not an archive" % review.name)
            for maker, command, source in [
                    (office, ["soffice", "--headless", "-env:UserInstallation=file://%s/profile" % folder,
                              "--convert-to", "pdf", "sof.docx"], "docx"),
                    (latex, ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "sof.tex"], "tex")]:
                if not maker:
                    print("skipped: no", command[0])
                    continue
                pdf = folder / "sof.pdf"
                pdf.unlink(missing_ok=True)
                made = run(command, folder)
                if source == "tex":
                    wrong = [line for line in made.stdout.split("\n") if line.startswith("!")]
                    problems += ["%s: pdflatex: %s" % (review.name, line) for line in wrong]
                if not pdf.exists():
                    problems.append("%s: no PDF from .%s: %s" % (review.name, source, made.stderr.strip()[:300]))
                    continue
                text = run(["pdftotext", "-raw", "sof.pdf", "-"], folder).stdout
                lost = missing_words(text, table)
                if lost:
                    problems.append("%s: .%s: not on the pages: %s" % (review.name, source, " ".join(lost[:12])))
                beyond = outside("sof.pdf", folder)
                if beyond:
                    problems.append("%s: .%s: beyond the paper: %s" % (review.name, source, " ".join(beyond[:12])))
                print("%s: .%s: %d words of cells and footnotes found" % (review.name, source, len(set(pieces(table)))))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
