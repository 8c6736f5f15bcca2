#include "num/gauss_kronrod.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace assay::num {

namespace {

struct Abscissa {
    double x, kronrod, gauss; ///< on [0, 1]; the Gauss weight is 0 where only Kronrod's rule has a node
};
constexpr Abscissa nodes[] = {
    {0.995657163025808080735527280689003, 0.011694638867371874278064396062192, 0},
    {0.973906528517171720077964012084452, 0.032558162307964727478818972459390,
     0.066671344308688137593568809893332},
    {0.930157491355708226001207180059508, 0.054755896574351996031381300244580, 0},
    {0.865063366688984510732096688423493, 0.075039674810919952767043140916190,
     0.149451349150580593145863396957696},
    {0.780817726586416897063717578345042, 0.093125454583697605535065465083366, 0},
    {0.679409568299024406234327365114874, 0.109387158802297641899210590325805,
     0.219086362515982043995534934228163},
    {0.562757134668604683339000099272694, 0.123491976262065851077958109585166, 0},
    {0.433395394129247190799265943165784, 0.134709217311473325928054001771707,
     0.269266719309996355091226921569469},
    {0.294392862701460198131126603103866, 0.142775938577060080797094273138717, 0},
    {0.148874338981631210884826001129720, 0.147739104901338491374841515972068,
     0.295524224714752870173815619188769},
};
constexpr double centre_weight = 0.149445554002916905664936468389821;

struct Piece {
    double low, high, value, error;
};

Piece piece(Function f, double low, double high) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    const double centre = 0.5 * (low + high), half = 0.5 * (high - low);
    const double middle = f(centre);
    double values[20];
    double kronrod = centre_weight * middle, gauss = 0, size = std::fabs(kronrod);
    for (int i = 0; i < 10; ++i) {
        const double below = f(centre - half * nodes[i].x), above = f(centre + half * nodes[i].x);
        values[2 * i] = below;
        values[2 * i + 1] = above;
        kronrod += nodes[i].kronrod * (below + above);
        gauss += nodes[i].gauss * (below + above);
        size += nodes[i].kronrod * (std::fabs(below) + std::fabs(above));
    }
    const double mean = 0.5 * kronrod;
    double spread = centre_weight * std::fabs(middle - mean);
    for (int i = 0; i < 10; ++i)
        spread += nodes[i].kronrod * (std::fabs(values[2 * i] - mean) + std::fabs(values[2 * i + 1] - mean));
    size *= std::fabs(half);
    spread *= std::fabs(half);
    double error = std::fabs((kronrod - gauss) * half);
    if (spread != 0 && error != 0) error = spread * std::min(1.0, std::pow(200 * error / spread, 1.5));
    if (size > std::numeric_limits<double>::min() / (50 * epsilon))
        error = std::max(50 * epsilon * size, error);
    return {low, high, kronrod * half, error};
}

} // namespace

Integral integrate_adaptive(Function f, double low, double high, double tolerance, int most_intervals) {
    std::vector<Piece> pieces{piece(f, low, high)};
    for (;;) {
        Integral whole{0, 0, static_cast<int>(pieces.size()), true};
        auto worst = pieces.begin();
        for (auto it = pieces.begin(); it != pieces.end(); ++it) {
            whole.value += it->value;
            whole.error += it->error;
            if (it->error > worst->error) worst = it;
        }
        if (whole.error <= tolerance * std::fabs(whole.value)) return whole;
        if (whole.intervals >= most_intervals) {
            whole.converged = false;
            return whole;
        }
        const Piece halved = *worst;
        const double middle = 0.5 * (halved.low + halved.high);
        *worst = piece(f, halved.low, middle);
        pieces.push_back(piece(f, middle, halved.high));
    }
}

} // namespace assay::num
