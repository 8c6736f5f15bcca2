// A labelled review as its file says it: records, their texts, and what was decided on each.
#pragma once

#include "base/diagnostics.hpp"
#include "screen/features.hpp"
#include "text/csv.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

inline constexpr std::size_t largest_screening_file = std::size_t{3} << 30;

/// Views look into `bytes` and `made_ids`. One entry per record in `ids`, `texts`, `relevant`.
struct Labelled {
    std::string bytes;
    text::CsvTable table;
    std::vector<std::string> made_ids; ///< where the file has no id column
    std::vector<std::string_view> ids;
    std::vector<screen::Text> texts;
    std::vector<char> relevant;
};

/// Reads a CSV with a title or an abstract and a label; columns may have the names that other programs give
/// them, and labels may be numbers or words. `notes`: what the reader of figures from this file should know.
/// Errors are in `diagnostics`; then the records that could not be read are missing or not relevant.
std::shared_ptr<Labelled> read_labelled(const std::string& path, Diagnostics& diagnostics,
                                        std::vector<std::string>& notes);

} // namespace assay::app
