// The named ways of ranking: a row each.
#pragma once

#include "screen/features.hpp"
#include "screen/ranker.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::screen {

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
};

std::span<const Model> models();
std::optional<Model> model_of(std::string_view name);

} // namespace assay::screen
