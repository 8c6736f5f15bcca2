#include "plot/axis.hpp"

#include "plot/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::plot {

namespace {

constexpr std::array<double, 4> round_steps{1, 2, 2.5, 5};

int decimals_of(double step) {
    for (int places = 0; places < 8; ++places) {
        const double scaled = step * std::pow(10, places);
        if (std::fabs(scaled - std::round(scaled)) < 1e-6 * scaled) return places;
    }
    return 8;
}

double round_step(double width, int most) {
    const double magnitude = std::pow(10, std::floor(std::log10(width / (most - 1))));
    for (double power : {magnitude, magnitude * 10})
        for (double step : round_steps)
            if (width / (step * power) <= most - 1) return step * power;
    return magnitude * 100;
}

std::vector<Tick> decade_ticks(double low, double high, std::span<const double> digits) {
    std::vector<Tick> ticks;
    const int first = static_cast<int>(std::floor(low / std::log(10.0)));
    const int last = static_cast<int>(std::ceil(high / std::log(10.0)));
    for (int power = first; power <= last; ++power) {
        for (double digit : digits) {
            const double value = digit * std::pow(10, power);
            const double at = std::log(value);
            if (at >= low && at <= high) ticks.push_back({at, trimmed(value, std::max(0, -power))});
        }
    }
    return ticks;
}

} // namespace

std::vector<Tick> linear_ticks(double low, double high, int most) {
    std::vector<Tick> ticks;
    if (!(high > low) || most < 2) return ticks;
    const double step = round_step(high - low, most);
    const int places = decimals_of(step);
    const double slack = 1e-9 * step;
    for (double index = std::ceil((low - slack) / step); index * step <= high + slack; ++index)
        ticks.push_back({index * step, fixed(index * step, places)});
    return ticks;
}

std::vector<Tick> log_ticks(double low, double high, int most) {
    if (!(high > low)) return {};
    constexpr std::array<double, 3> fine{1, 2, 5};
    constexpr std::array<double, 1> coarse{1};
    std::vector<Tick> ticks = decade_ticks(low, high, fine);
    if (ticks.size() > static_cast<std::size_t>(most)) {
        ticks = decade_ticks(low, high, coarse);
        const std::size_t stride = (ticks.size() + static_cast<std::size_t>(most) - 1) / static_cast<std::size_t>(most);
        // Thin so that 1 (the line of no difference) keeps its tick.
        std::vector<Tick> kept;
        for (const Tick& tick : ticks)
            if (std::lround(tick.at / std::log(10.0)) % static_cast<long>(stride) == 0) kept.push_back(tick);
        return kept;
    }
    if (ticks.size() >= 3) return ticks;
    ticks = linear_ticks(std::exp(low), std::exp(high), most);
    for (Tick& tick : ticks)
        tick.at = std::log(tick.at);
    std::erase_if(ticks, [](const Tick& tick) { return !std::isfinite(tick.at); });
    return ticks;
}

std::vector<Tick> ticks_for(const MeasureLook& look, double low, double high, int most) {
    if (look.ratio) return log_ticks(low, high, most);
    std::vector<Tick> ticks = linear_ticks(shown(look, low), shown(look, high), most);
    for (Tick& tick : ticks)
        tick.at = analysed(look, tick.at);
    std::erase_if(ticks, [](const Tick& tick) { return !std::isfinite(tick.at); });
    return ticks;
}

Range shown_range(std::span<const double> must, std::span<const Range> wish) {
    Range core{INFINITY, -INFINITY};
    const auto include = [](Range& range, double value) {
        if (!std::isfinite(value)) return;
        range.low = std::min(range.low, value);
        range.high = std::max(range.high, value);
    };
    for (double value : must)
        include(core, value);
    std::vector<double> widths;
    for (const Range& one : wish)
        if (std::isfinite(one.high - one.low)) widths.push_back(one.high - one.low);
    std::sort(widths.begin(), widths.end());
    if (!(core.high >= core.low)) core = {0, 0};
    const double typical = widths.empty() ? 0 : widths[widths.size() / 2];
    const double room = 0.75 * std::max({core.high - core.low, typical, 1e-9});
    Range range = core;
    for (const Range& one : wish) {
        include(range, std::max(one.low, core.low - room));
        include(range, std::min(one.high, core.high + room));
    }
    const double pad = 0.03 * std::max(range.high - range.low, 1e-9);
    return {range.low - pad, range.high + pad};
}

double Axis::at(double value) const {
    const double share = (value - range.low) / (range.high - range.low);
    return left + width * std::clamp(share, 0.0, 1.0);
}

} // namespace assay::plot
