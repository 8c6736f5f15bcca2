// The kinds of ids in a review.
#pragma once

#include "base/id.hpp"

namespace assay::model {

using TermId = Id<struct TermTag>;
using QuestionId = Id<struct QuestionTag>;
using OutcomeId = Id<struct OutcomeTag>;
using AnalysisId = Id<struct AnalysisTag>;
using SetId = Id<struct SetTag>;
using ReportId = Id<struct ReportTag>;
using StudyId = Id<struct StudyTag>;
using ArmId = Id<struct ArmTag>;
using ResultId = Id<struct ResultTag>;
using PublishedId = Id<struct PublishedTag>;

} // namespace assay::model
