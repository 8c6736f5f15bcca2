#include "base/error.hpp"
#include "dedupe/cluster.hpp"
#include "dedupe/score.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

using namespace assay;
using namespace assay::dedupe;

namespace {

Fields article() {
    Fields f;
    f.title = "Oral magnesium for cramps in older adults: a randomised trial";
    f.authors = "Smith, J. A.; Doe, B.; Roe, C.";
    f.year = "2015";
    f.journal = "Journal of Clinical Neurology";
    f.volume = "12";
    f.issue = "3";
    f.pages = "123-129";
    return f;
}

struct Verdict {
    bool merged;
    Comparison comparison;
};

Verdict laid(const Fields& a, const Fields& b, const Rules& rules = {}) {
    Catalogue catalogue;
    catalogue.add(a);
    catalogue.add(b);
    catalogue.find_series();
    return {group(catalogue, rules).count() == 1, compare(catalogue, catalogue[0], catalogue[1], rules)};
}

} // namespace

TEST_CASE("the same article from two databases is merged") {
    Fields a = article(), b = article();
    b.title = "ORAL MAGNESIUM FOR CRAMPS IN OLDER ADULTS: A RANDOMISED TRIAL.";
    b.authors = "Smith JA, Doe B, Roe C";
    b.journal = "J Clin Neurol";
    b.pages = "123-9";
    const auto v = laid(a, b);
    CHECK(v.merged);
    CHECK(v.comparison.has(Evidence::title_equal));
    CHECK(v.comparison.has(Evidence::authors_equal));
    CHECK(v.comparison.has(Evidence::journal_abbreviated));
    CHECK(v.comparison.has(Evidence::last_page_equal));
}

TEST_CASE("ahead of print and in print are one article") {
    Fields a = article(), b = article();
    b.volume = "", b.issue = "", b.pages = "1-7";
    CHECK(laid(a, b).merged);
}

TEST_CASE("what must not be merged without a person") {
    struct Row {
        const char* what;
        Conflict conflict;
        void (*change)(Fields&, Fields&);
    };
    const Row rows[] = {
        {"parts of a series", Conflict::numbers,
         [](Fields& a, Fields& b) {
             a.title = "Magnesium and the muscle. Part I: absorption in healthy adults", a.pages = "";
             b.title = "Magnesium and the muscle. Part II: absorption in healthy adults", b.pages = "";
         }},
        {"years of a report", Conflict::numbers,
         [](Fields& a, Fields& b) {
             a.title = "Annual report of the national cramp registry 2012", a.pages = "";
             b.title = "Annual report of the national cramp registry 2013", b.pages = "";
         }},
        {"an erratum", Conflict::notice,
         [](Fields&, Fields& b) {
             b.title = "Erratum: Oral magnesium for cramps in older adults: a randomised trial";
         }},
        {"versions of a Cochrane review", Conflict::version,
         [](Fields& a, Fields& b) {
             a.doi = "10.1002/14651858.CD009402.pub2", b.doi = "10.1002/14651858.CD009402.pub3";
         }},
        {"another place", Conflict::place,
         [](Fields&, Fields& b) { b.journal = "Diabetes Care", b.volume = "33", b.pages = "9-11"; }},
        {"a conference abstract", Conflict::supplement,
         [](Fields&, Fields& b) { b.volume = "12 Suppl 1", b.issue = "", b.pages = "S44"; }},
        {"a preprint", Conflict::preprint,
         [](Fields&, Fields& b) {
             b.journal = "medRxiv", b.volume = "", b.issue = "", b.pages = "", b.doi = "10.1101/2015.01.02";
         }},
        {"two trials", Conflict::registration,
         [](Fields& a, Fields& b) { a.registration = "NCT00272142", b.registration = "ISRCTN85612345"; }},
        {"another page of the same volume", Conflict::page, [](Fields&, Fields& b) { b.pages = "130-136"; }},
        {"editorials", Conflict::thin,
         [](Fields& a, Fields& b) { a.title = b.title = "Editorial", a.pages = b.pages = ""; }},
        {"columns of two issues", Conflict::page,
         [](Fields& a, Fields& b) {
             a.title = b.title = "Letter from the chair of the society", a.pages = b.pages = "",
             b.issue = "4";
         }},
        {"no authors and no place", Conflict::thin,
         [](Fields& a, Fields& b) {
             a.authors = b.authors = "", a.volume = b.volume = "", a.pages = b.pages = "";
         }},
        {"nothing of time or place", Conflict::unplaced,
         [](Fields& a, Fields& b) {
             a.year = b.year = "", a.volume = "", a.issue = "", a.pages = "";
             b.volume = b.issue = b.pages = "";
         }},
        {"sister papers side by side", Conflict::unplaced,
         [](Fields& a, Fields& b) {
             b.title = "Oral magnesium for cramps in elder adults: a randomised trial",
             a.pages = b.pages = "";
         }},
    };
    for (const Row& r : rows) {
        CAPTURE(r.what);
        Fields a = article(), b = article();
        r.change(a, b);
        const auto v = laid(a, b);
        CHECK(v.comparison.has(r.conflict));
        CHECK_FALSE(v.merged);
        // The other way round it is the same.
        const auto w = laid(b, a);
        CHECK(w.comparison.conflicts == v.comparison.conflicts);
        CHECK(w.comparison.score == v.comparison.score);
    }
}

TEST_CASE("a shared DOI alone proves nothing") {
    Fields a = article(), b = article();
    a.doi = b.doi = "10.1007/s00125-015-3687-4"; // the DOI of a whole supplement
    b.title = "Vitamin D status of night nurses in winter: a survey";
    b.authors = "Poe, D.; Moe, E.";
    CHECK_FALSE(laid(a, b).merged);
}

TEST_CASE("translated titles are merged where everything else agrees") {
    Fields a = article(), b = article();
    b.title = "[Magnesium bei Wadenkraempfen aelterer Menschen]";
    CHECK(laid(a, b).merged);
    b.title = "Magnesium bei Wadenkraempfen aelterer Menschen"; // without the brackets it may be a neighbour
                                                                // on the page
    CHECK_FALSE(laid(a, b).merged);
}

TEST_CASE("rules can be switched off") {
    Fields a = article(), b = article();
    a.doi = "10.1002/14651858.CD009402.pub2", b.doi = "10.1002/14651858.CD009402.pub3";
    Rules rules;
    CHECK_FALSE(laid(a, b, rules).merged);
    CHECK(rules.set("version", false));
    CHECK(laid(a, b, rules).merged); // place and pages agree, so nothing else stands against it
    CHECK_FALSE(rules.set("no-such-rule", false));
    Rules blind;
    for (const auto& r : evidence_table())
        CHECK(blind.set(r.name, false));
    CHECK(laid(a, a, blind).comparison.score == 0);
}

TEST_CASE("a chain of good pairs does not carry a record to a contradiction") {
    // The middle record has no pages and fits both; the outer two stand on different pages.
    Fields a = article(), middle = article(), b = article();
    middle.pages = "";
    b.pages = "501-509";
    Catalogue catalogue;
    catalogue.add(a);
    catalogue.add(middle);
    catalogue.add(b);
    catalogue.find_series();
    const Groups groups = group(catalogue, {});
    CHECK(groups.count() == 2);
    CHECK(groups.group[0] != groups.group[2]);
}

TEST_CASE("a person's decision goes before the rules") {
    Fields a = article(), b = article(), c = article();
    c.title = "Something else entirely, about quite another matter";
    Catalogue catalogue;
    for (const auto& f : {a, b, c})
        catalogue.add(f);
    catalogue.find_series();
    CHECK(group(catalogue, {}).count() == 2);
    const Decision apart[] = {{0, 1, false}};
    CHECK(group(catalogue, {}, apart).count() == 3);
    const Decision together[] = {{1, 2, true}};
    const Groups all = group(catalogue, {}, together);
    CHECK(all.count() == 1);
    CHECK(all.merges[0].decided);
    const Decision both[] = {{0, 1, false}, {0, 2, true}, {1, 2, true}};
    CHECK(group(catalogue, {}, both).clashes.size() == 1);
}

TEST_CASE("each rule is documented, and each documented rule exists") {
    std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/docs/methods/dedupe.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string doc = text.str();
    std::set<std::string> names;
    for (const auto& r : evidence_table())
        names.emplace(r.name);
    for (const auto& r : conflict_table())
        names.emplace(r.name);
    for (const auto& name : names) {
        CAPTURE(name);
        CHECK(doc.find("| `" + name + "` |") != std::string::npos);
    }
    for (std::size_t at = doc.find("\n| `"); at != std::string::npos; at = doc.find("\n| `", at + 1)) {
        const std::string name = doc.substr(at + 4, doc.find('`', at + 4) - at - 4);
        CAPTURE(name);
        CHECK(names.contains(name));
    }
}

TEST_CASE("the three metrics") {
    // Two true groups a (3 records) and b (2), and a loner c. Found: one copy missed, one false merge of b
    // and c.
    const std::string truth[] = {"a", "a", "a", "b", "b", "c"};
    const std::string found[] = {"1", "1", "2", "3", "3", "3"};
    const Score s = score(truth, found);
    CHECK(s.lost == 1);            // c
    CHECK(s.left == 1);            // a's second copy
    CHECK(s.removed_rightly == 2); // one of a, one of b
    CHECK(s.removal_precision == doctest::Approx(2.0 / 3));
    CHECK(s.removal_recall == doctest::Approx(2.0 / 3));
    CHECK(s.pair_precision == doctest::Approx(2.0 / 4)); // pairs found: aa, bb, bc, bc
    CHECK(s.pair_recall == doctest::Approx(2.0 / 4));    // pairs true: aa aa aa bb
    CHECK(s.member_precision == doctest::Approx(4.0 / 5));
    CHECK(s.member_recall == doctest::Approx(4.0 / 5));
    CHECK(score(truth, truth).removal_precision == 1);
}
