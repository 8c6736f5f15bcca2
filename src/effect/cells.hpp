// The four cells of a 2x2 table, completed from group sizes where only those are given.
#pragma once

#include "effect/measures.hpp"

#include <optional>

namespace assay::effect {

struct Cells {
    double a = 0, b = 0, c = 0, d = 0; ///< events, non-events of group 1; of group 2

    double n1() const { return a + b; }
    double n2() const { return c + d; }
    double p1() const { return a / n1(); }
    double p2() const { return c / n2(); }
    double pooled() const { return (a + c) / (a + b + c + d); }
    Cells plus(double x) const { return {a + x, b + x, c + x, d + x}; }
};

/// The cells, with bi = n1i - ai and di = n2i - ci where needed; absent when a number is missing or impossible.
std::optional<Cells> cells_of(const Row& row);

/// Why cells_of found none: missing or impossible.
Status cells_status(const Row& row);

} // namespace assay::effect
