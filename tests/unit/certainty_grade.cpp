// GRADE proposals and absolute effects: printed examples, each rule, and the laws that proposals obey.
#include "certainty/grade.hpp"
#include "certainty/sof.hpp"
#include "support/near.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

using namespace assay::certainty;

namespace {

nlohmann::json fixtures() {
    std::ifstream file(ASSAY_SOURCE_DIR "/tests/data/trust/fixtures.json");
    return nlohmann::json::parse(file);
}

GradeStep absolute(double low, double high, double matters) {
    ImprecisionInput in;
    in.estimate = (low + high) / 2;
    in.ci_low = low;
    in.ci_high = high;
    in.matters = matters;
    in.large = 10 * matters;
    return imprecision(in);
}

GradeStep with_levels(int levels) {
    GradeStep made;
    made.levels = levels;
    return made;
}

} // namespace

TEST_CASE("optimal information sizes of the literature") {
    int cases = 0;
    const auto all = fixtures();
    for (const auto& item : all["ris"]) {
        ++cases;
        const double alpha = item["alpha"], power = 1 - item["beta"].get<double>();
        double n = 0;
        if (item["kind"] == "binary") {
            const double pc = item["pc"], rrr = item["rrr"];
            n = information_size_binary(pc, pc * (1 - rrr), alpha, power);
        } else {
            n = information_size_continuous(item["delta_over_sd"], alpha, power);
        }
        CHECK_MESSAGE(std::round(n) == item["n"].get<double>(), item.dump());
    }
    CHECK(cases == 4);
}

TEST_CASE("absolute effects per 1000") {
    int cases = 0;
    const auto all = fixtures();
    for (const auto& item : all["sof_absolute"]) {
        ++cases;
        const auto got = absolute_effect(item["measure"].get<std::string>(), item["est"], item["lo"],
                                         item["hi"], item["baseline"]);
        REQUIRE(got);
        CHECK(std::round(got->difference) == item["per1000"][0].get<double>());
        CHECK(std::round(got->low) == item["per1000"][1].get<double>());
        CHECK(std::round(got->high) == item["per1000"][2].get<double>());
    }
    CHECK(cases == 2);
    CHECK_FALSE(absolute_effect("SMD", 0.5, 0.1, 0.9, 0.2));
    CHECK_FALSE(absolute_effect("RR", 0.5, 0.1, 0.9, 0));
    CHECK(*risk_with("HR", 1, 0.3) == doctest::Approx(0.3));
    CHECK(*risk_with("RR", 9, 0.3) == 1);
}

TEST_CASE("imprecision counts the thresholds that the interval crosses") {
    CHECK(absolute(1.5, 3, 1).levels == 0);
    CHECK(absolute(0.5, 3, 1).levels == -1);
    CHECK(absolute(-3, 0.5, 1).levels == -1);
    CHECK(absolute(-1.5, 1.5, 1).levels == -2);
    CHECK(absolute(-11, 11, 1).levels == -3);
    CHECK(absolute(-0.5, 0.5, 1).levels == 0); // precisely little to no difference
    ImprecisionInput null;
    null.estimate = 1, null.ci_low = -1, null.ci_high = 3;
    CHECK(imprecision(null).rule == "imprecision/null");
    CHECK(imprecision_ratio(0.6, 1.1).levels == -1);
    CHECK(imprecision_ratio(0.6, 1.6).levels == -2);
    CHECK(imprecision_ratio(0.8, 1.2).levels == 0);
}

TEST_CASE("few people lower certainty only where nothing is crossed and the effect is large") {
    ImprecisionInput in;
    in.estimate = 5, in.ci_low = 3, in.ci_high = 7, in.matters = 1, in.optimal_size = 400;
    in.people = 300;
    CHECK(imprecision(in).levels == -1);
    in.people = 100;
    CHECK(imprecision(in).levels == -2);
    in.people = 500;
    CHECK(imprecision(in).levels == 0);
    in.people = 100, in.estimate = 1.5, in.ci_low = 1.2, in.ci_high = 1.8;
    CHECK(imprecision(in).levels == 0);
}

TEST_CASE("inconsistency looks at sides, overlap and prediction") {
    const std::vector<StudyEstimate> agree{{2, 1, 3, 50}, {2.2, 1.2, 3.2, 50}};
    const std::vector<StudyEstimate> split{{3, 2, 4, 50}, {-1, -2, 0, 30}, {2.5, 1.5, 3.5, 20}};
    InconsistencyInput in;
    in.studies = agree, in.estimate = 2.1, in.ci_low = 1.4, in.ci_high = 2.8, in.threshold = 1;
    CHECK(inconsistency(in).levels == 0);
    in.pi_low = 0.2, in.pi_high = 4;
    CHECK(inconsistency(in).rule == "inconsistency/prediction-crosses");
    in.pi_low.reset(), in.pi_high.reset(), in.studies = split;
    CHECK(inconsistency(in).rule == "inconsistency/sides-and-overlap");
    in.pi_low = -3, in.pi_high = 6;
    CHECK(inconsistency(in).levels == -2);
    in.studies = std::span(split).first(1);
    CHECK(inconsistency(in).levels == 0);
}

TEST_CASE("risk of bias weighs the studies") {
    std::vector<StudyEstimate> studies{{2, 1, 3, 70, true}, {0.2, -0.5, 0.9, 30, false}};
    BiasInput in;
    in.studies = studies, in.estimate = 1.5, in.low_risk_estimate = 0.2, in.low_risk_low = -0.5,
    in.low_risk_high = 0.9;
    CHECK(risk_of_bias(in).levels == -1);
    in.estimate = 0.5;
    CHECK(risk_of_bias(in).levels == 0); // the studies at low risk say the same
    studies[1].high_risk = true;
    in.studies = studies;
    CHECK(risk_of_bias(in).levels == -2);
}

TEST_CASE("proposals start where the design puts them and stay on the ladder") {
    CHECK(propose(Start::randomised, {}).result == Certainty::high);
    CHECK(propose(Start::not_randomised, {}).result == Certainty::low);
    CHECK(propose(Start::randomised, {with_levels(-3), with_levels(-2)}).result == Certainty::very_low);
    CHECK(propose(Start::randomised, {with_levels(2)}).result == Certainty::high);
    CHECK(propose(Start::not_randomised, {with_levels(2)}).result == Certainty::high);
    CHECK(propose(Start::not_randomised, {with_levels(2), with_levels(-1)}).result == Certainty::very_low);
    CHECK(large_effect(5.5, 3, 9).levels == 2);
    CHECK(large_effect(0.4, 0.2, 0.8).levels == 1);
    CHECK(large_effect(2.5, 0.9, 7).levels == 0);
    CHECK(to_string(Certainty::very_low) == "very low");
}

TEST_CASE("raising no concern never lowers certainty, and a further concern never raises it") {
    for (int a = -3; a <= 0; ++a)
        for (int b = -3; b <= 0; ++b)
            for (const Start start : {Start::randomised, Start::not_randomised}) {
                const auto before = propose(start, {with_levels(a)});
                const auto with_none = propose(start, {with_levels(a), with_levels(0)});
                const auto with_more = propose(start, {with_levels(a), with_levels(b)});
                CHECK(with_none.result == before.result);
                CHECK(with_more.result <= before.result);
            }
    const auto proposal = propose(Start::randomised, {imprecision_ratio(0.6, 1.1)});
    CHECK(rate(proposal, nullptr).result == "moderate");
    CHECK_FALSE(rate(proposal, nullptr).decided);
    assay::model::GradeDecision decision;
    decision.certainty = "low";
    CHECK(rate(proposal, &decision).result == "low");
    CHECK(rate(proposal, &decision).proposed == "moderate"); // the proposal is kept
    decision.certainty.clear();
    decision.domains.push_back({"imprecision", -2, "The upper end is far from what matters.", "A. B.", {}});
    CHECK(rate(proposal, &decision).result == "low");
    CHECK(rate(proposal, &decision).proposed == "moderate");
    decision.start = "low";
    CHECK(rate(proposal, &decision).result == "very low");
    decision.domains.clear();
    decision.domains.push_back({"imprecision", 0, "Precise enough.", "A. B.", {}});
    decision.domains.push_back({"dose response", 1, "Steps of dose.", "A. B.", {}});
    CHECK(rate(proposal, &decision).result == "moderate"); // evidence that starts low may rise
}

TEST_CASE("every step names its rule and its numbers") {
    for (const GradeStep& made : {absolute(0.5, 3, 1), imprecision_ratio(0.6, 1.1), large_effect(3, 2, 4)}) {
        CHECK(made.rule.find('/') != std::string::npos);
        CHECK_FALSE(made.text.empty());
        CHECK_FALSE(made.numbers.empty());
    }
    PublicationInput few;
    few.studies = 4, few.asymmetry_p = 0.001;
    CHECK(publication_bias(few).levels == 0); // fewer than ten studies: the test says nothing
    few.studies = 12;
    CHECK(publication_bias(few).levels == -1);
    IndirectnessInput form;
    form.intervention = Concern::some;
    CHECK(indirectness(form).levels == 0);
    CHECK(indirectness(form).rule == "indirectness/some");
    form.population = Concern::serious;
    CHECK(indirectness(form).levels == -1);
}
