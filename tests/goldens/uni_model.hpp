// What several families need from the model section of a case.
#pragma once

#include "case.hpp"
#include "synth/fit.hpp"
#include "synth/series.hpp"

#include <map>

namespace assay::test {

/// Null for common-effect models.
const synth::Estimator* estimator_of(const Json& model);
synth::Test test_of(const Json& model);

/// People (or their time) behind each kept study.
std::vector<double> sizes_of(const Inputs& inputs, const Json& golden);

} // namespace assay::test
