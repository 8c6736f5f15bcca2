// The readers behind the table of formats.hpp.
#pragma once

#include "records/formats.hpp"

namespace assay::records {

int sniff_ris(std::string_view head);
void read_ris(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_nbib(std::string_view head);
void read_nbib(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_pubmed_xml(std::string_view head);
void read_pubmed_xml(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_endnote_xml(std::string_view head);
void read_endnote_xml(const Source& source, const Sink& sink, Diagnostics& diagnostics);
int sniff_csl_json(std::string_view head);
void read_csl_json(const Source& source, const Sink& sink, Diagnostics& diagnostics);

std::string write_ris(std::span<const model::Record> records);
std::string write_csl_json(std::span<const model::Record> records);
std::string write_csv(std::span<const model::Record> records);
std::string write_endnote_xml(std::span<const model::Record> records);
std::string write_nbib(std::span<const model::Record> records);

} // namespace assay::records
