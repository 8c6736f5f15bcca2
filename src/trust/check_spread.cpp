// Means and spreads: contrasts against the arms they compare, standard errors in the place of SDs, ends of a
// scale, skew.
#include "num/distributions.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

const ArmMoments* only_row(const Cell& cell, const model::ArmId& arm) {
    const ArmMoments* found = nullptr;
    for (const ArmMoments& row : cell.moments) {
        if (row.row->arm != arm) continue;
        if (found) return nullptr;
        found = &row;
    }
    return found;
}

/// A reported difference beside the two rows it should follow from.
struct Difference {
    const Cell* cell = nullptr;
    const model::Result* row = nullptr;
    const model::Contrast* data = nullptr;
    const ArmMoments *a = nullptr, *b = nullptr;
};

std::vector<Difference> differences(const Context& context) {
    std::vector<Difference> found;
    for (const Cell& cell : context.data.cells()) {
        if (cell.basis == "adjusted") continue;
        for (const model::Result* row : cell.contrasts) {
            const auto* data = std::get_if<model::Contrast>(&row->data);
            if (!data || data->measure != "MD" || !printed_status(row->status)) continue;
            Difference made;
            made.cell = &cell;
            made.row = row;
            made.data = data;
            made.a = only_row(cell, row->arm);
            made.b = only_row(cell, row->versus);
            if (made.a && made.b) found.push_back(made);
        }
    }
    return found;
}

Range minus(const Range& a, const Range& b) {
    return {a.low - b.high, a.high - b.low};
}

void inputs(Finding& made, const ArmMoments& arm) {
    std::string words = arm.mean.text();
    if (arm.sd) words += " (" + arm.sd->text() + ")";
    if (arm.n) words += ", n " + number_words(*arm.n);
    input(made, arm.arm ? arm.arm->label : std::string("group"), words);
    made.touches.push_back(arm.row->id.value);
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

bool change(const std::string& basis) {
    return basis == "change" || basis == "paired" || basis == "adjusted";
}

/// Groups of all studies whose SDs measure the same: one outcome, one unit, values or changes.
std::map<std::vector<std::string_view>, std::vector<const ArmMoments*>> comparable(const Context& context) {
    std::map<std::vector<std::string_view>, std::vector<const ArmMoments*>> sets;
    for (const ArmMoments& group : context.data.moments())
        if (group.sd && group.n && group.sd->value > 0)
            sets[{group.row->outcome.value, group.row->unit, group.row->period,
                  change(group.row->basis) ? "change" : "value"}]
                .push_back(&group);
    return sets;
}

/// Median SD per study, and the typical SD of the other studies.
struct Typical {
    std::map<std::string_view, std::vector<double>> by_study;

    std::optional<double> without(std::string_view study) const {
        std::vector<double> others;
        for (const auto& [name, sds] : by_study)
            if (name != study) others.push_back(median(sds));
        constexpr std::size_t fewest = 3; // with fewer there is no telling which study is the odd one
        if (others.size() < fewest) return std::nullopt;
        return median(others);
    }
};

// Far from the other studies' SDs, and close to them after the conversion: |log| of each ratio.
constexpr double far = 0.9;    // a factor of 2.5
constexpr double close = 0.45; // a factor of 1.6
constexpr double smallest_group = 8;

bool looks_converted(double sd, double converted, double typical) {
    return std::fabs(std::log(sd / typical)) > far && std::fabs(std::log(converted / typical)) < close;
}

void tell_conversion(Sink& sink, const ArmMoments& group, double typical, bool is_se) {
    Finding made = finding(*group.row, "sd", Possible::unlikely);
    inputs(made, group);
    input(made, "sd_of_other_studies", number_words(typical));
    const double root = std::sqrt(*group.n),
                 converted = is_se ? group.sd->value * root : group.sd->value / root;
    made.says = fmt::format(
        "The SD {} is far from that of the other studies ({}); {} the square root of n it would be {}.",
        group.sd->text(), number_words(typical), is_se ? "times" : "divided by", number_words(converted));
    made.remedy =
        is_se ? "It may be a standard error. It is possible as an SD if these people differ less than those "
                "of the "
                "other studies."
              : "The other studies may print standard errors. It is possible if these people differ more.";
    sink.add(std::move(made));
}

struct Scale {
    std::optional<double> low, high;
};

Scale scale_of(const model::Outcome& outcome, const model::Result& row) {
    Scale scale{outcome.scale_low, outcome.scale_high};
    if (!row.unit.empty() && row.unit != outcome.unit) return {};
    if (outcome.kind == model::OutcomeKind::count && !scale.low) scale.low = 0;
    if (outcome.kind == model::OutcomeKind::count && (!row.period.empty() || !outcome.scale_low))
        scale.high.reset();
    return scale;
}

bool plain_value(const std::string& basis) {
    return basis == "baseline" || basis == "final" || basis == "period";
}

} // namespace

void run_contrast(const Context& context, Sink& sink) {
    for (const Difference& d : differences(context)) {
        if (!d.data->estimate) continue;
        sink.examined(d.row->place);
        const Printed estimate = context.data.printed(d.row->place, "estimate", *d.data->estimate);
        const Range possible = minus(d.a->mean.rounded(), d.b->mean.rounded());
        if (possible.meets(estimate.rounded())) continue;
        Finding made = finding(*d.row, "estimate", Possible::unlikely);
        input(made, "estimate", estimate);
        inputs(made, *d.a);
        inputs(made, *d.b);
        made.says = fmt::format("The difference {} does not follow from the means {} and {}, which give {}.",
                                estimate.text(), d.a->mean.text(), d.b->mean.text(),
                                number_words(d.a->mean.value - d.b->mean.value));
        made.remedy = Range{-possible.high, -possible.low}.meets(estimate.rounded())
                          ? "With the other sign it does: look at who minus whom."
                          : "It is possible if the difference was adjusted, or estimated on other people "
                            "than the means.";
        sink.add(std::move(made));
    }
}

void run_sd_difference(const Context& context, Sink& sink) {
    for (const Difference& d : differences(context)) {
        if (!d.data->se || !d.a->sd || !d.b->sd || !d.a->n || !d.b->n || same_people(*d.cell->study))
            continue;
        sink.examined(d.row->place);
        const Printed se = context.data.printed(d.row->place, "se", *d.data->se);
        const Range s1 = d.a->sd->rounded(), s2 = d.b->sd->rounded();
        const double n1 = *d.a->n, n2 = *d.b->n, df = n1 + n2 - 2;
        const auto welch = [&](double a, double b) { return std::sqrt(a * a / n1 + b * b / n2); };
        const auto pooled = [&](double a, double b) {
            return std::sqrt(((n1 - 1) * a * a + (n2 - 1) * b * b) / df * (1 / n1 + 1 / n2));
        };
        const Range possible{std::min(welch(s1.low, s2.low), pooled(s1.low, s2.low)),
                             std::max(welch(s1.high, s2.high), pooled(s1.high, s2.high))};
        if (possible.meets(se.rounded())) continue;
        Finding made = finding(*d.row, "se", Possible::unlikely);
        input(made, "se", se);
        inputs(made, *d.a);
        inputs(made, *d.b);
        made.says = fmt::format(
            "The standard error {} does not follow from the SDs and n of the arms, which give {}.", se.text(),
            number_words(welch(d.a->sd->value, d.b->sd->value)));
        const Range apart = minus(s1, s2), turned{-apart.high, -apart.low};
        if (apart.meets(se.rounded()) || turned.meets(se.rounded()))
            made.remedy = fmt::format(
                "{} is the difference of the two SDs ({} and {}), which is not the error of a difference.",
                se.text(), d.a->sd->text(), d.b->sd->text());
        else
            made.remedy = "It is possible if the difference was adjusted, if n differs, or if it is the SD "
                          "of single differences.";
        sink.add(std::move(made));
    }
}

void run_se_as_sd(const Context& context, Sink& sink) {
    for (const auto& [key, groups] : comparable(context)) {
        Typical typical;
        for (const ArmMoments* group : groups)
            typical.by_study[group->row->study.value].push_back(group->sd->value);
        std::map<std::string_view, std::optional<double>> others;
        for (const auto& [study, sds] : typical.by_study)
            others[study] = groups.size() > 3 ? typical.without(study) : std::nullopt;
        for (const ArmMoments* group : groups) {
            const auto expected = others[group->row->study.value];
            if (!expected || *group->n < smallest_group || !printed_status(group->row->status)) continue;
            sink.examined(group->row->place);
            const double sd = group->sd->value, root = std::sqrt(*group->n);
            if (sd < *expected && looks_converted(sd, sd * root, *expected))
                tell_conversion(sink, *group, *expected, true);
            if (sd > *expected && looks_converted(sd, sd / root, *expected))
                tell_conversion(sink, *group, *expected, false);
        }
    }
    // Within a cell: one arm's SD is the other's divided by the square root of n.
    for (const Cell& cell : context.data.cells()) {
        if (cell.moments.size() != 2) continue;
        const ArmMoments *a = &cell.moments[0], *b = &cell.moments[1];
        if (!a->sd || !b->sd || !a->n || !b->n || a->sd->value <= 0 || b->sd->value <= 0) continue;
        if (a->sd->value > b->sd->value) std::swap(a, b);
        if (*a->n < smallest_group || *b->n < smallest_group) continue;
        sink.examined(a->row->place);
        constexpr double near = 0.1; // within a tenth of exactly the square root of n
        const double ratio = b->sd->value / a->sd->value, root = std::sqrt(*a->n);
        if (std::fabs(std::log(ratio / root)) > near) continue;
        Finding made = finding(*a->row, "sd", Possible::unlikely);
        inputs(made, *a);
        inputs(made, *b);
        made.says =
            fmt::format("The SDs of the two arms, {} and {}, differ by a factor of {}, the square root of n.",
                        a->sd->text(), b->sd->text(), number_words(ratio));
        made.remedy =
            "The smaller one may be a standard error. It is possible if the arms do differ that much.";
        sink.add(std::move(made));
    }
}

void run_scale(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto& outcome = *context.data.outcome(group.row->outcome);
        const Scale scale = scale_of(outcome, *group.row);
        if (!scale.low && !scale.high) continue;
        const Range mean = group.mean.rounded();
        const bool value = plain_value(group.row->basis), moved = group.row->basis == "change";
        if (!value && !(moved && scale.low && scale.high)) continue;
        sink.examined(group.row->place);
        const double low = moved ? *scale.low - *scale.high : scale.low.value_or(-INFINITY);
        const double high = moved ? *scale.high - *scale.low : scale.high.value_or(INFINITY);
        if (mean.high >= low && mean.low <= high) continue;
        Finding made = finding(*group.row, "mean", Possible::no);
        inputs(made, group);
        input(made, "scale_low", number_words(low));
        input(made, "scale_high", number_words(high));
        made.says = fmt::format("The mean {} lies outside the scale, which runs from {} to {}.",
                                group.mean.text(), number_words(low), number_words(high));
        made.remedy = "It is possible if the study used another version of the scale, another unit, or if "
                      "this is a change.";
        sink.add(std::move(made));
    }
}

void run_sd_limit(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto& outcome = *context.data.outcome(group.row->outcome);
        const Scale scale = scale_of(outcome, *group.row);
        if (!scale.low || !group.sd || !group.n || *group.n < 2 || !plain_value(group.row->basis)) continue;
        const Range mean = group.mean.rounded();
        if (mean.high < *scale.low || (scale.high && mean.low > *scale.high))
            continue; // told by the check of the mean
        sink.examined(group.row->place);
        // The largest spread puts everybody at the ends; without an upper end, one person has everything.
        double limit = (mean.high - *scale.low) * std::sqrt(*group.n);
        if (scale.high) {
            const double centre = std::clamp((*scale.low + *scale.high) / 2, mean.low, mean.high);
            limit = std::sqrt(
                std::max(0.0, (*scale.high - centre) * (centre - *scale.low) * *group.n / (*group.n - 1)));
        }
        if (group.sd->rounded().low <= limit) continue;
        Finding made = finding(*group.row, "sd", Possible::no);
        inputs(made, group);
        input(made, "largest_sd", number_words(limit));
        made.says = fmt::format("With the mean {} on this scale no SD above {} is possible; {} is printed.",
                                group.mean.text(), number_words(limit), group.sd->text());
        made.remedy = "It is possible if the scale runs further, or if n or the mean differ.";
        sink.add(std::move(made));
    }
}

void run_skew(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto& outcome = *context.data.outcome(group.row->outcome);
        const Scale scale = scale_of(outcome, *group.row);
        if ((!scale.low && !scale.high) || !group.sd || group.sd->value <= 0 ||
            !plain_value(group.row->basis))
            continue;
        sink.examined(group.row->place);
        const double floor = scale.low ? (group.mean.value - *scale.low) / group.sd->value : INFINITY;
        const double ceiling = scale.high ? (*scale.high - group.mean.value) / group.sd->value : INFINITY;
        const double room = std::min(floor, ceiling);
        if (room >= 1 || room < 0) continue;
        Finding made = finding(*group.row, "sd", Possible::yes);
        inputs(made, group);
        input(made, "sds_to_the_end", number_words(room));
        made.says = fmt::format(
            "The {} end of the scale is only {} SDs from the mean: the values are strongly skewed.",
            floor <= ceiling ? "lower" : "upper", number_words(room));
        made.remedy = "A mean and a normal interval describe such values badly; a ratio of means, a rate or "
                      "medians do better.";
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
