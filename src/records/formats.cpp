#include "records/formats.hpp"

#include "records/foreign.hpp"
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

// Formats without a reader are in foreign.cpp: what they are is said instead of half-reading them.
constexpr Importer import_rows[] = {
    {"ris", "RIS, all dialects", sniff_ris, read_ris},
    {"nbib", "PubMed NBIB (MEDLINE text)", sniff_nbib, read_nbib},
    {"pubmed-xml", "PubMed XML: efetch, baseline and update files, books", sniff_pubmed_xml, read_pubmed_xml},
    {"endnote-xml", "EndNote XML, also by Zotero and Mendeley", sniff_endnote_xml, read_endnote_xml},
    {"csl-json", "CSL-JSON", sniff_csl_json, whole<read_csl_json>},
    {"csv",
     "tables: Scopus, Web of Science, Rayyan, Covidence, Zotero, CENTRAL, Embase, ... (--map for others)",
     sniff_csv, read_csv_records},
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
    for (const auto rows : {importers(), foreign_texts()})
        for (const Importer& row : rows)
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

void refuse(const Stream& stream, Diagnostics& diagnostics, const Importer& row) {
    diagnostics.add("record/unsupported", {stream.file, 0, 0},
                    "the file looks like " + std::string(row.title) + ", which cannot be read",
                    row.way_out.empty() ? "export it as RIS, NBIB, PubMed XML or CSL-JSON"
                                        : std::string(row.way_out));
}

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

const Importer* read_each(Stream& stream, Diagnostics& diagnostics, std::string_view format,
                          const Sink& sink) {
    // Before it is decoded: what is no text would only give messages about its bytes.
    if (const Importer* other = format.empty() ? foreign_bytes(stream.raw_head()) : nullptr) {
        refuse(stream, diagnostics, *other);
        return other;
    }
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
        refuse(stream, diagnostics, *row);
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
