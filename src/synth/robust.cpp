#include "synth/robust.hpp"

#include "base/error.hpp"

#include "num/distributions.hpp"
#include "num/symmetric.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {

std::size_t cluster_count(std::span<const std::size_t> cluster_of_row) {
    return cluster_of_row.empty() ? 0 : *std::max_element(cluster_of_row.begin(), cluster_of_row.end()) + 1;
}

std::vector<std::vector<std::size_t>> rows_of(std::span<const std::size_t> cluster_of_row,
                                              std::size_t clusters) {
    std::vector<std::vector<std::size_t>> rows(clusters);
    for (std::size_t i = 0; i < cluster_of_row.size(); ++i)
        rows[cluster_of_row[i]].push_back(i);
    return rows;
}

num::Matrix rows_of(const num::Matrix& x, const std::vector<std::size_t>& rows) {
    num::Matrix out(rows.size(), x.columns);
    for (std::size_t a = 0; a < rows.size(); ++a)
        std::copy_n(x.row(rows[a]).begin(), x.columns, out.row(a).begin());
    return out;
}

num::Matrix transposed(const num::Matrix& a) {
    num::Matrix out(a.columns, a.rows);
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j)
            out(j, i) = a(i, j);
    return out;
}

void add_square(num::Matrix& sum, std::span<const double> v) {
    for (std::size_t i = 0; i < v.size(); ++i)
        for (std::size_t j = 0; j < v.size(); ++j)
            sum(i, j) += v[i] * v[j];
}

/// The upper factor D with D'D = Phi; empty if Phi is not positive definite.
num::Matrix root_of(const num::Matrix& phi) {
    num::Matrix d = phi;
    if (!num::cholesky(d.cells, d.rows)) return {};
    for (std::size_t i = 0; i < d.rows; ++i)
        for (std::size_t j = 0; j < i; ++j)
            d(i, j) = 0;
    return d;
}

/// What CR2 needs of one cluster: X_j, X_j'W_j and X_j'W_j Phi_j, and the adjusted X_j'W_jA_j.
struct Adjusted {
    num::Matrix x, xw, xwphi, xwa;
    const ClusterPart* part = nullptr;
};

/// Satterthwaite degrees of freedom (tr P)^2 / tr(P^2) of coefficient c, with P_ij = g_i'[(I-H) Phi
/// (I-H)']_ij g_j. P is a diagonal plus U K U' of low rank, so the cost is linear in the clusters.
double satterthwaite(const std::vector<Adjusted>& clusters, const num::Matrix& bread,
                     const num::Matrix& omega, std::size_t c) {
    const std::size_t p = bread.rows, width = 2 * p;
    const num::Matrix corner = num::product(num::product(bread, omega), bread);
    num::Matrix k(width, width), gram(width, width);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < p; ++j) {
            k(i, j) = corner(i, j);
            k(i, p + j) = k(p + j, i) = -bread(i, j);
        }
    double trace = 0, squares = 0, crossed = 0;
    std::vector<double> u(width);
    for (const Adjusted& cluster : clusters) {
        const std::size_t n = cluster.x.rows;
        std::vector<double> g(n, 0.0);
        for (std::size_t a = 0; a < n; ++a)
            for (std::size_t j = 0; j < p; ++j)
                g[a] += cluster.xwa(j, a) * bread(j, c);
        double own = 0;
        for (std::size_t a = 0; a < n; ++a)
            own += g[a] * num::dot(cluster.part->covariance.row(a), g);
        for (std::size_t j = 0; j < p; ++j) {
            u[j] = u[p + j] = 0;
            for (std::size_t a = 0; a < n; ++a) {
                u[j] += cluster.x(a, j) * g[a];
                u[p + j] += cluster.xwphi(j, a) * g[a];
            }
        }
        double form = 0;
        for (std::size_t i = 0; i < width; ++i)
            form += u[i] * num::dot(k.row(i), u);
        trace += own + form;
        squares += own * own;
        crossed += own * form;
        add_square(gram, u);
    }
    const num::Matrix kg = num::product(k, gram);
    double low_rank = 0;
    for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = 0; j < width; ++j)
            low_rank += kg(i, j) * kg(j, i);
    return trace * trace / (squares + 2 * crossed + low_rank);
}

void summarise(RobustFit& fit, double level) {
    for (std::size_t j = 0; j < fit.beta.size(); ++j) {
        const double se = std::sqrt(fit.covariance(j, j)), half = num::critical_value(level, fit.df[j]) * se;
        fit.se.push_back(se);
        fit.statistic.push_back(fit.beta[j] / se);
        fit.p_value.push_back(num::two_sided_p(fit.statistic.back(), fit.df[j]));
        fit.ci_low.push_back(fit.beta[j] - half);
        fit.ci_high.push_back(fit.beta[j] + half);
    }
}

} // namespace

std::optional<RobustKind> robust_kind_of(std::string_view name) {
    if (name == "CR0") return RobustKind::cr0;
    if (name == "CR1") return RobustKind::cr1;
    if (name == "CR2") return RobustKind::cr2;
    return std::nullopt;
}

RobustFit robust(const RobustInput& input, RobustKind kind, double level) {
    const std::size_t p = input.x->columns, n = input.clusters;
    ASSAY_EXPECT(input.residuals.size() == input.x->rows);
    RobustFit fit;
    fit.clusters = static_cast<int>(n);
    fit.beta = input.beta;
    if (input.bread.rows == 0) {
        fit.notes.emplace_back("the coefficients themselves could not be computed");
        return fit;
    }
    if (kind != RobustKind::cr2 && n <= p) {
        fit.notes.emplace_back("there are not more clusters than coefficients");
        return fit;
    }
    if (kind == RobustKind::cr2 && (input.parts.empty() || n < 2)) {
        fit.notes.emplace_back(n < 2 ? "there is one cluster only"
                                     : "CR2 needs clusters that hold together all rows that the model links");
        return fit;
    }
    num::Matrix meat(p, p);
    if (kind != RobustKind::cr2) {
        num::Matrix sums(n, p);
        for (std::size_t i = 0; i < input.residuals.size(); ++i)
            for (std::size_t j = 0; j < p; ++j)
                sums(input.cluster_of_row[i], j) += input.scores(i, j) * input.residuals[i];
        for (std::size_t c = 0; c < n; ++c)
            add_square(meat, sums.row(c));
        const auto count = static_cast<double>(n), rest = static_cast<double>(n - p);
        if (kind == RobustKind::cr1)
            for (double& cell : meat.cells)
                cell *= count / rest;
        fit.covariance = num::product(num::product(input.bread, meat), input.bread);
        fit.df.assign(p, rest);
        summarise(fit, level);
        return fit;
    }

    const num::Matrix& bread = input.bread;
    num::Matrix omega(p, p); // sum of X_j'W_j Phi_j W_j X_j
    std::vector<Adjusted> clusters;
    for (const ClusterPart& part : input.parts) {
        Adjusted one;
        one.part = &part;
        one.x = rows_of(*input.x, part.rows);
        one.xw = num::product_transposed(one.x, part.weights);
        one.xwphi = num::product(one.xw, part.covariance);
        const num::Matrix square = num::product(one.xwphi, transposed(one.xw));
        for (std::size_t c = 0; c < omega.cells.size(); ++c)
            omega.cells[c] += square.cells[c];
        clusters.push_back(std::move(one));
    }
    const num::Matrix corner = num::product(num::product(bread, omega), bread);
    for (Adjusted& one : clusters) {
        const std::size_t size = one.x.rows;
        const num::Matrix xb = num::product(one.x, bread), xc = num::product(one.x, corner);
        const num::Matrix cross = num::product(xb, one.xwphi);
        num::Matrix g = one.part->covariance;
        for (std::size_t a = 0; a < size; ++a)
            for (std::size_t c = 0; c < size; ++c)
                g(a, c) += num::dot(xc.row(a), one.x.row(c)) - cross(a, c) - cross(c, a);
        const num::Matrix d = root_of(one.part->covariance);
        if (d.rows == 0) {
            fit.notes.emplace_back("the working covariance of a cluster is not positive definite");
            return fit;
        }
        const num::Matrix inner = num::product(num::product(d, g), transposed(d));
        const num::Matrix a = num::product(num::product(transposed(d), num::symmetric_power(inner, -0.5)), d);
        one.xwa = num::product(one.xw, a);
        std::vector<double> sum(p, 0.0);
        for (std::size_t j = 0; j < p; ++j)
            for (std::size_t r = 0; r < size; ++r)
                sum[j] += one.xwa(j, r) * input.residuals[one.part->rows[r]];
        add_square(meat, sum);
    }
    fit.covariance = num::product(num::product(bread, meat), bread);
    for (std::size_t j = 0; j < p; ++j)
        fit.df.push_back(satterthwaite(clusters, bread, omega, j));
    if (std::any_of(fit.df.begin(), fit.df.end(), [](double df) { return df < 4; }))
        fit.notes.emplace_back("below four degrees of freedom the P values are not reliable (Tipton 2015)");
    summarise(fit, level);
    return fit;
}

RobustInput robust_input(std::span<const double> y, const num::Matrix& x, std::span<const double> w,
                         std::span<const double> phi, std::span<const std::size_t> cluster_of_row) {
    RobustInput input;
    input.x = &x;
    const std::size_t k = x.rows, p = x.columns;
    num::Matrix weighted(k, p);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < p; ++j)
            weighted(i, j) = std::sqrt(w[i]) * x(i, j);
    const num::ThinQr qr = num::thin_qr(weighted);
    input.beta.assign(p, 0.0);
    if (qr.dependent.empty()) {
        const num::Matrix inverse = num::inverse_upper(qr.r);
        input.bread = num::product(inverse, transposed(inverse));
        std::vector<double> qy(p, 0.0);
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < p; ++j)
                qy[j] += qr.q(i, j) * std::sqrt(w[i]) * y[i];
        for (std::size_t j = 0; j < p; ++j)
            input.beta[j] = num::dot(inverse.row(j), qy);
    }
    input.scores = num::Matrix(k, p);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < p; ++j)
            input.scores(i, j) = w[i] * x(i, j);
    input.cluster_of_row.assign(cluster_of_row.begin(), cluster_of_row.end());
    input.clusters = cluster_count(cluster_of_row);
    for (auto& rows : rows_of(cluster_of_row, input.clusters)) {
        ClusterPart part{rows, num::Matrix(rows.size(), rows.size()), num::Matrix(rows.size(), rows.size())};
        for (std::size_t a = 0; a < rows.size(); ++a) {
            part.weights(a, a) = w[rows[a]];
            part.covariance(a, a) = phi[rows[a]];
        }
        input.parts.push_back(std::move(part));
    }
    return input;
}

RobustInput robust_input(const Multilevel& model, std::span<const std::size_t> cluster_of_row) {
    const Marginal& marginal = model.marginal();
    RobustInput input;
    input.x = &model.x();
    input.beta = model.fit().beta;
    input.bread = model.fit().covariance;
    input.cluster_of_row.assign(cluster_of_row.begin(), cluster_of_row.end());
    input.clusters = cluster_count(cluster_of_row);
    const std::size_t k = model.x().rows, p = model.x().columns;
    input.scores = num::Matrix(k, p);
    const auto rows = rows_of(cluster_of_row, input.clusters);
    std::vector<std::size_t> place(k);
    for (const auto& group : rows)
        for (std::size_t a = 0; a < group.size(); ++a)
            place[group[a]] = a;
    for (const auto& group : rows)
        input.parts.push_back(
            {group, num::Matrix(group.size(), group.size()), num::Matrix(group.size(), group.size())});
    bool crossed = false;
    for (std::size_t b = 0; b < marginal.blocks(); ++b) {
        const Marginal::Block block = marginal.block(b);
        for (std::size_t a = 0; a < block.rows.size(); ++a)
            for (std::size_t c = 0; c < block.rows.size(); ++c) {
                const std::size_t i = block.rows[a], l = block.rows[c];
                for (std::size_t j = 0; j < p; ++j)
                    input.scores(i, j) += block.w(a, c) * model.x()(l, j);
                if (cluster_of_row[i] == cluster_of_row[l]) {
                    input.parts[cluster_of_row[i]].weights(place[i], place[l]) = block.w(a, c);
                    input.parts[cluster_of_row[i]].covariance(place[i], place[l]) = block.m(a, c);
                } else if (block.w(a, c) != 0)
                    crossed = true;
            }
    }
    if (crossed) input.parts.clear();
    return input;
}

} // namespace assay::synth
