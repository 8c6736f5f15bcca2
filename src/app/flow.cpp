#include "app/flow.hpp"

#include "app/folder.hpp"
#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "certainty/flow.hpp"
#include "effect/assemble.hpp"
#include "model/flow_boxes.hpp"
#include "store/flow.hpp"
#include "store/settings.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace assay::app {

namespace {

using model::Flow;
using model::FlowBox;

using ascii::to_lower;

/// Which study a record of the store belongs to, by the DOIs and PubMed ids of reports.csv.
std::map<std::int64_t, std::string> studies_of(store::Store& store, const model::Review& review) {
    std::unordered_map<std::string, std::string> by;
    for (const model::Report& report : review.reports) {
        if (report.study.empty()) continue;
        if (!report.doi.empty()) by["doi " + to_lower(report.doi)] = report.study.value;
        if (!report.pmid.empty()) by["pmid " + report.pmid] = report.study.value;
    }
    std::map<std::int64_t, std::string> found;
    if (by.empty()) return found;
    store.each_entry([&](const store::Entry& e) {
        auto at = e.pmid.empty() ? by.end() : by.find("pmid " + e.pmid);
        if (at == by.end() && !e.doi.empty()) at = by.find("doi " + to_lower(e.doi));
        if (at != by.end()) found[e.id] = at->second;
        return true;
    });
    return found;
}

store::LastVersion read_previous(const std::string& path) {
    const auto refuse = [&](const std::string& why) {
        return Error("flow/previous", path + " is no flow of a version before: " + why, Exit::input);
    };
    const auto json = nlohmann::json::parse(read_file(path), nullptr, false);
    if (!json.is_object() || json.value("schema", "") != "assay/flow/2")
        throw refuse("its schema is not assay/flow/2; write it with assay flow --json");
    store::LastVersion last;
    try {
        if (json.at("origin") != "events") throw refuse("its numbers were not counted from a store");
        const auto& boxes = json.at("boxes");
        const auto whole = [&](const char* total, const char* fresh) {
            const auto& n = boxes.at(total).is_null() ? boxes.at(fresh) : boxes.at(total);
            if (!n.is_number_integer()) throw refuse(std::string(fresh) + " was not known");
            return n.get<std::int64_t>();
        };
        last.studies = whole("total_studies", "new_studies");
        last.reports = whole("total_reports", "new_reports");
        last.last_source = json.at("last_source").get<std::int64_t>();
        for (const auto& source : json.at("sources"))
            last.identified += source.at("records").get<std::int64_t>();
        for (const auto& record : json.at("included"))
            last.included.push_back(record.get<std::int64_t>());
    } catch (const nlohmann::json::exception&) {
        throw refuse("a number is missing or of the wrong kind");
    }
    return last;
}

std::string beside(const std::filesystem::path& folder, const std::string& name) {
    const bool elsewhere = name.find("://") != std::string::npos || std::filesystem::path(name).is_absolute();
    return elsewhere || folder.empty() ? name : (folder / name).string();
}

Flow counted_flow(const model::Review* review, const std::string& where, const std::string& previous,
                  int reviewers, const std::set<std::string>& pooled) {
    auto store = store::Store::open(where, false);
    store::FlowOptions options;
    const store::Settings settings = store::settings(store);
    options.reviewers = reviewers > 0 ? reviewers : store::reviewers_of(settings);
    options.reasons = store::list_of(settings, "reasons");
    if (review) options.studies = studies_of(store, *review);
    if (!previous.empty()) options.last = read_previous(previous);
    Flow flow = store::flow(store, options);
    if (options.reviewers > 1)
        flow.notes.push_back(std::to_string(options.reviewers) + " people had to agree on each record.");
    std::vector<model::FlowAcceptance> accepted = store::flow_accepted(store);
    if (review) {
        accepted.insert(accepted.end(), review->flow_accepted.begin(), review->flow_accepted.end());
        for (const std::string& study : pooled)
            if (!std::binary_search(flow.studies.begin(), flow.studies.end(), study))
                flow.not_included.push_back(study);
    }
    flow.problems = certainty::flow_problems(flow, accepted);
    return flow;
}

/// The row of flow.csv that a problem is about; the first row where that box is not stated.
Place place_of(const model::Review& review, const model::FlowProblem& problem) {
    const model::FlowBoxRow& box = model::flow_box(problem.at);
    for (const model::FlowCount& row : review.flow)
        if (row.box == box.name || row.box == box.parts) return row.place;
    return review.flow.empty() ? Place{"flow.csv", 0, 0} : review.flow.front().place;
}

Flow stated_and_checked(const model::Review& review, const std::set<std::string>& pooled) {
    Flow flow = certainty::stated_flow(review);
    flow.pooled_studies = static_cast<std::int64_t>(pooled.size());
    flow.problems = certainty::flow_problems(flow, review.flow_accepted);
    return flow;
}

} // namespace

std::set<std::string> pooled_studies(const model::Review& review) {
    std::set<std::string> studies;
    for (const model::Analysis& analysis : review.analyses)
        for (const model::Effect& effect : effect::assemble(review, analysis).effects)
            studies.insert(effect.study.value);
    return studies;
}

Flow flow_of(const model::Review& review, const std::filesystem::path& folder,
             const std::set<std::string>& pooled, const FlowRequest& request) {
    const model::FlowSettings& settings = review.flow_settings;
    std::string where =
        request.store.empty() && !settings.store.empty() ? beside(folder, settings.store) : request.store;
    std::error_code ignored;
    if (where.empty() && std::filesystem::exists(folder / "review.db", ignored))
        where = (folder / "review.db").string();
    if (where.empty()) return stated_and_checked(review, pooled);
    const std::string previous = request.previous.empty() && !settings.previous.empty()
                                     ? beside(folder, settings.previous)
                                     : request.previous;
    return counted_flow(&review, where, previous,
                        request.reviewers > 0 ? request.reviewers : settings.reviewers, pooled);
}

FlowFound find_flow(const FlowRequest& request) {
    FlowFound found;
    if (request.folder.empty()) {
        found.flow = counted_flow(nullptr, request.store.empty() ? "review.db" : request.store,
                                  request.previous, request.reviewers, {});
        return found;
    }
    Checked checked = check(request.folder);
    for (const Diagnostic& item : checked.diagnostics.items()) // a flow that does not add up is still shown
        if (item.severity == Severity::error && item.code != "flow/unbalanced")
            found.diagnostics.items().push_back(item);
    if (found.diagnostics.has_errors()) return found;
    found.flow = flow_of(checked.review, request.folder, pooled_studies(checked.review), request);
    return found;
}

void check_stated_flow(const model::Review& review, Diagnostics& diagnostics) {
    if (review.flow.empty()) return;
    const Flow flow = stated_and_checked(review, pooled_studies(review));
    for (const model::FlowProblem& problem : flow.problems)
        if (!problem.accepted)
            diagnostics.add("flow/unbalanced", place_of(review, problem), problem.check + ": " + problem.text,
                            "correct a number, or add the row " + problem.check + "," +
                                std::to_string(problem.left) + "," + std::to_string(problem.right) +
                                " with who, when and why to flow_accepted.csv");
    for (const model::FlowAcceptance& row : review.flow_accepted) {
        const bool used = std::any_of(flow.problems.begin(), flow.problems.end(), [&](const auto& problem) {
            return problem.accepted && problem.accepted->place.line == row.place.line;
        });
        if (!used)
            diagnostics.add("flow/accepted-unused", row.place,
                            "no difference of " + row.check + " has these two numbers");
    }
}

} // namespace assay::app
