#include "bundle/shapes.hpp"

#include <algorithm>

namespace assay::bundle {

namespace {

using Words = std::string_view;
constexpr Words events_numbers[] = {"n", "events"}, events_core[] = {"events"};
constexpr Words moments_numbers[] = {
    "n", "mean", "sd",     "se",         "ci_low",      "ci_high",     "ci_level", "ci_quantile",
    "t", "df",   "median", "spread_low", "spread_high", "spread_kind", "minimum",  "maximum"};
constexpr Words moments_core[] = {"mean", "median"};
constexpr Words rate_numbers[] = {"n", "events", "person_time"}, rate_core[] = {"events"};
constexpr Words contrast_numbers[] = {"n",        "measure", "estimate", "se", "ci_low", "ci_high",
                                      "ci_level", "t",       "df",       "f",  "sd"};
constexpr Words contrast_core[] = {"estimate", "t"};
constexpr Words statement_numbers[] = {"n", "median", "spread_low", "spread_high", "spread_kind"};

constexpr Shape all[] = {{"events", events_numbers, events_core},
                         {"moments", moments_numbers, moments_core},
                         {"rate", rate_numbers, rate_core},
                         {"contrast", contrast_numbers, contrast_core},
                         {"statement", statement_numbers, {}}};

constexpr double usual_level = 0.95;

struct Flatten {
    ResultRow& row;
    void operator()(const model::Events& d) const {
        row.shape = "events", row.events = d.events, row.n = d.n;
    }
    void operator()(const model::Moments& d) const {
        row.shape = "moments", row.mean = d.mean, row.sd = d.sd, row.n = d.n, row.se = d.se;
        row.ci_low = d.ci_low, row.ci_high = d.ci_high, row.ci_quantile = d.ci_quantile, row.t = d.t,
        row.df = d.df;
        row.median = d.median, row.spread_low = d.spread_low, row.spread_high = d.spread_high;
        row.spread_kind = d.spread_kind, row.minimum = d.minimum, row.maximum = d.maximum;
        if (d.ci_level != usual_level) row.ci_level = d.ci_level;
    }
    void operator()(const model::Rate& d) const {
        row.shape = "rate", row.events = d.events, row.person_time = d.person_time;
    }
    void operator()(const model::Contrast& d) const {
        row.shape = "contrast", row.measure = d.measure, row.estimate = d.estimate, row.se = d.se;
        row.ci_low = d.ci_low, row.ci_high = d.ci_high, row.t = d.t, row.df = d.df, row.n = d.n;
        row.f = d.f, row.sd = d.sd;
        if (d.ci_level != usual_level) row.ci_level = d.ci_level;
    }
    void operator()(const model::Statement& d) const {
        row.shape = "statement", row.median = d.median, row.spread_low = d.spread_low;
        row.spread_high = d.spread_high, row.spread_kind = d.spread_kind, row.n = d.n;
    }
};

model::Moments moments_of(const ResultRow& row) {
    model::Moments d{row.mean, row.sd, row.n};
    d.se = row.se, d.ci_low = row.ci_low, d.ci_high = row.ci_high, d.t = row.t, d.df = row.df;
    d.ci_level = row.ci_level.value_or(usual_level), d.ci_quantile = row.ci_quantile;
    d.median = row.median, d.spread_low = row.spread_low, d.spread_high = row.spread_high;
    d.spread_kind = row.spread_kind, d.minimum = row.minimum, d.maximum = row.maximum;
    return d;
}

} // namespace

std::span<const Shape> shapes() {
    return all;
}

const Shape* find_shape(std::string_view name) {
    const auto found =
        std::find_if(std::begin(all), std::end(all), [&](const Shape& s) { return s.name == name; });
    return found == std::end(all) ? nullptr : found;
}

bool is_shape_number(std::string_view column) {
    return std::any_of(std::begin(all), std::end(all), [&](const Shape& shape) {
        return std::find(shape.numbers.begin(), shape.numbers.end(), column) != shape.numbers.end();
    });
}

model::Result assemble(ResultRow row) {
    model::Data data = model::Statement{row.median, row.spread_low, row.spread_high, row.n, row.spread_kind};
    if (row.shape == "events") data = model::Events{row.events, row.n};
    if (row.shape == "moments") data = moments_of(row);
    if (row.shape == "rate") data = model::Rate{row.events, row.person_time};
    if (row.shape == "contrast")
        data = model::Contrast{row.measure, row.estimate, row.se,
                               row.ci_low,  row.ci_high,  row.t,
                               row.df,      row.n,        row.ci_level.value_or(usual_level),
                               row.f,       row.sd};
    row.data = std::move(data);
    return static_cast<model::Result&&>(row);
}

ResultRow flatten(const model::Result& result) {
    ResultRow row;
    static_cast<model::Result&>(row) = result;
    std::visit(Flatten{row}, result.data);
    return row;
}

} // namespace assay::bundle
