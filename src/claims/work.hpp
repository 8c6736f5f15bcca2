// What the checks of one article share while they run.
#pragma once

#include "claims/audit.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

/// A claim with what the checks need to see of it and around it.
struct Item {
    Claim* claim = nullptr;
    const Unit* unit = nullptr;
    std::string_view text;
    std::vector<Word> words;          ///< of the claim
    std::vector<Word> context;        ///< subject and column of a cell, the sentence before, the heading
    std::vector<Hit> hits;            ///< what the claim names in full
    std::vector<const Source*> cited; ///< sources of the base that the claim names or rests on
    bool named_source = false;        ///< the words name a study: "a 2018 trial"
    bool found_source = false, ambiguous_source = false;
    bool inherited = false;              ///< the source was named in a sentence before
    const Citation* narrative = nullptr; ///< the study that the words name
};

struct Work {
    const Base& base;
    Audit& audit;
    std::vector<Item> items;
    bool has_list = false;   ///< the article has a list of references
    std::vector<Word> words; ///< of the whole article

    /// The words that stand between two bytes.
    std::vector<Word> words_in(std::size_t begin, std::size_t end) const;
    std::string_view text() const { return audit.readable.text; }
    const Entry* entry(int number) const;
};

/// Adds a reason to a claim.
Reason& add(Item& item, std::string check, std::string word, Opinion opinion, int rank, std::string said,
            std::string found, std::string source = {}, std::string link = {});

/// True where one of the stems (or "begin*") stands in the words.
bool has_any(const std::vector<Word>& words, std::initializer_list<std::string_view> wanted);
bool has_phrase(const std::vector<Word>& words, const std::vector<std::string>& phrase, std::size_t slack,
                std::size_t* at = nullptr);

/// Spaces and line ends as single spaces, cut to a readable length.
std::string shown(std::string_view text, std::size_t longest = 160);

// ---- stages of the work, in order
void frame(const Work& work, Item& item);
void find_sources(Work& work);
void check_references(Work& work); ///< list against text, entries against the base, kinds of sources
void check_numbers(Work& work);    ///< numbers, limits, arithmetic, interactions
void check_statements(Work& work); ///< facts, guideline grades, forms
void check_directions(Work& work); ///< direction, strength, consensus, own sources
void check_article(Work& work);    ///< conflicts inside, promotion

} // namespace assay::claims
