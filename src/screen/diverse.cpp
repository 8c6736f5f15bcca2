#include "screen/diverse.hpp"

#include "screen/bm25.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::screen {

std::vector<std::size_t> diverse_order(const Matrix& matrix, const Similarity& similarity, std::size_t most) {
    std::vector<double> mean(matrix.columns, 0), typical(matrix.rows, 0);
    for (std::size_t k = 0; k < matrix.column.size(); ++k)
        mean[matrix.column[k]] += static_cast<double>(matrix.value[k]);
    double squares = 0;
    for (const double value : mean)
        squares += value * value;
    const double length = std::sqrt(squares);
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        for (std::size_t k = matrix.begin[row]; k < matrix.begin[row + 1]; ++k)
            typical[row] += mean[matrix.column[k]] * static_cast<double>(matrix.value[k]);
        if (length > 0) typical[row] /= length;
    }
    std::vector<std::size_t> order;
    std::vector<float> among(matrix.rows), nearest(matrix.rows, 0);
    std::vector<char> taken(matrix.rows, 0);
    while (order.size() < std::min(most, matrix.rows)) {
        std::size_t best = matrix.rows;
        double highest = -std::numeric_limits<double>::infinity();
        for (std::size_t row = 0; row < matrix.rows; ++row) {
            const double value = typical[row] - static_cast<double>(nearest[row]);
            if (!taken[row] && value > highest) best = row, highest = value;
        }
        order.push_back(best);
        taken[best] = 1;
        similarity.row(best, among);
        for (std::size_t row = 0; row < matrix.rows; ++row)
            nearest[row] = std::max(nearest[row], among[row]);
    }
    for (const std::size_t row : by_value(typical))
        if (!taken[row]) order.push_back(row);
    return order;
}

} // namespace assay::screen
