// Numbers that turn up twice where chance would hardly repeat them, and sources that print different numbers
// for one thing.
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

constexpr double pi = 3.14159265358979323846;

int significant(const Printed& number) {
    int digits = 0;
    for (const char c : number.text())
        if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
    return digits;
}

// How likely two independent samples of the same population print the same mean and SD: the two differences
// are normal with SDs s*sqrt(2/n) and about s/sqrt(n), and must fall into one printed unit.
double chance_of_repeat(const ArmMoments& a, double n) {
    const double s = a.sd->value, density = 1 / std::sqrt(2 * pi);
    const double same_mean = std::min(1.0, a.mean.unit() * density / (s * std::sqrt(2 / n)));
    const double same_sd = std::min(1.0, a.sd->unit() * density / (s / std::sqrt(n)));
    return same_mean * same_sd;
}

bool repeats(const ArmMoments& a, const ArmMoments& b) {
    return a.sd && b.sd && a.sd->value > 0 && a.mean.value == b.mean.value && a.sd->value == b.sd->value;
}

std::string where(const ArmMoments& group) {
    std::string words = group.arm ? group.arm->label : group.row->arm.value;
    if (!group.row->timepoint.empty()) words += ", " + group.row->timepoint;
    return words + (group.row->basis == "baseline" && group.row->timepoint != "baseline" ? ", baseline" : "");
}

void compare_rows(const Context& context, Sink& sink, const std::vector<const ArmMoments*>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const ArmMoments &later = *rows[i], &first = *rows[j];
            const bool same_thing = later.arm == first.arm && later.row->timepoint == first.row->timepoint &&
                                    later.row->basis == first.row->basis;
            if (same_thing || !repeats(first, later)) continue;
            const double n = std::min(first.n.value_or(20), later.n.value_or(20));
            const double chance = chance_of_repeat(first, std::max(2.0, n));
            if (chance > context.settings.chance) continue;
            Finding made = finding(*later.row, "mean", Possible::unlikely);
            input(made, where(first), first.mean.text() + " (" + first.sd->text() + ")");
            input(made, where(later), later.mean.text() + " (" + later.sd->text() + ")");
            input(made, "chance", p_words(chance));
            made.says = fmt::format("Mean and SD, {} ({}), are the same as those of another cell ({}).",
                                    later.mean.text(), later.sd->text(), where(first));
            made.remedy = fmt::format(
                "Chance repeats both in about 1 of {:.0f} independent pairs; a cell may have been copied. "
                "It is possible if values were carried forward.",
                1 / chance);
            made.touches = {first.row->id.value};
            sink.add(std::move(made));
        }
    }
}

// Two outcomes have nothing to do with each other's numbers: each printed value is taken as spread evenly, on
// the log scale, over two decades; `pairs` of cells had the chance to agree.
double chance_across(const ArmMoments& group, double pairs) {
    const double decades = std::log(100.0);
    const double mean = group.mean.unit() / (std::fabs(group.mean.value) * decades);
    const double sd = group.sd->unit() / (group.sd->value * decades);
    return pairs * std::min(1.0, mean) * std::min(1.0, sd);
}

void compare_outcomes(const Context& context, Sink& sink, const std::vector<const ArmMoments*>& rows) {
    std::map<std::pair<double, double>, const ArmMoments*> first;
    const double size = static_cast<double>(rows.size()), pairs = size * (size - 1) / 2;
    for (const ArmMoments* row : rows) {
        if (!row->sd || row->sd->value <= 0 || row->mean.value == 0) continue;
        const auto [at, fresh] = first.emplace(std::pair(row->mean.value, row->sd->value), row);
        const ArmMoments& other = *at->second;
        if (fresh || other.row->outcome == row->row->outcome) continue;
        const double chance = chance_across(*row, pairs);
        if (chance > context.settings.chance) continue;
        Finding made = finding(*row->row, "mean", Possible::unlikely);
        input(made, other.row->outcome.value,
              where(other) + ": " + other.mean.text() + " (" + other.sd->text() + ")");
        input(made, row->row->outcome.value,
              where(*row) + ": " + row->mean.text() + " (" + row->sd->text() + ")");
        input(made, "chance", p_words(chance));
        made.says = fmt::format("Mean and SD, {} ({}), are the same as those of another outcome ({}).",
                                row->mean.text(), row->sd->text(), other.row->outcome.value);
        made.remedy = "A line of the table may have been copied. It is possible if the two outcomes are one, "
                      "in the same unit.";
        made.touches = {other.row->id.value};
        sink.add(std::move(made));
    }
}

std::string source_of(const model::Result& row) {
    return row.source.value;
}

struct Owner {
    const model::Study* study = nullptr;
    Place place;
    std::string row;
};

bool declared_same(const model::Study& a, const model::Study& b) {
    if (a.same_cohort_as == b.id || b.same_cohort_as == a.id) return true;
    return !a.same_cohort_as.empty() && a.same_cohort_as == b.same_cohort_as;
}

void tell_duplicate(Sink& sink, const model::Study& a, const model::Study& b, Possible possible,
                    std::string field, std::string name, std::string value, std::string says) {
    Finding made;
    made.study = b.id;
    made.row = b.id.value;
    made.field = std::move(field);
    made.place = b.place;
    made.possible = possible;
    input(made, std::move(name), std::move(value));
    made.says = std::move(says);
    made.remedy = fmt::format(
        "If both are the same people, name {} under same_cohort_as, so that they are never pooled side by "
        "side; if not, note why.",
        a.id.value);
    made.touches = {a.id.value};
    sink.add(std::move(made));
}

/// The registry number in a text, if there is one: letters and digits of a known shape.
std::string registry_number(std::string_view text) {
    for (const std::string_view prefix :
         {"NCT", "ISRCTN", "ACTRN", "DRKS", "UMIN", "KCT", "IRCT", "ChiCTR", "CTRI", "PACTR"}) {
        const std::size_t at = text.find(prefix);
        if (at == std::string_view::npos) continue;
        std::size_t end = at;
        while (end < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '/' || text[end] == '-'))
            ++end;
        return std::string(text.substr(at, end - at));
    }
    return {};
}

/// Adds `key` -> study; tells when another study has it already.
template<class Tell>
void claim(std::map<std::string, const model::Study*>& owners, const std::string& key,
           const model::Study& study, Tell tell) {
    if (key.empty()) return;
    const auto [at, fresh] = owners.emplace(key, &study);
    if (!fresh && at->second != &study && !declared_same(*at->second, study)) tell(*at->second);
}

void same_numbers(const Context& context, Sink& sink) {
    // Counts of two arms, and mean, SD and n of a group, that two studies share for one outcome.
    std::map<std::string, const model::Study*> owners;
    std::set<std::pair<const model::Study*, const model::Study*>> told;
    for (const Cell& cell : context.data.cells()) {
        if (cell.events.size() == 2 && cell.events[0].n && cell.events[1].n) {
            const auto &a = cell.events[0], &b = cell.events[1];
            constexpr double fewest = 40, events = 3; // smaller tables repeat by chance
            if (*a.n + *b.n >= fewest && a.events + b.events >= events) {
                const std::string words =
                    fmt::format("{:g}/{:g} and {:g}/{:g}", a.events, *a.n, b.events, *b.n);
                claim(owners, fmt::format("{}|{}", cell.outcome->id.value, words), *cell.study,
                      [&](const model::Study& other) {
                          if (!told.emplace(&other, cell.study).second) return;
                          tell_duplicate(sink, other, *cell.study, Possible::unlikely, "same_cohort_as",
                                         "counts", words,
                                         fmt::format("The counts {} ({}) are also those of {}.", words,
                                                     cell.outcome->label, other.label));
                      });
            }
        }
        for (const ArmMoments& group : cell.moments) {
            constexpr int fewest = 5; // digits of mean and SD together
            if (!group.sd || !group.n || significant(group.mean) + significant(*group.sd) < fewest) continue;
            const std::string words =
                fmt::format("{} ({}), n {:g}", group.mean.text(), group.sd->text(), *group.n);
            claim(owners, fmt::format("{}|{}", cell.outcome->id.value, words), *cell.study,
                  [&](const model::Study& other) {
                      if (!told.emplace(&other, cell.study).second) return;
                      tell_duplicate(sink, other, *cell.study, Possible::unlikely, "same_cohort_as", "group",
                                     words,
                                     fmt::format("The group {} ({}) is also one of {}.", words,
                                                 cell.outcome->label, other.label));
                  });
        }
    }
}

template<class Group> bool differ(const Group& a, const Group& b);
template<> bool differ(const ArmMoments& a, const ArmMoments& b) {
    const bool sds = a.sd && b.sd && !a.sd->rounded().meets(b.sd->rounded());
    return sds || !a.mean.rounded().meets(b.mean.rounded());
}
template<> bool differ(const ArmEvents& a, const ArmEvents& b) {
    return a.events != b.events || (a.n && b.n && *a.n != *b.n);
}

std::string words(const ArmMoments& group) {
    return group.mean.text() + (group.sd ? " (" + group.sd->text() + ")" : "") +
           (group.n ? ", n " + number_words(*group.n) : "");
}
std::string words(const ArmEvents& group) {
    return number_words(group.events) + (group.n ? "/" + number_words(*group.n) : "");
}

template<class Group> void compare_sources(Sink& sink, const std::vector<Group>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const model::Result &later = *rows[i].row, &first = *rows[j].row;
            if (later.arm != first.arm || source_of(later) == source_of(first)) continue;
            if (!printed_status(later.status) || !printed_status(first.status)) continue;
            sink.examined(later.place);
            if (!differ(rows[i], rows[j])) continue;
            Finding made = finding(later, "source", Possible::unlikely);
            input(made, source_of(first), words(rows[j]));
            input(made, source_of(later), words(rows[i]));
            made.says =
                fmt::format("Two sources print different numbers for the same thing: {} ({}) and {} ({}).",
                            words(rows[j]), source_of(first), words(rows[i]), source_of(later));
            made.remedy = "It is possible if they count different people or days; else one of them has a "
                          "slip. Prefer the first "
                          "publication and note the other.";
            made.touches = {first.id.value};
            sink.add(std::move(made));
        }
    }
}

} // namespace

void run_repeated_cells(const Context& context, Sink& sink) {
    for (const model::Study& study : context.data.review().studies) {
        std::map<std::pair<std::string_view, std::string_view>, std::vector<const ArmMoments*>> by_outcome;
        for (const std::size_t index : context.data.cells_of(study))
            for (const ArmMoments& row : context.data.cells()[index].moments)
                by_outcome[{row.row->outcome.value, row.row->unit}].push_back(&row);
        std::vector<const ArmMoments*> all;
        for (const auto& [key, rows] : by_outcome)
            all.insert(all.end(), rows.begin(), rows.end());
        compare_outcomes(context, sink, all);
        for (const auto& [key, rows] : by_outcome) {
            if (rows.size() < 2) continue;
            for (const ArmMoments* row : rows)
                sink.examined(row->row->place);
            compare_rows(context, sink, rows);
        }
    }
}

void run_sources_disagree(const Context& context, Sink& sink) {
    for (const Cell& cell : context.data.cells()) {
        compare_sources(sink, cell.moments);
        compare_sources(sink, cell.events);
    }
}

void run_duplicate_cohorts(const Context& context, Sink& sink) {
    const auto& review = context.data.review();
    std::map<std::string, const model::Study*> registered, published, alike;
    for (const model::Study& study : review.studies) {
        sink.examined(study.place);
        const std::string number = registry_number(study.registration);
        claim(registered, number, study, [&](const model::Study& other) {
            tell_duplicate(sink, other, study, Possible::unlikely, "registration", "registration", number,
                           fmt::format("{} has the registry number {}, too.", other.label, number));
        });
        if (study.author.empty() || study.country.empty() || !study.n_randomised) continue;
        const std::string key =
            plain(study.author) + "|" + plain(study.country) + "|" + number_words(*study.n_randomised);
        claim(alike, key, study, [&](const model::Study& other) {
            tell_duplicate(
                sink, other, study, Possible::yes, "n_randomised", "n_randomised",
                number_words(*study.n_randomised),
                fmt::format("{} has the same first author, country and number of people.", other.label));
        });
    }
    for (const model::Report& report : review.reports) {
        const auto* study = context.data.study(report.study);
        if (!study) continue;
        const std::string key = !report.doi.empty()   ? "doi " + plain(report.doi)
                                : report.pmid.empty() ? ""
                                                      : "pmid " + report.pmid;
        claim(published, key, *study, [&](const model::Study& other) {
            tell_duplicate(sink, other, *study, Possible::yes, "source", "report",
                           report.doi.empty() ? report.pmid : report.doi,
                           fmt::format("{} is reported by the same publication.", other.label));
        });
    }
    same_numbers(context, sink);
}

void run_rob_disagree(const Context& context, Sink& sink) {
    std::map<std::vector<std::string>, const model::RobRow*> first;
    for (const model::RobRow& row : context.data.review().rob) {
        if (row.status != "published" || row.judgement.empty()) continue;
        sink.examined(row.place);
        const auto [at, fresh] = first.emplace(
            std::vector<std::string>{row.study.value, row.outcome.value, plain(row.tool), plain(row.domain)},
            &row);
        if (fresh || plain(at->second->judgement) == plain(row.judgement)) continue;
        Finding made;
        made.study = row.study;
        made.row = row.study.value + " " + row.domain;
        made.field = "judgement";
        made.place = row.place;
        made.possible = Possible::yes;
        input(made, at->second->assessor.empty() ? at->second->source.value : at->second->assessor,
              at->second->judgement);
        input(made, row.assessor.empty() ? row.source.value : row.assessor, row.judgement);
        made.says = fmt::format("Two assessments of the same domain ({}) differ: {} and {}.", row.domain,
                                at->second->judgement, row.judgement);
        made.remedy = "Reviews may judge different results of a trial; look at their reasons.";
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
