#include "screen/highlight.hpp"

#include "base/utf8.hpp"
#include "screen/words.hpp"
#include "text/stem.hpp"

#include <algorithm>

namespace assay::screen {

namespace {

struct Word {
    std::string lower;
    std::size_t begin = 0, end = 0;
};

// Words as the model has them, with their places; each character of a script without spaces is a word of its
// own.
std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        const auto end = at + static_cast<std::size_t>(point.bytes);
        const bool part = point.valid && word_character(point.value);
        const bool alone = part && unspaced_script(point.value);
        if (part && (alone || !inside)) words.push_back({{}, at, at});
        if (part) {
            words.back().lower += encode_code_point(lower_case(point.value));
            words.back().end = end;
        }
        inside = part && !alone;
        at = end;
    }
    return words;
}

} // namespace

Highlighter::Highlighter(std::span<const std::string> wanted) {
    text::Stemmer stemmer;
    for (const std::string& phrase : wanted) {
        auto& parts = phrases_.emplace_back();
        for (const Word& word : words_of(phrase)) {
            const bool begins = word.end < phrase.size() && phrase[word.end] == '*';
            parts.push_back({begins ? word.lower : std::string(stemmer.stem(word.lower)), begins});
        }
    }
}

std::vector<Found> Highlighter::find(std::string_view text) const {
    const std::vector<Word> words = words_of(text);
    std::vector<std::string> stems;
    text::Stemmer stemmer;
    for (const Word& word : words)
        stems.emplace_back(stemmer.stem(word.lower));
    std::vector<Found> found;
    for (std::size_t w = 0; w < words.size();) {
        std::size_t longest = 0, which = 0;
        for (std::size_t p = 0; p < phrases_.size(); ++p) {
            const auto& parts = phrases_[p];
            if (parts.size() <= longest || w + parts.size() > words.size()) continue;
            bool all = true;
            for (std::size_t i = 0; i < parts.size() && all; ++i)
                all = parts[i].begins ? words[w + i].lower.rfind(parts[i].text, 0) == 0
                                      : stems[w + i] == parts[i].text;
            if (all) longest = parts.size(), which = p;
        }
        if (longest > 0)
            found.push_back({which, words[w].begin, words[w + longest - 1].end - words[w].begin});
        w += std::max<std::size_t>(1, longest);
    }
    return found;
}

} // namespace assay::screen
