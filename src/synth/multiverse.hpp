// The multiverse of an analysis: the pooled result under every combination of declared choices, in one call.
#pragma once

#include "synth/series.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

/// The effects of all studies under one choice of measure (or of any other way to compute them).
struct MultiverseData {
    std::string name;         ///< "RR"
    std::vector<double> y, v; ///< NaN where a study has no such effect
};

/// Which studies take part: "all", "low risk of bias", "without Smith 1999".
struct MultiverseSet {
    std::string name;
    std::vector<char> in; ///< one per study
};

struct MultiverseChoices {
    std::vector<MultiverseData> data; ///< all of the same length
    std::vector<std::string> methods; ///< "EE" for the common effect, or names of estimators of tau2
    std::vector<std::string> tests;   ///< "z", "t", "knha", "adhoc"
    std::vector<MultiverseSet> sets;  ///< empty: all studies
    double level = 0.95;
    unsigned threads = 1;
};

/// One combination: indices into the choices, and its result. k = 0: no study is left.
struct Specification {
    std::size_t data = 0, method = 0, test = 0, set = 0;
    MeanRow row;
    bool same_as_before = false; ///< one study or a common effect under a Hartung-Knapp test: nothing new
};

struct Multiverse {
    std::vector<Specification> specifications; ///< the last choice varies fastest: data, set, method, test
    std::vector<std::size_t> curve;            ///< their indices by rising estimate, per choice of data
    /// Over the specifications that are defined, per choice of data:
    struct Spread {
        std::size_t count = 0, significant = 0, positive = 0;
        double lowest = 0, median = 0, highest = 0;
    };
    std::vector<Spread> spread;
};

/// Steegen, Tuerlinckx, Gelman & Vanpaemel 2016, Perspect Psychol Sci 11:702; for meta-analysis: Voracek,
/// Kossmeier & Tran 2019, Z Psychol 227:64. Unknown names of methods or tests throw Error.
Multiverse multiverse(const MultiverseChoices& choices);

} // namespace assay::synth
