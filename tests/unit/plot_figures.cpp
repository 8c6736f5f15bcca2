#include "base/error.hpp"
#include "plot/forest.hpp"
#include "plot/forest_svg.hpp"
#include "plot/forest_text.hpp"
#include "plot/funnel.hpp"
#include "plot/markup.hpp"
#include "plot/sensitivity.hpp"
#include "plot/text_size.hpp"
#include "support/creatine.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <regex>
#include <set>
#include <sstream>

using namespace assay;

namespace {

plot::Forest strength() {
    const auto review = creatine::review();
    return plot::forest_of(review, review.analyses[0], creatine::strength_result());
}

plot::Forest cramps() {
    const auto review = creatine::review();
    return plot::forest_of(review, review.analyses[1], creatine::cramps_result());
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

/// Side lengths of the squares, in the order of drawing.
std::vector<double> sides(const std::string& svg) {
    std::vector<double> out;
    const std::regex box("width=\"([0-9.]+)\" height=\"[0-9.]+\" class=\"box\"");
    for (std::sregex_iterator it(svg.begin(), svg.end(), box), end; it != end; ++it)
        out.push_back(std::stod((*it)[1]));
    return out;
}

} // namespace

TEST_CASE("text in markup is always escaped, elements are always closed") {
    plot::Markup out;
    out.open("p", {{"title", "\"><img>"}}).text("</script> & 'x'\x01").close();
    CHECK(out.take() == "<p title=\"&quot;&gt;&lt;img&gt;\">&lt;/script&gt; &amp; &#39;x&#39;\xEF\xBF\xBD</p>");
    plot::Markup open;
    open.open("p");
    CHECK_THROWS_AS(open.take(), Bug);
}

TEST_CASE("a forest plot has its rows, diamonds, prediction interval, band and labels") {
    const plot::Forest forest = strength();
    REQUIRE(forest.groups.size() == 2);
    CHECK(forest.favours_left == "favours placebo"); // more strength is better: larger differences favour creatine
    CHECK(forest.favours_right == "favours creatine");
    REQUIRE(forest.band);
    CHECK(forest.band->low == -2);
    CHECK(forest.band->high == 2);
    CHECK(forest.sentence.find("2.10 (95% CI 0.52 to 3.68)") != std::string::npos);
    for (const plot::Layout layout : {plot::Layout::wide, plot::Layout::compact}) {
        const plot::Figure figure = plot::forest_svg(forest, layout);
        CHECK(count_of(figure.svg, "class=\"box\"") == 5);
        CHECK(count_of(figure.svg, "class=\"diamond\"") == 3);
        CHECK(count_of(figure.svg, "95% prediction interval</text>") == 1);
        CHECK(count_of(figure.svg, "class=\"band\"") == 1);
        CHECK(count_of(figure.svg, "role=\"img\"") == 1);
        CHECK(count_of(figure.svg, "</title>") == 1);
        CHECK(count_of(figure.svg, "<script") == 0);
        CHECK(count_of(figure.svg, "<img") == 0);
        CHECK(count_of(figure.svg, "2.10 [0.52, 3.68]") == 1);
        CHECK(figure.hits.size() == 7); // five studies, the diamond, the prediction interval
    }
}

TEST_CASE("the area of a square is proportional to the weight") {
    const auto found = sides(plot::forest_svg(strength()).svg);
    REQUIRE(found.size() == 5);
    // Order of drawing: monohydrate 14.2, 24.9, 45.6; ethyl ester 12.1, 3.2.
    CHECK(std::pow(found[0] / found[2], 2) == doctest::Approx(14.2 / 45.6).epsilon(0.01));
    CHECK(std::pow(found[1] / found[2], 2) == doctest::Approx(24.9 / 45.6).epsilon(0.01));
}

TEST_CASE("fewer events are better: the left side favours the intervention, and a ratio has a log axis") {
    const plot::Forest forest = cramps();
    CHECK(forest.favours_left == "favours creatine");
    REQUIRE(forest.band);
    CHECK(forest.band->low == doctest::Approx(std::log(0.8)));
    const std::string svg = plot::forest_svg(forest).svg;
    CHECK(svg.find("odds ratio (log scale)") != std::string::npos);
    CHECK(svg.find(">0.78 [0.50, 1.21]<") != std::string::npos);
}

TEST_CASE("a clipped interval ends in an arrow") {
    plot::Forest forest = cramps();
    CHECK(count_of(plot::forest_svg(forest).svg, "class=\"arrow\"") == 0);
    forest.groups[0].rows[4].estimate.high = 400;
    CHECK(count_of(plot::forest_svg(forest).svg, "class=\"arrow\"") == 1);
    CHECK(plot::forest_text(forest, {100, true}).find('>') != std::string::npos);
}

TEST_CASE("ids inside the figures of one analysis are unique") {
    const plot::Forest forest = strength();
    const auto result = creatine::strength_result();
    std::string all = plot::forest_svg(forest).svg + plot::forest_svg(forest, plot::Layout::compact).svg;
    const plot::Forest choices = plot::sensitivity_of(forest, result);
    all += plot::forest_svg(choices).svg + plot::forest_svg(choices, plot::Layout::compact).svg;
    all += plot::funnel_svg(plot::funnel_of("funnel-x", "x", "kg", result.effects, *result.main)).svg;
    std::set<std::string> seen;
    const std::regex id(" id=\"([^\"]*)\"");
    for (std::sregex_iterator it(all.begin(), all.end(), id), end; it != end; ++it)
        CHECK(seen.insert((*it)[1]).second);
    CHECK(seen.size() == 10);
}

TEST_CASE("the terminal plot fits its width and keeps the estimates") {
    for (const int width : {40, 60, 80, 100, 132, 200}) {
        for (const bool ascii : {false, true}) {
            const std::string text = plot::forest_text(strength(), {width, ascii});
            std::istringstream lines(text);
            for (std::string line; std::getline(lines, line);) {
                INFO(width, ": ", line);
                CHECK(plot::cells(line) <= width);
            }
            CHECK(text.find("2.10 [0.52, 3.68]") != std::string::npos);
            CHECK(text.find("-0.60 [-3.64, 2.44]") != std::string::npos);
            if (ascii)
                for (const char c : text)
                    CHECK(static_cast<unsigned char>(c) < 0x80);
        }
    }
}

TEST_CASE("a funnel plot of few studies says so") {
    const auto result = creatine::strength_result();
    const plot::Funnel funnel = plot::funnel_of("f", "x", "kg", result.effects, *result.main);
    const std::string svg = plot::funnel_svg(funnel).svg;
    CHECK(svg.find("Fewer than ten studies (5): do not interpret asymmetry.") != std::string::npos);
    CHECK(count_of(svg, "class=\"dot\"") == 5);
    auto many = result.effects;
    many.insert(many.end(), result.effects.begin(), result.effects.end());
    const std::string ten = plot::funnel_svg(plot::funnel_of("f", "x", "kg", many, *result.main)).svg;
    CHECK(ten.find("do not interpret") == std::string::npos);
}

TEST_CASE("variants without a result have no row, others stand under their kind") {
    const auto result = creatine::strength_result();
    const plot::Forest choices = plot::sensitivity_of(strength(), result);
    REQUIRE(choices.groups.size() == 3); // main, models, leave-one-out; the empty set has none
    CHECK(choices.groups[1].title == "Other models");
    CHECK(choices.groups[2].rows.size() == 5);
    CHECK(choices.sentence.find("6 other choices") == 0);
}

TEST_CASE("nothing to draw is not an error") {
    model::AnalysisResult empty;
    empty.id = model::AnalysisId("strength-md");
    const auto review = creatine::review();
    const plot::Forest forest = plot::forest_of(review, review.analyses[0], empty);
    CHECK(forest.sentence == "0 trials shown singly; nothing is pooled.");
    CHECK(plot::forest_svg(forest).svg.find("NaN") == std::string::npos);
    CHECK(plot::forest_text(forest).find("nan") == std::string::npos);
}
