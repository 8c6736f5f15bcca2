#include "text/similarity.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace assay::text {

namespace {

// Texts of up to 64 bytes: one word holds the whole column (Myers 1999, figure 8).
std::size_t distance_word(std::string_view pattern, std::string_view text, std::size_t limit) {
    std::array<std::uint64_t, 256> at{};
    for (std::size_t i = 0; i < pattern.size(); ++i)
        at[static_cast<unsigned char>(pattern[i])] |= std::uint64_t{1} << i;
    std::uint64_t plus = ~std::uint64_t{0}, minus = 0;
    const std::uint64_t last = std::uint64_t{1} << (pattern.size() - 1);
    std::size_t distance = pattern.size();
    for (std::size_t j = 0; j < text.size(); ++j) {
        const std::uint64_t equal = at[static_cast<unsigned char>(text[j])];
        const std::uint64_t vertical = equal | minus;
        const std::uint64_t horizontal = (((equal & plus) + plus) ^ plus) | equal;
        std::uint64_t up = minus | ~(horizontal | plus), down = plus & horizontal;
        if (up & last)
            ++distance;
        else if (down & last)
            --distance;
        if (distance > limit + (text.size() - j - 1)) return limit + 1;
        up = (up << 1) | 1U;
        down <<= 1;
        plus = down | ~(vertical | up);
        minus = up & vertical;
    }
    return distance;
}

// Longer texts: words stacked, each handing its lowest line's change to the next (Hyyro 2003, figure 7).
std::size_t distance_blocks(std::string_view pattern, std::string_view text, std::size_t limit) {
    const std::size_t words = (pattern.size() + 63) / 64;
    std::vector<std::uint64_t> at(words * 256, 0);
    for (std::size_t i = 0; i < pattern.size(); ++i)
        at[static_cast<unsigned char>(pattern[i]) * words + i / 64] |= std::uint64_t{1} << (i % 64);
    std::vector<std::uint64_t> plus(words, ~std::uint64_t{0}), minus(words, 0);
    const std::uint64_t last = std::uint64_t{1} << ((pattern.size() - 1) % 64);
    std::size_t distance = pattern.size();
    for (std::size_t j = 0; j < text.size(); ++j) {
        const std::uint64_t* equals = &at[static_cast<unsigned char>(text[j]) * words];
        std::uint64_t up_in = 1, down_in = 0; // the top line grows by one with each letter
        for (std::size_t w = 0; w < words; ++w) {
            std::uint64_t equal = equals[w];
            const std::uint64_t vertical = equal | minus[w];
            equal |= down_in;
            const std::uint64_t horizontal = (((equal & plus[w]) + plus[w]) ^ plus[w]) | equal;
            std::uint64_t up = minus[w] | ~(horizontal | plus[w]), down = plus[w] & horizontal;
            const std::uint64_t bottom = w + 1 == words ? last : std::uint64_t{1} << 63;
            const std::uint64_t up_out = (up & bottom) != 0 ? 1 : 0, down_out = (down & bottom) != 0 ? 1 : 0;
            up = (up << 1) | up_in;
            down = (down << 1) | down_in;
            plus[w] = down | ~(vertical | up);
            minus[w] = up & vertical;
            up_in = up_out, down_in = down_out;
        }
        distance += up_in;
        distance -= down_in;
        if (distance > limit + (text.size() - j - 1)) return limit + 1;
    }
    return distance;
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    while (!a.empty() && !b.empty() && a.front() == b.front())
        a.remove_prefix(1), b.remove_prefix(1);
    while (!a.empty() && !b.empty() && a.back() == b.back())
        a.remove_suffix(1), b.remove_suffix(1);
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;
    if (a.empty()) return b.size();
    const std::size_t distance = a.size() <= 64 ? distance_word(a, b, limit) : distance_blocks(a, b, limit);
    return std::min(distance, limit + 1);
}

double edit_similarity(std::string_view a, std::string_view b, double floor) {
    const std::size_t longer = std::max(a.size(), b.size());
    if (longer == 0) return 1;
    const auto limit = static_cast<std::size_t>((1 - floor) * static_cast<double>(longer));
    const std::size_t distance = edit_distance(a, b, limit);
    if (distance > limit) return 0;
    return 1 - static_cast<double>(distance) / static_cast<double>(longer);
}

} // namespace assay::text
