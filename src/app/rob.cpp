#include "app/rob.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "certainty/appraise.hpp"
#include "plot/text_size.hpp"
#include "report/lights.hpp"
#include "report/page.hpp"
#include "text/csv.hpp"
#include "text/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::app {

namespace {

using namespace model;
using certainty::RobTool;

[[noreturn]] void refuse(const char* code, const std::string& message) {
    throw Error(code, message, Exit::input);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string padded(const std::string& text, int width) {
    const int used = plot::cells(text);
    return text + std::string(static_cast<std::size_t>(std::max(0, width - used)), ' ');
}

/// Text from the folder as it may be printed to a terminal.
std::string shown(const std::string& text) {
    return safe_text(text);
}

std::string letter(const RobTool& tool, const AppraisedDomain& domain) {
    const auto light = report::light_of(tool, domain);
    return light.letter + (light.person ? "*" : "");
}

std::string wrapped(const std::string& text, int width, int indent) {
    std::string out;
    for (const auto& line : plot::wrap_to_cells(text, std::max(20, width - indent)))
        out += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n";
    return out;
}

/// One line per result, a letter per domain.
std::string table(const RobRead& read, const report::Appraisals& group, int width) {
    const RobTool& tool = *group.tool;
    const auto lights = report::lights_of(read.review, read.appraisals, group);
    int cell = 5;
    for (const auto& [name, label] : lights.columns)
        if (name != "overall") cell = std::max(cell, plot::cells(name) + 2);
    int overall = 10;
    for (const auto& row : lights.rows)
        overall = std::max(overall, plot::cells(row.lights.back().word) + 1);
    const int rest = cell * static_cast<int>(lights.columns.size() - 1) + overall + 4;
    int first = 6;
    for (const auto& row : lights.rows)
        first = std::max(first, plot::cells(shown(row.label)));
    first = std::min(first, std::max(24, width - rest));
    std::string text = wrapped(report::title_of(group) + " (" + tool.id + ", version " + tool.version + "; " +
                                   tool.status + ")",
                               width, 0) +
                       "  " + padded("", first) + "  ";
    for (const auto& [name, label] : lights.columns)
        text += name == "overall" ? "overall" : padded(name, cell);
    text += "\n";
    for (const std::size_t index : group.members) {
        const Appraisal& each = read.appraisals[index];
        std::string line =
            "  " +
            padded(plot::cut_to_cells(shown(report::subject_label(read.review, each.subject)), first, "..."),
                   first) +
            "  ";
        if (tool.method != "flaws")
            for (const auto& domain : each.domains)
                line += padded(letter(tool, domain), cell);
        const std::string& word = each.overall.judgement();
        line += word.empty() ? "not judged" : word;
        if (!each.overall.decided.empty()) line += "*";
        text += line + "\n";
    }
    std::string legend;
    for (std::size_t i = 0; i < tool.judgements.size(); ++i)
        legend += (i ? ", " : "") + tool.letters[i] + " " + tool.judgements[i];
    return text + wrapped(legend + ", ? not judged; * a person decided", width, 2);
}

std::string person_line(const AppraisedDomain& domain) {
    std::string text;
    if (!domain.decided.empty())
        text += "a person decided " + domain.decided + (domain.by.empty() ? "" : " (" + domain.by + ")") +
                ": " + domain.reason;
    if (!domain.direction.empty()) text += (text.empty() ? "" : "; ") + ("direction: " + domain.direction);
    return shown(text);
}

bool same_said(const AppraisedAnswer& a, const AppraisedAnswer& b) {
    return a.question == b.question && a.code == b.code && a.note == b.note && a.source == b.source &&
           a.where == b.where && a.state == b.state && !a.assessor.empty() && !b.assessor.empty();
}

std::string domain_text(const AppraisedDomain& domain, int width) {
    std::string text = "  " + domain.id + (domain.label == domain.id ? "" : " " + domain.label) + ": " +
                       (domain.algorithm.empty() ? domain.open : domain.algorithm) + "\n";
    if (!domain.rule.empty()) text += wrapped("rule: " + domain.rule, width, 6);
    for (std::size_t i = 0; i < domain.answers.size(); ++i) {
        const auto& answer = domain.answers[i];
        std::string line = answer.question + " " + answer.code + "  " + answer.label;
        if (!answer.where.empty() || !answer.source.empty())
            line += " [" + answer.source.value + (answer.where.empty() ? "" : ", " + answer.where) + "]";
        if (!answer.assessor.empty()) line += " by " + answer.assessor;
        // People who say the same share a line.
        for (; i + 1 < domain.answers.size() && same_said(answer, domain.answers[i + 1]); ++i)
            line += ", " + domain.answers[i + 1].assessor;
        if (answer.state != "used") line += " (" + answer.state + ")";
        if (!answer.note.empty()) line += ": " + answer.note;
        text += wrapped(shown(line), width, 6);
    }
    const std::string person = person_line(domain);
    if (!person.empty()) text += wrapped(person, width, 4);
    return text;
}

std::string details(const RobRead& read, const Appraisal& each, int width) {
    std::string text = shown(report::subject_label(read.review, each.subject)) + " (" + each.subject.tool +
                       (each.subject.aim.empty() ? "" : ", effect of " + each.subject.aim) + ")\n";
    for (const auto& domain : each.domains)
        text += domain_text(domain, width);
    const auto& overall = each.overall;
    text += "  overall: " + (overall.algorithm.empty() ? overall.open : overall.algorithm) + "\n";
    if (!overall.follows.empty())
        text += wrapped("with the judgements of people: " + overall.follows, width, 4);
    const std::string person = person_line(overall);
    if (!person.empty()) text += wrapped(person, width, 4);
    if (each.may_be_raised)
        text += wrapped(
            "several domains with some concerns: a person may raise the whole (rob_decisions.csv)", width, 4);
    return text;
}

nlohmann::ordered_json domain_json(const AppraisedDomain& domain) {
    nlohmann::ordered_json out, answers = nlohmann::ordered_json::array();
    const auto text = [](const std::string& value) {
        return value.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
    };
    out["domain"] = domain.id;
    out["label"] = domain.label;
    out["judgement"] = text(domain.judgement());
    out["algorithm"] = text(domain.algorithm);
    out["rule"] = text(domain.rule);
    out["follows"] = text(domain.follows);
    out["open"] = text(domain.open);
    out["missing"] = domain.missing;
    out["decided"] = text(domain.decided);
    out["direction"] = text(domain.direction);
    out["reason"] = text(domain.reason);
    out["by"] = text(domain.by);
    for (const auto& answer : domain.answers)
        answers.push_back({{"question", answer.question},
                           {"answer", answer.code},
                           {"note", text(answer.note)},
                           {"source", text(answer.source.value)},
                           {"where", text(answer.where)},
                           {"assessor", text(answer.assessor)},
                           {"state", answer.state},
                           {"file", answer.place.file},
                           {"line", answer.place.line}});
    out["answers"] = std::move(answers);
    return out;
}

/// The one tool that a table or picture can show.
report::Appraisals only_group(const RobRead& read, const std::vector<RobTool>& tools) {
    auto groups = report::by_tool(tools, read.appraisals);
    if (groups.empty())
        refuse("rob/nothing",
               "no signalling answers are there (rob_answers.csv); `assay rob new` prints the rows");
    if (groups.size() == 1) return groups.front();
    std::vector<std::string> names;
    for (const auto& group : groups)
        if (std::find(names.begin(), names.end(), group.tool->id) == names.end())
            names.push_back(group.tool->id);
    if (names.size() == 1)
        refuse("rob/several-tools", "there are two aims; a table can show one: --study chooses a trial");
    refuse("rob/several-tools", "there are several tools; a table can show one: --tool " + listed(names));
}

} // namespace

RobRead read_rob(const RobRequest& request) {
    RobRead read;
    auto checked = check(request.folder);
    read.diagnostics = std::move(checked.diagnostics);
    read.review = std::move(checked.review);
    if (!request.study.empty() && !read.review.find(StudyId(request.study)) &&
        !read.review.find(ReportId(request.study))) {
        std::vector<std::string> ids;
        for (const auto& study : read.review.studies)
            ids.push_back(study.id.value);
        const auto near = nearest_name(request.study, ids);
        refuse("rob/study", "there is no study " + in_quotes(request.study) +
                                (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?"));
    }
    const auto tools = certainty::rob_tools();
    if (!request.tool.empty() && !certainty::find_tool(tools, request.tool)) {
        std::vector<std::string> ids;
        for (const auto& tool : tools)
            ids.push_back(tool.id);
        refuse("rob/tool", "there is no tool " + in_quotes(request.tool) + "; the tools are " + listed(ids));
    }
    for (auto& each : certainty::appraise(read.review).appraisals)
        if ((request.study.empty() || each.subject.study.value == request.study ||
             each.subject.report.value == request.study) &&
            (request.tool.empty() || each.subject.tool == request.tool))
            read.appraisals.push_back(std::move(each));
    for (const auto& row : read.review.rob)
        if (request.tool.empty() && (request.study.empty() || row.study.value == request.study))
            read.without_answers.push_back(row);
    return read;
}

std::string rob_text(const RobRead& read, const RobView& view) {
    const auto tools = certainty::rob_tools();
    std::string text;
    for (const auto& group : report::by_tool(tools, read.appraisals)) {
        if (!text.empty()) text += "\n";
        text += table(read, group, view.width);
        if (view.details)
            for (const std::size_t index : group.members)
                text += "\n" + details(read, read.appraisals[index], view.width);
    }
    if (!read.without_answers.empty()) {
        if (!text.empty()) text += "\n";
        text += "Judged without signalling answers (rob.csv):\n";
        for (const auto& row : read.without_answers)
            text += wrapped(shown(report::study_label(read.review, row.study) + ", " + row.tool + ", " +
                                  row.domain + ": " + row.judgement + " [" + row.status +
                                  (row.assessor.empty() ? "" : ", " + row.assessor) + "]"),
                            view.width, 2);
    }
    if (text.empty()) text = "Nothing is judged: there is neither rob_answers.csv nor rob.csv.\n";
    return text;
}

std::string rob_json(const RobRead& read) {
    using nlohmann::ordered_json;
    ordered_json out;
    out["schema"] = "assay/rob/1";
    out["review"] = read.review.id;
    ordered_json list = ordered_json::array();
    for (const auto& each : read.appraisals) {
        ordered_json row;
        row["tool"] = each.subject.tool;
        row["version"] = each.version;
        row["status"] = each.status;
        row["aim"] = each.subject.aim;
        row["study"] = each.subject.study.value;
        row["report"] = each.subject.report.value;
        row["outcome"] = each.subject.outcome.value;
        row["result"] = each.subject.result.value;
        row["level"] = certainty::to_string(each.level);
        row["may_be_raised"] = each.may_be_raised;
        row["overall"] = domain_json(each.overall);
        ordered_json domains = ordered_json::array();
        for (const auto& domain : each.domains)
            domains.push_back(domain_json(domain));
        row["domains"] = std::move(domains);
        list.push_back(std::move(row));
    }
    out["appraisals"] = std::move(list);
    ordered_json rest = ordered_json::array();
    for (const auto& row : read.without_answers)
        rest.push_back({{"study", row.study.value},
                        {"outcome", row.outcome.value},
                        {"tool", row.tool},
                        {"domain", row.domain},
                        {"judgement", row.judgement},
                        {"status", row.status},
                        {"assessor", row.assessor},
                        {"line", row.place.line}});
    out["judged_without_answers"] = std::move(rest);
    return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string rob_csv(const RobRead& read, const std::string& analysis) {
    const auto tools = certainty::rob_tools();
    const auto group = only_group(read, tools);
    const auto lights = report::lights_of(read.review, read.appraisals, group);
    ReviewResults results;
    const AnalysisResult* weighed = nullptr;
    if (!analysis.empty()) {
        if (!read.review.find(AnalysisId(analysis)))
            refuse("rob/analysis", "there is no analysis " + in_quotes(analysis));
        if (read.diagnostics.has_errors())
            refuse("rob/analysis", "weights need a folder without errors; `assay check` tells them");
        results = analyse(read.review);
        weighed = results.find(AnalysisId(analysis));
    }
    std::string out;
    std::vector<std::string> cells{"Study"};
    for (const auto& [name, label] : lights.columns)
        cells.push_back(name == "overall" ? "Overall" : name);
    cells.emplace_back("Weight");
    const auto write = [&] {
        const std::vector<std::string_view> views(cells.begin(), cells.end());
        text::write_csv_row(out, views);
    };
    write();
    for (std::size_t i = 0; i < group.members.size(); ++i) {
        const Appraisal& each = read.appraisals[group.members[i]];
        std::string weight = "1";
        if (!analysis.empty()) {
            weight.clear();
            if (weighed && weighed->main)
                for (std::size_t e = 0; e < weighed->effects.size() && e < weighed->main->weights.size();
                     ++e) {
                    const auto& effect = weighed->effects[e];
                    const auto risk =
                        certainty::risk_of(std::span<const Appraisal>(&each, 1), effect.study,
                                           read.review.find(AnalysisId(analysis))->outcome, effect.rows);
                    if (!risk.from.empty()) weight = text::fixed(weighed->main->weights[e], 2);
                }
            if (weight.empty()) continue; // of another analysis
        }
        cells = {lights.rows[i].label};
        for (const auto& light : lights.rows[i].lights)
            cells.push_back(light.tone == plot::Tone::open ? "No information" : light.word);
        cells.push_back(weight);
        write();
    }
    return out;
}

std::string rob_svg(const RobRead& read, bool bars) {
    const auto tools = certainty::rob_tools();
    const auto lights = report::lights_of(read.review, read.appraisals, only_group(read, tools));
    return plot::standalone(bars ? plot::light_bars_svg(lights) : plot::lights_svg(lights));
}

std::string rob_tools_text(const std::string& id) {
    std::string text;
    for (const auto& tool : certainty::rob_tools()) {
        if (!id.empty() && tool.id != id) continue;
        text += fmt::format("{}: {} (version {}; {})\n  judges a {}; {}\n  {}\n", tool.id, tool.title,
                            tool.version, tool.status, tool.subject, listed(tool.judgements), tool.link);
        if (id.empty()) continue;
        for (const auto& domain : tool.domains) {
            text += fmt::format("  {} {}{}\n", domain.name(), domain.label,
                                domain.aim().empty() ? "" : " (" + std::string(domain.aim()) + ")");
            for (const auto& question : domain.questions)
                text += fmt::format("    {:<5} {} ({}){}\n", question.id, question.label,
                                    listed(question.answers),
                                    question.status.empty() ? "" : " " + question.status);
        }
    }
    if (text.empty()) refuse("rob/tool", "there is no tool " + in_quotes(id));
    return text;
}

} // namespace assay::app
