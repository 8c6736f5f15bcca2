#include "certainty/grade.hpp"

#include "num/distributions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::certainty {

namespace {

GradeStep step(std::string domain, std::string rule, int levels, std::string text) {
    GradeStep made;
    made.rule = domain + "/" + rule;
    std::replace(made.rule.begin(), made.rule.end(), ' ', '-');
    made.domain = std::move(domain);
    made.levels = levels;
    made.text = std::move(text);
    return made;
}

void number(GradeStep& made, std::string name, double value) {
    GradeNumber item;
    item.name = std::move(name);
    item.value = value;
    made.numbers.push_back(std::move(item));
}

bool crosses(double low, double high, double threshold) {
    return low < threshold && threshold < high;
}

double sum_of_z(double alpha, double power) {
    return num::normal_quantile(1 - alpha / 2) + num::normal_quantile(power);
}

GradeStep by_thresholds(const ImprecisionInput& in) {
    const double matters = *in.matters;
    const bool benefit = crosses(in.ci_low, in.ci_high, matters),
               harm = crosses(in.ci_low, in.ci_high, -matters);
    if (in.large && in.ci_high >= *in.large && in.ci_low <= -*in.large)
        return step("imprecision", "extreme-to-extreme", -3,
                    "The interval runs from large benefit to large harm.");
    if (benefit && harm)
        return step("imprecision", "two-thresholds", -2,
                    "The interval includes both important benefit and important harm.");
    if (benefit || harm)
        return step("imprecision", "one-threshold", -1,
                    benefit ? "The interval crosses the smallest benefit that matters."
                            : "The interval crosses the smallest harm that matters.");
    return step("imprecision", "none", 0, "The interval crosses no threshold that matters.");
}

// Sides of the thresholds -t and t: -1, 0, 1.
int side(double estimate, double threshold) {
    if (estimate > threshold) return 1;
    return estimate < -threshold ? -1 : 0;
}

double opposite_weight(const InconsistencyInput& in) {
    double total = 0, opposite = 0;
    for (const StudyEstimate& study : in.studies) {
        total += study.weight;
        if (side(study.estimate, in.threshold) != side(in.estimate, in.threshold)) opposite += study.weight;
    }
    return total > 0 ? opposite / total : 0;
}

double pairs_apart(std::span<const StudyEstimate> studies) {
    double pairs = 0, apart = 0;
    for (std::size_t i = 0; i < studies.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            ++pairs;
            if (studies[i].ci_high < studies[j].ci_low || studies[j].ci_high < studies[i].ci_low) ++apart;
        }
    return pairs > 0 ? apart / pairs : 0;
}

double high_risk_weight(std::span<const StudyEstimate> studies) {
    double total = 0, high = 0;
    for (const StudyEstimate& study : studies) {
        total += study.weight;
        if (study.high_risk) high += study.weight;
    }
    return total > 0 ? high / total : 0;
}

} // namespace

std::string_view to_string(Certainty certainty) {
    constexpr std::array<std::string_view, 4> names{"very low", "low", "moderate", "high"};
    return names[static_cast<std::size_t>(certainty)];
}

// GRADE guidelines 6 (Guyatt et al. 2011, J Clin Epidemiol 64:1283): the size of one adequate trial.
double information_size_binary(double p_c, double p_e, double alpha, double power) {
    const double z = sum_of_z(alpha, power), mean = (p_c + p_e) / 2;
    return 4 * z * z * mean * (1 - mean) / ((p_c - p_e) * (p_c - p_e));
}

double information_size_continuous(double delta_over_sd, double alpha, double power) {
    const double z = sum_of_z(alpha, power);
    return 4 * z * z / (delta_over_sd * delta_over_sd);
}

GradeStep imprecision(const ImprecisionInput& in, const GradeDefaults& defaults) {
    GradeStep made;
    if (in.matters) {
        made = by_thresholds(in);
        number(made, "matters", *in.matters);
    } else {
        const bool crossed = crosses(in.ci_low, in.ci_high, 0);
        made =
            step("imprecision", crossed ? "null" : "none", crossed ? -1 : 0,
                 crossed ? "The interval includes no difference." : "The interval excludes no difference.");
    }
    // Few people make a large effect unstable even where its interval crosses nothing.
    const bool large = !in.matters || std::fabs(in.estimate) >= in.large.value_or(2 * *in.matters);
    if (made.levels == 0 && large && in.people && in.optimal_size && *in.people < *in.optimal_size) {
        const bool far = *in.people < defaults.far_below * *in.optimal_size;
        made = step("imprecision", far ? "far-below-information-size" : "below-information-size",
                    far ? -2 : -1, "Fewer people than one adequate trial would need.");
        number(made, "people", *in.people);
        number(made, "optimal_size", *in.optimal_size);
    }
    number(made, "ci_low", in.ci_low);
    number(made, "ci_high", in.ci_high);
    return made;
}

GradeStep imprecision_ratio(double ci_low, double ci_high, const GradeDefaults& defaults) {
    const int crossed = (crosses(ci_low, ci_high, defaults.ratio_low) ? 1 : 0) +
                        (crosses(ci_low, ci_high, defaults.ratio_high) ? 1 : 0);
    GradeStep made =
        step("imprecision",
             crossed == 2   ? "ratio-both"
             : crossed == 1 ? "ratio-one"
                            : "none",
             -crossed,
             crossed ? "The interval includes an appreciable benefit or harm on the relative scale."
                     : "The interval crosses no appreciable benefit or harm.");
    number(made, "ci_low", ci_low);
    number(made, "ci_high", ci_high);
    return made;
}

GradeStep inconsistency(const InconsistencyInput& in, const GradeDefaults& defaults) {
    if (in.studies.size() < 2)
        return step("inconsistency", "single-study", 0, "One study cannot disagree with itself.");
    const double opposite = opposite_weight(in), apart = pairs_apart(in.studies);
    bool adds = false, extreme = false;
    if (in.pi_low && in.pi_high) {
        const double t = in.threshold;
        for (const double at : {-t, t})
            adds = adds || (crosses(*in.pi_low, *in.pi_high, at) && !crosses(in.ci_low, in.ci_high, at));
        extreme = t > 0 && *in.pi_low <= -t && *in.pi_high >= t;
    }
    GradeStep made;
    if (extreme && apart >= defaults.far_apart)
        made = step(
            "inconsistency", "benefit-to-harm", -2,
            "A new setting may see important benefit or important harm, and many intervals do not overlap.");
    else if (adds)
        made = step("inconsistency", "prediction-crosses", -1,
                    "The prediction interval crosses a threshold that the interval does not.");
    else if (opposite >= defaults.opposite_weight && apart >= defaults.apart)
        made = step("inconsistency", "sides-and-overlap", -1,
                    "Studies lie on different sides of the threshold and their intervals do not overlap.");
    else
        made = step("inconsistency", "none", 0, "Studies agree as far as the question needs.");
    number(made, "opposite_weight", opposite);
    number(made, "pairs_apart", apart);
    if (in.pi_low && in.pi_high) {
        number(made, "pi_low", *in.pi_low);
        number(made, "pi_high", *in.pi_high);
    }
    return made;
}

GradeStep risk_of_bias(const BiasInput& in, const GradeDefaults& defaults) {
    const double weight = high_risk_weight(in.studies);
    const bool all_high =
        !in.studies.empty() && std::all_of(in.studies.begin(), in.studies.end(),
                                           [](const StudyEstimate& study) { return study.high_risk; });
    const bool absent = !in.low_risk_estimate;
    const bool differ = in.low_risk_low && in.low_risk_high &&
                        (in.estimate < *in.low_risk_low || in.estimate > *in.low_risk_high);
    GradeStep made;
    if (in.rated_weight <= 0)
        made =
            step("risk of bias", "not-rated", 0, "No study carries an overall rating: a person has to look.");
    else if (all_high)
        made = step("risk of bias", "all-high", -2, "Every study is at high risk of bias.");
    else if (weight >= defaults.high_risk_weight && (absent || differ))
        made = step("risk of bias", "weight-and-difference", -1,
                    "Most of the weight comes from studies at high risk of bias, and the others do not show "
                    "the same.");
    else
        made = step("risk of bias", "none", 0, "Studies at high risk of bias do not decide the result.");
    number(made, "high_risk_weight", weight);
    number(made, "rated_weight", in.rated_weight);
    if (in.low_risk_estimate) number(made, "low_risk_estimate", *in.low_risk_estimate);
    return made;
}

GradeStep indirectness(const IndirectnessInput& in) {
    const Concern worst = std::max({in.population, in.intervention, in.comparator, in.outcome});
    switch (worst) {
    case Concern::very_serious:
        return step("indirectness", "very-serious", -2,
                    "The evidence answers another question in more than a detail.");
    case Concern::serious:
        return step("indirectness", "serious", -1, "The evidence answers a related question.");
    case Concern::some:
        return step("indirectness", "some", 0,
                    "The evidence is not quite of the people, treatment or outcome asked about.");
    case Concern::none:
        break;
    }
    return step("indirectness", "none", 0, "The evidence answers the question asked.");
}

GradeStep publication_bias(const PublicationInput& in, const GradeDefaults& defaults) {
    GradeStep made;
    const bool small_and_paid =
        in.small_weight >= defaults.industry_share && in.industry_weight >= defaults.industry_share;
    const bool asymmetric = in.studies >= defaults.fewest_for_asymmetry && in.asymmetry_p &&
                            *in.asymmetry_p < defaults.asymmetry_p;
    if (in.unpublished > 0)
        made = step("publication bias", "unpublished", -1, "Finished trials have no published results.");
    else if (asymmetric)
        made = step("publication bias", "asymmetry", -1, "Small studies show larger effects.");
    else if (small_and_paid)
        made = step("publication bias", "small-and-paid", -1,
                    "The evidence is mostly small trials paid by makers.");
    else
        made = step("publication bias", "undetected", 0, "Nothing points to missing studies.");
    number(made, "studies", in.studies);
    number(made, "unpublished", in.unpublished);
    number(made, "small_weight", in.small_weight);
    number(made, "industry_weight", in.industry_weight);
    if (in.asymmetry_p) number(made, "asymmetry_p", *in.asymmetry_p);
    return made;
}

GradeStep large_effect(double ratio, double ci_low, double ci_high) {
    const double size = ratio > 0 && ratio < 1 ? 1 / ratio : ratio;
    const bool excludes_null = ci_low > 1 || ci_high < 1;
    constexpr double large = 2, very_large = 5;
    const int levels = !excludes_null ? 0 : size >= very_large ? 2 : size >= large ? 1 : 0;
    GradeStep made = step("large effect",
                          levels == 2   ? "very-large"
                          : levels == 1 ? "large"
                                        : "none",
                          levels,
                          levels ? "The effect is too large for confounding alone to explain easily."
                                 : "The effect is not large.");
    number(made, "ratio", ratio);
    return made;
}

namespace {

constexpr std::string_view domain_names[] = {"risk of bias",  "inconsistency",       "indirectness",
                                             "imprecision",   "publication bias",    "large effect",
                                             "dose response", "opposing confounding"};

std::string added_up(bool randomised, std::span<const model::GradeDomain> domains, bool with_decisions) {
    int down = 0, up = 0;
    for (const auto& item : domains) {
        const int levels = with_decisions ? item.levels() : item.proposed;
        (levels < 0 ? down : up) += levels;
    }
    const int start = static_cast<int>(randomised ? Certainty::high : Certainty::low);
    const int level = start + down + (!randomised && down == 0 ? up : 0);
    return std::string(to_string(static_cast<Certainty>(std::clamp(level, 0, 3))));
}

} // namespace

std::span<const std::string_view> grade_domains() {
    return domain_names;
}

model::GradeRating rate(const GradeProposal& proposal, const model::GradeDecision* decision) {
    model::GradeRating rating;
    rating.start = proposal.start == Certainty::high ? "high" : "low";
    for (const std::string_view name : domain_names) {
        model::GradeDomain domain;
        domain.domain = name;
        domain.rule = std::string(name) + "/person";
        std::replace(domain.rule.begin(), domain.rule.end(), ' ', '-');
        domain.text = "No rule proposes this; a person may.";
        for (const GradeStep& item : proposal.steps)
            if (item.domain == name) {
                domain.rule = item.rule;
                domain.proposed = item.levels;
                domain.text = item.text;
                domain.numbers = item.numbers;
            }
        if (decision)
            for (const auto& made : decision->domains)
                if (made.domain == name) {
                    domain.decided = made.levels;
                    domain.reason = made.reason;
                    domain.by = made.by.empty() ? decision->by : made.by;
                }
        rating.domains.push_back(std::move(domain));
    }
    const bool proposed_start = rating.start == "high";
    rating.proposed = added_up(proposed_start, rating.domains, false);
    bool start = proposed_start;
    if (decision) {
        if (!decision->start.empty()) {
            rating.start_decided = decision->start;
            start = decision->start == "high";
        }
        rating.reason = decision->reason;
        rating.by = decision->by;
        rating.decided =
            !decision->start.empty() || !decision->certainty.empty() || !decision->domains.empty();
    }
    rating.result = decision && !decision->certainty.empty() ? decision->certainty
                                                             : added_up(start, rating.domains, true);
    return rating;
}

GradeProposal propose(Start start, std::vector<GradeStep> steps) {
    GradeProposal proposal;
    proposal.start = start == Start::randomised ? Certainty::high : Certainty::low;
    int down = 0, up = 0;
    for (const GradeStep& item : steps)
        (item.levels < 0 ? down : up) += item.levels;
    const bool may_rise = start == Start::not_randomised && down == 0;
    const int level = static_cast<int>(proposal.start) + down + (may_rise ? up : 0);
    proposal.result = static_cast<Certainty>(std::clamp(level, 0, 3));
    proposal.steps = std::move(steps);
    return proposal;
}

} // namespace assay::certainty
