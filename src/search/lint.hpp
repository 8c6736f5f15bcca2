// The usual mistakes in search strategies: a table of checks over the tree, each message with its line and
// caret.
#pragma once

#include "search/clean.hpp"
#include "search/thesaurus.hpp"
#include "search/tree.hpp"

#include <span>
#include <string_view>

namespace assay::search {

/// References to lines that do not exist, to themselves or to later ones. Part of reading: nothing can be
/// searched with them.
void check_references(const Cleaned& in, const Strategy& strategy, Diagnostics& diagnostics);

struct LintInput {
    const Cleaned& in;
    const Strategy& strategy;
    const Thesaurus& thesaurus;
};

struct LintRow {
    std::string_view code; ///< of the table of diagnostics
    void (*check)(const LintInput& input, Diagnostics& diagnostics);
};

std::span<const LintRow> lints();

void lint(const Cleaned& in, const Strategy& strategy, const Thesaurus& thesaurus, Diagnostics& diagnostics);

} // namespace assay::search
