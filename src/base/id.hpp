// Typed identifiers: a study id can never be passed where an arm id is wanted.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace assay {

/// A name from the review folder (`frusso1999`); Tag only keeps kinds of ids apart. Empty means "none".
template<class Tag> struct Id {
    std::string value;

    Id() = default;
    explicit Id(std::string text) : value(std::move(text)) {}

    bool empty() const { return value.empty(); }
    explicit operator bool() const { return !value.empty(); }
    auto operator<=>(const Id&) const = default;
};

} // namespace assay

template<class Tag> struct std::hash<assay::Id<Tag>> {
    std::size_t operator()(const assay::Id<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.value);
    }
};
