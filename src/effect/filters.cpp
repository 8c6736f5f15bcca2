#include "effect/filters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::effect {

namespace {
using namespace model;

template<class T> bool contains(const std::vector<T>& list, const T& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// An empty list is no condition.
template<class T> bool allowed(const std::vector<T>& list, const T& item) { return list.empty() || contains(list, item); }

/// Tags of the row, its study and its source.
std::vector<std::string> tags_of(const Review& review, const Result& row, const Study& study) {
    std::vector<std::string> tags = row.tags;
    tags.insert(tags.end(), study.tags.begin(), study.tags.end());
    if (const Report* report = review.find(row.source)) tags.insert(tags.end(), report->tags.begin(), report->tags.end());
    return tags;
}

std::string wanted(std::string_view what, const std::string& found, const std::vector<std::string>& list) {
    return fmt::format("its {} is {}, wanted: {}", what, found.empty() ? "not given" : "'" + found + "'",
                       fmt::join(list, ", "));
}
} // namespace

std::optional<std::string> failing_condition(const Review& review, const Filter& filter, const Result& row,
                                             const Study& study, const std::string& whose) {
    const auto fails = [&](const std::string& why) { return fmt::format("left out by {}: {}", whose, why); };
    if (!allowed(filter.rows, row.id)) return fails("not among the rows it names");
    if (!allowed(filter.only_studies, row.study)) return fails("not among the studies it names");
    if (contains(filter.without_studies, row.study)) return fails("the study is named as left out");

    const std::vector<std::string> tags = tags_of(review, row, study);
    const auto tagged = [&](const std::string& tag) { return contains(tags, tag); };
    if (!filter.only_tags.empty() && std::none_of(filter.only_tags.begin(), filter.only_tags.end(), tagged))
        return fails(fmt::format("carries none of the tags {}", fmt::join(filter.only_tags, ", ")));
    for (const std::string& tag : filter.without_tags)
        if (tagged(tag)) return fails(fmt::format("carries the tag '{}'", tag));

    if (!allowed(filter.statuses, row.status)) return fails(wanted("value status", row.status, filter.statuses));
    if (!row.n_status.empty() && !allowed(filter.statuses, row.n_status))
        return fails(wanted("status of n", row.n_status, filter.statuses));
    const auto made_up = [](const std::string& status) { return status == "derived" || status == "assumed"; };
    if (filter.without_derived && (made_up(row.status) || made_up(row.n_status)))
        return fails("its numbers were derived or assumed");
    if (!allowed(filter.funding, study.funding_class))
        return fails(wanted("funding class", study.funding_class, filter.funding));
    if (!allowed(filter.designs, study.design)) return fails(wanted("design", study.design, filter.designs));
    if (!allowed(filter.timepoints, row.timepoint))
        return fails(wanted("timepoint", row.timepoint, filter.timepoints));
    if (!allowed(filter.bases, row.basis)) return fails(wanted("basis", row.basis, filter.bases));
    return std::nullopt;
}

} // namespace assay::effect
