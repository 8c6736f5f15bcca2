// Fuzz target: every search language. The first byte chooses it (beyond the table: the guess), or
// ASSAY_FUZZ_ONLY for all inputs of a run (the number of its row); whatever is
// read is printed in every language, what is printed in its own language reads back to the same, and a small
// index answers.
#include "base/error.hpp"
#include "search/evaluate.hpp"
#include "search/history.hpp"
#include "search/lint.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "search/strategy.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    if (size == 0 || size > 20000) return 0;
    Diagnostics diagnostics;
    const auto cleaned = search::without_host_layout(
        search::clean("fuzz", std::string(reinterpret_cast<const char*>(data + 1), size - 1), diagnostics),
        diagnostics);
    const auto languages = search::dialects();
    static const char* const only = std::getenv("ASSAY_FUZZ_ONLY");
    const std::size_t choice = only ? std::strtoul(only, nullptr, 10) : data[0];
    const auto dialect =
        choice < languages.size() ? languages[choice].dialect : search::guess_dialect(cleaned);
    const search::Strategy strategy = search::parse(cleaned, dialect, diagnostics);
    search::check_references(cleaned, strategy, diagnostics);
    const search::Thesaurus thesaurus = search::read_thesaurus("Sleep;F02.1\nSleep Stages;F02.1.2\n");
    search::lint(cleaned, strategy, thesaurus, diagnostics);
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    for (const auto& row : languages) {
        const search::Printed printed = search::print(strategy, row.dialect);
        ASSAY_EXPECT(printed.lines.size() == strategy.lines.size());
    }
    search::Index index;
    model::Record record;
    record.title = "Sleep and magnesium";
    record.keywords.push_back({"mesh", "Sleep Stages/drug therapy", true});
    index.add(record);
    index.finish();
    const auto found = search::evaluate(cleaned, strategy, index, thesaurus, diagnostics);
    ASSAY_EXPECT(found.size() == strategy.lines.size());
    return 0;
}
