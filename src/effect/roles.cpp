#include "effect/roles.hpp"

namespace assay::effect {

namespace {
constexpr std::array<std::string_view, static_cast<std::size_t>(Role::count)> names = {
    "ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "x2i", "t1i", "t2i", "m1i", "m2i", "sd1i", "sd2i",
    "xi", "mi", "ri", "ti", "fi",  "pi",  "sdi", "r2i", "ni",  "yi",  "vi",  "sei", "mini", "maxi"};
}

std::string_view role_name(Role role) {
    return names[static_cast<std::size_t>(role)];
}

std::optional<Role> role_of(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Role>(i);
    return std::nullopt;
}

} // namespace assay::effect
