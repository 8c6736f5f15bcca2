// The marginal likelihood of a linear mixed model of effects: y ~ N(X beta, M) with M = V + sum of random
// terms. Rows fall into blocks that nothing links, so that the cost grows with the sizes of the blocks, not
// with k^2.
#pragma once

#include "num/optimise.hpp"
#include "synth/likelihood.hpp"
#include "synth/random_terms.hpp"

#include <cstdint>

namespace assay::synth {

/// Sampling (co)variances: one per row, or a whole matrix (then `v` is not looked at).
struct Sampling {
    std::span<const double> v;
    const num::Matrix* matrix = nullptr;
};

/// What one variance or correlation is called and where it stands.
enum class ComponentKind { sigma2, tau2, rho, gamma2, phi };
struct ComponentPlace {
    ComponentKind kind = ComponentKind::sigma2;
    std::size_t index = 0;     ///< among those of its kind
    std::size_t term = 0;      ///< of the model
    std::size_t parameter = 0; ///< of the search
    bool squared = false;      ///< the search runs over its square root
    bool fixed = false;
};

class Marginal {
public:
    /// Columns of x that depend on others make `defined` false, as do variances that are not positive.
    Marginal(std::span<const double> y, const num::Matrix& x, const Sampling& sampling,
             std::span<const RandomTerm> terms, Likelihood kind);

    std::size_t rows() const { return k_; }
    std::size_t columns() const { return p_; }
    std::size_t parameters() const { return low_.size(); }
    std::size_t blocks() const { return block_start_.size() - 1; }
    const std::string& trouble() const { return trouble_; } ///< why it cannot be fitted; empty: it can
    std::span<const ComponentPlace> components() const { return places_; }
    std::span<const double> low() const { return low_; }
    std::span<const double> high() const { return high_; }
    std::span<const double> scale() const { return scale_; }
    std::vector<std::vector<double>> starts() const;
    /// A start whose inner levels have the variances that their own rows suggest.
    std::vector<double> level_start() const;

    /// Terms whose unstructured covariance of three and more levels is all estimated: their first parameter
    /// and their levels. The search runs over the Cholesky factor of such a matrix, as correlations alone
    /// have no simple range.
    struct Unstructured {
        std::size_t first = 0, levels = 0;
    };
    std::vector<Unstructured> unstructured() const;

    /// Minus the log-likelihood without constants, of data in the model's own unit; the gradient if not
    /// empty.
    bool evaluate(std::span<const double> parameters, double& value, std::span<double> gradient);
    double log_likelihood(double value) const;

    /// A component's value in the unit of the data from the search's parameter, and back.
    double natural(const ComponentPlace& place, double parameter) const;
    double parameter(const ComponentPlace& place, double natural) const;

    /// After evaluate: coefficients, their covariance, fitted residuals, all in the unit of the data.
    std::vector<double> coefficients() const;
    num::Matrix covariance() const;
    double residual_sum() const { return rss_; } ///< r' M^-1 r

    /// A block after evaluate: its rows, M, M^-1, M^-1 r, and M^-1 X S^(1/2) so that P = M^-1 - F F'.
    struct Block {
        std::span<const std::size_t> rows;
        num::Matrix m, w, f;
        std::vector<double> wr;
    };
    Block block(std::size_t index) const;
    /// x_i (X'M^-1X)^-1 x_j' in the unit of the data.
    double leverage(std::size_t i, std::size_t j) const;
    std::vector<double> residuals() const;
    const num::Matrix& x() const { return x_; }
    double unit() const { return unit_; }
    std::size_t block_of_row(std::size_t row) const { return block_of_row_[row]; }
    /// Covariance of two rows that a term adds, after evaluate.
    double term_covariance(std::size_t term, std::size_t i, std::size_t j) const;

private:
    struct Pair {
        std::uint32_t cell; ///< of the block's n x n, upper triangle
        std::uint32_t kind; ///< which covariance of the term
        double weight;
    };
    struct Layout {
        std::size_t first = 0; ///< parameter
        std::size_t variances = 0, correlations = 0;
        std::size_t levels = 0;
        std::vector<std::uint32_t> kind_of; ///< levels x levels
        std::vector<double> lags;           ///< of each kind, where correlations fall with distance
        std::vector<std::pair<std::uint32_t, std::uint32_t>> pair_of; ///< levels of each kind
        std::vector<double> cells, slopes;
    };

    void prepare_columns(const num::Matrix& x, std::span<const double> y);
    void make_blocks(const Sampling& sampling);
    void make_layout(std::size_t term);
    void make_pairs();
    void make_parameters();
    void fill_cells(std::span<const double> parameters);
    void contract(std::size_t term, std::span<const double> parameters, std::span<double> gradient) const;
    bool correlations_possible(std::span<const double> parameters);
    bool linked(const RandomTerm& term, std::size_t i, std::size_t j) const;

    std::size_t k_, p_;
    Likelihood kind_;
    std::vector<RandomTerm> terms_;
    num::Matrix x_, q_, r_inverse_;
    std::vector<double> y_; ///< scaled
    double unit_ = 1, log_det_r_ = 0, start_total_ = 0.1, typical_ = 1;
    std::string trouble_;

    std::vector<std::size_t> block_rows_, block_start_{0}, cell_start_{0}, block_of_row_, place_in_block_;
    std::vector<double> v_; ///< blocks of V, scaled
    std::vector<Pair> pairs_;
    std::vector<std::size_t> pair_start_; ///< block-major, then term
    std::vector<Layout> layouts_;
    std::vector<ComponentPlace> places_;
    std::vector<double> low_, high_, scale_, spread_; ///< spread_: squared unweighted residuals less v

    // results of the last evaluation
    std::vector<double> u_, z_, scratch_, inverse_, wx_, wr_;
    std::vector<double> xwx_, gamma_, c_inverse_;
    double rss_ = 0;
};

} // namespace assay::synth
