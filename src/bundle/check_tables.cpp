// The rows of the tables: people, doses, comparisons, numbers, units.
#include "base/utf8.hpp"
#include "bundle/check_context.hpp"
#include "bundle/period.hpp"
#include "bundle/shapes.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>

namespace assay::bundle {

namespace {

using namespace model;
using text::format_number;

constexpr int first_year = 1600, last_year = 2100; // outside is a slip of the keyboard, not history

bool made_up(std::string_view status) {
    return status == "derived" || status == "assumed";
}

// A number of people. Derived numbers (effective sizes of clusters) need not be whole.
void check_people(Context& context, const Place& row, std::string_view field, const std::optional<double>& n,
                  bool whole) {
    if (!n || context.failed(row, field)) return;
    if (*n <= 0)
        context.complain("number/count", row, field,
                         std::string(field) + ": " + format_number(*n) + " people",
                         "leave it empty when it is not known");
    else if (whole && *n != std::floor(*n))
        context.complain("number/count", row, field,
                         std::string(field) + ": " + format_number(*n) + " is not whole");
}

void check_analysed(Context& context, const Place& row, const std::optional<double>& randomised,
                    const std::optional<double>& analysed) {
    if (randomised && *randomised > 0 && analysed && *analysed > *randomised)
        context.complain("number/over-randomised", row, "n_analysed",
                         format_number(*analysed) + " analysed of " + format_number(*randomised) +
                             " randomised");
}

struct IntervalCheck {
    std::optional<double> estimate, low, high;
    double level;
    std::string measure;
    bool kept_out = false; ///< the row says why it stays out of pools: its numbers are kept as printed
};

bool is_ratio(std::string_view measure) {
    return measure == "OR" || measure == "RR" || measure == "ROM" || measure == "HR" || measure == "IRR";
}

void check_interval(Context& context, const Place& row, const IntervalCheck& v) {
    if (v.low && v.high && *v.low > *v.high)
        context.complain("number/interval", row, "ci_low",
                         "the interval runs from " + format_number(*v.low) + " down to " +
                             format_number(*v.high),
                         "write the lower number into ci_low");
    else if (v.estimate && !v.kept_out &&
             ((v.low && *v.estimate < *v.low) || (v.high && *v.estimate > *v.high)))
        context.complain("number/outside-interval", row, "estimate",
                         "estimate " + format_number(*v.estimate) + " is outside its interval " +
                             (v.low ? format_number(*v.low) : "...") + " to " +
                             (v.high ? format_number(*v.high) : "..."),
                         "one of the three numbers, or a sign, is wrong");
    if (!(v.level > 0.5 && v.level < 1))
        context.complain("number/level", row, "ci_level",
                         "ci_level: " + format_number(v.level) + " is not between 0.5 and 1",
                         v.level > 50 && v.level < 100 ? "write " + format_number(v.level / 100)
                                                       : "write 0.95 for 95 %");
    if (!is_ratio(v.measure)) return;
    const auto positive = [&](std::string_view field, const std::optional<double>& value) {
        if (value && *value <= 0)
            context.complain("number/ratio", row, field,
                             std::string(field) + ": " + format_number(*value) + " cannot be a ratio (" +
                                 v.measure + ")",
                             "ratios stand on the natural scale: exp of a logarithm");
    };
    positive("estimate", v.estimate);
    positive("ci_low", v.low);
    positive("ci_high", v.high);
}

void check_p(Context& context, const Place& row, const std::optional<PValue>& p) {
    if (p && (p->value < 0 || p->value > 1))
        context.complain("number/range", row, "p",
                         "p: " + format_number(p->value) + " is not between 0 and 1");
}

/// The numbers of each shape.
struct DataCheck {
    Context& context;
    const Result& row;

    bool whole() const { return !made_up(row.status) && !made_up(row.n_status); }
    void people(const std::optional<double>& n) const { check_people(context, row.place, "n", n, whole()); }
    void needs(std::string_view field, bool given, std::string_view what) const {
        if (given || context.failed(row.place, field)) return;
        context.complain("shape/missing-number", row.place, field,
                         "a row of shape '" + std::string(what) + "' needs " + in_quotes(field));
    }
    void events(const std::optional<double>& events, const std::optional<double>& n) const {
        if (!events) return;
        const std::string number = format_number(*events);
        if (*events < 0)
            context.complain("number/events", row.place, "events", "events: " + number + " is negative");
        else if (n && *n > 0 && *events > *n)
            context.complain("number/events", row.place, "events",
                             number + " events among " + format_number(*n) + " people",
                             "is it a count of episodes? Then the shape is 'rate'");
        else if (!made_up(row.status) && *events != std::floor(*events))
            context.complain("number/events", row.place, "events", "events: " + number + " is not whole",
                             "is it a percentage? Write the number of people");
    }

    void operator()(const Events& d) const {
        needs("events", d.events.has_value(), "events");
        people(d.n);
        events(d.events, d.n);
    }
    void operator()(const Moments& d) const {
        // A change may follow from the rows before and after.
        if (row.basis != "change") needs("mean", d.mean || d.median, "moments");
        people(d.n);
        if (d.sd && *d.sd <= 0)
            context.complain("number/sd", row.place, "sd",
                             *d.sd == 0 ? "SD of zero: everybody would have the same value"
                                        : "sd: " + format_number(*d.sd) + " is negative",
                             "leave it empty when it is not printed");
    }
    void operator()(const Rate& d) const {
        needs("events", d.events.has_value(), "rate");
        events(d.events, {});
        if (d.person_time && *d.person_time <= 0)
            context.complain("number/range", row.place, "person_time",
                             "person_time: " + format_number(*d.person_time) + " is not above 0");
    }
    void operator()(const Contrast& d) const {
        needs("measure", !d.measure.empty(), "contrast");
        if (d.f && *d.f < 0)
            context.complain("number/range", row.place, "f", "f: " + format_number(*d.f) + " is negative");
        if (d.sd && row.basis != "paired")
            context.complain(
                "shape/extra-number", row.place, "sd",
                "only a contrast of basis 'paired' has an SD: that of the differences within people",
                "leave it empty or write basis paired");
        else if (d.sd && *d.sd <= 0)
            context.complain("number/sd", row.place, "sd", "sd: " + format_number(*d.sd) + " is not above 0");
        if (!d.t) needs("estimate", d.estimate.has_value(), "contrast");
        people(d.n);
        if (d.se && *d.se <= 0)
            context.complain("number/se", row.place, "se",
                             *d.se == 0 ? "a standard error of zero"
                                        : "se: " + format_number(*d.se) + " is negative",
                             "leave it empty when it is not printed");
        if (d.df && *d.df <= 0)
            context.complain("number/range", row.place, "df",
                             "df: " + format_number(*d.df) + " is not above 0");
        check_interval(context, row.place,
                       {d.estimate, d.ci_low, d.ci_high, d.ci_level, d.measure, !row.not_pooled.empty()});
        if (d.measure == "RD" && d.estimate && std::abs(*d.estimate) > 1)
            context.complain("number/range", row.place, "estimate",
                             "estimate: a difference of risks of " + format_number(*d.estimate) +
                                 " is not between -1 and 1",
                             "write 0.08 for 8 in 100");
    }
    void operator()(const Statement& d) const {
        people(d.n);
        if (d.spread_low && d.spread_high && *d.spread_low > *d.spread_high)
            context.complain("number/interval", row.place, "spread_low",
                             "the spread runs from " + format_number(*d.spread_low) + " down to " +
                                 format_number(*d.spread_high));
        else if (d.median && ((d.spread_low && *d.median < *d.spread_low) ||
                              (d.spread_high && *d.median > *d.spread_high)))
            context.complain("number/outside-interval", row.place, "median",
                             "median " + format_number(*d.median) + " is outside its spread");
    }
};

void check_own_arm(Context& context, const Result& row, std::string_view field, const ArmId& id) {
    const Arm* arm = context.arm(id);
    // A study that does not exist was complained about where it is named.
    if (arm && context.study(arm->study) && context.study(row.study) && arm->study != row.study)
        context.complain("arm/other-study", row.place, field,
                         std::string(field) + ": arm " + in_quotes(id.value) + " belongs to study " +
                             in_quotes(arm->study.value) + ", the row to " + in_quotes(row.study.value));
}

std::string_view shape_name(const Data& data) {
    constexpr std::string_view names[] = {"events", "moments", "rate", "contrast", "statement"};
    return names[data.index()];
}

} // namespace

void check_studies(Context& context) {
    for (const Study& row : context.review.studies) {
        if (row.year && (*row.year < first_year || *row.year > last_year))
            context.complain("number/year", row.place, "year",
                             "year: " + std::to_string(*row.year) + " cannot be");
        check_people(context, row.place, "n_randomised", row.n_randomised, true);
        check_people(context, row.place, "n_analysed", row.n_analysed, true);
        check_analysed(context, row.place, row.n_randomised, row.n_analysed);
        if (!row.same_cohort_as.empty() && row.same_cohort_as == row.id)
            context.complain("study/cohort", row.place, "same_cohort_as", "a study cannot repeat itself");
    }
}

void check_arms(Context& context) {
    std::unordered_map<std::string_view, double> total;
    for (const Arm& row : context.review.arms) {
        check_people(context, row.place, "n_randomised", row.n_randomised, true);
        check_people(context, row.place, "n_analysed", row.n_analysed, true);
        check_analysed(context, row.place, row.n_randomised, row.n_analysed);
        for (const auto& [field, value] :
             {std::pair("dose", row.dose), std::pair("elemental_mg", row.elemental_mg)})
            if (value && *value < 0)
                context.complain("number/range", row.place, field,
                                 std::string(field) + ": " + format_number(*value) + " is negative");
        if (row.elemental_mg && row.elemental_formula.empty() && row.dose_basis != "elemental")
            context.complain("source/no-formula", row.place, "elemental_mg",
                             "elemental_mg has no elemental_formula", "write how it follows from the dose");
        if (row.n_randomised) total[row.study.value] += *row.n_randomised;
    }
    for (const Study& row : context.review.studies) {
        // In a crossover everybody is in every arm.
        const bool repeated =
            row.design == "rct-crossover" || row.design == "n-of-1" || row.design == "before-after";
        if (repeated || context.failed(row.place, "design") || !row.n_randomised || *row.n_randomised <= 0)
            continue;
        const auto sum = total.find(row.id.value);
        if (sum != total.end() && sum->second > *row.n_randomised)
            context.complain("arm/over-study", row.place, "n_randomised",
                             "its arms add up to " + format_number(sum->second) + " people, the study has " +
                                 format_number(*row.n_randomised));
    }
}

void check_comparisons(Context& context) {
    for (const Result& row : context.review.results) {
        check_own_arm(context, row, "arm", row.arm);
        check_own_arm(context, row, "versus", row.versus);
        const bool compares = !row.versus.empty();
        if (compares && row.arm == row.versus)
            context.complain("arm/same", row.place, "versus",
                             "arm " + in_quotes(row.arm.value) + " is compared with itself");
        if (context.failed(row.place, "shape") || context.failed(row.place, "basis")) continue;
        const std::string_view shape = shape_name(row.data);
        const bool one_arm =
            shape == "events" || shape == "rate" || (shape == "moments" && row.basis != "paired");
        if (compares && one_arm)
            context.complain("result/comparison", row.place, "versus",
                             "a row of shape '" + std::string(shape) + "' holds the data of one arm",
                             "empty 'versus', or use the shape 'contrast'");
        const bool between = row.basis == "adjusted" || row.basis == "paired" || row.basis == "final";
        if (!compares && shape == "contrast" && between)
            context.complain("result/comparison", row.place, "versus",
                             "a contrast of basis '" + row.basis + "' needs 'versus'",
                             "name the arm it is compared with");
    }
}

void check_result_numbers(Context& context) {
    for (const Result& row : context.review.results) {
        if (!context.failed(row.place, "shape")) std::visit(DataCheck{context, row}, row.data);
        check_p(context, row.place, row.p);
        if (row.percent && (*row.percent < 0 || *row.percent > 100))
            context.complain("number/range", row.place, "percent",
                             "percent: " + format_number(*row.percent) + " is not between 0 and 100");
        if (row.weeks && *row.weeks < 0)
            context.complain("number/range", row.place, "weeks",
                             "weeks: " + format_number(*row.weeks) + " is negative");
    }
}

void check_result_units(Context& context) {
    for (const Result& row : context.review.results) {
        const Outcome* outcome = context.outcome(row.outcome);
        if (!row.period.empty() && row.period != "unknown" && !readable_period(row.period))
            context.complain("result/period", row.place, "period",
                             "cannot read the period " + in_quotes(row.period),
                             "write 'week', '4 weeks', 'day', 'month', 'season' or 'unknown'");
        if (!outcome) continue;
        if (!row.period.empty() && outcome->kind != OutcomeKind::count)
            context.complain("result/period-unused", row.place, "period",
                             "outcome " + in_quotes(outcome->id.value) +
                                 " is not a count; its rows have no period");
        // Rows that stay out of pools may speak in any unit.
        if (row.unit.empty() || row.unit == "unknown" || row.unit == outcome->unit || !row.not_pooled.empty())
            continue;
        std::vector<std::string> known{outcome->unit};
        for (const UnitFactor& unit : outcome->units)
            known.push_back(unit.unit);
        if (std::find(known.begin(), known.end(), row.unit) != known.end()) continue;
        if (outcome->unit.empty() && outcome->kind != OutcomeKind::binary) continue; // said at the outcome
        if (context.failed(outcome->place, "units." + row.unit)) continue;
        const std::string near = nearest_name(row.unit, known);
        context.complain(
            "result/unit", row.place, "unit",
            "outcome " + in_quotes(outcome->id.value) +
                (outcome->unit.empty() ? " has no unit" : " is measured in " + in_quotes(outcome->unit)) +
                "; there is no factor for " + in_quotes(row.unit),
            near.empty() ? "add units = { \"...\" = factor } to the outcome, or write 'unknown'"
                         : "did you mean " + in_quotes(near) + "?");
    }
}

void check_formulas(Context& context) {
    for (const Result& row : context.review.results)
        if ((made_up(row.status) || made_up(row.n_status)) && row.formula.empty() &&
            !context.failed(row.place, "formula"))
            context.complain(
                "source/no-formula", row.place, "formula",
                std::string(made_up(row.status) ? "the row is " + row.status : "its n is " + row.n_status) +
                    "; 'formula' does not say how the number was made");
}

void check_published(Context& context) {
    for (const Published& row : context.review.published) {
        check_interval(context, row.place,
                       {row.estimate, row.ci_low, row.ci_high, row.ci_level, row.measure});
        check_p(context, row.place, row.p);
        if (row.i2 && (*row.i2 < 0 || *row.i2 > 100))
            context.complain("number/range", row.place, "i2",
                             "i2: " + format_number(*row.i2) + " is not a percentage");
    }
}

void check_conclusions(Context& context) {
    for (const Conclusion& row : context.review.conclusions)
        if (row.study.empty() == row.report.empty())
            context.complain("conclusion/subject", row.place, "study",
                             row.study.empty() ? "neither 'study' nor 'report' says whose conclusion it is"
                                               : "both 'study' and 'report' are filled",
                             "fill 'study' for a trial, 'report' for a review, guideline or agency");
}

} // namespace assay::bundle
