// The two halves of reading: review.toml and the tables. Internal to the folder.
#pragma once

#include "bundle/read.hpp"

#include <string_view>
#include <vector>

namespace assay::bundle {

void read_toml(Loaded& loaded, Diagnostics& diagnostics);
void read_tables(Loaded& loaded, Diagnostics& diagnostics);

/// "did you mean 'x'?" for the nearest of `choices`, else "one of: a, b or c"; empty without choices.
std::string hint_for(std::string_view value, std::span<const std::string_view> choices);

/// Lower-case letters, digits, '-', '_', '.'; not empty.
bool well_formed_id(std::string_view id);

/// The pieces between ';', without the spaces around them and without empty pieces.
std::vector<std::string> split_list(std::string_view text);

} // namespace assay::bundle
