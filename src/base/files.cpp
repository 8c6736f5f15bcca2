#include "base/files.hpp"

#include "base/atomic_file.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace assay {

namespace {

std::string reason(int error_number) {
    char buffer[256] = "unknown reason";
    // The POSIX form fills the buffer and the GNU form returns the text; taking either keeps both libraries
    // happy.
    const auto text = strerror_r(error_number, buffer, sizeof buffer);
    if constexpr (std::is_same_v<decltype(text), char* const>)
        return text;
    else
        return buffer;
}

[[noreturn]] void unwritable(const std::filesystem::path& path, int error_number) {
    throw Error("file/unwritable", "cannot write " + path.string() + ": " + reason(error_number));
}

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) unwritable(path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

std::string size_text(std::size_t bytes) {
    constexpr const char* units[] = {"bytes", "KiB", "MiB", "GiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < std::size(units); ++unit)
        value /= 1024;
    char text[48];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text;
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
    const FileBytes file(path, limit);
    std::string bytes;
    bytes.resize(file.size() + 1); // one more, to notice a file that grows
    std::size_t filled = 0;
    while (const std::size_t got = file.read(filled, bytes.data() + filled, bytes.size() - filled)) {
        filled += got;
        if (filled == bytes.size()) bytes.resize(2 * filled);
    }
    bytes.resize(filled);
    return bytes;
}

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)), scratch_(path_.string() + ".XXXXXX") {
    descriptor_ = ::mkstemp(scratch_.data());
    if (descriptor_ < 0) unwritable(path_, errno);
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!done_) ::unlink(scratch_.c_str());
}

void AtomicFile::append(std::string_view bytes) {
    write_all(descriptor_, bytes, path_);
}

void AtomicFile::commit() {
    struct stat status = {};
    // A new file gets the usual rights (mkstemp's are private), an old one keeps its own.
    const mode_t mode = ::stat(path_.c_str(), &status) == 0 ? status.st_mode & 07777U : 0644U;
    if (::fchmod(descriptor_, mode) != 0) unwritable(path_, errno);
    if (::fsync(descriptor_) != 0) unwritable(path_, errno);
    if (::rename(scratch_.c_str(), path_.c_str()) != 0) unwritable(path_, errno);
    done_ = true;
    // The name itself must survive a power cut too; a file system that cannot flush a folder is no reason to
    // fail.
    const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
}

void write_file_atomic(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.append(bytes);
    file.commit();
}

} // namespace assay
