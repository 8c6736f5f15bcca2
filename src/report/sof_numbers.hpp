// The numbers behind one row of a summary of findings: what results.json holds and every printed form is
// rounded from.
#pragma once

#include "certainty/sof.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::report {

/// A standardised difference in the units of a scale people know.
struct ReExpressed {
    double sd = 0;                          ///< of that scale
    double estimate = 0, low = 0, high = 0; ///< low <= high
    std::string unit, source;
    std::vector<model::ResultId> rows; ///< where the SD stands; empty: stated in grade.toml
};

struct SofNumbers {
    std::optional<double> participants; ///< absent: not stated by any trial
    bool all_stated = true;             ///< false: `participants` is a lower bound
    int studies = 0;
    double estimate = 0, low = 0, high = 0; ///< on the scale readers see; low <= high
    std::optional<certainty::BaselineRisk> baseline;
    std::optional<certainty::Absolute> absolute; ///< per 1000 people
    bool improved = false; ///< `absolute` counts people who improve, converted from a standardised difference
    std::optional<ReExpressed> re_expressed;
};

/// The people of a trial. Those of a crossover are in both of its groups and count once; of a trial by
/// clusters all people count, not the effective number.
double people_of(const model::Review& review, const model::Effect& effect);

/// `result.main` must be there.
SofNumbers sof_numbers(const model::Review& review, const model::Analysis& analysis,
                       const model::AnalysisResult& result);

} // namespace assay::report
