#include "person/match.hpp"

#include "base/ascii.hpp"
#include "person/words.hpp"

#include <algorithm>

namespace assay::person {

namespace {

void add(std::vector<std::string>& list, const std::string& word) {
    if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
}

std::vector<std::string> every_ingredient(const Tables& tables) {
    std::vector<std::string> names;
    for (const auto& row : tables.interactions)
        for (const auto& name : row.ingredients)
            add(names, ascii::to_lower(name));
    for (const auto& row : tables.factors)
        for (const auto& name : row.ingredients)
            add(names, ascii::to_lower(name));
    for (const auto& row : tables.drug_codes)
        add(names, ascii::to_lower(row.ingredient));
    return names;
}

/// Each word of what was written against each known name: a slip of the finger becomes a question.
std::string near_name(const std::string& written, const std::vector<std::string>& names,
                      const Tables& tables) {
    auto known = names;
    for (const auto& row : tables.drug_names)
        add(known, ascii::to_lower(row.name));
    for (std::size_t at = 0; at < written.size();) {
        const auto end = std::min(written.find_first_of(" ,/+()", at), written.size());
        const auto word = written.substr(at, end - at);
        if (word.size() >= 5 && word.size() <= 40)
            if (auto near = nearest_name(word, known); !near.empty()) return near;
        at = end + 1;
    }
    return "";
}

} // namespace

bool code_matches(const std::string& code, const std::vector<std::string>& codes) {
    return !code.empty() && std::any_of(codes.begin(), codes.end(), [&](const std::string& prefix) {
        return code.compare(0, prefix.size(), prefix) == 0;
    });
}

Identity identify(const Medicine& medicine, const Tables& tables) {
    Identity who;
    who.atc = medicine.atc;
    who.rxcui = medicine.rxcui;
    const auto written = ascii::to_lower(medicine.text);
    const auto names = every_ingredient(tables);
    for (const auto& name : names)
        if (has_word(written, name)) {
            add(who.ingredients, name);
            who.by = "name";
        }
    for (const auto& row : tables.drug_names)
        if (has_word(written, ascii::to_lower(row.name))) {
            add(who.ingredients, ascii::to_lower(row.ingredient));
            who.rows.push_back(row.origin);
            if (who.by.empty()) who.by = row.name + " = " + row.ingredient;
        }
    for (const auto& row : tables.drug_codes)
        if (who.atc.empty() && std::find(who.ingredients.begin(), who.ingredients.end(),
                                         ascii::to_lower(row.ingredient)) != who.ingredients.end()) {
            who.atc = row.atc;
            who.rows.push_back(row.origin);
        }
    who.is_substance =
        code_matches(medicine.atc, tables.substance.atc) ||
        std::any_of(tables.substance.words.begin(), tables.substance.words.end(),
                    [&](const std::string& word) { return has_word(written, ascii::to_lower(word)); });
    if (!medicine.atc.empty()) who.by += (who.by.empty() ? "ATC " : ", ATC ") + medicine.atc;
    if (!medicine.rxcui.empty()) who.by += (who.by.empty() ? "RxNorm " : ", RxNorm ") + medicine.rxcui;
    if (who.ingredients.empty() && !who.is_substance) who.hint = near_name(written, names, tables);
    return who;
}

namespace {

bool shares(const Identity& who, const std::vector<std::string>& ingredients) {
    return std::any_of(ingredients.begin(), ingredients.end(), [&](const std::string& name) {
        return std::find(who.ingredients.begin(), who.ingredients.end(), ascii::to_lower(name)) !=
               who.ingredients.end();
    });
}

} // namespace

bool meets(const Identity& who, const Interaction& row) {
    return shares(who, row.ingredients) || code_matches(who.atc, row.atc) ||
           (!who.rxcui.empty() &&
            std::find(row.rxcui.begin(), row.rxcui.end(), who.rxcui) != row.rxcui.end());
}

bool meets(const Identity& who, const Factor& row) {
    return shares(who, row.ingredients) || code_matches(who.atc, row.atc);
}

std::vector<std::string> conditions_with(const Profile& profile, const std::vector<std::string>& words) {
    std::vector<std::string> found;
    for (const auto& condition : profile.conditions) {
        const auto text = ascii::to_lower(condition.text), code = ascii::to_lower(condition.code);
        if (std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                const auto sought = ascii::to_lower(word);
                return has_word(text, sought) || (!code.empty() && code == sought);
            }))
            add(found, condition.text.empty() ? condition.code : condition.text);
    }
    return found;
}

} // namespace assay::person
