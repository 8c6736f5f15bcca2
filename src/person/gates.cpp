// What comes before any number: red flags, medicines as a cause, and the gates.
#include "person/parts.hpp"
#include "person/words.hpp"
#include "text/format.hpp"

#include <algorithm>

namespace assay::person {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string join(const std::vector<std::string>& words, const std::string& between = ", ") {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : between) + word;
    return text;
}

bool stops(const RedFlag& flag) {
    return flag.urgency == "emergency" || flag.urgency == "immediate";
}

Level level(const RedFlag& flag) {
    if (stops(flag)) return Level::critical;
    return flag.urgency == "same_day" || flag.urgency == "week" ? Level::warning : Level::info;
}

} // namespace

bool say_red_flags(const Case& about, Speaker& speaker) {
    const auto& profile = about.profile;
    auto asked = [&](const RedFlag& flag) {
        return flag.goals.empty() || profile.goal.empty() || contains(flag.goals, profile.goal) ||
               profile.red_flags.count(flag.origin.id);
    };
    std::vector<const RedFlag*> yes;
    int open = 0, asked_count = 0;
    std::vector<std::string> open_urgent;
    for (const auto& flag : about.tables.red_flags) {
        if (!asked(flag)) continue;
        ++asked_count;
        const auto answer = profile.red_flags.find(flag.origin.id);
        if (answer != profile.red_flags.end() && answer->second == "yes")
            yes.push_back(&flag);
        else if (answer == profile.red_flags.end() || answer->second == "unknown") {
            ++open;
            if (stops(flag)) open_urgent.push_back(flag.ask);
        }
    }
    std::stable_sort(yes.begin(), yes.end(), [](auto a, auto b) {
        return static_cast<int>(level(*a)) > static_cast<int>(level(*b));
    });
    bool emergency = false;
    for (const auto* flag : yes)
        emergency = emergency || (stops(*flag) && flag->origin.verified());
    for (const auto* flag : yes) {
        if (emergency && !stops(*flag)) continue;
        const bool stop = stops(*flag) && flag->origin.verified();
        speaker.say(stop ? "P-FLAG-STOP" : "P-FLAG-YES", level(*flag),
                    flag->say + ". You answered yes to: " + flag->ask + " Reason: " + flag->why + ".",
                    {flag->origin});
    }
    if (emergency) {
        speaker.say("P-FLAG-STOP", Level::critical, "Nothing else is shown: get help first. " + disclaimer());
        return true;
    }
    if (asked_count == 0) {
        speaker.say("P-FLAG-OPEN", Level::warning,
                    "The tables of " + about.tables.substance.name +
                        " have no questions about signs that come first: talk to a professional about new or "
                        "severe signs.");
        return false;
    }
    if (open > 0)
        speaker.say("P-FLAG-OPEN", Level::warning,
                    std::to_string(open) + " of " + std::to_string(asked_count) +
                        " questions about signs that come first are not answered (`assay person tables "
                        "red_flags`, field red_flags)." +
                        (open_urgent.empty()
                             ? ""
                             : " Get medical help now if one of these is true: " + join(open_urgent, " / ")));
    else if (yes.empty())
        speaker.say("P-FLAG-NONE", Level::info,
                    "All " + std::to_string(asked_count) +
                        " questions about signs that come first were answered with no.");
    return false;
}

void say_causes(const Case& about, Speaker& speaker) {
    const auto& profile = about.profile;
    bool cause = false;
    for (const auto& factor : about.tables.factors) {
        if (factor.kind == "context") continue;
        if (!factor.goals.empty() && !contains(factor.goals, profile.goal)) continue;
        std::vector<std::string> who;
        std::vector<Origin> rows = {factor.origin};
        for (std::size_t i = 0; i < about.medicines.size(); ++i)
            if (meets(about.medicines[i], factor)) {
                who.push_back(profile.medicines[i].text);
                rows.insert(rows.end(), about.medicines[i].rows.begin(), about.medicines[i].rows.end());
            }
        const std::string note = factor.note.empty() ? "" : " (" + factor.note + ")";
        if (factor.kind == "drug_cause" && !who.empty()) {
            cause = true;
            std::string size = "no size is given";
            if (factor.estimate)
                size = factor.measure + " " + text::fixed(*factor.estimate, 2) +
                       (factor.low && factor.high
                            ? " (" + text::fixed(*factor.low, 2) + " to " + text::fixed(*factor.high, 2) + ")"
                            : "");
            speaker.say("P-CAUSE-DRUG", Level::warning,
                        join(who) + ": a " + factor.factor + " can itself be a cause of " + profile.goal +
                            ": " + size + note + ". Ask before anything else; do not stop it on your own.",
                        rows);
        } else if (factor.kind == "low_level_drug" && !who.empty()) {
            speaker.say("P-CAUSE-LEVEL", Level::info,
                        join(who) + " (" + factor.factor + ") can lower the level of " +
                            about.tables.substance.name + note + ".",
                        rows);
        } else if (factor.kind == "low_level_condition") {
            const auto found = conditions_with(profile, factor.words);
            if (!found.empty())
                speaker.say("P-CAUSE-LEVEL", Level::info,
                            join(found) + " goes with a low level of " + about.tables.substance.name +
                                " more often" + note + ".",
                            rows);
        } else if (factor.kind == "low_level_age") {
            double from = 200;
            for (const auto& word : factor.words)
                from = std::stod("0" + word);
            if (profile.age >= from)
                speaker.say("P-CAUSE-LEVEL", Level::info,
                            "Age " + plain(profile.age) + ": " + factor.factor +
                                " goes with a low level more often" + note + ".",
                            rows);
        }
    }
    if (!cause && !profile.medicines.empty() && !profile.goal.empty())
        speaker.say("P-CAUSE-NONE", Level::info,
                    "None of the medicines was found in our table of causes of " + profile.goal +
                        "; that table is short, so ask about new medicines all the same.");
}

namespace {

struct Hit {
    bool met = false;
    std::string because;
    std::vector<Origin> rows;
};

Hit test(const Gate& gate, const Case& about) {
    const auto& profile = about.profile;
    Hit hit;
    const double low = gate.low.value_or(0), high = gate.high.value_or(1e9);
    auto because = [&](std::string words) {
        hit.met = true;
        hit.because += (hit.because.empty() ? "" : "; ") + std::move(words);
    };
    const auto conditions = conditions_with(profile, gate.words);
    if (gate.test == "egfr") {
        if (profile.egfr && *profile.egfr >= low && *profile.egfr < high)
            because("eGFR " + plain(*profile.egfr));
        if (!conditions.empty()) because(join(conditions));
    } else if (gate.test == "condition") {
        if (!conditions.empty()) because(join(conditions));
    } else if (gate.test == "egfr_unknown") {
        if (profile.egfr) return hit;
        if (profile.age >= low) because("age " + plain(profile.age));
        if (!conditions.empty()) because(join(conditions));
        for (std::size_t i = 0; i < about.medicines.size(); ++i)
            if (code_matches(about.medicines[i].atc, gate.atc)) {
                because(profile.medicines[i].text);
                hit.rows.insert(hit.rows.end(), about.medicines[i].rows.begin(),
                                about.medicines[i].rows.end());
            }
    } else if (gate.test == "age") {
        if (profile.age >= low && profile.age < high) because("age " + plain(profile.age));
    } else if (gate.test == "state") {
        if (contains(gate.words, profile.state)) because(profile.state);
    } else if (gate.test == "state_form") {
        if (contains(gate.words, profile.state))
            for (std::size_t i = 0; i < about.products.size(); ++i)
                if (contains(gate.forms, about.products[i].family)) because(profile.products[i].label_text);
    } else if (gate.test == "serum_high") {
        const double limit = profile.serum_high.value_or(low);
        if (profile.serum && *profile.serum > limit)
            because("level " + plain(*profile.serum) + " mmol/L, above " + plain(limit));
        if (!conditions.empty()) because(join(conditions));
    } else if (gate.test == "serum_low") {
        if (profile.serum && *profile.serum < low) because("level " + plain(*profile.serum) + " mmol/L");
        if (!conditions.empty()) because(join(conditions));
    } else if (gate.test == "laxative_dose") {
        for (std::size_t i = 0; i < about.products.size(); ++i)
            if (profile.products[i].kind == "laxative" &&
                about.products[i].most() * profile.products[i].doses_per_day >= low)
                because(profile.products[i].label_text);
    }
    return hit;
}

} // namespace

GateResult say_gates(const Case& about, Speaker& speaker) {
    GateResult result;
    std::vector<Origin> stopping;
    bool any = false;
    for (const auto& gate : about.tables.gates) {
        auto hit = test(gate, about);
        if (!hit.met) continue;
        any = true;
        std::vector<Origin> rows = {gate.origin};
        rows.insert(rows.end(), hit.rows.begin(), hit.rows.end());
        const auto text = gate.condition + " (" + hit.because + "): " + gate.say;
        if (gate.action == "refuse" && !gate.origin.verified()) {
            speaker.say("P-GATE-UNVERIFIED", Level::warning,
                        text + " (This row is unverified and does not close the gate alone.)", rows);
        } else if (gate.action == "refuse") {
            result.refused = true;
            stopping.push_back(gate.origin);
            speaker.say("P-GATE-REFUSE", Level::critical, text, rows);
        } else if (gate.action == "ask") {
            result.asks = true;
            stopping.push_back(gate.origin);
            speaker.say("P-GATE-ASK", Level::critical, text, rows);
        } else if (gate.action == "refuse_form") {
            speaker.say("P-GATE-FORM", Level::critical, text, rows);
        } else {
            speaker.say("P-GATE-CAUTION", gate.action == "caution" ? Level::warning : Level::info, text,
                        rows);
        }
    }
    if (result.refused || result.asks)
        speaker.say("P-GATE-STOPPED", Level::critical,
                    result.refused
                        ? "No personal dose, limit or plan is computed, whatever the goal. " + disclaimer()
                        : "No personal dose, limit or plan is computed until this is known. " + disclaimer(),
                    stopping);
    if (about.tables.gates.empty()) {
        speaker.say("P-GATE-NONE", Level::warning,
                    "The tables of " + about.tables.substance.name +
                        " have no conditions that stop or limit: nothing was checked, ask a professional "
                        "about yours.");
        return result;
    }
    if (!any) {
        const auto& profile = about.profile;
        speaker.say("P-GATE-NONE", Level::info,
                    "None of the " + std::to_string(about.tables.gates.size()) +
                        " conditions of our table was found in the profile" +
                        (profile.egfr ? " (eGFR " + plain(*profile.egfr) + ")."
                                      : " (kidney function unknown, none of the listed risks).") +
                        " A condition that is not written down cannot be found.");
    }
    return result;
}

} // namespace assay::person
