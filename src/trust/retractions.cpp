#include "trust/retractions.hpp"

#include "base/ascii.hpp"
#include "text/csv.hpp"
#include "trust/parts.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace assay::trust {

namespace {

enum Column { title, doi, pmid, paper_date, nature, reason, notice_date, notice_doi, column_count };
constexpr std::array<std::string_view, column_count> names{
    "Title",  "OriginalPaperDOI", "OriginalPaperPubMedID", "OriginalPaperDate", "RetractionNature",
    "Reason", "RetractionDate",   "RetractionDOI"};

using ascii::to_lower;

/// "Unavailable", "0" and the like stand for nothing.
std::string identifier(std::string_view text) {
    std::string small = to_lower(text);
    while (!small.empty() && small.back() == ' ')
        small.pop_back();
    return small == "unavailable" || small == "unknown" || small == "0" ? std::string() : small;
}

/// The year in "1/31/2019 0:00" or "2019-01-31": four digits that stand alone.
std::string year_in(std::string_view date) {
    for (std::size_t at = 0; at + 4 <= date.size(); ++at) {
        const auto digit = [&](std::size_t i) { return i < date.size() && date[i] >= '0' && date[i] <= '9'; };
        if (digit(at) && digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4) &&
            (at == 0 || !digit(at - 1)))
            return std::string(date.substr(at, 4));
    }
    return {};
}

using Index = std::map<std::string, std::vector<const Retraction*>>;

const std::vector<const Retraction*>* look_up(const Index& index, const std::string& key) {
    const auto found = key.empty() ? index.end() : index.find(key);
    return found == index.end() ? nullptr : &found->second;
}

} // namespace

std::vector<Retraction> read_retractions(const std::string& file, std::string_view bytes,
                                         Diagnostics& diagnostics) {
    // The published table has faulty bytes and very long cells; none of that is the user's to repair.
    Diagnostics ignored;
    const text::CsvTable table = text::read_csv(file, bytes, ignored);
    std::array<int, column_count> at{};
    at.fill(-1);
    if (table.readable()) {
        const auto header = table.header();
        for (std::size_t i = 0; i < header.size(); ++i)
            for (std::size_t c = 0; c < names.size(); ++c)
                if (header[i].text == names[c]) at[c] = static_cast<int>(i);
    }
    std::vector<Retraction> notices;
    for (const Column needed : {title, doi, nature})
        if (at[needed] < 0) {
            diagnostics.add("csv/missing-column", {file, 1, 0},
                            "column '" + std::string(names[needed]) + "' is missing",
                            "the table of Retraction Watch, as Crossref publishes it, has it");
            return notices;
        }
    for (const text::CsvRow& row : table.rows()) {
        const auto cells = table.cells(row);
        const auto cell = [&](Column column) {
            const int index = at[column];
            return index >= 0 && static_cast<std::size_t>(index) < cells.size()
                       ? cells[static_cast<std::size_t>(index)].text
                       : std::string_view();
        };
        Retraction notice;
        notice.title = cell(title);
        notice.doi = identifier(cell(doi));
        notice.pmid = identifier(cell(pmid));
        notice.year = year_in(cell(paper_date));
        notice.nature = cell(nature);
        notice.reasons = cell(reason);
        notice.date = cell(notice_date);
        notice.notice_doi = identifier(cell(notice_doi));
        notice.line = row.line;
        notices.push_back(std::move(notice));
    }
    return notices;
}

std::vector<Match> match(const model::Review& review, std::span<const Retraction> notices) {
    Index by_doi, by_pmid, by_title;
    std::map<std::string, int> wanted; // only titles of the review are worth normalising once more
    for (const model::Study& study : review.studies)
        wanted[plain(study.title)] = 1;
    for (const Retraction& notice : notices) {
        if (!notice.doi.empty()) by_doi[notice.doi].push_back(&notice);
        if (!notice.pmid.empty()) by_pmid[notice.pmid].push_back(&notice);
        const std::string key = plain(notice.title);
        if (!notice.year.empty() && wanted.count(key)) by_title[key + " " + notice.year].push_back(&notice);
    }
    std::map<model::StudyId, std::string> titles;
    for (const model::Study& study : review.studies)
        if (study.year && !study.title.empty())
            titles[study.id] = plain(study.title) + " " + std::to_string(*study.year);
    std::vector<Match> found;
    for (const model::Report& report : review.reports) {
        const auto take = [&](const std::vector<const Retraction*>* list, const char* by) {
            if (!list) return false;
            for (const Retraction* notice : *list) {
                Match made;
                made.notice = notice;
                made.report = &report;
                made.by = by;
                found.push_back(std::move(made));
            }
            return true;
        };
        if (take(look_up(by_doi, to_lower(report.doi)), "DOI") || take(look_up(by_pmid, report.pmid), "PMID"))
            continue;
        const auto title_of = titles.find(report.study);
        if (title_of != titles.end()) take(look_up(by_title, title_of->second), "title and year");
    }
    return found;
}

} // namespace assay::trust
