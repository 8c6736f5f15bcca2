#include "claims/citations.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace assay::claims {

namespace {

using std::string_view;

using ascii::digit;
using ascii::space;
using ascii::upper;

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || upper(c) || static_cast<unsigned char>(c) >= 0xC3;
}
using ascii::to_lower;

int raised_digit(string_view text, std::size_t at, std::size_t& bytes) {
    const auto is = [&](string_view sign, int value) {
        if (text.compare(at, sign.size(), sign) != 0) return -1;
        bytes = sign.size();
        return value;
    };
    for (const auto& [sign, value] :
         {std::pair<string_view, int>{"\xC2\xB9", 1}, {"\xC2\xB2", 2}, {"\xC2\xB3", 3}})
        if (is(sign, value) >= 0) return value;
    if (at + 2 < text.size() && text.compare(at, 2, "\xE2\x81") == 0) {
        const auto last = static_cast<unsigned char>(text[at + 2]);
        if (last == 0xB0 || (last >= 0xB4 && last <= 0xB9)) {
            bytes = 3;
            return last - 0xB0;
        }
    }
    return -1;
}

// "3", "3,4", "3-6": the numbers, a range filled in when it is short.
std::vector<int> number_list(string_view digits) {
    std::vector<int> out;
    int value = -1, from = -1;
    const auto take = [&] {
        if (value < 0) return;
        if (from >= 0 && value > from && value - from < 50)
            for (int i = from + 1; i < value; ++i)
                out.push_back(i);
        out.push_back(value);
        from = -1;
    };
    for (const char c : digits) {
        if (digit(c)) {
            if (value < 100000) value = (value < 0 ? 0 : value * 10) + (c - '0');
        } else {
            take();
            if (c == '-') from = value;
            value = -1;
        }
    }
    take();
    return out;
}

// ---- identifiers
// --------------------------------------------------------------------------------------------

struct IdentifierRule {
    string_view prefix;
    std::size_t least, most; ///< digits after it
    int field;               ///< 0 pmcid, 1 registry, 2 book
};
constexpr std::array<IdentifierRule, 5> identifier_rules{
    {{"PMC", 4, 9, 0}, {"NCT", 8, 8, 1}, {"ISRCTN", 8, 8, 1}, {"NBK", 3, 9, 2}, {"CD0", 5, 5, 1}}};

std::size_t digit_run(string_view text, std::size_t at, std::size_t end) {
    std::size_t stop = at;
    while (stop < end && digit(text[stop]))
        ++stop;
    return stop - at;
}

std::size_t doi_length(string_view text, std::size_t at, std::size_t end) {
    if (text.compare(at, 3, "10.") != 0) return 0;
    const std::size_t registrant = digit_run(text, at + 3, end);
    std::size_t i = at + 3 + registrant;
    if (registrant < 4 || registrant > 9 || i >= end || text[i] != '/') return 0;
    const std::size_t suffix = ++i;
    int round = 0;
    while (i < end && !space(text[i]) && string_view("\"<>{}|\\^`?#&;").find(text[i]) == string_view::npos &&
           static_cast<unsigned char>(text[i]) < 0x80) {
        round += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (round < 0) break;
        ++i;
    }
    while (i > suffix && string_view(".,;:)]*_'").find(text[i - 1]) != string_view::npos &&
           !(text[i - 1] == ')' && text.substr(suffix, i - suffix).find('(') != string_view::npos))
        --i;
    return i > suffix ? i - at : 0;
}

bool starts_word(string_view text, std::size_t at) {
    return at == 0 || (!is_alpha(text[at - 1]) && !digit(text[at - 1]));
}

// Fills `citation` with the identifier that starts at `at`; its length, or 0.
std::size_t identifier_at(string_view text, std::size_t at, std::size_t end, Citation& citation) {
    if (const std::size_t length =
            (at == 0 || !digit(text[at - 1])) && text[at] == '1' ? doi_length(text, at, end) : 0) {
        citation.doi = to_lower(text.substr(at, length));
        return length;
    }
    if (!starts_word(text, at)) return 0;
    for (const IdentifierRule& rule : identifier_rules) {
        if (text.compare(at, rule.prefix.size(), rule.prefix) != 0) continue;
        const std::size_t digits = digit_run(text, at + rule.prefix.size(), end);
        if (digits < rule.least || digits > rule.most) continue;
        const std::size_t length = rule.prefix.size() + digits;
        const std::string value(text.substr(at, length));
        (rule.field == 0 ? citation.pmcid : rule.field == 1 ? citation.registry : citation.book) = value;
        return length;
    }
    if (text.compare(at, 4, "PMID") == 0) {
        std::size_t i = at + 4;
        while (i < end && (space(text[i]) || text[i] == ':'))
            ++i;
        const std::size_t digits = digit_run(text, i, end);
        if (digits < 4 || digits > 8) return 0;
        citation.pmid = std::string(text.substr(i, digits));
        return i + digits - at;
    }
    return 0;
}

std::size_t url_length(string_view text, std::size_t at, std::size_t end) {
    const bool scheme = text.compare(at, 7, "http://") == 0 || text.compare(at, 8, "https://") == 0;
    if (!scheme && !(text.compare(at, 4, "www.") == 0 && starts_word(text, at))) return 0;
    std::size_t i = at;
    int round = 0;
    while (i < end && !space(text[i]) && string_view("\"<>|`").find(text[i]) == string_view::npos &&
           text.compare(i, 3, "\xE2\x80\x9D") != 0) {
        round += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (round < 0) break;
        ++i;
    }
    while (i > at && string_view(".,;:!?*_]'").find(text[i - 1]) != string_view::npos)
        --i;
    return i - at > 8 ? i - at : 0;
}

// ---- studies named in words
// ---------------------------------------------------------------------------------

struct Token {
    std::string word; ///< lower case
    std::size_t begin = 0, end = 0;
    bool capital = false;
    bool glued = false; ///< nothing but spaces between it and the token before
    char after = ' ';   ///< the sign right behind it
};

std::vector<Token> tokens_of(string_view text, std::size_t begin, std::size_t end) {
    std::vector<Token> tokens;
    std::size_t last = begin;
    for (std::size_t at = begin; at < end;) {
        if (!is_alpha(text[at]) && !digit(text[at])) {
            ++at;
            continue;
        }
        std::size_t stop = at;
        while (stop < end && (is_alpha(text[stop]) || digit(text[stop]) ||
                              (static_cast<unsigned char>(text[stop]) & 0xC0U) == 0x80 ||
                              (text[stop] == '-' && stop + 1 < end && is_alpha(text[stop + 1]))))
            ++stop;
        // A raised number right behind a word is no part of it.
        for (std::size_t i = at; i < stop; ++i) {
            std::size_t bytes = 0;
            if (raised_digit(text, i, bytes) >= 0) {
                stop = i;
                break;
            }
        }
        if (stop == at) {
            ++at;
            continue;
        }
        Token token;
        token.word = to_lower(text.substr(at, stop - at));
        token.begin = at;
        token.end = stop;
        token.capital = upper(text[at]) || static_cast<unsigned char>(text[at]) >= 0xC3;
        token.glued = true;
        for (std::size_t i = last; i < at; ++i)
            token.glued = token.glued && space(text[i]);
        token.after = stop < end ? text[stop] : ' ';
        tokens.push_back(std::move(token));
        last = stop;
        at = stop;
    }
    return tokens;
}

std::optional<int> year_of(const Token& token) {
    if (token.word.size() != 4) return {};
    int year = 0;
    for (const char c : token.word) {
        if (!digit(c)) return {};
        year = year * 10 + (c - '0');
    }
    if (year < 1900 || year > 2099) return {};
    return year;
}

struct DesignRow {
    string_view word; ///< sorted
    Design design;
};
constexpr std::array<DesignRow, 22> designs{{{"analysis", Design::any_study},
                                             {"article", Design::any_study},
                                             {"cohort", Design::observational},
                                             {"experiment", Design::trial},
                                             {"guideline", Design::guideline},
                                             {"guidelines", Design::guideline},
                                             {"meta-analysis", Design::review},
                                             {"metaanalysis", Design::review},
                                             {"overview", Design::review},
                                             {"paper", Design::any_study},
                                             {"pilot", Design::any_study},
                                             {"publication", Design::any_study},
                                             {"rct", Design::trial},
                                             {"report", Design::any_study},
                                             {"research", Design::any_study},
                                             {"review", Design::review},
                                             {"reviews", Design::review},
                                             {"studies", Design::any_study},
                                             {"study", Design::any_study},
                                             {"survey", Design::observational},
                                             {"trial", Design::trial},
                                             {"trials", Design::trial}}};

const DesignRow* design_row(string_view word) {
    const auto at =
        std::lower_bound(designs.begin(), designs.end(), word,
                         [](const DesignRow& row, string_view wanted) { return row.word < wanted; });
    return at != designs.end() && at->word == word ? &*at : nullptr;
}

template<std::size_t N> bool one_of(const std::array<string_view, N>& sorted, string_view word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

constexpr std::array<string_view, 9> determiners{"a",    "an",  "another", "one", "our",
                                                 "that", "the", "their",   "this"};

constexpr std::array<string_view, 34> reporting{
    "analyzed",    "claimed",   "concluded",    "concludes",     "confirmed", "demonstrated", "demonstrates",
    "described",   "did",       "discovered",   "examined",      "failed",    "finds",        "found",
    "highlighted", "indicated", "investigated", "investigating", "involving", "noted",        "notes",
    "observed",    "published", "reported",     "reports",       "revealed",  "reviewed",     "showed",
    "showing",     "shows",     "stated",       "suggested",     "suggests",  "using"};

// Reads from the words of a claim's source: from the determiner to what follows the noun.
class Narrator {
public:
    Narrator(string_view text, std::size_t begin, std::size_t end)
        : text_(text), tokens_(tokens_of(text, begin, end)) {}

    std::vector<Citation> run() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const DesignRow* row = design_row(tokens_[i].word);
            if (row && i >= from_) narrative(i, *row);
        }
        for (std::size_t i = 0; i < tokens_.size(); ++i)
            author(i);
        std::sort(out_.begin(), out_.end(),
                  [](const Citation& a, const Citation& b) { return a.begin < b.begin; });
        return std::move(out_);
    }

private:
    // The noun phrase around a design word: "a highly rigorous randomized crossover trial published in 2024".
    void narrative(std::size_t noun, const DesignRow& row) {
        // "systematic review and meta-analysis", "study protocol": go to the last design word of the phrase.
        std::size_t last = noun;
        Design design = row.design;
        while (last + 1 < tokens_.size()) {
            std::size_t next = last + 1;
            if (tokens_[next].word == "and" && next + 1 < tokens_.size()) ++next;
            const DesignRow* more = design_row(tokens_[next].word);
            if (!more || (next == last + 1 && !tokens_[next].glued)) break;
            if (more->design != Design::any_study) design = design == Design::review ? design : more->design;
            last = next;
        }
        std::size_t first = noun;
        Citation citation;
        bool determined = false;
        while (first > from_ && noun - first < 12) {
            const Token& before = tokens_[first - 1];
            if (!tokens_[first].glued && !comma_between(before, tokens_[first])) break;
            if (design_row(before.word) && before.word != "cohort" && before.word != "pilot") break;
            if (one_of(determiners, before.word)) {
                --first;
                determined = true;
                break;
            }
            if (stops_phrase(before.word)) break;
            --first;
            if (const auto year = year_of(before)) citation.year = year;
        }
        for (std::size_t i = first; i <= last; ++i) {
            const std::string& word = tokens_[i].word;
            citation.design_words += (citation.design_words.empty() ? "" : " ") + word;
            if (word == "clinical" || word.rfind("random", 0) == 0 || word.rfind("placebo", 0) == 0 ||
                word == "crossover" || word == "double-blind")
                design = design == Design::any_study ? Design::trial : design;
            if (word == "systematic" || word == "cochrane")
                design = design == Design::any_study ? Design::review : design;
            if (word == "observational" || word == "survey") design = Design::observational;
            if (word == "cochrane") citation.author = "Cochrane";
        }
        const bool plural = tokens_[last].word == "studies" || tokens_[last].word == "trials" ||
                            tokens_[last].word == "reviews" || tokens_[last].word == "guidelines" ||
                            tokens_[last].word == "research";
        citation.design = design;
        std::size_t end = last;
        bool reported = false;
        for (std::size_t i = last + 1; i < tokens_.size() && i <= last + 14; ++i) {
            const Token& token = tokens_[i];
            const std::string& word = token.word;
            if (i == last + 1 && tokens_[i].glued && one_of(reporting, word)) reported = true;
            if (one_of(reporting, word) && word != "published" && word != "using" && word != "involving") {
                reported = reported || i <= last + 9;
                break;
            }
            if (word == "published" && i + 2 < tokens_.size() &&
                (tokens_[i + 1].word == "in" || tokens_[i + 1].word == "on")) {
                if (const auto year = year_of(tokens_[i + 2])) {
                    citation.year = year;
                    end = i + 2;
                    i += 2;
                } else if (tokens_[i + 2].capital || tokens_[i + 2].word == "the") {
                    journal(i + 2, citation, end);
                }
                continue;
            }
            if (word == "in" && i == last + 1 && i + 1 < tokens_.size()) {
                if (const auto year = year_of(tokens_[i + 1])) {
                    citation.year = year;
                    end = i + 1;
                } else if (tokens_[i + 1].capital ||
                           (tokens_[i + 1].word == "the" && i + 2 < tokens_.size() &&
                            (tokens_[i + 2].capital || tokens_[i + 2].word == "journal"))) {
                    journal(i + 1, citation, end);
                }
                continue;
            }
            if (word == "by" && i + 1 < tokens_.size() && tokens_[i + 1].capital) {
                citation.author = std::string(
                    text_.substr(tokens_[i + 1].begin, tokens_[i + 1].end - tokens_[i + 1].begin));
                end = i + 1;
                if (i + 3 < tokens_.size() && tokens_[i + 2].word == "et" && tokens_[i + 3].word == "al")
                    end = i + 3;
                i = end;
                continue;
            }
            if (word == "of" && i + 2 < tokens_.size() && digit(tokens_[i + 1].word[0]) && i <= last + 2) {
                const int count =
                    number_list(tokens_[i + 1].word).empty() ? 0 : number_list(tokens_[i + 1].word).front();
                for (std::size_t k = i + 2; k < std::min(tokens_.size(), i + 5); ++k) {
                    const std::string& what = tokens_[k].word;
                    const bool of_studies =
                        what == "rcts" || what == "studies" || what == "trials" || what == "reviews";
                    const bool of_people = what == "people" || what == "patients" || what == "adults" ||
                                           what == "participants" || what == "women" || what == "men" ||
                                           what == "subjects" || what == "individuals";
                    if (!of_studies && !of_people) continue;
                    (of_studies ? citation.studies : citation.people) = count;
                    end = i = k;
                    break;
                }
                continue;
            }
            if (year_of(token) && i == last + 1) {
                citation.year = year_of(token);
                end = i;
                continue;
            }
            if (token.after == '.' || token.after == ';') break;
        }
        citation.begin = tokens_[first].begin;
        citation.end = tokens_[end].end;
        if (citation.author == "al" || citation.author.size() < 2) citation.author.clear();
        const bool named =
            citation.year || !citation.author.empty() || !citation.journal.empty() || citation.studies;
        if (named && (determined || citation.year || !citation.author.empty() || citation.studies)) {
            citation.kind = plural && !citation.year && citation.author.empty() ? CitationKind::vague
                                                                                : CitationKind::narrative;
        } else if (determined && reported && !plural && tokens_[first].word != "this" &&
                   tokens_[first].word != "the" && tokens_[first].word != "that") {
            citation.kind = CitationKind::narrative;
        } else if (plural && vague_from(first, noun, reported, citation)) {
            citation.kind = CitationKind::vague;
        } else
            return;
        from_ = end + 1;
        out_.push_back(std::move(citation));
    }

    // "several recent trials": from the word that says how many; "studies show" from the noun alone.
    bool vague_from(std::size_t first, std::size_t noun, bool reported, Citation& citation) const {
        constexpr std::array<string_view, 24> quantifiers{
            "all",   "both",       "countless", "dozens", "early",      "few",   "five",     "four",
            "human", "individual", "many",      "most",   "multiple",   "newer", "numerous", "older",
            "other", "recent",     "several",   "some",   "subsequent", "these", "three",    "two"};
        for (std::size_t i = first; i < noun; ++i)
            if (std::binary_search(quantifiers.begin(), quantifiers.end(), string_view(tokens_[i].word))) {
                citation.begin = tokens_[i].begin;
                return true;
            }
        citation.begin = tokens_[noun].begin;
        return reported;
    }

    bool comma_between(const Token& a, const Token& b) const {
        return text_.substr(a.end, b.begin - a.end).find_first_not_of(", \n()") == string_view::npos;
    }

    static bool stops_phrase(string_view word) {
        constexpr std::array<string_view, 44> stops{
            "also",      "and",      "are",   "as",       "at",       "available", "be",    "by",
            "can",       "cited",    "cites", "did",      "for",      "found",     "from",  "had",
            "has",       "have",     "in",    "include",  "includes", "including", "is",    "may",
            "of",        "on",       "or",    "provided", "said",     "see",       "shows", "support",
            "supported", "supports", "than",  "through",  "to",       "under",     "used",  "was",
            "were",      "which",    "while", "with"};
        return std::binary_search(stops.begin(), stops.end(), word);
    }

    void journal(std::size_t from, Citation& citation, std::size_t& end) {
        std::size_t last = from;
        std::size_t begin = from;
        if (tokens_[from].word == "the" && from + 1 < tokens_.size()) begin = last = from + 1;
        if (tokens_[begin].word == "journal" && begin + 1 < tokens_.size() && tokens_[begin + 1].capital &&
            !tokens_[begin].capital)
            begin = last = begin + 1;
        if (!tokens_[begin].capital) return;
        for (std::size_t i = begin + 1; i < tokens_.size() && i < begin + 8; ++i) {
            const bool small = tokens_[i].word == "of" || tokens_[i].word == "and" ||
                               tokens_[i].word == "the" || tokens_[i].word == "in";
            if (!tokens_[i].glued || (!tokens_[i].capital && !small)) break;
            if (tokens_[i].capital) last = i;
        }
        citation.journal =
            std::string(text_.substr(tokens_[begin].begin, tokens_[last].end - tokens_[begin].begin));
        end = last;
        if (last + 1 < tokens_.size())
            if (const auto year = year_of(tokens_[last + 1])) {
                citation.year = year;
                end = last + 1;
            }
    }

    // "Boyle et al.", "Smith and Jones (2019)", "Cox 1991"
    void author(std::size_t i) {
        const Token& name = tokens_[i];
        if (!name.capital || name.word.size() < 2 || digit(name.word[0])) return;
        for (const Citation& known : out_)
            if (name.begin >= known.begin && name.end <= known.end) return;
        Citation citation;
        citation.kind = CitationKind::author_year;
        citation.author = std::string(text_.substr(name.begin, name.end - name.begin));
        citation.begin = name.begin;
        std::size_t last = i;
        bool sure = false;
        if (i + 2 < tokens_.size() && tokens_[i + 1].word == "et" && tokens_[i + 2].word == "al") {
            last = i + 2;
            sure = true;
        } else if (i + 2 < tokens_.size() && tokens_[i + 1].word == "and" && tokens_[i + 2].capital &&
                   i + 3 < tokens_.size() && year_of(tokens_[i + 3])) {
            last = i + 2;
        } else if (i + 1 < tokens_.size() &&
                   text_.substr(name.end, tokens_[i + 1].begin - name.end) == " & " && tokens_[i + 1].capital)
            last = i + 1;
        if (last + 1 < tokens_.size() && close_year(tokens_[last], tokens_[last + 1])) {
            citation.year = year_of(tokens_[last + 1]);
            ++last;
        }
        if (!sure && !citation.year) return;
        if (!sure && last == i + 1) { // a bare "Name 1991": only where no month or common word stands
            constexpr std::array<string_view, 26> common{
                "after",    "april",  "august",   "before",  "by",        "december",  "during",
                "february", "from",   "in",       "january", "july",      "june",      "like",
                "march",    "may",    "november", "october", "published", "september", "since",
                "spring",   "summer", "the",      "until",   "updated"};
            if (std::binary_search(common.begin(), common.end(), string_view(name.word))) return;
            const bool round =
                text_[name.end] == ' ' &&
                text_.substr(name.end, tokens_[last].begin - name.end).find('(') != string_view::npos;
            const bool inside = name.begin > 0 && text_[name.begin - 1] == '(';
            if (!round && !inside) return;
        }
        citation.end = tokens_[last].end;
        out_.push_back(std::move(citation));
    }

    bool close_year(const Token& a, const Token& b) const {
        if (!year_of(b)) return false;
        const string_view between = text_.substr(a.end, b.begin - a.end);
        return between.size() <= 4 && between.find_first_not_of(" ,.(") == string_view::npos;
    }

    string_view text_;
    std::vector<Token> tokens_;
    std::vector<Citation> out_;
    std::size_t from_ = 0;
};

// ---- numbered citations
// -------------------------------------------------------------------------------------

void numbered(string_view text, std::size_t begin, std::size_t end, std::vector<Citation>& out) {
    for (std::size_t at = begin; at < end; ++at) {
        std::size_t bytes = 0;
        if (raised_digit(text, at, bytes) >= 0) {
            std::string digits;
            std::size_t i = at;
            while (i < end) {
                const int digit = raised_digit(text, i, bytes);
                if (digit >= 0) {
                    digits += static_cast<char>('0' + digit);
                    i += bytes;
                } else if ((text[i] == ',' || text[i] == '-') && raised_digit(text, i + 1, bytes) >= 0) {
                    digits += text[i++];
                } else if (text.compare(i, 3, "\xE2\x80\x93") == 0 && raised_digit(text, i + 3, bytes) >= 0) {
                    digits += '-';
                    i += 3;
                } else if ((text.compare(i, 3, "\xE2\x81\xBB") == 0) ||
                           (text.compare(i, 2, "\xCB\x92") == 0)) {
                    digits += '-';
                    i += text[i] == '\xE2' ? 3 : 2;
                } else
                    break;
            }
            // m², cm³: a power, not a citation.
            std::size_t from = at;
            while (from > begin && is_alpha(text[from - 1]))
                --from;
            const std::string before = to_lower(text.substr(from, at - from));
            const bool power = before == "m" || before == "cm" || before == "mm" || before == "km" ||
                               before == "x" || before == "dm" ||
                               (from == at && at > begin && digit(text[at - 1]));
            if (!power && !digits.empty()) {
                Citation citation;
                citation.kind = CitationKind::numbered;
                citation.begin = at;
                citation.end = i;
                citation.numbers = number_list(digits);
                out.push_back(std::move(citation));
            }
            at = i - 1;
            continue;
        }
        if (text[at] == '[' && at + 1 < end && digit(text[at + 1])) {
            const std::size_t close = text.find(']', at);
            if (close == string_view::npos || close >= end || close - at > 24) continue;
            std::string inside;
            bool fits = true;
            for (std::size_t i = at + 1; i < close; ++i) {
                if (digit(text[i]) || text[i] == ',' || text[i] == '-')
                    inside += text[i];
                else if (text.compare(i, 3, "\xE2\x80\x93") == 0) {
                    inside += '-';
                    i += 2;
                } else if (!space(text[i]))
                    fits = false;
            }
            if (!fits) continue;
            Citation citation;
            citation.kind = CitationKind::numbered;
            citation.begin = at;
            citation.end = close + 1;
            citation.numbers = number_list(inside);
            out.push_back(std::move(citation));
            at = close;
        }
    }
    // A plain number behind the sentence's point: "... of the brain. 18"
    std::size_t stop = end;
    while (stop > begin && (space(text[stop - 1]) || text[stop - 1] == '*'))
        --stop;
    std::size_t from = stop;
    while (from > begin && (digit(text[from - 1]) || text[from - 1] == ',' || text[from - 1] == '-'))
        --from;
    if (from < stop && stop - from <= 7 && from > begin + 1 && space(text[from - 1]) && digit(text[from])) {
        std::size_t point = from;
        while (point > begin && space(text[point - 1]))
            --point;
        if (point > begin && (text[point - 1] == '.' || text[point - 1] == '"')) {
            Citation citation;
            citation.kind = CitationKind::numbered;
            citation.begin = from;
            citation.end = stop;
            citation.numbers = number_list(text.substr(from, stop - from));
            if (!citation.numbers.empty() && citation.numbers.back() < 1000)
                out.push_back(std::move(citation));
        }
    }
}

} // namespace

std::string_view to_string(CitationKind kind) {
    switch (kind) {
    case CitationKind::numbered:
        return "numbered_citation";
    case CitationKind::author_year:
        return "author_year";
    case CitationKind::narrative:
        return "narrative_citation";
    case CitationKind::identifier:
        return "identifier";
    case CitationKind::url:
        return "url";
    case CitationKind::vague:
        return "vague_citation";
    }
    return "";
}

std::string_view to_string(Design design) {
    switch (design) {
    case Design::none:
        return "";
    case Design::trial:
        return "trial";
    case Design::review:
        return "review";
    case Design::guideline:
        return "guideline";
    case Design::observational:
        return "observational study";
    case Design::any_study:
        return "study";
    }
    return "";
}

std::string host_of(string_view url) {
    std::size_t from = url.find("://");
    from = from == string_view::npos ? 0 : from + 3;
    std::string host = to_lower(url.substr(from, url.find_first_of("/?#:", from) - from));
    if (host.rfind("www.", 0) == 0) host.erase(0, 4);
    return host.find('.') == std::string::npos ? std::string() : host;
}

namespace {

void linked(string_view text, std::size_t begin, std::size_t end, std::vector<Citation>& out) {
    for (std::size_t at = begin; at < end;) {
        if (const std::size_t length = (text[at] == 'h' || text[at] == 'w') ? url_length(text, at, end) : 0) {
            Citation url;
            url.begin = at;
            url.end = at + length;
            url.url = std::string(text.substr(at, length));
            url.kind = CitationKind::url;
            const std::string host = host_of(url.url);
            if (host == "pubmed.ncbi.nlm.nih.gov") {
                const std::size_t slash = url.url.find("nih.gov/");
                const std::size_t digits = digit_run(url.url, slash + 8, url.url.size());
                if (digits >= 4 && digits <= 8) url.pmid = url.url.substr(slash + 8, digits);
            }
            std::vector<Citation> nested;
            for (std::size_t i = at; i < at + length;) {
                Citation inner;
                const std::size_t found = identifier_at(text, i, at + length, inner);
                if (!found) {
                    ++i;
                    continue;
                }
                inner.kind = CitationKind::identifier;
                inner.begin = i;
                inner.end = i + found;
                if (!inner.doi.empty()) url.doi = inner.doi;
                if (!inner.pmcid.empty()) url.pmcid = inner.pmcid;
                if (!inner.registry.empty()) url.registry = inner.registry;
                if (!inner.book.empty()) url.book = inner.book;
                nested.push_back(std::move(inner));
                i += found;
            }
            if (!url.pmid.empty()) url.kind = CitationKind::identifier;
            out.push_back(std::move(url));
            out.insert(out.end(), nested.begin(), nested.end());
            at += length;
            continue;
        }
        Citation citation;
        if (const std::size_t length = identifier_at(text, at, end, citation)) {
            citation.kind = CitationKind::identifier;
            citation.begin = at;
            citation.end = at + length;
            out.push_back(std::move(citation));
            at += length;
            continue;
        }
        ++at;
    }
}

} // namespace

std::vector<Citation> citations(string_view text, std::size_t begin, std::size_t end) {
    end = std::min(end, text.size());
    const string_view upto = text.substr(0, end);
    std::vector<Citation> out;
    linked(upto, begin, end, out);
    const std::size_t links = out.size();
    numbered(upto, begin, end, out);
    for (Citation& citation : Narrator(upto, begin, end).run()) {
        const bool in_link = std::any_of(
            out.begin(), out.begin() + static_cast<std::ptrdiff_t>(links),
            [&](const Citation& link) { return citation.begin < link.end && link.begin < citation.end; });
        if (!in_link) out.push_back(std::move(citation));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Citation& a, const Citation& b) { return a.begin < b.begin; });
    return out;
}

// ---- the list of references
// ---------------------------------------------------------------------------------

namespace {

struct EntryLine {
    std::size_t begin = 0, end = 0, body = 0;
    int number = 0;      ///< printed
    bool bullet = false; ///< begins with a bullet
};

EntryLine entry_line(string_view text, std::size_t begin, std::size_t end) {
    EntryLine line;
    while (begin < end && (space(text[begin]) || text.compare(begin, 2, "\xC2\xA0") == 0))
        begin += space(text[begin]) ? 1 : 2;
    while (end > begin && space(text[end - 1]))
        --end;
    line.begin = line.body = begin;
    line.end = end;
    const string_view trimmed = begin < end ? text.substr(begin, end - begin) : string_view();
    for (const string_view sign : {"-", "*", "+", "\xE2\x80\xA2", "\xE2\x80\x93", "\xC2\xB7"}) {
        if (trimmed.substr(0, sign.size()) != sign) continue;
        if (trimmed.size() == sign.size()) line.begin = line.body = end; // a bullet with nothing behind it
        if (trimmed.size() == sign.size() || trimmed[sign.size()] != ' ') break;
        line.body += sign.size();
        line.bullet = true;
        while (line.body < end && space(text[line.body]))
            ++line.body;
        break;
    }
    const bool bracket = line.body < end && text[line.body] == '[';
    const std::size_t from = line.body + (bracket ? 1 : 0);
    const std::size_t digits = digit_run(text, from, end);
    if (digits >= 1 && digits <= 3 && from + digits < end) {
        const char sign = text[from + digits];
        const bool spaced = from + digits + 1 < end && space(text[from + digits + 1]);
        if ((bracket && sign == ']') || (!bracket && (sign == '.' || sign == ')') && spaced)) {
            line.number = number_list(text.substr(from, digits)).front();
            line.body = from + digits + 1;
            while (line.body < end && space(text[line.body]))
                ++line.body;
        }
    }
    return line;
}

void describe(string_view text, Entry& entry) {
    std::vector<Citation> found;
    linked(text.substr(0, entry.end), entry.begin, entry.end, found);
    std::size_t title_end = entry.end;
    for (const Citation& citation : found) {
        title_end = std::min(title_end, citation.begin);
        const auto take = [](std::string& into, const std::string& value) {
            if (into.empty()) into = value;
        };
        take(entry.doi, citation.doi);
        take(entry.pmid, citation.pmid);
        take(entry.pmcid, citation.pmcid);
        take(entry.registry, citation.registry);
        take(entry.book, citation.book);
        take(entry.url, citation.url);
    }
    entry.site = host_of(entry.url);
    const std::string lower = to_lower(text.substr(entry.begin, title_end - entry.begin));
    for (const string_view tail :
         {", accessed", " accessed ", " retrieved ", " available at", " available from", "doi:", "pmid"}) {
        const std::size_t at = lower.find(tail);
        if (at != std::string::npos) title_end = std::min(title_end, entry.begin + at);
    }
    for (const char c : text.substr(entry.begin, title_end - entry.begin)) {
        const bool gap = space(c);
        if (gap && (entry.title.empty() || entry.title.back() == ' ')) continue;
        entry.title += gap ? ' ' : c;
    }
    while (!entry.title.empty() && string_view(" ,.;:-(").find(entry.title.back()) != string_view::npos)
        entry.title.pop_back();
    // The year of the work, not the day somebody looked at it.
    for (const Token& token : tokens_of(text, entry.begin, title_end))
        if (const auto year = year_of(token)) entry.year = year;
    const auto words = tokens_of(text, entry.begin, title_end);
    if (words.size() >= 2 && words[0].capital) {
        const string_view between = text.substr(words[0].end, words[1].begin - words[0].end);
        const bool initials = words[1].end - words[1].begin <= 2 && words[1].capital;
        if (initials || (words[1].word == "et") || between.find(',') != string_view::npos)
            entry.author = std::string(text.substr(words[0].begin, words[0].end - words[0].begin));
    }
}

} // namespace

std::vector<Entry> reference_list(string_view text, Span list, int from) {
    std::vector<Entry> out;
    int last = from;
    bool numbered_list = false, blank = false;
    for (std::size_t at = list.begin; at < list.end;) {
        const std::size_t stop = std::min({text.find('\n', at), list.end, text.size()});
        const EntryLine line = entry_line(text, at, stop);
        at = stop + 1;
        if (line.begin >= line.end) {
            blank = true;
            continue;
        }
        const bool open = !out.empty();
        const auto has_link = [&](const Entry& entry) {
            return text.substr(entry.begin, entry.end - entry.begin).find("://") != string_view::npos;
        };
        const bool link_first =
            text.compare(line.body, 4, "http") == 0 || text.compare(line.body, 1, "<") == 0;
        bool fresh = false;
        if (line.number > 0)
            fresh = line.number > last && line.number <= last + 25;
        else if (!open)
            fresh = true;
        else if (line.bullet) // a bullet may be left over from a page break in the middle of an entry
            fresh = !link_first && (!numbered_list || has_link(out.back())) && upper(text[line.body]);
        else
            fresh = !numbered_list && !link_first && (blank || has_link(out.back())) &&
                    line.body < line.end && (upper(text[line.body]) || text[line.body] == '"');
        blank = false;
        if (fresh) {
            Entry entry;
            entry.number = line.number > 0 ? line.number : numbered_list ? last + 1 : 0;
            if (line.number > 0) numbered_list = true;
            if (entry.number > 0) last = entry.number;
            entry.begin = line.body;
            entry.end = line.end;
            out.push_back(std::move(entry));
        } else if (open)
            out.back().end = line.end;
    }
    for (Entry& entry : out)
        describe(text, entry);
    return out;
}

} // namespace assay::claims
