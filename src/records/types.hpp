// Types of documents: what formats call them and the CSL name that stands for all.
#pragma once

#include <string_view>

namespace assay::records {

/// CSL name of a RIS type ("JOUR"), of a PubMed, EndNote or database type in words; empty: unknown.
std::string_view type_of_ris(std::string_view tag);
std::string_view type_of_words(std::string_view words);

/// CSL name of a type of Crossref ("journal-article", "posted-content"); empty: unknown.
std::string_view type_of_crossref(std::string_view type);

/// RIS, BibTeX and EndNote (number, name) for a CSL type.
std::string_view ris_of_type(std::string_view type);
std::string_view bibtex_of_type(std::string_view type);
struct EndNoteType {
    int number;
    std::string_view name;
};
EndNoteType endnote_of_type(std::string_view type);
std::string_view type_of_endnote(int number);

} // namespace assay::records
