// Numbers derived from what papers print: published worked examples, which rule comes first, what is refused,
// and what a reader is told.
#include "../support/near.hpp"
#include "app/analyse.hpp"
#include "app/derived.hpp"
#include "app/folder.hpp"
#include "base/files.hpp"
#include "effect/agreement.hpp"
#include "effect/assemble.hpp"
#include "effect/derive.hpp"
#include "effect/exclusions.hpp"
#include "num/distributions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

using namespace assay;
using namespace assay::effect;
using namespace assay::model;
using namespace assay::test;

namespace {

/// Printed with this many decimals: half of the last digit.
Tolerance printed(int decimals) {
    return {0, 0.5 * std::pow(10.0, -decimals) * (1 + 1e-9)};
}

double run(const char* id, std::initializer_list<std::pair<Number, double>> given) {
    Numbers x;
    for (const auto& [number, value] : given)
        x[number] = value;
    const Rule* rule = find_rule(id);
    REQUIRE(rule);
    REQUIRE(applies(*rule, x));
    const Made made = rule->run(x);
    REQUIRE_MESSAGE(made.value, made.problem);
    return *made.value;
}

/// A bar would end the cell of a table.
std::string in_a_cell(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

const std::filesystem::path folder = std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/data/derive/folder";

Review demo() {
    const auto checked = app::check(folder);
    REQUIRE_FALSE(checked.diagnostics.has_errors());
    return checked.review;
}

Effect effect_of(const Review& review, const char* analysis, const char* study,
                 const SensitivitySet* set = nullptr) {
    for (const Effect& one : assemble(review, *review.find(AnalysisId(analysis)), set).effects)
        if (one.study.value == study) return one;
    FAIL("no effect of " << study);
    return {};
}

/// The derived number of a row, by the rule that made it.
const Derived& by_rule(const Effect& effect, const char* row, const char* rule) {
    for (const Derived& one : effect.derived)
        if (one.row.value == row && one.rule == rule) return one;
    FAIL("no " << rule << " for " << row);
    return effect.derived.front();
}

Result& row_of(Review& review, const char* id) {
    for (Result& row : review.results)
        if (row.id.value == id) return row;
    FAIL("no row " << id);
    return review.results.front();
}

std::string code_of(const Review& review, const char* analysis, const char* row,
                    const SensitivitySet* set = nullptr) {
    for (const Excluded& one : assemble(review, *review.find(AnalysisId(analysis)), set).excluded)
        for (const ResultId& id : one.rows)
            if (id.value == row) return one.code;
    return "";
}

} // namespace

TEST_CASE("the table of rules: ids are unique, every rule says what it is and runs on what it needs") {
    std::set<std::string_view> ids;
    for (const Rule& rule : rules()) {
        CAPTURE(rule.id);
        CHECK(ids.insert(rule.id).second);
        CHECK(find_rule(rule.id) == &rule);
        CHECK_FALSE(rule.title.empty());
        CHECK_FALSE(rule.formula.empty());
        CHECK_FALSE(rule.source.empty());
        CHECK_FALSE(rule.needs.empty());
        Numbers x;
        CHECK_FALSE(applies(rule, x));
        // Zeros are inside no rule's domain or give a finite number; nothing crashes and nothing is NaN.
        for (const double value : {0.0, -1.0, 1e308}) {
            for (const Number need : rule.needs)
                x[need] = value;
            const Made made = rule.run(x);
            CHECK(made.value.has_value() == made.problem.empty());
            if (made.value) CHECK(std::isfinite(*made.value));
        }
    }
    CHECK(find_rule("sd.guess") == nullptr);
}

TEST_CASE("docs/methods/derived-data.md lists the rules of the source") {
    std::string rows;
    for (const Rule& rule : rules()) {
        std::string needs;
        for (const Number need : rule.needs)
            needs += (needs.empty() ? "" : ", ") + std::string(number_name(need));
        rows += "| `" + std::string(rule.id) + "` | " + std::string(number_name(rule.gives)) + " | " +
                in_a_cell(rule.formula) + " | " + needs + " | " + std::string(rule.source) + " | " +
                (rule.exact ? "exact" : "") + (rule.kept ? ", kept" : "") + " |\n";
    }
    const auto file = std::filesystem::path(ASSAY_SOURCE_DIR) / "docs/methods/derived-data.md";
    const std::string text = read_file(file), head = "|---|---|---|---|---|---|\n";
    const std::size_t begin = text.find(head) + head.size(), end = text.find("\n## Limits");
    REQUIRE(begin <= end);
    const std::string wanted = text.substr(0, begin) + rows + text.substr(end);
    if (std::getenv("ASSAY_UPDATE_DOCS"))
        write_file_atomic(file, wanted);
    else
        CHECK_MESSAGE(text == wanted,
                      "derived-data.md differs from the source; ASSAY_UPDATE_DOCS=1 writes it anew");
}

TEST_CASE("Cochrane Handbook: the worked examples of chapters 6 and 23") {
    // 6.5.2.2: an interval of 25 people is 2*2.0639 = 4.128 standard errors wide.
    const double sd =
        run("sd.ci",
            {{Number::ci_low, 30.0}, {Number::ci_high, 34.2}, {Number::ci_level, 0.95}, {Number::n, 25}});
    CHECK(near(5 * 4.2 / sd, 4.128, printed(3)));
    // 6.5.2.3: a difference of 3.8 with P = 0.008 and 25 + 22 people has t = 2.78 and SE 1.37.
    const double se = run("se.p", {{Number::estimate, 3.8}, {Number::p, 0.008}, {Number::df, 45}});
    CHECK(near(3.8 / se, 2.78, printed(2)));
    CHECK(near(se, 1.37, printed(2)));
    CHECK(near(run("sd.contrast", {{Number::se_difference, se}, {Number::n1, 25}, {Number::n2, 22}}),
               se / std::sqrt(1.0 / 25 + 1.0 / 22), same_number));
    // 23.2.7 (5.1: 16.4.6.4): 10 people, 7.0 (2.38) and 6.5 (2.21); an SD of the differences of 2 gives SE
    // 0.632, a correlation of 0.68 gives SE 0.583, and d = 0.218 with SE 0.256.
    CHECK(near(run("se.differences", {{Number::sd_difference, 2}, {Number::n, 10}}), 0.632, printed(3)));
    const double pair =
        run("pair.sd", {{Number::sd1, 2.38}, {Number::sd2, 2.21}, {Number::correlation, 0.68}});
    CHECK(near(run("se.differences", {{Number::sd_difference, pair}, {Number::n, 10}}), 0.583, printed(3)));
    const double d =
        run("pair.d", {{Number::mean1, 7.0}, {Number::mean2, 6.5}, {Number::sd1, 2.38}, {Number::sd2, 2.21}});
    CHECK(near(d, 0.218, printed(3)));
    CHECK(near(run("pair.d-se", {{Number::estimate, d}, {Number::correlation, 0.68}, {Number::n, 10}}), 0.256,
               printed(3)));
}

TEST_CASE(
    "rows of a folder: each way of reporting gives its mean, SD and effective n, with rule and inputs") {
    const Review review = demo();
    const Effect se = effect_of(review, "pain-md", "se");
    CHECK(near(se.v, 2 * 2 + 2.2 * 2.2, same_number));
    const Derived& sd = by_rule(se, "se.final.tea", "sd.se");
    CHECK(sd.number == "sd");
    CHECK(near(sd.value, 10, same_number));
    REQUIRE(sd.inputs.size() == 2);
    CHECK(sd.inputs[0].name == "se");
    CHECK(sd.inputs[0].value == 2);
    CHECK(sd.inputs[1].value == 25);
    CHECK(sd.origin.empty());

    const Effect ci = effect_of(review, "pain-md", "ci");
    const double t = num::t_quantile(0.975, 24);
    CHECK(near(ci.v, std::pow(4.2 / (2 * t), 2) + std::pow(4.6 / (2 * t), 2), same_number));

    // Luo's weight and Wan's divisor, written out.
    const Effect median = effect_of(review, "pain-md", "median");
    const double w = 0.7 + 0.39 / 40;
    CHECK(near(by_rule(median, "median.final.tea", "mean.iqr").value, w * (25 + 38) / 2 + (1 - w) * 31,
               same_number));
    CHECK(near(by_rule(median, "median.final.tea", "sd.iqr").value,
               13 / (2 * num::normal_quantile((0.75 * 40 - 0.125) / 40.25)), same_number));

    // Shi's SD is the weighted mean of Wan's two.
    const Effect five = effect_of(review, "pain-md", "five");
    const double weight = 1 / (1 + 0.07 * std::pow(60, 0.6));
    const double by_range = 43 / (2 * num::normal_quantile(59.625 / 60.25));
    const double by_quartiles = 13 / (2 * num::normal_quantile(44.875 / 60.25));
    CHECK(near(by_rule(five, "five.final.tea", "sd.five").value,
               weight * by_range + (1 - weight) * by_quartiles, same_number));

    const Effect change = effect_of(review, "pain-md", "change");
    const Derived& of_change = by_rule(change, "change.change.tea", "sd.change");
    CHECK(near(of_change.value, std::sqrt(64 + 81 - 2 * 0.5 * 72), same_number));
    CHECK(of_change.assumed);
    CHECK(of_change.origin.find("0.5 is a guess") != std::string::npos);
    CHECK(near(change.y, (32 - 40) - (37 - 41), same_number));

    const Effect cross = effect_of(review, "pain-md", "cross");
    CHECK(near(cross.y, 0.5, same_number));
    CHECK(near(std::sqrt(cross.v), 0.583, printed(3)));
    CHECK(std::any_of(cross.notes.begin(), cross.notes.end(), [](const std::string& note) {
        return note.find("first treatment") != std::string::npos;
    }));

    const Effect villages = effect_of(review, "pain-md", "villages");
    CHECK(near(*villages.n1, 150 / 1.4, same_number));
    CHECK(by_rule(villages, "villages.final.tea", "cluster.n").origin == "ICC: the trial's own report");

    const Effect schools = effect_of(review, "cured-or", "schools");
    const double deff = 1 + (21.6 - 1) * 0.02;
    CHECK(near(schools.counts->ai, 63 / deff, same_number));
    CHECK(near(schools.counts->ci + schools.counts->di, 330 / deff, same_number));
    // Events and people shrink alike: the odds ratio stays, its variance grows by the design effect.
    const double ratio = std::log(63.0 * (330 - 84) / (84.0 * (295 - 63)));
    CHECK(near(schools.y, ratio, same_number));
    CHECK(near(schools.v, deff * (1.0 / 63 + 1.0 / 232 + 1.0 / 84 + 1.0 / 246), same_number));
}

TEST_CASE(
    "a trial without events in both groups says nothing about a ratio and something about a difference") {
    Review review = demo();
    CHECK(code_of(review, "cured-or", "none.cured.tea") == "double-zero");
    Analysis& analysis = review.analyses[1];
    analysis.measure = "RD";
    CHECK(effect_of(review, "cured-or", "none").y == 0);
    analysis.measure = "OR";
    analysis.zero_cells.drop00 = false;
    CHECK(effect_of(review, "cured-or", "none").y == 0); // as asked: with one half in each cell
}

TEST_CASE("several groups of one trial: combined, or the comparator shared out") {
    Review review = demo();
    const auto count = [&] {
        int effects = 0;
        for (const Effect& one : assemble(review, review.analyses[0]).effects)
            effects += one.study.value == "three";
        return effects;
    };
    const Effect whole = effect_of(review, "pain-md", "three");
    CHECK(count() == 1);
    CHECK(*whole.n1 == 58);
    review.analyses[0].arms = "split";
    CHECK(count() == 2);
    const Effect share = effect_of(review, "pain-md", "three");
    CHECK(near(*share.n2, 15.5, same_number));
    CHECK(near(share.v, 81.0 / 30 + 9.5 * 9.5 / 15.5, same_number));
    CHECK(by_rule(share, "three.final.water", "split.n").value == *share.n2);
    // Nobody is counted twice.
    double comparator = 0;
    for (const Effect& one : assemble(review, review.analyses[0]).effects)
        if (one.study.value == "three") comparator += *one.n2;
    CHECK(near(comparator, 31, same_number));
}

TEST_CASE("a correlation: the row's own, then other trials', then the declared one; without any the row is "
          "left out") {
    Review review = demo();
    review.derived.change_correlation.reset();
    CHECK(code_of(review, "pain-md", "change.change.tea") == "sd-missing");
    // The final values serve in its place.
    CHECK(effect_of(review, "pain-md", "change").rows.front().value == "change.final.tea");

    // Another trial that gives all three SDs: r = (64 + 81 - 49)/(2*8*9).
    for (const auto& [id, basis, sd] :
         {std::tuple{"b", "baseline", 8.0}, {"c", "change", 7.0}, {"f", "final", 9.0}}) {
        Result row = row_of(review, "plain.final.tea");
        row.id = ResultId(std::string("plain.") + id);
        row.basis = basis;
        row.data = Moments{30.0, sd, 80};
        row.timepoint = basis == std::string("baseline") ? "start" : "8 wk";
        review.results.push_back(row);
    }
    const Effect borrowed = effect_of(review, "pain-md", "change");
    const Derived& sd = by_rule(borrowed, "change.change.tea", "sd.change");
    CHECK(near(sd.inputs[2].value, 96.0 / 144, same_number));
    CHECK(sd.assumed);
    CHECK(sd.origin.find("Plain 2009") != std::string::npos);

    row_of(review, "change.change.tea").correlation = 0.8;
    const Effect own = effect_of(review, "pain-md", "change");
    CHECK(near(by_rule(own, "change.change.tea", "sd.change").value, std::sqrt(145 - 2 * 0.8 * 72),
               same_number));
    CHECK_FALSE(by_rule(own, "change.change.tea", "sd.change").assumed);
    // The other group of the same trial takes its own trial's value before others'.
    CHECK(near(by_rule(own, "change.change.water", "sd.change").inputs[2].value, 0.8, same_number));

    // A set replaces what is assumed, not what is known.
    SensitivitySet set;
    set.change_correlation = 0.9;
    row_of(review, "change.change.tea").correlation.reset();
    CHECK(near(by_rule(effect_of(review, "pain-md", "change", &set), "change.change.tea", "sd.change")
                   .inputs[2]
                   .value,
               0.9, same_number));
}

TEST_CASE("crossover trials are paired when a correlation is known, and only then") {
    Review review = demo();
    row_of(review, "cross.period.tea").correlation.reset();
    const auto notes = [&] {
        std::string all;
        for (const std::string& note : effect_of(review, "pain-md", "cross").notes)
            all += note + "\n";
        return all;
    };
    CHECK(notes().find("too wide") != std::string::npos);
    CHECK(near(effect_of(review, "pain-md", "cross").v, (2.38 * 2.38 + 2.21 * 2.21) / 10, same_number));
    review.derived.crossover_correlation = 0.68;
    CHECK(near(std::sqrt(effect_of(review, "pain-md", "cross").v), 0.583, printed(3)));
    review.analyses[0].measure = "SMD";
    CHECK(near(effect_of(review, "pain-md", "cross").y, 0.218, printed(3)));
    CHECK(near(std::sqrt(effect_of(review, "pain-md", "cross").v), 0.256, printed(3)));
    review.analyses[0].measure = "MD";
    for (const char* id : {"cross.period.tea", "cross.period.water"})
        row_of(review, id).tags = {"first-period"};
    CHECK(notes().find("different people") != std::string::npos);
    CHECK(near(effect_of(review, "pain-md", "cross").v, (2.38 * 2.38 + 2.21 * 2.21) / 10, same_number));
}

TEST_CASE("a paired contrast: SD of the differences, interval with n - 1 degrees of freedom, F") {
    Result row;
    row.id = ResultId("r");
    row.basis = "paired";
    Contrast c;
    c.measure = "MD";
    c.estimate = 0.565;
    c.n = 20;
    // Kappeler 2017 prints 0.565 (0.212 to 0.918), P = 0.0034 for 20 people: only t with 19 df gives this P.
    c.ci_low = 0.212, c.ci_high = 0.918;
    const Precision interval = precision_of(row, c, false);
    CHECK(near(num::two_sided_p(0.565 / *interval.se, 19), 0.0034, printed(4)));
    CHECK(interval.derived->rule == "se.ci");
    c.ci_low.reset(), c.ci_high.reset();
    c.sd = 2;
    CHECK(near(*precision_of(row, c, false).se, 2 / std::sqrt(20), same_number));
    c.sd.reset();
    c.f = 4;
    CHECK(near(*precision_of(row, c, false).se, 0.565 / 2, same_number));
    CHECK(precision_of(row, c, false).derived->rule == "se.f");
    c.f = 0;
    CHECK_FALSE(precision_of(row, c, false).problem.empty());
}

TEST_CASE("for standardised differences an SD may come from the comparison of the groups") {
    Review review = demo();
    for (const char* id : {"plain.final.tea", "plain.final.water"})
        std::get<Moments>(row_of(review, id).data).sd.reset();
    CHECK(code_of(review, "pain-md", "plain.final.tea") == "sd-missing");
    Result contrast = row_of(review, "plain.final.tea");
    contrast.id = ResultId("plain.md");
    contrast.versus = ArmId("plain.water");
    Contrast data;
    data.measure = "MD";
    data.estimate = -4;
    data.se = 1.5;
    contrast.data = data;
    review.results.push_back(contrast);
    review.analyses[0].measure = "SMD";
    const Effect smd = effect_of(review, "pain-md", "plain");
    CHECK(near(by_rule(smd, "plain.final.tea", "sd.contrast").value, 1.5 / std::sqrt(1.0 / 80 + 1.0 / 82),
               same_number));
    review.analyses[0].measure = "MD";
    CHECK(effect_of(review, "pain-md", "plain").rows.front().value == "plain.md");
}

TEST_CASE("medians of skewed samples are left out unless the review decides otherwise") {
    Review review = demo();
    Moments& data = std::get<Moments>(row_of(review, "median.final.tea").data);
    data.spread_low = 30, data.median = 31, data.spread_high = 60;
    CHECK(code_of(review, "pain-md", "median.final.tea") == "mean-missing");
    review.derived.skewed = "normal";
    CHECK(by_rule(effect_of(review, "pain-md", "median"), "median.final.tea", "mean.iqr").value > 31);
    review.derived.skewed = "log-normal";
    const Effect logs = effect_of(review, "pain-md", "median");
    CHECK(by_rule(logs, "median.final.tea", "sd.log-iqr").value > 0);
    CHECK(std::any_of(logs.notes.begin(), logs.notes.end(),
                      [](const std::string& note) { return note.find("log-normal") != std::string::npos; }));
}

TEST_CASE("a P of the group's own change gives its SD; that of the comparison does not") {
    Review review = demo();
    review.derived.change_correlation.reset();
    for (const char* id : {"change.change.tea", "change.change.water"}) {
        Result& row = row_of(review, id);
        Moments data;
        data.mean = -5, data.n = 50;
        row.data = data;
        row.p = PValue{0.01, '='};
    }
    CHECK(code_of(review, "pain-md", "change.change.tea") == "sd-missing");
    for (const char* id : {"change.change.tea", "change.change.water"})
        row_of(review, id).p_kind = "within";
    const Effect effect = effect_of(review, "pain-md", "change");
    const double sd = by_rule(effect, "change.change.tea", "sd.p").value;
    CHECK(near(num::two_sided_p(5 / (sd / std::sqrt(50)), 49), 0.01, same_number));
    // "P < 0.01" bounds the SD and does not give it. One group's exact P would give the trial's correlation,
    // and with it the other group's SD.
    for (const char* id : {"change.change.tea", "change.change.water"})
        row_of(review, id).p = PValue{0.01, '<'};
    CHECK(code_of(review, "pain-md", "change.change.tea") == "sd-missing");
}

TEST_CASE("numbers of a row that contradict one another are told; rounding is not") {
    Review review = demo();
    CHECK(disagreements(review).empty());
    Moments& data = std::get<Moments>(row_of(review, "se.final.tea").data);
    data.sd = 10;
    CHECK(disagreements(review).empty());
    data.sd = 2; // the standard error again, in the place of the SD
    auto found = disagreements(review);
    REQUIRE(found.size() == 1);
    CHECK(found[0].field == "sd");
    CHECK(found[0].message.find("se 2, n 25") != std::string::npos);
    row_of(review, "se.final.tea").not_pooled = "misprint";
    CHECK(disagreements(review).empty());
    row_of(review, "se.final.tea").not_pooled.clear();
    data.sd.reset();
    // 5 with SE 0.3 from 250 people: the SE may be 0.25 to 0.35, so the SD 3.95 to 5.53.
    data = Moments{30.0, 5.0, 250};
    data.se = 0.3;
    CHECK(disagreements(review).empty());
    data.sd = 9;
    CHECK(disagreements(review).size() == 1);
    data = Moments{30.0, 10.7, 25}; // from a normal interval of 4.2 half width: SD 10.71; from t: 10.17
    data.ci_low = 25.8, data.ci_high = 34.2;
    CHECK(disagreements(review).empty());
    data.ci_quantile = "t";
    CHECK(disagreements(review).size() == 1);
    data = Moments{30.0, 10.0, 25};
    // No correlation makes a change of SD 30 out of 8 and 9.
    std::get<Moments>(row_of(review, "change.change.tea").data) = Moments{-8.0, 30.0, 50};
    found = disagreements(review);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message.find("no correlation") != std::string::npos);
}

TEST_CASE("the set without derived numbers keeps the trials whose numbers are printed") {
    const Review review = demo();
    SensitivitySet set;
    set.filter.without_derived = true;
    std::set<std::string> kept;
    for (const Effect& one : assemble(review, review.analyses[0], &set).effects) {
        kept.insert(one.study.value);
        CHECK_FALSE(counts_as_derived(one.derived));
    }
    // The final values of the trial of changes are printed; combining two printed groups is the analysis' own
    // doing.
    CHECK(kept == std::set<std::string>{"plain", "three", "change"});
    CHECK(code_of(review, "pain-md", "se.final.tea", &set) == "derived");

    const auto results = app::analyse(review);
    const auto& variants = results.analyses[0].variants;
    const auto standard = std::find_if(variants.begin(), variants.end(),
                                       [](const Variant& v) { return v.id == "without-derived"; });
    REQUIRE(standard != variants.end());
    CHECK(standard->kind == "standard-set");
    REQUIRE(standard->synthesis);
    CHECK(standard->synthesis->k == 3);
    CHECK(standard->dropped.size() == 6);
    // The assumed correlation is replaced by each value of the list.
    const auto tried = std::count_if(variants.begin(), variants.end(),
                                     [](const Variant& v) { return v.kind == "assumed-value"; });
    CHECK(tried == 4);
    const auto estimate = [&](const char* id) {
        return std::find_if(variants.begin(), variants.end(), [&](const Variant& v) { return v.id == id; })
            ->synthesis->estimate;
    };
    CHECK(estimate("change-correlation-0.5") == results.analyses[0].main->estimate);
    CHECK(estimate("change-correlation-0.9") != results.analyses[0].main->estimate);
}

TEST_CASE("numbers of a paper by themselves never make a crash or an endless number") {
    Review review = demo();
    std::vector<std::optional<double>> values{std::nullopt, 0.0, -1.0, 1.0, 1e308, -1e308, 1e-308};
    Result& row = row_of(review, "se.final.tea");
    for (const auto& a : values)
        for (const auto& b : values)
            for (const char* kind : {"iqr", "range", "ci", ""}) {
                Moments data;
                data.n = a, data.se = b, data.mean = b, data.ci_low = a, data.ci_high = b, data.t = a,
                data.df = b;
                data.median = a, data.spread_low = b, data.spread_high = a, data.minimum = b,
                data.maximum = a;
                data.spread_kind = kind;
                row.data = data;
                row.cluster_size = a, row.icc = b, row.correlation = a;
                for (const Effect& one : assemble(review, review.analyses[0]).effects) {
                    CHECK(std::isfinite(one.y));
                    CHECK(std::isfinite(one.v));
                }
                disagreements(review);
            }
}
