#include "screen/solver.hpp"

#include "base/error.hpp"
#include "screen/liblinear.hpp"
#include "screen/vector_ops.hpp"

#include <algorithm>
#include <cmath>

namespace assay::screen {

void Solver::grow() {
    const std::size_t wider = std::max<std::size_t>(64, capacity_ * 2);
    std::vector<float> rows(wider * wider);
    for (std::size_t j = 0; j < size(); ++j)
        std::copy_n(row(j), size(), rows.data() + j * wider);
    rows_ = std::move(rows);
    capacity_ = wider;
}

void Solver::add(std::span<const float> similarity, float self, bool is_relevant) {
    ASSAY_EXPECT(similarity.size() == size());
    const std::size_t n = size();
    if (n == capacity_) grow();
    float* fresh = rows_.data() + n * capacity_;
    double sums[2] = {0, 0};
    for (std::size_t j = 0; j < n; ++j) {
        fresh[j] = similarity[j];
        rows_[j * capacity_ + n] = similarity[j];
        sums[y_[j] > 0] += a_[j] * static_cast<double>(similarity[j]);
    }
    fresh[n] = self;
    for (const int side : {0, 1})
        sums_[side].push_back(sums[side]);
    self_.push_back(self);
    a_.push_back(0);
    y_.push_back(is_relevant ? 1 : -1);
    members_[is_relevant].push_back(static_cast<std::uint32_t>(n));
    relevant_ += is_relevant;
}

double Solver::gradient(std::size_t j) const {
    return y_[j] * decision(j) - 1 + stiffness(j) * a_[j];
}

// Newton's step for the two scales (s of the included, t of the excluded): the objective restricted to them
// is a quadratic in two unknowns.
void Solver::rescale_classes() {
    double square[2] = {0, 0}, own[2] = {0, 0}, cross = 0;
    for (const int side : {0, 1})
        for (const std::uint32_t j : members_[side]) {
            if (a_[j] == 0) continue;
            own[side] += a_[j] * (sums_[side][j] + total_[side]);
            square[side] += a_[j] * a_[j];
            if (side) cross += a_[j] * (sums_[0][j] + total_[0]);
        }
    const double h00 = own[0] + diagonal_[0] * square[0], h11 = own[1] + diagonal_[1] * square[1];
    const double determinant = h00 * h11 - cross * cross;
    if (!(determinant > 1e-12 * h00 * h11)) return;
    const double scale[2] = {(total_[0] * h11 + total_[1] * cross) / determinant,
                             (total_[1] * h00 + total_[0] * cross) / determinant};
    if (!(scale[0] > 0 && scale[1] > 0)) return;
    for (const int side : {0, 1}) {
        for (const std::uint32_t j : members_[side])
            a_[j] *= scale[side];
        for (double& sum : sums_[side])
            sum *= scale[side];
        total_[side] *= scale[side];
        scale_[side] *= scale[side];
    }
}

void Solver::solve(double gain) {
    ASSAY_EXPECT(both_classes());
    const double n = static_cast<double>(size()), n1 = static_cast<double>(relevant_), n0 = n - n1;
    const double share = 1 + 1 / options_.ratio;
    const double weight1 = n / (n1 * share), weight0 = n / (options_.ratio * n0 * share);
    diagonal_[1] = 1 / (2 * options_.cost * weight1);
    diagonal_[0] = 1 / (2 * options_.cost * weight0);
    constexpr int most_sweeps = 1000;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        rescale_classes();
        bool moved = false;
        for (std::size_t j = 0; j < size(); ++j) {
            const double g = gradient(j);
            if (a_[j] == 0 && g >= 0) continue;
            const double curvature = static_cast<double>(self_[j]) + 1 + stiffness(j);
            if (g * g < 2 * gain * curvature) continue;
            const double next = std::max(0.0, a_[j] - g / curvature), change = next - a_[j];
            if (change == 0) continue;
            const int side = y_[j] > 0;
            a_[j] = next;
            total_[side] += change;
            add_scaled(sums_[side].data(), row(j), change, size());
            ++updates_;
            moved = true;
        }
        if (!moved) break;
    }
}

std::vector<double> Solver::liblinear(std::uint32_t seed) const {
    std::vector<double> half_cost(size());
    for (std::size_t j = 0; j < size(); ++j)
        half_cost[j] = stiffness(j);
    return liblinear_dual({size(), rows_.data(), capacity_, self_, y_, half_cost}, seed);
}

} // namespace assay::screen
