#include "app/screening_state.hpp"

#include "app/screen.hpp"
#include "base/error.hpp"
#include "screen/bm25.hpp"
#include "screen/priors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace assay::app {

namespace {

constexpr std::size_t reasons_shown = 8;
// A server hands out numbers of events before they can be seen, so that a lower one may appear after a higher
// one.
constexpr std::int64_t overtaking = 1000;

// Records come, go, or are found to be copies.
bool changes_records(std::string_view kind) {
    constexpr std::string_view kinds[] = {"import", "forget", "remove", "dedupe", "merge", "decide"};
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

bool learnt(const std::string& value) {
    return value == "include" || value == "exclude";
}

} // namespace

Screening::State::State(store::Store& store_, ScreeningRequest request_, const Progress& progress_)
    : store(store_), request(std::move(request_)), progress(progress_), model(*screen::model_of("default")) {
    read_all();
}

// The settings of the store, and what the request says where the store says nothing.
void Screening::State::set_up() {
    settings = store::settings(store);
    setup = setup_of(settings);
    const std::string agreed = store::setting(settings, "reviewers");
    if (request.reviewers && !agreed.empty() && *request.reviewers != setup.reviewers)
        throw Error(
            "screen/other-setting",
            fmt::format(
                "this review was set up for {} reviewers, not {}; assay screen setup --reviewers changes "
                "that, and keeps who did",
                setup.reviewers, *request.reviewers),
            Exit::input);
    if (request.reviewers) setup.reviewers = *request.reviewers;
    if (request.seed) setup.seed = *request.seed;
    std::vector<std::string> words = setup.include_words;
    words.insert(words.end(), setup.exclude_words.begin(), setup.exclude_words.end());
    highlighter_.emplace(words);
    start_.clear();
}

void Screening::State::read_all() {
    last_event_ = store.newest_event();
    set_up();
    entries.clear(), row_of.clear(), audits.clear(), texts.clear(), removed.clear(), sought.clear();
    changed_.clear();
    again.reset();
    forget_model();
    features.reset(), similarity.reset();
    std::unordered_map<std::int64_t, std::size_t> head;
    store.each_entry([&](const store::Entry& entry) {
        const auto [at, fresh] = head.try_emplace(entry.cluster, entries.size());
        if (fresh) entries.push_back(entry);
        row_of[entry.id] = at->second;
        row_of.try_emplace(entry.cluster, at->second);
        store::Entry& kept = entries[at->second];
        if (entry.abstract.size() > kept.abstract.size()) kept.abstract = entry.abstract;
        if (kept.title.empty()) kept.title = entry.title;
        if (kept.doi.empty()) kept.doi = entry.doi;
        if (kept.pmid.empty()) kept.pmid = entry.pmid;
        return true;
    });
    if (entries.empty())
        throw Error("screen/empty", "the store holds no records; bring some in with assay import",
                    Exit::input);
    ballots = Ballots(setup.reviewers), abstracts = Ballots(setup.reviewers);
    store.each_event(
        [&](const store::Event& event) {
            const auto at = row_of.find(event.record);
            if (!event.undone && at != row_of.end()) removed.insert(at->second);
            return true;
        },
        "remove");
    for (const std::string_view kind : {"label", "resolve", "audit", "drawn"})
        store.each_event(
            [&](const store::Event& event) {
                take(event);
                return true;
            },
            kind);
    for (const std::size_t row : changed_)
        follow(row);
    changed_.clear();
    reread_ = set_up_again_ = false;
}

void Screening::State::catch_up() {
    const bool server = store.database().dialect() == store::Dialect::postgres;
    store.each_event(
        [&](const store::Event& event) {
            const bool fresh = event.id > last_event_;
            last_event_ = std::max(last_event_, event.id);
            // What only may have been overtaken is taken in where that twice does no harm.
            if (fresh || event.kind == "label" || event.kind == "resolve" ||
                (event.kind == "undo" && (event.value == "label" || event.value == "resolve")))
                take(event);
            return true;
        },
        {}, server ? std::max<std::int64_t>(0, last_event_ - overtaking) : last_event_);
    if (reread_ || set_up_again_) {
        read_all();
        return;
    }
    for (const std::size_t row : changed_)
        follow(row);
    changed_.clear();
}

void Screening::State::take(const store::Event& e) {
    const bool decision = e.kind == "label" || e.kind == "resolve";
    if (decision || e.kind == "undo") {
        if (e.kind == "undo" && e.value != "label" && e.value != "resolve") {
            reread_ |= changes_records(e.value);
            return;
        }
        const auto at = row_of.find(e.record);
        if (at == row_of.end() || e.undone) return;
        Ballots* here = e.stage == request.stage ? &ballots : e.stage == "screen" ? &abstracts : nullptr;
        if (here == nullptr) return;
        if (decision)
            here->add(at->second,
                      {e.id, e.record, e.stage, e.who, e.value, e.why, e.when, e.kind == "resolve"});
        else
            here->remove(at->second, e.other);
        changed_.insert(at->second);
    } else if (e.kind == "setting") {
        set_up_again_ = true;
    } else if (e.kind == "audit") {
        DrawnAudit audit{e.id, 0, 0, e.who, e.when, {}};
        const auto number_after = [&](std::string_view mark) {
            std::size_t number = 0;
            if (const std::size_t at = e.value.find(mark); at != std::string::npos)
                std::from_chars(e.value.data() + at + mark.size(), e.value.data() + e.value.size(), number);
            return number;
        };
        audit.unread = number_after(" of "), audit.found = number_after(", "); // "60 of 71, 5 found"
        audits.push_back(std::move(audit));
    } else if (e.kind == "drawn") {
        const auto at = row_of.find(e.record);
        for (DrawnAudit& audit : audits)
            if (audit.event == e.other && at != row_of.end()) audit.rows.push_back(at->second);
    } else {
        reread_ |= changes_records(e.kind);
    }
}

// What a change of this record means for the list of full texts and for the model.
void Screening::State::follow(std::size_t row) {
    if (request.stage != "screen") {
        if (abstracts.of(row).consensus.value == "include" && removed.count(row) == 0)
            sought.insert(row);
        else
            sought.erase(row);
    }
    if (!ranker) return;
    const std::string value = lesson(row, taught);
    const auto known = known_.find(row);
    const bool open = at_stage(row) && to_read(row, taught);
    if ((known != known_.end() && (!learnt(value) || known->second != (value == "include"))) ||
        (open && aside_.count(row) > 0)) {
        forget_model(); // it cannot unlearn
        return;
    }
    if (known == known_.end() && learnt(value)) {
        ranker->decide(row, value == "include");
        known_[row] = value == "include";
    }
    if (!open && aside_.insert(row).second) ranker->set_aside(row);
}

void Screening::State::forget_model() {
    ranker.reset();
    known_.clear();
    aside_.clear();
}

bool Screening::State::to_read(std::size_t row, const std::string& who) const {
    const Ballot& ballot = ballots.of(row);
    return !ballot.resolved && ballot.labels.count(who) == 0 &&
           ballot.labels.size() < static_cast<std::size_t>(setup.reviewers);
}

// What this person's model may learn from a record. Where people work blind it is their own decisions and
// what was settled between reviewers: a ranking that knows the other's decisions would give them away.
std::string Screening::State::lesson(std::size_t row, const std::string& who) const {
    const Ballot& ballot = ballots.of(row);
    if (ballot.resolved) return ballot.resolved->value;
    if (const auto own = ballot.labels.find(who); own != ballot.labels.end()) return own->second.value;
    if (blind() || ballot.labels.empty()) return {};
    if (ballot.consensus.conflict) return {};
    return ballot.labels.begin()->second.value;
}

bool Screening::State::teach(const std::string& who) {
    if (ranker && taught == who) return ranker->ready();
    forget_model();
    bool include = false, exclude = false;
    for (const auto& [row, ballot] : ballots.touched()) {
        const std::string value = lesson(row, who);
        include |= value == "include", exclude |= value == "exclude";
    }
    if (!include || !exclude) return false; // nothing that would need the text of all records
    if (!features) {
        for (const store::Entry& entry : entries)
            if (texts.size() < entries.size()) texts.push_back({entry.title, entry.abstract});
        features = screen::text_features(texts, model.text);
        similarity.emplace(features->matrix);
    }
    ranker.emplace(*similarity, model.ranker);
    taught = who;
    std::size_t done = 0;
    for (const auto& [row, ballot] : ballots.touched()) {
        if (progress && ++done % 100 == 0)
            progress("learning from decisions", done, ballots.touched().size());
        const std::string value = lesson(row, who);
        if (!learnt(value)) continue;
        ranker->decide(row, value == "include");
        known_[row] = value == "include";
    }
    for (std::size_t row = 0; row < entries.size(); ++row)
        if (!at_stage(row) || !to_read(row, who)) {
            ranker->set_aside(row);
            aside_.insert(row);
        }
    return ranker->ready();
}

const std::vector<std::size_t>& Screening::State::first_order() {
    if (!start_.empty()) return start_;
    std::string words;
    if (!request.protocol.empty())
        words = protocol_text(request.protocol, "review");
    else if (!setup.protocol.empty())
        words = protocol_words("protocol", setup.protocol, "review");
    if (words.empty()) {
        start_.resize(entries.size());
        std::iota(start_.begin(), start_.end(), std::size_t{0});
        start_ = screen::draw(start_, start_.size(), setup.seed);
    } else {
        if (texts.empty())
            for (const store::Entry& entry : entries)
                texts.push_back({entry.title, entry.abstract});
        start_ = screen::by_value(screen::bm25(texts, words));
    }
    return start_;
}

Shown Screening::State::shown(std::size_t row, const std::string& order, bool with_reasons) {
    const store::Entry& e = entries[row];
    Shown out;
    out.record = e.id, out.title = e.title, out.abstract = e.abstract, out.authors = e.authors;
    out.year = e.year, out.journal = e.journal, out.doi = e.doi, out.order = order;
    for (const bool in_title : {true, false})
        for (const screen::Found& found : highlighter_->find(in_title ? e.title : e.abstract))
            out.marks.push_back(
                {in_title, found.word < setup.include_words.size(), found.begin, found.bytes});
    if (!with_reasons) return out;
    out.score = ranker->score(row);
    out.reasons = screen::reasons(*features, model.text, *ranker, row, texts[row], reasons_shown);
    return out;
}

std::vector<char> Screening::State::found_so_far() const {
    // A record was read when the first of the labels that stand was given.
    std::vector<std::pair<std::int64_t, char>> order;
    for (const auto& [row, ballot] : ballots.touched())
        if (ballot.read() && removed.count(row) == 0)
            order.emplace_back(ballot.standing.front().event, ballot.consensus.conflict ||
                                                                  ballot.consensus.value == "include" ||
                                                                  ballot.consensus.value == "unsure");
    std::sort(order.begin(), order.end());
    std::vector<char> found;
    for (const auto& [when, relevant] : order)
        found.push_back(relevant);
    return found;
}

std::size_t Screening::State::row_at_stage(std::int64_t record) const {
    const auto at = row_of.find(record);
    if (at == row_of.end())
        throw Error("store/unknown-record", fmt::format("the store has no record {}", record), Exit::input);
    if (!at_stage(at->second))
        throw Error("screen/not-sought",
                    fmt::format("record {} was {}", record,
                                removed.count(at->second) > 0 ? "taken out before screening"
                                                              : "not kept by title and abstract"),
                    Exit::input);
    return at->second;
}

} // namespace assay::app
