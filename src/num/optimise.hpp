// Finding the minimum of a smooth function inside a box, by Newton's method with an exact gradient: what
// likelihoods of variance components and selection models need. Every step can be traced.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace assay::num {

/// A look at the function to minimise, as num::Function is for one variable. It sets `value` and `gradient`
/// at x and returns false where it is not defined (then the step is shortened).
class Objective {
public:
    template<class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Objective>>>
    Objective(F&& f) // NOLINT: implicit on purpose
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
          call_(
              [](void* object, std::span<const double> x, double& value, std::span<double> gradient) -> bool {
                  return (*static_cast<std::remove_reference_t<F>*>(object))(x, value, gradient);
              }) {}
    bool operator()(std::span<const double> x, double& value, std::span<double> gradient) const {
        return call_(object_, x, value, gradient);
    }

private:
    void* object_;
    bool (*call_)(void*, std::span<const double>, double&, std::span<double>);
};

struct Step {
    int iteration = 0;
    double value = 0;
    double gradient = 0; ///< largest component that the box does not hold
    double length = 0;   ///< share of the Newton step taken
};

enum class Stop {
    converged,   ///< the Newton step promises no further decrease that could be told from rounding
    no_progress, ///< no point along the step is lower though the step is not small
    too_many_steps,
    undefined_start, ///< the function is not defined where the search begins
};
std::string_view to_string(Stop stop);

struct Minimum {
    std::vector<double> x;
    double value = 0;
    std::vector<double> gradient;
    std::vector<char> held; ///< 1: at an end of the box that the gradient pushes against
    int iterations = 0, evaluations = 0;
    double gradient_size = 0; ///< largest free component at the end
    Stop stop = Stop::converged;
    std::vector<Step> trace;
    bool converged() const { return stop == Stop::converged; }
};

struct BoxOptions {
    std::span<const double> low, high; ///< ends may be infinite
    std::span<const double>
        scale; ///< typical size of each variable, > 0: steps for differences are shares of it
    int most_iterations = 200;
    bool trace = true;
};

/// Newton's method with the Hessian from differences of the exact gradient, projected on the box (Bertsekas
/// 1982, SIAM J Control Optim 20:221), with step halving; where the Hessian is not positive definite its
/// diagonal is raised.
Minimum minimise_in_box(const Objective& objective, std::span<const double> start, const BoxOptions& options);

/// The Hessian by central differences of the gradient (steps `share` of scale), symmetric, row after row.
std::vector<double> hessian_of(const Objective& objective, std::span<const double> x,
                               const BoxOptions& options, double share = 1e-4);

} // namespace assay::num
