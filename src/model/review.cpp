#include "model/review.hpp"

#include <algorithm>

namespace assay::model {

namespace {
// Reviews hold hundreds of rows, looked up a few thousand times: a scan is fast enough and keeps Review plain.
template<class Row, class Key> const Row* scan(const std::vector<Row>& rows, const Key& id) {
    auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == id; });
    return found == rows.end() ? nullptr : &*found;
}
} // namespace

const Term* Review::find(const TermId& id) const { return scan(terms, id); }
const Question* Review::find(const QuestionId& id) const { return scan(questions, id); }
const Outcome* Review::find(const OutcomeId& id) const { return scan(outcomes, id); }
const Analysis* Review::find(const AnalysisId& id) const { return scan(analyses, id); }
const Report* Review::find(const ReportId& id) const { return scan(reports, id); }
const Study* Review::find(const StudyId& id) const { return scan(studies, id); }
const Arm* Review::find(const ArmId& id) const { return scan(arms, id); }
const Result* Review::find(const ResultId& id) const { return scan(results, id); }

} // namespace assay::model
