#include "base/files.hpp"

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

struct Descriptor {
    int value = -1;
    explicit Descriptor(int v) : value(v) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

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

void write_file_atomic(const std::filesystem::path& path, std::string_view bytes) {
    std::string scratch = path.string() + ".XXXXXX";
    const Descriptor file(::mkstemp(scratch.data()));
    if (file.value < 0) unwritable(path, errno);
    try {
        struct stat status = {};
        // A new file gets the usual rights (mkstemp's are private), an old one keeps its own.
        const mode_t mode = ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0644U;
        if (::fchmod(file.value, mode) != 0) unwritable(path, errno);
        write_all(file.value, bytes, path);
        if (::fsync(file.value) != 0) unwritable(path, errno);
        if (::rename(scratch.c_str(), path.c_str()) != 0) unwritable(path, errno);
    } catch (...) {
        ::unlink(scratch.c_str());
        throw;
    }
    // The name itself must survive a power cut too; a file system that cannot flush a folder is no reason to
    // fail.
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.value >= 0) ::fsync(directory.value);
}

} // namespace assay
