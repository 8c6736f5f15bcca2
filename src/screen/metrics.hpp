// How well an order of reading did: the figures screening studies report, as ASReview Insights defines them.
#pragma once

#include <cstddef>
#include <span>

namespace assay::screen {

struct Metrics {
    double recall_10 = 0, recall_20 = 0,
           recall_50 = 0; ///< share of the relevant found after that share of the list
    double wss_95 = 0; ///< work saved over a random order at 95 % recall, share of the list (Insights' form)
    double wss_95_classic = 0; ///< (N - records read) / N - 0.05 (Cohen 2006)
    double rrf_10 = 0;         ///< the same as recall_10, under the name screening papers use
    double atd = 0;            ///< mean position of the relevant records, in records read
    double loss = 0; ///< area between the recall curve and the best possible, 0 best, over its largest size
    double ndcg = 0; ///< normalised discounted cumulative gain over the whole list
    std::size_t read_95 = 0, read_100 = 0; ///< records read to find 95 % (rounded up) and all of the relevant
};

/// `found[i]`: whether the i-th record read was relevant, priors left out; `total`: records in the list,
/// priors left out. Records behind the end of `found` count as read later and not relevant. All figures are 0
/// without a relevant record.
Metrics measure(std::span<const char> found, std::size_t total);

} // namespace assay::screen
