// Transformations of effects and back: what a printed or pooled number becomes on another scale.
#pragma once

#include <span>
#include <string_view>

namespace assay::effect {

/// What some transformations need beside the number. Absent numbers are 0.
struct TransformArguments {
    double n = 0;                       ///< people (double arcsine) or person-time (rates)
    std::span<const double> sizes = {}; ///< n of all studies, for the harmonic mean
    double tau2 = 0;                    ///< of the integral transformations
    double control_risk = 0;
    double sd = 1;
    double n1 = 0, n2 = 0; ///< sizes of the groups; 0: equal and large
    double share = 0.5;    ///< of group 1
};

struct Transformation {
    std::string_view name;    ///< metafor's, without "transf."
    std::string_view inverse; ///< name of the way back; empty: there is none in the table
    std::string_view formula; ///< in words of the reader
    std::string_view source;
    double (*apply)(double x, const TransformArguments& with);
};

std::span<const Transformation> transformations();
const Transformation* find_transformation(std::string_view name);

/// Miller 1978, Am Stat 32:138: the proportion whose double arcsine with n people is x; 0 and 1 beyond the
/// ends. With the harmonic mean of several sizes as n it can be far off (Schwarzer et al. 2019, Res Synth
/// Methods 10:476).
double inverse_double_arcsine(double x, double n);

} // namespace assay::effect
