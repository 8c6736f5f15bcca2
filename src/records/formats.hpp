// The formats of records: one row each, found by what a file contains, never by its name.
#pragma once

#include "base/diagnostics.hpp"
#include "model/record.hpp"
#include "records/source.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace assay::records {

/// Takes the records of a file one after the other.
using Sink = std::function<void(model::Record&&)>;

struct Importer {
    std::string_view id;    ///< "ris"
    std::string_view title; ///< "RIS, all dialects"
    int (*sniff)(
        std::string_view head); ///< 0: not mine ... 100: surely mine; `head` is the start of the text
    /// Null: known, not supported. Takes records out of the window as they come, or the whole text where a
    /// record may depend on others (docs/formats/records.md says which).
    void (*read)(Stream& stream, const Sink& sink, Diagnostics& diagnostics);
    std::string_view way_out = {}; ///< what to do with a file that cannot be read
};

/// Writes records one after the other, each as soon as it comes.
class Writer {
public:
    Writer() = default;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    virtual ~Writer() = default;

    /// Appends the text of a record, before the first also what stands at the top.
    virtual void add(const model::Record& record, std::string& out) = 0;
    /// Appends what stands at the end.
    virtual void finish(std::string&) {}
};

struct Exporter {
    std::string_view id;
    std::string_view title;
    std::string_view extension; ///< ".ris"
    std::unique_ptr<Writer> (*begin)();

    std::string write(std::span<const model::Record> records) const; ///< all of them
};

std::span<const Importer> importers();
std::span<const Exporter> exporters();

/// The importer of a text, null when nothing fits.
const Importer* sniff(std::string_view text);
const Importer* importer(std::string_view id);
const Exporter* exporter(std::string_view id);

/// Reads all records; `format` overrides the guess. A file of no known format is reported.
std::vector<model::Record> read(Stream& stream, Diagnostics& diagnostics, std::string_view format = {});

/// The same, one record after the other. Returns the importer; null: no known format.
const Importer* read_each(Stream& stream, Diagnostics& diagnostics, std::string_view format,
                          const Sink& sink);

} // namespace assay::records
