// Whole files in, whole files out; what goes wrong with the disk is an Error with path and reason.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace assay {

/// The bytes of a file. Errors: "file/unreadable" (missing, a folder, no permission, longer than `limit`
/// bytes).
std::string read_file(const std::filesystem::path& path, std::size_t limit = std::size_t{256} << 20);

/// Writes beside `path`, flushes to the disk and renames: a reader sees the old bytes or the new, never half.
/// Errors: "file/unwritable".
void write_file_atomic(const std::filesystem::path& path, std::string_view bytes);

/// "3.2 MiB"
std::string size_text(std::size_t bytes);

} // namespace assay
