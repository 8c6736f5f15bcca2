#include "trust/salts.hpp"

#include "base/ascii.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace assay::trust {

namespace {

struct Weight {
    std::string_view symbol;
    double mass;
};

// Standard atomic weights, abridged to five figures (IUPAC 2021, Pure Appl Chem 94:573).
constexpr std::array<Weight, 17> weights{{{"H", 1.0080},
                                          {"Li", 6.94},
                                          {"B", 10.81},
                                          {"C", 12.011},
                                          {"N", 14.007},
                                          {"O", 15.999},
                                          {"F", 18.998},
                                          {"Na", 22.990},
                                          {"Mg", 24.305},
                                          {"P", 30.974},
                                          {"S", 32.06},
                                          {"Cl", 35.45},
                                          {"K", 39.098},
                                          {"Ca", 40.078},
                                          {"Fe", 55.845},
                                          {"Zn", 65.38},
                                          {"I", 126.90}}};

using ascii::digit;
using ascii::lower;
using ascii::upper;

/// Total mass and mass of one element of a formula; a recursive reader of groups in brackets.
class Formula {
public:
    Formula(std::string_view text, std::string_view element) : text_(text), element_(element) {}

    struct Mass {
        double all = 0, element = 0;
    };

    std::optional<Mass> read() {
        Mass total;
        while (at_ <
               text_.size()) { // parts separated by points, each with an optional factor in front: MgSO4.7H2O
            const double factor = number();
            const auto part = group();
            if (!part) return std::nullopt;
            total.all += factor * part->all;
            total.element += factor * part->element;
            if (at_ < text_.size() && text_[at_++] != '.') return std::nullopt;
        }
        return total.all > 0 ? std::optional(total) : std::nullopt;
    }

private:
    double number() {
        double value = 0;
        bool any = false;
        while (at_ < text_.size() && digit(text_[at_])) {
            value = value * 10 + (text_[at_++] - '0');
            any = true;
        }
        return any ? value : 1;
    }

    std::optional<Mass> group() {
        Mass total;
        while (at_ < text_.size() && text_[at_] != '.' && text_[at_] != ')') {
            const auto one = text_[at_] == '(' ? bracket() : atom();
            if (!one) return std::nullopt;
            const double factor = number();
            total.all += factor * one->all;
            total.element += factor * one->element;
        }
        return total;
    }

    std::optional<Mass> bracket() {
        ++at_;
        auto inner = group();
        if (!inner || at_ >= text_.size() || text_[at_] != ')') return std::nullopt;
        ++at_;
        return inner;
    }

    std::optional<Mass> atom() {
        if (!upper(text_[at_])) return std::nullopt;
        const std::size_t length = at_ + 1 < text_.size() && lower(text_[at_ + 1]) ? 2 : 1;
        const std::string_view symbol = text_.substr(at_, length);
        const auto found =
            std::find_if(weights.begin(), weights.end(), [&](const Weight& w) { return w.symbol == symbol; });
        if (found == weights.end()) return std::nullopt;
        at_ += length;
        return Mass{found->mass, symbol == element_ ? found->mass : 0};
    }

    std::string_view text_, element_;
    std::size_t at_ = 0;
};

std::string_view cut(std::string_view& line, char separator) {
    const std::size_t end = std::min(line.find(separator), line.size());
    const std::string_view piece = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return piece;
}

} // namespace

std::optional<double> elemental_fraction(std::string_view formula, std::string_view element) {
    const auto mass = Formula(formula, element).read();
    if (!mass || mass->element <= 0) return std::nullopt;
    return mass->element / mass->all;
}

std::vector<Salt> salts() {
    std::vector<Salt> table;
    for (const Embedded& file : embedded_methods()) {
        if (file.name != "salts.csv") continue;
        std::string_view text = file.bytes;
        cut(text, '\n'); // the header
        while (!text.empty()) {
            std::string_view line = cut(text, '\n');
            if (line.empty()) continue;
            Salt salt;
            salt.element = cut(line, ',');
            salt.symbol = cut(line, ',');
            salt.form = cut(line, ',');
            salt.formula = line;
            const auto fraction = elemental_fraction(salt.formula, salt.symbol);
            ASSAY_EXPECT(fraction.has_value());
            salt.fraction = *fraction;
            table.push_back(std::move(salt));
        }
    }
    return table;
}

std::vector<Salt> salts_of_form(std::span<const Salt> table, std::string_view element,
                                std::string_view form) {
    std::size_t longest = 0;
    for (const Salt& salt : table)
        if (salt.element == element && form.find(salt.form) != std::string_view::npos)
            longest = std::max(longest, salt.form.size());
    std::vector<Salt> found;
    for (const Salt& salt : table)
        if (longest > 0 && salt.element == element && salt.form.size() == longest &&
            form.find(salt.form) != std::string_view::npos)
            found.push_back(salt);
    return found;
}

} // namespace assay::trust
