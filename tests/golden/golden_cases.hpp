// Golden cases: results of other programs as JSON, with the data they were computed from. The committed copies are in
// tests/data/goldens; the same cases, and more, may lie beside the project.
#pragma once

#include "effect/measures.hpp"
#include "model/effect.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace assay::test {

using Json = nlohmann::json;

/// A CSV table; every column as text, and as numbers where they are ("NA" and empty are missing).
struct Table {
    std::map<std::string, std::vector<std::string>> text;
    std::map<std::string, std::vector<std::optional<double>>> numbers;
    std::size_t rows = 0;
};
Table read_table(const std::string& path);

/// Where cases and data come from.
struct Source {
    std::string name; ///< "committed", "shared"
    std::vector<Json> cases;
    std::string data_folder;
};
Source committed(const std::string& family);
/// Empty when there is no shared data.
std::optional<Source> shared(const std::string& family);

/// Compares fields of one case within the case's own tolerances and reports id, field, expected and got.
class Checker {
public:
    explicit Checker(const Json& golden) : golden_(golden), id_(golden.at("id")) {}

    /// Fields that the case does not have are skipped; null means undefined (NaN or absent).
    void number(const std::string& field, std::optional<double> got);
    void numbers(const std::string& field, const std::vector<std::optional<double>>& got);
    /// One element of an array field.
    void element(const std::string& field, std::size_t index, std::optional<double> got);
    int compared() const { return compared_; }

private:
    const Json* find(const std::string& field) const;
    void compare(const std::string& field, const Json& expected, std::optional<double> got);

    const Json& golden_;
    std::string id_;
    int compared_ = 0;
};

/// What the case's effect section says, computed by ours. Empty when the measure (or an option) is not ours yet.
struct Inputs {
    const effect::Measure* measure = nullptr;
    std::vector<effect::Computed> computed; ///< one per row of the data
    std::vector<model::Effect> effects;     ///< the rows kept
    std::vector<std::size_t> kept;          ///< their indices
    Table table;
};
std::optional<Inputs> inputs_of(const Json& golden, const std::string& data_folder);

} // namespace assay::test
