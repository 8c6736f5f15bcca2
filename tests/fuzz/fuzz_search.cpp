// Fuzz target: every search language. The first byte chooses it (beyond the table: the guess), or
// ASSAY_FUZZ_ONLY, the id of a language, for all inputs of a run; whatever is read is printed in every
// language, prints to a fixpoint in its own, and a small index finds what the plain matcher finds.
#include "base/error.hpp"
#include "fuzz/only.hpp"
#include "search/evaluate.hpp"
#include "search/history.hpp"
#include "search/lint.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "search/strategy.hpp"
#include "support/brute_search.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace assay;

// The plain matcher knows neither limits nor dates, and tries every way a pattern can fit: a few wildcards in
// short words it does at once.
bool for_plain_matcher(const search::Strategy& strategy) {
    std::size_t nodes = 0, wildcards = 0;
    bool known = true;
    for (const auto& line : strategy.lines)
        search::walk(line.node, [&](const search::Node& node) {
            ++nodes;
            known = known && !std::holds_alternative<search::Limit>(node.what) &&
                    !std::holds_alternative<search::DateRange>(node.what) &&
                    !std::holds_alternative<search::Command>(node.what);
            if (const auto* text = std::get_if<search::Text>(&node.what)) {
                const auto signs =
                    std::count_if(text->pattern.begin(), text->pattern.end(), search::wild::is);
                wildcards = std::max(wildcards, static_cast<std::size_t>(signs));
            }
        });
    return known && nodes <= 60 && wildcards <= 4 && strategy.lines.size() <= 12;
}

// What is printed is read as what prints the same. The first text may mix languages and the layouts of hosts,
// whose signs the next then takes as letters; it must come to rest.
void check_fixpoint(const search::Strategy& strategy) {
    std::string text = search::print(strategy, strategy.dialect).text, before;
    for (int pass = 0; pass < 8 && text != before; ++pass) {
        before = text;
        Diagnostics diagnostics;
        const auto cleaned = search::clean("again", text, diagnostics);
        text = search::print(search::parse(cleaned, strategy.dialect, diagnostics), strategy.dialect).text;
    }
    ASSAY_EXPECT(text == before);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    if (size == 0 || size > 20000) return 0;
    Diagnostics diagnostics;
    const auto cleaned = search::without_host_layout(
        search::clean("fuzz", std::string(reinterpret_cast<const char*>(data + 1), size - 1), diagnostics),
        diagnostics);
    const auto languages = search::dialects();
    const std::size_t choice = fuzz::chosen(languages, data[0]);
    const auto dialect =
        choice < languages.size() ? languages[choice].dialect : search::guess_dialect(cleaned);
    const search::Strategy strategy = search::parse(cleaned, dialect, diagnostics);
    search::check_references(cleaned, strategy, diagnostics);
    if (diagnostics.items().empty()) check_fixpoint(strategy);
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
    if (!for_plain_matcher(strategy)) return 0;
    const brute::Record plain = brute::read(record);
    const brute::Matcher matcher(strategy, thesaurus);
    for (std::size_t line = 0; line < found.size(); ++line)
        ASSAY_EXPECT(found[line].has(0) == matcher.line(line, plain));
    return 0;
}
