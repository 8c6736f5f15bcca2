// Cuts text into words as readers of any script see them: runs of letters, digits and underscores, in lower
// case.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace assay::screen {

/// True for letters, digits, other numbers and the underscore: what `\w` means in a Unicode regular
/// expression.
bool word_character(char32_t value);

/// The simple lower case of one code point.
char32_t lower_case(char32_t value);

/// True for scripts that put no spaces between words (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar).
bool unspaced_script(char32_t value);

enum class WordRule {
    two_or_more, ///< words of two or more characters, whatever the script: `\b\w\w+\b`
    by_script,   ///< the same, but each character of a script without spaces is a word of its own
};

/// Calls `each` with every word of `text` in order; the view is valid during the call only. Bytes that are
/// not UTF-8 separate words.
void for_each_word(std::string_view text, WordRule rule, const std::function<void(std::string_view)>& each);

/// The same without the cost of a call through a pointer per word: `buffer` is scratch space.
class WordReader {
public:
    WordReader(std::string_view text, WordRule rule, std::string& buffer)
        : text_(text), rule_(rule), buffer_(buffer) {}
    /// False at the end; else `word()` is the next one.
    bool next();
    std::string_view word() const { return buffer_; }

private:
    bool next_beyond_ascii(int characters);

    std::string_view text_;
    WordRule rule_;
    std::string& buffer_;
    std::size_t at_ = 0;
};

} // namespace assay::screen
