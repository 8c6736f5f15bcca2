// Meta-analysis of any CSV: columns named as in metafor, one row per study, the same engine as the reviews
// use.
#pragma once

#include "base/diagnostics.hpp"
#include "effect/measures.hpp"
#include "model/results.hpp"
#include "report/section.hpp"
#include "synth/pool.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct MetaRequest {
    std::string file; ///< for messages
    std::string measure = "GEN";
    std::map<std::string, std::string>
        columns;          ///< role ("ai") -> column; roles not named use a column of their own name
    std::string slab;     ///< column with study labels; empty: "slab", "study" or "author" if there is one
    std::string subgroup; ///< column; empty: none
    effect::Options effects;
    std::string vtype; ///< as the user wrote it; empty: the default
    synth::PoolOptions pool;
    std::string mods;                 ///< a formula: "~ ablat + factor(alloc)"; empty: none
    std::vector<std::string> newmods; ///< "ablat=30,alloc=random": predictions wanted there

    std::string weights;     ///< column with weights of the user; empty: inverse variances
    bool unweighted = false; ///< ordinary least squares

    struct Wanted {
        std::string id;       ///< of section_methods() or plot_methods()
        std::string argument; ///< what the option was given; may be empty
    };
    std::vector<Wanted> sections, plots;
    std::string structure = "CS";          ///< of ~ inner | outer, as metafor's struct
    std::string vcov = "CR2";              ///< of robust standard errors
    std::optional<double> rho;             ///< correlation of sampling errors within the outermost group
    std::vector<double> steps;             ///< of selection models
    std::string alternative = "greater";   ///< of the tests that select: greater, less, two.sided
    std::uint64_t draws = 10000, seed = 1; ///< of resampling
    unsigned threads = 0;                  ///< 0: all; the numbers do not depend on it
    bool script = false;                   ///< also the R script that does the same
};

struct MetaFigure {
    std::string kind, file, svg;
};

struct MetaResult {
    std::string measure;
    model::AnalysisResult
        analysis; ///< effects, excluded rows, pooled result (absent: nothing to pool), leave-one-out
    std::vector<report::Section> sections; ///< meta-regression first, then what was asked for, in that order
    std::vector<MetaFigure> figures;
    std::string script;
    Diagnostics diagnostics; ///< errors: nothing was computed
};

/// Throws Error for what was asked wrongly (unknown measure, formula that cannot be read).
MetaResult meta(const MetaRequest& request, std::string_view csv);

/// Schema "assay/meta/1" (docs/formats/results.md): the number fields of results.json.
std::string meta_json(const MetaResult& result);

/// Study table, forest plot and summary for a terminal.
std::string meta_text(const MetaResult& result, int width, bool unicode);

/// The table of measures: name, title, needed columns, formula, source.
std::string list_measures();

} // namespace assay::app
