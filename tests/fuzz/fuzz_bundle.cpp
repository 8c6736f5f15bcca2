// Fuzz target: a whole folder. Reading, checking, judging, showing and formatting never crash; every
// judgement is one of its tool; formatting twice changes nothing.
#include "base/error.hpp"
#include "bundle/check.hpp"
#include "bundle/json.hpp"
#include "bundle/write.hpp"
#include "certainty/appraise.hpp"
#include "fuzz/folder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Diagnostics diagnostics;
    bundle::Vocabulary vocabulary = bundle::format_vocabulary();
    vocabulary.appraisals = certainty::appraisal_messages;
    const bundle::Loaded loaded = bundle::read_and_check(split_folder(bytes), vocabulary, diagnostics);
    for (const auto& each : certainty::appraise(loaded.review).appraisals) {
        const auto fits = [&](const std::string& word) {
            return word.empty() || std::find(each.scale.begin(), each.scale.end(), word) != each.scale.end();
        };
        for (const auto& domain : each.domains)
            ASSAY_EXPECT(fits(domain.algorithm) && fits(domain.decided));
        ASSAY_EXPECT(fits(each.overall.algorithm) && fits(each.overall.judgement()));
    }
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    (void)bundle::diagnostics_json(diagnostics);

    Diagnostics once, twice;
    const bundle::Folder formatted = bundle::canonical(loaded.folder, once);
    if (once.has_errors()) return 0;
    const bundle::Folder again = bundle::canonical(formatted, twice);
    ASSAY_EXPECT(!twice.has_errors());
    ASSAY_EXPECT(again.files == formatted.files);
    return 0;
}
