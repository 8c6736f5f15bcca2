#include "trial/run_in.hpp"

#include "base/error.hpp"
#include "num/gamma.hpp"
#include "trial/quadrature.hpp"

#include <algorithm>
#include <cmath>

namespace assay::trial {

namespace {

constexpr int points = 241;
constexpr double log_k_low = -3.5,
                 log_k_high = 6; ///< k from 0.03 to 400, where weeks are as even as Poisson's

double quantile(const std::vector<double>& at, const std::vector<double>& mass, double p) {
    double total = 0, sum = 0;
    for (double m : mass)
        total += m;
    for (std::size_t i = 0; i < at.size(); ++i) {
        if (sum + mass[i] >= p * total) return at[i] + ((p * total - sum) / mass[i] - 0.5) * (at[1] - at[0]);
        sum += mass[i];
    }
    return at.back();
}

} // namespace

RunIn run_in(const std::vector<double>& events, const std::vector<double>& exposure) {
    ASSAY_EXPECT(!events.empty() && events.size() == exposure.size());
    RunIn made;
    made.weeks = static_cast<int>(events.size());
    double time = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        made.events += events[i];
        time += exposure[i];
    }
    made.days = std::round(7 * time);
    const double centre = std::log((made.events + 0.5) / time);
    std::vector<double> a, log_k, a_mass(points, 0), k_mass(points, 0);
    for (int i = 0; i < points; ++i) {
        a.push_back(centre - 5 + 10.0 * i / (points - 1));
        log_k.push_back(log_k_low + (log_k_high - log_k_low) * i / (points - 1));
    }
    std::vector<double> gammas; // the part of the likelihood that knows only k
    for (double l : log_k) {
        const double k = std::exp(l);
        double sum = 0;
        for (double y : events)
            sum += num::log_gamma(y + k) - num::log_gamma(k);
        gammas.push_back(sum);
    }
    std::vector<double> logs(static_cast<std::size_t>(points) * points);
    double top = -1e300;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < log_k.size(); ++j) {
            const double k = std::exp(log_k[j]);
            double sum =
                log_normal_density(a[i], 1, 1.5) + log_normal_density(log_k[j], std::log(3.0), 1) + gammas[j];
            for (std::size_t w = 0; w < events.size(); ++w) {
                const double mu = exposure[w] * std::exp(a[i]), y = events[w];
                sum += k * log_k[j] + y * std::log(mu) - (k + y) * std::log(k + mu);
            }
            logs[i * log_k.size() + j] = sum;
            top = std::max(top, sum);
        }
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < log_k.size(); ++j) {
            const double mass = std::exp(logs[i * log_k.size() + j] - top);
            a_mass[i] += mass;
            k_mass[j] += mass;
        }
    made.rate = std::exp(quantile(a, a_mass, 0.5));
    made.rate_low = std::exp(quantile(a, a_mass, 0.025));
    made.rate_high = std::exp(quantile(a, a_mass, 0.975));
    made.k = std::exp(quantile(log_k, k_mass, 0.5));
    made.k_low = std::exp(quantile(log_k, k_mass, 0.1));
    made.k_high = std::exp(quantile(log_k, k_mass, 0.9));
    return made;
}

RunIn run_in(const Diary& diary) {
    std::vector<double> events, exposure;
    std::size_t at = 0;
    while (at < diary.days.size()) {
        const int block = diary.days[at].day;
        double sum = 0, days = 0;
        for (; at < diary.days.size() && diary.days[at].day < block + 7; ++at)
            if (diary.days[at].count) {
                sum += *diary.days[at].count;
                ++days;
            }
        if (days == 0) continue;
        events.push_back(sum);
        exposure.push_back(days / 7);
    }
    if (events.empty()) return {};
    return run_in(events, exposure);
}

} // namespace assay::trial
