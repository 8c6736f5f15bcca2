// Cuts text into words with their places and stems, spelt one way, so that words of articles, questions and
// tables can be compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

struct Word {
    std::string text; ///< lower case, one spelling (haemo as hemo, sulph as sulf)
    std::string stem;
    std::size_t begin = 0, end = 0; ///< bytes in the text it was cut from
    bool stop = false;              ///< says nothing by itself: "the", "of"
};

/// The words of UTF-8 text in order. Letters outside ASCII are kept; digits make words; superscript digits,
/// symbols and punctuation separate words.
std::vector<Word> words_of(std::string_view text);

/// The stem of one word, after the same change of spelling.
std::string stem_of(std::string_view word);

/// True for words that say nothing by themselves.
bool is_stop_word(std::string_view lower_case);

} // namespace assay::claims
