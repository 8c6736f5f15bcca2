// The P values that printed numbers can give: a range, because every printed number stands for an interval
// and several tests are in use.
#pragma once

#include "model/review.hpp"
#include "trust/printed.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace assay::trust {

/// Mean, SD and size of a group, as printed.
struct Group {
    Printed mean, sd;
    double n = 0;
};

/// The two-sided P of a printed comparison: every value it may stand for. "0.03" may have been rounded or cut
/// off.
Range printed_p(const model::PValue& p, const Printed& text);

/// Two groups: Student's t with the pooled variance and Welch's t (Welch 1947), over all values that round to
/// the printed ones. Absent where an SD may be zero or a group has fewer than two people.
std::optional<Range> p_of_groups(const Group& a, const Group& b);

/// Two measurements of the same n people: paired t for any correlation from -1 to 1 between them.
std::optional<Range> p_of_pairs(const Group& before, const Group& after);

/// An estimate (difference, or ratio when `log_scale`) with its interval: z and, with `df`, t.
std::optional<Range> p_of_interval(const Printed& estimate, const Printed& low, const Printed& high,
                                   double level, bool log_scale, std::optional<double> df);

struct NamedP {
    std::string_view test;
    double p = 1;
};

/// e1 of n1 against e2 of n2: chi-squared with and without continuity correction and with n - 1, likelihood
/// ratio, Fisher exact and mid-P, Wald tests of log RR, log OR and RD. Tests that are not defined for the
/// counts are left out.
std::vector<NamedP> p_of_counts(double e1, double n1, double e2, double n2);

/// How far apart two ranges of P are, in standard normal deviates; 0 where they meet.
double gap_in_z(const Range& a, const Range& b);

} // namespace assay::trust
