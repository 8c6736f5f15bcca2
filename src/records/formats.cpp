#include "records/formats.hpp"

#include "records/importers.hpp"

#include <algorithm>
#include <array>

namespace assay::records {

namespace {

constexpr std::size_t head_size = 32768; // what the guess looks at

// Readers that need all of the text at once.
template<void (*Read)(const Source&, const Sink&, Diagnostics&)>
void whole(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    Read(stream.whole(), sink, diagnostics);
}

int has(std::string_view head, std::string_view mark, int score) {
    return head.find(mark) != std::string_view::npos ? score : 0;
}
int sniff_html(std::string_view head) {
    return std::max(has(head, "<!DOCTYPE html", 90),
                    std::max(has(head, "<html", 90), has(head, "<HTML", 90)));
}
int sniff_mods(std::string_view head) {
    return std::max(has(head, "<modsCollection", 90), has(head, "<mods ", 90));
}
int sniff_zip(std::string_view head) {
    return head.substr(0, 4) == "PK\x03\x04" ? 95 : 0;
}
int sniff_pdf(std::string_view head) {
    return head.substr(0, 5) == "%PDF-" ? 95 : 0;
}
int sniff_rdf(std::string_view head) {
    return has(head, "<rdf:RDF", 90);
}
int sniff_tei(std::string_view head) {
    return has(head, "<TEI", 88);
}
int sniff_summary(std::string_view head) {
    return std::max(has(head, "<eSummaryResult", 90),
                    std::max(has(head, "<eSearchResult", 90), has(head, "<eLinkResult", 90)));
}
int sniff_word(std::string_view head) {
    return has(head, "schemas.openxmlformats.org/officeDocument", 80) != 0 && has(head, "Sources", 80) != 0
               ? 85
               : 0;
}
int sniff_revman(std::string_view head) {
    return has(head, "<COCHRANE_REVIEW", 92);
}
int sniff_inspec(std::string_view head) {
    return has(head, "INSPEC.", 70) != 0 && head.find("Record") != std::string_view::npos ? 70 : 0;
}
int sniff_csa(std::string_view head) {
    return has(head, "DN: Database Name", 85);
}

// Formats without a reader are in the table, too: what they are is said instead of half-reading them.
constexpr Importer import_rows[] = {
    {"ris", "RIS, all dialects", sniff_ris, read_ris},
    {"nbib", "PubMed NBIB (MEDLINE text)", sniff_nbib, read_nbib},
    {"pubmed-xml", "PubMed XML: efetch, baseline and update files, books", sniff_pubmed_xml, read_pubmed_xml},
    {"endnote-xml", "EndNote XML, also by Zotero and Mendeley", sniff_endnote_xml, read_endnote_xml},
    {"csl-json", "CSL-JSON", sniff_csl_json, whole<read_csl_json>},
    {"csv",
     "tables: Scopus, Web of Science, Rayyan, Covidence, Zotero, CENTRAL, Embase, ... (--map for others)",
     sniff_csv, whole<read_csv_records>},
    {"bibtex", "BibTeX, BibLaTeX", sniff_bibtex, whole<read_bibtex>},
    {"wos-tagged", "Web of Science tagged text", sniff_wos, read_wos},
    {"ovid-tagged", "Ovid tagged text and citations", sniff_ovid, read_ovid},
    {"refer", "refer, EndNote tagged (ENW)", sniff_refer, read_refer},
    {"refworks", "RefWorks tagged", sniff_refworks, read_refworks},
    {"openalex-json", "OpenAlex JSON", sniff_openalex, whole<read_openalex>},
    {"crossref-json", "Crossref JSON", sniff_crossref, whole<read_crossref>},
    {"ctgov-json", "ClinicalTrials.gov JSON, version 2", sniff_ctgov, whole<read_ctgov>},
    {"europepmc-json", "Europe PMC JSON", sniff_europe_pmc, whole<read_europe_pmc>},
    {"jats", "JATS XML: articles of PubMed Central and publishers", sniff_jats, read_jats},
    {"crossref-unixref", "Crossref's unixref XML", sniff_unixref, read_unixref},
    {"html", "a web page (an error page saved under another name?)", sniff_html, nullptr},
    {"mods", "MODS XML", sniff_mods, nullptr},
    {"rdf", "RDF (Zotero RDF, bibliontology)", sniff_rdf, nullptr},
    {"tei", "TEI XML", sniff_tei, nullptr},
    {"ncbi-answer", "an answer of NCBI without records (esearch, esummary, elink)", sniff_summary, nullptr},
    {"word-sources", "sources of Microsoft Word", sniff_word, nullptr},
    {"revman", "a review of RevMan 5", sniff_revman, nullptr},
    {"inspec", "INSPEC text", sniff_inspec, nullptr},
    {"csa", "CSA text", sniff_csa, nullptr},
    {"pdf", "a PDF document", sniff_pdf, nullptr},
    {"zip", "a zip archive", sniff_zip, nullptr},
};

constexpr Exporter export_rows[] = {
    {"ris", "RIS", ".ris", write_ris},
    {"nbib", "PubMed NBIB", ".nbib", write_nbib},
    {"endnote-xml", "EndNote XML", ".xml", write_endnote_xml},
    {"csl-json", "CSL-JSON", ".json", write_csl_json},
    {"bibtex", "BibTeX", ".bib", write_bibtex},
    {"csv", "CSV, also for assay dedupe", ".csv", write_csv},
};

} // namespace

std::string Exporter::write(std::span<const model::Record> records) const {
    std::string out;
    const auto writer = begin();
    for (const auto& record : records)
        writer->add(record, out);
    writer->finish(out);
    return out;
}

std::span<const Importer> importers() {
    return import_rows;
}
std::span<const Exporter> exporters() {
    return export_rows;
}

const Importer* sniff(std::string_view text) {
    const std::string_view head = text.substr(0, head_size);
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

namespace {

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

const Importer* read_each(Stream& stream, Diagnostics& diagnostics, std::string_view format,
                          const Sink& sink) {
    while (stream.rest().size() < head_size && stream.grow()) {
    }
    std::size_t seen = 0;
    while (blank(stream.rest().substr(seen))) {
        seen = stream.rest().size();
        if (!stream.grow()) {
            diagnostics.add("record/unknown-format", {stream.file, 0, 0}, "the file is empty");
            return format.empty() ? nullptr : importer(format);
        }
    }
    const Importer* row = !format.empty()           ? importer(format)
                          : !stream.mapping.empty() ? importer("csv") // a mapping is for tables only
                                                    : sniff(stream.rest());
    if (!row) {
        diagnostics.add("record/unknown-format", {stream.file, 0, 0}, "no known format of records",
                        "assay convert --list names the formats; --from chooses one");
        return row;
    }
    if (!row->read) {
        diagnostics.add("record/unsupported", {stream.file, 0, 0},
                        "the file looks like " + std::string(row->title) + ", which cannot be read",
                        "export it as RIS, NBIB, PubMed XML or CSL-JSON");
        return row;
    }
    row->read(stream, sink, diagnostics);
    return row;
}

std::vector<model::Record> read(Stream& stream, Diagnostics& diagnostics, std::string_view format) {
    std::vector<model::Record> records;
    read_each(stream, diagnostics, format,
              [&](model::Record&& record) { records.push_back(std::move(record)); });
    return records;
}

} // namespace assay::records
