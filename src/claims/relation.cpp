// Whether two statements about one thing cannot both be true. Precision first: it speaks up only where the
// statements share their words and differ in one thing that decides: a direction, a denial, an opposite, a
// number.
#include "claims/polarity.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace assay::claims {

namespace {

using std::string_view;

// Beginnings of words of four letters and more, whole words below that. General English, no field's own
// terms.
constexpr std::array<string_view, 46> rising{
    "increas", "rais",      "promot",   "enhanc",     "induc",   "stimulat",  "accelerat", "encourag",
    "elevat",  "higher",    "high",     "more",       "longer",  "greater",   "better",    "improv",
    "activat", "upregulat", "stabiliz", "facilitat",  "positiv", "enhancer",  "mediat",    "caus",
    "faster",  "larger",    "stronger", "strengthen", "worsen",  "exacerbat", "risen",     "extend",
    "prolong", "maintain",  "boost",    "amplifi",    "favor",   "grow",      "rise",      "contribut",
    "support", "elicit",    "retain",   "quicker",    "expand",  "augment"};
constexpr std::array<string_view, 50> falling{
    "decreas", "reduc",    "lower",      "low",       "less",      "fewer",       "inhibit",    "suppress",
    "repress", "prevent",  "block",      "impair",    "imped",     "slow",        "slower",     "shorter",
    "weaker",  "diminish", "attenuat",   "deactivat", "inactivat", "downregulat", "destabiliz", "antagoniz",
    "negativ", "invers",   "suppressor", "shorten",   "limit",     "lessen",      "minim",      "smaller",
    "declin",  "restrict", "abolish",    "deplet",    "hinder",    "disrupt",     "repair",     "counteract",
    "weaken",  "protect",  "ameliorat",  "alleviat",  "undermin",  "curb",        "dampen",     "drop",
    "fall",    "constrain"};
constexpr std::array<string_view, 34> denial{
    "no",         "not",         "unrelated",    "independent", "ineffective", "unable",   "incapable",
    "lack",       "lacks",       "fail",         "fails",       "failed",      "without",  "never",
    "neither",    "nor",         "cannot",       "don",         "dont",        "doesn",    "same",
    "similar",    "unaffected",  "insufficient", "stable",      "nonexistent", "unlikely", "absent",
    "irrelevant", "unnecessary", "little",       "unchanged",   "rarely",      "hardly"};

struct Opposite {
    string_view a, b;
};
constexpr std::array<Opposite, 40> opposites{
    {{"resist", "suscept"},      {"resist", "vulner"},    {"protect", "vulner"},   {"enhancer", "suppressor"},
     {"depend", "independ"},     {"presenc", "absenc"},   {"generat", "remov"},    {"central", "peripher"},
     {"modest", "dramat"},       {"success", "ineffect"}, {"effect", "ineffect"},  {"easi", "difficult"},
     {"early", "late"},          {"before", "after"},     {"accept", "reject"},    {"gain", "loss"},
     {"includ", "exclud"},       {"same", "differ"},      {"always", "never"},     {"common", "rare"},
     {"major", "minor"},         {"benefici", "harm"},    {"safe", "danger"},      {"singl", "multipl"},
     {"essenti", "unnecessari"}, {"essenti", "dispens"},  {"crucial", "unrel"},    {"relat", "unrel"},
     {"acute", "chronic"},       {"open", "close"},       {"male", "female"},      {"wors", "better"},
     {"strong", "weak"},         {"direct", "indirect"},  {"normal", "abnorm"},    {"stabl", "unstabl"},
     {"rapid", "slow"},          {"fast", "slow"},        {"constant", "variabl"}, {"young", "old"}}};

constexpr std::array<string_view, 46> fillers{
    "a",     "also", "an",  "and", "are",  "as",    "at",   "be",   "been",  "being", "between", "both",
    "by",    "can",  "did", "do",  "does", "due",   "for",  "from", "had",   "has",   "have",    "in",
    "into",  "is",   "it",  "its", "may",  "of",    "on",   "or",   "s",     "than",  "that",    "the",
    "their", "this", "to",  "was", "were", "which", "will", "with", "would", "it's"};

bool filler(string_view word) {
    return std::find(fillers.begin(), fillers.end(), word) != fillers.end();
}

std::vector<std::string> plain_words(string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        char c = i < text.size() ? text[i] : ' ';
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            word += c;
        else if (!word.empty()) {
            out.push_back(word);
            word.clear();
        }
    }
    return out;
}

bool starts(string_view word, string_view beginning) {
    return word.substr(0, beginning.size()) == beginning;
}

bool in_list(string_view word, std::span<const string_view> list) {
    return std::any_of(list.begin(), list.end(), [&](string_view entry) {
        return word == entry || (entry.size() >= 4 && starts(word, entry) && word.size() - entry.size() <= 5);
    });
}

bool is_number(string_view word) {
    constexpr std::array<string_view, 10> words{"one", "two",   "three", "four", "five",
                                                "six", "seven", "eight", "nine", "ten"};
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The words that only one of the statements has, sorted by what they do.
struct Rest {
    std::vector<std::string> all;
    std::size_t up = 0, down = 0, denied = 0, other = 0;
    bool number = false;
};

// Two forms of one word ("associated", "association") are no difference, unless they point different ways.
bool other_form(string_view word, const std::vector<std::string>& others) {
    return std::any_of(others.begin(), others.end(), [&](const std::string& other) {
        return word.size() > 4 && other.size() > 4 && word.substr(0, 5) == string_view(other).substr(0, 5) &&
               in_list(word, rising) == in_list(other, rising);
    });
}

Rest rest_of(const std::vector<std::string>& own, const std::vector<std::string>& others) {
    Rest rest;
    for (const std::string& word : own) {
        if (std::find(others.begin(), others.end(), word) != others.end() || filler(word) ||
            other_form(word, others))
            continue;
        rest.all.push_back(word);
        const bool rises = in_list(word, rising), falls = in_list(word, falling),
                   denies = in_list(word, denial);
        rest.up += rises;
        rest.down += falls;
        rest.denied += denies;
        rest.other += !rises && !falls && !denies;
        rest.number = rest.number || is_number(word);
    }
    return rest;
}

bool any_starts(const Rest& rest, string_view beginning) {
    return std::any_of(rest.all.begin(), rest.all.end(),
                       [&](const std::string& word) { return starts(word, beginning); });
}

bool opposed(const Rest& a, const Rest& b) {
    if (a.all.size() > 3 || b.all.size() > 3) return false;
    return std::any_of(opposites.begin(), opposites.end(), [&](const Opposite& pair) {
        return (any_starts(a, pair.a) && any_starts(b, pair.b)) ||
               (any_starts(a, pair.b) && any_starts(b, pair.a));
    });
}

// The least and most that may differ beside the deciding word; found on labelled pairs,
// docs/methods/claims.md.
constexpr std::size_t shared_least = 2, beside_direction = 2, beside_denial = 5, beside_number = 4;

} // namespace

Relation relation(string_view a, string_view b) {
    const auto words_a = plain_words(a), words_b = plain_words(b);
    std::size_t shared = 0;
    for (const std::string& word : words_a)
        shared += !filler(word) && std::find(words_b.begin(), words_b.end(), word) != words_b.end();
    if (shared < shared_least) return Relation::undetermined;
    const Rest ra = rest_of(words_a, words_b), rb = rest_of(words_b, words_a);
    if (ra.all.empty() && rb.all.empty()) return Relation::compatible;
    if (opposed(ra, rb)) return Relation::contradict;
    if ((ra.denied > 0) != (rb.denied > 0) && ra.other + rb.other <= beside_denial)
        return Relation::contradict;
    const bool up_down = ra.up && rb.down && !ra.down && !rb.up;
    const bool down_up = ra.down && rb.up && !ra.up && !rb.down;
    if ((up_down || down_up) && !ra.denied && !rb.denied && ra.other <= beside_direction &&
        rb.other <= beside_direction && ra.other + rb.other <= beside_direction + 1)
        return Relation::contradict;
    if (ra.number && rb.number && ra.all.size() <= beside_number && rb.all.size() <= beside_number)
        return Relation::contradict;
    if (ra.up && ra.down && rb.up && rb.down && ra.other + rb.other <= 1) return Relation::contradict;
    return Relation::undetermined;
}

} // namespace assay::claims
