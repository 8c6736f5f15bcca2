#include "screen/ranker.hpp"

#include "base/error.hpp"
#include "screen/vector_ops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace assay::screen {

namespace {

constexpr float lost = -std::numeric_limits<float>::infinity();
// What single-precision sums over some thousand updates can be off by.
constexpr double rounding = 1e-4;
// Leads smaller than this may be an effect of where scikit-learn's solver stops (its tolerance is 1e-4 on the
// gradient, and so is ours in the compatible mode; the largest effect on a lead seen in 60 simulations was
// about 6e-5).
constexpr double retrace_below = 1e-4;

using Scored = std::vector<std::pair<std::size_t, double>>;

Scored::const_iterator first_largest(const Scored& scored) {
    return std::max_element(scored.begin(), scored.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; });
}

// How far the highest score is above the next lower one; records with the very same score have the same text,
// and the lower row leads.
double lead_over_next(const Scored& scored, double highest) {
    double next = -std::numeric_limits<double>::infinity();
    for (const auto& [record, score] : scored)
        if (score < highest) next = std::max(next, score);
    return highest - next;
}

} // namespace

Ranker::Ranker(const Similarity& similarity, RankerOptions options)
    : similarity_(similarity), options_(options), solver_(options.solver), random_(options.seed),
      is_decided_(similarity.records(), 0), fit_seeds_(options.seed) {
    for (auto& sums : pool_)
        sums.assign(similarity.records(), 0.0f);
}

Ranker::Ranker(const Similarity& similarity, const Matrix& matrix, RankerOptions options)
    : Ranker(similarity, options) {
    if (options.bayes) bayes_.emplace(matrix, *options.bayes);
}

void Ranker::decide(std::size_t record, bool relevant) {
    ASSAY_EXPECT(record < is_decided_.size() && !is_decided_[record]);
    ASSAY_EXPECT(bayes_.has_value() == options_.bayes.has_value());
    relevant_ += relevant;
    is_decided_[record] = 1;
    pool_[1][record] = lost;
    stale_ = true;
    if (bayes_) {
        bayes_->decide(record, relevant);
        decided_.push_back(static_cast<std::uint32_t>(record));
        return;
    }
    std::vector<float> row = free_row();
    similarity_.row(record, row);
    std::vector<float> among(decided_.size());
    for (std::size_t j = 0; j < decided_.size(); ++j)
        among[j] = row[decided_[j]];
    float nearest = 0;
    if (options_.compatible) {
        for (std::size_t i = 0; i < row.size(); ++i)
            if (i != record) nearest = std::max(nearest, row[i]);
        nearest_.push_back(nearest);
    }
    solver_.add(among, similarity_.self(record), relevant);
    rows_.push_back(std::move(row));
    last_use_.push_back(++uses_);
    decided_.push_back(static_cast<std::uint32_t>(record));
    applied_.push_back(0);
}

// Memory for one more row; where there is none left, that of the row used longest ago.
std::vector<float> Ranker::free_row() {
    const std::size_t most = std::max<std::size_t>(
        64, options_.row_bytes / (sizeof(float) * std::max<std::size_t>(1, similarity_.records())));
    if (rows_kept_ < most) {
        ++rows_kept_;
        return std::vector<float>(similarity_.records());
    }
    std::size_t oldest = rows_.size();
    for (std::size_t j = 0; j < rows_.size(); ++j)
        if (!rows_[j].empty() && (oldest == rows_.size() || last_use_[j] < last_use_[oldest])) oldest = j;
    return std::exchange(rows_[oldest], {});
}

const std::vector<float>& Ranker::row(std::size_t j) {
    if (rows_[j].empty()) {
        auto fresh = free_row();
        similarity_.row(decided_[j], fresh);
        rows_[j] = std::move(fresh);
    }
    last_use_[j] = ++uses_;
    return rows_[j];
}

void Ranker::refit() {
    if (!stale_) return;
    stale_ = false;
    ++refits_;
    if (bayes_) {
        const auto& scores = bayes_->scores();
        for (std::size_t i = 0; i < scores.size(); ++i)
            if (pool_[1][i] > lost) pool_[1][i] = static_cast<float>(scores[i]);
        return;
    }
    solver_.solve(options_.gain);
    // The pool leaves out what coordinates changed by less than a solved coordinate may be off.
    const double negligible = std::sqrt(options_.gain);
    flush(options_.compatible ? std::min(negligible, 1e-3 / static_cast<double>(decided_.size()))
                              : negligible);
}

// Brings the sums over the pool up to the solver's weights, but for changes below `threshold`.
void Ranker::flush(double threshold) {
    const double scale[2] = {solver_.scale(false), solver_.scale(true)};
    ScaledRows sums[2] = {{pool_[0].data(), similarity_.records()}, {pool_[1].data(), similarity_.records()}};
    for (std::size_t j = 0; j < decided_.size(); ++j) {
        const bool relevant = solver_.is_relevant(j);
        const double change = std::abs(solver_.weight(j)) - scale[relevant] * applied_[j];
        if (std::abs(change) <= threshold) continue;
        const double step = change / scale[relevant];
        applied_[j] += step;
        // A row that was given up takes the memory of another, which may be waiting here.
        if (rows_[j].empty())
            for (ScaledRows& waiting : sums)
                waiting.finish();
        sums[relevant].add(row(j).data(), static_cast<float>(step));
    }
}

std::size_t Ranker::best() {
    ASSAY_EXPECT(ready() && decided_.size() < similarity_.records());
    refit();
    if (options_.compatible) return compatible_best();
    return index_of_largest(pool_[1].data(), static_cast<float>(solver_.scale(true)), pool_[0].data(),
                            static_cast<float>(solver_.scale(false)), similarity_.records());
}

void Ranker::set_aside(std::size_t record) {
    ASSAY_EXPECT(record < is_decided_.size());
    pool_[1][record] = lost;
}

// The scores of the records that may be read next, but for a constant that best() need not know; the others
// are lost.
std::vector<float> Ranker::open_scores() {
    const auto scale1 = static_cast<float>(solver_.scale(true)),
               scale0 = static_cast<float>(solver_.scale(false));
    const auto intercept = bayes_ ? 0.0f : static_cast<float>(solver_.intercept());
    std::vector<float> scores(is_decided_.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        scores[i] = scale1 * pool_[1][i] - scale0 * pool_[0][i] + intercept;
    return scores;
}

std::size_t Ranker::next() {
    ASSAY_EXPECT(ready() && decided_.size() < similarity_.records());
    ++queries_;
    const bool other = options_.query == Query::uncertainty ||
                       (options_.query != Query::certainty && queries_ % options_.other_every == 0);
    if (!other) return best();
    refit();
    const auto scores = open_scores();
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (scores[i] > lost) open.push_back(i);
    if (open.empty()) return best();
    if (options_.query == Query::explore) return open[random_.below(open.size())];
    return *std::min_element(open.begin(), open.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(scores[a]) < std::abs(scores[b]);
    });
}

std::vector<std::size_t> Ranker::top(std::size_t count) {
    ASSAY_EXPECT(ready() && !options_.compatible);
    refit();
    const auto scale1 = static_cast<float>(solver_.scale(true)),
               scale0 = static_cast<float>(solver_.scale(false));
    std::vector<std::pair<float, std::size_t>> open;
    for (std::size_t i = 0; i < is_decided_.size(); ++i)
        if (pool_[1][i] > lost) open.emplace_back(-(scale1 * pool_[1][i] - scale0 * pool_[0][i]), i);
    count = std::min(count, open.size());
    std::partial_sort(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(count), open.end());
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back(open[i].second);
    return rows;
}

double Ranker::score(std::size_t record) {
    if (bayes_) return bayes_->scores()[record];
    refit();
    double score = solver_.intercept();
    for (std::size_t j = 0; j < decided_.size(); ++j) {
        const double weight = solver_.weight(j);
        if (weight != 0) score += weight * static_cast<double>(row(j)[record]);
    }
    return score;
}

// The records that can be the best are few: those whose rough score is within twice its possible error of the
// highest. They are scored again from the weights themselves. If the lead is so small that it hangs on where
// scikit-learn's solver stops, that solver's own weights decide.
std::size_t Ranker::compatible_best() {
    const std::uint32_t fit_seed = fit_seeds_.next();
    double left_out = rounding;
    const auto scale1 = static_cast<float>(solver_.scale(true)),
               scale0 = static_cast<float>(solver_.scale(false));
    for (std::size_t j = 0; j < decided_.size(); ++j)
        left_out +=
            std::abs(std::abs(solver_.weight(j)) - solver_.scale(solver_.is_relevant(j)) * applied_[j]) *
            static_cast<double>(nearest_[j]);
    const std::size_t top =
        index_of_largest(pool_[1].data(), scale1, pool_[0].data(), scale0, is_decided_.size());
    const double lowest =
        static_cast<double>(scale1 * pool_[1][top] - scale0 * pool_[0][top]) - 2 * left_out - retrace_below;
    Scored near; // candidates in row order, with their scores
    for (std::size_t i = 0; i < is_decided_.size(); ++i)
        if (static_cast<double>(scale1 * pool_[1][i] - scale0 * pool_[0][i]) >= lowest)
            near.emplace_back(i, score(i));
    const auto leader = first_largest(near);
    if (lead_over_next(near, leader->second) > retrace_below) return leader->first;
    ++retraced_;
    const auto dual = solver_.liblinear(fit_seed);
    for (auto& [record, score] : near) {
        score = 0;
        for (std::size_t j = 0; j < decided_.size(); ++j)
            if (dual[j] != 0)
                score += (solver_.is_relevant(j) ? dual[j] : -dual[j]) * static_cast<double>(row(j)[record]);
    }
    return first_largest(near)->first;
}

} // namespace assay::screen
