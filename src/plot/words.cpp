#include "plot/words.hpp"

#include "plot/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::plot {

namespace {

constexpr std::string_view squared = "\xC2\xB2";
constexpr std::string_view tau = "\xCF\x84";

struct Word {
    std::string_view id, text;
};

constexpr std::array<Word, 4> common_methods{{
    {"IV", "inverse variance"},
    {"MH", "Mantel-Haenszel"},
    {"Peto", "Peto"},
    {"PETO", "Peto"},
}};

constexpr std::array<Word, 4> tests{{
    {"z", "normal interval"},
    {"t", "t interval"},
    {"knha", "Hartung-Knapp interval"},
    {"adhoc", "Hartung-Knapp interval, never narrower than the normal one"},
}};

template<std::size_t N> std::string word(const std::array<Word, N>& table, std::string_view id) {
    for (const Word& row : table)
        if (row.id == id) return std::string(row.text);
    return std::string(id);
}

/// Variances of very different size share this: three significant digits.
std::string three_digits(double value) {
    if (value == 0 || !std::isfinite(value)) return fixed(value, 0);
    const int before = static_cast<int>(std::floor(std::log10(std::fabs(value))));
    return fixed(value, std::clamp(2 - before, 0, 6));
}

std::string bound(bool open, std::string_view mark, const std::string& text) {
    return open ? std::string(mark) + text : text;
}

} // namespace

std::string model_in_words(const model::Synthesis& synthesis) {
    if (synthesis.model == "common") return "common effect (" + word(common_methods, synthesis.method) + ")";
    return "random effects (" + synthesis.method + ")";
}

std::string test_in_words(std::string_view test) { return word(tests, test); }

std::string i2_text(const model::Synthesis& synthesis) {
    std::string text = "I" + std::string(squared) + " = " + fixed(synthesis.i2, 0) + "%";
    if (synthesis.i2_ci)
        text += " (" + fixed(synthesis.i2_ci->low, 0) + "% to " + fixed(synthesis.i2_ci->high, 0) + "%)";
    return text;
}

std::string tau2_text(const model::Synthesis& synthesis) {
    std::string text = std::string(tau) + std::string(squared) + " = " + three_digits(synthesis.tau2);
    if (!synthesis.tau2_ci) return text;
    const model::Interval& ci = *synthesis.tau2_ci;
    return text + " (" + bound(ci.low_open, "< ", three_digits(ci.low)) + " to " +
           bound(ci.high_open, "> ", three_digits(ci.high)) + ")";
}

std::string q_text(const model::Synthesis& synthesis) {
    return "Q = " + fixed(synthesis.q, 2) + ", df = " + std::to_string(synthesis.q_df) + ", p " +
           p_value(synthesis.q_p);
}

std::string subgroup_text(const model::SubgroupTest& test) {
    return "Test of subgroup differences: Q = " + fixed(test.q, 2) + ", df = " + std::to_string(test.df) + ", p " +
           p_value(test.p);
}

std::vector<std::string> synthesis_lines(const model::Synthesis& synthesis) {
    std::string first = model_in_words(synthesis);
    first.front() = static_cast<char>(first.front() - 'a' + 'A');
    std::vector<std::string> lines{first + ", " + test_in_words(synthesis.test) + "; k = " + std::to_string(synthesis.k)};
    if (synthesis.k > 1) {
        std::string spread = i2_text(synthesis) + "; " + q_text(synthesis);
        if (synthesis.model != "common") spread = tau2_text(synthesis) + "; " + spread;
        lines.push_back("Heterogeneity: " + spread);
    }
    if (synthesis.p) {
        std::string test = synthesis.df ? "t" : "z";
        if (synthesis.statistic) test += " = " + fixed(*synthesis.statistic, 2);
        if (synthesis.df) test += ", df = " + trimmed(*synthesis.df, 1);
        lines.push_back("Overall: " + test + ", p " + p_value(*synthesis.p));
    }
    if (!synthesis.converged) lines.push_back("The iteration for the between-trial variance did not converge.");
    return lines;
}

std::string ci_name(double level) { return trimmed(level * 100, 2) + "% CI"; }

std::string trials(int k) { return std::to_string(k) + (k == 1 ? " trial" : " trials"); }

} // namespace assay::plot
