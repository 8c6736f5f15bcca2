// Diary days as a JSON list, the form in which programs exchange them (schemas/diary_day.schema.json).
#include "base/utf8.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"
#include "trial/diary.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::trial {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> event_fields = {"time",    "site",          "side",
                                                     "minutes", "severity_0_10", "woke"};

std::vector<std::string> split(const std::string& text, const std::string& by) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(by, at), text.size());
        const auto part = text::trim(std::string_view(text).substr(at, end - at));
        if (!part.empty()) parts.emplace_back(part);
        at = end + by.size();
    }
    return parts;
}

/// One event in the CSV cell: its six fields with spaces between, "-" for an unknown one.
std::string event_text(const Json& event) {
    std::string out;
    for (const char* name : event_fields) {
        std::string field = "-";
        if (event.is_object() && event.contains(name)) {
            const auto& value = event[name];
            if (value.is_string())
                field = value.get<std::string>();
            else if (value.is_number())
                field = text::format_number(value.get<double>());
            else if (value.is_boolean())
                field = value.get<bool>() ? "yes" : "no";
        }
        std::replace(field.begin(), field.end(), ' ', '_');
        std::replace(field.begin(), field.end(), ';', ',');
        out += (out.empty() ? "" : " ") + field;
    }
    return out;
}

Json event_json(const std::string& text) {
    Json event = Json::object();
    const auto parts = split(text, " ");
    for (std::size_t i = 0; i < parts.size() && i < event_fields.size(); ++i) {
        if (parts[i] == "-") continue;
        if (i < 3)
            event[event_fields[i]] = parts[i];
        else if (i == 5)
            event[event_fields[i]] = parts[i] == "yes";
        else if (const auto number = text::parse_number(parts[i]).value)
            event[event_fields[i]] =
                *number == std::floor(*number) ? Json(static_cast<long>(*number)) : Json(*number);
    }
    return event;
}

std::string scalar_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number()) return text::format_number(value.get<double>());
    return "";
}

/// Reads one day; every fault is a message that names the day.
class DayFromJson {
public:
    DayFromJson(const std::string& file, const std::string& outcome, Diagnostics& diagnostics)
        : file_(file), outcome_(outcome), diagnostics_(diagnostics) {}

    std::optional<DiaryDay> read(const Json& item, std::size_t index) {
        name_ = "day " + std::to_string(index + 1) + " of the list";
        if (!item.is_object()) return bad("is not an object { ... }"), std::nullopt;
        DiaryDay day;
        const auto date = item.contains("date") && item["date"].is_string()
                              ? parse_date(item["date"].get<std::string>())
                              : std::nullopt;
        if (!date) return bad("has no date such as 2026-03-01"), std::nullopt;
        name_ = date_text(*date);
        day.day = *date;
        const std::vector<std::string> known = {"date",          "status",      "entered_at",  "events",
                                                outcome_,        "arm_label",   "doses_taken", "stool_loose",
                                                "other_effects", "confounders", "note"};
        for (const auto& [key, value] : item.items())
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                const auto near = nearest_name(key, known);
                bad("has a field " + in_quotes(key) + " that a day does not have",
                    near.empty() ? "" : "did you mean '" + near + "'?");
            }
        day.status = text_of(item, "status");
        if (day.status != "entered" && day.status != "entered_late" && day.status != "missing")
            bad("has no status entered, entered_late or missing");
        day.count = number_of(item, outcome_.c_str());
        day.doses = number_of(item, "doses_taken");
        if (day.status == "missing" && day.count) bad("is missing and has a number");
        if (day.status != "missing" && !day.count)
            bad("was entered and has no " + outcome_, "0 is a day without");
        day.entered_at = text_of(item, "entered_at");
        day.arm_label = text_of(item, "arm_label");
        day.other_effects = text_of(item, "other_effects");
        day.note = text_of(item, "note");
        if (item.contains("stool_loose") && item["stool_loose"].is_boolean())
            day.stool_loose = item["stool_loose"].get<bool>() ? "yes" : "no";
        read_events(item, day);
        if (item.contains("confounders") && item["confounders"].is_object())
            for (const auto& [key, value] : item["confounders"].items())
                day.confounders += (day.confounders.empty() ? "" : "; ") + key + "=" + scalar_text(value);
        return day;
    }

private:
    void bad(const std::string& text, std::string hint = {}) {
        diagnostics_.add("diary/bad-day", {file_, 0, 0}, name_ + " " + text, std::move(hint));
    }
    std::string text_of(const Json& item, const char* name) {
        if (!item.contains(name) || item[name].is_null()) return "";
        if (item[name].is_string()) return item[name].get<std::string>();
        bad(std::string("has a ") + name + " that is not text");
        return "";
    }
    std::optional<double> number_of(const Json& item, const char* name) {
        if (!item.contains(name) || item[name].is_null()) return std::nullopt;
        const double value = item[name].is_number() ? item[name].get<double>() : -1;
        if (item[name].is_number() && std::isfinite(value) && value >= 0 && value <= 1e6) return value;
        bad(std::string("has a ") + name + " that is no number from 0 up");
        return std::nullopt;
    }
    void read_events(const Json& item, DiaryDay& day) {
        if (!item.contains("events") || !item["events"].is_array()) return;
        bool told = false, woke = false;
        for (const auto& event : item["events"]) {
            if (!event.is_object()) {
                bad("has an event that is not an object { ... }");
                continue;
            }
            const auto text = event_text(event);
            day.events += (day.events.empty() ? "" : "; ") + text;
            if (event.contains("woke") && event["woke"].is_boolean()) {
                told = true;
                woke = woke || event["woke"].get<bool>();
            }
        }
        if (told) day.woke = woke ? "yes" : "no";
    }

    std::string file_, outcome_, name_;
    Diagnostics& diagnostics_;
};

} // namespace

Diary read_diary_json(const std::string& file, std::string_view bytes, const std::string& outcome,
                      Diagnostics& diagnostics) {
    Diary diary;
    diary.outcome = outcome;
    const auto encoding = text::check_encoding(file, bytes, diagnostics);
    if (!encoding.readable || !encoding.clean) return diary;
    bytes.remove_prefix(encoding.bom);
    constexpr int deepest = 16;
    struct TooDeep {};
    Json root;
    try {
        root = Json::parse(bytes.begin(), bytes.end(), [](int depth, Json::parse_event_t, Json&) {
            if (depth > deepest) throw TooDeep{};
            return true;
        });
    } catch (const Json::exception&) {
        diagnostics.add("diary/syntax", {file, 0, 0}, "this is not JSON");
        return diary;
    } catch (const TooDeep&) {
        diagnostics.add("diary/syntax", {file, 0, 0}, "lists and objects are nested too deeply");
        return diary;
    }
    if (root.is_object() && root.contains("days")) root = Json(root["days"]);
    if (!root.is_array()) {
        diagnostics.add("diary/syntax", {file, 0, 0}, "a diary is a list of days [ ... ]");
        return diary;
    }
    DayFromJson reader(file, outcome, diagnostics);
    for (std::size_t i = 0; i < root.size(); ++i)
        if (auto day = reader.read(root[i], i))
            if (!add_day(diary, *day, false))
                diagnostics.add("diary/bad-day", {file, 0, 0}, date_text(day->day) + " stands twice");
    diary.values = std::any_of(diary.days.begin(), diary.days.end(),
                               [](const DiaryDay& d) { return d.count && *d.count != std::floor(*d.count); });
    return diary;
}

std::string diary_json(const Diary& diary) {
    Json root = Json::array();
    auto number = [](double x) { return x == std::floor(x) ? Json(static_cast<long long>(x)) : Json(x); };
    for (const auto& day : diary.days) {
        Json item;
        item["date"] = date_text(day.day);
        item["status"] = day.status;
        if (!day.entered_at.empty()) item["entered_at"] = day.entered_at;
        if (day.count) item[diary.outcome] = number(*day.count);
        Json events = Json::array();
        for (const auto& text : split(day.events, ";"))
            events.push_back(event_json(text));
        if (events.empty() && !day.woke.empty()) events.push_back({{"woke", day.woke == "yes"}});
        if (!events.empty()) item["events"] = std::move(events);
        if (day.doses) item["doses_taken"] = number(*day.doses);
        if (!day.arm_label.empty()) item["arm_label"] = day.arm_label;
        if (!day.stool_loose.empty()) item["stool_loose"] = day.stool_loose == "yes";
        if (!day.other_effects.empty()) item["other_effects"] = day.other_effects;
        for (const auto& part : split(day.confounders, ";")) {
            const auto equals = part.find('=');
            const auto key = part.substr(0, equals);
            const auto value = equals == std::string::npos ? std::string("yes") : part.substr(equals + 1);
            if (const auto parsed = text::parse_number(value).value)
                item["confounders"][key] = number(*parsed);
            else if (value == "yes" || value == "no")
                item["confounders"][key] = value == "yes";
            else
                item["confounders"][key] = value;
        }
        if (!day.note.empty()) item["note"] = day.note;
        root.push_back(std::move(item));
    }
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::trial
