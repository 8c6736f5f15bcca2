// A look at a callable without owning it: lets numeric routines take lambdas without templates or allocation.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace assay::num {

/// Valid only as long as the callable it was made from.
class Function {
public:
    template<class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Function>>>
    Function(F&& f) // NOLINT: implicit on purpose, as in function_ref proposals
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
          call_([](void* object, double x) -> double {
              return (*static_cast<std::remove_reference_t<F>*>(object))(x);
          }) {}

    double operator()(double x) const { return call_(object_, x); }

private:
    void* object_;
    double (*call_)(void*, double);
};

} // namespace assay::num
