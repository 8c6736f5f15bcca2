// Which numbers belong to which shape of data, and the way between a table row and the model's variant.
#pragma once

#include "bundle/fields.hpp"

#include <span>
#include <string>
#include <string_view>

namespace assay::bundle {

struct Shape {
    std::string_view name;
    std::span<const std::string_view> numbers; ///< the columns it may fill
    std::span<const std::string_view> core;    ///< one of these must be filled
};

std::span<const Shape> shapes();
/// Null for an unknown name.
const Shape* find_shape(std::string_view name);
/// True for the columns that belong to some shapes only.
bool is_shape_number(std::string_view column);

/// The table row with its numbers put into the variant.
model::Result assemble(ResultRow row);
/// The reverse.
ResultRow flatten(const model::Result& result);

} // namespace assay::bundle
