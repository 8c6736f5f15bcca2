#!/usr/bin/env python3
"""Readers of record files in Python, each the way a known package works; what they find goes to standard output.

    read_peer.py READER FILE            the number of records
    read_peer.py READER FILE answers    JSON: title, DOI, year and first author of each

lines      a dictionary for each RIS record, one regular expression per line, tags by readable names: rispy's way
medline    a dictionary for each record of NBIB, four columns of tag, lines that go on: Bio.Medline's way
biopython  Bio.Medline itself
etree      PubMed XML by ElementTree.iterparse, the fields that pubmed_parser gives (all but references)
endnote    EndNote XML by ElementTree.iterparse
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

RIS_NAMES = {"TY": "type_of_reference", "AU": "authors", "A1": "first_authors", "A2": "secondary_authors", "TI": "title", "T1": "primary_title",
             "T2": "secondary_title", "JO": "journal_name", "JF": "journal_full", "PY": "year", "Y1": "publication_year", "VL": "volume", "IS": "number",
             "SP": "start_page", "EP": "end_page", "SN": "issn", "DO": "doi", "AB": "abstract", "N1": "notes", "N2": "notes_abstract", "KW": "keywords",
             "UR": "urls", "PB": "publisher", "CY": "place_published", "AN": "accession_number", "LA": "language", "DB": "database", "ER": "end"}
RIS_LISTS = {"authors", "first_authors", "secondary_authors", "keywords", "urls", "notes"}
RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$")


def lines(path):
    record, last = {}, None
    with open(path, encoding="utf-8-sig") as file:
        for line in file:
            found = RIS_LINE.match(line.rstrip("\n"))
            if not found:
                if last and line.strip():
                    if last in RIS_LISTS:
                        record[last][-1] += " " + line.strip()
                    else:
                        record[last] += " " + line.strip()
                continue
            tag, value = found.group(1), found.group(2).strip()
            if tag == "ER":
                if record:
                    yield record
                record, last = {}, None
                continue
            last = RIS_NAMES.get(tag)
            if last is None:
                record.setdefault("unknown_tag", {}).setdefault(tag, []).append(value)
            elif last in RIS_LISTS:
                record.setdefault(last, []).append(value)
            else:
                record[last] = value


def lines_answer(r):
    authors = r.get("authors") or r.get("first_authors") or [""]
    return [r.get("title") or r.get("primary_title", ""), r.get("doi", ""), (r.get("year") or r.get("publication_year", ""))[:4], authors[0]]


MEDLINE_TEXTS = {"PMID", "OWN", "STAT", "DP", "TI", "PG", "AB", "TA", "JT", "VI", "IP", "PL", "TT", "SO", "DEP", "DCOM", "LR", "JID", "SB", "CI"}


def medline(path):
    record, tag = {}, ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip()
            if line[:6] == "      ":
                if tag in record:
                    record[tag].append(line[6:])
            elif line:
                tag = line[:4].rstrip()
                if tag == "PMID" and record:
                    yield finished(record)
                    record = {}
                record.setdefault(tag, []).append(line[6:])
            elif record:
                yield finished(record)
                record = {}
    if record:
        yield finished(record)


def finished(record):
    return {tag: " ".join(value) if tag in MEDLINE_TEXTS else value for tag, value in record.items()}


def biopython(path):
    from Bio import Medline
    with open(path, encoding="utf-8") as file:
        yield from Medline.parse(file)


def medline_answer(r):
    ids = r.get("LID", "")
    ids = [ids] if isinstance(ids, str) else ids
    doi = next((each[:-6] for each in ids if each.endswith(" [doi]")), "")
    return [r.get("TI", ""), doi, r.get("DP", "")[:4], (r.get("FAU") or [""])[0]]


def inside(element):
    return "" if element is None else " ".join("".join(element.itertext()).split())


def etree(path):
    wanted = None
    for event, element in ElementTree.iterparse(path, events=("start", "end")):
        if wanted is None:  # the root: until 2016 it held the citations themselves
            wanted = "MedlineCitation" if element.tag == "MedlineCitationSet" else "PubmedArticle"
        if event == "start" or element.tag != wanted:
            continue
        citation = element.find("MedlineCitation") if element.tag == "PubmedArticle" else element
        article = citation.find("Article")
        if article is None:
            continue
        record = {"pmid": citation.findtext("PMID", ""), "title": inside(article.find("ArticleTitle")), "journal": inside(article.find("Journal/Title")),
                  "volume": article.findtext("Journal/JournalIssue/Volume", ""), "issue": article.findtext("Journal/JournalIssue/Issue", ""),
                  "pages": article.findtext("Pagination/MedlinePgn", ""), "issn": article.findtext("Journal/ISSN", ""),
                  "country": citation.findtext("MedlineJournalInfo/Country", ""),
                  "languages": [each.text for each in article.findall("Language")],
                  "publication_types": [inside(each) for each in article.findall("PublicationTypeList/PublicationType")]}
        parts = []
        for part in article.findall("Abstract/AbstractText"):
            label = part.get("Label")
            parts.append((label + ": " if label else "") + inside(part))
        record["abstract"] = "\n".join(parts)
        record["authors"] = [{"last": each.findtext("LastName", ""), "fore": each.findtext("ForeName", ""), "group": inside(each.find("CollectiveName")),
                              "affiliations": [inside(place) for place in each.iter("Affiliation")]} for each in article.findall("AuthorList/Author")]
        record["mesh"] = ["/".join(inside(part) for part in each) for each in citation.findall("MeshHeadingList/MeshHeading")]
        record["keywords"] = [inside(each) for each in citation.findall("KeywordList/Keyword")]
        date = article.find("Journal/JournalIssue/PubDate")
        record["year"] = "" if date is None else (date.findtext("Year") or date.findtext("MedlineDate", ""))[:4]
        dois = [each.text for each in article.findall("ELocationID") if each.get("EIdType") == "doi"]
        dois += [each.text for each in element.findall("PubmedData/ArticleIdList/ArticleId") if each.get("IdType") == "doi"]
        record["doi"] = dois[0] if dois else ""
        element.clear()
        yield record


def etree_answer(r):
    first = r["authors"][0] if r["authors"] else {"last": "", "group": ""}
    return [r["title"], r["doi"], r["year"], first["last"] or first["group"]]


def endnote(path):
    for _, element in ElementTree.iterparse(path, events=("end",)):
        if element.tag != "record":
            continue
        record = {each.tag: inside(each) for each in element}
        record["title"] = inside(element.find("titles/title"))
        record["authors"] = [inside(each) for each in element.findall("contributors/authors/author")]
        record["keywords"] = [inside(each) for each in element.findall("keywords/keyword")]
        record["year"] = inside(element.find("dates/year"))
        element.clear()
        yield record


def endnote_answer(r):
    return [r["title"], r.get("electronic-resource-num", ""), r["year"][:4], (r["authors"] or [""])[0]]


READERS = {"lines": (lines, lines_answer), "medline": (medline, medline_answer), "biopython": (biopython, medline_answer),
           "etree": (etree, etree_answer), "endnote": (endnote, endnote_answer)}


def main():
    read, answer = READERS[sys.argv[1]]
    if sys.argv[3:] == ["answers"]:
        json.dump([answer(record) for record in read(sys.argv[2])], sys.stdout)
    else:
        print(sum(1 for _ in read(sys.argv[2])))


main()
