#include "person/tables.hpp"

#include "text/csv.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace assay::person {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> titles = {{
    {"substance", "the substance itself"},
    {"red_flags", "questions that come first"},
    {"gates", "conditions that stop or limit"},
    {"limits", "limits and reference intakes by authority"},
    {"forms", "compounds and the element they hold"},
    {"products", "products whose label figure is known"},
    {"label_checks", "label sentences with the right answer"},
    {"interactions", "drugs that meet the substance"},
    {"factors", "drugs as a cause of the complaint, and what lowers the level"},
    {"foods", "foods"},
    {"conversions", "units, and what laboratories call normal"},
    {"stages", "signs of too much, by level in the blood"},
    {"goals", "complaints and the review's questions"},
    {"priors", "pooled results that a trial of one person starts from"},
    {"drug_names", "other names of ingredients"},
    {"drug_codes", "ATC codes of ingredients"},
    {"meal_rules", "drugs taken away from food"},
    {"elements", "standard atomic weights"},
}};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find(';');
        const auto part = text::trim(text.substr(0, end));
        if (!part.empty()) parts.emplace_back(part);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return parts;
}

/// One table being read: cells by column name, faults with their place.
class Reader {
public:
    Reader(const TableFile& file, Diagnostics& diagnostics)
        : diagnostics_(diagnostics), csv_(text::read_csv(file.name, file.bytes, diagnostics)),
          name_(file.name.substr(0, file.name.find('.'))) {
        if (!csv_.readable()) return;
        for (const auto& cell : csv_.header())
            columns_.emplace_back(cell.text);
    }

    const std::string& name() const { return name_; }

    Table raw() const {
        Table table;
        table.name = name_;
        table.header = columns_;
        for (const auto& row : csv_.rows()) {
            if (row.damaged) continue;
            auto& cells = table.rows.emplace_back();
            for (const auto& cell : csv_.cells(row))
                cells.emplace_back(cell.text);
        }
        return table;
    }

    template<class Visit> void each(Visit visit) {
        if (!csv_.readable()) return;
        for (const auto& row : csv_.rows()) {
            if (row.damaged) continue;
            row_ = &row;
            visit(*this);
        }
    }

    std::string text(std::string_view column) const {
        const auto* cell = find(column);
        return cell ? std::string(cell->text) : std::string();
    }
    std::vector<std::string> list(std::string_view column) const { return split(text(column)); }
    bool yes(std::string_view column) const { return text(column) == "yes"; }

    std::optional<double> number(std::string_view column) {
        const auto* cell = find(column);
        if (!cell || cell->text.empty()) return std::nullopt;
        auto parsed = text::parse_number(cell->text);
        if (!parsed.value)
            diagnostics_.add("csv/bad-value", csv_.place(*row_, *cell),
                             std::string(column) + ": " + parsed.message, parsed.hint);
        return parsed.value;
    }
    double needed(std::string_view column) {
        const auto value = number(column);
        if (!value && (!find(column) || find(column)->text.empty()))
            diagnostics_.add("csv/missing-value", place(), std::string(column) + " is empty");
        return value.value_or(0);
    }

    /// A word that must be one of `known`.
    std::string choice(std::string_view column, std::initializer_list<std::string_view> known) {
        const auto value = text(column);
        if (std::find(known.begin(), known.end(), value) == known.end())
            diagnostics_.add("csv/unknown-value", place(), std::string(column) + ": '" + value + "'",
                             nearest_name(value, std::vector<std::string>(known.begin(), known.end())));
        return value;
    }

    Origin origin(std::string_view id_column = "id") {
        Origin made;
        made.table = name_;
        made.id = text(id_column);
        made.source = text("source");
        made.note = text("status_note");
        const auto status = choice("status", {"seen", "computed", "rule", "partly", "recall"});
        made.status = status == "seen"       ? Status::seen
                      : status == "computed" ? Status::computed
                      : status == "rule"     ? Status::rule
                      : status == "partly"   ? Status::partly
                                             : Status::recall;
        if (made.id.empty())
            diagnostics_.add("csv/missing-value", place(), std::string(id_column) + " is empty");
        else if (!ids_.insert(made.id).second)
            diagnostics_.add("id/duplicate", place(), "'" + made.id + "' stands twice in " + name_);
        if (made.source.empty()) diagnostics_.add("csv/missing-value", place(), "a row without its source");
        return made;
    }

    Place place() const { return {csv_.file(), row_ ? row_->line : 0, 0}; }

private:
    const text::CsvCell* find(std::string_view column) const {
        const auto at = std::find(columns_.begin(), columns_.end(), column);
        if (at == columns_.end() || !row_) return nullptr;
        const auto cells = csv_.cells(*row_);
        const auto index = static_cast<std::size_t>(at - columns_.begin());
        return index < cells.size() ? &cells[index] : nullptr;
    }

    Diagnostics& diagnostics_;
    text::CsvTable csv_;
    std::string name_;
    std::vector<std::string> columns_;
    const text::CsvRow* row_ = nullptr;
    std::set<std::string> ids_;
};

Order order(Reader& row) {
    const auto word = row.choice("order", {"either_order", "drug_first_only", "drug_after_substance_only",
                                           "avoid_together", "ask_prescriber", "not_timing"});
    if (word == "either_order") return Order::either;
    if (word == "drug_first_only") return Order::drug_first;
    if (word == "drug_after_substance_only") return Order::drug_after;
    if (word == "avoid_together") return Order::never_together;
    if (word == "ask_prescriber") return Order::ask;
    return Order::no_timing;
}

void read_substance(Tables& into, Reader& row) {
    auto& to = into.substance;
    const auto key = row.text("key"), value = row.text("value");
    to.origins[key] = row.origin("key");
    if (key == "name")
        to.name = value;
    else if (key == "element")
        to.element = value;
    else if (key == "charge")
        to.charge = row.needed("value");
    else if (key == "words")
        to.words = split(value);
    else if (key == "atc")
        to.atc = split(value);
    else if (key == "buffer_family")
        to.buffer_family = value;
    else if (key == "split_daily_doses")
        to.split_daily_doses = static_cast<int>(row.needed("value"));
    else if (key == "plan_with_meals")
        to.with_meals = value == "yes";
    else if (key == "steady_state_weeks")
        to.steady_state_weeks = row.number("value");
}

void read_limit(Tables& into, Reader& row) {
    Limit limit;
    limit.origin = row.origin();
    limit.authority = row.text("authority");
    limit.regions = row.list("regions");
    limit.quantity = row.text("quantity");
    limit.kind = row.choice("kind", {"upper", "guidance", "product", "reference", "requirement", "increment",
                                     "label", "form", "warning", "licensed", "claim", "signal"});
    limit.population = row.text("population");
    limit.sex = row.choice("sex", {"any", "male", "female"});
    limit.age_min = row.needed("age_min");
    limit.age_max = row.needed("age_max");
    limit.state = row.choice("state", {"", "pregnant", "lactating", "none"});
    limit.value = row.number("value_mg");
    limit.counts = row.choice("counts", {"supplement", "product", "medicine", "total", "label"});
    limit.form = row.text("form");
    limit.note = row.text("note");
    into.limits.push_back(std::move(limit));
}

void read_form(Tables& into, Reader& row) {
    Form form;
    form.origin = row.origin();
    form.id = row.text("id");
    form.family = row.text("family");
    form.words = row.list("words");
    form.name = row.text("name");
    form.formula = row.text("formula");
    form.molar_mass = row.needed("molar_mass");
    form.atoms = row.needed("atoms");
    form.fraction = row.needed("fraction");
    form.usual = row.yes("usual");
    form.role = row.choice("role", {"dose", "excipient", "element"});
    form.alkaline = row.yes("alkaline");
    form.bare_compound = row.choice("bare_amount", {"compound", "unknown"}) == "compound";
    form.evidence = row.text("evidence");
    form.note = row.text("note");
    into.forms.push_back(std::move(form));
}

void read_interaction(Tables& into, Reader& row) {
    Interaction made;
    made.origin = row.origin();
    made.drug = row.text("drug");
    made.ingredients = row.list("ingredients");
    for (const auto& pair : row.list("rxcui"))
        made.rxcui.push_back(pair.substr(pair.find('=') + 1));
    made.atc = row.list("atc");
    made.direction =
        row.choice("direction", {"substance_lowers_drug", "substance_raises_drug", "drug_lowers_substance",
                                 "drug_raises_substance", "additive", "competes"});
    made.effect = row.text("effect");
    made.mechanism = row.text("mechanism");
    made.size = row.text("size");
    made.forms = row.text("forms");
    made.severity = row.choice("severity", {"avoid", "separate", "ask", "monitor", "inform"});
    made.order = order(row);
    made.hours_before = row.number("hours_before");
    made.hours_after = row.number("hours_after");
    made.cautious_before = row.number("cautious_before");
    made.cautious_after = row.number("cautious_after");
    made.management = row.text("management");
    made.evidence = row.text("evidence");
    made.disagreement = row.text("disagreement");
    into.interactions.push_back(std::move(made));
}

void read_gate(Tables& into, Reader& row) {
    Gate gate;
    gate.origin = row.origin();
    gate.condition = row.text("condition");
    gate.test = row.choice("test", {"egfr", "egfr_unknown", "condition", "age", "state", "state_form",
                                    "serum_high", "serum_low", "laxative_dose", "documented"});
    gate.low = row.number("low");
    gate.high = row.number("high");
    gate.words = row.list("words");
    gate.atc = row.list("atc");
    gate.forms = row.list("forms");
    gate.action = row.choice("action", {"refuse", "refuse_form", "ask", "caution", "inform"});
    gate.say = row.text("say");
    into.gates.push_back(std::move(gate));
}

void read_red_flag(Tables& into, Reader& row) {
    RedFlag flag;
    flag.origin = row.origin();
    flag.ask = row.text("ask");
    flag.urgency = row.choice(
        "urgency", {"emergency", "immediate", "same_day", "week", "appointment", "medicine_review"});
    flag.say = row.text("say");
    flag.why = row.text("why");
    flag.goals = row.list("goals");
    into.red_flags.push_back(std::move(flag));
}

void read_factor(Tables& into, Reader& row) {
    Factor factor;
    factor.origin = row.origin();
    factor.factor = row.text("factor");
    factor.kind = row.choice(
        "kind", {"drug_cause", "low_level_drug", "low_level_condition", "low_level_age", "context"});
    factor.goals = row.list("goals");
    factor.ingredients = row.list("ingredients");
    factor.atc = row.list("atc");
    factor.words = row.list("words");
    factor.measure = row.text("measure");
    factor.estimate = row.number("estimate");
    factor.low = row.number("low");
    factor.high = row.number("high");
    factor.note = row.text("note");
    into.factors.push_back(std::move(factor));
}

void read_food(Tables& into, Reader& row) {
    Food food;
    food.origin = row.origin();
    food.food = row.text("food");
    food.serving = row.text("serving");
    food.mg_per_serving = row.needed("mg_per_serving");
    food.note = row.text("note");
    into.foods.push_back(std::move(food));
}

void read_product(Tables& into, Reader& row) {
    NamedProduct product;
    product.origin = row.origin();
    product.name = row.text("name");
    product.family = row.text("family");
    product.compound_mg = row.number("compound_mg");
    product.element_mg = row.needed("element_mg");
    product.note = row.text("note");
    into.products.push_back(std::move(product));
}

void read_label_check(Tables& into, Reader& row) {
    LabelCheck check;
    check.origin = row.origin();
    check.text = row.text("text");
    check.basis = row.choice("basis", {"elemental", "compound", "unknown", "product", "excipient"});
    check.low = row.needed("low");
    check.high = row.needed("high");
    check.flag = row.text("flag");
    check.rule = row.text("rule");
    into.label_checks.push_back(std::move(check));
}

struct Section {
    std::string_view name;
    void (*read)(Tables&, Reader&);
};

constexpr Section sections[] = {
    {"substance", read_substance},
    {"limits", read_limit},
    {"forms", read_form},
    {"interactions", read_interaction},
    {"gates", read_gate},
    {"red_flags", read_red_flag},
    {"factors", read_factor},
    {"foods", read_food},
    {"products", read_product},
    {"label_checks", read_label_check},
    {"goals",
     [](Tables& into, Reader& row) {
         into.goals.push_back({row.text("goal"), row.list("words"), row.text("label")});
     }},
    {"priors",
     [](Tables& into, Reader& row) {
         into.priors.push_back({row.text("goal"), row.text("label"), row.needed("log_rr"), row.needed("se"),
                                row.needed("tau"), row.origin()});
     }},
    {"drug_names",
     [](Tables& into, Reader& row) {
         into.drug_names.push_back({row.text("name"), row.text("ingredient"), row.origin()});
     }},
    {"drug_codes",
     [](Tables& into, Reader& row) {
         into.drug_codes.push_back({row.text("ingredient"), row.text("atc"), row.origin("ingredient")});
     }},
    {"meal_rules",
     [](Tables& into, Reader& row) {
         into.meal_rules.push_back({row.text("ingredient"), row.text("say"),
                                    static_cast<int>(row.needed("minutes")), row.origin()});
     }},
    {"elements",
     [](Tables& into, Reader& row) {
         into.elements[row.text("symbol")] = row.needed("mass");
         into.element_origins[row.text("symbol")] = row.origin("symbol");
     }},
};

} // namespace

std::string_view to_string(Status status) {
    switch (status) {
    case Status::seen:
        return "seen";
    case Status::computed:
        return "computed";
    case Status::rule:
        return "rule of assay";
    case Status::partly:
        return "partly verified";
    case Status::recall:
        break;
    }
    return "unverified";
}

std::span<const std::pair<std::string_view, std::string_view>> table_titles() {
    return titles;
}

Tables read_tables(std::string substance, std::span<const TableFile> files, Diagnostics& diagnostics) {
    Tables tables;
    tables.substance.id = std::move(substance);
    for (const auto& [name, title] : titles) {
        const auto file = std::find_if(files.begin(), files.end(), [&, table = name](const TableFile& f) {
            return f.name == std::string(table) + ".csv";
        });
        if (file == files.end()) continue;
        Reader reader(*file, diagnostics);
        tables.raw.push_back(reader.raw());
        for (const auto& section : sections)
            if (section.name == name) reader.each([&](Reader& row) { section.read(tables, row); });
    }
    if (tables.substance.name.empty()) tables.substance.name = tables.substance.id;
    return tables;
}

} // namespace assay::person
