// One study against a claim: does it support it, contradict it, or leave it open, and by which rule.
#pragma once

#include "claims/question.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::claims {

enum class Stance { supports, contradicts, inconclusive };
std::string_view to_string(Stance stance);

/// How a stance is reached. Where a claim says that an intervention does little, the rules of benefit are
/// read the other way round (`denied`).
struct StanceRule {
    std::string_view id;
    Stance stance;            ///< for a claim of benefit or harm
    Stance denied;            ///< for a claim that there is little difference
    std::string_view meaning; ///< one line for the docs
};

/// docs/methods/ask.md lists the same (a test compares).
std::span<const StanceRule> stance_rules();
const StanceRule& stance_rule(std::string_view id);

/// What the study's own conclusion says about the claimed direction, where a review has coded it.
enum class Coded { none, agrees, denies, open };

/// An interval turned so that the claimed direction is positive.
struct Turned {
    double estimate = 0, low = 0, high = 0;
};

/// The rule for an interval. `matters`: smallest difference that matters, > 0.
std::string_view rule_of_interval(const Turned& interval, std::optional<double> matters, Coded coded);

/// The rule for a bare P value between groups, which has no direction of its own.
std::string_view rule_of_p(double p, char relation, Coded coded);

} // namespace assay::claims
