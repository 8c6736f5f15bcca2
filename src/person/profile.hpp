// One person as the profile file tells it (schemas/patient.schema.json). Unknown fields are errors with a
// hint, because a misspelt field would silently leave out the kidney value that matters.
#pragma once

#include "base/diagnostics.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::person {

struct Condition {
    std::string code, system, text;
};

struct Medicine {
    std::string text, rxcui, atc;
    std::vector<int> times; ///< minutes after midnight; empty: free
    std::string since;
    bool as_needed = false;
};

struct Product {
    std::string label_text, form, unit, meaning = "unknown";
    double amount = 0;
    double doses_per_day = 1;
    std::string kind = "supplement"; ///< supplement antacid laxative multivitamin topical
    std::vector<int> times;
};

struct Meal {
    std::string name;
    int time = 0; ///< minutes after midnight
};

struct Day {
    int wake = 7 * 60, bed = 23 * 60;
    std::vector<Meal> meals = {{"breakfast", 7 * 60 + 30}, {"lunch", 12 * 60 + 30}, {"dinner", 18 * 60 + 30}};
    bool stated = false; ///< false: the hours above are assumed
};

struct Profile {
    double age = 0;
    std::string sex = "unspecified"; ///< female male unspecified
    std::string state = "none";      ///< none pregnant lactating trying
    std::string region = "other";
    std::optional<double> egfr; ///< mL/min/1.73 m2
    std::string egfr_date;
    std::optional<double> serum;                 ///< mmol/L
    std::optional<double> serum_low, serum_high; ///< the laboratory's own interval, mmol/L
    std::vector<Condition> conditions;
    std::vector<Medicine> medicines;
    std::vector<Product> products;
    std::map<std::string, std::string> red_flags; ///< RF01 -> yes no unknown
    std::string goal;
    Day day;
};

/// What the reader has to know about the substance to take `magnesium_products` and mg/dL.
struct ProfileTerms {
    std::string substance;
    double element_mass = 0, charge = 0;
    std::vector<std::string> forms, red_flags; ///< known ids
};

/// JSON, or TOML when `file` ends in .toml. Absent when there are errors.
std::optional<Profile> read_profile(const std::string& file, std::string_view bytes,
                                    const ProfileTerms& terms, Diagnostics& diagnostics);

/// A FHIR R4 or R5 Bundle or list of MedicationStatement (MedicationUsage) resources; entries that are
/// stopped, not taken or entered in error are left out with a note.
std::vector<Medicine> read_fhir(const std::string& file, std::string_view bytes, Diagnostics& diagnostics);

/// 450 for "07:30"; nothing when it is no time of day.
std::optional<int> minutes_of(std::string_view text);

/// "07:30" for 450.
std::string clock(int minutes);

} // namespace assay::person
