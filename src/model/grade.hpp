// The certainty of evidence as it is kept: what the rules propose from the numbers, what a person decided
// (grade.toml), both side by side; and the cut-offs of the rules.
#pragma once

#include "base/place.hpp"
#include "model/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::model {

/// Cut-offs that no official text gives. Defaults of ours, visible wherever they are used, overridden by the
/// table [grade] of review.toml.
struct GradeCutoffs {
    double alpha = 0.05, power = 0.8; ///< of the optimal information size
    double far_below = 0.4;           ///< fewer people than this share of the optimal size: two levels
    double ratio_low = 0.75,
           ratio_high = 1.25;      ///< the rule of 2011, for want of a smallest difference that matters
    double opposite_weight = 0.25; ///< weight of studies on the other side of the threshold
    double apart = 0.15;           ///< share of pairs of studies whose intervals do not overlap
    double far_apart = 0.30;
    double high_risk_weight = 0.5; ///< share of the weight from studies at high risk of bias
    double industry_share = 0.5;   ///< share of the weight from small trials and from trials paid by sellers
    double small_study = 100;      ///< a study with fewer people is small
    int fewest_for_asymmetry = 10;
    double asymmetry_p = 0.1;
    bool changed = false; ///< the review sets some of them itself
};

/// What a person decided about one domain of one analysis.
struct GradeDomainDecision {
    std::string domain; ///< a name of the table of domains
    int levels = 0;     ///< -3 .. +2
    std::string reason, by;
    Place place;
};

/// [[rating]] of grade.toml.
struct GradeDecision {
    AnalysisId analysis;
    std::string start;     ///< high | low; empty: as proposed
    std::string certainty; ///< high | moderate | low | very low; empty: what the domains add up to
    std::string reason, by;
    std::string population = "none", intervention, comparator = "none", outcome = "none"; ///< indirectness
    std::vector<GradeDomainDecision> domains;
    Place place;
};

/// [[baseline]] of grade.toml: the risk without the intervention, for absolute effects.
struct GradeBaseline {
    AnalysisId analysis;
    double risk = 0; ///< 0 to 1
    std::string source;
    Place place;
};

/// [[instrument]] of grade.toml: the scale in whose units a standardised difference is told.
struct GradeInstrument {
    AnalysisId analysis;
    std::string name; ///< "visual analogue scale, 0 to 100"
    std::string unit; ///< "mm"
    double sd = 0;    ///< > 0: of people like those of the review, on this scale
    std::string source;
    Place place;
};

struct GradeNumber {
    std::string name;
    double value = 0;
};

/// One domain: what the rule proposes, and what a person made of it.
struct GradeDomain {
    std::string domain;
    std::string rule; ///< stable id of the rule that fired: "imprecision/one-threshold"
    int proposed = 0; ///< levels, -3 .. +2
    std::string text; ///< one sentence
    std::vector<GradeNumber> numbers;
    std::optional<int> decided;
    std::string reason, by;

    int levels() const { return decided.value_or(proposed); }
};

struct GradeRating {
    std::string start; ///< proposed: high | low
    std::optional<std::string> start_decided;
    std::vector<GradeDomain> domains; ///< five down, three up, in the order of the table
    std::string proposed;             ///< certainty from the proposals alone
    std::string result;               ///< with the decisions
    bool decided = false;             ///< a person has decided something here
    std::string reason, by;           ///< of the certainty as a whole
};

} // namespace assay::model
