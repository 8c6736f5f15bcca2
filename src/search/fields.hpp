// The fields of a record that can be searched, and what each language calls them.
#pragma once

#include "search/dialects.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::search {

enum class Field : unsigned char {
    text_word,
    all,
    title_abstract,
    title_abstract_keyword,
    title_abstract_phrase,
    title,
    abstract,
    keyword,
    keyword_phrase,
    author,
    first_author,
    last_author,
    full_author,
    investigator,
    full_investigator,
    corporate_author,
    editor,
    author_id,
    affiliation,
    journal,
    book,
    publisher,
    place,
    isbn,
    volume,
    issue,
    pages,
    language,
    publication_type,
    substance,
    registry_number,
    heading_word,
    subject_name,
    pharmacological_action,
    pmid,
    location_id,
    article_id,
    secondary_id,
    grant,
    journal_id,
    subset,
    conflict,
    original_title,
    date_published,
    date_entered,
    date_created,
    date_completed,
    date_indexed,
    date_changed,
    comment,
    topic,
};

/// What of a record a field looks into: a bit per part (the index keeps the parts apart).
namespace part {
inline constexpr std::uint32_t title = 1, abstract = 2, keyword = 4, heading = 8, substance = 16, type = 32,
                               author = 64, journal = 128, affiliation = 256, language = 512, date = 1024,
                               id = 2048, volume = 4096, other = 8192, original = 16384, everything = 32767;
}

struct FieldRow {
    Field field;
    std::string_view name; ///< for messages
    std::uint32_t parts;
    // What to write, several codes separated by commas; empty: the language cannot say it.
    std::string_view pubmed, ovid, psycinfo, cochrane, embase, ebsco, scopus, wos, hta, lilacs;
};

std::span<const FieldRow> field_rows();
const FieldRow& row(Field field);

/// The codes of the field in a language, in their order; empty: it has none.
std::vector<std::string_view> codes(Field field, Dialect dialect);

/// The field that a language's code names; letter case aside. False: no such code.
bool field_of(Dialect dialect, std::string_view code, Field& field);

/// ti and ab together are one field of the table; so are ti, ab and keywords. Keeps order otherwise.
std::vector<Field> merged(std::vector<Field> fields);

/// The parts a field looks into when this language searches it (PubMed's [tiab] includes keywords).
std::uint32_t parts_of(Field field, Dialect dialect);
/// The same for a list; an empty list is the language's default.
std::uint32_t parts_of(std::span<const Field> fields, Dialect dialect);

} // namespace assay::search
