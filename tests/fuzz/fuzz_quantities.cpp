// Fuzz target: the parser of quantities. Every place lies in the text, ranges run upwards.
#include "base/error.hpp"
#include "claims/numbers.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const claims::Quantity& quantity : claims::quantities(text)) {
        ASSAY_EXPECT(quantity.begin < quantity.end && quantity.end <= size);
        ASSAY_EXPECT(quantity.low <= quantity.high);
        (void)claims::milligrams(quantity, quantity.low);
        (void)claims::weeks(quantity);
    }
    return 0;
}
