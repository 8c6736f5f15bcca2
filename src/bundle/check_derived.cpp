// Numbers other numbers are derived from: means with their precision, medians, correlations, clusters, and
// the values a review declares in [derived].
#include "base/utf8.hpp"
#include "bundle/check_context.hpp"
#include "text/number.hpp"

namespace assay::bundle {

namespace {

using namespace model;
using text::format_number;

bool is_correlation(double r) {
    return r >= -1 && r <= 1;
}
bool is_icc(double icc) {
    return icc >= 0 && icc <= 1;
}

void check_correlation(Context& context, const Place& row, std::string_view field,
                       const std::optional<double>& r) {
    if (r && !is_correlation(*r))
        context.complain("number/range", row, field,
                         std::string(field) + ": a correlation of " + format_number(*r) +
                             " is not between -1 and 1");
}

void check_icc(Context& context, const Place& row, std::string_view field, const std::optional<double>& icc) {
    if (icc && !is_icc(*icc))
        context.complain("number/range", row, field,
                         std::string(field) + ": an intracluster correlation of " + format_number(*icc) +
                             " is not between 0 and 1",
                         *icc > 1 && *icc <= 100 ? "a design effect is not an ICC" : "");
}

/// A value from a list must lie where the values it stands for may.
void check_list(Context& context, const Place& place, std::string_view key, const std::vector<double>& values,
                bool (*fits)(double), std::string_view what) {
    for (const double value : values)
        if (!fits(value))
            context.complain("number/range", place, key,
                             std::string(key) + ": " + format_number(value) + " is not " + std::string(what));
}

void check_order(Context& context, const Place& row, std::string_view field, const std::optional<double>& low,
                 const std::optional<double>& high, std::string_view what) {
    if (low && high && *low > *high)
        context.complain("number/interval", row, field,
                         std::string(what) + " runs from " + format_number(*low) + " down to " +
                             format_number(*high));
}

void check_group(Context& context, const Result& row, const Moments& d) {
    if (d.se && *d.se <= 0)
        context.complain("number/se", row.place, "se",
                         *d.se == 0 ? "a standard error of zero"
                                    : "se: " + format_number(*d.se) + " is negative",
                         "leave it empty when it is not printed");
    if (d.df && *d.df <= 0)
        context.complain("number/range", row.place, "df", "df: " + format_number(*d.df) + " is not above 0");
    check_order(context, row.place, "ci_low", d.ci_low, d.ci_high, "the interval");
    check_order(context, row.place, "spread_low", d.spread_low, d.spread_high, "the spread");
    check_order(context, row.place, "minimum", d.minimum, d.maximum, "the range");
    if (!(d.ci_level > 0.5 && d.ci_level < 1))
        context.complain("number/level", row.place, "ci_level",
                         "ci_level: " + format_number(d.ci_level) + " is not between 0.5 and 1",
                         "write 0.95 for 95 %");
    const auto outside = [](const std::optional<double>& x, const std::optional<double>& low,
                            const std::optional<double>& high) {
        return x && ((low && *x < *low) || (high && *x > *high));
    };
    if (outside(d.mean, d.ci_low, d.ci_high))
        context.complain("number/outside-interval", row.place, "mean",
                         "mean " + format_number(*d.mean) + " is outside its interval");
    if (outside(d.median, d.spread_low, d.spread_high) || outside(d.median, d.minimum, d.maximum))
        context.complain("number/outside-interval", row.place, "median",
                         "median " + format_number(*d.median) + " is outside its spread");
    const bool spread = d.spread_low || d.spread_high;
    if (spread && d.spread_kind.empty())
        context.complain("shape/missing-number", row.place, "spread_kind",
                         "a spread needs 'spread_kind': nothing can be derived from it otherwise",
                         "write iqr or range");
    else if (spread && d.spread_kind == "ci")
        context.complain("shape/extra-number", row.place, "spread_kind",
                         "an interval of a median gives neither mean nor SD",
                         "an interval of the mean stands in ci_low and ci_high");
    else if (d.spread_kind == "range" && (d.minimum || d.maximum))
        context.complain("shape/extra-number", row.place, "minimum",
                         "the range is given twice: by spread_kind and by minimum and maximum",
                         "put the quartiles into the spread, with spread_kind iqr");
}

} // namespace

void check_derived(Context& context) {
    for (const Result& row : context.review.results) {
        check_correlation(context, row.place, "correlation", row.correlation);
        check_icc(context, row.place, "icc", row.icc);
        if (row.cluster_size && !(*row.cluster_size >= 1))
            context.complain("number/range", row.place, "cluster_size",
                             "cluster_size: clusters of " + format_number(*row.cluster_size) + " people");
        if (row.icc && !row.cluster_size)
            context.complain("shape/missing-number", row.place, "cluster_size",
                             "an ICC needs 'cluster_size': the design effect is 1 + (cluster_size - 1)*icc",
                             "people over clusters");
        const Study* study = context.study(row.study);
        if (study && row.cluster_size && study->design != "rct-cluster" &&
            !context.failed(study->place, "design"))
            context.complain("result/comparison", row.place, "cluster_size",
                             "study " + in_quotes(row.study.value) + " is not a trial by clusters but " +
                                 in_quotes(study->design),
                             "empty 'cluster_size', or write design rct-cluster in studies.csv");
        if (const auto* group = std::get_if<Moments>(&row.data); group && !context.failed(row.place, "shape"))
            check_group(context, row, *group);
    }
    const DerivedChoices& chosen = context.review.derived;
    check_correlation(context, chosen.place, "change_correlation", chosen.change_correlation);
    check_correlation(context, chosen.place, "crossover_correlation", chosen.crossover_correlation);
    check_icc(context, chosen.place, "icc", chosen.icc);
    check_list(context, chosen.place, "correlations", chosen.correlations, is_correlation,
               "a correlation between -1 and 1");
    check_list(context, chosen.place, "iccs", chosen.iccs, is_icc, "an ICC between 0 and 1");
    const auto of_set = [&](const SensitivitySet& set) {
        check_correlation(context, set.place, "change_correlation", set.change_correlation);
        check_correlation(context, set.place, "crossover_correlation", set.crossover_correlation);
        check_icc(context, set.place, "icc", set.icc);
    };
    for (const SensitivitySet& set : context.review.sets)
        of_set(set);
    for (const Analysis& analysis : context.review.analyses)
        for (const SensitivitySet& set : analysis.sensitivity)
            of_set(set);
}

} // namespace assay::bundle
