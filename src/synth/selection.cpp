#include "synth/selection.hpp"

#include "num/distributions.hpp"
#include "num/gauss_legendre.hpp"
#include "num/richardson.hpp"
#include "synth/regression.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_delta = 100; // as metafor's default bound

// clang-format off
constexpr SelectionModel table[] = {
    {"beta", Selection::beta, "p^(d1 - 1) * (1 - p)^(d2 - 1)", "Citkowicz & Vevea 2017, Psychol Methods 22:28", 2, 1},
    {"halfnorm", Selection::halfnorm, "exp(-d * p^2)", "Preston, Ashby & Smyth 2004, J Eval Clin Pract 10:303", 1, 0},
    {"negexp", Selection::negexp, "exp(-d * p)", "Preston, Ashby & Smyth 2004, J Eval Clin Pract 10:303", 1, 0},
    {"logistic", Selection::logistic, "2 * exp(-d * p)/(1 + exp(-d * p))",
     "Preston, Ashby & Smyth 2004, J Eval Clin Pract 10:303", 1, 0},
    {"power", Selection::power, "(1 - p)^d", "Viechtbauer, metafor's selmodel()", 1, 0},
    {"negexppow", Selection::negexppow, "exp(-d1 * p^(1/d2))", "Begg & Mazumdar 1994, Biometrics 50:1088", 2, 0},
    {"stepfun", Selection::stepfun, "d_j for P in interval j, d_1 = 1",
     "Vevea & Hedges 1995, Psychometrika 60:419; Vevea & Woods 2005, Psychol Methods 10:428", 0, 1},
    {"trunc", Selection::trunc, "1 for y beyond the cut-point, d1 on its other side",
     "Rust, Lehmann & Farley 1990, J Mark Res 27:220", 1, 1},
    {"truncest", Selection::truncest, "as trunc with the cut-point d2 estimated",
     "Formann 2008, J Clin Epidemiol 61:1080", 2, 1},
};
// clang-format on

/// Log of w for one P value, with its first and second derivatives in the (at most two) deltas.
struct LogWeight {
    double value = 0, d[2] = {0, 0}, dd[2][2] = {{0, 0}, {0, 0}};
};

bool depends_on_y(Selection type) {
    return type == Selection::trunc || type == Selection::truncest;
}
bool stepwise(Selection type) {
    return type == Selection::stepfun || depends_on_y(type);
}

LogWeight log_weight(Selection type, double p, const std::vector<double>& delta, double scale) {
    LogWeight w;
    const double d = delta[0] * scale;
    switch (type) {
    case Selection::beta: {
        const double a = std::log(p), b = std::log1p(-p);
        w.value = (delta[0] - 1) * a + (delta[1] - 1) * b;
        w.d[0] = a;
        w.d[1] = b;
        break;
    }
    case Selection::halfnorm:
        w.value = -d * p * p;
        w.d[0] = -scale * p * p;
        break;
    case Selection::negexp:
        w.value = -d * p;
        w.d[0] = -scale * p;
        break;
    case Selection::logistic: {
        const double e = std::exp(-d * p), share = 1 / (1 + e); // share = 1 - e/(1 + e)
        w.value = std::log(2 * e * share);
        w.d[0] = -scale * p * share;
        w.dd[0][0] = -scale * p * scale * p * e * share * share;
        break;
    }
    case Selection::power: {
        const double b = std::log1p(-p);
        w.value = d * b;
        w.d[0] = scale * b;
        break;
    }
    case Selection::negexppow: {
        const double log_p = std::log(p), c = 1 / delta[1];
        const double u = p > 0 ? std::exp(c * log_p) : 0, a = p > 0 ? log_p * c * c : 0; // du/dd2 = -u a
        w.value = -d * u;
        w.d[0] = -scale * u;
        w.d[1] = d * u * a;
        w.dd[0][1] = w.dd[1][0] = scale * u * a;
        w.dd[1][1] = -d * (u * a * a + 2 * u * a * c);
        break;
    }
    default:
        break;
    }
    return w;
}

/// The chance A of being published and its derivatives in mean m, variance s and the deltas.
struct Chance {
    double value = 0, m = 0, mm = 0, mmm = 0, mmmm = 0; // d/ds is half of d2/dm2
    std::vector<double> d, dm, dmm;
    double dd[2][2] = {{0, 0}, {0, 0}};
};

/// Everything about the data that does not change while parameters do.
class Likelihood {
public:
    Likelihood(std::span<const double> y, std::span<const double> v, std::span<const double> x, std::size_t p,
               const SelectionOptions& options, std::vector<double> steps, std::size_t deltas)
        : y_(y), v_(v), x_(x), p_(p), options_(options), steps_(std::move(steps)), deltas_(deltas) {
        const std::size_t k = y.size();
        for (std::size_t i = 0; i < k; ++i) {
            const double z = y[i] / std::sqrt(v[i]);
            pvalues_.push_back(options.alternative == Alternative::greater ? num::normal_upper(z)
                               : options.alternative == Alternative::less
                                   ? num::normal_cdf(z)
                                   : 2 * num::normal_upper(std::fabs(z)));
        }
        if (options.type == Selection::stepfun) {
            for (double step : steps_)
                cuts_.push_back(
                    step >= 1 ? (options.alternative == Alternative::two_sided ? 0 : -infinity)
                              : num::normal_quantile(
                                    1 - (options.alternative == Alternative::two_sided ? step / 2 : step)));
            for (double one : pvalues_)
                interval_.push_back(static_cast<std::size_t>(
                    std::lower_bound(steps_.begin(), steps_.end(), one) - steps_.begin()));
        } else if (!stepwise(options.type))
            tabulate();
    }

    const std::vector<std::size_t>& intervals() const { return interval_; }

    /// Log-likelihood; with `gradient` (p + 1 + deltas) also derivatives, the Hessian row after row.
    double evaluate(const double* beta, double tau2, const std::vector<double>& delta,
                    std::vector<double>* gradient, std::vector<double>* hessian) {
        const std::size_t k = y_.size(), n = p_ + 1 + deltas_;
        if (gradient) {
            gradient->assign(n, 0.0);
            hessian->assign(n * n, 0.0);
        }
        if (!stepwise(options_.type) && options_.imprecision.empty()) weigh_nodes(delta, 1);
        double sum = 0;
        Chance a;
        a.d.resize(deltas_);
        a.dm.resize(deltas_);
        a.dmm.resize(deltas_);
        std::vector<double> own(deltas_);
        for (std::size_t i = 0; i < k; ++i) {
            double mean = 0;
            for (std::size_t j = 0; j < p_; ++j)
                mean += (x_.empty() ? 1 : x_[j * k + i]) * beta[j];
            const double s = v_[i] + tau2, r = y_[i] - mean;
            LogWeight w;
            std::fill(own.begin(), own.end(), 0.0);
            double own_second = 0; // of a stepwise weight, in its own delta
            if (stepwise(options_.type)) {
                const std::size_t at = slot(i, delta);
                const double one = at < deltas_ && at != none ? delta[at] : 1;
                w.value = std::log(one);
                if (at != none) {
                    own[at] = 1 / one;
                    own_second = -1 / (one * one);
                }
                step_chance(i, mean, s, delta, a);
                if (gradient && at != none) (*hessian)[(p_ + 1 + at) * n + p_ + 1 + at] += own_second;
            } else {
                const double scale = options_.imprecision.empty() ? 1 : options_.imprecision[i];
                if (!options_.imprecision.empty()) weigh_nodes(delta, scale);
                w = weight_of(pvalues_[i], delta, scale);
                for (std::size_t j = 0; j < deltas_; ++j)
                    own[j] = w.d[j];
                smooth_chance(i, mean, s, a);
            }
            constexpr double log_2pi = 1.837877066409345483560659472811;
            sum += w.value - 0.5 * (log_2pi + std::log(s)) - r * r / (2 * s) - std::log(a.value);
            if (!gradient) continue;

            const double inverse = 1 / a.value;
            const double am = a.m * inverse, as = 0.5 * a.mm * inverse;
            const double lm = r / s - am, ls = -0.5 / s + r * r / (2 * s * s) - as;
            const double lmm = -1 / s - a.mm * inverse + am * am;
            const double lms = -r / (s * s) - 0.5 * a.mmm * inverse + am * as;
            const double lss = 0.5 / (s * s) - r * r / (s * s * s) - 0.25 * a.mmmm * inverse + as * as;
            auto& g = *gradient;
            auto& h = *hessian;
            const auto cell = [&](std::size_t row, std::size_t column) {
                return x_.empty() ? 1 : x_[column * k + row];
            };
            for (std::size_t j = 0; j < p_; ++j) {
                const double xj = cell(i, j);
                g[j] += xj * lm;
                h[j * n + p_] += xj * lms;
                for (std::size_t l = 0; l <= j; ++l)
                    h[j * n + l] += xj * cell(i, l) * lmm;
            }
            g[p_] += ls;
            h[p_ * n + p_] += lss;
            for (std::size_t d = 0; d < deltas_; ++d) {
                const double ad = a.d[d] * inverse;
                g[p_ + 1 + d] += own[d] - ad;
                const double ldm = -a.dm[d] * inverse + ad * am, lds = -0.5 * a.dmm[d] * inverse + ad * as;
                for (std::size_t j = 0; j < p_; ++j)
                    h[(p_ + 1 + d) * n + j] += cell(i, j) * ldm;
                h[(p_ + 1 + d) * n + p_] += lds;
                for (std::size_t e = 0; e <= d; ++e) {
                    double second = ad * a.d[e] * inverse;
                    if (!stepwise(options_.type)) second += w.dd[d][e] - a.dd[d][e] * inverse;
                    h[(p_ + 1 + d) * n + p_ + 1 + e] += second;
                }
            }
        }
        if (gradient) {
            auto& h = *hessian;
            for (std::size_t j = 0; j < p_; ++j)
                h[p_ * n + j] = h[j * n + p_];
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = i + 1; j < n; ++j)
                    h[i * n + j] = h[j * n + i];
        }
        return sum;
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// Which delta study i carries (stepwise weights); none: its weight is 1.
    std::size_t slot(std::size_t i, const std::vector<double>& delta) const {
        if (options_.type == Selection::stepfun) return std::min(interval_[i], deltas_ - 1);
        const double cut = options_.type == Selection::truncest ? delta[1] : cut_y();
        const bool on = options_.alternative == Alternative::less ? y_[i] < cut : y_[i] > cut;
        return on ? none : 0;
    }
    double cut_y() const { return steps_.empty() ? 0 : steps_[0]; }

    /// P(Y < c) and its derivatives in the mean; times `share`, added to the chance and (by `slot`) to a
    /// delta's.
    struct Normal {
        double f = 0, m = 0, mm = 0, mmm = 0, mmmm = 0;
    };
    static Normal below(double c, double mean, double s) {
        Normal n;
        if (c == infinity) {
            n.f = 1;
            return n;
        }
        if (c == -infinity) return n;
        const double sd = std::sqrt(s), u = (c - mean) / sd, density = num::normal_density(u);
        n.f = num::normal_cdf(u);
        n.m = -density / sd;
        n.mm = -density * u / s;
        n.mmm = -density * (u * u - 1) / (s * sd);
        n.mmmm = -density * u * (u * u - 3) / (s * s);
        return n;
    }
    static Normal difference(const Normal& a, const Normal& b) {
        return {a.f - b.f, a.m - b.m, a.mm - b.mm, a.mmm - b.mmm, a.mmmm - b.mmmm};
    }
    static void add(Chance& a, const Normal& part, double delta, std::size_t at) {
        a.value += delta * part.f;
        a.m += delta * part.m;
        a.mm += delta * part.mm;
        a.mmm += delta * part.mmm;
        a.mmmm += delta * part.mmmm;
        if (at == none) return;
        a.d[at] += part.f;
        a.dm[at] += part.m;
        a.dmm[at] += part.mm;
    }
    static void clear(Chance& a) {
        a.value = a.m = a.mm = a.mmm = a.mmmm = 0;
        std::fill(a.d.begin(), a.d.end(), 0.0);
        std::fill(a.dm.begin(), a.dm.end(), 0.0);
        std::fill(a.dmm.begin(), a.dmm.end(), 0.0);
        a.dd[0][0] = a.dd[0][1] = a.dd[1][0] = a.dd[1][1] = 0;
    }

    void step_chance(std::size_t i, double mean, double s, const std::vector<double>& delta,
                     Chance& a) const {
        clear(a);
        const double se = std::sqrt(v_[i]);
        if (depends_on_y(options_.type)) {
            const double cut = options_.type == Selection::truncest ? delta[1] : cut_y();
            const Normal low = below(cut, mean, s), high = difference(below(infinity, mean, s), low);
            const bool less = options_.alternative == Alternative::less;
            add(a, less ? high : low, delta[0], 0);
            add(a, less ? low : high, 1, none);
            return;
        }
        // From small P values to large: intervals between cuts on the z scale.
        const Normal all = below(infinity, mean, s);
        Normal before; // P(p <= step before)
        for (std::size_t j = 0; j < cuts_.size(); ++j) {
            const double c = cuts_[j] * se;
            Normal upto = all;
            if (j + 1 < cuts_.size() || steps_[j] < 1) {
                if (options_.alternative == Alternative::greater)
                    upto = difference(all, below(c, mean, s));
                else if (options_.alternative == Alternative::less)
                    upto = below(-c, mean, s);
                else {
                    const Normal middle = difference(below(c, mean, s), below(-c, mean, s));
                    upto = difference(all, middle);
                }
            }
            add(a, difference(upto, before), delta[j], j);
            before = upto;
        }
    }

    // ---- smooth weights: integrals over z = y/sqrt(v), where P is the same function for every study
    // -------------
    double clipped(double p) const {
        if (options_.type == Selection::beta && !steps_.empty())
            p = std::clamp(p, steps_[0], steps_.size() > 1 ? steps_[1] : 1.0);
        const bool poles = options_.type == Selection::beta || options_.type == Selection::power;
        constexpr double smallest = 1e-5; // metafor's default: weights with poles are held there
        return poles ? std::clamp(p, smallest, 1 - smallest) : p;
    }
    /// A step above which the weight starts to fall, if there is one.
    std::optional<double> threshold() const {
        if (options_.type == Selection::beta || steps_.empty() || steps_[0] >= 1) return std::nullopt;
        return steps_[0];
    }
    LogWeight weight_of(double p, const std::vector<double>& delta, double scale) const {
        const auto step = threshold();
        if (!step) return log_weight(options_.type, clipped(p), delta, scale);
        if (p <= *step) return {};
        // Relative to the weight at the threshold, so that w falls from 1 without a jump.
        LogWeight w = log_weight(options_.type, clipped(p), delta, scale);
        const LogWeight there = log_weight(options_.type, clipped(*step), delta, scale);
        w.value -= there.value;
        for (int i = 0; i < 2; ++i) {
            w.d[i] -= there.d[i];
            for (int j = 0; j < 2; ++j)
                w.dd[i][j] -= there.dd[i][j];
        }
        return w;
    }

    void tabulate() {
        // Kinks of the weight lie at thresholds and at clipped P values.
        std::vector<double> edges{-38, -9, -6, -4.5, -3, -1.5, 0, 1.5, 3, 4.5, 6, 9, 38};
        std::vector<double> kinks;
        if (const auto step = threshold()) kinks.push_back(*step);
        if (options_.type == Selection::beta)
            for (double step : steps_)
                if (step < 1) kinks.push_back(step);
        if (options_.type == Selection::beta || options_.type == Selection::power) {
            kinks.push_back(1e-5);
            kinks.push_back(1 - 1e-5);
        }
        for (double kink : kinks) {
            const double z = options_.alternative == Alternative::two_sided
                                 ? num::normal_quantile(1 - kink / 2)
                                 : num::normal_quantile(1 - kink);
            edges.push_back(options_.alternative == Alternative::less ? -z : z);
            if (options_.alternative == Alternative::two_sided) edges.push_back(-z);
        }
        std::sort(edges.begin(), edges.end());
        for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
            const double half = (edges[e + 1] - edges[e]) / 2, middle = (edges[e + 1] + edges[e]) / 2;
            if (!(half > 1e-12)) continue;
            const int pieces = half > 10 ? 8 : 1; // far out
            for (int piece = 0; piece < pieces; ++piece)
                for (const num::Node& node : num::gauss_legendre_16()) {
                    const double h = half / pieces, z = middle - half + h * (2 * piece + 1) + h * node.x;
                    node_z_.push_back(z);
                    node_w_.push_back(h * node.w);
                    node_p_.push_back(options_.alternative == Alternative::greater ? num::normal_upper(z)
                                      : options_.alternative == Alternative::less
                                          ? num::normal_cdf(z)
                                          : 2 * num::normal_upper(std::fabs(z)));
                }
        }
        weights_.resize(node_z_.size());
    }

    void weigh_nodes(const std::vector<double>& delta, double scale) {
        for (std::size_t j = 0; j < node_z_.size(); ++j) {
            LogWeight w = weight_of(node_p_[j], delta, scale);
            w.value = std::exp(w.value) * node_w_[j];
            weights_[j] = w;
        }
    }

    void smooth_chance(std::size_t i, double mean, double s, Chance& a) const {
        clear(a);
        const double se = std::sqrt(v_[i]), sd = std::sqrt(s), ratio = se / sd, m = mean / sd;
        constexpr double reach = 9;
        const auto from = static_cast<std::size_t>(
            std::lower_bound(node_z_.begin(), node_z_.end(), (m - reach) / ratio) - node_z_.begin());
        double f = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0;
        for (std::size_t j = from; j < node_z_.size(); ++j) {
            const double h = node_z_[j] * ratio - m;
            if (h > reach) break;
            const LogWeight& w = weights_[j];
            const double mass = w.value * num::normal_density(h);
            const double square = h * h;
            f += mass;
            h1 += mass * h;
            h2 += mass * (square - 1);
            h3 += mass * h * (square - 3);
            h4 += mass * (square * square - 6 * square + 3);
            for (std::size_t d = 0; d < deltas_; ++d) {
                const double part = mass * w.d[d];
                a.d[d] += part;
                a.dm[d] += part * h;
                a.dmm[d] += part * (square - 1);
                for (std::size_t e = 0; e <= d; ++e)
                    a.dd[d][e] += part * w.d[e] + mass * w.dd[d][e];
            }
        }
        a.value = ratio * f;
        a.m = ratio * h1 / sd;
        a.mm = ratio * h2 / s;
        a.mmm = ratio * h3 / (s * sd);
        a.mmmm = ratio * h4 / (s * s);
        for (std::size_t d = 0; d < deltas_; ++d) {
            a.d[d] *= ratio;
            a.dm[d] *= ratio / sd;
            a.dmm[d] *= ratio / s;
            for (std::size_t e = 0; e <= d; ++e)
                a.dd[d][e] *= ratio;
        }
        // Beyond the nodes nothing is left of the normal densities, unless effects are 38 standard errors
        // from 0.
        constexpr double end = 38;
        const double above = num::normal_upper(end * ratio - m), below = num::normal_cdf(-end * ratio - m);
        const bool less = options_.alternative == Alternative::less;
        a.value += (less ? below : above) + (options_.alternative == Alternative::two_sided ? below : 0);
        if (!(a.value > 0)) a.value = std::numeric_limits<double>::min();
    }

    std::span<const double> y_, v_, x_;
    std::size_t p_;
    const SelectionOptions& options_;
    std::vector<double> steps_;
    std::size_t deltas_;
    std::vector<double> pvalues_, cuts_;
    std::vector<std::size_t> interval_;
    std::vector<double> node_z_, node_w_, node_p_;
    std::vector<LogWeight> weights_; ///< value: the weight itself times the quadrature weight
};

/// Parameters while they are searched for: beta, log tau2, log delta.
struct Point3 {
    std::vector<double> beta;
    double tau2 = 0;
    std::vector<double> delta;
};

/// Solves (A + ridge I) x = b for symmetric A, by Cholesky; false when not positive definite.
bool solve(std::vector<double> a, std::vector<double> b, std::size_t n, std::vector<double>& x) {
    for (std::size_t j = 0; j < n; ++j) {
        double pivot = a[j * n + j];
        for (std::size_t l = 0; l < j; ++l)
            pivot -= a[j * n + l] * a[j * n + l];
        if (!(pivot > 0)) return false;
        pivot = std::sqrt(pivot);
        a[j * n + j] = pivot;
        for (std::size_t i = j + 1; i < n; ++i) {
            double sum = a[i * n + j];
            for (std::size_t l = 0; l < j; ++l)
                sum -= a[i * n + l] * a[j * n + l];
            a[i * n + j] = sum / pivot;
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t l = 0; l < i; ++l)
            b[i] -= a[i * n + l] * b[l];
        b[i] /= a[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t l = i + 1; l < n; ++l)
            b[i] -= a[l * n + i] * b[l];
        b[i] /= a[i * n + i];
    }
    x = std::move(b);
    return true;
}

struct Search {
    Likelihood& likelihood;
    std::size_t p, deltas;
    std::vector<char> free; ///< which deltas
    bool with_tau2;
    int iterations = 0;
    bool converged = false;

    /// Newton's method with a ridge where the surface is not concave; the likelihood never falls.
    double climb(Point3& at) {
        const std::size_t n = p + 1 + deltas;
        std::vector<std::size_t> used;
        for (std::size_t j = 0; j < p; ++j)
            used.push_back(j);
        if (with_tau2) used.push_back(p);
        for (std::size_t d = 0; d < deltas; ++d)
            if (free[d]) used.push_back(p + 1 + d);
        const std::size_t m = used.size();
        std::vector<double> g, h, a(m * m), b(m), step;
        constexpr int most_steps = 200;
        converged = false;
        double value = likelihood.evaluate(at.beta.data(), at.tau2, at.delta, &g, &h);
        double ridge = 0;
        for (int round = 0; round < most_steps; ++round) {
            ++iterations;
            // Chain rule to the logarithms.
            const auto scale = [&](std::size_t i) {
                return i < p ? 1.0 : i == p ? at.tau2 : at.delta[i - p - 1];
            };
            double size = 0;
            for (std::size_t i = 0; i < m; ++i) {
                b[i] = g[used[i]] * scale(used[i]);
                for (std::size_t j = 0; j < m; ++j)
                    a[i * m + j] = -h[used[i] * n + used[j]] * scale(used[i]) * scale(used[j]);
                if (used[i] >= p) a[i * m + i] -= b[i];
                size = std::max(size, std::fabs(a[i * m + i]));
            }
            bool moved = false;
            for (int attempt = 0; attempt < 60; ++attempt) {
                std::vector<double> ridged = a;
                for (std::size_t i = 0; i < m; ++i)
                    ridged[i * m + i] += ridge * size;
                if (!solve(std::move(ridged), b, m, step)) {
                    ridge = ridge == 0 ? 1e-4 : 4 * ridge;
                    continue;
                }
                double most = 0, gain = 0;
                for (std::size_t i = 0; i < m; ++i) {
                    if (used[i] >= p) most = std::max(most, std::fabs(step[i]));
                    gain += step[i] * b[i];
                }
                const double shorten = most > 2 ? 2 / most : 1; // at most a factor of 7 at once
                Point3 next = at;
                for (std::size_t i = 0; i < m; ++i) {
                    const double by = shorten * step[i];
                    if (used[i] < p)
                        next.beta[used[i]] += by;
                    else if (used[i] == p)
                        next.tau2 *= std::exp(by);
                    else
                        next.delta[used[i] - p - 1] =
                            std::min(largest_delta, next.delta[used[i] - p - 1] * std::exp(by));
                }
                if (ridge == 0 && gain < 1e-13) {
                    at = next;
                    converged = true;
                    return likelihood.evaluate(at.beta.data(), at.tau2, at.delta, nullptr, nullptr);
                }
                const double there =
                    likelihood.evaluate(next.beta.data(), next.tau2, next.delta, nullptr, nullptr);
                if (there >= value) {
                    const double rise = there - value;
                    at = next;
                    value = there;
                    ridge = ridge < 1e-6 ? 0 : ridge / 8;
                    moved = rise > 1e-13 * (1 + std::fabs(value)) || gain > 1e-9;
                    break;
                }
                ridge = ridge == 0 ? 1e-4 : 4 * ridge;
            }
            if (!moved) {
                converged = true; // nothing higher nearby
                return value;
            }
            value = likelihood.evaluate(at.beta.data(), at.tau2, at.delta, &g, &h);
        }
        return value;
    }
};

struct Best {
    Point3 at;
    double value = -infinity;
    int iterations = 0;
    bool converged = false;
};

/// The highest of several climbs: with and without variance between studies.
Best fit_all(Likelihood& likelihood, std::size_t p, std::size_t deltas, const std::vector<char>& free,
             bool common, const std::vector<Point3>& starts, double scale) {
    Best best;
    const auto try_from = [&](Point3 at, bool with_tau2) {
        Search search{likelihood, p, deltas, free, with_tau2};
        if (!with_tau2) at.tau2 = 0;
        const double value = search.climb(at);
        best.iterations += search.iterations;
        // Climbs towards the boundary end a little inside: there, 0 is meant.
        constexpr double equal = 1e-9;
        if (value > best.value + (with_tau2 ? equal : -equal)) {
            best.at = at;
            best.value = value;
            best.converged = search.converged;
        }
    };
    for (const Point3& start : starts) {
        if (!common) try_from(start, true);
        // Where tau2 went to the boundary, or may belong there.
        if (common || best.at.tau2 < 1e-4 * scale) try_from(common ? start : best.at, false);
    }
    if (!common && best.at.tau2 > 0 && best.at.tau2 < 1e-10 * scale) try_from(best.at, false);
    return best;
}

/// Standard errors from minus the inverse of a Hessian, for the rows used; others unset.
std::vector<std::optional<double>> standard_errors(const std::vector<double>& h, std::size_t n,
                                                   const std::vector<std::size_t>& used) {
    std::vector<std::optional<double>> result(n);
    const std::size_t m = used.size();
    std::vector<double> a(m * m), unit(m), column;
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < m; ++j)
            a[i * m + j] = -h[used[i] * n + used[j]];
    for (std::size_t i = 0; i < m; ++i) {
        std::fill(unit.begin(), unit.end(), 0.0);
        unit[i] = 1;
        if (!solve(a, unit, m, column)) return result;
        result[used[i]] = std::sqrt(column[i]);
    }
    return result;
}

std::string check(const SelectionOptions& options, std::size_t k, std::size_t p) {
    if (k < p + 2) return "too few studies";
    for (double step : options.steps)
        if (!depends_on_y(options.type) && !(step > 0 && step <= 1))
            return "a step is a P value between 0 and 1";
    if (options.type == Selection::stepfun && options.steps.empty()) return "a step function needs steps";
    if (depends_on_y(options.type) && options.alternative == Alternative::two_sided)
        return "truncation has a side: greater or less";
    if (!options.imprecision.empty() && options.imprecision.size() != k)
        return "one imprecision for each study";
    return "";
}

} // namespace

std::span<const SelectionModel> selection_models() {
    return table;
}

const SelectionModel* find_selection_model(std::string_view id) {
    const auto* found =
        std::find_if(std::begin(table), std::end(table), [&](const SelectionModel& m) { return m.id == id; });
    return found == std::end(table) ? nullptr : found;
}

namespace {

SelectionFit fit_selection(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                           std::size_t p, const SelectionOptions& options) {
    SelectionFit fit;
    const std::size_t k = y.size();
    fit.k = static_cast<int>(k);
    fit.why = check(options, k, p);
    if (!fit.why.empty()) return fit;

    std::vector<double> steps = options.steps;
    std::sort(steps.begin(), steps.end());
    if (options.type == Selection::stepfun && steps.back() < 1) steps.push_back(1);
    const SelectionModel& model = *std::find_if(
        std::begin(table), std::end(table), [&](const SelectionModel& m) { return m.type == options.type; });
    const bool step = options.type == Selection::stepfun;
    const std::size_t deltas = step ? steps.size() : static_cast<std::size_t>(model.deltas);
    if (!options.delta.empty() && options.delta.size() != deltas) {
        fit.why = "one delta for each parameter of the weight: " + std::to_string(deltas);
        return fit;
    }

    // The model without selection gives the start and the likelihood to compare with.
    const Regression plain =
        x.empty() ? regress(y, v, std::vector<double>(k, 1.0), 1,
                            options.common ? nullptr : find_estimator("ML"), Test::z)
                  : regress(y, v, x, p, options.common ? nullptr : find_estimator("ML"), Test::z);
    if (!plain.full_rank) {
        fit.why = "columns of the design matrix depend on one another";
        return fit;
    }
    Point3 start;
    for (const Coefficient& c : plain.coefficients)
        start.beta.push_back(c.estimate);
    double scale = 0;
    for (double one : v)
        scale += one / static_cast<double>(k);
    start.tau2 = options.common ? 0 : std::max(plain.tau2.value, 0.05 * scale);
    constexpr double log_2pi = 1.837877066409345483560659472811;
    for (std::size_t i = 0; i < k; ++i) {
        double r = y[i];
        for (std::size_t j = 0; j < p; ++j)
            r -= (x.empty() ? 1 : x[j * k + i]) * start.beta[j];
        const double s = v[i] + plain.tau2.value;
        fit.log_likelihood_unselected -= 0.5 * (log_2pi + std::log(s) + r * r / s);
    }

    std::vector<char> free(deltas, 1);
    if (step) free[0] = 0; // the first weight is 1
    const bool cut_estimated = options.type == Selection::truncest;
    if (cut_estimated) free[1] = 0; // found by trying every place
    const double first = model.none == 0 ? 1.0 : model.none;
    start.delta.assign(deltas, first);
    for (std::size_t d = 0; d < options.delta.size(); ++d)
        if (options.delta[d]) {
            start.delta[d] = *options.delta[d];
            free[d] = 0;
        }

    Likelihood likelihood(y, v, x, p, options, steps, deltas);
    if (step) {
        fit.counts.assign(deltas, 0);
        for (std::size_t at : likelihood.intervals())
            ++fit.counts[std::min(at, deltas - 1)];
        for (std::size_t d = 0; d < deltas; ++d)
            if (fit.counts[d] == 0 && (d == 0 || free[d]))
                fit.notes.push_back("no P value between " + text::format_number(d == 0 ? 0.0 : steps[d - 1]) +
                                    " and " + text::format_number(steps[d]) +
                                    ": weights drift to their bounds");
    }
    std::vector<Point3> starts{start};
    const bool smooth = !stepwise(options.type);
    if (smooth) { // weights that fall steeply can have a maximum of their own
        Point3 other = start;
        for (std::size_t d = 0; d < deltas; ++d)
            if (free[d]) other.delta[d] = 5 * first;
        starts.push_back(other);
        if (options.type == Selection::beta) {
            Point3 third = start;
            if (free[0]) third.delta[0] = 0.6;
            starts.push_back(third);
        }
    }
    Best best;
    if (cut_estimated && !(options.delta.size() == 2 && options.delta[1])) {
        // Between two effects the likelihood is monotone in the cut-point: the best is just short of an
        // effect.
        for (std::size_t i = 0; i < k; ++i) {
            const bool less = options.alternative == Alternative::less;
            std::vector<Point3> one{start};
            one[0].delta[1] = std::nextafter(y[i], less ? infinity : -infinity);
            const Best here = fit_all(likelihood, p, deltas, free, options.common, one, scale);
            if (here.value > best.value) best = here;
        }
    } else
        best = fit_all(likelihood, p, deltas, free, options.common, starts, scale);
    if (!std::isfinite(best.value)) {
        fit.why = "the likelihood is not finite anywhere it was tried";
        return fit;
    }

    fit.defined = true;
    fit.log_likelihood = best.value;
    fit.iterations = best.iterations;
    fit.converged = best.converged;
    if (!best.converged) fit.notes.push_back("the search for the highest likelihood did not settle");
    fit.beta = best.at.beta;
    fit.tau2 = best.at.tau2;
    fit.delta = best.at.delta;
    for (std::size_t d = 0; d < deltas; ++d)
        if (free[d] && fit.delta[d] >= largest_delta)
            fit.notes.push_back("a weight parameter is at its upper bound of 100");

    const std::size_t n = p + 1 + deltas;
    std::vector<double> g, h;
    likelihood.evaluate(fit.beta.data(), fit.tau2, fit.delta, &g, &h);
    std::vector<std::size_t> used;
    for (std::size_t j = 0; j < p; ++j)
        used.push_back(j);
    const bool with_tau2 = !options.common && fit.tau2 > 0;
    if (with_tau2) used.push_back(p);
    if (cut_estimated) free[1] = options.delta.empty() || !options.delta[1];
    for (std::size_t d = 0; d < deltas; ++d)
        if (free[d]) used.push_back(p + 1 + d);
    if (cut_estimated && free[1]) {
        // No derivative exists at the cut-point; differences over finite steps are what can be had.
        std::vector<double> at;
        for (std::size_t i : used)
            at.push_back(i < p ? fit.beta[i] : i == p ? fit.tau2 : fit.delta[i - p - 1]);
        const auto value = [&](std::span<const double> theta) {
            std::vector<double> beta = fit.beta, delta = fit.delta;
            double tau2 = fit.tau2;
            for (std::size_t i = 0; i < used.size(); ++i)
                (used[i] < p ? beta[used[i]] : used[i] == p ? tau2 : delta[used[i] - p - 1]) = theta[i];
            return likelihood.evaluate(beta.data(), tau2, delta, nullptr, nullptr);
        };
        const std::vector<double> small = num::hessian(value, at);
        for (std::size_t i = 0; i < used.size(); ++i)
            for (std::size_t j = 0; j < used.size(); ++j)
                h[used[i] * n + used[j]] = small[i * used.size() + j];
    }
    const auto errors = standard_errors(h, n, used);
    const double critical = num::critical_value(options.level);
    for (std::size_t j = 0; j < p; ++j) {
        const double se = errors[j].value_or(nan);
        fit.se.push_back(se);
        fit.statistic.push_back(fit.beta[j] / se);
        fit.p.push_back(num::two_sided_p(fit.beta[j] / se));
        fit.ci_low.push_back(fit.beta[j] - critical * se);
        fit.ci_high.push_back(fit.beta[j] + critical * se);
    }
    if (with_tau2) fit.tau2_se = errors[p];
    if (!options.common && fit.tau2 == 0)
        fit.notes.push_back("tau2 is at its boundary 0: standard errors take it as known");
    for (std::size_t d = 0; d < deltas; ++d)
        fit.delta_se.push_back(errors[p + 1 + d]);
    fit.lrt_df =
        static_cast<int>(std::count(free.begin(), free.end(), 1)) - (cut_estimated && free[1] ? 1 : 0);
    fit.lrt = std::max(0.0, 2 * (fit.log_likelihood - fit.log_likelihood_unselected));
    if (fit.lrt_df > 0) fit.lrt_p = num::chi_squared_upper(fit.lrt, fit.lrt_df);
    return fit;
}

/// The highest likelihood over all ways to join neighbouring intervals in which weights fall: at a maximum
/// under the constraint, weights are equal within joined intervals and the constraint does not bind between
/// them.
SelectionFit fit_decreasing(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                            std::size_t p, const SelectionOptions& options) {
    std::vector<double> steps = options.steps;
    std::sort(steps.begin(), steps.end());
    if (!steps.empty() && steps.back() < 1) steps.push_back(1);
    SelectionFit best;
    const std::size_t inner = steps.empty() ? 0 : steps.size() - 1;
    constexpr std::size_t most = 12;
    if (inner > most) {
        best.why = "decreasing weights: at most 13 intervals";
        return best;
    }
    for (std::size_t kept = 0; kept < (std::size_t{1} << inner); ++kept) {
        SelectionOptions joined = options;
        joined.decreasing = false;
        joined.steps.clear();
        for (std::size_t j = 0; j < inner; ++j)
            if (kept >> j & 1) joined.steps.push_back(steps[j]);
        joined.steps.push_back(1);
        SelectionFit fit = fit_selection(y, v, x, p, joined);
        if (!fit.defined) return fit;
        bool falls = true;
        for (std::size_t j = 1; j < fit.delta.size(); ++j)
            falls = falls && fit.delta[j] <= fit.delta[j - 1];
        if (!falls || (best.defined && fit.log_likelihood <= best.log_likelihood)) continue;
        // Back to all intervals.
        const std::vector<double> delta = fit.delta;
        const auto se = fit.delta_se;
        fit.delta.clear();
        fit.delta_se.clear();
        for (std::size_t j = 0, at = 0; j <= inner; ++j) {
            fit.delta.push_back(delta[at]);
            fit.delta_se.push_back(se[at]);
            if (j < inner && (kept >> j & 1)) ++at;
        }
        fit.lrt_df = static_cast<int>(inner);
        fit.lrt_p = num::chi_squared_upper(fit.lrt, fit.lrt_df);
        best = fit;
    }
    return best;
}

} // namespace

SelectionFit select(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                    std::size_t columns, const SelectionOptions& options) {
    if (options.type == Selection::stepfun && options.decreasing && options.delta.empty())
        return fit_decreasing(y, v, x, columns, options);
    return fit_selection(y, v, x, columns, options);
}

double selection_log_likelihood(std::span<const double> y, std::span<const double> v,
                                std::span<const double> x, std::size_t columns,
                                const SelectionOptions& options, std::span<const double> beta, double tau2,
                                const std::vector<double>& delta) {
    std::vector<double> steps = options.steps;
    std::sort(steps.begin(), steps.end());
    const bool step = options.type == Selection::stepfun;
    if (step && !steps.empty() && steps.back() < 1) steps.push_back(1);
    const SelectionModel& model = *std::find_if(
        std::begin(table), std::end(table), [&](const SelectionModel& m) { return m.type == options.type; });
    const std::size_t deltas = step ? steps.size() : static_cast<std::size_t>(model.deltas);
    if (!check(options, y.size(), columns).empty() || beta.size() != columns || delta.size() != deltas)
        return std::numeric_limits<double>::quiet_NaN();
    Likelihood likelihood(y, v, x, columns, options, steps, deltas);
    return likelihood.evaluate(beta.data(), tau2, delta, nullptr, nullptr);
}

} // namespace assay::synth
