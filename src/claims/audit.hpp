// An article checked against a base of evidence: the claims found, what each was compared with, and the
// verdicts.
#pragma once

#include "claims/base.hpp"
#include "claims/citations.hpp"
#include "claims/numbers.hpp"
#include "claims/polarity.hpp"
#include "claims/readable.hpp"
#include "claims/segment.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

enum class Verdict { supported, partly_supported, contradicted, misattributed, not_in_base, not_checkable };

std::string_view to_string(Verdict verdict);

/// What a reason says about the claim.
enum class Opinion { none, supports, partly, contradicts, misattributes, missing };

/// One comparison: what the article says against what was found.
struct Reason {
    std::string check; ///< a row of checks()
    std::string word;  ///< the check's own verdict word: "equal", "differs", "opposite"
    std::string said, found, source, link;
    Opinion opinion = Opinion::none;
    int rank = 0; ///< 3: a number or statement with its source, 2: the cited source, 1: the body of evidence,
                  ///< 0: a remark
};

/// What a claim speaks of.
struct Frame {
    std::vector<std::string> interventions, populations, outcomes; ///< ids, best first
    std::vector<std::string> forms;                                ///< families: "oxide"
    std::string route;      ///< oral intravenous intramuscular topical; empty: not said
    std::string question;   ///< of the review; empty: none fits
    bool own_topic = false; ///< the question follows from the claim's own words, not from its surroundings
    Tone tone;
    std::vector<Quantity> numbers;
};

struct Claim {
    std::size_t begin = 0, end = 0; ///< bytes of the readable text
    std::string kind;               ///< heading sentence row cell reference
    std::size_t unit = 0;           ///< index of its unit; of its entry for references
    Frame frame;
    std::vector<std::size_t> citations; ///< indices into Audit::citations
    std::vector<std::string> sources;   ///< ids of studies and reports of the base it rests on
    std::vector<Reason> reasons;
    Verdict verdict = Verdict::not_checkable;
};

struct Mention {
    std::size_t begin = 0, end = 0; ///< bytes of the readable text
    std::string kind; ///< numbered_citation author_year narrative_citation vague_citation identifier url
                      ///< number date quantifier table_row promotion conflict
};

struct Audit {
    std::string name;
    Readable readable;
    Segments segments;
    std::vector<Entry> references;
    std::vector<Citation> citations;
    std::vector<Claim> claims; ///< in order of the text; they do not overlap
    std::vector<Mention> mentions;
    std::vector<Reason> remarks; ///< about the article as a whole
};

/// One row of the table of checks.
struct CheckRow {
    std::string_view id;
    std::string_view title; ///< what is compared with what
    std::string_view words; ///< its verdict words
};
std::span<const CheckRow> checks();

/// Audits one article. Pure: the same text and base give the same result.
Audit audit(std::string name, Readable readable, const Base& base);

/// Numbers for one quantity that differ between articles, added to both as remarks on their claims.
void compare(std::vector<Audit>& audits);

} // namespace assay::claims
