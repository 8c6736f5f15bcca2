// Proposals for the certainty of evidence after Core GRADE (BMJ 2025, parts 1 to 7): pure functions from
// numbers to a step, each carrying the rule that fired and the numbers that triggered it. A person decides;
// nothing here does.
#pragma once

#include "model/grade.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

enum class Certainty { very_low, low, moderate, high };
std::string_view to_string(Certainty certainty);

enum class Start { randomised, not_randomised };

using model::GradeNumber;
using GradeDefaults = model::GradeCutoffs;

struct GradeStep {
    std::string domain; ///< risk of bias | inconsistency | indirectness | imprecision | publication bias |
                        ///< large effect
    std::string rule;   ///< stable id of the rule that fired: "imprecision/one-threshold"
    int levels = 0;     ///< -3 .. +2
    std::string text;   ///< one sentence
    std::vector<GradeNumber> numbers;
};

/// Optimal information size, both groups together. Two-sided alpha; p_c and p_e are risks with p_c != p_e.
double information_size_binary(double p_c, double p_e, double alpha, double power);
/// delta: smallest difference that matters, in SDs.
double information_size_continuous(double delta_over_sd, double alpha, double power);

struct ImprecisionInput {
    double estimate = 0, ci_low = 0, ci_high = 0; ///< absolute scale, benefit positive
    std::optional<double>
        matters; ///< smallest difference that matters, > 0; absent: the target is no difference
    std::optional<double> large; ///< a difference that everybody would call large, > matters
    std::optional<double> people, optimal_size;
};
GradeStep imprecision(const ImprecisionInput& input, const GradeDefaults& defaults = {});
/// On the relative scale, where no smallest difference that matters is known.
GradeStep imprecision_ratio(double ci_low, double ci_high, const GradeDefaults& defaults = {});

struct StudyEstimate {
    double estimate = 0, ci_low = 0, ci_high = 0,
           weight = 0; ///< analysis scale, benefit positive; weight any unit
    bool high_risk = false;
};
struct InconsistencyInput {
    std::span<const StudyEstimate> studies;
    double estimate = 0, ci_low = 0, ci_high = 0;
    std::optional<double> pi_low, pi_high;
    double threshold = 0; ///< smallest difference that matters (two-sided), or 0 for no difference
};
/// By sides of the threshold, overlap of intervals and what the prediction interval adds; never by I2.
GradeStep inconsistency(const InconsistencyInput& input, const GradeDefaults& defaults = {});

struct BiasInput {
    std::span<const StudyEstimate> studies;
    std::optional<double> low_risk_estimate, low_risk_low,
        low_risk_high; ///< pool of the studies not at high risk
    double estimate = 0;
    double rated_weight =
        1; ///< share of the weight of studies that somebody rated; 0: nothing can be proposed
};
GradeStep risk_of_bias(const BiasInput& input, const GradeDefaults& defaults = {});

enum class Concern { none, some, serious, very_serious };
struct IndirectnessInput {
    Concern population = Concern::none, intervention = Concern::none, comparator = Concern::none,
            outcome = Concern::none;
};
/// Takes what a person said of each element of the question. "Some" alone lowers nothing; it is shown.
GradeStep indirectness(const IndirectnessInput& input);

struct PublicationInput {
    int studies = 0;
    double small_weight = 0, industry_weight = 0; ///< shares of the weight, 0 to 1
    std::optional<double> asymmetry_p;
    int unpublished = 0; ///< registered, finished, without results
};
GradeStep publication_bias(const PublicationInput& input, const GradeDefaults& defaults = {});

/// For evidence that is not randomised: RR at least 2 (or at most 1/2) one level up, at least 5 (1/5) two.
GradeStep large_effect(double ratio, double ci_low, double ci_high);

struct GradeProposal {
    Certainty start = Certainty::high, result = Certainty::high;
    std::vector<GradeStep> steps;
};

/// Adds the levels and stays between very low and high. Upward steps count only for evidence that is not
/// randomised and has no downward step.
GradeProposal propose(Start start, std::vector<GradeStep> steps);

/// The domains in the order in which they are told; the last three only raise.
std::span<const std::string_view> grade_domains();

/// Puts a person's decisions beside the proposal. Levels that were decided replace the proposed ones; a
/// certainty that was decided replaces what the levels add up to.
model::GradeRating rate(const GradeProposal& proposal, const model::GradeDecision* decision);

} // namespace assay::certainty
