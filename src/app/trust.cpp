#include "app/trust.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "bundle/read.hpp"
#include "text/encoding.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace assay::app {

namespace {

/// The text of any cell of the folder's tables, by the place of its row.
class CellTexts {
public:
    explicit CellTexts(const bundle::Loaded& loaded) {
        for (const auto& [file, table] : loaded.tables) {
            Columns& columns = files_[file];
            columns.table = &table;
            const auto header = table.header();
            for (std::size_t i = 0; i < header.size(); ++i)
                columns.index.emplace(std::string(text::trim(header[i].text)), i);
            for (const text::CsvRow& row : table.rows())
                columns.rows.emplace(row.line, &row);
        }
    }

    std::string_view operator()(const Place& place, std::string_view column) const {
        const auto file = files_.find(place.file);
        if (file == files_.end()) return {};
        const auto at = file->second.index.find(std::string(column));
        const auto row = file->second.rows.find(place.line);
        if (at == file->second.index.end() || row == file->second.rows.end()) return {};
        const auto cells = file->second.table->cells(*row->second);
        return at->second < cells.size() ? text::trim(cells[at->second].text) : std::string_view();
    }

private:
    struct Columns {
        const text::CsvTable* table = nullptr;
        std::unordered_map<std::string, std::size_t> index;
        std::unordered_map<int, const text::CsvRow*> rows;
    };
    std::unordered_map<std::string, Columns> files_;
};

// A notice bears on every analysis that uses the study, too.
void add_analyses(Trusted& trusted) {
    const bool any =
        std::any_of(trusted.assessment.findings.begin(), trusted.assessment.findings.end(),
                    [](const trust::Finding& finding) { return finding.check == "retractions"; });
    if (!any || trusted.diagnostics.has_errors()) return;
    const model::ReviewResults results = analyse(trusted.review);
    for (trust::Finding& finding : trusted.assessment.findings) {
        if (finding.check != "retractions" || finding.study.empty()) continue;
        for (const model::AnalysisResult& analysis : results.analyses) {
            const bool uses =
                std::any_of(analysis.effects.begin(), analysis.effects.end(),
                            [&](const model::Effect& effect) { return effect.study == finding.study; });
            if (uses) finding.touches.push_back("analysis:" + analysis.id.value);
        }
    }
}

bool serious(const trust::Finding& finding) {
    return finding.possible != trust::Possible::yes;
}

// Rows of results.csv whose doubt is already noted carry a tag that begins with "flag"; the share of the
// others that is flagged says how often the checks speak up where nobody had seen anything.
void count_unmarked(Trusted& trusted) {
    std::set<int> flagged;
    for (const trust::Finding& finding : trusted.assessment.findings)
        if (finding.place.file == "results.csv" && serious(finding)) flagged.insert(finding.place.line);
    for (const model::Result& row : trusted.review.results) {
        const bool marked = std::any_of(row.tags.begin(), row.tags.end(),
                                        [](const std::string& tag) { return tag.rfind("flag", 0) == 0; });
        if (marked) continue;
        ++trusted.unmarked;
        trusted.unmarked_flagged += flagged.count(row.place.line);
    }
}

std::string wrapped(const std::string& text, std::size_t width) {
    const std::string indent(4, ' ');
    std::string out, line = indent;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        if (line.size() > indent.size() && line.size() + 1 + word.size() > width)
            out += line + "\n", line = indent;
        line += (line.size() > indent.size() ? " " : "") + word;
        at = end + 1;
    }
    return out + line + "\n";
}

std::string percent(std::size_t part, std::size_t whole) {
    return whole ? fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole))
                 : "-";
}

std::string finding_text(const trust::Finding& finding, std::size_t width) {
    std::string text = fmt::format("{}:{}: {} {}: {} [{}]\n", finding.place.file, finding.place.line,
                                   finding.row, finding.field,
                                   finding.possible == trust::Possible::yes     ? "note"
                                   : trust::to_string(finding.possible) == "no" ? "not possible as written"
                                                                                : "unlikely",
                                   finding.check);
    std::string inputs;
    for (const auto& input : finding.inputs)
        inputs += (inputs.empty() ? "" : "; ") + input.name + " " + input.value;
    text += wrapped(finding.says, width);
    if (!inputs.empty()) text += wrapped(inputs, width);
    text += wrapped(finding.remedy, width);
    if (finding.check == "retractions" && !finding.touches.empty()) {
        std::string touches = "Bears on:";
        for (const auto& id : finding.touches)
            touches += " " + id;
        text += wrapped(touches, width);
    }
    return text;
}

} // namespace

std::vector<model::StudyId> flagged_studies(const Trusted& trusted) {
    std::vector<model::StudyId> studies;
    for (const trust::Finding& finding : trusted.assessment.findings)
        if (serious(finding) && !finding.study.empty() &&
            std::find(studies.begin(), studies.end(), finding.study) == studies.end())
            studies.push_back(finding.study);
    return studies;
}

Trusted run_trust(const TrustRequest& request) {
    Trusted trusted;
    trusted.settings = request.settings;
    Checked checked = check(request.folder);
    trusted.diagnostics = std::move(checked.diagnostics);
    Diagnostics repeated; // the same messages once more
    const bundle::Loaded loaded = bundle::read_review(request.folder, repeated);
    std::vector<trust::Retraction> notices;
    std::string bytes;
    if (request.retractions) {
        bytes = read_file(*request.retractions);
        notices = trust::read_retractions(request.retractions->string(), bytes, trusted.diagnostics);
        trusted.notices = notices.size();
    }
    const CellTexts texts(loaded);
    trusted.assessment = trust::assess(loaded.review, std::cref(texts), request.settings, notices);
    trusted.review = loaded.review;
    add_analyses(trusted);
    count_unmarked(trusted);
    return trusted;
}

std::string trust_text(const Trusted& trusted, const TrustView& view) {
    std::string text;
    std::size_t hidden = 0;
    for (const trust::Finding& finding : trusted.assessment.findings) {
        if (!view.check.empty() && finding.check != view.check) continue;
        if (!serious(finding) && !view.notes) {
            ++hidden;
            continue;
        }
        text += finding_text(finding, static_cast<std::size_t>(view.width));
    }
    if (!text.empty()) text += "\n";
    text += fmt::format("{:<19}{:>9}{:>9}{:>7}\n", "check", "examined", "flagged", "notes");
    for (const trust::Tally& tally : trusted.assessment.tallies)
        if (view.check.empty() || tally.check == view.check)
            text += fmt::format("{:<19}{:>9}{:>9}{:>7}\n", tally.check, tally.examined, tally.flagged,
                                tally.noted);
    if (view.check.empty()) {
        const auto& all = trusted.assessment;
        text += fmt::format("\n{} of {} rows that could be examined are flagged ({}); of {} results whose "
                            "doubt nobody had noted, "
                            "{} ({}).\n",
                            all.rows_flagged, all.rows, percent(all.rows_flagged, all.rows), trusted.unmarked,
                            trusted.unmarked_flagged, percent(trusted.unmarked_flagged, trusted.unmarked));
    }
    if (hidden > 0)
        text += fmt::format("{} note{} not shown: --notes shows {}.\n", hidden, hidden == 1 ? "" : "s",
                            hidden == 1 ? "it" : "them");
    return text;
}

std::string trust_json(const Trusted& trusted) {
    using nlohmann::ordered_json;
    ordered_json out;
    out["schema"] = "assay/trust/1";
    out["review"] = trusted.review.id;
    const trust::Settings& settings = trusted.settings;
    out["settings"] = {{"seed", settings.seed},
                       {"draws", settings.draws},
                       {"p_gap", settings.p_gap},
                       {"baseline_alpha", settings.baseline_alpha},
                       {"chance", settings.chance}};
    out["rows"] = {{"examined", trusted.assessment.rows},
                   {"flagged", trusted.assessment.rows_flagged},
                   {"results_not_marked", trusted.unmarked},
                   {"results_not_marked_flagged", trusted.unmarked_flagged}};
    out["notices"] = trusted.notices;
    ordered_json checks = ordered_json::array();
    for (std::size_t i = 0; i < trust::checks().size(); ++i) {
        const trust::Check& check = trust::checks()[i];
        const trust::Tally& tally = trusted.assessment.tallies[i];
        checks.push_back({{"id", check.id},
                          {"title", check.title},
                          {"formula", check.formula},
                          {"source", check.source},
                          {"needs", check.needs},
                          {"examined", tally.examined},
                          {"flagged", tally.flagged},
                          {"noted", tally.noted}});
    }
    out["checks"] = std::move(checks);
    ordered_json findings = ordered_json::array();
    for (const trust::Finding& finding : trusted.assessment.findings) {
        ordered_json inputs = ordered_json::array();
        for (const auto& input : finding.inputs)
            inputs.push_back({{"name", input.name}, {"value", input.value}});
        findings.push_back({{"check", finding.check},
                            {"study", finding.study.value},
                            {"row", finding.row},
                            {"field", finding.field},
                            {"file", finding.place.file},
                            {"line", finding.place.line},
                            {"inputs", std::move(inputs)},
                            {"possible", trust::to_string(finding.possible)},
                            {"says", finding.says},
                            {"remedy", finding.remedy},
                            {"touches", finding.touches}});
    }
    out["findings"] = std::move(findings);
    return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string trust_checks_text() {
    std::string text;
    for (const trust::Check& check : trust::checks())
        text += fmt::format("{}: {}\n    {}\n    needs {}\n    {}\n", check.id, check.title, check.formula,
                            check.needs, check.source);
    return text;
}

} // namespace assay::app
