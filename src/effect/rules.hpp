// The table of rules that make a number of a row from others: what each needs, gives and computes, and who
// says so. A new rule is one function and one row in rules.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::effect {

/// What rules take and give. Names are those of results.csv where it has such a column.
enum class Number : std::uint8_t {
    mean,
    sd,
    n,
    se,
    ci_low,
    ci_high,
    z_low, ///< limits of an interval made with the normal quantile
    z_high,
    ci_level, ///< in (0, 1)
    t,
    f, ///< with 1 numerator degree of freedom
    df,
    p, ///< two-sided, exact
    median,
    q1,
    q3,
    minimum,
    maximum,
    log_scale, ///< 1: the median and what stands around it are those of a log-normal sample
    mean_baseline,
    mean_final,
    sd_baseline,
    sd_final,
    correlation,
    estimate,      ///< of a contrast, on its analysis scale
    se_difference, ///< standard error of a difference of two means
    sd_difference, ///< SD of the differences within people
    mean1,
    mean2,
    sd1,
    sd2,
    n1,
    n2,
    events,
    icc,
    cluster_size,
    parts, ///< comparisons a shared group serves
    count
};
std::string_view number_name(Number number);

/// The numbers of a row, or of a pair of rows. A missing number is absent.
class Numbers {
public:
    std::optional<double>& operator[](Number number) { return values_[static_cast<std::size_t>(number)]; }
    const std::optional<double>& operator[](Number number) const {
        return values_[static_cast<std::size_t>(number)];
    }
    /// For numbers a rule has declared as needed.
    double at(Number number) const { return *values_[static_cast<std::size_t>(number)]; }

private:
    std::array<std::optional<double>, static_cast<std::size_t>(Number::count)> values_;
};

/// A number, or the sentence that says why there is none.
struct Made {
    std::optional<double> value = {};
    std::string problem = {};
};

struct Rule {
    std::string_view id; ///< stable: "sd.se"
    Number gives = Number::sd;
    std::string_view title, formula;
    std::string_view source; ///< paper or chapter with the equation or section
    std::span<const Number> needs;
    bool exact = true; ///< algebra of printed numbers: only their rounding is lost
    bool kept =
        false; ///< the set "without derived numbers" keeps what this rule made: the printed form changes only
    Made (*run)(const Numbers&) = nullptr; ///< all of `needs` are there
};

/// Rules that give the same number stand in the order in which they are tried.
std::span<const Rule> rules();

/// Null for an unknown id.
const Rule* find_rule(std::string_view id);

/// Are all the numbers there that the rule needs?
bool applies(const Rule& rule, const Numbers& numbers);

} // namespace assay::effect
