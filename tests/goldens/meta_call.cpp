#include "meta_call.hpp"

#include "effect/conventions.hpp"
#include "expression.hpp"

#include <cmath>

namespace assay::test {

namespace {
std::string without(const std::string& text, const std::string& letters) {
    std::string result;
    for (char c : text)
        if (letters.find(c) == std::string::npos) result += c;
    return result;
}

double square(double x) {
    return x * x;
}

MetaStudy of_counts(const MetaCall& call, const std::vector<double>& x, const std::string& sm) {
    const effect::Cells cells{x[0], x[1] - x[0], x[2], x[3] - x[2]};
    effect::CountConvention convention;
    convention.increment = call.options.count("incr") ? std::stod(call.option("incr")) : 0.5;
    convention.twice_in_risk_ratio = call.is_true("RR.Cochrane");
    const bool peto = call.option("method") == "Peto";
    const auto got = effect::conventional(peto ? "PETO" : sm.empty() ? "RR" : sm, cells, convention);
    return {0, got.y, got.v, {cells.a, cells.b, cells.c, cells.d}, got.status == effect::Status::ok};
}

MetaStudy of_means(const MetaCall& call, const std::vector<double>& x, const std::string& sm) {
    const double n1 = x[0], m1 = x[1], s1 = x[2], n2 = x[3], m2 = x[4], s2 = x[5];
    if (sm == "SMD") {
        const auto got =
            effect::conventional_smd(m1, s1, n1, m2, s2, n2, call.option("exact.smd") != "FALSE");
        return {0, got.y, got.v, {}, got.status == effect::Status::ok};
    }
    if (sm == "ROM")
        return {0, std::log(m1 / m2), square(s1 / m1) / n1 + square(s2 / m2) / n2, {}, m1 / m2 > 0};
    return {0, m1 - m2, square(s1) / n1 + square(s2) / n2, {}, true};
}

MetaStudy of_proportion(const std::vector<double>& x, const std::string& sm) {
    const double events = x[0], n = x[1], add = events == 0 || events == n ? 0.5 : 0, a = events + add;
    MetaStudy study;
    study.stratum = {events, n - events, 0, 0};
    if (sm == "PAS")
        study.y = std::asin(std::sqrt(events / n)), study.v = 1 / (4 * n);
    else if (sm == "PFT") {
        study.y = (std::asin(std::sqrt(events / (n + 1))) + std::asin(std::sqrt((events + 1) / (n + 1)))) / 2;
        study.v = 1 / (4 * n + 2);
    } else if (sm == "PLN")
        study.y = std::log(a / (n + add)), study.v = 1 / a - 1 / (n + add);
    else if (sm == "PRAW") {
        const double p = a / (n + 2 * add);
        study.y = events / n, study.v = p * (1 - p) / (n + 2 * add);
    } else {
        const double b = n - events + add;
        study.y = std::log(a / b), study.v = 1 / a + 1 / b;
    }
    return study;
}

MetaStudy of_rates(const std::vector<double>& x, const std::string& sm) {
    const double add = x[0] == 0 || x[2] == 0 ? 0.5 : 0, a = x[0] + add, c = x[2] + add;
    MetaStudy study;
    study.stratum = {x[0], x[1], x[2], x[3]};
    if (sm == "IRD")
        study.y = x[0] / x[1] - x[2] / x[3], study.v = a / square(x[1]) + c / square(x[3]);
    else
        study.y = std::log(a / x[1]) - std::log(c / x[3]), study.v = 1 / a + 1 / c;
    return study;
}

MetaStudy study_of(const MetaCall& call, const std::vector<double>& x) {
    const std::string sm = call.option("sm");
    const auto needs = [&](std::size_t n) {
        if (x.size() < n) throw Unsupported{call.function + " of fewer columns"};
    };
    if (call.function == "metabin") return needs(4), of_counts(call, x, sm);
    if (call.function == "metacont") return needs(6), of_means(call, x, sm);
    if (call.function == "metaprop") return needs(2), of_proportion(x, sm);
    if (call.function == "metainc") return needs(4), of_rates(x, sm);
    if (call.function == "metagen") return needs(2), MetaStudy{0, x[0], square(x[1]), {}, x[1] > 0};
    if (call.function == "metacor") {
        needs(2);
        if (sm == "COR") return {0, x[0], square(1 - square(x[0])) / (x[1] - 1), {}, true};
        return {0, std::atanh(x[0]), 1 / (x[1] - 3), {}, x[1] > 3};
    }
    if (call.function == "metamean") {
        needs(3);
        if (sm == "MLN") return {0, std::log(x[1]), square(x[2] / x[1]) / x[0], {}, x[1] > 0};
        return {0, x[1], square(x[2]) / x[0], {}, true};
    }
    if (call.function == "metarate") {
        needs(2);
        const double a = x[0] + (x[0] == 0 ? 0.5 : 0);
        if (sm == "IR") return {0, x[0] / x[1], a / square(x[1]), {}, true};
        if (sm == "IRS") return {0, std::sqrt(x[0] / x[1]), 1 / (4 * x[1]), {}, true};
        return {0, std::log(a / x[1]), 1 / a, {}, true};
    }
    throw Unsupported{call.function};
}
} // namespace

MetaCall meta_call_of(const std::string& line) {
    MetaCall call;
    const std::size_t at = line.find("meta"), open = line.find('(', at);
    if (at == std::string::npos || open == std::string::npos) throw Unsupported{"call " + line};
    call.function = line.substr(at, open - at);
    std::vector<std::string> parts(1);
    int depth = 0;
    for (std::size_t i = open + 1; i < line.size(); ++i) {
        const char c = line[i];
        if (c == ')' && depth == 0) break;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth == 0)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    for (const std::string& part : parts) {
        const std::size_t equal = part.find('=');
        if (equal == std::string::npos)
            call.columns.push_back(without(part, " "));
        else
            call.options[without(part.substr(0, equal), " ")] = without(part.substr(equal + 1), " \"");
    }
    return call;
}

std::vector<MetaStudy> meta_studies(const MetaCall& call, const Table& table) {
    std::vector<MetaStudy> studies;
    for (std::size_t row = 0; row < table.rows; ++row) {
        std::vector<double> x;
        bool complete = true;
        for (const std::string& column : call.columns)
            x.push_back(evaluate(column, [&](const std::string& name) {
                const auto cell = table.numbers.at(name)[row];
                complete = complete && cell.has_value();
                return cell.value_or(NAN);
            }));
        MetaStudy study = complete ? study_of(call, x) : MetaStudy{};
        if (!complete) study.pooled = false;
        study.pooled = study.pooled && std::isfinite(study.y) && std::isfinite(study.v) && study.v > 0;
        study.row = row;
        studies.push_back(study);
    }
    return studies;
}

} // namespace assay::test
