// Writes a strategy in any of the search languages and says, node by node, what was lost on the way.
#pragma once

#include "search/tree.hpp"

#include <string>
#include <vector>

namespace assay::search {

enum class LossKind { exact, broader, narrower, impossible };

std::string_view to_string(LossKind kind);

/// What happened to one node: the translation finds more, finds less, or leaves it out.
struct Loss {
    LossKind kind = LossKind::exact;
    std::size_t line = 0;             ///< index in Strategy::lines
    std::uint32_t begin = 0, end = 0; ///< bytes of the cleaned text
    std::string what;                 ///< "adj3 becomes AND"
};

struct Printed {
    std::string text; ///< lines without their labels, LF between
    std::vector<std::string> lines;
    std::vector<Loss> losses; ///< none for nodes that are exact
    std::size_t nodes = 0;    ///< nodes looked at
};

Printed print(const Strategy& strategy, Dialect to);

} // namespace assay::search
