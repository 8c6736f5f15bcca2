#include "person/advice.hpp"

#include "person/parts.hpp"
#include "person/words.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::person {

namespace {

constexpr std::array<Section, 11> section_table = {{
    {"purpose", "What this is"},
    {"flags", "Signs that come first"},
    {"causes", "Could a medicine be the cause?"},
    {"gates", "Kidney and other conditions"},
    {"limits", "Limits and reference intakes"},
    {"label", "What the labels mean"},
    {"interactions", "Medicines"},
    {"plan", "A day that keeps the gaps"},
    {"evidence", "What the trials say"},
    {"foods", "Foods"},
    {"ask", "What to ask a professional"},
}};

constexpr std::array<Rule, 44> rule_table = {{
    {"P-PURPOSE", "purpose", "says what the program is for, at every run"},
    {"P-FLAG-STOP", "flags",
     "a yes to an emergency or immediate question whose row is verified stops everything else"},
    {"P-FLAG-YES", "flags", "a yes to another question, or to one whose row is unverified"},
    {"P-FLAG-OPEN", "flags", "counts the questions that were not answered"},
    {"P-FLAG-NONE", "flags", "every question was answered with no"},
    {"P-CAUSE-DRUG", "causes", "a medicine of the person is a known cause of the complaint"},
    {"P-CAUSE-LEVEL", "causes", "a medicine or condition that lowers the level of the substance"},
    {"P-CAUSE-NONE", "causes", "no medicine of the person is in the table of causes"},
    {"P-GATE-REFUSE", "gates", "a contraindication: no personal dose"},
    {"P-GATE-ASK", "gates", "something has to be known first: no personal dose until then"},
    {"P-GATE-CAUTION", "gates", "a condition to talk about first"},
    {"P-GATE-FORM", "gates", "a form that is not for this person"},
    {"P-GATE-UNVERIFIED", "gates", "an unverified row would refuse: shown as caution"},
    {"P-GATE-STOPPED", "gates", "no dose is computed because a gate was met"},
    {"P-GATE-NONE", "gates", "no row of the table of gates was met"},
    {"P-LIMIT-ROW", "limits", "one authority's limit"},
    {"P-LIMIT-USED", "limits", "the lowest limit that applies to the person and the region"},
    {"P-LIMIT-NONE", "limits", "no limit in the tables applies"},
    {"P-LIMIT-BASIS", "limits", "why a recommended intake can be above the limit"},
    {"P-REFERENCE", "limits", "a recommended intake for this person"},
    {"P-SERUM", "limits", "a blood level against the laboratory's own interval"},
    {"P-LABEL", "label", "a label in mg of the element"},
    {"P-LABEL-FLAG", "label", "a label that cannot be what it says, or leaves its meaning open"},
    {"P-LABEL-TOPICAL", "label", "a product on the skin is not counted"},
    {"P-INTAKE", "label", "what the products add up to"},
    {"P-INTAKE-LIMIT", "label", "the sum against the limit that is used"},
    {"P-INTAKE-SPLIT", "label", "one intake a day where a source asks for several"},
    {"P-INTAKE-MEDICINE", "label", "a medicine that is the substance itself and has no amount"},
    {"P-MEET", "interactions", "a row of the table of interactions that a medicine meets"},
    {"P-MEET-FORM", "interactions", "the row's size comes from forms other than the person's"},
    {"P-MEET-NOT-FOUND", "interactions", "a medicine that the table does not have"},
    {"P-MEET-NO-LIST", "interactions", "the profile lists no medicines"},
    {"P-PLAN", "plan", "times that satisfy every rule"},
    {"P-PLAN-STATED", "plan", "the widest gaps clash, the gaps of the labels do not"},
    {"P-PLAN-NONE", "plan", "no feasible time, with the rules that clash"},
    {"P-PLAN-ASSUMED", "plan", "hours that the plan assumes"},
    {"P-PLAN-LEFT", "plan", "a medicine that a plan of times cannot hold"},
    {"P-EVIDENCE", "evidence", "the review's verdict on the complaint"},
    {"P-EVIDENCE-VIEW", "evidence", "consider, or be realistic, with the reason"},
    {"P-EVIDENCE-WHO", "evidence", "whether the people of the trials are like this person"},
    {"P-EVIDENCE-NONE", "evidence", "no review, or no question on the complaint"},
    {"P-FOOD", "foods", "foods with the most in a serving"},
    {"P-ASK", "ask", "a question for a professional"},
    {"P-ASK-SLOW", "ask", "how long a change takes to show in the blood"},
}};

void say_purpose(const Case& about, Speaker& speaker) {
    speaker.say("P-PURPOSE", Level::info,
                "Intended purpose: information and self-observation. This page compares what you wrote with "
                "tables and trials on " +
                    about.tables.substance.name +
                    "; it does not diagnose, treat or prescribe, and no professional has reviewed it. " +
                    disclaimer());
}

void say_evidence(const Case& about, std::span<const Evidence> evidence, const std::string& review,
                  Speaker& speaker) {
    const auto& goal = about.profile.goal;
    if (evidence.empty()) {
        speaker.say("P-EVIDENCE-NONE", Level::info,
                    goal.empty() ? "The profile names no complaint (`goal`), so no evidence is looked up."
                    : review.empty()
                        ? "No review was given (-r DIR), so nothing is said about how well it works."
                        : "The review " + review + " has no question on this complaint.");
        return;
    }
    for (const auto& item : evidence) {
        std::string text = item.question + " " + item.headline + ". " + item.text;
        if (!item.pooled.empty()) text += " Pooled: " + item.pooled + " [" + item.analysis + "].";
        if (item.text.find("Certainty:") == std::string::npos)
            text += item.certainty.empty()
                        ? " Certainty: not graded here."
                        : " Certainty: " + item.certainty +
                              (item.certainty_source.empty() ? "." : " (" + item.certainty_source + ").");
        speaker.say("P-EVIDENCE", Level::info, text);
        speaker.say("P-EVIDENCE-WHO", Level::info,
                    "The trials studied " +
                        (item.population.empty() ? std::string("a population the review does not name")
                                                 : item.population) +
                        ". Check whether that is you: a result may not carry over to other people.");
        std::string view;
        if (item.benefit && item.important)
            view = "Consider: the interval lies on the side of benefit and the estimate reaches the smallest "
                   "difference that matters.";
        else if (item.benefit)
            view = "Be realistic: the interval lies on the side of benefit, but the estimate is smaller than "
                   "the smallest difference that "
                   "matters, or none is defined.";
        else if (item.single || item.pooled.empty())
            view = "Be realistic: nothing was pooled, so no average effect is known.";
        else
            view = "Be realistic: the interval includes no difference, so an average benefit has not been "
                   "shown.";
        speaker.say("P-EVIDENCE-VIEW", Level::info,
                    view + (item.matters.empty() ? "" : " (" + item.matters + ".)"));
    }
}

void say_foods(const Case& about, Speaker& speaker) {
    auto foods = about.tables.foods;
    std::stable_sort(foods.begin(), foods.end(),
                     [](const Food& a, const Food& b) { return a.mg_per_serving > b.mg_per_serving; });
    std::string text;
    std::vector<Origin> rows;
    for (const auto& food : foods) {
        // Rows with a warning about themselves (outdated, whole seed against kernel) are for the table, not
        // for a short list.
        if (!food.origin.verified() || food.note.find("OUTDATED") != std::string::npos) continue;
        text += (text.empty() ? "" : "; ") + food.food + ", " + food.serving + ": " +
                milligrams(food.mg_per_serving);
        rows.push_back(food.origin);
        if (rows.size() == 6) break;
    }
    if (rows.empty()) return;
    speaker.say("P-FOOD", Level::info,
                "Foods with the most " + about.tables.substance.name +
                    " in a serving (food does not count towards the limits above): " + text +
                    ". `assay person tables foods` has the rest.",
                rows);
}

void say_questions(const Case& about, const Advice& advice, Speaker& speaker) {
    auto ask = [&](std::string text, std::vector<Origin> rows = {}) {
        speaker.say("P-ASK", Level::info, std::move(text), std::move(rows));
    };
    if (!about.profile.egfr) ask("What was my last kidney test (eGFR), and when?");
    if (!about.profile.medicines.empty())
        ask("Please look through my whole list of medicines together with this supplement: a table like this "
            "one never has them all.");
    for (const auto& sentence : advice.sentences)
        if (sentence.rule == "P-CAUSE-DRUG") {
            ask("Could one of my medicines be the cause of the complaint, and is there another way? (Do not "
                "stop a medicine on your own.)",
                sentence.rows);
            break;
        }
    for (const auto& sentence : advice.sentences)
        if (sentence.rule == "P-CAUSE-LEVEL") {
            ask("Is a blood test of the level of use for me, and how will it be read?", sentence.rows);
            break;
        }
    const auto& weeks = about.tables.substance.steady_state_weeks;
    if (weeks && advice.outcome == Outcome::advice)
        speaker.say("P-ASK-SLOW", Level::info,
                    "The level in the blood takes about " + plain(*weeks) +
                        " weeks to settle after a change: a test after two weeks says little.",
                    {about.tables.substance.origins.at("steady_state_weeks")});
}

} // namespace

std::string_view to_string(Level level) {
    return level == Level::critical ? "critical" : level == Level::warning ? "warning" : "info";
}

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
    case Outcome::advice:
        return "advice";
    case Outcome::asks:
        return "asks";
    case Outcome::refused:
        return "refused";
    case Outcome::emergency:
        break;
    }
    return "emergency";
}

std::span<const Rule> rules() {
    return rule_table;
}
std::span<const Section> sections() {
    return section_table;
}

std::string disclaimer() {
    return "Not medical advice: talk to a pharmacist or doctor before you change anything.";
}

std::string plain(double value) {
    auto made = text::readable(value);
    if (made.find('.') != std::string::npos) {
        while (made.back() == '0')
            made.pop_back();
        if (made.back() == '.') made.pop_back();
    }
    return made;
}

std::string milligrams(double value) {
    return plain(value) + " mg";
}

std::string milligrams(double low, double high) {
    if (milligrams(low) == milligrams(high)) return milligrams(low);
    auto bare = milligrams(low);
    bare.resize(bare.size() - 3);
    return bare + " to " + milligrams(high);
}

Advice advise(const Profile& profile, const Tables& tables, std::span<const Evidence> evidence,
              const std::string& review) {
    Advice advice;
    advice.substance = tables.substance.id;
    Speaker speaker(advice);
    Case about{profile, tables, {}, {}};
    for (const auto& medicine : profile.medicines)
        about.medicines.push_back(identify(medicine, tables));
    for (const auto& product : profile.products) {
        Label label;
        label.text = product.label_text;
        label.form = product.form;
        label.amount = product.amount;
        label.unit = product.unit;
        label.meaning = product.meaning;
        about.products.push_back(elemental(label, tables));
    }
    say_purpose(about, speaker);
    if (say_red_flags(about, speaker)) {
        advice.outcome = Outcome::emergency;
        return advice;
    }
    say_causes(about, speaker);
    const auto gate = say_gates(about, speaker);
    advice.outcome = gate.refused ? Outcome::refused : gate.asks ? Outcome::asks : Outcome::advice;
    const bool open = advice.outcome == Outcome::advice;
    if (open) say_limits(about, speaker, advice);
    say_labels(about, speaker, advice, open);
    say_interactions(about, speaker);
    if (open) say_plan(about, speaker, advice);
    say_evidence(about, evidence, review, speaker);
    say_foods(about, speaker);
    say_questions(about, advice, speaker);
    return advice;
}

} // namespace assay::person
