#include "app/trial.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "app/person.hpp"
#include "base/error.hpp"
#include "text/format.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

using Json = nlohmann::ordered_json;

struct Population {
    double mean = 0, se = 0, tau = 0;
    std::string source;
};

Population from_review(const PriorRequest& request, Diagnostics& diagnostics) {
    const auto checked = check(request.review);
    diagnostics.append(checked.diagnostics);
    if (checked.diagnostics.has_errors()) return {};
    const auto results = analyse(checked.review);
    const auto* found = results.find(model::AnalysisId(request.analysis));
    std::vector<std::string> ratios;
    for (const auto& analysis : results.analyses)
        if (analysis.main && (analysis.main->measure == "RR" || analysis.main->measure == "IRR" ||
                              analysis.main->measure == "ROM"))
            ratios.push_back(analysis.id.value);
    if (!found || !found->main || std::find(ratios.begin(), ratios.end(), request.analysis) == ratios.end()) {
        std::string list;
        for (const auto& id : ratios)
            list += (list.empty() ? "" : ", ") + id;
        throw Error("trial/no-prior",
                    "'" + request.analysis +
                        "' is not a pooled ratio of rates, means or risks of this review; those are: " +
                        (list.empty() ? "none" : list),
                    Exit::input);
    }
    return {found->main->estimate, found->main->se, std::sqrt(found->main->tau2),
            "analysis " + request.analysis + " of " + request.review.string()};
}

Population from_tables(const PriorRequest& request, Diagnostics& diagnostics) {
    const auto tables = person_tables(request.substance, request.review, diagnostics);
    for (const auto& row : tables.priors)
        if (row.goal == request.goal)
            return {row.log_rr, row.se, row.tau,
                    row.label + "; " + row.origin.source + " [priors:" + row.origin.id + "]"};
    throw Error("trial/no-prior",
                "the table of priors has no row for '" + request.goal +
                    "'; name an analysis of a review, or --prior MEAN SD",
                Exit::input);
}

std::string percent(double share) {
    return text::fixed(100 * share, share < 0.1 ? 1 : 0) + " %";
}
std::string size_name(double size) {
    return size > 0 ? text::format_number(size) : "inf";
}

std::string column(std::string text, std::size_t width) {
    return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

} // namespace

std::vector<trial::Prior> trial_priors(const PriorRequest& request, Diagnostics& diagnostics) {
    const auto population =
        request.analysis.empty() ? from_tables(request, diagnostics) : from_review(request, diagnostics);
    auto with = [&](double spread) { return trial::person_sd(population.se, population.tau, spread); };
    const std::string spread = text::format_number(request.person_spread),
                      half = text::format_number(request.person_spread / 2);
    return {{"predictive", population.mean, with(request.person_spread),
             population.source + ", spread between people " + spread},
            {"sceptical", population.mean, with(request.person_spread / 2),
             population.source + ", spread between people " + half},
            {"wide", 0, 1, "N(0, 1): as if nothing were known"}};
}

std::string plan_text(const trial::PlanRequest& request, const trial::Plan& plan, int width) {
    width = std::clamp(width, 60, 110);
    std::string out = "Trial of " + std::to_string(2 * request.pairs * request.weeks) +
                      " weeks: " + std::to_string(request.pairs) + " pairs of periods of " +
                      std::to_string(request.weeks) + " weeks, order drawn within each pair\n";
    out += folded(
        "Rate without treatment " + text::format_number(request.rate) + " a week; rate ratio worth finding " +
            text::format_number(request.rr) + "; half-life of the effect " +
            text::format_number(request.half_life_days) + " days; " +
            (request.second_half ? "the second half of each period is analysed" : "all days are analysed") +
            "; a claim is P(RR < 1) > " + text::format_number(request.claim) +
            (request.every_pair ? ", looked at after every pair from the second."
                                : ", looked at once, at the end."),
        width, "  ", "  ");
    out += "\n  k of your weeks   weeks for 80 %";
    for (const auto& prior : request.priors)
        out += column(prior.name, 14);
    out += column("Poisson", 12) + "\n                    (closed form)";
    for (std::size_t i = 0; i < request.priors.size(); ++i)
        out += column("found/false", 14);
    out += column("false", 12) + "\n";
    for (const auto& cell : plan.cells) {
        out += column(size_name(cell.size), 13) +
               column(text::fixed(std::ceil(cell.weeks_80 - 1e-9), 0), 18) + "  ";
        for (std::size_t p = 0; p < request.priors.size(); ++p)
            out += column(text::fixed(cell.power[p], 2) + " / " + text::fixed(cell.false_claim[p], 3), 14);
        out += column(text::fixed(cell.poisson_false, 3), 12) + "\n";
    }
    out += "\n";
    out += folded(
        "k says how much weeks differ beyond chance: inf is pure chance (Poisson), 1 is very uneven. Nobody "
        "has measured it for one person's cramps, so it is varied. "
        "\"found\": share of trials with a true ratio of " +
            text::format_number(request.rr) +
            " that claim it; \"false\": share that claim it when there is no effect. "
            "The last column is what counting with the Poisson formula would claim falsely (two-sided 0.05).",
        width, "  ", "  ");
    out += folded(
        "Carry-over: a true ratio of " + text::format_number(plan.steady_rr) + " shows as " +
            text::fixed(plan.seen_all, 2) + " over all days and as " + text::fixed(plan.seen_second, 2) +
            " over the second halves. What comes and goes more slowly than the periods cannot be learned.",
        width, "  ", "  ");
    for (const auto& prior : request.priors)
        out += folded("Prior " + prior.name + ": log RR ~ N(" + text::fixed(prior.mean, 3) + ", " +
                          text::fixed(prior.sd, 3) + "); " + prior.source + ".",
                      width, "  ", "    ");
    out += "\n" + folded(plan.recommendation + " " + person::disclaimer(), width, "", "");
    out += folded(std::to_string(plan.simulated) + " simulated trials, seed " + std::to_string(request.seed) +
                      ".",
                  width, "", "");
    return out;
}

std::string plan_json(const trial::PlanRequest& request, const trial::Plan& plan) {
    Json root;
    root["schema"] = "assay/trial-plan/1";
    root["seed"] = request.seed;
    root["simulated"] = plan.simulated;
    root["rate_per_week"] = request.rate;
    root["rate_ratio"] = request.rr;
    root["half_life_days"] = request.half_life_days;
    root["pairs"] = request.pairs;
    root["weeks_per_period"] = request.weeks;
    root["second_half_only"] = request.second_half;
    root["claim"] = request.claim;
    root["looks"] = request.every_pair ? "every pair" : "once";
    root["seen_rate_ratio"] = {{"all_days", plan.seen_all}, {"second_half", plan.seen_second}};
    root["priors"] = Json::array();
    for (const auto& prior : request.priors)
        root["priors"].push_back(
            {{"name", prior.name}, {"mean", prior.mean}, {"sd", prior.sd}, {"source", prior.source}});
    root["cells"] = Json::array();
    for (const auto& cell : plan.cells)
        root["cells"].push_back({{"k", cell.size > 0 ? Json(cell.size) : Json(nullptr)},
                                 {"weeks_for_80_percent", cell.weeks_80},
                                 {"power", cell.power},
                                 {"false_claims", cell.false_claim},
                                 {"poisson_false_claims", cell.poisson_false}});
    root["recommendation"] = plan.recommendation;
    root["disclaimer"] = person::disclaimer();
    return root.dump(2) + "\n";
}

std::string schedule_text(const std::vector<trial::Period>& periods) {
    std::string out;
    for (const auto& period : periods)
        out += period.label + "  pair " + std::to_string(period.pair) + "  " +
               trial::date_text(period.first) + " to " + trial::date_text(period.last) + "  " +
               (period.treatment ? "treatment" : "control") + "\n";
    return out;
}

std::string diary_text(const trial::Diary& diary, const std::vector<trial::Period>& schedule, bool unicode) {
    if (diary.days.empty()) return "The diary is empty.\n";
    auto arm = [&](int day) -> std::string {
        for (const auto& period : schedule)
            if (day >= period.first && day <= period.last)
                return period.treatment ? " treatment" : " control";
        return "";
    };
    std::string out = "week from    days  " + diary.outcome + "\n";
    const int start = diary.days.front().day, end = diary.days.back().day;
    std::size_t at = 0;
    double total = 0;
    int entered = 0, missing = 0;
    for (int week = start; week <= end; week += 7) {
        double count = 0;
        int days = 0;
        for (; at < diary.days.size() && diary.days[at].day < week + 7; ++at)
            if (diary.days[at].count) {
                count += *diary.days[at].count;
                ++days;
            }
        total += count;
        entered += days;
        missing += std::min(7, end - week + 1) - days;
        std::string bar;
        for (int i = 0; i < std::min(40.0, count); ++i)
            bar += unicode ? "\xE2\x96\x88" : "#";
        out += trial::date_text(week) + "   " + std::to_string(days) + "/7" +
               column(text::format_number(count), 6) + "  " + bar + arm(week) + "\n";
    }
    out += std::to_string(entered) + " days written, " + std::to_string(missing) +
           " missing (missing is not 0), " + text::format_number(total) + " " + diary.outcome + " in all\n";
    return out;
}

namespace {

std::string interval(double low, double high, int decimals) {
    return text::fixed(low, decimals) + " to " + text::fixed(high, decimals);
}

std::string verdict_words(const trial::TrialResult& result) {
    const auto& main = result.under.front();
    const auto& p = main.posterior;
    std::string text;
    if (main.verdict == "fewer")
        text = "Fewer " + result.outcome + " with the treatment than without";
    else if (main.verdict == "more")
        text = "More " + result.outcome + " with the treatment than without";
    else if (main.verdict == "little difference")
        text = "Little or no difference";
    else
        text = "Not settled";
    text += ": rate ratio " + text::fixed(p.rr_median, 2) + " (95 % interval " +
            interval(std::exp(p.q025), std::exp(p.q975), 2) + "), " + text::fixed(p.difference, 1) + " (" +
            interval(p.difference_low, p.difference_high, 1) + ") " + result.outcome + " a week.";
    text += result.verdict_changes ? " The verdict changes with the prior."
                                   : " The verdict is the same under all priors shown.";
    return text;
}

} // namespace

std::string trial_text(const trial::TrialResult& result, int width) {
    width = std::clamp(width, 60, 110);
    std::string out;
    if (!result.under.empty()) {
        out +=
            folded(verdict_words(result) + " This holds for you and for these weeks. " + person::disclaimer(),
                   width, "", "") +
            "\n";
        out += "  prior               RR  95 % interval    P(RR<1)  P(RR<.75)  P(within 10 %)  log BF10  "
               "verdict\n";
        for (const auto& under : result.under) {
            const auto& p = under.posterior;
            std::string name = under.prior.name;
            name.resize(std::max<std::size_t>(15, name.size()), ' ');
            out += "  " + name + column(text::fixed(p.rr_median, 2), 7) + "  " +
                   column(interval(std::exp(p.q025), std::exp(p.q975), 2), 13) +
                   column(text::fixed(p.p_below_1, 3), 11) + column(text::fixed(p.p_below_075, 3), 11) +
                   column(text::fixed(p.p_rope, 3), 16) + column(text::fixed(p.log_bf10, 2), 10) + "  " +
                   under.verdict + "\n";
        }
        for (const auto& under : result.under)
            out += folded(under.prior.name + ": log RR ~ N(" + text::fixed(under.prior.mean, 3) + ", " +
                              text::fixed(under.prior.sd, 3) + "); " + under.prior.source,
                          width, "  ", "    ");
        out += "\n";
    }
    if (result.randomisation_p)
        out += folded("Randomisation test over the orders that could have been drawn: P = " +
                          text::p_value(*result.randomisation_p) + " (" +
                          std::to_string(result.pair_differences.size()) + " pairs, secondary).",
                      width, "", "");
    out +=
        folded("Days: " + std::to_string(result.days_planned) + " planned, " +
                   std::to_string(result.days_entered) + " written (" + std::to_string(result.days_late) +
                   " late), " + std::to_string(result.days_missing) + " missing; " +
                   std::to_string(result.days_used) + " used in " + std::to_string(result.weeks) + " weeks.",
               width, "", "");
    if (result.days_with > 0 && result.days_without > 0)
        out += folded("In the days used: " + text::readable(7 * result.events_with / result.days_with) +
                          " a week with, " + text::readable(7 * result.events_without / result.days_without) +
                          " a week without.",
                      width, "", "");
    if (result.adherence_with)
        out +=
            "A dose was taken on " + percent(*result.adherence_with) + " of the treatment days that tell.\n";
    for (const auto& note : result.notes)
        out += folded(note, width, "! ", "  ");
    return out;
}

std::string trial_json(const trial::TrialResult& result) {
    Json root;
    root["schema"] = "assay/trial/1";
    root["outcome"] = result.outcome;
    root["days"] = {{"planned", result.days_planned},
                    {"entered", result.days_entered},
                    {"late", result.days_late},
                    {"missing", result.days_missing},
                    {"used", result.days_used}};
    root["weeks"] = result.weeks;
    root["with"] = {{"events", result.events_with}, {"days", result.days_with}};
    root["without"] = {{"events", result.events_without}, {"days", result.days_without}};
    root["pair_differences"] = result.pair_differences;
    root["randomisation_p"] = result.randomisation_p ? Json(*result.randomisation_p) : Json(nullptr);
    root["adherence"] = result.adherence_with ? Json(*result.adherence_with) : Json(nullptr);
    root["posteriors"] = Json::array();
    for (const auto& under : result.under) {
        const auto& p = under.posterior;
        root["posteriors"].push_back(
            {{"prior",
              {{"name", under.prior.name},
               {"mean", under.prior.mean},
               {"sd", under.prior.sd},
               {"source", under.prior.source}}},
             {"mean_log_rr", p.mean},
             {"sd_log_rr", p.sd},
             {"q025", p.q025},
             {"q50", p.q50},
             {"q975", p.q975},
             {"rr_median", p.rr_median},
             {"p_rr_below_1", p.p_below_1},
             {"p_rr_below_075", p.p_below_075},
             {"p_rope", p.p_rope},
             {"log_bf10", p.log_bf10},
             {"log_ml", p.log_ml},
             {"difference_per_week", {p.difference, p.difference_low, p.difference_high}},
             {"k", p.dispersion},
             {"converged", p.converged},
             {"verdict", under.verdict}});
    }
    root["verdict_changes"] = result.verdict_changes;
    root["notes"] = result.notes;
    root["disclaimer"] = person::disclaimer();
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::app
