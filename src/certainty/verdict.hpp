// From a pooled interval to a sentence in GRADE's wording (GRADE guidelines 26: Santesso et al. 2020,
// J Clin Epidemiol 119:126-135). The words follow from the interval, the smallest difference that matters and a
// certainty that somebody rated; assay rates none here.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::certainty {

/// Where an interval lies, with the benefit counted as positive.
enum class Standing {
    important_benefit, ///< the whole interval is beyond the smallest difference that matters
    benefit,           ///< the whole interval is on the side of benefit
    little,            ///< the whole interval is too small to matter either way
    no_important_benefit, ///< an important benefit is excluded, harm is not
    uncertain,         ///< benefit and its absence (or harm) are both inside
    harm,
    important_harm
};

/// How to read a number of an analysis.
struct Scale {
    bool ratio = false;        ///< logarithmic analysis scale; shown as exp
    std::string name;          ///< "odds ratio", "mean difference"
    std::string unit;          ///< "mmHg"; empty for ratios
};

/// The smallest difference that matters on the analysis scale (> 0); absent where the outcome names none or its scale
/// does not fit the measure (a difference in mmHg says nothing about an odds ratio).
std::optional<double> threshold(const model::Outcome& outcome, const std::string& measure);

Standing standing(const model::Synthesis& synthesis, model::Better better, std::optional<double> threshold);

/// True if the two standings would be told differently to a reader.
bool differ(Standing a, Standing b);

struct Rated {
    std::string certainty; ///< high | moderate | low | very low; empty: nobody rated
    std::string by;        ///< "Cochrane Garrison 2020"
};

/// The certainty that a published review of the same question and outcome carries: the newest graded one.
Rated published_certainty(const model::Review& review, const model::QuestionId& question,
                          const model::OutcomeId& outcome);

/// The certainty a verdict is told with: what people decided in this review, else what others published.
Rated rated_certainty(const model::Review& review, const model::Analysis& spec,
                      const std::optional<model::GradeRating>& rating);

/// The verdict of one analysis. `analysis` needs its synthesis, variants, exclusions and rating.
model::Verdict verdict(const model::Review& review, const model::Analysis& spec,
                       const model::AnalysisResult& analysis, const Scale& scale);

/// The verdict of a question for which nothing is pooled: what the single trials and reviews concluded.
model::Verdict not_pooled(const model::Question& question, const model::QuestionResult& counts);

/// Phrases that may never appear in an output.
std::vector<std::string> forbidden_phrases();

} // namespace assay::certainty
