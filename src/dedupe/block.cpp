#include "dedupe/block.hpp"

#include "dedupe/normalise.hpp"

#include <algorithm>

namespace assay::dedupe {

namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    std::uint64_t h = (a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6) + (a >> 2))) * 0xd6e8feb86659fd93ULL;
    h ^= h >> 32;
    return h == 0 ? 1 : h;
}

// A key of a record, 0: it has none. Each kind is one way in which copies of an article stay alike.
using Key = std::uint64_t (*)(const Catalogue&, const Features&);

constexpr std::size_t head_letters = 22;

std::uint64_t page(const Features& f) {
    return f.first.number;
}
std::uint64_t first_person(const Catalogue& c, const Features& f) {
    return f.people.size == 0 ? 0 : c.people(f)[0].family;
}
std::uint64_t year(const Features& f) {
    return static_cast<std::uint64_t>(f.year);
}

std::uint64_t by_doi(const Catalogue&, const Features& f) {
    return f.doi;
}
std::uint64_t by_doi_stem(const Catalogue&, const Features& f) {
    return f.doi_stem;
}
std::uint64_t by_pmid(const Catalogue&, const Features& f) {
    return f.pmid;
}
std::uint64_t by_title(const Catalogue&, const Features& f) {
    return f.title_hash;
}
std::uint64_t by_head(const Catalogue& c, const Features& f) {
    return f.title.size < 10 ? 0 : hash(c.title(f).substr(0, head_letters));
}
std::uint64_t by_tail(const Catalogue& c, const Features& f) {
    const auto title = c.title(f);
    return title.size() < head_letters ? 0 : hash(title.substr(title.size() - head_letters));
}
std::uint64_t by_words(const Catalogue& c, const Features& f) {
    const auto words = c.words(f);
    if (words.size() < 4) return 0;
    std::uint64_t sum = 0; // the order of the longest words does not matter
    for (const auto word : words)
        sum += mix(word, 7);
    return sum == 0 ? 1 : sum;
}
std::uint64_t by_page_volume(const Catalogue&, const Features& f) {
    return page(f) == 0 || f.volume == 0 ? 0 : mix(page(f), f.volume);
}
std::uint64_t by_page_year(const Catalogue& c, const Features& f) {
    return page(f) == 0 || f.year == 0 || f.people.size == 0 ? 0
                                                             : mix(mix(page(f), year(f)), first_person(c, f));
}
std::uint64_t by_person_year(const Catalogue& c, const Features& f) {
    return f.people.size == 0 || f.year == 0 || c.words(f).empty()
               ? 0
               : mix(mix(first_person(c, f), year(f)), c.words(f)[0]);
}
std::uint64_t by_person_volume(const Catalogue& c, const Features& f) {
    return f.people.size == 0 || f.volume == 0 ? 0 : mix(mix(first_person(c, f), f.volume), year(f));
}
template<int part> std::uint64_t by_abstract(const Catalogue& c, const Features& f) {
    const Sketch* sketch = c.sketch(f);
    if (!sketch) return 0;
    std::uint64_t key = static_cast<std::uint64_t>(part) + 1;
    for (int i = 0; i < 8; ++i)
        key = mix(key, (*sketch)[static_cast<std::size_t>(part * 8 + i)]);
    return key;
}

constexpr Key keys[] = {by_doi,           by_doi_stem,    by_pmid,        by_title,      by_head,
                        by_tail,          by_words,       by_page_volume, by_page_year,  by_person_year,
                        by_person_volume, by_abstract<0>, by_abstract<1>, by_abstract<2>};

// A block larger than this holds a common key, not copies. It is cut by year and page, then by title; what is
// left too large is compared with its nearest neighbours only.
constexpr std::size_t largest = 60, neighbours = 20;

struct Entry {
    std::uint64_t key;
    std::uint32_t record;
};

class Blocks {
public:
    explicit Blocks(const Catalogue& catalogue) : catalogue_(catalogue) {}

    void add(Key key) {
        std::vector<Entry> entries;
        entries.reserve(catalogue_.size());
        for (std::uint32_t i = 0; i < catalogue_.size(); ++i)
            if (const std::uint64_t k = key(catalogue_, catalogue_[i]); k != 0) entries.push_back({k, i});
        sort(entries);
        cut(entries, 0);
        squeeze();
    }

    std::vector<Candidate> finish() {
        squeeze(true);
        return std::move(pairs_);
    }

private:
    static void sort(std::vector<Entry>& entries) {
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return a.key != b.key ? a.key < b.key : a.record < b.record;
        });
    }

    void cut(const std::vector<Entry>& entries, int depth) {
        for (std::size_t begin = 0; begin < entries.size();) {
            std::size_t end = begin + 1;
            while (end < entries.size() && entries[end].key == entries[begin].key)
                ++end;
            if (end - begin > largest && depth < 2)
                cut_again({entries.begin() + static_cast<std::ptrdiff_t>(begin),
                           entries.begin() + static_cast<std::ptrdiff_t>(end)},
                          depth);
            else
                pair_up(entries, begin, end);
            begin = end;
        }
    }

    void cut_again(std::vector<Entry> entries, int depth) {
        for (Entry& entry : entries) {
            const Features& f = catalogue_[entry.record];
            entry.key = depth == 0 ? mix(f.title_hash, 3) : mix(year(f), page(f));
        }
        sort(entries);
        cut(entries, depth + 1);
    }

    void pair_up(const std::vector<Entry>& entries, std::size_t begin, std::size_t end) {
        const std::size_t reach = end - begin > largest ? neighbours : largest;
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < std::min(end, i + 1 + reach); ++j) {
                const auto a = entries[i].record, b = entries[j].record;
                pairs_.emplace_back(std::min(a, b), std::max(a, b));
            }
    }

    // Most kinds of keys find the same pairs; sorting them out now and then keeps memory near what is needed.
    void squeeze(bool now = false) {
        if (!now && pairs_.size() < 2 * squeezed_ + 100000) return;
        std::sort(pairs_.begin(), pairs_.end());
        pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
        squeezed_ = pairs_.size();
    }

    const Catalogue& catalogue_;
    std::vector<Candidate> pairs_;
    std::size_t squeezed_ = 0;
};

} // namespace

std::vector<Candidate> candidates(const Catalogue& catalogue) {
    Blocks blocks(catalogue);
    for (const Key key : keys)
        blocks.add(key);
    return blocks.finish();
}

} // namespace assay::dedupe
