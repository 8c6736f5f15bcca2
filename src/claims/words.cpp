#include "claims/words.hpp"

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/stem.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace assay::claims {

namespace {

// Sorted. Negations and modal verbs are not here: they carry the direction of a claim.
constexpr std::array<std::string_view, 93> stop_words{
    "a",     "about",  "after",   "all",   "also",    "am",    "an",    "and",   "any",    "are",  "as",
    "at",    "be",     "because", "been",  "being",   "both",  "but",   "by",    "did",    "do",   "does",
    "doing", "during", "each",    "for",   "from",    "had",   "has",   "have",  "having", "he",   "her",
    "here",  "his",    "how",     "i",     "if",      "in",    "into",  "is",    "it",     "its",  "me",
    "more",  "most",   "my",      "of",    "on",      "or",    "other", "our",   "over",   "own",  "same",
    "she",   "so",     "some",    "such",  "than",    "that",  "the",   "their", "them",   "then", "there",
    "these", "they",   "this",    "those", "through", "to",    "too",   "under", "up",     "us",   "very",
    "was",   "we",     "were",    "what",  "when",    "where", "which", "while", "who",    "whom", "why",
    "with",  "within", "you",     "your",  "yours"};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Two spellings of one word meet: haemodialysis and hemodialysis, sulphate and sulfate, randomised and
// randomized.
void one_spelling(std::string& word) {
    if (word.size() < 5) return;
    replace_all(word, "ae", "e");
    replace_all(word, "oe", "e");
    replace_all(word, "ph", "f");
    replace_all(word, "isation", "ization");
    replace_all(word, "ising", "izing");
    if (word.size() > 6) {
        replace_all(word, "ised", "ized");
        replace_all(word, "our", "or");
    }
}

bool is_letter_or_digit(char32_t value) {
    if (value < 0x80)
        return (value >= '0' && value <= '9') || (value >= 'a' && value <= 'z') ||
               (value >= 'A' && value <= 'Z');
    // Superscripts, subscripts, punctuation, arrows, boxes and private use are not letters; nearly all else
    // is.
    if (value == 0xAA || value == 0xB5 || value == 0xBA) return true;
    if (value < 0xC0 || value == 0xD7 || value == 0xF7) return false;
    if (value >= 0x2000 && value <= 0x2BFF) return false;
    if (value >= 0x3000 && value <= 0x303F) return false;
    return !(value >= 0xE000 && value <= 0xF8FF) && value != 0xFEFF && value < 0x1F000;
}

std::string lower(std::string_view piece) {
    std::string out(piece);
    bool ascii = true;
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    }
    if (ascii) return out;
    text::Folder folder;
    std::string folded = folder.words(piece);
    replace_all(folded, " ", "");
    return folded.empty() ? out : folded;
}

// Words repeat all the time: each is stemmed once per text.
class Stems {
public:
    const std::string& operator()(const std::string& word) {
        const auto [at, fresh] = known_.try_emplace(word);
        if (fresh) at->second = word.size() > 2 ? std::string(stemmer_.stem(word)) : word;
        return at->second;
    }

private:
    text::Stemmer stemmer_;
    std::unordered_map<std::string, std::string> known_;
};

} // namespace

bool is_stop_word(std::string_view lower_case) {
    return std::binary_search(stop_words.begin(), stop_words.end(), lower_case);
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    Stems stems;
    std::size_t at = 0;
    while (at < text.size()) {
        const CodePoint first = decode_code_point(text, at);
        if (!first.valid || !is_letter_or_digit(first.value)) {
            at += static_cast<std::size_t>(first.bytes);
            continue;
        }
        std::size_t end = at + static_cast<std::size_t>(first.bytes);
        while (end < text.size()) {
            const CodePoint next = decode_code_point(text, end);
            if (!next.valid || !is_letter_or_digit(next.value)) break;
            end += static_cast<std::size_t>(next.bytes);
        }
        Word word;
        word.begin = at;
        word.end = end;
        word.text = lower(text.substr(at, end - at));
        word.stop = is_stop_word(word.text);
        one_spelling(word.text);
        word.stem = stems(word.text);
        words.push_back(std::move(word));
        at = end;
    }
    return words;
}

std::string stem_of(std::string_view word) {
    const auto words = words_of(word);
    return words.empty() ? std::string() : words.front().stem;
}

} // namespace assay::claims
