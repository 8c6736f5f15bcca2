// How far a screening is, as text for a terminal and as data.
#include "app/screening.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::app {

namespace {

using json = nlohmann::ordered_json;

std::string number_or(const std::optional<double>& value) {
    return value ? fmt::format("{:.2f}", *value) : "-";
}

json number_or_null(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

json interval_or_null(const screen::AgreementInterval& interval) {
    return interval ? json::array({interval->first, interval->second}) : json(nullptr);
}

std::string said(const Conflict& conflict) {
    std::string out;
    for (const store::Label& label : conflict.labels)
        out += (out.empty() ? "" : "; ") + label.who + ": " + label.value +
               (label.why.empty() ? "" : " (" + label.why + ")");
    return out;
}

} // namespace

std::string screening_status_json(const ScreeningStatus& s) {
    json people = json::array(), pairs = json::array(), conflicts = json::array();
    for (const ByReviewer& p : s.people)
        people.push_back({{"who", p.who},
                          {"include", p.include},
                          {"exclude", p.exclude},
                          {"unsure", p.unsure},
                          {"not_retrieved", p.not_retrieved}});
    for (const Together& pair : s.pairs)
        pairs.push_back({{"first", pair.first},
                         {"second", pair.second},
                         {"both", pair.agreement.both},
                         {"agree", pair.agreement.agree},
                         {"kappa", number_or_null(pair.agreement.kappa)},
                         {"kappa_interval", interval_or_null(pair.agreement.kappa_interval)},
                         {"pabak", number_or_null(pair.agreement.pabak)},
                         {"pabak_interval", interval_or_null(pair.agreement.pabak_interval)},
                         {"ac1", number_or_null(pair.agreement.ac1)},
                         {"ac1_interval", interval_or_null(pair.agreement.ac1_interval)}});
    for (const Conflict& conflict : s.conflicts) {
        json labels = json::array();
        for (const store::Label& label : conflict.labels)
            labels.push_back({{"who", label.who}, {"value", label.value}, {"why", label.why}});
        conflicts.push_back(
            {{"record", conflict.record}, {"title", conflict.title}, {"labels", std::move(labels)}});
    }
    const json out{{"schema", "assay/screen-status/1"},
                   {"stage", s.stage},
                   {"reviewers", s.reviewers},
                   {"records", s.records},
                   {"settled", s.settled},
                   {"include", s.include},
                   {"exclude", s.exclude},
                   {"unsure", s.unsure},
                   {"not_retrieved", s.not_retrieved},
                   {"waiting", s.waiting},
                   {"people", std::move(people)},
                   {"pairs", std::move(pairs)},
                   {"conflicts", std::move(conflicts)}};
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string screening_status_text(const ScreeningStatus& s) {
    std::string out = fmt::format(
        "{}: {} of {} records settled: {} include, {} exclude, {} unsure{}\n",
        s.stage == "screen" ? "title and abstract" : "full text", s.settled, s.records, s.include, s.exclude,
        s.unsure, s.stage == "screen" ? "" : fmt::format(", {} not retrieved", s.not_retrieved));
    if (s.waiting) out += fmt::format("{} wait for another reviewer\n", s.waiting);
    if (!s.conflicts.empty())
        out += fmt::format("{} in conflict (assay screen conflicts)\n", s.conflicts.size());
    if (!s.people.empty())
        out += fmt::format("\n{:<16} {:>8} {:>8} {:>8} {:>8}\n", "reviewer", "read", "include", "exclude",
                           "unsure");
    for (const ByReviewer& p : s.people)
        out +=
            fmt::format("{:<16} {:>8} {:>8} {:>8} {:>8}\n", safe_text(p.who),
                        p.include + p.exclude + p.unsure + p.not_retrieved, p.include, p.exclude, p.unsure);
    for (const Together& pair : s.pairs) {
        const screen::Agreement& a = pair.agreement;
        out += fmt::format("\n{} and {}: both read {}, the same on {}\n", safe_text(pair.first),
                           safe_text(pair.second), a.both, a.agree);
        const auto line = [&](const char* name, const std::optional<double>& value,
                              const screen::AgreementInterval& interval) {
            out += fmt::format("  {:<6} {:>6}  {}\n", name, number_or(value),
                               interval ? fmt::format("({:.2f} to {:.2f})", interval->first, interval->second)
                                        : "");
        };
        line("kappa", a.kappa, a.kappa_interval);
        line("PABAK", a.pabak, a.pabak_interval);
        line("AC1", a.ac1, a.ac1_interval);
    }
    return out;
}

std::string conflicts_text(const ScreeningStatus& s) {
    if (s.conflicts.empty()) return "reviewers differ on no record\n";
    std::string out;
    for (const Conflict& conflict : s.conflicts)
        out += fmt::format("record {}  {}\n  {}\n", conflict.record, safe_text(conflict.title),
                           safe_text(said(conflict)));
    return out;
}

} // namespace assay::app
