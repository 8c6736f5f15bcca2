#include "records/foreign.hpp"

#include <algorithm>

namespace assay::records {

namespace {

// ---- bytes

struct Signature {
    std::size_t at;
    std::string_view bytes;
    std::string_view inside; ///< must follow somewhere in the head; empty: nothing more is asked
    Importer row;
};

using namespace std::string_view_literals;

constexpr std::string_view from_manager = "export from the reference manager as RIS or EndNote XML";
constexpr std::string_view unpack = "unpack it first and give the files in it; only gzip is read as it is";
constexpr std::string_view no_image = "an image holds no records; export the search as RIS or NBIB";

// The first row that fits is it, so what is special stands before what is general.
constexpr Signature signatures[] = {
    {0, "PK\x03\x04", "word/", {"docx", "a Word document", nullptr, nullptr, from_manager}},
    {0,
     "PK\x03\x04",
     "xl/",
     {"xlsx", "an Excel workbook", nullptr, nullptr, "save the sheet as CSV (UTF-8) and give that"}},
    {0,
     "PK\x03\x04",
     "opendocument.spreadsheet",
     {"ods", "an OpenDocument table", nullptr, nullptr, "save the sheet as CSV (UTF-8) and give that"}},
    {0, "PK\x03\x04", "opendocument", {"odt", "an OpenDocument file", nullptr, nullptr, from_manager}},
    {0,
     "PK\x03\x04",
     "[Content_Types].xml",
     {"office", "an Office document", nullptr, nullptr,
      "save a table as CSV (UTF-8); export references as RIS"}},
    {0,
     "PK\x03\x04",
     ".enl",
     {"endnote-library", "a compressed EndNote library", nullptr, nullptr,
      "in EndNote, export as XML or RefMan (RIS)"}},
    {0,
     "PK\x03\x04",
     "-analysis-data/",
     {"revman-package", "a data package of RevMan", nullptr, nullptr,
      "it holds study data, not references; export those from RevMan as RIS"}},
    {0, "PK\x03\x04", "", {"zip", "a zip archive", nullptr, nullptr, unpack}},
    {0, "PK\x05\x06", "", {"zip", "an empty zip archive", nullptr, nullptr, unpack}},
    {0,
     "%PDF-",
     "",
     {"pdf", "a PDF document", nullptr, nullptr,
      "export the search again as RIS or NBIB; a printed list cannot be read safely"}},
    {0, "{\\rtf", "", {"rtf", "a rich text document (RTF)", nullptr, nullptr, from_manager}},
    {0,
     "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
     "",
     {"ole", "an old Word or Excel document", nullptr, nullptr,
      "save a table as CSV (UTF-8); export references as RIS"}},
    {0,
     "SQLite format 3\0"sv,
     "record_words",
     {"store", "a store of assay", nullptr, nullptr, "give it with --store"}},
    {0,
     "SQLite format 3\0"sv,
     "itemData",
     {"zotero", "the database of Zotero", nullptr, nullptr,
      "in Zotero, export the library as RIS or CSL JSON"}},
    {0,
     "SQLite format 3\0"sv,
     "enl_refs",
     {"endnote-library", "an EndNote library", nullptr, nullptr,
      "in EndNote, export as XML or RefMan (RIS)"}},
    {0,
     "SQLite format 3\0"sv,
     "",
     {"sqlite", "an SQLite database (a library of EndNote, Zotero, Mendeley?)", nullptr, nullptr,
      from_manager}},
    {0, "\x89PNG\r\n\x1A\n", "", {"image", "a PNG image", nullptr, nullptr, no_image}},
    {0, "\xFF\xD8\xFF", "", {"image", "a JPEG image", nullptr, nullptr, no_image}},
    {0, "GIF8", "", {"image", "a GIF image", nullptr, nullptr, no_image}},
    {0, "II*\0"sv, "", {"image", "a TIFF image", nullptr, nullptr, no_image}},
    {0, "MM\0*"sv, "", {"image", "a TIFF image", nullptr, nullptr, no_image}},
    {0, "7z\xBC\xAF\x27\x1C", "", {"archive", "a 7z archive", nullptr, nullptr, unpack}},
    {0, "Rar!\x1A\x07", "", {"archive", "a RAR archive", nullptr, nullptr, unpack}},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "",
     {"archive", "a file compressed with xz", nullptr, nullptr, unpack}},
    {0, "\x28\xB5\x2F\xFD", "", {"archive", "a file compressed with zstd", nullptr, nullptr, unpack}},
    {0, "BZh", "AY&SY", {"archive", "a file compressed with bzip2", nullptr, nullptr, unpack}},
    {257, "ustar", "", {"archive", "a tar archive", nullptr, nullptr, unpack}},
    {0,
     "\x7F"
     "ELF",
     "",
     {"program", "a program", nullptr, nullptr, "give a file of records"}},
    {0, "MZ\x90\0"sv, "", {"program", "a program", nullptr, nullptr, "give a file of records"}},
};

// MARC 21: 24 characters of leader, of them the first five the length, then fields ended by 0x1E.
constexpr Importer marc = {"marc", "MARC 21 (a library catalogue)", nullptr, nullptr,
                           "export from the catalogue as RIS"};

bool is_marc(std::string_view head) {
    if (head.size() < 40 || head.find('\x1E') == std::string_view::npos) return false;
    const auto digits = [&](std::size_t from, std::size_t count) {
        return std::all_of(head.begin() + static_cast<std::ptrdiff_t>(from),
                           head.begin() + static_cast<std::ptrdiff_t>(from + count),
                           [](char c) { return c >= '0' && c <= '9'; });
    };
    return digits(0, 5) && digits(12, 5) && head.substr(20, 2) == "45";
}

// ---- text

int has(std::string_view head, std::string_view mark, int score) {
    return head.find(mark) != std::string_view::npos ? score : 0;
}
int sniff_html(std::string_view head) {
    return std::max({has(head, "<!DOCTYPE html", 90), has(head, "<!doctype html", 90), has(head, "<html", 90),
                     has(head, "<HTML", 90)});
}
int sniff_mods(std::string_view head) {
    return std::max(has(head, "<modsCollection", 90), has(head, "<mods ", 90));
}
int sniff_marc_xml(std::string_view head) {
    return has(head, "http://www.loc.gov/MARC21/slim", 90);
}
int sniff_dublin_core(std::string_view head) {
    return has(head, "<oai_dc:dc", 88);
}
int sniff_rdf(std::string_view head) {
    return has(head, "<rdf:RDF", 90);
}
int sniff_tei(std::string_view head) {
    return has(head, "<TEI", 88);
}
int sniff_summary(std::string_view head) {
    return std::max(
        {has(head, "<eSummaryResult", 90), has(head, "<eSearchResult", 90), has(head, "<eLinkResult", 90)});
}
int sniff_word(std::string_view head) {
    return has(head, "schemas.openxmlformats.org/officeDocument", 80) != 0 && has(head, "Sources", 80) != 0
               ? 85
               : 0;
}
int sniff_revman(std::string_view head) {
    return has(head, "<COCHRANE_REVIEW", 92);
}
int sniff_old_trials(std::string_view head) {
    return has(head, "<clinical_study", 90);
}
int sniff_ictrp(std::string_view head) {
    return has(head, "<Trials_downloaded_from_ICTRP", 90);
}
int sniff_inspec(std::string_view head) {
    return has(head, "INSPEC.", 70) != 0 && head.find("Record") != std::string_view::npos ? 70 : 0;
}
int sniff_csa(std::string_view head) {
    return has(head, "DN: Database Name", 85);
}

// "1: Smith J. A title. Lancet. 2001;12:1-3. PMID: 12345."
int sniff_pubmed_summary(std::string_view head) {
    const std::size_t start = head.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && head.substr(start, 3) == "1: " ? has(head, "PMID: ", 60) : 0;
}

// Nothing but numbers of up to nine digits, one a line.
int sniff_id_list(std::string_view head) {
    std::size_t lines = 0, digits = 0;
    for (const char c : head) {
        if (c >= '0' && c <= '9') {
            if (++digits > 9) return 0;
        } else if (c == '\n') {
            lines += digits > 0 ? 1 : 0;
            digits = 0;
        } else if (c != '\r')
            return 0;
    }
    return lines + (digits > 0 ? 1 : 0) >= 2 ? 50 : 0;
}

constexpr Importer texts[] = {
    {"html", "a web page (an error page saved under another name?)", sniff_html, nullptr},
    {"mods", "MODS XML", sniff_mods, nullptr},
    {"marc-xml", "MARC XML (a library catalogue)", sniff_marc_xml, nullptr,
     "export from the catalogue as RIS"},
    {"dublin-core", "Dublin Core XML", sniff_dublin_core, nullptr},
    {"rdf", "RDF (Zotero RDF, bibliontology)", sniff_rdf, nullptr},
    {"tei", "TEI XML", sniff_tei, nullptr},
    {"ncbi-answer", "an answer of NCBI without records (esearch, esummary, elink)", sniff_summary, nullptr},
    {"pubmed-summary", "PubMed's summary as text", sniff_pubmed_summary, nullptr,
     "in PubMed, save as PubMed format (NBIB)"},
    {"id-list", "a list of numbers", sniff_id_list, nullptr,
     "look the ids up in PubMed and save as PubMed format (NBIB); assay search --known takes such a list"},
    {"ctgov-xml", "ClinicalTrials.gov's old XML", sniff_old_trials, nullptr,
     "download JSON (version 2) from ClinicalTrials.gov"},
    {"ictrp-xml", "XML of WHO's ICTRP", sniff_ictrp, nullptr, "export as CSV and give --map for its columns"},
    {"word-sources", "sources of Microsoft Word", sniff_word, nullptr},
    {"revman", "a review of RevMan 5", sniff_revman, nullptr},
    {"inspec", "INSPEC text", sniff_inspec, nullptr},
    {"csa", "CSA text", sniff_csa, nullptr},
};

} // namespace

const Importer* foreign_bytes(std::string_view head) {
    for (const Signature& row : signatures)
        if (head.size() >= row.at && head.substr(row.at, row.bytes.size()) == row.bytes &&
            (row.inside.empty() || head.find(row.inside) != std::string_view::npos))
            return &row.row;
    return is_marc(head) ? &marc : nullptr;
}

std::span<const Importer> foreign_texts() {
    return texts;
}

} // namespace assay::records
