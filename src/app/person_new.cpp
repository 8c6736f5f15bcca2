#include "app/person_new.hpp"

#include "base/ascii.hpp"
#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "person/advice.hpp"
#include "person/profile.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace assay::app {

namespace {

using Json = nlohmann::ordered_json;

struct InputEnded {};

using ascii::to_lower;

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const auto part = text::trim(std::string_view(text).substr(at, end - at));
        if (!part.empty()) parts.emplace_back(part);
        at = end + 1;
    }
    return parts;
}

class Interview {
public:
    Interview(const person::Tables& tables, const Talk& talk) : tables_(tables), talk_(talk) {}

    /// False: an emergency.
    bool run() {
        const auto& name = tables_.substance.id;
        talk_.say(
            "Intended purpose: information and self-observation on " + name +
            ". It does not diagnose, treat or prescribe. " + person::disclaimer() +
            "\nWhat you write stays in the file on this machine. An empty line leaves a question open.\n");
        root_["schema_version"] = "1";
        std::vector<std::string> goals;
        for (const auto& goal : tables_.goals)
            goals.push_back(goal.goal);
        const auto goal = choice("What is it for", goals, "");
        if (!signs(goal)) return false;
        root_["age_years"] = *number("Age in years?", 0, 120, true);
        root_["sex_for_reference_values"] = choice("Sex, for the rows of recommended intakes",
                                                   {"female", "male", "unspecified"}, "unspecified");
        if (root_["sex_for_reference_values"] != "male" && root_["age_years"].get<double>() >= 10 &&
            root_["age_years"].get<double>() <= 60)
            root_["reproductive_state"] =
                choice("Pregnancy", {"none", "pregnant", "lactating", "trying"}, "none");
        root_["region"] =
            choice("Region, whose limit is used", {"US", "CA", "EU", "UK", "DE", "NO", "other"}, "other");
        if (!goal.empty()) root_["goal"] = goal;
        kidney();
        conditions();
        medicines();
        products();
        day();
        return true;
    }

    const Json& root() const { return root_; }
    bool known_enough() const {
        return root_.contains("age_years") && root_.contains("sex_for_reference_values");
    }

private:
    std::string line(const std::string& question) {
        const auto answer = talk_.ask(question + " ");
        if (!answer) throw InputEnded{};
        return *answer;
    }

    std::string choice(const std::string& question, const std::vector<std::string>& allowed,
                       const std::string& unset) {
        std::string list;
        for (const auto& word : allowed)
            list += (list.empty() ? "" : ", ") + word;
        for (;;) {
            const auto answer = line(question + " (" + list + ")?");
            if (answer.empty()) return unset;
            for (const auto& word : allowed)
                if (to_lower(word) == to_lower(answer)) return word;
            const auto near = nearest_name(answer, allowed);
            talk_.say("  " + in_quotes(answer) + " is not one of these" +
                      (near.empty() ? "" : "; did you mean '" + near + "'?") + "\n");
        }
    }

    std::optional<double> number(const std::string& question, double low, double high, bool needed) {
        for (;;) {
            const auto answer = line(question);
            if (answer.empty() && !needed) return std::nullopt;
            const auto parsed = text::parse_number(answer);
            if (parsed.value && *parsed.value >= low && *parsed.value <= high) return parsed.value;
            talk_.say("  a number from " + text::format_number(low) + " to " + text::format_number(high) +
                      (parsed.hint.empty() ? "" : ": " + parsed.hint) + "\n");
        }
    }

    Json times(const std::string& question) {
        for (;;) {
            Json made = Json::array();
            const auto parts = parts_of(line(question));
            for (const auto& part : parts)
                if (person::minutes_of(part)) made.push_back(part);
            if (made.size() == parts.size() && parts.size() <= 24) return made;
            talk_.say("  times are written 07:30, with commas between several\n");
        }
    }

    bool signs(const std::string& goal) {
        talk_.say("\nSigns that come first: y, n, or an empty line where you do not know; 'none' answers n "
                  "to all that "
                  "are left.\n");
        Json flags = Json::object();
        bool none = false;
        for (const auto& flag : tables_.red_flags) {
            const bool asked = flag.goals.empty() || goal.empty() ||
                               std::find(flag.goals.begin(), flag.goals.end(), goal) != flag.goals.end();
            if (!asked) continue;
            std::string answer = none ? "n" : to_lower(line(flag.ask));
            while (!(answer.empty() || answer == "y" || answer == "yes" || answer == "n" || answer == "no" ||
                     answer == "none" || answer == "unknown")) {
                talk_.say("  y, n or an empty line\n");
                answer = to_lower(line(flag.ask));
            }
            none = none || answer == "none";
            const bool yes = answer[0] == 'y';
            flags[flag.origin.id] = yes ? "yes" : answer[0] == 'n' ? "no" : "unknown";
            if (!yes) continue;
            const bool urgent = flag.urgency == "emergency" || flag.urgency == "immediate";
            talk_.say("  " + flag.say + ". Reason: " + flag.why + " [" + flag.origin.key() +
                      (flag.origin.verified() ? "" : " unverified") + "]\n");
            if (urgent && flag.origin.verified()) {
                talk_.say("Nothing else is asked: get help first. " + person::disclaimer() + "\n");
                return false;
            }
        }
        root_["red_flags"] = flags;
        talk_.say("\n");
        return true;
    }

    void kidney() {
        const auto value =
            number("Last kidney test, eGFR in mL/min/1.73m2 (empty: not known)?", 0, 200, false);
        if (!value) return;
        root_["egfr"] = {{"value", *value}, {"unit", "mL/min/1.73m2"}};
        for (;;) {
            const auto date = line("Date of that test, 2026-03-01 (empty: not known)?");
            if (date.empty()) return;
            if (trial::parse_date(date)) {
                root_["egfr"]["date"] = date;
                return;
            }
            talk_.say("  a date is written 2026-03-01\n");
        }
    }

    std::string limited(const std::string& question, std::size_t longest) {
        for (;;) {
            auto answer = line(question);
            if (count_code_points(answer) <= longest) return answer;
            talk_.say("  at most " + std::to_string(longest) + " characters\n");
        }
    }

    void conditions() {
        while (list_room("conditions")) {
            const auto text = limited("A condition you have, in your words (empty: no more)?", 400);
            if (text.empty()) return;
            root_["conditions"].push_back({{"text", text}});
        }
    }

    bool list_room(const char* name) const { return !root_.contains(name) || root_[name].size() < 400; }

    void medicines() {
        while (list_room("medicines")) {
            const auto text = limited("A medicine you take, name and strength (empty: no more)?", 200);
            if (text.empty()) return;
            Json item = {{"text", text}};
            if (auto at = times("  Times, 07:30, 19:00 (empty: free)?"); !at.empty())
                item["times"] = std::move(at);
            root_["medicines"].push_back(std::move(item));
        }
    }

    void products() {
        while (list_room("products")) {
            const auto text = limited(
                "A product with " + tables_.substance.id + ", as its label says (empty: no more)?", 400);
            if (text.empty()) return;
            Json item = {{"label_text", text}};
            item["amount"] = *number("  Amount in one dose, the number?", 0.001, 1e6, true);
            item["amount_unit"] = choice("  Unit", {"mg", "g", "mmol", "mEq"}, "mg");
            item["amount_meaning"] = choice("  Is that the element, the whole compound, or not known",
                                            {"elemental", "compound", "unknown"}, "unknown");
            item["doses_per_day"] = *number("  Doses a day?", 0.01, 48, true);
            item["kind"] = choice("  Kind", {"supplement", "antacid", "laxative", "multivitamin", "topical"},
                                  "supplement");
            root_["products"].push_back(std::move(item));
        }
    }

    void day() {
        for (;;) {
            auto wake = times("When do you get up, 07:00 (empty: assumed)?");
            if (wake.empty()) return;
            auto bed = times("When do you go to bed, 23:00?");
            auto meals = times("Times of your meals, 07:30, 12:30, 18:30 (empty: assumed)?");
            if (bed.empty() || bed[0].get<std::string>() <= wake[0].get<std::string>() || meals.size() > 8) {
                talk_.say("  bed must be later than getting up, on the same day; at most eight meals\n");
                continue;
            }
            Json made = {{"wake", wake[0]}, {"bed", bed[0]}};
            for (const auto& meal : meals)
                made["meals"].push_back({{"name", "meal"}, {"time", meal}});
            root_["day"] = std::move(made);
            return;
        }
    }

    const person::Tables& tables_;
    const Talk& talk_;
    Json root_;
};

/// Values inside a line. The escapes of JSON strings are those of TOML's basic strings.
std::string inline_toml(const Json& value) {
    std::string out;
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items())
            out += (out.empty() ? "" : ", ") + key + " = " + inline_toml(inner);
        return "{ " + out + " }";
    }
    if (value.is_array()) {
        for (const auto& inner : value)
            out += (out.empty() ? "" : ", ") + inline_toml(inner);
        return "[" + out + "]";
    }
    if (value.is_number()) return text::format_number(value.get<double>());
    return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string toml_of(const Json& root) {
    std::string first, tables;
    for (const auto& [key, value] : root.items()) {
        if (value.is_object()) {
            tables += "\n[" + key + "]\n";
            for (const auto& [inner, leaf] : value.items())
                tables += inner + " = " + inline_toml(leaf) + "\n";
        } else if (value.is_array() && !value.empty() && value[0].is_object()) {
            for (const auto& item : value) {
                tables += "\n[[" + key + "]]\n";
                for (const auto& [inner, leaf] : item.items())
                    tables += inner + " = " + inline_toml(leaf) + "\n";
            }
        } else {
            first += key + " = " + inline_toml(value) + "\n";
        }
    }
    return first + tables;
}

} // namespace

NewProfile new_profile(const person::Tables& tables, const Talk& talk, bool toml) {
    NewProfile made;
    Interview interview(tables, talk);
    try {
        if (!interview.run()) {
            made.emergency = true;
            return made;
        }
    } catch (const InputEnded&) {
        // What was answered until then is a profile, if it holds the two fields that every profile needs.
        made.cut_short = true;
        if (!interview.known_enough()) return made;
    }
    made.bytes = toml ? toml_of(interview.root())
                      : interview.root().dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    return made;
}

} // namespace assay::app
