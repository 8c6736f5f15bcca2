// Several groups of one trial taken together as one, from their summary numbers.
#pragma once

namespace assay::effect {

struct Group {
    double n = 0, mean = 0, sd = 0;
};

/// Mean and SD of two groups as if they had been one: Cochrane Handbook 6.5, table 6.5.2.a (section 6.5.2.10).
Group combined(const Group& a, const Group& b);

} // namespace assay::effect
