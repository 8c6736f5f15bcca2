#include "synth/formula.hpp"

#include "base/diagnostics.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace assay::synth {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t longest_formula = 4096, deepest = 64, most_terms = 256;

[[noreturn]] void wrong(std::string_view formula, std::size_t at, const std::string& what) {
    throw Error("formula/syntax",
                what + "\n  " + std::string(formula) + "\n  " +
                    std::string(std::min(at, formula.size()), ' ') + "^",
                Exit::input);
}

// ---- tokens
// -------------------------------------------------------------------------------------------------

struct Token {
    enum class Kind { end, number, name, text, mark } kind = Kind::end;
    std::string text;
    double value = 0;
    std::size_t at = 0; ///< byte of the formula
};

bool starts_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '.' || c == '_' || (c & 0x80);
}
bool in_name(char c) {
    return starts_name(c) || std::isdigit(static_cast<unsigned char>(c));
}

std::vector<Token> tokens_of(std::string_view formula) {
    std::vector<Token> tokens;
    std::size_t i = 0;
    const auto push = [&](Token::Kind kind, std::string text, std::size_t from, double value = 0) {
        tokens.push_back({kind, std::move(text), value, from});
    };
    while (i < formula.size()) {
        const char c = formula[i];
        const std::size_t from = i;
        if (std::isspace(static_cast<unsigned char>(c))) {
            ++i;
        } else if (std::isdigit(static_cast<unsigned char>(c)) ||
                   (c == '.' && i + 1 < formula.size() &&
                    std::isdigit(static_cast<unsigned char>(formula[i + 1])))) {
            double value = 0;
            const auto read = std::from_chars(formula.data() + i, formula.data() + formula.size(), value);
            i = static_cast<std::size_t>(read.ptr - formula.data());
            push(Token::Kind::number, std::string(formula.substr(from, i - from)), from, value);
        } else if (c == '`' || c == '"' || c == '\'') {
            const auto close = formula.find(c, i + 1);
            if (close == std::string_view::npos) wrong(formula, from, "the quote is never closed");
            i = close + 1;
            push(c == '`' ? Token::Kind::name : Token::Kind::text,
                 std::string(formula.substr(from + 1, close - from - 1)), from);
        } else if (starts_name(c)) {
            while (i < formula.size() && in_name(formula[i]))
                ++i;
            push(Token::Kind::name, std::string(formula.substr(from, i - from)), from);
        } else {
            static constexpr std::string_view pairs[] = {"==", "!=", "<=", ">="};
            const bool two =
                std::find(std::begin(pairs), std::end(pairs), formula.substr(i, 2)) != std::end(pairs);
            if (!two && std::string_view("+-*/^:()<>~,").find(c) == std::string_view::npos)
                wrong(formula, from, "'" + std::string(1, c) + "' is not part of a formula");
            i += two ? 2 : 1;
            push(Token::Kind::mark, std::string(formula.substr(from, i - from)), from);
        }
    }
    tokens.push_back({Token::Kind::end, "", 0, formula.size()});
    return tokens;
}

// ---- values: what a variable of a term is, for each row
// ---------------------------------------------------------

/// A column made by an expression: numbers, or levels of a factor.
struct Value {
    std::vector<double> numbers;
    std::vector<std::string> words;
    bool factor = false;
};

double as_number(const std::string& word) {
    double x = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), x);
    return error == std::errc() && end == word.data() + word.size() ? x : missing;
}

/// Numbers before words, numbers by size, words without regard to case and then by bytes.
bool level_before(const std::string& a, const std::string& b) {
    const double x = as_number(a), y = as_number(b);
    if (!std::isnan(x) && !std::isnan(y) && x != y) return x < y;
    if (std::isnan(x) != std::isnan(y)) return std::isnan(y);
    const auto lower = [](unsigned char c) { return std::tolower(c); };
    const auto differs = [&](char p, char q) {
        return lower(static_cast<unsigned char>(p)) < lower(static_cast<unsigned char>(q));
    };
    if (std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), differs)) return true;
    if (std::lexicographical_compare(b.begin(), b.end(), a.begin(), a.end(), differs)) return false;
    return a < b;
}

/// Evaluates the arithmetic inside a term. One object for one formula and one table.
class Arithmetic {
public:
    /// What is learnt from the column (scale) is learnt from its first `data_rows` rows.
    Arithmetic(std::string_view formula, const std::vector<Token>& tokens,
               std::span<const Variable> variables, std::size_t data_rows)
        : formula_(formula), tokens_(tokens), variables_(variables),
          rows_(variables.empty() ? 0 : variables.front().words.size()), data_rows_(data_rows) {}

    /// Reads an expression from token `at` and moves `at` behind it.
    Value comparison(std::size_t& at) {
        Value left = sum(at);
        const std::string& mark = tokens_[at].text;
        const bool compares =
            tokens_[at].kind == Token::Kind::mark &&
            (mark == "==" || mark == "!=" || mark == "<" || mark == ">" || mark == "<=" || mark == ">=");
        if (!compares) return left;
        const std::size_t place = at;
        ++at;
        return compared(left, sum(at), tokens_[place]);
    }

    Value variable(const Token& name) const {
        for (const Variable& variable : variables_) {
            if (variable.name != name.text) continue;
            Value value{variable.numbers, variable.words, !variable.numeric};
            return value;
        }
        std::vector<std::string> names;
        for (const Variable& variable : variables_)
            names.push_back(variable.name);
        const std::string near = nearest_name(name.text, names);
        wrong(formula_, name.at,
              "there is no column '" + name.text + "'" +
                  (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }

    /// log, sqrt, ... of a column.
    Value function(const Token& name, Value argument) const {
        if (name.text == "factor" || name.text == "as.factor") return factor(std::move(argument));
        need_number(argument, name);
        if (name.text == "scale") return scaled(std::move(argument));
        if (name.text == "I" || name.text == "as.numeric") return argument;
        struct Named {
            std::string_view name;
            double (*apply)(double);
        };
        static constexpr Named table[] = {{"log", [](double x) { return std::log(x); }},
                                          {"log2", [](double x) { return std::log2(x); }},
                                          {"log10", [](double x) { return std::log10(x); }},
                                          {"exp", [](double x) { return std::exp(x); }},
                                          {"sqrt", [](double x) { return std::sqrt(x); }},
                                          {"abs", [](double x) { return std::fabs(x); }}};
        for (const Named& row : table) {
            if (row.name != name.text) continue;
            for (double& x : argument.numbers)
                x = row.apply(x);
            return argument;
        }
        wrong(formula_, name.at,
              "there is no function '" + name.text +
                  "'; known are I, factor, log, log2, log10, exp, sqrt, abs, scale");
    }

private:
    static Value factor(Value value) {
        if (value.factor) return value;
        if (value.words.empty()) {
            for (double x : value.numbers) {
                char digits[32];
                const auto end = std::to_chars(digits, digits + sizeof digits, x).ptr;
                value.words.push_back(std::isnan(x) ? "" : std::string(digits, end));
            }
        }
        value.factor = true;
        return value;
    }

    Value scaled(Value value) const {
        double n = 0, mean = 0, squares = 0;
        const std::span<const double> data(value.numbers.data(), data_rows_);
        for (double x : data)
            if (!std::isnan(x)) mean += (x - mean) / ++n;
        for (double x : data)
            if (!std::isnan(x)) squares += (x - mean) * (x - mean);
        for (double& x : value.numbers)
            x = (x - mean) / std::sqrt(squares / (n - 1));
        value.words.clear();
        return value;
    }

    void need_number(const Value& value, const Token& at) const {
        if (value.factor)
            wrong(formula_, at.at, "this column holds words; only numbers can be calculated with");
    }

    Value compared(const Value& left, const Value& right, const Token& mark) const {
        Value result;
        const bool words = left.factor || right.factor;
        if (words && mark.text != "==" && mark.text != "!=")
            wrong(formula_, mark.at, "words can only be compared by == and !=");
        for (std::size_t i = 0; i < rows_; ++i) {
            double answer = missing;
            if (words) {
                if (!left.words[i].empty() && !right.words[i].empty())
                    answer = (left.words[i] == right.words[i]) == (mark.text == "==");
            } else if (!std::isnan(left.numbers[i]) && !std::isnan(right.numbers[i])) {
                const double x = left.numbers[i], y = right.numbers[i];
                answer = mark.text == "=="   ? x == y
                         : mark.text == "!=" ? x != y
                         : mark.text == "<"  ? x < y
                         : mark.text == ">"  ? x > y
                         : mark.text == "<=" ? x <= y
                                             : x >= y;
            }
            result.numbers.push_back(answer);
            result.words.push_back(std::isnan(answer) ? "" : answer != 0 ? "TRUE" : "FALSE");
        }
        // R takes a logical variable as a factor with the levels FALSE and TRUE.
        result.factor = true;
        return result;
    }

    bool mark(std::size_t at, std::string_view text) const {
        return tokens_[at].kind == Token::Kind::mark && tokens_[at].text == text;
    }

    template<class Apply> Value combined(const Value& a, const Value& b, const Token& at, Apply apply) const {
        need_number(a, at);
        need_number(b, at);
        Value result;
        result.numbers.resize(rows_);
        for (std::size_t i = 0; i < rows_; ++i)
            result.numbers[i] = apply(a.numbers[i], b.numbers[i]);
        return result;
    }

    Value sum(std::size_t& at) {
        Value value = product(at);
        while (mark(at, "+") || mark(at, "-")) {
            const std::size_t place = at++;
            const Value right = product(at);
            const double sign = tokens_[place].text == "+" ? 1 : -1;
            value =
                combined(value, right, tokens_[place], [sign](double x, double y) { return x + sign * y; });
        }
        return value;
    }

    Value product(std::size_t& at) {
        Value value = negated(at);
        while (mark(at, "*") || mark(at, "/")) {
            const std::size_t place = at++;
            const Value right = negated(at);
            const bool times = tokens_[place].text == "*";
            value = combined(value, right, tokens_[place],
                             [times](double x, double y) { return times ? x * y : x / y; });
        }
        return value;
    }

    Value negated(std::size_t& at) {
        const Deeper deeper(*this, at);
        if (mark(at, "-")) {
            const std::size_t place = at++;
            Value value = negated(at);
            need_number(value, tokens_[place]);
            for (double& x : value.numbers)
                x = -x;
            value.words.clear();
            return value;
        }
        return power(at);
    }

    Value power(std::size_t& at) {
        const Value base = atom(at);
        if (!mark(at, "^")) return base;
        const std::size_t place = at++;
        return combined(base, negated(at), tokens_[place], [](double x, double y) { return std::pow(x, y); });
    }

    Value atom(std::size_t& at) {
        const Deeper deeper(*this, at);
        const Token& token = tokens_[at];
        if (token.kind == Token::Kind::number) {
            ++at;
            return {std::vector<double>(rows_, token.value), {}, false};
        }
        if (token.kind == Token::Kind::text) {
            ++at;
            return {std::vector<double>(rows_, missing), std::vector<std::string>(rows_, token.text), true};
        }
        if (mark(at, "(")) {
            ++at;
            Value value = comparison(at);
            close(at);
            return value;
        }
        if (token.kind != Token::Kind::name)
            wrong(formula_, token.at, "a column, a number or a function is expected here");
        ++at;
        if (!mark(at, "(")) return variable(token);
        ++at;
        Value argument = comparison(at);
        close(at);
        return function(token, std::move(argument));
    }

public:
    void close(std::size_t& at) const {
        if (!mark(at, ")")) wrong(formula_, tokens_[at].at, "a ) is missing");
        ++at;
    }

    /// A formula of ten thousand parentheses is a message, not a stack overflow.
    struct Deeper {
        Arithmetic& owner;
        Deeper(Arithmetic& o, std::size_t at) : owner(o) {
            if (++owner.depth_ > deepest) wrong(owner.formula_, owner.tokens_[at].at, "too deeply nested");
        }
        ~Deeper() { --owner.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
    };

private:
    std::string_view formula_;
    const std::vector<Token>& tokens_;
    std::span<const Variable> variables_;
    std::size_t rows_, data_rows_;
    std::size_t depth_ = 0;
};

// ---- terms
// ------------------------------------------------------------------------------------------------------

using Term =
    std::vector<std::string>; ///< names of its variables, in the order of their first use; empty: intercept

struct Model {
    std::vector<Term> terms; ///< without the intercept
    bool intercept = true;
    std::map<std::string, Value> values; ///< by the name R would print
    std::vector<std::string> order;      ///< of first use
};

class TermParser {
public:
    TermParser(std::string_view formula, std::span<const Variable> variables, std::size_t data_rows)
        : formula_(formula), tokens_(tokens_of(formula)),
          arithmetic_(formula, tokens_, variables, data_rows) {}

    Model parse() {
        if (mark("~")) ++at_;
        std::vector<Term> terms;
        bool adding = true, first = true;
        while (true) {
            if (first && tokens_[at_].kind == Token::Kind::end)
                wrong(formula_, at_place(), "the formula is empty");
            if (mark("-"))
                adding = false, ++at_;
            else if (mark("+"))
                adding = true, ++at_;
            else if (!first)
                break;
            first = false;
            for (const Term& term : crossing())
                apply(terms, term, adding);
        }
        if (tokens_[at_].kind != Token::Kind::end)
            wrong(formula_, at_place(), "'" + tokens_[at_].text + "' is not expected here");
        std::stable_sort(terms.begin(), terms.end(),
                         [](const Term& a, const Term& b) { return a.size() < b.size(); });
        model_.terms = std::move(terms);
        return std::move(model_);
    }

private:
    std::size_t at_place() const { return tokens_[at_].at; }
    bool mark(std::string_view text) const {
        return tokens_[at_].kind == Token::Kind::mark && tokens_[at_].text == text;
    }

    void apply(std::vector<Term>& terms, const Term& term, bool adding) {
        if (term == Term{"0"} || term == Term{"1"}) {
            model_.intercept = (term == Term{"1"}) == adding;
            return;
        }
        const auto same = [&](const Term& other) {
            return std::set<std::string>(other.begin(), other.end()) ==
                   std::set<std::string>(term.begin(), term.end());
        };
        const auto found = std::find_if(terms.begin(), terms.end(), same);
        if (adding && found == terms.end()) terms.push_back(term);
        if (!adding && found != terms.end()) terms.erase(found);
        if (terms.size() > most_terms) wrong(formula_, at_place(), "too many terms");
    }

    static Term joined(const Term& a, const Term& b) {
        Term term = a;
        for (const std::string& name : b)
            if (std::find(term.begin(), term.end(), name) == term.end()) term.push_back(name);
        return term;
    }

    /// a * b is a + b + a:b.
    std::vector<Term> crossing() {
        std::vector<Term> left = interaction();
        while (mark("*")) {
            ++at_;
            const std::vector<Term> right = interaction();
            std::vector<Term> all = left;
            all.insert(all.end(), right.begin(), right.end());
            for (const Term& a : left)
                for (const Term& b : right)
                    all.push_back(joined(a, b));
            if (all.size() > most_terms) wrong(formula_, at_place(), "too many terms");
            left = std::move(all);
        }
        return left;
    }

    std::vector<Term> interaction() {
        std::vector<Term> left = powered();
        while (mark(":")) {
            ++at_;
            std::vector<Term> all;
            const std::vector<Term> right = powered();
            for (const Term& a : left)
                for (const Term& b : right)
                    all.push_back(joined(a, b));
            if (all.size() > most_terms) wrong(formula_, at_place(), "too many terms");
            left = std::move(all);
        }
        return left;
    }

    /// (a + b)^2 is a + b + a:b.
    std::vector<Term> powered() {
        std::vector<Term> base = primary();
        if (!mark("^")) return base;
        ++at_;
        const double degree = tokens_[at_].value;
        if (tokens_[at_].kind != Token::Kind::number || degree < 1 || degree > 8 ||
            degree != std::floor(degree))
            wrong(formula_, at_place(),
                  "a whole number from 1 to 8 is expected after ^; write I(x^2) for a square");
        ++at_;
        std::vector<Term> all = base;
        for (int i = 1; i < static_cast<int>(degree); ++i) {
            std::vector<Term> next = all;
            for (const Term& a : all)
                for (const Term& b : base) {
                    Term term = joined(a, b);
                    const auto same = [&](const Term& other) {
                        return std::set<std::string>(other.begin(), other.end()) ==
                               std::set<std::string>(term.begin(), term.end());
                    };
                    if (std::none_of(next.begin(), next.end(), same)) next.push_back(std::move(term));
                    if (next.size() > most_terms) wrong(formula_, at_place(), "too many terms");
                }
            all = std::move(next);
        }
        return all;
    }

    /// Tokens [from, to) as R prints an expression: spaces around operators, but not around ^ and :.
    std::string printed(std::size_t from, std::size_t to) const {
        std::string text;
        bool operand = false; // is there something on the left that a minus could subtract from?
        for (std::size_t i = from; i < to; ++i) {
            const Token& token = tokens_[i];
            const bool mark = token.kind == Token::Kind::mark;
            const bool tight =
                mark && (token.text == "(" || token.text == ")" || token.text == "^" || token.text == ":");
            if (token.kind == Token::Kind::text)
                text += '"' + token.text + '"';
            else if (!mark || tight || !operand)
                text += token.text;
            else
                text += " " + token.text + " ";
            operand = !mark || token.text == ")";
        }
        return text;
    }

    std::vector<Term> primary() {
        const Arithmetic::Deeper deeper(arithmetic_, at_);
        const Token token = tokens_[at_];
        if (token.kind == Token::Kind::number) {
            if (token.value != 0 && token.value != 1)
                wrong(formula_, token.at, "only 0 and 1 (the intercept) may stand alone");
            ++at_;
            return {{token.value == 0 ? "0" : "1"}};
        }
        if (mark("(")) {
            ++at_;
            std::vector<Term> terms = crossing();
            while (mark("+")) {
                ++at_;
                for (const Term& term : crossing())
                    terms.push_back(term);
                if (terms.size() > most_terms) wrong(formula_, at_place(), "too many terms");
            }
            arithmetic_.close(at_);
            return terms;
        }
        if (token.kind != Token::Kind::name)
            wrong(formula_, token.at, "a column or a function is expected here");
        ++at_;
        Value value;
        std::string name = token.text;
        if (mark("(")) {
            const std::size_t from = at_ - 1;
            ++at_;
            Value argument = arithmetic_.comparison(at_);
            arithmetic_.close(at_);
            value = arithmetic_.function(token, std::move(argument));
            name = printed(from, at_);
        } else
            value = arithmetic_.variable(token);
        if (!model_.values.contains(name)) {
            model_.order.push_back(name);
            model_.values.emplace(name, std::move(value));
        }
        return {{name}};
    }

    std::string_view formula_;
    std::vector<Token> tokens_;
    Arithmetic arithmetic_;
    Model model_;
    std::size_t at_ = 0;
};

// ---- columns
// ----------------------------------------------------------------------------------------------------

bool is_missing(const Value& value, std::size_t row) {
    return value.factor ? value.words[row].empty() || value.words[row] == "NA"
                        : std::isnan(value.numbers[row]);
}

std::vector<std::string> levels_of(const Value& value, const std::vector<std::size_t>& rows) {
    std::set<std::string> found;
    for (std::size_t row : rows)
        found.insert(value.words[row]);
    std::vector<std::string> levels(found.begin(), found.end());
    std::sort(levels.begin(), levels.end(), level_before);
    return levels;
}

/// The columns of one variable inside a term: one of numbers, or one for each level but (with contrasts) the
/// first.
struct Piece {
    std::string name;
    std::vector<double> x;
};

std::vector<Piece> pieces_of(const std::string& name, const Value& value,
                             const std::vector<std::string>& levels, bool contrasts,
                             const std::vector<std::size_t>& rows) {
    std::vector<Piece> pieces;
    if (!value.factor) {
        Piece piece{name, {}};
        for (std::size_t row : rows)
            piece.x.push_back(value.numbers[row]);
        return {piece};
    }
    for (std::size_t l = contrasts ? 1 : 0; l < levels.size(); ++l) {
        Piece piece{name + levels[l], {}};
        for (std::size_t row : rows)
            piece.x.push_back(value.words[row] == levels[l] ? 1 : 0);
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

std::vector<Piece> products(const std::vector<Piece>& left, const std::vector<Piece>& right) {
    std::vector<Piece> all;
    for (const Piece& b : right) // R lets the first variable run fastest
        for (const Piece& a : left) {
            Piece piece{a.name + ":" + b.name, a.x};
            for (std::size_t i = 0; i < piece.x.size(); ++i)
                piece.x[i] *= b.x[i];
            all.push_back(std::move(piece));
        }
    return all;
}

/// Whether the term without this variable is in the model, so that the variable may drop its first level.
bool margin_present(const Model& model, const Term& term, const std::string& name) {
    std::set<std::string> margin(term.begin(), term.end());
    margin.erase(name);
    if (margin.empty()) return model.intercept;
    return std::any_of(model.terms.begin(), model.terms.end(), [&](const Term& other) {
        return std::set<std::string>(other.begin(), other.end()) == margin;
    });
}

/// Levels are those of `level_rows` (the data), columns are made for `rows`.
DesignMatrix columns_of(const Model& model, const std::vector<std::size_t>& level_rows,
                        const std::vector<std::size_t>& rows) {
    DesignMatrix design;
    design.rows = rows;
    design.intercept = model.intercept;
    if (model.intercept) {
        design.names.push_back("intrcpt");
        design.x.assign(rows.size(), 1);
    }
    bool first_factor_full = !model.intercept;
    for (const Term& term : model.terms) {
        std::vector<Piece> pieces;
        for (const std::string& name : term) {
            const Value& value = model.values.at(name);
            bool contrasts = margin_present(model, term, name);
            // Without an intercept only the first factor keeps all levels.
            if (value.factor && term.size() == 1 && !model.intercept) {
                contrasts = !first_factor_full;
                first_factor_full = false;
            }
            auto own = pieces_of(name, value,
                                 value.factor ? levels_of(value, level_rows) : std::vector<std::string>{},
                                 contrasts, rows);
            pieces = pieces.empty() ? std::move(own) : products(pieces, own);
        }
        for (Piece& piece : pieces) {
            design.names.push_back(std::move(piece.name));
            design.x.insert(design.x.end(), piece.x.begin(), piece.x.end());
        }
        if (design.names.size() > most_terms)
            throw Error("formula/columns",
                        "the formula makes more than " + std::to_string(most_terms) + " columns",
                        Exit::input);
    }
    return design;
}

std::vector<std::size_t> complete_rows(const Model& model, std::size_t rows) {
    std::vector<std::size_t> kept;
    for (std::size_t row = 0; row < rows; ++row) {
        bool complete = true;
        for (const auto& [name, value] : model.values)
            complete = complete && !is_missing(value, row);
        if (complete) kept.push_back(row);
    }
    return kept;
}

Model model_of(std::string_view formula, std::span<const Variable> variables, std::size_t data_rows) {
    if (formula.size() > longest_formula)
        throw Error("formula/syntax", "the formula is too long", Exit::input);
    return TermParser(formula, variables, data_rows).parse();
}

} // namespace

DesignMatrix design_matrix(std::string_view formula, std::span<const Variable> variables) {
    const std::size_t all = variables.empty() ? 0 : variables.front().words.size();
    const Model model = model_of(formula, variables, all);
    const auto rows = complete_rows(model, all);
    return columns_of(model, rows, rows);
}

std::vector<double> design_row(std::string_view formula, std::span<const Variable> variables,
                               std::string_view values) {
    // The new values become one more row of the table, so that they pass through the same functions.
    std::vector<Variable> table(variables.begin(), variables.end());
    std::map<std::string, std::string> given;
    for (std::size_t at = 0; at <= values.size();) {
        const auto comma = std::min(values.find(',', at), values.size());
        const std::string_view part = values.substr(at, comma - at);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            throw Error("formula/values",
                        "'" + std::string(part) + "': write new values as NAME=VALUE,NAME=VALUE",
                        Exit::input);
        given[std::string(part.substr(0, equals))] = std::string(part.substr(equals + 1));
        at = comma + 1;
    }
    for (const auto& [name, value] : given)
        if (std::none_of(table.begin(), table.end(),
                         [&, &key = name](const Variable& v) { return v.name == key; }))
            throw Error("formula/values", "there is no column '" + name + "'", Exit::input);
    for (Variable& variable : table) {
        const auto found = given.find(variable.name);
        variable.words.push_back(found == given.end() ? "" : found->second);
        variable.numbers.push_back(as_number(variable.words.back()));
    }
    const std::size_t last = table.empty() ? 0 : table.front().words.size() - 1;
    const Model model = model_of(formula, table, last);
    for (const auto& [name, value] : model.values) {
        if (is_missing(value, last))
            throw Error("formula/values", "a value for " + name + " is missing", Exit::input);
    }
    auto rows = complete_rows(model, last);
    for (const auto& [name, value] : model.values) {
        if (!value.factor) continue;
        const auto levels = levels_of(value, rows);
        if (std::find(levels.begin(), levels.end(), value.words[last]) == levels.end())
            throw Error("formula/values", name + " has no level '" + value.words[last] + "'", Exit::input);
    }
    return columns_of(model, rows, {last}).x;
}

} // namespace assay::synth
