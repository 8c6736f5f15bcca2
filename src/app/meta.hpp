// Meta-analysis of any CSV: columns named as in metafor, one row per study, the same engine as the reviews use.
#pragma once

#include "base/diagnostics.hpp"
#include "effect/measures.hpp"
#include "model/results.hpp"
#include "synth/pool.hpp"

#include <map>
#include <string>
#include <string_view>

namespace assay::app {

struct MetaRequest {
    std::string file;  ///< for messages
    std::string measure = "GEN";
    std::map<std::string, std::string> columns; ///< role ("ai") -> column; roles not named use a column of their own name
    std::string slab;     ///< column with study labels; empty: "slab", "study" or "author" if there is one
    std::string subgroup; ///< column; empty: none
    effect::Options effects;
    synth::PoolOptions pool;
};

struct MetaResult {
    std::string measure;
    model::AnalysisResult analysis; ///< effects, excluded rows, pooled result (absent: nothing to pool), leave-one-out
    Diagnostics diagnostics;        ///< errors: nothing was computed
};

MetaResult meta(const MetaRequest& request, std::string_view csv);

/// Schema "assay/meta/1" (docs/formats/results.md): the number fields of results.json.
std::string meta_json(const MetaResult& result);

/// Study table, forest plot and summary for a terminal.
std::string meta_text(const MetaResult& result, int width, bool unicode);

/// The table of measures: name, title, needed columns, formula, source.
std::string list_measures();

} // namespace assay::app
