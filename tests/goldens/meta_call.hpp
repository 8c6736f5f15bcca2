// A call of R's meta package as text: its function, the columns it names, its options; and the effects it
// pools.
#pragma once

#include "case.hpp"
#include "synth/strata.hpp"

#include <map>

namespace assay::test {

struct MetaCall {
    std::string function;
    std::vector<std::string> columns;
    std::map<std::string, std::string> options; ///< without quotes

    std::string option(const std::string& name, const std::string& otherwise = {}) const {
        const auto found = options.find(name);
        return found == options.end() ? otherwise : found->second;
    }
    bool is_true(const std::string& name) const { return option(name) == "TRUE"; }
};
/// Of the line that calls one of meta's functions ("metabin(...)").
MetaCall meta_call_of(const std::string& line);

/// One study of a call: where it has no effect it is not pooled.
struct MetaStudy {
    std::size_t row = 0;
    double y = 0, v = 0;
    synth::Stratum stratum;
    bool pooled = true;
};
/// Every row of the table; counts of tables and of proportions are in `stratum`.
std::vector<MetaStudy> meta_studies(const MetaCall& call, const Table& table);

} // namespace assay::test
