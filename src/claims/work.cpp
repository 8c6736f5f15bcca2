#include "claims/work.hpp"

#include <algorithm>

namespace assay::claims {

const Entry* Work::entry(int number) const {
    for (const Entry& entry : audit.references)
        if (entry.number == number) return &entry;
    return nullptr;
}

std::vector<Word> Work::words_in(std::size_t begin, std::size_t end) const {
    const auto from = std::lower_bound(words.begin(), words.end(), begin,
                                       [](const Word& word, std::size_t at) { return word.begin < at; });
    auto to = from;
    while (to != words.end() && to->end <= end)
        ++to;
    return {from, to};
}

Reason& add(Item& item, std::string check, std::string word, Opinion opinion, int rank, std::string said,
            std::string found, std::string source, std::string link) {
    Reason reason;
    reason.check = std::move(check);
    reason.word = std::move(word);
    reason.opinion = opinion;
    reason.rank = rank;
    reason.said = std::move(said);
    reason.found = std::move(found);
    reason.source = std::move(source);
    reason.link = std::move(link);
    item.claim->reasons.push_back(std::move(reason));
    return item.claim->reasons.back();
}

namespace {

bool same(const Word& word, std::string_view wanted) {
    if (wanted.empty() || word.text.empty() || word.text.front() != wanted.front()) return false;
    if (wanted.back() == '*') return word.text.rfind(wanted.substr(0, wanted.size() - 1), 0) == 0;
    return word.stem == wanted || word.text == wanted;
}

} // namespace

bool has_any(const std::vector<Word>& words, std::initializer_list<std::string_view> wanted) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
        return std::any_of(wanted.begin(), wanted.end(),
                           [&](std::string_view stem) { return same(word, stem); });
    });
}

bool has_phrase(const std::vector<Word>& words, const std::vector<std::string>& phrase, std::size_t slack,
                std::size_t* at) {
    for (std::size_t first = 0; first < words.size(); ++first) {
        if (!same(words[first], phrase.front())) continue;
        std::size_t next = 1, last = first;
        for (std::size_t i = first + 1; i < words.size() && next < phrase.size() && i <= last + 1 + slack;
             ++i)
            if (same(words[i], phrase[next])) {
                ++next;
                last = i;
            }
        if (next < phrase.size()) continue;
        if (at) *at = first;
        return true;
    }
    return false;
}

std::string shown(std::string_view text, std::size_t longest) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (space && (out.empty() || out.back() == ' ')) continue;
        out += space ? ' ' : c;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    if (out.size() <= longest) return out;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80)
        --end;
    return out.substr(0, end) + "...";
}

} // namespace assay::claims
