// Values of sparse matrices that several tests look at.
#pragma once

#include "screen/matrix.hpp"

#include <cstddef>

namespace assay::test {

/// The inner product of two rows, by the definition.
inline double inner(const screen::Matrix& m, std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = m.begin[a]; i < m.begin[a + 1]; ++i)
        for (std::size_t k = m.begin[b]; k < m.begin[b + 1]; ++k)
            if (m.column[i] == m.column[k])
                sum += static_cast<double>(m.value[i]) * static_cast<double>(m.value[k]);
    return sum;
}

} // namespace assay::test
