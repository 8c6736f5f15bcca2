// The table of further methods of `assay meta`: what each is called, what it may be given, and the function
// that turns its result into a section.
#include "app/meta_data.hpp"
#include "base/error.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/regtest.hpp"
#include "synth/trimfill.hpp"

#include <cmath>

namespace assay::app {

namespace {

using report::Cell;
using report::Look;
using report::Section;

Section titled(std::string id, std::string title) {
    Section section;
    section.id = std::move(id);
    section.title = std::move(title);
    return section;
}

Cell cell(const std::optional<double>& number) {
    return number ? Cell(*number) : Cell();
}

Section leave1out(const MetaData& data, const std::string&) {
    Section section = titled("leave1out", "Without each study in turn");
    section.columns = {
        {"study", "without", Look::text},  {"estimate", "estimate", Look::number}, {"se", "SE", Look::number},
        {"ci_lb", "CI low", Look::number}, {"ci_ub", "CI high", Look::number},     {"pval", "p", Look::p},
        {"tau2", "tau2", Look::number},    {"I2", "I2 %", Look::percent},          {"Q", "Q", Look::number}};
    const auto fits =
        synth::leave_one_out(data.analysis.effects, std::string(data.measure.id), data.request.pool);
    for (std::size_t i = 0; i < fits.size(); ++i) {
        const model::Synthesis& fit = fits[i];
        section.rows.push_back({data.label(i), fit.estimate, fit.se, fit.ci_low, fit.ci_high, cell(fit.p),
                                fit.tau2, fit.i2, fit.q});
    }
    return section;
}

std::vector<double> predictor_of(const MetaData& data, const std::string& name) {
    if (name == "sei") return {};
    if (name == "vi") return data.v;
    std::vector<double> x = data.sizes("regtest");
    for (double& n : x) {
        if (name == "ninv")
            n = 1 / n;
        else if (name == "sqrtni")
            n = std::sqrt(n);
        else if (name == "sqrtninv")
            n = 1 / std::sqrt(n);
        else if (name != "ni")
            throw Error("meta/predictor",
                        "--regtest: there is no predictor '" + name +
                            "'; known are sei, vi, ni, ninv, sqrtni, sqrtninv",
                        Exit::input);
    }
    return x;
}

Section regtest(const MetaData& data, const std::string& name) {
    Section section = titled("regtest", "Regression test for funnel plot asymmetry, predictor " + name);
    const auto predictor = predictor_of(data, name);
    const bool limited = name != "ni" && name != "sqrtni";
    section.columns = {{"model", "model", Look::text},
                       {"stat", "t or z", Look::number},
                       {"df", "df", Look::count},
                       {"pval", "p", Look::p},
                       {"limit_est", "limit", Look::number},
                       {"limit_lb", "CI low", Look::number},
                       {"limit_ub", "CI high", Look::number}};
    const auto row = [&](const std::string& model, const synth::SmallStudyTest& test) {
        if (!test.defined) return section.rows.push_back({model, {}, {}, {}, {}, {}, {}});
        const auto limit = [&](double x) { return limited ? Cell(x) : Cell(); };
        section.rows.push_back({model, test.statistic, test.df > 0 ? Cell(double(test.df)) : Cell(), test.p,
                                limit(test.limit), limit(test.limit_low), limit(test.limit_high)});
    };
    row("weighted regression (Egger)", synth::egger_classic(data.y, data.v, predictor));
    row("meta-regression", synth::egger_mixed(data.y, data.v, data.estimator(), data.test(), predictor));
    if (data.k() < 10)
        section.notes.push_back("fewer than ten studies: the test says nothing (Cochrane Handbook 13.3.5.4)");
    if (limited)
        section.notes.push_back("limit: the effect of an infinitely precise study, as the line predicts it");
    return section;
}

Section trimfill(const MetaData& data, const std::string& name) {
    if (name != "L0" && name != "R0" && name != "Q0")
        throw Error("meta/trimfill", "--trimfill: L0, R0 or Q0, not '" + name + "'", Exit::input);
    Section section = titled("trimfill", "Trim and fill (" + name + ")");
    const auto fit = synth::trim_and_fill({data.y, data.v}, data.estimator(), data.test(),
                                          name == "L0"   ? synth::TrimEstimator::L0
                                          : name == "R0" ? synth::TrimEstimator::R0
                                                         : synth::TrimEstimator::Q0);
    if (!fit.defined) {
        section.notes.push_back("not estimable: fewer than three studies, or no real solution");
        return section;
    }
    section.value("k0", "studies that seem to be missing", double(fit.missing), Look::count)
        .value("se_k0", "standard error", fit.missing_se)
        .value("side", "side", std::string(fit.side == synth::Side::left ? "left" : "right"), Look::text)
        .value("k", "studies with the filled ones", double(fit.mean.k), Look::count)
        .value("beta", "estimate with them", fit.mean.estimate)
        .value("se", "SE", fit.mean.se)
        .value("tau2", "tau2", fit.mean.tau2.value)
        .value("I2", "I2", fit.i2, Look::percent);
    section.columns = {{"filled_yi", "filled y", Look::number}, {"filled_vi", "filled v", Look::number}};
    for (std::size_t i = 0; i < fit.filled_y.size(); ++i)
        section.rows.push_back({fit.filled_y[i], fit.filled_v[i]});
    section.notes.push_back("a sensitivity analysis, not a correction");
    return section;
}

constexpr SectionMethod table[] = {
    {"leave1out", "", "", "Leave out each study in turn", "leave1out(res)", leave1out},
    {"regtest", "PREDICTOR", "sei", "Funnel asymmetry by regression (sei vi ni ninv sqrtni sqrtninv)",
     "regtest(res, predictor={}, model=\"lm\")\nregtest(res, predictor={})", regtest},
    {"trimfill", "ESTIMATOR", "L0", "Trim and fill (L0 R0 Q0)", "trimfill(res, estimator={})", trimfill},
};

} // namespace

std::span<const SectionMethod> section_methods() {
    return table;
}

} // namespace assay::app
