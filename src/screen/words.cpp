#include "screen/words.hpp"

#include "base/utf8.hpp"
#include "screen/unicode_tables.hpp"

#include <algorithm>
#include <array>

namespace assay::screen {

namespace {

// 0: not part of a word, 1: beyond ASCII, else the lower-case letter, digit or underscore.
constexpr std::array<unsigned char, 256> ascii_words = [] {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) {
        unsigned char value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<unsigned char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
            value = static_cast<unsigned char>(c);
        else if (c >= 128)
            value = 1;
        table[static_cast<std::size_t>(c)] = value;
    }
    return table;
}();

constexpr char32_t capital_i_with_dot = 0x130, capital_sigma = 0x3A3, final_sigma = 0x3C2;

} // namespace

bool word_character(char32_t value) {
    if (value < 128) return ascii_words[value] > 1;
    const auto ranges = word_ranges();
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), value,
                                        [](char32_t v, const CodeRange& range) { return v < range.first; });
    return after != ranges.begin() && value <= std::prev(after)->last;
}

char32_t lower_case(char32_t value) {
    if (value < 128) return value >= 'A' && value <= 'Z' ? value - 'A' + 'a' : value;
    const auto runs = lower_runs();
    const auto after = std::upper_bound(runs.begin(), runs.end(), value,
                                        [](char32_t v, const LowerRun& run) { return v < run.first; });
    if (after == runs.begin()) return value;
    const LowerRun& run = *std::prev(after);
    if (value > run.last || (value - run.first) % run.step != 0) return value;
    return static_cast<char32_t>(static_cast<std::int32_t>(value) + run.distance);
}

bool unspaced_script(char32_t v) {
    return (v >= 0x0E00 && v <= 0x0EFF) || (v >= 0x1000 && v <= 0x109F) || (v >= 0x1780 && v <= 0x17FF) ||
           (v >= 0x3040 && v <= 0x30FF) || (v >= 0x3400 && v <= 0x4DBF) || (v >= 0x4E00 && v <= 0x9FFF) ||
           (v >= 0xF900 && v <= 0xFAFF) || (v >= 0x20000 && v <= 0x323AF);
}

bool WordReader::next() {
    while (at_ < text_.size()) {
        const auto kind = [&] { return ascii_words[static_cast<unsigned char>(text_[at_])]; };
        while (at_ < text_.size() && kind() == 0)
            ++at_;
        const std::size_t begin = at_;
        while (at_ < text_.size() && kind() >= 2)
            ++at_;
        const std::size_t length = at_ - begin;
        const bool beyond = at_ < text_.size() && kind() == 1;
        if (length < 2 && !beyond) continue;
        buffer_.assign(text_.substr(begin, length));
        for (char& c : buffer_)
            c = static_cast<char>(ascii_words[static_cast<unsigned char>(c)]);
        if (!beyond || next_beyond_ascii(static_cast<int>(length))) return true;
    }
    return false;
}

// Goes on with a word whose next byte is not ASCII. False: what stands here is no word, and at_ is behind it.
bool WordReader::next_beyond_ascii(int characters) {
    while (at_ < text_.size()) {
        const CodePoint point = decode_code_point(text_, at_);
        if (!point.valid || !word_character(point.value)) {
            if (characters == 0) at_ += static_cast<std::size_t>(point.bytes);
            break;
        }
        if (rule_ == WordRule::by_script && unspaced_script(point.value)) {
            if (characters >= 2) return true;
            buffer_.assign(text_.substr(at_, static_cast<std::size_t>(point.bytes)));
            at_ += static_cast<std::size_t>(point.bytes);
            return true;
        }
        at_ += static_cast<std::size_t>(point.bytes);
        ++characters;
        if (point.value ==
            capital_i_with_dot) { // its lower case is i and a combining dot, which ends the word
            buffer_.push_back('i');
            break;
        }
        char32_t low = lower_case(point.value);
        if (point.value == capital_sigma &&
            characters > 1) { // at the end of a word sigma has a form of its own
            const bool more = at_ < text_.size() && word_character(decode_code_point(text_, at_).value);
            if (!more) low = final_sigma;
        }
        buffer_ += encode_code_point(low);
    }
    return characters >= 2;
}

void for_each_word(std::string_view text, WordRule rule, const std::function<void(std::string_view)>& each) {
    std::string buffer;
    WordReader reader(text, rule, buffer);
    while (reader.next())
        each(reader.word());
}

} // namespace assay::screen
