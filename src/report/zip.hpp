// Writes a zip archive (deflate, fixed time stamp), as Word files are.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::report {

/// Names in ASCII with '/' between folders; the same input gives the same bytes. Parts of at most 4 GiB.
std::string zip(const std::vector<std::pair<std::string, std::string>>& files);

} // namespace assay::report
