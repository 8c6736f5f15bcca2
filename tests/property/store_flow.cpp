// The flow of records balances whatever happened to a store: random logs of imports, copies, labels by
// several people, conflicts, decisions taken back, records removed or withdrawn, sources that turn out to be
// of another kind, updates. And a count that was changed by hand is found.
#include "certainty/flow.hpp"
#include "model/flow_boxes.hpp"
#include "store/flow.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <unistd.h>

using namespace assay;
using model::FlowBox;

namespace {

struct Place {
    std::filesystem::path file;
    Place() {
        static int count = 0;
        file = std::filesystem::temp_directory_path() /
               ("assay_flow_" + std::to_string(getpid()) + "_" + std::to_string(count++) + ".db");
    }
    ~Place() {
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(file.string() + end);
    }
};

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int roll(int low, int high) {
        return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1));
    }
    bool chance(int percent) { return roll(1, 100) <= percent; }
    template<class List> auto of(const List& list) {
        return list[static_cast<std::size_t>(roll(0, static_cast<int>(std::size(list)) - 1))];
    }

private:
    std::mt19937 engine_;
};

/// A review in which things happen.
class Log {
public:
    Log(unsigned seed, int reviewers)
        : store(store::Store::open(place_.file.string(), true)), dice(seed), reviewers(reviewers) {}

    void step() {
        switch (dice.roll(0, records_ == 0 ? 0 : 12)) {
        case 0:
            return import();
        case 1:
            return merge();
        case 2:
            return undo();
        case 3:
            return withdraw();
        case 4:
            return add("remove", record(), "", dice.of(ways), dice.of(reasons));
        case 5:
            return add("study", record(), "", dice.of(studies), "");
        case 6: {
            store::Event event;
            event.kind = "source", event.other = dice.roll(1, sources_), event.value = dice.of(kinds);
            store.append(act(), event);
            return;
        }
        case 7:
            return add("resolve", record(), dice.of(stages), dice.of(values), dice.of(reasons));
        case 8:
        case 9:
            return add("label", record(), "fulltext", dice.of(values), dice.of(reasons));
        default:
            return add("label", record(), "screen", dice.of(values), dice.of(reasons));
        }
    }

private:
    Place place_;
    int records_ = 0, sources_ = 0;

public:
    store::Store store;
    Dice dice;
    int reviewers;

private:
    static constexpr const char* people[] = {"ann", "bo", "cy"};
    static constexpr const char* stages[] = {"screen", "fulltext"};
    static constexpr const char* values[] = {"include", "include", "exclude", "unsure", "not-retrieved"};
    static constexpr const char* reasons[] = {"", "wrong people", "no control", "wrong people"};
    static constexpr const char* ways[] = {"automatic", "other"};
    static constexpr const char* studies[] = {"one", "two", "three"};
    static constexpr const char* kinds[] = {"database", "database",     "register",
                                            "website",  "organisation", "citation"};

    store::Act act() { return {dice.of(people), "2026-11-22T10:00:00Z"}; }
    std::int64_t record() { return dice.roll(1, records_); }

    void add(const char* kind, std::int64_t record, const char* stage, const char* value, const char* why) {
        store::Event event;
        event.kind = kind, event.record = record, event.stage = stage, event.value = value, event.why = why;
        store.append(act(), event);
    }

    void import() {
        std::vector<model::Record> records(static_cast<std::size_t>(dice.roll(1, 12)));
        for (model::Record& r : records)
            r.type = "article-journal", r.title = "Title " + std::to_string(++records_),
            r.ids = {{"pmid", std::to_string(records_)}};
        store::SourceFile source;
        source.label = "Source " + std::to_string(dice.roll(1, 4)), source.file = "a.ris";
        source.sha256 = std::to_string(++sources_), source.format = "ris", source.kind = dice.of(kinds);
        store.import(act(), source, records);
    }

    void merge() {
        std::vector<store::Merge> merges;
        for (int i = dice.roll(0, 6); i > 0; --i)
            if (const auto a = record(), b = record(); a != b) merges.push_back({a, b, "9", "like"});
        store.save_merges(act(), merges, "rules");
    }

    void undo() {
        std::vector<std::int64_t> can;
        store.each_event([&](const store::Event& e) {
            if (!e.undone && e.kind != "import" && e.kind != "forget" && e.kind != "undo" &&
                e.kind != "history")
                can.push_back(e.id);
            return true;
        });
        if (!can.empty()) store.undo(act(), dice.of(can), "slip");
    }

    void withdraw() {
        model::Record gone;
        gone.deleted = true, gone.ids = {{"pmid", std::to_string(record())}};
        store::SourceFile source;
        source.label = "update", source.sha256 = std::to_string(++sources_);
        store.import(act(), source, std::vector<model::Record>{gone});
    }
};

/// Problems that say nothing about what people left out (F8) or took back (F9).
std::vector<model::FlowProblem> arithmetic(const model::Flow& flow) {
    auto problems = certainty::flow_problems(flow, {});
    std::erase_if(problems, [](const auto& p) { return p.check == "F8" || p.check == "F9"; });
    return problems;
}

std::string told(const std::vector<model::FlowProblem>& problems) {
    std::string text;
    for (const auto& problem : problems)
        text += problem.check + ": " + problem.text + "\n";
    return text;
}

} // namespace

TEST_CASE("flow: random logs balance, at every step") {
    int counted = 0, with_other = 0, waiting = 0, finished = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        Log log(seed, seed % 3 == 0 ? 2 : 1);
        for (int step = 0; step < 60; ++step) {
            log.step();
            if (step % 6 != 5) continue;
            store::FlowOptions options;
            options.reviewers = log.reviewers;
            const model::Flow flow = store::flow(log.store, options);
            CAPTURE(seed);
            CAPTURE(step);
            CHECK(told(arithmetic(flow)) == "");
            for (const auto& n : flow.counts)
                CHECK(n.value_or(0) >= 0);
            ++counted, with_other += flow[FlowBox::website_results] || flow[FlowBox::citations_results];
            waiting += !flow.finished(), finished += flow.finished();
        }
    }
    CHECK(counted == 600);
    CHECK(with_other > 100); // the logs are worth something
    CHECK(waiting > 100);
}

TEST_CASE("flow: the boxes say what a plain count of the groups says") {
    for (unsigned seed = 101; seed <= 130; ++seed) {
        Log log(seed, 1);
        for (int step = 0; step < 80; ++step)
            log.step();
        const model::Flow flow = store::flow(log.store);
        const auto screened = store::consensus(log.store, "screen"),
                   read = store::consensus(log.store, "fulltext");
        std::set<std::int64_t> groups, removed;
        std::map<std::int64_t, std::int64_t> group_of;
        log.store.each_entry([&](const store::Entry& e) {
            groups.insert(e.cluster), group_of[e.id] = e.cluster;
            return true;
        });
        log.store.each_event(
            [&](const store::Event& e) {
                if (!e.undone && group_of.contains(e.record)) removed.insert(group_of[e.record]);
                return true;
            },
            "remove");
        std::int64_t included = 0, excluded = 0;
        for (const std::int64_t group : groups) {
            if (removed.contains(group) || !screened.contains(group)) continue;
            excluded += screened.at(group).value == "exclude";
            included += screened.at(group).value == "include" && read.contains(group) &&
                        read.at(group).value == "include";
        }
        CAPTURE(seed);
        CHECK(flow[FlowBox::new_reports] == included);
        CHECK(flow[FlowBox::dbr_included].value_or(0) + flow[FlowBox::other_included].value_or(0) ==
              included);
        CHECK(flow[FlowBox::records_excluded].value_or(0) <= excluded);
        std::int64_t sources = 0;
        for (const auto& source : flow.sources)
            sources += source.records;
        CHECK(flow[FlowBox::database_results].value_or(0) + flow[FlowBox::register_results].value_or(0) +
                  flow[FlowBox::website_results].value_or(0) +
                  flow[FlowBox::organisation_results].value_or(0) +
                  flow[FlowBox::citations_results].value_or(0) ==
              sources);
    }
}

TEST_CASE("flow: an update balances, and what the last version lost is named") {
    int dropped = 0, late = 0;
    for (unsigned seed = 201; seed <= 240; ++seed) {
        Log log(seed, 1);
        for (int step = 0; step < 50; ++step)
            log.step();
        const model::Flow before = store::flow(log.store);
        for (int step = 0; step < 40; ++step)
            log.step();
        store::FlowOptions options;
        options.last.emplace();
        options.last->reports = *before[FlowBox::new_reports];
        options.last->studies = before[FlowBox::new_studies].value_or(0);
        options.last->last_source = before.last_source, options.last->included = before.included;
        for (const auto& source : before.sources)
            options.last->identified += source.records;
        const model::Flow now = store::flow(log.store, options);
        REQUIRE(now.previous);
        CAPTURE(seed);
        const auto problems = certainty::flow_problems(now, {});
        const bool lost = now.previous->still_included != now.previous->reports;
        bool f9 = false, other = false;
        for (const auto& problem : problems) {
            f9 |= problem.check == "F9";
            // Without a loss the boxes of this version are those of the last one plus what was added.
            other |= problem.check != "F8" && problem.check != "F9" &&
                     !(problem.check == "F7" &&
                       (lost || before.unlinked > 0 || now.unlinked > 0 ||
                        problem.at == FlowBox::total_studies || problem.at == FlowBox::new_studies));
        }
        CHECK_MESSAGE(!other, told(problems));
        CHECK(f9 == lost);
        CHECK(*now[FlowBox::total_reports] == now.previous->still_included + *now[FlowBox::new_reports]);
        dropped += lost, late += now.previous->late > 0;
    }
    CHECK(dropped > 0);
    CHECK(late > 0);
}

TEST_CASE("flow: a count that was changed is found, by the check that it belongs to") {
    const std::map<FlowBox, std::string> checks{
        {FlowBox::database_results, "F1"},     {FlowBox::duplicates, "F2"},
        {FlowBox::excluded_automatic, "F2"},   {FlowBox::excluded_other, "F2"},
        {FlowBox::records_screened, "F2"},     {FlowBox::records_excluded, "F3"},
        {FlowBox::dbr_sought_reports, "F3"},   {FlowBox::dbr_notretrieved_reports, "F4"},
        {FlowBox::dbr_assessed, "F4"},         {FlowBox::dbr_included, "F5"},
        {FlowBox::website_results, "F6"},      {FlowBox::other_left_out, "F6"},
        {FlowBox::other_sought_reports, "F6"}, {FlowBox::other_notretrieved_reports, "F6"},
        {FlowBox::other_assessed, "F6"},       {FlowBox::other_included, "F6"},
        {FlowBox::new_reports, "F7"},
    };
    int changed = 0;
    for (unsigned seed = 301; seed <= 320; ++seed) {
        Log log(seed, 1);
        for (int step = 0; step < 80; ++step)
            log.step();
        const model::Flow flow = store::flow(log.store);
        for (const auto& [box, check] : checks) {
            if (!flow[box] || (box == FlowBox::database_results && flow.of(box).empty())) continue;
            for (const int by : {1, -1, 100}) {
                model::Flow broken = flow;
                *broken[box] += by;
                const auto problems = arithmetic(broken);
                bool found = false;
                for (const auto& problem : problems) {
                    found |= problem.check == check;
                    CHECK(problem.left != problem.right);
                    CHECK(problem.text.find(std::to_string(problem.left)) != std::string::npos);
                }
                CAPTURE(seed);
                CHECK_MESSAGE(found, model::flow_box(box).name << " changed by " << by);
                ++changed;
            }
        }
        // A reason that is counted twice.
        if (!flow.of(FlowBox::dbr_excluded).empty()) {
            model::Flow broken = flow;
            ++broken.of(FlowBox::dbr_excluded).front().n;
            CHECK(told(arithmetic(broken)).find("F5") != std::string::npos);
        }
    }
    CHECK(changed > 500);
}
