#include "claims/polarity.hpp"

#include <algorithm>
#include <array>

namespace assay::claims {

namespace {

using std::string_view;

template<std::size_t N> bool one_of(const std::array<string_view, N>& sorted, string_view word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

// All sorted, in the one spelling of words.cpp (ae as e, ph as f), matched with the word as written.
constexpr std::array<string_view, 22> negations{"absent", "cannot",  "didn",    "doesn",  "don", "fail",
                                                "failed", "failing", "fails",   "hardly", "isn", "lack",
                                                "lacked", "lacks",   "neither", "never",  "no",  "nor",
                                                "not",    "unable",  "wasn",    "without"};

constexpr std::array<string_view, 47> helping{
    "alleviate",   "alleviated",  "alleviates",   "alleviating", "beneficial", "benefit",  "benefits",
    "calming",     "cure",        "cured",        "cures",       "ease",       "eases",    "easing",
    "effective",   "efficacious", "efficacy",     "enhance",     "enhanced",   "enhances", "facilitate",
    "facilitates", "help",        "helped",       "helpful",     "helping",    "helps",    "improve",
    "improved",    "improvement", "improvements", "improves",    "improving",  "prevent",  "prevented",
    "preventing",  "prevents",    "promising",    "protective",  "relief",     "relieve",  "relieved",
    "relieves",    "relieving",   "remedy",       "soothe",      "soothes"};

constexpr std::array<string_view, 24> lessening{
    "attenuate", "attenuated", "decrease", "decreased", "decreases", "decreasing", "diminish",  "fewer",
    "lessen",    "lessened",   "lessens",  "lower",     "lowered",   "lowering",   "lowers",    "minimize",
    "reduce",    "reduced",    "reduces",  "reducing",  "reduction", "reductions", "shortened", "shorter"};

constexpr std::array<string_view, 14> raising{"better", "elevate",  "elevated",  "faster",    "greater",
                                              "higher", "increase", "increased", "increases", "increasing",
                                              "longer", "raise",    "raised",    "raises"};

constexpr std::array<string_view, 16> harming{
    "adverse", "aggravate", "aggravates", "dangerous", "deteriorate", "harm",     "harmful",   "harms",
    "impair",  "impairs",   "toxic",      "worse",     "worsen",      "worsened", "worsening", "worsens"};

constexpr std::array<string_view, 15> mixing{"conflicting",  "contradictory", "controversial", "inconclusive",
                                             "inconsistent", "insufficient",  "limited",       "mixed",
                                             "scarce",       "uncertain",     "unclear",       "unknown",
                                             "unproven",     "unreliable",    "weak"};

constexpr std::array<string_view, 25> hedges{
    "appear",      "appeared", "appears",   "could",        "indicate", "likely",    "may",
    "might",       "perhaps",  "plausible", "possible",     "possibly", "potential", "potentially",
    "preliminary", "probably", "seem",      "seems",        "suggest",  "suggested", "suggesting",
    "suggestive",  "suggests", "tentative", "theoretically"};

struct Strong {
    string_view word;
    int level;
};
// Levels: 1 strong, 2 very strong, 3 final.
constexpr std::array<Strong, 36> strong_words{
    {{"always", 2},       {"clearly", 1},      {"compelling", 2},  {"conclusive", 3},    {"conclusively", 3},
     {"consistently", 1}, {"cure", 3},         {"cures", 3},       {"definitely", 3},    {"definitive", 3},
     {"dramatic", 2},     {"dramatically", 2}, {"exceptional", 2}, {"exceptionally", 2}, {"guaranteed", 3},
     {"highly", 1},       {"landmark", 1},     {"outstanding", 2}, {"overwhelming", 2},  {"powerful", 2},
     {"premier", 1},      {"proof", 3},        {"prove", 3},       {"proved", 3},        {"proven", 3},
     {"proves", 3},       {"remarkable", 1},   {"remarkably", 1},  {"rigorous", 1},      {"robust", 2},
     {"strong", 2},       {"stronger", 2},     {"strongly", 2},    {"superior", 1},      {"undeniable", 3},
     {"undeniably", 3}}};

constexpr std::array<string_view, 17> evidence_nouns{
    "analyses", "analysis", "evidence", "findings", "link",    "literature", "rcts",   "research", "results",
    "review",   "reviews",  "studies",  "study",    "support", "trial",      "trials", "work"};

} // namespace

std::string_view to_string(Direction direction) {
    switch (direction) {
    case Direction::none:
        return "";
    case Direction::benefit:
        return "benefit";
    case Direction::no_benefit:
        return "no benefit";
    case Direction::harm:
        return "harm";
    case Direction::mixed:
        return "mixed";
    }
    return "";
}

bool is_negation(string_view word) {
    return one_of(negations, word);
}

bool negated_before(const std::vector<Word>& words, std::size_t at, std::size_t reach) {
    for (std::size_t i = at; i-- > 0 && at - i <= reach;)
        if (is_negation(words[i].text)) {
            // "not only", "no doubt" deny nothing
            if (words[i].text == "not" && i + 1 < words.size() && words[i + 1].text == "only") continue;
            return true;
        }
    return false;
}

Tone tone_of(const std::vector<Word>& words) {
    Tone tone;
    std::size_t helps = 0, denies = 0, mixes = 0, harms = 0;
    std::string help_word, deny_word, mix_word, harm_word;
    bool significant_null = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i].text;
        const bool negated = negated_before(words, i, 4);
        if (one_of(helping, word) || one_of(lessening, word) || one_of(raising, word)) {
            if (negated) {
                ++denies;
                if (deny_word.empty()) deny_word = word;
            } else {
                ++helps;
                if (help_word.empty() || (one_of(helping, word) && !one_of(helping, string_view(help_word))))
                    help_word = word;
            }
        } else if (word == "ineffective" || word == "useless") {
            (negated ? helps : denies) += 2;
            if (!negated) deny_word = word;
        } else if (word == "unlikely" || (word == "little" && i + 1 < words.size() && !words[i + 1].stop) ||
                   word == "negligible") {
            ++denies;
            significant_null = true;
            deny_word = word;
        } else if ((word == "difference" || word == "differences" || word == "differ" || word == "effect" ||
                    word == "evidence" || word == "proof") &&
                   negated) {
            ++denies;
            deny_word = "no " + word;
        } else if (one_of(mixing, word) && !negated) {
            ++mixes;
            if (mix_word.empty()) mix_word = word;
        } else if (one_of(harming, word) && !negated) {
            ++harms;
            if (harm_word.empty()) harm_word = word;
        }
        if (one_of(hedges, word)) tone.hedged = true;
        if (word == "less" && i + 1 < words.size() &&
            (words[i + 1].text == "conclusive" || words[i + 1].text == "clear")) {
            ++mixes;
            mix_word = "less " + words[i + 1].text;
        }
        if (word == "some" && i + 1 < words.size()) {
            for (std::size_t k = i + 1; k < std::min(words.size(), i + 4); ++k)
                if (one_of(evidence_nouns, words[k].text)) tone.some = true;
        }
        if (word == "subgroup" || word == "subgroups" ||
            (word == "only" && i + 1 < words.size() && words[i + 1].text == "in"))
            tone.subgroup = true;
        const auto strong =
            std::lower_bound(strong_words.begin(), strong_words.end(), string_view(word),
                             [](const Strong& row, string_view wanted) { return row.word < wanted; });
        int level = strong != strong_words.end() && strong->word == word ? strong->level : 0;
        if (word == "high" && i + 1 < words.size() && words[i + 1].text == "quality") level = 2;
        if (word == "more" && i + 1 < words.size() && words[i + 1].text == "promising") level = 1;
        if (level > 0) {
            if (negated_before(words, i, 5)) {
                tone.denied = true;
            } else if (level > tone.strength) {
                tone.strength = level;
                tone.strength_word = word == "high"   ? "high-quality"
                                     : word == "more" ? "more promising"
                                                      : word;
            }
            for (std::size_t k = i + 1; k < std::min(words.size(), i + 6); ++k)
                if (one_of(evidence_nouns, words[k].text)) tone.about_evidence = true;
            for (std::size_t k = i > 12 ? i - 12 : 0; k < i; ++k)
                if (words[k].text == "evidence" &&
                    (word == "robust" || word == "strong" || word == "stronger" || word == "conclusive"))
                    tone.about_evidence = true;
        }
    }
    if (mixes > 0 && mixes >= helps) {
        tone.direction = Direction::mixed;
        tone.word = mix_word;
    } else if (denies > 0 && (denies >= helps || significant_null)) {
        tone.direction = Direction::no_benefit;
        tone.word = deny_word;
    } else if (harms > helps) {
        tone.direction = Direction::harm;
        tone.word = harm_word;
    } else if (helps > 0) {
        tone.direction = Direction::benefit;
        tone.word = help_word;
    }
    return tone;
}

} // namespace assay::claims
