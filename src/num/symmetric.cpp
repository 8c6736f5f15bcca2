#include "num/symmetric.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>

namespace assay::num {

Spectrum spectrum_of(const Matrix& symmetric) {
    const auto n = static_cast<::Eigen::Index>(symmetric.rows);
    using RowMajor = ::Eigen::Matrix<double, ::Eigen::Dynamic, ::Eigen::Dynamic, ::Eigen::RowMajor>;
    const ::Eigen::Map<const RowMajor> cells(symmetric.cells.data(), n, n);
    const ::Eigen::SelfAdjointEigenSolver<::Eigen::MatrixXd> solver{::Eigen::MatrixXd(cells)};
    Spectrum out;
    out.values.assign(solver.eigenvalues().data(), solver.eigenvalues().data() + n);
    out.vectors = Matrix(symmetric.rows, symmetric.rows);
    for (std::size_t i = 0; i < symmetric.rows; ++i)
        for (std::size_t j = 0; j < symmetric.rows; ++j)
            out.vectors(i, j) =
                solver.eigenvectors()(static_cast<::Eigen::Index>(i), static_cast<::Eigen::Index>(j));
    return out;
}

Matrix symmetric_power(const Matrix& b, double power, double tolerance) {
    const Spectrum eigen = spectrum_of(b);
    Matrix out(b.rows, b.rows);
    for (std::size_t m = 0; m < b.rows; ++m) {
        if (!(eigen.values[m] > tolerance)) continue;
        const double factor = std::pow(eigen.values[m], power);
        for (std::size_t i = 0; i < b.rows; ++i)
            for (std::size_t j = 0; j < b.rows; ++j)
                out(i, j) += factor * eigen.vectors(i, m) * eigen.vectors(j, m);
    }
    return out;
}

} // namespace assay::num
