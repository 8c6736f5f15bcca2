// The search languages: one row each with what differs between them in signs and in order of operators.
#pragma once

#include <span>
#include <string_view>

namespace assay::search {

enum class Dialect : unsigned char {
    pubmed,
    ovid,
    ovid_psycinfo,
    embase,
    cochrane,
    scopus,
    wos,
    wos_basic,
    ebsco,
    hta,
    lilacs,
};

/// How tightly an operator binds; a larger number binds tighter. Operators of one number go left to right.
struct Binding {
    int all, any, without;
};

struct DialectRow {
    Dialect dialect;
    std::string_view id;      ///< what the command line calls it
    std::string_view title;   ///< what people call it
    std::string_view aliases; ///< further names, separated by '|', lower case
    Binding binding;
    char many;             ///< any number of characters
    char one;              ///< exactly one; 0: cannot be said
    char maybe;            ///< none or one
    bool limited;          ///< '*n': at most n characters
    char quote;            ///< around phrases
    bool phrase;           ///< words side by side are a phrase without quotes
    bool wild_in_quotes;   ///< wildcards work inside quotes
    std::string_view line; ///< before the number of a line
    int near_offset;       ///< NEAR/n lets n - offset words stand between
    std::string_view and_not;
};

std::span<const DialectRow> dialects();
const DialectRow& row(Dialect dialect);

/// By id, title or alias, letter case aside; null: no such language.
const DialectRow* find_dialect(std::string_view name);

} // namespace assay::search
