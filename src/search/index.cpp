#include "search/index.hpp"

#include "base/error.hpp"
#include "search/tree.hpp"

#include <algorithm>
#include <cstring>

namespace assay::search {

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

// What grows while records are added; finish() turns it into an image and lets it go.
struct Index::Builder {
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
    std::vector<std::uint32_t> dates;
    std::vector<std::int64_t> ids;
    text::Folder folder;
    std::string buffer;

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
            if (pool.size() > std::size_t{none} - 6 - room)
                throw Error("memory/out", "these are too many records for one index; search them in parts");
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

    /// The bytes of a word's postings, block by block.
    template<typename Visit> void blocks(const Chain& chain, const Visit& visit) const {
        for (std::uint32_t block = chain.first; block != none;) {
            std::uint32_t next = 0;
            std::uint16_t used = 0;
            std::memcpy(&next, &pool[block], 4);
            std::memcpy(&used, &pool[block + 4], 2);
            visit(&pool[block + 6], used);
            block = next;
        }
    }

    Image frozen() const;
};

namespace {

std::uint32_t first_word_not_before(const Image& image, std::string_view wanted) {
    std::uint32_t low = 0, high = static_cast<std::uint32_t>(image.words());
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (image.token(middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// Calls visit(document, position) for each occurrence, in order; stops at what cannot be.
template<typename Visit> void each(const Image& image, std::uint32_t word, const Visit& visit) {
    const auto documents = static_cast<std::uint32_t>(image.documents());
    std::uint32_t document = 0;
    Position position = 0;
    std::uint64_t value = 0;
    int shift = 0;
    bool wants_position = false, first = true;
    const std::uint8_t* at = image.postings.data() + image.starts[word];
    for (const std::uint8_t* const end = image.postings.data() + image.starts[word + 1]; at != end; ++at) {
        value |= std::uint64_t{*at & 127U} << shift;
        if (*at & 128U) {
            shift += 7;
            if (shift > 56) return;
            continue;
        }
        if (wants_position) {
            position = static_cast<Position>(value);
            wants_position = false;
            visit(document, position);
        } else if (value & 1U) {
            document = static_cast<std::uint32_t>(value >> 1) + (first ? 0 : document);
            if (document >= documents) return;
            first = false;
            wants_position = true;
        } else {
            if (first) return;
            position += static_cast<Position>(value >> 1);
            visit(document, position);
        }
        value = 0;
        shift = 0;
    }
}

} // namespace

void Index::add(const model::Record& record, std::int64_t id) {
    ASSAY_EXPECT(builder_);
    Builder& d = *builder_;
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
    d.ids.push_back(id);
}

Image Index::Builder::frozen() const {
    std::vector<std::uint32_t> sorted(words.size());
    std::size_t letters = 0, postings = 0;
    for (std::uint32_t i = 0; i < sorted.size(); ++i) {
        sorted[i] = i;
        letters += words[i].token.size();
        blocks(words[i].chain, [&](const std::uint8_t*, std::uint16_t used) { postings += used; });
    }
    std::sort(sorted.begin(), sorted.end(),
              [&](std::uint32_t a, std::uint32_t b) { return words[a].token < words[b].token; });
    Image out(dates.size(), words.size(), letters, postings);
    std::copy(ids.begin(), ids.end(), out.ids.begin());
    std::copy(dates.begin(), dates.end(), out.dates.begin());
    std::uint32_t letter = 0;
    std::uint64_t at = 0;
    for (std::uint32_t i = 0; i < sorted.size(); ++i) {
        const Word& word = words[sorted[i]];
        out.letters_at[i] = letter;
        std::copy(word.token.begin(), word.token.end(), out.letters.begin() + letter);
        letter += static_cast<std::uint32_t>(word.token.size());
        out.starts[i] = at;
        blocks(word.chain, [&](const std::uint8_t* bytes, std::uint16_t used) {
            std::copy(bytes, bytes + used, out.postings.begin() + static_cast<std::ptrdiff_t>(at));
            at += used;
        });
        out.reversed[i] = i;
    }
    out.letters_at[sorted.size()] = letter;
    out.starts[sorted.size()] = at;
    std::sort(out.reversed.begin(), out.reversed.end(), [&](std::uint32_t a, std::uint32_t b) {
        const std::string_view left = out.token(a), right = out.token(b);
        return std::lexicographical_compare(left.rbegin(), left.rend(), right.rbegin(), right.rend());
    });
    return out;
}

Index::Index() : builder_(std::make_unique<Builder>()) {}
Index::Index(Image image) : image_(std::move(image)) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

void Index::finish() {
    ASSAY_EXPECT(builder_);
    image_ = builder_->frozen();
    builder_.reset();
}

std::uint32_t Index::find(std::string_view token) const {
    const Image& image = *image_;
    const auto at = first_word_not_before(image, token);
    return at < image.words() && image.token(at) == token ? at : npos;
}

std::vector<std::uint32_t> Index::matching(std::string_view pattern) const {
    const Image& image = *image_;
    std::vector<std::uint32_t> out;
    const std::size_t sign = pattern.find_first_of(wild::signs);
    if (sign == std::string_view::npos) {
        if (const std::uint32_t word = find(pattern); word != npos) out.push_back(word);
        return out;
    }
    const std::size_t last_sign = pattern.find_last_of(wild::signs);
    const std::size_t tail_at = last_sign + (pattern[last_sign] == wild::up_to ? 2 : 1);
    const std::string_view head = pattern.substr(0, sign);
    const std::string_view tail = tail_at < pattern.size() ? pattern.substr(tail_at) : std::string_view();
    const auto keep = [&](std::uint32_t word) {
        const std::string_view token = image.token(word);
        if (!token.empty() && token[0] != '\x01' && fits(pattern, token)) out.push_back(word);
    };
    if (!head.empty() || tail.empty()) {
        for (auto at = first_word_not_before(image, head);
             at < image.words() && image.token(at).substr(0, head.size()) == head; ++at)
            keep(at);
        return out;
    }
    // A leading wildcard: the words with this end.
    auto at = std::lower_bound(
        image.reversed.begin(), image.reversed.end(), tail, [&](std::uint32_t word, std::string_view end) {
            const std::string_view token = image.token(word);
            return std::lexicographical_compare(token.rbegin(), token.rend(), end.rbegin(), end.rend());
        });
    for (; at != image.reversed.end(); ++at) {
        const std::string_view token = image.token(*at);
        if (token.size() < tail.size() || token.substr(token.size() - tail.size()) != tail) break;
        keep(*at);
    }
    return out;
}

void Index::mark(std::uint32_t word, std::uint32_t parts, std::vector<std::uint64_t>& bits) const {
    each(*image_, word, [&](std::uint32_t document, Position position) {
        if (parts >> (position >> position_bits & 15U) & 1U)
            bits[document >> 6] |= std::uint64_t{1} << (document & 63);
    });
}

void Index::places(std::uint32_t word, std::uint32_t parts, std::vector<Occurrence>& out) const {
    each(*image_, word, [&](std::uint32_t document, Position position) {
        if (parts >> (position >> position_bits & 15U) & 1U) out.push_back({document, position});
    });
}

std::size_t Index::documents() const {
    return image_ ? image_->documents() : builder_->dates.size();
}
std::size_t Index::words() const {
    return image_->words();
}
std::size_t Index::memory() const {
    return image_->size();
}
std::span<const std::uint32_t> Index::dates() const {
    return image_->dates;
}
std::span<const std::int64_t> Index::ids() const {
    return image_->ids;
}

std::string_view Index::bytes(std::string_view key) {
    return image_->sealed(key);
}

std::optional<Index> Index::from_bytes(std::string bytes, std::string_view key) {
    auto image = Image::read(std::move(bytes), key);
    if (!image) return {};
    return Index(std::move(*image));
}

} // namespace assay::search
