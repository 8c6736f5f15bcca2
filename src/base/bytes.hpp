// Bytes looked at piece by piece, from any place and as often as needed: a file of any size, or a text in
// memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string_view>

namespace assay {

class Bytes {
public:
    Bytes() = default;
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    virtual ~Bytes() = default;

    /// Copies at most `room` bytes from byte `at` on and returns how many; 0: there are none.
    virtual std::size_t read(std::size_t at, char* to, std::size_t room) const = 0;
    virtual std::size_t size() const = 0;
    /// Whether the bytes are still those that were there at first: who reads them twice must know.
    virtual bool unchanged() const { return true; }
};

/// A text that must live as long as this.
class MemoryBytes : public Bytes {
public:
    explicit MemoryBytes(std::string_view text) : text_(text) {}
    std::size_t read(std::size_t at, char* to, std::size_t room) const override {
        if (at >= text_.size()) return 0;
        const std::size_t count = std::min(room, text_.size() - at);
        std::memcpy(to, text_.data() + at, count);
        return count;
    }
    std::size_t size() const override { return text_.size(); }

private:
    std::string_view text_;
};

/// A regular file. Errors: "file/unreadable" (missing, a folder, no permission, longer than `limit` bytes),
/// also while it is read.
class FileBytes : public Bytes {
public:
    explicit FileBytes(std::filesystem::path path, std::size_t limit = std::size_t{256} << 20);
    ~FileBytes() override;
    std::size_t read(std::size_t at, char* to, std::size_t room) const override;
    std::size_t size() const override { return size_; } ///< when it was opened
    bool unchanged() const override;                    ///< by its size and the time of its last change

private:
    std::filesystem::path path_;
    std::size_t limit_, size_ = 0;
    timespec changed_{};
    int descriptor_ = -1;
};

/// Room for bytes that is not set to zero before it is filled.
class Buffer {
public:
    std::string_view view() const { return {data_.get(), size_}; }
    char* data() { return data_.get(); }
    std::size_t size() const { return size_; }
    /// Room for `count` more bytes behind the last; what was written there counts after add(). Moves the
    /// bytes.
    char* room(std::size_t count) {
        if (size_ + count > capacity_) {
            const std::size_t larger = std::max(size_ + count, capacity_ + capacity_ / 2);
            std::unique_ptr<char[]> next(new char[larger]);
            if (size_ > 0) std::memcpy(next.get(), data_.get(), size_);
            data_ = std::move(next);
            capacity_ = larger;
        }
        return data_.get() + size_;
    }
    void add(std::size_t count) { size_ += count; }
    void append(std::string_view text) {
        if (text.empty()) return;
        std::memcpy(room(text.size()), text.data(), text.size());
        size_ += text.size();
    }
    /// Puts `text` in the place of `count` bytes from `at` on.
    void replace(std::size_t at, std::size_t count, std::string_view text) {
        if (text.size() > count) (void)room(text.size() - count);
        std::memmove(data_.get() + at + text.size(), data_.get() + at + count, size_ - at - count);
        if (!text.empty()) std::memcpy(data_.get() + at, text.data(), text.size());
        size_ += text.size() - count;
    }
    void erase_front(std::size_t count) {
        if (count == 0) return;
        size_ -= count;
        if (size_ > 0) std::memmove(data_.get(), data_.get() + count, size_);
    }
    void clear() { size_ = 0; }

private:
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0, capacity_ = 0;
};

} // namespace assay
