// The parts of `assay screen`.
#pragma once

#include "app/screening.hpp"
#include "cli/command.hpp"

#include <string>

namespace assay::cli {

/// Shows record after record and takes a key for each decision, until the person quits or nothing is left.
void read_by_keys(app::Screening& screening, const std::string& by, const app::ScreeningRequest& request);

/// setup, read, next, show, label, undo, status, conflicts, audit, stop, export, import-labels: screening on
/// a store.
void add_screening(CLI::App& screen, Outcome& outcome);

} // namespace assay::cli
