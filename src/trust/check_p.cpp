// P values against the numbers printed beside them: means and SDs, changes within a group, counts, intervals.
#include "num/distributions.hpp"
#include "trust/parts.hpp"
#include "trust/pvalues.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace assay::trust {

namespace {

bool same_p(const model::Result& a, const model::Result& b) {
    return a.p && b.p && a.p->value == b.p->value && a.p->relation == b.p->relation;
}

Group group_of(const ArmMoments& arm) {
    return {arm.mean, *arm.sd, *arm.n};
}

bool usable(const ArmMoments& arm) {
    return arm.sd && arm.n && arm.arm && arm.sd->value > 0;
}

std::string group_words(const ArmMoments& arm) {
    return fmt::format("{} ({}), n {}{}", arm.mean.text(), arm.sd->text(), number_words(*arm.n),
                       arm.n_assumed ? ", assumed" : "");
}

// Where n of the groups is an assumption, every split of the total between 40:60 and 60:40 counts as
// possible: without unequal allocation, randomisation hardly goes further.
std::optional<Range> p_of_arms(const ArmMoments& a, const ArmMoments& b) {
    auto range = p_of_groups(group_of(a), group_of(b));
    if (!range || !a.n_assumed || !b.n_assumed) return range;
    const double total = *a.n + *b.n;
    constexpr int splits = 20;
    for (int i = 0; i <= splits; ++i) {
        Group first = group_of(a), second = group_of(b);
        first.n = std::round(total * (0.4 + 0.2 * i / splits));
        second.n = total - first.n;
        if (const auto other = p_of_groups(first, second)) {
            range->low = std::min(range->low, other->low);
            range->high = std::max(range->high, other->high);
        }
    }
    return range;
}

struct Verdict {
    bool agrees = true, one_sided = false;
    bool printed_larger = false;
};

Verdict compare(const Range& computed, const Range& printed, const Settings& settings) {
    Verdict verdict;
    verdict.agrees = gap_in_z(computed, printed) <= settings.p_gap;
    verdict.printed_larger = printed.low > computed.high;
    verdict.one_sided = gap_in_z({computed.low / 2, computed.high / 2}, printed) == 0;
    return verdict;
}

std::string says_words(const std::string& printed, const Range& computed, const Verdict& verdict,
                       const char* what) {
    return verdict.printed_larger
               ? fmt::format("The printed P {} does not follow from {}, which give at most {}.", printed,
                             what, p_words(computed.high))
               : fmt::format("The printed P {} does not follow from {}, which give at least {}.", printed,
                             what, p_words(computed.low));
}

/// Rows of a cell, one per arm, that carry one P between them: at least two.
std::vector<std::vector<const ArmMoments*>> sharing_p(const Cell& cell) {
    std::vector<std::vector<const ArmMoments*>> sets;
    for (const ArmMoments& row : cell.moments) {
        if (!row.row->p) continue;
        const auto fits = [&](const auto& set) { return same_p(*set.front()->row, *row.row); };
        const auto at = std::find_if(sets.begin(), sets.end(), fits);
        if (at == sets.end())
            sets.push_back({&row});
        else
            at->push_back(&row);
    }
    return sets;
}

bool has_baseline(const Context& context, const Cell& cell, const model::Arm* arm) {
    for (const std::size_t index : context.data.cells_of(*cell.study)) {
        const Cell& other = context.data.cells()[index];
        if (other.outcome != cell.outcome || other.basis != "baseline") continue;
        for (const ArmMoments& row : other.moments)
            if (row.arm == arm) return true;
    }
    return false;
}

const ArmMoments* row_of(const Cell& cell, const model::ArmId& arm) {
    const ArmMoments* found = nullptr;
    for (const ArmMoments& row : cell.moments) {
        if (row.row->arm != arm) continue;
        if (found) return nullptr; // two rows for one arm: which one the P speaks of is not known
        found = &row;
    }
    return found;
}

void judge_means(const Context& context, Sink& sink, const Cell& cell, const model::Result& row,
                 const ArmMoments& a, const ArmMoments& b) {
    if (!usable(a) || !usable(b) || a.arm == b.arm) return;
    const bool paired = same_people(*cell.study);
    const auto computed = paired ? p_of_pairs(group_of(a), group_of(b)) : p_of_arms(a, b);
    if (!computed) return;
    sink.examined(row.place);
    const Verdict verdict = compare(*computed, *context.data.p_of(row), context.settings);
    if (verdict.agrees) return;
    Finding made = finding(row, "p", Possible::unlikely);
    input(made, "p", context.data.p_text(row));
    input(made, a.arm->label, group_words(a));
    input(made, b.arm->label, group_words(b));
    input(made, "p_recomputed", p_words(*computed));
    made.says = says_words(context.data.p_text(row), *computed, verdict,
                           paired ? "these means and SDs of the same people (paired t test, any correlation)"
                                  : "these means, SDs and n (Student's and Welch's t tests)");
    made.remedy =
        verdict.one_sided
            ? "A one-sided test gives it."
            : "It is possible with another test (rank test, adjusted or repeated measures), with other n, "
              "or if the SDs are standard errors or of other values.";
    made.touches = {a.row->id.value, b.row->id.value};
    sink.add(std::move(made));
}

/// Pearson's chi-squared for several arms, P only.
double p_of_table(const std::vector<const ArmEvents*>& arms) {
    double events = 0, n = 0;
    for (const auto* arm : arms)
        events += arm->events, n += *arm->n;
    double statistic = 0;
    for (const auto* arm : arms) {
        const double expected = *arm->n * events / n;
        statistic +=
            (arm->events - expected) * (arm->events - expected) * (1 / expected + 1 / (*arm->n - expected));
    }
    return num::chi_squared_upper(statistic, static_cast<double>(arms.size() - 1));
}

struct CountsClaim {
    const model::Result* row = nullptr; ///< carries the P
    std::vector<const ArmEvents*> arms;
};

const ArmEvents* events_of(const Cell& cell, const model::ArmId& arm) {
    const ArmEvents* found = nullptr;
    for (const ArmEvents& row : cell.events) {
        if (row.row->arm != arm) continue;
        if (found) return nullptr;
        found = &row;
    }
    return found;
}

std::vector<CountsClaim> counts_claims(const Cell& cell) {
    std::vector<CountsClaim> claims;
    if (same_people(*cell.study)) return claims; // paired counts: discordant pairs are not in the table
    for (const ArmEvents& row : cell.events) {
        if (!row.row->p || !row.n || !row.arm) continue;
        const auto fits = [&](const CountsClaim& claim) { return same_p(*claim.row, *row.row); };
        auto at = std::find_if(claims.begin(), claims.end(), fits);
        if (at == claims.end()) {
            CountsClaim claim;
            claim.row = row.row;
            at = claims.insert(claims.end(), std::move(claim));
        }
        at->arms.push_back(&row);
    }
    for (const model::Result* row : cell.contrasts) {
        if (!row->p || !printed_status(row->status) || row->basis == "adjusted") continue;
        const ArmEvents *a = events_of(cell, row->arm), *b = events_of(cell, row->versus);
        if (!a || !b || !a->n || !b->n) continue;
        CountsClaim claim;
        claim.row = row;
        claim.arms = {a, b};
        claims.push_back(std::move(claim));
    }
    std::erase_if(claims, [](const CountsClaim& claim) {
        return claim.arms.size() < 2 || claim.arms[0]->arm == claim.arms[1]->arm;
    });
    return claims;
}

std::string counts_words(const ArmEvents& arm) {
    return fmt::format("{}/{}", number_words(arm.events), number_words(*arm.n));
}

void each_counts_claim(const Context& context, const std::function<void(const CountsClaim&)>& visit) {
    for (const Cell& cell : context.data.cells())
        for (const CountsClaim& claim : counts_claims(cell))
            visit(claim);
}

std::optional<Range> p_of_claim(const CountsClaim& claim) {
    if (claim.arms.size() > 2) {
        const double p = p_of_table(claim.arms);
        return std::isfinite(p) ? std::optional(Range{p, p}) : std::nullopt;
    }
    const auto tests =
        p_of_counts(claim.arms[0]->events, *claim.arms[0]->n, claim.arms[1]->events, *claim.arms[1]->n);
    if (tests.empty()) return std::nullopt;
    Range range{1, 0};
    for (const NamedP& test : tests)
        range = {std::min(range.low, test.p), std::max(range.high, test.p)};
    return range;
}

template<class Row>
void judge_interval(const Context& context, Sink& sink, const Row& row, std::string_view measure,
                    double estimate, double low, double high, double level, std::optional<double> df,
                    const std::optional<model::PValue>& p) {
    const Symmetry scale = symmetry(measure);
    if (scale == Symmetry::unknown || !p) return;
    const auto& data = context.data;
    const Printed e = data.printed(row.place, "estimate", estimate),
                  l = data.printed(row.place, "ci_low", low), h = data.printed(row.place, "ci_high", high),
                  p_digits = data.printed(row.place, "p", p->value);
    if (!Range{l.rounded().low, h.rounded().high}.contains(estimate))
        return; // told by the check of the estimate
    const auto computed = p_of_interval(e, l, h, level, scale == Symmetry::ratio, df);
    if (!computed) return;
    sink.examined(row.place);
    const Range printed = printed_p(*p, p_digits);
    const Verdict verdict = compare(*computed, printed, context.settings);
    if (verdict.agrees) return;
    const std::string p_text = (p->relation == '=' ? "" : std::string(1, p->relation)) + p_digits.text();
    Finding made = finding(row, "p", Possible::unlikely);
    input(made, "estimate", e);
    input(made, "ci_low", l);
    input(made, "ci_high", h);
    input(made, "ci_level", number_words(level));
    input(made, "p", p_text);
    input(made, "p_recomputed", p_words(*computed));
    made.says = says_words(p_text, *computed, verdict, "the estimate and its interval");
    made.remedy = verdict.one_sided
                      ? "A one-sided test gives it."
                      : "It is possible if P and interval come from different tests or models, or if the "
                        "interval has another level.";
    sink.add(std::move(made));
}

} // namespace

void run_p_means(const Context& context, Sink& sink) {
    for (const Cell& cell : context.data.cells()) {
        if (cell.basis == "adjusted" || cell.basis == "baseline") continue;
        for (const auto& set : sharing_p(cell)) {
            if (set.size() == 2) judge_means(context, sink, cell, *set[0]->row, *set[0], *set[1]);
            // One row with a P, no baseline of its arm to compare with, and one other arm: a comparison of
            // the arms.
            if (set.size() != 1 || cell.moments.size() != 2 || has_baseline(context, cell, set[0]->arm))
                continue;
            const ArmMoments& other = &cell.moments[0] == set[0] ? cell.moments[1] : cell.moments[0];
            if (!other.row->p) judge_means(context, sink, cell, *set[0]->row, *set[0], other);
        }
        for (const model::Result* row : cell.contrasts) {
            if (!row->p || !printed_status(row->status)) continue;
            const ArmMoments *a = row_of(cell, row->arm), *b = row_of(cell, row->versus);
            if (a && b) judge_means(context, sink, cell, *row, *a, *b);
        }
    }
}

void run_p_change(const Context& context, Sink& sink) {
    const auto& data = context.data;
    for (const Cell& cell : data.cells()) {
        if (cell.basis == "baseline" || cell.basis == "change") continue;
        for (const auto& set : sharing_p(cell)) {
            if (set.size() != 1 || !usable(*set[0])) continue; // a P on several arms compares the arms
            const ArmMoments& after = *set[0];
            const ArmMoments* before = nullptr;
            for (const std::size_t index : data.cells_of(*cell.study)) {
                const Cell& other = data.cells()[index];
                if (other.outcome == cell.outcome && other.basis == "baseline" && !before)
                    before = row_of(other, after.row->arm);
            }
            if (!before || !usable(*before)) continue;
            auto computed = p_of_pairs(group_of(*before), group_of(after));
            if (!computed) continue;
            sink.examined(after.row->place);
            Range possible = *computed;
            // The P might compare the arms after all: then either reading will do.
            for (const ArmMoments& other : cell.moments)
                if (other.arm != after.arm && usable(other))
                    if (const auto between = p_of_groups(group_of(after), group_of(other)))
                        if (between->meets(*data.p_of(*after.row))) possible = *between;
            const Verdict verdict = compare(possible, *data.p_of(*after.row), context.settings);
            if (verdict.agrees) continue;
            Finding made = finding(*after.row, "p", Possible::unlikely);
            input(made, "p", data.p_text(*after.row));
            input(made, "before", group_words(*before));
            input(made, "after", group_words(after));
            input(made, "p_recomputed", p_words(possible));
            made.says = says_words(data.p_text(*after.row), possible, verdict,
                                   "the means and SDs before and after (paired t test, any correlation)");
            made.remedy = "It is possible with another test, with fewer people than printed, or if the P "
                          "belongs to another "
                          "comparison.";
            made.touches = {before->row->id.value};
            sink.add(std::move(made));
        }
    }
}

void run_p_counts(const Context& context, Sink& sink) {
    each_counts_claim(context, [&](const CountsClaim& claim) {
        const auto computed = p_of_claim(claim);
        if (!computed) return;
        sink.examined(claim.row->place);
        const Verdict verdict = compare(*computed, *context.data.p_of(*claim.row), context.settings);
        if (verdict.agrees) return;
        Finding made = finding(*claim.row, "p", Possible::unlikely);
        input(made, "p", context.data.p_text(*claim.row));
        for (const ArmEvents* arm : claim.arms) {
            input(made, arm->arm->label, counts_words(*arm));
            made.touches.push_back(arm->row->id.value);
        }
        input(made, "p_recomputed", p_words(*computed));
        made.says =
            says_words(context.data.p_text(*claim.row), *computed, verdict, "these counts (the usual tests)");
        made.remedy = verdict.one_sided
                          ? "A one-sided test gives it."
                          : "It is possible if the test was adjusted, paired or of an ordered outcome, or if "
                            "other denominators were used.";
        sink.add(std::move(made));
    });
}

void run_p_choice(const Context& context, Sink& sink) {
    constexpr double alpha = 0.05;
    each_counts_claim(context, [&](const CountsClaim& claim) {
        if (claim.arms.size() != 2) return;
        const auto tests =
            p_of_counts(claim.arms[0]->events, *claim.arms[0]->n, claim.arms[1]->events, *claim.arms[1]->n);
        if (tests.empty()) return;
        sink.examined(claim.row->place);
        std::string below, above;
        for (const NamedP& test : tests)
            (test.p < alpha ? below : above) += fmt::format(
                "{}{} {}", (test.p < alpha ? below : above).empty() ? "" : "; ", test.test, p_words(test.p));
        if (below.empty() || above.empty()) return;
        Finding made = finding(*claim.row, "p", Possible::yes);
        input(made, "p", context.data.p_text(*claim.row));
        for (const ArmEvents* arm : claim.arms) {
            input(made, arm->arm->label, counts_words(*arm));
            made.touches.push_back(arm->row->id.value);
        }
        input(made, "below_0.05", below);
        input(made, "above_0.05", above);
        made.says = "Whether P is below 0.05 depends on the test: some usual tests on these counts give "
                    "less, some more.";
        made.remedy = "Read the interval, not the side of 0.05 on which P fell.";
        sink.add(std::move(made));
    });
}

void run_p_interval(const Context& context, Sink& sink) {
    for (const model::Result& row : context.data.review().results) {
        const auto* data = std::get_if<model::Contrast>(&row.data);
        if (!data || !data->estimate || !data->ci_low || !data->ci_high || !printed_status(row.status))
            continue;
        std::optional<double> df = data->df;
        if (!df && data->n && *data->n > 3) df = *data->n - 2;
        judge_interval(context, sink, row, data->measure, *data->estimate, *data->ci_low, *data->ci_high,
                       data->ci_level, df, row.p);
    }
    for (const model::Published& row : context.data.review().published) {
        if (!row.estimate || !row.ci_low || !row.ci_high || !printed_status(row.status)) continue;
        // Pools with the Knapp-Hartung interval use t with k - 1 degrees of freedom.
        std::optional<double> df;
        if (const auto k = read_printed(row.k); k && k->value >= 2) df = k->value - 1;
        judge_interval(context, sink, row, row.measure, *row.estimate, *row.ci_low, *row.ci_high,
                       row.ci_level, df, row.p);
    }
}

} // namespace assay::trust
