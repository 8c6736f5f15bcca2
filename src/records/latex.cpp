#include "records/latex.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <string>
#include <unicode/unorm2.h>

namespace assay::records {

namespace {

struct Accent {
    char command;
    char32_t mark; ///< combining
};
constexpr Accent accents[] = {{'"', 0x308}, {'\'', 0x301}, {'`', 0x300}, {'^', 0x302}, {'~', 0x303},
                              {'=', 0x304}, {'.', 0x307},  {'u', 0x306}, {'v', 0x30C}, {'H', 0x30B},
                              {'c', 0x327}, {'k', 0x328},  {'r', 0x30A}, {'d', 0x323}, {'b', 0x331},
                              {'t', 0x361}, {'h', 0x309}};

struct Symbol {
    std::string_view name, text;
};
constexpr Symbol symbols[] = {{"ss", "\xC3\x9F"},
                              {"ae", "\xC3\xA6"},
                              {"AE", "\xC3\x86"},
                              {"oe", "\xC5\x93"},
                              {"OE", "\xC5\x92"},
                              {"o", "\xC3\xB8"},
                              {"O", "\xC3\x98"},
                              {"l", "\xC5\x82"},
                              {"L", "\xC5\x81"},
                              {"aa", "\xC3\xA5"},
                              {"AA", "\xC3\x85"},
                              {"i", "\xC4\xB1"},
                              {"j", "\xC8\xB7"},
                              {"dh", "\xC3\xB0"},
                              {"DH", "\xC3\x90"},
                              {"th", "\xC3\xBE"},
                              {"TH", "\xC3\x9E"},
                              {"dj", "\xC4\x91"},
                              {"DJ", "\xC4\x90"},
                              {"ng", "\xC5\x8B"},
                              {"NG", "\xC5\x8A"},
                              {"S", "\xC2\xA7"},
                              {"P", "\xC2\xB6"},
                              {"pounds", "\xC2\xA3"},
                              {"euro", "\xE2\x82\xAC"},
                              {"copyright", "\xC2\xA9"},
                              {"textcopyright", "\xC2\xA9"},
                              {"textregistered", "\xC2\xAE"},
                              {"texttrademark", "\xE2\x84\xA2"},
                              {"textdegree", "\xC2\xB0"},
                              {"degree", "\xC2\xB0"},
                              {"textendash", "\xE2\x80\x93"},
                              {"textemdash", "\xE2\x80\x94"},
                              {"textquoteleft", "\xE2\x80\x98"},
                              {"textquoteright", "\xE2\x80\x99"},
                              {"textquotedblleft", "\xE2\x80\x9C"},
                              {"textquotedblright", "\xE2\x80\x9D"},
                              {"textbackslash", "\\"},
                              {"textasciitilde", "~"},
                              {"textasciicircum", "^"},
                              {"textunderscore", "_"},
                              {"textbar", "|"},
                              {"textless", "<"},
                              {"textgreater", ">"},
                              {"textmu", "\xC2\xB5"},
                              {"ldots", "\xE2\x80\xA6"},
                              {"dots", "\xE2\x80\xA6"},
                              {"textellipsis", "\xE2\x80\xA6"},
                              {"slash", "/"},
                              {"LaTeX", "LaTeX"},
                              {"TeX", "TeX"},
                              {"BibTeX", "BibTeX"},
                              {"pm", "\xC2\xB1"},
                              {"mp", "\xE2\x88\x93"},
                              {"times", "\xC3\x97"},
                              {"cdot", "\xC2\xB7"},
                              {"le", "\xE2\x89\xA4"},
                              {"leq", "\xE2\x89\xA4"},
                              {"ge", "\xE2\x89\xA5"},
                              {"geq", "\xE2\x89\xA5"},
                              {"neq", "\xE2\x89\xA0"},
                              {"approx", "\xE2\x89\x88"},
                              {"sim", "\xE2\x88\xBC"},
                              {"infty", "\xE2\x88\x9E"},
                              {"rightarrow", "\xE2\x86\x92"},
                              {"to", "\xE2\x86\x92"},
                              {"leftarrow", "\xE2\x86\x90"},
                              {"circ", "\xC2\xB0"},
                              {"prime", "\xE2\x80\xB2"},
                              {"alpha", "\xCE\xB1"},
                              {"beta", "\xCE\xB2"},
                              {"gamma", "\xCE\xB3"},
                              {"delta", "\xCE\xB4"},
                              {"epsilon", "\xCE\xB5"},
                              {"varepsilon", "\xCE\xB5"},
                              {"zeta", "\xCE\xB6"},
                              {"eta", "\xCE\xB7"},
                              {"theta", "\xCE\xB8"},
                              {"iota", "\xCE\xB9"},
                              {"kappa", "\xCE\xBA"},
                              {"lambda", "\xCE\xBB"},
                              {"mu", "\xCE\xBC"},
                              {"nu", "\xCE\xBD"},
                              {"xi", "\xCE\xBE"},
                              {"pi", "\xCF\x80"},
                              {"rho", "\xCF\x81"},
                              {"sigma", "\xCF\x83"},
                              {"tau", "\xCF\x84"},
                              {"upsilon", "\xCF\x85"},
                              {"phi", "\xCF\x86"},
                              {"chi", "\xCF\x87"},
                              {"psi", "\xCF\x88"},
                              {"omega", "\xCF\x89"},
                              {"Gamma", "\xCE\x93"},
                              {"Delta", "\xCE\x94"},
                              {"Theta", "\xCE\x98"},
                              {"Lambda", "\xCE\x9B"},
                              {"Sigma", "\xCE\xA3"},
                              {"Phi", "\xCE\xA6"},
                              {"Psi", "\xCE\xA8"},
                              {"Omega", "\xCE\xA9"}};

using ascii::letter;

class Reader {
public:
    explicit Reader(std::string_view latex) : in_(latex) {}

    std::string run() {
        while (at_ < in_.size())
            step(0);
        return std::move(out_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }
    bool starts(std::string_view what) const { return in_.compare(at_, what.size(), what) == 0; }

    void step(int depth) {
        const char c = in_[at_];
        if (c == '\\')
            command(depth);
        else if (c == '{' || c == '}')
            ++at_;
        else if (c == '$') {
            math_ = !math_;
            ++at_;
        } else if (math_ && (c == '_' || c == '^'))
            ++at_;
        else if (c == '~') {
            out_ += "\xC2\xA0";
            ++at_;
        } else if (starts("---"))
            put("\xE2\x80\x94", 3);
        else if (starts("--"))
            put("\xE2\x80\x93", 2);
        else if (starts("``"))
            put("\xE2\x80\x9C", 2);
        else if (starts("''"))
            put("\xE2\x80\x9D", 2);
        else if (c == '%' && (at_ == 0 || in_[at_ - 1] == '\n')) { // a comment
            while (at_ < in_.size() && in_[at_] != '\n')
                ++at_;
        } else
            out_ += c, ++at_;
    }

    void put(std::string_view text, std::size_t length) {
        out_ += text;
        at_ += length;
    }

    void skip_space() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t')
            ++at_;
    }

    // The argument of a command: {text} or one character, in its own reader.
    std::string argument(int depth) {
        skip_space();
        if (depth > 20 || at_ >= in_.size()) return {};
        if (peek() == '{') {
            std::size_t end = at_ + 1;
            for (int open = 1; end < in_.size(); ++end) {
                if (in_[end] == '\\')
                    ++end;
                else if (in_[end] == '{')
                    ++open;
                else if (in_[end] == '}' && --open == 0)
                    break;
            }
            end = std::min(end, in_.size());
            Reader inner(in_.substr(at_ + 1, end - at_ - 1));
            inner.math_ = math_;
            at_ = std::min(end + 1, in_.size());
            while (inner.at_ < inner.in_.size())
                inner.step(depth + 1);
            return inner.out_;
        }
        if (peek() == '\\') {
            const std::size_t before = out_.size();
            command(depth + 1);
            std::string made = out_.substr(before);
            out_.resize(before);
            return made;
        }
        const CodePoint point = decode_code_point(in_, at_);
        std::string one(in_.substr(at_, static_cast<std::size_t>(point.bytes)));
        at_ += static_cast<std::size_t>(point.bytes);
        return one;
    }

    void accent(char32_t mark, int depth) {
        std::string base = argument(depth);
        if (base == "\xC4\xB1") base = "i"; // \'{\i}
        if (base == "\xC8\xB7") base = "j";
        if (base.empty()) return;
        const auto first = static_cast<std::size_t>(decode_code_point(base, 0).bytes);
        out_ += base.substr(0, first) + encode_code_point(mark) + base.substr(first);
    }

    void command(int depth) {
        ++at_; // the backslash
        if (at_ >= in_.size()) return;
        const char c = in_[at_];
        if (!letter(c)) {
            ++at_;
            for (const Accent& a : accents)
                if (a.command == c) return accent(a.mark, depth);
            if (c == '\\')
                out_ += ' ';
            else if (c == ',' || c == ';' || c == ' ' || c == '/')
                out_ += c == '/' ? "" : " ";
            else if (c != '-' && c != '!' && c != '(' && c != ')')
                out_ += c; // \& \% \$ \# \_ \{ \}
            return;
        }
        const std::size_t begin = at_;
        while (at_ < in_.size() && letter(in_[at_]))
            ++at_;
        const std::string_view name = in_.substr(begin, at_ - begin);
        if (peek() == '*') ++at_;
        if (name.size() == 1)
            for (const Accent& a : accents)
                if (a.command == name[0]) return accent(a.mark, depth);
        for (const Symbol& s : symbols)
            if (s.name == name) {
                if (peek() == '{' && peek(1) == '}')
                    at_ += 2;
                else
                    skip_space();
                out_ += s.text;
                return;
            }
        if (name == "enquote" || name == "mkbibquote") {
            out_ += "\xE2\x80\x9C" + argument(depth) + "\xE2\x80\x9D";
            return;
        }
        if (name == "href") argument(depth); // the address; the text follows
        if (name == "begin" || name == "end" || name == "vspace" || name == "hspace" || name == "label") {
            argument(depth);
            return;
        }
        if (name == "hyphen" || name == "textsuperscript" || name == "textsubscript") {
            out_ += name == "hyphen" ? "-" : argument(depth);
            return;
        }
        // \emph, \textit, \mathrm, \bf ...: what they mark up follows and is read as usual.
        if (peek() != '{') skip_space();
    }

    std::string_view in_;
    std::string out_;
    std::size_t at_ = 0;
    bool math_ = false;
};

// Combining marks joined with their letters (NFC).
std::string composed(const std::string& text) {
    if (std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xCC; }))
        return text;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* nfc = unorm2_getNFCInstance(&status);
    std::u16string wide;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        at += static_cast<std::size_t>(point.bytes);
        if (point.value >= 0x10000) {
            wide += static_cast<char16_t>(0xD800 + ((point.value - 0x10000) >> 10));
            wide += static_cast<char16_t>(0xDC00 + ((point.value - 0x10000) & 0x3FF));
        } else
            wide += static_cast<char16_t>(point.value);
    }
    std::u16string joined(wide.size() * 3 + 8, u'\0');
    const auto size = unorm2_normalize(nfc, wide.data(), static_cast<std::int32_t>(wide.size()),
                                       joined.data(), static_cast<std::int32_t>(joined.size()), &status);
    if (U_FAILURE(status)) return text;
    std::string out;
    for (std::int32_t i = 0; i < size; ++i) {
        char32_t value = joined[static_cast<std::size_t>(i)];
        if (value >= 0xD800 && value < 0xDC00 && i + 1 < size)
            value = 0x10000 + ((value - 0xD800) << 10) + (joined[static_cast<std::size_t>(++i)] - 0xDC00U);
        out += encode_code_point(value);
    }
    return out;
}

} // namespace

std::string latex_to_text(std::string_view latex) {
    const std::string raw = composed(Reader(latex).run());
    std::string out;
    bool gap = false;
    for (const char c : raw) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

std::string text_to_latex(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
        case '%':
        case '$':
        case '#':
        case '_':
            out += '\\';
            out += c;
            break;
        case '{':
            out += "\\{";
            break;
        case '}':
            out += "\\}";
            break;
        case '\\':
            out += "\\textbackslash{}";
            break;
        case '~':
            out += "\\textasciitilde{}";
            break;
        case '^':
            out += "\\textasciicircum{}";
            break;
        case '\n':
        case '\r':
            out += ' ';
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace assay::records
