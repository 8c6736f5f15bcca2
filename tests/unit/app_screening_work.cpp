// Screening as people work together: settings, audits, blinding, two programs on one store, labels for other
// tools.
#include "app/screening.hpp"
#include "app/store.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "screen/stop.hpp"
#include "support/garden.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

const store::Act ann{"ann", "2026-11-22T10:00:00Z"}, bo{"bo", "2026-11-22T11:00:00Z"},
    cem{"cem", "2026-11-22T12:00:00Z"};

// The right decisions, in the order in which the model asks for them.
struct Plot : test::Garden {
    using Garden::Garden;
    void read(app::Screening& screening, int count, const store::Act& who = ann) {
        for (int i = 0; i < count; ++i) {
            const auto queue = screening.next(who.who);
            if (queue.next.empty()) return;
            screening.label(who, {queue.next[0].record, right(queue.next[0].record), {}, false});
        }
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

std::string everything(app::Screening& screening, const std::string& who) {
    return app::queue_json(screening.next(who, 100)) + app::screening_status_json(screening.status()) +
           screening.export_as("csv") + app::stop_json(screening.stop());
}

} // namespace

TEST_CASE("screening setup: settings hold for every command, are logged, and are refused where they make no "
          "sense") {
    Plot p;
    CHECK(app::change_setup(p.store, ann, {{"reviewers", "2"}, {"target", "0.9"}}, "protocol of 3 May") == 2);
    CHECK(app::change_setup(p.store, bo, {{"reviewers", "2"}}, "again") == 0); // nothing new, nothing logged
    app::Screening screening(p.store, {});
    CHECK(screening.setup().reviewers == 2);
    CHECK(screening.stop().target == 0.9);
    CHECK(screening.stop(0.8).target == 0.8);
    const auto settings = store::settings(p.store);
    CHECK(settings.at("reviewers").who == "ann");
    CHECK(settings.at("reviewers").why == "protocol of 3 May");
    // A command that says otherwise would unblind a blind review.
    app::ScreeningRequest alone;
    alone.reviewers = 1;
    CHECK(code_of([&] { app::Screening(p.store, alone); }) == "screen/other-setting");
    alone.reviewers = 2;
    CHECK(code_of([&] { app::Screening(p.store, alone); }) == "none");
    // A change reaches a program that is already at work.
    app::change_setup(p.store, bo, {{"reviewers", "1"}, {"people", "ann, bo"}}, "one is enough");
    CHECK(screening.status().reviewers == 1);
    CHECK(code_of([&] { screening.label(cem, {1, "include", {}, false}); }) == "screen/not-a-reviewer");
    CHECK(screening.label(bo, {1, "include", {}, false}) > 0);
    const std::map<std::string, std::string> wrong = {
        {"reviewers", "0"},  {"reviewers ", "2"}, {"target", "1"},       {"blind", "maybe"},
        {"confidence", "x"}, {"seed", "-1"},      {"people", "a\x1b[2J"}};
    for (const auto& [name, value] : wrong) {
        CAPTURE(name);
        CHECK(code_of([&] { app::change_setup(p.store, ann, {{name, value}}, ""); }) == "screen/setting");
    }
    CHECK(code_of([&] {
              app::change_setup(p.store, ann, {{"protocol", "nowhere.json"}}, "");
          }) == "file/unreadable");
    app::change_setup(p.store, ann, {{"people", ""}}, "anybody");
    CHECK(app::Screening(p.store, {}).setup().people.empty());
}

TEST_CASE("screening setup: the protocol is kept in the store, its words choose what is read first") {
    Plot p;
    app::change_setup(p.store, ann,
                      {{"protocol", ASSAY_SOURCE_DIR "/tests/data/screen/garden_protocol.json"}}, "");
    app::Screening screening(p.store, {});
    CHECK(screening.next("ann").next.at(0).order == "protocol");
    CHECK(p.truth.at(screening.next("ann").next.at(0).record));
    const auto criteria = app::criteria_of(screening.setup());
    CHECK(criteria.include.size() == 3);
    CHECK(app::criteria_text(screening.setup(), 80).find("plots assigned at random") != std::string::npos);
}

TEST_CASE("screening: what others add is seen without reading everything again, and equals a fresh look") {
    Plot p;
    app::Screening old(p.store, {});
    p.read(old, 15);
    {
        auto store = store::Store::open(p.file.string(), false);
        app::Screening other(store, {});
        p.read(other, 6, bo);
        other.label(bo, {other.next("bo").next.at(0).record, "unsure", {}, false});
        other.undo(bo, 0, "a slip");
    }
    app::Screening fresh(p.store, {});
    CHECK(app::screening_status_json(old.status()) == app::screening_status_json(fresh.status()));
    CHECK(old.export_as("csv") == fresh.export_as("csv"));
    CHECK(app::stop_json(old.stop()) == app::stop_json(fresh.stop()));
    const auto a = old.next("ann", 30), b = fresh.next("ann", 30);
    std::map<std::int64_t, double> score;
    for (const auto& shown : a.next)
        score[shown.record] = shown.score.value();
    for (const auto& shown : b.next)
        CHECK(shown.score.value() == doctest::Approx(score.at(shown.record)).epsilon(0.01));
    // Copies found meanwhile change the groups.
    const std::size_t before = old.status().records;
    p.store.save_merges(ann, std::vector<store::Merge>{{60, 61, "1", "made up"}}, "test");
    CHECK(old.status().records == before - 1);
    // So does a record that is taken out before screening.
    store::Event out;
    out.kind = "remove", out.record = 70, out.value = "other", out.why = "made up";
    p.store.append(ann, out);
    CHECK(old.status().records == before - 2);
    CHECK(code_of([&] { old.label(ann, {70, "include", {}, false}); }) == "screen/not-sought");
}

TEST_CASE("screening: undo restores the exact state, whoever did what in between") {
    Plot p;
    app::Screening screening(p.store, {});
    for (int round = 0; round < 4; ++round) {
        p.read(screening, 7, round % 2 ? bo : ann);
        const auto state = [&] {
            app::Screening anew(p.store, {});
            return everything(anew, "ann");
        };
        const std::string before = state();
        const auto shown = screening.next("ann").next.at(0).record;
        screening.label(ann, {shown, "include", "", false});
        screening.label(bo, {shown == 3 ? 4 : 3, "exclude", "a change of mind", false});
        CHECK(state() != before);
        screening.undo(bo, 0, "");
        screening.undo(ann, 0, "");
        CHECK(state() == before);
        // The one at work is shown the same record again, at once.
        CHECK(screening.next("ann").next.at(0).record == shown);
        CHECK(screening.next("ann").next.at(0).order == "again");
    }
}

TEST_CASE(
    "screening: blind means that neither votes nor the model's view are shown until enough have decided") {
    Plot p;
    app::change_setup(p.store, ann, {{"reviewers", "2"}}, "");
    app::Screening screening(p.store, {});
    for (const std::int64_t record : {1, 4, 5, 7, 13, 20})
        screening.label(ann, {record, p.right(record), "ann's secret", false});
    const auto seen = [&](const std::string& who) {
        std::string all = app::queue_json(screening.next(who, 100)) +
                          app::queue_text(screening.next(who, 5), 100) + screening.export_as("csv") +
                          screening.export_as("rayyan") + screening.export_as("ris") + screening.standing();
        for (const std::int64_t record : {1, 4, 5, 7, 13, 20})
            all += app::record_json(screening.show(who, record)) +
                   app::record_text(screening.show(who, record), 80);
        return all;
    };
    for (const char* who : {"bo", "ann"}) {
        const std::string all = seen(who);
        CHECK(all.find("secret") == std::string::npos);
        CHECK(all.find("ann: include") == std::string::npos);
        CHECK(all.find("\"score\"") == std::string::npos);
        CHECK(all.find("\"adds\"") == std::string::npos);
        CHECK(all.find("RAYYAN-INCLUSION") == std::string::npos);
    }
    CHECK(screening.show("bo", 5).hidden);
    for (const std::int64_t record : {4, 5, 7})
        screening.label(bo, {record, p.right(record), "", false});
    const auto open = screening.show("bo", 5);
    CHECK_FALSE(open.hidden);
    CHECK(open.labels.size() == 2);
    CHECK(open.shown.score.has_value());
    CHECK(screening.export_as("csv").find("ann's secret") != std::string::npos);
    CHECK(screening.show("ann", 20).hidden);
    // Without blinding both see everything.
    app::change_setup(p.store, cem, {{"blind", "off"}}, "training round");
    CHECK_FALSE(screening.show("bo", 20).hidden);
    CHECK(screening.next("bo").next.at(0).score.has_value());
}

TEST_CASE("screening: with three readers a difference of two is not told to the third") {
    Plot p;
    app::change_setup(p.store, ann, {{"reviewers", "3"}}, "");
    app::Screening screening(p.store, {});
    screening.label(ann, {5, "include", {}, false});
    screening.label(bo, {5, "exclude", {}, false});
    CHECK(screening.status().conflicts.empty());
    CHECK(screening.status().waiting == 1);
    CHECK(screening.export_as("csv").find("conflict") == std::string::npos);
    CHECK(code_of([&] { screening.label(bo, {5, "include", {}, true}); }) == "screen/no-conflict");
    screening.label(cem, {5, "include", {}, false});
    CHECK(screening.status().conflicts.size() == 1);
}

TEST_CASE("screening: a conflict is settled by those who may") {
    Plot p;
    app::change_setup(p.store, ann, {{"reviewers", "2"}, {"people", "ann, bo"}, {"adjudicators", "cem"}}, "");
    app::Screening screening(p.store, {});
    screening.label(ann, {5, "include", {}, false});
    screening.label(bo, {5, "exclude", {}, false});
    CHECK(code_of([&] { screening.label(cem, {6, "include", {}, false}); }) == "screen/not-a-reviewer");
    CHECK(code_of([&] { screening.label(ann, {5, "include", {}, true}); }) == "screen/not-a-reviewer");
    CHECK(screening.label(cem, {5, "include", "a trial", true}) > 0);
    const auto view = screening.show("ann", 5);
    REQUIRE(view.resolved);
    CHECK(view.resolved->who == "cem");
    CHECK(view.consensus.value == "include");
}

TEST_CASE("screening: reasons come from the list of the protocol, by number or words") {
    Plot p;
    app::change_setup(p.store, ann, {{"reasons", "wrong population; no comparison, or none named"}}, "");
    app::Screening abstracts(p.store, {});
    for (const std::int64_t record : {5, 7})
        abstracts.label(ann, {record, "include", {}, false});
    app::ScreeningRequest request;
    request.stage = "fulltext";
    app::Screening full(p.store, request);
    CHECK(code_of([&] { full.label(ann, {5, "exclude", "too old", false}); }) == "screen/unknown-reason");
    CHECK(code_of([&] { full.label(ann, {5, "exclude", "3", false}); }) == "screen/unknown-reason");
    CHECK(code_of([&] { full.label(ann, {5, "exclude", "", false}); }) == "screen/needs-reason");
    full.label(ann, {5, "exclude", "2", false});
    full.label(ann, {7, "exclude", "Wrong Population", false});
    CHECK(full.show("ann", 5).labels.at(0).why == "no comparison, or none named");
    CHECK(full.show("ann", 7).labels.at(0).why == "wrong population");
}

TEST_CASE("screening audit: drawn once, read next, and what it shows is exact") {
    Plot p;
    app::Screening screening(p.store, {});
    CHECK(code_of([&] { screening.audit(ann, 0, 1); }) == "screen/audit"); // nothing found: how many?
    p.read(screening, 40);
    const auto before = screening.stop();
    REQUIRE(before.found == 12); // all that there are
    CHECK(code_of([&] { screening.audit(ann, 41, 1); }) == "usage");
    const auto drawn = screening.audit(ann, 0, 7);
    CHECK(drawn.drawn == before.audit);
    CHECK(drawn.unread == 40);
    CHECK_FALSE(drawn.complete());
    CHECK(code_of([&] { screening.audit(bo, 0, 8); }) == "screen/audit"); // not until it pleases
    const auto queue = screening.next("ann", 100);
    CHECK(queue.audit_left == drawn.drawn);
    std::vector<std::int64_t> sample;
    for (const auto& shown : queue.next)
        if (shown.order == "audit") sample.push_back(shown.record);
    CHECK(sample.size() == drawn.drawn);
    CHECK(std::set<std::int64_t>(sample.begin(), sample.end()).size() == drawn.drawn);
    CHECK(queue.next.front().order == "audit");
    // Another program draws the same from the same log.
    app::Screening other(p.store, {});
    CHECK(other.next("ann").next.at(0).record == sample.front());
    CHECK_FALSE(screening.stop().stop_by_audit);
    p.read(screening, static_cast<int>(drawn.drawn));
    const auto report = screening.stop();
    REQUIRE(report.audits.size() == 1);
    const auto& audit = report.audits[0];
    CHECK(audit.complete());
    CHECK(audit.relevant == 0);
    CHECK(*audit.estimate == 0);
    CHECK(audit.low == 0);
    CHECK(audit.high == screen::relevant_at_most(40, drawn.drawn, 0, 0.95));
    CHECK(*audit.recall_low >= 0.95);
    CHECK(report.stop_by_audit);
    CHECK(report.sentence.find("may stop") != std::string::npos);
}

TEST_CASE("screening audit: a find speaks against stopping, and each further audit must be surer") {
    Plot p;
    app::Screening screening(p.store, {});
    std::vector<std::int64_t> relevant;
    for (const auto& [record, is] : p.truth)
        if (is) relevant.push_back(record);
    for (std::size_t i = 0; i < 8; ++i) // four are missed
        screening.label(ann, {relevant[i], "include", {}, false});
    for (std::int64_t record = 1; record <= 20; ++record)
        if (!p.truth.at(record)) screening.label(ann, {record, "exclude", {}, false});
    const auto drawn = screening.audit(ann, 30, 3);
    const std::size_t unread = drawn.unread;
    p.read(screening, 30);
    auto report = screening.stop();
    const auto audit = report.audits.at(0);
    REQUIRE(audit.complete());
    REQUIRE(audit.relevant > 0);
    CHECK(*audit.estimate == doctest::Approx(static_cast<double>(unread * audit.relevant) / 30));
    CHECK(audit.low >= audit.relevant);
    CHECK(audit.high >= audit.low);
    CHECK(audit.found == audit.relevant);
    CHECK_FALSE(report.stop_by_audit);
    CHECK(audit.confidence == doctest::Approx(0.95));
    screening.audit(bo, 5, 4);
    report = screening.stop();
    REQUIRE(report.audits.size() == 2);
    CHECK(report.audits[0].confidence == doctest::Approx(0.975));
    CHECK(report.audits[0].high >= audit.high);
    // The truth lies in the interval: all four were among the unread.
    CHECK(audit.low <= 4);
    CHECK(audit.high >= 4);
}

TEST_CASE("screening: words of the settings are found where they stand") {
    Plot p;
    app::change_setup(p.store, ann, {{"include-words", "random*, field trial"}, {"exclude-words", "village"}},
                      "");
    app::Screening screening(p.store, {});
    bool title = false, against = false;
    for (const auto& shown : screening.next("ann", 80).next)
        for (const auto& mark : shown.marks) {
            const std::string& text = mark.in_title ? shown.title : shown.abstract;
            REQUIRE(mark.begin + mark.bytes <= text.size());
            const std::string word = text.substr(mark.begin, mark.bytes);
            CAPTURE(word);
            if (mark.include)
                CHECK((word.rfind("andom", 1) == 1 || word == "field trial"));
            else
                CHECK(word.rfind("illage", 1) == 1);
            title |= mark.in_title && mark.include, against |= !mark.include;
        }
    CHECK(title);
    CHECK(against);
    const auto queue = screening.next("ann", 80);
    const std::string plain = app::queue_text(queue, 80), colour = app::queue_text(queue, 80, true);
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(plain.find("words for: ") != std::string::npos);
    CHECK(colour.find("\x1b[1;4;32m") != std::string::npos);
    for (const char mark : {'\x01', '\x02', '\x03'})
        CHECK(colour.find(mark) == std::string::npos);
}

TEST_CASE("screening: labels leave for other tools and come back the same") {
    Plot p;
    app::change_setup(p.store, ann, {{"reviewers", "2"}, {"blind", "off"}}, "");
    app::Screening screening(p.store, {});
    for (std::int64_t record = 1; record <= 30; ++record)
        for (const auto& who : {ann, bo})
            screening.label(who,
                            {record, record == 9 ? "unsure" : p.right(record),
                             p.truth.at(record) || record == 9 ? "" : "wrong \"design\"; {x} | y", false});
    screening.label(bo, {11, p.truth.at(11) ? "exclude" : "include", {}, false});
    screening.label(ann, {40, p.right(40), {}, false});
    const auto votes = [](const app::Screening& s, std::int64_t record) {
        std::string all;
        for (const auto& label : const_cast<app::Screening&>(s).show("ann", record).labels)
            all += label.who + " " + label.value + " ";
        return all;
    };
    for (const char* format : {"rayyan", "ris"}) {
        CAPTURE(format);
        Plot q("copy");
        app::change_setup(q.store, ann, {{"reviewers", "2"}, {"blind", "off"}}, "");
        app::Screening copy(q.store, {});
        const auto in = copy.import_labels(
            cem, std::string("labels.") + (*format == 'r' && format[1] == 'i' ? "ris" : "csv"),
            screening.export_as(format));
        CHECK(in.labels + 2 * in.ambiguous >= 61); // titles that several records share stay out
        CHECK(in.unmatched == 0);
        for (std::int64_t record = 1; record <= 40; ++record)
            if (!votes(copy, record).empty()) CHECK(votes(copy, record) == votes(screening, record));
        // Once more adds nothing.
        CHECK(copy.import_labels(cem, "labels", screening.export_as(format)).labels == 0);
    }
    for (const char* format : {"asreview", "covidence", "csv"}) {
        CAPTURE(format);
        Plot q("copy");
        app::Screening copy(q.store, {});
        copy.import_labels(cem, "labels.csv", screening.export_as(format));
        for (std::int64_t record = 1; record <= 40; ++record) {
            const auto& there = screening.show("ann", record).consensus;
            const auto here = copy.show("cem", record);
            if (here.labels.empty()) continue;
            CHECK(here.labels[0].value == there.value);
            CHECK(here.labels[0].who == "cem");
        }
        CHECK(copy.status().settled >= 10);
    }
    // One file for each decision, as Covidence takes them.
    const std::string kept = screening.export_as("ris", "include");
    std::size_t records = 0;
    for (std::size_t at = 0; (at = kept.find("ER  - ", at)) != std::string::npos; ++at)
        ++records;
    CHECK(records == screening.status().include);
    CHECK(kept.find("N1  - ASReview_relevant") != std::string::npos);
    CHECK(kept.find("ASReview_irrelevant") == std::string::npos);
    CHECK(code_of([&] { screening.export_as("xlsx"); }) == "usage");
    CHECK(code_of([&] { screening.export_as("csv", "some"); }) == "usage");
}

TEST_CASE("screening stop: each rule and plan says what it did elsewhere") {
    Plot p;
    app::Screening screening(p.store, {});
    const auto report = screening.stop();
    CHECK(report.rules.size() == screen::stop_rules().size());
    CHECK(report.plans.size() == screen::audit_plans().size());
    for (const auto* all : {&report.rules, &report.plans})
        for (const auto& rule : *all) {
            CAPTURE(rule.rule);
            REQUIRE(rule.coverage);
            CHECK_FALSE(rule.claim.empty());
            CHECK(rule.coverage->sets >= 10);
            CHECK(rule.coverage->runs >= 5 * rule.coverage->sets);
            CHECK(rule.coverage->kept <= rule.coverage->runs);
            CHECK(rule.coverage->list_read > 0);
            CHECK(rule.coverage->lowest_recall <= rule.coverage->mean_recall);
        }
}
