"""Other readers of record files, for bench/records: how each is called, whether it is there, and what it answers.

    records_peers.py PROGRAM KIND NAME FILE     says in how many records of FILE both find the same

A peer that is not installed is named and left out. Debian has bibutils, ncbi-entrez-direct and python3-biopython; reflib is
a package of npm (NODE_PATH names the folder it is in). The readers in Python are side-by-side/read_peer.py.
"""
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "side-by-side")
PYTHON = os.environ.get("ASSAY_BENCH_PYTHON", sys.executable)
PEER = os.path.join(HERE, "read_peer.py")
REFLIB = os.path.join(HERE, "read_peer.mjs")
MODS = "{http://www.loc.gov/mods/v3}"
XTRACT = ["-element", "MedlineCitation/PMID", "ArticleTitle", "AbstractText", "LastName", "ForeName", "Year", "Volume", "MedlinePgn", "ArticleId"]
XTRACT_FIRST = ["-def", "-", "-first", "ArticleTitle", "-first", "PubDate/Year", "-first", "LastName"]
XTRACT_ANSWERS = {"PubmedArticle": XTRACT_FIRST + ["-block", "ArticleId", "-if", "@IdType", "-equals", "doi", "-element", "ArticleId"],
                  "MedlineCitation": XTRACT_FIRST + ["-block", "ELocationID", "-if", "@EIdType", "-equals", "doi", "-element", "ELocationID"]}


def run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode("utf-8-sig")


def works(command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def mods_answers(text):
    """What bibutils makes of a file; its title is one of the work, not of the journal it is in."""
    out = []
    for work in ElementTree.fromstring(text).findall(MODS + "mods"):
        title = " ".join(each.text or "" for each in work.findall("%stitleInfo/*" % MODS))
        doi = next((each.text for each in work.findall(MODS + "identifier") if each.get("type") == "doi"), "")
        year = work.findtext("%soriginInfo/%sdateIssued" % (MODS, MODS)) or work.findtext("%srelatedItem/%spart/%sdate" % (MODS, MODS, MODS), "")
        family = next((part.text for name in work.findall(MODS + "name") for part in name.findall(MODS + "namePart")
                       if part.get("type") == "family"), "")
        out.append([title, doi, year[:4], family])
    return out


def python(reader):
    return {"command": lambda path: [PYTHON, PEER, reader, path], "answers": lambda path: json.loads(run([PYTHON, PEER, reader, path, "answers"])),
            "there": lambda: reader != "biopython" or works([PYTHON, "-c", "from Bio import Medline"]),
            "count": lambda said: int(said.read())}


def bibutils(program):
    return {"command": lambda path: [program, path], "answers": lambda path: mods_answers(run([program, path])),
            "there": lambda: shutil.which(program) is not None, "count": lambda said: sum(line.count(b"<mods ") for line in said)}


def reflib(module):
    return {"command": lambda path: ["node", REFLIB, module, path], "answers": lambda path: json.loads(run(["node", REFLIB, module, path, "answers"])),
            "there": lambda: works(["node", REFLIB]), "count": lambda said: int(said.read())}


def xtract(pattern):
    def command(path, rest):
        return ["xtract", "-input", path, "-strict", "-pattern", pattern] + rest

    def answers(path):
        rows = [line.split("\t") for line in run(command(path, XTRACT_ANSWERS[pattern])).splitlines()]
        return [[row[0], row[3] if len(row) > 3 else "", row[1], row[2]] for row in rows]

    return {"command": lambda path: command(path, XTRACT), "answers": answers, "there": lambda: shutil.which("xtract") is not None,
            "count": lambda said: sum(1 for _ in said)}


PEERS = {
    "ris": (("Python, line by line", python("lines")), ("reflib (node)", reflib("ris")), ("bibutils ris2xml", bibutils("ris2xml"))),
    "nbib": (("Python, line by line", python("medline")), ("Bio.Medline", python("biopython")), ("reflib (node)", reflib("medline"))),
    "pubmed": (("Python ElementTree", python("etree")), ("xtract -strict, 9 fields", xtract("PubmedArticle")), ("bibutils med2xml", bibutils("med2xml"))),
    # xtract reads one pattern at a time, and the root of 2016 has another.
    "pubmed-2016": (("Python ElementTree", python("etree")), ("xtract -strict, 9 fields", xtract("MedlineCitation")), ("bibutils med2xml", bibutils("med2xml"))),
    "endnote": (("Python ElementTree", python("endnote")), ("reflib (node)", reflib("endnoteXml")), ("bibutils endx2xml", bibutils("endx2xml"))),
}


def our_answers(program, path):
    out = []
    for item in json.loads(run([program, "convert", path, "--to", "csl-json"])):
        first = (item.get("author") or [{}])[0]
        issued = item.get("issued", {}).get("date-parts", [[""]])
        out.append([item.get("title", ""), item.get("DOI", ""), str(issued[0][0]), first.get("family") or first.get("literal", "")])
    return out


def plain(answer):
    title, doi, year, author = answer
    return [" ".join(title.split()).rstrip(".").lower(), doi.lower(), year, author.split(",")[0].lower()]


def agreement(ours, theirs):
    """In how many records the four agree, and what differs in the others."""
    if len(ours) != len(theirs):
        return "%d records instead of %d" % (len(theirs), len(ours))
    differ = [sum(plain(a)[field] != plain(b)[field] for a, b in zip(ours, theirs)) for field in range(4)]
    if not any(differ):
        return "same answers in %d records" % len(ours)
    return "other " + ", ".join("%s in %d" % (name, n) for name, n in zip(("title", "DOI", "year", "first author"), differ) if n) + \
        " of %d records" % len(ours)


if __name__ == "__main__":
    print(agreement(our_answers(sys.argv[1], sys.argv[4]), dict(PEERS[sys.argv[2]])[sys.argv[3]]["answers"](sys.argv[4])))
