// The named ways of ranking, and the parts they can be put together from: a row each.
#pragma once

#include "screen/features.hpp"
#include "screen/ranker.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::screen {

/// Blocks of features beside those of the whole text, by their share.
struct Blocks {
    double titles = 0;     ///< the words of the title alone
    double characters = 0; ///< pieces of words
};

struct Features {
    std::string_view name;
    std::string_view title;
    TextOptions text;
    Blocks beside;
};

struct Classifier {
    std::string_view name;
    std::string_view title;
    SolverOptions solver;
    std::optional<BayesOptions> bayes;
};

struct QueryStrategy {
    std::string_view name;
    std::string_view title;
    Query query;
};

struct Model {
    std::string_view name;
    std::string_view title;
    TextOptions text;
    RankerOptions ranker;
    /// True: without priors, records are read in the order of the file until both classes are seen. False: in
    /// an order drawn from the seed, or by the protocol.
    bool file_order_start = false;
    /// Share of the references in the similarity of two records, where the records carry enough of them.
    double reference_share = 0;
    Blocks beside = {};
};

std::span<const Features> feature_makers();
std::span<const Classifier> classifiers();
std::span<const QueryStrategy> query_strategies();
std::span<const Model> models();

std::optional<Model> model_of(std::string_view name);

/// The features of the text with their blocks beside them.
Matrix matrix_of(std::span<const Text> records, const TextOptions& text, const Blocks& beside);

/// The included records together weigh `ratio` times the excluded ones; 0: every record weighs one.
void set_balance(RankerOptions& ranker, double ratio);

} // namespace assay::screen
