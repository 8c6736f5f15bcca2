#include "certainty/verdict.hpp"

#include "base/error.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>

namespace assay::certainty {

namespace {

using model::Better;
using model::DifferenceScale;

/// The interval turned so that larger is better.
struct Oriented {
    double estimate, low, high;
};

Oriented orient(const model::Synthesis& synthesis, Better better) {
    if (better == Better::lower) return {-synthesis.estimate, -synthesis.ci_high, -synthesis.ci_low};
    return {synthesis.estimate, synthesis.ci_low, synthesis.ci_high};
}

std::string shown(const model::Synthesis& synthesis, const Scale& scale) {
    auto back = [&](double value) { return scale.ratio ? std::exp(value) : value; };
    std::string text = scale.name + " " +
                       text::with_interval(back(synthesis.estimate), back(synthesis.ci_low), back(synthesis.ci_high));
    if (!scale.unit.empty()) text += " " + scale.unit;
    return text;
}

std::string trials(int k) { return k == 1 ? "1 trial" : std::to_string(k) + " trials"; }

std::string studies(int k) { return k == 1 ? "1 study" : std::to_string(k) + " studies"; }

std::string percent(double level) { return text::readable(level * 100).substr(0, 2) + " % CI"; }

/// "lower" or "higher": the direction of the numbers, whatever is better.
std::string direction(const model::Synthesis& synthesis) { return synthesis.estimate < 0 ? "lower" : "higher"; }

std::string capital(std::string sentence) {
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    return sentence;
}

struct Words {
    std::string code, headline, sentence;
};

/// The modal of a certainty: "reduces" (high), "probably reduces", "may reduce".
std::string modal(const std::string& certainty, const std::string& plain, const std::string& infinitive) {
    if (certainty == "high") return plain;
    if (certainty == "moderate") return "probably " + plain;
    return "may " + infinitive;
}

/// "systolic blood pressure", "the risk of death within weeks", "the chance of being free of cramps".
std::string quantity(const model::Outcome& outcome) {
    if (outcome.kind != model::OutcomeKind::binary) return outcome.label;
    return (outcome.better == Better::higher ? "the chance of " : "the risk of ") + outcome.label;
}

Words rated_words(Standing at, const std::string& certainty, const std::string& what, const std::string& outcome,
                  const model::Synthesis& synthesis, bool important) {
    if (certainty == "very low")
        return {"uncertain", "very uncertain",
                "the evidence is very uncertain about the effect of " + what + " on " + outcome};
    const bool down = synthesis.estimate < 0;
    const std::string plain = down ? "reduces" : "increases", bare = down ? "reduce" : "increase";
    const std::string slightly = important ? "" : " slightly";
    const std::string said = modal(certainty, plain, bare);
    const std::string little = modal(certainty, "results in", "result in") + " little to no difference";
    switch (at) {
    case Standing::important_benefit:
    case Standing::benefit:
        return {"benefit", said + " " + outcome + slightly, what + " " + said + " " + outcome + slightly};
    case Standing::important_harm:
    case Standing::harm:
        return {"harm", said + " " + outcome + slightly + " (harm)",
                what + " " + said + " " + outcome + slightly + ", which is to the patient's disadvantage"};
    case Standing::little: return {"little", little, what + " " + little + " in " + outcome};
    case Standing::no_important_benefit:
        return {"little", "no important benefit; harm not excluded",
                "an important benefit of " + what + " for " + outcome + " is not compatible with the interval, a harm is"};
    case Standing::uncertain: break;
    }
    return {"uncertain", "uncertain", "it is uncertain whether " + what + " changes " + outcome};
}

/// Without a rating the sentence keeps to what the trials showed.
Words unrated_words(Standing at, const std::string& what, const std::string& outcome,
                    const model::Synthesis& synthesis, bool important) {
    const std::string found = outcome + " " + direction(synthesis);
    const std::string where = synthesis.k == 1 ? " in one trial" : " in the pooled trials";
    const std::string with = found + " with " + what + where;
    switch (at) {
    case Standing::important_benefit: return {"benefit", found, with};
    case Standing::benefit: return {"benefit", found + (important ? "" : ", by little"), with};
    case Standing::important_harm:
    case Standing::harm: return {"harm", found + " (harm)", with + ", to the patient's disadvantage"};
    case Standing::little:
        return {"little", "little to no difference", "little to no difference in " + outcome + where};
    case Standing::no_important_benefit:
        return {"little", "no important benefit; harm not excluded",
                "an important benefit of " + what + " for " + outcome + " is not compatible with the interval, a harm is"};
    case Standing::uncertain: break;
    }
    return {"uncertain", "uncertain", "it is uncertain whether " + what + " changes " + outcome};
}

bool analysis_of_one(const model::AnalysisResult& analysis) { return analysis.effects.size() == 1; }

/// Choices under which the reader would be told something else. A single trial left over, or a Hartung-Knapp interval
/// of two, is wide whatever the truth: that is a loss of information, not another answer.
std::vector<const model::Variant*> turning(const model::AnalysisResult& analysis, Standing main,
                                           Better better, std::optional<double> limit) {
    std::vector<const model::Variant*> found;
    for (const auto& variant : analysis.variants) {
        // Standard sets have a figure of their own that answers whether the answer changes.
        if (!variant.synthesis || variant.kind == "leave-one-out" || variant.kind == "standard-set") continue;
        const bool adjusted = variant.synthesis->test == "knha" || variant.synthesis->test == "adhoc";
        if (variant.synthesis->k < (adjusted ? 3 : 2) && !analysis_of_one(analysis)) continue;
        if (differ(standing(*variant.synthesis, better, limit), main)) found.push_back(&variant);
    }
    return found;
}

std::string robustness(const std::vector<const model::Variant*>& turns, const Scale& scale) {
    if (turns.empty()) return "";
    std::string text = " The answer depends on the choices made: ";
    const std::size_t shown_count = std::min<std::size_t>(turns.size(), 2);
    for (std::size_t i = 0; i < shown_count; ++i) {
        if (i) text += "; ";
        text += turns[i]->label + ": " + shown(*turns[i]->synthesis, scale) + ", " + trials(turns[i]->synthesis->k);
    }
    if (turns.size() > shown_count)
        text += "; and " + std::to_string(turns.size() - shown_count) + " more under Robustness";
    return text + ".";
}

} // namespace

std::optional<double> threshold(const model::Outcome& outcome, const std::string& measure) {
    if (!outcome.matters || !(outcome.matters->value > 0)) return std::nullopt;
    const double value = outcome.matters->value;
    const bool ratio = measure == "RR" || measure == "OR" || measure == "PETO" || measure == "IRR" || measure == "ROM";
    switch (outcome.matters->scale) {
    case DifferenceScale::units: return measure == "MD" || measure == "MC" ? std::optional(value) : std::nullopt;
    case DifferenceScale::sd: return measure.starts_with("SM") ? std::optional(value) : std::nullopt;
    case DifferenceScale::risk: return measure == "RD" ? std::optional(value) : std::nullopt;
    case DifferenceScale::ratio:
        if (!ratio || value == 1) return std::nullopt;
        return std::fabs(std::log(value));
    }
    return std::nullopt;
}

Standing standing(const model::Synthesis& synthesis, Better better, std::optional<double> limit) {
    if (better == Better::neither) return Standing::uncertain;
    const auto at = orient(synthesis, better);
    if (limit) {
        if (at.low >= *limit) return Standing::important_benefit;
        if (at.high <= -*limit) return Standing::important_harm;
        if (at.low > -*limit && at.high < *limit) return Standing::little;
    }
    if (at.low > 0) return Standing::benefit;
    if (at.high < 0) return Standing::harm;
    if (limit && at.high < *limit) return Standing::no_important_benefit;
    return Standing::uncertain;
}

bool differ(Standing a, Standing b) {
    auto group = [](Standing at) {
        switch (at) {
        case Standing::important_benefit:
        case Standing::benefit: return 0;
        case Standing::little:
        case Standing::no_important_benefit: return 1;
        case Standing::uncertain: return 2;
        case Standing::harm:
        case Standing::important_harm: return 3;
        }
        return 4;
    };
    return group(a) != group(b);
}

Rated published_certainty(const model::Review& review, const model::QuestionId& question,
                          const model::OutcomeId& outcome) {
    const model::Published* best = nullptr;
    for (const auto& row : review.published) {
        if (row.certainty.empty() || row.question != question || row.outcome != outcome) continue;
        if (!best || row.year > best->year) best = &row;
    }
    return best ? Rated{best->certainty, best->label} : Rated{};
}

Rated rated_certainty(const model::Review& review, const model::Analysis& spec,
                      const std::optional<model::GradeRating>& rating) {
    if (rating && rating->decided)
        return {rating->result, "rated in this review" + (rating->by.empty() ? "" : ": " + rating->by)};
    auto published = published_certainty(review, spec.question, spec.outcome);
    if (!published.by.empty()) published.by = "published by others: " + published.by;
    return published;
}

model::Verdict verdict(const model::Review& review, const model::Analysis& spec,
                       const model::AnalysisResult& analysis, const Scale& scale) {
    const auto* question = review.find(spec.question);
    const auto* outcome = review.find(spec.outcome);
    ASSAY_EXPECT(question && outcome);
    model::Verdict result;
    if (!analysis.main) {
        result.code = "not-pooled";
        result.headline = "nothing could be pooled";
        result.text = "No row of this outcome could enter the analysis; the excluded rows say why.";
        return result;
    }
    const auto& main = *analysis.main;
    const auto* term = review.find(question->intervention);
    const std::string what = term ? term->label : "the intervention";
    const auto limit = threshold(*outcome, spec.measure);
    const auto at = standing(main, outcome->better, limit);
    const bool important = !limit || std::fabs(main.estimate) >= *limit;
    result.important = limit && important;

    const auto rated = rated_certainty(review, spec, analysis.grade);
    const auto outcome_words = quantity(*outcome);
    auto words = rated.certainty.empty() ? unrated_words(at, what, outcome_words, main, important)
                                         : rated_words(at, rated.certainty, what, outcome_words, main, important);
    result.certainty = rated.certainty;
    result.certainty_source = rated.by;

    const auto turns = turning(analysis, at, outcome->better, limit);
    result.code = spec.illustration ? "illustration" : words.code;
    result.headline = words.headline;
    if (main.k == 1) {
        result.headline = "one trial: " + words.headline;
        if (!spec.illustration) result.code = "single";
    }
    if (!turns.empty()) result.headline += "; depends on the choices";
    if (spec.illustration) result.headline = "teaching case: " + result.headline;

    result.text = capital(words.sentence) + " (" + shown(main, scale) + ", " + percent(main.level) + "; " + trials(main.k) + ").";
    if (limit && at == Standing::benefit)
        result.text += " The interval reaches values too small to matter.";
    if (limit && at == Standing::uncertain)
        result.text += " The interval holds both differences that matter and differences that do not.";
    if (main.pi_low && main.pi_high && main.k >= 3) {
        const auto better = outcome->better == Better::lower ? -1.0 : 1.0;
        const double low = std::min(better * *main.pi_low, better * *main.pi_high);
        if ((at == Standing::benefit || at == Standing::important_benefit) && low < 0)
            result.text += " A new setting may see the opposite: the prediction interval crosses no difference.";
    }
    result.text += robustness(turns, scale);
    if (rated.certainty.empty()) result.text += " The certainty of this evidence is not rated here.";
    else result.text += " Certainty: " + rated.certainty + " (" + result.certainty_source + ").";
    if (spec.illustration) result.text += " Shown to teach a point, not to guide care.";
    return result;
}

model::Verdict not_pooled(const model::Question& question, const model::QuestionResult& counts) {
    model::Verdict result;
    result.code = "not-pooled";
    const auto& t = counts.trials;
    const int coded = t.benefit + t.no_benefit + t.inconclusive + t.harm;
    auto list = [](const model::ConclusionCount& c) {
        std::string text;
        auto add = [&](int n, const char* name) {
            if (n == 0) return;
            if (!text.empty()) text += ", ";
            text += std::to_string(n) + " " + name;
        };
        add(c.benefit, "benefit");
        add(c.no_benefit, "no benefit");
        add(c.inconclusive, "inconclusive");
        add(c.harm, "harm");
        return text;
    };
    // No tally in the headline: authors' conclusions are not weighed, and a count of them reads like a verdict.
    result.headline = "not pooled; " + std::to_string(counts.randomised) + " of " + std::to_string(counts.studies) +
                      (counts.studies == 1 ? " study" : " studies") + " randomised";
    result.text = question.not_pooled;
    if (coded) result.text += " What " + studies(coded) + " concluded, coded here: " + list(t) + ".";
    const auto reviews = list(counts.reviews);
    if (!reviews.empty()) result.text += " Reviews and agencies: " + reviews + ".";
    return result;
}

std::vector<std::string> forbidden_phrases() {
    return {"no effect", "proven", "proves", "does not work", "not statistically significant", "statistically non-significant"};
}

} // namespace assay::certainty
