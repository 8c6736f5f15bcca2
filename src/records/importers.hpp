// The readers behind the table of formats.hpp.
#pragma once

#include "records/formats.hpp"

namespace assay::records {

int sniff_ris(std::string_view head);
void read_ris(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_nbib(std::string_view head);
void read_nbib(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_pubmed_xml(std::string_view head);
void read_pubmed_xml(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_endnote_xml(std::string_view head);
void read_endnote_xml(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_csl_json(std::string_view head);
void read_csl_json(const Source& source, const Sink& sink, Diagnostics& diagnostics);

int sniff_csv(std::string_view head);
void read_csv_records(Stream& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_bibtex(std::string_view head);
void read_bibtex(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_wos(std::string_view head);
void read_wos(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_ovid(std::string_view head);
void read_ovid(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
/// Journal, date, volume, issue and pages of a printed source, "Sleep. 42(3):11-19, 2019 Mar."; what the
/// record has already stays.
void read_printed_source(model::Record& record, std::string_view source);
int sniff_refer(std::string_view head);
void read_refer(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_refworks(std::string_view head);
void read_refworks(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_openalex(std::string_view head);
void read_openalex(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_crossref(std::string_view head);
void read_crossref(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_ctgov(std::string_view head);
void read_ctgov(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_europe_pmc(std::string_view head);
void read_europe_pmc(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_jats(std::string_view head);
void read_jats(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
int sniff_unixref(std::string_view head);
void read_unixref(Stream& stream, const Sink& sink, Diagnostics& diagnostics);

/// Fills a record from its raw fields with Web of Science's tags; lists are cut at `separator`.
void map_wos_fields(model::Record& record, char separator);

std::unique_ptr<Writer> write_bibtex();
std::unique_ptr<Writer> write_ris();
std::unique_ptr<Writer> write_csl_json();
std::unique_ptr<Writer> write_csv();
std::unique_ptr<Writer> write_endnote_xml();
std::unique_ptr<Writer> write_nbib();

} // namespace assay::records
