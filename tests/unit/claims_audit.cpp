// The parts of an audit on texts made for the purpose: segments, quantities, citations, reference lists,
// HTML, verdicts.
#include "claims/audit.hpp"
#include "claims/base.hpp"
#include "claims/citations.hpp"
#include "claims/numbers.hpp"
#include "claims/polarity.hpp"
#include "claims/readable.hpp"
#include "claims/segment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace assay;
using namespace assay::claims;

namespace {

std::string slice(const std::string& text, std::size_t begin, std::size_t end) {
    return text.substr(begin, end - begin);
}

std::vector<std::string> unit_texts(const std::string& text) {
    std::vector<std::string> out;
    for (const Unit& unit : segment(text).units)
        out.push_back(slice(text, unit.begin, unit.end));
    return out;
}

model::Review zinc_review() {
    model::Review review;
    review.id = "zinc";
    model::Term people, zinc;
    people.id = model::TermId("colds");
    people.kind = model::TermKind::population;
    people.label = "adults with a common cold";
    people.synonyms = {"common cold", "colds"};
    zinc.id = model::TermId("zinc");
    zinc.kind = model::TermKind::intervention;
    zinc.label = "zinc by mouth";
    zinc.synonyms = {"zinc", "zinc lozenges"};
    review.terms = {people, zinc};
    model::Question question;
    question.id = model::QuestionId("cold");
    question.title = "Does zinc shorten the common cold?";
    question.population = people.id;
    question.intervention = zinc.id;
    review.questions.push_back(question);
    model::Study study;
    study.id = model::StudyId("ash2010");
    study.label = "Ash 2010";
    study.author = "Ash";
    study.year = 2010;
    study.design = "rct-parallel";
    study.comparator = "placebo";
    study.n_randomised = 80;
    study.questions = {question.id};
    review.studies.push_back(study);
    model::Arm arm;
    arm.id = model::ArmId("ash2010.zinc");
    arm.study = study.id;
    arm.role = "intervention";
    arm.dose = 75;
    arm.dose_unit = "mg/day";
    review.arms.push_back(arm);
    const auto conclude = [&](const char* id, const char* code, bool of_study) {
        model::Conclusion made;
        made.id = id;
        (of_study ? made.study.value : made.report.value) = of_study ? "ash2010" : id;
        made.question = question.id;
        made.code = code;
        made.words = "as coded";
        made.key_number = "P = 0.60";
        review.conclusions.push_back(made);
    };
    conclude("ash2010", "no benefit", true);
    for (const char* id : {"elm-2015", "fir-2019"}) {
        model::Report report;
        report.id = model::ReportId(id);
        report.kind = "review";
        report.citation = std::string(id) == "elm-2015" ? "Elm et al. 2015, Cochrane Database Syst Rev"
                                                        : "Fir et al. 2019, Br Med J";
        report.year = std::string(id).substr(4);
        review.reports.push_back(report);
        conclude(id, "no benefit", false);
    }
    return review;
}

Base zinc_base(const model::Review& review) {
    Base base(review, nullptr);
    base.substance = {stem_of("zinc")};
    base.limits = {{"UL", "upper", "Board", "adults", "any", "", 19, 120, 40, "limits:1", "Board 2001"}};
    base.forms = {{"gluconate", {"gluconate"}, 0.1435, true, "zinc gluconate", "forms:1", "computed", {}}};
    Diagnostics diagnostics;
    base.facts = read_facts("facts.csv",
                            "id,about,unless,stance,low,high,unit,found,source\n"
                            "f1,zinc + smell* + loss,,holds,,,,Sprays took the sense of smell.,Oak 2009\n"
                            "f2,zinc + cur* + cancer,,fails,,,,No trial.,Oak 2009\n",
                            diagnostics);
    base.index();
    return base;
}

const Claim& claim_with(const Audit& audit, const std::string& words) {
    for (const Claim& claim : audit.claims)
        if (slice(audit.readable.text, claim.begin, claim.end).find(words) != std::string::npos) return claim;
    FAIL("no claim with: " << words);
    return audit.claims.front();
}

} // namespace

TEST_CASE("claims: sentences end where sentences end") {
    const std::string text = "Dr. Ash et al. gave 1.5 mg/d, i.e. little.\xC2\xB9 Zinc works! \"Does it?\" It "
                             "was approx. 3 days, e.g. for J. Doe. [2] End";
    const auto found = sentences(text, 0, text.size());
    REQUIRE(found.size() == 5);
    CHECK(slice(text, found[0].begin, found[0].end) == "Dr. Ash et al. gave 1.5 mg/d, i.e. little.\xC2\xB9");
    CHECK(slice(text, found[3].begin, found[3].end) == "It was approx. 3 days, e.g. for J. Doe. [2]");
    CHECK(sentences("", 0, 0).empty());
}

TEST_CASE("claims: clauses with verdicts of their own are cut apart, others are left") {
    const auto cut = [](const std::string& text) { return clauses(text, {0, text.size()}).size(); };
    CHECK(cut("The review found that cramps were fewer and that the data on sleep were unreliable.") == 2);
    CHECK(cut("People slept better at night, had fewer awakenings, longer sleep, and lower scores.") >= 2);
    CHECK(cut("Zinc was given to forty adults with a cold, but it did not shorten the cold.") == 2);
    CHECK(cut("Zinc (bad, but cheap and easy to find) was given.") == 1);
}

TEST_CASE("claims: blocks, items, rows and the list of references are told apart") {
    const std::string text =
        "Zinc and colds\n\nZinc is a metal. It is\n\nold.\n\n- Taste: It tastes bad.\n- Dose: 5 mg.\n\n"
        "| Form | Use |\n|---|---|\n| Zinc gluconate | Colds |\n\nReferences\n\n1. Ash A. A trial. 2010. "
        "doi:10.1000/abc\n";
    const auto units = unit_texts(text);
    REQUIRE(units.size() == 7);
    CHECK(units[0] == "Zinc and colds");
    CHECK(units[2] == "It is\n\nold.");
    CHECK(units[3] == "Taste: It tastes bad.");
    CHECK(units[6] == "| Zinc gluconate | Colds |");
    const Segments segments = segment(text);
    REQUIRE(segments.references.size() == 1);
    const auto entries = reference_list(text, segments.references[0]);
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].number == 1);
    CHECK(entries[0].doi == "10.1000/abc");
    CHECK(entries[0].year == 2010);
}

TEST_CASE("claims: quantities carry range, unit, bound and what is counted") {
    const auto q = quantities(
        "About 400-600 mg of zinc a day for 8 weeks in more than 1,200 patients (P < 0.05); 41.6% v 15.8 %, "
        "below 1.8 mg/dL, on 21 September 2020, TRPM6, type 2, 10.1000/xyz5 and four trials");
    REQUIRE(q.size() >= 8);
    CHECK(q[0].low == 400);
    CHECK(q[0].high == 600);
    CHECK(q[0].unit == "mg");
    CHECK(q[0].bound == "~");
    CHECK(q[0].per == "day");
    CHECK(q[1].unit == "week");
    CHECK(q[2].low == 1200);
    CHECK(q[2].kind == QuantityKind::people);
    CHECK(q[2].bound == ">");
    CHECK(q[3].kind == QuantityKind::p_value);
    CHECK(q[4].low == doctest::Approx(41.6));
    CHECK(q[6].unit == "mg/dL");
    CHECK(q[7].kind == QuantityKind::date);
    CHECK(q[7].month == 9);
    CHECK(q.back().kind == QuantityKind::studies);
    CHECK(q.back().low == 4);
    CHECK(q.size() == 9);
}

TEST_CASE("claims: citations of every kind") {
    const auto kinds = [](const std::string& text) {
        std::vector<CitationKind> out;
        for (const Citation& citation : citations(text, 0, text.size()))
            out.push_back(citation.kind);
        return out;
    };
    CHECK(kinds("It helps.\xC2\xB9\xC2\xB2") == std::vector{CitationKind::numbered});
    CHECK(kinds("It helps [3-5].") == std::vector{CitationKind::numbered});
    CHECK(kinds("An area of 5 m\xC2\xB2").empty());
    CHECK(kinds("As Ash et al. (2010) wrote") == std::vector{CitationKind::author_year});
    CHECK(kinds("see NCT01234567 and PMC123456") ==
          std::vector{CitationKind::identifier, CitationKind::identifier});
    const std::string text = "A 2018 meta-analysis of 10 RCTs published in Headache found that zinc works.";
    const auto found = citations(text, 0, text.size());
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == CitationKind::narrative);
    CHECK(found[0].year == 2018);
    CHECK(found[0].studies == 10);
    CHECK(found[0].design == Design::review);
    const auto range = citations("x [3-5] y", 0, 9);
    CHECK(range[0].numbers == std::vector<int>{3, 4, 5});
}

TEST_CASE("claims: HTML gives its readable text and the way back to the bytes") {
    const std::string html =
        "<html><head><title>no</title><style>p{}</style></head><body><script>var x = '<p>no</p>';</script>"
        "<p>Zinc &amp; colds<sup>12</sup></p><ul><li>One<li>Two</ul><nav>menu</nav></body>";
    const Readable page = read_html(html);
    CHECK(page.text.find("no") == std::string::npos);
    CHECK(page.text.find("menu") == std::string::npos);
    const std::size_t at = page.text.find("Zinc & colds");
    REQUIRE(at != std::string::npos);
    CHECK(slice(html, page.file_begin(at), page.file_end(at + 12)) == "Zinc &amp; colds");
    CHECK(page.text.find("colds\xC2\xB9\xC2\xB2") != std::string::npos);
    std::string deep;
    for (int i = 0; i < 100000; ++i)
        deep += "<div>";
    CHECK(read_html(deep + "end").text.find("end") != std::string::npos);
    CHECK(read_html("<p>1 < 2 & 3 <b").text.find("1 < 2 & 3") != std::string::npos);
}

TEST_CASE("claims: bytes that are not UTF-8 are repaired and keep their places") {
    const Readable text = read_plain("caf\xE9 \x93quoted\x94 zinc");
    CHECK(text.text == "caf\xC3\xA9 \xE2\x80\x9Cquoted\xE2\x80\x9D zinc");
    CHECK(text.notes.size() == 1);
    CHECK(text.file_begin(text.text.find("zinc")) == 14);
    const std::string wide("\xFF\xFEZ\0i\0n\0c\0", 10);
    const Readable utf16 = read_plain(wide);
    CHECK(utf16.text == "Zinc");
    CHECK(utf16.file_begin(1) == 4);
    CHECK(looks_binary(std::string("\x7F\x45LF\0\0\0\x01\x02\0", 10)));
    CHECK_FALSE(looks_binary("plain text"));
}

TEST_CASE("claims: two statements contradict only where one thing decides") {
    CHECK(relation("Zinc increases the risk of nausea.", "Zinc reduces the risk of nausea.") ==
          Relation::contradict);
    CHECK(relation("Zinc shortens the common cold.", "Zinc does not shorten the common cold.") ==
          Relation::contradict);
    CHECK(relation("Five trials of zinc were found.", "Two trials of zinc were found.") ==
          Relation::contradict);
    CHECK(relation("Zinc increases the risk of nausea.", "Oranges hold much vitamin C.") ==
          Relation::undetermined);
    CHECK(relation("", "") == Relation::undetermined);
}

TEST_CASE("claims: verdicts follow from the review, its tables and its facts") {
    const model::Review review = zinc_review();
    const Base base = zinc_base(review);
    const Audit audit = claims::audit(
        "a.txt",
        read_plain("Zinc for the common cold\n\nZinc supplements shorten the common cold. A 2010 trial found "
                   "that zinc did not help people with "
                   "a common cold. The trial gave 75 mg a day to 80 adults.\n\nZinc has been proven to treat "
                   "the common cold. The upper limit (UL) for zinc is 90 mg a "
                   "day. Zinc gluconate is 14% elemental zinc by weight. Zinc gluconate is 60% elemental "
                   "zinc by weight. Zinc sprays led to a loss of smell. "
                   "Zinc cures cancer. A 1999 trial by Yew found that zinc helps with the common cold.\n"),
        base);
    CHECK(claim_with(audit, "supplements shorten").verdict != Verdict::supported);
    CHECK(claim_with(audit, "A 2010 trial").verdict == Verdict::supported);
    CHECK(claim_with(audit, "A 2010 trial").sources == std::vector<std::string>{"ash2010"});
    CHECK(claim_with(audit, "75 mg").verdict == Verdict::supported);
    CHECK(claim_with(audit, "been proven").verdict == Verdict::contradicted);
    CHECK(claim_with(audit, "90 mg").verdict == Verdict::contradicted);
    CHECK(claim_with(audit, "is 14%").verdict == Verdict::supported);
    CHECK(claim_with(audit, "is 60%").verdict == Verdict::contradicted);
    CHECK(claim_with(audit, "loss of smell").verdict == Verdict::supported);
    CHECK(claim_with(audit, "cures cancer").verdict == Verdict::contradicted);
    CHECK(claim_with(audit, "by Yew").verdict == Verdict::not_in_base);
    for (std::size_t i = 1; i < audit.claims.size(); ++i)
        CHECK(audit.claims[i - 1].end <= audit.claims[i].begin);
}

TEST_CASE("claims: empty, wordless and foreign texts give an honest empty result") {
    const model::Review review = zinc_review();
    const Base base = zinc_base(review);
    for (const char* text :
         {"", "\n\n\n", "12345 67890", "||||\n|--|\n", "\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82", "......",
          "- \n- \n* \n", "Der Schnupfen dauert ohne Arzt eine Woche, mit Arzt sieben Tage."}) {
        const Audit audit = claims::audit("x", read_plain(text), base);
        for (const Claim& claim : audit.claims)
            CHECK(claim.verdict == Verdict::not_checkable);
    }
    for (const CheckRow& row : checks())
        CHECK_FALSE((row.id.empty() || row.title.empty() || row.words.empty()));
}

TEST_CASE("claims: a retracted source is told by every citation of it, and by no other") {
    model::Review review = zinc_review();
    review.reports[0].doi = "10.1000/elm.2015";
    Base base(review, nullptr, {"elm-2015"});
    base.index();
    const std::string text =
        "A 2015 Cochrane review by Elm found that zinc did not help people with a common cold.\n\n"
        "A 2019 review by Fir found that zinc did not help people with a common cold.\n\n"
        "Zinc lozenges taste of metal [1].\n\n## References\n\n"
        "1. Elm E. Zinc for colds. 2015. doi:10.1000/elm.2015\n"
        "2. Yew Y. Zinc and taste. 2014. doi:10.1000/yew.2014\n";
    const auto retracted = [](const Audit& audit, const std::string& words) {
        const Claim& claim = claim_with(audit, words);
        const bool told = std::any_of(claim.reasons.begin(), claim.reasons.end(), [](const Reason& reason) {
            return reason.check == "retraction" && reason.word == "retracted";
        });
        if (told) CHECK_FALSE(claim.verdict == Verdict::supported);
        return told;
    };
    const Audit audit = claims::audit("zinc.md", read_plain(text), base);
    CHECK(retracted(audit, "by Elm"));
    CHECK(retracted(audit, "doi:10.1000/elm"));
    CHECK(retracted(audit, "taste of metal"));
    CHECK_FALSE(retracted(audit, "by Fir"));
    CHECK_FALSE(retracted(audit, "doi:10.1000/yew"));
    Base sound(review, nullptr);
    sound.index();
    const Audit again = claims::audit("zinc.md", read_plain(text), sound);
    CHECK_FALSE(retracted(again, "by Elm"));
    CHECK(claim_with(again, "by Elm").verdict == Verdict::supported);
}

TEST_CASE(
    "claims: articles that tell one number differently name each other, equal numbers and bounds do not") {
    const model::Review review = zinc_review();
    const Base base = zinc_base(review);
    const auto conflicts = [](const Audit& audit) {
        std::vector<std::string> out;
        for (const Claim& claim : audit.claims)
            for (const Reason& reason : claim.reasons)
                if (reason.check == "conflict")
                    out.push_back(reason.word + ": " + reason.said + " | " + reason.found + " | " +
                                  reason.source);
        return out;
    };
    const auto both = [&](const char* mine, const char* theirs) {
        std::vector<Audit> audits;
        audits.push_back(claims::audit("a.md", read_plain(mine), base));
        audits.push_back(claims::audit("b.md", read_plain(theirs), base));
        compare(audits);
        return audits;
    };
    auto audits =
        both("Zinc takes part in 300 enzymatic reactions.", "Zinc is needed for 100 biochemical reactions.");
    REQUIRE(conflicts(audits[0]).size() == 1);
    CHECK(conflicts(audits[0])[0] == "differs: 300 enzymatic reactions | 100 biochemical reactions | b.md");
    REQUIRE(conflicts(audits[1]).size() == 1);
    CHECK(conflicts(audits[1])[0] == "differs: 100 biochemical reactions | 300 enzymatic reactions | a.md");
    for (const Audit& audit : audits)
        CHECK(std::count_if(audit.mentions.begin(), audit.mentions.end(),
                            [](const Mention& mention) { return mention.kind == "conflict"; }) == 1);
    audits = both("Zinc takes part in 300 enzymatic reactions.", "Zinc takes part in 300 reactions.");
    CHECK(conflicts(audits[0]).empty());
    audits = both("Zinc takes part in 300 enzymatic reactions.",
                  "Zinc is found in 100 enzymes and takes part in over 200 reactions.");
    REQUIRE(conflicts(audits[0]).size() == 1);
    audits =
        both("Zinc takes part in over 300 enzymatic reactions.", "Zinc takes part in over 200 reactions.");
    REQUIRE(conflicts(audits[0]).size() == 1);
    CHECK(conflicts(audits[0])[0].rfind("compatible: ", 0) == 0);
    std::vector<Audit> one;
    one.push_back(claims::audit(
        "a.md",
        read_plain("Zinc takes part in 300 enzymatic reactions.\n\nZinc takes part in 100 reactions."),
        base));
    compare(one);
    REQUIRE(conflicts(one[0]).size() == 1);
    CHECK(conflicts(one[0])[0].find("elsewhere in this article") != std::string::npos);
}

TEST_CASE("claims: a list of references with nothing behind a bullet holds no entry for it") {
    for (const std::string text : {"+  ", "-", "*\n", "\xE2\x80\xA2", "- \n- \n"})
        CHECK(reference_list(text, {0, text.size()}).empty());
    const std::string text = "-\n- Oak A. On zinc. 2009. https://example.org/a\n- Yew B. On taste. 2010.\n+";
    const auto entries = reference_list(text, {0, text.size()});
    REQUIRE(entries.size() == 2);
    CHECK(slice(text, entries[0].begin, entries[0].end) == "Oak A. On zinc. 2009. https://example.org/a");
    CHECK(slice(text, entries[1].begin, entries[1].end) == "Yew B. On taste. 2010.");
}
