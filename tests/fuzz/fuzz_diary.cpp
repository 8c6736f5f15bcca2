// Fuzz target: a diary (CSV, JSON) or a schedule, by the first byte. Any bytes give messages or days; what is
// written reads back as the same days.
#include "base/error.hpp"
#include "trial/diary.hpp"
#include "trial/schedule.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Diagnostics diagnostics;
    if (data[0] == 's') {
        const auto periods = trial::read_schedule("fuzz.csv", bytes, diagnostics);
        (void)trial::schedule_ics(periods, 20 * 60, true);
    } else {
        const auto diary = data[0] == 'j'
                               ? trial::read_diary_json("fuzz.json", bytes, "cramps", diagnostics)
                               : trial::read_diary("fuzz.csv", bytes, "cramps", diagnostics, data[0] == 'v');
        if (!diagnostics.has_errors()) {
            Diagnostics again;
            const auto once = trial::write_diary(diary);
            const auto copy = trial::read_diary("fuzz.csv", once, "cramps", again, true);
            ASSAY_EXPECT(copy.days.size() == diary.days.size());
            ASSAY_EXPECT(trial::write_diary(copy) == once);
            (void)trial::diary_json(diary);
        }
    }
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    return 0;
}
