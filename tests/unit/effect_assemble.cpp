#include "../support/near.hpp"
#include "base/error.hpp"
#include "effect/assemble.hpp"
#include "effect/exclusions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace assay;
using namespace assay::model;
using namespace assay::test;

namespace {

/// A small review to put rows in.
struct Desk {
    Review review;
    Analysis analysis;

    Desk() {
        model::Outcome pain;
        pain.id = OutcomeId("pain");
        pain.unit = "points";
        pain.units = {{"mm", 0.1, {}}};
        model::Outcome cramps;
        cramps.id = OutcomeId("cramps");
        cramps.kind = OutcomeKind::count;
        cramps.unit = "cramps";
        cramps.period = "week";
        model::Outcome cured;
        cured.id = OutcomeId("cured");
        cured.kind = OutcomeKind::binary;
        review.outcomes = {pain, cramps, cured};
        analysis.outcome = OutcomeId("pain");
        analysis.measure = "MD";
        analysis.question = QuestionId("q");
    }
    Study& study(const std::string& id) {
        Study s;
        s.id = StudyId(id);
        s.label = std::string("Label ").append(id);
        s.questions = {QuestionId("q")};
        s.design = "rct-parallel";
        s.funding_class = "independent";
        review.studies.push_back(s);
        arm(id, "mg", "intervention");
        arm(id, "pl", "control");
        return review.studies.back();
    }
    Arm& arm(const std::string& study, const std::string& name, const std::string& role) {
        Arm a;
        a.id = ArmId(study + "." + name);
        a.study = StudyId(study);
        a.role = role;
        a.form = name;
        review.arms.push_back(a);
        return review.arms.back();
    }
    Result& row(const std::string& study, const std::string& arm, Data data, const std::string& outcome = "pain") {
        Result r;
        r.id = ResultId(study + "-" + arm + "-" + std::to_string(review.results.size()));
        r.study = StudyId(study);
        r.arm = ArmId(study + "." + arm);
        r.outcome = OutcomeId(outcome);
        r.basis = "final";
        r.status = "printed";
        r.data = data;
        review.results.push_back(r);
        return review.results.back();
    }
    Result& contrast(const std::string& study, Contrast data, const std::string& outcome = "pain") {
        Result& r = row(study, "mg", data, outcome);
        r.versus = ArmId(study + ".pl");
        return r;
    }
    void pair(const std::string& study, Moments one, Moments two) {
        row(study, "mg", one);
        row(study, "pl", two);
    }
    effect::Assembled assemble(const SensitivitySet* set = nullptr) const { return effect::assemble(review, analysis, set); }
};

std::string only_code(const effect::Assembled& assembled) {
    std::string codes;
    for (const Excluded& e : assembled.excluded)
        if (codes.find(e.code) == std::string::npos) codes += (codes.empty() ? "" : " ") + e.code;
    return codes;
}

Contrast md(double estimate, double se) {
    Contrast c;
    c.measure = "MD";
    c.estimate = estimate;
    c.se = se;
    return c;
}

} // namespace

TEST_CASE("a pair of groups becomes a mean difference") {
    Desk desk;
    desk.study("a");
    desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
    const auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(got.excluded.empty());
    const Effect& effect = got.effects[0];
    CHECK(near(effect.y, -1.5, same_number));
    CHECK(near(effect.v, 4.0 / 20 + 9.0 / 18, same_number));
    CHECK(effect.data1 == "5 (2), n 20");
    CHECK(effect.label == "Label a");
    CHECK(effect.rows.size() == 2);
    CHECK(effect.n2 == 18);
    CHECK_FALSE(effect.formula.empty());
}

TEST_CASE("rows that cannot take part are told apart") {
    const auto code = [](auto change) {
        Desk desk;
        desk.study("a");
        desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
        change(desk, desk.review.results[0]);
        const auto got = desk.assemble();
        CHECK(got.effects.empty());
        return only_code(got);
    };
    using R = Result&;
    using D = Desk&;
    CHECK(code([](D, R r) { r.basis = "baseline"; }) == "baseline no-intervention");
    CHECK(code([](D, R r) { r.unit = "unknown"; }) == "unit-unknown no-intervention");
    CHECK(code([](D, R r) { r.unit = "stones"; }) == "unit-mismatch no-intervention");
    CHECK(code([](D, R r) { r.period = "unknown"; }) == "period-unknown no-intervention");
    CHECK(code([](D, R r) { r.not_pooled = "misprint"; }) == "not-pooled no-intervention");
    CHECK(code([](D, R r) { std::get<Moments>(r.data).sd = 0; }) == "sd-zero no-intervention");
    CHECK(code([](D, R r) { std::get<Moments>(r.data).sd.reset(); }) == "sd-missing no-intervention");
    CHECK(code([](D, R r) { std::get<Moments>(r.data).n.reset(); }) == "n-missing no-intervention");
    CHECK(code([](D, R r) { std::get<Moments>(r.data).mean.reset(); }) == "mean-missing no-intervention");
    CHECK(code([](D, R r) { r.data = Events{3, 20}; }) == "shape no-intervention");
    CHECK(code([](D, R r) { r.data = Statement{}; }) == "shape no-intervention");
    CHECK(code([](D, R r) { r.arm = ArmId("a.nobody"); }) == "unknown-arm no-intervention");
    CHECK(code([](D d, R) { d.review.arms[0].role = "active"; }) == "role-mismatch no-intervention");
    CHECK(code([](D d, R) { d.review.results.erase(d.review.results.begin() + 1); }) == "no-control");
    CHECK(code([](D, R r) { r.timepoint = "4 wk"; }) == "no-control no-intervention");
    CHECK(code([](D d, R) { d.review.studies[0].questions = {QuestionId("other")}; }) == "other-question");
    CHECK(code([](D d, R) { d.review.studies.clear(); }) == "unknown-study");
    CHECK(code([](D d, R) { d.analysis.filter.funding = {"industry"}; }) == "filtered");
    CHECK(code([](D d, R) { d.analysis.filter.only_tags = {"x"}; }) == "filtered");
}

TEST_CASE("filters name what they miss, and tags are looked up on row, study and source") {
    Desk desk;
    desk.study("a").tags = {"old"};
    desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
    desk.analysis.filter.without_tags = {"old"};
    auto got = desk.assemble();
    REQUIRE(got.excluded.size() == 1);
    CHECK(got.excluded[0].reason == "left out by the analysis: carries the tag 'old'");
    CHECK(got.excluded[0].rows.size() == 2);
    desk.analysis.filter = {};

    Report report;
    report.id = ReportId("r");
    report.tags = {"retracted"};
    desk.review.reports = {report};
    for (Result& r : desk.review.results)
        r.source = ReportId("r");
    SensitivitySet set;
    set.label = "clean";
    set.filter.without_tags = {"retracted"};
    CHECK(desk.assemble().effects.size() == 1);
    CHECK(desk.assemble(&set).excluded[0].reason == "left out by the set 'clean': carries the tag 'retracted'");

    set.filter = {};
    set.filter.statuses = {"printed"};
    CHECK(desk.assemble(&set).effects.size() == 1);
    desk.review.results[0].n_status = "assumed";
    CHECK(desk.assemble(&set).effects.empty());
}

TEST_CASE("events over n and zero cells") {
    Desk desk;
    desk.analysis.outcome = OutcomeId("cured");
    desk.analysis.measure = "OR";
    for (const char* id : {"a", "b", "c"})
        desk.study(id);
    desk.row("a", "mg", Events{21, 20}, "cured");
    desk.row("a", "pl", Events{3, 20}, "cured");
    desk.row("b", "mg", Events{0, 20}, "cured");
    desk.row("b", "pl", Events{3, 20}, "cured");
    desk.row("c", "mg", Events{0, 20}, "cured");
    desk.row("c", "pl", Events{0, 20}, "cured");
    desk.analysis.zero_cells.drop00 = false;
    auto got = desk.assemble();
    REQUIRE(got.effects.size() == 2);
    CHECK(only_code(got) == "events-over-n no-intervention");
    CHECK(near(got.effects[0].y, std::log(0.5 / 20.5) - std::log(3.5 / 17.5), same_number));
    CHECK(got.effects[0].counts->ai == 0);
    CHECK(got.effects[0].notes.back() == "0.5 added to each cell because of a zero");
    CHECK(got.effects[0].data1 == "0/20");
    // Unset, the measure decides: a ratio learns nothing from a trial without events, a difference does.
    for (const std::optional<bool> drop : {std::optional<bool>(true), std::optional<bool>()}) {
        desk.analysis.zero_cells.drop00 = drop;
        got = desk.assemble();
        CHECK(got.effects.size() == 1);
        CHECK(got.excluded.back().code == "double-zero");
    }
    desk.analysis.measure = "RD";
    CHECK(desk.assemble().effects.size() == 2);
    desk.analysis.measure = "OR";
    desk.analysis.zero_cells.to = "none";
    CHECK(desk.assemble().effects.empty());
}

TEST_CASE("counts per period and units are brought to the outcome's") {
    Desk desk;
    desk.study("a");
    desk.analysis.outcome = OutcomeId("cramps");
    desk.row("a", "mg", Moments{8, 4, 20}, "cramps").period = "4 weeks";
    desk.row("a", "pl", Moments{12, 4, 20}, "cramps").period = "4 weeks";
    auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(near(got.effects[0].y, -1, same_number));
    CHECK(near(got.effects[0].v, 2 * 1.0 / 20, same_number));
    desk.review.results[0].period = "season";
    CHECK(only_code(desk.assemble()) == "period-mismatch no-intervention");

    Desk units;
    units.study("a");
    units.contrast("a", md(-12, 3)).unit = "mm";
    got = units.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(near(got.effects[0].y, -1.2, same_number));
    CHECK(near(got.effects[0].v, 0.09, same_number));
}

TEST_CASE("several intervention groups against one control are combined") {
    Desk desk;
    desk.study("a");
    desk.arm("a", "low", "intervention");
    desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
    desk.row("a", "low", Moments{4.0, 1.0, 10});
    const auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    // As if the 30 people had been one group: mean (20*5 + 10*4)/30, sum of squares within and between.
    const double mean = 140.0 / 30;
    const double ss = 19 * 4.0 + 9 * 1.0 + 20 * (5 - mean) * (5 - mean) + 10 * (4 - mean) * (4 - mean);
    CHECK(near(got.effects[0].y, mean - 6.5, same_number));
    CHECK(near(got.effects[0].v, ss / 29 / 30 + 9.0 / 18, same_number));
    CHECK(got.effects[0].arm1 == "a.mg+a.low");
    CHECK(got.effects[0].n1 == 30);
}

TEST_CASE("reported contrasts: source of the standard error, direction, sharing") {
    Desk desk;
    desk.study("a");
    Contrast c = md(-0.9, 0);
    c.se.reset();
    c.ci_low = -2.6;
    c.ci_high = 0.8;
    desk.contrast("a", c);
    auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(near(std::sqrt(got.effects[0].v), 3.4 / (2 * 1.959963984540054), same_number));
    CHECK(got.effects[0].formula.find("ci_high - ci_low") != std::string::npos);

    Contrast bare = md(-0.9, 0);
    bare.se.reset();
    desk.review.results[0].data = bare;
    desk.review.results[0].p = PValue{0.05, '<'};
    CHECK(only_code(desk.assemble()) == "no-variance");
    desk.review.results[0].p = PValue{0.05, '='};
    CHECK(near(std::sqrt(desk.assemble().effects[0].v), 0.9 / 1.959963984540054, same_number));

    c.ci_high = 5;
    desk.review.results[0].data = c;
    CHECK(only_code(desk.assemble()) == "interval-asymmetric");

    // comparator minus intervention
    desk.review.results[0].data = md(0.9, 0.5);
    std::swap(desk.review.results[0].arm, desk.review.results[0].versus);
    got = desk.assemble();
    CHECK(near(got.effects[0].y, -0.9, same_number));
    CHECK(got.effects[0].arm1 == "a.mg");

    // a second intervention group against the same control
    desk.arm("a", "low", "intervention");
    Result& second = desk.row("a", "low", md(-2, 0.5));
    second.versus = ArmId("a.pl");
    got = desk.assemble();
    CHECK(got.effects.size() == 1);
    CHECK(only_code(got) == "shared-control");

    // and the same groups at another time
    desk.contrast("a", md(-1, 0.4)).timepoint = "8 wk";
    CHECK(only_code(desk.assemble()) == "shared-control duplicate");
}

TEST_CASE("paired groups win over a reported contrast, which is listed") {
    Desk desk;
    desk.study("a");
    desk.contrast("a", md(-1, 0.5));
    desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
    auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(near(got.effects[0].y, -1.5, same_number));
    CHECK(only_code(got) == "duplicate");
    desk.analysis.filter.rows = {desk.review.results[0].id};
    got = desk.assemble();
    CHECK(near(got.effects[0].y, -1, same_number));
}

TEST_CASE("a contrast on another measure is not used") {
    Desk desk;
    desk.study("a");
    desk.contrast("a", md(-1, 0.5));
    desk.analysis.measure = "SMD";
    CHECK(only_code(desk.assemble()) == "measure-mismatch");
    desk.analysis.measure = "NONE";
    CHECK_THROWS_AS(desk.assemble(), Error);
}

TEST_CASE("the same people are pooled once") {
    Desk desk;
    desk.study("a");
    desk.study("b");
    desk.review.studies[0].same_cohort_as = StudyId("b");
    desk.contrast("a", md(-1, 0.5));
    desk.contrast("b", md(-2, 0.5));
    const auto got = desk.assemble();
    REQUIRE(got.effects.size() == 1);
    CHECK(got.effects[0].study == StudyId("b"));
    CHECK(only_code(got) == "same-cohort");
    SensitivitySet set;
    set.filter.without_studies = {StudyId("b")};
    CHECK(desk.assemble(&set).effects.size() == 1); // then the other one may serve
}

TEST_CASE("standardised differences do not mix changes with final values; mean differences may") {
    Desk desk;
    for (const char* id : {"a", "b", "c"}) {
        desk.study(id);
        desk.pair(id, {5.0, 2.0, 20}, {6.5, 3.0, 18});
    }
    desk.review.results[4].basis = desk.review.results[5].basis = "change";
    CHECK(desk.assemble().effects.size() == 3);
    desk.analysis.measure = "SMD";
    const auto got = desk.assemble();
    CHECK(got.effects.size() == 2);
    CHECK(only_code(got) == "mixed-bases");
}

TEST_CASE("subgroup levels come from the study or the intervention group") {
    Desk desk;
    desk.study("a").design = "rct-crossover";
    desk.pair("a", {5.0, 2.0, 20}, {6.5, 3.0, 18});
    desk.analysis.subgroup = "form";
    CHECK(desk.assemble().effects[0].subgroup == "mg");
    desk.analysis.subgroup = "design";
    const auto got = desk.assemble();
    CHECK(got.effects[0].subgroup == "rct-crossover");
    CHECK(got.effects[0].notes.back().find("crossover") != std::string::npos);
    desk.analysis.subgroup = "country";
    CHECK(desk.assemble().effects[0].subgroup == "not reported");
}

TEST_CASE("labels are unique and follow the order of the studies") {
    Desk desk;
    desk.study("b").label = "Same 2001";
    desk.study("a").label = "Same 2001";
    desk.contrast("a", md(-1, 0.5));
    desk.contrast("b", md(-2, 0.5));
    const auto got = desk.assemble();
    REQUIRE(got.effects.size() == 2);
    CHECK(got.effects[0].study == StudyId("b"));
    CHECK(got.effects[0].label == "Same 2001");
    CHECK(got.effects[1].label == "Same 2001 (2)");
}

TEST_CASE("every reason for exclusion is sorted and documented") {
    const auto codes = effect::exclusion_codes();
    CHECK(std::is_sorted(codes.begin(), codes.end(), [](const auto& a, const auto& b) { return a.code < b.code; }));
    std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/docs/methods/rows.md");
    std::stringstream page;
    page << in.rdbuf();
    for (const auto& code : codes)
        CHECK_MESSAGE(page.str().find("`" + std::string(code.code) + "`") != std::string::npos, code.code);
}
