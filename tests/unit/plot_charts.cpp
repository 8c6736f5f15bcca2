// Charts draw what they are given: every point, labels escaped, nothing outside the axes, areas as weights.
#include "plot/charts.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace assay;
using namespace assay::plot;

namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

Studies studies() {
    Studies studies;
    studies.labels = {"A & B", "</text><script>", "C"};
    studies.y = {0.1, -0.4, 0.3};
    studies.v = {0.04, 0.09, 0.01};
    studies.weights = {25, 10, 65};
    studies.look = measure_look("OR");
    studies.axis_title = "odds ratio";
    studies.pooled = 0.2;
    studies.tau2 = 0.01;
    return studies;
}

} // namespace

TEST_CASE("a chart draws each finite point once and escapes its labels") {
    const std::string svg = chart_svg(radial_chart(studies())).svg;
    CHECK(occurrences(svg, "<circle") == 3);
    CHECK(svg.find("<script>") == std::string::npos);
    CHECK(svg.find("&lt;script&gt;") != std::string::npos);
    Chart chart;
    chart.points = {{{0, 0}, 3, ""}, {{NAN, 1}, 3, ""}, {{1, INFINITY}, 3, ""}, {{1, 1}, 3, ""}};
    CHECK(occurrences(chart_svg(chart).svg, "<circle") == 2);
}

TEST_CASE("a chart without any point or with one value is still a figure") {
    CHECK(chart_svg(Chart()).svg.find("</svg>") != std::string::npos);
    Chart chart;
    chart.points = {{{2, 5}, 3, "only"}};
    const std::string svg = chart_svg(chart).svg;
    CHECK(occurrences(svg, "nan") == 0);
    CHECK(occurrences(svg, "<circle") == 1);
}

TEST_CASE("circle areas are proportional to weights") {
    const auto radii = radii_of({100, 25, 0});
    CHECK(radii[0] == doctest::Approx(12));
    CHECK(radii[1] == doctest::Approx(6));
    CHECK(radii[2] == doctest::Approx(3));
}

TEST_CASE("the slope of the radial plot is the effect: a study's point lies at z = effect times precision") {
    const Chart chart = radial_chart(studies());
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(chart.points[i].at.y / chart.points[i].at.x == doctest::Approx(studies().y[i]));
    CHECK(chart.points[0].at.x == doctest::Approx(1 / std::sqrt(0.05)));
}

TEST_CASE("the curve of the L'Abbe plot is the pooled effect") {
    CHECK(risk_by_odds_ratio(0.2, std::log(2.0)) == doctest::Approx(0.5 / 1.5));
    CHECK(risk_by_risk_ratio(0.2, std::log(0.5)) == doctest::Approx(0.1));
    CHECK(risk_by_difference(0.2, -0.05) == doctest::Approx(0.15));
    CHECK(risk_by_odds_ratio(1, 3) == 1);
    const std::vector<model::Table2x2> tables{{1, 9, 2, 8}, {3, 7, 4, 6}, {5, 5, 5, 5}};
    const Chart chart = labbe_chart(studies(), tables, risk_by_odds_ratio);
    CHECK(chart.points[0].at.x == doctest::Approx(0.2));
    CHECK(chart.points[0].at.y == doctest::Approx(0.1));
}

TEST_CASE("the QQ plot sorts residuals against normal quantiles") {
    const std::vector<double> residuals{2.5, -1, 0.1};
    const Chart chart = normal_qq_chart(studies(), residuals);
    REQUIRE(chart.points.size() == 3);
    CHECK(chart.points[0].at.y == -1);
    CHECK(chart.points[1].at.x == doctest::Approx(0).epsilon(1e-9));
    CHECK(chart.points[2].label == "A & B"); // beyond 2: named
}

TEST_CASE("the specification curve is sorted and counts the intervals that exclude no difference") {
    const std::vector<double> estimates{0.3, -0.1, 0.5}, low{0.1, -0.4, -0.1}, high{0.5, 0.2, 1.1};
    const Chart chart = specification_chart(studies(), estimates, low, high);
    CHECK(chart.points[0].at.y == -0.1);
    CHECK(chart.points[2].at.y == 0.5);
    CHECK(chart.foot.at(0).find("1 of 3") == 0);
}

TEST_CASE("a file of its own needs no custom properties") {
    const std::string svg = standalone(chart_svg(plain_funnel_chart(studies())));
    CHECK(svg.find("var(") == std::string::npos);
    CHECK(svg.find("#1f5d8c") != std::string::npos);
}
