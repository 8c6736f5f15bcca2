// From words to what a review knows: which populations, interventions, comparators, outcomes and questions a
// text speaks of, by the synonyms of review.toml, with scores and alternatives.
#pragma once

#include "claims/words.hpp"
#include "model/review.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::claims {

enum class Topic { population, intervention, comparator, outcome };

std::string_view to_string(Topic topic);

/// A term or outcome of the review that a text names.
struct Hit {
    std::string id; ///< of the term or outcome
    Topic topic = Topic::population;
    std::string label;
    std::string synonym; ///< the words of the review that were found
    double score = 0; ///< 0 to 1: share of the synonym's words (weighted by rarity) that stand close together
    double weight = 0; ///< score times how much the words say; longer and rarer synonyms weigh more
    std::size_t begin = 0, end = 0; ///< bytes in the text
};

/// A question of the review that a text may be about.
struct Reading {
    model::QuestionId question;
    double score = 0;                                                ///< comparable within one text only
    std::vector<Hit> population, intervention, comparator, outcomes; ///< what speaks for it, best first
};

class Vocabulary {
public:
    explicit Vocabulary(const model::Review& review);

    /// Every term named, the best synonym of each, highest weight first. Hits with a score below `least` are
    /// left out; 1 asks for synonyms that are there in full.
    std::vector<Hit> find(const std::vector<Word>& words, double least = 1) const;
    std::vector<Hit> find(std::string_view text, double least = 1) const;

    /// The questions the text may be about, best first; empty when it speaks of nothing the review knows.
    /// An intervention alone chooses no question: it must be the question's population or outcome, too.
    std::vector<Reading> readings(const std::vector<Word>& words) const;
    std::vector<Reading> readings(std::string_view text) const;

    /// How much a stem says: 1 for one that a single entry uses, less for common ones.
    double rarity(const std::string& stem) const;

private:
    struct Entry {
        std::string id, label;
        Topic topic;
        struct Phrase {
            std::string text;
            std::vector<int> stems; ///< numbers of its stems, without stop words
            double weight = 0;
            bool title = false; ///< the label, not a synonym: long, and rarely said in full
        };
        std::vector<Phrase> phrases;
    };
    struct Asked {
        model::QuestionId id;
        std::string population, intervention, comparator;
        std::vector<std::string> outcomes;
        std::vector<std::string> title; ///< stems of title and topic
    };

    void add(std::string id, std::string label, Topic topic, const std::vector<std::string>& synonyms);
    struct Known {
        int stem = -1; ///< number of the stem; -1: no entry uses it
        bool stop = false;
        std::size_t begin = 0, end = 0;
    };
    int number(const std::string& stem);
    bool best(const Entry& entry, const std::vector<Known>& words, const std::vector<bool>& present,
              double least, Hit& hit) const;

    std::vector<Entry> entries_;
    std::vector<Asked> questions_;
    std::unordered_map<std::string, int> numbers_;    ///< of the stems
    std::vector<double> rarities_;                    ///< by number of the stem
    std::vector<std::vector<std::size_t>> by_number_; ///< entries that use the stem
};

} // namespace assay::claims
