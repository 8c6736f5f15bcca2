#include "app/screening.hpp"

#include "app/records.hpp"
#include "app/screen.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "screen/bm25.hpp"
#include "screen/models.hpp"
#include "screen/priors.hpp"
#include "screen/stop.hpp"
#include "store/flow.hpp"
#include "text/csv.hpp"
#include "text/fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>

namespace assay::app {

namespace {

constexpr std::string_view values[] = {"include", "exclude", "unsure", "not-retrieved"};
constexpr std::size_t reasons_shown = 8;

bool learnt(const std::string& value) {
    return value == "include" || value == "exclude";
}

int category(const std::string& value) {
    const auto* at = std::find(std::begin(values), std::end(values), value);
    return static_cast<int>(at - std::begin(values));
}

// A group of copies: the text of the fullest of them stands for all.
struct Item {
    store::Entry entry;
    std::map<std::string, store::Label> labels; ///< the newest of each reviewer
    std::optional<store::Label> resolved;
    store::Consensus consensus;
};

std::string said(const Item& item) {
    std::string out;
    for (const auto& [who, label] : item.labels)
        out += (out.empty() ? "" : "; ") + who + ": " + label.value +
               (label.why.empty() ? "" : " (" + label.why + ")");
    if (item.resolved)
        out += (out.empty() ? "" : "; ") + item.resolved->who + " resolved: " + item.resolved->value;
    return out;
}

// What other tools call their decisions; empty: not a decision on inclusion.
std::string value_of(const model::RecordDecision& decision, std::string& why) {
    if (decision.tool == "covidence" && decision.who == "tag") return {};
    text::Folder folder;
    const std::string words = folder.words(decision.value);
    const auto begins = [&](std::string_view with) { return words.rfind(with, 0) == 0; };
    if (const std::size_t colon = decision.value.find(": "); colon != std::string::npos)
        why = decision.value.substr(colon + 2);
    if (begins("not ") || begins("irrelevant") || begins("exclude") || begins("reject") || words == "no")
        return "exclude";
    if (begins("include") || begins("relevant") || begins("accept") || words == "yes") return "include";
    if (begins("maybe") || begins("unsure") || begins("undecided")) return "unsure";
    return {};
}

} // namespace

struct Screening::State {
    State(store::Store& store_, ScreeningRequest request_, const Progress& progress_)
        : store(store_), request(std::move(request_)), progress(progress_),
          model(*screen::model_of("default")) {
        read();
    }

    void read();
    void refresh();
    void vectorise();
    void teach(const std::string& who);
    const Item* find(std::int64_t record) const {
        const auto at = row_of.find(record);
        return at == row_of.end() ? nullptr : &items[at->second];
    }
    bool to_read(const Item& item, const std::string& who) const;
    std::string lesson(const Item& item, const std::string& who) const;
    bool at_stage(std::size_t row) const {
        return !removed[row] && (request.stage == "screen" || sought[row] != 0);
    }

    store::Store& store;
    ScreeningRequest request;
    Progress progress;
    screen::Model model;
    std::vector<Item> items;
    std::vector<char> removed;                            ///< taken out before screening
    std::vector<char> sought;                             ///< at full text: kept by title and abstract
    std::unordered_map<std::int64_t, std::size_t> row_of; ///< of every record, copies too
    // Made when a model is first asked for.
    std::vector<screen::Text> texts;
    std::optional<screen::TextFeatures> features;
    std::optional<screen::Similarity> similarity;
    std::optional<screen::Ranker> ranker; ///< knows what `taught` may know
    std::string taught;
    std::vector<std::size_t> start; ///< the order before there is a model
};

void Screening::State::read() {
    std::unordered_map<std::int64_t, std::size_t> head;
    store.each_entry([&](const store::Entry& entry) {
        const auto [at, fresh] = head.try_emplace(entry.cluster, items.size());
        if (fresh) items.push_back({entry, {}, {}, {}});
        row_of[entry.id] = at->second;
        row_of.try_emplace(entry.cluster, at->second);
        store::Entry& kept = items[at->second].entry;
        if (entry.abstract.size() > kept.abstract.size()) kept.abstract = entry.abstract;
        if (kept.title.empty()) kept.title = entry.title;
        if (kept.doi.empty()) kept.doi = entry.doi;
        if (kept.pmid.empty()) kept.pmid = entry.pmid;
        return true;
    });
    if (items.empty())
        throw Error("screen/empty", "the store holds no records; bring some in with assay import",
                    Exit::input);
    refresh();
}

// Labels and what they add up to, from the events.
void Screening::State::refresh() {
    for (Item& item : items)
        item.labels.clear(), item.resolved.reset(), item.consensus = {};
    for (store::Label& label : store.labels(request.stage)) {
        const auto at = row_of.find(label.record);
        if (at == row_of.end()) continue; // forgotten by its database since
        Item& item = items[at->second];
        if (label.resolves)
            item.resolved = std::move(label);
        else {
            const std::string who = label.who;
            item.labels[who] = std::move(label);
        }
    }
    for (const auto& [group, consensus] : store::consensus(store, request.stage, request.reviewers))
        if (const auto at = row_of.find(group); at != row_of.end()) items[at->second].consensus = consensus;
    removed.assign(items.size(), 0);
    store.each_event(
        [&](const store::Event& event) {
            const auto at = row_of.find(event.record);
            if (!event.undone && at != row_of.end()) removed[at->second] = 1;
            return true;
        },
        "remove");
    sought.assign(items.size(), 0);
    if (request.stage == "screen") return;
    for (const auto& [group, consensus] : store::consensus(store, "screen", request.reviewers))
        if (const auto at = row_of.find(group); at != row_of.end())
            sought[at->second] = consensus.value == "include";
}

void Screening::State::vectorise() {
    if (features) return;
    for (const Item& item : items)
        texts.push_back({item.entry.title, item.entry.abstract});
    features = screen::text_features(texts, model.text);
    similarity.emplace(features->matrix);
    if (request.protocol.empty()) {
        start.resize(items.size());
        std::iota(start.begin(), start.end(), std::size_t{0});
        start = screen::draw(start, start.size(), request.seed);
    } else
        start = screen::by_value(screen::bm25(texts, protocol_text(request.protocol, "review")));
}

bool Screening::State::to_read(const Item& item, const std::string& who) const {
    return !item.resolved && item.labels.count(who) == 0 &&
           item.labels.size() < static_cast<std::size_t>(request.reviewers);
}

// What this person's model may learn from a record. Where people work blind it is their own decisions and
// what was settled between reviewers: a ranking that knows the other's decisions would give them away.
std::string Screening::State::lesson(const Item& item, const std::string& who) const {
    if (item.resolved) return item.resolved->value;
    if (const auto own = item.labels.find(who); own != item.labels.end()) return own->second.value;
    if (request.reviewers > 1 || item.labels.empty()) return {};
    return item.consensus.value;
}

void Screening::State::teach(const std::string& who) {
    vectorise();
    if (ranker && taught == who) return;
    ranker.emplace(*similarity, model.ranker);
    taught = who;
    for (std::size_t row = 0; row < items.size(); ++row) {
        if (progress && row % 1000 == 999) progress("reading decisions", row, items.size());
        const std::string value = lesson(items[row], who);
        if (learnt(value)) ranker->decide(row, value == "include");
        if (!at_stage(row) || !to_read(items[row], who)) ranker->set_aside(row);
    }
}

Screening::Screening(store::Store& store, ScreeningRequest request, const Progress& progress) {
    if (request.stage != "screen" && request.stage != "fulltext")
        throw Error("screen/no-stage",
                    "there is no stage " + in_quotes(request.stage) + "; stages are screen and fulltext",
                    Exit::input);
    if (request.reviewers < 1)
        throw Error("screen/reviewers", "at least one reviewer must read a record", Exit::input);
    state_ = std::make_unique<State>(store, std::move(request), progress);
}

Screening::~Screening() = default;

Queue Screening::next(const std::string& who, std::size_t count) {
    State& s = *state_;
    Queue queue;
    for (std::size_t row = 0; row < s.items.size(); ++row) {
        if (!s.at_stage(row)) continue;
        queue.left += s.to_read(s.items[row], who);
        queue.decided += s.items[row].labels.count(who);
    }
    if (queue.left == 0) return queue;
    s.teach(who);
    std::vector<std::size_t> rows;
    const bool ready = s.ranker->ready();
    if (ready)
        rows = s.ranker->top(count);
    else
        for (const std::size_t row : s.start)
            if (rows.size() < count && s.at_stage(row) && s.to_read(s.items[row], who)) rows.push_back(row);
    for (const std::size_t row : rows) {
        const store::Entry& e = s.items[row].entry;
        Shown& shown = queue.next.emplace_back();
        shown.record = e.id, shown.title = e.title, shown.abstract = e.abstract, shown.authors = e.authors;
        shown.year = e.year, shown.journal = e.journal, shown.doi = e.doi;
        shown.order = ready ? "model" : s.request.protocol.empty() ? "random" : "protocol";
        if (!ready) continue;
        shown.score = s.ranker->score(row);
        shown.reasons =
            screen::reasons(*s.features, s.model.text, *s.ranker, row, s.texts[row], reasons_shown);
    }
    return queue;
}

std::int64_t Screening::label(const store::Act& act, const Decision& decision) {
    State& s = *state_;
    const bool fulltext = s.request.stage == "fulltext";
    const auto known = std::find(std::begin(values), std::end(values), decision.value);
    if (known == std::end(values) || (!fulltext && decision.value == "not-retrieved"))
        throw Error("screen/unknown-value",
                    in_quotes(decision.value) + " is not a decision at the stage " + s.request.stage +
                        "; write include, exclude" + (fulltext ? ", unsure or not-retrieved" : " or unsure"),
                    Exit::input);
    const auto at = s.row_of.find(decision.record);
    if (at == s.row_of.end())
        throw Error("store/unknown-record", fmt::format("the store has no record {}", decision.record),
                    Exit::input);
    const std::size_t row = at->second;
    Item& item = s.items[row];
    if (!s.at_stage(row))
        throw Error("screen/not-sought",
                    fmt::format("record {} {}", decision.record,
                                s.removed[row] ? "was taken out before screening"
                                               : "was not kept by title and abstract"),
                    Exit::input);
    if (fulltext && decision.value == "exclude" && decision.why.empty())
        throw Error("screen/needs-reason", "an exclusion at full text needs a reason: --why", Exit::input);
    if (decision.resolve && !item.consensus.conflict)
        throw Error("screen/no-conflict",
                    fmt::format("reviewers do not differ on record {}", decision.record), Exit::input);
    const auto own = item.labels.find(act.who);
    if (!decision.resolve && own != item.labels.end() && own->second.value == decision.value &&
        own->second.why == decision.why)
        return 0;
    const bool first = !decision.resolve && own == item.labels.end() && !item.resolved;
    store::Event event;
    event.kind = decision.resolve ? "resolve" : "label";
    event.record = item.entry.id, event.stage = s.request.stage;
    event.value = decision.value, event.why = decision.why;
    const std::int64_t id = s.store.append(act, event);
    // The common case goes on from the last state; all others read the events again.
    const bool goes_on = first && s.ranker && s.taught == act.who && !s.ranker->decided(row);
    s.refresh();
    if (!goes_on) {
        s.ranker.reset();
        return id;
    }
    if (const std::string value = s.lesson(item, act.who); learnt(value))
        s.ranker->decide(row, value == "include");
    s.ranker->set_aside(row);
    return id;
}

store::Event Screening::undo(const store::Act& act, std::int64_t which, const std::string& why) {
    State& s = *state_;
    store::Event found;
    for (const std::string_view kind : {std::string_view("label"), std::string_view("resolve")})
        s.store.each_event(
            [&](const store::Event& event) {
                const bool wanted = which != 0 ? event.id == which
                                               : !event.undone && event.who == act.who &&
                                                     event.stage == s.request.stage && event.id > found.id;
                if (wanted) found = event;
                return true;
            },
            kind);
    if (found.id == 0)
        throw Error("store/cannot-undo",
                    which == 0 ? "nothing of " + in_quotes(act.who) + " is left to undo"
                               : fmt::format("event {} is not a decision on a record", which),
                    Exit::input);
    if (found.who != act.who)
        throw Error("screen/not-yours",
                    fmt::format("event {} is a decision of {}; only they can take it back", found.id,
                                in_quotes(found.who)),
                    Exit::input);
    s.store.undo(act, found.id, why);
    s.refresh();
    s.ranker.reset();
    return found;
}

ScreeningStatus Screening::status() {
    State& s = *state_;
    ScreeningStatus out;
    out.stage = s.request.stage, out.reviewers = s.request.reviewers;
    std::map<std::string, ByReviewer> people;
    std::map<std::pair<std::string, std::string>, std::vector<screen::Pair>> both;
    for (std::size_t row = 0; row < s.items.size(); ++row) {
        const Item& item = s.items[row];
        if (!s.at_stage(row)) continue;
        ++out.records;
        const std::string& value = item.consensus.value;
        out.settled += !value.empty();
        out.include += value == "include", out.exclude += value == "exclude";
        out.unsure += value == "unsure", out.not_retrieved += value == "not-retrieved";
        out.waiting += value.empty() && !item.consensus.conflict && !item.labels.empty();
        for (auto first = item.labels.begin(); first != item.labels.end(); ++first) {
            ByReviewer& person = people[first->first];
            const std::string& said = first->second.value;
            person.include += said == "include", person.exclude += said == "exclude";
            person.unsure += said == "unsure", person.not_retrieved += said == "not-retrieved";
            for (auto second = std::next(first); second != item.labels.end(); ++second)
                both[{first->first, second->first}].push_back(
                    {category(said), category(second->second.value)});
        }
        if (!item.consensus.conflict) continue;
        Conflict& conflict = out.conflicts.emplace_back();
        conflict.record = item.entry.id, conflict.title = item.entry.title;
        for (const auto& [who, label] : item.labels)
            conflict.labels.push_back(label);
    }
    for (auto& [who, person] : people) {
        person.who = who;
        out.people.push_back(person);
    }
    const int categories = s.request.stage == "screen" ? 3 : 4;
    for (const auto& [names, pairs] : both)
        out.pairs.push_back({names.first, names.second, screen::agreement(pairs, categories)});
    return out;
}

StopReport Screening::stop(double target, double confidence) {
    State& s = *state_;
    if (s.request.stage != "screen")
        throw Error("usage", "stopping rules are for titles and abstracts; full texts are all read",
                    Exit::input);
    if (!(target > 0 && target < 1) || !(confidence > 0 && confidence < 1))
        throw Error("usage", "target and confidence lie between 0 and 1", Exit::input);
    StopReport out;
    out.target = target, out.confidence = confidence;
    out.records = s.items.size();
    // In the order of reading: a record was read when the first of the labels that stand was given.
    std::vector<std::pair<std::int64_t, char>> order;
    for (const Item& item : s.items) {
        const store::Consensus& c = item.consensus;
        if (c.value.empty() && !c.conflict) continue;
        std::int64_t when = item.resolved ? item.resolved->event : 0;
        for (const auto& [who, label] : item.labels)
            when = when == 0 ? label.event : std::min(when, label.event);
        const bool open = c.conflict || c.value == "unsure";
        out.open += open;
        order.emplace_back(when, open || c.value == "include");
    }
    std::sort(order.begin(), order.end());
    std::vector<char> found;
    for (const auto& [when, relevant] : order)
        found.push_back(relevant);
    const screen::Reading reading{found, out.records};
    out.read = found.size();
    out.found = static_cast<std::size_t>(std::count(found.begin(), found.end(), char{1}));
    out.in_a_row = screen::in_a_row(reading);
    out.p = screen::recall_p_value(reading, target);
    out.estimate = screen::gap_recall_estimate(reading);
    const std::size_t unread = out.records - out.read;
    if (out.found > 0) out.audit = screen::audit_size(unread, out.found, target, confidence);
    out.stop = unread == 0 || (out.found > 0 && out.p < 1 - confidence);
    for (const screen::StopRule& rule : screen::stop_rules())
        out.rules.push_back({std::string(rule.name), std::string(rule.claim),
                             unread == 0 || (out.found > 0 && rule.stop(reading))});
    const auto percent = [](double x) { return fmt::format("{:g} %", 100 * x); };
    const std::string read =
        fmt::format("{} of {} records are read and {} kept", out.read, out.records, out.found) +
        (out.open ? fmt::format(" ({} of them unsure or in conflict)", out.open) : "");
    if (unread == 0)
        out.sentence =
            read + ": nothing is left unread, so nothing was missed but by the readers themselves.";
    else if (out.found == 0)
        out.sentence =
            read + fmt::format(": nothing is known about the {} unread records, because every rule "
                               "needs something to have been found.",
                               unread);
    else
        out.sentence =
            read + fmt::format(", the last {} in a row were not relevant; what is known: the test of "
                               "recall under {} gives p = {:.2g}, so reading {}; what is not known: "
                               "which of the {} unread records are relevant, until {} of them, drawn at "
                               "random, have been read and none is (recall at least {} with {} confidence).",
                               out.in_a_row, percent(target), out.p,
                               out.stop ? "may stop by this rule" : "should go on", unread, out.audit,
                               percent(target), percent(confidence));
    return out;
}

std::string Screening::export_csv() {
    State& s = *state_;
    std::string out =
        "record_id,title,abstract,authors,year,journal,doi,pmid,decision,reason,included,labels\n";
    for (std::size_t row = 0; row < s.items.size(); ++row) {
        if (!s.at_stage(row)) continue;
        const Item& item = s.items[row];
        const store::Entry& e = item.entry;
        const std::string id = std::to_string(e.id), labels = said(item);
        const store::Consensus& c = item.consensus;
        const std::string decision = c.conflict ? "conflict" : c.value;
        const std::string_view included = c.value == "include" ? "1" : c.value == "exclude" ? "0" : "";
        const std::array<std::string_view, 12> cells = {id,       e.title,   e.abstract, e.authors,
                                                        e.year,   e.journal, e.doi,      e.pmid,
                                                        decision, c.why,     included,   labels};
        text::write_csv_row(out, cells);
    }
    return out;
}

LabelsIn Screening::import_labels(const store::Act& act, const std::string& file, std::string bytes) {
    State& s = *state_;
    auto read = read_records(file, bytes);
    if (read.diagnostics.has_errors()) {
        const auto first = read.diagnostics.sorted().front();
        throw Error("screen/unreadable", first.message, Exit::input, first.place);
    }
    constexpr std::size_t several = static_cast<std::size_t>(-1);
    text::Folder folder;
    std::unordered_map<std::string, std::size_t> by;
    const auto keys = [&](std::string_view doi, std::string_view pmid, std::string_view title,
                          std::string_view year) {
        std::vector<std::string> out;
        if (!doi.empty()) out.push_back("doi " + folder.words(doi));
        if (!pmid.empty()) out.push_back("pmid " + std::string(pmid));
        if (const std::string words = folder.words(title); !words.empty())
            out.push_back("title " + words + " " + std::string(year));
        return out;
    };
    s.store.each_entry([&](const store::Entry& e) {
        const std::size_t row = s.row_of.at(e.id);
        for (const std::string& key : keys(e.doi, e.pmid, e.title, e.year)) {
            const auto [at, fresh] = by.try_emplace(key, row);
            if (!fresh && at->second != row) at->second = several;
        }
        return true;
    });
    LabelsIn out;
    std::vector<std::pair<std::string, store::Event>> added;
    for (const model::Record& record : read.records) {
        ++out.records;
        std::map<std::string, Decision> decisions; // one per person; a later one goes before
        bool understood = record.decisions.empty();
        for (const model::RecordDecision& d : record.decisions) {
            Decision decision;
            decision.value = value_of(d, decision.why);
            if (decision.value.empty()) continue;
            understood = true;
            // A reason without a name belongs to the only person who excluded.
            std::string who = d.who.empty() ? act.who : d.who;
            if (d.who.empty() && !decision.why.empty() && decisions.size() == 1 &&
                decisions.begin()->second.value == decision.value)
                who = decisions.begin()->first;
            decisions[who] = decision;
        }
        out.without += record.decisions.empty(), out.unread += !understood;
        if (decisions.empty()) continue;
        std::size_t row = s.items.size();
        const std::string year = record.date.substr(0, 4);
        for (const std::string& key :
             keys(record_id(record, "doi"), record_id(record, "pmid"), record.title, year))
            if (const auto at = by.find(key); row == s.items.size() && at != by.end()) row = at->second;
        out.unmatched += row == s.items.size(), out.ambiguous += row == several;
        if (row >= s.items.size()) continue;
        const Item& item = s.items[row];
        for (const auto& [who, decision] : decisions) {
            const auto own = item.labels.find(who);
            if (own != item.labels.end() && own->second.value == decision.value) {
                ++out.known;
                continue;
            }
            store::Event event;
            event.kind = "label", event.record = item.entry.id, event.stage = s.request.stage;
            event.value = decision.value, event.why = decision.why;
            added.emplace_back(who, event);
        }
    }
    std::map<std::string, std::vector<store::Event>> per_person;
    for (auto& [who, event] : added)
        per_person[who].push_back(std::move(event));
    for (const auto& [who, events] : per_person)
        s.store.append_all({who, act.when}, events);
    out.labels = added.size();
    s.refresh();
    s.ranker.reset();
    return out;
}

} // namespace assay::app
