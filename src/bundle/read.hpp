// A review folder read into the model, with what is needed to point at any cell or key of it afterwards.
#pragma once

#include "base/diagnostics.hpp"
#include "bundle/columns.hpp"
#include "bundle/folder.hpp"
#include "model/review.hpp"
#include "text/csv.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace assay::bundle {

/// A place and how many characters from there on are meant.
struct Spot {
    Place place;
    int span = 1;
};

struct Loaded {
    model::Review review; ///< as much as could be read; to be trusted only when no error was reported
    Folder folder;
    std::map<std::string, text::CsvTable, std::less<>> tables; ///< by file name; they look into folder.files

    /// Files that could not be read in full: nobody should conclude that an id is not there.
    std::set<std::string, std::less<>> broken;
    /// Files with rows that were left out: nobody should conclude that something is not used.
    std::set<std::string, std::less<>> incomplete;
    /// Ids of rows that were left out because the row could not be trusted (a ragged row, an open quote).
    std::map<Target, std::set<std::string, std::less<>>> lost;

    /// Where `field` (a column or key) of the row or table at `row` stands; `element`: of a list in
    /// review.toml. Falls back to the row itself.
    Spot find(const Place& row, std::string_view field, int element = -1) const;
    /// A message about this field was given while reading: its value in the model means nothing.
    bool failed(const Place& row, std::string_view field) const;

    using KeyPlace =
        std::tuple<std::string, int, int, std::string, int>; ///< file, line and column of the table, key, element
    std::map<KeyPlace, Spot> keys;                           ///< of review.toml and grade.toml
    std::set<std::tuple<std::string, int, int, std::string>>
        failures; ///< file, line, column of the row; field

    Loaded() = default;
    Loaded(Loaded&&) = default;
    Loaded& operator=(Loaded&&) = default;
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;
};

/// Reads everything, collects every problem. A missing folder or file is a message, too.
Loaded read_review(const std::filesystem::path& path, Diagnostics& diagnostics);

/// The same for a folder in memory.
Loaded read_review(Folder folder, Diagnostics& diagnostics);

/// Gives each message the line of the file that it speaks of, and the caret.
void show_lines(const Folder& folder, Diagnostics& diagnostics);

} // namespace assay::bundle
