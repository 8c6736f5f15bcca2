// Reads compressed bytes.
#pragma once

#include <string>
#include <string_view>

namespace assay::screen {

/// True when the bytes start like a gzip file.
bool is_gzip(std::string_view bytes);

/// The content of a gzip file (all its members). Errors: "file/unreadable" for damaged data or more than
/// `limit` bytes.
std::string gunzip(std::string_view bytes, std::size_t limit = std::size_t{1} << 30);

} // namespace assay::screen
