// When to stop: what the rules say of this review, what they did in others, and what a random audit shows.
#include "app/screening_state.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "screen/priors.hpp"
#include "screen/stop.hpp"
#include "text/csv.hpp"
#include "text/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::app {

namespace {

std::size_t count_found(const std::vector<char>& found) {
    return static_cast<std::size_t>(std::count(found.begin(), found.end(), char{1}));
}

std::string percent(double x) {
    return fmt::format("{:g} %", 100 * x);
}

// Downwards, so that no promise grows by being printed.
std::string percent_at_least(double x) {
    return fmt::format("{:.1f} %", std::floor(1000 * x + 1e-9) / 10);
}

std::map<std::string, Coverage, std::less<>> measured() {
    std::map<std::string, Coverage, std::less<>> all;
    for (const Embedded& file : embedded_methods()) {
        if (file.name != "stopping.csv") continue;
        Diagnostics diagnostics;
        const auto table = text::read_csv(std::string(file.name), file.bytes, diagnostics);
        for (const text::CsvRow& row : table.rows()) {
            const auto cells = table.cells(row);
            ASSAY_EXPECT(cells.size() == 8);
            const auto number = [&](std::size_t i) {
                return text::parse_number(cells[i].text).value.value_or(0);
            };
            const auto count = [&](std::size_t i) { return static_cast<std::size_t>(number(i)); };
            all[std::string(cells[0].text)] = {count(1),  count(2),  count(3), count(4),
                                               number(5), number(6), number(7)};
        }
    }
    return all;
}

// How sure an audit must be by itself, so that all that were drawn err together as seldom as promised.
double confidence_of_each(double confidence, std::size_t audits) {
    return 1 - (1 - confidence) / static_cast<double>(std::max<std::size_t>(1, audits));
}

AuditReport report_of(const Screening::State& s, const DrawnAudit& audit, double confidence,
                      std::size_t found_now) {
    AuditReport out;
    out.event = audit.event, out.who = audit.who, out.when = audit.when;
    out.unread = audit.unread, out.drawn = audit.rows.size(), out.confidence = confidence;
    for (const std::size_t row : audit.rows) {
        const Ballot& ballot = s.ballots.of(row);
        if (!ballot.read()) continue;
        ++out.read;
        out.relevant += ballot.consensus.conflict || ballot.consensus.value == "include" ||
                        ballot.consensus.value == "unsure";
    }
    out.found = found_now > audit.found ? found_now - audit.found : 0;
    if (!out.complete() || out.drawn == 0 || out.drawn > out.unread) return out;
    out.estimate =
        static_cast<double>(out.unread) * static_cast<double>(out.relevant) / static_cast<double>(out.drawn);
    // Without a find there is no lower end to be wrong about.
    const double side = out.relevant == 0 ? confidence : (1 + confidence) / 2;
    out.low = screen::relevant_at_least(out.unread, out.drawn, out.relevant, side);
    out.high = screen::relevant_at_most(out.unread, out.drawn, out.relevant, side);
    const std::size_t all = audit.found + std::max(out.high, out.found);
    if (all > 0) out.recall_low = std::min(1.0, static_cast<double>(found_now) / static_cast<double>(all));
    return out;
}

std::string sentence_of(const StopReport& r) {
    const std::size_t unread = r.records - r.read;
    const std::string read =
        fmt::format("{} of {} records are read and {} kept", r.read, r.records, r.found) +
        (r.open ? fmt::format(" ({} of them unsure or in conflict)", r.open) : "");
    if (unread == 0)
        return read + ": nothing is left unread, so nothing was missed but by the readers themselves.";
    if (r.found == 0)
        return read +
               fmt::format(
                   ": nothing is known about the {} unread records, because every rule needs something to "
                   "have been found.",
                   unread);
    std::string known = fmt::format("the test of recall under {} gives p = {:.2g}", percent(r.target), r.p);
    std::string unknown = fmt::format("which of the {} unread records are relevant, until {} of them, drawn "
                                      "at random, have been read and none is (recall "
                                      "at least {} with {} confidence; assay screen audit draws them)",
                                      unread, r.audit, percent(r.target), percent(r.confidence));
    const AuditReport* shown = nullptr;
    for (const AuditReport& audit : r.audits)
        if (audit.complete() && audit.recall_low && (!shown || *audit.recall_low >= *shown->recall_low))
            shown = &audit;
    if (shown) {
        known += fmt::format(
            ", and the audit of {} of {} records drawn at random, {} of them relevant, shows that recall is "
            "at least {} ({} confidence)",
            shown->drawn, shown->unread, shown->relevant, percent_at_least(*shown->recall_low),
            percent(shown->confidence));
        unknown = fmt::format("whether the {} still unread are relevant, and whether the readers were right",
                              unread);
    } else if (!r.audits.empty()) {
        const AuditReport& last = r.audits.back();
        unknown =
            fmt::format("what the audit says, until the {} of its {} records that are left have been read",
                        last.drawn - last.read, last.drawn);
    }
    const char* advice = r.stop_by_audit ? "may stop" : r.stop ? "may stop by this rule" : "should go on";
    return read + fmt::format(", the last {} in a row were not relevant; what is known: {}, so reading {}; "
                              "what is not known: "
                              "{}.",
                              r.in_a_row, known, advice, unknown);
}

} // namespace

StopReport Screening::stop(std::optional<double> target, std::optional<double> confidence) {
    State& s = *state_;
    s.catch_up();
    if (s.request.stage != "screen")
        throw Error("usage", "stopping rules are for titles and abstracts; full texts are all read",
                    Exit::input);
    StopReport out;
    out.target = target.value_or(s.setup.target), out.confidence = confidence.value_or(s.setup.confidence);
    if (!(out.target > 0 && out.target < 1) || !(out.confidence > 0 && out.confidence < 1))
        throw Error("usage", "target and confidence lie between 0 and 1", Exit::input);
    out.records = s.records_at_stage();
    const std::vector<char> found = s.found_so_far();
    for (const auto& [row, ballot] : s.ballots.touched())
        out.open += s.at_stage(row) && (ballot.consensus.conflict || ballot.consensus.value == "unsure");
    const screen::Reading reading{found, out.records};
    out.read = found.size();
    out.found = count_found(found);
    out.in_a_row = screen::in_a_row(reading);
    out.p = screen::recall_p_value(reading, out.target);
    out.estimate = screen::gap_recall_estimate(reading);
    const std::size_t unread = out.records - out.read;
    const double each = confidence_of_each(out.confidence, s.audits.size() + 1);
    if (out.found > 0) out.audit = screen::audit_size(unread, out.found, out.target, each);
    for (const DrawnAudit& audit : s.audits) {
        out.audits.push_back(
            report_of(s, audit, confidence_of_each(out.confidence, s.audits.size()), out.found));
        const auto& recall = out.audits.back().recall_low;
        out.stop_by_audit |= recall && *recall >= out.target;
    }
    out.stop = unread == 0 || out.stop_by_audit || (out.found > 0 && out.p < 1 - out.confidence);
    const auto table = measured();
    const auto covered = [&](RuleSays says) {
        if (const auto at = table.find(says.rule); at != table.end()) says.coverage = at->second;
        return says;
    };
    for (const screen::StopRule& rule : screen::stop_rules())
        out.rules.push_back(
            covered({std::string(rule.name), std::string(rule.claim),
                     unread == 0 || (out.found > 0 && rule.stop(reading)), 0, 0, std::nullopt}));
    for (const screen::AuditPlan& plan : screen::audit_plans()) {
        RuleSays says{
            std::string(plan.name), std::string(plan.claim), unread == 0, 0, plan.confidence, std::nullopt};
        if (unread > 0 && out.found > 0 && plan.pause(reading)) {
            const double surer = confidence_of_each(plan.confidence, s.audits.size());
            for (const DrawnAudit& audit : s.audits) {
                const auto report = report_of(s, audit, surer, out.found);
                says.stop |= report.recall_low && *report.recall_low >= plan.target;
            }
            if (!says.stop)
                says.draw = screen::audit_size(unread, out.found, plan.target,
                                               confidence_of_each(plan.confidence, s.audits.size() + 1));
            says.stop |= says.draw == 0; // were all of the rest relevant, the target would still be reached
        }
        out.plans.push_back(covered(std::move(says)));
    }
    out.sentence = sentence_of(out);
    return out;
}

std::string Screening::standing() {
    State& s = *state_;
    if (s.request.stage != "screen" || s.blind()) return {};
    const std::vector<char> found = s.found_so_far();
    const screen::Reading reading{found, s.records_at_stage()};
    std::string out = fmt::format("{} of {} read, {} kept, {} read since the last one kept", found.size(),
                                  s.records_at_stage(), count_found(found), screen::in_a_row(reading));
    if (const auto estimate = screen::gap_recall_estimate(reading))
        out += fmt::format("; recall by the gaps about {:.0f} %", 100 * *estimate);
    return out + "\n";
}

AuditReport Screening::audit(const store::Act& act, std::size_t count, std::uint32_t seed,
                             std::optional<double> sure) {
    State& s = *state_;
    s.catch_up();
    const double confidence = sure.value_or(s.setup.confidence);
    if (!(confidence > 0 && confidence < 1))
        throw Error("usage", "confidence lies between 0 and 1", Exit::input);
    if (s.request.stage != "screen")
        throw Error("usage", "an audit is for titles and abstracts; full texts are all read", Exit::input);
    const std::vector<char> found = s.found_so_far();
    const std::size_t kept = count_found(found);
    for (const DrawnAudit& audit : s.audits) {
        const auto report = report_of(s, audit, confidence, kept);
        if (!report.complete())
            throw Error(
                "screen/audit",
                fmt::format(
                    "{} of the {} records of the audit drawn by {} are still to be read; a second one is "
                    "drawn only then",
                    report.drawn - report.read, report.drawn, audit.who),
                Exit::input);
    }
    std::vector<std::size_t> unread;
    for (std::size_t row = 0; row < s.entries.size(); ++row)
        if (s.at_stage(row) && !s.ballots.of(row).read()) unread.push_back(row);
    if (unread.empty())
        throw Error("screen/audit", "nothing is left unread: there is nothing to draw from", Exit::input);
    if (count == 0) {
        if (kept == 0)
            throw Error(
                "screen/audit",
                "how many to draw follows from how many were found, and none was; say how many with --n",
                Exit::input);
        count = screen::audit_size(unread.size(), kept, s.setup.target,
                                   confidence_of_each(confidence, s.audits.size() + 1));
        if (count == 0)
            throw Error(
                "screen/audit",
                fmt::format(
                    "no audit is needed: were all {} unread records relevant, recall would still be {}",
                    unread.size(), percent(s.setup.target)),
                Exit::input);
    }
    if (count > unread.size())
        throw Error("usage", fmt::format("--n {}: only {} records are unread", count, unread.size()),
                    Exit::input);
    store::Event head;
    head.kind = "audit", head.stage = "screen";
    head.value = fmt::format("{} of {}, {} found", count, unread.size(), kept);
    head.why = fmt::format("seed {}", seed);
    std::vector<store::Event> parts;
    for (const std::size_t row : screen::draw(unread, count, seed)) {
        store::Event part;
        part.kind = "drawn", part.stage = "screen", part.record = s.entries[row].id;
        parts.push_back(std::move(part));
    }
    s.store.append_with_parts(act, head, parts);
    s.catch_up();
    return report_of(s, s.audits.back(), confidence_of_each(confidence, s.audits.size()), kept);
}

} // namespace assay::app
