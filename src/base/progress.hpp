// How the library tells of long work: the caller hands in a function; the library itself never prints.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace assay {

/// Called with what is being done and how far it is; returns false to stop the work.
using Progress = std::function<bool(std::string_view what, std::size_t done, std::size_t total)>;

} // namespace assay
