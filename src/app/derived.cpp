#include "app/derived.hpp"

#include "effect/assemble.hpp"
#include "effect/rules.hpp"
#include "report/json_writer.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::app {

namespace {

using namespace model;

bool same(const Derived& a, const Derived& b) {
    return a.row == b.row && a.number == b.number && a.rule == b.rule && a.value == b.value &&
           a.origin == b.origin;
}

/// Four figures are enough to read; results.json has them all.
std::string rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return text::format_number(value);
    const double unit = std::pow(10.0, std::floor(std::log10(std::fabs(value))) - 3);
    if (!(unit > 0) || unit >= 1) return text::format_number(std::round(value));
    return text::format_number(std::round(value / unit) / std::round(1 / unit));
}

std::string inputs_text(const Derived& one) {
    std::string out;
    for (const auto& input : one.inputs)
        out += (out.empty() ? "" : ", ") + input.name + " " + rounded(input.value);
    return out;
}

} // namespace

std::vector<DerivedNumber> derived_numbers(const Review& review) {
    std::map<std::string, std::size_t> order;
    for (std::size_t i = 0; i < review.results.size(); ++i)
        order.emplace(review.results[i].id.value, i);
    std::vector<DerivedNumber> numbers;
    for (const auto& analysis : review.analyses)
        for (const auto& effect : effect::assemble(review, analysis).effects)
            for (const auto& made : effect.derived) {
                auto known = std::find_if(numbers.begin(), numbers.end(),
                                          [&](const DerivedNumber& row) { return same(row.made, made); });
                if (known == numbers.end()) {
                    const auto* row = review.find(made.row);
                    known = numbers.insert(numbers.end(), {made, {}, row ? row->place : Place{}});
                }
                if (known->analyses.empty() || known->analyses.back() != analysis.id)
                    known->analyses.push_back(analysis.id);
            }
    std::stable_sort(numbers.begin(), numbers.end(), [&](const DerivedNumber& a, const DerivedNumber& b) {
        return order[a.made.row.value] < order[b.made.row.value];
    });
    return numbers;
}

std::string derived_text(const std::vector<DerivedNumber>& numbers) {
    if (numbers.empty()) return "no number of an analysis had to be derived\n";
    std::string out;
    for (const auto& row : numbers) {
        const Derived& made = row.made;
        const auto* rule = effect::find_rule(made.rule);
        out += row.place.file + ":" + std::to_string(row.place.line) + ": " + made.row.value + ": " +
               made.number + " = " + rounded(made.value) + " [" + made.rule + "]\n";
        out += "    " + made.formula + "; " + inputs_text(made) + "\n";
        if (!made.origin.empty()) out += "    " + made.origin + "\n";
        out += "    " + (rule ? std::string(rule->source) + "; " : std::string()) + "for";
        for (std::size_t i = 0; i < row.analyses.size(); ++i)
            out += (i ? ", " : " ") + row.analyses[i].value;
        out += "\n";
    }
    return out;
}

std::string derived_json(const std::vector<DerivedNumber>& numbers) {
    report::JsonWriter json;
    json.begin_object().member("schema", "assay/derived/1");
    json.key("derived").begin_array();
    for (const auto& row : numbers) {
        const Derived& made = row.made;
        const auto* rule = effect::find_rule(made.rule);
        json.begin_object()
            .member("file", row.place.file)
            .member("line", row.place.line)
            .member("row", made.row.value);
        json.member("number", made.number).member("value", made.value).member("rule", made.rule);
        json.member("formula", made.formula)
            .member("source", rule ? std::string(rule->source) : std::string());
        json.key("inputs").begin_array();
        for (const auto& input : made.inputs)
            json.begin_object().member("name", input.name).member("value", input.value).end_object();
        json.end_array().member("origin", made.origin).member("assumed", made.assumed);
        json.key("analyses").begin_array();
        for (const auto& id : row.analyses)
            json.value(id.value);
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return json.take();
}

} // namespace assay::app
