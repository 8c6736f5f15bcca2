// What people add to the log so that the flow can be counted: kinds of sources, records removed before
// screening, studies of reports, differences that they accept.
#include "app/flow.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace assay::app {

namespace {

store::Event event_of(const char* kind, std::int64_t record, const std::string& value,
                      const std::string& why) {
    store::Event event;
    event.kind = kind, event.record = record, event.value = value, event.why = why;
    return event;
}

void need_reason(const std::string& why) {
    if (why.find_first_not_of(" \t\r\n") == std::string::npos)
        throw Error("flow/needs-reason", "this needs a reason: --why", Exit::input);
}

std::string done(std::int64_t event) {
    return " (event " + std::to_string(event) + ")\n";
}

} // namespace

bool is_source_kind(const std::string& kind) {
    constexpr std::string_view kinds[] = {"database", "register", "website", "organisation", "citation"};
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

std::string set_source_kind(store::Store& store, const store::Act& act, std::int64_t source,
                            const std::string& kind) {
    if (!is_source_kind(kind))
        throw Error("flow/unknown-kind",
                    in_quotes(kind) +
                        " is no kind of source; write database, register, website, organisation or "
                        "citation",
                    Exit::input);
    for (const store::SourceFile& known : store.sources()) {
        if (known.id != source) continue;
        store::Event event = event_of("source", 0, kind, {});
        event.other = source;
        return "source " + std::to_string(source) + " (" + safe_text(known.label) + ") is a " + kind +
               done(store.append(act, event));
    }
    throw Error("flow/unknown-source",
                "the store has no source " + std::to_string(source) + "; assay log --kind import names them",
                Exit::input);
}

std::string remove_records(store::Store& store, const store::Act& act,
                           const std::vector<std::int64_t>& records, const std::string& how,
                           const std::string& why) {
    need_reason(why);
    if (how != "automatic" && how != "other")
        throw Error("flow/unknown-kind",
                    in_quotes(how) + ": records are removed as automatic (by a tool) or other", Exit::input);
    std::vector<store::Event> events;
    for (const std::int64_t record : records) {
        store.record(record); // says so where there is no such record
        events.push_back(event_of("remove", record, how, why));
    }
    store.append_all(act, events);
    return std::to_string(records.size()) + (records.size() == 1 ? " record is" : " records are") +
           " removed before screening\n";
}

std::string name_study(store::Store& store, const store::Act& act, std::int64_t record,
                       const std::string& study) {
    if (study.find_first_not_of(" \t\r\n") == std::string::npos)
        throw Error("usage", "the name of a study is empty", Exit::input);
    store.record(record);
    return "record " + std::to_string(record) + " is a report of " + safe_text(study) +
           done(store.append(act, event_of("study", record, study, {})));
}

std::string accept_problem(store::Store& store, const store::Act& act, const model::Flow& flow,
                           const std::string& check, const std::string& why) {
    need_reason(why);
    std::string out;
    for (const model::FlowProblem& problem : flow.problems) {
        if (problem.check != check || problem.accepted) continue;
        store::Event event =
            event_of("accept", 0, std::to_string(problem.left) + " " + std::to_string(problem.right), why);
        event.stage = check;
        out += "accepted: " + check + ": " + safe_text(problem.text) + done(store.append(act, event));
    }
    if (out.empty())
        throw Error("flow/no-problem", "nothing of the check " + in_quotes(check) + " is open", Exit::input);
    return out;
}

} // namespace assay::app
