#include "model/flow_boxes.hpp"

#include "base/error.hpp"

namespace assay::model {

namespace {

constexpr std::array<FlowBoxRow, flow_boxes> boxes{{
    {FlowBox::database_results, "database_results", "database_specific_results", "Databases"},
    {FlowBox::register_results, "register_results", "register_specific_results", "Registers"},
    {FlowBox::duplicates, "duplicates", "", "Duplicate records"},
    {FlowBox::excluded_automatic, "excluded_automatic", "",
     "Records marked as ineligible by automation tools"},
    {FlowBox::excluded_other, "excluded_other", "", "Records removed for other reasons"},
    {FlowBox::records_screened, "records_screened", "", "Records screened"},
    {FlowBox::records_excluded, "records_excluded", "", "Records excluded"},
    {FlowBox::dbr_sought_reports, "dbr_sought_reports", "", "Reports sought for retrieval"},
    {FlowBox::dbr_notretrieved_reports, "dbr_notretrieved_reports", "", "Reports not retrieved"},
    {FlowBox::dbr_assessed, "dbr_assessed", "", "Reports assessed for eligibility"},
    {FlowBox::dbr_excluded, "dbr_excluded", "dbr_excluded", "Reports excluded"},
    {FlowBox::dbr_included, "dbr_included", "", "Reports included via databases and registers", false},
    {FlowBox::website_results, "website_results", "", "Websites"},
    {FlowBox::organisation_results, "organisation_results", "", "Organisations"},
    {FlowBox::citations_results, "citations_results", "", "Citation searching"},
    {FlowBox::other_left_out, "other_left_out", "", "Left out before retrieval", false},
    {FlowBox::other_sought_reports, "other_sought_reports", "", "Reports sought for retrieval"},
    {FlowBox::other_notretrieved_reports, "other_notretrieved_reports", "", "Reports not retrieved"},
    {FlowBox::other_assessed, "other_assessed", "", "Reports assessed for eligibility"},
    {FlowBox::other_excluded, "other_excluded", "other_excluded", "Reports excluded"},
    {FlowBox::other_included, "other_included", "", "Reports included via other methods", false},
    {FlowBox::previous_studies, "previous_studies", "", "Studies included in previous version of review"},
    {FlowBox::previous_reports, "previous_reports", "",
     "Reports of studies included in previous version of review"},
    {FlowBox::new_studies, "new_studies", "", "New studies included in review"},
    {FlowBox::new_reports, "new_reports", "", "Reports of new included studies"},
    {FlowBox::total_studies, "total_studies", "", "Total studies included in review"},
    {FlowBox::total_reports, "total_reports", "", "Reports of total included studies"},
}};

} // namespace

std::span<const FlowBoxRow> flow_box_table() {
    return boxes;
}

const FlowBoxRow& flow_box(FlowBox box) {
    const FlowBoxRow& row = boxes[static_cast<std::size_t>(box)];
    ASSAY_EXPECT(row.box == box);
    return row;
}

std::string_view to_string(FlowOrigin origin) {
    switch (origin) {
    case FlowOrigin::events:
        return "events";
    case FlowOrigin::stated:
        return "stated";
    case FlowOrigin::none:
        break;
    }
    return "none";
}

std::int64_t sum_of_parts(const Flow& f, FlowBox box) {
    std::int64_t sum = 0;
    for (const FlowPart& part : f.of(box))
        sum += part.n;
    return sum;
}

} // namespace assay::model
