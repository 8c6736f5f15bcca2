// Any CSV as the table of a meta-analysis: which column is which input, the numbers of each row, and all
// columns as variables for formulas.
#pragma once

#include "app/meta.hpp"
#include "synth/formula.hpp"
#include "text/csv.hpp"

#include <array>

namespace assay::app {

/// Where the inputs stand in the table; -1: nowhere.
struct MetaLayout {
    std::array<int, static_cast<std::size_t>(effect::Role::count)> column{};
    int slab = -1, subgroup = -1;
};

/// `csv` must outlive it. Faults become diagnostics with their place.
class MetaTable {
public:
    MetaTable(const MetaRequest& request, std::string_view csv, Diagnostics& diagnostics);

    bool readable() const { return table_.readable(); }
    std::size_t size() const { return table_.rows().size(); }
    int line(std::size_t row) const { return table_.rows()[row].line; }
    std::string cell(std::size_t row, int column) const;

    MetaLayout layout(const effect::Measure& measure);
    std::vector<effect::Row> rows(const MetaLayout& layout);
    /// The column of this name; a diagnostic and -1 when there is none. `option` is what the user wrote it
    /// after.
    int named(const std::string& name, const std::string& option);
    /// All columns, with the given rows only.
    std::vector<synth::Variable> variables(const std::vector<std::size_t>& rows) const;

private:
    int index(const std::string& name) const;
    void complain_about_missing(const effect::Measure& measure, const MetaLayout& found);
    std::optional<double> number(const text::CsvRow& line, int column);

    const MetaRequest& request_;
    Diagnostics& diagnostics_;
    text::CsvTable table_;
    std::vector<std::string> names_;
};

} // namespace assay::app
