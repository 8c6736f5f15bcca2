// Questions on the terminal, answered by a line each: the same from a script through standard input.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace assay::cli {

/// One line of standard input, without its end; nothing at the end of the input. The question goes to
/// standard error, so that output can be kept apart.
std::optional<std::string> ask(const std::string& question);

/// Asks until the answer is a number in [low, high]; an empty line or the end of the input keeps `usual`.
double ask_number(const std::string& question, double low, double high, double usual);

/// True when a person can answer: standard input is a terminal.
bool can_ask();

} // namespace assay::cli
