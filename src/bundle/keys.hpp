// The keys of review.toml, object by object: the declaration that drives reader, hints and docs.
#pragma once

#include "bundle/columns.hpp"
#include "model/review.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace assay::bundle {

/// grade.toml as a whole.
struct GradeFile {
    int format = 1;
};

enum class KeyType { text, texts, number, numbers, whole, flag, table, tables };

struct Key {
    std::string_view name;
    KeyType type = KeyType::text;
    bool needed = false;
    Target target = Target::none; ///< of a reference
    std::span<const std::string_view> choices = {};
};

template<class Row>
using KeyField =
    std::variant<std::monostate, ///< a nested table, read by its own declaration
                 std::string Row::*, std::vector<std::string> Row::*, double Row::*, int Row::*, bool Row::*,
                 std::optional<double> Row::*, std::optional<bool> Row::*, model::TermId Row::*,
                 model::QuestionId Row::*, model::OutcomeId Row::*, model::SetId Row::*,
                 model::AnalysisId Row::*, std::vector<model::OutcomeId> Row::*,
                 std::vector<model::StudyId> Row::*, std::vector<model::ResultId> Row::*,
                 void (*)(Row&, std::size_t)>; ///< an enumeration: the index of the choice

template<class Row> struct DeclaredKey {
    Key key;
    KeyField<Row> field;
};

/// Declared for Review, Term, Outcome, Question, SmallestDifference, SensitivitySet, Analysis, ZeroCells,
/// Filter, DerivedChoices, GradeCutoffs, FlowSettings; of grade.toml for GradeFile, GradeDecision, GradeDomainDecision,
/// GradeBaseline, GradeInstrument.
template<class Row> std::span<const DeclaredKey<Row>> keys();

/// "a text in quotes", "a list of texts", ... for messages.
std::string_view to_string(KeyType type);

} // namespace assay::bundle
