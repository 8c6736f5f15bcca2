// What claims are checked against: a review with its results, reference tables, general statements with their
// sources. Built once per run; nothing here knows any substance.
#pragma once

#include "base/diagnostics.hpp"
#include "claims/numbers.hpp"
#include "claims/polarity.hpp"
#include "claims/vocabulary.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

/// A recommended or upper intake.
struct Limit {
    std::string quantity; ///< "RDA", "UL"
    std::string kind;     ///< upper reference requirement ...
    std::string authority, population, sex, state;
    double age_min = 0, age_max = 200;
    std::optional<double> value; ///< mg a day
    std::string key, source;     ///< "limits:D051" and where it comes from
};

/// A compound and the share of the element in it.
struct Form {
    std::string family;
    std::vector<std::string> words;
    double fraction = 0;
    bool usual = true;
    std::string name, key, source;
    std::vector<std::vector<std::string>> phrases; ///< the words as stems; filled by Base::index
};

/// How a drug must stand apart from the substance.
struct Apart {
    std::string drug;
    std::vector<std::string> names; ///< ingredients and words of the class
    std::string direction;          ///< substance_lowers_drug drug_lowers_substance ...
    std::optional<double> hours_before, hours_after, cautious_before, cautious_after;
    std::string management, key, source;
    std::vector<std::vector<std::string>> phrases; ///< the names as stems; filled by Base::index
};

/// What a claim that speaks of certain things in a certain way is worth (a row of facts.csv).
enum class Stance { holds, partly, fails, unclear };

struct Fact {
    std::string id;
    /// Groups of alternatives, each alternative a row of stems that must stand close together. The first
    /// group is the subject and may stand in the context of the claim; the others must be in the claim
    /// itself.
    std::vector<std::vector<std::vector<std::string>>> about;
    std::vector<std::vector<std::string>> unless;
    Stance stance = Stance::unclear;
    std::optional<double> low,
        high; ///< the claim must name a number with `unit`; inside: holds; outside: fails
    std::string unit;
    std::string found, source, key;
};

/// Reads facts.csv: id,about,unless,stance,low,high,unit,found,source,status.
std::vector<Fact> read_facts(const std::string& file, std::string_view bytes, Diagnostics& diagnostics);

/// What a host or the words of an entry say about the kind of source.
struct Site {
    std::string host, kind; ///< kind: vendor, consumer site, AI search page ...
};
std::vector<Site> read_sites(const std::string& file, std::string_view bytes, Diagnostics& diagnostics);

/// What the review holds about one study or report, gathered for comparing.
struct Source {
    std::string id; ///< of the study, or of the report where it belongs to no study
    const model::Study* study = nullptr;
    std::vector<const model::Report*> reports;
    std::vector<const model::Conclusion*> conclusions;
    std::vector<const model::Published*> published;
    std::vector<const model::Result*> results;
    std::vector<const model::Arm*> arms;
    std::set<std::string> questions;
    std::string label, author, kind; ///< kind: trial review guideline agency other
    std::set<std::string> authors;   ///< names in lower case
    std::optional<int> year;
    std::vector<Quantity> numbers;  ///< of key numbers and durations in words
    std::vector<std::string> stems; ///< of population, title and citation
    bool retracted = false;
    std::string cite() const; ///< "Boyle 2017 (PMID 28445426)"
    std::string link() const; ///< DOI or PMID as a URL; empty: none
};

/// The state of the evidence on a question, as counted from the coded conclusions.
struct Evidence {
    const model::Question* question = nullptr;
    int trials_benefit = 0, trials_none = 0, trials_open = 0,
        trials_harm = 0;                                         ///< randomised or controlled trials
    int reviews_benefit = 0, reviews_none = 0, reviews_open = 0; ///< reviews and guidelines
    int weak = 0;                                                ///< studies without a control group
    std::string certainty; ///< lowest published grade; empty: not graded
    std::string in_words;  ///< "trials: 2 benefit, 2 no benefit; reviews: ..."
    std::string verdict_code, verdict_text;
};

class Base {
public:
    Base(const model::Review& review, const model::ReviewResults* results,
         std::set<std::string> retracted = {});

    const model::Review& review;
    Vocabulary vocabulary;
    std::vector<Source> sources;
    std::map<std::string, Evidence> evidence; ///< by question
    std::vector<Limit> limits;
    std::vector<Form> forms;
    std::vector<Apart> apart;
    std::vector<Fact> facts;
    std::vector<Site> sites;
    std::vector<std::string> substance; ///< stems of its names

    /// To be called once the tables of forms and drugs are in place.
    void index();
    const Source* find(std::string_view id) const;
};

} // namespace assay::claims
