// What deduplication keeps of a record: a few hundred bytes in which the same article looks the same.
#pragma once

#include "text/fold.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::dedupe {

/// The fields of a record as its database wrote them; empty: missing. Only looked at, never kept.
struct Fields {
    std::string_view title, authors, year, journal, volume, issue, pages, doi, pmid, issn, abstract, type,
        registration;
};

enum Marker : std::uint16_t {
    marker_erratum = 1,
    marker_reply = 2,
    marker_comment = 4,
    marker_retraction = 8, ///< a notice; "RETRACTED: title" is the article itself
    marker_protocol = 16,
    marker_supplement = 32, ///< stands in a supplement, a meeting's abstracts, proceedings
    marker_preprint = 64,
    marker_generic = 128,     ///< "Editorial", "Book review": says nothing about the content
    marker_unplaced = 256,    ///< ahead of print: pages 1-n without a volume
    marker_registry = 512,    ///< an entry of a trial registry
    marker_translated = 1024, ///< the title stands in brackets: translated for the database
    marker_regular =
        2048, ///< known to be no supplement: an issue with a plain number, or more than two pages
};

/// A page or article number: letters in front, the number behind. 0: missing.
struct Page {
    std::uint32_t number = 0;
    std::uint16_t prefix = 0; ///< up to two letters, lower case
    bool missing() const { return number == 0; }
    bool operator==(const Page&) const = default;
};

struct Span {
    std::uint32_t begin = 0;
    std::uint16_t size = 0;
};

constexpr std::size_t sketch_bins = 32;

struct Features {
    std::uint64_t title_hash = 0; ///< of the folded letters; 0: no title
    std::uint64_t doi = 0, registration = 0;
    std::uint32_t pmid = 0;
    std::uint32_t title_numbers = 0; ///< hash of the title's digits, roman numerals read as digits
    std::uint32_t doi_stem = 0;      ///< hash of the DOI without its version; 0: it has none
    Span title;                      ///< folded letters and digits, no spaces
    Span words;                      ///< hashes of the title's four longest words
    Span journal;                    ///< folded words
    Span people;                     ///< authors, in order
    Span issns;
    Page first, last;
    std::uint32_t volume = 0, issue = 0;
    std::uint32_t sketch = no_sketch; ///< number of the abstract's sketch
    std::int16_t year = 0;
    std::uint16_t markers = 0;
    std::uint8_t title_words = 0;
    bool series = false; ///< other records with this title stand in other places

    static constexpr std::uint32_t no_sketch = ~std::uint32_t{0};
    bool has(Marker marker) const { return (markers & marker) != 0; }
};

struct Person {
    std::uint32_t family = 0;      ///< hash of the folded family name without particles
    std::uint32_t given : 24 = 0;  ///< hash of the first given name, 0 for initials
    std::uint32_t initial : 8 = 0; ///< first letter of the given name, 0: none
};

using Sketch = std::array<std::uint8_t, sketch_bins>;

/// The features of many records, their texts packed one behind the other.
class Catalogue {
public:
    /// Number of the new record, counted from 0.
    std::uint32_t add(const Fields& fields);
    /// To be called once after the last add: finds titles that many different articles share.
    void find_series();

    std::size_t size() const { return records_.size(); }
    const Features& operator[](std::uint32_t record) const { return records_[record]; }
    std::string_view title(const Features& f) const { return view(f.title); }
    std::string_view journal(const Features& f) const { return view(f.journal); }
    std::span<const Person> people(const Features& f) const {
        return std::span<const Person>(people_).subspan(f.people.begin, f.people.size);
    }
    std::span<const std::uint32_t> words(const Features& f) const {
        return std::span<const std::uint32_t>(numbers_).subspan(f.words.begin, f.words.size);
    }
    std::span<const std::uint32_t> issns(const Features& f) const {
        return std::span<const std::uint32_t>(numbers_).subspan(f.issns.begin, f.issns.size);
    }
    const Sketch* sketch(const Features& f) const {
        return f.sketch == Features::no_sketch ? nullptr : &sketches_[f.sketch];
    }
    /// Bytes held.
    std::size_t memory() const;

private:
    std::string_view view(Span span) const { return std::string_view(text_).substr(span.begin, span.size); }
    Span keep(std::string_view text);
    void add_title(const Fields& fields, Features& f);
    void add_place(const Fields& fields, Features& f);
    void add_journal(const Fields& fields, Features& f);
    void add_people(std::string_view authors, Features& f);
    void add_abstract(std::string_view abstract, Features& f);

    std::vector<Features> records_;
    std::string text_;
    std::vector<Person> people_;
    std::vector<std::uint32_t> numbers_;
    std::vector<Sketch> sketches_;
    text::Folder folder_;
    std::string scratch_, letters_;
};

} // namespace assay::dedupe
