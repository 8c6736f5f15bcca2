// Standard errors from what papers print: an interval, a P value or a test statistic.
// Everything is on the analysis scale or brought there first (ratios: logarithms).
#pragma once

#include <optional>
#include <string>

namespace assay::effect {

/// A converted number with the formula that made it, or why there is none.
struct Converted {
    std::optional<double> se = {}; ///< on the analysis scale
    std::string formula = {};      ///< "se = (log(ci_high) - log(ci_low))/(2*1.95996)"
    std::string problem = {};      ///< a sentence, when se is absent
};

/// From an interval of any level (0.95, 0.9, ...): half its length over the normal or (with df) t quantile. `ratio`:
/// estimate and limits are ratios, the result is the SE of the logarithm. Refuses an interval that is not symmetric
/// about the estimate on the analysis scale by more than a tenth of its length plus what rounding of the printed
/// digits allows: such an interval is not estimate +- c*se. Cochrane Handbook 6.5, sections 6.3.1 and 6.3.2.
Converted se_from_interval(std::optional<double> estimate, double low, double high, double level, bool ratio,
                           std::optional<double> df = std::nullopt);

/// From an exact two-sided P value: |estimate| over the normal or (with df) t quantile of P.
/// Cochrane Handbook 6.5, section 6.3.2 and, for t, 6.5.2.3.
Converted se_from_p(double estimate, double p, bool ratio, std::optional<double> df = std::nullopt);

/// From a test statistic: |estimate / t|. Cochrane Handbook 6.5, section 6.5.2.3.
Converted se_from_t(double estimate, double t, bool ratio);

/// Half of the last printed digit: 0.05 for 1.2, 0.5 for 12. Found from the shortest decimal form of the number.
double rounding_half_width(double printed);

} // namespace assay::effect
