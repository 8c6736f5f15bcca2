// What every command file shares: it adds itself to the command line and leaves an exit code.
#pragma once

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/progress.hpp"
#include "store/store.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace assay::cli {

/// Filled by the command that ran.
struct Outcome {
    int exit = 0;
};

void add_check(CLI::App& app, Outcome& outcome);
void add_fmt(CLI::App& app, Outcome& outcome);
void add_report(CLI::App& app, Outcome& outcome);
void add_meta(CLI::App& app, Outcome& outcome);
void add_gosh(CLI::App& app, Outcome& outcome);
void add_trust(CLI::App& app, Outcome& outcome);
void add_dedupe(CLI::App& app, Outcome& outcome);
void add_convert(CLI::App& app, Outcome& outcome);
void add_import(CLI::App& app, Outcome& outcome);
void add_flow(CLI::App& app, Outcome& outcome);
void add_checklist(CLI::App& app, Outcome& outcome);
void add_log(CLI::App& app, Outcome& outcome);
void add_person(CLI::App& app, Outcome& outcome);
void add_trial(CLI::App& app, Outcome& outcome);
void add_screen(CLI::App& app, Outcome& outcome);
void add_audit(CLI::App& app, Outcome& outcome);
void add_search(CLI::App& app, Outcome& outcome);
void add_translate(CLI::App& app, Outcome& outcome);
void add_lint_search(CLI::App& app, Outcome& outcome);
void add_ask(CLI::App& app, Outcome& outcome);
void add_sof(CLI::App& app, Outcome& outcome);
void add_rob(CLI::App& app, Outcome& outcome);

/// Who acts ($ASSAY_USER, $USER where `by` is empty) and when (now, or $SOURCE_DATE_EPOCH).
store::Act act_of(const std::string& by);

/// Writes to standard output; a closed pipe ends the program quietly, a full disk is an Error.
void print(const std::string& text);

/// Diagnostics as text on standard error, ending in a line of counts.
void print_diagnostics(const Diagnostics& diagnostics);

/// A callback that tells of work that takes longer than a second, on standard error; nothing before that.
Progress progress();

/// Columns of the terminal; $COLUMNS where it is set, 100 where there is no terminal.
int terminal_width();

/// False where the locale or TERM says that only ASCII can be shown.
bool terminal_unicode();

} // namespace assay::cli
