#include "store/flow.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <unordered_map>

namespace assay::store {

namespace {

using model::Flow;
using model::FlowBox;

bool of_databases(const std::string& kind) {
    return kind == "database" || kind == "register";
}

/// Copies of one record, as the flow sees them.
struct Group {
    std::int64_t first = 0; ///< its first record that was not forgotten
    std::string title, year;
    std::set<std::int64_t> sources;
    std::set<std::string> studies;
    bool databases = false; ///< some copy is from a database or register
    bool old = false;       ///< some copy is from a source of the version before
    bool told = false;      ///< an event says which study it belongs to; the folder is not asked
    const Event* removed = nullptr;
};

/// Events of one kind that stand, the newest for each key.
template<class Key> std::map<std::int64_t, Event> standing(Store& store, std::string_view kind, Key key) {
    std::map<std::int64_t, Event> newest;
    store.each_event(
        [&](const Event& e) {
            if (!e.undone) newest[key(e)] = e;
            return true;
        },
        kind);
    return newest;
}

/// Counts one store, step by step in the order of the diagram.
class Counter {
public:
    Counter(Store& store, const FlowOptions& options) : store_(store), options_(options) {}

    Flow run() {
        flow_.origin = model::FlowOrigin::events;
        sources();
        groups();
        identification();
        const auto screened = consensus(store_, "screen", options_.reviewers);
        const auto read = consensus(store_, "fulltext", options_.reviewers);
        for (const auto& [head, group] : groups_)
            follow(head, group, screened, read);
        for (const auto& [head, c] : read)
            strays_ += counted_at_fulltext_.contains(head) || c.value.empty() ? 0 : 1;
        fill_boxes();
        return std::move(flow_);
    }

private:
    bool is_new(std::int64_t source) const { return !options_.last || source > options_.last->last_source; }

    void sources() {
        for (const SourceFile& source : store_.sources()) {
            place_[source.id] = flow_.sources.size();
            flow_.sources.push_back({source.label, source.kind, source.records, 0, source.when});
            kinds_[source.id] = source.kind;
            flow_.last_source = std::max(flow_.last_source, source.id);
            if (!is_new(source.id)) {
                identified_before_ += source.records;
                continue;
            }
            if (source.kind == "database")
                add_part(FlowBox::database_results, source.label, source.records);
            else if (source.kind == "register")
                add_part(FlowBox::register_results, source.label, source.records);
            else {
                other_ = true, other_identified_ += source.records;
                *count(source.kind == "website"        ? FlowBox::website_results
                       : source.kind == "organisation" ? FlowBox::organisation_results
                                                       : FlowBox::citations_results) += source.records;
            }
            if (of_databases(source.kind)) identified_ += source.records;
        }
    }

    void groups() {
        removed_ = standing(store_, "remove", [](const Event& e) { return e.record; });
        const auto studies = standing(store_, "study", [](const Event& e) { return e.record; });
        store_.each_entry([&](const Entry& entry) {
            Group& group = groups_[entry.cluster];
            if (group.first == 0) group.first = entry.id, group.title = entry.title, group.year = entry.year;
            group.sources.insert(entry.source);
            const bool databases = of_databases(kinds_[entry.source]), fresh = is_new(entry.source);
            group.databases |= databases && fresh, group.old |= !fresh;
            (databases ? kept_ : other_kept_) += fresh ? 1 : 0;
            if (const auto at = removed_.find(entry.id); at != removed_.end()) group.removed = &at->second;
            if (const auto at = studies.find(entry.id); at != studies.end())
                group.studies.insert(at->second.value), group.told = true;
            head_of_[entry.id] = entry.cluster;
            return true;
        });
        for (const auto& [head, group] : groups_)
            if (group.sources.size() == 1) ++flow_.sources[place_[*group.sources.begin()]].only_here;
        for (const auto& [record, study] : options_.studies)
            if (const auto at = head_of_.find(record); at != head_of_.end())
                if (Group& group = groups_[at->second]; !group.told) group.studies.insert(study);
    }

    void identification() {
        std::int64_t apart = 0, other_apart = 0;
        for (const auto& [head, group] : groups_)
            if (!group.old) ++(group.databases ? apart : other_apart);
        flow_[FlowBox::duplicates] = kept_ - apart;
        other_left_out_ = other_identified_ - other_apart; // copies, and those their source has withdrawn
        other_copies_ = other_kept_ - other_apart;
        if (identified_ > kept_)
            add_reason(FlowBox::excluded_other, "deleted by their database", identified_ - kept_);
    }

    // One group through the diagram.
    void follow(std::int64_t head, const Group& group, const std::map<std::int64_t, Consensus>& screened,
                const std::map<std::int64_t, Consensus>& read) {
        const bool fresh = !group.old, databases = group.databases;
        if (group.removed) {
            if (fresh && databases)
                add_reason(group.removed->value == "automatic" ? FlowBox::excluded_automatic
                                                               : FlowBox::excluded_other,
                           group.removed->why, 1);
            else if (fresh)
                ++other_left_out_;
            return;
        }
        const auto label = [head = head](const std::map<std::int64_t, Consensus>& of) {
            const auto at = of.find(head);
            return at == of.end() ? Consensus() : at->second;
        };
        const Consensus title = label(screened);
        if (fresh && databases && (title.value == "include" || title.value == "exclude")) ++screened_;
        if (title.value != "include") {
            if (!fresh) return;
            if (title.value == "exclude" && databases)
                ++excluded_;
            else if (title.value == "exclude")
                ++other_left_out_, ++other_screened_out_;
            else
                wait(databases ? flow_.waiting.screen : flow_.waiting.other_screen, title, databases);
            return;
        }
        const Consensus text = label(read);
        counted_at_fulltext_.insert(head);
        if (text.value == "include") included(head, group);
        if (!fresh) return;
        ++(databases ? sought_ : other_sought_);
        if (text.value == "include" || text.value == "exclude") ++(databases ? assessed_ : other_assessed_);
        if (text.value == "include")
            ++(databases ? included_ : other_included_);
        else if (text.value == "not-retrieved")
            ++(databases ? not_retrieved_ : other_not_retrieved_);
        else if (text.value == "exclude")
            excluded(group, text);
        else {
            ++(databases ? flow_.waiting.retrieval : flow_.waiting.other_retrieval);
            if (databases) flow_.waiting.fulltext_conflicts += text.conflict ? 1 : 0;
        }
    }

    void wait(std::int64_t& waiting, const Consensus& title, bool databases) {
        ++waiting;
        if (!databases) return;
        flow_.waiting.screen_unsure += title.value == "unsure" ? 1 : 0;
        flow_.waiting.screen_conflicts += title.conflict ? 1 : 0;
    }

    void excluded(const Group& group, const Consensus& text) {
        flow_.unreasoned += text.why.empty() ? 1 : 0;
        add_reason(group.databases ? FlowBox::dbr_excluded : FlowBox::other_excluded,
                   text.why.empty() ? "no reason given" : text.why, 1);
        flow_.excluded.push_back({group.first, group.title, group.year, text.why});
    }

    void included(std::int64_t head, const Group& group) {
        flow_.included.push_back(group.first);
        included_groups_.insert(head);
        if (group.studies.size() != 1) ++flow_.unlinked;
    }

    void fill_boxes() {
        fill_reasons();
        flow_[FlowBox::database_results] = or_0(FlowBox::database_results);
        flow_[FlowBox::register_results] = or_0(FlowBox::register_results);
        flow_[FlowBox::excluded_automatic] = or_0(FlowBox::excluded_automatic);
        flow_[FlowBox::excluded_other] = or_0(FlowBox::excluded_other);
        flow_[FlowBox::records_screened] = screened_;
        flow_[FlowBox::records_excluded] = excluded_;
        flow_[FlowBox::dbr_sought_reports] = sought_;
        flow_[FlowBox::dbr_notretrieved_reports] = not_retrieved_;
        flow_[FlowBox::dbr_assessed] = assessed_;
        flow_[FlowBox::dbr_excluded] = or_0(FlowBox::dbr_excluded);
        flow_[FlowBox::dbr_included] = included_;
        if (other_) fill_other();
        fill_included();
        if (strays_ > 0)
            flow_.notes.push_back(std::to_string(strays_) +
                                  (strays_ == 1 ? " record has a decision" : " records have decisions") +
                                  " at full text but " + (strays_ == 1 ? "is" : "are") +
                                  " not among the reports sought; no box counts " +
                                  (strays_ == 1 ? "it." : "them."));
    }

    void fill_other() {
        flow_[FlowBox::other_left_out] = other_left_out_;
        flow_[FlowBox::other_sought_reports] = other_sought_;
        flow_[FlowBox::other_notretrieved_reports] = other_not_retrieved_;
        flow_[FlowBox::other_assessed] = other_assessed_;
        flow_[FlowBox::other_excluded] = or_0(FlowBox::other_excluded);
        flow_[FlowBox::other_included] = other_included_;
        if (other_left_out_ > 0)
            flow_.notes.push_back("Left out before retrieval, of the records from other methods: " +
                                  std::to_string(other_copies_) + (other_copies_ == 1 ? " copy" : " copies") +
                                  " of records found otherwise, " + std::to_string(other_screened_out_) +
                                  " by title and abstract, " +
                                  std::to_string(other_left_out_ - other_copies_ - other_screened_out_) +
                                  " removed or withdrawn.");
    }

    void fill_included() {
        const std::int64_t fresh = included_ + other_included_;
        std::set<std::int64_t> then; // included in the version before, and still
        if (options_.last) {
            then = compare(*options_.last);
            flow_[FlowBox::previous_reports] = options_.last->reports;
            flow_[FlowBox::previous_studies] = options_.last->studies;
            flow_[FlowBox::total_reports] = static_cast<std::int64_t>(included_groups_.size());
        }
        flow_[FlowBox::new_reports] = fresh + (flow_.previous ? flow_.previous->late : 0);
        std::set<std::string> before, all;
        for (const std::int64_t head : included_groups_) {
            if (groups_[head].studies.size() != 1) continue;
            const std::string& study = *groups_[head].studies.begin();
            all.insert(study);
            if (then.contains(head)) before.insert(study);
        }
        flow_.studies.assign(all.begin(), all.end());
        if (flow_.unlinked > 0) return;
        flow_[FlowBox::new_studies] = static_cast<std::int64_t>(all.size() - before.size());
        if (options_.last) flow_[FlowBox::total_studies] = static_cast<std::int64_t>(all.size());
    }

    // What became of the reports of the version before; returns the groups that are still included.
    std::set<std::int64_t> compare(const LastVersion& last) {
        model::FlowPrevious& before = flow_.previous.emplace();
        std::set<std::int64_t> then;
        for (const std::int64_t record : last.included) {
            const auto head = head_of_.find(record);
            const bool still = head != head_of_.end() && included_groups_.contains(head->second);
            if (still && then.insert(head->second).second) continue;
            before.dropped.push_back("record " + std::to_string(record) +
                                     (still ? " (a copy of another)" : ""));
        }
        before.reports = last.reports, before.identified = last.identified;
        before.still_included = static_cast<std::int64_t>(then.size());
        before.identified_now = identified_before_;
        for (const std::int64_t head : included_groups_)
            before.late += groups_[head].old && !then.contains(head) ? 1 : 0;
        return then;
    }

    std::int64_t or_0(FlowBox box) const { return flow_[box].value_or(0); }
    std::optional<std::int64_t>& count(FlowBox box) {
        if (!flow_[box]) flow_[box] = 0;
        return flow_[box];
    }
    void add_part(FlowBox box, const std::string& label, std::int64_t n) {
        auto& parts = flow_.of(box);
        const auto at =
            std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p.label == label; });
        if (at == parts.end())
            parts.push_back({label, n});
        else
            at->n += n;
        *count(box) += n;
    }
    void add_reason(FlowBox box, const std::string& why, std::int64_t n) {
        reasons_[box][why.empty() ? "no reason given" : why] += n;
    }
    /// Reasons stand in the order of the settings, all others by name: the same log gives the same bytes.
    void fill_reasons() {
        for (const auto& [box, reasons] : reasons_) {
            auto& parts = flow_.of(box);
            for (const auto& [why, n] : reasons) {
                parts.push_back({why, n});
                *count(box) += n;
            }
            const auto rank = [&](const auto& part) {
                return std::find(options_.reasons.begin(), options_.reasons.end(), part.label);
            };
            std::stable_sort(parts.begin(), parts.end(),
                             [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
        }
    }

    Store& store_;
    const FlowOptions& options_;
    Flow flow_;
    std::unordered_map<std::int64_t, std::size_t> place_;
    std::unordered_map<std::int64_t, std::string> kinds_;
    std::map<std::int64_t, Group> groups_; ///< by head
    std::unordered_map<std::int64_t, std::int64_t> head_of_;
    std::map<std::int64_t, Event> removed_;
    std::map<FlowBox, std::map<std::string, std::int64_t>> reasons_;
    std::set<std::int64_t> counted_at_fulltext_, included_groups_;
    bool other_ = false;
    std::int64_t identified_ = 0, kept_ = 0, identified_before_ = 0;
    std::int64_t screened_ = 0, assessed_ = 0, other_assessed_ = 0;
    std::int64_t excluded_ = 0, sought_ = 0, not_retrieved_ = 0, included_ = 0, strays_ = 0;
    std::int64_t other_identified_ = 0, other_kept_ = 0, other_copies_ = 0, other_left_out_ = 0,
                 other_screened_out_ = 0, other_sought_ = 0, other_not_retrieved_ = 0, other_included_ = 0;
};

} // namespace

Consensus add_up(const std::map<std::string, Label>& labels, const Label* resolved, int reviewers) {
    Consensus c;
    c.reviewers = static_cast<int>(labels.size());
    if (!labels.empty()) {
        const Label& first = labels.begin()->second;
        for (const auto& [who, label] : labels)
            c.conflict |= label.value != first.value;
        if (!c.conflict && c.reviewers >= reviewers) c.value = first.value, c.why = first.why;
    }
    if (resolved) c.conflict = false, c.value = resolved->value, c.why = resolved->why;
    return c;
}

std::map<std::int64_t, Consensus> consensus(Store& store, std::string_view stage, int reviewers) {
    const auto head = store.heads();
    std::map<std::int64_t, std::map<std::string, Label>> by_group; // the newest label of each reviewer
    std::map<std::int64_t, Label> resolved;
    for (Label& label : store.labels(stage)) { // in the order of events
        const auto found = head.find(label.record);
        const std::int64_t group = found == head.end() ? label.record : found->second;
        if (label.resolves)
            resolved[group] = label;
        else
            by_group[group][label.who] = label;
    }
    std::map<std::int64_t, Consensus> all;
    for (const auto& [group, labels] : by_group)
        all[group] = {};
    for (const auto& [group, label] : resolved)
        all[group] = {};
    for (auto& [group, c] : all) {
        const auto settled = resolved.find(group);
        c = add_up(by_group[group], settled == resolved.end() ? nullptr : &settled->second, reviewers);
    }
    return all;
}

Flow flow(Store& store, const FlowOptions& options) {
    return Counter(store, options).run();
}

std::vector<model::FlowAcceptance> flow_accepted(Store& store) {
    std::vector<model::FlowAcceptance> all;
    store.each_event(
        [&](const Event& e) {
            if (e.undone) return true;
            model::FlowAcceptance& row = all.emplace_back();
            row.check = e.stage, row.who = e.who, row.when = e.when, row.why = e.why;
            std::istringstream numbers(e.value);
            double left = 0, right = 0;
            if (numbers >> left >> right) row.left = left, row.right = right;
            return true;
        },
        "accept");
    return all;
}

} // namespace assay::store
