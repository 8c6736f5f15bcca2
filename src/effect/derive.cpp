#include "effect/derive.hpp"

#include "effect/convert.hpp"
#include "effect/five_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {
using namespace model;

/// The first rule for `wanted` that gives a number; else what the last of them refused.
std::optional<Derived> first_of(Number wanted, const Numbers& numbers, const ResultId& row,
                                std::string& problem) {
    for (const Rule& rule : rules()) {
        if (rule.gives != wanted) continue;
        if (auto made = derive(rule, numbers, row, &problem)) return made;
    }
    return std::nullopt;
}

bool has_median(const Numbers& x) {
    return x[Number::median] &&
           ((x[Number::q1] && x[Number::q3]) || (x[Number::minimum] && x[Number::maximum]));
}

/// Whether what is printed around the median is that of a skewed sample.
bool skewed(const Numbers& x) {
    FiveNumbers five;
    five.n = x[Number::n], five.median = x[Number::median];
    if (x[Number::q1] && x[Number::q3]) five.q1 = x[Number::q1], five.q3 = x[Number::q3];
    if (x[Number::minimum] && x[Number::maximum])
        five.minimum = x[Number::minimum], five.maximum = x[Number::maximum];
    return mean_and_sd(five, "default", false, false).skewed;
}

/// Rules whose input lies outside the row say whence it comes.
void mark(Derived& made, const Borrowed& from) {
    made.origin = from.origin;
    made.assumed = from.assumed;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t shown = 4;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < shown; ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

} // namespace

std::optional<Derived> derive(const Rule& rule, const Numbers& numbers, const ResultId& row,
                              std::string* problem) {
    if (!applies(rule, numbers)) return std::nullopt;
    const Made made = rule.run(numbers);
    if (!made.value) {
        if (problem) *problem = made.problem;
        return std::nullopt;
    }
    Derived derived;
    derived.row = row;
    derived.number = number_name(rule.gives);
    derived.value = *made.value;
    derived.rule = rule.id;
    derived.formula = rule.formula;
    for (const Number need : rule.needs)
        if (need != Number::log_scale)
            derived.inputs.push_back({std::string(number_name(need)), numbers.at(need)});
    return derived;
}

bool counts_as_derived(const std::vector<Derived>& derived) {
    return std::any_of(derived.begin(), derived.end(), [](const Derived& one) {
        const Rule* rule = find_rule(one.rule);
        return !rule || !rule->kept;
    });
}

Numbers numbers_of(const Result& row, const Moments& data) {
    Numbers x;
    x[Number::mean] = data.mean, x[Number::sd] = data.sd, x[Number::n] = data.n, x[Number::se] = data.se;
    if (data.ci_quantile == "z")
        x[Number::z_low] = data.ci_low, x[Number::z_high] = data.ci_high;
    else
        x[Number::ci_low] = data.ci_low, x[Number::ci_high] = data.ci_high;
    x[Number::ci_level] = data.ci_level;
    x[Number::t] = data.t, x[Number::df] = data.df;
    if (row.p && row.p->relation == '=' && row.p_kind == "within") x[Number::p] = row.p->value;
    x[Number::median] = data.median;
    if (data.spread_kind == "iqr") x[Number::q1] = data.spread_low, x[Number::q3] = data.spread_high;
    x[Number::minimum] = data.minimum, x[Number::maximum] = data.maximum;
    if (data.spread_kind == "range")
        x[Number::minimum] = data.spread_low, x[Number::maximum] = data.spread_high;
    x[Number::correlation] = row.correlation;
    return x;
}

// ---- what the rows around one say
// ----------------------------------------------------------------------------

Deriver::Deriver(const Review& review, const OutcomeId& outcome, const SensitivitySet* set, bool standardised)
    : review_(review), standardised_(standardised) {
    const auto in_force = [&](std::optional<double> SensitivitySet::*changed,
                              const std::optional<double>& declared) {
        return set && set->*changed ? set->*changed : declared;
    };
    change_ = in_force(&SensitivitySet::change_correlation, review.derived.change_correlation);
    crossover_ = in_force(&SensitivitySet::crossover_correlation, review.derived.crossover_correlation);
    icc_ = in_force(&SensitivitySet::icc, review.derived.icc);
    for (const Result& row : review.results)
        if (row.outcome == outcome) rows_[row.study].push_back(&row);
    learn_correlations();
    // A set that names a value means this value, not what other trials give.
    others_change_ = !(set && set->change_correlation);
    others_crossover_ = !(set && set->crossover_correlation);
    others_icc_ = !(set && set->icc);
}

const Result* Deriver::sibling(const Result& row, const char* basis, bool same_time) const {
    const auto rows = rows_.find(row.study);
    if (rows == rows_.end()) return nullptr;
    for (const Result* other : rows->second)
        if (other->arm == row.arm && other->basis == basis && std::holds_alternative<Moments>(other->data) &&
            other->unit == row.unit && other->period == row.period &&
            (!same_time || other->timepoint == row.timepoint))
            return other;
    return nullptr;
}

/// SD of a row from its own numbers only.
static std::optional<double> own_sd(const Result& row) {
    const auto* data = std::get_if<Moments>(&row.data);
    if (!data) return std::nullopt;
    if (data->sd) return data->sd;
    Numbers numbers = numbers_of(row, *data);
    numbers[Number::correlation].reset();
    std::string problem;
    for (const Rule& rule : rules())
        if (rule.gives == Number::sd && rule.exact)
            if (const auto made = derive(rule, numbers, row.id, &problem)) return made->value;
    return std::nullopt;
}

void Deriver::learn_correlations() {
    for (const auto& [study, rows] : rows_) {
        const Study* declared = review_.find(study);
        for (const Result* row : rows) {
            if (row->icc && row->cluster_size) iccs_[study].push_back(*row->icc);
            if (row->basis == "change" && std::holds_alternative<Moments>(row->data)) {
                if (row->correlation) changes_[study].push_back(*row->correlation);
                const Result* before = sibling(*row, "baseline", false);
                const Result* after = sibling(*row, "final", true);
                if (row->correlation || !before || !after) continue;
                Numbers x;
                x[Number::sd] = own_sd(*row), x[Number::sd_baseline] = own_sd(*before),
                x[Number::sd_final] = own_sd(*after);
                if (const auto r = derive(*find_rule("r.change"), x, row->id))
                    changes_[study].push_back(r->value);
            }
            const auto* contrast = std::get_if<Contrast>(&row->data);
            if (!declared || declared->design != "rct-crossover" || !contrast || row->basis != "paired")
                continue;
            if (row->correlation) {
                crossovers_[study].push_back(*row->correlation);
                continue;
            }
            if (contrast->measure != "MD" || !contrast->n || !(*contrast->n >= 2)) continue;
            Numbers x;
            x[Number::sd_difference] = contrast->sd;
            if (!contrast->sd)
                if (const auto precision = precision_of(*row, *contrast, false); precision.se)
                    x[Number::sd_difference] = *precision.se * std::sqrt(*contrast->n);
            for (const Result* group : rows) {
                if (group->basis == "baseline" || group->timepoint != row->timepoint) continue;
                if (group->arm == row->arm && !x[Number::sd1]) x[Number::sd1] = own_sd(*group);
                if (group->arm == row->versus && !x[Number::sd2]) x[Number::sd2] = own_sd(*group);
            }
            if (const auto r = derive(*find_rule("r.crossover"), x, row->id))
                crossovers_[study].push_back(r->value);
        }
    }
}

std::optional<Borrowed> Deriver::elsewhere(const std::map<StudyId, std::vector<double>>& known,
                                           const StudyId& own, const char* what, bool others) const {
    const auto mean = [](const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values)
            sum += value;
        return sum / static_cast<double>(values.size());
    };
    if (const auto mine = known.find(own); mine != known.end())
        return Borrowed{mean(mine->second), fmt::format("{}: mean over the trial's own groups", what), false};
    if (!others) return std::nullopt;
    std::vector<double> means;
    std::vector<std::string> trials;
    for (const auto& [study, values] : known) {
        means.push_back(mean(values));
        const Study* found = review_.find(study);
        trials.push_back(fmt::format("{} ({:.3g})", found ? found->label : study.value, means.back()));
    }
    if (means.empty()) return std::nullopt;
    return Borrowed{mean(means), fmt::format("{}: from {}", what, listed(trials)), true};
}

static Borrowed declared_value(double value, const char* what, const std::string& source) {
    return {value,
            fmt::format("{}: assumed to be {:.6g}{}", what, value, source.empty() ? "" : " (" + source + ")"),
            true};
}

std::optional<Borrowed> Deriver::change_correlation(const Result& row) const {
    if (row.correlation) return Borrowed{*row.correlation, {}, row.status == "assumed"};
    if (auto found = elsewhere(changes_, row.study, "correlation", others_change_)) return found;
    if (change_) return declared_value(*change_, "correlation", review_.derived.change_source);
    return std::nullopt;
}

std::optional<Borrowed> Deriver::crossover_correlation(const Result& one, const Result& two) const {
    for (const Result* row : {&one, &two})
        if (row->correlation) return Borrowed{*row->correlation, {}, row->status == "assumed"};
    // Without a declared value a trial is not analysed otherwise than its rows say; what other trials give
    // then comes first, as it is nearer than an assumption.
    if (!crossover_ && !crossovers_.contains(one.study)) return std::nullopt;
    if (auto found = elsewhere(crossovers_, one.study, "correlation", others_crossover_)) return found;
    if (crossover_) return declared_value(*crossover_, "correlation", review_.derived.crossover_source);
    return std::nullopt;
}

std::optional<Borrowed> Deriver::icc(const Result& row) const {
    if (!row.cluster_size) return std::nullopt;
    if (row.icc)
        return Borrowed{*row.icc, row.icc_from.empty() ? std::string() : "ICC: " + row.icc_from, false};
    if (auto found = elsewhere(iccs_, row.study, "ICC", others_icc_)) return found;
    if (icc_) return declared_value(*icc_, "ICC", review_.derived.icc_source);
    return std::nullopt;
}

// ---- completing a row
// ----------------------------------------------------------------------------------------

/// Adds what the rows of the same group before and after, or a contrast of the groups, give.
void Deriver::look_around(const Result& row, Numbers& x, Completed& made) const {
    if (row.basis == "change") {
        const Result* before = sibling(row, "baseline", false);
        const Result* after = sibling(row, "final", true);
        if (!before || !after) return;
        x[Number::mean_baseline] = std::get<Moments>(before->data).mean;
        x[Number::mean_final] = std::get<Moments>(after->data).mean;
        x[Number::sd_baseline] = own_sd(*before);
        x[Number::sd_final] = own_sd(*after);
        if (!made.n) made.n = x[Number::n] = std::get<Moments>(after->data).n;
        return;
    }
    if (!standardised_) return;
    const Study* study = review_.find(row.study);
    if (study && study->design == "rct-crossover") return; // its contrast is not one of different people
    for (const Result* other : rows_.at(row.study)) {
        const auto* contrast = std::get_if<Contrast>(&other->data);
        if (!contrast || contrast->measure != "MD" || other->basis != row.basis ||
            other->timepoint != row.timepoint)
            continue;
        if (other->arm != row.arm && other->versus != row.arm) continue;
        const ArmId& partner = other->arm == row.arm ? other->versus : other->arm;
        for (const Result* group : rows_.at(row.study)) {
            const auto* data = std::get_if<Moments>(&group->data);
            if (!data || group->arm != partner || group->basis != row.basis ||
                group->timepoint != row.timepoint)
                continue;
            x[Number::n1] = x[Number::n];
            x[Number::n2] = data->n;
            x[Number::se_difference] = precision_of(*other, *contrast, false).se;
            return;
        }
    }
}

Completed Deriver::complete(const Result& row) const {
    const Moments& data = std::get<Moments>(row.data);
    Completed made{data.mean, data.sd, data.n, {}, {}, {}, {}};
    if (made.mean && made.sd && made.n) return made;
    Numbers x = numbers_of(row, data);
    x[Number::correlation].reset(); // only the rule of changes may take it, with its origin
    look_around(row, x, made);
    std::optional<Borrowed> r;
    if (row.basis == "change" && !made.sd && x[Number::sd_baseline] && x[Number::sd_final]) {
        r = change_correlation(row);
        if (r) x[Number::correlation] = r->value;
    }
    std::string problem;
    // A test of a mean against 0 is one of a change; elsewhere a t or P beside a group is that of the
    // comparison.
    if (row.basis != "change") x[Number::t].reset(), x[Number::p].reset();
    if (has_median(x) && skewed(x)) {
        if (review_.derived.skewed == "leave-out") {
            for (const Number one :
                 {Number::median, Number::q1, Number::q3, Number::minimum, Number::maximum})
                x[one].reset();
            problem = "its median with quartiles or range is that of a skewed sample (Shi et al. 2023); "
                      "[derived] skewed "
                      "in review.toml can choose otherwise";
        } else {
            if (review_.derived.skewed == "log-normal") x[Number::log_scale] = 1;
            made.notes.push_back("median of a skewed sample taken as " + review_.derived.skewed);
        }
    }
    const auto fill = [&](Number wanted, std::optional<double>& into, const char* code, const char* what) {
        if (into) return;
        if (auto derived = first_of(wanted, x, row.id, problem)) {
            if (derived->rule == "sd.change" && r) mark(*derived, *r);
            into = x[wanted] = derived->value;
            made.derived.push_back(std::move(*derived));
        } else if (made.problem.empty()) {
            made.code = code;
            made.problem = std::string(what) + (problem.empty() ? "" : ": " + problem);
        }
    };
    fill(Number::mean, made.mean, "mean-missing", "the mean is missing");
    fill(Number::sd, made.sd, "sd-missing", "the standard deviation is missing");
    if (!made.sd && row.basis == "change" && x[Number::sd_baseline] && x[Number::sd_final] && !r &&
        problem.empty())
        made.problem = "the standard deviation is missing, and no correlation of baseline and final values "
                       "is known: fill "
                       "'correlation', or set change_correlation in [derived] of review.toml";
    return made;
}

// ---- contrasts
// -----------------------------------------------------------------------------------------------

namespace {

Precision refused(std::string problem) {
    return {{}, {}, std::move(problem), {}};
}

/// The number with the rule that names what was done.
Precision taken(const Converted& converted, const char* id, const Result& row,
                std::vector<DerivedInput> inputs) {
    Precision precision{converted.se, converted.formula, converted.problem, {}};
    if (!converted.se) return precision;
    const Rule& rule = *find_rule(id);
    Derived derived;
    derived.row = row.id, derived.number = number_name(rule.gives), derived.value = *converted.se;
    derived.rule = rule.id, derived.formula = converted.formula, derived.inputs = std::move(inputs);
    precision.derived = std::move(derived);
    return precision;
}

} // namespace

Precision precision_of(const Result& row, const Contrast& c, bool ratio) {
    // Differences within n people have n - 1 degrees of freedom, whether or not the paper says so.
    std::optional<double> df = c.df;
    if (!df && row.basis == "paired" && c.n && *c.n >= 2) df = *c.n - 1;
    if (c.se) {
        if (!(*c.se > 0)) return refused("the printed standard error is not above zero");
        return {*c.se, "se as printed", {}, {}};
    }
    if (c.sd && c.n && !ratio) {
        if (!(*c.sd > 0) || !(*c.n >= 1)) return refused("the SD of the differences or n is not above zero");
        return taken({*c.sd / std::sqrt(*c.n), "se = sd of the differences/sqrt(n)", {}}, "se.differences",
                     row, {{"sd of the differences", *c.sd}, {"n", *c.n}});
    }
    if (c.ci_low && c.ci_high)
        return taken(se_from_interval(c.estimate, *c.ci_low, *c.ci_high, c.ci_level, ratio, df), "se.ci", row,
                     {{"ci_low", *c.ci_low}, {"ci_high", *c.ci_high}, {"ci_level", c.ci_level}});
    if (!c.estimate) return refused("there is no estimate");
    if (c.t)
        return taken(se_from_t(*c.estimate, *c.t, ratio), "se.t", row,
                     {{"estimate", *c.estimate}, {"t", *c.t}});
    if (c.f) {
        if (!(*c.f > 0)) return refused("an F statistic of zero gives no standard error");
        const double sign = (ratio ? *c.estimate > 1 : *c.estimate > 0) ? 1 : -1;
        auto converted = se_from_t(*c.estimate, sign * std::sqrt(*c.f), ratio);
        if (converted.se)
            converted.formula = fmt::format("se = |estimate|/sqrt({:.6g}), the F statistic", *c.f);
        return taken(converted, "se.f", row, {{"estimate", *c.estimate}, {"f", *c.f}});
    }
    if (row.p && row.p->relation == '=')
        return taken(se_from_p(*c.estimate, row.p->value, ratio, df), "se.p", row,
                     {{"estimate", *c.estimate}, {"p", row.p->value}});
    if (row.p)
        return refused(
            fmt::format("only P {} {:.6g} is printed, which bounds the standard error but does not give it",
                        row.p->relation, row.p->value));
    return refused("neither standard error, interval, test statistic nor exact P is printed");
}

} // namespace assay::effect
