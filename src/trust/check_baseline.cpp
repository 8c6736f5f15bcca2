// Baseline tables: after randomisation only chance makes groups differ, and it makes them differ neither too
// much nor too little (Carlisle 2017, Anaesthesia 72:944). P by simulation on numbers rounded as printed.
#include "base/random.hpp"
#include "num/distributions.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::trust {

namespace {

struct Row {
    const Cell* cell = nullptr;
    std::vector<const ArmMoments*> groups;
};

/// How far apart the means of a row are: the weighted sum of squares between groups.
double between(const std::vector<double>& means, const std::vector<double>& sizes) {
    double total = 0, people = 0;
    for (std::size_t i = 0; i < means.size(); ++i)
        total += sizes[i] * means[i], people += sizes[i];
    const double centre = total / people;
    double sum = 0;
    for (std::size_t i = 0; i < means.size(); ++i)
        sum += sizes[i] * (means[i] - centre) * (means[i] - centre);
    return sum;
}

/// The share of simulated rows whose means are closer together than the printed ones, ties counted half.
double share_closer(const Row& row, int draws, Random& random) {
    std::vector<double> sizes, printed;
    double squares = 0, df = 0, unit = row.groups.front()->mean.unit();
    for (const ArmMoments* group : row.groups) {
        sizes.push_back(*group->n);
        printed.push_back(group->mean.value);
        squares += (*group->n - 1) * group->sd->value * group->sd->value;
        df += *group->n - 1;
        unit = std::min(unit, group->mean.unit()); // a table has one precision; "5.0" may have become "5"
    }
    const double sd = std::sqrt(squares / df), observed = between(printed, sizes), noise = 1e-9 * unit * unit;
    double closer = 0;
    std::vector<double> means(sizes.size());
    const auto simulate = [&](int times) {
        double count = 0;
        for (int draw = 0; draw < times; ++draw) {
            for (std::size_t i = 0; i < means.size(); ++i) {
                const double mean = printed.front() + sd / std::sqrt(sizes[i]) * random.normal();
                means[i] = std::round(mean / unit) * unit;
            }
            const double simulated = between(means, sizes);
            if (simulated < observed - noise)
                count += 1;
            else if (simulated <= observed + noise)
                count += 0.5;
        }
        return count;
    };
    // A short run settles rows that are nowhere near an end; only the others deserve the long one.
    constexpr int few = 400;
    constexpr double near_end = 0.05;
    closer = simulate(few) / few;
    if (closer < near_end || closer > 1 - near_end) closer = simulate(draws) / draws;
    const double least = 0.5 / draws;
    return std::min(1 - least, std::max(least, closer));
}

std::vector<Row> baseline_rows(const Context& context, const model::Study& study) {
    std::vector<Row> rows;
    for (const std::size_t index : context.data.cells_of(study)) {
        const Cell& cell = context.data.cells()[index];
        if (cell.basis != "baseline") continue;
        Row row;
        row.cell = &cell;
        for (const ArmMoments& group : cell.moments)
            if (group.sd && group.sd->value > 0 && group.n && *group.n >= 2 && group.arm)
                row.groups.push_back(&group);
        if (row.groups.size() >= 2 && row.groups.size() == cell.moments.size())
            rows.push_back(std::move(row));
    }
    return rows;
}

bool randomised(const model::Study& study) {
    return study.design == "rct-parallel";
}

} // namespace

void run_baseline(const Context& context, Sink& sink) {
    std::uint64_t stream = 0;
    for (const model::Study& study : context.data.review().studies) {
        ++stream;
        if (!randomised(study)) continue;
        const auto rows = baseline_rows(context, study);
        if (rows.empty()) continue;
        Random random(context.settings.seed, stream);
        double sum = 0;
        std::vector<std::pair<const Row*, double>> shares;
        for (const Row& row : rows) {
            sink.examined(row.groups.front()->row->place);
            const double share = share_closer(row, context.settings.draws, random);
            sum += num::normal_quantile(share);
            shares.emplace_back(&row, share);
        }
        // Stouffer's method: the deviates of the rows, added.
        const double combined = num::normal_cdf(sum / std::sqrt(static_cast<double>(rows.size())));
        const double alpha = context.settings.baseline_alpha;
        if (combined > alpha && combined < 1 - alpha) continue;
        Finding made = finding(*rows.front().groups.front()->row, "mean", Possible::unlikely);
        for (const auto& [row, share] : shares) {
            std::string words;
            for (const ArmMoments* group : row->groups)
                words += fmt::format("{}{} ({}), n {:g}", words.empty() ? "" : " and ", group->mean.text(),
                                     group->sd->text(), *group->n);
            input(made, row->cell->outcome->label, words + fmt::format("; share closer {:.3g}", share));
            made.touches.push_back(row->groups.front()->row->id.value);
        }
        input(made, "combined", p_words(std::min(combined, 1 - combined)));
        input(made, "seed", std::to_string(context.settings.seed));
        made.says =
            fmt::format("The groups are {} at baseline than chance makes them after randomisation (one-sided "
                        "P {}, {} row{}).",
                        combined > 0.5 ? "further apart" : "closer together",
                        p_words(std::min(combined, 1 - combined)), rows.size(), rows.size() == 1 ? "" : "s");
        made.remedy = "It is possible with stratified or minimised allocation, with correlated variables "
                      "(they count as "
                      "independent here), if SDs are standard errors, or if the rows are not of everybody "
                      "who was randomised.";
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
