#include "model/results.hpp"

#include <algorithm>

namespace assay::model {

const AnalysisResult* ReviewResults::find(const AnalysisId& id) const {
    auto found = std::find_if(analyses.begin(), analyses.end(), [&](const auto& row) { return row.id == id; });
    return found == analyses.end() ? nullptr : &*found;
}

const QuestionResult* ReviewResults::find(const QuestionId& id) const {
    auto found = std::find_if(questions.begin(), questions.end(), [&](const auto& row) { return row.id == id; });
    return found == questions.end() ? nullptr : &*found;
}

} // namespace assay::model
