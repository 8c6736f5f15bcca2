// Verdicts: the words follow from the interval, the smallest difference that matters and a published rating.
#include "certainty/verdict.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using certainty::Standing;

namespace {

model::Synthesis interval(double estimate, double low, double high, int k = 5) {
    model::Synthesis s;
    s.measure = "MD";
    s.model = "random";
    s.method = "REML";
    s.test = "z";
    s.k = k;
    s.estimate = estimate;
    s.ci_low = low;
    s.ci_high = high;
    return s;
}

/// One question about a score, lower is better, 2 points matter.
struct Fixture {
    model::Review review;
    model::Analysis spec;
    model::AnalysisResult result;
    certainty::Scale scale{false, "mean difference", "points"};

    Fixture() {
        model::Term what;
        what.id = model::TermId("drug");
        what.label = "the drug";
        review.terms.push_back(what);
        model::Question question;
        question.id = model::QuestionId("q");
        question.intervention = what.id;
        review.questions.push_back(question);
        model::Outcome outcome;
        outcome.id = model::OutcomeId("pain");
        outcome.label = "pain";
        outcome.better = model::Better::lower;
        outcome.matters = model::SmallestDifference{2, model::DifferenceScale::units, "assay default", {}};
        review.outcomes.push_back(outcome);
        spec.question = question.id;
        spec.outcome = outcome.id;
        spec.measure = "MD";
        result.effects.resize(5);
    }

    void rate(const std::string& certainty, const std::string& year = "2020") {
        model::Published row;
        row.question = spec.question;
        row.outcome = spec.outcome;
        row.certainty = certainty;
        row.year = year;
        row.label = "Cochrane " + year;
        review.published.push_back(row);
    }

    model::Verdict verdict() const { return certainty::verdict(review, spec, result, scale); }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("an interval stands where its ends are, benefit counted as positive") {
    const auto lower = model::Better::lower;
    CHECK(certainty::standing(interval(-5, -7, -3), lower, 2.0) == Standing::important_benefit);
    CHECK(certainty::standing(interval(-3, -5, -1), lower, 2.0) == Standing::benefit);
    CHECK(certainty::standing(interval(0, -1, 1), lower, 2.0) == Standing::little);
    CHECK(certainty::standing(interval(-1, -1.9, -0.1), lower, 2.0) == Standing::little);
    CHECK(certainty::standing(interval(1, -1, 3), lower, 2.0) == Standing::no_important_benefit);
    CHECK(certainty::standing(interval(0, -3, 3), lower, 2.0) == Standing::uncertain);
    CHECK(certainty::standing(interval(3, 1, 5), lower, 2.0) == Standing::harm);
    CHECK(certainty::standing(interval(5, 3, 7), lower, 2.0) == Standing::important_harm);
    // Without a smallest difference nothing is ever too small to matter.
    CHECK(certainty::standing(interval(0, -0.01, 0.01), lower, std::nullopt) == Standing::uncertain);
    CHECK(certainty::standing(interval(-3, -5, -1), lower, std::nullopt) == Standing::benefit);
}

TEST_CASE("what is better turns the standing round") {
    for (const double shift : {-6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0}) {
        const auto low = certainty::standing(interval(shift, shift - 1, shift + 1), model::Better::lower, 2.0);
        const auto high = certainty::standing(interval(-shift, -shift - 1, -shift + 1), model::Better::higher, 2.0);
        CHECK(low == high);
    }
    CHECK(certainty::standing(interval(-9, -10, -8), model::Better::neither, 2.0) == Standing::uncertain);
}

TEST_CASE("a smallest difference speaks only of measures on its own scale") {
    model::Outcome outcome;
    outcome.matters = model::SmallestDifference{0.75, model::DifferenceScale::ratio, "", {}};
    CHECK(certainty::threshold(outcome, "RR").value() == doctest::Approx(std::log(1 / 0.75)));
    CHECK_FALSE(certainty::threshold(outcome, "MD"));
    outcome.matters = model::SmallestDifference{2, model::DifferenceScale::units, "", {}};
    CHECK(certainty::threshold(outcome, "MD").value() == 2);
    CHECK_FALSE(certainty::threshold(outcome, "OR"));
    CHECK_FALSE(certainty::threshold(outcome, "SMD"));
    outcome.matters = model::SmallestDifference{0.05, model::DifferenceScale::risk, "", {}};
    CHECK(certainty::threshold(outcome, "RD").value() == 0.05);
    CHECK_FALSE(certainty::threshold(outcome, "RR"));
}

TEST_CASE("the verb follows the certainty, and certainty is somebody's") {
    Fixture f;
    f.result.main = interval(-5, -7, -3);
    CHECK(has(f.verdict().text, "Pain lower with the drug in the pooled trials"));
    CHECK(has(f.verdict().text, "not rated here"));
    CHECK(f.verdict().certainty.empty());
    f.rate("low", "2012");
    CHECK(has(f.verdict().text, "The drug may reduce pain"));
    f.rate("moderate", "2020"); // the newer rating counts
    CHECK(has(f.verdict().text, "The drug probably reduces pain"));
    CHECK(f.verdict().certainty_source == "published by others: Cochrane 2020");
    f.rate("high", "2024");
    CHECK(has(f.verdict().text, "The drug reduces pain"));
    f.rate("very low", "2025");
    CHECK(has(f.verdict().text, "very uncertain about the effect of the drug on pain"));
}

TEST_CASE("a verdict says when another choice gives another answer") {
    Fixture f;
    f.result.main = interval(-5, -7, -3);
    CHECK_FALSE(has(f.verdict().headline, "depends"));
    model::Variant variant;
    variant.id = "without-flags";
    variant.label = "without flagged trials";
    variant.kind = "named-set";
    variant.synthesis = interval(-1, -3, 1, 3);
    f.result.variants.push_back(variant);
    CHECK(has(f.verdict().headline, "depends on the choices"));
    CHECK(has(f.verdict().text, "without flagged trials: mean difference -1.00 (-3.00 to 1.00) points, 3 trials"));
    // One trial left over is less information, not another answer; nor is leaving out a single trial a choice.
    f.result.variants[0].synthesis = interval(-1, -3, 1, 1);
    CHECK_FALSE(has(f.verdict().headline, "depends"));
    f.result.variants[0].synthesis = interval(-1, -3, 1, 3);
    f.result.variants[0].kind = "leave-one-out";
    CHECK_FALSE(has(f.verdict().headline, "depends"));
}

TEST_CASE("no verdict carries a forbidden phrase") {
    const double ends[] = {-6, -3, -1, 0.5, 1, 3, 6};
    for (const char* certainty : {"", "high", "moderate", "low", "very low"})
        for (const double low : ends)
            for (const double high : ends) {
                if (low >= high) continue;
                for (const int k : {1, 5}) {
                    Fixture f;
                    f.result.main = interval((low + high) / 2, low, high, k);
                    if (*certainty) f.rate(certainty);
                    const auto verdict = f.verdict();
                    for (const auto& phrase : certainty::forbidden_phrases()) {
                        CHECK_FALSE(has(verdict.text, phrase));
                        CHECK_FALSE(has(verdict.headline, phrase));
                    }
                    CHECK_FALSE(verdict.headline.empty());
                }
            }
}
