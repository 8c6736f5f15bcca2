#include "screen/features.hpp"

#include "text/stem.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace assay::screen {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

__extension__ typedef unsigned __int128 Wide;

// Multiply and fold (the mixing step of wyhash-like functions); only speed depends on it.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a ^ 0x9E3779B97F4A7C15ULL) * (b | 1);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = text.size();
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t piece;
        std::memcpy(&piece, text.data() + at, 8);
        hash = mix(hash ^ piece, 0xD6E8FEB86659FD93ULL);
    }
    std::uint64_t piece = 0;
    std::memcpy(&piece, text.data() + at, text.size() - at);
    return mix(hash ^ piece, 0xA0761D6478BD642FULL);
}

/// Numbers words in the order of their first appearance.
class WordNumbers {
public:
    /// `letters` and `ends` belong to the caller, who may keep them.
    WordNumbers(std::string& letters, std::vector<std::size_t>& ends) : letters_(letters), ends_(ends) {
        ends_.assign(1, 0);
        slots_.resize(1u << 12);
    }

    std::uint32_t number(std::string_view word) {
        const std::uint64_t hash = hash_text(word);
        for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            Slot& slot = slots_[at];
            if (slot.number == none) {
                slot = {hash, static_cast<std::uint32_t>(ends_.size() - 1)};
                letters_ += word;
                ends_.push_back(letters_.size());
                const std::uint32_t fresh = slot.number;
                if (ends_.size() * 2 > slots_.size()) grow();
                return fresh;
            }
            if (slot.hash == hash && text(slot.number) == word) return slot.number;
        }
    }

    std::string_view text(std::uint32_t number) const {
        return std::string_view(letters_).substr(ends_[number], ends_[number + 1] - ends_[number]);
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t number = none;
    };

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number == none) continue;
            std::size_t at = slot.hash & (slots_.size() - 1);
            while (slots_[at].number != none)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = slot;
        }
    }

    std::string& letters_;
    std::vector<std::size_t>& ends_;
    std::vector<Slot> slots_;
};

/// What is known of a term while counting: kept where the look-up lands, to touch memory once.
struct Count {
    std::uint32_t term = none;
    std::uint32_t last_record = none; ///< the record it was seen in last
    std::uint32_t at = 0;             ///< its entry in that record's list
    std::uint32_t records = 0;        ///< in how many records it was seen
};

/// Two neighbouring words -> Count.
class PairCounts {
public:
    PairCounts() : slots_(1u << 14) {}

    Count& operator[](std::uint64_t pair) {
        if (used_ * 2 > slots_.size()) grow();
        std::size_t at = mix(pair, 0xE7037ED1A0B428DBULL) & (slots_.size() - 1);
        while (slots_[at].count.term != none && slots_[at].pair != pair)
            at = (at + 1) & (slots_.size() - 1);
        if (slots_[at].count.term == none) {
            slots_[at].pair = pair;
            ++used_; // the caller gives it a term at once
        }
        return slots_[at].count;
    }

    /// Asks for the memory that a look-up will need.
    void expect(std::uint64_t pair) const {
        __builtin_prefetch(&slots_[mix(pair, 0xE7037ED1A0B428DBULL) & (slots_.size() - 1)], 1);
    }

    template<class Each> void for_each(Each each) const {
        for (const Slot& slot : slots_)
            if (slot.count.term != none) each(slot.pair, slot.count);
    }

private:
    struct Slot {
        std::uint64_t pair = 0;
        Count count;
    };

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.count.term == none) continue;
            std::size_t at = mix(slot.pair, 0xE7037ED1A0B428DBULL) & (slots_.size() - 1);
            while (slots_[at].count.term != none)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

struct Occurrence {
    std::uint32_t term, count;
};

double log_count(std::uint32_t count) {
    return 1 + std::log(static_cast<double>(count));
}

} // namespace

class TextCounter {
public:
    TextCounter(std::span<const Text> records, const TextOptions& options)
        : records_(records), options_(options), words_(terms_.letters_, terms_.ends_) {
        if (options.stems) {
            stemmer_.emplace();
            surface_.emplace(surface_letters_, surface_ends_);
        }
    }

    TextFeatures run() {
        begin_.reserve(records_.size() + 1);
        begin_.push_back(0);
        for (std::uint32_t r = 0; r < records_.size(); ++r) {
            count(r);
            begin_.push_back(occurrences_.size());
        }
        TextFeatures features;
        features.matrix = weigh();
        features.terms = std::move(terms_);
        return features;
    }

private:
    void count(std::uint32_t record) {
        sequence_.clear();
        // The last word of a title and the first of its abstract are neighbours: one text, as in ELAS u4.
        for (const std::string_view text : {records_[record].title, records_[record].abstract})
            for (WordReader reader(text, options_.rule, buffer_); reader.next();)
                sequence_.push_back(number(reader.word()));
        constexpr std::size_t ahead = 8; // pairs lie far apart in memory; looking ahead hides the way to it
        for (std::size_t i = 0; i < sequence_.size(); ++i) {
            if (options_.pairs && i + ahead < sequence_.size())
                pairs_.expect(pair(sequence_[i + ahead - 1], sequence_[i + ahead]));
            const std::uint32_t word = sequence_[i];
            if (word >= single_.size()) single_.resize(std::max<std::size_t>(word + 1, single_.size() * 2));
            see(single_[word], record);
            if (options_.pairs && i > 0) see(pairs_[pair(sequence_[i - 1], word)], record);
        }
    }

    static std::uint64_t pair(std::uint32_t first, std::uint32_t second) {
        return std::uint64_t{first} << 32 | second;
    }

    std::uint32_t number(std::string_view word) {
        if (!options_.stems) return words_.number(word);
        const std::uint32_t surface = surface_->number(word);
        if (surface == stem_of_.size()) stem_of_.push_back(words_.number(stemmer_->stem(word)));
        return stem_of_[surface];
    }

    void see(Count& count, std::uint32_t record) {
        if (count.term == none) count.term = terms_seen_++;
        if (count.last_record == record) {
            ++occurrences_[count.at].count;
            return;
        }
        count.last_record = record;
        count.at = static_cast<std::uint32_t>(occurrences_.size());
        ++count.records;
        occurrences_.push_back({count.term, 1});
    }

    // The rarity weight of each term, 0 for terms that are too common, and the columns of terms that two
    // records share.
    void number_columns(Matrix& matrix) {
        const double n = static_cast<double>(records_.size());
        rarity_.assign(terms_seen_, 0);
        column_.assign(terms_seen_, none);
        std::vector<std::uint32_t> first(terms_seen_), second(terms_seen_, none);
        const auto take = [&](const Count& count, std::uint32_t a, std::uint32_t b) {
            if (count.records > options_.max_share * n) return;
            const double idf = std::log((1 + n) / (1 + static_cast<double>(count.records))) + 1;
            rarity_[count.term] = options_.idf_power == 1 ? idf : std::pow(idf, options_.idf_power);
            first[count.term] = a;
            second[count.term] = b;
            if (count.records > 1) column_[count.term] = 0;
        };
        for (std::uint32_t word = 0; word < single_.size(); ++word)
            if (single_[word].term != none) take(single_[word], word, none);
        pairs_.for_each([&](std::uint64_t pair, const Count& count) {
            take(count, static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair));
        });
        for (std::uint32_t term = 0; term < terms_seen_; ++term) { // in order of appearance
            if (column_[term] == none) continue;
            column_[term] = static_cast<std::uint32_t>(matrix.columns++);
            terms_.first_.push_back(first[term]);
            terms_.second_.push_back(second[term]);
        }
    }

    Matrix weigh() {
        Matrix matrix;
        matrix.rows = records_.size();
        number_columns(matrix);
        double logs[64];
        for (std::uint32_t c = 0; c < 64; ++c)
            logs[c] = c ? log_count(c) : 0;
        std::vector<double> row;
        for (std::size_t r = 0; r < records_.size(); ++r) {
            double squares = 0;
            row.clear();
            for (std::size_t k = begin_[r]; k < begin_[r + 1]; ++k) {
                const auto [term, count] = occurrences_[k];
                const double weight = (count < 64 ? logs[count] : log_count(count)) * rarity_[term];
                squares += weight * weight;
                row.push_back(weight);
            }
            const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
            for (std::size_t k = begin_[r]; k < begin_[r + 1]; ++k) {
                const std::uint32_t column = column_[occurrences_[k].term];
                if (column == none) continue;
                matrix.column.push_back(column);
                matrix.value.push_back(static_cast<float>(row[k - begin_[r]] * scale));
            }
            matrix.begin.push_back(matrix.column.size());
            matrix.self.push_back(squares > 0 ? 1.0f : 0.0f);
        }
        return matrix;
    }

    std::span<const Text> records_;
    TextOptions options_;
    Terms terms_;
    WordNumbers words_; ///< the words that count: stems, if asked for
    std::optional<text::Stemmer> stemmer_;
    std::string surface_letters_;
    std::vector<std::size_t> surface_ends_;
    std::optional<WordNumbers> surface_; ///< words as they stand in the text, so that each is stemmed once
    std::vector<std::uint32_t> stem_of_;
    std::vector<Count> single_;
    PairCounts pairs_;
    std::uint32_t terms_seen_ = 0;
    std::vector<std::uint32_t> sequence_; ///< the words of the record at hand
    std::string buffer_;
    std::vector<std::size_t> begin_;
    std::vector<Occurrence> occurrences_;
    std::vector<double> rarity_;
    std::vector<std::uint32_t> column_;
};

std::string Terms::name(std::size_t column) const {
    const auto word = [&](std::uint32_t number) {
        return letters_.substr(ends_[number], ends_[number + 1] - ends_[number]);
    };
    std::string text = word(first_[column]);
    if (second_[column] != none) text += " " + word(second_[column]);
    return text;
}

TextFeatures text_features(std::span<const Text> records, const TextOptions& options) {
    return TextCounter(records, options).run();
}

} // namespace assay::screen
