#include "effect/agreement.hpp"

#include "effect/convert.hpp"
#include "effect/derive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::effect {

namespace {
using namespace model;

/// Numbers that are counts or choices, not rounded measurements.
bool is_exact(Number number) {
    return number == Number::n || number == Number::n1 || number == Number::n2 ||
           number == Number::ci_level || number == Number::df;
}

/// How far the rule's result can move when each input moves by half of its last printed digit.
double slack_of(const Rule& rule, const Numbers& numbers, double value) {
    double slack = 0;
    for (const Number need : rule.needs) {
        if (is_exact(need)) continue;
        double widest = 0;
        for (const double sign : {-1.0, 1.0}) {
            Numbers moved = numbers;
            moved[need] = numbers.at(need) + sign * rounding_half_width(numbers.at(need));
            const Made made = rule.run(moved);
            if (!made.value) return std::fabs(value); // rounding reaches the edge of the formula's domain
            widest = std::max(widest, std::fabs(*made.value - value));
        }
        slack += widest;
    }
    return slack;
}

/// A share of the number itself: papers compute with more digits, and drop people, in ways a reader cannot
/// see.
constexpr double tolerated = 0.02;

bool agrees(double printed, double made, double slack) {
    return std::fabs(printed - made) <= slack + rounding_half_width(printed) + tolerated * std::fabs(printed);
}

std::string inputs_text(const Rule& rule, const Numbers& numbers) {
    std::string text;
    for (const Number need : rule.needs)
        if (need != Number::ci_level)
            text += fmt::format("{}{} {:.6g}", text.empty() ? "" : ", ", number_name(need), numbers.at(need));
    return text;
}

std::string does_not_follow(std::string_view field, double printed, const Rule& rule, const Numbers& numbers,
                            double made) {
    return fmt::format("{} {:.6g} does not follow from {}: {:.4g} would ({})", field, printed,
                       inputs_text(rule, numbers), made, rule.formula);
}

class Comparison {
public:
    explicit Comparison(std::vector<model::RowMessage>& found) : found_(found) {}

    void tell(const Result& row, std::string field, std::string message) {
        found_.push_back({"number/disagree", row.place, std::move(field), std::move(message), {}});
    }

    /// One of the rules that give the same number must agree; the last one's result is told.
    void one_of(const Result& row, const char* field, double printed, const Numbers& numbers,
                std::initializer_list<const char*> ids) {
        std::string message;
        for (const char* id : ids) {
            const Rule& rule = *find_rule(id);
            if (!applies(rule, numbers)) continue;
            const Made made = rule.run(numbers);
            if (!made.value) continue;
            if (agrees(printed, *made.value, slack_of(rule, numbers, *made.value))) return;
            if (message.empty()) message = does_not_follow(field, printed, rule, numbers, *made.value);
        }
        if (!message.empty()) tell(row, field, std::move(message));
    }

private:
    std::vector<model::RowMessage>& found_;
};

void compare_group(const Result& row, const Moments& data, Comparison& comparison) {
    if (!data.sd || !(*data.sd > 0)) return;
    Numbers x = numbers_of(row, data);
    x[Number::sd].reset();
    comparison.one_of(row, "sd", *data.sd, x, {"sd.se"});
    if (data.ci_quantile == "z")
        comparison.one_of(row, "sd", *data.sd, x, {"sd.ci-z"});
    else if (data.ci_low && data.ci_high) {
        if (data.ci_quantile.empty()) x[Number::z_low] = data.ci_low, x[Number::z_high] = data.ci_high;
        comparison.one_of(row, "sd", *data.sd, x, {"sd.ci", "sd.ci-z"});
    }
    if (row.basis == "change") comparison.one_of(row, "sd", *data.sd, x, {"sd.t"});
}

void compare_contrast(const Result& row, const Contrast& data, Comparison& comparison) {
    const bool ratio = data.measure == "OR" || data.measure == "RR" || data.measure == "ROM";
    if (!data.se || !(*data.se > 0)) return;
    // Limits of ratios are rounded on another scale than their standard error: the trust checks look at
    // those.
    if (ratio) return;
    Numbers x;
    x[Number::estimate] = data.estimate, x[Number::t] = data.t, x[Number::f] = data.f;
    x[Number::sd_difference] = data.sd, x[Number::n] = data.n;
    comparison.one_of(row, "se", *data.se, x, {"se.differences"});
    comparison.one_of(row, "se", *data.se, x, {"se.t"});
    comparison.one_of(row, "se", *data.se, x, {"se.f"});
}

const Moments* moments_of(const std::vector<const Result*>& rows, const Result& like, const char* basis,
                          bool same_time) {
    for (const Result* row : rows)
        if (row->arm == like.arm && row->outcome == like.outcome && row->basis == basis &&
            row->unit == like.unit && row->period == like.period &&
            (!same_time || row->timepoint == like.timepoint))
            if (const auto* data = std::get_if<Moments>(&row->data)) return data;
    return nullptr;
}

/// A change beside the values before and after: some correlation must give its SD.
void compare_change(const Result& row, const Moments& data, const std::vector<const Result*>& rows,
                    Comparison& comparison) {
    const Moments* before = moments_of(rows, row, "baseline", false);
    const Moments* after = moments_of(rows, row, "final", true);
    if (!before || !after || !data.sd || !before->sd || !after->sd) return;
    if (!(*data.sd > 0) || !(*before->sd > 0) || !(*after->sd > 0)) return;
    Numbers x;
    x[Number::sd_baseline] = before->sd, x[Number::sd_final] = after->sd,
    x[Number::correlation] = row.correlation;
    if (row.correlation) return comparison.one_of(row, "sd", *data.sd, x, {"sd.change"});
    // Between r = 1 and r = -1 the SD runs from |difference| to the sum.
    const double low = std::fabs(*before->sd - *after->sd), high = *before->sd + *after->sd;
    const double slack = rounding_half_width(*before->sd) + rounding_half_width(*after->sd) +
                         rounding_half_width(*data.sd) + tolerated * *data.sd;
    if (*data.sd >= low - slack && *data.sd <= high + slack) return;
    comparison.tell(
        row, "sd",
        fmt::format("sd {:.6g} of the change does not follow from the SDs {:.6g} before and {:.6g} after: no "
                    "correlation gives it (they allow {:.4g} to {:.4g})",
                    *data.sd, *before->sd, *after->sd, low, high));
}

} // namespace

std::vector<model::RowMessage> disagreements(const Review& review) {
    std::vector<model::RowMessage> found;
    Comparison comparison(found);
    std::map<StudyId, std::vector<const Result*>> rows;
    for (const Result& row : review.results)
        rows[row.study].push_back(&row);
    for (const Result& row : review.results) {
        if (!row.not_pooled.empty()) continue; // its numbers are kept as printed, faults and all
        if (const auto* data = std::get_if<Moments>(&row.data)) {
            compare_group(row, *data, comparison);
            if (row.basis == "change") compare_change(row, *data, rows[row.study], comparison);
        }
        if (const auto* data = std::get_if<Contrast>(&row.data)) compare_contrast(row, *data, comparison);
    }
    return found;
}

} // namespace assay::effect
