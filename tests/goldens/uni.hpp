// One golden model of metafor's rma.uni as ours.
#pragma once

#include "case.hpp"
#include "synth/uni.hpp"

namespace assay::test {

/// The model of a case with the numbers it looks at.
struct UniCase {
    Inputs inputs;
    Design design;
    std::vector<double> weights;
    std::string method;
    synth::UniModel model;

    explicit UniCase(const Case& golden);
    UniCase(const UniCase&) = delete;
    UniCase& operator=(const UniCase&) = delete;
};

} // namespace assay::test
