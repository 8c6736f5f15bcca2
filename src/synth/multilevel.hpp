// Multilevel and multivariate models of effects: several random terms, correlated sampling errors,
// moderators. One fit answers for its coefficients, variances, fit statistics, intervals, predictions, random
// effects and influence.
#pragma once

#include "synth/marginal.hpp"

#include <memory>

namespace assay::synth {

/// How the degrees of freedom of t tests are counted.
enum class DfRule {
    residual, ///< rows minus coefficients
    contain,  ///< levels of the finest grouping within which a column is constant, minus coefficients
};

struct MultilevelOptions {
    Likelihood likelihood = Likelihood::restricted;
    bool t_tests = false;
    DfRule df = DfRule::residual;
    double level = 0.95;
    int most_iterations = 200;
};

struct Component {
    ComponentKind kind = ComponentKind::sigma2;
    std::size_t index = 0; ///< among those of its kind
    std::string name;      ///< "sigma^2.1", "rho"
    double value = 0;
    bool fixed = false;
    bool at_end = false; ///< at an end of what it may be, where the likelihood still rises
};
std::string_view to_string(ComponentKind kind);

struct LikelihoodStatistics {
    double log_likelihood = 0, aic = 0, bic = 0, aicc = 0;
};

struct ModeratorTest {
    double statistic = 0, p = 1; ///< chi-squared, or F with df2 > 0
    int df1 = 0;
    std::optional<double> df2;
};

struct MultilevelFit {
    int k = 0, p = 0;
    std::vector<double> beta, se, statistic, p_value, ci_low, ci_high;
    std::vector<double> df; ///< of each coefficient under t tests; empty: normal
    num::Matrix covariance;
    std::vector<Component> components;
    LikelihoodStatistics statistics;
    double q = 0, q_p = 1; ///< of residuals weighted by sampling (co)variances only
    int q_df = 0;
    std::optional<ModeratorTest> moderators; ///< of all columns but the intercept, or of all without one
    bool intercept_only = false;
    num::Minimum search; ///< how the maximum was found
    std::vector<std::string> notes;
    double level = 0.95;

    std::vector<double> values(ComponentKind kind) const;
    bool fitted() const { return k > 0; }
};

struct MultilevelPrediction {
    double estimate = 0, se = 0, ci_low = 0, ci_high = 0;
    std::optional<double> pi_low,
        pi_high; ///< of a new true effect; absent where inner levels differ in variance
};

struct ComponentInterval {
    std::string name;
    double estimate = 0, low = 0, high = 0;
    bool low_open = false, high_open = false; ///< the search ended before the likelihood fell far enough
    int evaluations = 0;                      ///< of the likelihood
    bool converged = true;
};

struct RandomEffect {
    std::string level;
    double estimate = 0, se = 0, pi_low = 0, pi_high = 0;
};
struct RandomEffects {
    std::string term;
    std::vector<RandomEffect> effects;
};

struct RowDiagnostics {
    std::vector<double> hat, residual, residual_se, standardised;
};

/// The model of y with design matrix x (rows are effects), sampling (co)variances and random terms.
/// Everything is copied; the functions answer for one maximum of the likelihood.
class Multilevel {
public:
    Multilevel(std::span<const double> y, num::Matrix x, const Sampling& sampling,
               std::vector<RandomTerm> terms, MultilevelOptions options = {});
    ~Multilevel();
    Multilevel(Multilevel&&) noexcept;

    /// Nothing is fitted (k = 0) when the data do not allow it; `notes` says why.
    const MultilevelFit& fit() const { return fit_; }
    const std::vector<RandomTerm>& terms() const { return terms_; }

    /// Profile likelihood interval of component `index` of fit().components: all values whose best likelihood
    /// is within half a chi-squared quantile of the highest (Hardy & Thompson 1996, Stat Med 15:619).
    ComponentInterval profile_interval(std::size_t index) const;
    /// The highest log-likelihood with one component held at a value.
    double profile_log_likelihood(std::size_t index, double value) const;

    /// For each row of `x_new`; for models of an intercept only, one row of 1.
    std::vector<MultilevelPrediction> predict(const num::Matrix& x_new) const;

    /// Best linear unbiased predictions of each random term (Robinson 1991, Stat Sci 6:15).
    std::vector<RandomEffects> random_effects() const;

    RowDiagnostics rows() const;
    /// Cook's distance of each group of rows that is left out with refitting; NaN where the model cannot be
    /// fitted without it. `group_of_row` empty: each row alone.
    std::vector<double> cooks_distances(std::span<const std::size_t> group_of_row = {}) const;

    const Marginal& marginal() const { return *marginal_; }
    const num::Matrix& x() const { return x_; }
    std::span<const double> y() const { return y_; }

private:
    num::Minimum maximise(std::span<const double> start, std::size_t held, double value, bool trace) const;
    std::vector<std::vector<double>> heterogeneous_starts() const;
    void find_maximum();
    void summarise();
    void q_test();
    double critical(double df) const;

    std::vector<double> y_;
    num::Matrix x_;
    std::vector<double> v_;
    std::optional<num::Matrix> v_matrix_;
    std::vector<RandomTerm> terms_;
    MultilevelOptions options_;
    std::unique_ptr<Marginal> marginal_;
    std::unique_ptr<Marginal> profile_; ///< scratch of its own, so that marginal_ keeps the maximum
    MultilevelFit fit_;
};

/// Degrees of freedom by DfRule::contain.
std::vector<double> containment_df(const num::Matrix& x, std::span<const RandomTerm> terms);

} // namespace assay::synth
