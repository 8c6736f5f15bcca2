// From the words of a claim to its frame: what is given to whom, for what, in which form, and how it is told.
#include "claims/work.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace assay::claims {

namespace {

std::vector<std::string> forms_in(const Base& base, const std::vector<Word>& words) {
    std::vector<std::string> found;
    std::map<std::string, std::size_t> longest; // "oxide monohydrate" is not told by "oxide" alone
    for (const Form& form : base.forms)
        for (const auto& phrase : form.phrases) {
            if (!has_phrase(words, phrase, 0)) continue;
            auto& size = longest[form.family];
            size = std::max(size, phrase.size());
            if (std::find(found.begin(), found.end(), form.family) == found.end())
                found.push_back(form.family);
        }
    std::stable_sort(found.begin(), found.end(),
                     [&](const auto& a, const auto& b) { return longest[a] > longest[b]; });
    // A family whose words are part of a longer family that was found is not meant.
    std::erase_if(found, [&](const std::string& family) {
        return std::any_of(found.begin(), found.end(), [&](const std::string& other) {
            return other != family && other.size() > family.size() && other.rfind(family + " ", 0) == 0;
        });
    });
    return found;
}

std::string route_in(const std::vector<Word>& words) {
    if (has_any(words, {"intravenous", "intraven", "iv", "infus", "infusion"})) return "intravenous";
    if (has_any(words, {"intramuscular", "inject", "injection"})) return "intramuscular";
    if (has_any(words,
                {"topic", "topical", "transderm", "transdermal", "bath", "spray", "lotion", "cream", "skin"}))
        return "topical";
    if (has_any(words, {"oral", "mouth", "tablet", "capsul", "capsule"})) return "oral";
    return {};
}

struct Score {
    double score = 0;
    bool own = false;
};

} // namespace

void frame(const Work& work, Item& item) {
    Frame& made = item.claim->frame;
    made.tone = tone_of(item.words);
    made.numbers = quantities(work.text(), item.claim->begin, item.claim->end);
    made.forms = forms_in(work.base, item.words);
    if (made.forms.empty() && !item.unit->subject.empty())
        made.forms = forms_in(work.base, words_of(item.unit->subject));
    made.route = route_in(item.words);
    if (made.route.empty()) made.route = route_in(item.context);
    for (const Hit& hit : item.hits) {
        auto& into = hit.topic == Topic::population     ? made.populations
                     : hit.topic == Topic::intervention ? made.interventions
                     : hit.topic == Topic::outcome      ? made.outcomes
                                                        : made.interventions;
        if (hit.topic != Topic::comparator) into.push_back(hit.id);
    }
    // The question: the claim's own words count in full, its surroundings by half.
    std::map<std::string, Score> scores;
    for (const Reading& reading : work.base.vocabulary.readings(item.words)) {
        auto& topic = scores[reading.question.value];
        topic.score += reading.score;
        topic.own = !reading.population.empty() || !reading.outcomes.empty();
    }
    const bool own =
        std::any_of(scores.begin(), scores.end(), [](const auto& entry) { return entry.second.own; });
    // "Numerous trials confirm this finding": what was said before is what it is about.
    bool points_back = false;
    for (std::size_t i = 0; i + 1 < item.words.size(); ++i)
        if (item.words[i].text == "this" || item.words[i].text == "these")
            points_back = points_back ||
                          has_any({item.words[i + 1]}, {"find", "effect", "result", "benefit", "conclus"});
    for (const Reading& reading : work.base.vocabulary.readings(item.context))
        scores[reading.question.value].score += (points_back ? 1.2 : own ? 0.35 : 0.6) * reading.score;
    std::string best;
    double first = 0;
    for (const auto& [id, topic] : scores)
        if (topic.score > first) {
            first = topic.score;
            best = id;
        }
    if (first >= 0.5) {
        made.question = best;
        made.own_topic = scores[best].own;
    }
}

} // namespace assay::claims
