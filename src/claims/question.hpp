// A question in plain words taken apart: how many sources are wanted, who may have paid for them, what is
// claimed, and the words that are left to be matched with a review.
#pragma once

#include "claims/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

/// What the question supposes that the intervention does.
enum class Claimed {
    benefit, ///< "helps", "relaxes", or nothing said
    harm,    ///< "causes", "worsens", "side effects"
    little   ///< "does nothing", "does not help"
};

/// Which way a number is said to go, where the question says so.
enum class Way { unsaid, up, down };

enum class Independence { any, preferred, required };

struct Asked {
    std::string text; ///< as asked: valid UTF-8 on one line, without control characters
    Claimed claimed = Claimed::benefit;
    Way way = Way::unsaid;
    bool relieves = false; ///< a word of help is there: "reduces nausea" claims no harm
    int want = 0;          ///< sources asked for; 0: none named
    Independence independence = Independence::any;
    bool randomised_only = false;
    std::vector<Word> words;             ///< what is left, in order
    std::vector<std::string> understood; ///< requests found, each with the words that made it
};

/// Longest question that is read, in bytes.
inline constexpr std::size_t longest_question = 4000;

/// Reads a question. Never fails: an empty text gives no words.
Asked read_question(std::string_view text);

} // namespace assay::claims
