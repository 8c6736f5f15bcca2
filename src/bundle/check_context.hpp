// What every check sees: the review, its indexes, and a way to complain at a cell. Internal to the folder.
#pragma once

#include "bundle/check.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::bundle {

class Context {
public:
    Context(const model::Review& review, const Loaded* loaded, const Vocabulary& vocabulary,
            Diagnostics& diagnostics);

    const model::Review& review;
    const Vocabulary& vocabulary;

    /// Complains at a column or key of the row at `row`.
    Diagnostic& complain(std::string_view code, const Place& row, std::string_view field, std::string message,
                         std::string hint = {}, int element = -1);
    /// Reading already complained about this field, or could not read it.
    bool failed(const Place& row, std::string_view field) const;

    /// The row with this id, or null.
    const model::Study* study(const model::StudyId& id) const { return look(studies_, id.value); }
    const model::Arm* arm(const model::ArmId& id) const { return look(arms_, id.value); }
    const model::Outcome* outcome(const model::OutcomeId& id) const { return look(outcomes_, id.value); }
    const model::Question* question(const model::QuestionId& id) const { return look(questions_, id.value); }
    const model::Term* term(const model::TermId& id) const { return look(terms_, id.value); }
    const model::Analysis* analysis(const model::AnalysisId& id) const { return look(analyses_, id.value); }

    /// False only when it is certain that nothing has this id: its file was read in full.
    bool exists(Target target, std::string_view id) const;
    /// "did you mean 'x'?" or empty. Becomes silent when it would cost too much.
    std::string nearest(Target target, std::string_view id);
    /// True when all rows of all tables and all of review.toml were read.
    bool complete() const;
    /// True when all of review.toml was read.
    bool plan_complete() const;

private:
    template<class Row> using RowMap = std::unordered_map<std::string_view, const Row*>;
    template<class Row> static const Row* look(const RowMap<Row>& map, std::string_view id) {
        const auto at = map.find(id);
        return at == map.end() ? nullptr : at->second;
    }
    std::vector<std::string> ids(Target target) const;

    const Loaded* loaded_;
    Diagnostics& diagnostics_;
    RowMap<model::Term> terms_;
    RowMap<model::Question> questions_;
    RowMap<model::Outcome> outcomes_;
    RowMap<model::Analysis> analyses_;
    RowMap<model::Report> reports_;
    RowMap<model::Study> studies_;
    RowMap<model::Arm> arms_;
    RowMap<model::Result> results_;
    std::unordered_map<int, std::vector<std::string>> known_; ///< by target, for hints
    double work_ = 0;                                         ///< names compared so far
};

// The checks, one per file of related ones.
void check_duplicates(Context& context);
void check_references(Context& context);
void check_filters(Context& context);
void check_unused(Context& context);
void check_studies(Context& context);
void check_arms(Context& context);
void check_comparisons(Context& context);
void check_result_numbers(Context& context);
void check_result_units(Context& context);
void check_derived(Context& context);
void check_formulas(Context& context);
void check_published(Context& context);
void check_conclusions(Context& context);
void check_outcomes(Context& context);
void check_questions(Context& context);
void check_analyses(Context& context);
void check_links(Context& context);
void check_prose(Context& context);
void check_stages(Context& context);
void check_flow(Context& context);

} // namespace assay::bundle
