#include "certainty/flow.hpp"

#include "model/flow_boxes.hpp"

#include <algorithm>
#include <cmath>

namespace assay::certainty {

namespace {

using model::Flow;
using model::FlowBox;
using model::sum_of_parts;
using Sides = std::optional<FlowSides>;

std::int64_t or_0(const Flow& f, FlowBox box) {
    return f[box].value_or(0);
}

bool known(const Flow& f, std::initializer_list<FlowBox> list) {
    return std::all_of(list.begin(), list.end(), [&](FlowBox box) { return f[box].has_value(); });
}

Sides parts_sum(const Flow& f, FlowBox box) {
    if (f.of(box).empty() || !f[box]) return std::nullopt;
    return FlowSides{sum_of_parts(f, box), *f[box]};
}

std::int64_t identified(const Flow& f) {
    return or_0(f, FlowBox::database_results) + or_0(f, FlowBox::register_results);
}

bool has_other(const Flow& f) {
    return f[FlowBox::website_results] || f[FlowBox::organisation_results] || f[FlowBox::citations_results];
}

std::int64_t without_reason(const Flow& f, FlowBox assessed, FlowBox excluded) {
    return or_0(f, assessed) - (f[excluded] ? *f[excluded] : sum_of_parts(f, excluded));
}

constexpr std::string_view when_done = "yes";

constexpr FlowInvariant invariants[] = {
    {"F1", "sum over the databases", "records from databases", FlowBox::database_results, false,
     +[](const Flow& f) { return parts_sum(f, FlowBox::database_results); }, ""},
    {"F1", "sum over the registers", "records from registers", FlowBox::register_results, false,
     +[](const Flow& f) { return parts_sum(f, FlowBox::register_results); }, ""},
    {"F2", "records from databases and registers - those removed before screening",
     "records screened and waiting", FlowBox::records_screened, false,
     +[](const Flow& f) -> Sides {
         if (!f[FlowBox::database_results] && !f[FlowBox::register_results]) return std::nullopt;
         if (!known(f, {FlowBox::records_screened})) return std::nullopt;
         return FlowSides{identified(f) - or_0(f, FlowBox::duplicates) -
                              or_0(f, FlowBox::excluded_automatic) - or_0(f, FlowBox::excluded_other),
                          *f[FlowBox::records_screened] + f.waiting.screen};
     },
     ""},
    {"F3", "records screened - records excluded", "reports sought", FlowBox::dbr_sought_reports, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::records_screened, FlowBox::records_excluded, FlowBox::dbr_sought_reports}))
             return std::nullopt;
         return FlowSides{*f[FlowBox::records_screened] - *f[FlowBox::records_excluded],
                          *f[FlowBox::dbr_sought_reports]};
     },
     ""},
    {"F4", "reports sought - reports not retrieved", "reports assessed and waiting", FlowBox::dbr_assessed,
     false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::dbr_sought_reports, FlowBox::dbr_assessed})) return std::nullopt;
         return FlowSides{*f[FlowBox::dbr_sought_reports] - or_0(f, FlowBox::dbr_notretrieved_reports),
                          *f[FlowBox::dbr_assessed] + f.waiting.retrieval};
     },
     ""},
    {"F5", "sum over the reasons", "reports excluded", FlowBox::dbr_excluded, false,
     +[](const Flow& f) { return parts_sum(f, FlowBox::dbr_excluded); }, ""},
    {"F5", "reports assessed - reports excluded", "reports included via databases and registers",
     FlowBox::dbr_included, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::dbr_assessed, FlowBox::dbr_included})) return std::nullopt;
         return FlowSides{without_reason(f, FlowBox::dbr_assessed, FlowBox::dbr_excluded),
                          *f[FlowBox::dbr_included]};
     },
     ""},
    {"F6", "records from other methods - those left out before retrieval",
     "reports sought and waiting (other methods)", FlowBox::other_sought_reports, false,
     +[](const Flow& f) -> Sides {
         if (!has_other(f) || !f[FlowBox::other_sought_reports]) return std::nullopt;
         return FlowSides{or_0(f, FlowBox::website_results) + or_0(f, FlowBox::organisation_results) +
                              or_0(f, FlowBox::citations_results) - or_0(f, FlowBox::other_left_out),
                          *f[FlowBox::other_sought_reports] + f.waiting.other_screen};
     },
     ""},
    {"F6", "reports sought - reports not retrieved (other methods)",
     "reports assessed and waiting (other methods)", FlowBox::other_assessed, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::other_sought_reports, FlowBox::other_assessed})) return std::nullopt;
         return FlowSides{*f[FlowBox::other_sought_reports] - or_0(f, FlowBox::other_notretrieved_reports),
                          *f[FlowBox::other_assessed] + f.waiting.other_retrieval};
     },
     ""},
    {"F6", "sum over the reasons (other methods)", "reports excluded (other methods)",
     FlowBox::other_excluded, false, +[](const Flow& f) { return parts_sum(f, FlowBox::other_excluded); },
     ""},
    {"F6", "reports assessed - reports excluded (other methods)", "reports included via other methods",
     FlowBox::other_included, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::other_assessed, FlowBox::other_included})) return std::nullopt;
         return FlowSides{without_reason(f, FlowBox::other_assessed, FlowBox::other_excluded),
                          *f[FlowBox::other_included]};
     },
     ""},
    {"F7", "reports included via databases, registers and other methods", "reports of new included studies",
     FlowBox::new_reports, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::new_reports})) return std::nullopt;
         if (!f[FlowBox::dbr_included] && !f[FlowBox::other_included]) return std::nullopt;
         return FlowSides{or_0(f, FlowBox::dbr_included) + or_0(f, FlowBox::other_included) +
                              (f.previous ? f.previous->late : 0),
                          *f[FlowBox::new_reports]};
     },
     ""},
    {"F7", "new studies", "reports of new included studies", FlowBox::new_studies, true,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::new_studies, FlowBox::new_reports})) return std::nullopt;
         return FlowSides{*f[FlowBox::new_studies], *f[FlowBox::new_reports]};
     },
     ""},
    {"F7", "previous studies + new studies", "total studies", FlowBox::total_studies, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::new_studies, FlowBox::total_studies})) return std::nullopt;
         return FlowSides{or_0(f, FlowBox::previous_studies) + *f[FlowBox::new_studies],
                          *f[FlowBox::total_studies]};
     },
     ""},
    {"F7", "previous reports + new reports", "total reports", FlowBox::total_reports, false,
     +[](const Flow& f) -> Sides {
         if (!known(f, {FlowBox::new_reports, FlowBox::total_reports})) return std::nullopt;
         return FlowSides{or_0(f, FlowBox::previous_reports) + *f[FlowBox::new_reports],
                          *f[FlowBox::total_reports]};
     },
     ""},
    {"F8", "included reports that no study is named for", "none of them", FlowBox::new_reports, false,
     +[](const Flow& f) -> Sides {
         return FlowSides{f.unlinked, 0};
     },
     when_done},
    {"F8", "full texts excluded without a reason", "none of them", FlowBox::dbr_excluded, false,
     +[](const Flow& f) -> Sides {
         return FlowSides{f.unreasoned, 0};
     },
     ""},
    {"F8", "studies in a synthesis without an included report", "none of them", FlowBox::new_studies, false,
     +[](const Flow& f) -> Sides {
         return FlowSides{static_cast<std::int64_t>(f.not_included.size()), 0};
     },
     when_done},
    {"F8", "studies in the syntheses", "studies included in the review", FlowBox::total_studies, true,
     +[](const Flow& f) -> Sides {
         if (!f.pooled_studies || f.origin != model::FlowOrigin::stated) return std::nullopt;
         if (f[FlowBox::total_studies]) return FlowSides{*f.pooled_studies, *f[FlowBox::total_studies]};
         if (!f[FlowBox::new_studies]) return std::nullopt;
         return FlowSides{*f.pooled_studies, or_0(f, FlowBox::previous_studies) + *f[FlowBox::new_studies]};
     },
     ""},
    {"F9", "reports of the last version that are still included", "reports of the last version",
     FlowBox::previous_reports, false,
     +[](const Flow& f) -> Sides {
         if (!f.previous) return std::nullopt;
         return FlowSides{f.previous->still_included, f.previous->reports};
     },
     ""},
    {"F9", "records of the last version's sources now", "records that the last version identified",
     FlowBox::database_results, false,
     +[](const Flow& f) -> Sides {
         if (!f.previous) return std::nullopt;
         return FlowSides{f.previous->identified_now, f.previous->identified};
     },
     ""},
};

std::string joined(const std::vector<std::string>& words) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(words.size(), most); ++i)
        text += (i ? ", " : "") + words[i];
    return words.size() > most ? text + " and " + std::to_string(words.size() - most) + " more" : text;
}

std::string sentence(const Flow& flow, const FlowInvariant& row, const FlowSides& sides) {
    std::string text = std::string(row.left) + " = " + std::to_string(sides.left) + ", but " +
                       std::string(row.right) + " = " + std::to_string(sides.right);
    if (row.right == "none of them") text = std::string(row.left) + ": " + std::to_string(sides.left);
    if (row.at_most)
        text = std::string(row.left) + " = " + std::to_string(sides.left) + ", more than " +
               std::string(row.right) + " = " + std::to_string(sides.right);
    if (row.check == "F8" && !flow.not_included.empty() && row.left.starts_with("studies"))
        text += " (" + joined(flow.not_included) + ")";
    if (row.check == "F9" && flow.previous && !flow.previous->dropped.empty() &&
        row.left.starts_with("reports"))
        text += "; no longer included: " + joined(flow.previous->dropped);
    return text;
}

std::string counted(std::int64_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

} // namespace

std::span<const FlowInvariant> flow_invariants() {
    return invariants;
}

std::vector<model::FlowProblem> flow_problems(const Flow& flow,
                                              std::span<const model::FlowAcceptance> accepted) {
    std::vector<model::FlowProblem> problems;
    if (flow.origin == model::FlowOrigin::none) return problems;
    for (const FlowInvariant& row : invariants) {
        if (row.holds_when_done == when_done && !flow.finished()) continue;
        const Sides sides = row.sides(flow);
        if (!sides || sides->left == sides->right || (row.at_most && sides->left < sides->right)) continue;
        model::FlowProblem& problem = problems.emplace_back();
        problem.check = row.check, problem.at = row.at, problem.left_is = row.left,
        problem.right_is = row.right;
        problem.left = sides->left, problem.right = sides->right;
        problem.text = sentence(flow, row, *sides);
        const auto reason = std::find_if(accepted.begin(), accepted.end(), [&](const auto& a) {
            return a.check == row.check && a.left && a.right && *a.left == static_cast<double>(sides->left) &&
                   *a.right == static_cast<double>(sides->right);
        });
        if (reason != accepted.end()) problem.accepted = *reason;
    }
    return problems;
}

int open_problems(const Flow& flow) {
    return static_cast<int>(std::count_if(flow.problems.begin(), flow.problems.end(),
                                          [](const model::FlowProblem& p) { return !p.accepted; }));
}

Flow stated_flow(const model::Review& review) {
    Flow flow;
    for (const model::FlowCount& row : review.flow) {
        if (!row.n || *row.n < 0 || *row.n != std::floor(*row.n) || *row.n > 1e9) continue;
        const auto n = static_cast<std::int64_t>(*row.n);
        for (const model::FlowBoxRow& box : model::flow_box_table()) {
            if (box.parts == row.box && !row.label.empty()) {
                flow.of(box.box).push_back({row.label, n});
                flow.origin = model::FlowOrigin::stated;
            } else if (box.name == row.box && row.label.empty()) {
                flow[box.box] = n;
                flow.origin = model::FlowOrigin::stated;
            }
        }
    }
    for (const model::FlowBoxRow& box : model::flow_box_table()) // a box that is stated by its lines only
        if (!flow[box.box] && !flow.of(box.box).empty()) flow[box.box] = sum_of_parts(flow, box.box);
    const auto included = [&](FlowBox box, FlowBox assessed, FlowBox excluded) {
        if (!flow[box] && flow[assessed]) flow[box] = without_reason(flow, assessed, excluded);
    };
    included(FlowBox::dbr_included, FlowBox::dbr_assessed, FlowBox::dbr_excluded);
    included(FlowBox::other_included, FlowBox::other_assessed, FlowBox::other_excluded);
    for (const FlowBox box : {FlowBox::database_results, FlowBox::register_results})
        for (const model::FlowPart& part : flow.of(box))
            flow.sources.push_back(
                {part.label, box == FlowBox::database_results ? "database" : "register", part.n, 0, {}});
    return flow;
}

std::string waiting_text(const Flow& flow) {
    const model::FlowWaiting& w = flow.waiting;
    std::string text;
    const auto add = [&](std::int64_t n, const char* what, const char* rest) {
        if (n > 0) text += (text.empty() ? "" : "; ") + counted(n, what) + rest;
    };
    add(w.screen - w.screen_unsure - w.screen_conflicts, "record", " not decided by title and abstract");
    add(w.screen_unsure, "record", " marked as unsure");
    add(w.screen_conflicts, "record", " on which reviewers differ");
    add(w.retrieval - w.fulltext_conflicts, "full text", " not decided");
    add(w.fulltext_conflicts, "full text", " on which reviewers differ");
    add(w.other_screen, "record", " from other methods not decided by title and abstract");
    add(w.other_retrieval, "full text", " from other methods not decided");
    return text;
}

} // namespace assay::certainty
