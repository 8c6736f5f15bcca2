// Exact first and second derivatives by arithmetic on values that carry them: for likelihoods of few
// variables whose derivatives by hand would be pages. Only what those likelihoods need is here.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace assay::num {

/// A value with its gradient and (upper triangle of the) Hessian in N variables.
template<std::size_t N> struct Jet {
    static constexpr std::size_t pairs = N * (N + 1) / 2;
    double value = 0;
    std::array<double, N> gradient{};
    std::array<double, pairs> hessian{};

    Jet() = default;
    Jet(double x) : value(x) {} // NOLINT: constants mix freely with jets
    static Jet variable(double x, std::size_t index) {
        Jet out(x);
        out.gradient[index] = 1;
        return out;
    }
    double second(std::size_t i, std::size_t j) const {
        return i <= j ? hessian[i * N - i * (i + 1) / 2 + j] : hessian[j * N - j * (j + 1) / 2 + i];
    }
};

/// f(x) from f, f' and f'' at x's value.
template<std::size_t N> Jet<N> chain(const Jet<N>& x, double f, double df, double ddf) {
    Jet<N> out(f);
    std::size_t at = 0;
    for (std::size_t i = 0; i < N; ++i) {
        out.gradient[i] = df * x.gradient[i];
        for (std::size_t j = i; j < N; ++j, ++at)
            out.hessian[at] = df * x.hessian[at] + ddf * x.gradient[i] * x.gradient[j];
    }
    return out;
}

template<std::size_t N> Jet<N> operator+(Jet<N> a, const Jet<N>& b) {
    a.value += b.value;
    for (std::size_t i = 0; i < N; ++i)
        a.gradient[i] += b.gradient[i];
    for (std::size_t i = 0; i < Jet<N>::pairs; ++i)
        a.hessian[i] += b.hessian[i];
    return a;
}
template<std::size_t N> Jet<N> operator*(Jet<N> a, double b) {
    a.value *= b;
    for (double& g : a.gradient)
        g *= b;
    for (double& h : a.hessian)
        h *= b;
    return a;
}
template<std::size_t N> Jet<N> operator-(const Jet<N>& a, const Jet<N>& b) {
    return a + b * -1.0;
}
template<std::size_t N> Jet<N> operator*(const Jet<N>& a, const Jet<N>& b) {
    Jet<N> out(a.value * b.value);
    std::size_t at = 0;
    for (std::size_t i = 0; i < N; ++i) {
        out.gradient[i] = a.gradient[i] * b.value + a.value * b.gradient[i];
        for (std::size_t j = i; j < N; ++j, ++at)
            out.hessian[at] = a.hessian[at] * b.value + a.value * b.hessian[at] +
                              a.gradient[i] * b.gradient[j] + a.gradient[j] * b.gradient[i];
    }
    return out;
}
template<std::size_t N> Jet<N> operator/(const Jet<N>& a, const Jet<N>& b) {
    const double inverse = 1 / b.value;
    return a * chain(b, inverse, -inverse * inverse, 2 * inverse * inverse * inverse);
}
template<std::size_t N> Jet<N> operator+(Jet<N> a, double b) {
    a.value += b;
    return a;
}
template<std::size_t N> Jet<N> operator-(Jet<N> a, double b) {
    return a + -b;
}
template<std::size_t N> Jet<N> operator+(double a, Jet<N> b) {
    return b + a;
}
template<std::size_t N> Jet<N> operator-(double a, const Jet<N>& b) {
    return b * -1.0 + a;
}
template<std::size_t N> Jet<N> operator*(double a, Jet<N> b) {
    return b * a;
}

template<std::size_t N> Jet<N> exp(const Jet<N>& x) {
    const double e = std::exp(x.value);
    return chain(x, e, e, e);
}
template<std::size_t N> Jet<N> log(const Jet<N>& x) {
    return chain(x, std::log(x.value), 1 / x.value, -1 / (x.value * x.value));
}
template<std::size_t N> Jet<N> sqrt(const Jet<N>& x) {
    const double root = std::sqrt(x.value);
    return chain(x, root, 0.5 / root, -0.25 / (root * x.value));
}

} // namespace assay::num
