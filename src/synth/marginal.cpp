#include "synth/marginal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace assay::synth {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t no_kind = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t most_cells = 400'000'000; ///< of all blocks together: 3 GB

/// Disjoint sets of rows.
class Sets {
public:
    explicit Sets(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
    std::size_t find(std::size_t i) {
        while (parent_[i] != i)
            i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        if (a != b) parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

void join_levels(Sets& sets, const Factor& factor, const num::Matrix* known) {
    std::vector<std::size_t> first(factor.levels.size(), factor.of_row.size());
    for (std::size_t i = 0; i < factor.of_row.size(); ++i) {
        std::size_t& row = first[factor.of_row[i]];
        if (row == factor.of_row.size())
            row = i;
        else
            sets.join(row, i);
    }
    if (!known) return;
    for (std::size_t a = 0; a < factor.levels.size(); ++a)
        for (std::size_t b = a + 1; b < factor.levels.size(); ++b)
            if ((*known)(a, b) != 0 && first[a] < factor.of_row.size() && first[b] < factor.of_row.size())
                sets.join(first[a], first[b]);
}

double mean_of(std::span<const double> v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

} // namespace

Marginal::Marginal(std::span<const double> y, const num::Matrix& x, const Sampling& sampling,
                   std::span<const RandomTerm> terms, Likelihood kind)
    : k_(y.size()), p_(x.columns), kind_(kind), terms_(terms.begin(), terms.end()), x_(x) {
    if (k_ == 0 || p_ == 0 || p_ >= k_ + (kind == Likelihood::restricted ? 0 : 1)) {
        trouble_ = "there are not more rows than coefficients";
        return;
    }
    prepare_columns(x, y);
    if (!trouble_.empty()) return;
    make_blocks(sampling);
    if (!trouble_.empty()) return;
    for (std::size_t t = 0; t < terms_.size(); ++t)
        make_layout(t);
    make_pairs();
    make_parameters();
    std::size_t widest = 0;
    for (std::size_t b = 0; b < blocks(); ++b)
        widest = std::max(widest, block_start_[b + 1] - block_start_[b]);
    u_.resize(cell_start_.back());
    z_.resize(k_ * (p_ + 1));
    scratch_.resize(widest * widest);
    inverse_.resize(widest * widest);
    wx_.resize(widest * p_);
    wr_.resize(k_);
    xwx_.resize(p_ * p_);
    gamma_.resize(p_);
    c_inverse_.resize(p_ * p_);
}

void Marginal::prepare_columns(const num::Matrix& x, std::span<const double> y) {
    auto qr = num::thin_qr(x);
    if (!qr.dependent.empty()) {
        trouble_ = "columns of the design matrix depend on one another";
        return;
    }
    q_ = std::move(qr.q);
    r_inverse_ = num::inverse_upper(qr.r);
    for (std::size_t j = 0; j < p_; ++j)
        log_det_r_ += std::log(std::fabs(qr.r(j, j)));
    y_.assign(y.begin(), y.end());
}

void Marginal::make_blocks(const Sampling& sampling) {
    Sets sets(k_);
    for (const RandomTerm& term : terms_)
        join_levels(sets, term.outer, term.known ? &*term.known : nullptr);
    std::vector<double> v(sampling.v.begin(), sampling.v.end());
    if (sampling.matrix) {
        v.resize(k_);
        for (std::size_t i = 0; i < k_; ++i) {
            v[i] = (*sampling.matrix)(i, i);
            for (std::size_t j = 0; j < i; ++j)
                if ((*sampling.matrix)(i, j) != 0) sets.join(i, j);
        }
    }
    if (std::any_of(v.begin(), v.end(), [](double one) { return !(one >= 0) || !std::isfinite(one); })) {
        trouble_ = "a sampling variance is negative or not a number";
        return;
    }
    // Blocks in the order of their first rows.
    std::vector<std::size_t> order(k_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sets.find(a) < sets.find(b); });
    block_rows_ = order;
    block_of_row_.resize(k_);
    place_in_block_.resize(k_);
    for (std::size_t i = 0; i < k_;) {
        std::size_t end = i;
        while (end < k_ && sets.find(order[end]) == sets.find(order[i]))
            ++end;
        const std::size_t n = end - i;
        for (std::size_t a = i; a < end; ++a) {
            block_of_row_[order[a]] = block_start_.size() - 1;
            place_in_block_[order[a]] = a - i;
        }
        block_start_.push_back(end);
        cell_start_.push_back(cell_start_.back() + n * n);
        if (cell_start_.back() > most_cells || n * n > std::numeric_limits<std::uint32_t>::max()) {
            trouble_ = "the random terms link too many rows with one another";
            return;
        }
        i = end;
    }
    // The unit in which the residual variance of the unweighted fit is about 1.
    std::vector<double> fit(k_, 0.0);
    for (std::size_t j = 0; j < p_; ++j) {
        double share = 0;
        for (std::size_t i = 0; i < k_; ++i)
            share += q_(i, j) * y_[i];
        for (std::size_t i = 0; i < k_; ++i)
            fit[i] += share * q_(i, j);
    }
    double rss = 0;
    for (std::size_t i = 0; i < k_; ++i)
        rss += (y_[i] - fit[i]) * (y_[i] - fit[i]);
    for (std::size_t i = 0; i < k_; ++i)
        spread_.push_back((y_[i] - fit[i]) * (y_[i] - fit[i]) - v[i]);
    const double spread = k_ > p_ ? rss / static_cast<double>(k_ - p_) : 0, sampling_mean = mean_of(v);
    const double total = std::max(spread, sampling_mean);
    unit_ = total > 0 ? std::sqrt(total) : 1;
    const double square = unit_ * unit_;
    start_total_ = std::max(0.02, (spread - sampling_mean) / square);
    std::vector<double> sorted = v;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(k_ / 2), sorted.end());
    typical_ = std::clamp(sorted[k_ / 2] / square, 1e-6, 1.0);
    for (double& one : y_)
        one /= unit_;
    for (double& one : spread_)
        one /= square;
    v_.assign(cell_start_.back(), 0.0);
    for (std::size_t b = 0; b < blocks(); ++b) {
        const std::size_t n = block_start_[b + 1] - block_start_[b];
        for (std::size_t a = 0; a < n; ++a)
            for (std::size_t c = 0; c < n; ++c) {
                const std::size_t i = block_rows_[block_start_[b] + a], j = block_rows_[block_start_[b] + c];
                double cell = i == j ? v[i] : 0;
                if (sampling.matrix) cell = (*sampling.matrix)(i, j);
                v_[cell_start_[b] + a * n + c] = cell / square;
            }
    }
}

void Marginal::make_layout(std::size_t t) {
    const RandomTerm& term = terms_[t];
    Layout layout;
    layout.variances = variances_of(term);
    layout.correlations = correlations_of(term);
    const std::size_t m = term.structure == Structure::intercept ? 1 : term.inner.levels.size();
    layout.levels = m;
    layout.kind_of.assign(m * m, no_kind);
    const auto add = [&](std::size_t a, std::size_t b, double lag) {
        layout.kind_of[a * m + b] = layout.kind_of[b * m + a] =
            static_cast<std::uint32_t>(layout.pair_of.size());
        layout.pair_of.emplace_back(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b));
        layout.lags.push_back(lag);
    };
    const auto same = [&](std::size_t a, std::size_t b, std::uint32_t kind) {
        layout.kind_of[a * m + b] = layout.kind_of[b * m + a] = kind;
    };
    const auto lag_of = [&](std::size_t a, std::size_t b) {
        if (term.structure == Structure::car && term.positions.size() == m)
            return std::fabs(term.positions[a] - term.positions[b]);
        return static_cast<double>(a > b ? a - b : b - a);
    };
    switch (term.structure) {
    case Structure::intercept:
    case Structure::id:
        add(0, 0, 0);
        for (std::size_t a = 1; a < m; ++a)
            same(a, a, 0);
        break;
    case Structure::diag:
        for (std::size_t a = 0; a < m; ++a)
            add(a, a, 0);
        break;
    case Structure::cs:
        add(0, 0, 0);
        for (std::size_t a = 1; a < m; ++a)
            same(a, a, 0);
        if (m > 1) {
            add(0, 1, 1);
            for (std::size_t a = 0; a < m; ++a)
                for (std::size_t b = 0; b < a; ++b)
                    same(a, b, 1);
        }
        break;
    case Structure::ar:
    case Structure::car: {
        add(0, 0, 0);
        for (std::size_t a = 1; a < m; ++a)
            same(a, a, 0);
        for (std::size_t a = 0; a < m; ++a)
            for (std::size_t b = 0; b < a; ++b) {
                const double lag = lag_of(a, b);
                const auto known = std::find(layout.lags.begin() + 1, layout.lags.end(), lag);
                if (known == layout.lags.end())
                    add(a, b, lag);
                else
                    same(a, b, static_cast<std::uint32_t>(known - layout.lags.begin()));
            }
        break;
    }
    case Structure::hcs:
    case Structure::un:
    case Structure::har:
        for (std::size_t a = 0; a < m; ++a)
            for (std::size_t b = 0; b <= a; ++b)
                add(b, a, lag_of(a, b));
        break;
    }
    layout.cells.assign(layout.lags.size(), 0.0);
    layout.slopes.assign(layout.lags.size(), 0.0);
    layouts_.push_back(std::move(layout));
}

bool Marginal::linked(const RandomTerm& term, std::size_t i, std::size_t j) const {
    const std::size_t a = term.outer.of_row[i], b = term.outer.of_row[j];
    return term.known ? (*term.known)(a, b) != 0 : a == b;
}

void Marginal::make_pairs() {
    for (std::size_t b = 0; b < blocks(); ++b) {
        const std::size_t from = block_start_[b], n = block_start_[b + 1] - from;
        for (std::size_t t = 0; t < terms_.size(); ++t) {
            const RandomTerm& term = terms_[t];
            const Layout& layout = layouts_[t];
            pair_start_.push_back(pairs_.size());
            for (std::size_t a = 0; a < n; ++a)
                for (std::size_t c = a; c < n; ++c) {
                    const std::size_t i = block_rows_[from + a], j = block_rows_[from + c];
                    if (!linked(term, i, j)) continue;
                    std::uint32_t kind = 0;
                    if (term.structure != Structure::intercept)
                        kind = layout.kind_of[term.inner.of_row[i] * layout.levels + term.inner.of_row[j]];
                    if (kind == no_kind) continue;
                    const double weight =
                        term.known ? (*term.known)(term.outer.of_row[i], term.outer.of_row[j]) : 1.0;
                    pairs_.push_back({static_cast<std::uint32_t>(a * n + c), kind, weight});
                }
        }
    }
    pair_start_.push_back(pairs_.size());
}

void Marginal::make_parameters() {
    std::vector<ComponentPlace> tau, rho, gamma, phi, sigma;
    std::size_t structured = 0;
    for (std::size_t t = 0; t < terms_.size(); ++t) {
        const RandomTerm& term = terms_[t];
        Layout& layout = layouts_[t];
        layout.first = low_.size();
        const bool intercept = term.structure == Structure::intercept, second = !intercept && structured > 0;
        auto& variances = intercept ? sigma : second ? gamma : tau;
        auto& correlations = second ? phi : rho;
        const bool roots = info_of(term.structure).own_variances && info_of(term.structure).correlated;
        for (std::size_t a = 0; a < layout.variances; ++a) {
            ComponentPlace place{intercept ? ComponentKind::sigma2
                                 : second  ? ComponentKind::gamma2
                                           : ComponentKind::tau2,
                                 variances.size(),
                                 t,
                                 low_.size(),
                                 roots,
                                 false};
            std::optional<double> given;
            if (a < term.variances.size()) given = term.variances[a];
            // One group alone cannot tell its own variance.
            if (!given && intercept && term.outer.levels.size() == 1) given = 0;
            place.fixed = given.has_value();
            const double at = given ? parameter(place, *given) : 0;
            low_.push_back(given ? at : 0);
            high_.push_back(given ? at : infinity);
            scale_.push_back(roots ? std::sqrt(typical_) : typical_);
            variances.push_back(place);
        }
        if (layout.correlations > 0) {
            // Levels that no group has together tell nothing about their correlation.
            std::vector<char> met(layout.correlations, 0);
            std::size_t together = 1;
            const std::size_t m = layout.levels;
            std::vector<std::vector<std::size_t>> of_group(term.outer.levels.size());
            for (std::size_t i = 0; i < k_; ++i)
                of_group[term.outer.of_row[i]].push_back(term.inner.of_row[i]);
            for (auto& group : of_group) {
                std::sort(group.begin(), group.end());
                group.erase(std::unique(group.begin(), group.end()), group.end());
                together = std::max(together, group.size());
                for (std::size_t a = 0; a < group.size(); ++a)
                    for (std::size_t c = a + 1; c < group.size(); ++c) {
                        std::size_t at = 0;
                        if (term.structure == Structure::un) {
                            // R's order of the lower triangle, column after column.
                            const std::size_t column = group[a], row = group[c];
                            at = column * m - column * (column + 1) / 2 + (row - column - 1);
                        }
                        met[at] = 1;
                    }
            }
            for (std::size_t a = 0; a < layout.correlations; ++a) {
                ComponentPlace place{second ? ComponentKind::phi : ComponentKind::rho,
                                     correlations.size(),
                                     t,
                                     low_.size(),
                                     false,
                                     false};
                std::optional<double> given;
                if (a < term.correlations.size()) given = term.correlations[a];
                if (!met[a]) given = 0;
                place.fixed = given.has_value();
                const bool car = term.structure == Structure::car;
                constexpr double nearly_zero =
                    1e-12; // the slope of rho^lag is infinite at 0 for lags below 1
                // Below -1/(m - 1) m equally correlated levels have no covariance matrix.
                const bool equal = term.structure == Structure::cs || term.structure == Structure::hcs;
                const double least = equal && together > 2 ? -1.0 / static_cast<double>(together - 1) : -1;
                low_.push_back(given ? *given : car ? nearly_zero : least);
                high_.push_back(given ? *given : 1);
                scale_.push_back(0.1);
                correlations.push_back(place);
            }
        }
        structured += !intercept;
    }
    for (const auto* part : {&sigma, &tau, &rho, &gamma, &phi})
        places_.insert(places_.end(), part->begin(), part->end());
}

std::vector<std::vector<double>> Marginal::starts() const {
    struct Kind {
        double share, correlation;
    };
    const bool structured = std::any_of(terms_.begin(), terms_.end(), [](const RandomTerm& term) {
        return term.structure != Structure::intercept;
    });
    std::vector<Kind> kinds{{1, 0.5}, {0.1, 0.1}};
    if (structured) kinds.insert(kinds.end(), {{0.5, -0.2}, {1, 0.9}});
    std::vector<std::vector<double>> out;
    for (const Kind& kind : kinds) {
        std::vector<double> start(parameters(), kind.correlation);
        for (const ComponentPlace& place : places_) {
            if (place.kind == ComponentKind::rho || place.kind == ComponentKind::phi) continue;
            const double variance = kind.share * start_total_ / static_cast<double>(terms_.size());
            start[place.parameter] = place.squared ? std::sqrt(variance) : variance;
        }
        for (std::size_t i = 0; i < start.size(); ++i)
            start[i] = std::clamp(start[i], low_[i], high_[i]);
        out.push_back(std::move(start));
    }
    return out;
}

std::vector<double> Marginal::level_start() const {
    std::vector<double> start = starts().front();
    for (const ComponentPlace& place : places_) {
        const RandomTerm& term = terms_[place.term];
        const bool correlation = place.kind == ComponentKind::rho || place.kind == ComponentKind::phi;
        if (correlation || place.fixed || !info_of(term.structure).own_variances) continue;
        const std::size_t level = place.parameter - layouts_[place.term].first;
        double sum = 0, count = 0;
        for (std::size_t i = 0; i < k_; ++i)
            if (term.inner.of_row[i] == level) {
                sum += spread_[i];
                ++count;
            }
        const double variance = std::max(0.1 * start_total_, count > 0 ? sum / count : 0);
        start[place.parameter] = place.squared ? std::sqrt(variance) : variance;
    }
    return start;
}

std::vector<Marginal::Unstructured> Marginal::unstructured() const {
    std::vector<Unstructured> out;
    for (std::size_t t = 0; t < terms_.size(); ++t) {
        const Layout& layout = layouts_[t];
        if (terms_[t].structure != Structure::un || layout.levels < 3) continue;
        const bool free = std::none_of(places_.begin(), places_.end(), [&](const ComponentPlace& place) {
            return place.term == t && place.fixed;
        });
        if (free) out.push_back({layout.first, layout.levels});
    }
    return out;
}

/// Whether unstructured correlations of three and more levels are those of a covariance matrix: without this
/// the likelihood has no upper end where the marginal matrix becomes singular.
bool Marginal::correlations_possible(std::span<const double> parameters) {
    for (std::size_t t = 0; t < terms_.size(); ++t) {
        const Layout& layout = layouts_[t];
        const std::size_t m = layout.levels;
        if (terms_[t].structure != Structure::un || m < 3) continue;
        const auto rho = parameters.subspan(layout.first + layout.variances, layout.correlations);
        num::Matrix r(m, m);
        for (std::size_t a = 0; a < m; ++a) {
            constexpr double singular = 1e-9; // a singular matrix is allowed
            r(a, a) = 1 + singular;
            for (std::size_t b = a + 1; b < m; ++b)
                r(a, b) = rho[a * m - a * (a + 1) / 2 + (b - a - 1)];
        }
        if (!num::cholesky(r.cells, m)) return false;
    }
    return true;
}

void Marginal::fill_cells(std::span<const double> parameters) {
    for (std::size_t t = 0; t < terms_.size(); ++t) {
        Layout& layout = layouts_[t];
        const auto theta = parameters.subspan(layout.first, layout.variances + layout.correlations);
        const auto rho = theta.subspan(layout.variances);
        const std::size_t m = layout.levels;
        for (std::size_t c = 0; c < layout.cells.size(); ++c) {
            const auto [a, b] = layout.pair_of[c];
            double cell = 0;
            switch (terms_[t].structure) {
            case Structure::intercept:
            case Structure::id:
                cell = theta[0];
                break;
            case Structure::diag:
                cell = theta[a];
                break;
            case Structure::cs:
                cell = c == 0 ? theta[0] : theta[0] * rho[0];
                break;
            case Structure::ar:
            case Structure::car:
                cell = c == 0 ? theta[0] : theta[0] * std::pow(rho[0], layout.lags[c]);
                break;
            case Structure::hcs:
                cell = theta[a] * theta[b] * (a == b ? 1 : rho[0]);
                break;
            case Structure::har:
                cell = theta[a] * theta[b] * (a == b ? 1 : std::pow(rho[0], layout.lags[c]));
                break;
            case Structure::un:
                cell = theta[a] * theta[b] * (a == b ? 1 : rho[a * m - a * (a + 1) / 2 + (b - a - 1)]);
                break;
            }
            layout.cells[c] = cell;
        }
    }
}

/// Adds sum over kinds of slopes[kind] * d cell / d parameter.
void Marginal::contract(std::size_t t, std::span<const double> parameters, std::span<double> gradient) const {
    const Layout& layout = layouts_[t];
    const auto theta = parameters.subspan(layout.first, layout.variances + layout.correlations);
    const auto out = gradient.subspan(layout.first, layout.variances + layout.correlations);
    const auto rho = theta.subspan(layout.variances);
    const auto out_rho = out.subspan(layout.variances);
    const std::size_t m = layout.levels;
    for (std::size_t c = 0; c < layout.cells.size(); ++c) {
        const auto [a, b] = layout.pair_of[c];
        const double slope = layout.slopes[c];
        if (slope == 0) continue;
        const double lag = layout.lags[c];
        switch (terms_[t].structure) {
        case Structure::intercept:
        case Structure::id:
            out[0] += slope;
            break;
        case Structure::diag:
            out[a] += slope;
            break;
        case Structure::cs:
            out[0] += slope * (c == 0 ? 1 : rho[0]);
            if (c > 0) out_rho[0] += slope * theta[0];
            break;
        case Structure::ar:
        case Structure::car:
            out[0] += slope * (c == 0 ? 1 : std::pow(rho[0], lag));
            if (c > 0) out_rho[0] += slope * theta[0] * lag * std::pow(rho[0], lag - 1);
            break;
        case Structure::hcs:
        case Structure::har:
        case Structure::un: {
            if (a == b) {
                out[a] += slope * 2 * theta[a];
                break;
            }
            const std::size_t at =
                terms_[t].structure == Structure::un ? a * m - a * (a + 1) / 2 + (b - a - 1) : 0;
            const bool power = terms_[t].structure == Structure::har;
            const double r = power ? std::pow(rho[0], lag) : rho[at];
            const double dr = power ? lag * std::pow(rho[0], lag - 1) : 1;
            out[a] += slope * theta[b] * r;
            out[b] += slope * theta[a] * r;
            out_rho[at] += slope * theta[a] * theta[b] * dr;
            break;
        }
        }
    }
}

bool Marginal::evaluate(std::span<const double> parameters, double& value, std::span<double> gradient) {
    if (!correlations_possible(parameters)) return false;
    fill_cells(parameters);
    const std::size_t width = p_ + 1, terms = terms_.size();
    std::copy(v_.begin(), v_.end(), u_.begin());
    std::fill(xwx_.begin(), xwx_.end(), 0.0);
    std::fill(gamma_.begin(), gamma_.end(), 0.0);
    double log_det = 0;
    for (std::size_t b = 0; b < blocks(); ++b) {
        const std::size_t from = block_start_[b], n = block_start_[b + 1] - from;
        const std::span<double> u(u_.data() + cell_start_[b], n * n);
        for (std::size_t t = 0; t < terms; ++t) {
            const auto& cells = layouts_[t].cells;
            for (std::size_t at = pair_start_[b * terms + t]; at < pair_start_[b * terms + t + 1]; ++at)
                u[pairs_[at].cell] += pairs_[at].weight * cells[pairs_[at].kind];
        }
        if (!num::cholesky(u, n)) return false;
        log_det += num::log_determinant(u, n);
        const std::span<double> z(z_.data() + from * width, n * width);
        for (std::size_t a = 0; a < n; ++a) {
            const std::size_t row = block_rows_[from + a];
            for (std::size_t j = 0; j < p_; ++j)
                z[a * width + j] = q_(row, j);
            z[a * width + p_] = y_[row];
        }
        num::solve_transposed(u, n, z, width);
        for (std::size_t a = 0; a < n; ++a) {
            const double* const line = z.data() + a * width;
            for (std::size_t j = 0; j < p_; ++j) {
                for (std::size_t l = j; l < p_; ++l)
                    xwx_[j * p_ + l] += line[j] * line[l];
                gamma_[j] += line[j] * line[p_];
            }
        }
    }
    if (!num::cholesky(xwx_, p_)) return false;
    num::solve_transposed(xwx_, p_, gamma_, 1);
    num::solve_upper(xwx_, p_, gamma_, 1);
    rss_ = 0;
    for (std::size_t i = 0; i < k_; ++i) {
        double* const line = z_.data() + i * width;
        double rest = line[p_];
        for (std::size_t j = 0; j < p_; ++j)
            rest -= line[j] * gamma_[j];
        line[p_] = rest;
        rss_ += rest * rest;
    }
    const bool restricted = kind_ == Likelihood::restricted;
    value = 0.5 * (log_det + rss_ + (restricted ? num::log_determinant(xwx_, p_) : 0));
    std::fill(c_inverse_.begin(), c_inverse_.end(), 0.0);
    for (std::size_t j = 0; j < p_; ++j)
        c_inverse_[j * p_ + j] = 1;
    num::solve_upper(xwx_, p_, c_inverse_, p_);
    if (gradient.empty()) return std::isfinite(value);

    for (Layout& layout : layouts_)
        std::fill(layout.slopes.begin(), layout.slopes.end(), 0.0);
    for (std::size_t b = 0; b < blocks(); ++b) {
        const std::size_t from = block_start_[b], n = block_start_[b + 1] - from;
        const std::span<const double> u(u_.data() + cell_start_[b], n * n);
        const std::span<double> w(inverse_.data(), n * n);
        num::inverse_from_cholesky(u, n, w, scratch_);
        const std::span<double> wr(wr_.data() + from, n);
        for (std::size_t a = 0; a < n; ++a)
            wr[a] = z_[(from + a) * width + p_];
        num::solve_upper(u, n, wr, 1);
        // F = M^-1 X C^-1, so that P = M^-1 - F F'.
        const std::span<double> f(wx_.data(), n * p_);
        if (restricted) {
            for (std::size_t a = 0; a < n; ++a)
                for (std::size_t j = 0; j < p_; ++j) {
                    double sum = 0;
                    for (std::size_t l = 0; l <= j; ++l)
                        sum += z_[(from + a) * width + l] * c_inverse_[l * p_ + j];
                    f[a * p_ + j] = sum;
                }
            num::solve_upper(u, n, f, p_);
        }
        for (std::size_t t = 0; t < terms; ++t) {
            auto& slopes = layouts_[t].slopes;
            for (std::size_t at = pair_start_[b * terms + t]; at < pair_start_[b * terms + t + 1]; ++at) {
                const Pair& pair = pairs_[at];
                const std::size_t a = pair.cell / n, c = pair.cell % n;
                double slope = wr[a] * wr[c] - w[pair.cell];
                if (restricted)
                    for (std::size_t j = 0; j < p_; ++j)
                        slope += f[a * p_ + j] * f[c * p_ + j];
                slopes[pair.kind] += pair.weight * slope * (a == c ? -0.5 : -1.0);
            }
        }
    }
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t t = 0; t < terms; ++t)
        contract(t, parameters, gradient);
    return std::isfinite(value);
}

double Marginal::log_likelihood(double value) const {
    const double two_pi = 6.283185307179586476925;
    const double count = static_cast<double>(kind_ == Likelihood::restricted ? k_ - p_ : k_);
    return -0.5 * count * std::log(two_pi * unit_ * unit_) - value;
}

double Marginal::natural(const ComponentPlace& place, double parameter) const {
    if (place.kind == ComponentKind::rho || place.kind == ComponentKind::phi) return parameter;
    return (place.squared ? parameter * parameter : parameter) * unit_ * unit_;
}

double Marginal::parameter(const ComponentPlace& place, double natural) const {
    if (place.kind == ComponentKind::rho || place.kind == ComponentKind::phi) return natural;
    const double variance = natural / (unit_ * unit_);
    return place.squared ? std::sqrt(variance) : variance;
}

std::vector<double> Marginal::coefficients() const {
    std::vector<double> out(p_, 0.0);
    for (std::size_t i = 0; i < p_; ++i) {
        for (std::size_t j = i; j < p_; ++j)
            out[i] += r_inverse_(i, j) * gamma_[j];
        out[i] *= unit_;
    }
    return out;
}

num::Matrix Marginal::covariance() const {
    num::Matrix c(p_, p_);
    c.cells = c_inverse_;
    const num::Matrix root = num::product(r_inverse_, c);
    num::Matrix out(p_, p_);
    for (std::size_t i = 0; i < p_; ++i)
        for (std::size_t j = 0; j < p_; ++j)
            out(i, j) = num::dot(root.row(i), root.row(j)) * unit_ * unit_;
    return out;
}

std::vector<double> Marginal::residuals() const {
    std::vector<double> out(k_);
    for (std::size_t i = 0; i < k_; ++i)
        out[i] = (y_[i] - num::dot(q_.row(i), gamma_)) * unit_;
    return out;
}

double Marginal::leverage(std::size_t i, std::size_t j) const {
    double sum = 0;
    for (std::size_t l = 0; l < p_; ++l) {
        double a = 0, b = 0;
        for (std::size_t m = 0; m <= l; ++m) {
            a += q_(i, m) * c_inverse_[m * p_ + l];
            b += q_(j, m) * c_inverse_[m * p_ + l];
        }
        sum += a * b;
    }
    return sum * unit_ * unit_;
}

double Marginal::term_covariance(std::size_t t, std::size_t i, std::size_t j) const {
    const RandomTerm& term = terms_[t];
    if (!linked(term, i, j)) return 0;
    const Layout& layout = layouts_[t];
    std::uint32_t kind = 0;
    if (term.structure != Structure::intercept)
        kind = layout.kind_of[term.inner.of_row[i] * layout.levels + term.inner.of_row[j]];
    if (kind == no_kind) return 0;
    const double weight = term.known ? (*term.known)(term.outer.of_row[i], term.outer.of_row[j]) : 1.0;
    return weight * layout.cells[kind] * unit_ * unit_;
}

Marginal::Block Marginal::block(std::size_t b) const {
    const std::size_t from = block_start_[b], n = block_start_[b + 1] - from, terms = terms_.size();
    const std::size_t width = p_ + 1;
    const double square = unit_ * unit_;
    Block out;
    out.rows = {block_rows_.data() + from, n};
    out.m = num::Matrix(n, n);
    std::copy_n(v_.begin() + static_cast<std::ptrdiff_t>(cell_start_[b]), n * n, out.m.cells.begin());
    for (std::size_t t = 0; t < terms; ++t)
        for (std::size_t at = pair_start_[b * terms + t]; at < pair_start_[b * terms + t + 1]; ++at)
            out.m.cells[pairs_[at].cell] += pairs_[at].weight * layouts_[t].cells[pairs_[at].kind];
    for (std::size_t a = 0; a < n; ++a)
        for (std::size_t c = a; c < n; ++c)
            out.m(c, a) = out.m(a, c) *= square;
    const std::span<const double> u(u_.data() + cell_start_[b], n * n);
    out.w = num::Matrix(n, n);
    num::Matrix scratch(n, n);
    num::inverse_from_cholesky(u, n, out.w.cells, scratch.cells);
    for (double& cell : out.w.cells)
        cell /= square;
    out.wr.resize(n);
    out.f = num::Matrix(n, p_);
    for (std::size_t a = 0; a < n; ++a) {
        const double* const line = z_.data() + (from + a) * width;
        out.wr[a] = line[p_];
        for (std::size_t j = 0; j < p_; ++j)
            for (std::size_t l = 0; l <= j; ++l)
                out.f(a, j) += line[l] * c_inverse_[l * p_ + j];
    }
    num::solve_upper(u, n, out.wr, 1);
    num::solve_upper(u, n, out.f.cells, p_);
    for (double& cell : out.wr)
        cell /= unit_;
    for (double& cell : out.f.cells)
        cell /= unit_;
    return out;
}

} // namespace assay::synth
