// Text into weighted terms: one- and two-word terms, TF-IDF, rows of length one.
#pragma once

#include "screen/matrix.hpp"
#include "screen/words.hpp"

#include <span>
#include <string>
#include <string_view>

namespace assay::screen {

/// What a reader sees of a record.
struct Text {
    std::string_view title, abstract;
};

/// What a term is.
enum class Unit {
    words,      ///< words, and with `pairs` also two neighbouring words
    characters, ///< three to five characters of a word and the spaces around it; see characters.hpp
};

/// How the count of a term in a record becomes a weight; N records, df of them with the term.
enum class Weighing {
    logarithm, ///< (1 + ln count) (ln((1 + N) / (1 + df)) + 1)
    plain,     ///< count (ln((1 + N) / (1 + df)) + 1)
    once,      ///< ln((1 + N) / (1 + df)) + 1, however often it occurs
    bm25,      ///< Robertson's BM25, k1 = 1.2, b = 0.75: counts level off, the sooner the longer the record
};

/// The weight of each term, each row scaled to length one. With the defaults these are the settings of
/// ASReview's ELAS u4 (scikit-learn's TfidfVectorizer with ngram_range (1, 2), sublinear_tf, smooth_idf,
/// max_df 0.95).
struct TextOptions {
    bool stems = false;
    bool pairs = true; ///< terms of two neighbouring words beside the single words
    WordRule rule = WordRule::two_or_more;
    Unit unit = Unit::words;
    Weighing weighing = Weighing::logarithm;
    double idf_power = 1;    ///< of the rarity, ln((1 + N) / (1 + df)) + 1
    double max_share = 0.95; ///< terms in more than this share of the records are left out
};

/// The terms behind the columns, to show a reader why a record stands where it stands.
class Terms {
public:
    std::size_t size() const { return first_.size(); }
    /// "blood pressure"; stems where the features are stems.
    std::string name(std::size_t column) const;

private:
    friend class TextCounter;
    std::string letters_;
    std::vector<std::size_t> ends_;             ///< word w is letters_[ends_[w] .. ends_[w + 1])
    std::vector<std::uint32_t> first_, second_; ///< words of each column; second_ is none for a single word
};

struct TextFeatures {
    Matrix matrix;
    Terms terms;
};

TextFeatures text_features(std::span<const Text> records, const TextOptions& options);

} // namespace assay::screen
