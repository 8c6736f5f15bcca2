// The classifiers beside direct formulas: logistic regression beside Newton's method on its primal problem,
// naive Bayes beside counts by hand, and the two forms of naive Bayes beside each other.
#include "screen/bayes.hpp"
#include "screen/solver.hpp"
#include "support/tolerances.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace assay::screen;

namespace {

constexpr std::size_t dimensions = 3;
using Point = std::array<double, dimensions>;

// Eighths, so that inner products are exact in single precision.
std::vector<Point> points(unsigned seed, std::size_t n) {
    std::mt19937 random(seed);
    std::vector<Point> out(n);
    for (Point& point : out)
        for (double& value : point)
            value = static_cast<double>(random() % 33) / 8 - 2;
    return out;
}

double dot(const Point& a, const Point& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// The minimum of |w|^2/2 + b^2/2 + sum C_i log(1 + exp(-y_i (w x_i + b))), by Newton's method from zero.
std::array<double, dimensions + 1> newton(const std::vector<Point>& x, const std::vector<double>& y,
                                          const std::vector<double>& cost) {
    constexpr std::size_t p = dimensions + 1;
    std::array<double, p> w{};
    for (int step = 0; step < 200; ++step) {
        std::array<double, p> gradient = w;
        std::array<std::array<double, p>, p> hessian{};
        for (std::size_t a = 0; a < p; ++a)
            hessian[a][a] = 1;
        for (std::size_t i = 0; i < x.size(); ++i) {
            std::array<double, p> z{x[i][0], x[i][1], x[i][2], 1};
            const double f = std::inner_product(z.begin(), z.end(), w.begin(), 0.0);
            const double s = 1 / (1 + std::exp(y[i] * f));
            for (std::size_t a = 0; a < p; ++a) {
                gradient[a] -= cost[i] * y[i] * s * z[a];
                for (std::size_t b = 0; b < p; ++b)
                    hessian[a][b] += cost[i] * s * (1 - s) * z[a] * z[b];
            }
        }
        for (std::size_t a = 0; a < p; ++a) // Gauss and Jordan; the matrix is positive definite
            for (std::size_t b = 0; b < p; ++b) {
                if (a == b) continue;
                const double factor = hessian[b][a] / hessian[a][a];
                for (std::size_t c = 0; c < p; ++c)
                    hessian[b][c] -= factor * hessian[a][c];
                gradient[b] -= factor * gradient[a];
            }
        for (std::size_t a = 0; a < p; ++a)
            w[a] -= gradient[a] / hessian[a][a];
    }
    return w;
}

} // namespace

TEST_CASE("screen solver: logistic regression is the minimum that Newton's method finds") {
    for (const double ratio : {9.8, 1.0, 0.0})
        for (unsigned seed = 1; seed <= 4; ++seed) {
            CAPTURE(seed);
            CAPTURE(ratio);
            const auto x = points(seed, 24);
            std::vector<double> y;
            Solver solver({0.7, ratio, Loss::logistic});
            for (std::size_t i = 0; i < x.size(); ++i) {
                const bool relevant = i == 0 || (i > 1 && dot(x[i], {1, -1, 0.5}) + 0.3 * (i % 5) > 1);
                std::vector<float> similarity;
                for (std::size_t j = 0; j < i; ++j)
                    similarity.push_back(static_cast<float>(dot(x[i], x[j])));
                solver.add(similarity, static_cast<float>(dot(x[i], x[i])), relevant);
                y.push_back(relevant ? 1 : -1);
                if (solver.both_classes()) solver.solve(1e-20); // from the last solution, every time
            }
            const auto included = static_cast<std::size_t>(std::count(y.begin(), y.end(), 1.0));
            REQUIRE(included > 3);
            const auto weight = class_weights(x.size() - included, included, ratio);
            std::vector<double> cost;
            for (const double side : y)
                cost.push_back(0.7 * weight[side > 0]);
            const auto w = newton(x, y, cost);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double f = w[0] * x[i][0] + w[1] * x[i][1] + w[2] * x[i][2] + w[3];
                CHECK(std::abs(solver.decision(i) - f) < 1e-8);
                CHECK(std::abs(solver.weight(i) - y[i] * cost[i] / (1 + std::exp(y[i] * f))) < 1e-8);
            }
        }
}

TEST_CASE("screen solver: class weights have mean one and the ratio asked for") {
    const auto weight = class_weights(90, 10, 9.8);
    CHECK(weight[1] * 10 / (weight[0] * 90) == doctest::Approx(9.8));
    CHECK(weight[1] * 10 + weight[0] * 90 == doctest::Approx(100));
    CHECK(class_weights(90, 10, 0) == std::array<double, 2>{1, 1});
}

TEST_CASE("screen bayes: scores from counts by hand") {
    // Terms red, fish, bird; the first record is included, the second not, the third is asked for.
    Matrix m;
    m.rows = 3;
    m.columns = 3;
    m.column = {0, 1, 0, 2, 0, 1};
    m.value = {2, 1, 1, 3, 1, 1};
    m.begin = {0, 2, 4, 6};
    Bayes bayes(m, {1, 0});
    bayes.decide(0, true);
    bayes.decide(1, false);
    // Included: red 2, fish 1, bird 0, of 3; excluded: 1, 0, 3, of 4. One is added to each, three to the
    // totals.
    const double red = std::log(3.0 / 6) - std::log(2.0 / 7), fish = std::log(2.0 / 6) - std::log(1.0 / 7);
    CHECK(bayes.scores()[2] == doctest::Approx(red + fish).epsilon(1e-14));
    CHECK(bayes.scores()[0] == doctest::Approx(2 * red + fish).epsilon(1e-14));
}

TEST_CASE("screen bayes: the complement form ranks alike where there are two classes") {
    std::mt19937 random(3);
    Matrix m;
    m.rows = 40;
    m.columns = 12;
    for (std::size_t row = 0; row < m.rows; ++row) {
        for (std::uint32_t t = 0; t < m.columns; ++t)
            if (random() % 3 == 0) {
                m.column.push_back(t);
                m.value.push_back(1 + static_cast<float>(random() % 4));
            }
        m.begin.push_back(m.column.size());
    }
    Bayes bayes(m, {0.5, 0});
    double sums[2][12] = {}, totals[2] = {0, 0};
    for (std::size_t row = 0; row < 20; ++row) {
        const bool relevant = row % 3 == 0;
        bayes.decide(row, relevant);
        for (std::size_t k = m.begin[row]; k < m.begin[row + 1]; ++k) {
            sums[relevant][m.column[k]] += static_cast<double>(m.value[k]);
            totals[relevant] += static_cast<double>(m.value[k]);
        }
    }
    // Rennie et al.: the weight of a term in a class is -log of its share in all other classes.
    const auto complement = [&](std::size_t row) {
        double score = 0;
        for (std::size_t k = m.begin[row]; k < m.begin[row + 1]; ++k) {
            const double share1 = (sums[0][m.column[k]] + 0.5) / (totals[0] + 6); // of all but the included
            const double share0 = (sums[1][m.column[k]] + 0.5) / (totals[1] + 6);
            score += static_cast<double>(m.value[k]) * (std::log(share0) - std::log(share1));
        }
        return score;
    };
    for (std::size_t row = 0; row < m.rows; ++row)
        CHECK(bayes.scores()[row] == doctest::Approx(complement(row)).epsilon(1e-12));
}
