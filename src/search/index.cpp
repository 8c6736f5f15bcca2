#include "search/index.hpp"

#include "base/error.hpp"
#include "search/qualifiers.hpp"
#include "search/tree.hpp"

#include <algorithm>
#include <cstring>

namespace assay::search {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

// PubMed writes codes, strategies write names.
constexpr std::pair<std::string_view, std::string_view> language_names[] = {
    {"eng", "english"},    {"en", "english"},    {"fre", "french"}, {"fr", "french"},   {"ger", "german"},
    {"de", "german"},      {"spa", "spanish"},   {"es", "spanish"}, {"ita", "italian"}, {"it", "italian"},
    {"por", "portuguese"}, {"pt", "portuguese"}, {"dut", "dutch"},  {"chi", "chinese"}, {"zh", "chinese"},
    {"jpn", "japanese"},   {"rus", "russian"},   {"pol", "polish"}, {"tur", "turkish"}, {"kor", "korean"},
};

} // namespace

Searchable searchable(const model::Record& record, text::Folder& folder) {
    Searchable out;
    const auto add = [&](Slot slot, const std::string& value) {
        if (!value.empty()) out.values.push_back({slot, value});
    };
    add(Slot::title, record.title);
    add(Slot::title, record.short_title);
    add(Slot::original, record.original_title);
    // The parts of one abstract are one text: a phrase may not cross their ends, a nearness neither.
    for (const auto& item : record.abstract)
        add(Slot::abstract, item.text);
    for (const auto& keyword : record.keywords) {
        if (keyword.scheme != "mesh") {
            add(Slot::keyword, keyword.term);
            continue;
        }
        add(Slot::heading, keyword.term);
        IndexedHeading heading;
        std::string_view rest = keyword.term;
        const std::size_t slash = rest.find('/');
        heading.name = folder.words(rest.substr(0, slash));
        heading.major = keyword.major;
        while (slash != std::string_view::npos && !rest.empty()) {
            const std::size_t next = rest.find('/');
            if (next == std::string_view::npos) break;
            rest.remove_prefix(next + 1);
            std::string_view name = rest.substr(0, rest.find('/'));
            while (!name.empty() && name.front() == '*')
                name.remove_prefix(1);
            if (const auto* known = find_qualifier(name))
                heading.qualifiers.push_back(lower(known->code));
            else if (!name.empty())
                heading.qualifiers.push_back(folder.words(name));
        }
        if (!heading.name.empty()) out.headings.push_back(std::move(heading));
    }
    for (const auto& type : record.publication_types)
        add(Slot::type, type);
    for (const auto& person : record.people) {
        add(Slot::author, person.given.empty() ? person.family : person.family + " " + person.given);
        for (const auto& affiliation : person.affiliations)
            add(Slot::affiliation, affiliation);
    }
    add(Slot::journal, record.container);
    add(Slot::journal, record.container_short);
    add(Slot::language, record.language);
    for (const auto& [code, name] : language_names)
        if (lower(record.language) == code) add(Slot::language, std::string(name));
    add(Slot::date, record.date);
    add(Slot::volume, record.volume);
    add(Slot::volume, record.issue);
    add(Slot::volume, record.pages);
    for (const auto& id : record.ids)
        add(Slot::id, id.value);
    for (const auto& issn : record.issn)
        add(Slot::id, issn);
    add(Slot::other, record.publisher);
    add(Slot::other, record.country);
    for (const char c : record.date)
        if (c >= '0' && c <= '9' && out.first_date.size() < 8) out.first_date += c;
    if (!out.first_date.empty()) out.first_date.resize(8, '0');
    return out;
}

std::string heading_token(std::string_view folded_name, bool major, std::string_view qualifier) {
    std::string token(1, '\x01');
    token += major ? 'm' : 'h';
    token += folded_name;
    if (!qualifier.empty()) {
        token += '/';
        token += qualifier;
    }
    return token;
}

std::string qualifier_token(std::string_view code) {
    return std::string("\x01q") + std::string(code);
}

namespace {

constexpr std::string_view marks = "\x01\x02\x03\x04\x05";

std::size_t character(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        ++end;
    return end - at;
}

} // namespace

bool fits(std::string_view pattern, std::string_view word) {
    const std::size_t sign = pattern.find_first_of(marks);
    if (sign == std::string_view::npos) return pattern == word;
    if (word.substr(0, sign) != pattern.substr(0, sign)) return false;
    if (pattern[sign] == wild::any || pattern[sign] == wild::any_dollar) {
        const std::string_view tail = pattern.substr(sign + 1);
        if (tail.empty()) return true;
        if (tail.find_first_of(marks) == std::string_view::npos)
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

// ---- the index
// ------------------------------------------------------------------------------------------------

namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

// Postings of a word: a chain of blocks in one pool. Each occurrence is one or two numbers of variable
// length: (step of the position, 0) within a document, (step of the document, 1) and the position in a new
// one.
struct Chain {
    std::uint32_t first = none, last = none;
    std::uint32_t document = 0, position = 0;
    std::uint16_t used = 0, room = 0;
    bool any = false;
};

} // namespace

struct Index::Data {
    // Blocks: next block (4 bytes), bytes used (2), then the bytes.
    std::vector<std::uint8_t> pool;
    // A word and the chain of its postings side by side: both are wanted together.
    struct Word {
        std::string token;
        Chain chain;
    };
    // Beside its word a part of its hash, so that other words are passed over without looking at them.
    struct Entry {
        std::uint32_t word = 0; ///< + 1
        std::uint32_t hash = 0;
    };
    std::vector<Word> words;
    std::vector<Entry> table; ///< open addressing
    std::size_t mask = 0;
    std::vector<std::uint32_t> sorted, reversed; ///< tokens by their letters, and by them from the end
    std::vector<std::uint32_t> dates;
    text::Folder folder;
    std::string buffer;
    bool finished = false;

    static std::uint64_t hash(std::string_view text) {
        std::uint64_t h = 1469598103934665603ULL;
        while (text.size() >= 8) {
            std::uint64_t part_ = 0;
            std::memcpy(&part_, text.data(), 8);
            h = (h ^ part_) * 0x9E3779B97F4A7C15ULL;
            h ^= h >> 29;
            text.remove_prefix(8);
        }
        for (const char c : text)
            h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        return h ^ (h >> 32);
    }

    static std::uint32_t kept(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

    void grow() {
        const std::size_t size = table.empty() ? 1 << 16 : table.size() * 2;
        table.assign(size, {});
        mask = size - 1;
        for (std::uint32_t i = 0; i < words.size(); ++i) {
            const std::uint64_t h = hash(words[i].token);
            std::size_t at = h & mask;
            while (table[at].word != 0)
                at = (at + 1) & mask;
            table[at] = {i + 1, kept(h)};
        }
    }

    std::uint32_t find(std::string_view token) const {
        if (table.empty()) return none;
        const std::uint64_t h = hash(token);
        for (std::size_t at = h & mask; table[at].word != 0; at = (at + 1) & mask)
            if (table[at].hash == kept(h) && words[table[at].word - 1].token == token)
                return table[at].word - 1;
        return none;
    }

    std::uint32_t id(std::string_view token) {
        if (words.size() * 2 >= table.size()) grow();
        const std::uint64_t h = hash(token);
        std::size_t at = h & mask;
        for (; table[at].word != 0; at = (at + 1) & mask)
            if (table[at].hash == kept(h) && words[table[at].word - 1].token == token)
                return table[at].word - 1;
        words.push_back({std::string(token), Chain()});
        table[at] = {static_cast<std::uint32_t>(words.size()), kept(h)};
        return table[at].word - 1;
    }

    void byte(Chain& chain, std::uint8_t value) {
        if (chain.used == chain.room) {
            const std::uint16_t room =
                chain.room == 0 ? 10 : static_cast<std::uint16_t>(std::min(chain.room * 2, 2048));
            const auto block = static_cast<std::uint32_t>(pool.size());
            pool.resize(pool.size() + 6 + room);
            const std::uint32_t end = none;
            std::memcpy(&pool[block], &end, 4);
            if (chain.last != none)
                std::memcpy(&pool[chain.last], &block, 4);
            else
                chain.first = block;
            chain.last = block;
            chain.room = room;
            chain.used = 0;
        }
        pool[chain.last + 6 + chain.used++] = value;
        std::memcpy(&pool[chain.last + 4], &chain.used, 2);
    }

    void number(Chain& chain, std::uint64_t value) {
        while (value >= 128) {
            byte(chain, static_cast<std::uint8_t>(value | 128));
            value >>= 7;
        }
        byte(chain, static_cast<std::uint8_t>(value));
    }

    void occurrence(std::uint32_t word, std::uint32_t document, Position position) {
        Chain& chain = words[word].chain;
        if (!chain.any || chain.document != document) {
            const std::uint32_t step = chain.any ? document - chain.document : document;
            number(chain, std::uint64_t{step} * 2 + 1);
            number(chain, position);
            chain.any = true;
            chain.document = document;
        } else {
            number(chain, std::uint64_t{position - chain.position} * 2);
        }
        chain.position = position;
    }

    // Calls visit(document, position) for each occurrence, in order.
    template<typename Visit> void each(std::uint32_t word, const Visit& visit) const {
        const Chain& chain = words[word].chain;
        std::uint32_t document = 0;
        Position position = 0;
        std::uint64_t value = 0;
        int shift = 0;
        bool wants_position = false, first = true;
        for (std::uint32_t block = chain.first; block != none;) {
            std::uint32_t next = 0;
            std::uint16_t used = 0;
            std::memcpy(&next, &pool[block], 4);
            std::memcpy(&used, &pool[block + 4], 2);
            const std::uint8_t* at = &pool[block + 6];
            for (const std::uint8_t* const end = at + used; at != end; ++at) {
                value |= std::uint64_t{*at & 127U} << shift;
                if (*at & 128U) {
                    shift += 7;
                    continue;
                }
                if (wants_position) {
                    position = static_cast<Position>(value);
                    wants_position = false;
                    visit(document, position);
                } else if (value & 1U) {
                    document = first ? static_cast<std::uint32_t>(value >> 1)
                                     : document + static_cast<std::uint32_t>(value >> 1);
                    first = false;
                    wants_position = true;
                } else {
                    position += static_cast<Position>(value >> 1);
                    visit(document, position);
                }
                value = 0;
                shift = 0;
            }
            block = next;
        }
    }
};

Index::Index() : data_(std::make_unique<Data>()) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

void Index::add(const model::Record& record) {
    Data& d = *data_;
    ASSAY_EXPECT(!d.finished);
    const auto document = static_cast<std::uint32_t>(d.dates.size());
    const Searchable parts = searchable(record, d.folder);
    constexpr Position room = (1U << position_bits) - 1;
    std::uint32_t next[16] = {};
    // A word may stand in several slots; its places have to come in order, so slot by slot.
    for (std::uint32_t slot = 0; slot < 15; ++slot)
        for (const Value& value : parts.values) {
            if (static_cast<std::uint32_t>(value.slot) != slot) continue;
            d.folder.words(value.text, d.buffer);
            const std::string_view words = d.buffer;
            for (std::size_t at = 0; at < words.size();) {
                const std::size_t stop = std::min(words.find(' ', at), words.size());
                if (next[slot] >= room) break;
                d.occurrence(d.id(words.substr(at, stop - at)), document,
                             (slot << position_bits) | next[slot]++);
                at = stop + 1;
            }
            next[slot] += value_gap;
        }
    // Heading tokens stand in a slot of their own, behind all words.
    std::vector<std::string> tokens;
    for (const IndexedHeading& heading : parts.headings)
        for (const bool major : {false, true}) {
            if (major && !heading.major) continue;
            tokens.push_back(heading_token(heading.name, major, {}));
            for (const auto& qualifier : heading.qualifiers) {
                tokens.push_back(heading_token(heading.name, major, qualifier));
                if (!major) tokens.push_back(qualifier_token(qualifier));
            }
        }
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    for (const std::string& token : tokens)
        d.occurrence(d.id(token), document, 15U << position_bits);
    std::uint32_t date = 0;
    for (const char c : parts.first_date)
        date = date * 10 + static_cast<std::uint32_t>(c - '0');
    d.dates.push_back(date);
}

void Index::finish() {
    Data& d = *data_;
    d.finished = true;
    d.sorted.resize(d.words.size());
    for (std::uint32_t i = 0; i < d.sorted.size(); ++i)
        d.sorted[i] = i;
    d.reversed = d.sorted;
    std::sort(d.sorted.begin(), d.sorted.end(),
              [&](std::uint32_t a, std::uint32_t b) { return d.words[a].token < d.words[b].token; });
    std::sort(d.reversed.begin(), d.reversed.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::lexicographical_compare(d.words[a].token.rbegin(), d.words[a].token.rend(),
                                            d.words[b].token.rbegin(), d.words[b].token.rend());
    });
}

std::size_t Index::documents() const {
    return data_->dates.size();
}

std::size_t Index::words() const {
    return data_->words.size();
}

std::size_t Index::memory() const {
    std::size_t letters = 0;
    for (const auto& word : data_->words)
        letters += word.token.size() + sizeof(word);
    return data_->pool.size() + data_->table.size() * sizeof(Data::Entry) + data_->sorted.size() * 8 +
           letters;
}

std::uint32_t Index::find(std::string_view token) const {
    return data_->find(token);
}

std::vector<std::uint32_t> Index::matching(std::string_view pattern) const {
    const Data& d = *data_;
    ASSAY_EXPECT(d.finished);
    std::vector<std::uint32_t> out;
    const std::size_t sign = pattern.find_first_of(marks);
    if (sign == std::string_view::npos) {
        if (const std::uint32_t word = d.find(pattern); word != none) out.push_back(word);
        return out;
    }
    const std::size_t last_sign = pattern.find_last_of(marks);
    const std::size_t tail_at = last_sign + (pattern[last_sign] == wild::up_to ? 2 : 1);
    const std::string_view head = pattern.substr(0, sign);
    const std::string_view tail = tail_at < pattern.size() ? pattern.substr(tail_at) : std::string_view();
    const auto keep = [&](std::uint32_t word) {
        const std::string& token = d.words[word].token;
        if (token[0] != '\x01' && fits(pattern, token)) out.push_back(word);
    };
    if (!head.empty() || tail.empty()) {
        auto at = std::lower_bound(d.sorted.begin(), d.sorted.end(), head,
                                   [&](std::uint32_t word, std::string_view wanted) {
                                       return std::string_view(d.words[word].token) < wanted;
                                   });
        for (; at != d.sorted.end() && std::string_view(d.words[*at].token).substr(0, head.size()) == head;
             ++at)
            keep(*at);
        return out;
    }
    // A leading wildcard: the words with this end.
    const std::string wanted(tail.rbegin(), tail.rend());
    auto at = std::lower_bound(
        d.reversed.begin(), d.reversed.end(), wanted, [&](std::uint32_t word, const std::string& end) {
            const std::string& token = d.words[word].token;
            return std::lexicographical_compare(token.rbegin(), token.rend(), end.begin(), end.end());
        });
    for (; at != d.reversed.end(); ++at) {
        const std::string_view token = d.words[*at].token;
        if (token.size() < tail.size() || token.substr(token.size() - tail.size()) != tail) break;
        keep(*at);
    }
    return out;
}

void Index::mark(std::uint32_t word, std::uint32_t parts, std::vector<std::uint64_t>& bits) const {
    data_->each(word, [&](std::uint32_t document, Position position) {
        if (parts >> (position >> position_bits) & 1U)
            bits[document >> 6] |= std::uint64_t{1} << (document & 63);
    });
}

void Index::places(std::uint32_t word, std::uint32_t parts, std::vector<Occurrence>& out) const {
    data_->each(word, [&](std::uint32_t document, Position position) {
        if (parts >> (position >> position_bits) & 1U) out.push_back({document, position});
    });
}

std::span<const std::uint32_t> Index::dates() const {
    return data_->dates;
}

} // namespace assay::search
