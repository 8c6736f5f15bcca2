// The parts of `assay screen`.
#pragma once

#include "cli/command.hpp"

namespace assay::cli {

/// next, label, undo, status, conflicts, stop, export, import-labels: screening on a store.
void add_screening(CLI::App& screen, Outcome& outcome);

} // namespace assay::cli
