#include "store/flow.hpp"

#include <set>
#include <unordered_map>

namespace assay::store {

namespace {

std::unordered_map<std::int64_t, std::int64_t> heads(Store& store) {
    std::unordered_map<std::int64_t, std::int64_t> of;
    store.database().query("SELECT record, head FROM cluster", {},
                           [&](std::span<const Cell> row) { of[row[0].number()] = row[1].number(); });
    return of;
}

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
    const auto head = heads(store);
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

Flow flow(Store& store, int reviewers) {
    Flow f;
    std::unordered_map<std::int64_t, std::size_t> place;
    for (const SourceFile& source : store.sources()) {
        place[source.id] = f.sources.size();
        f.sources.push_back({source.label, source.records, 0});
        f.identified += source.records;
    }
    std::unordered_map<std::int64_t, std::set<std::int64_t>> sources_of;
    std::int64_t kept = 0;
    store.each_entry([&](const Entry& entry) {
        sources_of[entry.cluster].insert(entry.source);
        ++kept;
        return true;
    });
    f.to_screen = static_cast<std::int64_t>(sources_of.size());
    f.duplicates = kept - f.to_screen;
    f.forgotten = f.identified - kept;
    for (const auto& [group, from] : sources_of)
        if (from.size() == 1) ++f.sources[place[*from.begin()]].only_here;
    for (const auto& [group, c] : consensus(store, "screen", reviewers)) {
        f.screen_conflicts += c.conflict ? 1 : 0;
        f.screened += c.value.empty() ? 0 : 1;
        f.excluded += c.value == "exclude" ? 1 : 0;
        f.unsure += c.value == "unsure" ? 1 : 0;
        f.sought += c.value == "include" ? 1 : 0;
    }
    for (const auto& [group, c] : consensus(store, "fulltext", reviewers)) {
        f.fulltext_conflicts += c.conflict ? 1 : 0;
        if (c.value == "not-retrieved")
            ++f.not_retrieved;
        else if (!c.value.empty())
            ++f.assessed;
        if (c.value == "exclude") ++f.fulltext_excluded[c.why.empty() ? "no reason given" : c.why];
        f.included += c.value == "include" ? 1 : 0;
    }
    return f;
}

} // namespace assay::store
