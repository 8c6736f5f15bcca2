#include "app/meta_data.hpp"

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "effect/cells.hpp"

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

const synth::Variable& variable(const std::vector<synth::Variable>& variables, const std::string& name,
                                const std::string& option) {
    std::vector<std::string> names;
    for (const synth::Variable& one : variables) {
        if (one.name == name) return one;
        names.push_back(one.name);
    }
    const std::string near = nearest_name(name, names);
    throw Error("meta/unknown-column",
                "--" + option + ": there is no column '" + name + "'" +
                    (near.empty() ? "" : "; did you mean '" + near + "'?"),
                Exit::input);
}

/// From ni, both group sizes, or the cells of a table.
std::optional<double> size_of(const effect::Row& row) {
    using effect::Role;
    if (row[Role::ni]) return row[Role::ni];
    if (row[Role::n1i] && row[Role::n2i]) return *row[Role::n1i] + *row[Role::n2i];
    if (const auto cells = effect::cells_of(row)) return cells->a + cells->b + cells->c + cells->d;
    if (row[Role::xi] && row[Role::mi]) return *row[Role::xi] + *row[Role::mi];
    return std::nullopt;
}

} // namespace

const synth::Estimator* MetaData::estimator() const {
    return request.pool.model == "common" ? nullptr : synth::find_estimator(request.pool.method);
}

synth::UniModel MetaData::model() const {
    synth::UniModel model;
    model.y = y;
    model.v = v;
    if (design) {
        model.x = design->x;
        model.p = design->columns();
    }
    const bool common = request.pool.model == "common";
    if (common && request.pool.method != "IV")
        throw Error("meta/model",
                    "this method works with inverse variances: --method IV instead of " + request.pool.method,
                    Exit::input);
    model.method = common ? "EE" : std::string_view(request.pool.method);
    model.test = test();
    model.level = request.pool.level;
    model.tau2 = request.pool.tau2;
    model.weights = weights;
    model.weighted = !request.unweighted;
    return model;
}

std::vector<std::string> MetaData::coefficient_names() const {
    return design ? design->names : std::vector<std::string>{"intrcpt"};
}

synth::Test MetaData::test() const {
    return synth::test_of(request.pool.test).value_or(synth::Test::z);
}

std::vector<double> MetaData::numbers(const std::string& column, const std::string& option) const {
    const synth::Variable& found = variable(variables, column, option);
    for (std::size_t i = 0; i < found.numbers.size(); ++i)
        if (std::isnan(found.numbers[i]))
            throw Error(
                "meta/no-number",
                "--" + option + " " + column + ": " + label(i) + " has " +
                    (found.words[i].empty() ? "no value" : "'" + found.words[i] + "', which is not a number"),
                Exit::input);
    return found.numbers;
}

const std::vector<std::string>& MetaData::words(const std::string& column, const std::string& option) const {
    return variable(variables, column, option).words;
}

std::vector<double> MetaData::sizes(const std::string& option) const {
    std::vector<double> sizes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto size = size_of(rows[i]);
        if (!size || !(*size > 0))
            throw Error("meta/no-size",
                        "--" + option + ": how many people " + label(i) +
                            " had is not known; name a column by --ni",
                        Exit::input);
        sizes.push_back(*size);
    }
    return sizes;
}

} // namespace assay::app
