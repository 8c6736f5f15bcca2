// What a hostile file may cost: searches and texts that grow stay within a multiple of its size.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace assay::records {

/// How far the end of a quote or bracket is looked for. Each end that is not found costs its search, so a
/// file with many of them is given less and less; all such searches together stay within a few times its
/// size.
class SearchBudget {
public:
    /// From the byte `at` of the text on, `most` at most.
    std::size_t reach(std::uint64_t at, std::size_t most) const {
        const std::uint64_t allowed = first + times * at;
        if (missed_ >= allowed) return std::min(least, most);
        return std::min(most, std::max<std::size_t>(least, allowed - missed_));
    }
    /// A search over so many bytes found no end.
    void missed(std::size_t bytes) { missed_ += bytes; }

private:
    static constexpr std::uint64_t first = std::uint64_t{64} << 20, times = 4;
    static constexpr std::size_t least = 1024;
    std::uint64_t missed_ = 0;
};

/// How many bytes names that stand for texts (BibTeX's strings and parents) may become in a file of `size`.
constexpr std::size_t most_expanded(std::size_t size) {
    return (std::size_t{1} << 20) + 64 * size;
}

} // namespace assay::records
