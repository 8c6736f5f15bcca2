#include "app/screening.hpp"

#include "app/screening_state.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace assay::app {

namespace {

constexpr std::string_view values[] = {"include", "exclude", "unsure", "not-retrieved"};

int category(const std::string& value) {
    const auto* at = std::find(std::begin(values), std::end(values), value);
    return static_cast<int>(at - std::begin(values));
}

bool among(const std::vector<std::string>& names, const std::string& who) {
    return names.empty() || std::find(names.begin(), names.end(), who) != names.end();
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names)
        out += (out.empty() ? "" : ", ") + in_quotes(name);
    return out;
}

// The reason as the settings spell it, from its number or its words; empty: it is none of them.
std::string known_reason(const Setup& setup, const std::string& given) {
    text::Folder folder;
    const auto number = text::parse_number(given).value.value_or(0);
    for (std::size_t i = 0; i < setup.reasons.size(); ++i)
        if (number == static_cast<double>(i + 1) || folder.words(setup.reasons[i]) == folder.words(given))
            return setup.reasons[i];
    return {};
}

} // namespace

Screening::Screening(store::Store& store, ScreeningRequest request, const Progress& progress) {
    if (request.stage != "screen" && request.stage != "fulltext")
        throw Error("screen/no-stage",
                    "there is no stage " + in_quotes(request.stage) + "; stages are screen and fulltext",
                    Exit::input);
    if (request.reviewers && *request.reviewers < 1)
        throw Error("screen/reviewers", "at least one reviewer must read a record", Exit::input);
    state_ = std::make_unique<State>(store, std::move(request), progress);
}

Screening::~Screening() = default;

const Setup& Screening::setup() const {
    return state_->setup;
}

Queue Screening::next(const std::string& who, std::size_t count) {
    State& s = *state_;
    s.catch_up();
    Queue queue;
    queue.left = s.records_at_stage();
    for (const auto& [row, ballot] : s.ballots.touched()) {
        if (!s.at_stage(row)) continue;
        queue.left -= !s.to_read(row, who);
        queue.decided += ballot.labels.count(who);
    }
    if (queue.left == 0) return queue;
    const bool ready = s.teach(who), reasons = ready && !s.blind();
    std::vector<std::pair<std::size_t, std::string>> rows; // with why they come
    std::set<std::size_t> chosen;
    const auto offer = [&](std::size_t row, const char* order) {
        if (rows.size() < count && s.at_stage(row) && s.to_read(row, who) && chosen.insert(row).second)
            rows.emplace_back(row, order);
    };
    if (s.again) offer(*s.again, "again");
    if (s.request.stage == "screen")
        for (const DrawnAudit& audit : s.audits)
            for (const std::size_t row : audit.rows) {
                queue.audit_left += s.to_read(row, who);
                offer(row, "audit");
            }
    if (rows.size() < count) {
        if (ready)
            for (const std::size_t row : s.ranker->top(count))
                offer(row, "model");
        else
            for (const std::size_t row : s.first_order()) {
                if (rows.size() == count) break;
                offer(row, s.setup.protocol.empty() && s.request.protocol.empty() ? "random" : "protocol");
            }
    }
    for (const auto& [row, order] : rows)
        queue.next.push_back(s.shown(row, order, reasons));
    return queue;
}

RecordView Screening::show(const std::string& who, std::int64_t record) {
    State& s = *state_;
    s.catch_up();
    const std::size_t row = s.row_at_stage(record);
    const Ballot& ballot = s.ballots.of(row);
    RecordView view;
    view.hidden = s.hidden(ballot);
    view.shown = s.shown(row, "asked", !view.hidden && s.teach(who));
    if (view.hidden) return view;
    for (const auto& [name, label] : ballot.labels)
        view.labels.push_back(label);
    view.resolved = ballot.resolved, view.consensus = ballot.consensus;
    return view;
}

std::int64_t Screening::label(const store::Act& act, const Decision& given) {
    State& s = *state_;
    s.catch_up();
    Decision decision = given;
    const bool fulltext = s.request.stage == "fulltext";
    const auto known = std::find(std::begin(values), std::end(values), decision.value);
    if (known == std::end(values) || (!fulltext && decision.value == "not-retrieved"))
        throw Error("screen/unknown-value",
                    in_quotes(decision.value) + " is not a decision at the stage " + s.request.stage +
                        "; write include, exclude" + (fulltext ? ", unsure or not-retrieved" : " or unsure"),
                    Exit::input);
    const auto& may =
        decision.resolve && !s.setup.adjudicators.empty() ? s.setup.adjudicators : s.setup.people;
    if (!among(may, act.who))
        throw Error("screen/not-a-reviewer",
                    fmt::format("{} is not among those who {}: {}", in_quotes(act.who),
                                decision.resolve ? "settle conflicts" : "decide in this review", listed(may)),
                    Exit::input);
    const std::size_t row = s.row_at_stage(decision.record);
    if (decision.value == "exclude" && !s.setup.reasons.empty() && !decision.why.empty()) {
        const std::string reason = known_reason(s.setup, decision.why);
        if (reason.empty() && fulltext)
            throw Error("screen/unknown-reason",
                        fmt::format("{} is none of the reasons of this review: {}", in_quotes(decision.why),
                                    listed(s.setup.reasons)),
                        Exit::input);
        if (!reason.empty()) decision.why = reason;
    }
    if (fulltext && decision.value == "exclude" && decision.why.empty())
        throw Error("screen/needs-reason",
                    "an exclusion at full text needs a reason: --why" +
                        (s.setup.reasons.empty() ? std::string() : ", one of " + listed(s.setup.reasons)),
                    Exit::input);
    const Ballot& ballot = s.ballots.of(row);
    if (decision.resolve && (!ballot.consensus.conflict || s.hidden(ballot)))
        throw Error("screen/no-conflict",
                    fmt::format("reviewers do not differ on record {}", decision.record), Exit::input);
    const auto own = ballot.labels.find(act.who);
    if (!decision.resolve && own != ballot.labels.end() && own->second.value == decision.value &&
        own->second.why == decision.why)
        return 0;
    store::Event event;
    event.kind = decision.resolve ? "resolve" : "label";
    event.record = s.entries[row].id, event.stage = s.request.stage;
    event.value = decision.value, event.why = decision.why;
    const std::int64_t id = s.store.append(act, event);
    s.again.reset();
    s.catch_up();
    return id;
}

store::Event Screening::undo(const store::Act& act, std::int64_t which, const std::string& why) {
    State& s = *state_;
    s.catch_up();
    store::Event found;
    if (which != 0)
        s.store.each_event(
            [&](const store::Event& event) {
                if (event.id == which && (event.kind == "label" || event.kind == "resolve")) found = event;
                return false;
            },
            {}, which - 1);
    else
        for (const auto& [row, ballot] : s.ballots.touched())
            for (const store::Label& label : ballot.standing)
                if (label.who == act.who && label.event > found.id) {
                    found = {label.event,  label.when, label.who,   label.resolves ? "resolve" : "label",
                             label.record, 0,          label.stage, label.value,
                             label.why,    false};
                }
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
    s.catch_up();
    if (const auto at = s.row_of.find(found.record); at != s.row_of.end() && found.stage == s.request.stage)
        s.again = at->second;
    return found;
}

ScreeningStatus Screening::status() {
    State& s = *state_;
    s.catch_up();
    ScreeningStatus out;
    out.stage = s.request.stage, out.reviewers = s.setup.reviewers;
    out.records = s.records_at_stage();
    std::map<std::string, ByReviewer> people;
    std::map<std::pair<std::string, std::string>, std::vector<screen::Pair>> both;
    for (const auto& [row, ballot] : s.ballots.touched()) {
        if (!s.at_stage(row)) continue;
        const std::string& value = ballot.consensus.value;
        out.settled += !value.empty();
        out.include += value == "include", out.exclude += value == "exclude";
        out.unsure += value == "unsure", out.not_retrieved += value == "not-retrieved";
        const bool differ = ballot.consensus.conflict && !s.hidden(ballot);
        out.waiting += value.empty() && !differ && !ballot.labels.empty();
        for (auto first = ballot.labels.begin(); first != ballot.labels.end(); ++first) {
            ByReviewer& person = people[first->first];
            const std::string& said = first->second.value;
            person.include += said == "include", person.exclude += said == "exclude";
            person.unsure += said == "unsure", person.not_retrieved += said == "not-retrieved";
            for (auto second = std::next(first); second != ballot.labels.end(); ++second)
                both[{first->first, second->first}].push_back(
                    {category(said), category(second->second.value)});
        }
        if (!differ) continue;
        Conflict& conflict = out.conflicts.emplace_back();
        conflict.record = s.entries[row].id, conflict.title = s.entries[row].title;
        for (const auto& [who, label] : ballot.labels)
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

} // namespace assay::app
