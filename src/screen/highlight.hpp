// Where the words a reader looks for stand in a text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::screen {

struct Found {
    std::size_t word = 0;             ///< which of those looked for
    std::size_t begin = 0, bytes = 0; ///< in the text
};

/// Finds words and phrases of `wanted` in texts. A word fits every word with the same English stem ("trial":
/// trials), one that ends in * every word that begins so ("random*"); letters in upper and lower case are the
/// same.
class Highlighter {
public:
    explicit Highlighter(std::span<const std::string> wanted);
    /// In the order of the text, not overlapping; where several begin at one word the longest counts.
    std::vector<Found> find(std::string_view text) const;

private:
    struct Part {
        std::string text; ///< a stem, or the beginning of a word
        bool begins = false;
    };
    std::vector<std::vector<Part>> phrases_;
};

} // namespace assay::screen
