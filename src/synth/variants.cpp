#include "synth/variants.hpp"

#include "base/error.hpp"
#include "synth/fit.hpp"
#include "synth/likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace assay::synth {

namespace {
constexpr double epsilon = std::numeric_limits<double>::epsilon();

// Two studies at once. The lanes are added in a fixed order, so that results do not depend on the machine's
// width.
constexpr std::size_t lanes = 2;
typedef double Lane __attribute__((vector_size(lanes * sizeof(double))));

inline Lane load(const double* from) {
    Lane lane;
    std::memcpy(&lane, from, sizeof lane);
    return lane;
}
inline double across(const Lane& lane) {
    return lane[0] + lane[1];
}
} // namespace

double i2_of(const VariantFit& fit, bool common) {
    if (fit.n < 2) return 0;
    return (common ? heterogeneity_from_q(fit.q0, fit.n - 1)
                   : heterogeneity_from_tau2(fit.tau2, fit.tr_p0, fit.n - 1))
        .i2;
}
double h2_of(const VariantFit& fit, bool common) {
    if (fit.n < 2) return 1;
    return (common ? heterogeneity_from_q(fit.q0, fit.n - 1)
                   : heterogeneity_from_tau2(fit.tau2, fit.tr_p0, fit.n - 1))
        .h2;
}

VariantTable::VariantTable(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                           bool centred)
    : k_(y.size()), padded_((y.size() + lanes - 1) / lanes * lanes), estimator_(estimator) {
    ASSAY_EXPECT(!y.empty() && y.size() == v.size());
    if (estimator) {
        const auto id = estimator->id;
        kind_ = id == "DL"                   ? Kind::DL
                : id == "PM" || id == "EB"   ? Kind::PM
                : id == "REML" || id == "ML" ? Kind::likelihood
                                             : Kind::other;
        restricted_ = id == "REML";
    }
    const Point point = at_tau2({y, v}, 0);
    origin_ = centred ? point.mean : 0;
    y_.assign(padded_, 0.0);
    v_.assign(padded_, 1.0);
    double size = 0, v_low = v[0], v_high = v[0], y_low = y[0], y_high = y[0];
    for (std::size_t i = 0; i < k_; ++i) {
        y_[i] = y[i] - origin_;
        v_[i] = v[i];
        size = std::max(size, std::fabs(y[i]));
        v_low = std::min(v_low, v[i]);
        v_high = std::max(v_high, v[i]);
        y_low = std::min(y_low, y[i]);
        y_high = std::max(y_high, y[i]);
    }
    noise_ = 16 * epsilon * epsilon * size * size / v_low;
    head_.resize(k_ * head_length);
    for (std::size_t i = 0; i < k_; ++i) {
        const double w = 1 / v_[i];
        double* head = &head_[i * head_length];
        head[0] = w;
        head[1] = w * w;
        head[2] = w * y_[i];
        head[3] = w * y_[i] * y_[i];
    }
    head_total_.assign(head_length, 0.0);
    for (std::size_t i = 0; i < k_; ++i)
        for (std::size_t j = 0; j < head_length; ++j)
            head_total_[j] += head_[i * head_length + j];
    if (kind_ != Kind::likelihood) return;

    // From far below the smallest variance to beyond any maximum of any variant (a sign flip doubles the
    // range).
    const double range = centred ? y_high - y_low : 2 * size;
    const double low = 1e-3 * v_low, high = std::max(range * range, v_high);
    const double ratio = std::pow(high / low, 1.0 / static_cast<double>(grid - 2));
    tau2_.reserve(grid);
    tau2_.push_back(0);
    for (double t = low; tau2_.size() < grid; t *= ratio)
        tau2_.push_back(t);
    rows_.reset(new double[k_ * row_length]);
    row_total_.assign(row_length, 0.0);
    double* __restrict total = row_total_.data();
    double at[grid];
    std::copy(tau2_.begin(), tau2_.end(), at);
    for (std::size_t i = 0; i < k_; ++i) {
        double* __restrict row = &rows_[i * row_length];
        const double one_y = y_[i], one_v = v_[i];
        for (std::size_t g = 0; g < grid; ++g) {
            const double w = 1 / (one_v + at[g]);
            row[g] = w;
            row[grid + g] = w * w;
            row[2 * grid + g] = w * one_y;
            row[3 * grid + g] = w * w * one_y;
            row[4 * grid + g] = (w * one_y) * (w * one_y);
        }
        for (std::size_t j = 0; j < row_length; ++j)
            total[j] += row[j];
    }
}

struct Variant::Sums {
    double w = 0, w2 = 0, w3 = 0;    ///< sums of powers of the weights
    double d = 0;                    ///< mean less the mean that was put in
    double q = 0, ypp = 0, yppp = 0; ///< as in Point
    double tr_p() const { return w - w2 / w; }
    double tr_pp() const { return w2 - 2 * w3 / w + (w2 / w) * (w2 / w); }
    double w2r = 0;
};

/// One pass over the studies, relative to a mean that is nearly right.
Variant::Sums Variant::sums_at(double tau2, double mean) const {
    Lane w1{}, w2{}, w3{}, wd1{}, wd2{}, w2d1{}, w2d2{}, w3d1{}, w3d2{};
    const double* v = table_.v_.data();
    const double* y = y_.data();
    const double* m = count_.data();
    const std::size_t padded = table_.padded_;
    for (std::size_t i = 0; i < padded; i += lanes) {
        const Lane w = 1.0 / (load(v + i) + tau2);
        const Lane d = load(y + i) - mean;
        const Lane a = load(m + i) * w, b = a * w, c = b * w;
        w1 += a;
        w2 += b;
        w3 += c;
        const Lane ad = a * d, bd = b * d, cd = c * d;
        wd1 += ad;
        wd2 += ad * d;
        w2d1 += bd;
        w2d2 += bd * d;
        w3d1 += cd;
        w3d2 += cd * d;
    }
    Sums sums;
    sums.w = across(w1);
    sums.w2 = across(w2);
    sums.w3 = across(w3);
    const double swd = across(wd1), sw2d = across(w2d1), sw3d = across(w3d1);
    const double d = swd / sums.w;
    sums.d = d;
    sums.q = across(wd2) - d * swd;
    sums.ypp = across(w2d2) - d * (2 * sw2d - d * sums.w2);
    sums.w2r = sw2d - d * sums.w2;
    sums.yppp = across(w3d2) - d * (2 * sw3d - d * sums.w3) - sums.w2r * sums.w2r / sums.w;
    return sums;
}

Variant::Variant(const VariantTable& table) : table_(table) {
    count_.assign(table.padded_, 0.0);
    y_ = table.y_;
    head_.assign(VariantTable::head_length, 0.0);
    if (table.rows_) sums_.assign(VariantTable::row_length, 0.0);
}

void Variant::clear() {
    std::fill(count_.begin(), count_.end(), 0.0);
    std::fill(head_.begin(), head_.end(), 0.0);
    std::fill(sums_.begin(), sums_.end(), 0.0);
    y_ = table_.y_;
    n_ = 0;
}

void Variant::set(std::span<const double> counts) {
    clear();
    for (std::size_t i = 0; i < table_.k_; ++i) {
        count_[i] = counts[i];
        n_ += static_cast<int>(counts[i]);
    }
    sum_again();
}

void Variant::set_all() {
    std::fill_n(count_.begin(), table_.k_, 1.0);
    n_ = static_cast<int>(table_.k_);
    y_ = table_.y_;
    head_ = table_.head_total_;
    sums_ = table_.row_total_;
}

/// The running sums from the studies as they are.
void Variant::sum_again() {
    std::fill(head_.begin(), head_.end(), 0.0);
    std::fill(sums_.begin(), sums_.end(), 0.0);
    constexpr std::size_t grid = VariantTable::grid;
    for (std::size_t i = 0; i < table_.k_; ++i) {
        const double count = count_[i];
        if (count == 0) continue;
        const double sign = y_[i] == table_.y_[i] ? 1 : -1; // of the effect, which may have been flipped
        const double* head = &table_.head_[i * VariantTable::head_length];
        head_[0] += count * head[0];
        head_[1] += count * head[1];
        head_[2] += sign * count * head[2];
        head_[3] += count * head[3];
        if (sums_.empty()) continue;
        const double* __restrict row = &table_.rows_[i * VariantTable::row_length];
        double* __restrict sums = sums_.data();
        for (std::size_t j = 0; j < 2 * grid; ++j)
            sums[j] += count * row[j];
        for (std::size_t j = 2 * grid; j < 4 * grid; ++j) // in odd powers of the effect
            sums[j] += sign * count * row[j];
        for (std::size_t j = 4 * grid; j < VariantTable::row_length; ++j)
            sums[j] += count * row[j];
    }
}

void Variant::add(std::size_t study) {
    count_[study] += 1;
    ++n_;
    const double* head = &table_.head_[study * VariantTable::head_length];
    for (std::size_t j = 0; j < VariantTable::head_length; ++j)
        head_[j] += head[j];
    if (sums_.empty()) return;
    const double* __restrict row = &table_.rows_[study * VariantTable::row_length];
    double* __restrict sums = sums_.data();
    for (std::size_t j = 0; j < VariantTable::row_length; ++j)
        sums[j] += row[j];
}

void Variant::remove(std::size_t study) {
    const double before = head_[1];
    count_[study] -= 1;
    --n_;
    const double* head = &table_.head_[study * VariantTable::head_length];
    for (std::size_t j = 0; j < VariantTable::head_length; ++j)
        head_[j] -= head[j];
    // What is left may be small beside what was taken away: then its digits are gone from the sums.
    constexpr double too_small = 1e-4;
    if (head_[1] < too_small * before) return sum_again();
    if (sums_.empty()) return;
    const double* __restrict row = &table_.rows_[study * VariantTable::row_length];
    double* __restrict sums = sums_.data();
    for (std::size_t j = 0; j < VariantTable::row_length; ++j)
        sums[j] -= row[j];
}

void Variant::flip(std::size_t study) {
    const bool as_in_table = y_[study] == table_.y_[study];
    const double before = as_in_table ? -2.0 : 2.0;
    y_[study] = -y_[study];
    head_[2] += before * count_[study] * table_.head_[study * VariantTable::head_length + 2];
    if (sums_.empty()) return;
    // Only the sums in odd powers of y change: the third and fourth block.
    const double* __restrict row = &table_.rows_[study * VariantTable::row_length];
    double* __restrict sums = sums_.data();
    const double share = before * count_[study];
    for (std::size_t j = 2 * VariantTable::grid; j < 4 * VariantTable::grid; ++j)
        sums[j] += share * row[j];
}

/// The common effect with Q, from the running sums where they have the digits.
VariantFit Variant::common_fit() {
    VariantFit fit;
    fit.n = n_;
    if (n_ == 0) return fit;
    const double w = head_[0], w2 = head_[1];
    fit.mean = head_[2] / w;
    fit.sum_w = w;
    if (n_ > 1) {
        double q = head_[3] - fit.mean * head_[2];
        // Running sums lose the digits that the effects have in common.
        constexpr double worth_a_pass = 1e-6;
        if (q < worth_a_pass * head_[3]) q = sums_at(0, fit.mean).q;
        fit.q0 = q <= n_ * table_.noise_ ? 0 : q;
        fit.tr_p0 = w - w2 / w;
    }
    fit.q = fit.q0;
    return fit;
}

double Variant::score(std::size_t g) const {
    constexpr std::size_t grid = VariantTable::grid;
    const double* s = sums_.data() + g;
    const double w = s[0], w2 = s[grid], mean = s[2 * grid] / w;
    const double ypp = s[4 * grid] - mean * (2 * s[3 * grid] - mean * w2);
    return ypp - (table_.restricted_ ? w - w2 / w : w);
}

/// tau2 of the studies as they are, and what comes with it; `sums` are those at fit.tau2 - step.
void Variant::finish(VariantFit& fit, const Sums& sums, double at_mean, double step) const {
    // To first order in the last step, which is below the root of machine precision.
    fit.mean = at_mean + sums.d - step * sums.w2r / sums.w;
    fit.sum_w = sums.w - step * sums.w2;
    fit.q = sums.q - step * sums.ypp;
}

/// The highest maximum of the likelihood, when the tabulated score shows one maximum only. False: look
/// closer.
bool Variant::maximise(VariantFit& fit, double mean) {
    constexpr std::size_t grid = VariantTable::grid;
    std::array<double, grid> score{};
    {
        const double* s = sums_.data();
        const bool restricted = table_.restricted_;
        for (std::size_t g = 0; g < grid; ++g) {
            const double w = s[g], w2 = s[grid + g], inverse = 1 / w, m = s[2 * grid + g] * inverse;
            const double ypp = s[4 * grid + g] - m * (2 * s[3 * grid + g] - m * w2);
            score[g] = ypp - (restricted ? w - w2 * inverse : w);
        }
    }
    if (!(score[grid - 1] <= 0)) return false;
    std::size_t changes = 0, from = 0;
    for (std::size_t g = 1; g < grid; ++g) {
        const bool falls = score[g - 1] > 0 && score[g] <= 0;
        changes += falls;
        if (falls) from = g - 1;
    }
    if (changes > 1 || (changes == 1 && score[0] <= 0)) return false;
    if (changes == 0) { // the likelihood falls from the boundary on: tau2 = 0, the common-effect fit
        // Too close to call from running sums?
        const double size = std::fabs(head_[0]) * 1e-9;
        return score[0] < -size ||
               sums_at(0, mean).ypp - (table_.restricted_ ? sums_at(0, mean).tr_p() : head_[0]) <= 0;
    }

    // Start from the zero of the parabola in tau2 through the two ends and their left neighbour, or of the
    // chord.
    double low = table_.tau2_[from], high = table_.tau2_[from + 1];
    double x = low + (high - low) * score[from] / (score[from] - score[from + 1]);
    if (from > 0) {
        const double t0 = table_.tau2_[from - 1], s0 = score[from - 1], s1 = score[from],
                     s2 = score[from + 1];
        // Inverse interpolation: tau2 as a quadratic in the score.
        if ((s0 - s1) * (s0 - s2) != 0) {
            const double guess = t0 * s1 * s2 / ((s0 - s1) * (s0 - s2)) +
                                 low * s0 * s2 / ((s1 - s0) * (s1 - s2)) +
                                 high * s0 * s1 / ((s2 - s0) * (s2 - s1));
            if (guess > low && guess < high) x = guess;
        }
    }
    double at_mean = sums_[2 * grid + from] / sums_[from];
    constexpr int most_steps = 60;
    for (int step = 0; step < most_steps; ++step) {
        const Sums sums = sums_at(x, at_mean);
        const double value = 0.5 * (sums.ypp - (table_.restricted_ ? sums.tr_p() : sums.w));
        const double slope = (table_.restricted_ ? 0.5 * sums.tr_pp() : 0.5 * sums.w2) - sums.yppp;
        if (value > 0)
            low = x;
        else
            high = x;
        double next = x - value / slope;
        const bool newton = slope < 0 && next >= low && next <= high;
        if (!newton) next = low + (high - low) / 2;
        const double change = next - x;
        // Newton's error is squared in each step: after a step this small nothing is left to gain.
        constexpr double small = 2e-8;
        if (newton && std::fabs(change) <= small * next) {
            // At an end of the bracket the running sums may have misled.
            if (next <= table_.tau2_[from] * (1 + small) || next >= table_.tau2_[from + 1] * (1 - small))
                return false;
            fit.tau2 = next;
            finish(fit, sums, at_mean, change);
            return true;
        }
        at_mean += sums.d;
        x = next;
    }
    return false;
}

/// Paule-Mandel by Newton's iteration from 0, as solve_generalised_q.
void Variant::solve_q(VariantFit& fit) {
    const double target = n_ - 1;
    if (fit.q0 <= target) return;
    double x = 0, at_mean = fit.mean;
    constexpr int most_steps = 500;
    for (int step = 0; step < most_steps; ++step) {
        const Sums sums = sums_at(x, at_mean);
        const double change = (sums.q - target) / sums.ypp;
        x += change;
        constexpr double small = 1e-9;
        if (!(std::fabs(change) > small * x)) {
            fit.tau2 = x;
            finish(fit, sums, at_mean, change);
            return;
        }
        at_mean += sums.d;
    }
    fit.tau2 = x;
    fit.converged = false;
}

/// Estimators without a fast path, and likelihoods that need a closer look.
void Variant::one_by_one(VariantFit& fit) {
    own_y_.clear();
    own_v_.clear();
    for (std::size_t i = 0; i < table_.k_; ++i)
        for (int times = static_cast<int>(count_[i]); times > 0; --times) {
            own_y_.push_back(y_[i]);
            own_v_.push_back(table_.v_[i]);
        }
    const Tau2 tau2 = table_.estimator_->estimate({own_y_, own_v_});
    fit.tau2 = tau2.value;
    fit.converged = tau2.converged;
    if (fit.tau2 == 0) return;
    finish(fit, sums_at(fit.tau2, fit.mean), fit.mean, 0);
}

VariantFit Variant::fit() {
    VariantFit fit = common_fit();
    if (n_ > 1) {
        switch (table_.kind_) {
        case VariantTable::Kind::common:
            break;
        case VariantTable::Kind::DL:
            if (fit.q0 > n_ - 1) {
                fit.tau2 = (fit.q0 - (n_ - 1)) / fit.tr_p0;
                finish(fit, sums_at(fit.tau2, fit.mean), fit.mean, 0);
            }
            break;
        case VariantTable::Kind::PM:
            solve_q(fit);
            break;
        case VariantTable::Kind::likelihood:
            if (!maximise(fit, fit.mean)) one_by_one(fit);
            break;
        case VariantTable::Kind::other:
            one_by_one(fit);
            break;
        }
    }
    fit.mean += table_.origin_;
    return fit;
}

} // namespace assay::synth
