#include "dedupe/rules.hpp"

#include "base/error.hpp"

namespace assay::dedupe {

namespace {

using enum Evidence;

// In the order of the enum. Points are on the scale of Fellegi & Sunter (1969): roughly the log2 of how much
// more often this is seen between copies of one article than between two articles that share a block, rounded
// to halves and shrunk, because fields are not independent.
constexpr EvidenceRow evidence_rows[] = {
    {title_equal, "title-equal", 4.0, "the same letters and digits after folding"},
    {title_near, "title-near", 3.5, "at most 5 % of the letters differ"},
    {title_close, "title-close", 2.5, "at most 12 % of the letters differ"},
    {title_part, "title-part", 2.5,
     "one title is the beginning or the end of the other (a subtitle is missing)"},
    {title_weak, "title-weak", 0.5, "at most 30 % of the letters differ"},
    {title_translated, "title-translated", -1.0,
     "different titles, one of them marked as a translation by its brackets"},
    {title_different, "title-different", -4.0, "the titles have little in common"},
    {title_missing, "title-missing", -1.0, "one record has no title"},
    {title_generic, "title-generic", -2.5,
     "a title that many texts share: Editorial, or a series in this very set"},
    {doi_equal, "doi-equal", 4.0, "the same DOI"},
    {doi_different, "doi-different", -3.5, "two DOIs"},
    {pmid_equal, "pmid-equal", 5.0, "the same PubMed id"},
    {pmid_different, "pmid-different", -5.0, "two PubMed ids"},
    {registration_equal, "registration-equal", 1.0, "the same trial registration number"},
    {registration_different, "registration-different", -4.0, "two trial registration numbers"},
    {authors_equal, "authors-equal", 1.5, "the first author and at least four fifths of the shorter list"},
    {authors_most, "authors-most", 1.0, "at least half of the shorter list"},
    {authors_some, "authors-some", 0.0, "some authors, or the same family name with another initial"},
    {authors_none, "authors-none", -3.0, "no author in common"},
    {year_equal, "year-equal", 0.5, "the same year"},
    {year_different, "year-different", -1.5, "years more than one apart"},
    {journal_equal, "journal-equal", 1.5, "the same name or ISSN"},
    {journal_abbreviated, "journal-abbreviated", 1.5,
     "one name abbreviates the other word by word, or is its acronym"},
    {journal_related, "journal-related", 0.5, "one name is part of the other"},
    {journal_different, "journal-different", -2.0, "names that do not fit together"},
    {volume_equal, "volume-equal", 1.0, "the same volume"},
    {volume_different, "volume-different", -1.5, "two volumes"},
    {issue_equal, "issue-equal", 0.25, "the same issue"},
    {issue_different, "issue-different", -0.25, "two issues"},
    {page_equal, "page-equal", 2.0, "the same first page or article number"},
    {page_prefix, "page-prefix", 1.5, "the same first page but for a letter: S67 and 67"},
    {page_overlap, "page-overlap", -0.5, "two first pages, but the ranges overlap"},
    {page_different, "page-different", -3.0, "two first pages"},
    {last_page_equal, "last-page-equal", 0.5, "the same last page, too"},
    {abstract_equal, "abstract-equal", 2.0, "the abstracts share at least seven tenths of their word pairs"},
    {abstract_close, "abstract-close", 0.5, "the abstracts share at least a third of their word pairs"},
    {abstract_different, "abstract-different", -2.0,
     "the abstracts share fewer than an eighth of their word pairs"},
};
static_assert(std::size(evidence_rows) == static_cast<std::size_t>(count_));

constexpr ConflictRow conflict_rows[] = {
    {Conflict::numbers, "numbers", "part",
     "titles alike but for a number: Part I and Part II, 2012 and 2013"},
    {Conflict::notice, "notice", "notice", "one is an erratum, reply, comment or retraction notice"},
    {Conflict::version, "version", "version",
     "two versions of one document: Cochrane's pub2 and pub3, v1 and v2"},
    {Conflict::place, "place", "same-study", "another journal, and another volume or page"},
    {Conflict::supplement, "supplement", "abstract-of",
     "one stands in a supplement or proceedings, the other elsewhere"},
    {Conflict::preprint, "preprint", "preprint-of", "one is a preprint"},
    {Conflict::registration, "registration", "", "two trial registration numbers"},
    {Conflict::page, "page", "same-study",
     "two first pages (without pages: two issues), and neither identifier nor abstract outweighs that"},
    {Conflict::identifier, "identifier", "same-study",
     "another DOI or PubMed id, and no place that would outweigh it"},
    {Conflict::thin, "thin", "", "a title that many texts share or no authors, and nothing that places it"},
    {Conflict::unplaced, "unplaced", "", "neither year, volume, page, identifier nor abstract agree"},
};
static_assert(std::size(conflict_rows) == static_cast<std::size_t>(Conflict::count_));

} // namespace

std::span<const EvidenceRow> evidence_table() {
    return evidence_rows;
}
std::span<const ConflictRow> conflict_table() {
    return conflict_rows;
}

const EvidenceRow& row(Evidence evidence) {
    const auto& found = evidence_rows[static_cast<std::size_t>(evidence)];
    ASSAY_EXPECT(found.evidence == evidence);
    return found;
}

const ConflictRow& row(Conflict conflict) {
    const auto& found = conflict_rows[static_cast<std::size_t>(conflict)];
    ASSAY_EXPECT(found.conflict == conflict);
    return found;
}

bool Rules::set(std::string_view name, bool on) {
    for (const auto& r : evidence_rows)
        if (r.name == name) {
            evidence[static_cast<std::size_t>(r.evidence)] = on;
            return true;
        }
    for (const auto& r : conflict_rows)
        if (r.name == name) {
            conflict[static_cast<std::size_t>(r.conflict)] = on;
            return true;
        }
    return false;
}

} // namespace assay::dedupe
