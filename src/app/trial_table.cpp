#include "app/trial_table.hpp"

#include "app/person.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "person/advice.hpp"
#include "text/csv.hpp"
#include "text/format.hpp"
#include "text/number.hpp"
#include "trial/crossover.hpp"
#include "trial/dates.hpp"
#include "trial/series.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace assay::app {

namespace {

using Json = nlohmann::ordered_json;

struct Role {
    std::string_view name;
    std::array<std::string_view, 10> usual; ///< column names, the likeliest first
};
constexpr Role treatment_role{"treatment",
                              {"treatment", "treat", "arm", "drug", "condition", "intervention", "phase"}};
constexpr Role subject_role{"subject",
                            {"subject", "person", "participant", "patient", "case", "case_pseudonym", "id"}};
constexpr Role period_role{"period", {"period"}};
constexpr Role phase_role{"phase", {"phase"}};
constexpr Role time_role{
    "time", {"study_day", "day", "time", "session_number", "session", "mt", "week", "obs", "date"}};
constexpr Role outcome_role{"outcome", {"outcome", "y", "value", "score", "count", "events"}};

/// Words that a level compared against is called by, in lower case.
constexpr std::array<std::string_view, 12> control_words = {
    "control", "placebo", "baseline", "usual", "without", "no", "off", "none", "a", "0", "p", "false"};

using ascii::to_lower;

struct Rows {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> cells;
    std::vector<Place> places;

    std::optional<std::size_t> column(std::string_view name) const {
        for (std::size_t i = 0; i < header.size(); ++i)
            if (header[i] == name) return i;
        return std::nullopt;
    }
    std::set<std::string> levels(std::size_t column) const {
        std::set<std::string> made;
        for (const auto& row : cells)
            if (!row[column].empty()) made.insert(row[column]);
        return made;
    }
};

/// The column asked for (a fault where there is none), or the first with a usual name.
std::optional<std::size_t> find(const Rows& rows, const std::string& asked, const Role& role,
                                const std::string& file, Diagnostics& diagnostics) {
    if (!asked.empty()) {
        const auto found = rows.column(asked);
        if (!found) {
            const auto near = nearest_name(asked, rows.header);
            diagnostics.add("csv/missing-column", {file, 1, 0},
                            "no column '" + asked + "' for the " + std::string(role.name),
                            near.empty() ? "" : "did you mean '" + near + "'?");
        }
        return found;
    }
    for (const auto& usual : role.usual)
        for (std::size_t i = 0; i < rows.header.size(); ++i)
            if (!usual.empty() && to_lower(rows.header[i]) == usual) return i;
    return std::nullopt;
}

Rows read_rows(const std::string& file, std::string_view bytes, const TableRequest& request,
               Diagnostics& diagnostics) {
    Rows rows;
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return rows;
    for (const auto& cell : table.header())
        rows.header.emplace_back(cell.text);
    std::vector<std::pair<std::size_t, std::string>> kept;
    for (const auto& [name, value] : request.where)
        if (const auto column = find(rows, name, {"filter", {}}, file, diagnostics))
            kept.emplace_back(*column, value);
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        std::vector<std::string> cells;
        for (const auto& cell : table.cells(row))
            cells.emplace_back(cell.text);
        cells.resize(rows.header.size());
        if (std::all_of(kept.begin(), kept.end(),
                        [&](const auto& k) { return cells[k.first] == k.second; })) {
            rows.cells.push_back(std::move(cells));
            rows.places.push_back({file, row.line, 0});
        }
    }
    return rows;
}

bool numeric(const Rows& rows, std::size_t column) {
    bool any = false;
    for (const auto& row : rows.cells) {
        if (row[column].empty()) continue;
        if (!text::parse_number(row[column]).value) return false;
        any = true;
    }
    return any;
}

struct Roles {
    std::size_t outcome = 0, treatment = 0;
    std::optional<std::size_t> subject, period, time, phase;
};

/// A column of its own kind: numbers with more than two values that nothing else uses.
std::optional<std::size_t> likely_outcome(const Rows& rows, const std::set<std::size_t>& used) {
    for (std::size_t i = 0; i < rows.header.size(); ++i)
        if (!used.count(i) && numeric(rows, i) && rows.levels(i).size() > 2) return i;
    return std::nullopt;
}

std::optional<std::size_t> likely_treatment(const Rows& rows, const std::set<std::size_t>& used) {
    for (std::size_t i = 0; i < rows.header.size(); ++i)
        if (!used.count(i) && rows.levels(i).size() == 2) return i;
    return std::nullopt;
}

std::optional<Roles> roles_of(const Rows& rows, const TableRequest& request, const std::string& file,
                              Diagnostics& diagnostics) {
    Roles roles;
    roles.subject = find(rows, request.subject, subject_role, file, diagnostics);
    roles.period = find(rows, request.period, period_role, file, diagnostics);
    roles.time = find(rows, request.time, time_role, file, diagnostics);
    auto treatment = find(rows, request.treatment, treatment_role, file, diagnostics);
    if (treatment && request.treatment.empty() && rows.levels(*treatment).size() != 2)
        treatment = std::nullopt;
    std::set<std::size_t> used;
    for (const auto& role : {roles.subject, roles.period, roles.time})
        if (role) used.insert(*role);
    if (!treatment && request.treatment.empty()) treatment = likely_treatment(rows, used);
    if (treatment) used.insert(*treatment);
    roles.phase = find(rows, request.phase, phase_role, file, diagnostics);
    if (roles.phase && roles.phase == treatment) roles.phase = std::nullopt;
    if (roles.phase) used.insert(*roles.phase);
    auto outcome = find(rows, request.outcome, outcome_role, file, diagnostics);
    if (outcome && request.outcome.empty() && !numeric(rows, *outcome)) outcome = std::nullopt;
    if (!outcome && request.outcome.empty()) outcome = likely_outcome(rows, used);
    if (diagnostics.has_errors()) return std::nullopt;
    if (!treatment || rows.levels(*treatment).size() != 2)
        diagnostics.add("csv/missing-column", {file, 1, 0},
                        treatment ? "the column '" + rows.header[*treatment] + "' does not have two levels"
                                  : "no column with the two treatments",
                        "name it with --treatment, or keep some rows with --where COLUMN=VALUE");
    if (!outcome)
        diagnostics.add("csv/missing-column", {file, 1, 0}, "no column with the outcome",
                        "name it with --outcome");
    roles.outcome = outcome.value_or(0);
    roles.treatment = treatment.value_or(0);
    if (diagnostics.has_errors()) return std::nullopt;
    return roles;
}

void name_levels(const Rows& rows, const Roles& roles, const TableRequest& request, const std::string& file,
                 TableEstimates& made, Diagnostics& diagnostics) {
    const auto levels = rows.levels(roles.treatment);
    std::vector<std::string> known(levels.begin(), levels.end());
    if (!request.control.empty()) {
        if (!levels.count(request.control)) {
            const auto near = nearest_name(request.control, known);
            diagnostics.add("csv/unknown-value", {file, 1, 0},
                            "no level '" + request.control + "' in the column '" + made.treatment + "'",
                            near.empty() ? "" : "did you mean '" + near + "'?");
            return;
        }
        made.control = request.control;
    }
    for (const auto& word : control_words)
        for (const auto& level : known) {
            const auto name = to_lower(level);
            if (made.control.empty() && (name == word || (word.size() > 4 && name.rfind(word, 0) == 0)))
                made.control = level;
        }
    if (made.control.empty()) {
        made.control = known.front();
        made.notes.push_back("'" + made.control + "' is compared against; --control names the other level.");
    }
    made.treated = known.front() == made.control ? known.back() : known.front();
}

struct Observation {
    std::string subject, phase;
    std::optional<double> period, time;
    bool treated = false;
    double y = 0;
};

std::vector<Observation> observations(const Rows& rows, const Roles& roles, TableEstimates& made,
                                      Diagnostics& diagnostics) {
    std::vector<Observation> out;
    std::size_t missing = 0;
    auto number = [](const std::string& text) -> std::optional<double> {
        if (const auto value = text::parse_number(text).value) return value;
        if (const auto day = trial::parse_date(text)) return *day;
        return std::nullopt;
    };
    for (std::size_t i = 0; i < rows.cells.size(); ++i) {
        const auto& cells = rows.cells[i];
        if (cells[roles.outcome].empty() || cells[roles.treatment].empty()) {
            ++missing;
            continue;
        }
        const auto parsed = text::parse_number(cells[roles.outcome]);
        if (!parsed.value) {
            diagnostics.add("csv/bad-value", rows.places[i], parsed.message, parsed.hint);
            continue;
        }
        Observation seen;
        seen.y = *parsed.value;
        seen.treated = cells[roles.treatment] == made.treated;
        if (roles.subject) seen.subject = cells[*roles.subject];
        if (roles.phase) seen.phase = cells[*roles.phase];
        if (roles.period) seen.period = number(cells[*roles.period]);
        if (roles.time) seen.time = number(cells[*roles.time]);
        out.push_back(std::move(seen));
    }
    if (missing > 0)
        made.notes.push_back(std::to_string(missing) +
                             " rows without a value are left out: missing is not 0.");
    return out;
}

bool is_crossover(const std::vector<Observation>& seen) {
    std::map<std::string, std::array<int, 2>> people;
    for (const auto& one : seen) {
        if (one.subject.empty()) return false;
        ++people.try_emplace(one.subject).first->second[one.treated ? 1 : 0];
    }
    return people.size() > 1 && std::all_of(people.begin(), people.end(), [](const auto& item) {
               return item.second[0] <= 1 && item.second[1] <= 1;
           });
}

void add_crossover(const std::vector<Observation>& seen, TableEstimates& made) {
    std::vector<trial::CrossoverValue> values;
    std::set<double> periods;
    for (const auto& one : seen)
        if (one.period) periods.insert(*one.period);
    const bool two = periods.size() == 2;
    for (const auto& one : seen)
        values.push_back({one.subject, two && one.period ? (*one.period == *periods.begin() ? 1 : 2) : 0,
                          one.treated, one.y});
    made.groups.push_back(
        {"", seen.size(), trial::crossover_estimates(values, {made.treated, made.control}, made.counts)});
    made.notes.push_back(
        "Carry-over is not tested: a test for it that chooses the analysis gives wrong error rates "
        "(Freeman 1989, Stat Med 8:1421); long enough periods are the remedy.");
    if (!two)
        made.notes.push_back(
            "No column with the two periods: only the methods that take no account of them.");
}

void add_series(const std::vector<Observation>& seen, TableEstimates& made) {
    std::map<std::string, std::vector<trial::SeriesValue>> people;
    std::vector<std::string> order;
    for (const auto& one : seen) {
        auto& series = people[one.subject];
        if (series.empty()) order.push_back(one.subject);
        series.push_back(
            {one.time.value_or(static_cast<double>(series.size() + 1)), one.treated, one.phase, one.y});
    }
    for (const auto& name : order)
        made.groups.push_back(
            {name, people[name].size(),
             trial::series_estimates(people[name], {made.treated, made.control}, made.counts)});
}

} // namespace

TableEstimates estimate_table(const std::string& file, std::string_view bytes, const TableRequest& request,
                              Diagnostics& diagnostics) {
    TableEstimates made;
    const auto rows = read_rows(file, bytes, request, diagnostics);
    if (diagnostics.has_errors()) return made;
    const auto roles = roles_of(rows, request, file, diagnostics);
    if (!roles) return made;
    made.outcome = rows.header[roles->outcome];
    made.treatment = rows.header[roles->treatment];
    name_levels(rows, *roles, request, file, made, diagnostics);
    const auto seen = observations(rows, *roles, made, diagnostics);
    if (diagnostics.has_errors() || seen.empty()) return made;
    const bool never_negative =
        std::all_of(seen.begin(), seen.end(), [](const Observation& o) { return o.y >= 0; });
    made.counts =
        never_negative && (request.counts || std::all_of(seen.begin(), seen.end(), [](const Observation& o) {
                               return o.y == std::floor(o.y);
                           }));
    if (request.counts && !never_negative) made.notes.push_back("Values below 0 are no counts.");
    made.crossover = is_crossover(seen);
    made.crossover ? add_crossover(seen, made) : add_series(seen, made);
    return made;
}

namespace {

std::string cell(const std::optional<double>& value, std::size_t width) {
    const std::string text = value ? text::readable(*value) : "";
    return std::string(width > text.size() ? width - text.size() : 1, ' ') + text;
}

} // namespace

std::string table_text(const TableEstimates& made, int width) {
    width = std::clamp(width, 60, 110);
    std::string out = folded(safe_text(made.outcome + ", " + made.treated + " against " + made.control +
                                       (made.crossover ? ": two treatments in each person" : ": series")),
                             width, "", "");
    for (const auto& group : made.groups) {
        out += "\n" + (group.name.empty() ? std::string() : safe_text(group.name) + ", ") +
               std::to_string(group.rows) + " values\n";
        out += "  method                      estimate       se  95 % interval          P\n";
        for (const auto& e : group.estimates) {
            std::string name = e.method;
            name.resize(std::max<std::size_t>(26, name.size()), ' ');
            std::string interval =
                e.lower && e.upper ? text::readable(*e.lower) + " to " + text::readable(*e.upper) : "";
            interval.resize(std::max<std::size_t>(19, interval.size()), ' ');
            std::string p = e.p ? text::p_value(*e.p) : "";
            std::string more = e.term.rfind("period", 0) == 0 ? e.term : "";
            for (const auto& [key, value] : e.extras)
                more += (more.empty() ? "" : "; ") + key + " " + text::readable(value);
            std::string line = "  " + name + cell(e.estimate, 10) + cell(e.se, 9) + "  " + interval +
                               std::string(p.size() < 7 ? 7 - p.size() : 1, ' ') + p +
                               (more.empty() ? "" : "  " + more);
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
    }
    if (!made.notes.empty()) out += "\n";
    for (const auto& note : made.notes)
        out += folded(safe_text(note), width, "", "");
    return out + folded(person::disclaimer(), width, "", "");
}

std::string table_json(const TableEstimates& made) {
    auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    Json root;
    root["schema"] = "assay/trial-estimates/1";
    root["outcome"] = made.outcome;
    root["treatment"] = made.treatment;
    root["treated"] = made.treated;
    root["control"] = made.control;
    root["design"] = made.crossover ? "crossover" : "series";
    root["counts"] = made.counts;
    root["groups"] = Json::array();
    for (const auto& group : made.groups) {
        Json item;
        item["name"] = group.name;
        item["rows"] = group.rows;
        item["estimates"] = Json::array();
        for (const auto& e : group.estimates) {
            Json one = {{"method", e.method},
                        {"term", e.term},
                        {"estimate", number(e.estimate)},
                        {"se", number(e.se)},
                        {"lower", number(e.lower)},
                        {"upper", number(e.upper)},
                        {"statistic", number(e.statistic)},
                        {"df", number(e.df)},
                        {"p", number(e.p)}};
            for (const auto& [key, value] : e.extras)
                one["extras"][key] = value;
            if (!e.note.empty()) one["note"] = e.note;
            item["estimates"].push_back(std::move(one));
        }
        root["groups"].push_back(std::move(item));
    }
    root["notes"] = made.notes;
    root["disclaimer"] = person::disclaimer();
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::app
