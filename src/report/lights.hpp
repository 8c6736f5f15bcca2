// Appraisals of one tool as a table of lights, for the page and for files.
#pragma once

#include "certainty/rob2.hpp"
#include "model/review.hpp"
#include "plot/traffic.hpp"

#include <string>
#include <vector>

namespace assay::report {

/// "Adler 2001: nausea, 0 to 10 (adler.n.g)": the study or review, and the result where one is named.
std::string subject_label(const model::Review& review, const model::AppraisalSubject& subject);
/// Where the page shows the appraisal: its place among those of the results.
std::string appraisal_anchor(std::size_t index);

plot::Light light_of(const certainty::RobTool& tool, const model::AppraisedDomain& domain);

struct Appraisals {
    const certainty::RobTool* tool = nullptr;
    std::string aim;
    std::vector<std::size_t> members; ///< indices into what was given
};
/// By tool and aim, in the order in which they come.
std::vector<Appraisals> by_tool(const std::vector<certainty::RobTool>& tools,
                                const std::vector<model::Appraisal>& appraisals);
/// "RoB 2, parallel trials: effect of assignment"
std::string title_of(const Appraisals& group);

plot::Lights lights_of(const model::Review& review, const std::vector<model::Appraisal>& appraisals,
                       const Appraisals& group);

} // namespace assay::report
