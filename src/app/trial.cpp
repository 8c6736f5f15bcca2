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
        if (analysis.main &&
            (request.values ? analysis.main->measure == "MD"
                            : analysis.main->measure == "RR" || analysis.main->measure == "IRR" ||
                                  analysis.main->measure == "ROM"))
            ratios.push_back(analysis.id.value);
    if (!found || !found->main || std::find(ratios.begin(), ratios.end(), request.analysis) == ratios.end()) {
        std::string list;
        for (const auto& id : ratios)
            list += (list.empty() ? "" : ", ") + id;
        throw Error("trial/no-prior",
                    "'" + request.analysis +
                        (request.values
                             ? "' is not a pooled difference of means of this review; those are: "
                             : "' is not a pooled ratio of rates, means or risks of this review; those "
                               "are: ") +
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
    if (request.values && request.analysis.empty()) return {};
    const auto population =
        request.analysis.empty() ? from_tables(request, diagnostics) : from_review(request, diagnostics);
    auto with = [&](double spread) { return trial::person_sd(population.se, population.tau, spread); };
    const std::string spread = text::format_number(request.person_spread),
                      half = text::format_number(request.person_spread / 2);
    std::vector<trial::Prior> made = {{"predictive", population.mean, with(request.person_spread),
                                       population.source + ", spread between people " + spread},
                                      {"sceptical", population.mean, with(request.person_spread / 2),
                                       population.source + ", spread between people " + half}};
    if (!request.values) made.push_back({"wide", 0, 1, "N(0, 1): as if nothing were known"});
    return made;
}

namespace {

/// What the rule of stopping costs: claims in either direction without an effect.
std::string looking_words(const trial::PlanRequest& request, const trial::Plan& plan) {
    std::string once, looking;
    for (const auto& cell : plan.cells) {
        const auto name = (once.empty() ? "" : ", ") +
                          text::fixed(100 * (cell.false_claim.front() + cell.false_more.front()), 1) +
                          " % (k " + size_name(cell.size) + ")";
        once += name;
        looking += (looking.empty() ? "" : ", ") + text::fixed(100 * cell.false_looking.front(), 1) +
                   " % (k " + size_name(cell.size) + ")";
    }
    const auto first = request.pairs > request.first_look
                           ? "looking after every pair from number " + std::to_string(request.first_look) +
                                 " and stopping at the first claim: " + looking
                           : std::string("there is no pair to look after before the end");
    return "False claims of the stopping rule, either direction, prior " + request.priors.front().name +
           ": " + (request.every_pair ? "" : "once at the end: " + once + "; ") + first + ".";
}

} // namespace

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
            " that claim it; \"false\": share that claim it when nothing differs. "
            "The last column is what counting with the Poisson formula would claim falsely (two-sided 0.05).",
        width, "  ", "  ");
    out += folded(looking_words(request, plan), width, "  ", "  ");
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
                                 {"false_claims_more", cell.false_more},
                                 {"false_claims_looking_after_every_pair", cell.false_looking},
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
    double most = 0, least = 0;
    for (const auto& day : diary.days)
        if (day.count) {
            most = std::max(most, *day.count);
            least = std::min(least, *day.count);
        }
    std::string out =
        "week from    days  " + diary.outcome + (diary.values ? ", mean of the week" : "") + "\n";
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
        // A measured value has its place between the least and the most of all days; a count its own length.
        const double mean = days > 0 ? count / days : 0;
        const double length = !diary.values  ? std::min(40.0, count)
                              : days == 0    ? 0
                              : most > least ? 30 * (mean - least) / (most - least)
                                             : 1;
        std::string bar;
        for (int i = 0; i < length; ++i)
            bar += unicode ? "\xE2\x96\x88" : "#";
        const auto shown = days == 0      ? std::string("-")
                           : diary.values ? text::readable(mean)
                                          : text::format_number(count);
        out += trial::date_text(week) + "   " + std::to_string(days) + "/7" + column(shown, 6) + "  " + bar +
               arm(week) + "\n";
    }
    out += std::to_string(entered) + " days written, " + std::to_string(missing) +
           " missing (missing is not 0), " +
           (diary.values ? "mean " + text::readable(entered > 0 ? total / entered : 0)
                         : text::format_number(total) + " " + diary.outcome + " in all") +
           "\n";
    return out;
}

namespace {

std::string interval(double low, double high, int decimals) {
    return text::fixed(low, decimals) + " to " + text::fixed(high, decimals);
}

std::string direction(const std::string& verdict, const std::string& outcome) {
    if (verdict == "fewer") return "Fewer " + outcome + " with the treatment than without";
    if (verdict == "more") return "More " + outcome + " with the treatment than without";
    if (verdict == "lower") return "Lower " + outcome + " with the treatment than without";
    if (verdict == "higher") return "Higher " + outcome + " with the treatment than without";
    if (verdict == "little difference") return "Little or no difference";
    return "Not settled";
}

std::string priors_that_differ(const trial::TrialResult& result) {
    if (!result.verdict_changes) return " The verdict is the same under all priors shown.";
    std::string list;
    for (const auto& under : result.under)
        list += (list.empty() ? "" : ", ") + under.prior.name + ": " + under.verdict;
    return " The verdict changes with the prior (" + list + ").";
}

std::string named(const std::string& name) {
    std::string made = name;
    made.resize(std::max<std::size_t>(15, made.size()), ' ');
    return "  " + made;
}

std::string count_rows(const trial::TrialResult& result) {
    std::string out =
        "  prior               RR  95 % interval    P(RR<1)  P(RR<.75)  P(within 10 %)  log BF10  "
        "verdict\n";
    for (const auto& under : result.under) {
        const auto& p = under.posterior;
        out += named(under.prior.name) + column(text::fixed(p.rr_median, 2), 7) + "  " +
               column(interval(std::exp(p.q025), std::exp(p.q975), 2), 13) +
               column(text::fixed(p.p_below_1, 3), 11) + column(text::fixed(p.p_below_075, 3), 11) +
               column(text::fixed(p.p_rope, 3), 16) + column(text::fixed(p.log_bf10, 2), 10) + "  " +
               under.verdict + "\n";
    }
    return out;
}

std::string value_rows(const trial::TrialResult& result) {
    const auto matters = text::readable(result.matters);
    std::string out = "  prior         difference   95 % interval     P(<0)   P(<-" + matters +
                      ")   P(within " + matters + ")  log BF10  verdict\n";
    for (const auto& under : result.under) {
        const auto& p = under.value;
        out += named(under.prior.name) + column(text::fixed(p.q50, 2), 9) + "  " +
               column(interval(p.q025, p.q975, 2), 15) + column(text::fixed(p.p_below_0, 3), 9) +
               column(text::fixed(p.p_below_matters, 3), 8 + matters.size()) +
               column(text::fixed(p.p_rope, 3), 12 + matters.size()) +
               column(text::fixed(p.log_bf10, 2), 10) + "  " + under.verdict + "\n";
    }
    const auto& p = result.under.front().value;
    out += "  A day remembers the one before with " + text::fixed(p.phi, 2) + "; the errors spread by " +
           text::readable(p.sigma) + "; heavy tails with probability " + text::fixed(p.heavy, 2) + ".\n";
    return out;
}

std::string other_rows(const trial::TrialResult& result) {
    if (result.others.empty()) return "";
    std::string out = "\n  The same under other choices, prior " + result.under.front().prior.name + "\n";
    for (const auto& other : result.others) {
        std::string name = other.what;
        name.resize(std::max<std::size_t>(44, name.size()), ' ');
        out += "  " + name + column(text::fixed(other.estimate, 2), 6) + "  " +
               column(interval(other.low, other.high, 2), 14) + column(text::fixed(other.p_below, 3), 8) +
               "  " + other.verdict + "\n";
    }
    return out;
}

} // namespace

std::string trial_sentence(const trial::TrialResult& result) {
    const auto& main = result.under.front();
    std::string text = direction(main.verdict, result.outcome) + ": ";
    if (result.values) {
        const auto& p = main.value;
        text += "difference " + text::with_interval(p.q50, p.q025, p.q975) +
                " (with minus without, 95 % interval).";
    } else {
        const auto& p = main.posterior;
        text += "rate ratio " + text::fixed(p.rr_median, 2) + " (95 % interval " +
                interval(std::exp(p.q025), std::exp(p.q975), 2) + "), " + text::fixed(p.difference, 1) +
                " (" + interval(p.difference_low, p.difference_high, 1) + ") " + result.outcome + " a week.";
    }
    return text + priors_that_differ(result);
}

std::string trial_text(const trial::TrialResult& result, int width) {
    width = std::clamp(width, 60, 110);
    std::string out;
    if (!result.under.empty()) {
        out += folded(trial_sentence(result) + " This holds for you and for these weeks. " +
                          person::disclaimer(),
                      width, "", "") +
               "\n";
        out += result.values ? value_rows(result) : count_rows(result);
        out += other_rows(result);
        out += "\n";
        for (const auto& under : result.under)
            out += folded(under.prior.name + (result.values ? ": difference ~ N(" : ": log RR ~ N(") +
                              text::fixed(under.prior.mean, 3) + ", " + text::fixed(under.prior.sd, 3) +
                              "); " + under.prior.source,
                          width, "  ", "    ");
        out += "\n";
    }
    if (result.randomisation_p)
        out += folded("Randomisation test over the orders that could have been drawn: P = " +
                          text::p_value(*result.randomisation_p) + " (" +
                          std::to_string(result.pair_differences.size()) +
                          (result.pair_differences.size() == 1 ? " pair" : " pairs") + ", secondary).",
                      width, "", "");
    out += folded("Days: " + std::to_string(result.days_planned) + " planned, " +
                      std::to_string(result.days_entered) + " written (" + std::to_string(result.days_late) +
                      " late), " + std::to_string(result.days_missing) + " missing; " +
                      std::to_string(result.days_used) + " used" +
                      (result.values ? "." : " in " + std::to_string(result.weeks) + " weeks."),
                  width, "", "");
    if (result.days_with > 0 && result.days_without > 0) {
        const double per = result.values ? 1 : 7;
        out += folded(std::string("In the days used: ") +
                          text::readable(per * result.events_with / result.days_with) +
                          (result.values ? "" : " a week") + " with, " +
                          text::readable(per * result.events_without / result.days_without) +
                          (result.values ? "" : " a week") + " without" + (result.values ? " (means)." : "."),
                      width, "", "");
    }
    if (result.adherence_with)
        out +=
            "A dose was taken on " + percent(*result.adherence_with) + " of the treatment days that tell.\n";
    for (const auto& note : result.notes)
        out += folded(note, width, "! ", "  ");
    return out;
}

namespace {

Json json_of(const trial::CountPosterior& p) {
    return {{"mean_log_rr", p.mean},
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
            {"converged", p.converged}};
}

Json json_of(const trial::ValuePosterior& p) {
    return {{"mean", p.mean},
            {"sd", p.sd},
            {"q025", p.q025},
            {"q50", p.q50},
            {"q975", p.q975},
            {"p_below_0", p.p_below_0},
            {"p_below_minus_matters", p.p_below_matters},
            {"p_above_matters", p.p_above_matters},
            {"p_rope", p.p_rope},
            {"log_bf10", p.log_bf10},
            {"log_ml", p.log_ml},
            {"phi", p.phi},
            {"sigma", p.sigma},
            {"p_heavy_tails", p.heavy},
            {"converged", p.converged}};
}

} // namespace

std::string trial_json(const trial::TrialResult& result) {
    Json root;
    root["schema"] = "assay/trial/1";
    root["outcome"] = result.outcome;
    root["kind"] = result.values ? "values" : "counts";
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
        Json item = {{"prior",
                      {{"name", under.prior.name},
                       {"mean", under.prior.mean},
                       {"sd", under.prior.sd},
                       {"source", under.prior.source}}}};
        item.update(result.values ? json_of(under.value) : json_of(under.posterior));
        item["verdict"] = under.verdict;
        root["posteriors"].push_back(std::move(item));
    }
    if (result.values) root["matters"] = result.matters;
    root["other_choices"] = Json::array();
    for (const auto& other : result.others)
        root["other_choices"].push_back({{"what", other.what},
                                         {result.values ? "difference" : "rr", other.estimate},
                                         {"interval", {other.low, other.high}},
                                         {result.values ? "p_below_0" : "p_rr_below_1", other.p_below},
                                         {"verdict", other.verdict}});
    root["periods"] = Json::array();
    for (const auto& p : result.periods)
        root["periods"].push_back({{"label", p.period.label},
                                   {"treatment", p.period.treatment},
                                   {"first", trial::date_text(p.period.first)},
                                   {"last", trial::date_text(p.period.last)},
                                   {"days", p.days},
                                   {"sum", p.sum},
                                   {"days_that_tell_of_doses", p.known},
                                   {"days_with_a_dose", p.dosed},
                                   {"days_with_loose_stools", p.loose}});
    root["verdict_changes"] = result.verdict_changes;
    root["notes"] = result.notes;
    root["disclaimer"] = person::disclaimer();
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::app
