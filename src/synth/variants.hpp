// One mean and its tau2 for very many variants of one data set: subsets, resamples (studies with
// multiplicities), sign flips. The same numbers as fit.hpp gives for each variant on its own, at a fraction
// of the cost: what does not change between variants is tabulated once, sums are updated instead of taken
// again, and nothing is allocated.
#pragma once

#include "synth/estimators.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace assay::synth {

/// What one variant gives. Multiply by a Hartung-Knapp factor q/df for its standard error.
struct VariantFit {
    double mean = 0;
    double sum_w = 0; ///< at tau2: the variance of the mean is its inverse
    double tau2 = 0;
    double q = 0;     ///< at tau2
    double q0 = 0;    ///< Cochran's Q, at weights 1/v
    double tr_p0 = 0; ///< trace of P at weights 1/v
    int n = 0;        ///< studies, counted with their multiplicities
    bool converged = true;
};

double i2_of(const VariantFit& fit,
             bool common); ///< percent, as heterogeneity_from_tau2 or heterogeneity_from_q
double h2_of(const VariantFit& fit, bool common);

/// What is shared by all variants of one data set; read only, so threads can share it.
class VariantTable {
public:
    /// `estimator` null: common effect. Fast paths exist for DL, REML, ML and PM; others are computed one by
    /// one. With `centred` the effects are taken relative to their common-effect mean, which keeps digits;
    /// variants that flip signs need them as they are.
    VariantTable(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                 bool centred = true);

    std::size_t k() const { return k_; }

private:
    friend class Variant;
    enum class Kind { common, DL, PM, likelihood, other };
    static constexpr std::size_t grid = 32;             ///< values of tau2 at which the score is tabulated
    static constexpr std::size_t row_length = 5 * grid; ///< w, w^2, w y, w^2 y, w^2 y^2 at each
    static constexpr std::size_t head_length = 4;       ///< w, w^2, w y, w y^2 at tau2 = 0

    std::size_t k_ = 0, padded_ = 0;
    Kind kind_ = Kind::common;
    bool restricted_ = true;
    const Estimator* estimator_ = nullptr;
    double origin_ = 0;
    double noise_ = 0;          ///< sums of squares per study that are rounding, not scatter
    std::vector<double> y_, v_; ///< padded with zeros and ones
    std::vector<double> head_;
    std::unique_ptr<double[]> rows_; ///< k rows of row_length; not zeroed first, as that would cost as much as a fit
    std::vector<double> head_total_, row_total_; ///< of all studies
    std::vector<double> tau2_; ///< the grid; the first is 0
};

/// One variant at a time, moved from one to the next; each thread has its own.
class Variant {
public:
    explicit Variant(const VariantTable& table);

    void clear();                             ///< no studies
    void set_all();                             ///< each study once
    void set(std::span<const double> counts); ///< each study this many times
    void add(std::size_t study);              ///< once more
    void remove(std::size_t study);           ///< once less
    void flip(std::size_t study); ///< changes the sign of its effect (tables that are not centred)
    int size() const { return n_; }

    VariantFit fit();

private:
    struct Sums;
    Sums sums_at(double tau2, double mean) const;
    void sum_again();
    VariantFit common_fit();
    double score(std::size_t g) const;
    bool maximise(VariantFit& fit, double mean);
    void solve_q(VariantFit& fit);
    void one_by_one(VariantFit& fit);
    void finish(VariantFit& fit, const Sums& sums, double at_mean, double step) const;

    const VariantTable& table_;
    int n_ = 0;
    std::vector<double> count_, y_; ///< padded
    std::vector<double> head_, sums_;
    std::vector<double> own_y_, own_v_;
};

} // namespace assay::synth
