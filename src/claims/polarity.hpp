// Which way a statement points: benefit, none, harm or mixed; how sure it sounds; and whether two statements
// about one thing cannot both be true.
#pragma once

#include "claims/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

enum class Direction { none, benefit, no_benefit, harm, mixed };

std::string_view to_string(Direction direction);

struct Tone {
    Direction direction = Direction::none;
    std::string word;      ///< what decided the direction
    bool hedged = false;   ///< may, might, some studies suggest
    bool some = false;     ///< says only that such studies exist: "some studies suggested"
    bool subgroup = false; ///< true of some people only
    bool denied = false;   ///< the words of strength are denied: "not proven"
    int strength = 0;      ///< 0 plain, 1 strong, 2 very strong, 3 final (proven, cures)
    std::string strength_word;
    bool about_evidence = false; ///< the strong word speaks of evidence, trials or research
};

/// Reads the tone of a clause.
Tone tone_of(const std::vector<Word>& words);

/// True where a word of negation stands at most `reach` words before `at`.
bool negated_before(const std::vector<Word>& words, std::size_t at, std::size_t reach);
bool is_negation(std::string_view word);

enum class Relation { contradict, compatible, undetermined };

/// Compares two statements. Speaks up only where they share their subject and differ in one thing that
/// decides.
Relation relation(std::string_view a, std::string_view b);

} // namespace assay::claims
