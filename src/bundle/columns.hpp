// The tables of a review folder, column by column: the one declaration that drives reader, writer, checks,
// docs and datapackage.json.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay::bundle {

enum class Type {
    id,   ///< names the row
    ref,  ///< an id of `target`
    refs, ///< ids of `target`, separated by ';'
    text,
    list, ///< words separated by ';'
    number,
    probability, ///< 0 to 1
    year,
    choice,  ///< one of `choices`
    p_value, ///< 0.59, <0.05, >0.05
    doi,
    pmid,
    url
};

/// Whose ids a reference names.
enum class Target {
    none,
    term,
    question,
    outcome,
    analysis,
    report,
    study,
    arm,
    result,
    published,
    conclusion
};

struct Column {
    std::string_view name;
    Type type = Type::text;
    std::string_view needed; ///< "yes", "" (may be empty), or "with dose": needed where that column is filled
    std::string_view meaning;
    Target target = Target::none;
    std::span<const std::string_view> choices = {};

    bool required() const { return needed == "yes"; }
    /// The column whose value makes this one needed; empty: none.
    std::string_view needed_with() const {
        return needed.substr(0, 5) == "with " ? needed.substr(5) : std::string_view();
    }
};

enum class TableId {
    reports,
    studies,
    arms,
    results,
    rob,
    rob_answers,
    rob_decisions,
    published,
    conclusions
};

struct Table {
    TableId id = TableId::reports;
    std::string_view file; ///< "reports.csv"
    std::string_view row;  ///< what one row is
    bool needed = true;
    std::span<const Column> columns;
};

/// In the order of the format's description.
std::span<const Table> tables();
const Table& table(TableId id);
const Column* find_column(const Table& table, std::string_view name);

/// Lists that both the tables and review.toml use.
std::span<const std::string_view> status_choices();
std::span<const std::string_view> funding_choices();
std::span<const std::string_view> design_choices();
std::span<const std::string_view> basis_choices();
std::span<const std::string_view> role_choices();

/// "study", "outcome", ... for messages.
std::string_view to_string(Target target);
std::string_view to_string(Type type);

/// "a, b or c"
std::string listed(std::span<const std::string_view> choices);

} // namespace assay::bundle
