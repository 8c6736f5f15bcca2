#include "trial/people.hpp"

#include "base/error.hpp"
#include "trial/quadrature.hpp"

#include <algorithm>
#include <cmath>

namespace assay::trial {

namespace {

constexpr int spreads = 41, means = 121, effects = 401;

/// A grid with one weight per point that sums to 1.
struct Masses {
    std::vector<double> at, weight;

    double quantile(double p) const {
        double sum = 0;
        for (std::size_t i = 0; i < at.size(); ++i) {
            const double next = sum + weight[i];
            if (next >= p && weight[i] > 0) {
                // The mass of a point lies evenly over its cell.
                const double step = at[1] - at[0];
                return at[i] + ((p - sum) / weight[i] - 0.5) * step;
            }
            sum = next;
        }
        return at.back();
    }
    double below(double x) const {
        const double step = at[1] - at[0];
        double sum = 0;
        for (std::size_t i = 0; i < at.size(); ++i)
            sum += weight[i] * std::clamp((x - at[i]) / step + 0.5, 0.0, 1.0);
        return sum;
    }
    double mean() const {
        double sum = 0;
        for (std::size_t i = 0; i < at.size(); ++i)
            sum += weight[i] * at[i];
        return sum;
    }
    void scale() {
        double sum = 0;
        for (double w : weight)
            sum += w;
        for (double& w : weight)
            w /= sum;
    }
};

/// Each person's likelihood on the common fine grid, over its own top.
struct Likelihood {
    std::vector<double> value;
    double log_top = 0;
};

} // namespace

PeoplePosterior together(const std::vector<PersonCurve>& people, const PeoplePrior& prior) {
    ASSAY_EXPECT(!people.empty() && prior.mean.sd > 0 && prior.spread_scale > 0);
    const auto& first = people.front().curve;
    const double low = first.low, high = low + first.step * static_cast<double>(first.value.size() - 1);
    Masses effect;
    const double fine = (high - low) / (effects - 1);
    for (int i = 0; i < effects; ++i)
        effect.at.push_back(low + fine * i);
    std::vector<Likelihood> seen;
    for (const auto& person : people) {
        ASSAY_EXPECT(person.curve.low == low && person.curve.step == first.step &&
                     person.curve.value.size() == first.value.size());
        const Spline spline(low, first.step, person.curve.value);
        Likelihood made;
        made.log_top = *std::max_element(person.curve.value.begin(), person.curve.value.end());
        for (double b : effect.at)
            made.value.push_back(std::exp(spline.at(b) - made.log_top));
        seen.push_back(std::move(made));
    }

    Masses mean, spread;
    const double mean_low = std::max(low, prior.mean.mean - 5 * prior.mean.sd),
                 mean_high = std::min(high, prior.mean.mean + 5 * prior.mean.sd);
    for (int i = 0; i < means; ++i)
        mean.at.push_back(mean_low + (mean_high - mean_low) * i / (means - 1));
    // Midpoints: a spread of 0 is approached, never divided by. No finer than the grid of effects can tell.
    const double spread_high = 3.5 * prior.spread_scale;
    for (int i = 0; i < spreads; ++i)
        spread.at.push_back(std::max(spread_high * (i + 0.5) / spreads, 0.0));

    // log weight of each (mean, spread); each person's share there, kept for the second pass.
    std::vector<double> logs(static_cast<std::size_t>(means * spreads), 0);
    std::vector<double> normal(static_cast<std::size_t>(effects));
    auto fill = [&](double centre, double sd) {
        sd = std::max(sd, 0.75 * fine);
        double sum = 0;
        for (std::size_t i = 0; i < normal.size(); ++i) {
            const double u = (effect.at[i] - centre) / sd;
            normal[i] = std::fabs(u) < 8.5 ? std::exp(-0.5 * u * u) : 0;
            sum += normal[i];
        }
        for (auto& value : normal)
            value /= sum;
    };
    auto share = [&](const Likelihood& one) {
        double sum = 0;
        for (std::size_t i = 0; i < normal.size(); ++i)
            sum += normal[i] * one.value[i];
        return sum;
    };
    double top = -1e300;
    for (std::size_t s = 0; s < spread.at.size(); ++s)
        for (std::size_t m = 0; m < mean.at.size(); ++m) {
            fill(mean.at[m], spread.at[s]);
            double sum = log_normal_density(mean.at[m], prior.mean.mean, prior.mean.sd) +
                         log_normal_density(spread.at[s], 0, prior.spread_scale);
            for (const auto& one : seen)
                sum += std::log(std::max(share(one), 1e-300));
            logs[s * mean.at.size() + m] = sum;
            top = std::max(top, sum);
        }

    PeoplePosterior out;
    mean.weight.assign(mean.at.size(), 0);
    spread.weight.assign(spread.at.size(), 0);
    Masses next = effect;
    next.weight.assign(effect.at.size(), 0);
    std::vector<Masses> each(people.size(), next);
    double total = 0;
    for (std::size_t s = 0; s < spread.at.size(); ++s)
        for (std::size_t m = 0; m < mean.at.size(); ++m) {
            const double weight = std::exp(logs[s * mean.at.size() + m] - top);
            total += weight;
            mean.weight[m] += weight;
            spread.weight[s] += weight;
            if (weight < 1e-7) continue;
            fill(mean.at[m], spread.at[s]);
            for (std::size_t i = 0; i < normal.size(); ++i)
                next.weight[i] += weight * normal[i];
            for (std::size_t p = 0; p < people.size(); ++p) {
                const double scale = weight / std::max(share(seen[p]), 1e-300);
                for (std::size_t i = 0; i < normal.size(); ++i)
                    each[p].weight[i] += scale * normal[i] * seen[p].value[i];
            }
        }
    mean.scale();
    spread.scale();
    next.scale();
    out.mean = mean.mean();
    double variance = 0;
    for (std::size_t m = 0; m < mean.at.size(); ++m)
        variance += mean.weight[m] * (mean.at[m] - out.mean) * (mean.at[m] - out.mean);
    out.sd = std::sqrt(variance);
    out.q025 = mean.quantile(0.025);
    out.q50 = mean.quantile(0.5);
    out.q975 = mean.quantile(0.975);
    out.p_below_0 = mean.below(0);
    out.spread = spread.quantile(0.5);
    out.spread_low = std::max(0.0, spread.quantile(0.025));
    out.spread_high = spread.quantile(0.975);
    out.next_low = next.quantile(0.025);
    out.next_high = next.quantile(0.975);
    out.next_below_0 = next.below(0);
    out.log_ml = top + std::log(total * (mean.at[1] - mean.at[0]) * (spread.at[1] - spread.at[0]) * 2);
    for (const auto& one : seen)
        out.log_ml += one.log_top;
    for (std::size_t p = 0; p < people.size(); ++p) {
        PersonEffect made;
        made.name = people[p].name;
        each[p].scale();
        made.mean = each[p].quantile(0.5);
        made.low = each[p].quantile(0.025);
        made.high = each[p].quantile(0.975);
        made.p_below_0 = each[p].below(0);
        Masses alone = effect;
        for (std::size_t i = 0; i < alone.at.size(); ++i)
            alone.weight.push_back(
                seen[p].value[i] *
                std::exp(log_normal_density(alone.at[i], prior.mean.mean,
                                            std::hypot(prior.mean.sd, prior.spread_scale)) -
                         log_normal_density(0, 0, 1)));
        alone.scale();
        made.alone = alone.quantile(0.5);
        made.alone_low = alone.quantile(0.025);
        made.alone_high = alone.quantile(0.975);
        out.people.push_back(made);
    }
    return out;
}

} // namespace assay::trial
