// Checks on numbers: against the study that is cited, against tables of limits, by arithmetic, and hours
// between a drug and the substance.
#include "claims/work.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::claims {

namespace {

using text::format_number;

// Half a unit of the last digit printed, and a little more where the article says "about".
double rounding(std::string_view written, const Quantity& quantity) {
    std::size_t decimals = 0;
    const std::size_t point = written.find('.');
    if (point != std::string_view::npos)
        while (point + 1 + decimals < written.size() && written[point + 1 + decimals] >= '0' &&
               written[point + 1 + decimals] <= '9')
            ++decimals;
    double slack = 0.5 * std::pow(10, -static_cast<double>(decimals));
    if (quantity.bound == "~") slack = std::max(slack, 0.05 * quantity.high);
    return slack + 1e-9;
}

std::string quantity_text(const Work& work, const Quantity& quantity) {
    return shown(work.text().substr(quantity.begin, quantity.end - quantity.begin), 80);
}

bool agrees(const Quantity& said, double value, double slack) {
    return value >= said.low - slack && value <= said.high + slack;
}

// ---- against the study
// --------------------------------------------------------------------------------------

/// What the base holds of one kind for a source.
std::vector<double> known_numbers(const Source& source, const Quantity& said) {
    std::vector<double> out;
    const auto take = [&](const std::optional<double>& value) {
        if (value) out.push_back(*value);
    };
    switch (said.kind) {
    case QuantityKind::amount:
        for (const model::Arm* arm : source.arms) {
            if (arm->role != "intervention") continue;
            if (arm->dose_unit.rfind("mg/day", 0) == 0 || arm->dose_unit == "mg" ||
                arm->dose_unit == "mg/once")
                take(arm->dose);
            take(arm->elemental_mg);
        }
        break;
    case QuantityKind::duration:
        for (const Quantity& known : source.numbers)
            if (const auto length = weeks(known)) out.push_back(*length);
        for (const model::Result* result : source.results)
            take(result->weeks);
        break;
    case QuantityKind::people:
        if (source.study) {
            take(source.study->n_randomised);
            take(source.study->n_analysed);
        }
        for (const model::Published* published : source.published)
            for (const Quantity& known : quantities(published->n))
                out.push_back(known.low);
        for (const Quantity& known : source.numbers)
            if (known.kind == QuantityKind::people) out.push_back(known.low);
        break;
    case QuantityKind::studies:
        for (const model::Published* published : source.published)
            for (const Quantity& known : quantities(published->k))
                out.push_back(known.low);
        for (const Quantity& known : source.numbers)
            if (known.kind == QuantityKind::studies) out.push_back(known.low);
        break;
    case QuantityKind::percent:
        for (const Quantity& known : source.numbers)
            if (known.kind == QuantityKind::percent) out.push_back(known.low);
        for (const model::Result* result : source.results) {
            take(result->percent);
            if (const auto* events = std::get_if<model::Events>(&result->data);
                events && events->events && events->n && *events->n > 0)
                out.push_back(100 * *events->events / *events->n);
        }
        break;
    default:
        for (const Quantity& known : source.numbers)
            if (known.kind == said.kind && known.unit == said.unit) out.push_back(known.low);
        break;
    }
    return out;
}

void check_study_numbers(const Work& work, Item& item) {
    if (item.cited.empty() || (!item.named_source && !item.inherited && item.cited.size() != 1)) return;
    for (const Quantity& said : item.claim->frame.numbers) {
        if (said.kind == QuantityKind::year || said.kind == QuantityKind::date ||
            said.kind == QuantityKind::bare || said.kind == QuantityKind::p_value)
            continue;
        Quantity scaled = said;
        if (said.kind == QuantityKind::amount) {
            const auto low = milligrams(said, said.low), high = milligrams(said, said.high);
            if (!low) continue;
            scaled.low = *low;
            scaled.high = *high;
        } else if (said.kind == QuantityKind::duration) {
            const auto length = weeks(said);
            if (!length) continue;
            scaled.low = scaled.high = *length;
        }
        double slack = rounding(work.text().substr(said.begin, said.end - said.begin), said);
        if (said.kind == QuantityKind::duration) slack = 0.5;
        const Source* nearest = nullptr;
        std::string listed;
        bool equal = false;
        for (const Source* source : item.cited) {
            const auto numbers = known_numbers(*source, scaled);
            if (numbers.empty()) continue;
            if (!nearest) nearest = source;
            std::set<double> distinct(numbers.begin(), numbers.end());
            for (const double value : distinct) {
                if (agrees(scaled, value, slack)) {
                    equal = true;
                    nearest = source;
                }
                if (listed.size() < 60)
                    listed += (listed.empty() ? "" : ", ") + format_number(std::round(value * 1000) / 1000);
            }
        }
        if (!nearest) continue;
        const std::string what = quantity_text(work, said);
        if (equal) {
            add(item, "number", "equal", Opinion::supports, 2, what, "the source has this number",
                nearest->cite(), nearest->link());
            continue;
        }
        // Another number of the same kind: people and doses are few and told apart; percentages are many.
        const bool single = item.cited.size() == 1 && item.named_source;
        const bool counted = said.kind == QuantityKind::amount ||
                             (said.kind == QuantityKind::people && nearest->kind == "trial") ||
                             said.kind == QuantityKind::studies;
        add(item, "number", "differs", single && counted ? Opinion::partly : Opinion::none, 2, what, listed,
            nearest->cite(), nearest->link());
    }
}

// ---- limits
// -------------------------------------------------------------------------------------------------

struct Cell {
    std::string_view text;
    std::size_t begin = 0;
    std::string column;
};

std::vector<Cell> cells_of(const Work& work, const Item& item) {
    std::vector<Cell> cells;
    std::vector<std::string> columns;
    const std::string& heads = item.unit->column;
    for (std::size_t at = 0; at <= heads.size() && !heads.empty();) {
        const std::size_t end = std::min(heads.find('\t', at), heads.size());
        columns.push_back(heads.substr(at, end - at));
        at = end + 1;
    }
    const bool bars = item.text.find('|') != std::string_view::npos;
    std::size_t begin = bars && item.text.front() == '|' ? 1 : 0;
    for (std::size_t at = begin; at <= item.text.size();) {
        const std::size_t end = std::min(item.text.find(bars ? '|' : '\t', at), item.text.size());
        Cell cell;
        cell.text = item.text.substr(at, end - at);
        cell.begin = item.claim->begin + at;
        if (cells.size() < columns.size()) cell.column = columns[cells.size()];
        cells.push_back(cell);
        at = end + 1;
    }
    (void)work;
    return cells;
}

// Which kind of limit some words name; empty: none.
std::string limit_named(const std::vector<Word>& words) {
    if (has_any(words, {"ul", "uls"}) || has_phrase(words, {"upper", "limit"}, 1) ||
        has_phrase(words, {"upper", "intake"}, 1) || has_phrase(words, {"upper", "level"}, 1))
        return "UL";
    if (has_any(words, {"rda", "rdas"}) || has_phrase(words, {"recommended", "dietary"}, 0) ||
        has_phrase(words, {"recommended", "daily"}, 0))
        return "RDA";
    return {};
}

struct Ages {
    double low = 0, high = 200;
    bool said = false;
};

Ages ages_in(std::string_view text) {
    Ages ages;
    for (const Quantity& quantity : quantities(text)) {
        const bool years = quantity.kind == QuantityKind::duration && quantity.unit == "year";
        const bool months = quantity.kind == QuantityKind::duration && quantity.unit == "month";
        if (!years && !months) continue;
        const double scale = years ? 1 : 1.0 / 12;
        ages.said = true;
        ages.low = quantity.low * scale;
        const bool open = text.find('+') != std::string_view::npos || quantity.bound == ">" ||
                          quantity.bound == ">=" || text.find("older") != std::string_view::npos;
        ages.high = quantity.is_range() ? quantity.high * scale + scale
                    : open              ? 200
                                        : quantity.low * scale + scale;
        break;
    }
    return ages;
}

std::string sex_in(const std::vector<Word>& words) {
    const bool male = has_any(words, {"male", "males", "men", "man", "boy", "boys"});
    const bool female = has_any(words, {"female", "females", "women", "woman", "girl", "girls"});
    return male == female ? std::string() : male ? "male" : "female";
}

std::string state_in(const std::vector<Word>& words) {
    if (has_any(words, {"pregnant", "pregnanc", "pregnancy"})) return "pregnant";
    if (has_any(words, {"lactat", "lactating", "breastfeed", "breastfeeding", "nursing"})) return "lactating";
    return {};
}

/// The values of one kind of limit that hold for somebody in the group, by authority.
std::vector<const Limit*> limits_for(const Base& base, const std::string& quantity, const Ages& ages,
                                     const std::string& sex, const std::string& state) {
    std::vector<const Limit*> out;
    for (const Limit& limit : base.limits) {
        if (!limit.value || limit.quantity != quantity) continue;
        if (limit.state != state && !(limit.state == "none" && state.empty())) continue;
        if (!sex.empty() && limit.sex != "any" && limit.sex != sex) continue;
        const bool within = limit.age_min >= ages.low - 1e-9 && limit.age_max <= ages.high + 1e-9;
        const bool around =
            limit.age_min <= ages.low + 1e-9 && limit.age_max >= std::min(ages.high, 120.0) - 1e-9;
        if (within || around) out.push_back(&limit);
    }
    return out;
}

void judge_limit(const Work& work, Item& item, const Quantity& said, const std::string& quantity,
                 const std::vector<const Limit*>& rows) {
    if (rows.empty()) return;
    double low = *rows.front()->value, high = low;
    for (const Limit* row : rows) {
        low = std::min(low, *row->value);
        high = std::max(high, *row->value);
    }
    const std::string found = quantity + " " + format_number(low) +
                              (high > low ? " to " + format_number(high) : "") + " mg a day (" +
                              rows.front()->authority + ")";
    const auto ends_fit = [&](double value) {
        return std::any_of(rows.begin(), rows.end(),
                           [&](const Limit* row) { return std::abs(*row->value - value) < 0.5; });
    };
    const bool fits = ends_fit(said.low) && ends_fit(said.high);
    const bool inside = said.low >= low - 0.5 && said.high <= high + 0.5;
    add(item, "limit",
        fits     ? "equal"
        : inside ? "within"
                 : "differs",
        fits     ? Opinion::supports
        : inside ? Opinion::partly
                 : Opinion::contradicts,
        3, quantity_text(work, said), found, rows.front()->source, rows.front()->key);
}

void check_limit_row(const Work& work, Item& item) {
    const auto cells = cells_of(work, item);
    std::string who;
    for (const Cell& cell : cells)
        if (limit_named(words_of(cell.column)).empty()) who += std::string(cell.text) + " ";
    const auto words = words_of(who);
    const Ages ages = ages_in(who);
    const std::string sex = sex_in(words), state = state_in(words);
    if (!ages.said && state.empty()) return;
    for (const Cell& cell : cells) {
        const std::string quantity = limit_named(words_of(cell.column));
        if (quantity.empty()) continue;
        const std::string wanted_sex = state.empty() ? sex : "";
        auto rows = limits_for(work.base, quantity, ages, wanted_sex, state);
        // A group wider than one band of the table: the bands inside it.
        for (const Quantity& said : quantities(work.text(), cell.begin, cell.begin + cell.text.size()))
            if (said.kind == QuantityKind::amount && said.unit == "mg")
                judge_limit(work, item, said, quantity, rows);
    }
}

void check_limit_sentence(const Work& work, Item& item) {
    const std::string quantity = limit_named(item.words);
    if (quantity.empty()) return;
    const Ages said_ages = ages_in(item.text);
    Ages ages;
    ages.low = said_ages.said ? said_ages.low : 19;
    ages.high = said_ages.said ? said_ages.high : 200;
    const std::string state = state_in(item.words);
    for (const Quantity& said : item.claim->frame.numbers) {
        if (said.kind != QuantityKind::amount || said.unit != "mg") continue;
        // The number must stand near the name of the limit: "the UL of 350 mg".
        const auto near = words_of(work.text().substr(
            said.begin > item.claim->begin + 90 ? said.begin - 90 : item.claim->begin,
            std::min<std::size_t>(said.end + 40, item.claim->end) -
                (said.begin > item.claim->begin + 90 ? said.begin - 90 : item.claim->begin)));
        if (limit_named(near) != quantity) continue;
        // "Doses of 400 mg exceed the UL" names no limit; "do not exceed the UL of 400 mg" does.
        const std::string before =
            shown(work.text().substr(item.claim->begin, said.begin - item.claim->begin), 1000);
        const bool named = before.ends_with(" of") || before.ends_with(" is") || before.ends_with(" at");
        if (!named && has_any(item.words, {"exceed", "exceeding", "abov", "beyond", "often"})) continue;
        std::vector<const Limit*> rows;
        for (const char* sex : {"male", "female"})
            for (const Limit* row : limits_for(work.base, quantity, ages, sex, state))
                if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
        judge_limit(work, item, said, quantity, rows);
    }
}

// "Doses of 400 to 600 mg exceed the UL"
void check_over_limit(const Work& work, Item& item) {
    if (limit_named(item.words) != "UL" || !has_any(item.words, {"exceed", "abov", "beyond", "higher"}))
        return;
    double limit = 0;
    const Limit* row = nullptr;
    for (const Limit& known : work.base.limits)
        if (known.quantity == "UL" && known.value && known.age_min >= 18 && known.state.empty() &&
            *known.value > limit) {
            limit = *known.value;
            row = &known;
        }
    double dose = 0;
    const model::Arm* arm = nullptr;
    for (const model::Arm& known : work.base.review.arms)
        if (known.elemental_mg && known.route == "oral" && known.dose_unit == "mg/day" &&
            *known.elemental_mg > dose) {
            dose = *known.elemental_mg;
            arm = &known;
        }
    if (row && arm && dose > limit)
        add(item, "limit", "above", Opinion::supports, 2, shown(item.text),
            format_number(dose) + " mg a day in " + arm->study.value + ", the limit is " +
                format_number(limit) + " mg (" + row->authority + ")",
            row->source, row->key);
}

// ---- arithmetic
// ---------------------------------------------------------------------------------------------

struct Shares {
    double low = 1, high = 0;
    const Form* form = nullptr;
};

Shares shares_of(const Base& base, const std::string& family) {
    Shares shares;
    for (const Form& form : base.forms) {
        if (form.family != family || !form.usual) continue;
        shares.low = std::min(shares.low, form.fraction);
        shares.high = std::max(shares.high, form.fraction);
        if (!shares.form) shares.form = &form;
    }
    return shares;
}

void check_share(const Work& work, Item& item) {
    if (item.claim->frame.forms.size() != 1 || !has_any(item.words, {"element"})) return;
    const Shares shares = shares_of(work.base, item.claim->frame.forms.front());
    if (!shares.form) return;
    const std::string known =
        format_number(std::round(shares.low * 1000) / 10) +
        (shares.high > shares.low + 1e-6 ? " to " + format_number(std::round(shares.high * 1000) / 10) : "") +
        " %";
    for (const Quantity& said : item.claim->frame.numbers) {
        if (said.kind != QuantityKind::percent) continue;
        const bool fits = said.high >= 100 * shares.low - 0.6 && said.low <= 100 * shares.high + 0.6;
        add(item, "arithmetic", fits ? "consistent" : "impossible",
            fits ? Opinion::supports : Opinion::contradicts, 3, quantity_text(work, said),
            shares.form->family + " holds " + known + " of the element", shares.form->source,
            shares.form->key);
    }
    const Quantity* compound = nullptr;
    const Quantity* element = nullptr;
    for (const Quantity& said : item.claim->frame.numbers) {
        if (said.kind != QuantityKind::amount || !milligrams(said, said.low)) continue;
        (said.of.find("elemental") != std::string::npos ? element : compound) = &said;
    }
    if (!compound || !element || compound->is_range()) return;
    const double given = *milligrams(*compound, compound->low), low = given * shares.low,
                 high = given * shares.high;
    const double slack = std::max(0.05 * high, 2.5);
    const double said = *milligrams(*element, element->low);
    const bool fits = said >= low - slack && said <= high + slack;
    add(item, "arithmetic", fits ? "consistent" : "impossible",
        fits ? Opinion::supports : Opinion::contradicts, 3,
        quantity_text(work, *compound) + " and " + quantity_text(work, *element),
        format_number(given) + " mg of " + shares.form->family + " hold " + format_number(std::round(low)) +
            (high > low + 0.5 ? " to " + format_number(std::round(high)) : "") + " mg of the element",
        shares.form->source, shares.form->key);
}

// "12 of 40 (30 %)", "12/40 (30%)"
void check_part_of_whole(const Work& work, Item& item) {
    const auto& numbers = item.claim->frame.numbers;
    for (std::size_t i = 0; i + 2 < numbers.size(); ++i) {
        const Quantity &part = numbers[i], &whole = numbers[i + 1], &share = numbers[i + 2];
        if (share.kind != QuantityKind::percent || share.is_range() || part.is_range() || whole.is_range())
            continue;
        const std::string between = shown(work.text().substr(part.begin, whole.begin - part.begin), 40);
        const bool of = between.ends_with(" of") || between.ends_with("/") || between.ends_with(" of the");
        if (!of || whole.low <= 0 || part.low > whole.low || share.begin - whole.end > 40) continue;
        const double computed = 100 * part.low / whole.low;
        const double slack = rounding(work.text().substr(share.begin, share.end - share.begin), share) + 0.5;
        const bool fits = std::abs(computed - share.low) <= slack;
        add(item, "arithmetic", fits ? "consistent" : "impossible",
            fits ? Opinion::supports : Opinion::contradicts, 3,
            shown(work.text().substr(part.begin, share.end - part.begin), 80),
            format_number(part.low) + " of " + format_number(whole.low) + " is " +
                format_number(std::round(computed * 10) / 10) + " %");
    }
}

// An odds ratio is no multiple of a risk (Cochrane Handbook, 6.4.1.2).
void check_odds(const Work& work, Item& item) {
    if (!has_phrase(item.words, {"odds"}, 0) &&
        work.text().substr(item.claim->begin, item.claim->end - item.claim->begin).find("OR ") ==
            std::string_view::npos)
        return;
    if (!has_phrase(item.words, {"times", "more", "likely"}, 0) &&
        !has_phrase(item.words, {"times", "as", "likely"}, 0) &&
        !has_phrase(item.words, {"times", "the", "risk"}, 0))
        return;
    add(item, "arithmetic", "odds told as likelihood", Opinion::partly, 3, shown(item.text),
        "an odds ratio says how many times the odds are higher; the risk is higher by less when the event is "
        "common");
}

// "halves the risk" without saying of what
void check_baseline(const Work& work, Item& item) {
    const Tone& tone = item.claim->frame.tone;
    if (tone.direction != Direction::benefit || !has_any(item.words, {"risk"})) return;
    for (const Quantity& said : item.claim->frame.numbers)
        if (said.kind == QuantityKind::percent && item.claim->frame.numbers.size() == 1 &&
            has_any(item.words, {"reduc", "lower", "decreas", "cut"}))
            add(item, "number", "relative without baseline", Opinion::none, 0, quantity_text(work, said),
                "a relative change says little without the risk it starts from");
}

// ---- hours between a drug and the substance
// -----------------------------------------------------------------

void check_hours(const Work& work, Item& item) {
    std::vector<const Quantity*> hours;
    for (const Quantity& said : item.claim->frame.numbers)
        if (said.kind == QuantityKind::duration && said.unit == "hour") hours.push_back(&said);
    if (hours.empty()) return;
    if (!has_any(item.words, {"befor", "before", "after", "apart", "separ", "wait", "within", "least"}))
        return;
    // Drugs named in the claim, or in the row or sentence before it.
    std::vector<const Apart*> rules;
    for (const auto* words : {&item.words, &item.context}) {
        for (const Apart& rule : work.base.apart)
            for (const auto& phrase : rule.phrases)
                if (has_phrase(*words, phrase, 0)) {
                    rules.push_back(&rule);
                    break;
                }
        if (!rules.empty()) break;
    }
    std::set<double> known;
    double least = 1e9;
    const Apart* named = nullptr;
    std::string listed;
    for (const Apart* rule : rules) {
        double need = 0;
        for (const auto& value :
             {rule->hours_before, rule->hours_after, rule->cautious_before, rule->cautious_after})
            if (value) {
                known.insert(*value);
                need = need == 0 ? *value : std::min(need, *value);
            }
        if (need > 0) {
            least = std::min(least, need);
            if (!named) named = rule;
        }
    }
    if (!named) return;
    for (const double value : known)
        listed += (listed.empty() ? "" : ", ") + format_number(value);
    for (const Quantity* said : hours) {
        const bool equal = known.contains(said->low) && (!said->is_range() || known.contains(said->high));
        const bool between = said->low >= least && said->low <= *known.rbegin();
        if (equal)
            add(item, "interaction", "agrees", Opinion::supports, 3, quantity_text(work, *said),
                named->drug + ": " + named->management, named->source, named->key);
        else
            add(item, "interaction", said->high < least ? "too short" : "differs",
                said->high < least             ? Opinion::contradicts
                : between || said->low > least ? Opinion::partly
                                               : Opinion::none,
                3, quantity_text(work, *said), named->drug + ": sources name " + listed + " hours",
                named->source, named->key);
    }
}

} // namespace

void check_numbers(Work& work) {
    for (Item& item : work.items) {
        if (item.claim->kind == "reference") continue;
        check_study_numbers(work, item);
        if (item.unit->kind == UnitKind::row && !item.unit->column.empty())
            check_limit_row(work, item);
        else
            check_limit_sentence(work, item);
        check_over_limit(work, item);
        check_share(work, item);
        check_part_of_whole(work, item);
        check_odds(work, item);
        check_baseline(work, item);
        check_hours(work, item);
    }
}

} // namespace assay::claims
