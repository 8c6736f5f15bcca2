#include "num/gauss_hermite.hpp"

#include "num/symmetric.hpp"

#include <algorithm>
#include <cmath>

namespace assay::num {

Rule gauss_hermite(int n) {
    const auto size = static_cast<std::size_t>(std::clamp(n, 1, 200));
    // Golub & Welsch 1969, Math Comput 23:221: eigenvalues of the Jacobi matrix of He_n are the nodes.
    Matrix jacobi(size, size);
    for (std::size_t i = 1; i < size; ++i)
        jacobi(i - 1, i) = jacobi(i, i - 1) = std::sqrt(static_cast<double>(i));
    const Spectrum spectrum = spectrum_of(jacobi);
    Rule rule;
    for (std::size_t m = 0; m < size; ++m) {
        rule.nodes.push_back(spectrum.values[m]);
        rule.weights.push_back(spectrum.vectors(0, m) * spectrum.vectors(0, m));
    }
    // The rule is symmetric; make it so to the last bit.
    for (std::size_t m = 0; m < size / 2; ++m) {
        const double node = 0.5 * (rule.nodes[size - 1 - m] - rule.nodes[m]);
        const double weight = 0.5 * (rule.weights[m] + rule.weights[size - 1 - m]);
        rule.nodes[m] = -node;
        rule.nodes[size - 1 - m] = node;
        rule.weights[m] = rule.weights[size - 1 - m] = weight;
    }
    if (size % 2 == 1) rule.nodes[size / 2] = 0;
    return rule;
}

} // namespace assay::num
