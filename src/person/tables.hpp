// The reference tables behind advice to one person: what they hold, each row with its source. Facts about a
// substance live in its tables (data/<substance>/*.csv, or a review's own person/ folder); the code knows no
// substance.
#pragma once

#include "base/diagnostics.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::person {

/// How well a row is known. Rows of status `recall` are shown as unverified and never close a gate alone.
enum class Status { seen, computed, rule, partly, recall };

std::string_view to_string(Status status);

/// Where a row comes from; travels with every sentence that is built on it.
struct Origin {
    std::string table; ///< "interactions"
    std::string id;    ///< "I11"
    std::string source;
    Status status = Status::recall;
    std::string note; ///< what the status means for this row; may be empty

    bool verified() const { return status != Status::recall; }
    /// "interactions:I11"
    std::string key() const { return table + ":" + id; }
};

struct Limit {
    std::string authority;
    std::vector<std::string> regions;
    std::string quantity; ///< "UL", "RDA"
    std::string kind; ///< upper guidance product | reference requirement increment label | form warning ...
    std::string population, sex;     ///< sex: any male female
    double age_min = 0, age_max = 0; ///< years, [min, max)
    std::string state;               ///< pregnant, lactating, none (neither of them); empty: everybody
    std::optional<double> value;     ///< mg of the element a day; absent: not established
    std::string counts;              ///< supplement, product, medicine, total, label
    std::string form;                ///< family of forms it is limited to; empty: all
    std::string note;
    Origin origin;
};

struct Form {
    std::string id, family;
    std::vector<std::string> words; ///< what labels call the family
    std::string name, formula;
    double molar_mass = 0; ///< g/mol
    double atoms = 0;      ///< of the element in the formula
    double fraction = 0;   ///< mass of the element in the compound
    bool usual = true;     ///< a label that names no hydrate may mean this row
    std::string role;      ///< dose, excipient, element
    bool alkaline = false;
    bool bare_compound = false; ///< a bare amount on a label is, by convention, the mass of the compound
    std::string evidence, note;
    Origin origin;
};

/// How a drug and the substance must stand in time.
enum class Order { either, drug_first, drug_after, never_together, ask, no_timing };

struct Interaction {
    std::string drug;
    std::vector<std::string> ingredients, rxcui, atc; ///< atc: whole codes or their beginnings
    std::string direction, effect, mechanism, size, forms;
    std::string severity; ///< avoid separate ask monitor inform
    Order order = Order::no_timing;
    std::optional<double> hours_before,
        hours_after; ///< the drug so long before, after the substance: as stated
    std::optional<double> cautious_before, cautious_after; ///< the widest that any source states
    std::string management, evidence, disagreement;
    Origin origin;
};

struct Gate {
    std::string condition;
    std::string test; ///< egfr egfr_unknown condition age state state_form serum_high serum_low laxative_dose
                      ///< documented
    std::optional<double> low, high;
    std::vector<std::string> words, atc, forms;
    std::string action; ///< refuse refuse_form ask caution inform
    std::string say;
    Origin origin;
};

struct RedFlag {
    std::string ask;
    std::string urgency; ///< emergency immediate same_day week appointment medicine_review
    std::string say, why;
    std::vector<std::string> goals; ///< asked for these complaints; empty: always
    Origin origin;
};

struct Factor {
    std::string factor;
    std::string kind; ///< drug_cause | low_level_drug low_level_condition low_level_age | context
    std::vector<std::string> goals, ingredients, atc, words;
    std::string measure;
    std::optional<double> estimate, low, high;
    std::string note;
    Origin origin;
};

struct Food {
    std::string food, serving;
    double mg_per_serving = 0;
    std::string note;
    Origin origin;
};

/// A product whose label figure is known.
struct NamedProduct {
    std::string name, family;
    std::optional<double> compound_mg;
    double element_mg = 0; ///< in compound_mg, or in one unit of the product
    std::string note;
    Origin origin;
};

struct LabelCheck {
    std::string text, basis, flag, rule;
    double low = 0, high = 0; ///< elemental mg in one dose
    Origin origin;
};

/// Another name of an ingredient: a brand or a spelling.
struct DrugName {
    std::string name, ingredient;
    Origin origin;
};

/// A drug that has to be taken away from food.
struct MealRule {
    std::string ingredient, say;
    int minutes = 0; ///< before the first food of the day
    Origin origin;
};

struct DrugCode {
    std::string ingredient, atc;
    Origin origin;
};

struct Goal {
    std::string goal;
    std::vector<std::string> words; ///< found in the titles and topics of the review's questions
    std::string label;
};

/// What the trials on average say about a complaint, as the start of one person's trial.
struct PopulationPrior {
    std::string goal, label;
    double log_rr = 0, se = 0; ///< pooled log rate ratio
    double tau = 0;            ///< spread between studies
    Origin origin;
};

struct Substance {
    std::string id;                      ///< "magnesium": the folder of its tables
    std::string name;                    ///< as sentences call it
    std::string element;                 ///< symbol whose mass counts
    double charge = 0;                   ///< mEq per mmol
    std::vector<std::string> words, atc; ///< how medicines that are the substance itself are recognised
    std::string buffer_family;           ///< the form that "buffered" products are blended with; may be empty
    int split_daily_doses = 1;           ///< into how many intakes a day sources ask to split it
    bool with_meals = false;
    std::optional<double> steady_state_weeks;
    std::map<std::string, Origin> origins; ///< by key of substance.csv
};

struct Table {
    std::string name; ///< "interactions"
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

struct Tables {
    Substance substance;
    std::map<std::string, double> elements; ///< standard atomic weights
    std::map<std::string, Origin> element_origins;
    std::vector<Limit> limits;
    std::vector<Form> forms;
    std::vector<Interaction> interactions;
    std::vector<Gate> gates;
    std::vector<RedFlag> red_flags;
    std::vector<Factor> factors;
    std::vector<Food> foods;
    std::vector<NamedProduct> products;
    std::vector<LabelCheck> label_checks;
    std::vector<DrugName> drug_names;
    std::vector<MealRule> meal_rules;
    std::vector<DrugCode> drug_codes;
    std::vector<Goal> goals;
    std::vector<PopulationPrior> priors;
    std::vector<Table> raw; ///< every table as it stands, for printing
};

struct TableFile {
    std::string name; ///< "interactions.csv"
    std::string_view bytes;
};

/// Reads the tables of one substance and the common ones. Faults become diagnostics with file and line.
Tables read_tables(std::string substance, std::span<const TableFile> files, Diagnostics& diagnostics);

/// What the names of tables mean, in the order they are printed.
std::span<const std::pair<std::string_view, std::string_view>> table_titles();

} // namespace assay::person
