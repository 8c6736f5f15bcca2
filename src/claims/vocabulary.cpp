#include "claims/vocabulary.hpp"

#include <algorithm>
#include <cmath>
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
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        std::set<std::string> seen;
        for (const auto& phrase : entries_[i].phrases)
            seen.insert(phrase.stems.begin(), phrase.stems.end());
        for (const std::string& stem : seen) {
            ++used_by_[stem];
            by_stem_[stem].push_back(i);
        }
    }
    for (Entry& entry : entries_)
        for (auto& phrase : entry.phrases)
            for (const std::string& stem : phrase.stems)
                phrase.weight += rarity(stem);
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
    entry.phrases.push_back({label, stems(label), 0, true});
    for (const std::string& synonym : synonyms)
        entry.phrases.push_back({synonym, stems(synonym), 0, false});
    std::erase_if(entry.phrases, [](const Entry::Phrase& phrase) { return phrase.stems.empty(); });
    entry.label = std::move(label);
    entries_.push_back(std::move(entry));
}

double Vocabulary::rarity(const std::string& stem) const {
    const auto at = used_by_.find(stem);
    return at == used_by_.end() ? 1 : 1 / (1 + std::log(at->second));
}

bool Vocabulary::best(const Entry& entry, const std::vector<Word>& words, double least, Hit& hit) const {
    bool found = false;
    for (const auto& phrase : entry.phrases) {
        const std::size_t window = phrase.stems.size() + slack;
        for (std::size_t first = 0; first < words.size(); ++first) {
            if (std::find(phrase.stems.begin(), phrase.stems.end(), words[first].stem) == phrase.stems.end())
                continue;
            double weight = 0;
            std::size_t last = first, content = 0;
            std::set<std::string_view> seen;
            for (std::size_t i = first; i < words.size() && content < window; ++i) {
                if (words[i].stop) continue;
                ++content;
                if (std::find(phrase.stems.begin(), phrase.stems.end(), words[i].stem) == phrase.stems.end())
                    continue;
                if (!seen.insert(words[i].stem).second) continue;
                weight += rarity(words[i].stem);
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
    std::set<std::size_t> candidates;
    for (const Word& word : words) {
        const auto at = by_stem_.find(word.stem);
        if (at != by_stem_.end()) candidates.insert(at->second.begin(), at->second.end());
    }
    std::vector<Hit> hits;
    for (const std::size_t i : candidates) {
        Hit hit;
        if (best(entries_[i], words, least, hit)) hits.push_back(std::move(hit));
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
