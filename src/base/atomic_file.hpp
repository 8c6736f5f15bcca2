// A file that is there as a whole or not at all, written in pieces.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace assay {

/// Writes beside the path; commit() flushes to the disk and renames. Without it nothing stays. Errors:
/// "file/unwritable".
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void append(std::string_view bytes);
    void commit();

private:
    std::filesystem::path path_;
    std::string scratch_;
    int descriptor_ = -1;
    bool done_ = false;
};

} // namespace assay
