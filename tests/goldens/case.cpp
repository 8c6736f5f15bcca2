#include "case.hpp"

#include "../support/near.hpp"
#include "effect/cells.hpp"

#include <cctype>
#include <cmath>
#include <sstream>

namespace assay::test {

namespace {
std::string digits(double x) {
    std::ostringstream out;
    out.precision(17);
    out << x;
    return out.str();
}
} // namespace

double json_number(const Json& value) {
    if (value.is_number()) return value.get<double>();
    if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
    if (value == "Inf") return INFINITY;
    if (value == "-Inf") return -INFINITY;
    return NAN;
}

const Json* Checker::find(const std::string& field) const {
    const Json* at = &case_.expected();
    std::istringstream names(field);
    for (std::string name; std::getline(names, name, '.');) {
        if (!at->is_object() || !at->contains(name)) return nullptr;
        at = &at->at(name);
    }
    return at;
}

void Checker::fail(const std::string& what) {
    failures_.push_back(case_.id() + ": " + what);
}

void Checker::forgive(const std::string& why) {
    for (const std::string& failure : failures_)
        explanations_.push_back(failure + "; " + why);
    failures_.clear();
}

void Checker::explain(const std::string& what) {
    explanations_.push_back(case_.id() + ": " + what);
}

void Checker::differs(const std::string& field, const std::string& expected, const std::string& got) {
    fail(field + ": expected " + expected + ", got " + got);
}

void Checker::compare(const std::string& field, const Json& expected, std::optional<double> got) {
    const Json& tolerances = case_.golden.at("tol");
    const std::string top = field.substr(0, field.find_first_of(".["));
    const Json& own = tolerances.contains(top) ? tolerances.at(top) : tolerances.at("default");
    const Tolerance tolerance{json_number(own.at("rel")), json_number(own.at("abs"))};
    const double want = json_number(expected), have = got.value_or(NAN);
    ++compared_;
    if (std::isinf(tolerance.absolute) || near(have, want, tolerance)) return;
    differs(field, digits(want),
            digits(have) + ", relative difference " + digits(std::fabs(have - want) / std::fabs(want)));
}

void Checker::number(const std::string& field, std::optional<double> got) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    compare(field, expected->is_array() ? expected->at(0) : *expected, got);
}

void Checker::element(const std::string& field, std::size_t index, std::optional<double> got) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    if (expected->is_null()) return;
    if (!expected->is_array()) {
        if (index == 0) compare(field, *expected, got);
        return;
    }
    if (index >= expected->size())
        return fail(field + ": has only " + std::to_string(expected->size()) + " numbers");
    compare(field + "[" + std::to_string(index) + "]", expected->at(index), got);
}

void Checker::numbers(const std::string& field, const std::vector<std::optional<double>>& got) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    if (expected->is_null()) {
        for (const auto& number : got)
            if (number && !std::isnan(*number))
                return fail(field + ": expected nothing, got " + digits(*number));
        ++compared_;
        return;
    }
    if (!expected->is_array()) return number(field, got.empty() ? std::nullopt : got.front());
    if (expected->size() != got.size())
        return differs(field, std::to_string(expected->size()) + " numbers", std::to_string(got.size()));
    for (std::size_t i = 0; i < got.size(); ++i)
        element(field, i, got[i]);
}

void Checker::numbers(const std::string& field, const std::vector<double>& got) {
    numbers(field, std::vector<std::optional<double>>(got.begin(), got.end()));
}

void Checker::matrix(const std::string& field, const std::vector<double>& got, std::size_t columns) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    if (!expected->is_array())
        return compare(field, *expected, got.empty() ? std::nullopt : std::optional(got.front()));
    std::vector<Json> flat;
    for (const Json& row : *expected) {
        if (row.is_array())
            flat.insert(flat.end(), row.begin(), row.end());
        else
            flat.push_back(row);
    }
    if (flat.size() != got.size())
        return differs(field, std::to_string(flat.size()) + " numbers", std::to_string(got.size()));
    for (std::size_t i = 0; i < got.size(); ++i)
        compare(field + "[" + std::to_string(i / columns) + "," + std::to_string(i % columns) + "]", flat[i],
                got[i]);
}

void Checker::text(const std::string& field, const std::string& got) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    ++compared_;
    const Json& want = expected->is_array() && !expected->empty() ? expected->at(0) : *expected;
    if (want != got) differs(field, want.dump(), got);
}

void Checker::texts(const std::string& field, const std::vector<std::string>& got) {
    const Json* expected = find(field);
    if (!expected) return;
    pass_over(field);
    ++compared_;
    const Json want = expected->is_array() ? *expected : Json::array({*expected});
    if (want != Json(got)) differs(field, want.dump(), Json(got).dump());
}

void Checker::forgive_where_right(const Checker& other) {
    const auto field_of = [&](const std::string& failure) {
        const std::string rest = failure.substr(case_.id().size() + 2);
        return rest.substr(0, rest.find_first_of(".[:"));
    };
    std::set<std::string> wrong;
    for (const std::string& failure : other.failures_)
        wrong.insert(field_of(failure));
    std::vector<std::string> left;
    for (const std::string& failure : failures_) {
        const std::string field = field_of(failure);
        if (!other.seen_.count(field) || wrong.count(field))
            left.push_back(failure);
        else
            explanations_.push_back(failure +
                                    "; it follows from where the oracle stopped, below the maximum");
    }
    failures_ = left;
}

void Checker::finish() {
    for (const auto& [field, value] : case_.expected().items())
        if (!seen_.count(field)) fail(field + ": not computed");
}

namespace {
effect::Options options_of(const Json& wanted) {
    effect::Options options;
    options.by_search = true; // metafor's numbers are those of its search
    for (const auto& [name, value] : wanted.items()) {
        if (name == "add")
            options.add = value.get<double>();
        else if (name == "to")
            options.to = effect::add_to_of(value.get<std::string>()).value();
        else if (name == "drop00")
            options.drop00 = value.get<bool>();
        else if (name == "vtype") {
            const auto vtype = effect::vtype_of(value.get<std::string>());
            if (!vtype) throw Unsupported{"vtype " + value.dump()};
            options.vtype = *vtype;
        } else if (name == "correct")
            options.correct = value.get<bool>();
        else if (name == "addyi")
            options.add_to_effect = value.get<bool>();
        else if (name == "addvi")
            options.add_to_variance = value.get<bool>();
        else
            throw Unsupported{"option " + name};
    }
    return options;
}
} // namespace

Inputs inputs_of(const Case& golden) {
    const Json& wanted = golden.golden.at("effect");
    Inputs inputs;
    inputs.measure = effect::find_measure(wanted.at("measure").get<std::string>());
    if (!inputs.measure) throw Unsupported{"measure " + wanted.at("measure").dump()};
    inputs.table = golden.table();
    inputs.rows.resize(inputs.table.rows);
    for (const auto& [role_name, column] : wanted.at("columns").items()) {
        const auto role = effect::role_of(role_name);
        if (!role) throw Unsupported{"role " + role_name};
        const auto& values = inputs.table.numbers.at(column.get<std::string>());
        for (std::size_t i = 0; i < inputs.rows.size(); ++i)
            inputs.rows[i][*role] = values[i];
    }
    inputs.computed = effect::compute(*inputs.measure, inputs.rows, options_of(wanted.at("options")));
    for (std::size_t i = 0; i < inputs.rows.size(); ++i) {
        const effect::Computed& computed = inputs.computed[i];
        if (computed.status != effect::Status::ok) continue;
        model::Effect one;
        one.study = model::StudyId(std::to_string(i));
        one.label = one.study.value;
        one.measure = std::string(inputs.measure->id);
        one.y = computed.y;
        one.v = computed.v;
        if (const auto cells = effect::cells_of(inputs.rows[i]))
            one.counts = model::Table2x2{cells->a, cells->b, cells->c, cells->d};
        inputs.y.push_back(one.y);
        inputs.v.push_back(one.v);
        inputs.effects.push_back(one);
        inputs.kept.push_back(i);
    }
    return inputs;
}

void drop_incomplete(Inputs& inputs, const std::vector<std::string>& formulas, std::size_t wanted_rows) {
    if (inputs.kept.size() == wanted_rows) return;
    std::vector<std::string> columns;
    for (const std::string& formula : formulas) {
        std::string name;
        for (const char c : formula + " ") {
            if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.') {
                name += c;
                continue;
            }
            if (inputs.table.text.count(name)) columns.push_back(name);
            name.clear();
        }
    }
    Inputs whole = inputs;
    inputs.effects.clear();
    inputs.kept.clear();
    inputs.y.clear();
    inputs.v.clear();
    for (std::size_t i = 0; i < whole.kept.size(); ++i) {
        bool complete = true;
        for (const std::string& column : columns) {
            const std::string& cell = whole.table.text.at(column)[whole.kept[i]];
            complete = complete && !cell.empty() && cell != "NA";
        }
        if (!complete) continue;
        inputs.effects.push_back(whole.effects[i]);
        inputs.kept.push_back(whole.kept[i]);
        inputs.y.push_back(whole.y[i]);
        inputs.v.push_back(whole.v[i]);
    }
    if (inputs.kept.size() != wanted_rows) throw Unsupported{"which rows the design matrix has"};
}

Design design_of(const Json& model) {
    Design design;
    if (!model.contains("X") || model.at("X").is_null()) return design;
    const Json& rows = model.at("X");
    design.present = true;
    design.columns = rows.at(0).size();
    for (std::size_t j = 0; j < design.columns; ++j)
        for (const Json& row : rows)
            design.x.push_back(row.at(j).get<double>());
    return design;
}

} // namespace assay::test
