// Conversions and transformations against metafor's conv.* and transf.* functions.
#include "effect/five_numbers.hpp"
#include "effect/reconstruct.hpp"
#include "effect/scales.hpp"
#include "effect/transform.hpp"
#include "families.hpp"

#include <cctype>
#include <cmath>

namespace assay::test {

namespace {

using Numbers = std::vector<std::optional<double>>;

/// A cell of a column that may not be there.
std::optional<double> cell(const Table& table, const std::string& column, std::size_t row) {
    const auto found = table.numbers.find(column);
    return found == table.numbers.end() ? std::nullopt : found->second[row];
}

/// The number after `name=` in a call.
std::optional<double> number_after(const std::string& call, const std::string& name) {
    const std::size_t at = call.find(name + "=");
    if (at == std::string::npos) return std::nullopt;
    try {
        return std::stod(call.substr(at + name.size() + 1));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string call_text(const Case& golden) {
    const Json& call = golden.golden.at("oracle").at("call");
    return call.is_array() ? call.dump() : call.get<std::string>();
}

void tables(const Table& table, const std::string& call, Checker& check) {
    Numbers a, b, c, d;
    for (std::size_t i = 0; i < table.rows; ++i) {
        effect::PrintedTable printed{cell(table, "ni", i),
                                     cell(table, "n1i", i),
                                     cell(table, "n2i", i),
                                     cell(table, "ori", i),
                                     cell(table, "ri", i),
                                     cell(table, "x2i", i),
                                     call.find("correct=FALSE") == std::string::npos};
        const auto got = effect::table_from_margins(printed);
        a.push_back(got ? std::optional(got->a) : std::nullopt);
        b.push_back(got ? std::optional(got->b) : std::nullopt);
        c.push_back(got ? std::optional(got->c) : std::nullopt);
        d.push_back(got ? std::optional(got->d) : std::nullopt);
    }
    check.numbers("ai", a);
    check.numbers("bi", b);
    check.numbers("ci", c);
    check.numbers("di", d);
}

void five(const Table& table, const Json& task, const std::string& call, Checker& check) {
    Numbers mean, sd;
    const bool log_normal = task.value("dist", "norm") == "lnorm";
    const bool test = call.find("test=FALSE") == std::string::npos;
    for (std::size_t i = 0; i < table.rows; ++i) {
        const effect::FiveNumbers numbers{cell(table, "min", i),    cell(table, "q1", i),
                                          cell(table, "median", i), cell(table, "q3", i),
                                          cell(table, "max", i),    cell(table, "n", i)};
        const auto got = effect::mean_and_sd(numbers, task.value("method", "default"), log_normal, test);
        mean.push_back(got.mean);
        sd.push_back(got.sd);
    }
    check.numbers("mean", mean);
    check.numbers("sd", sd);
}

void walds(const Table& table, const Json& task, Checker& check) {
    const Json& columns = task.at("columns");
    const auto of = [&](const char* role, std::size_t i) {
        return columns.contains(role) ? cell(table, columns.at(role), i) : std::nullopt;
    };
    Numbers y, v;
    for (std::size_t i = 0; i < table.rows; ++i) {
        effect::PrintedEffect printed{of("out", i),  of("ci_lb", i), of("ci_ub", i), of("zval", i),
                                      of("pval", i), of("yi", i),    of("vi", i)};
        if (const auto level = of("level", i)) printed.level = *level > 1 ? *level / 100 : *level;
        const auto got =
            effect::wald(printed, task.value("transf", "") == "log" ? effect::logarithm : effect::same);
        y.push_back(got.y);
        v.push_back(got.v);
    }
    check.numbers("yi", y);
    check.numbers("vi", v);
}

void deltas(const Table& table, const Json& task, const std::string& call, Checker& check) {
    std::string name = task.at("transf");
    if (name.rfind("transf.", 0) == 0) name = name.substr(7);
    if (name == "plogis") name = "ilogit";
    if (name == "tanh") name = "ztor";
    if (name == "pnorm") name = "iprobit";
    const auto* transformation = effect::find_transformation(name);
    if (!transformation) throw Unsupported{"transformation " + name};
    effect::TransformArguments with;
    with.control_risk = number_after(call, "pc").value_or(0);
    with.tau2 = number_after(call, "tau2").value_or(0);
    Numbers y, v;
    for (std::size_t i = 0; i < table.rows; ++i) {
        with.n = cell(table, "ni", i).value_or(0);
        const auto got = effect::delta_method([&](double x) { return transformation->apply(x, with); },
                                              cell(table, "yi", i).value(), cell(table, "vi", i).value());
        y.push_back(got.y);
        v.push_back(got.v);
    }
    check.numbers("yi", y);
    check.numbers("vi", v);
}

} // namespace

void run_convert(const Case& golden, Checker& check) {
    const Table table = golden.table();
    const std::string op = golden.task().at("op"), call = call_text(golden);
    if (op == "conv_2x2") return tables(table, call, check);
    if (op == "conv_fivenum") return five(table, golden.task(), call, check);
    if (op == "conv_wald") return walds(table, golden.task(), check);
    if (op == "conv_delta") return deltas(table, golden.task(), call, check);
    throw Unsupported{op};
}

void run_transform(const Case& golden, Checker& check) {
    const std::string call = call_text(golden);
    const std::size_t at = call.rfind("transf.");
    if (at == std::string::npos) throw Unsupported{call};
    std::string name;
    for (std::size_t i = at + 7;
         i < call.size() && (std::isalnum(static_cast<unsigned char>(call[i])) || call[i] == '.'); ++i)
        name += call[i];
    const auto* transformation = effect::find_transformation(name);
    if (!transformation) throw Unsupported{"transformation " + name};
    const Table table = golden.table();
    const Json& task = golden.task();
    const std::string x_name = task.value("x", "x"), n_name = task.value("n", "n");
    effect::TransformArguments with;
    with.tau2 = number_after(call, "tau2").value_or(0);
    with.control_risk = number_after(call, "pc").value_or(0);
    with.sd = number_after(call, "sd").value_or(1);
    with.n1 = number_after(call, "n1i").value_or(0);
    with.n2 = number_after(call, "n2i").value_or(0);
    with.share = number_after(call, "pi").value_or(0.5);
    std::vector<double> sizes;
    for (std::size_t i = 0; i < table.rows; ++i)
        if (const auto n = cell(table, n_name, i)) sizes.push_back(*n);
    with.sizes = sizes;
    Numbers y;
    for (std::size_t i = 0; i < table.rows; ++i) {
        with.n = cell(table, n_name, i).value_or(0);
        const auto x = cell(table, x_name, i);
        y.push_back(x ? std::optional(transformation->apply(*x, with)) : std::nullopt);
    }
    check.numbers("y", y);
}

} // namespace assay::test
