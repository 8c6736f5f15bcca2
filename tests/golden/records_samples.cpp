// The sample files beside the project: how many records each has, and what Zotero's own tests expect of them.
#include "app/records.hpp"
#include "base/files.hpp"
#include "records/fields.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

using namespace assay;
namespace fs = std::filesystem;

namespace {

bool absent(const fs::path& folder) {
    if (!std::string(ASSAY_SHARED_DATA).empty() && fs::exists(folder)) return false;
    MESSAGE("skipped: no shared data");
    return true;
}

fs::path samples() {
    return fs::path(ASSAY_SHARED_DATA) / "records" / "samples";
}

app::RecordsFile read(const fs::path& path) {
    return app::read_records(path.filename().string(), read_file(path));
}

// Case, markup, hyphens and white space are not compared: both sides keep what their source has.
std::string plain(std::string_view text) {
    std::string out;
    bool tag = false;
    for (const char c : records::plain_hyphens(text)) {
        if (c == '<') tag = true;
        if (!tag && static_cast<unsigned char>(c) > 0x20)
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        if (c == '>') tag = false;
    }
    while (!out.empty() && out.back() == '.')
        out.pop_back();
    return out;
}

// "132-42" and "132-142" are the same pages.
std::string long_pages(const std::string& pages) {
    const std::size_t dash = pages.find('-');
    if (dash == std::string::npos || pages.size() - dash - 1 >= dash) return pages;
    return pages.substr(0, dash + 1) + pages.substr(0, dash - (pages.size() - dash - 1)) +
           pages.substr(dash + 1);
}

struct Tally {
    int compared = 0, equal = 0;
    void add(const std::string& file, const char* field, const std::string& wanted,
             const std::string& found) {
        if (plain(wanted).empty()) return;
        ++compared;
        if (plain(wanted) == plain(found))
            ++equal;
        else
            MESSAGE(file << " " << field << ": expected '" << wanted.substr(0, 80) << "', found '"
                         << found.substr(0, 80) << "'");
    }
};

std::string text_of(const nlohmann::json& item, const char* key) {
    return item.contains(key) && item[key].is_string() ? item[key].get<std::string>() : std::string();
}

void compare(const std::string& file, const nlohmann::json& item, const model::Record& r, Tally& tally) {
    std::string people, found_people;
    for (const auto& creator : item["creators"])
        if (creator["creatorType"] == "author" || creator["creatorType"] == "inventor")
            people += text_of(creator, "lastName") + text_of(creator, "name") + ";";
    for (const auto& name : r.people)
        if (name.role == "author") found_people += name.family + ";";
    tally.add(file, "title", text_of(item, "title"), r.title);
    tally.add(file, "doi", text_of(item, "DOI"), model::record_id(r, "doi"));
    tally.add(file, "authors", people, found_people);
    tally.add(file, "volume", text_of(item, "volume"), r.volume);
    tally.add(file, "issue", text_of(item, "issue"), r.issue);
    tally.add(file, "pages", long_pages(records::plain_hyphens(text_of(item, "pages"))), long_pages(r.pages));
    tally.add(file, "container",
              text_of(item, "publicationTitle") + text_of(item, "bookTitle") +
                  text_of(item, "proceedingsTitle"),
              r.container);
    tally.add(file, "abstract", text_of(item, "abstractNote"), records::abstract_text(r));
    tally.add(file, "year", records::edtf(text_of(item, "date")).substr(0, 4), r.date.substr(0, 4));
}

} // namespace

TEST_CASE("samples: the number of records") {
    if (absent(samples())) return;
    struct Row {
        const char* file;
        std::size_t records;
    };
    for (const Row& row : {Row{"ris/asysd_scopus.ris", 10},
                           Row{"ris/asysd_zotero_export.ris.gz", 1000},
                           Row{"ris/dialect_cochrane_refman.ris", 2},
                           Row{"ris/dialect_ebsco_academic_search.ris", 2},
                           Row{"ris/dialect_embase_com.ris", 3},
                           Row{"ris/dialect_ovid_psycinfo.ris", 1},
                           Row{"ris/dialect_rayyan_from_embase.ris", 2},
                           Row{"ris/nasty_bom_crlf.ris", 1},
                           Row{"ris/nasty_continuation.ris", 1},
                           Row{"ris/nasty_cr_only.ris", 1},
                           Row{"ris/nasty_entities.ris", 1},
                           Row{"ris/nasty_er_in_abstract.ris", 1},
                           Row{"ris/nasty_huge_line.ris.gz", 1},
                           Row{"ris/nasty_latin1.ris", 1},
                           Row{"ris/nasty_missing_er_eof.ris", 2},
                           Row{"ris/nasty_mojibake_double_utf8.ris", 1},
                           Row{"ris/nasty_no_ty.ris", 1},
                           Row{"ris/nasty_utf16le_bom.ris", 1},
                           Row{"ris/revtools_avian_ecology.ris", 20},
                           Row{"ris/revtools_restoration_scopus.ris", 286},
                           Row{"nbib/nasty_no_blank_line.nbib", 2},
                           Row{"nbib/revtools_restoration_pubmed.nbib", 104},
                           Row{"pubmed_xml/medline16n0902.xml.gz", 605},
                           Row{"pubmed_xml/nasty_dates_authors.xml", 4},
                           Row{"pubmed_xml/nasty_markup.xml", 1},
                           Row{"csv/asysd_zotero_export.csv.gz", 1233},
                           Row{"csv/dialect_cochrane_central.csv", 2},
                           Row{"csv/dialect_covidence.csv", 4},
                           Row{"csv/dialect_embase_com.csv", 2},
                           Row{"csv/nasty_excel_semicolon_bom.csv", 1},
                           Row{"csv/nasty_tsv_wos.txt", 1},
                           Row{"bibtex/asysd_zotero_export.bib.gz", 1000},
                           Row{"bibtex/nasty_accents.bib", 4},
                           Row{"wos_tagged/jabref_IsiImporterTestInspec.isi", 2},
                           Row{"wos_tagged/jabref_IsiImporterTestMedline.isi", 2},
                           Row{"ovid_tagged/jabref_OvidImporterTest1.txt", 5},
                           Row{"ovid_tagged/jabref_OvidImporterTest2.txt", 2},
                           Row{"openalex_json/nasty_odd_values.json", 1},
                           Row{"jats/pone.0046493.nxml", 1},
                           Row{"mods/zotero_01.xml", 0},
                           Row{"endnote_xml/asysd_zotero_export.xml.gz", 1233},
                           Row{"endnote_xml/sweep_copper.xml.gz", 505},
                           Row{"endnote_xml/sweep_respiratory.xml.gz", 1988},
                           Row{"endnote_xml/sweep_tafenoquine.xml.gz", 179},
                           Row{"pubmed_xml/nasty_undefined_entity.xml", 1},
                           Row{"pubmed_xml/nasty_latin1_declared.xml", 1},
                           Row{"pubmed_xml/nasty_html_error.xml", 0}}) {
        CAPTURE(row.file);
        CHECK(read(samples() / row.file).records.size() == row.records);
    }
}

TEST_CASE("samples: a real file of PubMed, counted by another program") {
    if (absent(samples())) return;
    const auto file = read(samples() / "pubmed_xml/medline16n0902.xml.gz");
    std::size_t abstracts = 0, dois = 0, mesh = 0, deleted = 0, cites = 0, comments = 0;
    for (const auto& r : file.records) {
        deleted += r.deleted ? 1 : 0;
        abstracts += r.abstract.empty() ? 0 : 1;
        dois += model::record_id(r, "doi").empty() ? 0 : 1;
        mesh += std::any_of(r.keywords.begin(), r.keywords.end(),
                            [](const auto& k) { return k.scheme == "mesh"; })
                    ? 1
                    : 0;
        for (const auto& relation : r.relations)
            cites += relation.kind == "Cites" ? 1 : 0, comments += relation.kind == "CommentIn" ? 1 : 0;
    }
    CHECK(deleted == 1);
    CHECK(abstracts == 526);
    CHECK(dois == 579);
    CHECK(mesh == 94);
    CHECK(cites == 3547);
    CHECK(comments == 46);
    CHECK_FALSE(file.diagnostics.has_errors());
}

TEST_CASE("samples: what Zotero's tests expect") {
    if (absent(samples())) return;
    // zotero_03 and zotero_05 of RIS hold the names of fields instead of values, types of law and film among
    // them.
    const std::string placeholders[] = {"ris/zotero_03", "ris/zotero_05"};
    Tally tally;
    for (const char* kind :
         {"ris", "nbib", "pubmed_xml", "endnote_xml", "bibtex", "wos_tagged", "ovid_tagged", "refer_enw",
          "refworks", "openalex_json", "crossref_unixref", "csl_json"})
        for (const auto& entry : fs::directory_iterator(samples() / kind)) {
            const std::string name = entry.path().filename().string();
            const std::size_t end = name.find(".expected.json");
            if (end == std::string::npos) continue;
            const std::string stem = name.substr(0, end);
            const std::string id = std::string(kind) + "/" + stem;
            const auto expected = nlohmann::json::parse(read_file(entry.path()));
            fs::path input;
            for (const char* extension : {".ris", ".nbib", ".xml", ".bib", ".ciw", ".txt", ".enw", ".json"})
                if (fs::exists(samples() / kind / (stem + extension)))
                    input = samples() / kind / (stem + extension);
            const auto file = read(input);
            CAPTURE(id);
            REQUIRE(file.records.size() == expected.size());
            if (std::find(std::begin(placeholders), std::end(placeholders), id) != std::end(placeholders))
                continue;
            for (std::size_t i = 0; i < expected.size(); ++i)
                compare(id, expected[i], file.records[i], tally);
        }
    MESSAGE(tally.equal << " of " << tally.compared << " fields equal");
    CHECK(tally.compared > 100);
    CHECK(tally.equal >= 0.95 * tally.compared);
}

// The CSL that pandoc makes of BibLaTeX files: the scalars of its YAML, which the tests need no library for.
std::vector<std::pair<std::string, std::map<std::string, std::string>>>
read_csl_yaml(const std::string& yaml) {
    std::vector<std::pair<std::string, std::map<std::string, std::string>>> items;
    std::string* last = nullptr;
    std::istringstream lines(yaml);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '-' ? line.substr(0, 2) != "- " : line[0] != ' ') continue;
        const bool fresh = line.substr(0, 2) == "- ", deeper = line.size() > 2 && line[2] == ' ';
        const std::size_t colon = line.find(':');
        if (fresh) items.emplace_back();
        if (items.empty()) continue;
        const bool list = line.size() > 3 && line.substr(2, 2) == "- ";
        if (!deeper && !list && colon != std::string::npos) {
            last = &items.back().second[line.substr(2, colon - 2)];
            *last = colon + 2 <= line.size() ? line.substr(std::min(colon + 2, line.size())) : std::string();
        } else if (list)
            last = nullptr; // names
        else if (last)
            *last += line.substr(3);
    }
    for (auto& [id, fields] : items)
        for (auto& [key, value] : fields) {
            std::string bare;
            for (std::size_t at = 0; at < value.size(); ++at) {
                if (value[at] == '\\' && at + 1 < value.size()) ++at; // pandoc's escapes
                if ((value[at] != '*' && value[at] != '^' && value[at] != '~') ||
                    (at > 0 && value[at - 1] == '\\'))
                    bare += value[at];
            }
            if (bare.size() > 1 && (bare.front() == '"' || bare.front() == '\'') &&
                bare.back() == bare.front())
                bare = bare.substr(1, bare.size() - 2);
            value = bare;
            if (key == "id") id = bare;
        }
    return items;
}

// Quotes of every shape are one.
std::string plain_quotes(std::string text) {
    for (const char* quote : {"\xE2\x80\x9C", "\xE2\x80\x9D"})
        for (std::size_t at; (at = text.find(quote)) != std::string::npos;)
            text.replace(at, 3, "\"");
    for (std::size_t at; (at = text.find("\xE2\x80\x99")) != std::string::npos;)
        text.replace(at, 3, "'");
    for (std::size_t at; (at = text.find("\xC2\xA0")) != std::string::npos;)
        text.erase(at, 2);
    return text;
}

TEST_CASE("samples: what pandoc makes of BibLaTeX") {
    if (absent(samples())) return;
    Tally tally;
    for (const auto& entry : fs::directory_iterator(samples() / "biblatex")) {
        const std::string name = entry.path().filename().string();
        const std::size_t end = name.find(".expected.yaml");
        if (end == std::string::npos) continue;
        const std::string stem = name.substr(0, end);
        const auto expected = read_csl_yaml(read_file(entry.path()));
        const auto file = read(samples() / "biblatex" / (stem + ".bib"));
        CAPTURE(stem);
        CHECK(file.records.size() == expected.size());
        for (const auto& [id, fields] : expected)
            for (const auto& r : file.records) {
                if (model::record_id(r, "key") != id) continue;
                const auto compared = [&, &wanted = fields](const char* key, const std::string& found) {
                    const auto at = wanted.find(key);
                    if (at != wanted.end())
                        tally.add(stem, key, plain_quotes(at->second), plain_quotes(found));
                };
                compared("title", r.title);
                compared("container-title", r.container);
                compared("DOI", model::record_id(r, "doi"));
                compared("volume", r.volume);
                compared("issue", r.issue);
                compared("page", r.pages);
                compared("publisher", r.publisher);
                compared("publisher-place", r.place);
                compared("type", r.type);
                if (const auto at = fields.find("issued"); at != fields.end())
                    tally.add(stem, "year", at->second.substr(0, 4), r.date.substr(0, 4));
            }
    }
    MESSAGE(tally.equal << " of " << tally.compared << " fields equal");
    CHECK(tally.compared > 300);
    CHECK(tally.equal >= 0.95 * tally.compared);
}

// Names as one text: JabRef's files hold groups without the braces that BibTeX wants around them.
std::string names_of(const model::Record& r) {
    std::string out;
    for (const auto& name : r.people)
        if (name.role == "author") out += name.given + name.family;
    std::string letters;
    for (const char c : plain(out))
        if (c != '.' && c != ',') letters += c;
    return letters;
}

TEST_CASE("samples: what JabRef's tests expect") {
    if (absent(samples())) return;
    Tally tally;
    std::size_t files = 0;
    for (const char* kind : {"ris", "nbib", "medline_plain", "pubmed_xml", "ovid_tagged"})
        for (const auto& entry : fs::directory_iterator(samples() / kind)) {
            const std::string name = entry.path().filename().string();
            if (name.find("jabref_") != 0 || entry.path().extension() != ".bib") continue;
            std::string stem = entry.path().stem().string();
            if (const std::size_t at = stem.find("TestBib"); at != std::string::npos) stem.erase(at + 4, 3);
            fs::path input;
            for (const char* extension : {".ris", ".nbib", ".xml", ".txt"})
                if (fs::exists(samples() / kind / (stem + extension)))
                    input = samples() / kind / (stem + extension);
            CAPTURE(name);
            REQUIRE_FALSE(input.empty());
            ++files;
            // The expected BibTeX is taken apart by our own reader: what differs is what JabRef read.
            const auto expected = read(entry.path()).records, found = read(input).records;
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                const model::Record &e = expected[i], &f = found[i];
                const auto field = [&](std::string_view tag) {
                    for (const auto& raw : e.raw)
                        if (raw.tag == tag) return raw.value;
                    return std::string();
                };
                // Of a chapter JabRef calls the book "title" and the chapter "article".
                const std::string chapter = field("article");
                tally.add(name, "title", chapter.empty() ? e.title : chapter, f.title);
                if (!chapter.empty()) tally.add(name, "book", e.title, f.container);
                tally.add(name, "doi", model::record_id(e, "doi"), model::record_id(f, "doi"));
                tally.add(name, "issn", e.issn.empty() ? "" : e.issn[0], f.issn.empty() ? "" : f.issn[0]);
                tally.add(name, "isbn", e.isbn.empty() ? "" : e.isbn[0], f.isbn.empty() ? "" : f.isbn[0]);
                tally.add(name, "pmid", model::record_id(e, "pmid"), model::record_id(f, "pmid"));
                tally.add(name, "authors", names_of(e) + plain(field("corporate")), names_of(f));
                tally.add(name, "volume", e.volume, f.volume);
                tally.add(name, "issue", e.issue, f.issue);
                tally.add(name, "pages", long_pages(e.pages), long_pages(f.pages));
                tally.add(name, "container", e.container, f.container);
                tally.add(name, "publisher", e.publisher, f.publisher);
                tally.add(name, "place", e.place, f.place.empty() ? f.country : f.place);
                tally.add(name, "edition", e.edition, f.edition);
                tally.add(name, "language", e.language, f.language);
                tally.add(name, "year", e.date.substr(0, 4), f.date.substr(0, 4));
                // The abstract of one sample was cut from its input, not from what is expected of it.
                if (!f.abstract.empty())
                    tally.add(name, "abstract", records::abstract_text(e), records::abstract_text(f));
            }
        }
    MESSAGE(tally.equal << " of " << tally.compared << " fields equal in " << files << " files");
    CHECK(files == 18);
    CHECK(tally.compared > 100);
    CHECK(tally.equal >= 0.95 * tally.compared);
}

TEST_CASE("samples: the same library in four formats") {
    if (absent(samples())) return;
    const auto dois = [](const app::RecordsFile& file) {
        std::size_t count = 0;
        for (const auto& r : file.records)
            count += model::record_id(r, "doi").empty() ? 0 : 1;
        return count;
    };
    CHECK(dois(read(samples() / "ris/asysd_zotero_export.ris.gz")) == 718);
    CHECK(dois(read(samples() / "bibtex/asysd_zotero_export.bib.gz")) == 718);
    CHECK(dois(read(samples() / "endnote_xml/asysd_zotero_export.xml.gz")) == 1064);
    CHECK(dois(read(samples() / "csv/asysd_zotero_export.csv.gz")) == 1064);
}

TEST_CASE("samples: answers of programming interfaces") {
    const fs::path api = fs::path(ASSAY_SHARED_DATA) / "records" / "api";
    if (absent(api)) return;
    for (const char* file : {"clinicaltrials/studies_page.json", "crossref/work_retracted.json",
                             "crossref/works_cursor_page.json", "europepmc/search_page.json"}) {
        CAPTURE(file);
        const auto found = read(api / file);
        REQUIRE(found.records.size() == 1);
        CHECK_FALSE(found.records[0].title.empty());
        CHECK_FALSE(found.records[0].people.empty());
    }
    const auto retracted = read(api / "crossref/work_retracted.json").records.at(0);
    REQUIRE(retracted.relations.size() == 2);
    CHECK(retracted.relations[0].kind == "ErratumIn");
    CHECK(retracted.relations[1].kind == "RetractionIn");
    CHECK(model::record_id(read(api / "clinicaltrials/studies_page.json").records.at(0), "nct") ==
          "NCT00059267");
}

TEST_CASE("samples: ris to ris keeps every field") {
    if (absent(samples())) return;
    for (const auto& entry : fs::directory_iterator(samples() / "ris")) {
        const std::string name = entry.path().filename().string();
        if (name.find(".ris") == std::string::npos) continue;
        CAPTURE(name);
        const auto once = read(entry.path());
        const auto twice = app::read_records("again.ris", app::write_records(once.records, "ris"));
        REQUIRE(twice.records.size() == once.records.size());
        for (std::size_t i = 0; i < once.records.size(); ++i) {
            auto wanted = once.records[i].raw;
            const auto& found = twice.records[i].raw;
            if (wanted.empty() || wanted[0].tag != "TY") continue; // a TY was supplied
            REQUIRE(found.size() == wanted.size());
            for (std::size_t j = 0; j < wanted.size(); ++j) {
                CHECK(found[j].tag == wanted[j].tag);
                std::replace(wanted[j].value.begin(), wanted[j].value.end(), '\n', ' ');
                CHECK(found[j].value == wanted[j].value);
            }
        }
    }
}
