#include "trial/analyse.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace assay::trial {

namespace {

struct PeriodSum {
    double events = 0, days = 0;
};

std::string verdict(const CountPosterior& posterior, double claim) {
    if (posterior.p_below_1 > claim) return "fewer";
    if (posterior.p_below_1 < 1 - claim) return "more";
    if (posterior.p_rope > claim) return "little difference";
    return "not settled";
}

const DiaryDay* find(const Diary& diary, int day) {
    const auto at = std::lower_bound(diary.days.begin(), diary.days.end(), day,
                                     [](const DiaryDay& d, int key) { return d.day < key; });
    return at != diary.days.end() && at->day == day ? &*at : nullptr;
}

/// Weeks of the period: blocks of seven calendar days, each with the share of its days that were written.
void add_period(const Diary& diary, const Period& period, bool second_in_pair, const AnalyseOptions& options,
                int start, CountSeries& series, std::vector<double>& week, PeriodSum& sum,
                TrialResult& result) {
    const int length = period.last - period.first + 1;
    const int skip = options.second_half && length > 1 ? length / 2 : 0;
    for (int block = period.first + skip; block <= period.last; block += 7) {
        double events = 0, days = 0;
        const int end = std::min(block + 6, period.last);
        for (int day = block; day <= end; ++day) {
            const auto* entry = find(diary, day);
            if (!entry || !entry->count) continue;
            events += *entry->count;
            ++days;
        }
        if (days == 0) continue;
        series.y.push_back(events);
        series.x.push_back(period.treatment ? 1 : 0);
        series.exposure.push_back(days / 7);
        series.w.push_back(second_in_pair ? 0.5 : -0.5);
        week.push_back((0.5 * (block + end) - start) / 7);
        sum.events += events;
        sum.days += days;
    }
    result.days_used += static_cast<int>(sum.days);
    (period.treatment ? result.events_with : result.events_without) += sum.events;
    (period.treatment ? result.days_with : result.days_without) += sum.days;
}

void count_days(const Diary& diary, const std::vector<Period>& schedule, TrialResult& result) {
    double dosed_with = 0, known_with = 0, dosed_without = 0, known_without = 0;
    for (const auto& period : schedule)
        for (int day = period.first; day <= period.last; ++day) {
            ++result.days_planned;
            const auto* entry = find(diary, day);
            if (!entry || !entry->count) {
                ++result.days_missing;
                continue;
            }
            ++result.days_entered;
            if (entry->status == "entered_late") ++result.days_late;
            if (!entry->doses) continue;
            (period.treatment ? known_with : known_without) += 1;
            if (*entry->doses > 0) (period.treatment ? dosed_with : dosed_without) += 1;
        }
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
        result.notes.push_back(
            "With " + std::to_string(result.pair_differences.size()) +
            " pairs the randomisation test cannot reach P = 0.05 (the smallest is 2/2^pairs).");
    for (const auto& period : schedule)
        if (period.last - period.first + 1 < 28) {
            result.notes.push_back(
                "Periods are shorter than four weeks: an effect that comes and goes slowly cannot be seen.");
            break;
        }
    if (result.verdict_changes)
        result.notes.push_back("The verdict changes with the prior: the data alone do not settle it.");
}

} // namespace

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
    if (schedule.empty()) return result;
    count_days(diary, schedule, result);
    CountSeries series;
    std::vector<double> week;
    std::map<int, std::vector<std::pair<bool, PeriodSum>>> pairs;
    for (const auto& period : schedule) {
        PeriodSum sum;
        auto& pair = pairs[period.pair];
        add_period(diary, period, !pair.empty(), options, schedule.front().first, series, week, sum, result);
        pair.emplace_back(period.treatment, sum);
    }
    result.weeks = static_cast<int>(series.y.size());
    for (const auto& [number, sides] : pairs) {
        if (sides.size() != 2 || sides[0].first == sides[1].first || sides[0].second.days == 0 ||
            sides[1].second.days == 0)
            continue;
        const auto& with = sides[0].first ? sides[0].second : sides[1].second;
        const auto& without = sides[0].first ? sides[1].second : sides[0].second;
        result.pair_differences.push_back(7 * (with.events / with.days - without.events / without.days));
    }
    if (!result.pair_differences.empty() && result.pair_differences.size() <= 24)
        result.randomisation_p = sign_flip(result.pair_differences);
    series.z = scaled_time(week);
    if (!options.order_term || series.z.empty()) series.w.clear();
    if (result.days_with > 0 && result.days_without > 0)
        for (const auto& prior : options.priors) {
            UnderPrior under;
            under.prior = prior;
            under.posterior = posterior(series, prior);
            under.verdict = verdict(under.posterior, options.claim);
            result.verdict_changes = result.verdict_changes ||
                                     (!result.under.empty() && under.verdict != result.under.front().verdict);
            result.under.push_back(std::move(under));
        }
    else
        result.notes.push_back("One of the arms has no day that can be used: nothing is estimated.");
    add_notes(result, schedule);
    return result;
}

} // namespace assay::trial
