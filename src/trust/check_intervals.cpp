// Estimates, their intervals, levels and standard errors, of trials and of published pools.
#include "num/distributions.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

/// An estimate with its interval, wherever it stands.
struct Estimate {
    Finding base; ///< study, row and place
    std::string measure;
    std::optional<Printed> estimate;
    Printed low, high;
    double level = 0.95;
    std::optional<Printed> se;
    std::optional<double> df;
};

std::vector<Estimate> intervals(const Context& context) {
    std::vector<Estimate> found;
    const Data& data = context.data;
    for (const model::Result& row : data.review().results) {
        const auto* contrast = std::get_if<model::Contrast>(&row.data);
        if (!contrast || !contrast->ci_low || !contrast->ci_high) continue;
        Estimate made;
        made.base = finding(row, "", Possible::no);
        made.measure = contrast->measure;
        made.estimate = data.printed(row.place, "estimate", contrast->estimate);
        made.low = data.printed(row.place, "ci_low", *contrast->ci_low);
        made.high = data.printed(row.place, "ci_high", *contrast->ci_high);
        made.level = contrast->ci_level;
        made.se = data.printed(row.place, "se", contrast->se);
        made.df = contrast->df;
        found.push_back(std::move(made));
    }
    for (const model::Published& row : data.review().published) {
        if (!row.ci_low || !row.ci_high) continue;
        Estimate made;
        made.base = finding(row, "", Possible::no);
        made.measure = row.measure;
        made.estimate = data.printed(row.place, "estimate", row.estimate);
        made.low = data.printed(row.place, "ci_low", *row.ci_low);
        made.high = data.printed(row.place, "ci_high", *row.ci_high);
        made.level = row.ci_level;
        found.push_back(std::move(made));
    }
    return found;
}

bool inside(const Estimate& e, double value) {
    return e.low.rounded().low <= value && value <= e.high.rounded().high;
}

/// Where the middle of the interval may lie: between the printed ends on the scale of the measure.
Range middle(const Estimate& e, bool log_scale) {
    const Range low = e.low.rounded(), high = e.high.rounded();
    if (!log_scale) return {(low.low + high.low) / 2, (low.high + high.high) / 2};
    return {std::sqrt(std::max(0.0, low.low) * std::max(0.0, high.low)), std::sqrt(low.high * high.high)};
}

bool centred(const Estimate& e, bool log_scale) {
    if (log_scale && e.low.value <= 0) return false;
    return middle(e, log_scale).meets(e.estimate->rounded());
}

void inputs(Finding& made, const Estimate& e) {
    if (e.estimate) input(made, "estimate", *e.estimate);
    input(made, "ci_low", e.low);
    input(made, "ci_high", e.high);
    input(made, "ci_level", number_words(e.level));
}

std::string interval_words(const Estimate& e) {
    return fmt::format("{} to {}", e.low.text(), e.high.text());
}

} // namespace

void run_estimate_inside(const Context& context, Sink& sink) {
    for (const Estimate& e : intervals(context)) {
        if (!e.estimate) continue;
        sink.examined(e.base.place);
        if (inside(e, e.estimate->value)) continue;
        Finding made = e.base;
        made.field = "estimate";
        made.possible = Possible::no;
        inputs(made, e);
        made.says = fmt::format("The estimate {} does not lie in its interval {}.", e.estimate->text(),
                                interval_words(e));
        Estimate turned = e;
        turned.estimate->value = -e.estimate->value;
        if (centred(turned, false))
            made.remedy =
                fmt::format("{} lies at the centre of the interval: a minus sign may have been lost.",
                            turned.estimate->text());
        else if (inside(turned, turned.estimate->value))
            made.remedy =
                "With the other sign it lies in the interval: who minus whom may differ between the two.";
        else
            made.remedy = "It is possible if estimate and interval belong to different comparisons, or if a "
                          "digit is wrong.";
        sink.add(std::move(made));
    }
}

void run_interval_centre(const Context& context, Sink& sink) {
    for (const Estimate& e : intervals(context)) {
        const Symmetry scale = symmetry(e.measure);
        if (!e.estimate || !inside(e, e.estimate->value)) continue;
        if (scale == Symmetry::unknown && e.low.value <= 0) continue;
        sink.examined(e.base.place);
        const bool as_difference = centred(e, false), as_ratio = centred(e, true);
        if (scale == Symmetry::difference ? as_difference
            : scale == Symmetry::ratio    ? as_ratio
                                          : as_difference || as_ratio)
            continue;
        Finding made = e.base;
        made.field = "ci_low";
        made.possible = Possible::unlikely;
        inputs(made, e);
        const bool log_scale = scale == Symmetry::ratio;
        const Range centre = middle(e, log_scale);
        made.says = fmt::format("The {} of the interval {} is {}, not the estimate {}.",
                                log_scale ? "geometric centre" : "centre", interval_words(e),
                                number_words((centre.low + centre.high) / 2), e.estimate->text());
        if (log_scale && as_difference)
            made.remedy = "It is symmetric as a difference: the measure may not be the ratio it is called, "
                          "or the interval was "
                          "computed without logarithms.";
        else
            made.remedy = "It is possible with an interval by an exact, profile or bootstrap method; else a "
                          "digit of one of the "
                          "three numbers differs.";
        sink.add(std::move(made));
    }
}

void run_interval_level(const Context& context, Sink& sink) {
    constexpr double usual = 0.95;
    for (const Estimate& e : intervals(context)) {
        sink.examined(e.base.place);
        if (std::fabs(e.level - usual) < 1e-9 || !(e.level > 0 && e.level < 1)) continue;
        Finding made = e.base;
        made.field = "ci_level";
        made.possible = Possible::yes;
        inputs(made, e);
        const double factor = num::critical_value(e.level) / num::critical_value(usual);
        made.says = fmt::format("The interval has the level {:.4g} %.", 100 * e.level);
        made.remedy =
            fmt::format("Read as a 95 % interval it would give a standard error {} times too {}.",
                        number_words(factor > 1 ? factor : 1 / factor), factor > 1 ? "large" : "small");
        sink.add(std::move(made));
    }
}

void run_interval_se(const Context& context, Sink& sink) {
    for (const Estimate& e : intervals(context)) {
        const Symmetry scale = symmetry(e.measure);
        if (!e.se || scale == Symmetry::unknown || !(e.level > 0 && e.level < 1)) continue;
        Range low = e.low.rounded(), high = e.high.rounded();
        if (scale == Symmetry::ratio) {
            if (low.low <= 0) continue;
            low = {std::log(low.low), std::log(low.high)};
            high = {std::log(high.low), std::log(high.high)};
        }
        sink.examined(e.base.place);
        // Normal and, for as few as four degrees of freedom, t: the factor lies between the two.
        constexpr double few = 4;
        const double z = num::critical_value(e.level), t = num::critical_value(e.level, e.df.value_or(few));
        const Range possible{(high.low - low.high) / 2 / t, (high.high - low.low) / 2 / z};
        if (possible.meets(e.se->rounded())) continue;
        Finding made = e.base;
        made.field = "se";
        made.possible = Possible::unlikely;
        inputs(made, e);
        input(made, "se", *e.se);
        made.says =
            fmt::format("The interval {} stands for a standard error of {} to {}, not {}.", interval_words(e),
                        number_words(possible.low), number_words(possible.high), e.se->text());
        made.remedy = "It is possible if the interval has another level, or if the number called se is a "
                      "standard deviation.";
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
