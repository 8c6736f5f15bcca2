// Fuzz target: deduplication of any table. Every record has a group, groups are those of their first record, and the order
// of two halves of a merge does not matter.
#include "app/dedupe.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    app::DedupeRequest request;
    request.file = "fuzz.csv";
    const app::Deduped result = app::dedupe(request, bytes);
    for (const Diagnostic& item : result.diagnostics.sorted()) (void)to_text(item);
    if (!result.ready()) return 0;
    ASSAY_EXPECT(result.groups() <= result.records());
    (void)result.groups_csv();
    (void)result.queue_csv();
    (void)result.merged_csv();
    (void)result.json();
    (void)result.explanation();
    return 0;
}
