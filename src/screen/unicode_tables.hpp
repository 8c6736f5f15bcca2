// The tables behind word_character and lower_case: sorted ranges of code points.
#pragma once

#include <cstdint>
#include <span>

namespace assay::screen {

struct CodeRange {
    std::uint32_t first, last;
};

/// first, first + step, ..., last each go to themselves + distance.
struct LowerRun {
    std::uint32_t first, last;
    std::int32_t distance;
    std::uint32_t step;
};

std::span<const CodeRange> word_ranges();
std::span<const LowerRun> lower_runs();

} // namespace assay::screen
