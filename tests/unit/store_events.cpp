// The store: what goes in comes out, events only grow, and what was undone no longer counts. Runs on a file,
// and on PostgreSQL where ASSAY_TEST_POSTGRES names a server (tests/checks/postgres.py starts one).
#include "base/error.hpp"
#include "store/flow.hpp"
#include "store/record_json.hpp"
#include "store/store.hpp"
#include "support/new_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace assay;
using model::FlowBox;
using test::NewStore;

namespace {

model::Record article(const std::string& title, const std::string& pmid) {
    model::Record r;
    r.type = "article-journal", r.title = title, r.date = "2015-03-12", r.container = "Journal of Tests";
    r.people.push_back({"author", "van der Berg", "Anna", "", false, "0000-0001-2345-6789", {"Ghent"}});
    r.people.push_back({"editor", "A Group", "", "", true, "", {}});
    r.abstract = {{"METHODS", "We counted."}, {"", "\xCE\xB2 was 'quoted' and \"double\"\n"}};
    r.ids = {{"pmid", pmid}, {"doi", "10.1000/" + pmid}};
    r.keywords = {{"mesh", "Magnesium", true}, {"", "cramps", false}};
    r.relations = {{"ErratumIn", "7", "Later"}};
    r.decisions = {{"rayyan", "Ann", "Included"}};
    r.raw = {{"TY", "JOUR"}, {"ZZ", "unknown, kept"}};
    r.issn = {"1234-5678"}, r.notes = {"note"}, r.line = 7, r.number = 2, r.offset = 99;
    return r;
}

const store::Act ann{"ann", "2026-11-22T10:00:00Z"};
const store::Act bo{"bo", "2026-11-22T10:05:00Z"};

store::SourceFile source(const std::string& label) {
    store::SourceFile s;
    s.label = label, s.file = label + ".ris", s.sha256 = "digest of " + label, s.format = "ris";
    return s;
}

store::Event label(std::int64_t record, const std::string& value, const std::string& stage = "screen",
                   const std::string& why = {}) {
    store::Event e;
    e.kind = "label", e.record = record, e.stage = stage, e.value = value, e.why = why;
    return e;
}

std::vector<store::Entry> entries(store::Store& s) {
    std::vector<store::Entry> all;
    s.each_entry([&](const store::Entry& e) {
        all.push_back(e);
        return true;
    });
    return all;
}

} // namespace

TEST_CASE("store: a record comes back whole") {
    const auto r = article("A title", "1");
    const auto back = store::record_from_json(store::record_to_json(r));
    CHECK(store::record_to_json(back) == store::record_to_json(r));
    CHECK(back.people.size() == 2);
    CHECK(back.people[1].collective);
    CHECK(back.people[0].orcid == r.people[0].orcid);
    CHECK(back.abstract[1].text == r.abstract[1].text);
    CHECK(back.raw[1].value == "unknown, kept");
    CHECK(back.keywords[0].major);
    CHECK(back.offset == 99);
    CHECK_THROWS_AS(store::record_from_json("[1"), Error);
}

TEST_CASE("store: records, sources and groups survive closing") {
    const NewStore place;
    {
        auto s = place.open();
        const std::vector<model::Record> first = {article("One", "11"), article("Two", "12")};
        const std::vector<model::Record> second = {article("One again", "11"), article("Three", "13")};
        CHECK(s.import(ann, source("A"), first).added == 2);
        const auto done = s.import(ann, source("B"), second);
        CHECK(done.added == 2);
        CHECK(done.history == 2);
        const std::vector<store::Merge> merges = {{1, 3, "9.5", "pmid-equal +6"}};
        s.save_merges(ann, merges, "all rules");
    }
    auto s = place.open();
    CHECK(s.count_records() == 4);
    CHECK(s.source_of("digest of B") == 2);
    CHECK(s.source_of("other") == 0);
    const auto all = entries(s);
    REQUIRE(all.size() == 4);
    CHECK(all[0].title == "One");
    CHECK(all[0].year == "2015");
    CHECK(all[2].cluster == 1);
    CHECK(all[3].cluster == 4);
    CHECK(all[0].authors == "van der Berg, Anna");
    CHECK(s.record(3).raw.size() == 2);
    CHECK_THROWS_AS(s.record(99), Error);
    const auto f = store::flow(s);
    CHECK(f[FlowBox::database_results] == 4);
    CHECK(f[FlowBox::duplicates] == 1);
    CHECK(f.waiting.screen == 3);
    CHECK(f.sources[0].only_here == 1);
}

TEST_CASE("store: a run that finds other copies takes its merges back, a person's word stays") {
    const NewStore place;
    auto s = place.open();
    const std::vector<model::Record> records = {article("One", "1"), article("Two", "2"),
                                                article("Three", "3")};
    s.import(ann, source("A"), records);
    const std::vector<store::Merge> both = {{1, 2, "8", "x"}, {3, 2, "7", "y"}}, one = {{2, 1, "8", "x"}};
    s.save_merges(ann, both, "all");
    CHECK(entries(s)[2].cluster == 1);
    s.save_merges(ann, one, "fewer");
    CHECK(entries(s)[2].cluster == 3);
    CHECK(entries(s)[1].cluster == 1);
    // The same run again adds no merge.
    int merges = 0;
    s.save_merges(ann, one, "fewer");
    s.each_event([&](const store::Event&) { return ++merges > 0; }, "merge");
    CHECK(merges == 2);
    const std::string_view kinds[] = {"merge"};
    const auto last = s.last_event(kinds);
    s.undo(bo, last, "they differ");
    CHECK(entries(s)[1].cluster == 2);
    REQUIRE(s.verdicts().size() == 1);
    CHECK_FALSE(s.verdicts()[0].same);
    CHECK_THROWS_AS(s.undo(bo, last, "again"), Error);
    CHECK_THROWS_AS(s.undo(bo, 1, "an import"), Error);
    CHECK_THROWS_AS(s.undo(bo, 12345, "nothing"), Error);
    const std::vector<store::Verdict> said = {{1, 2, false, 0}, {2, 3, true, 0}};
    CHECK(s.add_verdicts(ann, said) == 1);
}

TEST_CASE("store: a whole run of deduplication can be undone") {
    const NewStore place;
    auto s = place.open();
    const std::vector<model::Record> records = {article("One", "1"), article("Two", "2"),
                                                article("Three", "3")};
    s.import(ann, source("A"), records);
    const std::vector<store::Merge> both = {{1, 2, "8", "x"}, {3, 2, "7", "y"}};
    const auto run = s.save_merges(ann, both, "all");
    s.undo(ann, run, "wrong rules");
    for (const auto& e : entries(s))
        CHECK(e.cluster == e.id);
    CHECK(s.verdicts().empty());
}

TEST_CASE("store: labels, their undoing and the flow of records") {
    const NewStore place;
    auto s = place.open();
    std::vector<model::Record> records;
    for (int i = 1; i <= 6; ++i)
        records.push_back(article("Title " + std::to_string(i), std::to_string(i)));
    s.import(ann, source("A"), records);
    const std::vector<store::Merge> copies = {{1, 2, "8", "x"}};
    s.save_merges(ann, copies, "all");
    const std::vector<store::Event> screened = {label(1, "include"), label(3, "include"), label(4, "exclude"),
                                                label(5, "include"), label(6, "unsure")};
    s.append_all(ann, screened);
    const std::vector<store::Event> read = {label(1, "include", "fulltext"),
                                            label(3, "exclude", "fulltext", "wrong outcome"),
                                            label(5, "not-retrieved", "fulltext")};
    s.append_all(ann, read);
    auto f = store::flow(s);
    CHECK(f[FlowBox::records_screened] == 4);
    CHECK(f[FlowBox::records_excluded] == 1);
    CHECK(f.waiting.screen == 1);
    CHECK(f.waiting.screen_unsure == 1);
    CHECK(f[FlowBox::dbr_sought_reports] == 3);
    CHECK(f[FlowBox::dbr_notretrieved_reports] == 1);
    CHECK(f[FlowBox::dbr_assessed] == 2);
    REQUIRE(f.of(FlowBox::dbr_excluded).size() == 1);
    CHECK(f.of(FlowBox::dbr_excluded)[0].label == "wrong outcome");
    CHECK(f[FlowBox::dbr_excluded] == 1);
    CHECK(f[FlowBox::new_reports] == 1);
    CHECK(f.unlinked == 1);
    CHECK_FALSE(f[FlowBox::new_studies]);

    // A second reviewer disagrees on a copy of record 1, and the conflict is settled.
    s.append(bo, label(2, "exclude"));
    f = store::flow(s);
    CHECK(f.waiting.screen_conflicts == 1);
    CHECK(f[FlowBox::dbr_sought_reports] == 2);
    REQUIRE(f.notes.size() == 1); // its full text is read, but whether it was sought is open
    CHECK(f.notes[0].find("1 record has a decision at full text") == 0);
    auto settled = label(1, "include");
    settled.kind = "resolve";
    const auto resolve = s.append(ann, settled);
    CHECK(store::flow(s).waiting.screen_conflicts == 0);
    CHECK(store::flow(s)[FlowBox::dbr_sought_reports] == 3);
    s.undo(ann, resolve, "not yet");
    CHECK(store::flow(s).waiting.screen_conflicts == 1);
    store::FlowOptions two;
    two.reviewers = 2;
    CHECK(store::flow(s, two)[FlowBox::records_screened] == 0);

    // A new label of the same person replaces the old one; undoing it brings the old one back.
    const auto change = s.append(ann, label(4, "include"));
    CHECK(store::consensus(s, "screen").at(4).value == "include");
    s.undo(ann, change, "slip");
    CHECK(store::consensus(s, "screen").at(4).value == "exclude");
    CHECK(s.labels("fulltext").size() == 3);
}

TEST_CASE("store: PubMed's deletions forget records") {
    const NewStore place;
    auto s = place.open();
    const std::vector<model::Record> records = {article("One", "1"), article("Two", "2")};
    s.import(ann, source("A"), records);
    model::Record gone;
    gone.deleted = true, gone.ids = {{"pmid", "2"}};
    const std::vector<model::Record> update = {gone};
    CHECK(s.import(ann, source("update"), update).forgotten == 1);
    CHECK(s.count_records() == 1);
    const auto f = store::flow(s);
    CHECK(f[FlowBox::excluded_other] == 1);
    REQUIRE(f.of(FlowBox::excluded_other).size() == 1);
    CHECK(f.of(FlowBox::excluded_other)[0].label == "deleted by their database");
    CHECK(f.waiting.screen == 1);
}

TEST_CASE("store: sources of other kinds, records removed, studies of reports, and their undoing") {
    const NewStore place;
    auto s = place.open();
    std::vector<model::Record> records;
    for (int i = 1; i <= 3; ++i)
        records.push_back(article("Title " + std::to_string(i), std::to_string(i)));
    s.import(ann, source("A"), records);
    store::SourceFile found = source("references of Roe");
    found.kind = "citation";
    const std::vector<model::Record> cited = {article("Title 1", "1"), article("Title 9", "9")};
    s.import(ann, found, cited);
    s.save_merges(ann, std::vector<store::Merge>{{1, 4, "9", "x"}}, "all");
    auto f = store::flow(s);
    CHECK(f[FlowBox::database_results] == 3);
    CHECK(f[FlowBox::citations_results] == 2);
    CHECK(f[FlowBox::duplicates] == 0);
    CHECK(f[FlowBox::other_left_out] == 1); // a copy of what the database had
    CHECK(f.waiting.other_screen == 1);

    store::Event kind;
    kind.kind = "source", kind.other = 2, kind.value = "register";
    const auto named = s.append(bo, kind);
    f = store::flow(s);
    CHECK(f[FlowBox::register_results] == 2);
    CHECK(f[FlowBox::duplicates] == 1);
    CHECK_FALSE(f[FlowBox::citations_results]);
    s.undo(bo, named, "it is not");
    CHECK(s.sources()[1].kind == "citation");

    store::Event removed;
    removed.kind = "remove", removed.record = 2, removed.value = "automatic", removed.why = "not a trial";
    const auto gone = s.append(ann, removed);
    f = store::flow(s);
    CHECK(f[FlowBox::excluded_automatic] == 1);
    CHECK(f.waiting.screen == 2);
    s.undo(ann, gone, "it is one");
    CHECK(store::flow(s)[FlowBox::excluded_automatic] == 0);

    // The folder says which study a record belongs to; an event goes before it.
    s.append_all(ann, std::vector<store::Event>{label(3, "include"), label(3, "include", "fulltext")});
    store::FlowOptions folder;
    folder.studies = {{3, "roe2001"}};
    CHECK(store::flow(s).unlinked == 1);
    CHECK(store::flow(s, folder).studies == std::vector<std::string>{"roe2001"});
    store::Event study;
    study.kind = "study", study.record = 3, study.value = "poe2002";
    s.append(ann, study);
    CHECK(store::flow(s, folder).studies == std::vector<std::string>{"poe2002"});
    CHECK(store::flow(s, folder)[FlowBox::new_studies] == 1);
}

TEST_CASE("store: the log of events only grows") {
    const NewStore place;
    auto s = place.open();
    s.append(ann, label(1, "include"));
    CHECK_THROWS_AS(s.database().run("UPDATE event SET value = 'exclude'"), Error);
    CHECK_THROWS_AS(s.database().run("DELETE FROM event"), Error);
    CHECK(s.labels().size() == 1);
}

TEST_CASE("store: many entries come in pages, each once") {
    const NewStore place;
    auto s = place.open();
    std::vector<model::Record> records;
    for (int i = 1; i <= 4500; ++i)
        records.push_back(article("Title " + std::to_string(i), std::to_string(i)));
    s.import(ann, source("A"), records);
    std::int64_t expected = 0;
    for (const auto& e : entries(s))
        REQUIRE(e.id == ++expected);
    CHECK(expected == 4500);
    int seen = 0;
    s.each_entry([&](const store::Entry&) { return ++seen < 10; });
    CHECK(seen == 10);
}

TEST_CASE("store: a newer store is left alone") {
    const NewStore place;
    {
        auto s = place.open();
        s.database().script("INSERT INTO store_version(version) VALUES(99)");
    }
    CHECK_THROWS_WITH_AS(place.open(), doctest::Contains("newer assay"), Error);
}
