// What translating, checking and running a search strategy share.
#pragma once

#include "app/search.hpp"
#include "search/clean.hpp"
#include "search/dialects.hpp"
#include "search/tree.hpp"

#include <nlohmann/json_fwd.hpp>

namespace assay::app {

struct ReadStrategy {
    search::Cleaned cleaned;
    search::Strategy strategy;
};

/// Errors: "usage" for a language that is not known.
ReadStrategy read_strategy(const StrategyText& in, Diagnostics& diagnostics);
const search::DialectRow& search_language(const std::string& name);

/// Messages as data: severity, code, line, column, message, hint.
nlohmann::json search_messages(const Diagnostics& diagnostics);
std::string search_dump(const nlohmann::json& out);

} // namespace assay::app
