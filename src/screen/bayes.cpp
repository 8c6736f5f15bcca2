#include "screen/bayes.hpp"

#include "base/error.hpp"
#include "screen/solver.hpp"

#include <cmath>
#include <numeric>

namespace assay::screen {

Bayes::Bayes(const Matrix& matrix, BayesOptions options) : matrix_(matrix), options_(options) {
    for (auto& sums : sums_)
        sums.assign(matrix.columns, 0);
    weights_.assign(matrix.columns, 0);
    scores_.assign(matrix.rows, 0);
}

void Bayes::decide(std::size_t record, bool relevant) {
    ASSAY_EXPECT(record < matrix_.rows);
    for (std::size_t k = matrix_.begin[record]; k < matrix_.begin[record + 1]; ++k)
        sums_[relevant][matrix_.column[k]] += static_cast<double>(matrix_.value[k]);
    ++decided_[relevant];
    stale_ = true;
}

// log((s_1t + alpha) / (S_1 + alpha V)) - log((s_0t + alpha) / (S_0 + alpha V)) for each of the V terms, with
// weighted sums s and their totals S. Both weights change with every decision, so nothing of this can be
// kept.
const std::vector<double>& Bayes::scores() {
    if (!stale_) return scores_;
    ASSAY_EXPECT(decided_[0] > 0 && decided_[1] > 0);
    stale_ = false;
    const auto weight = class_weights(decided_[0], decided_[1], options_.ratio);
    const double terms = static_cast<double>(matrix_.columns);
    double log_total[2];
    for (const int side : {0, 1})
        log_total[side] = std::log(weight[static_cast<std::size_t>(side)] *
                                       std::accumulate(sums_[side].begin(), sums_[side].end(), 0.0) +
                                   options_.alpha * terms);
    const double absent = log_total[0] - log_total[1]; // of a term that no decided record has
    for (std::size_t t = 0; t < matrix_.columns; ++t) {
        weights_[t] = absent;
        if (sums_[0][t] != 0 || sums_[1][t] != 0)
            weights_[t] += std::log((weight[1] * sums_[1][t] + options_.alpha) /
                                    (weight[0] * sums_[0][t] + options_.alpha));
    }
    for (std::size_t row = 0; row < matrix_.rows; ++row) {
        double sum = 0;
        for (std::size_t k = matrix_.begin[row]; k < matrix_.begin[row + 1]; ++k)
            sum += weights_[matrix_.column[k]] * static_cast<double>(matrix_.value[k]);
        scores_[row] = sum;
    }
    return scores_;
}

} // namespace assay::screen
