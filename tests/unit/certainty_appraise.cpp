// From rows of answers to judgements: routes, assessors, overrides; and where the judgements go. On an
// invented review.
#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "app/rob.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "certainty/appraise.hpp"
#include "certainty/grade.hpp"
#include "plot/traffic.hpp"
#include "report/html.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>

using namespace assay;
using certainty::appraise;

namespace {

std::filesystem::path linden_folder() {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/data/rob/linden";
}

model::Review linden() {
    auto checked = app::check(linden_folder());
    for (const auto& item : checked.diagnostics.items())
        MESSAGE(to_text(item));
    REQUIRE_FALSE(checked.diagnostics.has_errors());
    return std::move(checked.review);
}

const model::Appraisal& of(const std::vector<model::Appraisal>& all, const std::string& study,
                           const std::string& outcome, const std::string& tool = "rob2") {
    const auto at = std::find_if(all.begin(), all.end(), [&](const model::Appraisal& each) {
        return each.subject.study.value == study && each.subject.outcome.value == outcome &&
               each.subject.tool == tool;
    });
    REQUIRE(at != all.end());
    return *at;
}

const model::AppraisedDomain& domain(const model::Appraisal& each, const std::string& id) {
    const auto at = std::find_if(each.domains.begin(), each.domains.end(),
                                 [&](const model::AppraisedDomain& row) { return row.id == id; });
    REQUIRE(at != each.domains.end());
    return *at;
}

model::RobAnswerRow answer(const std::string& question, const std::string& code, const std::string& by = "") {
    model::RobAnswerRow row;
    row.study = model::StudyId("aspen");
    row.outcome = model::OutcomeId("onset");
    row.tool = "rob2";
    row.question = question;
    row.answer = code;
    row.source = model::ReportId("aspen.paper");
    row.assessor = by;
    return row;
}

/// A review whose only answers are these; lines count from 2 as in a file.
model::Review with(std::vector<model::RobAnswerRow> rows) {
    model::Review review;
    model::Study study;
    study.id = model::StudyId("aspen");
    review.studies.push_back(study);
    int line = 1;
    for (auto& row : rows) {
        row.place = {"rob_answers.csv", ++line, 0};
        review.rob_answers.push_back(std::move(row));
    }
    return review;
}

std::vector<std::string> codes(const std::vector<model::RowMessage>& messages) {
    std::vector<std::string> all;
    for (const auto& message : messages)
        all.push_back(message.code + ":" + std::to_string(message.row.line));
    return all;
}

std::string html_of(const model::Review& review) {
    return report::html(review, app::analyse(review));
}

} // namespace

TEST_CASE("answers give each domain its judgement and the rule that fired") {
    const auto review = linden();
    const auto made = appraise(review);
    CHECK(made.messages.empty());
    const auto& aspen = of(made.appraisals, "aspen", "onset");
    CHECK(aspen.overall.algorithm == "Low");
    CHECK(aspen.level == model::RiskLevel::low);
    CHECK(domain(aspen, "D2").rule == "deviations: 2.1=n 2.2=n; analysis: 2.6=y");
    const auto& beech = of(made.appraisals, "beech", "onset");
    CHECK(domain(beech, "D3").algorithm == "Some concerns");
    CHECK(domain(beech, "D4").algorithm == "High");
    CHECK(domain(beech, "D4").rule == "otherwise");
    CHECK(domain(beech, "D4").direction == "favours intervention"); // recorded without an override
    CHECK(domain(beech, "D4").decided.empty());
    CHECK(beech.level == model::RiskLevel::high);
    CHECK(of(made.appraisals, "aspen", "waking").overall.algorithm == "Some concerns");
    CHECK(of(made.appraisals, "elm", "onset", "rob2-cluster").overall.algorithm == "Some concerns");
    CHECK(of(made.appraisals, "hazel", "waking", "rob2-crossover").status == "domain S unverified");
    const auto& fir = of(made.appraisals, "fir", "onset", "robins-i-v2");
    CHECK(domain(fir, "D1").algorithm == "Low except confounding");
    CHECK(fir.overall.algorithm == "Moderate");
    CHECK(fir.level == model::RiskLevel::some);
}

TEST_CASE("reviews and trust: AMSTAR 2 counts flaws, INSPECT-SR leaves domains to people") {
    const auto made = appraise(linden());
    const auto amstar = std::find_if(made.appraisals.begin(), made.appraisals.end(),
                                     [](const auto& each) { return each.subject.tool == "amstar2"; });
    REQUIRE(amstar != made.appraisals.end());
    CHECK(amstar->overall.algorithm == "low"); // item 2 is critical
    CHECK(amstar->domains.front().rule == "critical flaws: 2; other weaknesses: 3, 10, 14");
    CHECK(amstar->level == model::RiskLevel::unknown);
    const auto& inspect = of(made.appraisals, "beech", "", "inspect-sr");
    for (const auto& each : inspect.domains)
        CHECK(each.algorithm.empty());
    CHECK(inspect.overall.judgement() == "Some concerns"); // at least the worst domain
    CHECK(inspect.may_be_raised);
    CHECK(inspect.level == model::RiskLevel::unknown);
}

TEST_CASE("an override stands beside the algorithm and never changes it") {
    auto review = linden();
    const auto before = appraise(review).appraisals;
    const auto& cedar = of(before, "cedar", "onset");
    CHECK(cedar.overall.algorithm == "Some concerns");
    CHECK(cedar.overall.decided == "High");
    CHECK(cedar.overall.judgement() == "High");
    CHECK(cedar.level == model::RiskLevel::high);
    // Every domain of every appraisal, decided in every way.
    for (const auto& each : before)
        for (const auto& row : each.domains)
            for (const auto& judgement : each.scale) {
                if (each.subject.tool == "amstar2") continue;
                auto changed = review;
                model::RobDecisionRow made;
                made.study = each.subject.study;
                made.outcome = each.subject.outcome;
                made.tool = each.subject.tool;
                made.aim = each.subject.aim;
                made.domain = row.id;
                made.judgement = judgement;
                made.reason = "to see";
                std::erase_if(changed.rob_decisions, [&](const auto& other) {
                    return other.study == made.study && other.domain == made.domain &&
                           other.tool == made.tool;
                });
                changed.rob_decisions.push_back(made);
                const auto after = appraise(changed);
                const auto& now = of(after.appraisals, each.subject.study.value, each.subject.outcome.value,
                                     each.subject.tool);
                CHECK(domain(now, row.id).algorithm == row.algorithm);
                CHECK(domain(now, row.id).rule == row.rule);
                CHECK(domain(now, row.id).judgement() == judgement);
                if (each.subject.tool != "inspect-sr") CHECK(now.overall.algorithm == each.overall.algorithm);
                // The whole is never better than the domain that people made bad, unless people said so.
                if (now.overall.decided.empty()) {
                    const auto place = [&](const std::string& word) {
                        return std::find(each.scale.begin(), each.scale.end(), word) - each.scale.begin();
                    };
                    CHECK(place(now.overall.judgement()) >= place(judgement));
                }
            }
}

TEST_CASE("rows that cannot count are told at their line") {
    using V = std::vector<std::string>;
    CHECK(codes(appraise(with({answer("1.2", "N"), answer("1.2", "N")})).messages).front() ==
          "rob/answered-twice:3");
    CHECK(codes(appraise(with({answer("1.2", "no")})).messages) ==
          V{"rob/impossible-answer:2", "rob/missing-answer:2"});
    CHECK(codes(appraise(with({answer("7.2", "N")})).messages) ==
          V{"rob/unknown-question:2", "rob/missing-answer:2"});
    const auto unrouted = appraise(with({answer("2.1", "N"), answer("2.2", "PN"), answer("2.3", "Y")}));
    CHECK(codes(unrouted.messages).front() == "rob/not-applicable:4");
    CHECK(unrouted.messages.front().message == "2.3 does not apply: 2.1 is N, 2.2 is PN");
    const auto not_na = appraise(with({answer("2.1", "Y"), answer("2.2", "PN"), answer("2.3", "NA")}));
    CHECK(codes(not_na.messages).front() == "rob/impossible-answer:4");
    CHECK(domain(not_na.appraisals.front(), "D2").algorithm.empty());
    // A question is not said to be out of place while the answer it hangs on is missing.
    for (const auto& code : codes(appraise(with({answer("2.3", "Y")})).messages))
        CHECK(code == "rob/missing-answer:2");
    model::RobAnswerRow strange = answer("1.1", "Y");
    strange.tool = "rob9";
    CHECK(codes(appraise(with({strange})).messages) == V{"rob/unknown-tool:2"});
    CHECK(appraise(with({strange})).appraisals.empty());
}

TEST_CASE("two assessors: agreement, difference, consensus") {
    const auto d1 = [](const std::vector<model::RobAnswerRow>& rows) {
        auto made = appraise(with(rows));
        REQUIRE(made.appraisals.size() == 1);
        return std::pair(domain(made.appraisals.front(), "D1"), codes(made.messages));
    };
    // "Probably" makes no difference to any table.
    const auto [agreed, said] =
        d1({answer("1.1", "Y", "A"), answer("1.1", "PY", "B"), answer("1.2", "Y", "A"),
            answer("1.2", "Y", "B"), answer("1.3", "N", "A")});
    CHECK(agreed.algorithm == "Low");
    CHECK(said == std::vector<std::string>{"rob/missing-answer:2"}); // of the other domains
    const auto [differ, messages] = d1(
        {answer("1.1", "Y", "A"), answer("1.2", "Y", "A"), answer("1.2", "N", "B"), answer("1.3", "N", "B")});
    CHECK(differ.algorithm.empty());
    CHECK(differ.open == "assessors differ: A Low, B High");
    CHECK(messages.front() == "rob/assessors-differ:4");
    const auto [settled, none] =
        d1({answer("1.1", "Y", "A"), answer("1.2", "Y", "A"), answer("1.2", "N", "B"),
            answer("1.3", "N", "B"), answer("1.2", "NI", "consensus")});
    CHECK(settled.algorithm == "Some concerns");
    CHECK(none == std::vector<std::string>{"rob/missing-answer:2"});
    // They differ, and both ways lead to the same judgement.
    const auto [same, warned] = d1({answer("1.1", "Y", "A"), answer("1.1", "NI", "B"),
                                    answer("1.2", "N", "A"), answer("1.3", "N", "A")});
    CHECK(same.algorithm == "High");
    CHECK(warned.front() == "rob/assessors-differ:3");
}

TEST_CASE("judgements reach the sets, the certainty and the page") {
    auto review = linden();
    const auto results = app::analyse(review);
    const auto* onset = results.find(model::AnalysisId("onset-md"));
    REQUIRE(onset);
    const auto low = std::find_if(onset->variants.begin(), onset->variants.end(),
                                  [](const auto& v) { return v.id == "low-risk-of-bias"; });
    REQUIRE(low != onset->variants.end());
    REQUIRE(low->synthesis);
    CHECK(low->synthesis->k == 1); // aspen alone
    REQUIRE(onset->grade);
    const auto& bias = onset->grade->domains.front();
    REQUIRE(bias.domain == "risk of bias");
    CHECK(bias.rule != "risk-of-bias/not-rated");
    // The judgement is of a result: aspen is at low risk for one outcome and not for the other.
    const auto* waking = results.find(model::AnalysisId("waking-rr"));
    const auto other = std::find_if(waking->variants.begin(), waking->variants.end(),
                                    [](const auto& v) { return v.id == "low-risk-of-bias"; });
    REQUIRE(other != waking->variants.end());
    CHECK_FALSE(other->synthesis);
    // Without answers and with a published rating the published one counts.
    review.rob_answers.clear();
    review.rob_decisions.clear();
    const auto plain = app::analyse(review);
    CHECK(plain.appraisals.empty());
    CHECK(plain.find(model::AnalysisId("onset-md"))->grade->domains.front().rule == "risk-of-bias/not-rated");

    const std::string page = html_of(linden());
    for (const char* wanted : {"id=\"judgements\"", "href=\"#rob-1\"", "id=\"rob-1\"", "Rule that fired",
                               "Two domains with some concerns that bear on the same people.",
                               "judged without signalling answers"})
        CHECK_MESSAGE(page.find(wanted) != std::string::npos, wanted);
}

TEST_CASE("a trial that people distrust is left out of the strict set") {
    auto review = linden();
    const auto strict = [](const model::ReviewResults& results) -> const model::Variant* {
        for (const auto& variant : results.find(model::AnalysisId("onset-md"))->variants)
            if (variant.id == "trust-strict") return &variant;
        return nullptr;
    };
    CHECK_FALSE(strict(app::analyse(review)));
    for (auto& row : review.rob_decisions)
        if (row.tool == "inspect-sr" && row.domain == "D4") row.judgement = "Serious concerns";
    const auto results = app::analyse(review);
    REQUIRE(strict(results));
    CHECK(strict(results)->dropped == std::vector<model::StudyId>{model::StudyId("beech")});
    // People may stop there: the other domains need no judgement.
    std::erase_if(review.rob_decisions,
                  [](const auto& row) { return row.tool == "inspect-sr" && row.domain != "D4"; });
    CHECK(of(appraise(review).appraisals, "beech", "", "inspect-sr").overall.judgement() ==
          "Serious concerns");
}

TEST_CASE("text of a folder never becomes markup") {
    auto review = linden();
    const std::string hostile = "<script>alert(1)</script>";
    for (auto& row : review.rob_answers)
        row.note = row.where = row.assessor = hostile;
    for (auto& row : review.rob_decisions)
        row.reason = row.by = hostile;
    for (auto& study : review.studies)
        study.label += hostile;
    const std::string page = html_of(review);
    CHECK(page.find("<script>alert") == std::string::npos);
    CHECK(page.find("&lt;script&gt;alert") != std::string::npos);
}

TEST_CASE("rows for open questions: those that can apply, and fewer as answers come in") {
    app::RobNew request;
    request.folder = linden_folder();
    request.tool = "rob2";
    request.study = "fir";
    request.outcome = "onset";
    CHECK(app::new_rob_rows(request, true).rows == 22); // seven of D2 for assignment, none of D2 for adhering
    request.aim = "adhering";
    CHECK(app::new_rob_rows(request, true).rows == 21);
    request.study = "aspen";
    request.aim.clear();
    CHECK_THROWS_AS(app::new_rob_rows(request, true), Error); // all that can apply is answered
    request.tool = "amstar2";
    CHECK_THROWS_AS(app::new_rob_rows(request, true), Error); // rates reviews
    request = {};
    request.folder = linden_folder();
    request.tool = "rob2-cluster";
    request.study = "elm";
    request.outcome = "waking";
    request.aim = "adhering";
    CHECK_THROWS_AS(app::new_rob_rows(request, true), Error); // that variant has no such questions
}

TEST_CASE("appended rows keep to the columns of the file and are not written twice") {
    const auto folder = std::filesystem::temp_directory_path() / "assay-rob-append";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(linden_folder(), folder);
    app::RobNew request;
    request.folder = folder;
    request.tool = "rob2-crossover";
    request.study = "hazel";
    request.outcome = "onset";
    const auto before = read_file(folder / "rob_answers.csv");
    const auto first = app::append_rob_rows(request);
    CHECK(first.rows > 20);
    CHECK(read_file(folder / "rob_answers.csv") == before + first.csv);
    CHECK_THROWS_AS(app::append_rob_rows(request), Error);
    CHECK_FALSE(app::check(folder).diagnostics.has_errors()); // blank rows are open questions, no errors
    write_file_atomic(folder / "rob_answers.csv", "tool,question\nrob2,1.1"); // no column for the study
    CHECK_THROWS_AS(app::append_rob_rows(request), Error);
    CHECK(read_file(folder / "rob_answers.csv") == "tool,question\nrob2,1.1");
    std::filesystem::remove_all(folder);
}

TEST_CASE("raising no concern never lowers certainty") {
    std::mt19937 random(20);
    using certainty::GradeStep;
    const auto draw = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    for (int round = 0; round < 2000; ++round) {
        std::vector<GradeStep> steps;
        for (int i = draw(0, 5); i-- > 0;) {
            GradeStep step;
            step.domain = "imprecision";
            step.levels = draw(-3, 0);
            steps.push_back(step);
        }
        const auto start = draw(0, 1) ? certainty::Start::randomised : certainty::Start::not_randomised;
        const auto before = certainty::propose(start, steps).result;
        auto same = steps;
        GradeStep none;
        none.domain = "risk of bias";
        same.push_back(none);
        CHECK(certainty::propose(start, same).result == before);
        if (steps.empty()) continue;
        auto milder = steps;
        auto& step = milder[static_cast<std::size_t>(draw(0, static_cast<int>(steps.size()) - 1))];
        step.levels = draw(step.levels, 0);
        CHECK(certainty::propose(start, milder).result >= before);
    }
}

TEST_CASE("a table for robvis: its columns, its words, a weight in every row") {
    app::RobRequest request;
    request.folder = linden_folder();
    request.tool = "rob2";
    const auto csv = app::rob_csv(app::read_rob(request), "");
    CHECK(csv.rfind("Study,D1,D2,D3,D4,D5,Overall,Weight\n", 0) == 0);
    CHECK(csv.find("Aspen 2011: time to fall asleep,Low,Low,Low,Low,Low,Low,1\n") != std::string::npos);
    const auto weighed = app::rob_csv(app::read_rob(request), "onset-md");
    CHECK(weighed.find("waking") == std::string::npos); // of another analysis
    CHECK(weighed.find(",1\n") == std::string::npos);
    request.tool.clear();
    CHECK_THROWS_AS(app::rob_csv(app::read_rob(request), ""), Error);
}

TEST_CASE("lights: colour, letter and word in one figure, also when nothing is judged") {
    CHECK(plot::tone_of(-1, 3) == plot::Tone::open);
    CHECK(plot::tone_of(0, 3) == plot::Tone::good);
    CHECK(plot::tone_of(1, 3) == plot::Tone::middling);
    CHECK(plot::tone_of(2, 3) == plot::Tone::bad);
    CHECK(plot::tone_of(3, 5) == plot::Tone::bad);
    plot::Lights lights;
    lights.id = "l";
    lights.title = "a < b";
    lights.columns = {{"D1", "one"}, {"overall", "overall"}};
    plot::LightRow row;
    row.label = "<trial>";
    row.lights.resize(2);
    row.lights[0].letter = row.lights[1].letter = "?";
    row.lights[0].word = row.lights[1].word = "not judged";
    lights.rows = {row, row};
    for (const auto& figure : {plot::lights_svg(lights), plot::light_bars_svg(lights)}) {
        CHECK(figure.svg.find("role=\"img\"") != std::string::npos);
        CHECK(figure.svg.find("<trial>") == std::string::npos);
        CHECK(figure.svg.find("not judged") != std::string::npos);
        CHECK(figure.height > 0);
    }
}
