// A finished index as one run of bytes: what a search reads, in memory as in a file beside a store.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::search {

/// Words are numbered in the order of their letters; the postings of a word are one stretch of bytes:
/// numbers of variable length, (step of the position, 0) within a document, (step of the document, 1) and the
/// position in a new one.
class Image {
public:
    /// Bytes that an image of this size takes, and an empty one to be filled.
    Image(std::size_t documents, std::size_t words, std::size_t letters, std::size_t postings);
    /// Takes bytes of a file; nothing where they are damaged, of another version, or made for another key.
    static std::optional<Image> read(std::string bytes, std::string_view key);
    /// The bytes for a file. `key` says what was indexed (at most 64 characters).
    const std::string& sealed(std::string_view key);

    Image(Image&&) noexcept;
    Image& operator=(Image&&) noexcept;
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;

    std::size_t documents() const { return ids.size(); }
    std::size_t words() const { return reversed.size(); }
    std::string_view token(std::size_t word) const {
        return {letters.data() + letters_at[word], letters_at[word + 1] - letters_at[word]};
    }

    // Where the parts are within the bytes.
    std::span<std::int64_t> ids;         ///< of each document, as given
    std::span<std::uint64_t> starts;     ///< of each word's postings, and the end of the last
    std::span<std::uint32_t> dates;      ///< yyyymmdd of each document, 0: unknown
    std::span<std::uint32_t> letters_at; ///< of each word, and the end of the last
    std::span<std::uint32_t> reversed;   ///< words by their letters from the end
    std::span<char> letters;
    std::span<std::uint8_t> postings;

    std::size_t size() const { return bytes_.size(); }

private:
    Image() = default;
    bool lay_out(); ///< from the header; false where the sizes do not fit the bytes
    std::string bytes_;
};

} // namespace assay::search
