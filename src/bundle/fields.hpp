// Which member of the model a column fills. Internal to the folder: the declarations stand in columns.cpp.
#pragma once

#include "bundle/columns.hpp"
#include "model/review.hpp"

#include <variant>

namespace assay::bundle {

/// A row of results.csv as it stands in the table: the numbers of every shape side by side.
struct ResultRow : model::Result {
    std::string shape, measure, spread_kind, ci_quantile;
    std::optional<double> n, events, mean, sd, person_time, estimate, se, ci_low, ci_high, ci_level, t, df, f,
        median, spread_low, spread_high, minimum, maximum;
};

template<class Row>
using Field =
    std::variant<std::string Row::*, std::optional<double> Row::*, double Row::*, std::optional<int> Row::*,
                 std::optional<model::PValue> Row::*, std::vector<std::string> Row::*,
                 std::vector<model::QuestionId> Row::*, model::StudyId Row::*, model::ArmId Row::*,
                 model::OutcomeId Row::*, model::QuestionId Row::*, model::AnalysisId Row::*,
                 model::ReportId Row::*, model::ResultId Row::*, model::PublishedId Row::*>;

/// The members of `Row`, in the order of its table's columns.
template<class Row> std::span<const Field<Row>> fields();

} // namespace assay::bundle
