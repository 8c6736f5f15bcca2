// Published pools against each other: parts and whole, one edition and the next, two quotations of one pool.
#include "num/distributions.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

/// A published pool on the scale on which it was pooled.
struct Pool {
    const model::Published* row = nullptr;
    Symmetry scale = Symmetry::unknown;
    double y = 0;
    Range y_range, se; ///< what the printed digits allow
    std::optional<double> k, n;
};

std::optional<double> count_in(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    if (end == 0) return std::nullopt;
    return read_printed(text.substr(0, end))->value;
}

std::vector<Pool> pools(const Context& context) {
    std::vector<Pool> found;
    const Data& data = context.data;
    for (const model::Published& row : data.review().published) {
        Pool pool;
        pool.row = &row;
        pool.scale = symmetry(row.measure);
        if (pool.scale == Symmetry::unknown || !row.estimate || !row.ci_low || !row.ci_high) continue;
        Range e = data.printed(row.place, "estimate", *row.estimate).rounded();
        Range low = data.printed(row.place, "ci_low", *row.ci_low).rounded();
        Range high = data.printed(row.place, "ci_high", *row.ci_high).rounded();
        pool.y = *row.estimate;
        if (pool.scale == Symmetry::ratio) {
            if (e.low <= 0 || low.low <= 0) continue;
            for (Range* range : {&e, &low, &high})
                *range = {std::log(range->low), std::log(range->high)};
            pool.y = std::log(pool.y);
        }
        if (!(row.ci_level > 0 && row.ci_level < 1) || high.low <= low.high) continue;
        const double z = 2 * num::critical_value(row.ci_level);
        pool.y_range = e;
        pool.se = {(high.low - low.high) / z, (high.high - low.low) / z};
        pool.k = count_in(row.k);
        pool.n = count_in(row.n);
        found.push_back(std::move(pool));
    }
    return found;
}

std::string shown(const model::Published& row) {
    return fmt::format("{} ({} to {})", number_words(*row.estimate), number_words(*row.ci_low),
                       number_words(*row.ci_high));
}

/// The name of a review without its year: editions share it.
std::string family(const model::Published& row) {
    std::string words;
    for (const char c : plain(row.label))
        if (c < '0' || c > '9') words += c;
    return plain(words);
}

std::string shared_key(const model::Published& row, bool with_label) {
    const std::string outcome = row.outcome.empty() ? plain(row.outcome_text) : row.outcome.value;
    return (with_label ? family(row) + "|" : row.source.value + "|" + row.year + "|") + row.question.value +
           "|" + outcome + "|" + plain(row.measure);
}

double natural(const Pool& pool, double y) {
    return pool.scale == Symmetry::ratio ? std::exp(y) : y;
}

// Parts of a whole: the one with the most trials has as many as the others together.
void judge_parts(Sink& sink, std::vector<const Pool*> group) {
    if (group.size() < 3) return;
    std::stable_sort(group.begin(), group.end(),
                     [](const Pool* a, const Pool* b) { return a->k.value_or(0) > b->k.value_or(0); });
    const Pool& whole = *group.front();
    double trials = 0, people = 0;
    bool people_known = whole.n.has_value();
    Range parts{INFINITY, -INFINITY};
    for (std::size_t i = 1; i < group.size(); ++i) {
        if (!group[i]->k) return;
        trials += *group[i]->k;
        if (group[i]->n)
            people += *group[i]->n;
        else
            people_known = false;
        parts = {std::min(parts.low, group[i]->y_range.low), std::max(parts.high, group[i]->y_range.high)};
    }
    if (!whole.k || trials != *whole.k || (people_known && people != *whole.n)) return;
    sink.examined(whole.row->place);
    if (parts.meets(whole.y_range)) return;
    Finding made = finding(*whole.row, "estimate", Possible::no);
    input(made, "overall", shown(*whole.row));
    for (std::size_t i = 1; i < group.size(); ++i) {
        input(made, group[i]->row->outcome_text, shown(*group[i]->row));
        made.touches.push_back(group[i]->row->id.value);
    }
    made.says =
        fmt::format("The overall estimate {} does not lie between those of its {} subgroups ({} to {}).",
                    number_words(*whole.row->estimate), group.size() - 1,
                    number_words(natural(whole, parts.low)), number_words(natural(whole, parts.high)));
    made.remedy = "It is possible if a trial counts in two subgroups or in none, or if the overall estimate "
                  "comes from another model.";
    sink.add(std::move(made));
}

// What the trials that were added must have shown, if the earlier ones stayed as they were (inverse
// variance).
void judge_editions(Sink& sink, const Pool& before, const Pool& after) {
    if (!before.k || !after.k || *after.k <= *before.k) return;
    sink.examined(after.row->place);
    if (after.se.low <= before.se.high) {
        const double w1 = 1 / std::pow((before.se.low + before.se.high) / 2, 2);
        const double w2 = 1 / std::pow((after.se.low + after.se.high) / 2, 2);
        if (w2 <= w1) return;
        const double added = (after.y * w2 - before.y * w1) / (w2 - w1), se = 1 / std::sqrt(w2 - w1);
        // Added trials that differ from the earlier ones beyond chance are possible but worth a look.
        const double z = (added - before.y) / std::sqrt(se * se + 1 / w1);
        constexpr double beyond = 2.576; // 99 %
        if (std::fabs(z) < beyond) return;
        Finding made = finding(*after.row, "estimate", Possible::yes);
        input(made, before.row->label, shown(*before.row) + ", k " + before.row->k);
        input(made, after.row->label, shown(*after.row) + ", k " + after.row->k);
        input(made, "added_trials", number_words(natural(after, added)));
        made.says = fmt::format(
            "From one edition to the next the added trials alone must have shown about {}, unlike the {} "
            "before.",
            number_words(natural(after, added)), number_words(*before.row->estimate));
        made.remedy =
            "It is possible if the new trials differ, or if the data of the earlier ones were changed.";
        made.touches = {before.row->id.value};
        sink.add(std::move(made));
        return;
    }
    Finding made = finding(*after.row, "ci_low", Possible::unlikely);
    input(made, before.row->label, shown(*before.row) + ", k " + before.row->k);
    input(made, after.row->label, shown(*after.row) + ", k " + after.row->k);
    made.says = fmt::format("The later edition has more trials ({} after {}) and a wider interval.",
                            after.row->k, before.row->k);
    made.remedy = "It is possible if heterogeneity grew, another model was used, or trials were dropped or "
                  "changed; trials that "
                  "are only added to a common-effect pool narrow it.";
    made.touches = {before.row->id.value};
    sink.add(std::move(made));
}

template<class Judge> void by_key(const std::vector<Pool>& all, bool with_label, Judge judge) {
    std::map<std::string, std::vector<const Pool*>> groups;
    for (const Pool& pool : all)
        groups[shared_key(*pool.row, with_label)].push_back(&pool);
    for (const auto& [key, group] : groups)
        judge(group);
}

} // namespace

void run_subgroups(const Context& context, Sink& sink) {
    const auto all = pools(context);
    by_key(all, false, [&](const std::vector<const Pool*>& group) { judge_parts(sink, group); });
}

void run_editions(const Context& context, Sink& sink) {
    const auto all = pools(context);
    by_key(all, true, [&](std::vector<const Pool*> group) {
        std::stable_sort(group.begin(), group.end(),
                         [](const Pool* a, const Pool* b) { return a->row->year < b->row->year; });
        for (std::size_t i = 1; i < group.size(); ++i)
            if (group[i - 1]->row->year < group[i]->row->year && !group[i - 1]->row->year.empty() &&
                plain(group[i - 1]->row->outcome_text) == plain(group[i]->row->outcome_text))
                judge_editions(sink, *group[i - 1], *group[i]);
    });
}

void run_quotes_disagree(const Context& context, Sink& sink) {
    // One pool (review, year, outcome, measure, number of trials) quoted by two sources.
    const auto all = pools(context);
    std::map<std::string, const Pool*> first;
    for (const Pool& pool : all) {
        const model::Published& row = *pool.row;
        if (row.label.empty() || !printed_status(row.status)) continue;
        const std::string key = plain(row.label) + "|" + row.year + "|" + plain(row.outcome_text) + "|" +
                                plain(row.measure) + "|" + row.k + "|" + row.question.value;
        const auto [at, fresh] = first.emplace(key, &pool);
        if (fresh || at->second->row->source == row.source) continue;
        sink.examined(row.place);
        const model::Published& other = *at->second->row;
        const bool same = at->second->y_range.meets(pool.y_range) && at->second->se.meets(pool.se);
        if (same) continue;
        Finding made = finding(row, "estimate", Possible::unlikely);
        input(made, other.source.value, shown(other));
        input(made, row.source.value, shown(row));
        made.says =
            fmt::format("Two sources quote this pool differently: {} and {}.", shown(other), shown(row));
        made.remedy = "Quote the review itself; a secondary page may have a slip.";
        made.touches = {other.id.value};
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
