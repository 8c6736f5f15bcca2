// The same meta-regression for very many arrangements of one design matrix: effects and variances stay, rows
// of the matrix move. Equal to regress() for each, without allocation, for up to five columns.
#pragma once

#include "synth/fit.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace assay::synth {

constexpr std::size_t refit_most_columns = 5;

struct Refit {
    std::array<double, refit_most_columns> statistic{}; ///< of each coefficient
    std::array<double, refit_most_columns> estimate{};
    double qm = 0; ///< joint test of all but the intercept (of all without one), as in regress()
    double tau2 = 0;
    bool full_rank = true;
    bool converged = true;
};

/// Shared by all arrangements; each thread makes its own copy of nothing: fit() only reads.
class RefitTable {
public:
    /// `x` as in regress(). `estimator` null: no variance between studies.
    RefitTable(std::span<const double> y, std::span<const double> v, std::span<const double> x,
               std::size_t columns, const Estimator* estimator, Test test);

    /// Row i of the design matrix is row order[i] of the one that was put in.
    Refit fit(std::span<const std::size_t> order) const;

private:
    template<std::size_t P> Refit fit_columns(std::span<const std::size_t> order) const;
    template<std::size_t P> struct Sums;
    template<std::size_t P> Sums<P> sums_at(const double* rows, double tau2) const;
    template<std::size_t P> bool maximise(const double* rows, double& tau2) const;
    template<std::size_t P> bool solve_q(const double* rows, double target, double& tau2) const;
    double slow_tau2(const double* rows, bool& converged) const;

    enum class Kind { common, DL, PM, likelihood, other };
    Kind kind_ = Kind::common;
    bool restricted_ = true, intercept_ = false;
    const Estimator* estimator_;
    Test test_;
    std::size_t k_, p_;
    std::vector<double> y_, v_, x_;                 ///< x_ row after row, columns but the intercept centred
    std::array<double, refit_most_columns> mean_{}; ///< what was subtracted
    std::vector<double> tau2_;
};

} // namespace assay::synth
