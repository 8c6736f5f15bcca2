// From the rows of a data set to effects: who gets a continuity correction, the averages, then each study.
#include "effect/measures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace assay::effect {

namespace {
template<class Value, std::size_t N>
std::optional<Value> look_up(const std::array<std::pair<std::string_view, Value>, N>& names,
                             std::string_view name) {
    for (const auto& [text, value] : names)
        if (text == name) return value;
    return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, Vtype>, 12> vtypes = {{{"LS", Vtype::LS},
                                                                        {"LS2", Vtype::LS2},
                                                                        {"LS3", Vtype::LS3},
                                                                        {"UB", Vtype::UB},
                                                                        {"AV", Vtype::AV},
                                                                        {"AV2", Vtype::AV2},
                                                                        {"MAX", Vtype::MAX},
                                                                        {"AVHO", Vtype::AVHO},
                                                                        {"HO", Vtype::HO},
                                                                        {"H0", Vtype::H0},
                                                                        {"ST", Vtype::ST},
                                                                        {"CS", Vtype::CS}}};
constexpr std::array<std::pair<std::string_view, AddTo>, 4> add_tos = {
    {{"only0", AddTo::only0}, {"if0all", AddTo::if0all}, {"all", AddTo::all}, {"none", AddTo::none}}};

/// What each study gets added to its cells.
std::vector<double> additions(std::span<const Zeros> zeros, double add, AddTo to) {
    const bool some =
        std::any_of(zeros.begin(), zeros.end(), [](const Zeros& z) { return z.valid && z.any; });
    std::vector<double> result(zeros.size(), 0);
    for (std::size_t i = 0; i < zeros.size(); ++i) {
        const bool wanted =
            to == AddTo::all || (to == AddTo::if0all && some) || (to == AddTo::only0 && zeros[i].any);
        if (wanted) result[i] = add;
    }
    return result;
}

/// Effect and variance of one study, either of them from the counts without the addition when that is asked
/// for.
Computed one_of(const Measure& measure, const Row& row, Setting setting, double add, const Options& options) {
    setting.add = add;
    const Computed with = measure.compute(row, setting);
    if (add == 0 || (options.add_to_effect && options.add_to_variance)) return with;
    setting.add = 0;
    const Computed plain = measure.compute(row, setting);
    Computed mixed = with;
    mixed.y = (options.add_to_effect ? with : plain).y;
    mixed.v = (options.add_to_variance ? with : plain).v;
    const bool good = std::isfinite(mixed.y) && std::isfinite(mixed.v) && mixed.v > 0;
    if (!good && mixed.status == Status::ok) mixed.status = Status::zero_cell;
    return mixed;
}
} // namespace

std::optional<Vtype> vtype_of(std::string_view name) {
    return look_up(vtypes, name);
}
std::optional<AddTo> add_to_of(std::string_view name) {
    return look_up(add_tos, name);
}

std::string_view to_string(Family family) {
    switch (family) {
    case Family::binary:
        return "two groups, events";
    case Family::means:
        return "two groups, means";
    case Family::paired:
        return "one group measured twice";
    case Family::rates:
        return "two groups, events in person-time";
    case Family::correlation:
        return "correlations";
    case Family::single:
        return "one group";
    case Family::association:
        return "association in 2x2 tables";
    case Family::regression:
        return "partial correlations and explained variance";
    case Family::matched:
        return "matched pairs, events";
    case Family::reliability:
        return "reliability";
    case Family::generic:
        return "as given";
    }
    return "";
}

std::string_view to_string(Scale scale) {
    switch (scale) {
    case Scale::identity:
        return "identity";
    case Scale::log:
        return "log";
    case Scale::logit:
        return "logit";
    case Scale::probit:
        return "probit";
    case Scale::arcsine:
        return "arcsine of the square root";
    case Scale::double_arcsine:
        return "Freeman-Tukey double arcsine";
    case Scale::square_root:
        return "square root";
    case Scale::fisher_z:
        return "Fisher's z";
    case Scale::log_complement:
        return "-log(1 - x)";
    case Scale::other:
        return "own";
    }
    return "";
}

std::string_view to_string(Status status) {
    switch (status) {
    case Status::ok:
        return "computed";
    case Status::missing:
        return "a number the measure needs is missing";
    case Status::impossible:
        return "the numbers are impossible (events over n, or a negative count, SD or variance)";
    case Status::double_zero:
        return "no events in either group, or only events in both, and such studies are left out";
    case Status::zero_cell:
        return "a zero cell leaves the effect or its variance undefined";
    case Status::sd_zero:
        return "the standard deviations leave no sampling variance";
    case Status::too_small:
        return "too few people for the formula";
    case Status::undefined:
        return "the numbers are outside the measure's domain";
    }
    return "";
}

std::vector<Computed> compute(const Measure& measure, std::span<const Row> rows, const Options& options) {
    const std::size_t k = rows.size();
    std::vector<Zeros> zeros(k);
    if (measure.zeros)
        for (std::size_t i = 0; i < k; ++i)
            zeros[i] = measure.zeros(rows[i]);
    const auto dropped = [&](std::size_t i) { return options.drop00 && zeros[i].valid && zeros[i].both; };

    const std::vector<double> add = additions(zeros, options.add.value_or(measure.default_add), options.to);
    Setting setting{options.vtype, options.correct};
    setting.by_search = options.by_search;

    const bool averages = options.vtype == Vtype::AV || options.vtype == Vtype::AV2 ||
                          options.vtype == Vtype::AVHO || options.vtype == Vtype::HO;
    if (measure.average && averages) {
        Averages sums;
        for (std::size_t i = 0; i < k; ++i) {
            setting.add = options.add_to_variance ? add[i] : 0;
            if (!dropped(i)) measure.average(rows[i], setting, sums);
        }
        setting.average1 = sums.weight1 > 0 ? sums.value1 / sums.weight1 : 0;
        setting.average2 = sums.weight2 > 0 ? sums.value2 / sums.weight2 : 0;
    }

    std::vector<Computed> outcomes(k);
    for (std::size_t i = 0; i < k; ++i) {
        outcomes[i] = dropped(i) ? Computed{.status = Status::double_zero}
                                 : one_of(measure, rows[i], setting, add[i], options);
    }
    return outcomes;
}

} // namespace assay::effect
