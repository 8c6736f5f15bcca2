// Numbers of a row that its paper does not print, made by rules from what it prints, from the rows around it,
// or from a value the review declares. docs/methods/derived-data.md tells which rule comes first.
#pragma once

#include "effect/rules.hpp"
#include "model/effect.hpp"
#include "model/review.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace assay::effect {

/// A value a rule needs that the row does not give, and where it comes from.
struct Borrowed {
    double value = 0;
    std::string origin;   ///< "the row"; "mean of 2 trials: ..."; "assumed: ..."
    bool assumed = false; ///< not the trial's own
};

/// Mean, SD and n of a group, printed or made.
struct Completed {
    std::optional<double> mean, sd, n;
    std::vector<model::Derived> derived;
    std::vector<std::string> notes;
    std::string code, problem; ///< why something is missing: an exclusion code and a sentence
};

/// Rows of one outcome, looked up once.
class Deriver {
public:
    /// `set` may replace the assumed values. `standardised`: SDs may come from a contrast of the same groups.
    Deriver(const model::Review& review, const model::OutcomeId& outcome, const model::SensitivitySet* set,
            bool standardised);

    /// Only for rows of shape moments.
    Completed complete(const model::Result& row) const;

    /// Of one person's values under two treatments; absent where nobody says. The rows are those of one
    /// trial.
    std::optional<Borrowed> crossover_correlation(const model::Result& one, const model::Result& two) const;

    /// For a row of a trial by clusters whose numbers ignore them; absent where there is nothing to correct.
    std::optional<Borrowed> icc(const model::Result& row) const;

private:
    using Rows = std::vector<const model::Result*>;
    const model::Result* sibling(const model::Result& row, const char* basis, bool same_time) const;
    void look_around(const model::Result& row, Numbers& numbers, Completed& made) const;
    std::optional<Borrowed> change_correlation(const model::Result& row) const;
    std::optional<Borrowed> elsewhere(const std::map<model::StudyId, std::vector<double>>& known,
                                      const model::StudyId& own, const char* what, bool others) const;
    void learn_correlations();

    const model::Review& review_;
    bool standardised_;
    std::optional<double> change_, crossover_, icc_; ///< assumed values in force
    bool others_change_ = true, others_crossover_ = true,
         others_icc_ = true; ///< may other trials lend a value?
    std::map<model::StudyId, Rows> rows_;
    std::map<model::StudyId, std::vector<double>> changes_, crossovers_,
        iccs_; ///< what trials of this outcome give
};

/// A number a rule made, with what it was made from; nothing if the rule does not apply or refuses
/// (`problem`).
std::optional<model::Derived> derive(const Rule& rule, const Numbers& numbers, const model::ResultId& row,
                                     std::string* problem = nullptr);

/// Does the set "without derived numbers" leave out what was made so?
bool counts_as_derived(const std::vector<model::Derived>& derived);

/// The numbers of a row of shape moments by their names.
Numbers numbers_of(const model::Result& row, const model::Moments& data);

/// SE of a contrast from what is printed of it, on the analysis scale; the rule that made it, if one did.
struct Precision {
    std::optional<double> se;
    std::string formula, problem;
    std::optional<model::Derived> derived;
};
Precision precision_of(const model::Result& row, const model::Contrast& contrast, bool ratio);

} // namespace assay::effect
