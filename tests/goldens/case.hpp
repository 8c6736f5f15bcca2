// One golden case: results of another program as JSON with the data they were computed from, and the
// comparison of ours with them within the case's own tolerances.
#pragma once

#include "../support/table.hpp"
#include "effect/measures.hpp"
#include "model/effect.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace assay::test {

using Json = nlohmann::json;

struct Case {
    Json golden;        ///< the whole case
    std::string family; ///< "uni"
    std::string folder; ///< of the case's data files

    std::string id() const { return golden.at("id"); }
    const Json& task() const { return golden.at("task"); }
    const Json& model() const { return golden.at("model"); }
    const Json& expected() const { return golden.at("expected"); }
    /// The data file of the case.
    Table table() const { return read_table(folder + "/" + golden.at("data").at("file").get<std::string>()); }
    /// The R lines that were run.
    std::string call() const { return golden.at("oracle").value("call", ""); }
};

/// A number of the format: "Inf" and "-Inf" are strings, null is NaN.
double json_number(const Json& value);

/// Compares the fields of one case and collects what differs, a line each. Fields that nobody compared are
/// failures.
class Checker {
public:
    explicit Checker(const Case& golden) : case_(golden) {}

    /// `field` may be a path ("pred_default.pi_lb"). Fields that the case does not have are passed over; an
    /// expected null means undefined (absent or NaN).
    void number(const std::string& field, std::optional<double> got);
    /// A scalar field is compared with the first number.
    void numbers(const std::string& field, const std::vector<std::optional<double>>& got);
    void numbers(const std::string& field, const std::vector<double>& got);
    /// One element of an array field; the caller answers for the length.
    void element(const std::string& field, std::size_t index, std::optional<double> got);
    /// An array of arrays, `got` row after row.
    void matrix(const std::string& field, const std::vector<double>& got, std::size_t columns);
    void text(const std::string& field, const std::string& got);
    void texts(const std::string& field, const std::vector<std::string>& got);
    /// The field needs no comparison, as ours has no such thing (names that only R makes).
    void pass_over(const std::string& field) { seen_.insert(field.substr(0, field.find('.'))); }
    /// Drops failures in fields that `other` compared without failing: what differs there is explained.
    void forgive_where_right(const Checker& other);
    /// Something that is not a difference of numbers.
    void fail(const std::string& what);
    /// A difference that a computed proof explains (docs/methods/differences.md); it is printed, not counted.
    void explain(const std::string& what);
    /// All failures so far become explained by `why`, which the caller has computed.
    void forgive(const std::string& why);
    bool has(const std::string& field) const { return find(field) != nullptr; }

    /// Adds a failure for each expected field that was not looked at.
    void finish();
    const std::vector<std::string>& failures() const { return failures_; }
    const std::vector<std::string>& explanations() const { return explanations_; }
    int compared() const { return compared_; }

private:
    const Json* find(const std::string& field) const;
    void compare(const std::string& field, const Json& expected, std::optional<double> got);
    void differs(const std::string& field, const std::string& expected, const std::string& got);

    const Case& case_;
    std::set<std::string> seen_;
    std::vector<std::string> failures_, explanations_;
    int compared_ = 0;
};

/// Thrown for a case that asks for what the engine does not have.
struct Unsupported {
    std::string what;
};

/// What the case's effect section says, computed by ours.
struct Inputs {
    const effect::Measure* measure = nullptr;
    std::vector<effect::Row> rows;          ///< the raw inputs, one per row of the data
    std::vector<effect::Computed> computed; ///< one per row of the data
    std::vector<model::Effect> effects;     ///< the rows kept
    std::vector<std::size_t> kept;          ///< their indices
    std::vector<double> y, v;               ///< of the rows kept
    Table table;
};
Inputs inputs_of(const Case& golden);

/// Drops rows of the inputs where a column that the formulas name is missing, as R does; needed when a design
/// matrix has fewer rows than there are effects.
void drop_incomplete(Inputs& inputs, const std::vector<std::string>& formulas, std::size_t wanted_rows);

/// The design matrix of a model, column after column; empty when the model has none.
struct Design {
    std::vector<double> x;
    std::size_t columns = 1;
    bool present = false;
};
Design design_of(const Json& model);

} // namespace assay::test
