// Estimates by named methods from a table of observations: two treatments in several people, or one person's
// series under two conditions. Which column is what is told by the caller or by the usual names.
#pragma once

#include "base/diagnostics.hpp"
#include "trial/estimate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::app {

struct TableRequest {
    std::string outcome, treatment, subject, period, time, phase; ///< columns; empty: by the usual names
    std::string control; ///< the level compared against; empty: by its name
    std::vector<std::pair<std::string, std::string>> where; ///< rows kept: column and value
    bool counts = false; ///< methods for counts too; always when every value is a whole number from 0 up
};

struct TableGroup {
    std::string name; ///< of the person; empty: the whole table
    std::size_t rows = 0;
    std::vector<trial::Estimate> estimates;
};

struct TableEstimates {
    bool crossover = false; ///< one value of each treatment per person; else each person's series
    std::string outcome, treatment, treated, control; ///< the columns and the two levels
    bool counts = false;
    std::vector<TableGroup> groups;
    std::vector<std::string> notes;
};

/// `bytes` is a CSV table; faults become diagnostics.
TableEstimates estimate_table(const std::string& file, std::string_view bytes, const TableRequest& request,
                              Diagnostics& diagnostics);

std::string table_text(const TableEstimates& made, int width);
std::string table_json(const TableEstimates& made);

} // namespace assay::app
