// The limits of all authorities side by side, and what the person's products add up to.
#include "person/parts.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>

namespace assay::person {

namespace {

bool fits(const Limit& limit, const Profile& profile) {
    if (profile.age < limit.age_min || profile.age >= limit.age_max) return false;
    if (limit.sex != "any" && profile.sex != "unspecified" && limit.sex != profile.sex) return false;
    const bool special = profile.state == "pregnant" || profile.state == "lactating";
    if (limit.state == "none") return !special;
    return limit.state.empty() || limit.state == profile.state;
}

bool bounds(const Limit& limit) {
    return limit.kind == "upper" || limit.kind == "guidance" || limit.kind == "product";
}

bool in_region(const Limit& limit, const Profile& profile) {
    return profile.region == "other" ||
           std::find(limit.regions.begin(), limit.regions.end(), profile.region) != limit.regions.end();
}

std::string describe(const Limit& limit) {
    return limit.authority + ", " + limit.quantity + ", " + limit.population +
           (limit.state.empty() || limit.state == "none" ? "" : ", " + limit.state) + ": " +
           (limit.value ? milligrams(*limit.value) + " a day" : std::string("not established"));
}

/// The lowest that applies. Under 18 the lowest of all regions is used: they differ widely there (gates:
/// C16).
const Limit* lowest(const Case& about) {
    const Limit* best = nullptr;
    for (const auto& limit : about.tables.limits) {
        if (!bounds(limit) || !limit.value || !fits(limit, about.profile) || !limit.form.empty()) continue;
        if (about.profile.age >= 18 && !in_region(limit, about.profile)) continue;
        if (!limit.origin.verified()) continue;
        if (!best || *limit.value < *best->value) best = &limit;
    }
    return best;
}

void say_references(const Case& about, Speaker& speaker, const Limit* used) {
    const auto& profile = about.profile;
    const Limit* above = nullptr;
    for (const auto& limit : about.tables.limits) {
        if (limit.kind != "reference" || !limit.value || !fits(limit, profile)) continue;
        if (!in_region(limit, profile)) continue;
        // A row for pregnancy or lactation takes the place of the general row of the same authority.
        const bool replaced =
            limit.state.empty() &&
            std::any_of(about.tables.limits.begin(), about.tables.limits.end(), [&](const Limit& other) {
                return other.kind == "reference" && other.authority == limit.authority &&
                       !other.state.empty() && fits(other, profile);
            });
        if (replaced) continue;
        speaker.say("P-REFERENCE", Level::info,
                    describe(limit) + " from everything eaten and taken" +
                        (limit.sex == "any" ? "" : " (" + limit.sex + ")") + ".",
                    {limit.origin});
        if (used && *limit.value > *used->value && (!above || *limit.value > *above->value)) above = &limit;
    }
    if (above && used)
        speaker.say("P-LIMIT-BASIS", Level::info,
                    "The recommended " + milligrams(*above->value) + " is above the limit of " +
                        milligrams(*used->value) +
                        ", and both are right: the recommendation counts food, water and supplements "
                        "together, the limit counts only supplements "
                        "and medicines, which can cause diarrhoea where the same amount in food does not.",
                    {above->origin, used->origin});
}

void say_serum(const Case& about, Speaker& speaker) {
    const auto& profile = about.profile;
    if (!profile.serum) return;
    const auto level = plain(*profile.serum) + " mmol/L";
    if (!profile.serum_low || !profile.serum_high) {
        speaker.say("P-SERUM", Level::info,
                    "Level in the blood " + level +
                        ": laboratories call different intervals normal, so it is read only against the "
                        "interval your laboratory printed (lab_low, lab_high).");
        return;
    }
    const auto interval = plain(*profile.serum_low) + " to " + plain(*profile.serum_high) + " mmol/L";
    const bool low = *profile.serum<*profile.serum_low, high = *profile.serum> * profile.serum_high;
    speaker.say("P-SERUM", low || high ? Level::warning : Level::info,
                "Level in the blood " + level +
                    (low    ? ", below"
                     : high ? ", above"
                            : ", within") +
                    " your laboratory's interval of " + interval +
                    (low ? ": talk to the clinician who ordered the test." : "."));
}

} // namespace

void say_limits(const Case& about, Speaker& speaker, Advice& advice) {
    const auto* used = lowest(about);
    for (const auto& limit : about.tables.limits) {
        if (!bounds(limit) || !fits(limit, about.profile)) continue;
        speaker.say("P-LIMIT-ROW", Level::info,
                    describe(limit) + " from supplements and medicines" +
                        (limit.note.empty() ? "" : " (" + limit.note + ")") + ".",
                    {limit.origin});
    }
    if (used) {
        advice.limit_mg = *used->value;
        speaker.say("P-LIMIT-USED", Level::info,
                    "Used here: " + milligrams(*used->value) +
                        " a day from supplements and medicines, laxatives and antacids included, food not (" +
                        used->authority + "): the lowest that applies at this age" +
                        (about.profile.age < 18 ? ", of all regions because the person is under 18."
                         : about.profile.region == "other" ? ", of all regions because none is given."
                                                           : " in the region " + about.profile.region + "."),
                    {used->origin});
    } else {
        speaker.say("P-LIMIT-NONE", Level::warning, "No limit in our tables applies at this age.");
    }
    say_references(about, speaker, used);
    say_serum(about, speaker);
}

void say_labels(const Case& about, Speaker& speaker, Advice& advice, bool compare) {
    const auto& profile = about.profile;
    double low = 0, high = 0;
    bool counted = false, once = false;
    double in_one = 0;
    for (std::size_t i = 0; i < profile.products.size(); ++i) {
        const auto& product = profile.products[i];
        const auto& dose = about.products[i];
        std::string words;
        for (const auto& sentence : dose.words)
            words += " " + sentence;
        const bool flagged = dose.flagged("ask") || dose.flagged("buffered") || dose.flagged("impossible") ||
                             dose.flagged("amounts_disagree");
        std::string amount = milligrams(dose.low, dose.high) + " of the element in one dose";
        if (dose.if_elemental)
            amount = milligrams(dose.low, dose.high) + " or " + milligrams(*dose.if_elemental) +
                     " of the element in one dose";
        if (dose.basis == "unknown" && !dose.if_elemental)
            amount = "up to " + milligrams(dose.high) + " of the element in one dose";
        auto rows = dose.rows;
        for (const auto& check : about.tables.label_checks)
            if (!check.flag.empty() && dose.flagged(check.flag)) rows.push_back(check.origin);
        speaker.say(flagged ? "P-LABEL-FLAG" : "P-LABEL", flagged ? Level::warning : Level::info,
                    "\"" + product.label_text + "\": " + amount + "." + words, rows);
        if (product.kind == "topical") {
            speaker.say("P-LABEL-TOPICAL", Level::info,
                        "\"" + product.label_text +
                            "\" goes on the skin and is not counted: how much gets in is not known.");
            continue;
        }
        if (dose.basis == "excipient") continue;
        counted = true;
        low += dose.low * product.doses_per_day;
        high += dose.most() * product.doses_per_day;
        if (product.doses_per_day <= 1) {
            once = true;
            in_one += dose.most();
        }
    }
    for (std::size_t i = 0; i < about.medicines.size(); ++i)
        if (about.medicines[i].is_substance)
            speaker.say("P-INTAKE-MEDICINE", Level::warning,
                        profile.medicines[i].text + " is " + about.tables.substance.name +
                            " itself and counts towards the limit, but the list of medicines has no amount: "
                            "add it to the products.",
                        about.medicines[i].rows);
    if (!counted) return;
    advice.intake_low = low;
    advice.intake_high = high;
    speaker.say("P-INTAKE", Level::info,
                "The products add up to " + milligrams(low, high) + " of the element a day.");
    if (!compare || !advice.limit_mg) return;
    const double limit = *advice.limit_mg;
    const Limit* used = lowest(about);
    const std::string name = milligrams(limit) + " (" + used->authority + ")";
    const double slack = 1e-9 * limit;
    if (low > limit + slack)
        speaker.say("P-INTAKE-LIMIT", Level::warning,
                    "That is above the limit of " + name + ". " + disclaimer(), {used->origin});
    else if (high > limit + slack)
        speaker.say("P-INTAKE-LIMIT", Level::warning,
                    "Read one way that is above the limit of " + name +
                        ", read another way it is not: the labels have to be settled first. " + disclaimer(),
                    {used->origin});
    else
        speaker.say("P-INTAKE-LIMIT", Level::info,
                    "That is not above the limit of " + name +
                        ". The limit rests on diarrhoea in healthy people; it says nothing about other "
                        "conditions or medicines. " +
                        disclaimer(),
                    {used->origin});
    const auto& substance = about.tables.substance;
    if (substance.split_daily_doses > 1 && once && in_one >= 0.5 * limit &&
        substance.origins.count("split_daily_doses"))
        speaker.say("P-INTAKE-SPLIT", Level::info,
                    "A source asks to split the daily amount into at least " +
                        std::to_string(substance.split_daily_doses) + " intakes.",
                    {substance.origins.at("split_daily_doses")});
}

} // namespace assay::person
