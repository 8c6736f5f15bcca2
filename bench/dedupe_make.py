#!/usr/bin/env python3
"""Makes a table of references with known copies, for timing and for measuring deduplication.

    bench/dedupe_make.py RECORDS SEED > table.csv        columns as `assay dedupe --csv` reads them, and `group`

Articles are invented from word lists by a seeded generator. About a third of the records are copies, written the way
databases differ: abbreviated journals, cut page ranges, DOI as address, initials, accents lost, capitals, lost subtitles,
missing fields, translated titles in brackets. Near misses are planted as well: conference abstracts of an article, parts I
and II, series of editorials, sister papers of the same authors in the same year.
"""
import csv
import random
import sys

TOPICS = """asthma cramps migraine sepsis stroke anaemia cirrhosis psoriasis glaucoma dementia obesity malaria influenza
pneumonia arthritis epilepsy hypertension insomnia depression diabetes endometriosis osteoporosis sarcoidosis tinnitus""".split()
THINGS = """magnesium zinc exercise yoga metformin aspirin zoledronate vitamin-D caffeine melatonin ketamine cognitive-therapy
telemedicine vaccination statins probiotics acupuncture massage insulin warfarin lithium iron folate hypnosis""".split()
PEOPLE = """adults children infants women men nurses athletes veterans students farmers smokers twins migrants prisoners
pensioners dancers pilots miners carers teenagers""".split()
DESIGNS = ["a randomised controlled trial", "a cohort study", "a systematic review", "a pilot study", "a cross-over trial",
           "a case-control study", "an open-label extension", "a registry analysis", "a feasibility study"]
VERBS = ["Effect of", "Efficacy and safety of", "Long-term outcomes of", "Tolerability of", "Dose response of",
         "Cost-effectiveness of", "Adherence to", "Mechanisms of", "Early versus late", "Predictors of response to"]
PLACES = """Lyon Osaka Bergen Porto Lima Turin Graz Leeds Cork Tartu Ghent Basel Delhi Perth Quito Sofia Bergamo Nantes Uppsala
Aarhus""".split()
SYLLABLES = "ba be bi bo da de do fa fe ga ge ha he ka ke ki la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se si so ta te ti to va ve wa we ya zo".split()
JOURNAL_WORDS = [("Journal of", "J"), ("Annals of", "Ann"), ("Archives of", "Arch"), ("European Journal of", "Eur J"),
                 ("International Journal of", "Int J"), ("Clinical", "Clin"), ("Scandinavian Journal of", "Scand J")]
FIELDS = [("Neurology", "Neurol"), ("Rheumatology", "Rheumatol"), ("Surgery", "Surg"), ("Nutrition", "Nutr"),
          ("Epidemiology", "Epidemiol"), ("Cardiology", "Cardiol"), ("Pediatrics", "Pediatr"), ("Pharmacology", "Pharmacol"),
          ("Psychiatry", "Psychiatry"), ("Dermatology", "Dermatol"), ("Hematology", "Hematol"), ("Nursing Research", "Nurs Res")]
COLUMNS = "record_id type authors year title journal volume issue pages doi issn_isbn abstract database group".split()


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.words = ["".join(self.rng.choice(SYLLABLES) for _ in range(self.rng.randint(2, 4))) for _ in range(4000)]
        self.names = [word.capitalize() for word in self.words[:2500]]

    def people(self):
        count = min(30, 1 + int(self.rng.expovariate(1 / 4.0)))
        return [(self.rng.choice(self.names), self.rng.choice(self.names), self.rng.choice("ABCDEFGHJKLMPRST")) for _ in range(count)]

    def article(self, number):
        rng = self.rng
        title = "%s %s for %s in %s %s from %s" % (rng.choice(VERBS), rng.choice(THINGS), rng.choice(TOPICS),
                                                   rng.choice(self.words), rng.choice(PEOPLE), rng.choice(PLACES))
        subtitle = rng.choice(DESIGNS) if rng.random() < 0.6 else ""
        first = rng.randint(1, 3000)
        kind, field = rng.choice(JOURNAL_WORDS), rng.choice(FIELDS)
        return {"number": number, "title": title, "subtitle": subtitle, "people": self.people(), "year": rng.randint(1985, 2025),
                "journal": (kind[0] + " " + field[0], kind[1] + " " + field[1]), "volume": rng.randint(1, 140),
                "issue": rng.randint(1, 12), "first": first, "last": first + rng.randint(2, 14),
                "doi": "10.%d/%s.%d" % (rng.randint(1000, 1060), rng.choice(self.words), number) if rng.random() < 0.75 else "",
                "abstract": " ".join(rng.choice(self.words) for _ in range(rng.randint(60, 160))) if rng.random() < 0.8 else ""}

    def sister(self, article, number):
        """Something else that looks much the same."""
        rng, other = self.rng, dict(article, number=number)
        kind = rng.randint(0, 3)
        if kind == 0:  # the conference abstract of it
            other.update(journal=("Proceedings of the %s Congress" % rng.choice(PLACES), "Proc %s Congr" % rng.choice(PLACES)),
                         volume=rng.randint(1, 140), first=rng.randint(1, 3000), year=article["year"] - 1, doi="", abstract="")
            other["last"] = other["first"]
        elif kind == 1:  # part II behind part I
            article["subtitle"], other["subtitle"] = "part I", "part II"
            other.update(first=article["last"] + 1, last=article["last"] + 9, doi="")
        elif kind == 2:  # a sister paper: one word differs
            other.update(title=article["title"].replace(" in ", " in older "), first=article["last"] + 40,
                         last=article["last"] + 49, doi="", abstract="")
        else:  # an editorial, of which there are many
            for each, page in ((article, article["first"]), (other, article["last"] + 50)):
                each.update(title="Editorial", subtitle="", first=page, last=page, doi="", abstract="")
        return other

    def written(self, a, style):
        """The article as one of four databases writes it."""
        rng = self.rng
        title = a["title"] + (": " + a["subtitle"] if a["subtitle"] else "")
        if style == 1:
            title = title.title()
        if style == 2:
            title += "."
        if style == 3 and rng.random() < 0.2:
            title = "[" + title + "]"
        if style > 0 and rng.random() < 0.1:  # a slip of somebody's finger
            at = rng.randrange(5, len(title)) if len(title) > 6 else 1
            title = title[:at] + title[at + 1:]
        full = ["%s, %s %s." % (family, given, initial) for family, given, initial in a["people"]]
        short = ["%s, %s. %s." % (family, given[0], initial) for family, given, initial in a["people"]]
        people = full if style == 1 else short
        if style == 2 and len(people) > 6:
            people = people[:6]
        first, last = str(a["first"]), str(a["last"])
        pages = first + "-" + last
        if style in (0, 3) and len(first) == len(last) and first[:-1] == last[:-1] and len(first) > 1:
            pages = first + "-" + last[-1]
        doi = a["doi"]
        if style == 1 and doi:
            doi = "https://doi.org/" + doi.upper()
        if style > 0 and rng.random() < 0.25:
            doi = ""
        return {"type": "Journal Article", "authors": "; ".join(people), "year": a["year"], "title": title,
                "journal": a["journal"][1 if style in (0, 3) else 0], "volume": "" if rng.random() < 0.03 else a["volume"],
                "issue": "" if rng.random() < 0.2 else a["issue"], "pages": "" if rng.random() < 0.05 else pages, "doi": doi,
                "issn_isbn": "", "abstract": "" if style == 2 else a["abstract"], "database": "ABCD"[style],
                "group": "t%06d" % a["number"]}

    def table(self, records):
        rng, rows, number = self.rng, [], 0
        while len(rows) < records:
            number += 1
            articles = [self.article(number)]
            if rng.random() < 0.05:
                number += 1
                articles.append(self.sister(articles[0], number))
            for article in articles:
                copies = 1 if article["title"] == "Editorial" or rng.random() < 0.7 else rng.choice([2, 2, 2, 3, 3, 4])
                for style in rng.sample(range(4), copies):
                    rows.append(self.written(article, style))
        rng.shuffle(rows)
        return rows[:records]


def main():
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    out.writeheader()
    for number, row in enumerate(Maker(int(sys.argv[2])).table(int(sys.argv[1])), 1):
        out.writerow(dict(row, record_id=number))


if __name__ == "__main__":
    main()
