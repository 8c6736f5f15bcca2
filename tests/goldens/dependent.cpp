// Dependent effects: sampling covariances, aggregation, robust standard errors, location-scale models.
#include "families.hpp"
#include "synth/location_scale.hpp"
#include "synth/regression.hpp"
#include "synth/rve.hpp"
#include "synth/sampling_covariance.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace assay::test {

namespace {

/// The arguments of an R call like "f(vi, cluster=study, rho=c(0.7,0.5))": names to texts; those without a
/// name are "1", "2".
std::map<std::string, std::string> arguments_of(const std::string& call) {
    std::map<std::string, std::string> out;
    const auto open = call.find('('), close = call.rfind(')');
    if (open == std::string::npos || close == std::string::npos) return out;
    int depth = 0, position = 0;
    std::size_t from = open + 1;
    for (std::size_t i = open + 1; i <= close; ++i) {
        if (i == close || (call[i] == ',' && depth == 0)) {
            std::string part = call.substr(from, i - from);
            part.erase(std::remove(part.begin(), part.end(), ' '), part.end());
            const auto equals = part.find('=');
            if (equals == std::string::npos)
                out[std::to_string(++position)] = part;
            else
                out[part.substr(0, equals)] = part.substr(equals + 1);
            from = i + 1;
        } else if (call[i] == '(')
            ++depth;
        else if (call[i] == ')')
            --depth;
    }
    return out;
}

std::vector<double> numbers_in(std::string text) {
    if (text.rfind("c(", 0) == 0) text = text.substr(2, text.size() - 3);
    std::vector<double> out;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, ',');) {
        const auto value = number_of(part);
        if (!value) throw Unsupported{"number " + part};
        out.push_back(*value);
    }
    return out;
}

struct Columns {
    const Table& table;
    const std::map<std::string, std::string>& arguments;

    std::vector<std::string> text(const std::string& argument) const {
        const auto at = arguments.find(argument);
        if (at == arguments.end()) return {};
        const auto column = table.text.find(at->second);
        if (column == table.text.end()) throw Unsupported{"column " + at->second};
        return column->second;
    }
    std::vector<double> numbers(const std::string& argument) const {
        const auto at = arguments.find(argument);
        if (at == arguments.end()) return {};
        const auto column = table.numbers.find(at->second);
        if (column == table.numbers.end()) throw Unsupported{"column " + at->second};
        std::vector<double> out;
        for (const auto& value : column->second)
            out.push_back(value.value_or(NAN));
        return out;
    }
};

void check_covariance(const num::Matrix& v, Checker& check, const Case& golden) {
    double trace = 0, sum = 0;
    int nonzero = 0;
    for (std::size_t i = 0; i < v.rows; ++i)
        for (std::size_t j = 0; j < v.rows; ++j) {
            trace += i == j ? v(i, j) : 0;
            sum += v(i, j);
            nonzero += v(i, j) != 0;
        }
    check.number("V_trace", trace);
    check.number("V_sum", sum);
    check.number("nonzero", nonzero);
    if (!check.has("V_first_rows")) return;
    const std::size_t size = golden.expected().at("V_first_rows").size();
    const std::size_t width = golden.expected().at("V_first_rows").at(0).size();
    std::vector<double> corner;
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < width; ++j)
            corner.push_back(v(i, j));
    check.matrix("V_first_rows", corner, width);
}

/// "ri ~ var1 + var2 | study".
std::vector<std::string> names_in_formula(std::string text) {
    for (char& c : text)
        if (c == '~' || c == '+' || c == '|') c = ' ';
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string name; in >> name;)
        out.push_back(name);
    return out;
}

void run_rcalc(const Case& golden, Checker& check) {
    const Table table = golden.table();
    const auto arguments = arguments_of(golden.golden.at("oracle").at("call").at(0));
    const auto names = names_in_formula(golden.task().at("args"));
    const auto n = arguments.find("ni");
    if (names.size() != 4 || n == arguments.end()) throw Unsupported{"arguments of rcalc"};
    std::vector<synth::CorrelationRow> rows;
    for (std::size_t i = 0; i < table.rows; ++i) {
        const auto r = table.numbers.at(names[0])[i];
        rows.push_back({table.text.at(names[3])[i], table.text.at(names[1])[i], table.text.at(names[2])[i],
                        r.value_or(0), table.numbers.at(n->second)[i].value_or(NAN), !r});
    }
    const bool transformed = arguments.count("rtoz") && arguments.at("rtoz") == "TRUE";
    synth::StudySize size = synth::StudySize::smallest;
    if (arguments.count("nfun")) {
        const std::string& name = arguments.at("nfun");
        if (name.find("harmonic") != std::string::npos) size = synth::StudySize::harmonic;
        if (name.find("mean") != std::string::npos) size = synth::StudySize::mean;
    }
    const auto got = synth::correlation_covariance(rows, transformed, size);
    check.numbers("yi", got.y);
    check_covariance(got.v, check, golden);
}

} // namespace

void run_vcalc(const Case& golden, Checker& check) {
    if (golden.task().at("op") == "rcalc") return run_rcalc(golden, check);
    const Table table = golden.table();
    const auto arguments = arguments_of(golden.task().at("args"));
    const Columns columns{table, arguments};
    for (const char* name : {"rvars", "nearpd"})
        if (arguments.count(name)) throw Unsupported{std::string("vcalc's ") + name};
    const auto v = columns.numbers("1").empty() ? columns.numbers("vi") : columns.numbers("1");
    auto cluster = columns.text("cluster");
    const auto subgroup = columns.text("subgroup");
    for (std::size_t i = 0; i < subgroup.size(); ++i)
        cluster[i] += "." + subgroup[i];
    const auto obs = columns.text("obs"), type = columns.text("type"), group1 = columns.text("grp1"),
               group2 = columns.text("grp2");
    const auto time1 = columns.numbers("time1"), time2 = columns.numbers("time2"), w1 = columns.numbers("w1"),
               w2 = columns.numbers("w2");
    synth::SamplingDesign design{cluster, obs, type, group1, group2, time1, time2, w1, w2};
    if (arguments.count("rho")) {
        const auto rho = numbers_in(arguments.at("rho"));
        design.rho_obs = rho.front();
        design.rho_type = rho.back();
    }
    if (arguments.count("phi")) design.phi = numbers_in(arguments.at("phi")).at(0);
    check_covariance(synth::sampling_covariance(v, design).v, check, golden);
}

void run_aggregate(const Case& golden, Checker& check) {
    const Table table = golden.table();
    const auto arguments = arguments_of(golden.task().at("args"));
    const Columns columns{table, arguments};
    const std::string structure = arguments.count("struct") ? arguments.at("struct") : "\"CS\"";
    synth::AggregateOptions options;
    if (arguments.count("weighted")) options.weighted = arguments.at("weighted") != "FALSE";
    if (arguments.count("rho") && structure.find("CS") != std::string::npos)
        options.rho = numbers_in(arguments.at("rho")).at(0);
    if (arguments.count("phi") && structure.find("CAR") != std::string::npos)
        options.phi = numbers_in(arguments.at("phi")).at(0);
    options.sum_of_both = structure.find("CS+CAR") != std::string::npos;
    std::optional<num::Matrix> matrix;
    if (golden.golden.at("data").contains("V_file")) {
        const auto rows =
            read_matrix(golden.folder + "/" + golden.golden.at("data").at("V_file").get<std::string>());
        matrix = num::Matrix(rows.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            std::copy(rows[i].begin(), rows[i].end(), matrix->row(i).begin());
    } else if (arguments.count("V"))
        throw Unsupported{"V of aggregate"};
    std::vector<double> y, v;
    for (std::size_t i = 0; i < table.rows; ++i) {
        y.push_back(table.numbers.at("yi")[i].value_or(NAN));
        v.push_back(table.numbers.at("vi")[i].value_or(NAN));
    }
    const bool both = structure.find("CS*CAR") != std::string::npos;
    const auto obs = both ? columns.text("obs") : std::vector<std::string>{};
    const auto time = columns.numbers("time");
    std::vector<double> got_y, got_v, got_k;
    for (const auto& one :
         synth::aggregate(y, v, matrix ? &*matrix : nullptr, columns.text("cluster"), options, obs, time)) {
        got_y.push_back(one.y);
        got_v.push_back(one.v);
        got_k.push_back(one.rows);
    }
    check.numbers("yi", got_y);
    check.numbers("vi", got_v);
    check.numbers("ki", got_k);
    check.number("k", static_cast<double>(got_y.size()));
}

namespace {

num::Matrix design_matrix(const Json& model, const char* name, std::size_t rows) {
    num::Matrix out;
    if (!model.contains(name) || model.at(name).is_null()) {
        out = num::Matrix(rows, 1);
        std::fill(out.cells.begin(), out.cells.end(), 1.0);
        return out;
    }
    const Json& given = model.at(name);
    out = num::Matrix(given.size(), given.at(0).size());
    for (std::size_t i = 0; i < out.rows; ++i)
        for (std::size_t j = 0; j < out.columns; ++j)
            out(i, j) = given.at(i).at(j).get<double>();
    return out;
}

/// The inputs of a case with the rows that its design matrices have.
Inputs complete_inputs(const Case& golden) {
    Inputs inputs = inputs_of(golden);
    const Json& model = golden.model();
    std::vector<std::string> formulas;
    for (const char* name : {"mods", "scale", "formula"})
        if (model.contains(name) && model.at(name).is_string()) formulas.push_back(model.at(name));
    for (const char* name : {"X", "Z"})
        if (model.contains(name) && model.at(name).is_array()) {
            drop_incomplete(inputs, formulas, model.at(name).size());
            break;
        }
    return inputs;
}

std::vector<std::size_t> clusters_of(const Inputs& inputs, const std::string& column) {
    const auto at = inputs.table.text.find(column);
    if (at == inputs.table.text.end()) throw Unsupported{"column " + column};
    std::vector<std::string> values;
    for (std::size_t row : inputs.kept)
        values.push_back(at->second[row]);
    return synth::factor_of(values).of_row;
}

void check_robust(const synth::RobustFit& got, Checker& check) {
    if (got.se.empty()) throw Unsupported{got.notes.empty() ? "robust" : got.notes[0]};
    check.numbers("beta", got.beta);
    check.numbers("se", got.se);
    check.numbers("stat", got.statistic);
    check.numbers("t", got.statistic);
    check.numbers("pval", got.p_value);
    check.numbers("ci_lb", got.ci_low);
    check.numbers("ci_ub", got.ci_high);
    check.number("n_clusters", got.clusters);
}

} // namespace

void run_robust(const Case& golden, Checker& check) {
    const Inputs inputs = complete_inputs(golden);
    const Json& model = golden.model();
    const num::Matrix x = design_matrix(model, "X", inputs.y.size());
    std::vector<double> columns;
    for (std::size_t j = 0; j < x.columns; ++j)
        for (std::size_t i = 0; i < x.rows; ++i)
            columns.push_back(x(i, j));
    const std::string method = model.value("method", "REML");
    const bool common = method == "EE" || method == "FE";
    const synth::Estimator* estimator = common ? nullptr : synth::find_estimator(method);
    if (!common && !estimator) throw Unsupported{"estimator " + method};
    double tau2 = 0;
    if (model.contains("tau2_fixed"))
        tau2 = model.at("tau2_fixed").get<double>();
    else
        tau2 = synth::regress(inputs.y, inputs.v, columns, x.columns, estimator, synth::Test::z).tau2.value;
    std::vector<double> phi, w;
    for (double v : inputs.v) {
        phi.push_back(v + tau2);
        w.push_back(1 / (v + tau2));
    }
    if (model.contains("weighted") && !model.at("weighted").get<bool>()) std::fill(w.begin(), w.end(), 1.0);
    const auto cluster = clusters_of(inputs, golden.task().at("cluster"));
    auto input = synth::robust_input(inputs.y, x, w, phi, cluster);
    std::vector<double> residuals = inputs.y;
    for (std::size_t i = 0; i < residuals.size(); ++i)
        residuals[i] -= num::dot(x.row(i), input.beta);
    input.residuals = residuals;
    const auto kind = synth::robust_kind_of(golden.task().at("type").get<std::string>());
    if (!kind) throw Unsupported{"type " + golden.task().at("type").dump()};
    const auto got = synth::robust(input, *kind, model.value("level", 0.95));
    check_robust(got, check);
    if (*kind == synth::RobustKind::cr2)
        check.numbers("dfs", got.df);
    else
        check.number("dfs", got.df.at(0));
}

void run_rve(const Case& golden, Checker& check) {
    const Inputs inputs = complete_inputs(golden);
    const Json& model = golden.model();
    num::Matrix x = design_matrix(model, "X", inputs.y.size());
    if (!model.contains("X")) {
        // "yi ~ year + dose": numeric columns.
        std::string right = model.at("formula").get<std::string>();
        right = right.substr(right.find('~') + 1);
        const auto names = names_in_formula(right);
        std::vector<std::string> wanted;
        for (const auto& name : names)
            if (name != "1") wanted.push_back(name);
        x = num::Matrix(inputs.y.size(), wanted.size() + 1);
        for (std::size_t i = 0; i < x.rows; ++i) {
            x(i, 0) = 1;
            for (std::size_t j = 0; j < wanted.size(); ++j) {
                const auto at = inputs.table.numbers.find(wanted[j]);
                if (at == inputs.table.numbers.end() || !at->second[inputs.kept[i]])
                    throw Unsupported{"column " + wanted[j]};
                x(i, j + 1) = *at->second[inputs.kept[i]];
            }
        }
    }
    const std::string weights = model.at("weights");
    if (weights != "CORR" && weights != "HIER") throw Unsupported{"weights " + weights};
    const auto got =
        synth::rve(inputs.y, inputs.v, x, clusters_of(inputs, model.at("cluster")),
                   weights == "CORR" ? synth::RveWeights::correlated : synth::RveWeights::hierarchical,
                   model.value("rho", 0.8), model.at("small").get<bool>());
    check_robust(got.robust, check);
    check.numbers("df", got.robust.df);
    check.number("tau2", got.tau2);
    check.number("omega2", got.omega2);
    check.number("I2", got.i2);
}

void run_location_scale(const Case& golden, Checker& check) {
    const Inputs inputs = complete_inputs(golden);
    const Json& model = golden.model();
    synth::LocationScaleOptions options;
    const std::string method = model.value("method", "REML");
    if (method != "ML" && method != "REML") throw Unsupported{"method " + method};
    options.likelihood = method == "ML" ? synth::Likelihood::full : synth::Likelihood::restricted;
    options.link = model.value("link", "log") == "log" ? synth::ScaleLink::log : synth::ScaleLink::identity;
    options.test = synth::test_of(model.value("test", "z")).value();
    options.level = model.value("level", 0.95);
    const auto got = synth::location_scale(inputs.y, inputs.v, design_matrix(model, "X", inputs.y.size()),
                                           design_matrix(model, "Z", inputs.y.size()), options);
    if (got.k == 0) throw Unsupported{got.notes.at(0)};
    if (!got.search.converged()) check.fail("the search has not converged");
    check.number("k", got.k);
    check.numbers("beta", got.location.estimate);
    check.numbers("se", got.location.se);
    check.numbers("stat", got.location.statistic);
    check.numbers("zval", got.location.statistic);
    check.numbers("pval", got.location.p);
    check.numbers("ci_lb", got.location.ci_low);
    check.numbers("ci_ub", got.location.ci_high);
    check.number("ddf", got.location.df > 0 ? std::optional(got.location.df) : std::nullopt);
    check.numbers("alpha", got.scale.estimate);
    check.numbers("se_alpha", got.scale.se);
    check.numbers("stat_alpha", got.scale.statistic);
    check.numbers("zval_alpha", got.scale.statistic);
    check.numbers("pval_alpha", got.scale.p);
    check.numbers("ci_lb_alpha", got.scale.ci_low);
    check.numbers("ci_ub_alpha", got.scale.ci_high);
    check.numbers("tau2_i", got.tau2);
    check.number("QE", got.q);
    check.number("QE_df", got.q_df);
    check.number("QEp", got.q_p);
    if (got.location.test) {
        check.number("QM", got.location.test->statistic);
        check.number("QM_df1", got.location.test->df1);
        check.number("QMp", got.location.test->p);
    }
    if (got.scale.test) {
        check.number("QS", got.scale.test->statistic);
        check.number("QS_df1", got.scale.test->df1);
        check.number("QSp", got.scale.test->p);
    }
    check.number("logLik", got.statistics.log_likelihood);
    check.number("AIC", got.statistics.aic);
    check.number("BIC", got.statistics.bic);
    check.number("AICc", got.statistics.aicc);
}

} // namespace assay::test
