#include "records/types.hpp"

#include <string>

namespace assay::records {

namespace {

struct Row {
    std::string_view type, ris, bibtex;
    int endnote;
    std::string_view endnote_name;
};

// The first row of a type is what is written; every row is read.
constexpr Row rows[] = {
    {"article-journal", "JOUR", "article", 17, "Journal Article"},
    {"article-journal", "EJOUR", "article", 43, "Electronic Article"},
    {"article-journal", "ABST", "article", 17, "Journal Article"},
    {"article-journal", "INPR", "article", 17, "Journal Article"},
    {"article-magazine", "MGZN", "article", 19, "Magazine Article"},
    {"article-newspaper", "NEWS", "article", 23, "Newspaper Article"},
    {"book", "BOOK", "book", 6, "Book"},
    {"book", "EBOOK", "book", 44, "Electronic Book"},
    {"book", "EDBOOK", "book", 28, "Edited Book"},
    {"book", "WHOLE", "book", 6, "Book"},
    {"chapter", "CHAP", "incollection", 5, "Book Section"},
    {"chapter", "ECHAP", "incollection", 60, "Electronic Book Section"},
    {"paper-conference", "CPAPER", "inproceedings", 47, "Conference Paper"},
    {"paper-conference", "CONF", "inproceedings", 10, "Conference Proceedings"},
    {"thesis", "THES", "phdthesis", 32, "Thesis"},
    {"report", "RPRT", "techreport", 27, "Report"},
    {"report", "GOVDOC", "techreport", 46, "Government Document"},
    {"dataset", "DATA", "misc", 59, "Dataset"},
    {"webpage", "ELEC", "misc", 12, "Web Page"},
    {"post-weblog", "BLOG", "misc", 56, "Blog"},
    {"patent", "PAT", "misc", 25, "Patent"},
    {"entry-encyclopedia", "ENCYC", "incollection", 53, "Encyclopedia"},
    {"entry-dictionary", "DICT", "incollection", 52, "Dictionary"},
    {"manuscript", "UNPB", "unpublished", 34, "Unpublished Work"},
    {"personal_communication", "PCOMM", "misc", 26, "Personal Communication"},
    {"legal_case", "CASE", "misc", 7, "Case"},
    {"legislation", "STAT", "misc", 31, "Statute"},
    {"bill", "BILL", "misc", 4, "Bill"},
    {"hearing", "HEAR", "misc", 14, "Hearing"},
    {"motion_picture", "VIDEO", "misc", 3, "Audiovisual Material"},
    {"motion_picture", "MPCT", "misc", 21, "Film or Broadcast"},
    {"song", "SOUND", "misc", 3, "Audiovisual Material"},
    {"map", "MAP", "misc", 20, "Map"},
    {"graphic", "ART", "misc", 2, "Artwork"},
    {"software", "COMP", "misc", 9, "Computer Program"},
    {"pamphlet", "PAMP", "booklet", 24, "Pamphlet"},
    {"standard", "STAND", "misc", 58, "Standard"},
    {"document", "GEN", "misc", 13, "Generic"},
};

} // namespace

std::string_view type_of_ris(std::string_view tag) {
    for (const Row& row : rows)
        if (row.ris == tag) return row.type;
    if (tag == "JFULL" || tag == "SER") return "periodical";
    if (tag == "SLIDE") return "speech";
    return {};
}

std::string_view type_of_words(std::string_view words) {
    std::string plain;
    for (const char c : words)
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    struct Word {
        std::string_view part, type;
    };
    // The first that occurs decides; narrower words stand before wider ones.
    static constexpr Word parts[] = {{"preprint", "article"},
                                     {"chapter", "chapter"},
                                     {"book section", "chapter"},
                                     {"conference", "paper-conference"},
                                     {"proceeding", "paper-conference"},
                                     {"meeting", "paper-conference"},
                                     {"congress", "paper-conference"},
                                     {"thesis", "thesis"},
                                     {"dissertation", "thesis"},
                                     {"dataset", "dataset"},
                                     {"newspaper", "article-newspaper"},
                                     {"magazine", "article-magazine"},
                                     {"patent", "patent"},
                                     {"web page", "webpage"},
                                     {"webpage", "webpage"},
                                     {"report", "report"},
                                     {"journal", "article-journal"},
                                     {"article", "article-journal"},
                                     {"review", "article-journal"},
                                     {"trial", "article-journal"},
                                     {"letter", "article-journal"},
                                     {"editorial", "article-journal"},
                                     {"erratum", "article-journal"},
                                     {"book", "book"}};
    if (plain == "case reports" || plain.find("case report") != std::string::npos) return "article-journal";
    for (const Word& word : parts)
        if (plain.find(word.part) != std::string::npos) return word.type;
    return {};
}

std::string_view type_of_crossref(std::string_view type) {
    struct Name {
        std::string_view name, type;
    };
    static constexpr Name names[] = {{"journal-article", "article-journal"},
                                     {"article", "article-journal"},
                                     {"review", "article-journal"},
                                     {"letter", "article-journal"},
                                     {"editorial", "article-journal"},
                                     {"erratum", "article-journal"},
                                     {"retraction", "article-journal"},
                                     {"proceedings-article", "paper-conference"},
                                     {"book-chapter", "chapter"},
                                     {"book-section", "chapter"},
                                     {"book-part", "chapter"},
                                     {"reference-entry", "entry-encyclopedia"},
                                     {"book", "book"},
                                     {"monograph", "book"},
                                     {"edited-book", "book"},
                                     {"reference-book", "book"},
                                     {"proceedings", "book"},
                                     {"posted-content", "article"},
                                     {"preprint", "article"},
                                     {"dissertation", "thesis"},
                                     {"report", "report"},
                                     {"report-component", "report"},
                                     {"dataset", "dataset"},
                                     {"standard", "standard"},
                                     {"peer-review", "review"},
                                     {"journal", "periodical"}};
    for (const Name& row : names)
        if (row.name == type) return row.type;
    return {};
}

std::string_view ris_of_type(std::string_view type) {
    for (const Row& row : rows)
        if (row.type == type) return row.ris;
    return type == "article" ? "UNPB" : "GEN";
}

std::string_view bibtex_of_type(std::string_view type) {
    for (const Row& row : rows)
        if (row.type == type) return row.bibtex;
    return "misc";
}

EndNoteType endnote_of_type(std::string_view type) {
    for (const Row& row : rows)
        if (row.type == type) return {row.endnote, row.endnote_name};
    return {13, "Generic"};
}

std::string_view type_of_endnote(int number) {
    for (const Row& row : rows)
        if (row.endnote == number) return row.type;
    return number == 0 ? "article-journal" : std::string_view();
}

} // namespace assay::records
