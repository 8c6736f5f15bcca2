// The files of a review folder as bytes in memory, so that reading and checking never touch the disk
// themselves.
#pragma once

#include "base/diagnostics.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace assay::bundle {

struct Folder {
    std::string name;                              ///< the path as the user typed it
    std::map<std::string, std::string> files;      ///< name ("arms.csv") -> bytes
    std::map<std::string, std::string> unreadable; ///< name -> why; a message was given

    /// SHA-256 over names and bytes of the files the format knows.
    std::string digest() const;
};

/// review.toml and every .csv of the folder. What is missing or cannot be read becomes a message.
Folder read_folder(const std::filesystem::path& path, Diagnostics& diagnostics);

} // namespace assay::bundle
