#include "dedupe/score.hpp"

#include "base/error.hpp"

#include <unordered_map>
#include <unordered_set>

namespace assay::dedupe {

namespace {

using Counts = std::unordered_map<std::string, std::size_t>;

double ratio(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t pairs(std::size_t n) {
    return n * (n - 1) / 2;
}

std::size_t pairs(const Counts& counts) {
    std::size_t sum = 0;
    for (const auto& [name, n] : counts)
        sum += pairs(n);
    return sum;
}

} // namespace

Score score(std::span<const std::string> truth, std::span<const std::string> found) {
    ASSAY_EXPECT(truth.size() == found.size());
    Counts in_truth, in_found, in_both, kept;
    std::unordered_set<std::string> seen;
    std::size_t kept_records = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        ++in_truth[truth[i]];
        ++in_found[found[i]];
        ++in_both[truth[i] + '\0' + found[i]];
        if (seen.insert(found[i]).second) ++kept[truth[i]], ++kept_records;
    }
    Score s;
    s.records = truth.size();
    s.true_groups = in_truth.size();
    s.found_groups = in_found.size();
    for (const auto& [name, n] : in_truth) {
        const auto at = kept.find(name);
        if (at == kept.end())
            ++s.lost;
        else
            s.left += at->second - 1;
    }
    s.removed_rightly = s.records - kept_records - s.lost;
    s.removal_precision = ratio(s.removed_rightly, s.removed_rightly + s.lost);
    s.removal_recall = ratio(s.removed_rightly, s.removed_rightly + s.left);
    s.pair_precision = ratio(pairs(in_both), pairs(in_found));
    s.pair_recall = ratio(pairs(in_both), pairs(in_truth));
    std::size_t twins = 0, flagged = 0, both = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const bool twin = in_truth[truth[i]] > 1, flag = in_found[found[i]] > 1;
        twins += twin ? 1 : 0;
        flagged += flag ? 1 : 0;
        both += twin && flag ? 1 : 0;
    }
    s.member_precision = ratio(both, flagged);
    s.member_recall = ratio(both, twins);
    return s;
}

} // namespace assay::dedupe
