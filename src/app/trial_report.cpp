// The report of one trial after CENT 2015 (Vohra and others 2015, BMJ 350:h1738): every item in its order,
// filled from diary and schedule where they can, from the person's own words where they were given, and open
// where neither tells.
#include "app/trial.hpp"
#include "person/advice.hpp"
#include "plot/diary.hpp"
#include "plot/markup.hpp"
#include "report/csp.hpp"
#include "text/format.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace assay::app {

namespace {

using plot::Markup;

struct CentItem {
    std::string_view id, asks;
};
constexpr std::array<CentItem, 43> cent_items{{
    {"1a", "Title says that it is an N-of-1 trial"},
    {"1b", "Structured summary"},
    {"2a.1", "What was known before"},
    {"2a.2", "Why a trial of one person"},
    {"2b", "Objective"},
    {"3a", "Design: number and length of periods, run-in, washout"},
    {"3b", "Changes to the methods after the start"},
    {"4a", "The person: diagnosis, other conditions, other treatments"},
    {"4b", "Setting and place"},
    {"4c", "Research or care; approval by an ethics committee"},
    {"5", "What was taken in each period"},
    {"6a.1", "Outcomes, how and when they were measured"},
    {"6a.2", "How good the measure is"},
    {"6b", "Changes to outcomes after the start"},
    {"7a", "How the length was decided"},
    {"7b", "Looks before the end and rules for stopping"},
    {"8a", "Whether and how the order was randomised"},
    {"8b", "Restrictions of the order"},
    {"8c", "The full intended order"},
    {"9", "How the order was hidden"},
    {"10", "Who drew the order and who carried it out"},
    {"11a", "Who did not know the treatment"},
    {"11b", "How alike the treatments were"},
    {"12a", "How the data were summarised and compared"},
    {"12b", "How several such trials are put together"},
    {"12c", "How carry-over, time and resemblance of days were dealt with"},
    {"13a", "Periods completed, changes to the plan"},
    {"13c", "Days and periods lost, and why"},
    {"14a", "Dates"},
    {"14b", "Whether it was stopped early, and why"},
    {"15", "The person at the start"},
    {"16", "Periods and days analysed for each treatment"},
    {"17a.1", "Results of each period, with a figure"},
    {"17a.2", "Size of the effect and its precision"},
    {"17b", "Relative and absolute size of the effect"},
    {"18", "Further analyses"},
    {"19", "Harms"},
    {"20", "Limitations"},
    {"21", "For whom the result holds"},
    {"22", "Meaning, with benefits and harms weighed"},
    {"23", "Registration"},
    {"24", "Where the plan can be read"},
    {"25", "Funding and other support"},
}};

std::string number(double value, int decimals) {
    return text::fixed(value, decimals);
}

std::string days_text(const std::vector<trial::Period>& schedule) {
    std::vector<int> lengths;
    for (const auto& period : schedule)
        lengths.push_back(period.last - period.first + 1);
    const auto [low, high] = std::minmax_element(lengths.begin(), lengths.end());
    return std::to_string(*low) + (*low == *high ? "" : " to " + std::to_string(*high)) + " days";
}

std::string effect_text(const trial::TrialResult& result, const trial::UnderPrior& under) {
    if (result.values)
        return "difference " + text::with_interval(under.value.q50, under.value.q025, under.value.q975);
    const auto& p = under.posterior;
    return "rate ratio " + number(p.rr_median, 2) + " (" + number(std::exp(p.q025), 2) + " to " +
           number(std::exp(p.q975), 2) + ")";
}

std::string harms_text(const trial::TrialResult& result) {
    int loose[2] = {}, other[2] = {}, days[2] = {};
    for (const auto& period : result.periods) {
        const int arm = period.period.treatment ? 1 : 0;
        loose[arm] += period.loose;
        other[arm] += period.other_effects;
        days[arm] += period.days;
    }
    auto share = [&](const int* counts) {
        return std::to_string(counts[1]) + " of " + std::to_string(days[1]) + " days with, " +
               std::to_string(counts[0]) + " of " + std::to_string(days[0]) + " days without";
    };
    return "Loose stools: " + share(loose) + ". Other effects written down: " + share(other) +
           ". What was not asked on a day counts as not there.";
}

/// What diary and schedule say on each item.
std::map<std::string, std::string, std::less<>> known_items(const trial::TrialResult& result,
                                                            const std::vector<trial::Period>& schedule) {
    std::map<std::string, std::string, std::less<>> items;
    items["1a"] = "An N-of-1 trial: " + result.outcome + " with and without the treatment, in one person.";
    items["2a.2"] =
        "Trials of groups tell of the mean; whether this person differs from it only repeated periods with "
        "and without can tell.";
    items["6a.1"] = result.outcome + (result.values ? ", measured each day" : ", counted each day") +
                    "; a day without is written as 0, a day not written is missing";
    if (!schedule.empty()) {
        const auto pairs = schedule.size() / 2;
        items["3a"] = std::to_string(schedule.size()) + " periods of " + days_text(schedule) + " in " +
                      std::to_string(pairs) + (pairs == 1 ? " pair" : " pairs") +
                      ", no run-in and no washout between them";
        items["8a"] =
            "The order within each pair was drawn by a seeded generator (column seed of the schedule)";
        items["8b"] = "Pairs: one period of each kind in every pair";
        std::string order;
        for (const auto& period : schedule)
            order +=
                (order.empty() ? "" : ", ") + period.label + " " + (period.treatment ? "with" : "without");
        items["8c"] = order;
        items["14a"] =
            trial::date_text(schedule.front().first) + " to " + trial::date_text(schedule.back().last);
    }
    items["12a"] =
        result.values
            ? "Regression with t errors, priors as listed, deterministic quadrature; randomisation test over "
              "the orders of the pairs as a second look"
            : "Negative binomial regression of weeks, priors as listed, deterministic quadrature; "
              "randomisation test over the orders of the pairs as a second look";
    items["12b"] = "Not used: one person";
    items["12c"] = std::string(result.days_used < result.days_entered
                                   ? "The first half of each period is left out against carry-over; "
                                   : "All days are used; ") +
                   "a linear term for time; " +
                   (result.values ? "errors that remember the day before (first-order autoregression)"
                                  : "weeks that differ beyond chance (negative binomial size)") +
                   ". Carry-over is not tested: such a test decides wrongly too often";
    int whole = 0;
    for (const auto& period : result.periods)
        whole += period.days > 0;
    items["13a"] = std::to_string(whole) + " of " + std::to_string(result.periods.size()) +
                   " periods have days that were written";
    if (result.adherence_with)
        items["13a"] += "; a dose was taken on " + number(100 * *result.adherence_with, 0) +
                        " % of the treatment days that tell";
    items["13c"] = std::to_string(result.days_planned) + " days planned, " +
                   std::to_string(result.days_entered) + " written (" + std::to_string(result.days_late) +
                   " late), " + std::to_string(result.days_missing) + " missing";
    items["16"] = number(result.days_with, 0) + " days with and " + number(result.days_without, 0) +
                  " days without, " +
                  (result.values ? "" : "in " + std::to_string(result.weeks) + " weeks, ") +
                  "each analysed as it was drawn";
    items["17a.1"] = "See the figure and the table of periods";
    if (!result.under.empty()) {
        const auto& main = result.under.front();
        items["17a.2"] =
            effect_text(result, main) + " under the prior " + main.prior.name + ": " + main.verdict;
        const double per = result.values ? 1 : 7;
        items["17b"] =
            number(per * result.events_with / std::max(1.0, result.days_with), 2) + " with and " +
            number(per * result.events_without / std::max(1.0, result.days_without), 2) + " without, " +
            (result.values ? "mean of the days used"
                           : "a week; difference " +
                                 text::with_interval(main.posterior.difference, main.posterior.difference_low,
                                                     main.posterior.difference_high) +
                                 " a week");
    }
    if (result.randomisation_p)
        items["18"] = "Randomisation test: P = " + text::p_value(*result.randomisation_p) + " (" +
                      std::to_string(result.pair_differences.size()) +
                      (result.pair_differences.size() == 1 ? " pair" : " pairs") +
                      "); other choices in the table";
    items["19"] = harms_text(result);
    std::string limits;
    for (const auto& note : result.notes)
        limits += (limits.empty() ? "" : " ") + note;
    items["20"] = limits.empty() ? "None that the program can see" : limits;
    items["21"] = "This person and these weeks; not other people";
    return items;
}

void cell(Markup& out, std::string_view text) {
    out.element("td", text);
}
void head(Markup& out, std::initializer_list<std::string_view> names) {
    out.open("thead").open("tr");
    for (const auto name : names)
        out.element("th", name, {{"scope", "col"}});
    out.close().close().line();
}
void row_head(Markup& out, std::string_view text) {
    out.open("tr").element("th", text, {{"scope", "row"}});
}

void posterior_table(Markup& out, const trial::TrialResult& result) {
    out.open("div", {{"class", "wide"}}).open("table").element("caption", "The effect under each prior");
    if (result.values)
        head(out, {"Prior", "Difference (95 % interval)", "P(lower)", "P(lower by what matters)",
                   "P(little difference)", "log BF10", "Verdict"});
    else
        head(out, {"Prior", "Rate ratio (95 % interval)", "P(RR<1)", "P(RR<0.75)", "P(within 10 %)",
                   "A week (95 % interval)", "log BF10", "Verdict"});
    out.open("tbody");
    for (const auto& under : result.under) {
        row_head(out, under.prior.name + ": N(" + number(under.prior.mean, 3) + ", " +
                          number(under.prior.sd, 3) + ")");
        if (result.values) {
            const auto& p = under.value;
            cell(out, text::with_interval(p.q50, p.q025, p.q975));
            cell(out, number(p.p_below_0, 3));
            cell(out, number(p.p_below_matters, 3));
            cell(out, number(p.p_rope, 3));
            cell(out, number(p.log_bf10, 2));
        } else {
            const auto& p = under.posterior;
            cell(out, number(p.rr_median, 2) + " (" + number(std::exp(p.q025), 2) + " to " +
                          number(std::exp(p.q975), 2) + ")");
            cell(out, number(p.p_below_1, 3));
            cell(out, number(p.p_below_075, 3));
            cell(out, number(p.p_rope, 3));
            cell(out, text::with_interval(p.difference, p.difference_low, p.difference_high));
            cell(out, number(p.log_bf10, 2));
        }
        cell(out, under.verdict);
        out.close().line();
    }
    out.close().close().close().line();
}

void others_table(Markup& out, const trial::TrialResult& result) {
    if (result.others.empty()) return;
    out.open("div", {{"class", "wide"}})
        .open("table")
        .element("caption", "The same under other choices (first prior)");
    head(out, {"Choice", result.values ? "Difference (95 % interval)" : "Rate ratio (95 % interval)",
               result.values ? "P(lower)" : "P(RR<1)", "Verdict"});
    out.open("tbody");
    for (const auto& other : result.others) {
        row_head(out, other.what);
        cell(out, text::with_interval(other.estimate, other.low, other.high));
        cell(out, number(other.p_below, 3));
        cell(out, other.verdict);
        out.close().line();
    }
    out.close().close().close().line();
}

void period_table(Markup& out, const trial::TrialResult& result) {
    out.open("div", {{"class", "wide"}}).open("table").element("caption", "Each period, all its days");
    head(out, {"Period", "Treatment", "Dates", "Days written", result.values ? "Mean" : "Sum",
               result.values ? "" : "A week", "Days with a dose"});
    out.open("tbody");
    for (const auto& p : result.periods) {
        row_head(out, p.period.label);
        cell(out, p.period.treatment ? "with" : "without");
        cell(out, trial::date_text(p.period.first) + " to " + trial::date_text(p.period.last));
        cell(out, std::to_string(p.days) + " of " + std::to_string(p.period.last - p.period.first + 1));
        const bool any = p.days > 0;
        cell(out, !any ? "" : result.values ? text::readable(p.sum / p.days) : text::format_number(p.sum));
        cell(out, any && !result.values ? number(7 * p.sum / p.days, 2) : "");
        cell(out, p.known > 0 ? number(p.dosed, 0) + " of " + number(p.known, 0) : "not written");
        out.close().line();
    }
    out.close().close().close().line();
}

constexpr std::string_view page_style =
    ":root{color-scheme:light dark;--ink:#1d2327;--paper:#fff;--line:#767676}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16191c;--soft:#b6bec5;--band:#2a3036;"
    "--mark:#7db4e0;--pool:#e8a27c;--line:#8a949c}}\n"
    "body{font:1rem/1.5 "
    "system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:2rem "
    "auto;padding:0 1rem}\n"
    "h2{margin-top:2rem;border-bottom:1px solid var(--line)}\n.result{font-size:1.15rem;border-left:.4rem "
    "solid "
    "var(--line);padding-left:.8rem}\n"
    ".wide{overflow-x:auto}\ntable{border-collapse:collapse;margin:1rem 0}\ntd,th{border:1px solid "
    "var(--line);padding:.3rem "
    ".6rem;text-align:left;vertical-align:top}\ncaption{text-align:left;font-weight:600}\n"
    ".open{font-style:italic}\nfigure{margin:1rem 0;overflow-x:auto}\nsvg.fig{max-width:100%;height:auto}\n"
    "@media print{body{max-width:none}}\n";

} // namespace

std::vector<std::pair<std::string, std::string>> cent_item_names() {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& item : cent_items)
        names.emplace_back(item.id, item.asks);
    return names;
}

std::string trial_html(const trial::TrialResult& result, const std::vector<trial::Period>& schedule,
                       const trial::Diary& diary, const std::map<std::string, std::string>& own) {
    auto items = known_items(result, schedule);
    for (const auto& [id, text] : own)
        items[id] = items.count(id) ? text + " " + items[id] : text;
    const std::string style = std::string(page_style) + std::string(plot::figure_css());
    const std::string title = "A trial of one person: " + result.outcome;
    Markup out;
    out.append("<!doctype html>\n");
    out.open("html", {{"lang", "en"}}).open("head").leaf("meta", {{"charset", "utf-8"}});
    out.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    out.leaf("meta",
             {{"http-equiv", "Content-Security-Policy"}, {"content", report::content_policy(style, "")}});
    out.element("title", title).open("style").append(style).close().close().line();
    out.open("body").open("main").element("h1", title).line();
    out.element("p",
                (result.under.empty() ? std::string("Nothing could be estimated.") : trial_sentence(result)) +
                    " This holds for this person and these weeks. " + person::disclaimer(),
                {{"class", "result"}})
        .line();
    if (!diary.days.empty() || !schedule.empty())
        out.open("figure")
            .append(plot::diary_svg(diary_picture(diary, schedule, "diary")).svg)
            .close()
            .line();
    if (!result.under.empty()) {
        out.element("h2", "Result").line();
        posterior_table(out, result);
        others_table(out, result);
        out.open("ul");
        for (const auto& under : result.under)
            out.element("li", "Prior " + under.prior.name + ": " + under.prior.source + ".");
        out.close().line();
    }
    out.element("h2", "Periods").line();
    period_table(out, result);
    out.element("h2", "What a report of such a trial should say (CENT 2015)").line();
    out.open("div", {{"class", "wide"}}).open("table");
    head(out, {"Item", "Asks for", "This trial"});
    out.open("tbody");
    for (const auto& item : cent_items) {
        row_head(out, item.id);
        cell(out, item.asks);
        const auto found = items.find(item.id);
        if (found != items.end())
            cell(out, found->second);
        else
            out.element("td",
                        "Not in diary or schedule; --item " + std::string(item.id) + "=TEXT writes it here.",
                        {{"class", "open"}});
        out.close().line();
    }
    out.close().close().close().line().close().close().close();
    return out.take() + "\n";
}

plot::DiaryPicture diary_picture(const trial::Diary& diary, const std::vector<trial::Period>& schedule,
                                 const std::string& id) {
    plot::DiaryPicture picture;
    picture.id = id;
    picture.bars = !diary.values;
    picture.axis_title = diary.outcome + (diary.values ? ", each day" : ", a week");
    picture.title = "Diary: " + diary.outcome;
    picture.first = diary.days.empty() ? 0 : diary.days.front().day;
    picture.last = diary.days.empty() ? 0 : diary.days.back().day;
    if (!schedule.empty()) {
        picture.first =
            diary.days.empty() ? schedule.front().first : std::min(picture.first, schedule.front().first);
        picture.last =
            diary.days.empty() ? schedule.back().last : std::max(picture.last, schedule.back().last);
    }
    std::map<int, double> seen;
    for (const auto& day : diary.days)
        if (day.count) seen[day.day] = *day.count;
    auto blocks = [&](int first, int last) {
        for (int block = first; block <= last; block += picture.bars ? 7 : 1) {
            const int end = std::min(last, picture.bars ? block + 6 : block);
            double sum = 0;
            int days = 0;
            for (int day = block; day <= end; ++day) {
                const auto found = seen.find(day);
                if (found == seen.end()) continue;
                sum += found->second;
                ++days;
            }
            // A week with missing days is shown at its weekly rate.
            if (days > 0) picture.marks.push_back({block, end, picture.bars ? 7 * sum / days : sum});
        }
    };
    int reached = picture.first;
    for (const auto& period : schedule) {
        if (reached < period.first) blocks(reached, period.first - 1);
        blocks(period.first, period.last);
        reached = period.last + 1;
        plot::DiaryBand band{period.first, period.last, period.label, period.treatment, {}};
        double sum = 0;
        int days = 0;
        for (int day = period.first; day <= period.last; ++day)
            if (seen.count(day)) {
                sum += seen[day];
                ++days;
            }
        if (days > 0) band.mean = sum / days * (picture.bars ? 7 : 1);
        picture.bands.push_back(band);
        picture.dates.emplace_back(period.first, trial::date_text(period.first));
    }
    if (reached <= picture.last) blocks(reached, picture.last);
    if (schedule.empty())
        for (int day = picture.first; day <= picture.last; day += 28)
            picture.dates.emplace_back(day, trial::date_text(day));
    const int until = diary.days.empty() ? picture.first - 1 : diary.days.back().day;
    for (int day = picture.first; day <= until; ++day)
        if (!seen.count(day)) picture.missing.push_back(day);
    double with = 0, without = 0, days_with = 0, days_without = 0;
    for (const auto& period : schedule)
        for (int day = period.first; day <= period.last; ++day)
            if (seen.count(day)) {
                (period.treatment ? with : without) += seen[day];
                (period.treatment ? days_with : days_without) += 1;
            }
    const double per = picture.bars ? 7 : 1;
    picture.sentence = std::to_string(seen.size()) + " days written, " +
                       std::to_string(picture.missing.size()) + " missing.";
    if (days_with > 0 && days_without > 0)
        picture.sentence += " " + text::readable(per * with / days_with) + (picture.bars ? " a week" : "") +
                            " with the treatment, " + text::readable(per * without / days_without) +
                            (picture.bars ? " a week" : "") + " without, over all days.";
    return picture;
}

} // namespace assay::app
