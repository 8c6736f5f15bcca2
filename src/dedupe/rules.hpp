// The rules of deduplication as tables: what each kind of evidence weighs, what forbids a merge, and which of
// it is on. docs/methods/dedupe.md explains each row; a test compares.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assay::dedupe {

/// What can be seen when two records are laid side by side.
enum class Evidence : std::uint8_t {
    title_equal,
    title_near,
    title_close,
    title_part,
    title_weak,
    title_translated,
    title_different,
    title_missing,
    title_generic,
    doi_equal,
    doi_different,
    pmid_equal,
    pmid_different,
    registration_equal,
    registration_different,
    authors_equal,
    authors_most,
    authors_some,
    authors_none,
    year_equal,
    year_different,
    journal_equal,
    journal_abbreviated,
    journal_related,
    journal_different,
    volume_equal,
    volume_different,
    issue_equal,
    issue_different,
    page_equal,
    page_prefix,
    page_overlap,
    page_different,
    last_page_equal,
    abstract_equal,
    abstract_close,
    abstract_different,
    count_
};

struct EvidenceRow {
    Evidence evidence;
    std::string_view name; ///< "page-equal": as printed, and as used to switch it off
    double points;         ///< for being the same article (positive) or not
    std::string_view meaning;
};

std::span<const EvidenceRow> evidence_table();
const EvidenceRow& row(Evidence evidence);

/// Reasons why two records must not be merged without a person, however many points they have.
enum class Conflict : std::uint8_t {
    numbers,      ///< titles alike but for a number: Part I, Part II; 2012, 2013
    notice,       ///< one is an erratum, reply, comment or retraction notice
    version,      ///< versions of one document: Cochrane pub2, pub3; v1, v2
    place,        ///< another journal and another volume
    supplement,   ///< one stands in a supplement or proceedings, the other elsewhere
    preprint,     ///< one is a preprint
    registration, ///< another trial registration
    page,         ///< two first pages or issues, and neither identifier nor abstract that outweighs that
    identifier,   ///< other DOI or PMID, and no page that would say otherwise
    thin,         ///< a title that many share (Editorial), and nothing that places it
    unplaced,     ///< neither time, place, identifier nor content agree
    count_
};

struct ConflictRow {
    Conflict conflict;
    std::string_view name;
    std::string_view relation; ///< what the two are to each other when all else agrees; empty: nothing
    std::string_view meaning;
};

std::span<const ConflictRow> conflict_table();
const ConflictRow& row(Conflict conflict);

/// What is on, and from which score on records are merged or shown to a person.
struct Rules {
    double merge_from = 5.0;
    double review_from = 3.0;
    double relation_from = 0.0; ///< pairs of the same content with a conflict are told about from here on
    std::array<bool, static_cast<std::size_t>(Evidence::count_)> evidence; ///< false: counts nothing
    std::array<bool, static_cast<std::size_t>(Conflict::count_)> conflict; ///< false: does not stop a merge

    Rules() {
        evidence.fill(true);
        conflict.fill(true);
    }
    /// Turns the evidence or conflict of that name on or off; false: there is none.
    bool set(std::string_view name, bool on);
};

} // namespace assay::dedupe
