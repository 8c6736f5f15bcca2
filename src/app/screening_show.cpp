// The states of screening as text for a terminal and as data.
#include "app/screening.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::app {

namespace {

using json = nlohmann::ordered_json;

std::string dumped(const json& out) {
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string wrapped(const std::string& text, int width, const std::string& indent) {
    std::string out, line;
    const std::string clean = safe_text(text);
    for (std::size_t at = 0; at <= clean.size();) {
        const std::size_t end = std::min(clean.find(' ', at), clean.size());
        const std::string word = clean.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        if (!line.empty() && display_width(indent + line + " " + word) > width) {
            out += indent + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return line.empty() ? out : out + indent + line + "\n";
}

std::string number_or(const std::optional<double>& value) {
    return value ? fmt::format("{:.2f}", *value) : "-";
}

json number_or_null(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

std::string said(const Conflict& conflict) {
    std::string out;
    for (const store::Label& label : conflict.labels)
        out += (out.empty() ? "" : "; ") + label.who + ": " + label.value +
               (label.why.empty() ? "" : " (" + label.why + ")");
    return out;
}

constexpr std::string_view order_words(std::string_view order) {
    if (order == "model") return "the model's next";
    return order == "protocol" ? "by the words of the protocol, no model yet"
                               : "in random order, no model yet";
}

} // namespace

std::string queue_json(const Queue& queue) {
    json next = json::array();
    for (const Shown& shown : queue.next) {
        json one{{"record", shown.record},   {"title", shown.title}, {"abstract", shown.abstract},
                 {"authors", shown.authors}, {"year", shown.year},   {"journal", shown.journal},
                 {"doi", shown.doi},         {"order", shown.order}};
        if (shown.order == "model") {
            one["score"] = shown.score;
            one["reasons"] = json::array();
            for (const screen::Reason& reason : shown.reasons)
                one["reasons"].push_back({{"term", reason.term}, {"adds", reason.weight}});
        }
        next.push_back(std::move(one));
    }
    return dumped({{"schema", "assay/screen-next/1"},
                   {"left", queue.left},
                   {"decided", queue.decided},
                   {"next", std::move(next)}});
}

std::string queue_text(const Queue& queue, int width) {
    if (queue.next.empty()) return fmt::format("nothing left to read ({} decided)\n", queue.decided);
    std::string out;
    for (const Shown& shown : queue.next) {
        out += fmt::format("record {}  ({}{}; {} decided, {} left)\n", shown.record, order_words(shown.order),
                           shown.order == "model" ? fmt::format(", score {:+.2f}", shown.score) : "",
                           queue.decided, queue.left);
        out += wrapped(shown.title.empty() ? "(no title)" : shown.title, width, "  ");
        std::string where = shown.authors;
        for (const std::string* part : {&shown.journal, &shown.year, &shown.doi})
            if (!part->empty()) where += (where.empty() ? "" : ". ") + *part;
        out += wrapped(where, width, "  ");
        out += "\n" + wrapped(shown.abstract.empty() ? "(no abstract)" : shown.abstract, width, "  ");
        for (const bool in_favour : {true, false}) {
            std::string terms;
            for (const screen::Reason& reason : shown.reasons)
                if ((reason.weight > 0) == in_favour)
                    terms +=
                        fmt::format("{}{} {:+.3f}", terms.empty() ? "" : ", ", reason.term, reason.weight);
            if (!terms.empty()) out += wrapped((in_favour ? "for: " : "against: ") + terms, width, "  ");
        }
        out += "\n";
    }
    out.pop_back();
    return out;
}

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
                         {"pabak", number_or_null(pair.agreement.pabak)},
                         {"ac1", number_or_null(pair.agreement.ac1)}});
    for (const Conflict& conflict : s.conflicts) {
        json labels = json::array();
        for (const store::Label& label : conflict.labels)
            labels.push_back({{"who", label.who}, {"value", label.value}, {"why", label.why}});
        conflicts.push_back(
            {{"record", conflict.record}, {"title", conflict.title}, {"labels", std::move(labels)}});
    }
    return dumped({{"schema", "assay/screen-status/1"},
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
                   {"conflicts", std::move(conflicts)}});
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
    if (!s.pairs.empty())
        out += fmt::format("\n{:<24} {:>8} {:>8} {:>8} {:>8} {:>8}\n", "agreement", "both", "same", "kappa",
                           "PABAK", "AC1");
    for (const Together& pair : s.pairs)
        out += fmt::format("{:<24} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
                           safe_text(pair.first) + " and " + safe_text(pair.second), pair.agreement.both,
                           pair.agreement.agree, number_or(pair.agreement.kappa),
                           number_or(pair.agreement.pabak), number_or(pair.agreement.ac1));
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

std::string stop_json(const StopReport& r) {
    json rules = json::array();
    for (const RuleSays& rule : r.rules)
        rules.push_back({{"rule", rule.rule}, {"stop", rule.stop}, {"claim", rule.claim}});
    return dumped({{"schema", "assay/screen-stop/1"},
                   {"records", r.records},
                   {"read", r.read},
                   {"found", r.found},
                   {"open", r.open},
                   {"in_a_row", r.in_a_row},
                   {"target", r.target},
                   {"confidence", r.confidence},
                   {"p", r.p},
                   {"estimate", number_or_null(r.estimate)},
                   {"audit", r.audit},
                   {"stop", r.stop},
                   {"sentence", r.sentence},
                   {"rules", std::move(rules)}});
}

std::string stop_text(const StopReport& r) {
    std::string out = wrapped(r.sentence, 100, "");
    if (r.estimate)
        out += fmt::format("Recall by the gaps between finds: about {:.0f} %, a rough estimate.\n",
                           100 * *r.estimate);
    out += fmt::format("\n{:<24} {:<6} {}\n", "rule", "stop?", "claim");
    for (const RuleSays& rule : r.rules)
        out += fmt::format("{:<24} {:<6} {}\n", rule.rule, rule.stop ? "yes" : "no", rule.claim);
    return out;
}

} // namespace assay::app
