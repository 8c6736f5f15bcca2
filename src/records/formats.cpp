#include "records/formats.hpp"

#include "records/importers.hpp"

#include <algorithm>
#include <array>

namespace assay::records {

namespace {

int has(std::string_view head, std::string_view mark, int score) {
    return head.find(mark) != std::string_view::npos ? score : 0;
}
int sniff_html(std::string_view head) {
    return std::max(has(head, "<!DOCTYPE html", 90),
                    std::max(has(head, "<html", 90), has(head, "<HTML", 90)));
}
int sniff_wos(std::string_view head) {
    return head.substr(0, 3) == "FN " || has(head, "\nVR 1.0", 90) ? 92 : 0;
}
int sniff_mods(std::string_view head) {
    return std::max(has(head, "<modsCollection", 90), has(head, "<mods ", 90));
}
int sniff_jats(std::string_view head) {
    return has(head, "<article", 40) != 0 && has(head, "<front>", 50) != 0 ? 80 : 0;
}
int sniff_openalex(std::string_view head) {
    return std::max(has(head, "\"abstract_inverted_index\"", 90), has(head, "\"https://openalex.org/", 90));
}
int sniff_trials(std::string_view head) {
    return has(head, "\"protocolSection\"", 90);
}
int sniff_europe_pmc(std::string_view head) {
    return has(head, "\"resultList\"", 90);
}
int sniff_crossref(std::string_view head) {
    return has(head, "\"message-type\"", 85);
}
int sniff_zip(std::string_view head) {
    return head.substr(0, 4) == "PK\x03\x04" ? 95 : 0;
}
int sniff_ovid(std::string_view head) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && head[first] == '<' && first + 1 < head.size() &&
                   head[first + 1] >= '0' && head[first + 1] <= '9'
               ? 85
               : 0;
}
int sniff_enw(std::string_view head) {
    return head.substr(0, 3) == "%0 " || has(head, "\n%0 ", 80) != 0 ? 85 : 0;
}
int sniff_refworks(std::string_view head) {
    return head.substr(0, 3) == "RT " || has(head, "\nRT ", 60) != 0 ? 62 : 0;
}
int sniff_bibtex(std::string_view head) {
    for (std::size_t at = head.find('@'); at != std::string_view::npos; at = head.find('@', at + 1)) {
        if (at > 0 && head[at - 1] != '\n' && head[at - 1] != '\r' && head[at - 1] != ' ') continue;
        std::size_t end = at + 1;
        while (end < head.size() &&
               ((head[end] >= 'a' && head[end] <= 'z') || (head[end] >= 'A' && head[end] <= 'Z')))
            ++end;
        if (end > at + 2 && end < head.size() && (head[end] == '{' || head[end] == '(')) return 75;
    }
    return 0;
}

// Formats without a reader are in the table, too: what they are is said instead of half-reading them.
constexpr Importer import_rows[] = {
    {"ris", "RIS, all dialects", sniff_ris, read_ris},
    {"nbib", "PubMed NBIB (MEDLINE text)", sniff_nbib, read_nbib},
    {"pubmed-xml", "PubMed XML: efetch, baseline and update files, books", sniff_pubmed_xml, read_pubmed_xml},
    {"endnote-xml", "EndNote XML, also by Zotero and Mendeley", sniff_endnote_xml, read_endnote_xml},
    {"csl-json", "CSL-JSON", sniff_csl_json, read_csl_json},
    {"html", "a web page (an error page saved under another name?)", sniff_html, nullptr},
    {"wos-tagged", "Web of Science tagged text", sniff_wos, nullptr},
    {"ovid-tagged", "Ovid tagged text", sniff_ovid, nullptr},
    {"enw", "refer, EndNote tagged (ENW)", sniff_enw, nullptr},
    {"refworks", "RefWorks tagged", sniff_refworks, nullptr},
    {"bibtex", "BibTeX, BibLaTeX", sniff_bibtex, nullptr},
    {"mods", "MODS XML", sniff_mods, nullptr},
    {"jats", "JATS XML", sniff_jats, nullptr},
    {"openalex-json", "OpenAlex JSON", sniff_openalex, nullptr},
    {"ctgov-json", "ClinicalTrials.gov JSON", sniff_trials, nullptr},
    {"europepmc-json", "Europe PMC JSON", sniff_europe_pmc, nullptr},
    {"crossref-json", "Crossref JSON", sniff_crossref, nullptr},
    {"zip", "a zip archive", sniff_zip, nullptr},
};

constexpr Exporter export_rows[] = {
    {"ris", "RIS", ".ris", write_ris},
    {"nbib", "PubMed NBIB", ".nbib", write_nbib},
    {"endnote-xml", "EndNote XML", ".xml", write_endnote_xml},
    {"csl-json", "CSL-JSON", ".json", write_csl_json},
    {"csv", "CSV, also for assay dedupe", ".csv", write_csv},
};

} // namespace

std::span<const Importer> importers() {
    return import_rows;
}
std::span<const Exporter> exporters() {
    return export_rows;
}

const Importer* sniff(std::string_view text) {
    const std::string_view head = text.substr(0, 32768);
    const Importer* best = nullptr;
    int most = 0;
    for (const Importer& row : import_rows)
        if (const int score = row.sniff(head); score > most) best = &row, most = score;
    return best;
}

const Importer* importer(std::string_view id) {
    for (const Importer& row : import_rows)
        if (row.id == id) return &row;
    return nullptr;
}

const Exporter* exporter(std::string_view id) {
    for (const Exporter& row : export_rows)
        if (row.id == id) return &row;
    return nullptr;
}

std::vector<model::Record> read(const Source& source, Diagnostics& diagnostics, std::string_view format) {
    std::vector<model::Record> records;
    if (source.text.find_first_not_of(" \t\r\n") == std::string::npos) {
        diagnostics.add("record/unknown-format", {source.file, 0, 0}, "the file is empty");
        return records;
    }
    const Importer* row = format.empty() ? sniff(source.text) : importer(format);
    if (!row) {
        diagnostics.add("record/unknown-format", {source.file, 0, 0}, "no known format of records",
                        "assay convert --list names the formats; --from chooses one");
        return records;
    }
    if (!row->read) {
        diagnostics.add("record/unsupported", {source.file, 0, 0},
                        "the file looks like " + std::string(row->title) + ", which cannot be read",
                        "export it as RIS, NBIB, PubMed XML or CSL-JSON");
        return records;
    }
    row->read(
        source, [&](model::Record&& record) { records.push_back(std::move(record)); }, diagnostics);
    return records;
}

} // namespace assay::records
