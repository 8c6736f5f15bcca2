// One study's contribution to an analysis: an effect on the analysis scale, or the reason why there is none.
#pragma once

#include "model/ids.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace assay::model {

/// The 2x2 counts behind an effect, kept for Mantel-Haenszel and Peto, which pool counts.
struct Table2x2 {
    double ai = 0, bi = 0, ci = 0, di = 0; ///< events, non-events in the first arm; in the second arm
};

struct DerivedInput {
    std::string name; ///< a column of results.csv, or "mean difference"
    double value = 0;
};

/// A number that a rule made from others.
struct Derived {
    ResultId row;         ///< whose number it is
    std::string number;   ///< "sd", "mean", "n", "events", "se"
    double value = 0;
    std::string rule;     ///< id in the table of rules
    std::string formula;  ///< "sd = se*sqrt(n)"
    std::vector<DerivedInput> inputs;
    std::string origin;   ///< where an input comes from that the row does not give; empty: all are the row's own
    bool assumed = false; ///< an input was assumed or borrowed from another trial
};

struct Effect {
    StudyId study;
    std::string label;   ///< what the forest plot prints; unique within an analysis
    std::string measure; ///< "OR"
    double y = 0;        ///< on the analysis scale (log for ratios)
    double v = 0;        ///< sampling variance, finite, > 0
    std::optional<Table2x2> counts;
    std::vector<ResultId> rows;   ///< where the numbers came from
    std::string formula;          ///< "y = log(ai*di/(bi*ci))" or "se = (ci_high - ci_low)/(2*1.959964)"
    std::string subgroup;         ///< level of the analysis' subgroup column; empty: none
    std::optional<double> n1, n2; ///< people per arm, where known
    std::string data1, data2;     ///< arm data as a reader writes it: "11/34", "9.5 (5.1), n 21"
    std::vector<std::string> notes; ///< "1/2 added to each cell", "n assumed"
    std::string arm1, arm2;         ///< ids of the arms, for shared-control bookkeeping
    std::vector<Derived> derived;   ///< numbers that rules made, in the order in which they were needed
};

/// A row or study that an analysis could have used and did not.
struct Excluded {
    StudyId study;
    std::vector<ResultId> rows;
    std::string code;   ///< stable: "unit-unknown", "no-variance", "filtered", ...
    std::string reason; ///< a sentence
};

} // namespace assay::model
