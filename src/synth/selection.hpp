// Selection models: what the effects would be if studies were published with a chance that depends on their P
// value (or on their effect), estimated together with the model of the effects by maximum likelihood.
#pragma once

#include "synth/excess.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

enum class Selection { beta, halfnorm, negexp, logistic, power, negexppow, stepfun, trunc, truncest };

struct SelectionModel {
    std::string_view id; ///< metafor's name
    Selection type;
    std::string_view formula; ///< the chance w of publication, relative
    std::string_view source;
    int deltas;  ///< parameters of w; stepfun: one per interval
    double none; ///< their value where nothing is selected
};
std::span<const SelectionModel> selection_models();
const SelectionModel* find_selection_model(std::string_view id);

struct SelectionOptions {
    Selection type = Selection::stepfun;
    Alternative alternative = Alternative::greater; ///< of the P values
    /// stepfun: the bounds of intervals of P (1 is added); trunc: one value of y (0 when empty); beta: the
    /// two P values between which w changes; others: the P value up to which w is 1.
    std::vector<double> steps;
    std::vector<std::optional<double>> delta; ///< fixed values; empty: all estimated
    std::span<const double> imprecision =
        {};                  ///< halfnorm, negexp, logistic, power, negexppow: multiplies delta
    bool decreasing = false; ///< stepfun: deltas may not rise with P
    bool common = false;     ///< no variance between studies
    double level = 0.95;
};

struct SelectionFit {
    bool defined = false; ///< false: `why` says what is missing
    std::string why;
    int k = 0;
    std::vector<double> beta, se, statistic, p, ci_low, ci_high;
    double tau2 = 0;
    std::optional<double> tau2_se;
    std::vector<double> delta;
    std::vector<std::optional<double>> delta_se;
    std::vector<int> counts; ///< stepfun: studies in each interval of P
    double log_likelihood = 0, log_likelihood_unselected = 0;
    double lrt = 0; ///< against the model without selection
    int lrt_df = 0;
    std::optional<double> lrt_p;
    int iterations = 0;
    bool converged = true;
    std::vector<std::string> notes;
};

/// `x`: design matrix, column after column, empty: one mean. Hedges 1992, Stat Sci 7:246; Vevea & Hedges
/// 1995, Psychometrika 60:419, equation 4; the other models as in the table.
SelectionFit select(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                    std::size_t columns, const SelectionOptions& options);

/// The log-likelihood of the model at given parameters, one delta for each parameter of the weight; NaN where the
/// options do not fit the data. To compare two answers with each other.
double selection_log_likelihood(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                                std::size_t columns, const SelectionOptions& options, std::span<const double> beta,
                                double tau2, const std::vector<double>& delta);

} // namespace assay::synth
