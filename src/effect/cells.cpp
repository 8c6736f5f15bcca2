#include "effect/cells.hpp"

namespace assay::effect {

namespace {
std::optional<double> rest(std::optional<double> others, std::optional<double> total, std::optional<double> events) {
    if (others) return others;
    if (total && events) return *total - *events;
    return std::nullopt;
}

bool complete(const Row& row) {
    return row[Role::ai] && row[Role::ci] && rest(row[Role::bi], row[Role::n1i], row[Role::ai]) &&
           rest(row[Role::di], row[Role::n2i], row[Role::ci]);
}
} // namespace

std::optional<Cells> cells_of(const Row& row) {
    if (!complete(row)) return std::nullopt;
    const Cells cells{*row[Role::ai], *rest(row[Role::bi], row[Role::n1i], row[Role::ai]), *row[Role::ci],
                      *rest(row[Role::di], row[Role::n2i], row[Role::ci])};
    // NaN fails these comparisons too.
    const bool possible = cells.a >= 0 && cells.b >= 0 && cells.c >= 0 && cells.d >= 0;
    if (!possible || !(cells.n1() > 0) || !(cells.n2() > 0)) return std::nullopt;
    return cells;
}

Status cells_status(const Row& row) { return complete(row) ? Status::impossible : Status::missing; }

} // namespace assay::effect
