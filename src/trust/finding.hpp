// What a check reports: numbers that do not fit together, and what would make them fit. Words stay neutral;
// missing information is the usual innocent cause.
#pragma once

#include "base/place.hpp"
#include "model/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::trust {

enum class Possible {
    no,       ///< cannot be, given the other numbers as they are written
    unlikely, ///< can be, by another method, an unstated detail or chance
    yes       ///< can well be; a reader should know before using the number
};

struct NamedText {
    std::string name, value;
};

struct Finding {
    std::string check;    ///< id of the check
    model::StudyId study; ///< empty for a pooled result of others
    std::string row;      ///< id of the row in its table
    std::string field;    ///< column the finding is about
    Place place;
    std::vector<NamedText> inputs; ///< the numbers used, as printed
    Possible possible = Possible::unlikely;
    std::string says;                 ///< one sentence: what does not follow from what
    std::string remedy;               ///< what would make it possible
    std::vector<std::string> touches; ///< other ids that this bears on: rows, analyses
};

/// What one check did.
struct Tally {
    std::string_view check;
    std::size_t examined = 0; ///< rows or groups that had what it needs
    std::size_t flagged = 0;  ///< of these, with a finding that is "no" or "unlikely"
    std::size_t noted = 0;    ///< with a finding that is "yes"
};

struct Assessment {
    std::vector<Finding> findings; ///< by table, line, check
    std::vector<Tally> tallies;    ///< in the order of the table of checks
    std::size_t rows = 0;          ///< rows with numbers that at least one check examined
    std::size_t rows_flagged = 0;  ///< of these, named by a finding that is "no" or "unlikely"
};

std::string_view to_string(Possible possible);

} // namespace assay::trust
