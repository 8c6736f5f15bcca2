// What varies at random in a multilevel or multivariate model: intercepts of groups, and effects of inner
// levels that are correlated within an outer group. The structures are rows of a table.
#pragma once

#include "num/dense.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

enum class Structure { intercept, cs, hcs, un, id, diag, ar, har, car };

struct StructureInfo {
    Structure structure;
    std::string_view id;      ///< metafor's name: "HCS"
    std::string_view formula; ///< of cov(a, b)
    bool own_variances;       ///< each inner level has its own
    bool correlated;          ///< inner levels are
};
/// The structures of `~ inner | outer` terms.
std::span<const StructureInfo> structures();
const StructureInfo& info_of(Structure structure);
const StructureInfo* find_structure(std::string_view id);

/// A grouping of rows: each row's level, and the names of the levels in order.
struct Factor {
    std::vector<std::size_t> of_row;
    std::vector<std::string> levels;
};

/// The levels in order: of numbers when all are, of text otherwise as R sorts it (punctuation, digits,
/// letters; case last).
Factor factor_of(std::span<const std::string> values);
/// Levels of `inner` within those of `outer`, named "outer/inner", ordered by both.
Factor nested(const Factor& outer, const Factor& inner);

/// One random term. Fixed components are given, the others are estimated.
struct RandomTerm {
    Structure structure = Structure::intercept;
    std::string name;                   ///< "district/school", or "outcome | trial"
    Factor outer;                       ///< the grouping of an intercept; the outer one of `~ inner | outer`
    Factor inner = {};                  ///< unused for intercepts
    std::vector<double> positions = {}; ///< CAR: where each inner level lies
    std::optional<num::Matrix> known = {}; ///< known correlations between the outer levels of an intercept
    std::vector<std::optional<double>> variances = {}, correlations = {}; ///< empty: all are estimated
};

/// The formulas of metafor's `random`: "~ 1 | a/b", "~ x | g", or "list(~ 1 | a, ~ 1 | b)". An intercept over
/// nested groups is one formula with several groupings.
struct RandomFormula {
    std::string inner;               ///< "1" for intercepts
    std::vector<std::string> groups; ///< outermost first; more than one only for intercepts
};
/// Nothing if the text is not of this kind.
std::optional<std::vector<RandomFormula>> parse_random(std::string_view text);

/// Numbers of parameters: variances and correlations.
std::size_t variances_of(const RandomTerm& term);
std::size_t correlations_of(const RandomTerm& term);

} // namespace assay::synth
