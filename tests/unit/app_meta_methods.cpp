// Each further method of `assay meta` runs on a small table, names its option, and answers in numbers or in a
// note; tables that are too small give notes, never a crash.
#include "app/meta_data.hpp"
#include "base/error.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

using namespace assay;
using namespace assay::app;

namespace {

MetaRequest request(std::string measure = "RR") {
    MetaRequest request;
    request.file = "t.csv";
    request.measure = std::move(measure);
    request.pool.test = "z";
    request.draws = 200;
    request.threads = 1;
    for (const SectionMethod& method : section_methods()) {
        std::string argument(method.missing);
        if (method.id == "cumul" || method.id == "robust" || method.id == "rve") argument = "year";
        if (method.id == "random") argument = "~ 1 | slab";
        if (method.id == "scale") argument = "~ year";
        if (method.id == "anova") argument = "1";
        if (method.id == "permutest") argument = "50";
        request.sections.push_back({std::string(method.id), argument});
    }
    return request;
}

constexpr const char* header = "slab,ai,n1i,ci,n2i,year\n";
const std::string eight = std::string(header) +
                          "a,12,100,20,101,1990\nb,5,80,9,78,1985\nc,30,210,28,190,2001\n"
                          "d,7,60,15,66,1999\ne,2,45,6,47,2004\nf,18,120,33,118,2010\n"
                          "g,9,90,8,95,1979\nh,11,70,25,75,1995\n";

} // namespace

TEST_CASE("every further method gives numbers on eight studies") {
    const MetaResult result = meta(request(), eight);
    REQUIRE(result.sections.size() == section_methods().size());
    // What needs more than this table has says so in a note.
    const std::set<std::string> only_notes{"vif", "puniform", "glmm"};
    for (std::size_t i = 0; i < result.sections.size(); ++i) {
        const report::Section& section = result.sections[i];
        CAPTURE(section.id);
        CHECK(section.id == section_methods()[i].id);
        const bool numbers = !section.values.empty() || !section.rows.empty();
        CHECK((numbers || !section.notes.empty()));
        if (!only_notes.count(section.id)) CHECK(numbers);
        for (const auto& row : section.rows)
            CHECK(row.size() == section.columns.size());
        CHECK(!report::section_text(section).empty());
    }
    const std::string json = meta_json(result);
    CHECK(json.find("\"id\": \"gosh\"") != std::string::npos);
    CHECK(json.find("nan") == std::string::npos);
}

TEST_CASE("every further method answers on no, one and two studies") {
    const auto end_of = [&](int lines) {
        std::size_t at = 0;
        for (int i = 0; i <= lines; ++i)
            at = eight.find('\n', at) + 1;
        return eight.substr(0, at);
    };
    for (int lines : {1, 2}) {
        const std::string csv = end_of(lines);
        for (const SectionMethod& method : section_methods()) {
            CAPTURE(method.id);
            MetaRequest one = request();
            std::erase_if(one.sections, [&](const auto& wanted) { return wanted.id != method.id; });
            const MetaResult result = meta(one, csv);
            REQUIRE(result.sections.size() == 1);
            const report::Section& section = result.sections[0];
            CHECK((!section.values.empty() || !section.rows.empty() || !section.notes.empty()));
        }
    }
    CHECK(meta(request(), header).sections.empty());
}

TEST_CASE("plots are drawn for eight studies, and the script names each method that R has") {
    MetaRequest all = request();
    all.mods = "~ year";
    all.sections = {{"cumul", "year"}, {"regtest", "sei"}, {"trimfill", "R0"}};
    all.script = true;
    for (const PlotMethod& plot : plot_methods())
        all.plots.push_back({std::string(plot.id), "x.svg"});
    const MetaResult result = meta(all, eight);
    CHECK(result.figures.size() == plot_methods().size());
    for (const MetaFigure& figure : result.figures) {
        CAPTURE(figure.kind);
        CHECK(figure.svg.find("<svg") != std::string::npos);
        CHECK(figure.svg.find("nan") == std::string::npos);
    }
    for (const char* part :
         {"mods=~ year", "regtest(res, predictor=\"sei\"", "trimfill(res, estimator=\"R0\")"})
        CHECK(result.script.find(part) != std::string::npos);
}

TEST_CASE("wrong arguments of methods are errors that name the option") {
    const auto fails = [&](const char* id, const char* argument, const char* part) {
        MetaRequest one = request();
        one.sections = {{id, argument}};
        try {
            meta(one, eight);
            FAIL(id);
        } catch (const Error& error) {
            CAPTURE(error.what());
            CHECK(std::string(error.what()).find(part) != std::string::npos);
        }
    };
    fails("regtest", "nothing", "--regtest");
    fails("trimfill", "X0", "--trimfill");
    fails("fsn", "Bayes", "--fsn");
    fails("selmodel", "none", "--selmodel");
    fails("metabias", "Eger", "--metabias");
    fails("cumul", "yeer", "did you mean 'year'");
    fails("anova", "1,2", "--anova");
    fails("leavekout", "0", "--leavekout");
    fails("multiverse", "method", "--multiverse");
    fails("permutest", "-3", "--permutest");
    fails("confint", "Wald", "--confint");
}

TEST_CASE("several levels with one row for each group are the model with one effect per study") {
    MetaRequest one = request("OR");
    one.sections = {{"random", "~ 1 | slab"}, {"glmm", "CM.EL"}};
    const MetaResult result = meta(one, eight);
    REQUIRE(result.sections.size() == 2);
    const auto& levels = result.sections[0];
    CHECK(std::get<double>(levels.values[0].cell) ==
          doctest::Approx(result.analysis.main->tau2).epsilon(1e-6));
    CHECK(std::get<double>(levels.rows[0][1]) ==
          doctest::Approx(result.analysis.main->estimate).epsilon(1e-6));
    // The exact conditional model of the counts is near the one of the log odds ratios, not the same.
    const double exact = std::get<double>(result.sections[1].rows.at(0)[1]);
    CHECK(std::fabs(exact - result.analysis.main->estimate) < 0.1);
    CHECK(exact != result.analysis.main->estimate);
}

TEST_CASE("moderators: the slope of an exact line, rows without a value are left out and named") {
    MetaRequest one;
    one.file = "t.csv";
    one.pool.model = "common";
    one.pool.method = "IV";
    one.pool.test = "z";
    one.mods = "~ x";
    const MetaResult result = meta(one, "yi,vi,x\n1,0.1,0\n3,0.2,1\n5,0.3,2\n9,0.1,\n");
    REQUIRE(result.sections.size() == 1);
    const auto& rows = result.sections[0].rows;
    REQUIRE(rows.size() == 2);
    CHECK(std::get<double>(rows[0][1]) == doctest::Approx(1));
    CHECK(std::get<double>(rows[1][1]) == doctest::Approx(2));
    REQUIRE(result.analysis.excluded.size() == 1);
    CHECK(result.analysis.excluded[0].code == "no-moderator");
}
