// A diary as a figure: bars per week or dots per day over the periods of the trial, which are marked by a
// pattern and a word, with the mean of each period and the days that are missing.
#pragma once

#include "plot/figure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::plot {

struct DiaryMark {
    int first = 0, last = 0; ///< days of the block, both included
    double value = 0;
};

struct DiaryBand {
    int first = 0, last = 0;
    std::string label; ///< P1
    bool treatment = false;
    std::optional<double> mean; ///< in the unit of the marks
};

struct DiaryPicture {
    std::string id, title, sentence, axis_title;
    bool bars = true; ///< bars of blocks; else dots of days
    std::vector<DiaryMark> marks;
    std::vector<DiaryBand> bands;
    std::vector<int> missing;                       ///< days
    int first = 0, last = 0;                        ///< days shown
    std::vector<std::pair<int, std::string>> dates; ///< ticks of the axis
};

Figure diary_svg(const DiaryPicture& picture);

} // namespace assay::plot
