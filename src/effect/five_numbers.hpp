// Means and standard deviations from medians, quartiles and ranges.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::effect {

/// What a paper prints of a sample. Used are: minimum, median and maximum; the three quartiles; or all five.
struct FiveNumbers {
    std::optional<double> minimum, q1, median, q3, maximum, n;
};

struct MeanAndSd {
    std::optional<double> mean, sd;
    bool skewed = false; ///< the numbers differ from those of a normal sample: Shi et al. 2023, Stat Methods
                         ///< Med Res 32:1338
    std::string problem; ///< why there is nothing
};

/// method: "default" or "luo/wan/shi" (mean: Luo, Wan, Liu & Tong 2018, Stat Methods Med Res 27:1785,
/// equations 7, 11 and 15; SD: Wan, Wang, Liu & Tong 2014, BMC Med Res Methodol 14:135, equations 9 and 16,
/// and Shi et al. 2020, Res Synth Methods 11:641, equation 10), "wan2014", "hozo2005" (BMC Med Res Methodol
/// 5:13), "bland2015" (Int J Stat Med Res 4:57), "luo2016" (mean only), "shi2020" (SD of five numbers only).
/// `log_normal`: the numbers are those of a log-normal sample (Shi et al. 2020, Stat Methods Med Res
/// 29:1338). `refuse_skewed`: none for skewed numbers.
MeanAndSd mean_and_sd(const FiveNumbers& numbers, std::string_view method = "default",
                      bool log_normal = false, bool refuse_skewed = true);

/// SD from what else is printed of one mean: its standard error, an interval (half length over the t quantile
/// with n - 1 df), or t and P of a test against 0. Cochrane Handbook 6.5, section 6.5.2.2.
double sd_from_se(double se, double n);
double sd_from_interval(double low, double high, double n, double level = 0.95);
double sd_from_p(double mean, double p, double n);

} // namespace assay::effect
