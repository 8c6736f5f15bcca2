#include "num/gauss_legendre.hpp"

namespace assay::num {

namespace {
constexpr Node table[] = {
    {-0.9894009349916499, 0.02715245941175409}, {-0.9445750230732326, 0.06225352393864789},
    {-0.8656312023878317, 0.09515851168249278}, {-0.7554044083550030, 0.1246289712555339},
    {-0.6178762444026437, 0.1495959888165767},  {-0.4580167776572274, 0.1691565193950025},
    {-0.2816035507792589, 0.1826034150449236},  {-0.09501250983763744, 0.1894506104550685},
    {0.09501250983763744, 0.1894506104550685},  {0.2816035507792589, 0.1826034150449236},
    {0.4580167776572274, 0.1691565193950025},   {0.6178762444026437, 0.1495959888165767},
    {0.7554044083550030, 0.1246289712555339},   {0.8656312023878317, 0.09515851168249278},
    {0.9445750230732326, 0.06225352393864789},  {0.9894009349916499, 0.02715245941175409},
};
} // namespace

std::span<const Node> gauss_legendre_16() {
    return table;
}

double integrate_panels(Function f, double low, double high, int panels) {
    const double half = (high - low) / (2.0 * panels);
    double sum = 0;
    for (int i = 0; i < panels; ++i) {
        const double middle = low + (2 * i + 1) * half;
        for (const Node& node : table)
            sum += node.w * f(middle + half * node.x);
    }
    return sum * half;
}

} // namespace assay::num
