// The inputs of effect measures, named as in metafor's escalc, and one study's values for them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay::effect {

enum class Role : std::uint8_t {
    ai,   ///< events in group 1 (or: both positive, for paired tables; reliability; genotype counts)
    bi,   ///< non-events in group 1
    ci,   ///< events in group 2
    di,   ///< non-events in group 2; for SMD: a standardised mean difference as printed
    n1i,  ///< size of group 1
    n2i,  ///< size of group 2
    x1i,  ///< events in group 1, for rates
    x2i,  ///< events in group 2, for rates
    t1i,  ///< person-time of group 1
    t2i,  ///< person-time of group 2
    m1i,  ///< mean of group 1 (or of the second measurement)
    m2i,  ///< mean of group 2 (or of the first measurement)
    sd1i, ///< standard deviation of group 1
    sd2i, ///< standard deviation of group 2
    xi,   ///< events of a single group
    mi,   ///< non-events of a single group, a mean, or a number of predictors or items
    ri,   ///< a correlation
    ti,   ///< a t statistic, or person-time of a single group
    fi,   ///< an F statistic
    pi,   ///< a two-sided P value; its sign gives the direction
    sdi,  ///< standard deviation of a single group
    r2i,  ///< a coefficient of determination
    ni,   ///< total size
    yi,   ///< an effect on the analysis scale
    vi,   ///< its sampling variance
    sei,  ///< its standard error
    mini, ///< least possible value of a scale
    maxi, ///< greatest possible value of a scale
    count
};

/// "ai", "n1i", ...
std::string_view role_name(Role role);

/// The role of this name, if there is one.
std::optional<Role> role_of(std::string_view name);

/// What one study gives. A missing number is absent, never NaN.
class Row {
public:
    std::optional<double>& operator[](Role role) { return values_[static_cast<std::size_t>(role)]; }
    const std::optional<double>& operator[](Role role) const {
        return values_[static_cast<std::size_t>(role)];
    }

private:
    std::array<std::optional<double>, static_cast<std::size_t>(Role::count)> values_;
};

} // namespace assay::effect
