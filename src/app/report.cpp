#include "app/report.hpp"

#include "app/analyse.hpp"
#include "app/checklist.hpp"
#include "app/trust.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "certainty/flow.hpp"
#include "plot/forest.hpp"
#include "plot/flow_svg.hpp"
#include "plot/forest_svg.hpp"
#include "report/html.hpp"
#include "report/results_json.hpp"

#include <algorithm>
#include <set>
#include <system_error>

namespace assay::app {

namespace {

/// Lines of at most `width` characters, broken at spaces. Counts code points, as a terminal's cells (no wide scripts).
std::vector<std::string> wrap(const std::string& text, std::size_t width) {
    auto length = [](const std::string& s) {
        return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    std::vector<std::string> lines(1);
    std::size_t start = 0;
    while (start <= text.size()) {
        const auto end = std::min(text.find(' ', start), text.size());
        const std::string word = text.substr(start, end - start);
        if (!lines.back().empty() && length(lines.back()) + 1 + length(word) > width) lines.emplace_back();
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
        start = end + 1;
    }
    return lines;
}

std::string padded(const std::string& text, std::size_t width) {
    const auto length = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    return text + std::string(width > length ? width - length : 0, ' ');
}

void make_folder(const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) throw Error("file/unwritable", "cannot make the folder " + path.string() + ": " + failed.message());
}

/// The forest plots and the flow as files of their own, for slides and papers. Ids of analyses are safe file names (checked).
void write_figures(const Built& built, const std::filesystem::path& folder) {
    make_folder(folder);
    for (const auto& result : built.results.analyses) {
        if (!result.main) continue;
        const auto forest = plot::forest_of(built.checked.review, *built.checked.review.find(result.id), result);
        write_file_atomic(folder / (result.id.value + ".svg"), plot::standalone(plot::forest_svg(forest)));
    }
    const model::Flow& flow = built.results.flow;
    if (flow.origin != model::FlowOrigin::none)
        write_file_atomic(folder / "flow.svg", plot::standalone(plot::flow_svg(flow, plot::Layout::wide,
                                                                              certainty::waiting_text(flow))));
}

} // namespace

Computed compute_review(const std::filesystem::path& folder, const Progress& progress) {
    Computed done;
    done.checked = check(folder);
    if (done.checked.diagnostics.has_errors()) return done;
    const model::Review& review = done.checked.review;
    AnalyseOptions options;
    options.flagged = flagged_studies(run_trust({folder, std::nullopt, {}}));
    done.results = analyse(review, progress, options);
    done.results.input_digest = done.checked.digest;
    std::set<std::string> pooled;
    for (const auto& analysis : done.results.analyses)
        for (const auto& effect : analysis.effects)
            pooled.insert(effect.study.value);
    done.results.flow = flow_of(review, folder, pooled, {});
    done.results.checklist = checklist_rows(review, done.results);
    done.html = report::html(review, done.results);
    if (drop_broken_links(done.results.checklist, done.html) > 0)
        done.html = report::html(review, done.results);
    return done;
}

Built build_report(const std::filesystem::path& folder, const std::filesystem::path& out, const Progress& progress) {
    Computed done = compute_review(folder, progress);
    Built built;
    built.checked = std::move(done.checked);
    if (built.checked.diagnostics.has_errors()) return built;
    built.results = std::move(done.results);
    make_folder(out);
    const auto json = report::results_json(built.checked.review, built.results);
    built.json = out / "results.json";
    built.html = out / "index.html";
    write_file_atomic(built.json, json);
    write_file_atomic(built.html, done.html);
    write_figures(built, out / "figures");
    return built;
}

std::string overview(const model::Review& review, const model::ReviewResults& results, int width) {
    // Three columns: question, studies, verdict. The two texts share what is left.
    constexpr std::size_t studies_width = 8;
    const std::size_t room = static_cast<std::size_t>(std::max(width, 60)) - studies_width - 4;
    const std::size_t left = room * 9 / 20, right = room - left;
    auto line = [&](const std::string& question, const std::string& studies, const std::string& verdict) {
        auto text = padded(question, left) + "  " + std::string(studies_width - std::min(studies_width, studies.size()), ' ') +
                    studies + "  " + verdict;
        return text.erase(text.find_last_not_of(' ') + 1) + "\n";
    };
    std::string text = line("Question", "Studies", "Verdict") + std::string(left + studies_width + right + 4, '-') + "\n";
    for (const auto& row : results.questions) {
        const auto question = wrap(review.find(row.id)->title, left);
        const auto verdict = wrap(row.verdict.headline, right);
        for (std::size_t i = 0; i < std::max(question.size(), verdict.size()); ++i)
            text += line(i < question.size() ? question[i] : "", i == 0 ? std::to_string(row.studies) : "",
                         i < verdict.size() ? verdict[i] : "");
    }
    return text;
}

} // namespace assay::app
