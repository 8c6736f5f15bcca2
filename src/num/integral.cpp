#include "num/integral.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>

namespace assay::num {

double integral(Function f, double low, double high) {
    constexpr unsigned most_halvings = 10;
    constexpr double tolerance = 1e-10; // the estimate of the error is far above the error
    if (!(low < high)) return 0;
    return boost::math::quadrature::gauss_kronrod<double, 31>::integrate([&](double x) { return f(x); }, low,
                                                                         high, most_halvings, tolerance);
}

} // namespace assay::num
