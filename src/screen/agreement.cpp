#include "screen/agreement.hpp"

#include "base/error.hpp"
#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace assay::screen {

namespace {

// The shares p_kl of a table of two people's answers, and the sums of its rows and columns.
struct Shares {
    std::size_t q;
    std::vector<double> cell, first, second;
    explicit Shares(std::size_t categories) : q(categories), cell(q * q, 0), first(q, 0), second(q, 0) {}
    double mean(std::size_t c) const { return (first[c] + second[c]) / 2; }
};

// s = (p_o - p_e) / (1 - p_e) and its interval by the delta method: the variance of a function of multinomial
// shares is (sum p g^2 - (sum p g)^2) / n with its derivatives g. `slope(k, l)` is that of p_e. With Cohen's
// p_e this is the variance of Fleiss, Cohen and Everitt.
AgreementInterval interval(const Shares& shares, double n, double observed, double by_chance,
                           const std::function<double(std::size_t, std::size_t)>& slope) {
    const double rest = 1 - by_chance, s = (observed - by_chance) / rest;
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < shares.q; ++k)
        for (std::size_t l = 0; l < shares.q; ++l) {
            const double p = shares.cell[k * shares.q + l];
            const double g = ((k == l ? rest : 0) - (1 - observed) * slope(k, l)) / (rest * rest);
            sum += p * g;
            squares += p * g * g;
        }
    const double variance = (squares - sum * sum) / n;
    if (!(variance > 1e-14)) return std::nullopt;
    const double reach = num::critical_value(0.95) * std::sqrt(variance);
    return std::pair(std::max(-1.0, s - reach), std::min(1.0, s + reach));
}

} // namespace

Agreement agreement(std::span<const Pair> pairs, int categories) {
    ASSAY_EXPECT(categories >= 2);
    Shares shares(static_cast<std::size_t>(categories));
    Agreement result;
    for (const Pair& pair : pairs) {
        ASSAY_EXPECT(pair.first >= 0 && pair.first < categories && pair.second >= 0 &&
                     pair.second < categories);
        ++result.both;
        result.agree += pair.first == pair.second;
        const auto k = static_cast<std::size_t>(pair.first), l = static_cast<std::size_t>(pair.second);
        ++shares.cell[k * shares.q + l], ++shares.first[k], ++shares.second[l];
    }
    if (result.both == 0) return result;
    const auto n = static_cast<double>(result.both), answers = static_cast<double>(categories);
    for (auto* part : {&shares.cell, &shares.first, &shares.second})
        for (double& count : *part)
            count /= n;
    const double observed = static_cast<double>(result.agree) / n;
    double by_chance = 0, gwet = 0;
    for (std::size_t c = 0; c < shares.q; ++c) {
        by_chance += shares.first[c] * shares.second[c];
        gwet += shares.mean(c) * (1 - shares.mean(c)) / (answers - 1);
    }
    if (by_chance < 1) {
        result.kappa = (observed - by_chance) / (1 - by_chance);
        result.kappa_interval = interval(shares, n, observed, by_chance, [&](std::size_t k, std::size_t l) {
            return shares.second[k] + shares.first[l];
        });
    }
    const auto pabak = [&](double agreed) { return (answers * agreed - 1) / (answers - 1); };
    result.pabak = pabak(observed);
    const double agree = static_cast<double>(result.agree), differ = n - agree;
    result.pabak_interval = std::pair(pabak(agree > 0 ? num::beta_quantile(0.025, agree, differ + 1) : 0),
                                      pabak(differ > 0 ? num::beta_quantile(0.975, agree + 1, differ) : 1));
    result.ac1 = (observed - gwet) / (1 - gwet);
    result.ac1_interval = interval(shares, n, observed, gwet, [&](std::size_t k, std::size_t l) {
        return (1 - shares.mean(k) - shares.mean(l)) / (answers - 1);
    });
    return result;
}

} // namespace assay::screen
