#include "trial/plan.hpp"

#include "base/error.hpp"
#include "base/random.hpp"
#include "text/format.hpp"
#include "text/number.hpp"
#include "trial/crossover.hpp"
#include "trial/draw.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>

namespace assay::trial {

namespace {

/// How much of the steady effect is there at the end of each day: it moves towards 1 in treatment periods and
/// towards 0 in the others by the share that the half-life gives.
std::vector<double> effect_by_day(const std::vector<bool>& treated, int period_days, double half_life) {
    const double stays = half_life > 0 ? std::exp2(-1 / half_life) : 0;
    std::vector<double> level;
    double now = 0;
    for (bool on : treated)
        for (int day = 0; day < period_days; ++day) {
            now = (on ? 1.0 : 0.0) + (now - (on ? 1.0 : 0.0)) * stays;
            level.push_back(now);
        }
    return level;
}

/// Weeks of a period that are analysed; of an odd number the middle week is left out with the first half.
int first_week(const PlanRequest& request) {
    return request.second_half && request.weeks > 1 ? (request.weeks + 1) / 2 : 0;
}

CountSeries simulate(const PlanRequest& request, double rr, double size, Random& random) {
    std::vector<bool> treated;
    for (int pair = 0; pair < request.pairs; ++pair) {
        const bool first = random.below(2) == 1;
        treated.push_back(first);
        treated.push_back(!first);
    }
    const auto level = effect_by_day(treated, 7 * request.weeks, request.half_life_days);
    CountSeries series;
    std::vector<double> week;
    for (std::size_t period = 0; period < treated.size(); ++period)
        for (int w = 0; w < request.weeks; ++w) {
            const auto index = static_cast<int>(period) * request.weeks + w;
            double mean = 0;
            for (int d = 0; d < 7; ++d)
                mean += request.rate / 7 * std::pow(rr, level[static_cast<std::size_t>(7 * index + d)]);
            const double y = draw_count(random, mean, size);
            if (w < first_week(request)) continue;
            series.y.push_back(y);
            series.x.push_back(treated[period] ? 1 : 0);
            week.push_back(index);
        }
    series.z = scaled_time(week);
    return series;
}

CountSeries first_pairs(const CountSeries& whole, int pairs, const PlanRequest& request) {
    const auto n = static_cast<std::size_t>(2 * pairs * (request.weeks - first_week(request)));
    CountSeries part;
    part.y.assign(whole.y.begin(), whole.y.begin() + static_cast<std::ptrdiff_t>(n));
    part.x.assign(whole.x.begin(), whole.x.begin() + static_cast<std::ptrdiff_t>(n));
    std::vector<double> week;
    for (std::size_t i = 0; i < n; ++i)
        week.push_back(whole.z[i]);
    part.z = scaled_time(week);
    return part;
}

/// What one simulated trial claims, a bit per prior: fewer and more at the end (or, when every pair is looked
/// at, at some look), either at some look, and conditional Poisson.
struct Claims {
    std::uint8_t fewer = 0, more = 0, looking = 0, poisson = 0;
};
constexpr std::size_t most_priors = 8;

Claims claims(const CountSeries& series, const PlanRequest& request, bool also_looking) {
    Claims made;
    auto look = [&](const CountSeries& part, bool counts) {
        const auto p = quick_p_below_1(part, request.priors);
        for (std::size_t i = 0; i < p.size(); ++i) {
            const auto bit = static_cast<std::uint8_t>(1u << i);
            if (counts && p[i] > request.claim) made.fewer |= bit;
            if (counts && p[i] < 1 - request.claim) made.more |= bit;
            if (p[i] > request.claim || p[i] < 1 - request.claim) made.looking |= bit;
        }
    };
    look(series, true);
    for (int pairs = request.first_look; (request.every_pair || also_looking) && pairs < request.pairs;
         ++pairs)
        look(first_pairs(series, pairs, request), request.every_pair);
    return made;
}

/// Two-sided exact P that a count splits as it did when both arms are alike (conditional Poisson): a coin, as
/// the arms have as many weeks each.
double conditional_poisson(const CountSeries& series) {
    double with = 0, without = 0;
    for (std::size_t i = 0; i < series.y.size(); ++i)
        (series.x[i] > 0.5 ? with : without) += series.y[i];
    return with + without > 0 ? coin_p(with, without) : 1;
}

/// Runs body(0) ... body(count - 1) on some threads. Each writes only to its own slot.
template<class Body>
void each(std::size_t count, unsigned threads, const Body& body,
          const std::function<bool(std::size_t)>& going) {
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stop{false};
    std::exception_ptr failure;
    std::mutex lock;
    auto work = [&] {
        try {
            for (std::size_t i; !stop && (i = next.fetch_add(1)) < count;) {
                body(i);
                if (i % 64 == 0) {
                    const std::lock_guard guard(lock);
                    if (!going(i)) stop = true;
                }
            }
        } catch (...) {
            const std::lock_guard guard(lock);
            failure = std::current_exception();
            stop = true;
        }
    };
    std::vector<std::thread> crew;
    for (unsigned i = 1; i < threads; ++i)
        crew.emplace_back(work);
    work();
    for (auto& thread : crew)
        thread.join();
    if (failure) std::rethrow_exception(failure);
    if (stop) throw Error("work/stopped", "stopped", Exit::finding);
}

std::string recommend(const PlanRequest& request, const Plan& plan) {
    const double least = [&] {
        double value = 1;
        for (const auto& cell : plan.cells)
            value = std::min(value, cell.power.front());
        return value;
    }();
    const double most = [&] {
        double value = 0;
        for (const auto& cell : plan.cells)
            value = std::max(value, cell.power.front());
        return value;
    }();
    double worst_claim = 0;
    for (const auto& cell : plan.cells)
        worst_claim = std::max(worst_claim, cell.false_claim.front() + cell.false_more.front());
    const int total = 2 * request.pairs * request.weeks;
    const auto percent = [](double share) { return text::fixed(100 * share, 0) + " %"; };
    const double seen = request.second_half ? plan.seen_second : plan.seen_all;
    std::string text;
    if (most < 0.5)
        text = "This trial would not answer your question: " + std::to_string(total) +
               " weeks find a rate ratio of " + text::format_number(request.rr) + " in " + percent(least) +
               " to " + percent(most) + " of simulated trials.";
    else if (least < 0.8)
        text = "This trial may or may not answer your question: " + std::to_string(total) +
               " weeks find a rate ratio of " + text::format_number(request.rr) + " in " + percent(least) +
               " to " + percent(most) +
               " of simulated trials, depending on how much your weeks differ from one another. A run-in of "
               "several weeks without the treatment would tell.";
    else
        text = "This trial can answer your question: " + std::to_string(total) +
               " weeks find a rate ratio of " + text::format_number(request.rr) + " in at least " +
               percent(least) + " of simulated trials.";
    if (seen > request.rr + 0.1 * (1 - request.rr))
        text += " With a half-life of " + text::format_number(request.half_life_days) +
                " days a true ratio of " + text::format_number(request.rr) + " shows as " +
                text::fixed(seen, 2) + ": if the treatment works slowly, this trial cannot see it.";
    text += " Without any effect it claims one, in either direction, in up to " + percent(worst_claim) +
            " of trials.";
    if (request.weeks < 4)
        text += " Periods shorter than four weeks leave little time for an effect to come and go.";
    return text;
}

} // namespace

double person_sd(double se, double tau_study, double tau_person) {
    return std::sqrt(se * se + tau_study * tau_study + tau_person * tau_person);
}

double weeks_for_power(double rate, double size, double rr) {
    const double inverse = size > 0 ? 1 / size : 0;
    const double z = 1.959963984540054 + 0.8416212335729143;
    const double effect = std::log(rr);
    return 2 * z * z * ((1 / rate + inverse) + (1 / (rate * rr) + inverse)) / (effect * effect);
}

void carry_over(double rr, double half_life_days, int period_days, int pairs, double& all,
                double& second_half) {
    double sum[2][2] = {}, days[2][2] = {};
    const int counted = std::min(pairs, 10);
    for (unsigned orders = 0; orders < (1u << counted); ++orders) {
        std::vector<bool> treated;
        for (int pair = 0; pair < counted; ++pair) {
            const bool first = ((orders >> pair) & 1u) != 0;
            treated.push_back(first);
            treated.push_back(!first);
        }
        const auto level = effect_by_day(treated, period_days, half_life_days);
        for (std::size_t i = 0; i < level.size(); ++i) {
            const auto period = i / static_cast<std::size_t>(period_days);
            const int arm = treated[period] ? 1 : 0,
                      late = static_cast<int>(i) % period_days >= period_days / 2;
            for (int part = 0; part <= late; ++part) {
                sum[part][arm] += std::pow(rr, level[i]);
                ++days[part][arm];
            }
        }
    }
    all = (sum[0][1] / days[0][1]) / (sum[0][0] / days[0][0]);
    second_half = (sum[1][1] / days[1][1]) / (sum[1][0] / days[1][0]);
}

Plan plan(const PlanRequest& request, const Progress& progress) {
    ASSAY_EXPECT(!request.priors.empty() && request.pairs > 0 && request.weeks > 0);
    Plan made;
    made.steady_rr = request.rr;
    carry_over(request.rr, request.half_life_days, 7 * request.weeks, request.pairs, made.seen_all,
               made.seen_second);
    const std::size_t cells = request.sizes.size(), trials = static_cast<std::size_t>(request.trials),
                      priors = request.priors.size();
    ASSAY_EXPECT(priors <= most_priors);
    std::vector<Claims> claimed(2 * cells *
                                trials); // a slot per simulated trial, the odd ones without an effect
    each(
        claimed.size(), request.threads,
        [&](std::size_t i) {
            const auto cell = i / (2 * trials);
            const bool null = i % 2 == 1;
            Random random(request.seed, i);
            const auto series = simulate(request, null ? 1.0 : request.rr, request.sizes[cell], random);
            claimed[i] = claims(series, request, null);
            if (null && conditional_poisson(series) < 0.05) claimed[i].poisson = 1;
        },
        [&](std::size_t done) { return !progress || progress("simulating trials", done, claimed.size()); });
    for (std::size_t c = 0; c < cells; ++c) {
        PlanCell cell;
        cell.size = request.sizes[c];
        cell.weeks_80 = weeks_for_power(request.rate, cell.size, request.rr);
        for (auto* shares : {&cell.power, &cell.false_claim, &cell.false_more, &cell.false_looking})
            shares->assign(priors, 0);
        const double one = 1.0 / static_cast<double>(trials);
        for (std::size_t t = 0; t < 2 * trials; ++t) {
            const auto& seen = claimed[c * 2 * trials + t];
            const bool null = t % 2 == 1;
            for (std::size_t p = 0; p < priors; ++p) {
                if ((seen.fewer >> p) & 1u) (null ? cell.false_claim : cell.power)[p] += one;
                if (null && ((seen.more >> p) & 1u)) cell.false_more[p] += one;
                if (null && ((seen.looking >> p) & 1u)) cell.false_looking[p] += one;
            }
            if (null && seen.poisson) cell.poisson_false += one;
        }
        made.cells.push_back(std::move(cell));
    }
    made.simulated = static_cast<int>(claimed.size());
    made.recommendation = recommend(request, made);
    return made;
}

} // namespace assay::trial
