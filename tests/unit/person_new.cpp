// Profiles made by questions, and lists of medicines as FHIR writes them.
#include "app/person_new.hpp"

#include "app/person.hpp"
#include "person/profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace assay;

namespace {

const person::Tables& tables() {
    static const person::Tables made = [] {
        Diagnostics diagnostics;
        return app::person_tables("magnesium", {}, diagnostics);
    }();
    return made;
}

struct Script {
    std::vector<std::string> answers;
    std::size_t at = 0;
    std::string said;

    app::NewProfile run(bool toml) {
        at = 0;
        const app::Talk talk{[this](const std::string& question) -> std::optional<std::string> {
                                 said += question + "\n";
                                 if (at == answers.size()) return std::nullopt;
                                 return answers[at++];
                             },
                             [this](const std::string& text) { said += text; }};
        return app::new_profile(tables(), talk, toml);
    }
};

std::optional<person::Profile> read(const std::string& file, const std::string& bytes) {
    person::ProfileTerms terms;
    terms.substance = "magnesium";
    terms.element_mass = 24.305;
    terms.charge = 2;
    for (const auto& flag : tables().red_flags)
        terms.red_flags.push_back(flag.origin.id);
    Diagnostics diagnostics;
    auto made = person::read_profile(file, bytes, terms, diagnostics);
    for (const auto& item : diagnostics.items())
        MESSAGE(to_text(item));
    return made;
}

} // namespace

TEST_CASE("questions make the same profile as JSON and as TOML") {
    Script script{{"cramps",
                   "none",
                   "sixty",
                   "61",
                   "femal",
                   "female",
                   "none",
                   "EU",
                   "84",
                   "2026-02-01",
                   "diabetes \"2\"",
                   "",
                   "levothyroxine 75",
                   "6:30",
                   "06:30",
                   "",
                   "Mg citrate 100 mg",
                   "100",
                   "mg",
                   "",
                   "2",
                   "",
                   "",
                   "06:30",
                   "22:30",
                   "07:30, 18:30"},
                  0,
                  ""};
    const auto json = script.run(false);
    CHECK_FALSE(json.cut_short);
    CHECK(script.said.find("did you mean 'female'?") != std::string::npos);
    CHECK(script.said.find("Intended purpose") == 0);
    CHECK(script.said.find("Signs that come first") < script.said.find("Age in years"));
    const auto toml = script.run(true);
    const auto a = read("p.json", json.bytes), b = read("p.toml", toml.bytes);
    REQUIRE(a);
    REQUIRE(b);
    CHECK(a->age == 61);
    CHECK(a->egfr == 84);
    CHECK(a->conditions.at(0).text == "diabetes \"2\"");
    CHECK(a->medicines.at(0).times == std::vector<int>{390});
    CHECK(a->products.at(0).meaning == "unknown");
    CHECK(a->day.meals.size() == 2);
    CHECK(a->red_flags.at("RF01") == "no");
    CHECK(b->conditions.at(0).text == a->conditions.at(0).text);
    CHECK(b->medicines.at(0).times == a->medicines.at(0).times);
    CHECK(b->red_flags == a->red_flags);
    CHECK(b->products.at(0).amount == a->products.at(0).amount);
    CHECK(b->day.wake == a->day.wake);
    CHECK(b->egfr_date == a->egfr_date);
}

TEST_CASE("an emergency ends the questions; the end of the input keeps what was answered") {
    Script emergency{{"cramps", "y"}, 0, ""};
    const auto stopped = emergency.run(false);
    CHECK(stopped.emergency);
    CHECK(stopped.bytes.empty());
    CHECK(emergency.said.find("get help first") != std::string::npos);
    Script early{{"cramps", "none"}, 0, ""};
    CHECK(early.run(false).bytes.empty());
    Script enough{{"", "none", "40", "male"}, 0, ""};
    const auto made = enough.run(false);
    CHECK(made.cut_short);
    CHECK(read("p.json", made.bytes));
}

TEST_CASE("FHIR: R4 and R5 references, contained medicines, times, what is not taken") {
    Diagnostics diagnostics;
    const std::string bundle = R"({"resourceType":"Bundle","entry":[
      {"resource":{"resourceType":"MedicationStatement","status":"active","medicationReference":{"reference":"#m"},
        "contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"http://www.whocc.no/atc",
        "code":"H03AA01","display":"levothyroxine"}]}}],
        "dosage":[{"asNeededBoolean":true,"timing":{"repeat":{"timeOfDay":["06:30:00","bad"]}}}]}},
      {"resource":{"resourceType":"MedicationStatement","status":"active","medicationReference":{"reference":"Medication/7"}}},
      {"resource":{"resourceType":"MedicationStatement","status":"recorded",
        "medication":{"reference":{"reference":"urn:uuid:8"}}}},
      {"resource":{"resourceType":"MedicationStatement","status":"recorded","medication":{"concept":{"text":"digoxin"}},
        "adherence":{"code":{"coding":[{"code":"not-taking"}]}}}},
      {"resource":{"resourceType":"MedicationStatement","status":"active",
        "medicationReference":{"reference":"Medication/none","display":"zinc"}}},
      {"resource":{"resourceType":"Medication","id":"7","code":{"text":"furosemide 40 mg"}}},
      {"fullUrl":"urn:uuid:8","resource":{"resourceType":"Medication","id":"x","code":{"text":"doxycycline"}}}]})";
    const auto list = person::read_fhir("m.json", bundle, diagnostics);
    REQUIRE(list.size() == 4);
    CHECK(list[0].text == "levothyroxine");
    CHECK(list[0].atc == "H03AA01");
    CHECK(list[0].times == std::vector<int>{390});
    CHECK(list[0].as_needed);
    CHECK(list[1].text == "furosemide 40 mg");
    CHECK(list[2].text == "doxycycline");
    CHECK(list[3].text == "zinc");
    CHECK(diagnostics.items().size() == 1);
}
