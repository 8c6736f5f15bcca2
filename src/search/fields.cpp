#include "search/fields.hpp"

#include "base/ascii.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace assay::search {

namespace {

using F = Field;
constexpr std::uint32_t words = part::title | part::abstract | part::keyword | part::heading |
                                part::substance | part::type | part::original;
constexpr std::uint32_t tiab = part::title | part::abstract;

// Columns: PubMed, Ovid MEDLINE, Ovid PsycInfo, Cochrane, Embase.com, EBSCO, Scopus, Web of Science, HTA,
// LILACS.
constexpr FieldRow table[] = {
    {F::text_word, "text words", words, "tw", "mp", "mp", "ti,ab,kw", "", "", "TITLE-ABS-KEY", "TS", "",
     "tw"},
    {F::all, "all fields", part::everything, "all", "af", "af", "", "", "", "ALL", "ALL", "", "tw"},
    {F::title_abstract, "title and abstract", tiab, "tiab", "tw", "ti,ab", "ti,ab", "ti,ab", "TI,AB",
     "TITLE-ABS", "TI,AB", "title,abs", "tw"},
    {F::title_abstract_keyword, "title, abstract and keywords", tiab | part::keyword, "tiab", "ti,ab,kf",
     "ti,ab,id", "ti,ab,kw", "ti,ab,kw", "TI,AB,SU", "TITLE-ABS-KEY", "TS", "Keywords,title,abs", "tw"},
    {F::title_abstract_phrase, "title, abstract and keyword phrases", tiab | part::keyword, "tiab",
     "ti,ab,kw", "ti,ab,id", "ti,ab,kw", "ti,ab,kw", "TI,AB,SU", "TITLE-ABS-KEY", "TS", "Keywords,title,abs",
     "tw"},
    {F::title, "title", part::title, "ti", "ti", "ti", "ti", "ti", "TI", "TITLE", "TI", "title", "ti"},
    {F::abstract, "abstract", part::abstract, "ab", "ab", "ab", "ab", "ab", "AB", "ABS", "AB", "abs", "ab"},
    {F::keyword, "keywords", part::keyword, "ot", "kf", "id", "kw", "kw", "SU", "AUTHKEY", "AK", "Keywords",
     "tw"},
    {F::keyword_phrase, "keyword phrases", part::keyword, "ot", "kw", "id", "kw", "kw", "SU", "AUTHKEY", "AK",
     "Keywords", "tw"},
    {F::author, "authors", part::author, "au", "au", "au", "au", "au", "AU", "AUTH", "AU", "Author", "au"},
    {F::first_author, "first author", part::author, "1au", "pa", "au", "", "au", "AU", "FIRSTAUTH", "AU",
     "Author", "au"},
    {F::last_author, "last author", part::author, "lastau", "au", "au", "", "au", "AU", "AUTH", "AU",
     "Author", "au"},
    {F::full_author, "full author names", part::author, "fau", "fa", "au", "", "au", "AU", "AUTH", "AU",
     "Author", "au"},
    {F::investigator, "investigators", part::author, "ir", "ir", "au", "", "au", "AU", "AUTH", "AU", "Author",
     "au"},
    {F::full_investigator, "full investigator names", part::author, "fir", "ir", "au", "", "au", "AU", "AUTH",
     "AU", "Author", "au"},
    {F::corporate_author, "group authors", part::author, "cn", "ca", "ca", "", "au", "CA", "AUTHCOLLAB", "OG",
     "Author", "ai"},
    {F::editor, "editors", part::author, "ed", "fe", "pa", "", "ed", "ED", "EDITOR", "", "Author", "au"},
    {F::author_id, "author ids", part::author, "auid", "ai", "pd", "", "oc", "", "ORCID", "AI", "", "auid"},
    {F::affiliation, "affiliation", part::affiliation, "ad", "in", "in", "", "ff", "AF", "AFFIL", "AD",
     "Source", ""},
    {F::journal, "journal", part::journal, "ta", "jn", "jn", "so", "jt", "SO", "SRCTITLE", "SO", "Source",
     "ta"},
    {F::book, "book", part::journal, "book", "bt", "bt", "", "", "TI", "SRCTITLE", "", "", "ti"},
    {F::publisher, "publisher", part::other, "pubn", "", "pu", "", "bp", "", "BOOKPUB", "", "Source", ""},
    {F::place, "country of the journal", part::other, "pl", "pl", "", "", "", "", "", "", "country", "cp"},
    {F::isbn, "ISBN", part::id, "isbn", "ib", "ib", "", "ib", "IB", "ISBN", "IS", "", ""},
    {F::volume, "volume", part::volume, "vi", "vo", "vo", "", "vi", "VI", "VOLUME", "", "", ""},
    {F::issue, "issue", part::volume, "ip", "ip", "ip", "", "ip", "IP", "ISSUE", "", "", ""},
    {F::pages, "pages", part::volume, "pg", "pg", "pg", "", "sp", "PP", "PAGEFIRST", "", "", ""},
    {F::language, "language", part::language, "la", "lg", "lg", "", "la", "LA", "LANGUAGE", "LA", "Language",
     "la"},
    {F::publication_type, "publication type", part::type, "pt", "pt", "pt", "pt", "it", "PT", "DOCTYPE", "DT",
     "", "pt"},
    {F::substance, "substance names", part::substance, "nm", "nm", "hw", "kw", "tn", "MW", "CHEM", "", "",
     ""},
    {F::registry_number, "registry numbers", part::substance, "rn", "rn", "", "", "rn", "", "CASREGNUMBER",
     "", "", ""},
    {F::heading_word, "words of headings", part::heading, "tw", "hw", "hw", "kw", "de", "MW", "INDEXTERMS",
     "", "", "tw"},
    {F::subject_name, "person as subject", part::other, "ps", "pn", "", "", "", "NP", "", "", "", ""},
    {F::pharmacological_action, "pharmacological action", part::heading, "pa", "", "", "", "", "", "", "", "",
     ""},
    {F::pmid, "PubMed id", part::id, "pmid", "ui", "pm", "", "ui", "PM", "PMID", "PMID", "", "id"},
    {F::location_id, "DOI", part::id, "lid", "do", "", "", "do", "", "DOI", "DO", "record id", "aid"},
    {F::article_id, "article id", part::id, "aid", "id", "ar", "", "do,ii", "AN", "", "", "record id", "id"},
    {F::secondary_id, "registration and accession numbers", part::id, "si", "si", "", "an", "", "", "", "",
     "", ""},
    {F::grant, "grant numbers", part::other, "gr", "no", "gs", "", "", "GI", "FUND-NO", "FG", "", ""},
    {F::journal_id, "journal id", part::id, "jid", "jc", "", "", "", "SI", "", "", "", ""},
    {F::subset, "subset", part::other, "sb", "sb", "", "", "", "SB", "", "", "", ""},
    {F::conflict, "conflict of interest", part::other, "cois", "ci", "", "", "", "", "", "", "", ""},
    {F::original_title, "original title", part::original, "tt", "ot", "ot", "", "tt", "", "TITLE", "", "",
     "ti"},
    {F::date_published, "date of publication", part::date, "dp", "dp", "dp", "", "pd", "PD", "PUBYEAR", "PY",
     "", "da"},
    {F::date_entered, "date entered", part::date, "edat", "ed", "", "", "", "", "", "", "", ""},
    {F::date_created, "date created", part::date, "crdt", "dt", "", "", "sd", "EM", "LOAD-DATE", "", "", ""},
    {F::date_completed, "date completed", part::date, "dcom", "ed", "", "", "", "", "", "", "", ""},
    {F::date_indexed, "date of indexing", part::date, "mhda", "da", "", "", "", "", "", "", "", ""},
    {F::date_changed, "date of change", part::date, "lr", "rd", "cd", "", "", "RD", "", "", "", ""},
    {F::comment, "comments and corrections", part::other, "", "cm", "", "", "", "", "", "", "", ""},
    {F::topic, "topic", tiab | part::keyword | part::heading, "tiab", "mp", "mp", "ti,ab,kw", "ti,ab,kw",
     "TI,AB,SU", "TITLE-ABS-KEY", "TS", "", "tw"},
};

struct Alias {
    Dialect dialect;
    std::string_view code; ///< lower case
    Field field;
};

// Codes that are read beside the ones that are written.
constexpr Alias aliases[] = {
    {Dialect::pubmed, "text word", F::text_word},
    {Dialect::pubmed, "text words", F::text_word},
    {Dialect::pubmed, "word", F::text_word},
    {Dialect::pubmed, "textword", F::text_word},
    {Dialect::pubmed, "text", F::text_word},
    {Dialect::pubmed, "all fields", F::all},
    {Dialect::pubmed, "all field", F::all},
    {Dialect::pubmed, "title/abstract", F::title_abstract},
    {Dialect::pubmed, "title/abstracts", F::title_abstract},
    {Dialect::pubmed, "title abstract", F::title_abstract},
    {Dialect::pubmed, "tiab", F::title_abstract},
    {Dialect::pubmed, "ti/ab", F::title_abstract},
    {Dialect::pubmed, "ti,ab", F::title_abstract},
    {Dialect::pubmed, "title", F::title},
    {Dialect::pubmed, "titl", F::title},
    {Dialect::pubmed, "abstract", F::abstract},
    {Dialect::pubmed, "other term", F::keyword},
    {Dialect::pubmed, "author", F::author},
    {Dialect::pubmed, "auth", F::author},
    {Dialect::pubmed, "author - first", F::first_author},
    {Dialect::pubmed, "first author name", F::first_author},
    {Dialect::pubmed, "first author", F::first_author},
    {Dialect::pubmed, "author - last", F::last_author},
    {Dialect::pubmed, "last author name", F::last_author},
    {Dialect::pubmed, "last author", F::last_author},
    {Dialect::pubmed, "full author name", F::full_author},
    {Dialect::pubmed, "author - full", F::full_author},
    {Dialect::pubmed, "investigator", F::investigator},
    {Dialect::pubmed, "full investigator name", F::full_investigator},
    {Dialect::pubmed, "investigator - full", F::full_investigator},
    {Dialect::pubmed, "corporate author", F::corporate_author},
    {Dialect::pubmed, "author - corporate", F::corporate_author},
    {Dialect::pubmed, "editor", F::editor},
    {Dialect::pubmed, "author - identifier", F::author_id},
    {Dialect::pubmed, "author identifier", F::author_id},
    {Dialect::pubmed, "affiliation", F::affiliation},
    {Dialect::pubmed, "journal", F::journal},
    {Dialect::pubmed, "jour", F::journal},
    {Dialect::pubmed, "so", F::journal},
    {Dialect::pubmed, "book", F::book},
    {Dialect::pubmed, "publisher", F::publisher},
    {Dialect::pubmed, "place of publication", F::place},
    {Dialect::pubmed, "volume", F::volume},
    {Dialect::pubmed, "issue", F::issue},
    {Dialect::pubmed, "pagination", F::pages},
    {Dialect::pubmed, "language", F::language},
    {Dialect::pubmed, "lang", F::language},
    {Dialect::pubmed, "publication type", F::publication_type},
    {Dialect::pubmed, "ptyp", F::publication_type},
    {Dialect::pubmed, "supplementary concept", F::substance},
    {Dialect::pubmed, "substance name", F::substance},
    {Dialect::pubmed, "substance", F::substance},
    {Dialect::pubmed, "ec/rn number", F::registry_number},
    {Dialect::pubmed, "personal name as subject", F::subject_name},
    {Dialect::pubmed, "subject - personal name", F::subject_name},
    {Dialect::pubmed, "pharmacological action", F::pharmacological_action},
    {Dialect::pubmed, "uid", F::pmid},
    {Dialect::pubmed, "location id", F::location_id},
    {Dialect::pubmed, "doi", F::location_id},
    {Dialect::pubmed, "article identifier", F::article_id},
    {Dialect::pubmed, "secondary source id", F::secondary_id},
    {Dialect::pubmed, "grant number", F::grant},
    {Dialect::pubmed, "grants and funding", F::grant},
    {Dialect::pubmed, "nlm unique id", F::journal_id},
    {Dialect::pubmed, "subset", F::subset},
    {Dialect::pubmed, "filter", F::subset},
    {Dialect::pubmed, "conflict of interest statements", F::conflict},
    {Dialect::pubmed, "transliterated title", F::original_title},
    {Dialect::pubmed, "date - publication", F::date_published},
    {Dialect::pubmed, "publication date", F::date_published},
    {Dialect::pubmed, "pdat", F::date_published},
    {Dialect::pubmed, "ppdat", F::date_published},
    {Dialect::pubmed, "epdat", F::date_published},
    {Dialect::pubmed, "date - entry", F::date_entered},
    {Dialect::pubmed, "date - entrez", F::date_entered},
    {Dialect::pubmed, "entrez date", F::date_entered},
    {Dialect::pubmed, "entry date", F::date_entered},
    {Dialect::pubmed, "edt", F::date_entered},
    {Dialect::pubmed, "date - create", F::date_created},
    {Dialect::pubmed, "create date", F::date_created},
    {Dialect::pubmed, "date - completion", F::date_completed},
    {Dialect::pubmed, "completion date", F::date_completed},
    {Dialect::pubmed, "date - mesh", F::date_indexed},
    {Dialect::pubmed, "mesh date", F::date_indexed},
    {Dialect::pubmed, "mhdate", F::date_indexed},
    {Dialect::pubmed, "date - modification", F::date_changed},
    {Dialect::pubmed, "modification date", F::date_changed},
    {Dialect::ovid, "tw", F::title_abstract},
    {Dialect::ovid, "ab", F::abstract},
    {Dialect::ovid, "jw", F::journal},
    {Dialect::ovid, "nj", F::journal},
    {Dialect::ovid, "ja", F::journal},
    {Dialect::ovid, "jx", F::journal},
    {Dialect::ovid, "so", F::journal},
    {Dialect::ovid, "is", F::journal_id},
    {Dialect::ovid, "vi", F::volume},
    {Dialect::ovid, "yr", F::date_published},
    {Dialect::ovid, "ep", F::date_published},
    {Dialect::ovid, "ps", F::substance},
    {Dialect::ovid, "px", F::substance},
    {Dialect::ovid, "rs", F::substance},
    {Dialect::ovid, "rx", F::substance},
    {Dialect::ovid, "os", F::substance},
    {Dialect::ovid, "ox", F::substance},
    {Dialect::ovid, "nx", F::substance},
    {Dialect::ovid, "ux", F::substance},
    {Dialect::ovid, "rw", F::registry_number},
    {Dialect::ovid, "sy", F::substance},
    {Dialect::ovid, "tn", F::substance},
    {Dialect::ovid, "dm", F::substance},
    {Dialect::ovid, "dv", F::substance},
    {Dialect::ovid, "dq", F::substance},
    {Dialect::ovid, "md", F::publication_type},
    {Dialect::ovid, "la", F::language},
    {Dialect::ovid, "cp", F::place},
    {Dialect::ovid, "cr", F::date_created},
    {Dialect::ovid, "up", F::date_changed},
    {Dialect::ovid, "oa", F::abstract},
    {Dialect::ovid, "hw", F::heading_word},
    {Dialect::ovid, "id", F::article_id},
    {Dialect::ovid_psycinfo, "id", F::keyword},
    {Dialect::cochrane, "doi", F::location_id},
    {Dialect::cochrane, "la", F::language},
    {Dialect::embase, "do", F::location_id},
    {Dialect::embase, "ii", F::article_id},
    {Dialect::embase, "tt", F::original_title},
    {Dialect::embase, "ta", F::journal},
    {Dialect::embase, "py", F::date_published},
    {Dialect::ebsco, "mw", F::heading_word},
    {Dialect::ebsco, "tx", F::all},
    {Dialect::ebsco, "kw", F::keyword},
    {Dialect::ebsco, "jn", F::journal},
    {Dialect::ebsco, "dt", F::date_published},
    {Dialect::ebsco, "xb", F::title_abstract},
    {Dialect::scopus, "key", F::keyword},
    {Dialect::scopus, "all", F::all},
    {Dialect::scopus, "author-name", F::author},
    {Dialect::scopus, "authlastname", F::author},
    {Dialect::scopus, "exactsrctitle", F::journal},
    {Dialect::scopus, "issn", F::journal_id},
    {Dialect::wos, "ts", F::topic},
    {Dialect::wos, "kp", F::heading_word},
    {Dialect::wos, "og", F::affiliation},
    {Dialect::hta, "abs", F::abstract},
    {Dialect::hta, "ti", F::title},
    {Dialect::lilacs, "kw", F::keyword},
};

using ascii::to_lower;

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view cell(const FieldRow& r, Dialect dialect) {
    switch (dialect) {
    case Dialect::pubmed:
        return r.pubmed;
    case Dialect::ovid:
        return r.ovid;
    case Dialect::ovid_psycinfo:
        return r.psycinfo;
    case Dialect::cochrane:
        return r.cochrane;
    case Dialect::embase:
        return r.embase;
    case Dialect::ebsco:
        return r.ebsco;
    case Dialect::scopus:
        return r.scopus;
    case Dialect::wos:
        return r.wos;
    case Dialect::wos_basic:
        return {};
    case Dialect::hta:
        return r.hta;
    case Dialect::lilacs:
        return r.lilacs;
    }
    return {};
}

// The codes that name a row when they stand alone; those of the merged rows only stand together.
bool alone(Field field, Dialect dialect) {
    if (field == F::topic) return dialect == Dialect::wos;
    if (field == F::title_abstract_keyword) return false;
    if (field == F::title_abstract_phrase) return false;
    return true;
}

} // namespace

std::span<const FieldRow> field_rows() {
    return table;
}

const FieldRow& row(Field field) {
    const auto& found = table[static_cast<std::size_t>(field)];
    ASSAY_EXPECT(found.field == field);
    return found;
}

std::vector<std::string_view> codes(Field field, Dialect dialect) {
    std::vector<std::string_view> list;
    std::string_view rest = cell(row(field), dialect);
    while (!rest.empty()) {
        const std::string_view code = rest.substr(0, rest.find(','));
        list.push_back(code);
        rest.remove_prefix(std::min(rest.size(), code.size() + 1));
    }
    return list;
}

bool field_of(Dialect dialect, std::string_view code, Field& field) {
    while (!code.empty() && code.back() == ' ')
        code.remove_suffix(1);
    while (!code.empty() && code.front() == ' ')
        code.remove_prefix(1);
    const Dialect family = dialect == Dialect::ovid_psycinfo ? Dialect::ovid
                           : dialect == Dialect::wos_basic   ? Dialect::wos
                                                             : dialect;
    const auto alias_of = [&](Dialect at) {
        for (const Alias& alias : aliases)
            if (alias.dialect == at && same(alias.code, code)) {
                field = alias.field;
                return true;
            }
        return false;
    };
    const auto cell_of = [&](Dialect at) {
        for (const FieldRow& r : table)
            if (alone(r.field, at) && !cell(r, at).empty() && same(cell(r, at), code)) {
                field = r.field;
                return true;
            }
        return false;
    };
    if (dialect != family && alias_of(dialect)) return true;
    return alias_of(family) || cell_of(dialect) || cell_of(family);
}

std::vector<Field> merged(std::vector<Field> fields) {
    const auto has = [&](Field f) { return std::find(fields.begin(), fields.end(), f) != fields.end(); };
    const auto drop = [&](Field f) {
        fields.erase(std::remove(fields.begin(), fields.end(), f), fields.end());
    };
    std::vector<Field> once;
    for (const Field f : fields)
        if (std::find(once.begin(), once.end(), f) == once.end()) once.push_back(f);
    fields = std::move(once);
    if ((has(F::title) && has(F::abstract)) || has(F::title_abstract)) {
        drop(F::title);
        drop(F::abstract);
        drop(F::title_abstract);
        Field together = F::title_abstract;
        if (has(F::keyword)) {
            together = F::title_abstract_keyword;
            drop(F::keyword);
            drop(F::keyword_phrase);
        } else if (has(F::keyword_phrase)) {
            together = F::title_abstract_phrase;
            drop(F::keyword_phrase);
        }
        fields.insert(fields.begin(), together);
    }
    return fields;
}

std::uint32_t parts_of(Field field, Dialect dialect) {
    // NLM: [tiab] searches the keywords of authors, too; Embase.com's :kw and EBSCO's SU take headings with
    // them.
    if (field == F::title_abstract && dialect == Dialect::pubmed) return tiab | part::keyword;
    if ((field == F::keyword || field == F::keyword_phrase) && dialect == Dialect::ebsco)
        return part::keyword | part::heading;
    if (field == F::keyword && dialect == Dialect::cochrane) return part::keyword | part::heading;
    return row(field).parts;
}

std::uint32_t parts_of(std::span<const Field> fields, Dialect dialect) {
    if (fields.empty()) {
        const bool ovid = dialect == Dialect::ovid || dialect == Dialect::ovid_psycinfo;
        if (ovid) return row(F::text_word).parts;
        if (dialect == Dialect::wos || dialect == Dialect::wos_basic || dialect == Dialect::scopus)
            return row(F::topic).parts;
        return part::everything;
    }
    std::uint32_t all = 0;
    for (const Field field : fields)
        all |= parts_of(field, dialect);
    return all;
}

} // namespace assay::search
