#include "screen/features.hpp"

#include "screen/characters.hpp"
#include "screen/word_numbers.hpp"
#include "text/stem.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace assay::screen {

namespace {

struct Occurrence {
    std::uint32_t term, count;
};

/// `length`: words of the record, over their mean.
double count_weight(Weighing weighing, std::uint32_t count, double length) {
    const double c = count;
    switch (weighing) {
    case Weighing::plain:
        return c;
    case Weighing::once:
        return 1;
    case Weighing::bm25:
        return c * 2.2 / (c + 1.2 * (0.25 + 0.75 * length));
    case Weighing::logarithm:
        break;
    }
    return 1 + std::log(c);
}

} // namespace

class TextCounter {
public:
    TextCounter(std::span<const Text> records, const TextOptions& options)
        : records_(records), options_(options), pairs_wanted_(options.pairs && options.unit == Unit::words),
          repeated_(pairs_wanted_ ? letters_in(records) / letters_per_word : 0),
          words_(terms_.letters_, terms_.ends_) {
        if (options.stems) stemmer_.emplace();
        if (options.stems || options.unit == Unit::characters)
            surface_.emplace(surface_letters_, surface_ends_);
    }

    TextFeatures run() {
        read_words();
        begin_.reserve(records_.size() + 1);
        begin_.push_back(0);
        for (std::uint32_t r = 0; r < records_.size(); ++r) {
            count(r);
            begin_.push_back(occurrences_.size());
        }
        sequence_length_ = sequence_.size();
        sequence_ = {};
        TextFeatures features;
        features.matrix = weigh();
        features.terms = std::move(terms_);
        return features;
    }

private:
    // Only a guess at how many pairs to expect: it sets the size of a table, not what is in it.
    static constexpr std::size_t letters_per_word = 6;

    static std::size_t letters_in(std::span<const Text> records) {
        std::size_t sum = 0;
        for (const Text& record : records)
            sum += record.title.size() + record.abstract.size();
        return sum;
    }

    // Every record as the numbers of its words (or pieces of words).
    void read_words() {
        sequence_begin_.reserve(records_.size() + 1);
        sequence_begin_.push_back(0);
        for (const Text& record : records_) {
            const std::size_t begin = sequence_.size();
            // The last word of a title and the first of its abstract are neighbours: one text, as in ELAS u4.
            for (const std::string_view text : {record.title, record.abstract})
                for (WordReader reader(text, options_.rule, buffer_); reader.next();)
                    append(reader.word());
            if (pairs_wanted_)
                for (std::size_t i = begin + 1; i < sequence_.size(); ++i)
                    repeated_.see({sequence_[i - 1], sequence_[i]});
            sequence_begin_.push_back(sequence_.size());
        }
        single_.resize(words_.size());
    }

    void append(std::string_view word) {
        if (!surface_) {
            sequence_.push_back(words_.number(word));
            return;
        }
        const std::uint32_t surface = surface_->number(word);
        if (options_.unit == Unit::characters) {
            if (surface + 1 == pieces_begin_.size()) {
                for_each_piece(word,
                               [&](std::string_view piece) { pieces_.push_back(words_.number(piece)); });
                pieces_begin_.push_back(pieces_.size());
            }
            sequence_.insert(sequence_.end(), pieces_.begin() + offset(pieces_begin_[surface]),
                             pieces_.begin() + offset(pieces_begin_[surface + 1]));
            return;
        }
        if (surface == stem_of_.size()) stem_of_.push_back(words_.number(stemmer_->stem(word)));
        sequence_.push_back(stem_of_[surface]);
    }

    static std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

    void count(std::uint32_t record) {
        const std::span<const std::uint32_t> words = std::span<const std::uint32_t>(sequence_).subspan(
            sequence_begin_[record], sequence_begin_[record + 1] - sequence_begin_[record]);
        const auto pair_at = [&](std::size_t i) { return WordPair(words[i - 1], words[i]); };
        constexpr std::size_t ahead = 8; // pairs lie far apart in memory; looking ahead hides the way to it
        for (std::size_t i = 0; i < words.size(); ++i) {
            see(single_[words[i]], record);
            if (!pairs_wanted_) continue;
            if (i + ahead < words.size())
                if (const WordPair coming = pair_at(i + ahead); repeated_.repeated(coming))
                    pairs_.expect(coming);
            if (i == 0) continue;
            const WordPair pair = pair_at(i);
            if (repeated_.repeated(pair))
                see(pairs_[pair], record);
            else
                occurrences_.push_back({alone, 1});
        }
    }

    void see(TermCount& count, std::uint32_t record) {
        if (count.term == no_number) count.term = terms_seen_++;
        if (count.last_record == record) {
            ++occurrences_[count.at].count;
            return;
        }
        count.last_record = record;
        count.at = static_cast<std::uint32_t>(occurrences_.size());
        ++count.records;
        occurrences_.push_back({count.term, 1});
    }

    double rarity(std::uint32_t in_records) const {
        const double n = static_cast<double>(records_.size()), df = in_records;
        if (options_.weighing == Weighing::bm25) return std::log(1 + (n - df + 0.5) / (df + 0.5));
        const double idf = std::log((1 + n) / (1 + df)) + 1;
        return options_.idf_power == 1 ? idf : std::pow(idf, options_.idf_power);
    }

    // The rarity weight of each term, 0 for terms that are too common, and the columns of terms that two
    // records share.
    void number_columns(Matrix& matrix) {
        const double n = static_cast<double>(records_.size());
        // The places behind the terms stand for the pairs that occur once in the whole list.
        places_.assign(terms_seen_ + 1, {});
        std::vector<double> rarities; // by number of records; most terms are in few
        std::vector<std::uint32_t> first(terms_seen_), second(terms_seen_, no_number);
        const auto rarity_of = [&](std::uint32_t df) {
            constexpr std::uint32_t kept = 4096;
            if (df >= kept) return rarity(df);
            while (rarities.size() <= df)
                rarities.push_back(rarity(static_cast<std::uint32_t>(rarities.size())));
            return rarities[df];
        };
        const auto take = [&](const TermCount& count, std::uint32_t a, std::uint32_t b) {
            if (count.records > options_.max_share * n) return;
            first[count.term] = a;
            second[count.term] = b;
            places_[count.term] = {rarity_of(count.records), count.records > 1 ? 0 : no_number};
        };
        for (std::uint32_t word = 0; word < single_.size(); ++word)
            if (single_[word].term != no_number) take(single_[word], word, no_number);
        pairs_.for_each([&](std::uint64_t pair, const TermCount& count) {
            take(count, static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair));
        });
        for (std::uint32_t term = 0; term < terms_seen_; ++term) { // in order of appearance
            if (places_[term].column == no_number) continue;
            places_[term].column = static_cast<std::uint32_t>(matrix.columns++);
            terms_.first_.push_back(first[term]);
            terms_.second_.push_back(second[term]);
        }
        if (!(1 > options_.max_share * n)) places_.back().rarity = rarity_of(1);
    }

    Matrix weigh() {
        Matrix matrix;
        matrix.rows = records_.size();
        number_columns(matrix);
        single_ = {}, pairs_ = PairCounts(), repeated_ = RepeatedPairs(0); // their memory is wanted now
        matrix.column.reserve(occurrences_.size());
        matrix.value.reserve(occurrences_.size());
        matrix.begin.reserve(records_.size() + 1);
        matrix.self.reserve(records_.size());
        constexpr std::uint32_t kept = 64;
        double weights[kept];
        const double mean = static_cast<double>(sequence_length_) /
                            static_cast<double>(std::max<std::size_t>(records_.size(), 1));
        std::vector<double> row;
        for (std::size_t r = 0; r < records_.size(); ++r) {
            const double length =
                static_cast<double>(sequence_begin_[r + 1] - sequence_begin_[r]) / std::max(mean, 1.0);
            if (r == 0 || options_.weighing == Weighing::bm25)
                for (std::uint32_t c = 1; c < kept; ++c)
                    weights[c] = count_weight(options_.weighing, c, length);
            double squares = 0;
            row.resize(begin_[r + 1] - begin_[r]);
            double* out = row.data();
            for (std::size_t k = begin_[r]; k < begin_[r + 1]; ++k) {
                const auto [term, count] = occurrences_[k];
                const double weight =
                    (count < kept ? weights[count] : count_weight(options_.weighing, count, length)) *
                    places_[std::min(term, terms_seen_)].rarity;
                squares += weight * weight;
                *out++ = weight;
            }
            const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
            for (std::size_t k = begin_[r]; k < begin_[r + 1]; ++k) {
                const std::uint32_t column = places_[std::min(occurrences_[k].term, terms_seen_)].column;
                if (column == no_number) continue;
                matrix.column.push_back(column);
                matrix.value.push_back(static_cast<float>(row[k - begin_[r]] * scale));
            }
            matrix.begin.push_back(matrix.column.size());
            matrix.self.push_back(squares > 0 ? 1.0f : 0.0f);
        }
        return matrix;
    }

    static constexpr std::uint32_t alone = no_number; ///< instead of a term: a pair that occurs once

    struct Place {
        double rarity = 0;
        std::uint32_t column = no_number;
    };

    std::span<const Text> records_;
    TextOptions options_;
    bool pairs_wanted_;
    RepeatedPairs repeated_;
    Terms terms_;
    WordNumbers words_; ///< the words that count: stems or pieces, if asked for
    std::optional<text::Stemmer> stemmer_;
    std::string surface_letters_;
    std::vector<std::size_t> surface_ends_;
    std::optional<WordNumbers> surface_; ///< words as they stand in the text, so that each is stemmed once
    std::vector<std::uint32_t> stem_of_;
    std::vector<std::uint32_t> pieces_;
    std::vector<std::size_t> pieces_begin_{0};
    std::vector<TermCount> single_;
    PairCounts pairs_;
    std::uint32_t terms_seen_ = 0;
    std::vector<std::uint32_t> sequence_; ///< the words of all records
    std::vector<std::size_t> sequence_begin_;
    std::size_t sequence_length_ = 0;
    std::string buffer_;
    std::vector<std::size_t> begin_;
    std::vector<Occurrence> occurrences_;
    std::vector<Place> places_;
};

std::string Terms::name(std::size_t column) const {
    const auto word = [&](std::uint32_t number) {
        return letters_.substr(ends_[number], ends_[number + 1] - ends_[number]);
    };
    std::string text = word(first_[column]);
    if (second_[column] != no_number) text += " " + word(second_[column]);
    return text;
}

TextFeatures text_features(std::span<const Text> records, const TextOptions& options) {
    return TextCounter(records, options).run();
}

} // namespace assay::screen
