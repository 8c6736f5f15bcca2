// Doses: milligrams of the salt against milligrams of the element.
#include "trust/parts.hpp"
#include "trust/salts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

// Tablets are declared to whole milligrams and salts take up water: a dose within a twentieth agrees.
constexpr double tolerance = 0.05;

/// The element a review is about: one that its title or the terms of its interventions name.
std::string element_of(const model::Review& review, const std::vector<Salt>& table) {
    std::string words = plain(review.title + " " + review.question);
    for (const model::Term& term : review.terms)
        if (term.kind == model::TermKind::intervention) words += " " + plain(term.label);
    std::string best;
    std::size_t first = std::string::npos;
    for (const Salt& salt : table) {
        const std::size_t at = words.find(salt.element);
        if (at < first) first = at, best = salt.element;
    }
    return best;
}

struct ArmSalts {
    const model::Arm* arm = nullptr;
    std::vector<Salt> salts;
    Range fraction; ///< smallest and largest of the candidates
};

std::vector<ArmSalts> arms(const Context& context) {
    std::vector<ArmSalts> found;
    const auto table = salts();
    const std::string general = element_of(context.data.review(), table);
    for (const model::Arm& arm : context.data.review().arms) {
        if (arm.form.empty()) continue;
        const std::string words = plain(arm.form + " " + arm.label), form = plain(arm.form);
        std::string element = general;
        for (const Salt& salt : table)
            if (words.find(salt.element) != std::string::npos) element = salt.element;
        // Two salts in one arm ("lactate and citrate") have no single fraction.
        if (form.find(" and ") != std::string::npos) continue;
        ArmSalts made;
        made.arm = &arm;
        made.salts = salts_of_form(table, element, form);
        if (made.salts.empty()) continue;
        made.fraction = {1, 0};
        for (const Salt& salt : made.salts)
            made.fraction = {std::min(made.fraction.low, salt.fraction),
                             std::max(made.fraction.high, salt.fraction)};
        found.push_back(std::move(made));
    }
    return found;
}

bool milligrams(const std::string& unit) {
    return unit == "mg" || unit.rfind("mg/", 0) == 0 || unit.rfind("mg ", 0) == 0;
}

/// Masses that a text names, in mg: "2.5 g a day", "900 mg twice".
std::vector<double> masses(std::string_view text) {
    std::vector<double> found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] < '0' || text[at] > '9' ||
            (at > 0 && ((text[at - 1] >= '0' && text[at - 1] <= '9') || text[at - 1] == '.')))
            continue;
        std::size_t end = at;
        while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.'))
            ++end;
        const auto number = read_printed(text.substr(at, end - at));
        while (end < text.size() && text[end] == ' ')
            ++end;
        std::size_t stop = end;
        while (stop < text.size() && text[stop] >= 'a' && text[stop] <= 'z')
            ++stop;
        const std::string_view unit = text.substr(end, stop - end);
        if (number && unit == "mg") found.push_back(number->value);
        if (number && unit == "g") found.push_back(1000 * number->value);
    }
    return found;
}

bool fits(double element, double salt, const std::vector<Salt>& candidates) {
    return std::any_of(candidates.begin(), candidates.end(), [&](const Salt& candidate) {
        return std::fabs(element / (salt * candidate.fraction) - 1) <= tolerance;
    });
}

std::string salts_words(const ArmSalts& arm, double salt) {
    std::string words;
    for (const Salt& candidate : arm.salts)
        words += fmt::format("{}{:.0f} mg as {}", words.empty() ? "" : ", ", salt * candidate.fraction,
                             candidate.formula);
    return words;
}

void judge(Sink& sink, const ArmSalts& arm, double salt, double element, std::string field,
           Possible possible) {
    if (fits(element, salt, arm.salts)) return;
    Finding made = finding(*arm.arm, field, possible);
    input(made, "form", arm.arm->form);
    input(made, "salt_mg", number_words(salt));
    input(made, "element_mg", number_words(element));
    made.says = fmt::format("{} mg of the salt do not hold {} mg of the element: {}.", number_words(salt),
                            number_words(element), salts_words(arm, salt));
    made.remedy = "It is possible if the form is another salt or hydrate, or if one of the two figures "
                  "counts differently (per "
                  "tablet, per day).";
    sink.add(std::move(made));
}

} // namespace

void run_dose(const Context& context, Sink& sink) {
    for (const ArmSalts& arm : arms(context)) {
        const model::Arm& row = *arm.arm;
        if (!row.dose || *row.dose <= 0 || !milligrams(row.dose_unit)) continue;
        sink.examined(row.place);
        if (row.dose_basis == "elemental" && row.elemental_mg &&
            std::fabs(*row.elemental_mg / *row.dose - 1) > tolerance) {
            Finding made = finding(row, "elemental_mg", Possible::no);
            input(made, "dose", number_words(*row.dose));
            input(made, "elemental_mg", number_words(*row.elemental_mg));
            made.says = fmt::format("The dose is {} mg of the element, and elemental_mg says {}.",
                                    number_words(*row.dose), number_words(*row.elemental_mg));
            made.remedy = "It is possible if one is per tablet and the other per day.";
            sink.add(std::move(made));
        }
        if (row.dose_basis == "salt" && row.elemental_mg)
            judge(sink, arm, *row.dose, *row.elemental_mg, "elemental_mg", Possible::no);
        // A label that names a larger mass than the dose names the salt, and the dose the element.
        constexpr double clearly = 1.2;
        for (const double mass : masses(row.label))
            if (row.dose_basis != "salt" && mass > clearly * *row.dose)
                judge(sink, arm, mass, *row.dose, "dose", Possible::unlikely);
    }
}

void run_dose_basis(const Context& context, Sink& sink) {
    for (const ArmSalts& arm : arms(context)) {
        const model::Arm& row = *arm.arm;
        if (!row.dose || !milligrams(row.dose_unit)) continue;
        sink.examined(row.place);
        if (row.dose_basis != "unknown") continue;
        Finding made = finding(row, "dose_basis", Possible::yes);
        input(made, "form", row.form);
        input(made, "dose", number_words(*row.dose));
        made.says =
            fmt::format("{} mg may be the salt or the element: between {:.0f} and {} mg of the element.",
                        number_words(*row.dose), *row.dose * arm.fraction.low, number_words(*row.dose));
        made.remedy = "The paper, the registry entry or the product label says which.";
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
