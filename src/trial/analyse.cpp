#include "trial/analyse.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace assay::trial {

namespace {

std::string verdict(const CountPosterior& posterior, double claim) {
    if (posterior.p_below_1 > claim) return "fewer";
    if (posterior.p_below_1 < 1 - claim) return "more";
    if (posterior.p_rope > claim) return "little difference";
    return "not settled";
}

std::string verdict(const ValuePosterior& posterior, double claim) {
    if (posterior.p_rope > claim) return "little difference";
    if (posterior.p_below_0 > claim) return "lower";
    if (posterior.p_below_0 < 1 - claim) return "higher";
    return "not settled";
}

const DiaryDay* find(const Diary& diary, int day) {
    const auto at = std::lower_bound(diary.days.begin(), diary.days.end(), day,
                                     [](const DiaryDay& d, int key) { return d.day < key; });
    return at != diary.days.end() && at->day == day ? &*at : nullptr;
}

int first_used(const Period& period, const AnalyseOptions& options) {
    const int length = period.last - period.first + 1;
    return period.first + (options.second_half && length > 1 ? length / 2 : 0);
}

struct PeriodSum {
    double events = 0, days = 0;
};

PeriodSum sum_of(const Diary& diary, const Period& period, const AnalyseOptions& options) {
    PeriodSum sum;
    for (int day = first_used(period, options); day <= period.last; ++day)
        if (const auto* entry = find(diary, day); entry && entry->count) {
            sum.events += *entry->count;
            ++sum.days;
        }
    return sum;
}

/// Blocks of seven calendar days of the used part, each with the share of its days that were written.
void add_weeks(const Diary& diary, const Period& period, bool second_in_pair, const AnalyseOptions& options,
               int start, CountSeries& series, std::vector<double>& week) {
    for (int block = first_used(period, options); block <= period.last; block += 7) {
        double events = 0, days = 0;
        const int end = std::min(block + 6, period.last);
        for (int day = block; day <= end; ++day)
            if (const auto* entry = find(diary, day); entry && entry->count) {
                events += *entry->count;
                ++days;
            }
        if (days == 0) continue;
        series.y.push_back(events);
        series.x.push_back(period.treatment ? 1 : 0);
        series.exposure.push_back(days / 7);
        series.w.push_back(second_in_pair ? 0.5 : -0.5);
        week.push_back((0.5 * (block + end) - start) / 7);
    }
}

std::vector<PeriodSummary> summaries(const Diary& diary, const std::vector<Period>& schedule) {
    std::vector<PeriodSummary> made;
    for (const auto& period : schedule) {
        PeriodSummary summary;
        summary.period = period;
        for (int day = period.first; day <= period.last; ++day) {
            const auto* entry = find(diary, day);
            if (!entry) continue;
            if (entry->count) {
                ++summary.days;
                summary.sum += *entry->count;
            }
            if (entry->doses && entry->status != "missing") {
                ++summary.known;
                if (*entry->doses > 0) ++summary.dosed;
            }
            summary.loose += entry->stool_loose == "yes";
            summary.other_effects += !entry->other_effects.empty();
        }
        made.push_back(summary);
    }
    return made;
}

void count_days(const Diary& diary, TrialResult& result) {
    double dosed_with = 0, known_with = 0, dosed_without = 0, known_without = 0;
    for (const auto& summary : result.periods) {
        const auto& period = summary.period;
        result.days_planned += period.last - period.first + 1;
        result.days_entered += summary.days;
        (period.treatment ? known_with : known_without) += summary.known;
        (period.treatment ? dosed_with : dosed_without) += summary.dosed;
        for (int day = period.first; day <= period.last; ++day)
            if (const auto* entry = find(diary, day);
                entry && entry->count && entry->status == "entered_late")
                ++result.days_late;
    }
    result.days_missing = result.days_planned - result.days_entered;
    if (known_with > 0) result.adherence_with = dosed_with / known_with;
    if (known_without > 0) result.doses_without = dosed_without;
}

void add_notes(TrialResult& result, const std::vector<Period>& schedule) {
    const double missing = static_cast<double>(result.days_missing) / std::max(1, result.days_planned);
    if (missing > 0.1)
        result.notes.push_back(std::to_string(result.days_missing) + " of " +
                               std::to_string(result.days_planned) +
                               " days are missing: they are left out, not counted as days without; if bad "
                               "days were the ones not written, the result is wrong.");
    if (result.adherence_with && *result.adherence_with < 0.8)
        result.notes.push_back("On fewer than 80 % of the treatment days a dose was taken: the trial tells "
                               "of the plan, not of the treatment.");
    if (result.doses_without && *result.doses_without > 0)
        result.notes.push_back("Doses were taken on days that should have been without.");
    if (result.pair_differences.size() < 6)
        result.notes.push_back("With " + std::to_string(result.pair_differences.size()) +
                               (result.pair_differences.size() == 1 ? " pair" : " pairs") +
                               " the randomisation test cannot reach P = 0.05 (the smallest is 2/2^pairs).");
    for (const auto& period : schedule)
        if (period.last - period.first + 1 < 28) {
            result.notes.push_back(
                "Periods are shorter than four weeks: an effect that comes and goes slowly cannot be seen.");
            break;
        }
    if (result.verdict_changes)
        result.notes.push_back("The verdict changes with the prior: the data alone do not settle it.");
    for (const auto& other : result.others)
        if (!result.under.empty() && other.verdict != result.under.front().verdict)
            result.notes.push_back("The verdict changes with the choice of days (" + other.what + ": " +
                                   other.verdict + ").");
    for (const auto& under : result.under)
        if (!(result.values ? under.value.converged : under.posterior.converged)) {
            result.notes.push_back(
                "The search for the mode did not converge everywhere: do not trust the last digits.");
            break;
        }
}

/// The diary without the days on which the person did not do what the period asks for.
Diary as_taken(const Diary& diary, const std::vector<Period>& schedule) {
    Diary kept = diary;
    for (auto& day : kept.days)
        for (const auto& period : schedule)
            if (day.day >= period.first && day.day <= period.last && day.doses &&
                (*day.doses > 0) != period.treatment)
                day.count.reset();
    return kept;
}

/// Every missing treatment day filled with the mean of the days without: the treatment is given nothing for
/// them.
Diary filled(const Diary& diary, const std::vector<Period>& schedule, double mean) {
    Diary made = diary;
    for (const auto& period : schedule) {
        if (!period.treatment) continue;
        for (int day = period.first; day <= period.last; ++day) {
            const auto* entry = find(diary, day);
            if (entry && entry->count) continue;
            DiaryDay fill;
            fill.day = day;
            fill.count = mean;
            add_day(made, fill, true);
        }
    }
    return made;
}

/// Weeks of a diary with filled days hold broken counts: the model wants whole ones.
void round_counts(CountSeries& series) {
    for (auto& y : series.y)
        y = std::round(y);
}

void add_other(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options,
               const std::string& what, TrialResult& result) {
    OtherChoice other;
    other.what = what;
    const auto& prior = result.under.front().prior;
    if (options.values) {
        const auto series = value_series(diary, schedule, options);
        if (series.y.size() < 6 || within_sd(series) <= 0) return;
        const auto p = posteriors(series, std::vector{prior}, result.matters).front();
        other.estimate = p.q50;
        other.low = p.q025;
        other.high = p.q975;
        other.p_below = p.p_below_0;
        other.verdict = verdict(p, options.claim);
    } else {
        auto series = count_series(diary, schedule, options);
        if (series.y.empty()) return;
        round_counts(series);
        const auto p = posterior(series, prior);
        other.estimate = p.rr_median;
        other.low = std::exp(p.q025);
        other.high = std::exp(p.q975);
        other.p_below = p.p_below_1;
        other.verdict = verdict(p, options.claim);
    }
    result.others.push_back(std::move(other));
}

void add_others(const Diary& diary, const std::vector<Period>& schedule, AnalyseOptions options,
                TrialResult& result) {
    const auto with_other_half = [&] {
        auto changed = options;
        changed.second_half = !options.second_half;
        return changed;
    }();
    add_other(diary, schedule, with_other_half,
              options.second_half ? "all days" : "second half of each period only", result);
    if ((result.adherence_with && *result.adherence_with < 1) ||
        (result.doses_without && *result.doses_without > 0))
        add_other(as_taken(diary, schedule), schedule, options, "only days on which the plan was kept",
                  result);
    if (result.days_missing > 0 && result.days_without > 0)
        add_other(filled(diary, schedule, result.events_without / result.days_without), schedule, options,
                  "missing treatment days as the days without", result);
}

void note_change(TrialResult& result) {
    for (const auto& under : result.under)
        result.verdict_changes = result.verdict_changes || under.verdict != result.under.front().verdict;
}

void under_counts(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options,
                  TrialResult& result) {
    const auto series = count_series(diary, schedule, options);
    result.weeks = static_cast<int>(series.y.size());
    for (const auto& prior : options.priors) {
        UnderPrior under;
        under.prior = prior;
        under.posterior = posterior(series, prior);
        under.verdict = verdict(under.posterior, options.claim);
        result.under.push_back(std::move(under));
    }
}

void under_values(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options,
                  TrialResult& result) {
    const auto series = value_series(diary, schedule, options);
    const double spread = within_sd(series);
    if (series.y.size() < 6 || !(spread > 0)) {
        result.notes.push_back("Too few days that differ from one another: nothing is estimated.");
        return;
    }
    result.matters = options.matters.value_or(0.2 * spread);
    auto priors = options.priors;
    if (priors.empty())
        priors.push_back(
            {"sceptical", 0, 0.5 * spread, "half of the spread of the days about no difference"});
    priors.push_back({"wide", 0, 2 * spread, "twice the spread of the days: as if nothing were known"});
    const auto made = posteriors(series, priors, result.matters);
    for (std::size_t i = 0; i < priors.size(); ++i) {
        UnderPrior under;
        under.prior = priors[i];
        under.value = made[i];
        under.verdict = verdict(made[i], options.claim);
        result.under.push_back(std::move(under));
    }
}

} // namespace

CountSeries count_series(const Diary& diary, const std::vector<Period>& schedule,
                         const AnalyseOptions& options) {
    CountSeries series;
    std::vector<double> week;
    std::map<int, int> met;
    for (const auto& period : schedule)
        add_weeks(diary, period, met[period.pair]++ > 0, options, schedule.front().first, series, week);
    series.z = scaled_time(week);
    if (!options.order_term || series.z.empty()) series.w.clear();
    return series;
}

ValueSeries value_series(const Diary& diary, const std::vector<Period>& schedule,
                         const AnalyseOptions& options) {
    ValueSeries series;
    for (const auto& period : schedule)
        for (int day = first_used(period, options); day <= period.last; ++day)
            if (const auto* entry = find(diary, day); entry && entry->count) {
                series.y.push_back(*entry->count);
                series.x.push_back(period.treatment ? 1 : 0);
                series.day.push_back(day);
            }
    series.z = scaled_time(series.day);
    return series;
}

double sign_flip(const std::vector<double>& differences) {
    ASSAY_EXPECT(!differences.empty() && differences.size() <= 24);
    double seen = 0, size = 0;
    for (double d : differences) {
        seen += d;
        size += std::fabs(d);
    }
    const std::uint32_t patterns = 1u << differences.size();
    std::uint32_t extreme = 0;
    for (std::uint32_t signs = 0; signs < patterns; ++signs) {
        double sum = 0;
        for (std::size_t i = 0; i < differences.size(); ++i)
            sum += (signs >> i) & 1u ? differences[i] : -differences[i];
        if (std::fabs(sum) >= std::fabs(seen) - 1e-9 * (size + 1e-300)) ++extreme;
    }
    return static_cast<double>(extreme) / patterns;
}

TrialResult analyse(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options) {
    TrialResult result;
    result.outcome = diary.outcome;
    result.values = options.values;
    result.claim = options.claim;
    if (schedule.empty()) return result;
    result.periods = summaries(diary, schedule);
    count_days(diary, result);
    std::map<int, std::vector<std::pair<bool, PeriodSum>>> pairs;
    for (const auto& period : schedule) {
        const auto sum = sum_of(diary, period, options);
        pairs[period.pair].emplace_back(period.treatment, sum);
        result.days_used += static_cast<int>(sum.days);
        (period.treatment ? result.events_with : result.events_without) += sum.events;
        (period.treatment ? result.days_with : result.days_without) += sum.days;
    }
    for (const auto& [number, sides] : pairs) {
        if (sides.size() != 2 || sides[0].first == sides[1].first || sides[0].second.days == 0 ||
            sides[1].second.days == 0)
            continue;
        const auto& with = sides[0].first ? sides[0].second : sides[1].second;
        const auto& without = sides[0].first ? sides[1].second : sides[0].second;
        result.pair_differences.push_back((options.values ? 1 : 7) *
                                          (with.events / with.days - without.events / without.days));
    }
    if (!result.pair_differences.empty() && result.pair_differences.size() <= 24)
        result.randomisation_p = sign_flip(result.pair_differences);
    if (result.days_with > 0 && result.days_without > 0) {
        options.values ? under_values(diary, schedule, options, result)
                       : under_counts(diary, schedule, options, result);
        note_change(result);
        if (options.sensitivity && !result.under.empty()) add_others(diary, schedule, options, result);
    } else {
        result.notes.push_back("One of the arms has no day that can be used: nothing is estimated.");
    }
    add_notes(result, schedule);
    return result;
}

} // namespace assay::trial
