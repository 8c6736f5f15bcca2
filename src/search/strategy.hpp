// Takes the text of a strategy apart into its lines: numbers in every style, hit counts, comments, wrapped
// lines.
#pragma once

#include "search/clean.hpp"
#include "search/dialects.hpp"

#include <string>
#include <vector>

namespace assay::search {

struct SourceLine {
    std::string label; ///< "12"; made up from the order of lines where the source prints none
    bool comment = false;
    std::uint32_t begin = 0, end = 0; ///< of the query, without label and hit count
};

struct SourceLines {
    bool numbered = false;
    std::vector<SourceLine> lines;
};

SourceLines split_lines(const Cleaned& in, Dialect dialect);

/// The language a text is most likely written in: by its field codes, headings and operators. Ovid when
/// nothing tells.
Dialect guess_dialect(const Cleaned& in);

} // namespace assay::search
