// The engine's side of bench/synth: one task per call, answers and CPU nanoseconds of one repetition on
// standard output. assay_bench TASK FILE REPETITIONS, where FILE has a line "y v x a n1 c n2" for each study.
#include "effect/measures.hpp"
#include "synth/bootstrap.hpp"
#include "synth/fit.hpp"
#include "synth/gosh.hpp"
#include "synth/influence.hpp"
#include "synth/parallel.hpp"
#include "synth/permutation.hpp"
#include "synth/selection.hpp"
#include "synth/series.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace assay;

namespace {

struct Data {
    std::vector<double> y, v, x, a, n1, c, n2;
};

Data read(const char* file) {
    Data data;
    std::ifstream in(file);
    double y, v, x, a, n1, c, n2;
    while (in >> y >> v >> x >> a >> n1 >> c >> n2) {
        data.y.push_back(y);
        data.v.push_back(v);
        data.x.push_back(x);
        data.a.push_back(a);
        data.n1.push_back(n1);
        data.c.push_back(c);
        data.n2.push_back(n2);
    }
    return data;
}

using Answers = std::vector<double>;

/// Log risk ratios from counts (no empty cells here), then the REML fit.
void risk_ratios(const Data& d, std::vector<double>& y, std::vector<double>& v) {
    for (std::size_t i = 0; i < d.a.size(); ++i) {
        y[i] = std::log((d.a[i] / d.n1[i]) / (d.c[i] / d.n2[i]));
        v[i] = 1 / d.a[i] - 1 / d.n1[i] + 1 / d.c[i] - 1 / d.n2[i];
    }
}

const synth::Estimator* estimator(const char* id) {
    return synth::find_estimator(id);
}

Answers fit_reml(const Data& d) {
    static std::vector<double> y, v;
    y.resize(d.a.size());
    v.resize(d.a.size());
    risk_ratios(d, y, v);
    const synth::VariantTable table(y, v, estimator("REML"));
    synth::Variant variant(table);
    variant.set_all();
    const auto fit = variant.fit();
    return {fit.mean, std::sqrt(1 / fit.sum_w), fit.tau2};
}

Answers sums_of(const std::vector<synth::MeanRow>& rows) {
    double a = 0, b = 0, c = 0;
    for (const auto& row : rows) {
        a += row.estimate;
        b += row.ci_low;
        c += row.tau2;
    }
    return {a, b, c};
}

Answers leave_one_out(const Data& d) {
    return sums_of(synth::leave_each_out(d.y, d.v, estimator("REML"), synth::Test::z));
}

Answers influence(const Data& d) {
    const auto got = synth::influence(d.y, d.v, {}, 1, estimator("REML"), synth::Test::z);
    double a = 0, b = 0, c = 0;
    for (std::size_t i = 0; i < d.y.size(); ++i) {
        a += got.rstudent[i];
        b += got.cook_d[i];
        c += got.dffits[i];
    }
    return {a, b, c};
}

Answers q_profile(const Data& d) {
    const auto got = synth::q_profile({d.y, d.v}, 0.95);
    return {got.interval.low, got.interval.high};
}

Answers gosh(const Data& d, const char* id) {
    static std::vector<double> estimate, tau2, i2, h2, q;
    synth::GoshPlan plan;
    plan.y = d.y;
    plan.v = d.v;
    plan.estimator = id ? estimator(id) : nullptr;
    const std::uint64_t n = plan.subsets();
    for (auto* list : {&estimate, &tau2, &i2, &h2, &q})
        list->resize(n);
    synth::gosh_subsets(plan, 0, n, {estimate, tau2, i2, h2, q});
    double a = 0, b = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
        a += estimate[i];
        b += i2[i];
    }
    return {a, b, static_cast<double>(n)};
}

Answers gosh_wide(const Data& d, const char* id) {
    synth::GoshPlan plan;
    plan.y = d.y;
    plan.v = d.v;
    plan.estimator = id ? estimator(id) : nullptr;
    plan.threads = synth::machine_threads();
    const auto got = synth::gosh(plan);
    return {got.mean[0], got.mean[2], static_cast<double>(got.subsets)};
}

Answers permute_signs(const Data& d) {
    return synth::permutation_test(d.y, d.v, {}, 1, estimator("REML"), synth::Test::z).p;
}

Answers permute_rows(const Data& d) {
    std::vector<double> x(d.y.size(), 1.0);
    x.insert(x.end(), d.x.begin(), d.x.end());
    return synth::permutation_test(d.y, d.v, x, 2, estimator("REML"), synth::Test::z).p;
}

Answers bootstrap(const Data& d) {
    // The same draws as the peer: study (7 i + 3 j + floor(i j/5)) mod k in place j of draw i.
    const std::size_t k = d.y.size();
    static std::vector<double> counts;
    counts.assign(k, 0.0);
    const synth::VariantTable table(d.y, d.v, estimator("REML"));
    synth::Variant variant(table);
    double a = 0, b = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        std::fill(counts.begin(), counts.end(), 0.0);
        for (std::size_t j = 0; j < k; ++j)
            counts[(7 * i + 3 * j + i * j / 5) % k] += 1;
        variant.set(counts);
        const auto fit = variant.fit();
        a += fit.mean;
        b += fit.tau2;
    }
    return {a, b};
}

Answers bootstrap_draws(const Data& d) {
    const auto got = synth::bootstrap_mean(d.y, d.v, estimator("REML"), {});
    return {got.estimate, got.tau2};
}

Answers step_selection(const Data& d) {
    synth::SelectionOptions options;
    options.steps = {0.025};
    options.alternative = synth::Alternative::less;
    const auto got = synth::select(d.y, d.v, {}, 1, options);
    return {got.beta[0], got.tau2, got.delta[1], got.se[0]};
}

/// Additions and multiplications per second that the core can do here, two at a time.
Answers core_rate(const Data&) {
    typedef double Pair __attribute__((vector_size(16)));
    Pair a[8], b[8];
    for (int i = 0; i < 8; ++i) {
        a[i] = Pair{1.0 + i, 2.0 + i};
        b[i] = Pair{1e-9 * i, 1e-9};
    }
    for (int round = 0; round < 100000; ++round)
        for (int i = 0; i < 8; ++i) {
            a[i] = a[i] + b[i];
            b[i] = b[i] * 0.9999999;
        }
    double sum = 0;
    for (int i = 0; i < 8; ++i)
        sum += a[i][0] + b[i][1];
    return {sum > 0 ? 100000.0 * 8 * 4 : 0};
}

const std::map<std::string, std::function<Answers(const Data&)>> tasks = {
    {"reml", fit_reml},
    {"leave_one_out", leave_one_out},
    {"influence", influence},
    {"q_profile", q_profile},
    {"gosh_EE", [](const Data& d) { return gosh(d, nullptr); }},
    {"gosh_DL", [](const Data& d) { return gosh(d, "DL"); }},
    {"gosh_REML", [](const Data& d) { return gosh(d, "REML"); }},
    {"wide_EE", [](const Data& d) { return gosh_wide(d, nullptr); }},
    {"wide_REML", [](const Data& d) { return gosh_wide(d, "REML"); }},
    {"permute_signs", permute_signs},
    {"permute_rows", permute_rows},
    {"bootstrap", bootstrap},
    {"bootstrap_draws", bootstrap_draws},
    {"stepfun", step_selection},
    {"core_rate", core_rate},
};

} // namespace

int main(int count, char** words) {
    if (count != 4 || !tasks.count(words[1])) {
        for (const auto& [name, task] : tasks)
            std::printf("%s\n", name.c_str());
        return 2;
    }
    const Data data = read(words[2]);
    const auto& task = tasks.at(words[1]);
    const long repetitions = std::atol(words[3]);
    Answers answers = task(data); // warm
    const auto wall = std::chrono::steady_clock::now();
    const std::clock_t before = std::clock();
    for (long i = 0; i < repetitions; ++i)
        answers = task(data);
    const double cpu = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    std::printf("%.3f %.3f", 1e9 * cpu / static_cast<double>(repetitions),
                1e9 * elapsed / static_cast<double>(repetitions));
    for (double answer : answers)
        std::printf(" %.17g", answer);
    std::printf("\n");
    return 0;
}
