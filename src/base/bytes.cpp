#include "base/bytes.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace assay {

namespace {

[[noreturn]] void unreadable(const std::filesystem::path& path, const std::string& why) {
    throw Error("file/unreadable", "cannot read " + path.string() + ": " + why);
}

std::string reason() {
    return std::generic_category().message(errno);
}

} // namespace

FileBytes::FileBytes(std::filesystem::path path, std::size_t limit) : path_(std::move(path)), limit_(limit) {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) unreadable(path_, reason());
    struct stat status = {};
    std::string why;
    if (::fstat(descriptor_, &status) != 0)
        why = reason();
    else if (S_ISDIR(status.st_mode))
        why = "it is a folder";
    else if (!S_ISREG(status.st_mode))
        why = "it is not a regular file";
    else if (static_cast<std::size_t>(status.st_size) > limit_)
        why = "it has " + size_text(static_cast<std::size_t>(status.st_size)) + "; at most " +
              size_text(limit_) + " are read";
    if (!why.empty()) {
        ::close(descriptor_);
        unreadable(path_, why);
    }
    size_ = static_cast<std::size_t>(status.st_size);
    changed_ = status.st_mtim;
}

FileBytes::~FileBytes() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t FileBytes::read(std::size_t at, char* to, std::size_t room) const {
    for (;;) {
        const ssize_t got = ::pread(descriptor_, to, room, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) unreadable(path_, reason());
        if (at + static_cast<std::size_t>(got) > limit_) // it grows
            unreadable(path_, "it has " + size_text(at + static_cast<std::size_t>(got)) + "; at most " +
                                  size_text(limit_) + " are read");
        return static_cast<std::size_t>(got);
    }
}

bool FileBytes::unchanged() const {
    struct stat status = {};
    return ::fstat(descriptor_, &status) == 0 && static_cast<std::size_t>(status.st_size) == size_ &&
           status.st_mtim.tv_sec == changed_.tv_sec && status.st_mtim.tv_nsec == changed_.tv_nsec;
}

} // namespace assay
