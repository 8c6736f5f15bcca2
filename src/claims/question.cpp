#include "claims/question.hpp"

#include "base/utf8.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace assay::claims {

namespace {

struct Token {
    std::string word;
    int clause = 0;
    bool used = false; ///< belongs to a request, not to the subject of the question
};

using Words = std::span<const std::string_view>;

bool among(std::string_view word, Words list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// The word begins with one of the list ("sponsor" finds "sponsored").
bool begins(std::string_view word, Words list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view stem) { return word.starts_with(stem); });
}

struct NumberWord {
    std::string_view word;
    int value;
};
constexpr NumberWord number_words[] = {
    {"one", 1},  {"two", 2},     {"couple", 2},  {"three", 3},  {"few", 3},    {"several", 3},
    {"four", 4}, {"five", 5},    {"six", 6},     {"seven", 7},  {"eight", 8},  {"nine", 9},
    {"ten", 10}, {"eleven", 11}, {"twelve", 12}, {"dozen", 12}, {"twenty", 20}};

/// What people call a thing they want to be shown.
constexpr std::string_view resources[] = {
    "study",  "studies", "trial",    "trials",    "paper",       "papers",     "article",     "articles",
    "source", "sources", "resource", "resources", "reference",   "references", "publication", "publications",
    "rct",    "rcts",    "citation", "citations", "experiments", "experiment"};
/// Words that end the run of adjectives between a number and its noun.
constexpr std::string_view no_adjective[] = {"of",    "in",    "for",   "with",   "on",    "after", "before",
                                             "week",  "weeks", "month", "months", "days",  "day",   "mg",
                                             "times", "per",   "to",    "than",   "hours", "years"};
constexpr std::string_view negations[] = {"not", "no", "without", "non", "never", "free", "t", "nor", "none"};
constexpr std::string_view paid[] = {"paid",    "pay",     "fund",     "sponsor",    "financ",
                                     "support", "industr", "compan",   "manufactur", "maker",
                                     "vendor",  "commerc", "conflict", "produced",   "written"};
constexpr std::string_view new_clause[] = {"that",          "which",   "who",     "showing",
                                           "demonstrating", "proving", "whether", "supporting",
                                           "about",         "on",      "because", "and"};
constexpr std::string_view wished[] = {"preferably", "ideally",  "prefer",  "preference",
                                       "preferred",  "possible", "possibly"};
constexpr std::string_view randomised[] = {"randomised", "randomized", "rct", "rcts"};

constexpr std::string_view helps[] = {"help",  "reliev",  "improv", "prevent",  "relax",  "eas",
                                      "treat", "cur",     "work",   "effectiv", "benefi", "lessen",
                                      "sooth", "heal",    "useful", "reduc",    "lower",  "stop",
                                      "good",  "support", "better", "alleviat"};
constexpr std::string_view harms[] = {"worsen", "harm",   "aggravat", "trigger", "dangerous",
                                      "caus",   "unsafe", "toxic",    "damag"};
constexpr std::string_view useless[] = {"useless", "ineffective", "nothing", "worthless", "placebo"};
constexpr std::string_view ups[] = {"rais", "increas", "elevat", "boost"};
constexpr std::string_view downs[] = {"lower", "reduc", "decreas", "lessen", "drop", "cut"};

bool hidden(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xad;
}

bool ends_clause(char32_t c) {
    constexpr std::u32string_view marks = U",;:.?!()[]\u2013\u2014\u3002\u3001\uff0c\uff1f";
    return marks.find(c) != std::u32string_view::npos;
}

std::string one_line(std::string_view text) {
    std::string out;
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        at += static_cast<std::size_t>(point.bytes);
        if (!point.valid || hidden(point.value) || point.value == ' ' || point.value == 0xa0) {
            space = !out.empty();
            continue;
        }
        if (space) out += ' ';
        space = false;
        out += encode_code_point(point.value);
    }
    return out;
}

std::vector<Token> tokens_of(const std::string& text) {
    text::Folder folder;
    std::vector<Token> tokens;
    int clause = 0;
    auto add = [&](std::string_view part) {
        const std::string words = folder.words(part);
        for (std::size_t start = 0; start < words.size();) {
            const auto end = std::min(words.find(' ', start), words.size());
            Token token;
            token.word = words.substr(start, end - start);
            if (among(token.word, new_clause)) ++clause;
            token.clause = clause;
            tokens.push_back(std::move(token));
            start = end + 1;
        }
        ++clause;
    };
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        const auto next = at + static_cast<std::size_t>(point.bytes);
        if (ends_clause(point.value)) {
            add(std::string_view(text).substr(start, at - start));
            start = next;
        }
        at = next;
    }
    add(std::string_view(text).substr(start));
    return tokens;
}

std::optional<int> number_of(const std::string& word) {
    for (const auto& row : number_words)
        if (row.word == word) return row.value;
    int value = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (fault != std::errc{} || end != word.data() + word.size() || value < 1 || value > 999)
        return std::nullopt;
    return value;
}

std::string quoted(const std::vector<Token>& tokens, std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t i = first; i <= last; ++i)
        text += (text.empty() ? "" : " ") + tokens[i].word;
    return "\"" + text + "\"";
}

/// "three academic resources", "at least 2 randomised trials".
void read_want(std::vector<Token>& tokens, Asked& asked) {
    constexpr std::size_t farthest = 5; // words between the number and its noun
    for (std::size_t i = 0; i < tokens.size() && asked.want == 0; ++i) {
        const auto number = number_of(tokens[i].word);
        if (!number) continue;
        for (std::size_t j = i + 1; j < tokens.size() && j <= i + farthest; ++j) {
            if (tokens[j].clause != tokens[i].clause || among(tokens[j].word, no_adjective)) break;
            if (!among(tokens[j].word, resources)) continue;
            asked.want = *number;
            for (std::size_t k = i; k <= j; ++k)
                tokens[k].used = true;
            asked.understood.push_back("sources wanted: " + std::to_string(*number) + ", from " +
                                       quoted(tokens, i, j));
            break;
        }
    }
}

/// "not paid for by ...", "independent studies", "no industry funding".
void read_independence(std::vector<Token>& tokens, Asked& asked) {
    constexpr std::size_t farthest = 4;
    const bool wish =
        std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return among(t.word, wished); });
    auto found = [&](std::size_t first, std::size_t last) {
        if (asked.independence == Independence::any)
            asked.understood.push_back(std::string(wish ? "preferably " : "") +
                                       "not paid by those who sell it, from " + quoted(tokens, first, last));
        asked.independence = wish ? Independence::preferred : Independence::required;
        for (std::size_t k = first; k <= last; ++k)
            tokens[k].used = true;
        for (auto& token : tokens)
            if (among(token.word, wished)) token.used = true;
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].word.starts_with("independent") || tokens[i].word == "unsponsored") found(i, i);
        if (!among(tokens[i].word, negations)) continue;
        for (std::size_t j = i + 1;
             j < tokens.size() && j <= i + farthest && tokens[j].clause == tokens[i].clause; ++j) {
            if (!begins(tokens[j].word, paid)) continue;
            // What follows in the clause says by whom.
            std::size_t last = j;
            while (last + 1 < tokens.size() && tokens[last + 1].clause == tokens[i].clause)
                ++last;
            found(i, last);
            break;
        }
    }
}

void read_design(const std::vector<Token>& tokens, Asked& asked) {
    const auto at =
        std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return among(t.word, randomised); });
    if (at == tokens.end()) return;
    asked.randomised_only = true;
    asked.understood.push_back("randomised trials only, from \"" + at->word + "\"");
}

/// A negation shortly before a word of help: "does not help", "doesn't really work".
bool negated(const std::vector<Token>& tokens, std::size_t at) {
    for (std::size_t back = 1; back <= 3 && back <= at; ++back)
        if (!tokens[at - back].used && among(tokens[at - back].word, negations)) return true;
    return false;
}

void read_claim(const std::vector<Token>& tokens, Asked& asked) {
    bool denied = false, harm = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (token.used) continue;
        if (begins(token.word, helps)) asked.relieves = true;
        if (begins(token.word, helps) && negated(tokens, i)) denied = true;
        if (among(token.word, useless) && token.word != "placebo") denied = true;
        if (begins(token.word, harms)) harm = true;
        if (token.word == "side" && i + 1 < tokens.size() && tokens[i + 1].word.starts_with("effect"))
            harm = true;
        if (asked.way != Way::unsaid) continue;
        if (begins(token.word, ups)) asked.way = Way::up;
        if (begins(token.word, downs)) asked.way = Way::down;
    }
    asked.claimed = harm ? Claimed::harm : denied ? Claimed::little : Claimed::benefit;
}

} // namespace

Asked read_question(std::string_view text) {
    Asked asked;
    asked.text = one_line(text.substr(0, longest_question));
    auto tokens = tokens_of(asked.text);
    read_want(tokens, asked);
    read_independence(tokens, asked);
    read_design(tokens, asked);
    read_claim(tokens, asked);
    std::string rest;
    for (const auto& token : tokens)
        if (!token.used) rest += token.word + " ";
    asked.words = words_of(rest);
    return asked;
}

} // namespace assay::claims
