#include "app/search_parts.hpp"

#include "base/error.hpp"
#include "search/history.hpp"
#include "search/lint.hpp"
#include "search/parse.hpp"
#include "search/strategy.hpp"

#include <nlohmann/json.hpp>

namespace assay::app {

const search::DialectRow& search_language(const std::string& name) {
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

ReadStrategy read_strategy(const StrategyText& in, Diagnostics& diagnostics) {
    const search::DialectRow* given =
        in.dialect.empty() || in.dialect == "auto" ? nullptr : &search_language(in.dialect);
    ReadStrategy out;
    out.cleaned = search::without_host_layout(search::clean(in.file, in.text, diagnostics), diagnostics);
    const search::Dialect dialect = given ? given->dialect : search::guess_dialect(out.cleaned);
    out.strategy = search::parse(out.cleaned, dialect, diagnostics);
    search::check_references(out.cleaned, out.strategy, diagnostics);
    return out;
}

nlohmann::json search_messages(const Diagnostics& diagnostics) {
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

std::string search_dump(const nlohmann::json& out) {
    return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace assay::app
