// Formulas give the columns that R's model.matrix gives (names and column sums weighted by the row number,
// from R).
#include "../support/near.hpp"
#include "base/error.hpp"
#include "synth/formula.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::synth;

namespace {

Variable numbers(std::string name, std::vector<double> x) {
    Variable variable{std::move(name), {}, std::move(x), true};
    for (double value : variable.numbers)
        variable.words.push_back(std::isnan(value) ? "" : std::to_string(static_cast<int>(value)));
    return variable;
}

std::vector<Variable> table() {
    Variable g{"g", {"b", "a", "c", "a", "b", "c"}, std::vector<double>(6, NAN), false};
    return {numbers("y", {1, 2, 3, 4, 5, 6}), numbers("a", {1, 2, 4, 8, 3, 5}), g,
            numbers("k", {10, 2, 2, 10, 10, 2})};
}

std::vector<double> sums(const DesignMatrix& design) {
    std::vector<double> result;
    for (std::size_t j = 0; j < design.columns(); ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < design.rows.size(); ++i)
            sum += static_cast<double>(i + 1) * design.x[j * design.rows.size() + i];
        result.push_back(sum);
    }
    return result;
}

} // namespace

TEST_CASE("a formula gives the columns of R's model.matrix") {
    struct Row {
        const char* formula;
        std::vector<std::string> names;
        std::vector<double> sums;
    };
    const std::vector<Row> rows{
        {"~ a", {"intrcpt", "a"}, {21, 94}},
        {"~ g", {"intrcpt", "gb", "gc"}, {21, 6, 9}},
        {"~ factor(k)", {"intrcpt", "factor(k)10"}, {21, 10}},
        {"~ a*g", {"intrcpt", "a", "gb", "gc", "a:gb", "a:gc"}, {21, 94, 6, 9, 16, 42}},
        {"~ g - 1", {"ga", "gb", "gc"}, {6, 6, 9}},
        {"~ g + g:I(a-3) - 1",
         {"ga", "gb", "gc", "ga:I(a - 3)", "gb:I(a - 3)", "gc:I(a - 3)"},
         {6, 6, 9, 18, -2, 15}},
        {"~ a + I(a^2)", {"intrcpt", "a", "I(a^2)"}, {21, 94, 508}},
        {"~ (a+g)^2", {"intrcpt", "a", "gb", "gc", "a:gb", "a:gc"}, {21, 94, 6, 9, 16, 42}},
        {"~ log(a):g",
         {"intrcpt", "log(a):ga", "log(a):gb", "log(a):gc"},
         {21, 9.704061, 5.493061, 13.815511}},
        {"~ factor(k) + g - 1", {"factor(k)2", "factor(k)10", "gb", "gc"}, {11, 10, 6, 9}},
        {"~ factor(g == 'a')", {"intrcpt", "factor(g == \"a\")TRUE"}, {21, 6}},
        {"~ scale(a)", {"intrcpt", "scale(a)"}, {21, 5.436364}},
        {"~ 0 + a", {"a"}, {94}},
        {"a:g + g", {"intrcpt", "gb", "gc", "a:ga", "a:gb", "a:gc"}, {21, 6, 9, 36, 16, 42}},
        {"~ a + g - g", {"intrcpt", "a"}, {21, 94}},
    };
    const auto variables = table();
    for (const Row& row : rows) {
        CAPTURE(row.formula);
        const DesignMatrix design = design_matrix(row.formula, variables);
        CHECK(design.names == row.names);
        const auto got = sums(design);
        REQUIRE(got.size() == row.sums.size());
        for (std::size_t i = 0; i < got.size(); ++i)
            CHECK(std::fabs(got[i] - row.sums[i]) < 1e-6);
    }
}

TEST_CASE("rows with a missing value of a variable in the formula are left out, others not") {
    auto variables = table();
    variables[1].numbers[2] = NAN;
    variables[1].words[2] = "";
    CHECK(design_matrix("~ a", variables).rows == std::vector<std::size_t>{0, 1, 3, 4, 5});
    CHECK(design_matrix("~ g", variables).rows.size() == 6);
}

TEST_CASE("new values give one row of the same columns") {
    const auto variables = table();
    CHECK(design_row("~ a*g", variables, "a=10,g=c") == std::vector<double>{1, 10, 0, 1, 0, 10});
    // What scale learnt comes from the data, not from the new value.
    const double mean = 23.0 / 6, sd = std::sqrt((1 + 4 + 16 + 64 + 9 + 25 - 6 * mean * mean) / 5);
    CHECK(std::fabs(design_row("~ scale(a)", variables, "a=10")[1] - (10 - mean) / sd) < 1e-12);
    CHECK_THROWS_AS(design_row("~ a", variables, "b=1"), Error);
    CHECK_THROWS_AS(design_row("~ a", variables, "a"), Error);
    CHECK_THROWS_AS(design_row("~ a", variables, "g=a"), Error);
    CHECK_THROWS_AS(design_row("~ g", variables, "g=z"), Error);
}

TEST_CASE("a formula that cannot be read says where") {
    const auto variables = table();
    for (const char* formula : {"", "~", "~ a +", "~ a b", "~ (a", "~ I(a", "~ nothere", "~ sin(a)", "~ 2",
                                "~ a^2.5", "~ 'a", "~ a ; b", "~ log(g)", "~ a %in% g"}) {
        CAPTURE(formula);
        CHECK_THROWS_AS(design_matrix(formula, variables), Error);
    }
    try {
        design_matrix("~ a + alock", variables);
    } catch (const Error& error) {
        const std::string text = error.what();
        CHECK(text.find("there is no column 'alock'") == 0);
        CHECK(text.find("\n        ^") != std::string::npos);
    }
    CHECK_THROWS_AS(design_matrix("~ " + std::string(3000, '('), variables), Error);
    CHECK_THROWS_AS(design_matrix("~ " + std::string(5000, 'a'), variables), Error);
    CHECK_THROWS_AS(design_matrix("~ (a+g+k+y)^8:(a+g+k)^8:(g+k+y)^8*(a+k)", std::vector<Variable>{}), Error);
}
