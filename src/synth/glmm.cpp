#include "synth/glmm.hpp"

#include "num/distributions.hpp"
#include "synth/count_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int exact_nodes =
    48;                    ///< where the integral is to be exact (CM.EL), as metafor integrates adaptively
constexpr double far = 35; ///< a log odds at which a probability is 0 or 1 to double precision

/// One likelihood to maximise: studies with global parameters and at most one parameter of their own each.
struct Problem {
    enum class Form {
        common,  ///< no random effect
        scalar,  ///< one random effect, standard deviation the last global
        laplace2 ///< two, their standard deviations the last two globals
    };
    Form form = Form::common;
    std::vector<CountStudy> studies;
    num::Matrix x;           ///< moderators of the first predictor
    bool intercept = false;  ///< a global alpha in both predictors, after beta
    bool own_base = false;   ///< each study's own parameter is in both predictors (UM.FS)
    bool own_effect = false; ///< ... in the first only (saturated)
    num::Rule rule;

    std::size_t globals() const {
        return x.columns + intercept + (form == Form::scalar ? 1 : form == Form::laplace2 ? 2 : 0);
    }
    bool has_own() const { return own_base || own_effect; }
};

/// Value, gradient and Hessian of minus the log-likelihood, the Hessian as an arrow: globals, then a diagonal
/// with one row per study.
struct Arrow {
    double value = 0;
    std::vector<double> g_global, g_own, d_own;
    num::Matrix h, border; ///< globals x globals; studies x globals
};

struct State {
    std::vector<double> global, own;
    std::vector<std::array<double, 2>> modes;
    std::vector<char> frozen; ///< own parameters at infinity
    std::vector<char> held;   ///< globals that do not move; empty: all are free
};

/// A study's terms in its own few variables: first predictor's base, second's, standard deviations.
struct Local {
    double value = 0;
    double gradient[4] = {};
    double hessian[4][4] = {};
};

Local local_terms(const Problem& problem, State& state, std::size_t i, double b1, double b2, double effect,
                  double alpha) {
    Local out;
    const CountStudy& study = problem.studies[i];
    if (problem.form == Problem::Form::common) {
        const double base[2] = {b1, b2};
        for (std::size_t c = 0; c < 2; ++c) {
            if (study.cell[c].family == CountCell::Family::none) continue;
            const CellValue v = at(study.cell[c], base[c]);
            out.value += v.value;
            out.gradient[c] = v.d1;
            out.hessian[c][c] = v.d2;
        }
    } else if (problem.form == Problem::Form::scalar) {
        const num::Jet<3> jet =
            integrated(study, b1, b2, state.global.back(), problem.rule, state.modes[i][0]);
        out.value = jet.value;
        for (std::size_t a = 0; a < 3; ++a) {
            out.gradient[a] = jet.gradient[a];
            for (std::size_t b = 0; b < 3; ++b)
                out.hessian[a][b] = jet.second(a, b);
        }
    } else {
        double mode[2] = {state.modes[i][0], state.modes[i][1]};
        const std::size_t last = state.global.size() - 1;
        const num::Jet<4> jet =
            integrated_twice(study, effect, alpha, state.global[last - 1], state.global[last], mode);
        state.modes[i] = {mode[0], mode[1]};
        out.value = jet.value;
        for (std::size_t a = 0; a < 4; ++a) {
            out.gradient[a] = jet.gradient[a];
            for (std::size_t b = 0; b < 4; ++b)
                out.hessian[a][b] = jet.second(a, b);
        }
    }
    return out;
}

bool evaluate(const Problem& problem, State& state, Arrow& out) {
    const std::size_t globals = problem.globals(), k = problem.studies.size(), p = problem.x.columns;
    const bool two = problem.form == Problem::Form::laplace2;
    const std::size_t variables = problem.form == Problem::Form::common ? 2 : two ? 4 : 3;
    out.value = 0;
    out.g_global.assign(globals, 0.0);
    out.g_own.assign(k, 0.0);
    out.d_own.assign(k, 0.0);
    out.h = num::Matrix(globals, globals);
    out.border = num::Matrix(k, globals);
    // The study's variables are linear in the parameters: rows of `map`, and of `own` for the study's own.
    num::Matrix map(variables, globals);
    double own[4] = {};
    for (std::size_t i = 0; i < k; ++i) {
        std::fill(map.cells.begin(), map.cells.end(), 0.0);
        double effect = 0;
        for (std::size_t j = 0; j < p; ++j) {
            effect += problem.x(i, j) * state.global[j];
            map(0, j) = problem.x(i, j);
        }
        const double alpha = problem.intercept ? state.global[p] : 0;
        const double mine = problem.has_own() ? state.own[i] : 0;
        if (two) {
            map(1, p) = 1;
            map(2, p + 1) = 1;
            map(3, p + 2) = 1;
            own[0] = problem.own_effect;
        } else {
            if (problem.intercept) map(0, p) = map(1, p) = 1;
            if (problem.form == Problem::Form::scalar) map(2, globals - 1) = 1;
            own[0] = problem.has_own();
            own[1] = problem.own_base;
        }
        const double first = effect + alpha + mine, second = alpha + (problem.own_base ? mine : 0);
        const Local terms =
            local_terms(problem, state, i, first, second, effect + (problem.own_effect ? mine : 0), alpha);
        if (!std::isfinite(terms.value)) return false;
        out.value -= terms.value;
        for (std::size_t a = 0; a < variables; ++a) {
            for (std::size_t j = 0; j < globals; ++j)
                out.g_global[j] -= map(a, j) * terms.gradient[a];
            out.g_own[i] -= own[a] * terms.gradient[a];
            for (std::size_t b = 0; b < variables; ++b) {
                const double h = -terms.hessian[a][b];
                if (h == 0) continue;
                for (std::size_t j = 0; j < globals; ++j) {
                    if (map(a, j) == 0) continue;
                    for (std::size_t l = 0; l < globals; ++l)
                        out.h(j, l) += map(a, j) * h * map(b, l);
                    out.border(i, j) += map(a, j) * h * own[b];
                }
                out.d_own[i] += own[a] * h * own[b];
            }
        }
    }
    return std::isfinite(out.value);
}

/// The globals' Hessian with the studies' own parameters eliminated.
num::Matrix reduced(const Problem& problem, const State& state, const Arrow& arrow) {
    num::Matrix s = arrow.h;
    if (!problem.has_own()) return s;
    for (std::size_t i = 0; i < arrow.d_own.size(); ++i) {
        if (state.frozen[i]) continue;
        for (std::size_t j = 0; j < s.rows; ++j)
            for (std::size_t l = 0; l < s.rows; ++l)
                s(j, l) -= arrow.border(i, j) * arrow.border(i, l) / arrow.d_own[i];
    }
    return s;
}

struct Found {
    State state;
    Arrow arrow;
    num::Minimum search;
};

/// Newton's method on all parameters at once; the arrow makes a step linear in the studies.
Found maximise(const Problem& problem, State start, int most_steps = 200) {
    Found found;
    const std::vector<char> held = start.held;
    found.state = std::move(start);
    const std::size_t k = problem.studies.size(), globals = problem.globals();
    if (!evaluate(problem, found.state, found.arrow)) {
        found.search.stop = num::Stop::undefined_start;
        return found;
    }
    found.search.stop = num::Stop::too_many_steps;
    for (int iteration = 0; iteration < most_steps; ++iteration) {
        found.search.iterations = iteration;
        const Arrow& arrow = found.arrow;
        num::Matrix s = reduced(problem, found.state, arrow);
        std::vector<double> gradient = arrow.g_global;
        double size = 0;
        for (std::size_t j = 0; j < globals; ++j)
            if (held.empty() || !held[j]) size = std::max(size, std::fabs(gradient[j]));
        if (problem.has_own())
            for (std::size_t i = 0; i < k; ++i) {
                if (found.state.frozen[i]) continue;
                size = std::max(size, std::fabs(arrow.g_own[i]));
                for (std::size_t j = 0; j < globals; ++j)
                    gradient[j] -= arrow.border(i, j) * arrow.g_own[i] / arrow.d_own[i];
            }
        found.search.gradient_size = size;
        for (std::size_t j = 0; j < held.size(); ++j) {
            if (!held[j]) continue;
            gradient[j] = 0;
            for (std::size_t l = 0; l < globals; ++l)
                s(j, l) = s(l, j) = j == l;
        }
        // Where the likelihood is not concave in the standard deviations their curvature is raised.
        std::vector<double> step(globals, 0.0);
        double ridge = 0;
        for (int attempt = 0; attempt < 60; ++attempt) {
            num::Matrix u = s;
            for (std::size_t j = 0; j < globals; ++j)
                u(j, j) += ridge * (std::fabs(s(j, j)) + 1e-6);
            if (globals == 0 || num::cholesky(u.cells, globals)) {
                for (std::size_t j = 0; j < globals; ++j)
                    step[j] = -gradient[j];
                num::solve_transposed(u.cells, globals, step, 1);
                num::solve_upper(u.cells, globals, step, 1);
                break;
            }
            ridge = ridge == 0 ? 1e-3 : 4 * ridge;
        }
        std::vector<double> own_step(k, 0.0);
        double decrease = 0;
        for (std::size_t j = 0; j < globals; ++j)
            decrease -= arrow.g_global[j] * step[j]; // steps of held ones are 0
        if (problem.has_own())
            for (std::size_t i = 0; i < k; ++i) {
                if (found.state.frozen[i]) continue;
                double sum = arrow.g_own[i];
                for (std::size_t j = 0; j < globals; ++j)
                    sum += arrow.border(i, j) * step[j];
                own_step[i] = -sum / arrow.d_own[i];
                decrease -= arrow.g_own[i] * own_step[i];
            }
        found.search.trace.push_back({iteration, arrow.value, size, 1});
        if (!(decrease > 1e-20 * (1 + std::fabs(arrow.value)))) {
            found.search.stop = num::Stop::converged;
            break;
        }
        double share = 1;
        bool moved = false;
        for (int attempt = 0; attempt < 40; ++attempt, share *= 0.5) {
            State next = found.state;
            for (std::size_t j = 0; j < globals; ++j)
                next.global[j] += share * std::clamp(step[j], -5.0, 5.0);
            for (std::size_t i = 0; i < next.own.size(); ++i)
                next.own[i] += share * std::clamp(own_step[i], -5.0, 5.0);
            Arrow there;
            if (!evaluate(problem, next, there)) continue;
            if (there.value <= arrow.value - 1e-4 * share * decrease ||
                (decrease < 1e-9 && there.value <= arrow.value + 1e-13 * (1 + std::fabs(arrow.value)))) {
                found.search.trace.back().length = share;
                found.state = std::move(next);
                found.arrow = std::move(there);
                moved = true;
                break;
            }
        }
        if (!moved) {
            found.search.stop = decrease < 1e-10 * (1 + std::fabs(found.arrow.value))
                                    ? num::Stop::converged
                                    : num::Stop::no_progress;
            break;
        }
        if (decrease < 1e-17 * (1 + std::fabs(found.arrow.value))) {
            found.search.stop = num::Stop::converged;
            break;
        }
    }
    found.search.value = found.arrow.value;
    found.search.x = found.state.global;
    return found;
}

State start_state(const Problem& problem, std::span<const double> beta, double deviation) {
    State state;
    state.global.assign(problem.globals(), 0.0);
    for (std::size_t j = 0; j < std::min(beta.size(), problem.x.columns); ++j)
        state.global[j] = beta[j];
    const std::size_t fixed = problem.x.columns + problem.intercept;
    for (std::size_t j = fixed; j < state.global.size(); ++j)
        state.global[j] = deviation;
    state.modes.assign(problem.studies.size(), {0.0, 0.0});
    state.frozen.assign(problem.studies.size(), 0);
    if (problem.has_own()) state.own.assign(problem.studies.size(), 0.0);
    return state;
}

/// The best of a few starts for the standard deviations.
Found maximise_from(const Problem& problem, const State& like, std::initializer_list<double> deviations) {
    Found best;
    best.search.stop = num::Stop::undefined_start;
    for (const double deviation : deviations) {
        State start = like;
        const std::size_t fixed = problem.x.columns + problem.intercept;
        for (std::size_t j = fixed; j < start.global.size(); ++j)
            if (start.held.empty() || !start.held[j]) start.global[j] = deviation;
        Found one = maximise(problem, std::move(start));
        if (one.search.stop == num::Stop::undefined_start) continue;
        if (best.search.stop == num::Stop::undefined_start || one.search.value < best.search.value - 1e-12)
            best = std::move(one);
    }
    return best;
}

bool is_intercept(const num::Matrix& x, std::size_t column) {
    for (std::size_t i = 0; i < x.rows; ++i)
        if (x(i, column) != 1) return false;
    return true;
}

/// An effect of one study alone with its information; none where events are all or nothing.
struct OwnEffect {
    double value = 0, information = 0;
};
std::optional<OwnEffect> own_effect(CountKind kind, GlmmModel model, const Counts& c) {
    const auto log_ratio = [](double a, double b) { return std::log(a / b); };
    switch (kind) {
    case CountKind::proportion: {
        const double other = c.size1 - c.x1;
        if (c.x1 <= 0 || other <= 0) return std::nullopt;
        return OwnEffect{log_ratio(c.x1, other), c.x1 * other / c.size1};
    }
    case CountKind::rate:
        if (c.x1 <= 0) return std::nullopt;
        return OwnEffect{log_ratio(c.x1, c.size1), c.x1};
    case CountKind::two_rates:
        if (c.x1 <= 0 || c.x2 <= 0) return std::nullopt;
        return OwnEffect{log_ratio(c.x1 / c.size1, c.x2 / c.size2), c.x1 * c.x2 / (c.x1 + c.x2)};
    case CountKind::two_proportions:
        break;
    }
    if (model == GlmmModel::cm_al) {
        if (c.x1 <= 0 || c.x2 <= 0) return std::nullopt;
        return OwnEffect{log_ratio(c.x1 / c.size1, c.x2 / c.size2), c.x1 * c.x2 / (c.x1 + c.x2)};
    }
    const double b = c.size1 - c.x1, d = c.size2 - c.x2;
    if (c.x1 <= 0 || c.x2 <= 0 || b <= 0 || d <= 0) return std::nullopt;
    if (model != GlmmModel::cm_el)
        return OwnEffect{log_ratio(c.x1 * d, b * c.x2), 1 / (1 / c.x1 + 1 / b + 1 / c.x2 + 1 / d)};
    const CountCell cell = hypergeometric_cell(c.x1, c.size1, c.x2, c.size2);
    double eta = log_ratio(c.x1 * d, b * c.x2);
    for (int iteration = 0; iteration < 200; ++iteration) {
        const CellValue v = at(cell, eta);
        const double step = std::clamp(-v.d1 / v.d2, -2.0, 2.0);
        eta += step;
        if (std::fabs(step) < 1e-14 * (1 + std::fabs(eta))) break;
    }
    return OwnEffect{eta, -at(cell, eta).d2};
}

/// min over beta of (t - X beta)' I (t - X beta).
double lack_of_fit(const std::vector<double>& t, const num::Matrix& x, const num::Matrix& information) {
    const num::Matrix ix = num::product(information, x), xix = num::product_transposed(x, ix);
    std::vector<double> score(x.columns, 0.0);
    for (std::size_t i = 0; i < t.size(); ++i)
        for (std::size_t j = 0; j < x.columns; ++j)
            score[j] += ix(i, j) * t[i];
    num::Matrix u = xix;
    if (!num::cholesky(u.cells, u.rows)) return nan;
    num::solve_transposed(u.cells, u.rows, score, 1);
    num::solve_upper(u.cells, u.rows, score, 1);
    std::vector<double> rest = t;
    for (std::size_t i = 0; i < t.size(); ++i)
        rest[i] -= num::dot(x.row(i), score);
    double sum = 0;
    for (std::size_t i = 0; i < t.size(); ++i)
        sum += rest[i] * num::dot(information.row(i), rest);
    return sum;
}

num::Matrix rows_where(const num::Matrix& x, const std::vector<std::size_t>& rows) {
    num::Matrix out(rows.size(), x.columns);
    for (std::size_t a = 0; a < rows.size(); ++a)
        std::copy_n(x.row(rows[a]).begin(), x.columns, out.row(a).begin());
    return out;
}

double typical_variance(std::span<const double> v, const num::Matrix& x) {
    // (k - p) / tr P at weights 1/v; rows of x are used where there is a variance for each.
    if (v.size() != x.rows || v.size() <= x.columns) return nan;
    num::Matrix weighted(x.rows, x.columns);
    double sum = 0;
    for (std::size_t i = 0; i < x.rows; ++i) {
        if (!(v[i] > 0)) return nan;
        sum += 1 / v[i];
        for (std::size_t j = 0; j < x.columns; ++j)
            weighted(i, j) = x(i, j) / std::sqrt(v[i]);
    }
    const num::ThinQr qr = num::thin_qr(weighted);
    for (std::size_t i = 0; i < x.rows; ++i)
        sum -= num::dot(qr.q.row(i), qr.q.row(i)) / v[i];
    return static_cast<double>(x.rows - x.columns) / sum;
}

/// The fit being put together.
class Fitting {
public:
    Fitting(CountKind kind, std::span<const Counts> counts, const num::Matrix& x, const GlmmOptions& options)
        : kind_(kind), counts_(counts), x_(x), options_(options) {
        two_ = kind == CountKind::two_proportions || kind == CountKind::two_rates;
        model_ = options.model;
        unconditional_ = two_ && (model_ == GlmmModel::um_fs || model_ == GlmmModel::um_rs);
        for (const Counts& one : counts)
            studies_.push_back(study_of(one));
    }

    /// Nothing: all is well.
    std::string trouble() const {
        if (x_.rows != counts_.size() || x_.columns == 0)
            return "the design matrix has other rows than the counts";
        if (counts_.size() < x_.columns) return "there are fewer studies than coefficients";
        if (options_.random && counts_.size() < x_.columns + 1)
            return "there are not more studies than coefficients";
        for (const Counts& one : counts_) {
            const bool sizes = one.size1 > 0 && (!two_ || one.size2 > 0) && one.x1 >= 0 && one.x2 >= 0;
            const bool within = (kind_ != CountKind::proportion && kind_ != CountKind::two_proportions) ||
                                (one.x1 <= one.size1 && one.x2 <= (two_ ? one.size2 : one.x2));
            if (!sizes || !within || !std::isfinite(one.x1 + one.size1 + one.x2 + one.size2))
                return "a count is negative or larger than its group";
        }
        if (!num::thin_qr(x_).dependent.empty()) return "columns of the design matrix depend on one another";
        double events = 0, others = 0;
        for (const Counts& one : counts_) {
            events += one.x1 + one.x2;
            others += one.size1 + one.size2 - one.x1 - one.x2;
        }
        if (events == 0) return "there are no events";
        if (others <= 0 && (kind_ == CountKind::proportion || kind_ == CountKind::two_proportions))
            return "all are events";
        return "";
    }

    void run(GlmmFit& fit) {
        common_effect(fit);
        if (options_.random) random_effects(fit);
        heterogeneity(fit);
    }

private:
    CountStudy study_of(const Counts& c) const {
        CountStudy study;
        switch (kind_) {
        case CountKind::proportion:
            study.cell[0] = binomial_cell(c.x1, c.size1);
            break;
        case CountKind::rate:
            study.cell[0] = poisson_cell(c.x1, c.size1);
            break;
        case CountKind::two_rates:
            if (unconditional_) {
                study.cell[0] = poisson_cell(c.x1, c.size1);
                study.cell[1] = poisson_cell(c.x2, c.size2);
            } else
                study.cell[0] = binomial_cell(c.x1, c.x1 + c.x2, std::log(c.size1 / c.size2));
            break;
        case CountKind::two_proportions:
            if (unconditional_) {
                study.cell[0] = binomial_cell(c.x1, c.size1);
                study.cell[1] = binomial_cell(c.x2, c.size2);
            } else if (model_ == GlmmModel::cm_al)
                study.cell[0] = binomial_cell(c.x1, c.x1 + c.x2, std::log(c.size1 / c.size2));
            else
                study.cell[0] = hypergeometric_cell(c.x1, c.size1, c.x2, c.size2);
            break;
        }
        return study;
    }

    bool exact() const { return kind_ == CountKind::two_proportions && model_ == GlmmModel::cm_el; }
    int nodes() const {
        if (exact()) return exact_nodes;
        if (unconditional_ && model_ == GlmmModel::um_rs && options_.random) return 1;
        return options_.quadrature;
    }

    Problem base_problem() const {
        Problem problem;
        problem.studies = studies_;
        problem.x = x_;
        problem.rule = num::gauss_hermite(nodes());
        return problem;
    }

    double saturated_total() const {
        double sum = 0;
        for (const CountStudy& study : studies_)
            for (const CountCell& cell : study.cell)
                sum += saturated(cell);
        return sum;
    }

    void take(GlmmFit& fit, const Problem& problem, const Found& found) const {
        const std::size_t p = x_.columns;
        fit.beta.assign(found.state.global.begin(),
                        found.state.global.begin() + static_cast<std::ptrdiff_t>(p));
        const num::Matrix inverse = num::inverse_of(reduced(problem, found.state, found.arrow));
        fit.covariance = num::Matrix(p, p);
        if (inverse.rows == 0) {
            std::fill(fit.covariance.cells.begin(), fit.covariance.cells.end(), nan);
            fit.notes.emplace_back("the information at the maximum cannot be inverted");
        } else
            for (std::size_t i = 0; i < p; ++i)
                for (std::size_t j = 0; j < p; ++j)
                    fit.covariance(i, j) = inverse(i, j);
        fit.search = found.search;
        fit.marginal_log_likelihood = -found.search.value;
        if (!found.search.converged())
            fit.notes.push_back("the search for the maximum ended after " +
                                std::to_string(found.search.iterations) +
                                " steps: " + std::string(to_string(found.search.stop)));
    }

    void common_effect(GlmmFit& fit) {
        Problem problem = base_problem();
        if (unconditional_ && model_ == GlmmModel::um_rs) {
            problem.form = Problem::Form::scalar;
            problem.intercept = true;
            State start = start_state(problem, {}, 0.5);
            start.global[x_.columns] = base_level();
            common_ = maximise_from(problem, start, {0.5, 1.5});
        } else {
            problem.own_base = unconditional_;
            State start = start_state(problem, {}, 0);
            if (unconditional_) {
                for (std::size_t i = 0; i < counts_.size(); ++i)
                    start.own[i] = level_of(counts_[i]);
            } else if (!two_)
                start_level(start);
            common_ = maximise(problem, std::move(start));
        }
        common_problem_ = problem;
        take(fit, problem, common_);
        if (unconditional_ && model_ == GlmmModel::um_rs) {
            const double sigma = common_.state.global.back();
            fit.sigma2 = sigma * sigma;
            // lme4 measures models with quadrature against the saturated one.
            if (options_.metafor_likelihood && !options_.random && nodes() > 1)
                fit.statistics.log_likelihood = -common_.search.value - saturated_total();
            else
                fit.statistics.log_likelihood = -common_.search.value;
        } else
            fit.statistics.log_likelihood = -common_.search.value;
    }

    void random_effects(GlmmFit& fit) {
        Problem problem = base_problem();
        problem.form = Problem::Form::scalar;
        State start;
        if (unconditional_) {
            const double first = options_.coding,
                         second = options_.coding == 0.5 ? -0.5 : 1 - options_.coding;
            for (CountStudy& study : problem.studies) {
                study.z[0] = first;
                study.z[1] = second;
            }
        }
        if (unconditional_ && model_ == GlmmModel::um_rs) {
            problem.form = Problem::Form::laplace2;
            problem.intercept = true;
            start = start_state(problem, fit.beta, 0.5);
            start.global[x_.columns] = common_.state.global[x_.columns];
        } else {
            problem.own_base = unconditional_;
            start = start_state(problem, fit.beta, 0.5);
            start.own = common_.state.own;
        }
        hold(problem, start);
        const Found found = maximise_from(problem, start, {0.5, 1.5});
        if (found.search.stop == num::Stop::undefined_start) {
            fit.notes.emplace_back("the likelihood with random effects is not defined at the start");
            return;
        }
        take(fit, problem, found);
        const double tau = found.state.global.back();
        fit.tau2 = tau * tau;
        if (problem.form == Problem::Form::laplace2) {
            const double sigma = found.state.global[found.state.global.size() - 2];
            fit.sigma2 = sigma * sigma;
        }
        fit.statistics.log_likelihood = -found.search.value;
        const bool given_modes = !exact() && problem.form == Problem::Form::scalar;
        if (options_.metafor_likelihood && given_modes)
            fit.statistics.log_likelihood = conditional(problem, found);
    }

    void hold(const Problem& problem, State& start) const {
        const auto keep = [&](std::size_t j, double value) {
            start.held.resize(problem.globals(), 0);
            start.held[j] = 1;
            start.global[j] = value;
        };
        for (std::size_t j = 0; j < std::min(options_.given_beta.size(), x_.columns); ++j)
            keep(j, options_.given_beta[j]);
        const std::size_t last = problem.globals() - 1;
        if (options_.given_tau2 && problem.form != Problem::Form::common)
            keep(last, std::sqrt(*options_.given_tau2));
        if (options_.given_sigma2 && problem.form == Problem::Form::laplace2)
            keep(last - 1, std::sqrt(*options_.given_sigma2));
    }

    /// log f of the counts given the predicted random effects.
    double conditional(const Problem& problem, const Found& found) const {
        double sum = 0;
        const double tau = found.state.global.back();
        for (std::size_t i = 0; i < problem.studies.size(); ++i) {
            const CountStudy& study = problem.studies[i];
            double effect = 0;
            for (std::size_t j = 0; j < x_.columns; ++j)
                effect += x_(i, j) * found.state.global[j];
            const double mine = problem.own_base ? found.state.own[i] : 0, u = found.state.modes[i][0];
            const double base[2] = {effect + mine, mine};
            for (int c = 0; c < 2; ++c)
                if (study.cell[c].family != CountCell::Family::none)
                    sum += at(study.cell[c], base[c] + tau * study.z[c] * u).value;
        }
        return sum;
    }

    /// The saturated model against the common effect.
    void heterogeneity(GlmmFit& fit) {
        if (counts_.size() < 2) return;
        fit.q_df = static_cast<int>(counts_.size()) - static_cast<int>(x_.columns);
        if (unconditional_ && model_ == GlmmModel::um_rs) {
            saturated_random_studies(fit);
        } else {
            std::vector<double> effects;
            std::vector<std::size_t> rows;
            std::vector<double> information;
            for (std::size_t i = 0; i < counts_.size(); ++i)
                if (const auto own = own_effect(kind_, model_, counts_[i])) {
                    effects.push_back(own->value);
                    information.push_back(own->information);
                    rows.push_back(i);
                }
            num::Matrix diagonal(rows.size(), rows.size());
            for (std::size_t a = 0; a < rows.size(); ++a)
                diagonal(a, a) = information[a];
            const double wald = lack_of_fit(effects, rows_where(x_, rows), diagonal);
            if (std::isfinite(wald)) fit.q_wald = std::max(0.0, wald);
            fit.q_lrt = std::max(0.0, 2 * (saturated_total() + common_.search.value));
        }
        const auto p = [&](const std::optional<double>& q) -> std::optional<double> {
            if (!q) return std::nullopt;
            return fit.q_df > 0 ? num::chi_squared_upper(*q, fit.q_df) : 1;
        };
        fit.q_wald_p = p(fit.q_wald);
        fit.q_lrt_p = p(fit.q_lrt);
    }

    /// Studies at random and an effect of each: the effects are parameters of their own, those of
    /// all-or-nothing groups at infinity.
    void saturated_random_studies(GlmmFit& fit) const {
        Problem problem = common_problem_;
        problem.x = num::Matrix(x_.rows, 0);
        problem.own_effect = true;
        State start = start_state(problem, {}, common_.state.global.back());
        start.global[0] = common_.state.global[x_.columns];
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            const Counts& c = counts_[i];
            const bool none = c.x1 == 0, all = kind_ == CountKind::two_proportions && c.x1 == c.size1;
            if (none || all) {
                start.own[i] = none ? -far : far;
                start.frozen[i] = 1;
                continue;
            }
            const double rate = c.x1 / c.size1;
            const double level =
                kind_ == CountKind::two_proportions ? std::log(rate / (1 - rate)) : std::log(rate);
            start.own[i] = level - start.global[0];
        }
        const Found found = maximise(problem, std::move(start));
        if (found.search.stop == num::Stop::undefined_start) return;
        fit.q_lrt = std::max(0.0, 2 * (common_.search.value - found.search.value));
        // The information about the effects with alpha and sigma eliminated.
        std::vector<std::size_t> rows;
        std::vector<double> effects;
        for (std::size_t i = 0; i < counts_.size(); ++i)
            if (!found.state.frozen[i]) {
                rows.push_back(i);
                effects.push_back(found.state.own[i]);
            }
        const num::Matrix inverse = num::inverse_of(found.arrow.h);
        if (inverse.rows == 0) return;
        const num::Matrix border = rows_where(found.arrow.border, rows), half = num::product(border, inverse);
        num::Matrix information(rows.size(), rows.size());
        for (std::size_t a = 0; a < rows.size(); ++a)
            for (std::size_t b = 0; b < rows.size(); ++b)
                information(a, b) =
                    (a == b ? found.arrow.d_own[rows[a]] : 0) - num::dot(half.row(a), border.row(b));
        const double wald = lack_of_fit(effects, rows_where(x_, rows), information);
        if (std::isfinite(wald)) fit.q_wald = std::max(0.0, wald);
    }

    /// The common level of the counts on the scale of the predictor, and that of one study.
    double level_of(const Counts& c) const {
        const double x = c.x1 + c.x2 + 0.5, size = c.size1 + (two_ ? c.size2 : 0);
        const bool odds = kind_ == CountKind::proportion || kind_ == CountKind::two_proportions;
        return odds ? std::log(x / (size + 1 - x)) : std::log(x / size);
    }
    double base_level() const {
        Counts sum;
        for (const Counts& one : counts_) {
            sum.x1 += one.x1 + one.x2;
            sum.size1 += one.size1 + (two_ ? one.size2 : 0);
        }
        sum.x2 = 0;
        const double x = sum.x1 + 0.5;
        const bool odds = kind_ == CountKind::proportion || kind_ == CountKind::two_proportions;
        return odds ? std::log(x / (sum.size1 + 1 - x)) : std::log(x / sum.size1);
    }
    void start_level(State& state) const {
        // The least squares coefficients of the common level.
        const num::ThinQr qr = num::thin_qr(x_);
        const double level = base_level();
        std::vector<double> share(x_.columns, 0.0);
        for (std::size_t i = 0; i < x_.rows; ++i)
            for (std::size_t j = 0; j < x_.columns; ++j)
                share[j] += qr.q(i, j) * level;
        num::solve_upper(qr.r.cells, x_.columns, share, 1);
        std::copy(share.begin(), share.end(), state.global.begin());
    }

    CountKind kind_;
    std::span<const Counts> counts_;
    const num::Matrix& x_;
    GlmmOptions options_;
    GlmmModel model_ = GlmmModel::um_fs;
    bool two_ = false, unconditional_ = false;
    std::vector<CountStudy> studies_;
    Problem common_problem_;
    Found common_;
};

void summarise(GlmmFit& fit, const num::Matrix& x, const GlmmOptions& options) {
    const std::size_t p = x.columns;
    if (options.t_tests) fit.df = std::max(0, fit.k - fit.p);
    std::vector<std::size_t> tested;
    bool intercept = false;
    for (std::size_t j = 0; j < p; ++j) {
        const double se = std::sqrt(fit.covariance(j, j));
        const double half =
            options.t_tests && fit.df == 0 ? nan : num::critical_value(options.level, fit.df) * se;
        fit.se.push_back(se);
        fit.statistic.push_back(fit.beta[j] / se);
        fit.p_value.push_back(
            options.t_tests && fit.df == 0 ? nan : num::two_sided_p(fit.statistic.back(), fit.df));
        fit.ci_low.push_back(fit.beta[j] - half);
        fit.ci_high.push_back(fit.beta[j] + half);
        if (!intercept && is_intercept(x, j))
            intercept = true;
        else
            tested.push_back(j);
    }
    if (tested.empty()) return;
    num::Matrix block(tested.size(), tested.size());
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            block(a, b) = fit.covariance(tested[a], tested[b]);
    const num::Matrix inverse = num::inverse_of(block);
    if (inverse.rows == 0) return;
    double form = 0;
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            form += fit.beta[tested[a]] * inverse(a, b) * fit.beta[tested[b]];
    ModeratorTest test{form, 1, static_cast<int>(tested.size()), std::nullopt};
    if (fit.df > 0) {
        test.statistic = form / test.df1;
        test.df2 = fit.df;
        test.p = num::f_upper(test.statistic, test.df1, fit.df);
    } else
        test.p = num::chi_squared_upper(form, test.df1);
    fit.moderators = test;
}

} // namespace

std::optional<GlmmModel> glmm_model_of(std::string_view name) {
    if (name == "UM.FS") return GlmmModel::um_fs;
    if (name == "UM.RS") return GlmmModel::um_rs;
    if (name == "CM.AL") return GlmmModel::cm_al;
    if (name == "CM.EL") return GlmmModel::cm_el;
    return std::nullopt;
}

GlmmFit glmm(CountKind kind, std::span<const Counts> counts, const num::Matrix& x, std::span<const double> v,
             const GlmmOptions& options) {
    GlmmFit fit;
    if (counts.empty()) {
        fit.notes.emplace_back("there are no studies");
        return fit;
    }
    Fitting fitting(kind, counts, x, options);
    if (const std::string trouble = fitting.trouble(); !trouble.empty()) {
        fit.notes.push_back(trouble);
        return fit;
    }
    fit.k = static_cast<int>(counts.size());
    fit.p = static_cast<int>(x.columns);
    fitting.run(fit);
    summarise(fit, x, options);
    if (fit.tau2 > 0) {
        const double typical = typical_variance(v, x);
        fit.i2 = 100 * fit.tau2 / (typical + fit.tau2);
        fit.h2 = fit.tau2 / typical + 1;
    }
    const bool two = kind == CountKind::two_proportions || kind == CountKind::two_rates;
    const bool fixed_studies = two && options.model == GlmmModel::um_fs;
    const bool random_studies = two && options.model == GlmmModel::um_rs;
    const double parameters = fit.p +
                              (fixed_studies    ? fit.k
                               : random_studies ? 2
                                                : 0) +
                              (options.random ? 1 : 0);
    const double count = (fixed_studies || random_studies ? 2 : 1) * fit.k,
                 most = std::max(count, parameters + 2);
    const double ll = fit.statistics.log_likelihood;
    fit.statistics = {ll, -2 * ll + 2 * parameters, -2 * ll + parameters * std::log(count),
                      -2 * ll + 2 * parameters * most / (most - parameters - 1)};
    return fit;
}

} // namespace assay::synth
