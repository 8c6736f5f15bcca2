// The table of integrity checks: one plain record each, run over a review's data.
#pragma once

#include "trust/data.hpp"
#include "trust/finding.hpp"
#include "trust/retractions.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace assay::trust {

/// Numbers that no publication fixes: visible defaults of ours, printed with every result.
struct Settings {
    std::uint64_t seed = 20201; ///< of the simulation behind the check of baseline tables
    int draws = 4000;           ///< simulated trials per baseline row
    double p_gap = 0.25;        ///< P values closer than this in standard normal deviates count as agreeing
    double baseline_alpha = 0.001; ///< combined baseline P beyond this at either end is told
    double chance = 0.01;          ///< repeated cells likelier than this by chance are not told
};

/// What a check is given to report to.
class Sink {
public:
    /// A row (or group) that had what the check needs.
    void examined(const Place& row);
    void add(Finding finding);

    std::string_view check; ///< id of the check that runs
    Tally tally;
    std::vector<Finding> findings;
    std::set<std::pair<std::string, int>> rows; ///< file and line of examined rows
};

struct Context {
    const Data& data;
    const Settings& settings;
    std::span<const Retraction> retractions;
};

struct Check {
    std::string_view id;    ///< stable; also the anchor in docs/methods/trust-checks.md
    std::string_view title; ///< a question the check asks
    std::string_view formula;
    std::string_view source;
    std::string_view needs; ///< columns
    void (*run)(const Context&, Sink&);
};

/// In the order they are reported.
std::span<const Check> checks();

/// Runs all checks. Pure: the same review and settings give the same findings.
Assessment assess(const model::Review& review, const Texts& texts, const Settings& settings = {},
                  std::span<const Retraction> retractions = {});

} // namespace assay::trust
