#include "claims/numbers.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace assay::claims {

namespace {

using std::string_view;

using ascii::digit;
using ascii::space;
using ascii::to_lower;

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0xC3;
}
struct UnitRow {
    string_view written; ///< lower case; sorted
    string_view unit;
    QuantityKind kind;
};

constexpr std::array<UnitRow, 74> units{{{"%", "%", QuantityKind::percent},
                                         {"day", "day", QuantityKind::duration},
                                         {"days", "day", QuantityKind::duration},
                                         {"eq", "Eq", QuantityKind::amount},
                                         {"fold", "times", QuantityKind::ratio},
                                         {"g", "g", QuantityKind::amount},
                                         {"g/day", "g", QuantityKind::amount},
                                         {"gram", "g", QuantityKind::amount},
                                         {"grams", "g", QuantityKind::amount},
                                         {"h", "hour", QuantityKind::duration},
                                         {"hour", "hour", QuantityKind::duration},
                                         {"hours", "hour", QuantityKind::duration},
                                         {"hr", "hour", QuantityKind::duration},
                                         {"hrs", "hour", QuantityKind::duration},
                                         {"iu", "IU", QuantityKind::amount},
                                         {"kg", "kg", QuantityKind::amount},
                                         {"mcg", "ug", QuantityKind::amount},
                                         {"meq", "mEq", QuantityKind::amount},
                                         {"meq/l", "mEq/L", QuantityKind::concentration},
                                         {"mg", "mg", QuantityKind::amount},
                                         {"mg/d", "mg", QuantityKind::amount},
                                         {"mg/day", "mg", QuantityKind::amount},
                                         {"mg/dl", "mg/dL", QuantityKind::concentration},
                                         {"mg/kg", "mg", QuantityKind::amount},
                                         {"mg/l", "mg/L", QuantityKind::concentration},
                                         {"micrograms", "ug", QuantityKind::amount},
                                         {"milligram", "mg", QuantityKind::amount},
                                         {"milligrams", "mg", QuantityKind::amount},
                                         {"milliliters", "mL", QuantityKind::amount},
                                         {"min", "minute", QuantityKind::duration},
                                         {"mins", "minute", QuantityKind::duration},
                                         {"minute", "minute", QuantityKind::duration},
                                         {"minutes", "minute", QuantityKind::duration},
                                         {"ml", "mL", QuantityKind::amount},
                                         {"ml/min", "mL/min", QuantityKind::concentration},
                                         {"mm hg", "mmHg", QuantityKind::pressure},
                                         {"mmhg", "mmHg", QuantityKind::pressure},
                                         {"mmol", "mmol", QuantityKind::amount},
                                         {"mmol/d", "mmol", QuantityKind::amount},
                                         {"mmol/day", "mmol", QuantityKind::amount},
                                         {"mmol/l", "mmol/L", QuantityKind::concentration},
                                         {"mo", "month", QuantityKind::duration},
                                         {"month", "month", QuantityKind::duration},
                                         {"months", "month", QuantityKind::duration},
                                         {"mos", "month", QuantityKind::duration},
                                         {"ng/ml", "ng/mL", QuantityKind::concentration},
                                         {"nights", "day", QuantityKind::duration},
                                         {"ounces", "oz", QuantityKind::amount},
                                         {"oz", "oz", QuantityKind::amount},
                                         {"per cent", "%", QuantityKind::percent},
                                         {"percent", "%", QuantityKind::percent},
                                         {"percentage points", "%", QuantityKind::percent},
                                         {"pg/ml", "pg/mL", QuantityKind::concentration},
                                         {"points", "points", QuantityKind::count},
                                         {"s", "second", QuantityKind::duration},
                                         {"sec", "second", QuantityKind::duration},
                                         {"second", "second", QuantityKind::duration},
                                         {"seconds", "second", QuantityKind::duration},
                                         {"times", "times", QuantityKind::ratio},
                                         {"ug", "ug", QuantityKind::amount},
                                         {"umol/l", "umol/L", QuantityKind::concentration},
                                         {"week", "week", QuantityKind::duration},
                                         {"weeks", "week", QuantityKind::duration},
                                         {"wk", "week", QuantityKind::duration},
                                         {"wks", "week", QuantityKind::duration},
                                         {"x", "times", QuantityKind::ratio},
                                         {"year", "year", QuantityKind::duration},
                                         {"years", "year", QuantityKind::duration},
                                         {"yr", "year", QuantityKind::duration},
                                         {"yrs", "year", QuantityKind::duration},
                                         {"\xC2\xB5g", "ug", QuantityKind::amount},
                                         {"\xC2\xB5mol/l", "umol/L", QuantityKind::concentration},
                                         {"\xCE\xBCg", "ug", QuantityKind::amount},
                                         {"\xCE\xBCmol/l", "umol/L", QuantityKind::concentration}}};

struct Noun {
    string_view word; ///< sorted
    QuantityKind kind;
};

constexpr std::array<Noun, 38> nouns{
    {{"adults", QuantityKind::people},      {"analyses", QuantityKind::studies},
     {"articles", QuantityKind::studies},   {"athletes", QuantityKind::people},
     {"cases", QuantityKind::people},       {"children", QuantityKind::people},
     {"cyclists", QuantityKind::people},    {"females", QuantityKind::people},
     {"individuals", QuantityKind::people}, {"males", QuantityKind::people},
     {"men", QuantityKind::people},         {"meta-analyses", QuantityKind::studies},
     {"papers", QuantityKind::studies},     {"participants", QuantityKind::people},
     {"patients", QuantityKind::people},    {"people", QuantityKind::people},
     {"persons", QuantityKind::people},     {"publications", QuantityKind::studies},
     {"rcts", QuantityKind::studies},       {"reports", QuantityKind::studies},
     {"resources", QuantityKind::studies},  {"respondents", QuantityKind::people},
     {"reviews", QuantityKind::studies},    {"runners", QuantityKind::people},
     {"students", QuantityKind::people},    {"studies", QuantityKind::studies},
     {"study", QuantityKind::studies},      {"subjects", QuantityKind::people},
     {"sufferers", QuantityKind::people},   {"survivors", QuantityKind::people},
     {"teenagers", QuantityKind::people},   {"trial", QuantityKind::studies},
     {"trials", QuantityKind::studies},     {"veterans", QuantityKind::people},
     {"volunteers", QuantityKind::people},  {"women", QuantityKind::people},
     {"workers", QuantityKind::people},     {"youths", QuantityKind::people}}};

// Words that end what is counted: "600 mg of X for 8 weeks".
constexpr std::array<string_view, 46> noun_stops{
    "a",    "after",  "also",     "an",   "and",  "are",  "as",     "at",    "before", "but",
    "by",   "can",    "compared", "did",  "do",   "does", "during", "every", "for",    "from",
    "had",  "has",    "have",     "if",   "in",   "is",   "it",     "may",   "of",     "on",
    "or",   "should", "taken",    "than", "that", "the",  "then",   "to",    "was",    "were",
    "when", "which",  "while",    "who",  "will", "with"};

constexpr std::array<string_view, 12> months{"january",   "february", "march",    "april",
                                             "may",       "june",     "july",     "august",
                                             "september", "october",  "november", "december"};

struct BoundRow {
    string_view words;
    string_view sign;
};
constexpr std::array<BoundRow, 30> bounds{{{"more than", ">"},
                                           {"over", ">"},
                                           {"greater than", ">"},
                                           {"above", ">"},
                                           {"exceeding", ">"},
                                           {"less than", "<"},
                                           {"fewer than", "<"},
                                           {"below", "<"},
                                           {"under", "<"},
                                           {"up to", "<="},
                                           {"at most", "<="},
                                           {"at least", ">="},
                                           {"no more than", "<="},
                                           {"no less than", ">="},
                                           {"approximately", "~"},
                                           {"about", "~"},
                                           {"around", "~"},
                                           {"roughly", "~"},
                                           {"nearly", "~"},
                                           {"almost", "~"},
                                           {"some", "~"},
                                           {"circa", "~"},
                                           {"~", "~"},
                                           {"<", "<"},
                                           {">", ">"},
                                           {"typically >", ">"},
                                           {"only", ""},
                                           {"just", ""},
                                           {"\xE2\x89\xA4", "<="},
                                           {"\xE2\x89\xA5", ">="}}};

constexpr std::array<string_view, 21> number_words{
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

class Scanner {
public:
    Scanner(string_view text, std::size_t begin, std::size_t end) : text_(text), begin_(begin), end_(end) {}

    std::vector<Quantity> run() {
        for (std::size_t at = begin_; at < end_;) {
            if (const std::size_t after = other_matter(at)) {
                at = after;
                continue;
            }
            Quantity quantity;
            std::size_t after = 0;
            if (date(at, quantity, after) || number(at, quantity, after) || worded(at, quantity, after)) {
                out_.push_back(std::move(quantity));
                at = after;
                continue;
            }
            at = std::max(after, word_end(at));
        }
        return std::move(out_);
    }

private:
    bool word_starts(std::size_t at) const {
        if (at == begin_) return true;
        const char c = text_[at - 1];
        return !is_alpha(c) && !digit(c) && c != '_';
    }
    // Past the word at `at`, or one byte on.
    std::size_t word_end(std::size_t at) const {
        if (!is_alpha(text_[at]) && !digit(text_[at])) return at + 1;
        while (at < end_ && (is_alpha(text_[at]) || digit(text_[at]) ||
                             (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80))
            ++at;
        return at;
    }
    std::size_t skip_spaces(std::size_t at) const {
        while (at < end_ && (space(text_[at]) || text_.compare(at, 2, "\xC2\xA0") == 0))
            at += space(text_[at]) ? 1 : 2;
        return at;
    }
    string_view word_at(std::size_t at) const {
        std::size_t stop = at;
        while (stop < end_ && is_alpha(text_[stop]))
            ++stop;
        return text_.substr(at, stop - at);
    }

    // URLs, DOIs and registry numbers hold digits that count nothing.
    std::size_t other_matter(std::size_t at) const {
        if (!word_starts(at)) return 0;
        for (const string_view start :
             {"http://", "https://", "www.", "10.1", "PMC", "NCT", "NBK", "ISRCTN", "PMID", "CD0"}) {
            if (text_.compare(at, start.size(), start) != 0) continue;
            if (start == "10.1") { // a DOI has a slash
                std::size_t slash = at + 4;
                while (slash < end_ && digit(text_[slash]))
                    ++slash;
                if (slash >= end_ || text_[slash] != '/' || slash - at < 6) continue;
            }
            std::size_t stop = at + start.size();
            if (start == "PMID")
                while (stop < end_ && (space(text_[stop]) || text_[stop] == ':'))
                    ++stop;
            while (stop < end_ && !space(text_[stop]) && text_[stop] != '<' && text_[stop] != '"')
                ++stop;
            return stop;
        }
        return 0;
    }

    std::optional<double> digits(std::size_t& at) const {
        std::string plain;
        std::size_t i = at;
        while (i < end_) {
            const char c = text_[i];
            if (digit(c)) {
                plain += c;
            } else if (c == ',' && i + 3 < end_ && digit(text_[i + 1]) && digit(text_[i + 2]) &&
                       digit(text_[i + 3]) && !(i + 4 < end_ && digit(text_[i + 4])) && !plain.empty() &&
                       plain.size() <= 3) {
                // thousands
            } else if (c == '.' && i + 1 < end_ && digit(text_[i + 1]) &&
                       plain.find('.') == std::string::npos) {
                plain += '.';
            } else if (text_.compare(i, 2, "\xC2\xB7") == 0 && i + 2 < end_ && digit(text_[i + 2]) &&
                       plain.find('.') == std::string::npos) {
                plain += '.';
                ++i;
            } else
                break;
            ++i;
        }
        if (plain.empty() || plain == "." || plain.size() > 18) return {};
        if (plain.front() == '.') plain.insert(0, 1, '0');
        double value = 0;
        const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
        if (read.ec != std::errc()) return {};
        at = i;
        return value;
    }

    // A hyphen, dash or "to" between two numbers.
    std::size_t range_sign(std::size_t at) const {
        std::size_t i = skip_spaces(at);
        for (const string_view sign : {"-", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x91", "to "})
            if (text_.compare(i, sign.size(), sign) == 0) {
                if (sign == "to " && i == at) return 0;
                i = skip_spaces(i + sign.size());
                return i < end_ &&
                               (digit(text_[i]) || (text_[i] == '.' && i + 1 < end_ && digit(text_[i + 1])))
                           ? i
                           : 0;
            }
        return 0;
    }

    const UnitRow* unit_at(std::size_t at, std::size_t& after) const {
        std::size_t i = skip_spaces(at);
        if (i < end_ && text_[i] == '-' && i == at) i = skip_spaces(i + 1);
        if (i >= end_) return nullptr;
        if (text_[i] == '%') {
            after = i + 1;
            return &units.front();
        }
        std::size_t stop = i;
        while (stop < end_ &&
               (is_alpha(text_[stop]) || (static_cast<unsigned char>(text_[stop]) & 0xC0U) == 0x80))
            ++stop;
        std::size_t slash = stop;
        if (slash + 1 < end_ && text_[slash] == '/' && is_alpha(text_[slash + 1])) {
            ++slash;
            while (slash < end_ && is_alpha(text_[slash]))
                ++slash;
        }
        for (const std::size_t candidate : {slash, stop}) {
            if (candidate == i) continue;
            std::string word = to_lower(text_.substr(i, candidate - i));
            if (word == "mm" && to_lower(text_.substr(candidate, 3)) == " hg") {
                after = candidate + 3;
                word = "mmhg";
            } else
                after = candidate;
            if (word == "per") {
                if (to_lower(text_.substr(candidate, 5)) != " cent") continue;
                word = "percent";
                after = candidate + 5;
            }
            const auto row = std::lower_bound(units.begin(), units.end(), string_view(word),
                                              [](const UnitRow& a, string_view b) { return a.written < b; });
            if (row == units.end() || row->written != word) continue;
            // One letter is a unit only right after the number or on its own: "5 g", not "5 s".
            if (word.size() == 1 && word != "g" && word != "h" && i != at) continue;
            return &*row;
        }
        return nullptr;
    }

    void take_per(Quantity& quantity, std::size_t& at) const {
        if (quantity.kind == QuantityKind::amount) {
            const std::string written = to_lower(text_.substr(quantity.begin, at - quantity.begin));
            if (written.ends_with("/day") || written.ends_with("/d")) quantity.per = "day";
            if (written.ends_with("/kg")) quantity.per = "kg";
        }
        const std::size_t i = skip_spaces(at);
        struct PerRow {
            string_view words, per;
        };
        constexpr std::array<PerRow, 10> rows{{{"per day", "day"},
                                               {"a day", "day"},
                                               {"daily", "day"},
                                               {"each day", "day"},
                                               {"/day", "day"},
                                               {"/d", "day"},
                                               {"per week", "week"},
                                               {"a week", "week"},
                                               {"/kg", "kg"},
                                               {"per kg", "kg"}}};
        for (const PerRow& row : rows)
            if (to_lower(text_.substr(i, row.words.size())) == row.words &&
                (i + row.words.size() >= end_ || !is_alpha(text_[i + row.words.size()]))) {
                quantity.per = row.per;
                at = i + row.words.size();
                return;
            }
    }

    // The words counted or dosed: up to three, across one "of".
    void take_noun(Quantity& quantity, std::size_t& at) const {
        std::size_t i = at, last = at;
        int taken = 0;
        bool of = false;
        while (taken < 3) {
            const std::size_t start = skip_spaces(i);
            if (start >= end_ || (start == i && i != at) || start - i > 2) break;
            std::size_t stop = start;
            while (stop < end_ &&
                   (is_alpha(text_[stop]) ||
                    (text_[stop] == '-' && stop > start && stop + 1 < end_ && is_alpha(text_[stop + 1])) ||
                    (stop > start && (static_cast<unsigned char>(text_[stop]) & 0xC0U) == 0x80)))
                ++stop;
            if (stop == start || static_cast<unsigned char>(text_[start]) >= 0xE2) break;
            const std::string word = to_lower(text_.substr(start, stop - start));
            if (word == "of" && !of && taken == 0) {
                of = true;
                i = stop;
                continue;
            }
            if (std::binary_search(noun_stops.begin(), noun_stops.end(), string_view(word))) {
                if (of && word == "the") {
                    i = stop;
                    continue;
                }
                break;
            }
            quantity.of += (quantity.of.empty() ? "" : " ") + word;
            ++taken;
            i = last = stop;
            const auto noun = std::lower_bound(nouns.begin(), nouns.end(), string_view(word),
                                               [](const Noun& a, string_view b) { return a.word < b; });
            if (noun != nouns.end() && noun->word == word) {
                if (quantity.kind == QuantityKind::bare) quantity.kind = noun->kind;
                break;
            }
        }
        at = last;
    }

    void take_bound(Quantity& quantity) const {
        std::size_t i = quantity.begin;
        while (i > begin_ && (text_[i - 1] == ' ' || text_[i - 1] == '\n'))
            --i;
        const std::size_t from = i > begin_ + 16 ? i - 16 : begin_;
        const std::string before = to_lower(text_.substr(from, i - from));
        string_view best;
        for (const BoundRow& row : bounds) {
            if (!before.ends_with(row.words) || row.words.size() <= best.size()) continue;
            const std::size_t start = i - row.words.size();
            if (is_alpha(row.words.front()) && start > begin_ && is_alpha(text_[start - 1])) continue;
            best = row.words;
            quantity.bound = row.sign;
        }
        if (!best.empty()) quantity.begin = i - best.size();
    }

    bool looks_like_year(const Quantity& quantity, std::size_t from, std::size_t to) const {
        return !quantity.is_range() && to - from == 4 && quantity.low >= 1900 && quantity.low <= 2099 &&
               text_.substr(from, 4).find_first_of(".,") == string_view::npos;
    }

    bool number(std::size_t at, Quantity& quantity, std::size_t& after) {
        const char c = text_[at];
        if (!digit(c) &&
            !(c == '.' && at + 1 < end_ && digit(text_[at + 1]) &&
              (at == begin_ || space(text_[at - 1]) || text_[at - 1] == '=' || text_[at - 1] == '(')))
            return false;
        if (at > begin_ && (is_alpha(text_[at - 1]) || text_[at - 1] == '_' || text_[at - 1] == '.')) {
            after = 0;
            return false; // "TRPM6", "Mg2"
        }
        std::size_t i = at;
        const auto low = digits(i);
        if (!low) return false;
        if (names_something(at)) {
            after = i;
            return false; // "type 2", "Table 3"
        }
        quantity.begin = at;
        quantity.low = quantity.high = *low;
        std::size_t number_end = i;
        // "41.6% to 50%" repeats its unit; the unit of the first number is passed over.
        std::size_t probe = i;
        if (probe < end_ && text_[probe] == '%') ++probe;
        if (const std::size_t second = range_sign(probe)) {
            std::size_t j = second;
            const auto high = digits(j);
            if (high && *high > *low) {
                quantity.high = *high;
                i = number_end = j;
            }
        }
        if (i < end_ && text_[i] == '+') ++i;
        std::size_t end = i;
        if (const UnitRow* row = unit_at(i, end)) {
            quantity.kind = row->kind;
            quantity.unit = row->unit;
            i = end;
            if (quantity.kind == QuantityKind::ratio && quantity.unit == "times" &&
                to_lower(text_.substr(skip_spaces(i), 3)) == "per")
                quantity.kind = QuantityKind::count;
        } else if (looks_like_year(quantity, at, number_end)) {
            quantity.kind = QuantityKind::year;
            quantity.end = after = i;
            return true;
        } else if (p_before(at)) {
            quantity.kind = QuantityKind::p_value;
        } else if (ratio_before(at)) {
            quantity.kind = QuantityKind::ratio;
        } else if (i < end_ && is_alpha(text_[i]) && static_cast<unsigned char>(text_[i]) < 0x80) {
            after = word_end(i); // "3D", "5HT"
            return false;
        }
        take_per(quantity, i);
        if (quantity.kind != QuantityKind::p_value) take_noun(quantity, i);
        if (quantity.kind == QuantityKind::amount && quantity.per.empty()) take_per(quantity, i);
        if (quantity.kind == QuantityKind::bare && !quantity.of.empty()) quantity.kind = QuantityKind::count;
        quantity.end = i;
        take_bound(quantity);
        after = i;
        return true;
    }

    bool names_something(std::size_t at) const {
        std::size_t stop = at;
        while (stop > begin_ && (space(text_[stop - 1]) || text_[stop - 1] == '-'))
            --stop;
        std::size_t from = stop;
        while (from > begin_ && is_alpha(text_[from - 1]))
            --from;
        constexpr std::array<string_view, 16> names{
            "appendix", "chapter", "class", "figure", "grade", "level", "omega",   "page",
            "phase",    "section", "stage", "step",   "table", "type",  "version", "vitamin"};
        return stop < at && std::binary_search(names.begin(), names.end(),
                                               string_view(to_lower(text_.substr(from, stop - from))));
    }

    bool p_before(std::size_t at) const {
        std::size_t i = at;
        while (i > begin_ &&
               (space(text_[i - 1]) || text_[i - 1] == '=' || text_[i - 1] == '<' || text_[i - 1] == '>'))
            --i;
        return i < at && i > begin_ && to_lower(text_[i - 1]) == 'p' &&
               (i - 1 == begin_ || !is_alpha(text_[i - 2]));
    }
    bool ratio_before(std::size_t at) const {
        std::size_t i = at;
        while (i > begin_ && (space(text_[i - 1]) || text_[i - 1] == '=' || text_[i - 1] == ':'))
            --i;
        const std::size_t from = i > begin_ + 12 ? i - 12 : begin_;
        const string_view before = text_.substr(from, i - from);
        return before.ends_with("OR") || before.ends_with("RR") || before.ends_with("HR") ||
               before.ends_with("odds ratio") || before.ends_with("risk ratio") ||
               before.ends_with("ratio of");
    }

    // "four research studies": a number in letters that counts studies or people.
    bool worded(std::size_t at, Quantity& quantity, std::size_t& after) {
        if (!word_starts(at) || !is_alpha(text_[at])) return false;
        const std::string word = to_lower(word_at(at));
        const auto row = std::find(number_words.begin(), number_words.end(), string_view(word));
        if (row == number_words.end()) return false;
        std::size_t i = at + word.size();
        quantity.begin = at;
        quantity.low = quantity.high = static_cast<double>(row - number_words.begin());
        std::size_t unit_end = 0;
        if (const UnitRow* unit = unit_at(i, unit_end); unit && unit->written.size() > 2) {
            quantity.kind = unit->kind;
            quantity.unit = unit->unit;
            i = unit_end;
        } else {
            take_noun(quantity, i);
            if (quantity.kind != QuantityKind::people && quantity.kind != QuantityKind::studies) return false;
            if (quantity.low == 1) return false; // "one study": a citation
        }
        quantity.end = after = i;
        take_bound(quantity);
        return true;
    }

    // "January 20th, 2020", "21 September 2020", "2020-01-20"
    bool date(std::size_t at, Quantity& quantity, std::size_t& after) const {
        if (!word_starts(at)) return false;
        std::size_t i = at;
        const auto month_at = [&](std::size_t from, std::size_t& to) {
            const std::string word = to_lower(word_at(from));
            if (word.size() < 3) return 0;
            for (std::size_t m = 0; m < months.size(); ++m)
                if (word == months[m] || (word.size() == 3 && months[m].substr(0, 3) == word) ||
                    (word == "sept" && m == 8)) {
                    to = from + word.size();
                    if (to < end_ && text_[to] == '.') ++to;
                    return static_cast<int>(m) + 1;
                }
            return 0;
        };
        const auto year_at = [&](std::size_t from, std::size_t& to) {
            std::size_t j = from;
            const auto value = digits(j);
            if (!value || j - from != 4 || *value < 1900 || *value > 2099) return 0.0;
            to = j;
            return *value;
        };
        if (digit(text_[at])) {
            if (at + 10 <= end_ && text_[at + 4] == '-' && text_[at + 7] == '-') {
                std::size_t to = 0;
                const double year = year_at(at, to);
                const int month = (text_[at + 5] - '0') * 10 + (text_[at + 6] - '0');
                const int day = (text_[at + 8] - '0') * 10 + (text_[at + 9] - '0');
                if (year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
                    finish(quantity, at, at + 10, year, month, day);
                    after = at + 10;
                    return true;
                }
            }
            const auto day = digits(i);
            if (!day || *day < 1 || *day > 31 || i - at > 2) return false;
            const std::string suffix = to_lower(text_.substr(i, 2));
            if (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th") i += 2;
            std::size_t to = 0;
            const int month = month_at(skip_spaces(i), to);
            if (!month) return false;
            i = skip_spaces(to);
            if (i < end_ && text_[i] == ',') i = skip_spaces(i + 1);
            std::size_t year_end = 0;
            const double year = i < end_ && digit(text_[i]) ? year_at(i, year_end) : 0;
            if (year <= 0) return false;
            finish(quantity, at, year_end, year, month, static_cast<int>(*day));
            after = year_end;
            return true;
        }
        std::size_t to = 0;
        const int month = is_alpha(text_[at]) ? month_at(at, to) : 0;
        if (!month) return false;
        i = skip_spaces(to);
        if (i >= end_ || !digit(text_[i])) return false;
        std::size_t day_end = i;
        const auto day = digits(day_end);
        if (!day) return false;
        if (*day >= 1900 && *day <= 2099) { // "May 2020"
            finish(quantity, at, day_end, *day, month, 0);
            after = day_end;
            return true;
        }
        if (*day < 1 || *day > 31) return false;
        i = day_end;
        const std::string suffix = to_lower(text_.substr(i, 2));
        if (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th") i += 2;
        if (i < end_ && text_[i] == ',') ++i;
        i = skip_spaces(i);
        std::size_t year_end = 0;
        const double year = i < end_ && digit(text_[i]) ? year_at(i, year_end) : 0;
        if (year <= 0) return false;
        finish(quantity, at, year_end, year, month, static_cast<int>(*day));
        after = year_end;
        return true;
    }

    static void finish(Quantity& quantity, std::size_t begin, std::size_t end, double year, int month,
                       int day) {
        quantity.kind = QuantityKind::date;
        quantity.begin = begin;
        quantity.end = end;
        quantity.low = quantity.high = year;
        quantity.month = month;
        quantity.day = day;
    }

    string_view text_;
    std::size_t begin_, end_;
    std::vector<Quantity> out_;
};

} // namespace

std::string_view to_string(QuantityKind kind) {
    switch (kind) {
    case QuantityKind::amount:
        return "amount";
    case QuantityKind::concentration:
        return "concentration";
    case QuantityKind::percent:
        return "percent";
    case QuantityKind::duration:
        return "duration";
    case QuantityKind::people:
        return "people";
    case QuantityKind::studies:
        return "studies";
    case QuantityKind::count:
        return "count";
    case QuantityKind::year:
        return "year";
    case QuantityKind::date:
        return "date";
    case QuantityKind::p_value:
        return "p";
    case QuantityKind::ratio:
        return "ratio";
    case QuantityKind::pressure:
        return "pressure";
    case QuantityKind::bare:
        return "number";
    }
    return "";
}

std::vector<Quantity> quantities(string_view text, std::size_t begin, std::size_t end) {
    return Scanner(text.substr(0, end), begin, std::min(end, text.size())).run();
}

std::vector<Quantity> quantities(string_view text) {
    return quantities(text, 0, text.size());
}

std::optional<double> milligrams(const Quantity& quantity, double value) {
    if (quantity.unit == "mg") return value;
    if (quantity.unit == "g") return value * 1000;
    if (quantity.unit == "ug") return value / 1000;
    return {};
}

std::optional<double> weeks(const Quantity& quantity) {
    if (quantity.kind != QuantityKind::duration) return {};
    if (quantity.unit == "week") return quantity.low;
    if (quantity.unit == "day") return quantity.low / 7;
    if (quantity.unit == "month") return quantity.low * 365.25 / 84; // a twelfth of a year in weeks
    if (quantity.unit == "year") return quantity.low * 365.25 / 7;
    return {};
}

} // namespace assay::claims
