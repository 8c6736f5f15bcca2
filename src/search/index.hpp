// A positional index over records: every word with its places, so that phrases, nearness and wildcards
// anywhere in them can be searched. It lies in memory and can be kept as bytes.
#pragma once

#include "model/record.hpp"
#include "search/fields.hpp"
#include "search/image.hpp"
#include "text/fold.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::search {

/// Words of separate values of one field (two keywords) are so far apart that no nearness joins them.
inline constexpr int value_gap = 256;
/// The largest distance a nearness may ask for; larger ones are taken as this.
inline constexpr int most_between = value_gap - 2;

/// Which of the parts of `part` a word stands in: the number of the bit.
enum class Slot : std::uint8_t {
    title,
    abstract,
    keyword,
    heading,
    substance,
    type,
    author,
    journal,
    affiliation,
    language,
    date,
    id,
    volume,
    other,
    original,
};

/// One searched text of a record.
struct Value {
    Slot slot;
    std::string text;
};

/// A heading as the record has it.
struct IndexedHeading {
    std::string name; ///< folded
    bool major = false;
    std::vector<std::string> qualifiers; ///< two-letter codes, lower case
};

/// What of a record is searched: the one place that index and reference matcher share.
struct Searchable {
    std::vector<Value> values;
    std::vector<IndexedHeading> headings;
    std::string first_date; ///< yyyymmdd of publication, as far as known; padded with '0'
};

Searchable searchable(const model::Record& record, text::Folder& folder);

/// A place: slot in the upper bits, the word's number within it below.
using Position = std::uint32_t;
inline constexpr int position_bits = 24;

struct Occurrence {
    std::uint32_t document;
    Position position;
};

class Index {
public:
    Index();
    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;

    /// `id`: what ids() gives back for this record.
    void add(const model::Record& record, std::int64_t id = 0);
    void finish(); ///< nothing may be added afterwards, and nothing found before

    /// The finished index for a file; `key` says what was indexed (at most 64 characters). Valid until the
    /// next call.
    std::string_view bytes(std::string_view key);
    /// Nothing where the bytes are damaged, of another version, or made for another key.
    static std::optional<Index> from_bytes(std::string bytes, std::string_view key);

    std::size_t documents() const;
    std::size_t words() const;  ///< different ones
    std::size_t memory() const; ///< bytes
    std::span<const std::int64_t> ids() const;

    /// The words that a folded word with wildcards matches.
    std::vector<std::uint32_t> matching(std::string_view pattern) const;
    /// The id of a token as it is; npos when no record has it.
    static constexpr std::uint32_t npos = 0xFFFFFFFF;
    std::uint32_t find(std::string_view token) const;

    /// Marks the documents that have the word in one of the parts.
    void mark(std::uint32_t word, std::uint32_t parts, std::vector<std::uint64_t>& bits) const;
    /// Appends its places in these parts, in order.
    void places(std::uint32_t word, std::uint32_t parts, std::vector<Occurrence>& out) const;
    /// yyyymmdd of each document, 0: unknown.
    std::span<const std::uint32_t> dates() const;

private:
    struct Builder;
    explicit Index(Image image);
    std::unique_ptr<Builder> builder_; ///< until finish()
    std::optional<Image> image_;       ///< from then on
};

/// Tokens of the index for headings; they begin with a byte that no word has.
std::string heading_token(std::string_view folded_name, bool major, std::string_view qualifier);
std::string qualifier_token(std::string_view code);

/// Does the folded word fit the folded pattern with wildcards?
bool fits(std::string_view pattern, std::string_view word);

/// Words and wildcards of a pattern, folded as records are: "Haem#toma*" to one string per word.
std::vector<std::string> folded_words(std::string_view pattern, text::Folder& folder);

} // namespace assay::search
