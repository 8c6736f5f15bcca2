// What is known about the unread records, as text for a terminal and as data.
#include "app/screening.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

using json = nlohmann::ordered_json;

json rules_json(const std::vector<RuleSays>& rules, bool plans) {
    json all = json::array();
    for (const RuleSays& rule : rules) {
        json one{{"rule", rule.rule}, {"stop", rule.stop}, {"claim", rule.claim}};
        if (plans) one["draw"] = rule.draw, one["confidence"] = rule.confidence;
        if (rule.coverage) {
            const Coverage& c = *rule.coverage;
            one["measured"] = {{"sets", c.sets},
                               {"runs", c.runs},
                               {"kept_95", c.kept},
                               {"sets_kept_95", c.sets_kept},
                               {"lowest_recall", c.lowest_recall},
                               {"mean_recall", c.mean_recall},
                               {"list_read", c.list_read}};
        }
        all.push_back(std::move(one));
    }
    return all;
}

json audit_json(const AuditReport& a) {
    json out{{"event", a.event}, {"who", a.who},   {"when", a.when},         {"unread", a.unread},
             {"drawn", a.drawn}, {"read", a.read}, {"relevant", a.relevant}, {"confidence", a.confidence}};
    if (a.estimate) {
        out["estimate"] = *a.estimate;
        out["low"] = a.low, out["high"] = a.high, out["found"] = a.found;
    }
    if (a.recall_low) out["recall_at_least"] = *a.recall_low;
    return out;
}

// Two lines each: what it says now and what it did elsewhere, then what it claims.
std::string rules_text(const std::vector<RuleSays>& rules, const char* head, const char* asks) {
    std::string out = fmt::format("\n{:<38} {:<9} {:>9} {:>6} {:>7} {:>6}\n", head, asks, "kept 95 %", "sets",
                                  "lowest", "reads");
    for (const RuleSays& rule : rules) {
        const std::string says = rule.stop ? "yes" : rule.draw > 0 ? fmt::format("draw {}", rule.draw) : "no";
        std::string measured = fmt::format("{:>9} {:>6} {:>7} {:>6}", "-", "-", "-", "-");
        if (rule.coverage) {
            const Coverage& c = *rule.coverage;
            measured = fmt::format("{:>9} {:>6} {:>5.0f} % {:>4.0f} %", fmt::format("{}/{}", c.kept, c.runs),
                                   fmt::format("{}/{}", c.sets_kept, c.sets),
                                   std::floor(100 * c.lowest_recall), 100 * c.list_read);
        }
        out += fmt::format("{:<38} {:<9} {}\n    {}\n", rule.rule, says, measured, rule.claim);
    }
    return out;
}

std::string folded(const std::string& text, std::size_t width) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
        const std::string word = text.substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return out + line + "\n";
}

} // namespace

std::string stop_json(const StopReport& r) {
    json audits = json::array();
    for (const AuditReport& audit : r.audits)
        audits.push_back(audit_json(audit));
    const json out{{"schema", "assay/screen-stop/1"},
                   {"records", r.records},
                   {"read", r.read},
                   {"found", r.found},
                   {"open", r.open},
                   {"in_a_row", r.in_a_row},
                   {"target", r.target},
                   {"confidence", r.confidence},
                   {"p", r.p},
                   {"estimate", r.estimate ? json(*r.estimate) : json(nullptr)},
                   {"audit", r.audit},
                   {"stop", r.stop},
                   {"stop_by_audit", r.stop_by_audit},
                   {"sentence", r.sentence},
                   {"audits", std::move(audits)},
                   {"rules", rules_json(r.rules, false)},
                   {"plans", rules_json(r.plans, true)}};
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string audit_text(const AuditReport& a) {
    const std::string head =
        fmt::format("audit of {} of {} unread records (event {}): ", a.drawn, a.unread, a.event);
    if (!a.complete())
        return head + fmt::format("{} read, {} left, {} of those read relevant; they come next\n", a.read,
                                  a.drawn - a.read, a.relevant);
    if (!a.estimate) return head + fmt::format("{} relevant\n", a.relevant);
    std::string out =
        head + fmt::format("{} relevant, so about {:.0f} among the {} ({:g} % interval {} to {}, exact), "
                           "of which {} are found by now",
                           a.relevant, *a.estimate, a.unread, 100 * a.confidence, a.low, a.high, a.found);
    if (a.recall_low)
        out += fmt::format("; recall is at least {:.1f} %", std::floor(1000 * *a.recall_low + 1e-9) / 10);
    return out + "\n";
}

std::string stop_text(const StopReport& r) {
    std::string out = folded(r.sentence, 100);
    if (r.estimate)
        out += fmt::format("Recall by the gaps between finds: about {:.0f} %, a rough estimate.\n",
                           100 * *r.estimate);
    for (const AuditReport& audit : r.audits)
        out += folded(audit_text(audit), 100);
    out += rules_text(r.rules, "rule", "stop?") + rules_text(r.plans, "rule, then a random audit", "stop?");
    const auto measured =
        std::find_if(r.rules.begin(), r.rules.end(), [](const RuleSays& x) { return x.coverage; });
    if (measured != r.rules.end())
        out +=
            "\n" +
            folded(
                fmt::format(
                    "Measured by replaying {} labelled reviews, {} runs: \"kept 95 %\" counts the runs that "
                    "reached 95 % recall, \"sets\" the reviews in which all runs did, \"lowest\" is the "
                    "lowest recall of a run, \"reads\" the mean share of the list. What a rule did there is "
                    "no promise for this review.",
                    measured->coverage->sets, measured->coverage->runs),
                100);
    return out;
}

} // namespace assay::app
