#include "records/columns.hpp"

#include "base/ascii.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"
#include "text/names.hpp"

#include <algorithm>

namespace assay::records {

namespace {

using model::Record;

template<std::string Record::*field> void set(Record& r, std::string_view value) {
    if ((r.*field).empty()) r.*field = plain_text(value);
}

// The items of a list as Python and JSON print it: ['Marx, Karl', "O'Neil, A."]. False: it is none.
bool printed_list(std::string_view value, std::vector<std::string>& items) {
    if (value.size() < 4 || value.front() != '[' || value.back() != ']') return false;
    value = value.substr(1, value.size() - 2);
    for (std::size_t at = 0;;) {
        at = std::min(value.find_first_not_of(" \n", at), value.size());
        if (at == value.size() || (value[at] != '\'' && value[at] != '"')) return false;
        const char quote = value[at++];
        std::string item;
        for (; at < value.size() && value[at] != quote; ++at) {
            if (value[at] == '\\' && at + 1 < value.size()) ++at;
            item += value[at];
        }
        if (at == value.size()) return false;
        items.push_back(std::move(item));
        at = value.find_first_not_of(" \n", at + 1);
        if (at == std::string_view::npos) return true;
        if (value[at++] != ',') return false;
    }
}

template<class Call> void each_part(std::string_view list, std::string_view separators, const Call& call) {
    if (std::vector<std::string> items; printed_list(list, items)) {
        for (const auto& item : items)
            if (const auto part = text::trim(item); !part.empty()) call(part);
        return;
    }
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find_first_of(separators, at), list.size());
        const auto part = text::trim(list.substr(at, end - at));
        if (!part.empty()) call(part);
        at = end + 1;
    }
}

// Scopus writes "Yang, Zixiao (57203838101)".
void put_people(Record& r, std::string_view value, std::string_view role) {
    std::vector<std::string> items;
    std::vector<std::string_view> names;
    if (printed_list(value, items))
        names.assign(items.begin(), items.end());
    else
        names = text::split_names(value);
    for (std::string_view person : names) {
        if (const std::size_t open = person.rfind(" (");
            open != std::string_view::npos && person.back() == ')' &&
            person.find_first_not_of("0123456789", open + 2) == person.size() - 1)
            person = person.substr(0, open);
        add_name(r, plain_text(person), role);
    }
}

void put_authors(Record& r, std::string_view value) {
    for (const auto& name : r.people)
        if (name.role == "author") return; // full names stood in a column before
    put_people(r, value, "author");
}
void put_full_names(Record& r, std::string_view value) {
    if (value.empty()) return;
    std::erase_if(r.people, [](const auto& name) { return name.role == "author"; });
    put_people(r, value, "author");
}
void put_editors(Record& r, std::string_view value) {
    put_people(r, value, "editor");
}
void put_translators(Record& r, std::string_view value) {
    put_people(r, value, "translator");
}

void put_date(Record& r, std::string_view value) {
    std::string date = edtf(value);
    if (date.size() > r.date.size()) r.date = std::move(date);
}
void put_month(Record& r, std::string_view value) {
    if (r.date.size() == 4) r.date = edtf(r.date, value, {});
}
void put_day(Record& r, std::string_view value) {
    if (r.date.size() == 7) r.date = edtf(r.date.substr(0, 4), r.date.substr(5), value);
}

void put_pages(Record& r, std::string_view value) {
    if (r.pages.empty()) r.pages = plain_hyphens(value);
}
void put_source(Record& r, std::string_view value) {
    read_printed_source(r, value);
}
void put_last_page(Record& r, std::string_view value) {
    r.pages = join_pages(r.pages, value);
}

void put_abstract(Record& r, std::string_view value) {
    if (r.abstract.empty() && value != "[No abstract available]")
        r.abstract.push_back({{}, plain_text(value)});
}

void put_keywords(Record& r, std::string_view value) {
    each_part(value, value.find(';') != std::string_view::npos ? ";" : ",|",
              [&](std::string_view word) { add_keyword(r, plain_text(word)); });
}
void put_mesh(Record& r, std::string_view value) {
    each_part(value, ";", [&](std::string_view word) { add_keyword(r, plain_text(word), "mesh"); });
}

void put_type(Record& r, std::string_view value) {
    // Zotero's "journalArticle" is "journal article".
    std::string words;
    for (const char c : value) {
        if (c >= 'A' && c <= 'Z' && !words.empty() && words.back() >= 'a' && words.back() <= 'z')
            words += ' ';
        words += c;
    }
    if (r.raw_type.empty()) r.raw_type = value;
    if (r.type.empty() && std::all_of(value.begin(), value.end(), ascii::upper)) r.type = type_of_ris(value);
    if (r.type.empty()) r.type = type_of_words(words);
    if (value.size() == 1)
        r.type = value == "J" ? "article-journal" : value == "B" ? "book" : value == "S" ? "chapter" : r.type;
}
void put_publication_type(Record& r, std::string_view value) {
    each_part(value, ";|", [&](std::string_view one) { r.publication_types.emplace_back(one); });
    put_type(r, value);
}

// "PUBMED 21314913", "EMBASE 643589775": what stands before the number is a label.
std::string_view last_word(std::string_view value) {
    const std::size_t gap = value.rfind(' ');
    return gap == std::string_view::npos ? value : value.substr(gap + 1);
}
void put_pmid(Record& r, std::string_view value) {
    std::string_view digits = last_word(value);
    if (const std::size_t colon = digits.rfind(':'); colon != std::string_view::npos)
        digits.remove_prefix(colon + 1);
    if (digits.size() > 2 && digits.substr(digits.size() - 2) == ".0")
        digits.remove_suffix(2); // a spreadsheet's number
    if (!digits.empty() && digits != "0" && digits.find_first_not_of("0123456789") == std::string_view::npos)
        add_id(r, "pmid", digits);
}
void put_doi(Record& r, std::string_view value) {
    add_id(r, "doi", value);
}
void put_pmc(Record& r, std::string_view value) {
    add_id(r, "pmc", last_word(value));
}
void put_eid(Record& r, std::string_view value) {
    add_id(r, "eid", value);
}
void put_wos(Record& r, std::string_view value) {
    add_id(r, "wos", value);
}
void put_embase(Record& r, std::string_view value) {
    add_id(r, "embase", last_word(value));
}
void put_accession(Record& r, std::string_view value) {
    add_id(r, value.substr(0, 4) == "WOS:" ? "wos" : "accession", value);
}
void put_key(Record& r, std::string_view value) {
    add_id(r, "key", value);
}
void put_trial(Record& r, std::string_view value) {
    each_part(value, ";, |", [&](std::string_view id) {
        if (id.substr(0, 3) == "NCT")
            add_id(r, "nct", id);
        else if (id.substr(0, 6) == "ISRCTN")
            add_id(r, "isrctn", id);
        else if (id.find_first_of("0123456789") != std::string_view::npos)
            add_id(r, "trial", id);
    });
}
void put_serials(Record& r, std::string_view value) {
    add_serials(r, value);
}

// "one (diagnosis, surgery), two": Emtree's terms, their subheadings in brackets.
void put_emtree(Record& r, std::string_view value) {
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= value.size(); ++at) {
        const char c = at < value.size() ? value[at] : ',';
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        const bool ends = at == value.size() || (depth <= 0 && (c == ';' || value.substr(at, 2) == ", "));
        if (!ends) continue;
        if (const auto term = text::trim(value.substr(begin, at - begin)); !term.empty())
            add_keyword(r, plain_text(term), "emtree");
        begin = at + 1;
        depth = 0;
    }
}

// The address of a link resolver names the article: ...&issn=22267190&id=doi:10.4103%2F2303-9027.1&...
void put_open_url(Record& r, std::string_view value) {
    r.links.emplace_back(value);
    const auto parameter = [&](std::string_view name) {
        const std::size_t at = value.find(name);
        if (at == std::string_view::npos) return std::string_view();
        const std::string_view rest = value.substr(at + name.size());
        return rest.substr(0, rest.find('&'));
    };
    if (record_id(r, "doi").empty()) add_id(r, "doi", parameter("id=doi:"));
    if (r.issn.empty()) add_serials(r, parameter("&issn="));
}
void put_link(Record& r, std::string_view value) {
    each_part(value, " ;\n", [&](std::string_view url) { add_link(r, url); });
}
void put_note(Record& r, std::string_view value) {
    r.notes.emplace_back(value);
    add_tool_decisions(r, value);
}
void put_affiliations(Record& r, std::string_view value) {
    if (!r.people.empty() && r.people.front().affiliations.empty())
        each_part(value, ";", [&](std::string_view one) { r.people.front().affiliations.emplace_back(one); });
}

// ASReview and simple tables: 1, 0, -1 (not seen), yes, no, included, excluded.
void put_label(Record& r, std::string_view value) {
    const std::string word = plain_head(value);
    if (value == "1" || value == "1.0" || word == "yes" || word == "included" || word == "include" ||
        word == "relevant")
        r.decisions.push_back({"asreview", "", "Included"});
    else if (value == "0" || value == "0.0" || word == "no" || word == "excluded" || word == "exclude" ||
             word == "irrelevant")
        r.decisions.push_back({"asreview", "", "Excluded"});
}
void put_tags(Record& r, std::string_view value) {
    each_part(value, ";", [&](std::string_view tag) {
        r.decisions.push_back({"covidence", "tag", std::string(tag)});
    });
}
void put_status(Record& r, std::string_view value) {
    r.decisions.push_back({"covidence", "", std::string(value)});
}
void put_covidence_number(Record& r, std::string_view value) {
    add_id(r, "covidence", value);
}
void put_central(Record& r, std::string_view value) {
    add_id(r, "central", value);
}
void put_study(Record& r, std::string_view value) {
    r.notes.push_back("Study: " + std::string(value));
}
void put_nothing(Record&, std::string_view) {}

constexpr ColumnMeaning meanings[] = {
    {"title",
     "|title|articletitle|documenttitle|primarytitle|ti|studytitle|publictitle|brieftitle|titles|t1|"
     "itemtitle|",
     set<&Record::title>},
    {"original_title",
     "|originaltitle|vernaculartitle|scientifictitle|officialtitle|titleoriginal|foreigntitle|",
     set<&Record::original_title>},
    {"short_title", "|shorttitle|acronym|", set<&Record::short_title>},
    {"full_names", "|authorfullnames|authorfullname|fullauthornames|af|", put_full_names},
    {"authors",
     "|authors|author|authornames|au|authorss|creators|creator|authorlist|aus|firstauthors|primaryauthors|",
     put_authors},
    {"editors", "|editors|editor|ed|secondaryauthors|", put_editors},
    {"translators", "|translator|translators|", put_translators},
    {"date",
     "|date|publicationdate|dateofpublication|pubdate|datepublished|coverdate|startdate|dateregistration|"
     "dateregistered|",
     put_date},
    {"year", "|year|publishedyear|publicationyear|pubyear|py|yearofpublication|yr|", put_date},
    {"month", "|month|publishedmonth|publicationmonth|", put_month},
    {"day", "|day|", put_day},
    {"journal",
     "|journal|sourcetitle|publicationtitle|journaltitle|secondarytitle|publicationname|journalbook|"
     "parenttitle|"
     "sourcetitleanthologytitle|containertitle|booktitle|t2|journalname|jo|fulljournalname|publication|"
     "pubtitle|",
     set<&Record::container>},
    {"source", "|so|source|citation|", put_source},
    {"journal_short",
     "|abbreviatedsourcetitle|journalabbreviation|journalisoabbreviation|isoabbreviation|j9|ji|"
     "containertitleshort|",
     set<&Record::container_short>},
    {"volume", "|volume|vol|vl|", set<&Record::volume>},
    {"issue", "|issue|number|no|issuenumber|", set<&Record::issue>},
    {"pages", "|pages|page|pagestart|startpage|firstpage|pagination|pagerange|bp|sp|pagenumbers|", put_pages},
    {"last_page", "|pageend|endpage|lastpage|ep|", put_last_page},
    {"article_number", "|artno|articlenumber|ar|articleno|elocationid|", set<&Record::article_number>},
    {"doi", "|doi|dois|dilink|doilink|di|digitalobjectidentifier|do|", put_doi},
    {"pmid", "|pmid|pubmedid|pubmedpmid|medlinepmid|pm|pubmed|", put_pmid},
    {"pmc", "|pmcid|pmc|pmc_id|pubmedcentralid|", put_pmc},
    {"eid", "|eid|scopusid|", put_eid},
    {"wos", "|ut|utuniquewosid|wosid|uniquewosid|uniqueid|", put_wos},
    {"embase", "|pui|embaseid|embaseaccessionid|", put_embase},
    {"accession", "|accessionnumber|accession|an|accno|", put_accession},
    {"central", "|centralid|", put_central},
    {"covidence", "|covidence|covidenceno|covidenceid|", put_covidence_number},
    {"key", "|key|recordid|id|itemid|rayyanid|refid|lensid|publicationid|", put_key},
    {"registration",
     "|registration|clinicaltrialnumber|clinicaltrialnumbers|trialregistration|nctnumber|ctgovid|ictrpid|"
     "trialid|nctid|",
     put_trial},
    {"serials", "|issnisbn|issn|isbn|issns|isbns|eissn|sn|ei|bn|issnprint|issnonline|", put_serials},
    {"abstract", "|abstract|abstracts|abstractnote|ab|briefsummary|summary|", put_abstract},
    {"keywords",
     "|keywords|keyword|authorkeywords|indexkeywords|keywordsplus|manualtags|automatictags|subjects|de|kw|"
     "conditions|"
     "subjectterms|identifierkeywords|",
     put_keywords},
    {"mesh", "|meshterms|mesh|meshheadings|", put_mesh},
    {"emtree",
     "|emtreedrugindextermsmajorfocus|emtreedrugindexterms|emtreemedicalindextermsmajorfocus|"
     "emtreemedicalindexterms|emtreedeviceindextermsmajorfocus|emtreedeviceindexterms|",
     put_emtree},
    {"type", "|itemtype|type|typeofreference|referencetype|studytype|", put_type},
    {"publication_type", "|documenttype|publicationtype|doctype|dt|pt|publicationtypes|",
     put_publication_type},
    {"publisher", "|publisher|pu|publishername|", set<&Record::publisher>},
    {"place", "|place|location|publisherlocation|publisheraddress|pi|city|", set<&Record::place>},
    {"edition", "|edition|", set<&Record::edition>},
    {"series", "|series|bookseriestitle|seriestitle|se|", set<&Record::series>},
    {"language", "|language|languageoforiginaldocument|articlelanguage|la|languages|",
     set<&Record::language>},
    {"country", "|country|sourcecountry|", set<&Record::country>},
    {"database", "|database|databasename|librarycatalog|db|", set<&Record::database>},
    {"link", "|url|link|urls|documenturl|sourceurls|externalurl|plink|studyurl|fulltexturl|", put_link},
    {"open_url", "|openurllink|openurl|", put_open_url},
    {"affiliations", "|affiliations|affiliation|addresses|c1|authoraffiliations|", put_affiliations},
    {"note", "|notes|note|extra|comments|usernotes|", put_note},
    {"label",
     "|included|asreviewlabel|labelincluded|label|finalincluded|asreviewlabelincluded|includedlabel|"
     "abstractincluded|",
     put_label},
    {"tags", "|tags|", put_tags},
    {"status", "|screeningstatus|status|stage|", put_status},
    {"study", "|study|", put_study},
    {"skip", "||", put_nothing},
};

struct TableWriter {
    std::string_view name, heads; ///< plain heads that only this program writes together, between bars
};
constexpr TableWriter writers[] = {
    {"covidence", "|covidence|"},
    {"central", "|centralid|"},
    {"embase", "|sourcetitle|pui|"},
    {"embase", "|authornames|embaseaccessionid|"},
    {"scopus", "|eid|sourcetitle|"},
    {"wos", "|utuniquewosid|"},
    {"rayyan", "|key|pubmedid|pmcid|"},
    {"rayyan", "|key|notes|location|pubmedid|"},
    {"zotero", "|key|itemtype|publicationtitle|"},
    {"asreview", "|asreviewlabel|"},
    {"asreview", "|included|abstract|title|"},
    {"pubmed", "|pmid|journalbook|createdate|"},
    {"eppi", "|itemid|parenttitle|"},
    {"dimensions", "|publicationid|pubyear|"},
    {"lens", "|lensid|"},
    {"ctgov", "|nctnumber|"},
    {"ictrp", "|trialid|publictitle|"},
    {"ebsco", "|plink|"},
    {"scholar", "|cites|gsrank|"},
};

} // namespace

std::span<const ColumnMeaning> column_meanings() {
    return meanings;
}

std::string plain_head(std::string_view head) {
    std::string plain;
    for (const char c : head) {
        if (c >= 'A' && c <= 'Z')
            plain += static_cast<char>(c + 32);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            plain += c;
    }
    return plain;
}

const ColumnMeaning* meaning_of_head(std::string_view head) {
    const std::string plain = plain_head(head);
    if (plain.empty()) return nullptr;
    for (const ColumnMeaning& m : meanings)
        if (m.heads.find("|" + plain + "|") != std::string_view::npos) return &m;
    return nullptr;
}

const ColumnMeaning* meaning_named(std::string_view name) {
    for (const ColumnMeaning& m : meanings)
        if (m.name == name) return &m;
    return nullptr;
}

std::string_view table_writer(std::span<const std::string_view> heads) {
    std::vector<std::string> plain;
    for (const auto head : heads)
        plain.push_back(plain_head(head));
    for (const TableWriter& writer : writers) {
        bool all = true;
        each_part(writer.heads, "|", [&](std::string_view wanted) {
            all = all && std::find(plain.begin(), plain.end(), wanted) != plain.end();
        });
        if (all) return writer.name;
    }
    return {};
}

} // namespace assay::records
