// Reads the small fields of a reference as databases, spreadsheets and people have mangled them.
#pragma once

#include "dedupe/features.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::dedupe {

/// 64-bit FNV-1a, mixed; never 0.
std::uint64_t hash(std::string_view text);

/// "10.1016/j.x.2018.01.008" in lower case without web address, "doi:", escapes and trailing punctuation;
/// empty when there is none in `text`.
std::string plain_doi(std::string_view text);

/// The DOI without its version: Cochrane's ".pub3", ".v2", "/v1"; empty when it carries none.
std::string_view doi_stem(std::string_view doi);

struct Pages {
    Page first, last;
};

/// "123-9" is 123 to 129, "S1-S12", "e123", "pp. 5-7", and what spreadsheets make of "8-9": "08-Sep",
/// "Aug-15".
Pages parse_pages(std::string_view text);

struct Volume {
    std::uint32_t volume = 0, issue = 0; ///< 0: missing
    bool supplement = false;
    bool no_pagination = false; ///< what stands in the issue is the article number
};

/// "16 (1) (no pagination)", "61 (SUPPL. 1)", "XII", "30a", "1)" (the end of something cut: nothing).
Volume parse_volume(std::string_view text);

/// "3", "SUPPL. 1", "03-Apr" (was 3-4), "Meeting Abstracts".
Volume parse_issue(std::string_view text);

/// The first year between 1500 and 2100 in `text`, 0: none.
int parse_year(std::string_view text);

/// The first registration number of a trial (NCT, ISRCTN, EUCTR, ACTRN, ChiCTR, ...), upper case; empty:
/// none.
std::string registration_number(std::string_view text);

/// 0 unless the word is a roman numeral from 1 to 39 (lower case).
int roman(std::string_view word);

} // namespace assay::dedupe
