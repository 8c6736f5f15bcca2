// The result of every subset of the studies of a CSV or of one analysis of a review, by one process or by
// many.
#pragma once

#include "app/meta.hpp"
#include "app/processes.hpp"
#include "synth/gosh.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct GoshRequest {
    MetaRequest meta;         ///< the CSV, its columns, measure and model
    std::string folder;       ///< a review instead of a CSV
    std::string analysis;     ///< of the review; empty: its first
    std::uint64_t sample = 0; ///< 0: all subsets
    std::uint64_t seed = 1;
    unsigned threads = 1;
    std::vector<double> probabilities = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
};

struct GoshResult {
    std::string measure, method;
    std::vector<std::string> labels; ///< of the studies
    std::uint64_t sample = 0, seed = 1;
    double full_estimate = 0, full_tau2 = 0, full_i2 = 0; ///< of all studies together
    synth::GoshSummary summary;
    Diagnostics diagnostics; ///< errors: nothing was computed
};

/// The same bytes for any number of threads and processes. Only rank 0 has a result. `csv` is the file's
/// content.
GoshResult gosh(const GoshRequest& request, std::string_view csv, Processes& processes);

/// Schema "assay/gosh/1" (docs/formats/gosh.md).
std::string gosh_json(const GoshResult& result);
std::string gosh_text(const GoshResult& result);

} // namespace assay::app
