#include "report/lights.hpp"

#include "certainty/appraise.hpp"
#include "report/page.hpp"

#include <algorithm>

namespace assay::report {

std::string subject_label(const model::Review& review, const model::AppraisalSubject& subject) {
    if (subject.study.empty()) return report_label(review, subject.report);
    std::string label = study_label(review, subject.study);
    if (!subject.outcome.empty()) label += ": " + outcome_label(review, subject.outcome);
    if (!subject.result.empty()) label += " (" + subject.result.value + ")";
    return label;
}

std::string appraisal_anchor(std::size_t index) {
    return "rob-" + std::to_string(index + 1);
}

plot::Light light_of(const certainty::RobTool& tool, const model::AppraisedDomain& domain) {
    plot::Light light;
    light.letter = "?";
    light.word = "not judged";
    light.person = !domain.decided.empty();
    const int index = tool.judgement(domain.judgement());
    if (index < 0) return light;
    light.letter = tool.letters[static_cast<std::size_t>(index)];
    light.word = domain.judgement();
    light.tone = plot::tone_of(index, tool.judgements.size());
    return light;
}

std::vector<Appraisals> by_tool(const std::vector<certainty::RobTool>& tools,
                                const std::vector<model::Appraisal>& appraisals) {
    std::vector<Appraisals> groups;
    for (std::size_t i = 0; i < appraisals.size(); ++i) {
        const model::AppraisalSubject& subject = appraisals[i].subject;
        auto at = std::find_if(groups.begin(), groups.end(), [&](const Appraisals& group) {
            return group.tool->id == subject.tool && group.aim == subject.aim;
        });
        if (at == groups.end()) {
            Appraisals made;
            made.tool = certainty::find_tool(tools, subject.tool);
            made.aim = subject.aim;
            groups.push_back(std::move(made));
            at = std::prev(groups.end());
        }
        at->members.push_back(i);
    }
    return groups;
}

std::string title_of(const Appraisals& group) {
    return group.tool->title + (group.aim.empty() ? "" : ": effect of " + group.aim);
}

plot::Lights lights_of(const model::Review& review, const std::vector<model::Appraisal>& appraisals,
                       const Appraisals& group) {
    const certainty::RobTool& tool = *group.tool;
    plot::Lights lights;
    lights.id = "lights-" + tool.id + (group.aim.empty() ? "" : "-" + group.aim);
    lights.title = title_of(group);
    if (tool.method != "flaws")
        for (const auto* domain : certainty::domains_for(tool, group.aim))
            lights.columns.emplace_back(std::string(domain->name()), domain->label);
    lights.columns.emplace_back("overall", "overall");
    for (const std::size_t index : group.members) {
        const model::Appraisal& each = appraisals[index];
        plot::LightRow row;
        row.label = subject_label(review, each.subject);
        row.href = "#" + appraisal_anchor(index);
        if (tool.method != "flaws")
            for (const model::AppraisedDomain& domain : each.domains)
                row.lights.push_back(light_of(tool, domain));
        row.lights.push_back(light_of(tool, each.overall));
        lights.rows.push_back(std::move(row));
    }
    for (std::size_t i = 0; i < tool.judgements.size(); ++i) {
        plot::Light light;
        light.letter = tool.letters[i];
        light.word = tool.judgements[i];
        light.tone = plot::tone_of(static_cast<int>(i), tool.judgements.size());
        lights.legend.push_back(std::move(light));
    }
    return lights;
}

} // namespace assay::report
