#include "screen/reasons.hpp"

#include "base/error.hpp"
#include "text/stem.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace assay::screen {

namespace {

// The first form in which the record has each stem.
std::unordered_map<std::string, std::string> surface_forms(const Text& text, const TextOptions& options) {
    std::unordered_map<std::string, std::string> forms;
    if (!options.stems) return forms;
    text::Stemmer stemmer;
    std::string buffer;
    for (const std::string_view part : {text.title, text.abstract})
        for (WordReader reader(part, options.rule, buffer); reader.next();)
            forms.try_emplace(std::string(stemmer.stem(reader.word())), reader.word());
    return forms;
}

std::string as_read(const std::string& term, const std::unordered_map<std::string, std::string>& forms) {
    std::string out;
    for (std::size_t at = 0; at <= term.size();) {
        const std::size_t end = std::min(term.find(' ', at), term.size());
        const std::string word = term.substr(at, end - at);
        const auto form = forms.find(word);
        if (!out.empty()) out += ' ';
        out += form == forms.end() ? word : form->second;
        at = end + 1;
    }
    return out;
}

} // namespace

std::vector<Reason> reasons(const TextFeatures& features, const TextOptions& options, Ranker& ranker,
                            std::size_t record, const Text& text, std::size_t most) {
    ASSAY_EXPECT(ranker.ready());
    ranker.score(record); // refits where a decision came in
    const Matrix& m = features.matrix;
    std::unordered_map<std::uint32_t, double> weight;
    for (std::size_t k = m.begin[record]; k < m.begin[record + 1]; ++k)
        weight[m.column[k]] = 0;
    const auto decided = ranker.decided_rows();
    for (std::size_t j = 0; j < decided.size(); ++j)
        for (std::size_t k = m.begin[decided[j]]; k < m.begin[decided[j] + 1]; ++k) {
            const auto term = weight.find(m.column[k]);
            if (term != weight.end())
                term->second += ranker.solver().weight(j) * static_cast<double>(m.value[k]);
        }
    std::vector<std::pair<double, std::uint32_t>> adds;
    for (std::size_t k = m.begin[record]; k < m.begin[record + 1]; ++k)
        if (const double part = weight[m.column[k]] * static_cast<double>(m.value[k]); part != 0)
            adds.emplace_back(part, m.column[k]);
    std::sort(adds.begin(), adds.end(), [](const auto& a, const auto& b) {
        return std::abs(a.first) != std::abs(b.first) ? std::abs(a.first) > std::abs(b.first)
                                                      : a.second < b.second;
    });
    if (adds.size() > most) adds.resize(most);
    const auto forms = surface_forms(text, options);
    std::vector<Reason> out;
    for (const auto& [part, column] : adds)
        out.push_back({as_read(features.terms.name(column), forms), part});
    return out;
}

} // namespace assay::screen
