#include "trust/data.hpp"

#include "trust/pvalues.hpp"

#include <type_traits>

namespace assay::trust {

namespace {

template<class Map, class Id> auto look_up(const Map& map, const Id& id) -> typename Map::mapped_type {
    const auto found = map.find(std::string_view(id.value));
    return found == map.end() ? nullptr : found->second;
}

template<class Row> std::optional<double> size_of(const Row& data, const model::Arm* arm) {
    if (data.n) return data.n;
    if (arm && arm->n_analysed) return arm->n_analysed;
    return arm ? arm->n_randomised : std::nullopt;
}

bool assumed(const std::string& status) {
    return status == "assumed";
}

} // namespace

bool same_people(const model::Study& study) {
    return study.design == "rct-crossover" || study.design == "n-of-1" || study.design == "before-after" ||
           study.design == "single-arm";
}

Data::Data(const model::Review& review, Texts texts) : review_(review), texts_(std::move(texts)) {
    for (const auto& row : review.studies)
        studies_.emplace(row.id.value, &row);
    for (const auto& row : review.outcomes)
        outcomes_.emplace(row.id.value, &row);
    for (const auto& row : review.arms) {
        arms_.emplace(row.id.value, &row);
        if (const auto* of = study(row.study)) arms_of_[of].push_back(&row);
    }
    std::map<std::vector<std::string_view>, std::size_t> index;
    for (const auto& row : review.results) {
        const auto* of = study(row.study);
        const auto* what = outcome(row.outcome);
        if (!of || !what) continue; // `check` has said so
        const std::vector<std::string_view> key{row.study.value, row.outcome.value, row.timepoint,
                                                row.basis,       row.unit,          row.period};
        const auto [at, fresh] = index.emplace(key, cells_.size());
        if (fresh) {
            Cell cell;
            cell.study = of;
            cell.outcome = what;
            cell.timepoint = row.timepoint;
            cell.basis = row.basis;
            cells_.push_back(std::move(cell));
            cells_of_[of].push_back(at->second);
        }
        Cell& cell = cells_[at->second];
        if (!row.versus.empty()) {
            cell.contrasts.push_back(&row);
        } else if (const auto* data = std::get_if<model::Moments>(&row.data); data && data->mean) {
            moments_.push_back(take(row, *data));
            cell.moments.push_back(moments_.back());
        } else if (const auto* counts = std::get_if<model::Events>(&row.data); counts && counts->events) {
            events_.push_back(take(row, *counts));
            cell.events.push_back(events_.back());
        }
    }
}

ArmMoments Data::take(const model::Result& row, const model::Moments& data) const {
    ArmMoments group;
    group.row = &row;
    group.arm = arm(row.arm);
    group.mean = printed(row.place, "mean", *data.mean);
    group.sd = printed(row.place, "sd", data.sd);
    group.n = size_of(data, group.arm);
    group.n_assumed = assumed(row.n_status) || assumed(row.status) || !data.n;
    return group;
}

ArmEvents Data::take(const model::Result& row, const model::Events& data) const {
    ArmEvents group;
    group.row = &row;
    group.arm = arm(row.arm);
    group.events = *data.events;
    group.n = size_of(data, group.arm);
    group.assumed = assumed(row.n_status) || assumed(row.status) || !data.n;
    return group;
}

const std::vector<const model::Arm*>& Data::arms_of(const model::Study& of) const {
    static const std::vector<const model::Arm*> none;
    const auto found = arms_of_.find(&of);
    return found == arms_of_.end() ? none : found->second;
}

const std::vector<std::size_t>& Data::cells_of(const model::Study& of) const {
    static const std::vector<std::size_t> none;
    const auto found = cells_of_.find(&of);
    return found == cells_of_.end() ? none : found->second;
}

const model::Study* Data::study(const model::StudyId& id) const {
    return look_up(studies_, id);
}
const model::Outcome* Data::outcome(const model::OutcomeId& id) const {
    return look_up(outcomes_, id);
}
const model::Arm* Data::arm(const model::ArmId& id) const {
    return look_up(arms_, id);
}

std::string Data::text(const Place& row, std::string_view column) const {
    return texts_ ? std::string(texts_(row, column)) : std::string();
}

Printed Data::printed(const Place& row, std::string_view column, double value) const {
    if (const auto read = texts_ ? read_printed(texts_(row, column)) : std::nullopt)
        if (read->value == value) return *read;
    return as_printed(value);
}

std::optional<Printed> Data::printed(const Place& row, std::string_view column,
                                     std::optional<double> value) const {
    if (!value) return std::nullopt;
    return printed(row, column, *value);
}

std::optional<Range> Data::p_of(const model::Result& row) const {
    if (!row.p) return std::nullopt;
    return printed_p(*row.p, printed(row.place, "p", row.p->value));
}

std::string Data::p_text(const model::Result& row) const {
    if (!row.p) return {};
    const std::string digits = printed(row.place, "p", row.p->value).text();
    return row.p->relation == '=' ? digits : row.p->relation + digits;
}

} // namespace assay::trust
