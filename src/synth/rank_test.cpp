#include "synth/rank_test.hpp"

#include "synth/problem.hpp"

#include <cmath>
#include <vector>

namespace assay::synth {

num::Kendall rank_test(std::span<const double> y, std::span<const double> v, num::KendallP how) {
    const Point point = at_tau2({y, v}, 0);
    std::vector<double> deviations;
    for (std::size_t i = 0; i < y.size(); ++i)
        deviations.push_back((y[i] - point.mean) / std::sqrt(v[i] - 1 / point.sum_w));
    return num::kendall(deviations, v, how);
}

} // namespace assay::synth
