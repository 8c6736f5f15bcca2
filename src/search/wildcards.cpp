// Words with wildcards: cut into words as records are, and matched against one word.
#include "search/index.hpp"
#include "search/tree.hpp"

#include <algorithm>

namespace assay::search {

namespace {

std::size_t character(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        ++end;
    return end - at;
}

} // namespace

bool fits(std::string_view pattern, std::string_view word) {
    const std::size_t sign = pattern.find_first_of(wild::signs);
    if (sign == std::string_view::npos) return pattern == word;
    if (word.substr(0, sign) != pattern.substr(0, sign)) return false;
    if (pattern[sign] == wild::any || pattern[sign] == wild::any_dollar) {
        const std::string_view tail = pattern.substr(sign + 1);
        if (tail.empty()) return true;
        if (tail.find_first_of(wild::signs) == std::string_view::npos)
            return word.size() - sign >= tail.size() && word.substr(word.size() - tail.size()) == tail;
    }
    // All ways at once: which parts of the pattern can come next, character by character.
    struct Step {
        char kind = 0; ///< a wildcard; 0: the letter
        std::string_view letter;
    };
    std::vector<Step> steps;
    for (std::size_t at = sign; at < pattern.size();) {
        if (!wild::is(pattern[at])) {
            const std::size_t length = character(pattern, at);
            steps.push_back({0, pattern.substr(at, length)});
            at += length;
        } else if (pattern[at] == wild::up_to) {
            const int most = at + 1 < pattern.size() ? pattern[at + 1] - '0' : 1;
            for (int i = 0; i < most; ++i)
                steps.push_back({wild::maybe, {}});
            at += 2;
        } else {
            steps.push_back({pattern[at] == wild::any_dollar ? wild::any : pattern[at], {}});
            ++at;
        }
    }
    std::vector<char> now(steps.size() + 1, 0), next;
    const auto skip = [&](std::vector<char>& state) { // over what may match nothing
        for (std::size_t i = 0; i < steps.size(); ++i)
            if (state[i] && (steps[i].kind == wild::any || steps[i].kind == wild::maybe)) state[i + 1] = 1;
    };
    now[0] = 1;
    skip(now);
    for (std::size_t at = sign; at < word.size();) {
        const std::size_t length = character(word, at);
        const std::string_view letter = word.substr(at, length);
        next.assign(steps.size() + 1, 0);
        bool alive = false;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (!now[i]) continue;
            if (steps[i].kind == wild::any)
                next[i] = 1;
            else if (steps[i].kind != 0 || steps[i].letter == letter)
                next[i + 1] = 1;
            alive = alive || next[i] || next[i + 1];
        }
        if (!alive) return false;
        skip(next);
        now.swap(next);
        at += length;
    }
    return now[steps.size()] != 0;
}

std::vector<std::string> folded_words(std::string_view pattern, text::Folder& folder) {
    std::vector<std::string> out;
    bool glue = false; // the next letters belong to the word before
    const auto add = [&](std::string_view plain) {
        const std::string folded = folder.words(plain);
        // A break right after a wildcard ends its word.
        const bool starts_word = !plain.empty() && !folded.empty() &&
                                 folder.words(std::string("a") + std::string(plain)) != "a" + folded;
        std::size_t at = 0;
        bool first = true;
        while (at < folded.size()) {
            const std::size_t stop = std::min(folded.find(' ', at), folded.size());
            const std::string_view word = std::string_view(folded).substr(at, stop - at);
            if (first && glue && !starts_word && !out.empty())
                out.back() += word;
            else
                out.emplace_back(word);
            first = false;
            at = stop + 1;
        }
        // Does the text end in a letter, so that a wildcard behind it continues the word?
        glue = !folded.empty() && folder.words(std::string(plain) + "a") == folded + "a";
    };
    std::size_t at = 0;
    while (at < pattern.size()) {
        if (wild::is(pattern[at])) {
            std::string sign(1, pattern[at]);
            if (pattern[at] == wild::up_to && at + 1 < pattern.size()) sign += pattern[++at];
            if (glue && !out.empty())
                out.back() += sign;
            else
                out.push_back(sign);
            glue = true;
            ++at;
            continue;
        }
        std::size_t stop = at;
        while (stop < pattern.size() && !wild::is(pattern[stop]))
            ++stop;
        add(pattern.substr(at, stop - at));
        at = stop;
    }
    return out;
}

} // namespace assay::search
