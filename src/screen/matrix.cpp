#include "screen/matrix.hpp"

#include "base/error.hpp"

#include <cmath>

namespace assay::screen {

Matrix beside(const Matrix& a, const Matrix& b, double share) {
    ASSAY_EXPECT(a.rows == b.rows && share >= 0 && share <= 1);
    const auto weight_a = static_cast<float>(std::sqrt(1 - share)),
               weight_b = static_cast<float>(std::sqrt(share));
    Matrix both;
    both.rows = a.rows;
    both.columns = a.columns + b.columns;
    both.column.reserve(a.column.size() + b.column.size());
    both.value.reserve(a.value.size() + b.value.size());
    for (std::size_t row = 0; row < a.rows; ++row) {
        for (std::size_t k = a.begin[row]; k < a.begin[row + 1]; ++k) {
            both.column.push_back(a.column[k]);
            both.value.push_back(a.value[k] * weight_a);
        }
        for (std::size_t k = b.begin[row]; k < b.begin[row + 1]; ++k) {
            both.column.push_back(static_cast<std::uint32_t>(a.columns) + b.column[k]);
            both.value.push_back(b.value[k] * weight_b);
        }
        both.begin.push_back(both.column.size());
        both.self.push_back(static_cast<float>((1 - share) * a.self[row] + share * b.self[row]));
    }
    return both;
}

} // namespace assay::screen
