// Means, SDs and percentages that whole numbers of people and whole steps of a scale can or cannot give.
#include "trust/granularity.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

namespace assay::trust {

namespace {

std::string sizes_words(const std::vector<int>& sizes) {
    std::string words;
    for (const int size : sizes)
        words += (words.empty() ? "" : ", ") + std::to_string(size);
    return words;
}

std::string remedy_for_size(const ArmMoments& group, const std::vector<int>& sizes) {
    std::string words = sizes.empty() ? std::string("No n close to it would do")
                                      : "It is possible for n = " + sizes_words(sizes);
    words += "; or values recorded in finer steps than the outcome declares";
    if (group.n_assumed) words += "; n is not printed for this row";
    return words + ".";
}

/// Sums of values of an arm move in whole steps only where the row is a plain mean of them.
bool plain_mean(const ArmMoments& group) {
    const std::string& basis = group.row->basis;
    return group.n && printed_status(group.row->status) &&
           (basis == "baseline" || basis == "final" || basis == "change" || basis == "period" ||
            basis == "other");
}

std::optional<double> step_of(const Context& context, const ArmMoments& group) {
    const auto* outcome = context.data.outcome(group.row->outcome);
    if (!outcome || !(outcome->step > 0) || !group.row->unit.empty() || !group.row->period.empty())
        return std::nullopt;
    return outcome->step;
}

Possible strength(bool assumed) {
    return assumed ? Possible::unlikely : Possible::no;
}

} // namespace

void run_grim(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto step = step_of(context, group);
        if (!step || !plain_mean(group) || !grim_informative(group.mean, *group.n, *step)) continue;
        sink.examined(group.row->place);
        if (grim(group.mean, *group.n, *step)) continue;
        Finding made = finding(*group.row, "mean", strength(group.n_assumed));
        input(made, "mean", group.mean);
        input(made, "n", number_words(*group.n));
        input(made, "step", number_words(*step));
        made.says = fmt::format("{} values in steps of {} cannot have the mean {}.", number_words(*group.n),
                                number_words(*step), group.mean.text());
        made.remedy = remedy_for_size(group, sizes_for_mean(group.mean, *group.n, *step));
        sink.add(std::move(made));
    }
}

void run_grimmer(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto step = step_of(context, group);
        if (!step || !group.sd || !plain_mean(group) || !grim_informative(group.mean, *group.n, *step))
            continue;
        if (!grim(group.mean, *group.n, *step)) continue; // told by the check of the mean
        sink.examined(group.row->place);
        if (grimmer(group.mean, *group.sd, *group.n, *step, true) ||
            grimmer(group.mean, *group.sd, *group.n, *step, false))
            continue;
        Finding made = finding(*group.row, "sd", strength(group.n_assumed));
        input(made, "mean", group.mean);
        input(made, "sd", *group.sd);
        input(made, "n", number_words(*group.n));
        input(made, "step", number_words(*step));
        made.says =
            fmt::format("No {} values in steps of {} have the mean {} and the SD {} together.",
                        number_words(*group.n), number_words(*step), group.mean.text(), group.sd->text());
        made.remedy = "It is possible if n differs, if values were recorded in finer steps, or if the SD is "
                      "not that of "
                      "single values (a standard error, for instance).";
        sink.add(std::move(made));
    }
}

void run_debit(const Context& context, Sink& sink) {
    for (const ArmMoments& group : context.data.moments()) {
        const auto* outcome = context.data.outcome(group.row->outcome);
        if (!outcome || outcome->kind != model::OutcomeKind::binary || !group.sd || !group.n) continue;
        if (!(group.mean.value >= 0 && group.mean.value <= 1)) continue;
        sink.examined(group.row->place);
        if (debit(group.mean, *group.sd, *group.n)) continue;
        Finding made = finding(*group.row, "sd", strength(group.n_assumed));
        input(made, "mean", group.mean);
        input(made, "sd", *group.sd);
        input(made, "n", number_words(*group.n));
        made.says = fmt::format("A yes-or-no outcome with mean {} in {} people cannot have the SD {}.",
                                group.mean.text(), number_words(*group.n), group.sd->text());
        made.remedy = "It is possible if n differs, or if the outcome has more than two values.";
        sink.add(std::move(made));
    }
}

void run_percent(const Context& context, Sink& sink) {
    for (const ArmEvents& group : context.data.events()) {
        const model::Result& row = *group.row;
        std::vector<Printed> printed;
        if (const auto column = read_printed(context.data.text(row.place, "percent")))
            printed.push_back(*column);
        else
            printed = percentages(row.formula);
        // A trail with several percentages tells of more than this row.
        if (printed.size() != 1 || !group.n) continue;
        const Printed& percent = printed.front();
        sink.examined(row.place);
        std::vector<std::pair<std::string, double>> sizes{{"n", *group.n}};
        if (group.arm && group.arm->n_randomised && *group.arm->n_randomised != *group.n)
            sizes.emplace_back("n_randomised", *group.arm->n_randomised);
        if (group.arm && group.arm->n_analysed && *group.arm->n_analysed != *group.n)
            sizes.emplace_back("n_analysed", *group.arm->n_analysed);
        for (const auto& [name, size] : sizes) {
            const bool possible =
                name == "n" ? percent_of(percent, group.events, size) : percent_possible(percent, size);
            if (possible) continue;
            Finding made = finding(row, name == "n" ? "events" : "n", Possible::unlikely);
            input(made, "percent", percent);
            if (name == "n") input(made, "events", number_words(group.events));
            input(made, name, number_words(size));
            made.says =
                name == "n"
                    ? fmt::format("{} of {} is {:.2f} %, not the printed {} %.", number_words(group.events),
                                  number_words(size), 100 * group.events / size, percent.text())
                    : fmt::format("{} % of the {} people of the arm ({}) is not a whole number of people.",
                                  percent.text(), number_words(size), name);
            const auto others = sizes_for_percent(percent, size);
            made.remedy = (others.empty() ? std::string("No number of people close to it would do")
                                          : "It is possible for n = " + sizes_words(others)) +
                          "; the percentage may have been cut off instead of rounded, or belong to another "
                          "denominator.";
            sink.add(std::move(made));
        }
    }
}

} // namespace assay::trust
