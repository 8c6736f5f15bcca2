#include "app/folder.hpp"

#include "app/checklist.hpp"
#include "bundle/check.hpp"
#include "bundle/json.hpp"
#include "bundle/write.hpp"
#include "certainty/appraise.hpp"
#include "effect/agreement.hpp"
#include "effect/measures.hpp"
#include "synth/estimators.hpp"

#include <vector>

namespace assay::app {

namespace {

std::vector<std::string_view> measure_names() {
    std::vector<std::string_view> names;
    for (const auto& row : effect::measures())
        names.push_back(row.id);
    return names;
}

std::vector<std::string_view> estimator_names() {
    std::vector<std::string_view> names;
    for (const auto& row : synth::estimators())
        names.push_back(row.id);
    return names;
}

std::string counted(std::size_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

} // namespace

Checked check(const std::filesystem::path& folder) {
    Checked checked;
    const auto measures = measure_names();
    const auto estimators = estimator_names();
    auto vocabulary = bundle::format_vocabulary();
    vocabulary.measures = measures;
    vocabulary.random_methods = estimators;
    vocabulary.stages = {effect::disagreements, certainty::appraisal_messages};
    auto loaded = bundle::read_and_check(folder, vocabulary, checked.diagnostics);
    checked.digest = loaded.folder.digest();
    if (!checked.diagnostics.has_errors()) check_stated_flow(loaded.review, checked.diagnostics);
    check_checklist_links(loaded.review, folder, checked.diagnostics);
    bundle::show_lines(loaded.folder, checked.diagnostics);
    checked.review = std::move(loaded.review);
    return checked;
}

Formatted format(const std::filesystem::path& folder, bool check_only) {
    Formatted formatted;
    formatted.changed = bundle::format_folder(folder, check_only, formatted.diagnostics);
    return formatted;
}

std::string diagnostics_json(const Diagnostics& diagnostics) {
    return bundle::diagnostics_json(diagnostics);
}

std::string inventory(const model::Review& review) {
    return review.id + ": " + counted(review.questions.size(), "question", "questions") + ", " +
           counted(review.analyses.size(), "analysis", "analyses") + ", " +
           counted(review.studies.size(), "study", "studies") + ", " +
           counted(review.results.size(), "result", "results") + ", " +
           counted(review.published.size(), "published pool", "published pools") + ", " +
           counted(review.reports.size(), "source", "sources");
}

} // namespace assay::app
