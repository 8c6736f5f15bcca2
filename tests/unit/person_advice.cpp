// Advice for one person: the order of the gates, the limit that is used, what a medicine meets, the words
// that never appear.
#include "base/embedded.hpp"
#include "person/advice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>

using namespace assay;

namespace {

const person::Tables& tables() {
    static const person::Tables made = [] {
        std::vector<person::TableFile> files;
        for (const auto& file : embedded_data()) {
            const auto dot = file.name.find('.');
            const auto folder = file.name.substr(0, dot);
            if (folder == "magnesium" || folder == "common")
                files.push_back({std::string(file.name.substr(dot + 1)), file.bytes});
        }
        Diagnostics diagnostics;
        return person::read_tables("magnesium", files, diagnostics);
    }();
    return made;
}

person::ProfileTerms terms() {
    person::ProfileTerms made;
    made.substance = "magnesium";
    made.element_mass = 24.305;
    made.charge = 2;
    for (const auto& form : tables().forms)
        made.forms.push_back(form.id);
    for (const auto& flag : tables().red_flags)
        made.red_flags.push_back(flag.origin.id);
    return made;
}

person::Profile adult() {
    person::Profile profile;
    profile.age = 45;
    profile.sex = "male";
    profile.region = "US";
    profile.egfr = 90;
    profile.goal = "cramps";
    person::Product product;
    product.label_text = "Magnesium (as magnesium citrate) 100 mg";
    product.amount = 100;
    product.unit = "mg";
    product.meaning = "elemental";
    product.doses_per_day = 2;
    profile.products.push_back(product);
    return profile;
}

person::Advice advise(const person::Profile& profile) {
    return person::advise(profile, tables(), {}, "");
}

bool said(const person::Advice& advice, std::string_view rule) {
    return std::any_of(advice.sentences.begin(), advice.sentences.end(),
                       [&](const person::Sentence& s) { return s.rule == rule; });
}

const person::Sentence& sentence(const person::Advice& advice, std::string_view rule) {
    const auto found = std::find_if(advice.sentences.begin(), advice.sentences.end(),
                                    [&](const person::Sentence& s) { return s.rule == rule; });
    REQUIRE(found != advice.sentences.end());
    return *found;
}

bool rests_on(const person::Sentence& sentence, const std::string& row) {
    return std::any_of(sentence.rows.begin(), sentence.rows.end(),
                       [&](const person::Origin& o) { return o.key() == row; });
}

person::Medicine medicine(const char* text) {
    person::Medicine made;
    made.text = text;
    return made;
}

} // namespace

TEST_CASE(
    "kidney gate: 29 refuses, 30 cautions, 60 passes, unknown with a risk asks, unknown without passes") {
    auto profile = adult();
    profile.egfr = 29;
    auto advice = advise(profile);
    CHECK(advice.outcome == person::Outcome::refused);
    CHECK(advice.gated());
    CHECK(rests_on(sentence(advice, "P-GATE-REFUSE"), "gates:C01"));
    CHECK_FALSE(advice.limit_mg.has_value());
    CHECK(advice.plan.empty());
    CHECK_FALSE(said(advice, "P-INTAKE-LIMIT"));

    profile.egfr = 29.999;
    CHECK(advise(profile).outcome == person::Outcome::refused);
    profile.egfr = 30;
    advice = advise(profile);
    CHECK(advice.outcome == person::Outcome::advice);
    CHECK(rests_on(sentence(advice, "P-GATE-CAUTION"), "gates:C03"));
    profile.egfr = 60;
    CHECK_FALSE(said(advise(profile), "P-GATE-CAUTION"));

    profile.egfr.reset();
    CHECK(advise(profile).outcome == person::Outcome::advice);
    for (auto change : {+[](person::Profile& p) { p.age = 70; },
                        +[](person::Profile& p) {
                            p.conditions.push_back({"", "", "type 2 diabetes"});
                        },
                        +[](person::Profile& p) {
                            p.conditions.push_back({"", "", "Heart failure (NYHA II)"});
                        },
                        +[](person::Profile& p) { p.medicines.push_back(medicine("ibuprofen 400 mg")); },
                        +[](person::Profile& p) {
                            p.medicines.push_back({"Zestril", "", "C09AA03", {}, "", false});
                        }}) {
        auto risky = profile;
        change(risky);
        advice = advise(risky);
        CHECK(advice.outcome == person::Outcome::asks);
        CHECK(advice.gated());
        CHECK(rests_on(sentence(advice, "P-GATE-ASK"), "gates:C04"));
        CHECK_FALSE(advice.limit_mg.has_value());
        risky.egfr = 75;
        CHECK(advise(risky).outcome == person::Outcome::advice);
    }
}

TEST_CASE("dialysis, myasthenia, heart block, ileus and a high level refuse whatever the eGFR; an unverified "
          "row does not") {
    for (const char* condition :
         {"on dialysis since 2020", "myasthenia gravis", "second degree AV block", "paralytic ileus"}) {
        auto profile = adult();
        profile.conditions.push_back({"", "", condition});
        CHECK_MESSAGE(advise(profile).outcome == person::Outcome::refused, condition);
    }
    auto profile = adult();
    profile.serum = 1.2;
    CHECK(advise(profile).outcome == person::Outcome::refused);
    profile.serum_high = 1.25; // the laboratory's own interval decides
    CHECK(advise(profile).outcome == person::Outcome::advice);

    auto changed = tables();
    for (auto& gate : changed.gates)
        if (gate.origin.id == "C06") gate.origin.status = person::Status::recall;
    profile = adult();
    profile.conditions.push_back({"", "", "myasthenia gravis"});
    const auto advice = person::advise(profile, changed, {}, "");
    CHECK(advice.outcome == person::Outcome::advice);
    CHECK(said(advice, "P-GATE-UNVERIFIED"));
}

TEST_CASE("an emergency stops everything else; an unverified row speaks first but does not stop") {
    auto profile = adult();
    profile.egfr = 10;
    profile.red_flags["RF06"] = "yes";
    auto advice = advise(profile);
    CHECK(advice.outcome == person::Outcome::emergency);
    CHECK(advice.gated());
    for (const auto& item : advice.sentences)
        CHECK((item.rule == "P-PURPOSE" || item.rule == "P-FLAG-STOP"));

    auto changed = tables();
    for (auto& flag : changed.red_flags)
        flag.origin.status = person::Status::recall;
    profile.egfr = 90;
    advice = person::advise(profile, changed, {}, "");
    CHECK(advice.outcome == person::Outcome::advice);
    CHECK(advice.sentences[1].rule == "P-FLAG-YES");
    CHECK(advice.sentences[1].level == person::Level::critical);
}

TEST_CASE("a substance without questions or gates is not passed off as checked") {
    auto bare = tables();
    bare.gates.clear();
    bare.red_flags.clear();
    const auto advice = person::advise(adult(), bare, {}, "");
    CHECK(sentence(advice, "P-GATE-NONE").text.find("nothing was checked") != std::string::npos);
    CHECK(sentence(advice, "P-GATE-NONE").level == person::Level::warning);
    CHECK(sentence(advice, "P-FLAG-OPEN").level == person::Level::warning);
    CHECK_FALSE(said(advice, "P-FLAG-NONE"));
}

TEST_CASE("limits: all authorities are shown, the lowest that applies to person and region is used") {
    struct Case {
        double age;
        const char* region;
        double limit;
    };
    for (const auto& c : {Case{45, "US", 350}, Case{45, "CA", 350}, Case{45, "EU", 250}, Case{45, "DE", 250},
                          Case{45, "UK", 400}, Case{45, "NO", 350}, Case{45, "other", 250}, Case{2, "US", 65},
                          Case{5, "EU", 110}, Case{12, "NO", 250}, Case{18, "US", 350}}) {
        auto profile = adult();
        profile.age = c.age;
        profile.region = c.region;
        const auto advice = advise(profile);
        CAPTURE(c.age);
        CAPTURE(c.region);
        REQUIRE(advice.limit_mg.has_value());
        CHECK(*advice.limit_mg == c.limit);
    }
    auto profile = adult();
    const auto advice = advise(profile);
    const auto shown = std::count_if(advice.sentences.begin(), advice.sentences.end(),
                                     [](const auto& s) { return s.rule == "P-LIMIT-ROW"; });
    CHECK(shown == 5); // IOM, SCF, BfR, VKM, EVM
    // The US RDA (420) is above the UL (350): explained.
    CHECK(sentence(advice, "P-LIMIT-BASIS").text.find("420 mg") != std::string::npos);
    CHECK(advice.intake_low == 200);
    CHECK(sentence(advice, "P-INTAKE-LIMIT").text.find("not above the limit of 350 mg") != std::string::npos);

    profile.products[0].doses_per_day = 3.5;
    CHECK(sentence(advise(profile), "P-INTAKE-LIMIT").text.find("not above") !=
          std::string::npos); // 350 exactly
    profile.products[0].doses_per_day = 3.6;
    CHECK(sentence(advise(profile), "P-INTAKE-LIMIT").text.find("That is above") != std::string::npos);
    // Antacids and laxatives count, what goes on the skin does not.
    profile = adult();
    profile.products.push_back(profile.products[0]);
    profile.products.back().kind = "laxative";
    CHECK(advise(profile).intake_high == 400);
    profile.products.back().kind = "topical";
    CHECK(advise(profile).intake_high == 200);
    // Read one way above, read another way not.
    profile = adult();
    profile.products[0].label_text = "Magnesium Glycinate 500 mg";
    profile.products[0].amount = 500;
    profile.products[0].meaning = "unknown";
    profile.products[0].doses_per_day = 1;
    CHECK(sentence(advise(profile), "P-INTAKE-LIMIT").text.find("Read one way") != std::string::npos);
}

TEST_CASE("pregnancy: the recommended intake changes, the limit does not, threonate is not for it") {
    auto profile = adult();
    profile.sex = "female";
    profile.age = 30;
    profile.state = "pregnant";
    profile.products[0].label_text = "Magnesium L-threonate (Magtein)";
    const auto advice = advise(profile);
    CHECK(*advice.limit_mg == 350);
    CHECK(said(advice, "P-GATE-FORM"));
    int references = 0;
    for (const auto& item : advice.sentences)
        if (item.rule == "P-REFERENCE") {
            ++references;
            CHECK(item.text.find("350 mg") != std::string::npos);
        }
    CHECK(references == 1);
}

TEST_CASE("medicines: by ingredient, brand, spelling, ATC and RxNorm code; what is not found is said so") {
    struct Case {
        person::Medicine medicine;
        const char* row;
    };
    const Case cases[] = {{medicine("Levothyroxine 75 micrograms"), "interactions:I11"},
                          {medicine("SYNTHROID 50"), "interactions:I11"},
                          {medicine("carbidopa/levodopa 25/100"), "interactions:I13"},
                          {medicine("Fosamax 70 mg weekly"), "interactions:I01"},
                          {medicine("rifampicin"), "interactions:I31"},
                          {{"something", "", "J05AR20", {}, "", false}, "interactions:I18"},
                          {{"something", "5521", "", {}, "", false}, "interactions:I27"}};
    for (const auto& c : cases) {
        auto profile = adult();
        profile.medicines.push_back(c.medicine);
        CAPTURE(c.medicine.text);
        CHECK(rests_on(sentence(advise(profile), "P-MEET"), c.row));
    }
    auto profile = adult();
    profile.medicines.push_back(medicine("levothyroxin 75"));
    const auto advice = advise(profile);
    CHECK_FALSE(said(advice, "P-MEET"));
    CHECK(sentence(advice, "P-MEET-NOT-FOUND").text.find("not found in our table") != std::string::npos);
    CHECK(sentence(advice, "P-MEET-NOT-FOUND").text.find("'levothyroxine'") != std::string::npos);
    // Spironolactone keeps magnesium in the body: the direction that popular texts get wrong.
    profile.medicines = {medicine("spironolactone 25 mg")};
    CHECK(sentence(advise(profile), "P-MEET").text.find("raises magnesium") != std::string::npos);
    CHECK(sentence(advise(profile), "P-CAUSE-DRUG").text.find("2.12 (1.61 to 2.78)") != std::string::npos);
}

TEST_CASE("the day plan keeps the gaps, falls back to label gaps, or names the rules that clash") {
    auto profile = adult();
    profile.medicines = {medicine("levothyroxine"), medicine("doxycycline")};
    profile.medicines[0].times = {6 * 60 + 30};
    profile.medicines[1].times = {9 * 60, 21 * 60};
    profile.day.wake = 6 * 60;
    auto advice = advise(profile);
    // 4 h after 06:30, 6 h after no dose in between, 3 h before the doses of doxycycline: 13:00 to 18:00 in
    // both cases.
    CHECK(advice.plan.empty() == false);
    for (const auto& item : advice.plan)
        if (item.kind == "dose") {
            CHECK(item.time >= 10 * 60 + 30);
            for (int drug : {9 * 60, 21 * 60})
                CHECK(((drug - item.time) % 1440 + 1440) % 1440 >= 4 * 60);
        }
    profile.medicines = {medicine("raltegravir")};
    advice = advise(profile);
    CHECK(advice.plan_infeasible);
    CHECK(advice.plan.empty());
    CHECK(advice.clashes == std::vector<std::string>{"I19"});
    CHECK(sentence(advice, "P-PLAN-NONE").text.find("No feasible time") != std::string::npos);
    // Moxifloxacin at three times a day leaves no eight hours after it.
    profile.medicines = {medicine("moxifloxacin")};
    profile.medicines[0].times = {7 * 60, 15 * 60, 22 * 60};
    advice = advise(profile);
    CHECK(advice.plan_infeasible);
    CHECK(advice.clashes == std::vector<std::string>{"I09"});
}

TEST_CASE("words: no promise, no order, a rule and a row on every sentence") {
    const std::regex banned(
        "\\bsafe\\b|\\bno interaction|you should take|\\btake [0-9]|\\bno effect\\b|\\bproven\\b",
        std::regex::icase);
    std::set<std::string> known;
    for (const auto& rule : person::rules())
        CHECK(known.insert(std::string(rule.id)).second);
    const std::set<std::string> own = {
        "P-PURPOSE",      "P-FLAG-OPEN",  "P-FLAG-NONE",    "P-FLAG-STOP",     "P-CAUSE-NONE",
        "P-GATE-NONE",    "P-LIMIT-NONE", "P-SERUM",        "P-INTAKE",        "P-MEET-NOT-FOUND",
        "P-MEET-NO-LIST", "P-PLAN",       "P-PLAN-ASSUMED", "P-PLAN-LEFT",     "P-EVIDENCE-NONE",
        "P-ASK",          "P-LABEL",      "P-LABEL-FLAG",   "P-LABEL-TOPICAL", "P-INTAKE-MEDICINE",
        "P-PLAN-NONE"};
    std::vector<person::Profile> people;
    for (const auto& row : tables().interactions) {
        auto profile = adult();
        for (const auto& name : row.ingredients)
            profile.medicines.push_back(medicine(name.c_str()));
        people.push_back(profile);
    }
    for (const auto& flag : tables().red_flags) {
        auto profile = adult();
        profile.red_flags[flag.origin.id] = "yes";
        people.push_back(profile);
    }
    for (const auto& gate : tables().gates) {
        auto profile = adult();
        for (const auto& word : gate.words)
            profile.conditions.push_back({"", "", word});
        people.push_back(profile);
    }
    for (double age : {0.5, 2.0, 6.0, 15.0, 80.0})
        for (const char* region : {"US", "EU", "DE", "UK", "NO", "other"}) {
            auto profile = adult();
            profile.age = age;
            profile.region = region;
            people.push_back(profile);
        }
    for (const auto& profile : people) {
        const auto advice = advise(profile);
        for (const auto& item : advice.sentences) {
            CAPTURE(item.text);
            CHECK(known.count(item.rule) == 1);
            CHECK_FALSE(std::regex_search(item.text, banned));
            if (!own.count(item.rule)) CHECK_FALSE(item.rows.empty());
            for (const auto& row : item.rows)
                CHECK_FALSE(row.source.empty());
        }
    }
}

TEST_CASE("profiles: unknown fields are errors with a hint and a place") {
    Diagnostics diagnostics;
    const std::string text =
        "{\n  \"schema_version\": \"1\",\n  \"age_years\": 45,\n  \"sex_for_reference_values\": \"male\",\n"
        "  \"regoin\": \"US\",\n  \"egfr\": {\"value\": 90, \"units\": \"mL/min/1.73m2\"},\n"
        "  \"medicines\": [{\"text\": \"x\", \"times\": [\"7:30\"]}],\n  \"goal\": \"cramp\"\n}\n";
    CHECK_FALSE(person::read_profile("p.json", text, terms(), diagnostics).has_value());
    auto find = [&](std::string_view code, int line) {
        return std::find_if(diagnostics.items().begin(), diagnostics.items().end(),
                            [&](const Diagnostic& d) { return d.code == code && d.place.line == line; });
    };
    REQUIRE(find("profile/unknown-field", 5) != diagnostics.items().end());
    CHECK(find("profile/unknown-field", 5)->hint.find("region") != std::string::npos);
    CHECK(find("profile/unknown-field", 5)->place.column == 3);
    CHECK(find("profile/unknown-field", 6) != diagnostics.items().end());
    CHECK(find("profile/missing-field", 6) != diagnostics.items().end());
    CHECK(find("profile/bad-value", 7) != diagnostics.items().end());
    REQUIRE(find("profile/bad-value", 8) != diagnostics.items().end());
    CHECK(find("profile/bad-value", 8)->hint.find("cramps") != std::string::npos);
}

TEST_CASE(
    "profiles: JSON and TOML say the same, units of the level are turned into mmol/L, FHIR lists are read") {
    Diagnostics diagnostics;
    const auto json = person::read_profile(
        "p.json",
        "{\"schema_version\":\"draft-1\",\"age_years\":45,\"sex_for_reference_values\":\"female\",\"serum_"
        "magnesium\":{\"value\":2.0,\"unit\":\"mg/dL\"},"
        "\"medicines\":[{\"text\":\"Synthroid\",\"times\":[\"06:30\"]}],\"red_flags\":{\"RF01\":\"no\"}}",
        terms(), diagnostics);
    const auto toml = person::read_profile(
        "p.toml",
        "schema_version = \"1\"\nage_years = 45\nsex_for_reference_values = "
        "\"female\"\n[serum_magnesium]\nvalue = 2.0\nunit = \"mg/dL\"\n"
        "[[medicines]]\ntext = \"Synthroid\"\ntimes = [06:30:00]\n[red_flags]\nRF01 = \"no\"\n",
        terms(), diagnostics);
    for (const auto& item : diagnostics.items())
        MESSAGE(to_text(item));
    REQUIRE(json.has_value());
    REQUIRE(toml.has_value());
    CHECK(*json->serum == doctest::Approx(0.82288).epsilon(1e-4));
    CHECK(*toml->serum == *json->serum);
    CHECK(toml->medicines[0].times == json->medicines[0].times);
    CHECK(json->red_flags == toml->red_flags);

    const auto list = person::read_fhir(
        "m.json",
        "{\"resourceType\":\"Bundle\",\"entry\":["
        "{\"resource\":{\"resourceType\":\"MedicationStatement\",\"status\":\"active\","
        "\"medicationCodeableConcept\":{\"text\":\"Synthroid\"}}},"
        "{\"resource\":{\"resourceType\":\"MedicationStatement\",\"status\":\"recorded\",\"medication\":{"
        "\"concept\":{\"coding\":[{\"system\":"
        "\"http://www.whocc.no/atc\",\"code\":\"J05AR20\",\"display\":\"bictegravir\"}]}}}},"
        "{\"resource\":{\"resourceType\":\"MedicationStatement\",\"status\":\"stopped\","
        "\"medicationCodeableConcept\":{\"text\":\"Lasix\"}}},"
        "{\"resource\":{\"resourceType\":\"Patient\"}}]}",
        diagnostics);
    REQUIRE(list.size() == 2);
    CHECK(list[0].text == "Synthroid");
    CHECK(list[1].atc == "J05AR20");
    CHECK(diagnostics.count(Severity::note) == 1);
}
