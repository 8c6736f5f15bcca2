#include "screen/solver.hpp"

#include "base/error.hpp"
#include "screen/liblinear.hpp"
#include "screen/vector_ops.hpp"

#include <algorithm>
#include <cmath>

namespace assay::screen {

std::array<double, 2> class_weights(std::size_t excluded, std::size_t included, double ratio) {
    if (ratio == 0) return {1, 1};
    const double n0 = static_cast<double>(excluded), n1 = static_cast<double>(included), n = n0 + n1;
    const double share = 1 + 1 / ratio;
    return {n / (ratio * n0 * share), n / (n1 * share)};
}

void Solver::add(std::span<const float> similarity, float self, bool is_relevant) {
    ASSAY_EXPECT(similarity.size() == size());
    const std::size_t n = size();
    // Room for a quarter more: doubling would take four times the memory of all rows.
    const auto room = [](std::size_t width) { return width + width / 4 + 64; };
    std::vector<float> fresh;
    fresh.reserve(room(n));
    fresh.assign(similarity.begin(), similarity.end());
    double sums[2] = {0, 0};
    for (std::size_t j = 0; j < n; ++j) {
        if (rows_[j].size() == rows_[j].capacity()) rows_[j].reserve(room(n));
        rows_[j].push_back(similarity[j]);
        sums[y_[j] > 0] += a_[j] * static_cast<double>(similarity[j]);
    }
    fresh.push_back(self);
    rows_.push_back(std::move(fresh));
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
    for (const int side : {0, 1})
        scale_class(side, scale[side]);
}

void Solver::scale_class(int side, double factor) {
    for (const std::uint32_t j : members_[side])
        a_[j] *= factor;
    for (double& sum : sums_[side])
        sum *= factor;
    total_[side] *= factor;
    scale_[side] *= factor;
}

void Solver::set_costs() {
    const auto weight = class_weights(size() - relevant_, relevant_, options_.ratio);
    for (const int side : {0, 1}) {
        const double cost = options_.cost * weight[static_cast<std::size_t>(side)];
        // Logistic regression keeps each a within its C, and as far along.
        if (options_.loss == Loss::logistic && cost_[side] > 0) scale_class(side, cost / cost_[side]);
        cost_[side] = cost;
        diagonal_[side] = 1 / (2 * cost);
    }
}

// Where coordinate j should move; where it is if that would lower the objective by less than `gain`.
double Solver::hinge_next(std::size_t j, double gain) const {
    const double g = gradient(j);
    if (a_[j] == 0 && g >= 0) return a_[j];
    const double curvature = static_cast<double>(self_[j]) + 1 + stiffness(j);
    if (g * g < 2 * gain * curvature) return a_[j];
    return std::max(0.0, a_[j] - g / curvature);
}

// The minimum along coordinate j, a = C / (1 + exp(-u)), solves k (a - a_j) + y_j f_j + u = 0 with k = K_jj +
// 1: a rising function of u, steeper than 1 and less steep than 1 + k C / 4. Newton's steps, kept between the
// bounds that this gives.
double Solver::logistic_next(std::size_t j, double gain) const {
    const double cost = cost_[y_[j] > 0], k = static_cast<double>(self_[j]) + 1, margin = y_[j] * decision(j);
    const auto at = [&](double u) { return cost / (1 + std::exp(-u)); };
    if (a_[j] > 0 && a_[j] < cost) {
        const double g = margin + std::log(a_[j] / (cost - a_[j]));
        if (g * g < 2 * gain * (k + cost / (a_[j] * (cost - a_[j])))) return a_[j];
    }
    double low = -margin - k * (cost - a_[j]), high = -margin + k * a_[j], u = -margin;
    for (int step = 0; step < 100; ++step) {
        const double a = at(u), value = k * (a - a_[j]) + margin + u;
        (value > 0 ? high : low) = u;
        double next = u - value / (1 + k * a * (1 - a / cost));
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (std::abs(next - u) <= 1e-15 * std::max(1.0, std::abs(u))) break;
        u = next;
    }
    return at(u);
}

void Solver::solve(double gain) {
    ASSAY_EXPECT(both_classes());
    set_costs();
    const bool hinge = options_.loss == Loss::squared_hinge;
    constexpr int most_sweeps = 1000;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        if (hinge) rescale_classes();
        bool moved = false;
        for (std::size_t j = 0; j < size(); ++j) {
            const double next = hinge ? hinge_next(j, gain) : logistic_next(j, gain);
            const double change = next - a_[j];
            if (change == 0) continue;
            const int side = y_[j] > 0;
            a_[j] = next;
            total_[side] += change;
            add_scaled(sums_[side].data(), rows_[j].data(), change, size());
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
    return liblinear_dual({rows_, self_, y_, half_cost}, seed);
}

} // namespace assay::screen
