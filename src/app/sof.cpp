#include "app/sof.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "report/sof.hpp"

#include <algorithm>

namespace assay::app {

namespace {

using Tables = std::vector<report::SofTable>;

struct Kind {
    std::string_view extension;
    std::string (*write)(const model::Review&, const Tables&);
};
constexpr Kind kinds[] = {
    {".html", report::sof_html},
    {".csv", [](const model::Review&, const Tables& tables) { return report::sof_csv(tables); }},
    {".docx", report::sof_docx},
    {".tex", report::sof_latex}};

const Kind& kind_of(const std::filesystem::path& path) {
    const auto extension = path.extension().string();
    for (const auto& kind : kinds)
        if (kind.extension == extension) return kind;
    throw Error("sof/format",
                "--out takes a name that ends in .html, .csv, .docx or .tex, not " + in_quotes(path.string()),
                Exit::input);
}

/// An outcome that stands for harm: people call it a side effect.
bool is_harm(const model::Outcome& outcome) {
    const auto says = [&](const std::string& text) {
        return text.find("side effect") != std::string::npos || text.find("adverse") != std::string::npos ||
               text.find("harm") != std::string::npos;
    };
    return says(outcome.label) || std::any_of(outcome.synonyms.begin(), outcome.synonyms.end(), says);
}

bool has_harm(const model::Review& review, const report::SofTable& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const report::SofRow& row) {
        const auto* analysis = review.find(row.analysis);
        const auto* outcome = analysis ? review.find(analysis->outcome) : nullptr;
        return outcome && is_harm(*outcome);
    });
}

} // namespace

SofWritten write_sof(const SofRequest& request) {
    const Kind* kind = request.out.empty() ? nullptr : &kind_of(request.out);
    SofWritten written;
    auto checked = check(request.folder);
    written.diagnostics = std::move(checked.diagnostics);
    if (written.diagnostics.has_errors()) return written;
    const auto& review = checked.review;
    if (!request.question.empty() && !review.find(model::QuestionId(request.question))) {
        std::vector<std::string> ids;
        for (const auto& question : review.questions)
            ids.push_back(question.id.value);
        const auto near = nearest_name(request.question, ids);
        throw Error("sof/question",
                    "there is no question " + in_quotes(request.question) +
                        (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?"),
                    Exit::input);
    }
    const auto results = analyse(review);
    Tables tables;
    for (const auto& question : review.questions) {
        if (!request.question.empty() && question.id.value != request.question) continue;
        auto table = report::summary_of_findings(review, results, question);
        if (table.rows.empty()) continue;
        written.rows += static_cast<int>(table.rows.size());
        if (!has_harm(review, table)) written.without_harm.push_back(question.id.value);
        tables.push_back(std::move(table));
    }
    if (tables.empty())
        throw Error("sof/empty", "no outcome is pooled, so there is nothing to summarise", Exit::input);
    written.tables = static_cast<int>(tables.size());
    written.csv = report::sof_csv(tables);
    if (kind) write_file_atomic(request.out, kind->write(review, tables));
    return written;
}

} // namespace assay::app
