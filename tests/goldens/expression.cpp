#include "expression.hpp"

#include <cctype>
#include <cmath>
#include <stdexcept>

namespace assay::test {

namespace {
/// A recursive descent: sums of products of powers of atoms.
struct Reader {
    const std::string& text;
    const std::function<double(const std::string&)>& variable;
    std::size_t at = 0;

    char peek() {
        while (at < text.size() && text[at] == ' ')
            ++at;
        return at < text.size() ? text[at] : '\0';
    }
    bool take(char c) {
        if (peek() != c) return false;
        ++at;
        return true;
    }
    double sum() {
        double x = product();
        for (;;) {
            if (take('+'))
                x += product();
            else if (take('-'))
                x -= product();
            else
                return x;
        }
    }
    double product() {
        double x = signed_power();
        for (;;) {
            if (take('*'))
                x *= signed_power();
            else if (take('/'))
                x /= signed_power();
            else
                return x;
        }
    }
    double signed_power() { return take('-') ? -signed_power() : power(); }
    double power() {
        const double x = atom();
        return take('^') ? std::pow(x, signed_power()) : x;
    }
    double atom() {
        if (take('(')) {
            const double x = sum();
            if (!take(')')) throw std::runtime_error("no ')' in " + text);
            return x;
        }
        const char c = peek();
        if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') {
            std::size_t used = 0;
            const double x = std::stod(text.substr(at), &used);
            at += used;
            return x;
        }
        std::string name;
        while (at < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '.' || text[at] == '_'))
            name += text[at++];
        if (name.empty()) throw std::runtime_error("cannot read " + text);
        if (!take('(')) return variable(name);
        const double x = sum();
        if (!take(')')) throw std::runtime_error("no ')' in " + text);
        if (name == "sqrt") return std::sqrt(x);
        if (name == "log") return std::log(x);
        if (name == "exp") return std::exp(x);
        if (name == "abs") return std::fabs(x);
        if (name == "I") return x;
        throw std::runtime_error("no function " + name);
    }
};
} // namespace

double evaluate(const std::string& expression, const std::function<double(const std::string&)>& variable) {
    Reader reader{expression, variable};
    const double x = reader.sum();
    if (reader.peek() != '\0') throw std::runtime_error("cannot read " + expression);
    return x;
}

} // namespace assay::test
