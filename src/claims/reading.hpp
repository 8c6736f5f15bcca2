// Which questions of a review a question in plain words may mean, what they were matched by, and the words
// that the review does not know.
#pragma once

#include "claims/question.hpp"
#include "claims/vocabulary.hpp"
#include "model/review.hpp"

#include <string>
#include <vector>

namespace assay::claims {

/// One way to understand the question.
struct Match {
    model::QuestionId question;
    double coverage =
        0; ///< 0 to 1: share of the asked words, weighted by rarity, that this question accounts for
    std::vector<Hit> population, intervention, comparator, outcomes; ///< best first
    std::vector<model::OutcomeId>
        named; ///< outcomes that the words name; empty: the question's own order holds
};

enum class Understood {
    empty,     ///< no words to go by
    outside,   ///< the base does not hold this
    ambiguous, ///< more readings than can be answered at once
    answered
};

struct Matched {
    Understood status = Understood::empty;
    std::string reason;                 ///< a sentence for `outside`, `ambiguous`, `empty`
    std::vector<Match> readings;        ///< to be answered (or to choose from), best first
    std::vector<Match> alternatives;    ///< weaker readings, best first
    std::vector<std::string> unknown;   ///< words of the question that the review does not have
    std::vector<std::string> corrected; ///< "magnesuim, read as magnesium"
    std::vector<std::string> forms;     ///< forms of arms.csv that the question names
};

/// Readings answered at once.
inline constexpr std::size_t most_readings = 3;

Matched match(const model::Review& review, const Vocabulary& vocabulary, const Asked& asked);

} // namespace assay::claims
