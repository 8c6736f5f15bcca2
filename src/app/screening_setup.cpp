#include "app/screening_setup.hpp"

#include "app/screen.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

using json = nlohmann::ordered_json;

constexpr SettingRow rows[] = {
    {"reviewers", "How many people must read each record", "1"},
    {"blind", "on: with two reviewers or more nobody sees what others decided, nor the model's view; off",
     "on"},
    {"people", "Who may decide: names with commas between them", "anybody"},
    {"adjudicators", "Who may settle conflicts", "anybody"},
    {"protocol", "JSON with title, objectives, research_questions, inclusion_criteria, exclusion_criteria",
     "none"},
    {"include-words", "Words and phrases that speak for a record, shown in colour; random* fits randomised",
     "none"},
    {"exclude-words", "Words and phrases that speak against it", "none"},
    {"reasons", "Reasons for exclusion in the order of the protocol, with semicolons between them",
     "free text"},
    {"target", "The recall to reach, between 0 and 1", "0.95"},
    {"confidence", "Of the test and of the audit, between 0 and 1", "0.95"},
    {"seed", "Of the random order before there is a model, without a protocol", "1"},
};

constexpr const char* protocol_fields[] = {"title", "objectives", "research_questions", "inclusion_criteria",
                                           "exclusion_criteria"};

Error refused(const std::string& name, const std::string& why) {
    return Error("screen/setting", "--" + name + ": " + why, Exit::input);
}

// Parts with semicolons between them; where commas separate, those do, too.
std::string list(const std::string& name, const std::string& value, bool commas) {
    std::string out;
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find_first_of(commas ? ",;" : ";", at), value.size());
        const std::string part(text::trim(std::string_view(value).substr(at, end - at)));
        at = end + 1;
        if (part.empty()) continue;
        if (safe_text(part) != part) throw refused(name, "control characters in " + in_quotes(part));
        out += (out.empty() ? "" : "; ") + part;
    }
    return out;
}

std::string number(const std::string& name, const std::string& value, double low, double high, bool whole) {
    const auto parsed = text::parse_number(value);
    const bool fits = parsed.value && (whole ? *parsed.value >= low && *parsed.value <= high
                                             : *parsed.value > low && *parsed.value < high);
    if (!fits || (whole && *parsed.value != std::floor(*parsed.value)))
        throw refused(name, fmt::format("{} is not {} {:g} and {:g}", in_quotes(value),
                                        whole ? "a whole number between" : "a number between", low, high));
    return text::format_number(*parsed.value);
}

std::string protocol(const std::string& path) {
    const std::string bytes = read_file(path);
    protocol_words(path, bytes, "review"); // says what is wrong with it
    auto in = json::parse(bytes, nullptr, false);
    if (in.contains("review") && in["review"].is_object()) in = json(in["review"]);
    json kept = json::object();
    for (const char* field : protocol_fields) {
        if (!in.contains(field)) continue;
        if (in[field].is_string() || in[field].is_array()) kept[field] = in[field];
    }
    return kept.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string checked(const std::string& name, const std::string& value) {
    if (value.empty()) return {};
    if (name == "reviewers") return number(name, value, 1, 20, true);
    if (name == "seed") return number(name, value, 0, 4294967295.0, true);
    if (name == "target" || name == "confidence") return number(name, value, 0, 1, false);
    if (name == "blind") {
        if (value != "on" && value != "off") throw refused(name, "write on or off");
        return value;
    }
    if (name == "protocol") return protocol(value);
    return list(name, value, name != "reasons");
}

double number_of(const store::Settings& settings, std::string_view name, double usual) {
    return text::parse_number(store::setting(settings, name)).value.value_or(usual);
}

std::vector<std::string> lines_of(const json& in, const char* field) {
    std::vector<std::string> lines;
    if (!in.contains(field)) return lines;
    const json& value = in[field];
    if (value.is_string()) lines.push_back(value.get<std::string>());
    if (value.is_array())
        for (const auto& line : value)
            if (line.is_string()) lines.push_back(line.get<std::string>());
    return lines;
}

} // namespace

std::span<const SettingRow> setting_rows() {
    return rows;
}

Setup setup_of(const store::Settings& settings) {
    Setup setup;
    setup.reviewers = store::reviewers_of(settings);
    setup.blind = store::setting(settings, "blind") != "off";
    setup.people = store::list_of(settings, "people");
    setup.adjudicators = store::list_of(settings, "adjudicators");
    setup.protocol = store::setting(settings, "protocol");
    setup.include_words = store::list_of(settings, "include-words");
    setup.exclude_words = store::list_of(settings, "exclude-words");
    setup.reasons = store::list_of(settings, "reasons");
    setup.target = number_of(settings, "target", setup.target);
    setup.confidence = number_of(settings, "confidence", setup.confidence);
    setup.seed = static_cast<std::uint32_t>(number_of(settings, "seed", setup.seed));
    return setup;
}

int change_setup(store::Store& store, const store::Act& act, const std::map<std::string, std::string>& wanted,
                 const std::string& why) {
    std::map<std::string, std::string> changes;
    for (const auto& [name, value] : wanted) {
        if (std::none_of(std::begin(rows), std::end(rows),
                         [&](const SettingRow& row) { return row.name == name; }))
            throw refused(name, "there is no such setting");
        changes[name] = checked(name, value);
    }
    return store::change_settings(store, act, changes, why);
}

Criteria criteria_of(const Setup& setup) {
    Criteria out;
    const auto in = json::parse(setup.protocol, nullptr, false);
    if (!in.is_object()) return out;
    const auto title = lines_of(in, "title");
    if (!title.empty()) out.title = title.front();
    out.questions = lines_of(in, "research_questions");
    for (std::string& line : lines_of(in, "objectives"))
        out.questions.push_back(std::move(line));
    out.include = lines_of(in, "inclusion_criteria");
    out.exclude = lines_of(in, "exclusion_criteria");
    return out;
}

std::string setup_text(const store::Settings& settings) {
    std::string out;
    for (const SettingRow& row : rows) {
        const auto at = settings.find(row.name);
        if (at == settings.end()) {
            out += fmt::format("{:<14} {}\n", row.name, row.usual);
            continue;
        }
        const store::Setting& s = at->second;
        std::string value = s.value.empty() ? std::string(row.usual) : s.value;
        if (row.name == "protocol" && !s.value.empty()) {
            const Criteria criteria = criteria_of(setup_of(settings));
            value =
                fmt::format("{} ({} criteria)", criteria.title.empty() ? "without a title" : criteria.title,
                            criteria.include.size() + criteria.exclude.size());
        }
        out += fmt::format("{:<14} {}\n{:<14}   by {}, {}{}\n", row.name, safe_text(value), "",
                           safe_text(s.who), s.when, s.why.empty() ? "" : ": " + safe_text(s.why));
    }
    return out;
}

std::string setup_json(const store::Settings& settings) {
    json all = json::array();
    for (const SettingRow& row : rows) {
        json one{{"name", row.name}, {"usual", row.usual}};
        if (const auto at = settings.find(row.name); at != settings.end()) {
            const store::Setting& s = at->second;
            one["value"] = s.value, one["who"] = s.who, one["when"] = s.when, one["why"] = s.why;
            one["event"] = s.event;
        }
        all.push_back(std::move(one));
    }
    return json({{"schema", "assay/screen-setup/1"}, {"settings", std::move(all)}})
               .dump(1, ' ', false, json::error_handler_t::replace) +
           "\n";
}

} // namespace assay::app
