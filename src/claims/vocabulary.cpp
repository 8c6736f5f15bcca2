#include "claims/vocabulary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

namespace assay::claims {

namespace {

using namespace model;

// Words of a synonym may stand a little apart: "cramps in the legs at night" for "night leg cramps".
constexpr std::size_t slack = 3;

Topic topic_of(TermKind kind) {
    switch (kind) {
    case TermKind::population:
        return Topic::population;
    case TermKind::intervention:
        return Topic::intervention;
    case TermKind::comparator:
        return Topic::comparator;
    case TermKind::outcome:
        return Topic::outcome;
    }
    return Topic::population;
}

std::vector<std::string> stems(std::string_view text) {
    std::vector<std::string> out;
    for (const Word& word : words_of(text))
        if (!word.stop && std::find(out.begin(), out.end(), word.stem) == out.end()) out.push_back(word.stem);
    return out;
}

} // namespace

std::string_view to_string(Topic topic) {
    switch (topic) {
    case Topic::population:
        return "population";
    case Topic::intervention:
        return "intervention";
    case Topic::comparator:
        return "comparator";
    case Topic::outcome:
        return "outcome";
    }
    return "";
}

Vocabulary::Vocabulary(const Review& review) {
    for (const Term& term : review.terms)
        add(term.id.value, term.label, topic_of(term.kind), term.synonyms);
    for (const Outcome& outcome : review.outcomes)
        add(outcome.id.value, outcome.label, Topic::outcome, outcome.synonyms);
    by_number_.resize(numbers_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        std::set<int> seen;
        for (const auto& phrase : entries_[i].phrases)
            seen.insert(phrase.stems.begin(), phrase.stems.end());
        for (const int stem : seen)
            by_number_[static_cast<std::size_t>(stem)].push_back(i);
    }
    for (const auto& users : by_number_)
        rarities_.push_back(1 / (1 + std::log(static_cast<double>(std::max<std::size_t>(users.size(), 1)))));
    for (Entry& entry : entries_)
        for (auto& phrase : entry.phrases)
            for (const int stem : phrase.stems)
                phrase.weight += rarities_[static_cast<std::size_t>(stem)];
    for (const Question& question : review.questions) {
        Asked asked{question.id,
                    question.population.value,
                    question.intervention.value,
                    question.comparator.value,
                    {},
                    stems(question.title + " " + question.topic)};
        for (const OutcomeId& outcome : question.outcomes)
            asked.outcomes.push_back(outcome.value);
        questions_.push_back(std::move(asked));
    }
}

void Vocabulary::add(std::string id, std::string label, Topic topic,
                     const std::vector<std::string>& synonyms) {
    Entry entry;
    entry.id = std::move(id);
    entry.topic = topic;
    const auto phrase = [&](const std::string& text, bool title) {
        Entry::Phrase made{text, {}, 0, title};
        for (const std::string& stem : stems(text))
            made.stems.push_back(number(stem));
        entry.phrases.push_back(std::move(made));
    };
    phrase(label, true);
    for (const std::string& synonym : synonyms)
        phrase(synonym, false);
    std::erase_if(entry.phrases, [](const Entry::Phrase& made) { return made.stems.empty(); });
    entry.label = std::move(label);
    entries_.push_back(std::move(entry));
}

int Vocabulary::number(const std::string& stem) {
    return numbers_.try_emplace(stem, static_cast<int>(numbers_.size())).first->second;
}

double Vocabulary::rarity(const std::string& stem) const {
    const auto at = numbers_.find(stem);
    return at == numbers_.end() ? 1 : rarities_[static_cast<std::size_t>(at->second)];
}

bool Vocabulary::best(const Entry& entry, const std::vector<Known>& words, const std::vector<bool>& present,
                      double least, Hit& hit) const {
    bool found = false;
    for (const auto& phrase : entry.phrases) {
        double possible = 0; // were all its words that occur close together
        for (const int stem : phrase.stems)
            if (present[static_cast<std::size_t>(stem)])
                possible += rarities_[static_cast<std::size_t>(stem)];
        if (possible + 1e-9 < least * phrase.weight || possible <= 0) continue;
        const std::size_t window = phrase.stems.size() + slack;
        const auto place = [&](int stem) {
            return static_cast<std::size_t>(std::find(phrase.stems.begin(), phrase.stems.end(), stem) -
                                            phrase.stems.begin());
        };
        for (std::size_t first = 0; first < words.size(); ++first) {
            if (words[first].stem < 0 || place(words[first].stem) == phrase.stems.size()) continue;
            double weight = 0;
            std::size_t last = first, content = 0;
            std::uint64_t seen = 0; // a phrase of more than 64 words is matched by its first 64
            for (std::size_t i = first; i < words.size() && content < window; ++i) {
                if (words[i].stop) continue;
                ++content;
                const std::size_t at = words[i].stem < 0 ? phrase.stems.size() : place(words[i].stem);
                if (at >= std::min<std::size_t>(phrase.stems.size(), 64) || (seen >> at & 1U)) continue;
                seen |= std::uint64_t{1} << at;
                weight += rarities_[static_cast<std::size_t>(words[i].stem)];
                last = i;
            }
            const double score = phrase.weight > 0 ? weight / phrase.weight : 0;
            if (score + 1e-9 < least) continue;
            const double total = score * weight;
            if (found && total <= hit.weight + 1e-9) continue;
            found = true;
            hit = {entry.id, entry.topic,        entry.label,    phrase.text, std::min(score, 1.0),
                   total,    words[first].begin, words[last].end};
        }
    }
    return found;
}

std::vector<Hit> Vocabulary::find(const std::vector<Word>& words, double least) const {
    std::vector<Known> known;
    known.reserve(words.size());
    std::vector<bool> candidate(entries_.size(), false), present(numbers_.size(), false);
    for (const Word& word : words) {
        const auto at = numbers_.find(word.stem);
        known.push_back({at == numbers_.end() ? -1 : at->second, word.stop, word.begin, word.end});
        if (at != numbers_.end() && !word.stop) {
            present[static_cast<std::size_t>(at->second)] = true;
            for (const std::size_t i : by_number_[static_cast<std::size_t>(at->second)])
                candidate[i] = true;
        }
    }
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        Hit hit;
        if (candidate[i] && best(entries_[i], known, present, least, hit)) hits.push_back(std::move(hit));
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return a.weight > b.weight; });
    return hits;
}

std::vector<Hit> Vocabulary::find(std::string_view text, double least) const {
    return find(words_of(text), least);
}

std::vector<Reading> Vocabulary::readings(const std::vector<Word>& words) const {
    std::vector<Hit> hits = find(words, 0.6);
    std::map<std::string, const Hit*> by_id;
    for (const Hit& hit : hits)
        by_id.emplace(hit.id, &hit);
    std::set<std::string> said;
    for (const Word& word : words)
        if (!word.stop) said.insert(word.stem);
    std::vector<Reading> readings;
    for (const Asked& asked : questions_) {
        Reading reading;
        reading.question = asked.id;
        const auto take = [&](const std::string& id, std::vector<Hit>& into, double share) {
            const auto at = by_id.find(id);
            if (at == by_id.end()) return 0.0;
            into.push_back(*at->second);
            return share * at->second->weight;
        };
        const double people = take(asked.population, reading.population, 1.0);
        const double what = take(asked.intervention, reading.intervention, 0.4);
        take(asked.comparator, reading.comparator, 0);
        double result = 0;
        for (const std::string& id : asked.outcomes)
            result = std::max(result, take(id, reading.outcomes, 0.8));
        double title = 0;
        for (const std::string& stem : asked.title)
            if (said.contains(stem)) title += 0.3 * rarity(stem);
        if (people + result + title <= 0) continue;
        std::stable_sort(reading.outcomes.begin(), reading.outcomes.end(),
                         [](const Hit& a, const Hit& b) { return a.weight > b.weight; });
        reading.score = people + what + result + title;
        readings.push_back(std::move(reading));
    }
    std::stable_sort(readings.begin(), readings.end(),
                     [](const Reading& a, const Reading& b) { return a.score > b.score; });
    return readings;
}

std::vector<Reading> Vocabulary::readings(std::string_view text) const {
    return readings(words_of(text));
}

} // namespace assay::claims
