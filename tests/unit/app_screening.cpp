// Working through a store: what comes next, what is learnt, who may see what, what can be taken back.
#include "app/screening.hpp"
#include "app/store.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "screen/models.hpp"
#include "store/flow.hpp"
#include "support/garden.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

const store::Act ann{"ann", "2026-11-22T10:00:00Z"}, bo{"bo", "2026-11-22T11:00:00Z"};

struct Garden : test::Garden {
    app::ScreeningRequest asked(int reviewers = 1, const char* stage = "screen") const {
        app::ScreeningRequest request;
        request.reviewers = reviewers;
        request.stage = stage;
        return request;
    }
};

std::string code_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.code;
    }
    return "none";
}

} // namespace

TEST_CASE("screening: reads by the model, finds the relevant records early, and the flow follows") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    std::size_t relevant = 0, read = 0;
    while (relevant < 12) {
        const auto queue = screening.next("ann");
        REQUIRE(queue.next.size() == 1);
        CHECK(queue.left == 80 - read);
        const auto record = queue.next[0].record;
        REQUIRE(screening.label(ann, {record, g.right(record), {}, false}) > 0);
        relevant += g.truth.at(record);
        ++read;
    }
    CHECK(read < 40); // at random: 75 on average
    const auto status = screening.status();
    CHECK(status.include == 12);
    CHECK(status.settled == read);
    const auto flow = store::flow(g.store);
    CHECK(flow[model::FlowBox::records_screened] == static_cast<std::int64_t>(read));
    CHECK(flow[model::FlowBox::dbr_sought_reports] == 12);
}

TEST_CASE("screening: a model that went on is the one fitted from nothing") {
    Garden g;
    app::Screening on(g.store, g.asked());
    for (int i = 0; i < 30; ++i) {
        const auto record = on.next("ann").next.at(0).record;
        on.label(ann, {record, g.right(record), {}, false});
    }
    app::Screening anew(g.store, g.asked());
    const auto a = on.next("ann", 50), b = anew.next("ann", 50);
    REQUIRE(a.next.size() == 50);
    REQUIRE(b.next.size() == 50);
    std::map<std::int64_t, double> score;
    for (const auto& shown : a.next)
        score[shown.record] = shown.score.value();
    for (const auto& shown : b.next)
        CHECK(shown.score.value() == doctest::Approx(score.at(shown.record)).epsilon(0.01));
}

TEST_CASE("screening: reasons add up and are words of the record") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    for (const auto& [record, relevant] : g.truth)
        if (record % 2 == 0) screening.label(ann, {record, g.right(record), {}, false});
    const auto queue = screening.next("ann", 40);
    REQUIRE(queue.next.size() == 40);
    CHECK(g.truth.at(queue.next.front().record));
    double last = queue.next.front().score.value();
    for (const auto& shown : queue.next) {
        CHECK(shown.order == "model");
        CHECK(shown.score.value() <= last + 1e-3);
        last = shown.score.value();
        REQUIRE_FALSE(shown.reasons.empty());
        for (std::size_t i = 1; i < shown.reasons.size(); ++i)
            CHECK(std::abs(shown.reasons[i].weight) <= std::abs(shown.reasons[i - 1].weight));
    }
    const auto& top = queue.next.front();
    std::string text = top.title + " " + top.abstract;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const auto& reason : top.reasons)
        CHECK(text.find(reason.term.substr(0, reason.term.find(' '))) != std::string::npos);
    CHECK(top.reasons.front().weight > 0);
}

TEST_CASE("screening: undo restores the exact state") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    for (int i = 0; i < 20; ++i) {
        const auto record = screening.next("ann").next.at(0).record;
        screening.label(ann, {record, g.right(record), {}, false});
    }
    const auto state = [&] {
        app::Screening fresh(g.store, g.asked());
        return app::queue_json(fresh.next("ann", 100)) + app::screening_status_json(fresh.status()) +
               fresh.export_as("csv") + app::stop_json(fresh.stop(0.95, 0.95));
    };
    const auto before = state();
    const auto record = screening.next("ann").next.at(0).record;
    screening.label(ann, {record, "include", {}, false});
    screening.label(ann, {record, "exclude", "second thoughts", false});
    CHECK(state() != before);
    CHECK(screening.undo(ann, 0, {}).value == "exclude");
    CHECK(screening.status().people.at(0).include + screening.status().people.at(0).exclude == 21);
    CHECK(screening.undo(ann, 0, {}).value == "include");
    CHECK(state() == before);
}

TEST_CASE("screening: two people work blind") {
    Garden g;
    const auto view = [&](const std::string& who) {
        app::Screening screening(g.store, g.asked(2));
        return app::queue_json(screening.next(who, 100));
    };
    app::Screening screening(g.store, g.asked(2));
    for (const std::int64_t record : {1, 4, 5, 7, 13})
        screening.label(bo, {record, g.right(record), "because", false});
    const auto blind = view("bo");
    const auto fresh = view("ann");
    for (const std::int64_t record : {1, 4, 5, 7, 13, 20, 23})
        screening.label(ann, {record, g.right(record), "secret", false});
    CHECK(view("bo") == blind); // nothing of what ann decided moves bo's list
    CHECK(blind.find("secret") == std::string::npos);
    CHECK(view("ann") != fresh);
    // A third person reads only what has not got two labels yet.
    app::Screening third(g.store, g.asked(2));
    std::set<std::int64_t> offered;
    for (const auto& shown : third.next("cem", 100).next)
        offered.insert(shown.record);
    CHECK(offered.size() == 75);
    CHECK(offered.count(1) == 0);
    CHECK(offered.count(20) == 1);
}

TEST_CASE("screening: conflicts, their resolution, agreement on records that both read") {
    Garden g;
    app::Screening screening(g.store, g.asked(2));
    for (std::int64_t record = 1; record <= 10; ++record)
        screening.label(ann, {record, g.right(record), {}, false});
    REQUIRE(g.truth.at(7));
    for (std::int64_t record = 4; record <= 12; ++record)
        screening.label(bo, {record, record == 7 ? "exclude" : g.right(record), {}, false});
    const auto status = screening.status();
    CHECK(status.settled == 6);
    CHECK(status.waiting == 5);
    REQUIRE(status.pairs.size() == 1);
    CHECK(status.pairs[0].agreement.both == 7);
    CHECK(status.pairs[0].agreement.agree == 6);
    REQUIRE(status.conflicts.size() == 1);
    CHECK(status.conflicts[0].record == 7);
    CHECK(status.conflicts[0].labels.size() == 2);
    CHECK(code_of([&] { screening.label(ann, {4, "include", {}, true}); }) == "screen/no-conflict");
    screening.label({"cem", "2026-11-22T12:00:00Z"}, {7, "include", "talked about it", true});
    CHECK(screening.status().conflicts.empty());
    CHECK(screening.status().settled == 7);
    CHECK(screening.status().include == (g.truth.at(5) ? 1U : 0U) + 1U);
}

TEST_CASE("screening: full texts are those kept, and their exclusion needs a reason") {
    Garden g;
    app::Screening abstracts(g.store, g.asked());
    for (const std::int64_t record : {5, 7, 13})
        abstracts.label(ann, {record, "include", {}, false});
    abstracts.label(ann, {1, "exclude", {}, false});
    app::Screening full(g.store, g.asked(1, "fulltext"));
    CHECK(full.next("ann", 10).next.size() == 3);
    CHECK(code_of([&] { full.label(ann, {1, "include", {}, false}); }) == "screen/not-sought");
    CHECK(code_of([&] { full.label(ann, {5, "exclude", {}, false}); }) == "screen/needs-reason");
    CHECK(code_of([&] { full.label(ann, {5, "perhaps", {}, false}); }) == "screen/unknown-value");
    CHECK(code_of([&] { abstracts.label(ann, {2, "not-retrieved", {}, false}); }) == "screen/unknown-value");
    CHECK(code_of([&] { full.label(ann, {999, "include", {}, false}); }) == "store/unknown-record");
    full.label(ann, {5, "exclude", "wrong comparison", false});
    full.label(ann, {7, "not-retrieved", {}, false});
    full.label(ann, {13, "include", {}, false});
    const auto flow = store::flow(g.store);
    REQUIRE(flow.of(model::FlowBox::dbr_excluded).size() == 1);
    CHECK(flow.of(model::FlowBox::dbr_excluded)[0].label == "wrong comparison");
    CHECK(flow[model::FlowBox::dbr_notretrieved_reports] == 1);
    CHECK(flow[model::FlowBox::new_reports] == 1);
    CHECK(full.next("ann").next.empty());
    CHECK(code_of([&] { full.stop(0.95, 0.95); }) == "usage");
    CHECK(code_of([&] { app::Screening(g.store, g.asked(1, "abstracts")); }) == "screen/no-stage");
    CHECK(code_of([&] { full.undo(bo, 0, {}); }) == "store/cannot-undo");
}

TEST_CASE("screening: somebody else's decision cannot be taken back") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    const auto event = screening.label(ann, {1, "exclude", {}, false});
    CHECK(screening.label(ann, {1, "exclude", {}, false}) == 0);
    CHECK(code_of([&] { screening.undo(bo, event, {}); }) == "screen/not-yours");
    CHECK(code_of([&] { screening.undo(ann, 1, {}); }) == "store/cannot-undo"); // an import
    CHECK(screening.undo(ann, event, "a slip").record == 1);
}

TEST_CASE("screening: stopping says what is known and what is not") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    CHECK_FALSE(screening.stop(0.95, 0.95).stop);
    for (std::int64_t record = 1; record <= 3; ++record)
        screening.label(ann, {record, "exclude", {}, false});
    auto report = screening.stop(0.95, 0.95);
    CHECK(report.sentence.find("nothing is known about the 77 unread") != std::string::npos);
    for (const auto& rule : report.rules)
        CHECK_FALSE(rule.stop);
    std::size_t in_a_row = 0, found = 0;
    for (int i = 0; i < 60; ++i) {
        const auto record = screening.next("ann").next.at(0).record;
        screening.label(ann, {record, g.right(record), {}, false});
        in_a_row = g.truth.at(record) ? 0 : in_a_row + 1;
        found += g.truth.at(record);
    }
    report = screening.stop(0.95, 0.95);
    CHECK(report.read == 63);
    CHECK(report.found == found);
    CHECK(report.in_a_row == in_a_row);
    CHECK(report.audit > 0);
    CHECK(report.audit <= 17);
    for (std::int64_t record = 1; record <= 80; ++record)
        screening.label(ann, {record, g.right(record), {}, false});
    report = screening.stop(0.95, 0.95);
    CHECK(report.stop);
    CHECK(report.sentence.find("nothing is left unread") != std::string::npos);
}

TEST_CASE("screening: labels come in from another tool and go out again") {
    Garden g;
    app::Screening screening(g.store, g.asked());
    const std::string rayyan =
        "title,year,notes\n"
        "Genome of the wild pumpkin,,\"RAYYAN-INCLUSION: {\"\"Ann\"\"=>\"\"Excluded\"\", "
        "\"\"Bo\"\"=>\"\"Maybe\"\"}\"\n"
        "No such record,,\"RAYYAN-INCLUSION: {\"\"Ann\"\"=>\"\"Included\"\"}\"\n"
        "Storage of pepper after harvest,,\n";
    auto in = screening.import_labels(ann, "rayyan.csv", rayyan);
    CHECK(in.records == 3);
    CHECK(in.labels == 2);
    CHECK(in.unmatched == 1);
    CHECK(in.without == 1);
    CHECK(screening.import_labels(ann, "rayyan.csv", rayyan).known == 2);
    CHECK(screening.status().people.size() == 2);
    CHECK(screening.status().conflicts.size() == 1);
    const auto data = read_file(ASSAY_SOURCE_DIR "/tests/data/screen/garden.csv");
    in = screening.import_labels(ann, "garden.csv", data);
    CHECK(in.labels + in.ambiguous == 80);
    // What is exported is read again as the same decisions.
    const auto csv = screening.export_as("csv");
    Garden other;
    app::Screening copy(other.store, other.asked());
    copy.import_labels(ann, "export.csv", csv);
    CHECK(copy.status().include == screening.status().include);
}

TEST_CASE("screen reasons: intercept and all terms together are the score") {
    const std::vector<screen::Text> texts = {
        {"Trial of mulch in beans", "Plots were assigned at random."},
        {"Trial of straw in beans", "Plots were assigned at random to straw."},
        {"History of beans", "A book of recipes and prices."},
        {"Prices of straw", "A history of prices in spring."},
        {"Random prices of beans", "Plots and straw in a trial of recipes."},
    };
    const auto model = *screen::model_of("default");
    const auto features = screen::text_features(texts, model.text);
    const screen::Similarity similarity(features.matrix);
    screen::Ranker ranker(similarity, model.ranker);
    for (const std::size_t row : {0U, 1U, 2U, 3U})
        ranker.decide(row, row < 2);
    double sum = 0;
    bool against = false;
    for (const auto& reason : screen::reasons(features, model.text, ranker, 4, texts[4], 1000)) {
        sum += reason.weight;
        against |= reason.term == "prices" && reason.weight < 0;
    }
    CHECK(against);
    CHECK(sum + ranker.solver().intercept() == doctest::Approx(ranker.score(4)).epsilon(1e-5));
    CHECK(screen::reasons(features, model.text, ranker, 4, texts[4], 3).size() == 3);
}

TEST_CASE("screening: the order of the records in their file does not matter to the model") {
    Garden g;
    fs::path file = g.file;
    file += ".reversed";
    {
        auto reversed = store::Store::open(file.string(), true);
        std::vector<model::Record> records;
        for (std::int64_t id = 80; id >= 1; --id)
            records.push_back(g.store.record(id));
        store::SourceFile source;
        source.label = "reversed", source.sha256 = "r";
        reversed.import(ann, source, records);
        app::Screening a(g.store, g.asked()), b(reversed, g.asked());
        for (const std::int64_t id : {5, 7, 1, 2, 3, 4, 13}) {
            a.label(ann, {id, g.right(id), {}, false});
            b.label(ann, {81 - id, g.right(id), {}, false});
        }
        std::map<std::int64_t, double> score;
        for (const auto& shown : a.next("ann", 80).next)
            score[shown.record] = shown.score.value();
        const auto other = b.next("ann", 80);
        REQUIRE(score.size() == 73);
        REQUIRE(other.next.size() == 73);
        for (const auto& shown : other.next)
            CHECK(shown.score.value() == doctest::Approx(score.at(81 - shown.record)).epsilon(0.001));
    }
    for (const char* end : {"", "-wal", "-shm"})
        fs::remove(file.string() + end);
}
