#include "app/search.hpp"

#include "app/search_parts.hpp"
#include "search/lint.hpp"
#include "search/print.hpp"
#include "search/thesaurus.hpp"

#include <nlohmann/json.hpp>

namespace assay::app {

Translated translate(const StrategyText& in, const std::string& to) {
    const auto& target = search_language(to);
    Translated out;
    const ReadStrategy strategy = read_strategy(in, out.diagnostics);
    const search::Printed printed = search::print(strategy.strategy, target.dialect);
    out.from = search::row(strategy.strategy.dialect).id;
    out.to = target.id;
    out.text = printed.text;
    out.nodes = printed.nodes;
    for (const search::Loss& loss : printed.losses) {
        std::string_view code = "search/broader";
        if (loss.kind == search::LossKind::broader) ++out.broader;
        if (loss.kind == search::LossKind::narrower) {
            ++out.narrower;
            code = "search/narrower";
        }
        if (loss.kind == search::LossKind::impossible) {
            ++out.impossible;
            code = "search/impossible";
        }
        if (out.diagnostics.items().size() < 1000)
            strategy.cleaned.report(out.diagnostics, code, loss.begin, loss.end, loss.what);
    }
    const std::size_t lost = out.broader + out.narrower + out.impossible;
    out.exact = out.nodes > lost ? out.nodes - lost : 0;
    return out;
}

std::string Translated::json() const {
    return search_dump({{"schema", "assay/translate/1"},
                        {"from", from},
                        {"to", to},
                        {"text", text},
                        {"parts", nodes},
                        {"exact", exact},
                        {"broader", broader},
                        {"narrower", narrower},
                        {"impossible", impossible},
                        {"messages", search_messages(diagnostics)}});
}

std::string Translated::summary() const {
    return from + " to " + to + ": " + std::to_string(nodes) + (nodes == 1 ? " part, " : " parts, ") +
           std::to_string(broader) + " broader, " + std::to_string(narrower) + " narrower, " +
           std::to_string(impossible) + " impossible";
}

LintedSearch lint_search(const StrategyText& in, const std::string& mesh) {
    LintedSearch out;
    const ReadStrategy strategy = read_strategy(in, out.diagnostics);
    out.dialect = search::row(strategy.strategy.dialect).id;
    for (const auto& line : strategy.strategy.lines)
        out.lines += line.comment ? 0 : 1;
    const search::Thesaurus thesaurus = search::read_thesaurus(mesh);
    search::lint(strategy.cleaned, strategy.strategy, thesaurus, out.diagnostics);
    return out;
}

std::string LintedSearch::json() const {
    return search_dump({{"schema", "assay/lint-search/1"},
                        {"dialect", dialect},
                        {"lines", lines},
                        {"errors", diagnostics.count(Severity::error)},
                        {"warnings", diagnostics.count(Severity::warning)},
                        {"notes", diagnostics.count(Severity::note)},
                        {"messages", search_messages(diagnostics)}});
}

std::string list_search_languages() {
    std::string out = "language       what\n";
    for (const auto& row : search::dialects())
        out += std::string(row.id) + std::string(15 - row.id.size(), ' ') + std::string(row.title) + "\n";
    return out;
}

} // namespace assay::app
