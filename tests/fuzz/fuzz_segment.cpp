// Fuzz target: the readers and the segmenter. Any bytes give text whose places lie in the file, and units that stand in
// order inside it.
#include "base/error.hpp"
#include "claims/polarity.hpp"
#include "claims/readable.hpp"
#include "claims/segment.hpp"
#include "claims/words.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace assay;

void check(const claims::Readable& readable, std::size_t bytes) {
    const std::string& text = readable.text;
    for (std::size_t at = 0; at < text.size(); at += 7)
        ASSAY_EXPECT(readable.file_begin(at) <= bytes && readable.file_end(at + 1) <= bytes);
    for (const claims::Link& link : readable.links)
        ASSAY_EXPECT(link.begin <= link.end && link.end <= text.size());
    const claims::Segments segments = claims::segment(text);
    std::size_t last = 0;
    for (const claims::Unit& unit : segments.units) {
        ASSAY_EXPECT(unit.begin >= last && unit.begin < unit.end && unit.end <= text.size());
        ASSAY_EXPECT(unit.heading < static_cast<int>(segments.units.size()));
        last = unit.end;
    }
    (void)claims::tone_of(claims::words_of(text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)claims::looks_binary(bytes);
    check(claims::read_plain(bytes), size);
    check(claims::read_html(bytes), size);
    (void)claims::relation(bytes.substr(0, size / 2), bytes.substr(size / 2));
    return 0;
}
