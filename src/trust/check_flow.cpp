// Numbers of people from randomisation to analysis: nobody is analysed who was not randomised, and arms sum
// up.
#include "trust/parts.hpp"

#include <fmt/format.h>

namespace assay::trust {

namespace {

std::optional<double> size_of(const model::Data& data) {
    return std::visit(
        [](const auto& d) -> std::optional<double> {
            if constexpr (requires { d.n; })
                return d.n;
            else
                return std::nullopt;
        },
        data);
}

void analysed_over_randomised(const model::Study& study, const std::vector<const model::Arm*>& arms,
                              Sink& sink) {
    if (study.n_randomised && study.n_analysed) {
        sink.examined(study.place);
        if (*study.n_analysed > *study.n_randomised) {
            Finding made = finding(study, "n_analysed", Possible::no);
            input(made, "n_randomised", number_words(*study.n_randomised));
            input(made, "n_analysed", number_words(*study.n_analysed));
            made.says = fmt::format("{} people are analysed and {} were randomised.",
                                    number_words(*study.n_analysed), number_words(*study.n_randomised));
            made.remedy = "It is possible if periods or limbs were counted instead of people.";
            sink.add(std::move(made));
        }
    }
    for (const model::Arm* arm : arms) {
        if (!arm->n_randomised || !arm->n_analysed) continue;
        sink.examined(arm->place);
        if (*arm->n_analysed <= *arm->n_randomised) continue;
        Finding made = finding(*arm, "n_analysed", Possible::no);
        input(made, "n_randomised", number_words(*arm->n_randomised));
        input(made, "n_analysed", number_words(*arm->n_analysed));
        made.says = fmt::format("{} people of the arm are analysed and {} were randomised to it.",
                                number_words(*arm->n_analysed), number_words(*arm->n_randomised));
        made.remedy = "It is possible if people were analysed as treated.";
        sink.add(std::move(made));
    }
}

void arms_sum_up(const model::Study& study, const std::vector<const model::Arm*>& arms, Sink& sink) {
    if (!study.n_randomised || arms.size() < 2) return;
    double total = 0, largest = 0;
    for (const model::Arm* arm : arms) {
        if (!arm->n_randomised) return;
        total += *arm->n_randomised;
        largest = std::max(largest, *arm->n_randomised);
    }
    sink.examined(study.place);
    const bool together = same_people(study); // everybody passes through every arm
    if (together ? largest <= *study.n_randomised : total == *study.n_randomised) return;
    const bool over = together || total > *study.n_randomised;
    Finding made = finding(study, "n_randomised", over ? Possible::no : Possible::yes);
    input(made, "n_randomised", number_words(*study.n_randomised));
    for (const model::Arm* arm : arms)
        input(made, arm->label, number_words(*arm->n_randomised));
    if (together)
        made.says = fmt::format("An arm has {} people where {} were randomised to the sequences.",
                                number_words(largest), number_words(*study.n_randomised));
    else
        made.says = fmt::format("The arms have {} people together where {} were randomised.",
                                number_words(total), number_words(*study.n_randomised));
    made.remedy = over
                      ? "One of the numbers may be of another stage (screened, completed)."
                      : "An arm may be missing from arms.csv, or numbers of another stage stand in the arms.";
    sink.add(std::move(made));
}

void rows_over_arms(const Context& context, Sink& sink) {
    for (const model::Result& row : context.data.review().results) {
        const auto n = size_of(row.data);
        const auto* study = context.data.study(row.study);
        if (!n || !study) continue;
        const auto* arm = context.data.arm(row.arm);
        const bool contrast = !row.versus.empty();
        const auto limit = contrast || !arm ? study->n_randomised : arm->n_randomised;
        if (!limit) continue;
        sink.examined(row.place);
        if (*n <= *limit) continue;
        Finding made = finding(row, "n", Possible::no);
        input(made, "n", number_words(*n));
        input(made, "n_randomised", number_words(*limit));
        made.says = fmt::format("The row has {} people where {} were randomised.", number_words(*n),
                                number_words(*limit));
        made.remedy = "It is possible if periods, limbs or visits were counted instead of people.";
        sink.add(std::move(made));
    }
}

} // namespace

void run_flow(const Context& context, Sink& sink) {
    for (const model::Study& study : context.data.review().studies) {
        const auto& arms = context.data.arms_of(study);
        analysed_over_randomised(study, arms, sink);
        arms_sum_up(study, arms, sink);
    }
    rows_over_arms(context, sink);
}

} // namespace assay::trust
