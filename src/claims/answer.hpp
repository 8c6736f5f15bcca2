// From a matched question, the review and its computed numbers to an answer: which studies support the claim,
// which contradict it, which leave it open, and whether as many sources exist as were asked for. Pure: no
// folder, no clock.
#pragma once

#include "claims/reading.hpp"
#include "claims/stance.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::claims {

/// The single studies of one question and outcome under one measure, as the caller computed them.
struct StudyNumbers {
    model::QuestionId question;
    model::OutcomeId outcome;
    std::string measure;           ///< "MD"
    std::string measure_name;      ///< "mean difference"
    bool ratio = false;            ///< effects are logarithms
    std::string unit;              ///< "cramps per week"; empty for ratios
    std::optional<double> matters; ///< smallest difference that matters, analysis scale, > 0
    std::string matters_words;     ///< "1 cramp per week"
    std::vector<model::Effect> effects;
};

/// Everything computed that an answer may lean on.
struct Evidence {
    const model::ReviewResults* results = nullptr; ///< at least the questions that are answered
    std::vector<StudyNumbers> studies; ///< of every question, the outcomes' preferred measure first
    std::vector<std::pair<model::ArmId, std::string>> treatments; ///< form and dose of treated arms, in words
    std::vector<std::pair<model::ResultId, std::string>>
        rows; ///< rows of results.csv, in words: "placebo: 8 of 43"
};

struct StudyLine {
    model::StudyId study;
    std::string label, title;
    std::string design, blinding;
    bool randomised = false;
    std::optional<double> people;
    std::string people_kind;             ///< randomised | analysed; empty: not known
    std::vector<std::string> treatments; ///< form and dose of each treated arm
    bool asked_form = false;             ///< one of the arms has a form that the question names
    std::string funding_class, funding;
    bool independent = false; ///< stated to be free of money from those who sell it; "not reported" is not
    Stance stance = Stance::inconclusive;
    std::string rule; ///< id of the stance rule
    model::OutcomeId outcome;
    std::string measure;
    std::optional<double> estimate, ci_low, ci_high; ///< natural scale, 95 %
    std::string number; ///< "mean difference 0.18 (-0.46 to 0.81) cramps per week", "P = 0.01"; empty: none
    std::string conclusion; ///< made from the numbers
    std::string coded;      ///< what its authors concluded, as coded in the review; empty: not coded
    std::string remark;     ///< what the review's reader noted about that conclusion
    std::string bias;       ///< "high (Cochrane 2020)": a published overall rating; empty: none
    std::string doi, pmid, url, registration;
    std::vector<model::ResultId> rows;
    std::vector<model::StudyId> same_people; ///< other reports of the same cohort, not counted again
};

struct Availability {
    std::string level; ///< high | low | none
    int studies = 0, randomised = 0, with_interval = 0;
    double people = 0; ///< in the studies with an interval
    std::string sentence;
};

/// What the base would need for "high".
inline constexpr int high_studies = 3;
inline constexpr double high_people = 400;

struct Want {
    int asked = 0;
    int met = 0;        ///< supporting studies that fulfil every condition
    int supporting = 0; ///< supporting studies, whoever paid
    bool satisfied = false;
    std::vector<model::StudyId> by;
    std::string sentence;
};

struct PooledLine {
    model::AnalysisId analysis;
    std::string label, number, certainty, certainty_source, text;
    int k = 0;
};

struct PublishedLine {
    model::PublishedId id;
    std::string label, number, certainty, k, doi, pmid;
};

struct Neighbour {
    model::QuestionId question;
    std::string title, why;
};

/// The answer under one reading.
struct ReadingAnswer {
    Match match;
    std::string title;
    std::string headline; ///< a few words
    std::string sentence; ///< the answer in one or two sentences
    Availability availability;
    std::vector<StudyLine> studies; ///< supporting, contradicting, inconclusive; each study once
    Want want;
    std::vector<PooledLine> pooled;
    std::vector<PublishedLine> published;
    std::string form_note; ///< about the form that was named; empty: none named
    std::vector<Neighbour> next;

    std::vector<const StudyLine*> with(Stance stance) const;
};

struct Answer {
    Asked asked;
    Matched matched;
    std::vector<ReadingAnswer> readings;
    Want overall;         ///< over all readings, each study once
    std::string in_short; ///< the straight answer
};

Answer answer(const model::Review& review, const Asked& asked, const Matched& matched,
              const Evidence& evidence);

} // namespace assay::claims
