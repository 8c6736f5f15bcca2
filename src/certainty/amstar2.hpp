// AMSTAR 2: how far a published review can be trusted, from sixteen items (Shea et al. 2017, BMJ 358:j4008).
// The items' labels, which are ours, stand with the questions of the other tools.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

struct AmstarItem {
    int number = 0;
    bool critical = false;
};

std::vector<AmstarItem> amstar_items();

enum class AmstarAnswer { yes, partly, no, no_meta_analysis };

struct AmstarRating {
    std::string confidence;                       ///< high | moderate | low | critically low
    std::vector<int> critical_flaws, other_flaws; ///< item numbers
};

/// More than one critical flaw: critically low; one: low; more than one other weakness: moderate; else high.
/// "Partly" is no flaw.
AmstarRating amstar_rating(const std::array<AmstarAnswer, 16>& answers);

} // namespace assay::certainty
