#include "search/dialects.hpp"

#include "base/ascii.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace assay::search {

namespace {

constexpr Binding left_to_right{1, 1, 1};
constexpr Binding and_first{2, 1, 2};
constexpr Binding not_first{2, 1, 3};
constexpr Binding or_first{2, 3, 1};

// Order of the enumeration. Distances: Ovid's adjN and Embase's NEAR/n count the step, the others the words
// between (docs/formats/search.md gives the vendors' pages).
constexpr DialectRow table[] = {
    {Dialect::pubmed, "pubmed", "PubMed", "pubmed abbreviation|pubmed full|medline (pubmed)|ncbi",
     left_to_right, '*', 0, 0, false, '"', false, true, "#", 0, "NOT"},
    {Dialect::ovid, "ovid", "Ovid MEDLINE", "ovid medline|medline (ovid)|embase (ovid)|ovid embase|ovidsp",
     and_first, '*', '#', '?', true, '"', true, true, "", 1, "NOT"},
    {Dialect::ovid_psycinfo, "ovid-psycinfo", "PsycInfo (Ovid)", "psycinfo|ovid psycinfo", and_first, '*',
     '#', '?', true, '"', true, true, "", 1, "NOT"},
    {Dialect::embase, "embase", "Embase.com", "embase (elsevier)|embase.com|elsevier embase", and_first, '*',
     '?', '$', false, '\'', false, false, "#", 1, "NOT"},
    {Dialect::cochrane, "cochrane", "Cochrane Library (CENTRAL)", "cochrane library|central|cochrane central",
     not_first, '*', '?', 0, false, '"', false, false, "#", 0, "NOT"},
    {Dialect::scopus, "scopus", "Scopus", "scopus (advanced search)|scopus advanced|scopus (basic search)",
     or_first, '*', '?', 0, false, '"', false, true, "#", 0, "AND NOT"},
    {Dialect::wos, "wos", "Web of Science, advanced search", "wos advanced|wos-advanced", not_first, '*', '?',
     '$', false, '"', false, true, "#", 0, "NOT"},
    {Dialect::wos_basic, "wos-basic", "Web of Science, topic box", "web of science|wos basic", not_first, '*',
     '?', '$', false, '"', false, true, "#", 0, "NOT"},
    {Dialect::ebsco, "ebsco", "EBSCO (CINAHL, PsycInfo)",
     "cinahl (ebsco)|cinahl|psycinfo (ebsco)|business source ultimate|ebscohost|sportdiscus", and_first, '*',
     '?', '#', false, '"', true, true, "S", 0, "NOT"},
    {Dialect::hta, "hta", "International HTA Database", "inahta|crd", and_first, '*', 0, 0, false, '"', false,
     true, "#", 0, "NOT"},
    {Dialect::lilacs, "lilacs", "LILACS (VHL)", "vhl|bvs", and_first, '*', 0, 0, false, '"', false, true, "#",
     0, "AND NOT"},
};

using ascii::to_lower;

} // namespace

std::span<const DialectRow> dialects() {
    return table;
}

const DialectRow& row(Dialect dialect) {
    const auto& found = table[static_cast<std::size_t>(dialect)];
    ASSAY_EXPECT(found.dialect == dialect);
    return found;
}

const DialectRow* find_dialect(std::string_view name) {
    const std::string wanted = to_lower(name);
    for (const auto& candidate : table) {
        if (wanted == candidate.id || wanted == to_lower(candidate.title)) return &candidate;
        std::string_view rest = candidate.aliases;
        while (!rest.empty()) {
            const std::string_view alias = rest.substr(0, rest.find('|'));
            if (wanted == alias) return &candidate;
            rest.remove_prefix(std::min(rest.size(), alias.size() + 1));
        }
    }
    return nullptr;
}

} // namespace assay::search
