// A bibliographic record as the formats of databases and reference managers force it to be: everything a
// source said, under names that do not depend on the source, and the source's own fields beside them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::model {

struct RecordName {
    std::string role = "author"; ///< author, editor, series-editor, translator, ...
    std::string family;          ///< with particles; the whole name of a group
    std::string given, suffix;
    bool collective = false;
    std::string orcid; ///< 0000-0001-2345-6789
    std::vector<std::string> affiliations;
};

struct RecordId {
    std::string scheme; ///< doi, pmid, pmc, pii, eid, wos, nct, accession, ...
    std::string value;
};

struct RecordKeyword {
    std::string scheme; ///< "mesh"; empty: free
    std::string term;
    bool major = false;
};

struct AbstractPart {
    std::string label; ///< "METHODS"; may be empty
    std::string text;
};

struct RecordRelation {
    std::string kind; ///< RetractionIn, ErratumFor, CommentOn, UpdateIn, Cites, ... as PubMed names them
    std::string pmid; ///< may be empty
    std::string note; ///< the citation as printed
};

struct RecordDecision {
    std::string tool, who, value; ///< rayyan, "Ann", Included
};

struct RawField {
    std::string tag, value; ///< as in the source, decoded to UTF-8
};

struct Record {
    std::string type;     ///< CSL 1.0.2 name: article-journal, book, chapter, ...; empty: unknown
    std::string raw_type; ///< as in the source
    std::string title, short_title, original_title;
    std::vector<RecordName> people;
    std::string container, container_short; ///< journal, book or proceedings
    std::string volume, issue, pages;       ///< pages as in the source
    std::string article_number;
    std::vector<std::string> issn, isbn;
    std::string publisher, place, edition, series;
    std::string date; ///< of publication, EDTF: 2015, 2015-03, 2015-03-12
    std::string date_epub;
    std::vector<AbstractPart> abstract;
    std::vector<RecordKeyword> keywords;
    std::vector<std::string> publication_types;
    std::vector<RecordId> ids;
    std::vector<RecordRelation> relations;
    std::vector<std::string> links, notes;
    std::string language, country, database;
    std::vector<RecordDecision> decisions;
    bool deleted = false; ///< the source says that the record with these ids is to be forgotten

    std::vector<RawField> raw; ///< every field of the source in its order, known and unknown
    std::string dialect;       ///< importer and flavour: "ris", "nbib", "pubmed-xml"
    std::string file;
    int line = 0;             ///< where the record starts
    std::uint64_t offset = 0; ///< byte of the file (decoded to UTF-8) where it starts
    int number = 0;           ///< 1-based, within the file
};

/// The first id of a scheme, or empty.
inline std::string record_id(const Record& record, const std::string& scheme) {
    for (const RecordId& id : record.ids)
        if (id.scheme == scheme) return id.value;
    return {};
}

} // namespace assay::model
