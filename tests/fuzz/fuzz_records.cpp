// Fuzz target: every reader of records. The first byte chooses it (beyond the table: the guess), or
// ASSAY_FUZZ_ONLY, the id of a format, for all inputs of a run; whatever is read can be written in every
// format, and RIS reads back with as many records.
#include "base/error.hpp"
#include "fuzz/only.hpp"
#include "records/formats.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

bool is_damaged(const assay::Diagnostics& diagnostics) {
    return std::any_of(diagnostics.items().begin(), diagnostics.items().end(), [](const auto& item) {
        return item.code == "record/truncated" && item.message.find("compressed") != std::string::npos;
    });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    if (size == 0) return 0;
    const auto importers = records::importers();
    const std::size_t choice = fuzz::chosen(importers, data[0]);
    Diagnostics diagnostics;
    records::Limits limits;
    limits.bytes = std::size_t{1} << 20;
    const MemoryBytes bytes(std::string_view(reinterpret_cast<const char*>(data + 1), size - 1));
    records::Stream stream("fuzz", bytes, diagnostics, {}, limits);
    const std::string_view format = choice < importers.size() ? importers[choice].id : std::string_view();
    const auto records = records::read(stream, diagnostics, format);
    // Nothing may depend on how the file is cut when it is read, but for how far a damaged compressed file
    // can be followed.
    if (!is_damaged(diagnostics)) {
        Diagnostics others;
        records::Stream small("fuzz", bytes, others, {}, limits, 1 + size % 7);
        const auto again = records::read(small, others, format);
        ASSAY_EXPECT(again.size() == records.size());
        for (std::size_t i = 0; i < records.size(); ++i)
            ASSAY_EXPECT(again[i].title == records[i].title && again[i].line == records[i].line &&
                         again[i].offset == records[i].offset);
        const auto told = diagnostics.sorted(), told_again = others.sorted();
        ASSAY_EXPECT(told.size() == told_again.size());
        for (std::size_t i = 0; i < told.size(); ++i)
            ASSAY_EXPECT(to_text(told[i]) == to_text(told_again[i]));
    }
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    while (stream.grow()) {
    }
    for (const auto& record : records) {
        ASSAY_EXPECT(record.number >= 1);
        ASSAY_EXPECT(record.offset <= stream.offset() + stream.rest().size());
    }
    for (const auto& exporter : records::exporters()) {
        const std::string written = exporter.write(records);
        if (exporter.id != "ris" || records.empty()) continue;
        Diagnostics again;
        const MemoryBytes text(written);
        records::Stream copy("again", text, again);
        ASSAY_EXPECT(records::read(copy, again, "ris").size() == records.size());
    }
    return 0;
}
