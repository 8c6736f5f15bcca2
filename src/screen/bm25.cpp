#include "screen/bm25.hpp"

#include "screen/words.hpp"
#include "text/stem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_map>

namespace assay::screen {

std::vector<double> bm25(std::span<const Text> records, std::string_view question) {
    constexpr double k1 = 1.2, b = 0.75;
    text::Stemmer stemmer;
    std::unordered_map<std::string, std::size_t> asked; // stem -> number
    std::string buffer;
    for (WordReader reader(question, WordRule::by_script, buffer); reader.next();)
        asked.emplace(std::string(stemmer.stem(reader.word())), asked.size());
    std::unordered_map<std::string, std::size_t>
        number_of; // word -> number of its stem, so that each is stemmed once
    constexpr std::size_t not_asked = static_cast<std::size_t>(-1);

    struct Hit {
        std::size_t record, word, count;
    };
    std::vector<Hit> hits;
    std::vector<std::size_t> in_records(asked.size(), 0), count(asked.size(), 0);
    std::vector<double> length(records.size(), 0);
    for (std::size_t r = 0; r < records.size(); ++r) {
        for (const std::string_view text : {records[r].title, records[r].abstract})
            for (WordReader reader(text, WordRule::by_script, buffer); reader.next();) {
                ++length[r];
                auto known = number_of.find(buffer);
                if (known == number_of.end()) {
                    const auto found = asked.find(std::string(stemmer.stem(buffer)));
                    known = number_of.emplace(buffer, found == asked.end() ? not_asked : found->second).first;
                }
                if (known->second != not_asked) ++count[known->second];
            }
        for (std::size_t word = 0; word < count.size(); ++word) {
            if (count[word] == 0) continue;
            ++in_records[word];
            hits.push_back({r, word, count[word]});
            count[word] = 0;
        }
    }
    const double n = static_cast<double>(records.size());
    const double mean = std::max(1.0, std::accumulate(length.begin(), length.end(), 0.0) / std::max(n, 1.0));
    std::vector<double> values(records.size(), 0);
    for (const Hit& hit : hits) {
        const double df = static_cast<double>(in_records[hit.word]), tf = static_cast<double>(hit.count);
        const double rarity = std::log(1 + (n - df + 0.5) / (df + 0.5));
        values[hit.record] += rarity * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length[hit.record] / mean));
    }
    return values;
}

std::vector<std::size_t> by_value(std::span<const double> values) {
    std::vector<std::size_t> rows(values.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t c) { return values[a] > values[c]; });
    return rows;
}

} // namespace assay::screen
