#include "synth/multilevel.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t nothing_held = std::numeric_limits<std::size_t>::max();

bool is_intercept(const num::Matrix& x, std::size_t column) {
    for (std::size_t i = 0; i < x.rows; ++i)
        if (x(i, column) != 1) return false;
    return true;
}

std::string name_of(const ComponentPlace& place, std::size_t of_kind) {
    constexpr const char* names[] = {"sigma^2", "tau^2", "rho", "gamma^2", "phi"};
    std::string name = names[static_cast<std::size_t>(place.kind)];
    if (of_kind > 1) name += "." + std::to_string(place.index + 1);
    return name;
}

/// Whether each level of a grouping has one value of the column.
bool constant_within(const num::Matrix& x, std::size_t column, const std::vector<std::size_t>& level,
                     std::size_t levels) {
    std::vector<double> value(levels, nan);
    for (std::size_t i = 0; i < x.rows; ++i) {
        double& known = value[level[i]];
        if (std::isnan(known))
            known = x(i, column);
        else if (known != x(i, column))
            return false;
    }
    return true;
}

num::Matrix without_rows(const num::Matrix& x, const std::vector<std::size_t>& kept) {
    num::Matrix out(kept.size(), x.columns);
    for (std::size_t a = 0; a < kept.size(); ++a)
        for (std::size_t j = 0; j < x.columns; ++j)
            out(a, j) = x(kept[a], j);
    return out;
}

/// The factor on some rows; levels that are gone keep their place, so that components keep theirs.
Factor on_rows(const Factor& factor, const std::vector<std::size_t>& kept) {
    Factor out{{}, factor.levels};
    for (std::size_t row : kept)
        if (row < factor.of_row.size()) out.of_row.push_back(factor.of_row[row]);
    return out;
}

/// The search's view of unstructured covariance matrices: a block of parameters (standard deviations, then
/// correlations) holds the rows of the Cholesky factor L instead, G = L L'. Any L is allowed, and a singular
/// G is an ordinary point.
class CholeskyView {
public:
    CholeskyView(Marginal& model)
        : model_(model), blocks_(model.unstructured()), natural_(model.parameters()) {}
    bool needed() const { return !blocks_.empty(); }

    bool operator()(std::span<const double> at, double& value, std::span<double> gradient) {
        to_natural(at, natural_);
        if (!model_.evaluate(natural_, value, gradient)) return false;
        if (gradient.empty()) return true;
        for (const auto& block : blocks_)
            chain(block, at.subspan(block.first), gradient.subspan(block.first));
        return true;
    }

    void to_natural(std::span<const double> at, std::span<double> natural) const {
        std::copy(at.begin(), at.end(), natural.begin());
        for (const auto& block : blocks_) {
            const auto l = at.subspan(block.first);
            const auto out = natural.subspan(block.first);
            const std::size_t m = block.levels;
            for (std::size_t a = 0; a < m; ++a)
                out[a] = std::sqrt(product(l, a, a));
            for (std::size_t a = 0; a < m; ++a)
                for (std::size_t b = a + 1; b < m; ++b) {
                    const double size = out[a] * out[b];
                    out[m + place(a, b, m)] = size > 0 ? std::clamp(product(l, a, b) / size, -1.0, 1.0) : 0;
                }
        }
    }

    void from_natural(std::span<double> at) const {
        for (const auto& block : blocks_) {
            const auto x = at.subspan(block.first);
            const std::size_t m = block.levels;
            num::Matrix g(m, m);
            for (std::size_t a = 0; a < m; ++a)
                for (std::size_t b = a; b < m; ++b)
                    g(a, b) = x[a] * x[b] * (a == b ? 1 + 1e-8 : x[m + place(a, b, m)]);
            if (!num::cholesky(g.cells, m)) {
                for (std::size_t a = 0; a < m; ++a)
                    for (std::size_t b = 0; b <= a; ++b)
                        x[row(a) + b] = a == b ? std::sqrt(std::max(g(a, a), 1e-4)) : 0;
                continue;
            }
            for (std::size_t a = 0; a < m; ++a)
                for (std::size_t b = 0; b <= a; ++b)
                    x[row(a) + b] = g(b, a);
        }
    }

    void free_box(std::span<double> low, std::span<double> high) const {
        for (const auto& block : blocks_)
            for (std::size_t i = 0; i < row(block.levels); ++i) {
                low[block.first + i] = -std::numeric_limits<double>::infinity();
                high[block.first + i] = std::numeric_limits<double>::infinity();
            }
    }

private:
    static std::size_t row(std::size_t a) { return a * (a + 1) / 2; }
    static std::size_t place(std::size_t a, std::size_t b, std::size_t m) {
        return a * m - row(a) + (b - a - 1);
    }
    static double product(std::span<const double> l, std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t j = 0; j <= std::min(a, b); ++j)
            sum += l[row(a) + j] * l[row(b) + j];
        return sum;
    }
    /// From slopes in standard deviations and correlations to slopes in L.
    void chain(const Marginal::Unstructured& block, std::span<const double> l, std::span<double> gradient) {
        const std::size_t m = block.levels, count = row(m);
        const auto natural = std::span<const double>(natural_).subspan(block.first);
        const std::vector<double> slope(gradient.begin(),
                                        gradient.begin() + static_cast<std::ptrdiff_t>(count));
        for (std::size_t a = 0; a < m; ++a)
            for (std::size_t j = 0; j <= a; ++j) {
                const double size = std::max(natural[a], 1e-150), share = l[row(a) + j] / size;
                double sum = slope[a] * share;
                for (std::size_t b = 0; b < m; ++b) {
                    if (b == a) continue;
                    const std::size_t at = m + (a < b ? place(a, b, m) : place(b, a, m));
                    const double other = j <= b ? l[row(b) + j] / std::max(natural[b], 1e-150) : 0;
                    sum += slope[at] * (other - natural[at] * share) / size;
                }
                gradient[row(a) + j] = sum;
            }
    }

    Marginal& model_;
    std::vector<Marginal::Unstructured> blocks_;
    std::vector<double> natural_;
};

} // namespace

std::string_view to_string(ComponentKind kind) {
    constexpr std::string_view names[] = {"sigma2", "tau2", "rho", "gamma2", "phi"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<double> MultilevelFit::values(ComponentKind kind) const {
    std::vector<double> out;
    for (const Component& component : components)
        if (component.kind == kind) out.push_back(component.value);
    return out;
}

std::vector<double> containment_df(const num::Matrix& x, std::span<const RandomTerm> terms) {
    const auto p = static_cast<double>(x.columns);
    std::vector<double> df(x.columns, static_cast<double>(x.rows));
    for (std::size_t j = 0; j < x.columns; ++j) {
        const auto consider = [&](const Factor& factor) {
            if (!factor.of_row.empty() && constant_within(x, j, factor.of_row, factor.levels.size()))
                df[j] = std::min(df[j], static_cast<double>(factor.levels.size()));
        };
        for (const RandomTerm& term : terms) {
            consider(term.outer);
            if (term.structure != Structure::intercept) consider(term.inner);
        }
        df[j] = std::max(1.0, df[j] - p);
    }
    return df;
}

Multilevel::Multilevel(std::span<const double> y, num::Matrix x, const Sampling& sampling,
                       std::vector<RandomTerm> terms, MultilevelOptions options)
    : y_(y.begin(), y.end()), x_(std::move(x)), v_(sampling.v.begin(), sampling.v.end()),
      terms_(std::move(terms)), options_(options) {
    if (sampling.matrix) v_matrix_ = *sampling.matrix;
    fit_.level = options_.level;
    const Sampling own{v_, v_matrix_ ? &*v_matrix_ : nullptr};
    marginal_ = std::make_unique<Marginal>(y_, x_, own, terms_, options_.likelihood);
    if (!marginal_->trouble().empty()) {
        fit_.notes.push_back(marginal_->trouble());
        return;
    }
    find_maximum();
    if (fit_.k == 0) return;
    summarise();
    q_test();
    profile_ = std::make_unique<Marginal>(*marginal_);
}

Multilevel::~Multilevel() = default;
Multilevel::Multilevel(Multilevel&&) noexcept = default;

num::Minimum Multilevel::maximise(std::span<const double> start, std::size_t held, double value,
                                  bool trace) const {
    Marginal& model = held == nothing_held ? *marginal_ : *profile_;
    std::vector<double> low(model.low().begin(), model.low().end()),
        high(model.high().begin(), model.high().end());
    std::vector<double> from(start.begin(), start.end());
    if (held == nothing_held) {
        CholeskyView view(model);
        if (view.needed()) {
            view.from_natural(from);
            view.free_box(low, high);
            const num::BoxOptions box{low, high, model.scale(), options_.most_iterations, trace};
            num::Minimum found = num::minimise_in_box(view, from, box);
            view.to_natural(std::vector<double>(found.x), found.x);
            return found;
        }
    } else
        low[held] = high[held] = from[held] = value;
    const auto objective = [&](std::span<const double> at, double& f, std::span<double> gradient) {
        return model.evaluate(at, f, gradient);
    };
    num::BoxOptions box{low, high, model.scale(), options_.most_iterations, trace};
    return num::minimise_in_box(objective, from, box);
}

std::vector<std::vector<double>> Multilevel::heterogeneous_starts() const {
    // Likelihoods with a variance for each inner level have several maxima. Two more starts: the variances
    // that each level's own rows suggest, and the maximum of the structure with one variance.
    std::vector<RandomTerm> simpler = terms_;
    bool any = false;
    for (RandomTerm& term : simpler) {
        if (!info_of(term.structure).own_variances) continue;
        any = true;
        term.structure = term.structure == Structure::har    ? Structure::ar
                         : term.structure == Structure::diag ? Structure::id
                                                             : Structure::cs;
        term.variances.clear();
        term.correlations.clear();
    }
    if (!any) return {};
    std::vector<std::vector<double>> out{marginal_->level_start()};
    const Sampling own{v_, v_matrix_ ? &*v_matrix_ : nullptr};
    Marginal model(y_, x_, own, simpler, options_.likelihood);
    const auto objective = [&](std::span<const double> at, double& f, std::span<double> gradient) {
        return model.evaluate(at, f, gradient);
    };
    const num::BoxOptions box{model.low(), model.high(), model.scale(), options_.most_iterations, false};
    const auto found = num::minimise_in_box(objective, model.starts().front(), box);
    if (found.stop == num::Stop::undefined_start) return out;
    std::vector<double> start = marginal_->starts().front();
    for (const ComponentPlace& to : marginal_->components())
        for (const ComponentPlace& from : model.components()) {
            const auto is_correlation = [](const ComponentPlace& place) {
                return place.kind == ComponentKind::rho || place.kind == ComponentKind::phi;
            };
            if (to.fixed || to.term != from.term || is_correlation(to) != is_correlation(from)) continue;
            // Several of the same kind take the one there is, or their own where both have as many.
            const bool counted = to.kind == from.kind && to.index != from.index &&
                                 !info_of(terms_[to.term].structure).own_variances;
            if (counted) continue;
            start[to.parameter] = marginal_->parameter(to, model.natural(from, found.x[from.parameter]));
        }
    out.push_back(std::move(start));
    return out;
}

void Multilevel::find_maximum() {
    bool found = false;
    num::Minimum best;
    auto starts = marginal_->starts();
    for (auto& start : heterogeneous_starts())
        starts.push_back(std::move(start));
    for (const auto& start : starts) {
        num::Minimum one = maximise(start, nothing_held, 0, true);
        if (one.stop == num::Stop::undefined_start) continue;
        const bool better = !found ||
                            (one.converged() && !best.converged() && one.value <= best.value + 1e-6) ||
                            one.value < best.value - 1e-10 * (1 + std::fabs(best.value));
        if (better) best = std::move(one);
        found = true;
        if (marginal_->parameters() == 0) break;
    }
    if (!found) {
        fit_.notes.emplace_back("the sampling covariance matrix is not positive definite");
        return;
    }
    if (!best.converged())
        fit_.notes.push_back("the search for the maximum ended after " + std::to_string(best.iterations) +
                             " steps: " + std::string(to_string(best.stop)));
    fit_.search = std::move(best);
    fit_.k = static_cast<int>(y_.size());
    fit_.p = static_cast<int>(x_.columns);
    // The model's state is that of the maximum.
    double value = 0;
    marginal_->evaluate(fit_.search.x, value, {});
}

double Multilevel::critical(double df) const {
    return num::critical_value(options_.level, df);
}

void Multilevel::summarise() {
    const auto places = marginal_->components();
    std::map<ComponentKind, std::size_t> counts;
    for (const auto& place : places)
        ++counts[place.kind];
    int free = 0;
    for (const auto& place : places) {
        const double parameter = fit_.search.x[place.parameter];
        const bool end = !place.fixed && fit_.search.held[place.parameter];
        fit_.components.push_back({place.kind, place.index, name_of(place, counts[place.kind]),
                                   marginal_->natural(place, parameter), place.fixed, end});
        free += !place.fixed;
        if (end && (place.kind == ComponentKind::rho || place.kind == ComponentKind::phi))
            fit_.notes.push_back(fit_.components.back().name + " is at the end of its range");
    }
    fit_.beta = marginal_->coefficients();
    fit_.covariance = marginal_->covariance();
    if (options_.t_tests) {
        const double residual = std::max(1, fit_.k - fit_.p);
        fit_.df = options_.df == DfRule::contain ? containment_df(x_, terms_)
                                                 : std::vector<double>(x_.columns, residual);
    }
    for (std::size_t j = 0; j < x_.columns; ++j) {
        const double df = fit_.df.empty() ? 0 : fit_.df[j], se = std::sqrt(fit_.covariance(j, j));
        const double half = critical(df) * se;
        fit_.se.push_back(se);
        fit_.statistic.push_back(fit_.beta[j] / se);
        fit_.p_value.push_back(num::two_sided_p(fit_.statistic.back(), df));
        fit_.ci_low.push_back(fit_.beta[j] - half);
        fit_.ci_high.push_back(fit_.beta[j] + half);
    }
    const double ll = marginal_->log_likelihood(fit_.search.value);
    const double count = options_.likelihood == Likelihood::restricted ? fit_.k - fit_.p : fit_.k;
    const double parameters = fit_.p + free, most = std::max(count, parameters + 2);
    fit_.statistics = {ll, -2 * ll + 2 * parameters, -2 * ll + parameters * std::log(count),
                       -2 * ll + 2 * parameters * most / (most - parameters - 1)};

    std::vector<std::size_t> tested;
    bool intercept = false;
    for (std::size_t j = 0; j < x_.columns; ++j) {
        if (!intercept && is_intercept(x_, j))
            intercept = true;
        else
            tested.push_back(j);
    }
    fit_.intercept_only = tested.empty();
    if (tested.empty()) return;
    num::Matrix part(tested.size(), tested.size());
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            part(a, b) = fit_.covariance(tested[a], tested[b]);
    const num::Matrix inverse = num::inverse_of(part);
    if (inverse.rows == 0) return;
    double form = 0;
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            form += fit_.beta[tested[a]] * inverse(a, b) * fit_.beta[tested[b]];
    ModeratorTest test{form, 1, static_cast<int>(tested.size()), std::nullopt};
    if (fit_.df.empty())
        test.p = num::chi_squared_upper(form, test.df1);
    else {
        double df2 = fit_.df[tested.front()];
        for (std::size_t j : tested)
            df2 = std::min(df2, fit_.df[j]);
        test.statistic = form / test.df1;
        test.df2 = df2;
        test.p = num::f_upper(test.statistic, test.df1, df2);
    }
    fit_.moderators = test;
}

void Multilevel::q_test() {
    const Sampling own{v_, v_matrix_ ? &*v_matrix_ : nullptr};
    Marginal plain(y_, x_, own, {}, Likelihood::full);
    double value = 0;
    fit_.q_df = fit_.k - fit_.p;
    if (!plain.trouble().empty() || !plain.evaluate({}, value, {})) {
        fit_.q = fit_.q_p = nan;
        fit_.notes.emplace_back(
            "Q is not defined, as the sampling covariance matrix is not positive definite");
        return;
    }
    fit_.q = std::max(0.0, plain.residual_sum());
    fit_.q_p = fit_.q_df > 0 ? num::chi_squared_upper(fit_.q, fit_.q_df) : 1;
}

double Multilevel::profile_log_likelihood(std::size_t index, double value) const {
    const ComponentPlace& place = marginal_->components()[index];
    const auto found = maximise(fit_.search.x, place.parameter, marginal_->parameter(place, value), false);
    return found.stop == num::Stop::undefined_start ? -std::numeric_limits<double>::infinity()
                                                    : marginal_->log_likelihood(found.value);
}

namespace {

/// What the profile says at one value: how far twice the log-likelihood has fallen beyond the quantile.
struct ProfilePoint {
    double value = 0;
    double excess = std::numeric_limits<double>::infinity();
    double slope = 0; ///< of excess in the search's parameter
    bool defined = false;
};

} // namespace

ComponentInterval Multilevel::profile_interval(std::size_t index) const {
    const ComponentPlace& place = marginal_->components()[index];
    const Component& component = fit_.components[index];
    const bool correlation = place.kind == ComponentKind::rho || place.kind == ComponentKind::phi;
    const double quantile = num::chi_squared_quantile(options_.level, 1), best = fit_.search.value;
    ComponentInterval out{component.name, component.value, nan, nan, false, false, 0, true};
    if (component.fixed) {
        out.low = out.high = component.value;
        return out;
    }
    std::vector<double> start = fit_.search.x;
    const auto at = [&](double value) {
        ProfilePoint point{value};
        const auto found = maximise(start, place.parameter, marginal_->parameter(place, value), false);
        out.evaluations += found.evaluations;
        if (found.stop == num::Stop::undefined_start) return point;
        out.converged = out.converged && found.converged();
        start = found.x;
        point.excess = 2 * (found.value - best) - quantile;
        // Along the profile only the held component's own gradient counts.
        double slope = 2 * found.gradient[place.parameter];
        if (!correlation) {
            const double u2 = marginal_->unit() * marginal_->unit();
            slope /= place.squared ? 2 * found.x[place.parameter] * u2 : u2;
        }
        point.slope = slope;
        point.defined = true;
        return point;
    };
    // The ends of the search are metafor's: 0, and the larger of 10 and a hundred times the estimate; -1 (0
    // for the autoregressive structures) and 1. Ends at which the model is not defined move inward by tenths
    // of the way.
    const Structure structure = terms_[place.term].structure;
    const bool positive =
        structure == Structure::ar || structure == Structure::har || structure == Structure::car;
    double low = correlation ? (positive ? std::min(0.0, component.value) : -1) : 0;
    double high = correlation ? 1 : component.value <= 1.5e-8 ? 10 : std::max(10.0, 100 * component.value);
    const auto bound = [&](double end, bool& open) {
        const double step = (component.value - end) / 10;
        start = fit_.search.x;
        ProfilePoint outer;
        if (std::fabs(component.value - end) <= 1e-14 * std::fabs(end)) return end;
        for (int attempt = 0; attempt < 10 && !outer.defined; ++attempt)
            outer = at(end + attempt * step);
        if (!outer.defined) {
            out.converged = false;
            return nan;
        }
        if (outer.excess < 0) {
            const double true_end = correlation ? (end < component.value ? -1 : 1) : end;
            open = outer.value != true_end || (!correlation && end > component.value);
            return outer.value;
        }
        // Newton's iteration on the excess, kept between a value inside and one outside.
        double inside = component.value, outside = outer.value;
        start = fit_.search.x;
        // A first guess from the curvature at the maximum.
        const double probe =
            inside + 0.1 * (outside - inside) *
                         std::min(1.0, 10 * std::max(std::fabs(inside), 1e-3) / std::fabs(outside - inside));
        ProfilePoint point = at(probe);
        for (int iteration = 0; iteration < 100; ++iteration) {
            if (!point.defined || point.excess > 0)
                outside = point.value;
            else
                inside = point.value;
            const double width = std::fabs(outside - inside);
            if (point.defined && std::fabs(point.excess) < 1e-11) break;
            if (width <= 1e-13 * std::max(std::fabs(inside), std::fabs(outside))) break;
            // The signed root of the deviance is nearly linear in the component, so Newton runs on it.
            double next = nan;
            if (point.defined && point.slope != 0) {
                const double deviance = std::max(point.excess + quantile, 1e-300);
                const double root = std::sqrt(deviance);
                next = point.value + (std::sqrt(quantile) - root) * 2 * root / point.slope;
            }
            const double left = std::min(inside, outside), right = std::max(inside, outside);
            if (!(next > left && next < right)) {
                // Geometric where the bracket spans orders of magnitude.
                if (!correlation && left > 0 && right > 8 * left)
                    next = std::sqrt(left * right);
                else
                    next = 0.5 * (left + right);
            }
            if (next == inside || next == outside) break;
            point = at(next);
        }
        return point.defined ? point.value : inside;
    };
    out.low = bound(low, out.low_open);
    out.high = bound(high, out.high_open);
    return out;
}

std::vector<MultilevelPrediction> Multilevel::predict(const num::Matrix& x_new) const {
    // Where inner levels have variances of their own, a new effect needs to know its level.
    double between = 0;
    bool one_variance = true;
    for (std::size_t t = 0; t < terms_.size(); ++t)
        one_variance = one_variance && variances_of(terms_[t]) == 1;
    for (const Component& component : fit_.components)
        if (component.kind != ComponentKind::rho && component.kind != ComponentKind::phi)
            between += component.value;
    std::vector<MultilevelPrediction> out;
    for (std::size_t i = 0; i < x_new.rows; ++i) {
        MultilevelPrediction one;
        double df = 0;
        for (std::size_t j = 0; j < x_new.columns; ++j) {
            one.estimate += x_new(i, j) * fit_.beta[j];
            for (std::size_t l = 0; l < x_new.columns; ++l)
                one.se += x_new(i, j) * fit_.covariance(j, l) * x_new(i, l);
            if (!fit_.df.empty() && x_new(i, j) != 0) df = df == 0 ? fit_.df[j] : std::min(df, fit_.df[j]);
        }
        if (!fit_.df.empty() && df == 0) df = fit_.df.front();
        const double variance = one.se, factor = critical(df);
        one.se = std::sqrt(variance);
        one.ci_low = one.estimate - factor * one.se;
        one.ci_high = one.estimate + factor * one.se;
        if (one_variance) {
            const double half = factor * std::sqrt(variance + between);
            one.pi_low = one.estimate - half;
            one.pi_high = one.estimate + half;
        }
        out.push_back(one);
    }
    return out;
}

std::vector<RandomEffects> Multilevel::random_effects() const {
    std::vector<RandomEffects> out;
    std::vector<Marginal::Block> blocks;
    for (std::size_t b = 0; b < marginal_->blocks(); ++b)
        blocks.push_back(marginal_->block(b));
    for (const bool structured : {false, true}) {
        for (std::size_t t = 0; t < terms_.size(); ++t) {
            const RandomTerm& term = terms_[t];
            if ((term.structure != Structure::intercept) != structured) continue;
            RandomEffects effects{term.name, {}};
            const double df = fit_.df.empty() ? 0
                              : options_.df == DfRule::contain
                                  ? std::max(1.0, static_cast<double>(term.outer.levels.size()) - fit_.p)
                                  : std::max(1, fit_.k - fit_.p);
            const double factor = critical(df);
            const std::size_t count = structured ? y_.size() : term.outer.levels.size();
            // A row of each effect stands for it.
            std::vector<std::size_t> row_of;
            std::vector<std::string> names;
            if (structured) {
                std::vector<std::size_t> order(count);
                for (std::size_t i = 0; i < count; ++i)
                    order[i] = i;
                const auto key = [&](std::size_t i) {
                    return std::pair(term.outer.of_row[i], term.inner.of_row[i]);
                };
                std::stable_sort(order.begin(), order.end(),
                                 [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
                for (std::size_t a = 0; a < count; ++a) {
                    if (a > 0 && key(order[a]) == key(order[a - 1])) continue;
                    row_of.push_back(order[a]);
                    names.push_back(term.inner.levels[term.inner.of_row[order[a]]] + " | " +
                                    term.outer.levels[term.outer.of_row[order[a]]]);
                }
            } else {
                row_of.assign(count, 0);
                for (std::size_t i = y_.size(); i-- > 0;)
                    row_of[term.outer.of_row[i]] = i;
                names = term.outer.levels;
            }
            for (std::size_t e = 0; e < row_of.size(); ++e) {
                const std::size_t row = row_of[e];
                const Marginal::Block& block = blocks[marginal_->block_of_row(row)];
                const std::size_t n = block.rows.size();
                std::vector<double> g(n), wg(n);
                for (std::size_t a = 0; a < n; ++a)
                    g[a] = marginal_->term_covariance(t, row, block.rows[a]);
                RandomEffect effect;
                effect.level = names[e];
                effect.estimate = num::dot(g, block.wr);
                double variance = marginal_->term_covariance(t, row, row);
                for (std::size_t a = 0; a < n; ++a)
                    variance -= g[a] * num::dot(block.w.row(a), g);
                for (std::size_t j = 0; j < block.f.columns; ++j) {
                    double share = 0;
                    for (std::size_t a = 0; a < n; ++a)
                        share += g[a] * block.f(a, j);
                    variance += share * share;
                }
                effect.se = std::sqrt(std::max(0.0, variance));
                effect.pi_low = effect.estimate - factor * effect.se;
                effect.pi_high = effect.estimate + factor * effect.se;
                effects.effects.push_back(std::move(effect));
            }
            out.push_back(std::move(effects));
        }
    }
    return out;
}

RowDiagnostics Multilevel::rows() const {
    RowDiagnostics out;
    const std::size_t k = y_.size();
    out.hat.assign(k, 0);
    out.residual = marginal_->residuals();
    out.residual_se.assign(k, 0);
    out.standardised.assign(k, 0);
    for (std::size_t b = 0; b < marginal_->blocks(); ++b) {
        const Marginal::Block block = marginal_->block(b);
        for (std::size_t a = 0; a < block.rows.size(); ++a) {
            const std::size_t i = block.rows[a];
            for (std::size_t c = 0; c < block.rows.size(); ++c)
                out.hat[i] += marginal_->leverage(i, block.rows[c]) * block.w(c, a);
            const double variance = block.m(a, a) - marginal_->leverage(i, i);
            out.residual_se[i] = std::sqrt(std::max(0.0, variance));
            out.standardised[i] = out.residual[i] / out.residual_se[i];
        }
    }
    return out;
}

std::vector<double> Multilevel::cooks_distances(std::span<const std::size_t> group_of_row) const {
    std::vector<std::size_t> groups(group_of_row.begin(), group_of_row.end());
    if (groups.empty())
        for (std::size_t i = 0; i < y_.size(); ++i)
            groups.push_back(i);
    const std::size_t count = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
    const num::Matrix precision = num::inverse_of(fit_.covariance);
    std::vector<double> out(count, nan);
    for (std::size_t g = 0; g < count; ++g) {
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < y_.size(); ++i)
            if (groups[i] != g) kept.push_back(i);
        std::vector<double> y, v;
        for (std::size_t i : kept) {
            y.push_back(y_[i]);
            if (!v_.empty()) v.push_back(v_[i]);
        }
        std::optional<num::Matrix> matrix;
        if (v_matrix_) {
            matrix = num::Matrix(kept.size(), kept.size());
            for (std::size_t a = 0; a < kept.size(); ++a)
                for (std::size_t b = 0; b < kept.size(); ++b)
                    (*matrix)(a, b) = (*v_matrix_)(kept[a], kept[b]);
        }
        std::vector<RandomTerm> terms = terms_;
        for (RandomTerm& term : terms) {
            term.outer = on_rows(term.outer, kept);
            term.inner = on_rows(term.inner, kept);
        }
        Marginal model(y, without_rows(x_, kept), {v, matrix ? &*matrix : nullptr}, terms,
                       options_.likelihood);
        if (!model.trouble().empty()) continue;
        std::vector<double> start(model.parameters());
        for (std::size_t c = 0; c < fit_.components.size(); ++c) {
            const ComponentPlace& place = model.components()[c];
            start[place.parameter] = model.parameter(place, fit_.components[c].value);
        }
        // From the maximum of all rows, and from afresh, as an estimate at 0 can hold the first.
        auto starts = model.starts();
        starts.resize(1);
        starts.push_back(start);
        const auto objective = [&](std::span<const double> at, double& f, std::span<double> gradient) {
            return model.evaluate(at, f, gradient);
        };
        const num::BoxOptions box{model.low(), model.high(), model.scale(), options_.most_iterations, false};
        std::optional<num::Minimum> best;
        for (const auto& from : starts) {
            auto one = num::minimise_in_box(objective, from, box);
            if (one.stop == num::Stop::undefined_start) continue;
            if (!best || one.value < best->value) best = std::move(one);
        }
        if (!best) continue;
        double value = 0;
        model.evaluate(best->x, value, {});
        const auto beta = model.coefficients();
        double distance = 0;
        for (std::size_t a = 0; a < beta.size(); ++a)
            for (std::size_t b = 0; b < beta.size(); ++b)
                distance += (fit_.beta[a] - beta[a]) * precision(a, b) * (fit_.beta[b] - beta[b]);
        out[g] = distance;
    }
    return out;
}

} // namespace assay::synth
