// The sample files beside the project: how many records each has, and what Zotero's own tests expect of them.
#include "app/records.hpp"
#include "base/files.hpp"
#include "records/fields.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

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
        if (creator["creatorType"] == "author")
            people += text_of(creator, "lastName") + text_of(creator, "name") + ";";
    for (const auto& name : r.people)
        if (name.role == "author") found_people += name.family + ";";
    tally.add(file, "title", text_of(item, "title"), r.title);
    tally.add(file, "doi", text_of(item, "DOI"), model::record_id(r, "doi"));
    tally.add(file, "authors", people, found_people);
    tally.add(file, "volume", text_of(item, "volume"), r.volume);
    tally.add(file, "issue", text_of(item, "issue"), r.issue);
    tally.add(file, "pages", long_pages(records::plain_hyphens(text_of(item, "pages"))), long_pages(r.pages));
    tally.add(file, "container", text_of(item, "publicationTitle") + text_of(item, "bookTitle"), r.container);
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
    for (const char* kind : {"ris", "nbib", "pubmed_xml", "endnote_xml"})
        for (const auto& entry : fs::directory_iterator(samples() / kind)) {
            const std::string name = entry.path().filename().string();
            const std::size_t end = name.find(".expected.json");
            if (end == std::string::npos) continue;
            const std::string stem = name.substr(0, end);
            const std::string id = std::string(kind) + "/" + stem;
            const auto expected = nlohmann::json::parse(read_file(entry.path()));
            fs::path input;
            for (const char* extension : {".ris", ".nbib", ".xml"})
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
