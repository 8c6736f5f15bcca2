// Numbers of a synthesis in words and short texts, the same in figures, tables and the terminal.
#pragma once

#include "model/results.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::plot {

/// "random effects (REML)", "common effect (Mantel-Haenszel)".
std::string model_in_words(const model::Synthesis& synthesis);
/// "Hartung-Knapp interval", "normal interval".
std::string test_in_words(std::string_view test);

std::string i2_text(const model::Synthesis& synthesis);   ///< "I2 = 77% (31% to 93%)", with a superscript two
std::string tau2_text(const model::Synthesis& synthesis); ///< with the Q-profile interval
std::string q_text(const model::Synthesis& synthesis);    ///< "Q = 26.4, df = 8, p = 0.001"
std::string subgroup_text(const model::SubgroupTest& test);

/// What stands under a forest plot.
std::vector<std::string> synthesis_lines(const model::Synthesis& synthesis);

/// "95% CI"
std::string ci_name(double level);

/// "1 trial", "9 trials".
std::string trials(int k);

} // namespace assay::plot
