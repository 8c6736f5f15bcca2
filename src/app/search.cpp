#include "app/search.hpp"

#include "base/error.hpp"
#include "search/evaluate.hpp"
#include "search/index.hpp"
#include "search/lint.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "search/strategy.hpp"
#include "search/thesaurus.hpp"

#include <nlohmann/json.hpp>

namespace assay::app {

namespace {

const search::DialectRow& language(const std::string& name) {
    if (const auto* found = search::find_dialect(name)) return *found;
    std::vector<std::string> names;
    for (const auto& row : search::dialects())
        names.emplace_back(row.id);
    const std::string near = nearest_name(name, names);
    throw Error("usage",
                "there is no search language '" + name + "'" +
                    (near.empty() ? "" : "; did you mean '" + near + "'?") + " (assay translate --list)",
                Exit::input);
}

struct Read {
    search::Cleaned cleaned;
    search::Strategy strategy;
};

Read read(const StrategyText& in, Diagnostics& diagnostics) {
    const search::DialectRow* given =
        in.dialect.empty() || in.dialect == "auto" ? nullptr : &language(in.dialect);
    Read out;
    out.cleaned = search::clean(in.file, in.text, diagnostics);
    const search::Dialect dialect = given ? given->dialect : search::guess_dialect(out.cleaned);
    out.strategy = search::parse(out.cleaned, dialect, diagnostics);
    search::check_references(out.cleaned, out.strategy, diagnostics);
    return out;
}

nlohmann::json messages(const Diagnostics& diagnostics) {
    auto list = nlohmann::json::array();
    for (const auto& d : diagnostics.sorted())
        list.push_back({{"severity", to_string(d.severity)},
                        {"code", d.code},
                        {"line", d.place.line},
                        {"column", d.place.column},
                        {"message", d.message},
                        {"hint", d.hint}});
    return list;
}

std::string dumped(const nlohmann::json& out) {
    return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace

Translated translate(const StrategyText& in, const std::string& to) {
    const auto& target = language(to);
    Translated out;
    const Read strategy = read(in, out.diagnostics);
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
    return dumped({{"schema", "assay/translate/1"},
                   {"from", from},
                   {"to", to},
                   {"text", text},
                   {"parts", nodes},
                   {"exact", exact},
                   {"broader", broader},
                   {"narrower", narrower},
                   {"impossible", impossible},
                   {"messages", messages(diagnostics)}});
}

std::string Translated::summary() const {
    return from + " to " + to + ": " + std::to_string(nodes) + (nodes == 1 ? " part, " : " parts, ") +
           std::to_string(broader) + " broader, " + std::to_string(narrower) + " narrower, " +
           std::to_string(impossible) + " impossible";
}

LintedSearch lint_search(const StrategyText& in, const std::string& mesh) {
    LintedSearch out;
    const Read strategy = read(in, out.diagnostics);
    out.dialect = search::row(strategy.strategy.dialect).id;
    for (const auto& line : strategy.strategy.lines)
        out.lines += line.comment ? 0 : 1;
    const search::Thesaurus thesaurus = search::read_thesaurus(mesh);
    search::lint(strategy.cleaned, strategy.strategy, thesaurus, out.diagnostics);
    return out;
}

std::string LintedSearch::json() const {
    return dumped({{"schema", "assay/lint-search/1"},
                   {"dialect", dialect},
                   {"lines", lines},
                   {"errors", diagnostics.count(Severity::error)},
                   {"warnings", diagnostics.count(Severity::warning)},
                   {"notes", diagnostics.count(Severity::note)},
                   {"messages", messages(diagnostics)}});
}

Searched search_records(const SearchRequest& request, std::span<const model::Record> all,
                        const Progress& progress) {
    Searched out;
    const Read strategy = read(request.strategy, out.diagnostics);
    out.dialect = search::row(strategy.strategy.dialect).id;
    const search::Thesaurus thesaurus = search::read_thesaurus(request.mesh);
    if (!request.mesh.empty() && thesaurus.empty())
        throw Error("usage", "the MeSH file is neither NLM's list of the tree nor its descriptors as XML",
                    Exit::input);
    search::Index index;
    for (std::size_t i = 0; i < all.size(); ++i) {
        index.add(all[i]);
        if (progress && i % 4096 == 0 && !progress("indexing", i, all.size()))
            throw Error("stopped", "stopped", Exit::environment);
    }
    index.finish();
    out.records = index.documents();
    const auto found =
        search::evaluate(strategy.cleaned, strategy.strategy, index, thesaurus, out.diagnostics);
    const search::Found* last = nullptr;
    bool named = request.line.empty();
    for (std::size_t i = 0; i < found.size(); ++i) {
        const search::Line& line = strategy.strategy.lines[i];
        if (line.comment) continue;
        std::string query = strategy.cleaned.text.substr(line.begin, line.end - line.begin);
        for (char& c : query)
            if (c == '\n' || c == '\t') c = ' ';
        out.lines.push_back({line.label, std::move(query), found[i].count()});
        if (request.line.empty() || line.label == request.line) {
            last = &found[i];
            named = true;
        }
    }
    if (!named) throw Error("usage", "the strategy has no line '" + request.line + "'", Exit::input);
    if (last) out.hits = last->list();
    return out;
}

std::string Searched::json(std::span<const model::Record> all) const {
    auto counts = nlohmann::json::array();
    for (const LineCount& line : lines)
        counts.push_back({{"line", line.label}, {"query", line.query}, {"hits", line.hits}});
    auto list = nlohmann::json::array();
    for (const std::size_t at : hits) {
        const model::Record& record = all[at];
        list.push_back({{"file", record.file},
                        {"number", record.number},
                        {"title", record.title},
                        {"date", record.date},
                        {"pmid", model::record_id(record, "pmid")},
                        {"doi", model::record_id(record, "doi")}});
    }
    return dumped({{"schema", "assay/search/1"},
                   {"dialect", dialect},
                   {"records", records},
                   {"lines", counts},
                   {"hits", list},
                   {"messages", messages(diagnostics)}});
}

std::string list_search_languages() {
    std::string out = "language       what\n";
    for (const auto& row : search::dialects())
        out += std::string(row.id) + std::string(15 - row.id.size(), ' ') + std::string(row.title) + "\n";
    return out;
}

} // namespace assay::app
