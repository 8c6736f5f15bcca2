// The report of one trial by those items of CENT 2015 (Vohra and others 2015, BMJ 350:h1738) that diary and
// schedule can fill.
#include "app/trial.hpp"
#include "base/utf8.hpp"
#include "person/advice.hpp"
#include "text/format.hpp"
#include "trial/dates.hpp"

#include <cmath>

namespace assay::app {

namespace {

std::string escaped(std::string_view text) {
    std::string made;
    for (char c : safe_text(text)) {
        if (c == '&')
            made += "&amp;";
        else if (c == '<')
            made += "&lt;";
        else if (c == '>')
            made += "&gt;";
        else if (c == '"')
            made += "&quot;";
        else
            made += c;
    }
    return made;
}

std::string row(const std::string& item, const std::string& text) {
    return "<tr><th scope=\"row\">" + item + "</th><td>" + text + "</td></tr>\n";
}

std::string number(double value, int decimals) {
    return text::fixed(value, decimals);
}

std::string posterior_rows(const trial::TrialResult& result) {
    std::string out =
        "<table><caption>Posterior under each prior</caption><tr><th scope=\"col\">Prior</th><th "
        "scope=\"col\">Rate ratio (95 % interval)</th><th scope=\"col\">P(RR&lt;1)</th>"
        "<th scope=\"col\">P(RR&lt;0.75)</th><th scope=\"col\">P(within 10 %)</th><th scope=\"col\">Per week "
        "(95 % interval)</th><th scope=\"col\">Verdict</th></tr>\n";
    for (const auto& under : result.under) {
        const auto& p = under.posterior;
        out += "<tr><th scope=\"row\">" + escaped(under.prior.name) + ": N(" + number(under.prior.mean, 3) +
               ", " + number(under.prior.sd, 3) + ")</th><td>" + number(p.rr_median, 2) + " (" +
               number(std::exp(p.q025), 2) + " to " + number(std::exp(p.q975), 2) + ")</td><td>" +
               number(p.p_below_1, 3) + "</td><td>" + number(p.p_below_075, 3) + "</td><td>" +
               number(p.p_rope, 3) + "</td><td>" + number(p.difference, 1) + " (" +
               number(p.difference_low, 1) + " to " + number(p.difference_high, 1) + ")</td><td>" +
               under.verdict + "</td></tr>\n";
    }
    return out + "</table>\n";
}

} // namespace

std::string trial_html(const trial::TrialResult& result, const std::vector<trial::Period>& schedule) {
    std::string out =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>A trial of one person</title>\n"
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 "
        "system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 "
        "1rem}table{border-collapse:collapse;margin:1rem 0}"
        "td,th{border:1px solid #767676;padding:.3rem "
        ".6rem;text-align:left;vertical-align:top}caption{text-align:left;font-weight:600}</style></"
        "head><body><main>\n"
        "<h1>A trial of one person</h1>\n<p>" +
        escaped(person::disclaimer()) + " The result holds for this person and these weeks.</p>\n";
    if (!result.under.empty()) out += posterior_rows(result);
    out += "<table><caption>What CENT 2015 asks</caption>\n";
    if (!schedule.empty())
        out += row("3 Design", std::to_string(schedule.size()) + " periods in randomised pairs, " +
                                   trial::date_text(schedule.front().first) + " to " +
                                   trial::date_text(schedule.back().last));
    out += row("6 Outcome", escaped(result.outcome) + ", counted each day");
    std::string order;
    for (const auto& period : schedule)
        order += (order.empty() ? "" : ", ") + escaped(period.label) + " " +
                 (period.treatment ? "treatment" : "control");
    out += row("8 Sequence", order);
    out += row("12 Analysis", "Negative binomial regression with a term for time, deterministic quadrature, "
                              "priors as listed; randomisation test over the orders of the pairs");
    out += row("13 Flow", std::to_string(result.days_planned) + " days planned, " +
                              std::to_string(result.days_entered) + " written (" +
                              std::to_string(result.days_late) + " late), " +
                              std::to_string(result.days_missing) + " missing, " +
                              std::to_string(result.days_used) + " used");
    if (result.days_with > 0 && result.days_without > 0)
        out += row("17 Outcome by arm",
                   number(7 * result.events_with / result.days_with, 2) + " a week with, " +
                       number(7 * result.events_without / result.days_without, 2) + " a week without");
    if (result.randomisation_p)
        out += row("17 Randomisation test", "P = " + escaped(text::p_value(*result.randomisation_p)) + ", " +
                                                std::to_string(result.pair_differences.size()) + " pairs");
    if (result.adherence_with)
        out +=
            row("Adherence", number(100 * *result.adherence_with, 0) + " % of the treatment days that tell");
    for (const auto& note : result.notes)
        out += row("20 Limitation", escaped(note));
    return out + "</table>\n</main></body></html>\n";
}

} // namespace assay::app
