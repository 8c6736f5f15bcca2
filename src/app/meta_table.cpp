#include "app/meta_table.hpp"

#include "base/error.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <limits>

namespace assay::app {

namespace {

using effect::Role;

constexpr std::size_t role_count = static_cast<std::size_t>(Role::count);

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return "";
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// R and Stata write these.
bool is_missing(const std::string& written) {
    return written.empty() || written == "NA" || written == ".";
}

} // namespace

MetaTable::MetaTable(const MetaRequest& request, std::string_view csv, Diagnostics& diagnostics)
    : request_(request), diagnostics_(diagnostics), table_(text::read_csv(request.file, csv, diagnostics)) {
    for (const auto& cell : table_.header())
        names_.push_back(trimmed(cell.text));
}

MetaLayout MetaTable::layout(const effect::Measure& measure) {
    MetaLayout found;
    found.column.fill(-1);
    for (const auto& [role, name] : request_.columns) {
        const auto known = effect::role_of(role);
        ASSAY_EXPECT(known);
        found.column[static_cast<std::size_t>(*known)] = named(name, "--" + role);
    }
    for (std::size_t i = 0; i < role_count; ++i) {
        const std::string own(effect::role_name(static_cast<Role>(i)));
        if (found.column[i] < 0 && !request_.columns.contains(own)) found.column[i] = index(own);
    }
    if (!request_.slab.empty())
        found.slab = named(request_.slab, "--slab");
    else
        for (const char* guess : {"slab", "study", "author", "trial"})
            if (found.slab < 0) found.slab = index(guess);
    if (!request_.subgroup.empty()) found.subgroup = named(request_.subgroup, "--subgroup");
    complain_about_missing(measure, found);
    return found;
}

std::vector<effect::Row> MetaTable::rows(const MetaLayout& layout) {
    std::vector<effect::Row> rows;
    for (const auto& line : table_.rows()) {
        auto& row = rows.emplace_back();
        if (line.damaged) continue; // a message was given; the row stays, without numbers
        for (std::size_t i = 0; i < role_count; ++i)
            if (layout.column[i] >= 0) row[static_cast<Role>(i)] = number(line, layout.column[i]);
    }
    return rows;
}

std::string MetaTable::cell(std::size_t row, int column) const {
    if (column < 0) return "";
    const auto cells = table_.cells(table_.rows()[row]);
    return static_cast<std::size_t>(column) < cells.size()
               ? trimmed(cells[static_cast<std::size_t>(column)].text)
               : "";
}

int MetaTable::index(const std::string& name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    return at == names_.end() ? -1 : static_cast<int>(at - names_.begin());
}

int MetaTable::named(const std::string& name, const std::string& option) {
    const int at = index(name);
    if (at < 0) {
        const auto near = nearest_name(name, names_);
        diagnostics_.add("csv/unknown-column", {request_.file, 1, 0},
                         option + ": there is no column '" + name + "'",
                         near.empty() ? "" : "did you mean '" + near + "'?");
    }
    return at;
}

void MetaTable::complain_about_missing(const effect::Measure& measure, const MetaLayout& found) {
    auto has = [&](Role role) { return found.column[static_cast<std::size_t>(role)] >= 0; };
    // What may stand in for what, as in metafor's escalc.
    auto instead = [&](Role role) {
        switch (role) {
        case Role::bi:
            return has(Role::n1i);
        case Role::di:
            return has(Role::n2i);
        case Role::mi:
            return has(Role::ni);
        case Role::vi:
            return has(Role::sei);
        case Role::sei:
            return has(Role::vi);
        default:
            return false;
        }
    };
    std::string missing;
    for (const auto role : measure.needs)
        if (!has(role) && !instead(role))
            missing += (missing.empty() ? "" : ", ") + std::string(effect::role_name(role));
    if (!missing.empty())
        diagnostics_.add("csv/missing-column", {request_.file, 1, 0},
                         std::string(measure.id) + " needs columns for " + missing,
                         "name them: --" + missing.substr(0, missing.find(',')) + " COLUMN");
}

std::optional<double> MetaTable::number(const text::CsvRow& line, int column) {
    const auto cells = table_.cells(line);
    if (static_cast<std::size_t>(column) >= cells.size()) return std::nullopt;
    const auto& cell = cells[static_cast<std::size_t>(column)];
    const auto written = trimmed(cell.text);
    if (is_missing(written)) return std::nullopt;
    const auto parsed = text::parse_number(written);
    if (!parsed.value)
        diagnostics_.add("csv/bad-value", table_.place(line, cell),
                         names_[static_cast<std::size_t>(column)] + ": " + parsed.message, parsed.hint);
    return parsed.value;
}

std::vector<synth::Variable> MetaTable::variables(const std::vector<std::size_t>& rows) const {
    std::vector<synth::Variable> variables;
    for (std::size_t j = 0; j < names_.size(); ++j) {
        synth::Variable variable{names_[j], {}, {}, true};
        for (const std::size_t row : rows) {
            std::string written = cell(row, static_cast<int>(j));
            if (is_missing(written)) written.clear();
            const auto parsed = written.empty() ? text::ParsedNumber{} : text::parse_number(written);
            if (!written.empty() && !parsed.value) variable.numeric = false;
            variable.numbers.push_back(parsed.value.value_or(std::numeric_limits<double>::quiet_NaN()));
            variable.words.push_back(std::move(written));
        }
        variables.push_back(std::move(variable));
    }
    return variables;
}

} // namespace assay::app
