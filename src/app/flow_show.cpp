// The flow as JSON and as a table for a terminal.
#include "app/flow.hpp"
#include "base/utf8.hpp"
#include "certainty/flow.hpp"
#include "model/flow_boxes.hpp"

#include <nlohmann/json.hpp>

namespace assay::app {

namespace {

using model::Flow;
using model::FlowBox;
using nlohmann::json;

json number(const std::optional<std::int64_t>& n) {
    return n ? json(*n) : json(nullptr);
}

json problems_json(const Flow& flow) {
    json list = json::array();
    for (const model::FlowProblem& problem : flow.problems) {
        json row{{"check", problem.check},     {"left", problem.left},         {"right", problem.right},
                 {"left_is", problem.left_is}, {"right_is", problem.right_is}, {"text", problem.text},
                 {"accepted", json(nullptr)}};
        if (const auto& a = problem.accepted)
            row["accepted"] = {{"who", a->who}, {"when", a->when}, {"why", a->why}};
        list.push_back(std::move(row));
    }
    return list;
}

/// A table of numbers and words, the numbers under one another.
class Lines {
public:
    void line(const std::string& what, std::int64_t n) {
        const std::string digits = std::to_string(n);
        out_ += std::string(digits.size() < 8 ? 8 - digits.size() : 0, ' ') + digits + "  " + what + "\n";
    }
    void box(const Flow& flow, FlowBox box, const std::string& what) {
        if (flow[box]) line(what, *flow[box]);
    }
    void box_unless_0(const Flow& flow, FlowBox box, const std::string& what) {
        if (flow[box].value_or(0) > 0) line(what, *flow[box]);
    }
    void parts(const Flow& flow, FlowBox box, const std::string& lead) {
        for (const model::FlowPart& part : flow.of(box))
            line("  " + lead + safe_text(part.label), part.n);
    }
    void text(const std::string& line) { out_ += line + "\n"; }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

void sources(Lines& out, const Flow& flow) {
    if (flow.previous) { // the boxes hold what came in since; the older sources are those of the version
                         // before
        out.parts(flow, FlowBox::database_results, "from ");
        out.parts(flow, FlowBox::register_results, "from ");
        return;
    }
    for (const model::FlowSource& source : flow.sources) {
        std::string what = "  from " + safe_text(source.label);
        if (flow.origin == model::FlowOrigin::events)
            what += " (" + std::string(source.kind == "database" ? "" : source.kind + ", ") +
                    std::to_string(source.only_here) + " only there)";
        else if (source.kind != "database")
            what += " (" + source.kind + ")";
        out.line(what, source.records);
    }
}

void databases(Lines& out, const Flow& flow) {
    out.box(flow, FlowBox::database_results, "records from databases");
    out.box_unless_0(flow, FlowBox::register_results, "records from registers");
    sources(out, flow);
    out.box(flow, FlowBox::duplicates, "copies removed");
    out.box_unless_0(flow, FlowBox::excluded_automatic, "marked as ineligible by automation tools");
    out.parts(flow, FlowBox::excluded_automatic, "");
    out.box_unless_0(flow, FlowBox::excluded_other, "removed for other reasons");
    out.parts(flow, FlowBox::excluded_other, "");
    out.box(flow, FlowBox::records_screened, "records screened");
    out.box(flow, FlowBox::records_excluded, "records excluded");
    out.box(flow, FlowBox::dbr_sought_reports, "reports sought");
    out.box(flow, FlowBox::dbr_notretrieved_reports, "reports not retrieved");
    out.box(flow, FlowBox::dbr_assessed, "reports assessed");
    out.box(flow, FlowBox::dbr_excluded, "reports excluded");
    out.parts(flow, FlowBox::dbr_excluded, "");
}

void others(Lines& out, const Flow& flow) {
    out.box(flow, FlowBox::website_results, "records from websites");
    out.box(flow, FlowBox::organisation_results, "records from organisations");
    out.box(flow, FlowBox::citations_results, "records from citation searching");
    out.box_unless_0(flow, FlowBox::other_left_out, "left out before retrieval (other methods)");
    out.box(flow, FlowBox::other_sought_reports, "reports sought (other methods)");
    out.box(flow, FlowBox::other_notretrieved_reports, "reports not retrieved (other methods)");
    out.box(flow, FlowBox::other_assessed, "reports assessed (other methods)");
    out.box(flow, FlowBox::other_excluded, "reports excluded (other methods)");
    out.parts(flow, FlowBox::other_excluded, "");
}

} // namespace

std::string flow_json(const Flow& flow) {
    json boxes = json::object(), parts = json::object(), sources = json::array(), excluded = json::array();
    for (const model::FlowBoxRow& box : model::flow_box_table()) {
        boxes[std::string(box.name)] = number(flow[box.box]);
        if (flow.of(box.box).empty()) continue;
        json list = json::array();
        for (const model::FlowPart& part : flow.of(box.box))
            list.push_back({{"label", part.label}, {"n", part.n}});
        parts[std::string(box.name)] = std::move(list);
    }
    for (const model::FlowSource& s : flow.sources)
        sources.push_back({{"source", s.label},
                           {"kind", s.kind},
                           {"records", s.records},
                           {"only_here", s.only_here},
                           {"when", s.when}});
    for (const model::FlowExcluded& row : flow.excluded)
        excluded.push_back(
            {{"record", row.record}, {"title", row.title}, {"year", row.year}, {"why", row.why}});
    const model::FlowWaiting& w = flow.waiting;
    const json out{{"schema", "assay/flow/2"},
                   {"origin", to_string(flow.origin)},
                   {"finished", flow.origin != model::FlowOrigin::none && flow.finished()},
                   {"boxes", std::move(boxes)},
                   {"parts", std::move(parts)},
                   {"sources", std::move(sources)},
                   {"waiting",
                    {{"screen", w.screen},
                     {"screen_unsure", w.screen_unsure},
                     {"screen_conflicts", w.screen_conflicts},
                     {"retrieval", w.retrieval},
                     {"fulltext_conflicts", w.fulltext_conflicts},
                     {"other_screen", w.other_screen},
                     {"other_retrieval", w.other_retrieval}}},
                   {"problems", problems_json(flow)},
                   {"excluded", std::move(excluded)},
                   {"included", flow.included},
                   {"studies", flow.studies},
                   {"last_source", flow.last_source},
                   {"notes", flow.notes}};
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string flow_text(const Flow& flow) {
    if (flow.origin == model::FlowOrigin::none)
        return "no counts: the searching and screening were not done with assay, and the folder has no "
               "flow.csv\n";
    Lines out;
    out.box(flow, FlowBox::previous_studies, "studies of the version before");
    out.box(flow, FlowBox::previous_reports, "reports of the version before");
    databases(out, flow);
    others(out, flow);
    out.box(flow, FlowBox::new_studies, "studies included");
    out.box(flow, FlowBox::new_reports, "reports included");
    out.box(flow, FlowBox::total_studies, "studies included in all");
    out.box(flow, FlowBox::total_reports, "reports included in all");
    if (flow.origin == model::FlowOrigin::stated) out.text("stated by flow.csv, not counted by assay");
    if (const std::string waiting = certainty::waiting_text(flow); !waiting.empty())
        out.text("not finished: " + waiting);
    for (const model::FlowProblem& problem : flow.problems) {
        out.text((problem.accepted ? "accepted: " : "does not add up: ") + problem.check + ": " +
                 safe_text(problem.text));
        if (problem.accepted)
            out.text("    by " + safe_text(problem.accepted->who) + ", " + safe_text(problem.accepted->when) +
                     ": " + safe_text(problem.accepted->why));
    }
    for (const std::string& note : flow.notes)
        out.text("note: " + safe_text(note));
    return out.take();
}

} // namespace assay::app
