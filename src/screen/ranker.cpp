#include "screen/ranker.hpp"

#include "base/error.hpp"
#include "screen/vector_ops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::screen {

namespace {

constexpr float lost = -std::numeric_limits<float>::infinity();
// What single-precision sums over some thousand updates can be off by.
constexpr double rounding = 1e-4;

} // namespace

Ranker::Ranker(const Similarity& similarity, RankerOptions options)
    : similarity_(similarity), options_(options), solver_(options.solver), is_decided_(similarity.records(), 0) {
    for (auto& sums : pool_) sums.assign(similarity.records(), 0.0f);
}

void Ranker::decide(std::size_t record, bool relevant) {
    ASSAY_EXPECT(record < is_decided_.size() && !is_decided_[record]);
    std::vector<float> row(similarity_.records());
    similarity_.row(record, row);
    std::vector<float> among(decided_.size());
    for (std::size_t j = 0; j < decided_.size(); ++j) among[j] = row[decided_[j]];
    solver_.add(among, similarity_.self(record), relevant);
    rows_.push_back(std::move(row));
    decided_.push_back(static_cast<std::uint32_t>(record));
    applied_.push_back(0);
    is_decided_[record] = 1;
    pool_[1][record] = lost;
    stale_ = true;
}

void Ranker::refit() {
    if (!stale_) return;
    stale_ = false;
    ++refits_;
    solver_.solve(options_.gain);
    // The pool leaves out what coordinates changed by less than a solved coordinate may be off.
    flush(std::sqrt(options_.gain));
}

// Brings the sums over the pool up to the solver's weights, but for changes below `threshold`.
void Ranker::flush(double threshold) {
    const double scale[2] = {solver_.scale(false), solver_.scale(true)};
    for (std::size_t j = 0; j < decided_.size(); ++j) {
        const bool relevant = solver_.is_relevant(j);
        const double change = std::abs(solver_.weight(j)) - scale[relevant] * applied_[j];
        if (std::abs(change) <= threshold) continue;
        const double step = change / scale[relevant];
        applied_[j] += step;
        add_scaled(pool_[relevant].data(), rows_[j].data(), static_cast<float>(step), similarity_.records());
    }
}

std::size_t Ranker::best() {
    ASSAY_EXPECT(ready() && decided_.size() < similarity_.records());
    refit();
    if (options_.certain) return certain_best();
    return index_of_largest(pool_[1].data(), static_cast<float>(solver_.scale(true)), pool_[0].data(),
                            static_cast<float>(solver_.scale(false)), similarity_.records());
}

double Ranker::score(std::size_t record) {
    refit();
    return exact_score(record);
}

double Ranker::exact_score(std::size_t record) const {
    double score = solver_.intercept();
    for (std::size_t j = 0; j < decided_.size(); ++j) {
        const double weight = solver_.weight(j);
        if (weight != 0) score += weight * static_cast<double>(rows_[j][record]);
    }
    return score;
}

// The records that can be the best are few: those whose rough score is within twice the possible error of the
// highest. They are scored again from the weights themselves. If the lead is smaller than what an exact solution could
// still change, the model is solved further.
std::size_t Ranker::certain_best() {
    constexpr double last_gain = 1e-20;
    for (double gain = options_.gain;; gain *= 1e-3) {
        const double doubt = std::sqrt(2.0) * solver_.distance_bound(); // rows have length one: they differ by sqrt 2
        double left_out = rounding;
        const auto scale1 = static_cast<float>(solver_.scale(true)), scale0 = static_cast<float>(solver_.scale(false));
        for (std::size_t j = 0; j < decided_.size(); ++j)
            left_out += std::abs(std::abs(solver_.weight(j)) - solver_.scale(solver_.is_relevant(j)) * applied_[j]);
        const std::size_t top = index_of_largest(pool_[1].data(), scale1, pool_[0].data(), scale0, is_decided_.size());
        const double lowest = static_cast<double>(scale1 * pool_[1][top] - scale0 * pool_[0][top]) - 2 * left_out - doubt;
        std::size_t best = top;
        double best_score = -std::numeric_limits<double>::infinity(), second = best_score;
        for (std::size_t i = 0; i < is_decided_.size(); ++i) {
            if (!(static_cast<double>(scale1 * pool_[1][i] - scale0 * pool_[0][i]) >= lowest)) continue;
            const double score = exact_score(i);
            if (score > best_score) {
                second = best_score;
                best_score = score;
                best = i;
            } else if (score < best_score) second = std::max(second, score); // equal: the same text, the lower row leads
        }
        if (best_score - second > doubt || gain < last_gain) return best;
        solver_.solve(gain * 1e-3);
        flush(std::sqrt(gain * 1e-3));
    }
}

} // namespace assay::screen
