// Numbers for words and for pairs of neighbouring words: the two tables that counting text lives on.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace assay::screen {

inline constexpr std::uint32_t no_number = std::numeric_limits<std::uint32_t>::max();

__extension__ typedef unsigned __int128 WideProduct;

/// Multiply and fold (the mixing step of wyhash-like functions); only speed depends on it.
inline std::uint64_t mix_bits(std::uint64_t a, std::uint64_t b) {
    const WideProduct product = static_cast<WideProduct>(a ^ 0x9E3779B97F4A7C15ULL) * (b | 1);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template<class Number> Number number_at(const char* bytes) {
    Number value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

// Words are short: whole pieces are read, the last one overlapping the one before, instead of calling memcpy.
inline std::uint64_t hash_word(std::string_view word) {
    const char* at = word.data();
    const std::size_t n = word.size();
    std::uint64_t hash = n;
    if (n >= 8) {
        for (std::size_t i = 0; i + 8 < n; i += 8)
            hash = mix_bits(hash ^ number_at<std::uint64_t>(at + i), 0xD6E8FEB86659FD93ULL);
        return mix_bits(hash ^ number_at<std::uint64_t>(at + n - 8), 0xA0761D6478BD642FULL);
    }
    std::uint64_t piece = 0;
    if (n >= 4)
        piece = std::uint64_t{number_at<std::uint32_t>(at)} << 32 | number_at<std::uint32_t>(at + n - 4);
    else
        for (std::size_t i = 0; i < n; ++i)
            piece = piece << 8 | static_cast<unsigned char>(at[i]);
    return mix_bits(hash ^ piece, 0xA0761D6478BD642FULL);
}

inline bool same_word(const char* a, const char* b, std::size_t n) {
    if (n >= 8) {
        for (std::size_t i = 0; i + 8 < n; i += 8)
            if (number_at<std::uint64_t>(a + i) != number_at<std::uint64_t>(b + i)) return false;
        return number_at<std::uint64_t>(a + n - 8) == number_at<std::uint64_t>(b + n - 8);
    }
    if (n >= 4)
        return number_at<std::uint32_t>(a) == number_at<std::uint32_t>(b) &&
               number_at<std::uint32_t>(a + n - 4) == number_at<std::uint32_t>(b + n - 4);
    for (std::size_t i = 0; i < n; ++i)
        if (a[i] != b[i]) return false;
    return true;
}

/// Numbers words in the order of their first appearance.
class WordNumbers {
public:
    /// `letters` and `ends` belong to the caller, who may keep them; word w is letters[ends[w] .. ends[w +
    /// 1]).
    WordNumbers(std::string& letters, std::vector<std::size_t>& ends) : letters_(letters), ends_(ends) {
        ends_.assign(1, 0);
        slots_.resize(1u << 12);
    }

    std::uint32_t number(std::string_view word) {
        const std::uint64_t hash = hash_word(word);
        const auto check = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            Slot& slot = slots_[at];
            if (slot.number == no_number) return add(slot, check, word);
            if (slot.check == check && slot.length == word.size() &&
                same_word(letters_.data() + ends_[slot.number], word.data(), word.size()))
                return slot.number;
        }
    }

    std::size_t size() const { return ends_.size() - 1; }

private:
    struct Slot {
        std::uint32_t number = no_number;
        std::uint32_t check = 0, length = 0;
    };

    std::uint32_t add(Slot& slot, std::uint32_t check, std::string_view word) {
        const auto fresh = static_cast<std::uint32_t>(size());
        slot = {fresh, check, static_cast<std::uint32_t>(word.size())};
        letters_ += word;
        ends_.push_back(letters_.size());
        if (ends_.size() * 2 > slots_.size()) grow();
        return fresh;
    }

    void grow() {
        std::vector<Slot> fresh(slots_.size() * 4);
        const std::string_view letters = letters_;
        for (const Slot& slot : slots_) {
            if (slot.number == no_number) continue;
            std::size_t at = hash_word(letters.substr(ends_[slot.number], slot.length)) & (fresh.size() - 1);
            while (fresh[at].number != no_number)
                at = (at + 1) & (fresh.size() - 1);
            fresh[at] = slot;
        }
        slots_ = std::move(fresh);
    }

    std::string& letters_;
    std::vector<std::size_t>& ends_;
    std::vector<Slot> slots_;
};

/// What is known of a term while counting: kept where the look-up lands, to touch memory once.
struct TermCount {
    std::uint32_t term = no_number;
    std::uint32_t last_record = no_number; ///< the record it was seen in last
    std::uint32_t at = 0;                  ///< its entry in that record's list
    std::uint32_t records = 0;             ///< in how many records it was seen
};

/// Two neighbouring words.
struct WordPair {
    std::uint64_t words;
    std::uint64_t hash;

    WordPair(std::uint32_t first, std::uint32_t second)
        : words(std::uint64_t{first} << 32 | second), hash(mix_bits(words, 0xE7037ED1A0B428DBULL)) {}
    std::uint32_t first() const { return static_cast<std::uint32_t>(words >> 32); }
    std::uint32_t second() const { return static_cast<std::uint32_t>(words); }
};

/// Which pairs are seen more than once: two bits per place. A pair that is said to be alone is alone; one
/// that is said to be repeated may share its place with another. Most pairs of a list are alone, and need no
/// entry in the large table.
class RepeatedPairs {
public:
    explicit RepeatedPairs(std::size_t expected) : bits_(std::bit_ceil(expected / 4 + 16)) {}

    void see(WordPair pair) {
        std::uint64_t& bits = bits_[place(pair)];
        bits |= ((bits >> shift(pair) & 1) << 1 | 1) << shift(pair);
    }
    bool repeated(WordPair pair) const { return (bits_[place(pair)] >> shift(pair) & 2) != 0; }

private:
    std::size_t place(WordPair pair) const { return pair.hash & (bits_.size() - 1); }
    static unsigned shift(WordPair pair) { return static_cast<unsigned>(pair.hash >> 59) * 2; }

    std::vector<std::uint64_t> bits_;
};

/// Pair -> TermCount.
class PairCounts {
public:
    PairCounts() : slots_(1u << 12) {}

    TermCount& operator[](WordPair pair) {
        if (used_ * 2 > slots_.size()) grow();
        std::size_t at = pair.hash & (slots_.size() - 1);
        while (slots_[at].count.term != no_number && slots_[at].words != pair.words)
            at = (at + 1) & (slots_.size() - 1);
        if (slots_[at].count.term == no_number) {
            slots_[at].words = pair.words;
            ++used_; // the caller gives it a term at once
        }
        return slots_[at].count;
    }

    /// Asks for the memory that a look-up will need.
    void expect(WordPair pair) const { __builtin_prefetch(&slots_[pair.hash & (slots_.size() - 1)], 1); }

    template<class Each> void for_each(Each each) const {
        for (const Slot& slot : slots_)
            if (slot.count.term != no_number) each(slot.words, slot.count);
    }

private:
    struct Slot {
        std::uint64_t words = 0;
        TermCount count;
    };

    void grow() {
        std::vector<Slot> fresh(slots_.size() * 4);
        for (const Slot& slot : slots_) {
            if (slot.count.term == no_number) continue;
            std::size_t at = mix_bits(slot.words, 0xE7037ED1A0B428DBULL) & (fresh.size() - 1);
            while (fresh[at].count.term != no_number)
                at = (at + 1) & (fresh.size() - 1);
            fresh[at] = slot;
        }
        slots_ = std::move(fresh);
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

} // namespace assay::screen
