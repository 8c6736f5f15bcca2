#include "synth/multiverse.hpp"

#include "base/error.hpp"
#include "synth/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::synth {

namespace {

bool is_common(std::string_view method) {
    return method == "EE" || method == "FE" || method == "CE" || method == "IV";
}

void add_curve(Multiverse& result, const MultiverseChoices& choices) {
    for (std::size_t d = 0; d < choices.data.size(); ++d) {
        std::vector<std::size_t> defined;
        Multiverse::Spread spread;
        for (std::size_t i = 0; i < result.specifications.size(); ++i) {
            const Specification& one = result.specifications[i];
            if (one.data != d || one.row.k == 0 || one.same_as_before) continue;
            defined.push_back(i);
            ++spread.count;
            spread.significant += one.row.p < 1 - choices.level;
            spread.positive += one.row.estimate > 0;
        }
        std::stable_sort(defined.begin(), defined.end(), [&](std::size_t a, std::size_t b) {
            return result.specifications[a].row.estimate < result.specifications[b].row.estimate;
        });
        if (!defined.empty()) {
            const auto estimate = [&](std::size_t at) {
                return result.specifications[defined[at]].row.estimate;
            };
            const std::size_t n = defined.size();
            spread.lowest = estimate(0);
            spread.highest = estimate(n - 1);
            spread.median = (estimate((n - 1) / 2) + estimate(n / 2)) / 2;
        }
        result.spread.push_back(spread);
        result.curve.insert(result.curve.end(), defined.begin(), defined.end());
    }
}

} // namespace

Multiverse multiverse(const MultiverseChoices& choices) {
    std::vector<const Estimator*> estimators;
    for (const std::string& method : choices.methods) {
        estimators.push_back(is_common(method) ? nullptr : find_estimator(method));
        if (!is_common(method) && !estimators.back())
            throw Error("synth/method", "no estimator of tau2 called '" + method + "'", Exit::input);
    }
    std::vector<Test> tests;
    for (const std::string& name : choices.tests) {
        const auto test = test_of(name);
        if (!test)
            throw Error("synth/test", "no test called '" + name + "': z, t, knha or adhoc", Exit::input);
        tests.push_back(*test);
    }
    std::vector<MultiverseSet> sets = choices.sets;
    if (sets.empty() && !choices.data.empty())
        sets.push_back({"all", std::vector<char>(choices.data[0].y.size(), 1)});

    Multiverse result;
    const std::size_t per_fit = tests.size(), per_set = estimators.size() * per_fit;
    const std::size_t cells = choices.data.size() * sets.size();
    result.specifications.resize(cells * per_set);
    for_blocks(0, cells, std::max(1u, choices.threads), [&](std::uint64_t cell, unsigned) {
        const std::size_t d = cell / sets.size(), s = cell % sets.size();
        const MultiverseData& data = choices.data[d];
        std::vector<double> y, v;
        for (std::size_t i = 0; i < data.y.size(); ++i)
            if (sets[s].in[i] && std::isfinite(data.y[i]) && data.v[i] > 0) {
                y.push_back(data.y[i]);
                v.push_back(data.v[i]);
            }
        for (std::size_t m = 0; m < estimators.size(); ++m) {
            VariantFit fit;
            if (!y.empty()) {
                const VariantTable table(y, v, estimators[m]);
                Variant variant(table);
                variant.set_all();
                fit = variant.fit();
            }
            for (std::size_t t = 0; t < tests.size(); ++t) {
                Specification& one = result.specifications[cell * per_set + m * per_fit + t];
                one.data = d;
                one.set = s;
                one.method = m;
                one.test = t;
                if (fit.n > 0) one.row = mean_row(fit, !estimators[m], tests[t], choices.level);
                const bool adjusted = tests[t] == Test::knha || tests[t] == Test::adhoc;
                one.same_as_before = (fit.n == 1 && m + t > 0) || (!estimators[m] && adjusted);
            }
        }
    });
    add_curve(result, choices);
    return result;
}

} // namespace assay::synth
