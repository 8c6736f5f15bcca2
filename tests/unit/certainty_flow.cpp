// The invariants of the flow on stated counts, acceptances, and the table of boxes.
#include "app/checklist.hpp"
#include "app/flow.hpp"
#include "certainty/checklist.hpp"
#include "certainty/flow.hpp"
#include "model/flow_boxes.hpp"
#include "plot/flow_svg.hpp"
#include "report/checklist_places.hpp"
#include "report/flow_csv.hpp"
#include "report/html.hpp"
#include "support/creatine.hpp"
#include "text/csv.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace assay;
using model::FlowBox;

namespace {

/// A flow that balances, with every box of the template (numbers invented).
model::Review stated() {
    model::Review review;
    int line = 1;
    const auto add = [&](const char* box, const char* label, double n) {
        model::FlowCount row;
        row.box = box, row.label = label, row.n = n, row.place = {"flow.csv", ++line, 0};
        review.flow.push_back(row);
    };
    add("database_results", "", 500);
    add("database_specific_results", "Ovid MEDLINE", 300);
    add("database_specific_results", "Embase", 200);
    add("register_specific_results", "ClinicalTrials.gov", 40);
    add("duplicates", "", 120);
    add("excluded_automatic", "", 10);
    add("records_screened", "", 410);
    add("records_excluded", "", 350);
    add("dbr_sought_reports", "", 60);
    add("dbr_notretrieved_reports", "", 5);
    add("dbr_assessed", "", 55);
    add("dbr_excluded", "wrong people", 20);
    add("dbr_excluded", "no control", 15);
    add("website_results", "", 3);
    add("citations_results", "", 7);
    add("other_sought_reports", "", 10);
    add("other_assessed", "", 10);
    add("other_excluded", "no control", 6);
    add("previous_studies", "", 12);
    add("previous_reports", "", 14);
    add("new_studies", "", 21);
    add("new_reports", "", 24);
    add("total_studies", "", 33);
    add("total_reports", "", 38);
    return review;
}

model::FlowCount& row(model::Review& review, const std::string& box, const std::string& label = {}) {
    for (model::FlowCount& count : review.flow)
        if (count.box == box && count.label == label) return count;
    FAIL("no such row");
    return review.flow.front();
}

std::vector<model::FlowProblem> problems(const model::Review& review) {
    return certainty::flow_problems(certainty::stated_flow(review), review.flow_accepted);
}

} // namespace

TEST_CASE("flow: stated counts that fit have no problem; lines alone give the sum") {
    const model::Review review = stated();
    const model::Flow flow = certainty::stated_flow(review);
    CHECK(flow.origin == model::FlowOrigin::stated);
    CHECK(flow[FlowBox::register_results] == 40);
    CHECK(flow[FlowBox::dbr_excluded] == 35);
    CHECK(flow[FlowBox::dbr_included] == 20);
    CHECK(flow.finished());
    CHECK(problems(review).empty());
    CHECK(certainty::stated_flow(model::Review()).origin == model::FlowOrigin::none);
    CHECK(problems(model::Review()).empty());
}

TEST_CASE("flow: each wrong count is found with the numbers of both sides") {
    const std::pair<const char*, const char*> rows[] = {
        {"database_results", "F1"}, {"duplicates", "F2"},         {"records_screened", "F2"},
        {"records_excluded", "F3"}, {"dbr_sought_reports", "F3"}, {"dbr_notretrieved_reports", "F4"},
        {"dbr_assessed", "F4"},     {"website_results", "F6"},    {"other_sought_reports", "F6"},
        {"other_assessed", "F6"},   {"new_reports", "F7"},        {"total_studies", "F7"},
        {"previous_reports", "F7"},
    };
    for (const auto& [box, check] : rows) {
        model::Review review = stated();
        *row(review, box).n += 1;
        const auto found = problems(review);
        REQUIRE_MESSAGE(!found.empty(), box);
        CHECK_MESSAGE(found.front().check == check, box << ": " << found.front().text);
        CHECK(std::abs(found.front().left - found.front().right) == 1);
    }
    model::Review review = stated();
    *row(review, "new_studies").n = 25; // of 24 reports
    bool more = false;
    for (const auto& problem : problems(review))
        more |= problem.text.find("new studies = 25, more than reports of new included studies = 24") == 0;
    CHECK(more);
}

TEST_CASE("flow: a difference that somebody accepts holds for its numbers only") {
    model::Review review = stated();
    *row(review, "records_excluded").n = 349;
    auto found = problems(review);
    REQUIRE(found.size() == 1);
    CHECK(found[0].text == "records screened - records excluded = 61, but reports sought = 60");
    CHECK(certainty::stated_flow(review).problems.empty());
    model::FlowAcceptance row_;
    row_.check = "F3", row_.left = 61, row_.right = 60, row_.who = "A. B.", row_.when = "2026-11-21",
    row_.why = "one record was screened twice", row_.place = {"flow_accepted.csv", 2, 0};
    review.flow_accepted.push_back(row_);
    model::Flow flow = certainty::stated_flow(review);
    flow.problems = problems(review);
    REQUIRE(flow.problems.size() == 1);
    REQUIRE(flow.problems[0].accepted);
    CHECK(certainty::open_problems(flow) == 0);
    const auto notes = plot::flow_footnotes(flow);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("Accepted by A. B., 2026-11-21: one record was screened twice") != std::string::npos);
    Diagnostics quiet;
    app::check_stated_flow(review, quiet);
    CHECK(quiet.items().empty());

    review.flow_accepted[0].left = 62;
    flow.problems = problems(review);
    CHECK(certainty::open_problems(flow) == 1);
    Diagnostics told;
    app::check_stated_flow(review, told);
    REQUIRE(told.items().size() == 2);
    CHECK(told.items()[0].code == "flow/unbalanced");
    CHECK(told.items()[0].place.line == row(review, "dbr_sought_reports").place.line);
    CHECK(told.items()[1].code == "flow/accepted-unused");
}

TEST_CASE("flow: the table of boxes is whole, and its names are those of flow.csv") {
    std::set<std::string_view> names;
    for (const auto& box : model::flow_box_table()) {
        CHECK(&model::flow_box(box.box) == &box);
        CHECK(names.insert(box.name).second);
        CHECK_FALSE(box.title.empty());
    }
    CHECK(names.size() == model::flow_boxes);
    std::set<std::string_view> checks;
    for (const auto& row_ : certainty::flow_invariants())
        checks.insert(row_.check);
    CHECK(checks.size() == 9);
}

TEST_CASE("flow: hostile labels stay text in diagram and table") {
    model::Review review = stated();
    row(review, "dbr_excluded", "no control").label = "</svg><script>alert('x, y; z')</script>";
    const model::Flow flow = certainty::stated_flow(review);
    for (const auto layout : {plot::Layout::wide, plot::Layout::compact}) {
        const auto figure = plot::flow_svg(flow, layout, "");
        CHECK(figure.svg.find("<script") == std::string::npos);
        CHECK(figure.svg.find("<title") != std::string::npos);
        CHECK(figure.svg.find("<desc") != std::string::npos);
        CHECK(figure.svg.find("role=\"img\"") != std::string::npos);
        CHECK(figure.height > 200);
    }
    const std::string csv = report::flow_csv(flow, "index.html#flow");
    Diagnostics none;
    const auto table = text::read_csv("flow.csv", csv, none);
    CHECK(none.items().empty());
    CHECK(table.rows().size() == 32);
    bool seen = false;
    for (const auto& line : table.rows())
        if (table.cells(line)[0].text == "dbr_excluded") {
            seen = true;
            CHECK(table.cells(line)[7].text ==
                  "wrong people, 20; </svg><script>alert(\xE2\x80\x99x/ y/ z\xE2\x80\x99)</script>, 15");
        }
    CHECK(seen);
    CHECK(plot::flow_svg(model::Flow(), plot::Layout::wide, "").svg.empty());
}

TEST_CASE("checklists: 42, 12 and 16 items, each once, each place known") {
    std::map<std::string, int> count;
    std::set<std::pair<std::string, std::string>> seen;
    const model::Review review = creatine::review();
    const model::ReviewResults results = creatine::results();
    for (const auto& item : certainty::checklist_items()) {
        ++count[item.checklist];
        CHECK(seen.insert({item.checklist, item.item}).second);
        CHECK_FALSE(item.label.empty());
        CHECK_NOTHROW(report::checklist_place(item.find, review, results)); // an unknown word is a bug
    }
    CHECK(count["prisma2020"] == 42);
    CHECK(count["abstract"] == 12);
    CHECK(count["prisma-s"] == 16);
}

TEST_CASE("checklists: every link that assay makes finds its place, with and without a flow") {
    const model::Review review = creatine::review();
    for (const auto origin :
         {model::FlowOrigin::none, model::FlowOrigin::stated, model::FlowOrigin::events}) {
        model::ReviewResults results = creatine::results();
        results.flow = certainty::stated_flow(stated());
        results.flow.origin = origin;
        if (origin == model::FlowOrigin::events) {
            results.flow.excluded.push_back({3, "A <b>title</b>", "2001", "no control"});
            results.flow.sources.push_back({"refs", "citation", 3, 1, "2026-11-22T10:00:00Z"});
            results.flow.previous.emplace();
        }
        results.checklist = app::checklist_rows(review, results);
        const std::string html = report::html(review, results);
        auto rows = results.checklist;
        CHECK(app::drop_broken_links(rows, html) == 0); // throws where a link of our own leads nowhere
        int linked = 0;
        for (const auto& row_ : rows)
            linked += !row_.where.empty();
        CHECK(linked >= (origin == model::FlowOrigin::events ? 20 : 10));
        CHECK(linked < 70);
        CHECK((html.find("<svg") != std::string::npos));
        CHECK((html.find("there is no flow diagram") != std::string::npos) ==
              (origin == model::FlowOrigin::none));
        CHECK(html.find("not reported") != std::string::npos);
    }
}

TEST_CASE("checklists: sources count as dated only where each name holds a date") {
    const model::Review review = creatine::review();
    model::ReviewResults results = creatine::results();
    results.flow.origin = model::FlowOrigin::events;
    results.flow.sources = {{"Ovid MEDLINE 2026-11-20", "database", 3, 1, "2026-11-22T10:00:00Z"}};
    CHECK(report::checklist_place("sources", review, results).where == "#flow-sources");
    results.flow.sources.push_back({"ClinicalTrials.gov", "register", 3, 1, "2026-11-22T10:00:00Z"});
    CHECK(report::checklist_place("sources", review, results).where == "");
    CHECK(report::checklist_place("registers", review, results).where == "#flow-sources");
    CHECK(report::checklist_place("websites", review, results).where == "");
}

TEST_CASE("checklists: a given link goes before a found one; one that leads nowhere counts as none") {
    model::Review review = creatine::review();
    model::ReviewResults results = creatine::results();
    const auto link = [&](const char* list, const char* item, const char* where, const char* note) {
        model::ChecklistLink row_;
        row_.checklist = list, row_.item = item, row_.where = where, row_.note = note;
        row_.place = {"prisma.csv", 2 + static_cast<int>(review.checklist.size()), 0};
        review.checklist.push_back(row_);
    };
    link("prisma2020", "24a", "https://example.org/r", "before the search");
    link("prisma2020", "10a", "#nowhere", "");
    link("prisma2020", "23a", "", "not written yet");
    link("prisma2020", "99", "#data", "");
    link("abstract", "1", "javascript:alert(1)", "");
    link("abstract", "2", "../../etc/passwd", "");
    results.checklist = app::checklist_rows(review, results);
    const std::string html = report::html(review, results);
    CHECK(app::drop_broken_links(results.checklist, html) == 1);
    std::map<std::string, model::ChecklistRow> by;
    for (const auto& row_ : results.checklist)
        if (row_.checklist == "prisma2020") by[row_.item] = row_;
    CHECK(by["24a"].where == "https://example.org/r");
    CHECK(by["10a"].where == "");
    CHECK(by["10a"].note == "the report has no place #nowhere");
    CHECK(by["23a"].note == "not written yet");
    CHECK(html.find("href=\"javascript:") == std::string::npos);
    Diagnostics told;
    app::check_checklist_links(review, ".", told);
    REQUIRE(told.items().size() == 3);
    CHECK(told.items()[0].code == "checklist/unknown-item");
    CHECK(told.items()[1].code == "checklist/link");
    CHECK(told.items()[2].code == "checklist/link");
}
