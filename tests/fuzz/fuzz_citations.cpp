// Fuzz target: the parsers of citations and of lists of references. Every place lies in the text.
#include "base/error.hpp"
#include "claims/citations.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t last = 0;
    for (const claims::Citation& citation : claims::citations(text, 0, size)) {
        ASSAY_EXPECT(citation.begin < citation.end && citation.end <= size && citation.begin >= last);
        last = citation.begin;
    }
    for (const claims::Entry& entry : claims::reference_list(text, {0, size}))
        ASSAY_EXPECT(entry.begin <= entry.end && entry.end <= size);
    return 0;
}
