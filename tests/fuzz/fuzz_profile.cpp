// Fuzz target: a profile (JSON, TOML) or a list of medicines (FHIR), by the first byte. Any bytes give
// messages or advice, every sentence of which can be shown.
#include "app/person.hpp"
#include "base/error.hpp"
#include "person/advice.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace assay;

const person::Tables& tables() {
    static const person::Tables made = [] {
        Diagnostics diagnostics;
        return app::person_tables("magnesium", {}, diagnostics);
    }();
    return made;
}

person::ProfileTerms terms() {
    person::ProfileTerms made;
    made.substance = "magnesium";
    made.element_mass = 24.305;
    made.charge = 2;
    for (const auto& form : tables().forms)
        made.forms.push_back(form.id);
    for (const auto& flag : tables().red_flags)
        made.red_flags.push_back(flag.origin.id);
    return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Diagnostics diagnostics;
    if (data[0] == 'f') {
        for (const auto& medicine : person::read_fhir("fuzz.json", bytes, diagnostics))
            ASSAY_EXPECT(!medicine.text.empty());
    } else {
        const auto profile =
            person::read_profile(data[0] == 't' ? "fuzz.toml" : "fuzz.json", bytes, terms(), diagnostics);
        ASSAY_EXPECT(profile.has_value() || diagnostics.has_errors());
        // The day plan of long lists is a search: its time has tests of its own.
        if (profile && profile->medicines.size() + profile->products.size() <= 6) {
            const auto advice = person::advise(*profile, tables(), {}, "");
            ASSAY_EXPECT(!advice.sentences.empty());
            (void)app::person_text(advice, 80);
            (void)app::person_html(advice);
            (void)app::person_json(advice);
        }
    }
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    return 0;
}
