// The schedule of an N-of-1 trial: pairs of periods, the order within each pair drawn by a seeded generator.
#pragma once

#include "base/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::trial {

struct Period {
    int number = 0, pair = 0; ///< from 1
    int first = 0, last = 0;  ///< days since 1970-01-01, both included
    std::string label;        ///< what the person sees: P1, P2 ...
    bool treatment = false;
};

struct Design {
    int start = 0; ///< day
    int pairs = 3;
    int weeks = 4; ///< per period
    std::uint64_t seed = 1;
};

/// Each pair is one period with and one without, in random order. Before-after designs are not offered: time
/// and season would be taken for the treatment.
std::vector<Period> randomise(const Design& design);

/// period,pair,first,last,label,arm; the seed stands in a column of its own so that the file says how it was
/// made.
std::string schedule_csv(const std::vector<Period>& periods, std::uint64_t seed);

/// Faults become diagnostics: gaps are allowed, overlaps are not, every pair needs both arms.
std::vector<Period> read_schedule(const std::string& file, std::string_view bytes, Diagnostics& diagnostics);

/// An iCalendar file (RFC 5545): an event at the start of each period, and a daily reminder to write the
/// diary at `minute`.
std::string schedule_ics(const std::vector<Period>& periods, int minute, bool show_arm);

} // namespace assay::trial
