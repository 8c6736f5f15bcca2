#include "effect/exclusions.hpp"

namespace assay::effect {

namespace {
constexpr ExclusionCode table[] = {
    {"baseline", "the row describes people before treatment"},
    {"contrast-arms", "a reported contrast does not name both of its groups"},
    {"derived", "a number of the row would have to be derived, and the set takes printed numbers only"},
    {"double-zero", "no events, or only events, in both groups, and the analysis leaves such studies out"},
    {"duplicate", "another row of the same study is used"},
    {"events-missing", "the number of events is missing"},
    {"events-over-n", "more events than people, or a negative number"},
    {"filtered", "a filter of the analysis or of the sensitivity set leaves the row out"},
    {"interval-asymmetric", "the printed interval is not symmetric on the analysis scale, so no standard error follows"},
    {"mean-missing", "the mean is missing"},
    {"measure-mismatch", "a reported contrast is on another measure than the analysis"},
    {"mixed-bases", "standardised differences of changes and of final values are not mixed"},
    {"n-missing", "the number of people is missing"},
    {"no-control", "no usable row of a comparator group at the same time and basis"},
    {"no-estimate", "a reported contrast has no estimate"},
    {"no-intervention", "no usable row of an intervention group at the same time and basis"},
    {"no-variance", "nothing printed gives a standard error"},
    {"not-pooled", "the extractor keeps the row out, with a reason"},
    {"other-question", "the study belongs to other questions"},
    {"period-mismatch", "counts per a period that cannot be rescaled to the outcome's"},
    {"period-unknown", "the period of a count is unknown"},
    {"role-mismatch", "the group has another role than the analysis compares"},
    {"same-cohort", "the people of this study are already in the analysis through another study"},
    {"sd-missing", "the standard deviation is missing"},
    {"sd-zero", "a standard deviation of zero, or below"},
    {"shape", "the row's kind of data does not serve the measure"},
    {"shared-control", "another contrast of the study with the same comparator group is used"},
    {"too-small", "too few people for the formula"},
    {"undefined", "the numbers are outside the measure's domain"},
    {"unit-mismatch", "a unit without a factor to the outcome's"},
    {"unit-unknown", "the unit is unknown"},
    {"unknown-arm", "the row names a group that is not in arms.csv"},
    {"unknown-study", "the row names a study that is not in studies.csv"},
    {"zero-cell", "a zero cell leaves the effect undefined and no correction is asked for"},
};
}

std::span<const ExclusionCode> exclusion_codes() { return table; }

} // namespace assay::effect
