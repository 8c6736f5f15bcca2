// Notices from a Retraction Watch table that the user downloaded, matched to the reports of a review.
#pragma once

#include "base/diagnostics.hpp"
#include "model/review.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::trust {

struct Retraction {
    std::string title, doi, pmid; ///< of the paper the notice is about; doi in lower case
    std::string year;             ///< of that paper
    std::string nature;           ///< Retraction, Expression of concern, Correction, Reinstatement
    std::string reasons, date, notice_doi;
    int line = 0;
};

/// Reads the columns Title, OriginalPaperDOI, OriginalPaperPubMedID, OriginalPaperDate, RetractionNature,
/// Reason, RetractionDate, RetractionDOI; others are ignored. A table without them is a diagnostic.
std::vector<Retraction> read_retractions(const std::string& file, std::string_view bytes,
                                         Diagnostics& diagnostics);

struct Match {
    const Retraction* notice = nullptr;
    const model::Report* report = nullptr;
    std::string by; ///< DOI | PMID | title and year
};

/// Every notice about every report: DOI first, then PMID, then title with year. Sorted by report.
std::vector<Match> match(const model::Review& review, std::span<const Retraction> notices);

} // namespace assay::trust
