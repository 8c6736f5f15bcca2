#include "person/profile.hpp"

#include "base/utf8.hpp"
#include "person/words.hpp"
#include "text/encoding.hpp"

#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::person {

namespace {

using Json = nlohmann::ordered_json;
using Places = std::map<std::string, Place>;

constexpr int deepest = 24;
constexpr std::size_t longest_list = 500;

/// Where each value stands. The keys are met in the order of the file, so the next `"key"` behind the last
/// one is it.
class Finder {
public:
    Finder(std::string file, std::string_view bytes) : file_(std::move(file)), bytes_(bytes) {}

    void walk(const Json& value, const std::string& path, Places& places) {
        if (value.is_object()) {
            for (const auto& [key, inner] : value.items()) {
                const auto here = path + "/" + key;
                advance("\"" + key + "\"");
                places[here] = {file_, line_, column_};
                walk(inner, here, places);
            }
        } else if (value.is_array()) {
            std::size_t index = 0;
            for (const auto& inner : value) {
                const auto here = path + "/" + std::to_string(index++);
                places[here] = {file_, line_, column_};
                walk(inner, here, places);
            }
        }
    }

private:
    void advance(const std::string& needle) {
        const auto found = bytes_.find(needle, at_);
        if (found == std::string_view::npos) return;
        for (; at_ < found; ++at_) {
            if (bytes_[at_] == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            }
        }
        column_ = static_cast<int>(count_code_points(bytes_.substr(line_start_, found - line_start_))) + 1;
        at_ = found;
        if (at_ < bytes_.size()) ++at_;
    }

    std::string file_;
    std::string_view bytes_;
    std::size_t at_ = 0, line_start_ = 0;
    int line_ = 1, column_ = 1;
};

struct Input {
    Json root;
    Places places;
};

struct TooDeep {};

std::optional<Input> from_json(const std::string& file, std::string_view bytes, Diagnostics& diagnostics) {
    Input input;
    try {
        input.root = Json::parse(bytes.begin(), bytes.end(), [](int depth, Json::parse_event_t, Json&) {
            if (depth > deepest) throw TooDeep{};
            return true;
        });
    } catch (const Json::parse_error& error) {
        const auto end = std::min(error.byte ? error.byte - 1 : 0, bytes.size());
        const auto before = bytes.substr(0, end);
        const auto line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
        const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        diagnostics.add("profile/syntax",
                        {file, line, static_cast<int>(count_code_points(before.substr(start))) + 1},
                        "not JSON from here on");
        return std::nullopt;
    } catch (const Json::exception&) { // 1e7777 is JSON, but no number that can be held
        diagnostics.add("profile/syntax", {file, 0, 0}, "a number is larger than a number can be");
        return std::nullopt;
    } catch (const TooDeep&) {
        diagnostics.add("profile/syntax", {file, 0, 0}, "lists and objects are nested too deeply");
        return std::nullopt;
    }
    Finder(file, bytes).walk(input.root, "", input.places);
    return input;
}

Json convert(const toml::node& node, const std::string& path, const std::string& file, Places& places,
             int depth) {
    const auto begin = node.source().begin;
    places[path] = {file, static_cast<int>(begin.line), static_cast<int>(begin.column)};
    if (depth > deepest) return nullptr;
    if (const auto* table = node.as_table()) {
        Json made = Json::object();
        for (const auto& [key, value] : *table) {
            const std::string name(key.str());
            made[name] = convert(value, path + "/" + name, file, places, depth + 1);
        }
        return made;
    }
    if (const auto* array = node.as_array()) {
        Json made = Json::array();
        std::size_t index = 0;
        for (const auto& value : *array)
            made.push_back(convert(value, path + "/" + std::to_string(index++), file, places, depth + 1));
        return made;
    }
    if (const auto value = node.value<std::string>()) return *value;
    if (const auto* whole = node.as_integer()) return whole->get();
    if (const auto* real = node.as_floating_point()) return real->get();
    if (const auto* truth = node.as_boolean()) return truth->get();
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    if (const auto* date = node.as_date())
        return std::to_string(date->get().year) + "-" + two(date->get().month) + "-" + two(date->get().day);
    if (const auto* time = node.as_time()) return two(time->get().hour) + ":" + two(time->get().minute);
    return nullptr;
}

/// toml++ 3.3 asserts (and without assertions goes on blindly) when the name of a table begins with a
/// character that no key has: such a line is found before it is asked. 0: none.
int line_of_bad_header(std::string_view bytes) {
    int line = 1;
    for (std::size_t at = 0; at < bytes.size(); ++line) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        auto text = text::trim(bytes.substr(at, end - at));
        at = end + 1;
        if (text.empty() || text.front() != '[') continue;
        text.remove_prefix(text.size() > 1 && text[1] == '[' ? 2 : 1);
        text = text::trim(text);
        const char c = text.empty() ? ']' : text.front();
        const bool key = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '_' || c == '-' || c == '"' || c == '\'';
        if (!key) return line;
    }
    return 0;
}

std::optional<Input> from_toml(const std::string& file, std::string_view bytes, Diagnostics& diagnostics) {
    Input input;
    if (const int line = line_of_bad_header(bytes)) {
        diagnostics.add("profile/syntax", {file, line, 0}, "a table needs a name between its brackets");
        return std::nullopt;
    }
    try {
        const auto table = toml::parse(bytes);
        input.root = convert(table, "", file, input.places, 0);
    } catch (const toml::parse_error& error) {
        const auto begin = error.source().begin;
        diagnostics.add("profile/syntax",
                        {file, static_cast<int>(begin.line), static_cast<int>(begin.column)},
                        std::string(error.description()));
        return std::nullopt;
    }
    return input;
}

/// One object of the profile: asks for its fields by name and then complains about the ones nobody asked for.
class Object {
public:
    Object(const Json& value, std::string path, const Places& places, Diagnostics& diagnostics)
        : value_(value), path_(std::move(path)), places_(places), diagnostics_(diagnostics) {
        if (!value_.is_object()) bad(path_, "must be an object { ... }");
    }

    const Json* get(const std::string& name) {
        known_.push_back(name);
        if (!value_.is_object()) return nullptr;
        const auto found = value_.find(name);
        return found == value_.end() || found->is_null() ? nullptr : &*found;
    }
    bool has(const std::string& name) { return get(name) != nullptr; }

    std::string text(const std::string& name, std::size_t longest = 400) {
        const auto* value = get(name);
        if (!value) return "";
        if (!value->is_string()) return bad(at(name), name + " must be text"), "";
        auto string = value->get<std::string>();
        if (count_code_points(string) > longest)
            return bad(at(name), name + " is longer than " + std::to_string(longest) + " characters"), "";
        return string;
    }

    std::string choice(const std::string& name, const std::vector<std::string>& allowed,
                       const std::string& unset) {
        if (!has(name)) return unset;
        const auto value = text(name);
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
        std::string list;
        for (const auto& word : allowed)
            list += (list.empty() ? "" : ", ") + word;
        const auto near = nearest_name(value, allowed);
        bad(at(name), name + ": " + in_quotes(value) + " is not one of " + list,
            near.empty() ? "" : "did you mean '" + near + "'?");
        return unset;
    }

    std::optional<double> number(const std::string& name, double low, double high, bool low_open = false) {
        const auto* value = get(name);
        if (!value) return std::nullopt;
        if (!value->is_number()) return bad(at(name), name + " must be a number"), std::nullopt;
        const double x = value->get<double>();
        if (!(std::isfinite(x) && x >= low && x <= high) || (low_open && x <= low))
            return bad(at(name), name + " is outside what it can be"), std::nullopt;
        return x;
    }

    bool truth(const std::string& name) {
        const auto* value = get(name);
        if (value && !value->is_boolean()) bad(at(name), name + " must be true or false");
        return value && value->is_boolean() && value->get<bool>();
    }

    std::optional<int> clock_time(const std::string& name) {
        if (!has(name)) return std::nullopt;
        return clock_value(text(name), at(name), name);
    }

    std::vector<int> times(const std::string& name) {
        std::vector<int> made;
        const auto* value = get(name);
        if (!value) return made;
        if (!value->is_array() || value->size() > 24)
            return bad(at(name), name + " must be a list of times such as \"07:30\""), made;
        for (const auto& item : *value)
            if (const auto minutes =
                    clock_value(item.is_string() ? item.get<std::string>() : "", at(name), name))
                made.push_back(*minutes);
        return made;
    }

    template<class Visit> void list(const std::string& name, Visit visit) {
        const auto* value = get(name);
        if (!value) return;
        if (!value->is_array()) return bad(at(name), name + " must be a list [ ... ]");
        if (value->size() > longest_list) return bad(at(name), name + " has too many entries");
        std::size_t index = 0;
        for (const auto& item : *value) {
            Object inner(item, path_ + "/" + name + "/" + std::to_string(index++), places_, diagnostics_);
            visit(inner);
            inner.finish();
        }
    }

    template<class Visit> void object(const std::string& name, Visit visit) {
        const auto* value = get(name);
        if (!value) return;
        Object inner(*value, path_ + "/" + name, places_, diagnostics_);
        visit(inner);
        inner.finish();
    }

    void needed(const std::string& name) {
        if (!has(name)) {
            auto place = places_.count(path_) ? places_.at(path_) : Place{};
            if (place.file.empty() && !places_.empty()) place = {places_.begin()->second.file, 0, 0};
            diagnostics_.add("profile/missing-field", place, "'" + name + "' is missing");
        }
    }

    /// Fields nobody asked for are errors.
    void finish() {
        if (!value_.is_object()) return;
        for (const auto& [key, value] : value_.items()) {
            if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
            const auto near = nearest_name(key, known_);
            diagnostics_.add("profile/unknown-field", place(at(key)), "no field " + in_quotes(key),
                             near.empty() ? "" : "did you mean '" + near + "'?");
        }
    }

    const Json& value() const { return value_; }
    std::string at(const std::string& name) const { return path_ + "/" + name; }
    void know(const std::string& name) { known_.push_back(name); }

    void bad(const std::string& path, std::string message, std::string hint = {}) {
        diagnostics_.add("profile/bad-value", place(path), std::move(message), std::move(hint));
    }

private:
    Place place(const std::string& path) const {
        const auto found = places_.find(path);
        if (found != places_.end()) return found->second;
        return places_.empty() ? Place{} : Place{places_.begin()->second.file, 0, 0};
    }

    std::optional<int> clock_value(const std::string& text, const std::string& path,
                                   const std::string& name) {
        if (const auto minutes = minutes_of(text)) return minutes;
        bad(path, name + ": a time is written \"07:30\"");
        return std::nullopt;
    }

    const Json& value_;
    std::string path_;
    const Places& places_;
    Diagnostics& diagnostics_;
    std::vector<std::string> known_;
};

/// mmol/L from any of the three units laboratories use.
std::optional<double> millimolar(std::optional<double> value, const std::string& unit,
                                 const ProfileTerms& terms) {
    if (!value) return std::nullopt;
    if (unit == "mg/dL") return *value * 10 / terms.element_mass;
    if (unit == "mEq/L") return *value / terms.charge;
    return value;
}

bool atc_code(const std::string& code) {
    static constexpr std::string_view shape = "A00AA00";
    if (code.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool letter = code[i] >= 'A' && code[i] <= 'Z', digit = code[i] >= '0' && code[i] <= '9';
        if (shape[i] == 'A' ? !letter : !digit) return false;
    }
    return true;
}

void read_medicine(Object& in, Profile& profile) {
    Medicine made;
    in.needed("text");
    made.text = in.text("text", 200);
    made.rxcui = in.text("rxcui", 8);
    if (!std::all_of(made.rxcui.begin(), made.rxcui.end(), [](char c) { return c >= '0' && c <= '9'; }))
        in.bad(in.at("rxcui"), "rxcui has only digits");
    made.atc = in.text("atc", 7);
    if (!made.atc.empty() && !atc_code(made.atc)) in.bad(in.at("atc"), "atc is written like H03AA01");
    made.times = in.times("times");
    made.since = in.text("since", 10);
    made.as_needed = in.truth("as_needed");
    profile.medicines.push_back(std::move(made));
}

void read_product(Object& in, const ProfileTerms& terms, Profile& profile) {
    Product made;
    for (const char* field : {"label_text", "amount", "amount_unit", "amount_meaning", "doses_per_day"})
        in.needed(field);
    made.label_text = in.text("label_text");
    made.form = in.text("form_id");
    if (!made.form.empty() &&
        std::find(terms.forms.begin(), terms.forms.end(), made.form) == terms.forms.end()) {
        const auto near = nearest_name(made.form, terms.forms);
        in.bad(in.at("form_id"), "no form " + in_quotes(made.form),
               near.empty() ? "" : "did you mean '" + near + "'?");
    }
    made.amount = in.number("amount", 0, 1e6, true).value_or(0);
    made.unit = in.choice("amount_unit", {"mg", "g", "mmol", "mEq"}, "mg");
    made.meaning = in.choice("amount_meaning", {"elemental", "compound", "unknown"}, "unknown");
    made.doses_per_day = in.number("doses_per_day", 0, 48, true).value_or(1);
    made.kind =
        in.choice("kind", {"supplement", "antacid", "laxative", "multivitamin", "topical"}, "supplement");
    made.times = in.times("times");
    profile.products.push_back(std::move(made));
}

void read_day(Object& in, Profile& profile) {
    profile.day.stated = true;
    profile.day.wake = in.clock_time("wake").value_or(profile.day.wake);
    profile.day.bed = in.clock_time("bed").value_or(profile.day.bed);
    if (in.has("meals")) {
        profile.day.meals.clear();
        in.list("meals", [&](Object& meal) {
            meal.needed("time");
            const auto name = meal.text("name", 40);
            if (const auto time = meal.clock_time("time"))
                profile.day.meals.push_back({name.empty() ? "meal" : name, *time});
        });
        if (profile.day.meals.size() > 8) in.bad(in.at("meals"), "more than eight meals");
    }
    if (profile.day.bed <= profile.day.wake)
        in.bad(in.at("bed"), "bed must be later than wake on the same day");
    std::sort(profile.day.meals.begin(), profile.day.meals.end(),
              [](const Meal& a, const Meal& b) { return a.time < b.time; });
}

void read_all(Object& in, const ProfileTerms& terms, Profile& profile) {
    in.needed("schema_version");
    in.choice("schema_version", {"1", "draft-1"}, "1");
    in.needed("age_years");
    profile.age = in.number("age_years", 0, 120).value_or(0);
    in.needed("sex_for_reference_values");
    profile.sex = in.choice("sex_for_reference_values", {"female", "male", "unspecified"}, "unspecified");
    profile.state = in.choice("reproductive_state", {"none", "pregnant", "lactating", "trying"}, "none");
    profile.region = in.choice("region", {"US", "CA", "EU", "UK", "DE", "NO", "other"}, "other");
    profile.goal = in.choice(
        "goal", {"cramps", "migraine", "sleep", "anxiety", "pain", "blood_pressure", "diabetes", "other"},
        "");
    in.object("egfr", [&](Object& egfr) {
        egfr.needed("value");
        egfr.needed("unit");
        profile.egfr = egfr.number("value", 0, 200);
        egfr.choice("unit", {"mL/min/1.73m2"}, "");
        profile.egfr_date = egfr.text("date", 10);
    });
    const auto serum = in.has("serum") ? std::string("serum") : "serum_" + terms.substance;
    in.know("serum");
    in.object(serum, [&](Object& level) {
        level.needed("value");
        level.needed("unit");
        const auto unit = level.choice("unit", {"mmol/L", "mg/dL", "mEq/L"}, "mmol/L");
        profile.serum = millimolar(level.number("value", 0, 1000, true), unit, terms);
        profile.serum_low = millimolar(level.number("lab_low", 0, 1000), unit, terms);
        profile.serum_high = millimolar(level.number("lab_high", 0, 1000), unit, terms);
        level.text("date", 10);
    });
    in.list("conditions", [&](Object& condition) {
        condition.needed("text");
        Condition made;
        made.text = condition.text("text");
        made.code = condition.text("code", 40);
        made.system = condition.choice(
            "system", {"http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10", "assay"}, "");
        profile.conditions.push_back(std::move(made));
    });
    in.list("medicines", [&](Object& medicine) { read_medicine(medicine, profile); });
    const auto own = terms.substance + "_products";
    in.know("products");
    in.list(in.has("products") ? "products" : own,
            [&](Object& product) { read_product(product, terms, profile); });
    in.know(own);
    in.object("red_flags", [&](Object& flags) {
        for (const auto& id : terms.red_flags) {
            const auto answer = flags.choice(id, {"yes", "no", "unknown"}, "");
            if (!answer.empty()) profile.red_flags[id] = answer;
        }
    });
    in.object("day", [&](Object& day) { read_day(day, profile); });
    in.finish();
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

} // namespace

std::optional<Profile> read_profile(const std::string& file, std::string_view bytes,
                                    const ProfileTerms& terms, Diagnostics& diagnostics) {
    const auto errors = diagnostics.count(Severity::error);
    const auto encoding = text::check_encoding(file, bytes, diagnostics);
    if (!encoding.readable || !encoding.clean) return std::nullopt;
    bytes.remove_prefix(encoding.bom);
    auto input =
        ends_with(file, ".toml") ? from_toml(file, bytes, diagnostics) : from_json(file, bytes, diagnostics);
    if (!input) return std::nullopt;
    input->places.emplace("", Place{file, 1, 0});
    Profile profile;
    Object root(input->root, "", input->places, diagnostics);
    if (input->root.is_object()) read_all(root, terms, profile);
    if (diagnostics.count(Severity::error) > errors) return std::nullopt;
    return profile;
}

namespace {

/// The words and codes of one medication, wherever R4, R5 and the patient summaries keep them.
void concept_of(const Json& from, Medicine& into) {
    if (!from.is_object()) return;
    for (const char* inner : {"concept", "medicationCodeableConcept", "code"})
        if (from.contains(inner)) concept_of(from[inner], into);
    if (into.text.empty() && from.contains("text") && from["text"].is_string())
        into.text = from["text"].get<std::string>();
    if (!from.contains("coding") || !from["coding"].is_array()) return;
    for (const auto& coding : from["coding"]) {
        if (!coding.is_object()) continue;
        auto field = [&](const char* name) {
            return coding.contains(name) && coding[name].is_string() ? coding[name].get<std::string>()
                                                                     : std::string();
        };
        const auto system = field("system"), code = field("code");
        if (system == "http://www.whocc.no/atc" && atc_code(code)) into.atc = code;
        if (system == "http://www.nlm.nih.gov/research/umls/rxnorm" && code.size() <= 8) into.rxcui = code;
        if (into.text.empty()) into.text = field("display");
    }
}

} // namespace

namespace {

/// The Medication that a reference names: contained in the statement ("#m1") or another entry of the Bundle
/// ("Medication/m1", "urn:uuid:...").
const Json* resolve(const std::string& reference, const Json& statement, const Json& root) {
    auto has_id = [](const Json& value, std::string_view id) {
        return value.is_object() && value.contains("id") && value["id"].is_string() &&
               value["id"].get<std::string>() == id;
    };
    if (reference.rfind('#', 0) == 0) {
        if (!statement.contains("contained") || !statement["contained"].is_array()) return nullptr;
        for (const auto& inner : statement["contained"])
            if (has_id(inner, std::string_view(reference).substr(1))) return &inner;
        return nullptr;
    }
    if (!root.is_object() || !root.contains("entry") || !root["entry"].is_array()) return nullptr;
    const auto slash = reference.rfind('/');
    const auto id = slash == std::string::npos ? reference : reference.substr(slash + 1);
    for (const auto& entry : root["entry"]) {
        if (!entry.is_object() || !entry.contains("resource")) continue;
        const bool url = entry.contains("fullUrl") && entry["fullUrl"].is_string() &&
                         entry["fullUrl"].get<std::string>() == reference;
        const auto& resource = entry["resource"];
        const bool medication = resource.is_object() && resource.contains("resourceType") &&
                                resource["resourceType"] == "Medication";
        if (medication && (url || has_id(resource, id))) return &resource;
    }
    return nullptr;
}

/// R4: medicationReference; R5: medication.reference (a CodeableReference). Its own display is the last
/// resort.
void follow_reference(const Json& from, const Json& statement, const Json& root, Medicine& into) {
    if (!from.is_object()) return;
    if (from.contains("reference") && from["reference"].is_object())
        return follow_reference(from["reference"], statement, root, into);
    if (from.contains("reference") && from["reference"].is_string())
        if (const auto* found = resolve(from["reference"].get<std::string>(), statement, root))
            concept_of(*found, into);
    if (into.text.empty() && from.contains("display") && from["display"].is_string())
        into.text = from["display"].get<std::string>();
}

/// Times of day and "as needed" of the dosage instructions: R4 asNeededBoolean, R5 asNeeded.
void read_dosage(const Json& statement, Medicine& into) {
    if (!statement.contains("dosage") || !statement["dosage"].is_array()) return;
    for (const auto& dosage : statement["dosage"]) {
        if (!dosage.is_object()) continue;
        for (const char* name : {"asNeededBoolean", "asNeeded"})
            if (dosage.contains(name) && dosage[name].is_boolean()) into.as_needed = dosage[name].get<bool>();
        const Json* repeat =
            dosage.contains("timing") && dosage["timing"].is_object() && dosage["timing"].contains("repeat")
                ? &dosage["timing"]["repeat"]
                : nullptr;
        if (!repeat || !repeat->is_object() || !repeat->contains("timeOfDay") ||
            !(*repeat)["timeOfDay"].is_array())
            continue;
        for (const auto& time : (*repeat)["timeOfDay"]) {
            if (!time.is_string() || into.times.size() >= 24) continue;
            const auto text = time.get<std::string>();
            if (const auto minutes = minutes_of(std::string_view(text).substr(0, 5)))
                into.times.push_back(*minutes);
        }
    }
}

} // namespace

std::vector<Medicine> read_fhir(const std::string& file, std::string_view bytes, Diagnostics& diagnostics) {
    std::vector<Medicine> made;
    const auto encoding = text::check_encoding(file, bytes, diagnostics);
    if (!encoding.readable || !encoding.clean) return made;
    bytes.remove_prefix(encoding.bom);
    const auto input = from_json(file, bytes, diagnostics);
    if (!input) return made;
    std::vector<const Json*> resources;
    auto take = [&](const Json& value) {
        if (value.is_object() && value.contains("resource"))
            resources.push_back(&value["resource"]);
        else
            resources.push_back(&value);
    };
    if (input->root.is_array())
        for (const auto& item : input->root)
            take(item);
    else if (input->root.is_object() && input->root.contains("entry") && input->root["entry"].is_array())
        for (const auto& item : input->root["entry"])
            take(item);
    else
        take(input->root);
    // "draft" and "recorded" are R5 and mean that the statement stands; these words mean that it does not.
    const std::set<std::string> gone = {"entered-in-error", "stopped", "not-taken", "completed"};
    for (const auto* resource : resources) {
        if (!resource->is_object()) continue;
        auto field = [&](const char* name) {
            return resource->contains(name) && (*resource)[name].is_string()
                       ? (*resource)[name].get<std::string>()
                       : std::string();
        };
        const auto kind = field("resourceType");
        if (kind != "MedicationStatement" && kind != "MedicationUsage") continue;
        Medicine medicine;
        if (resource->contains("medicationCodeableConcept"))
            concept_of((*resource)["medicationCodeableConcept"], medicine);
        if (resource->contains("medication")) {
            concept_of((*resource)["medication"], medicine);
            follow_reference((*resource)["medication"], *resource, input->root, medicine);
        }
        if (resource->contains("medicationReference"))
            follow_reference((*resource)["medicationReference"], *resource, input->root, medicine);
        read_dosage(*resource, medicine);
        if (medicine.text.empty()) medicine.text = medicine.atc.empty() ? medicine.rxcui : medicine.atc;
        // R5 tells apart what is recorded from what is taken.
        auto status = field("status");
        if (resource->contains("adherence") && (*resource)["adherence"].is_object() &&
            (*resource)["adherence"].contains("code")) {
            const auto& code = (*resource)["adherence"]["code"];
            if (code.is_object() && code.contains("coding") && code["coding"].is_array())
                for (const auto& coding : code["coding"])
                    if (coding.is_object() && coding.contains("code") &&
                        (coding["code"] == "not-taking" || coding["code"] == "stopped"))
                        status = "not-taken";
        }
        if (medicine.text.empty()) {
            diagnostics.add("profile/fhir", {file, 0, 0},
                            "a MedicationStatement without a name or code was left out");
        } else if (gone.count(status)) {
            diagnostics.add("profile/fhir", {file, 0, 0},
                            in_quotes(medicine.text) + " has the status '" + status + "' and was left out");
        } else {
            if (made.size() < longest_list) made.push_back(std::move(medicine));
        }
    }
    return made;
}

std::optional<int> minutes_of(std::string_view text) {
    auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
        return std::nullopt;
    const int hours = (text[0] - '0') * 10 + (text[1] - '0'),
              minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (hours > 23 || minutes > 59) return std::nullopt;
    return 60 * hours + minutes;
}

std::string clock(int minutes) {
    minutes = ((minutes % 1440) + 1440) % 1440;
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

} // namespace assay::person
