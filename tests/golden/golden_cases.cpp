#include "golden_cases.hpp"

#include "../support/near.hpp"
#include "effect/cells.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace assay::test {

namespace {
std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"') quoted = !quoted;
        else if (c == ',' && !quoted) cells.emplace_back();
        else if (c != '\r') cells.back() += c;
    }
    return cells;
}

std::optional<double> number_of(const std::string& cell) {
    double x = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), x);
    if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
    return x;
}

double json_number(const Json& value) {
    if (value.is_number()) return value.get<double>();
    if (value == "Inf") return INFINITY;
    if (value == "-Inf") return -INFINITY;
    return NAN;
}

Json read_json(const std::filesystem::path& path) {
    std::ifstream in(path);
    REQUIRE_MESSAGE(in.good(), path.string());
    return Json::parse(in);
}
} // namespace

Table read_table(const std::string& path) {
    std::ifstream in(path);
    REQUIRE_MESSAGE(in.good(), path);
    Table table;
    std::string line;
    std::getline(in, line);
    const std::vector<std::string> header = split(line);
    while (std::getline(in, line)) {
        if (line.empty()) continue;
        const auto cells = split(line);
        REQUIRE_MESSAGE(cells.size() == header.size(), path << ": " << line);
        for (std::size_t i = 0; i < header.size(); ++i) {
            table.text[header[i]].push_back(cells[i]);
            table.numbers[header[i]].push_back(number_of(cells[i]));
        }
        ++table.rows;
    }
    return table;
}

Source committed(const std::string& family) {
    const std::string folder = std::string(ASSAY_SOURCE_DIR) + "/tests/data/goldens";
    return {"committed", read_json(folder + "/" + family + ".json"), folder + "/data"};
}

std::optional<Source> shared(const std::string& family) {
    const std::string root = ASSAY_SHARED_DATA;
    const std::string folder = root + "/goldens";
    if (root.empty() || !std::filesystem::exists(folder + "/cases/" + family)) return std::nullopt;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder + "/cases/" + family))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    Source source{"shared", {}, folder + "/data"};
    for (const auto& file : files)
        source.cases.push_back(read_json(file));
    return source;
}

const Json* Checker::find(const std::string& field) const {
    const Json* at = &golden_.at("expected");
    std::istringstream parts(field);
    for (std::string part; std::getline(parts, part, '.');) {
        if (!at->is_object() || !at->contains(part)) return nullptr;
        at = &at->at(part);
    }
    return at;
}

void Checker::compare(const std::string& field, const Json& expected, std::optional<double> got) {
    const Json& tolerances = golden_.at("tol");
    const std::string top = field.substr(0, field.find_first_of(".["));
    const Json& own = tolerances.contains(top) ? tolerances.at(top) : tolerances.at("default");
    const Tolerance tolerance{json_number(own.at("rel")), json_number(own.at("abs"))};
    const double want = json_number(expected), have = got.value_or(NAN);
    ++compared_;
    const bool fine = std::isinf(tolerance.absolute) || near(have, want, tolerance);
    CHECK_MESSAGE(fine, id_ << ": " << field << ": expected " << doctest::toString(want) << ", got "
                            << doctest::toString(have));
}

void Checker::number(const std::string& field, std::optional<double> got) {
    const Json* expected = find(field);
    if (!expected) return;
    compare(field, expected->is_array() ? expected->at(0) : *expected, got);
}

void Checker::element(const std::string& field, std::size_t index, std::optional<double> got) {
    const Json* expected = find(field);
    if (!expected || expected->is_null()) return;
    compare(field + "[" + std::to_string(index) + "]", expected->at(index), got);
}

void Checker::numbers(const std::string& field, const std::vector<std::optional<double>>& got) {
    const Json* expected = find(field);
    if (!expected || expected->is_null()) return;
    if (!expected->is_array()) return number(field, got.empty() ? std::nullopt : got.front());
    CHECK_MESSAGE(expected->size() == got.size(), id_ << ": length of " << field);
    for (std::size_t i = 0; i < std::min(expected->size(), got.size()); ++i)
        element(field, i, got[i]);
}

std::optional<Inputs> inputs_of(const Json& golden, const std::string& data_folder) {
    const Json& wanted = golden.at("effect");
    Inputs inputs;
    inputs.measure = effect::find_measure(wanted.at("measure").get<std::string>());
    if (!inputs.measure) return std::nullopt;
    effect::Options options;
    for (const auto& [name, value] : wanted.at("options").items()) {
        if (name == "add") options.add = value.get<double>();
        else if (name == "to") options.to = effect::add_to_of(value.get<std::string>()).value();
        else if (name == "drop00") options.drop00 = value.get<bool>();
        else if (name == "vtype") options.vtype = effect::vtype_of(value.get<std::string>()).value();
        else if (name == "correct") options.correct = value.get<bool>();
        else return std::nullopt;
    }
    inputs.table = read_table(data_folder + "/" + golden.at("data").at("file").get<std::string>());
    std::vector<effect::Row> rows(inputs.table.rows);
    for (const auto& [role_name, column] : wanted.at("columns").items()) {
        const auto role = effect::role_of(role_name);
        if (!role) return std::nullopt;
        const auto& values = inputs.table.numbers.at(column.get<std::string>());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i][*role] = values[i];
    }
    inputs.computed = effect::compute(*inputs.measure, rows, options);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const effect::Computed& computed = inputs.computed[i];
        if (computed.status != effect::Status::ok) continue;
        model::Effect one;
        one.study = model::StudyId(std::to_string(i));
        one.label = one.study.value;
        one.measure = std::string(inputs.measure->id);
        one.y = computed.y;
        one.v = computed.v;
        if (const auto cells = effect::cells_of(rows[i]))
            one.counts = model::Table2x2{cells->a, cells->b, cells->c, cells->d};
        inputs.effects.push_back(one);
        inputs.kept.push_back(i);
    }
    return inputs;
}

} // namespace assay::test
