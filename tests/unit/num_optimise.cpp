#include "../support/near.hpp"
#include "num/dense.hpp"
#include "num/gauss_hermite.hpp"
#include "num/jet.hpp"
#include "num/optimise.hpp"
#include "num/symmetric.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

using namespace assay;
using namespace assay::test;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();

num::Matrix example(std::size_t n) {
    num::Matrix a(n, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            a(i, j) = 1 / (1.0 + static_cast<double>(i > j ? i - j : j - i)) + (i == j ? 0.5 : 0);
    return a;
}
} // namespace

TEST_CASE("num: Cholesky, inverse and eigenvalues agree with the matrix") {
    for (const std::size_t n : {1u, 2u, 5u, 11u}) {
        const num::Matrix a = example(n), inverse = num::inverse_of(a), identity = num::product(a, inverse);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                CHECK(near(identity(i, j), i == j, same_number));
        num::Matrix u = a;
        REQUIRE(num::cholesky(u.cells, n));
        double product = 0;
        for (double value : num::spectrum_of(a).values)
            product += std::log(value);
        CHECK(near(num::log_determinant(u.cells, n), product, same_number));
        const num::Matrix root = num::symmetric_power(a, 0.5), square = num::product(root, root);
        for (std::size_t c = 0; c < square.cells.size(); ++c)
            CHECK(near(square.cells[c], a.cells[c], same_number));
    }
    num::Matrix indefinite(2, 2);
    indefinite(0, 0) = indefinite(1, 1) = 1;
    indefinite(0, 1) = indefinite(1, 0) = 2;
    CHECK(num::inverse_of(indefinite).rows == 0);
}

TEST_CASE("num: a dependent column is found by the orthogonal factorisation") {
    num::Matrix x(4, 3);
    for (std::size_t i = 0; i < 4; ++i) {
        x(i, 0) = 1;
        x(i, 1) = 1900 + static_cast<double>(i);
        x(i, 2) = 2 * x(i, 1) - 3;
    }
    const auto qr = num::thin_qr(x);
    REQUIRE(qr.dependent.size() == 1);
    CHECK(qr.dependent[0] == 2);
}

TEST_CASE("num: Gauss-Hermite rules integrate polynomials up to degree 2n - 1") {
    for (const int n : {1, 7, 25, 48}) {
        const auto rule = num::gauss_hermite(n);
        double moment = 1;
        for (int degree = 0; degree <= 2 * n - 2 && degree <= 20; degree += 2) {
            double sum = 0;
            for (std::size_t i = 0; i < rule.nodes.size(); ++i)
                sum += rule.weights[i] * std::pow(rule.nodes[i], degree);
            CHECK(near(sum, moment, same_number));
            moment *= degree + 1; // E Z^(d + 2) = (d + 1) E Z^d
        }
    }
}

TEST_CASE("num: jets carry the derivatives of a composed function") {
    using J = num::Jet<2>;
    const double x = 0.7, y = 1.3;
    const J a = J::variable(x, 0), b = J::variable(y, 1);
    const J f = num::log(num::sqrt(a * b) + num::exp(a) / b);
    const auto value = [](double p, double q) { return std::log(std::sqrt(p * q) + std::exp(p) / q); };
    const double h = 1e-4;
    CHECK(near(f.value, value(x, y), same_number));
    constexpr Tolerance differences{1e-6, 1e-6};
    CHECK(near(f.gradient[0], (value(x + h, y) - value(x - h, y)) / (2 * h), differences));
    CHECK(near(f.gradient[1], (value(x, y + h) - value(x, y - h)) / (2 * h), differences));
    CHECK(near(f.second(0, 1),
               (value(x + h, y + h) - value(x + h, y - h) - value(x - h, y + h) + value(x - h, y - h)) /
                   (4 * h * h),
               differences));
    CHECK(near(f.second(1, 1), (value(x, y + h) - 2 * value(x, y) + value(x, y - h)) / (h * h), differences));
}

TEST_CASE("num: Newton in a box finds the minimum, free or at an end, and tells its steps") {
    // Rosenbrock's valley; its minimum (1, 1) is inside or outside the box.
    const auto valley = [](std::span<const double> x, double& value, std::span<double> gradient) {
        const double a = 1 - x[0], b = x[1] - x[0] * x[0];
        value = a * a + 100 * b * b;
        gradient[0] = -2 * a - 400 * x[0] * b;
        gradient[1] = 200 * b;
        return true;
    };
    const std::array<double, 2> low{-5, -5}, high{5, 5}, narrow{0.5, 5}, scale{1, 1}, start{-1.2, 1};
    const auto free = num::minimise_in_box(valley, start, {low, high, scale});
    CHECK(free.converged());
    CHECK(near(free.x[0], 1, Tolerance{1e-9, 0}));
    CHECK(near(free.x[1], 1, Tolerance{1e-9, 0}));
    CHECK(free.trace.size() > 3);
    const auto held = num::minimise_in_box(valley, start, {low, narrow, scale});
    CHECK(held.converged());
    CHECK(held.x[0] == 0.5);
    CHECK(held.held[0] == 1);
    CHECK(near(held.x[1], 0.25, Tolerance{1e-9, 0}));
    const auto hopeless = [](std::span<const double>, double&, std::span<double>) { return false; };
    CHECK(num::minimise_in_box(hopeless, start, {low, high, scale}).stop == num::Stop::undefined_start);
    // A saddle at which the gradient vanishes is left: x^4/4 - x^2/2 from 0.
    const auto saddle = [](std::span<const double> x, double& value, std::span<double> gradient) {
        value = std::pow(x[0], 4) / 4 - x[0] * x[0] / 2;
        gradient[0] = std::pow(x[0], 3) - x[0];
        return true;
    };
    const std::array<double, 1> zero{0}, bottom{-infinity}, top{infinity}, one{1};
    const auto left = num::minimise_in_box(saddle, zero, {bottom, top, one});
    CHECK(near(std::fabs(left.x[0]), 1, Tolerance{1e-9, 0}));
}
