#include "person/label.hpp"

#include "base/ascii.hpp"
#include "person/parts.hpp"
#include "person/words.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::person {

namespace {

struct Amount {
    double value = 0;
    std::string unit; ///< mg g mmol meq percent
    std::size_t begin = 0, end = 0;
};

using ascii::digit;

/// "1,000" is a thousand; "2,7" is left alone (a decimal comma is not an amount we can be sure of).
std::optional<double> number_at(std::string_view text, std::size_t& at) {
    const auto start = at;
    double value = 0;
    int digits = 0;
    while (at < text.size() && digit(text[at])) {
        value = value * 10 + (text[at++] - '0');
        ++digits;
        const bool thousands = at + 3 < text.size() && text[at] == ',' && digit(text[at + 1]) &&
                               digit(text[at + 2]) && digit(text[at + 3]) &&
                               (at + 4 == text.size() || !digit(text[at + 4]));
        if (thousands && digits <= 3) ++at;
    }
    if (at == start || digits > 9) return std::nullopt;
    if (at + 1 < text.size() && text[at] == '.' && digit(text[at + 1])) {
        double place = 0.1;
        for (++at; at < text.size() && digit(text[at]); ++at, place /= 10)
            value += place * (text[at] - '0');
    }
    return value;
}

std::vector<Amount> amounts(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> units[] = {
        {"mmol", "mmol"}, {"meq", "meq"}, {"mg", "mg"}, {"g", "g"}, {"%", "percent"}, {"percent", "percent"}};
    std::vector<Amount> found;
    for (std::size_t at = 0; at < text.size();) {
        if (!digit(text[at])) {
            ++at;
            continue;
        }
        const bool inside_word = at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z';
        const auto begin = at;
        const auto value = number_at(text, at);
        if (!value) {
            ++at;
            continue;
        }
        auto next = at;
        while (next < text.size() && text[next] == ' ')
            ++next;
        for (const auto& [word, unit] : units) {
            if (inside_word || text.substr(next, word.size()) != word) continue;
            const auto end = next + word.size();
            if (word != "%" && end < text.size() && text[end] >= 'a' && text[end] <= 'z') continue;
            found.push_back({*value, std::string(unit), begin, end});
            at = end;
            break;
        }
    }
    return found;
}

std::string mg(double value) {
    return milligrams(value);
}

struct Family {
    const Form* poorest = nullptr;
    const Form* richest = nullptr;
    double low = 0, high = 0; ///< fractions
};

Family family(const std::string& name, const std::string& form, const Tables& tables) {
    Family made;
    made.low = std::numeric_limits<double>::infinity();
    for (const auto& row : tables.forms) {
        const bool wanted = form.empty() ? row.family == name && row.usual : row.id == form;
        if (!wanted) continue;
        if (row.fraction < made.low) {
            made.low = row.fraction;
            made.poorest = &row;
        }
        if (row.fraction > made.high) {
            made.high = row.fraction;
            made.richest = &row;
        }
    }
    return made;
}

/// Where a compound holds more of the element than it can, it is blended with the buffer: w f_b + (1 - w) f =
/// r.
void judge_ratio(Elemental& out, double ratio, const Family& of, const Tables& tables) {
    const auto buffer = family(tables.substance.buffer_family, "", tables);
    if (!of.richest || ratio <= of.high * 1.005) {
        if (of.poorest && ratio < of.low * 0.98)
            out.words.push_back("The label states " + text::fixed(100 * ratio, 1) + " %, below the " +
                                text::fixed(100 * of.low, 1) +
                                " % of the pure compound: the label figure is used.");
        return;
    }
    const std::string stated = text::fixed(100 * ratio, 1) + " %",
                      most = text::fixed(100 * of.high, 1) + " %";
    if (!buffer.richest || ratio > buffer.high) {
        out.flags.push_back("impossible");
        out.words.push_back("The label states " + stated +
                            " of the element, more than any compound in the table holds: check it.");
        return;
    }
    auto share = [&](double fraction) {
        const double weight = (ratio - fraction) / (buffer.high - fraction);
        return weight * buffer.high / ratio;
    };
    const double least = share(of.high), greatest = share(of.low);
    out.flags.push_back("buffered");
    out.words.push_back(
        "The pure compound holds at most " + most + "; " + stated +
        " means it is blended (\"buffered\") with " + buffer.richest->name + ", which then supplies " +
        text::fixed(100 * least, 0) +
        (greatest - least > 0.005 ? " % to " + text::fixed(100 * greatest, 0) : std::string()) +
        " % of the element.");
    out.rows.push_back(of.richest->origin);
    out.rows.push_back(buffer.richest->origin);
}

/// Grams, mmol and mEq as mg of the compound or the element.
std::optional<double> element_mg(double value, const std::string& unit, const Tables& tables) {
    const auto mass = tables.elements.find(tables.substance.element);
    if (mass == tables.elements.end()) return std::nullopt;
    if (unit == "mmol") return value * mass->second;
    if (unit == "meq" && tables.substance.charge > 0) return value * mass->second / tables.substance.charge;
    return std::nullopt;
}

/// The readings of a label: each amount sorted to the element or to the compound.
struct Reading {
    std::optional<double> element, compound;
    bool molar = false;    ///< `element` comes from mmol or mEq
    bool declared = false; ///< the words say that `element` is the element
    std::optional<double> percent;
};

Reading read(const Label& label, const std::string& lower, const Tables& tables) {
    Reading reading;
    auto found = amounts(lower);
    if (label.amount) {
        Amount given{*label.amount, ascii::to_lower(label.unit), 0, 0};
        const bool molar = given.unit == "mmol" || given.unit == "meq";
        if (molar) {
            reading.element = element_mg(given.value, given.unit, tables);
            reading.molar = true;
        } else {
            const double value = given.unit == "g" ? 1000 * given.value : given.value;
            if (label.meaning == "elemental") {
                reading.element = value;
                reading.declared = true;
            } else {
                reading.compound = value;
            }
        }
    }
    const bool as = lower.find("(as ") != std::string::npos;
    for (const auto& amount : found) {
        if (amount.unit == "percent") {
            reading.percent = amount.value / 100;
            continue;
        }
        if (amount.unit == "mmol" || amount.unit == "meq") {
            const auto value = element_mg(amount.value, amount.unit, tables);
            if (!reading.element && value) {
                reading.element = value;
                reading.molar = true;
            }
            continue;
        }
        const double value = amount.unit == "g" ? 1000 * amount.value : amount.value;
        auto before = lower.substr(0, amount.begin);
        auto after = lower.substr(amount.end, 24);
        bool names_substance =
            has_word(before.substr(before.size() > 12 ? before.size() - 12 : 0), "elemental") ||
            has_word(after, "elemental") || has_word(before, "provides") || has_word(before, "providing") ||
            has_word(before, "of which") || before.find("= ") != std::string::npos;
        if (label.amount) {
            const bool two_statements = has_word(lower, "provides") || has_word(lower, "providing") ||
                                        lower.find('%') != std::string::npos;
            if (label.meaning == "elemental" && two_statements && !names_substance && !reading.compound &&
                reading.element && value > *reading.element)
                reading.compound = value;
            // The profile's number is the dose; the text only adds a second statement to it.
            if (names_substance && reading.compound && !reading.element &&
                std::fabs(value - *reading.compound) > 1e-9) {
                reading.element = value;
                reading.declared = true;
            }
            continue;
        }
        if (names_substance || (as && !reading.element)) {
            if (!reading.element || reading.molar) {
                reading.element = value;
                reading.declared = true;
                reading.molar = false;
            }
        } else if (!reading.compound) {
            reading.compound = value;
        }
    }
    if (reading.compound && reading.percent && !reading.element) {
        reading.element = *reading.compound * *reading.percent;
        reading.declared = true;
    }
    return reading;
}

const NamedProduct* named_product(const std::string& lower, const Tables& tables) {
    for (const auto& product : tables.products)
        if (has_word(lower, product.name)) return &product;
    return nullptr;
}

void element_stated(Elemental& out, const Reading& reading, const Family& of, const Tables& tables) {
    out.basis = "elemental";
    out.low = out.high = *reading.element;
    if (reading.molar) {
        out.words.push_back("A molar amount is the element itself: " + mg(out.low) + ".");
        out.rows.push_back(tables.element_origins.at(tables.substance.element));
    } else if (!reading.compound) {
        out.flags.push_back("already_elemental");
        out.words.push_back("The label already states the element: " + mg(out.low) +
                            ", not multiplied by the share of the compound.");
    }
    if (!reading.compound || *reading.compound <= 0) return;
    if (reading.molar && of.richest) {
        const double low = *reading.compound * of.low, high = *reading.compound * of.high;
        if (out.low < 0.9 * low || out.low > 1.1 * high) {
            out.flags.push_back("amounts_disagree");
            out.words.push_back(mg(*reading.compound) + " of the compound would hold " + mg(low) +
                                (high - low > 0.05 ? " to " + mg(high) : std::string()) + ", not " +
                                mg(out.low) + ": the two statements disagree; the molar amount is used.");
            out.rows.push_back(of.richest->origin);
        }
        return;
    }
    judge_ratio(out, *reading.element / *reading.compound, of, tables);
}

void compound_stated(Elemental& out, double compound, const Family& of, bool open) {
    out.low = compound * of.low;
    out.high = compound * of.high;
    out.basis = open ? "unknown" : "compound";
    out.rows.push_back(of.poorest->origin);
    if (of.richest != of.poorest) out.rows.push_back(of.richest->origin);
    std::string range = of.richest == of.poorest ? mg(out.low) + " of the element (" + of.richest->name + ")"
                                                 : mg(out.low) + " (" + of.poorest->name + ") to " +
                                                       mg(out.high) + " (" + of.richest->name + ")";
    if (!open) {
        out.words.push_back(mg(compound) + " is the mass of the compound: " + range + ".");
        return;
    }
    out.if_elemental = compound;
    out.flags.push_back("ask");
    out.words.push_back("The label does not say whether " + mg(compound) +
                        " is the compound or the element. If the compound: " + range +
                        "; if the element: " + mg(compound) + ". The panel of facts or the maker can tell.");
}

} // namespace

bool Elemental::flagged(std::string_view flag) const {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

std::string family_of(std::string_view label, const Tables& tables) {
    const auto lower = ascii::to_lower(label);
    std::string best;
    std::size_t length = 0;
    for (const auto& form : tables.forms)
        for (const auto& word : form.words)
            if (word.size() > length && lower.find(word) != std::string::npos) {
                best = form.family;
                length = word.size();
            }
    return best;
}

Elemental elemental(const Label& label, const Tables& tables) {
    const auto lower = ascii::to_lower(label.text);
    Elemental out;
    const auto form = std::find_if(tables.forms.begin(), tables.forms.end(),
                                   [&](const Form& f) { return f.id == label.form; });
    out.family = form != tables.forms.end() ? form->family : family_of(lower, tables);
    const auto* product = named_product(lower, tables);
    if (out.family.empty() && product) out.family = product->family;
    const auto of = family(out.family, form != tables.forms.end() ? form->id : "", tables);
    const auto reading = read(label, lower, tables);

    if (of.richest && of.richest->role == "excipient") {
        out.basis = "excipient";
        out.flags.push_back("excipient");
        out.words.push_back(of.richest->name + " is an aid of manufacture: it counts as no dose.");
        out.rows.push_back(of.richest->origin);
    } else if (reading.element) {
        element_stated(out, reading, of, tables);
    } else if (!reading.compound) {
        out.basis = "unreadable";
        out.words.push_back("No amount could be read from the label.");
    } else if (product && product->compound_mg) {
        out.basis = "product";
        out.low = out.high = *reading.compound / *product->compound_mg * product->element_mg;
        out.flags.push_back("label_figure");
        out.words.push_back("The maker's own figure is used: " + mg(*product->compound_mg) + " hold " +
                            mg(product->element_mg) + ".");
        out.rows.push_back(product->origin);
        if (of.poorest) judge_ratio(out, product->element_mg / *product->compound_mg, of, tables);
    } else if (of.poorest && of.richest->role == "element") {
        out.basis = "elemental";
        out.low = out.high = *reading.compound;
    } else if (of.poorest) {
        compound_stated(out, *reading.compound, of,
                        label.meaning != "compound" && !of.poorest->bare_compound);
    } else {
        out.basis = "unknown";
        out.low = 0;
        out.high = *reading.compound;
        out.flags.push_back("ask");
        out.words.push_back("The form is not in the table, so " + mg(*reading.compound) +
                            " may hold anything up to that amount of the element: look for the elemental "
                            "amount on the label.");
    }
    return out;
}

} // namespace assay::person
