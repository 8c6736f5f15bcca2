// Why a record stands where it stands: what each of its terms adds to its score.
#pragma once

#include "screen/features.hpp"
#include "screen/ranker.hpp"

#include <string>
#include <vector>

namespace assay::screen {

struct Reason {
    std::string term;  ///< as it stands in the record: "blood pressure"
    double weight = 0; ///< what it adds to the score; negative: it speaks against
};

/// The terms of `record` that add most in size, at most `most`, the largest first. The model is linear, so
/// this is exact: the score is the intercept plus the sum over all terms (those that only one record has add
/// nothing). `text` is the record's, `options` those of the features. Needs ranker.ready().
std::vector<Reason> reasons(const TextFeatures& features, const TextOptions& options, Ranker& ranker,
                            std::size_t record, const Text& text, std::size_t most);

} // namespace assay::screen
