// How advice and tables are shown: text for a terminal, JSON for programs, one page of HTML.
#include "app/person.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "plot/markup.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace assay::app {

namespace {

using Json = nlohmann::ordered_json;
using plot::escaped;

std::string section_of(const std::string& rule) {
    const auto rows = person::rules();
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const person::Rule& r) { return r.id == rule; });
    ASSAY_EXPECT(row != rows.end());
    return std::string(row->section);
}

std::string mark(person::Level level) {
    return level == person::Level::critical ? "!! " : level == person::Level::warning ? " ! " : "   ";
}

std::string tag(const person::Sentence& sentence) {
    std::string text = "[" + sentence.rule;
    for (const auto& row : sentence.rows)
        text += "; " + row.key() + (row.verified() ? "" : " unverified");
    return text + "]";
}

std::vector<person::Origin> rows_of(const person::Advice& advice) {
    std::vector<person::Origin> rows;
    std::set<std::string> seen;
    for (const auto& sentence : advice.sentences)
        for (const auto& row : sentence.rows)
            if (seen.insert(row.key()).second) rows.push_back(row);
    return rows;
}

std::string status_of(const person::Origin& row) {
    const std::string status(person::to_string(row.status));
    if (row.note.rfind(status, 0) == 0) return row.note;
    return status + (row.note.empty() ? "" : ": " + row.note);
}

Json json_of(const person::Origin& row) {
    return {{"row", row.key()},
            {"source", row.source},
            {"status", std::string(person::to_string(row.status))},
            {"note", row.note}};
}

std::string dumped(const Json& value) {
    return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

std::string folded(std::string_view text, int width, const std::string& first, const std::string& indent) {
    std::string out = first;
    int column = display_width(first);
    bool fresh = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        const int length = display_width(word);
        if (!fresh && column + 1 + length > width) {
            out += "\n" + indent;
            column = display_width(indent);
            fresh = true;
        }
        if (!fresh) {
            out += ' ';
            ++column;
        }
        out += word;
        column += length;
        fresh = false;
    }
    return out + "\n";
}

std::string person_text(const person::Advice& advice, int width) {
    width = std::clamp(width, 50, 110);
    std::string out;
    for (const auto& section : person::sections()) {
        bool headed = false;
        for (const auto& sentence : advice.sentences) {
            if (section_of(sentence.rule) != section.id) continue;
            if (!headed) out += (out.empty() ? "" : "\n") + std::string(section.title) + "\n";
            headed = true;
            out += folded(safe_text(sentence.text) + " " + tag(sentence), width, mark(sentence.level), "   ");
        }
        if (headed && section.id == "plan")
            for (const auto& item : advice.plan)
                out += "     " + person::clock(item.time) + "  " + item.kind + "  " + safe_text(item.name) +
                       "\n";
    }
    const auto rows = rows_of(advice);
    if (!rows.empty()) out += "\nRows and sources\n";
    for (const auto& row : rows)
        out += folded(row.key() + "  " + safe_text(row.source + " (" + status_of(row) + ")"), width, "   ",
                      "     ");
    return out;
}

std::string person_json(const person::Advice& advice) {
    Json root;
    root["schema"] = "assay/person/1";
    root["substance"] = advice.substance;
    root["outcome"] = person::to_string(advice.outcome);
    root["limit_mg"] = advice.limit_mg ? Json(*advice.limit_mg) : Json(nullptr);
    root["intake_mg"] =
        advice.intake_low ? Json::array({*advice.intake_low, *advice.intake_high}) : Json(nullptr);
    root["disclaimer"] = person::disclaimer();
    root["sentences"] = Json::array();
    for (const auto& sentence : advice.sentences) {
        Json item;
        item["section"] = section_of(sentence.rule);
        item["rule"] = sentence.rule;
        item["indicator"] = person::to_string(sentence.level);
        item["text"] = sentence.text;
        item["rows"] = Json::array();
        for (const auto& row : sentence.rows)
            item["rows"].push_back(json_of(row));
        root["sentences"].push_back(std::move(item));
    }
    Json plan;
    plan["feasible"] = !advice.plan.empty()     ? Json(true)
                       : advice.plan_infeasible ? Json(false)
                                                : Json(nullptr);
    plan["clashes"] = advice.clashes;
    plan["events"] = Json::array();
    for (const auto& item : advice.plan)
        plan["events"].push_back(
            {{"time", person::clock(item.time)}, {"kind", item.kind}, {"name", item.name}});
    root["plan"] = std::move(plan);
    return dumped(root);
}

namespace {

constexpr std::string_view page_style =
    ":root{color-scheme:light dark;--line:#767676}\n"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}\n"
    "h2{margin-top:2rem;border-bottom:1px solid var(--line)}\nli{margin:.6rem 0}\n"
    ".critical,.warning{border-left:.4rem solid;padding-left:.6rem}\n.critical{border-color:#c00}\n"
    ".warning{border-color:#b60;border-left-style:double}\n.why{font-size:.85em}\n"
    "table{border-collapse:collapse}\ntd,th{border:1px solid var(--line);padding:.3rem "
    ".6rem;text-align:left;vertical-align:top}\n"
    "td{overflow-wrap:anywhere}\n@media print{body{max-width:none}}\n";

std::string html_item(const person::Sentence& sentence) {
    const auto level = std::string(person::to_string(sentence.level));
    const std::string lead = sentence.level == person::Level::critical  ? "<strong>Stop:</strong> "
                             : sentence.level == person::Level::warning ? "<strong>Note:</strong> "
                                                                        : "";
    std::string out = "<li class=\"" + level + "\">" + lead + escaped(sentence.text) +
                      " <span class=\"why\">[" + escaped(sentence.rule);
    for (const auto& row : sentence.rows)
        out += "; <a href=\"#" + escaped(row.key()) + "\">" + escaped(row.key()) + "</a>" +
               (row.verified() ? "" : " unverified");
    return out + "]</span></li>\n";
}

std::string html_day(const person::Advice& advice) {
    std::string out = "<table><caption>The day by the clock. " + escaped(person::disclaimer()) +
                      "</caption><tr><th scope=\"col\">Time</th><th scope=\"col\">What</th></tr>\n";
    for (const auto& item : advice.plan)
        out += "<tr><td>" + person::clock(item.time) + "</td><td>" + escaped(item.name) + " (" + item.kind +
               ")</td></tr>\n";
    return out + "</table>\n";
}

} // namespace

std::string person_html(const person::Advice& advice) {
    const auto title = escaped(advice.substance) + ": what the tables say for this profile";
    std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" +
                      title + "</title>\n<style>\n" + std::string(page_style) +
                      "</style></head><body><main>\n<h1>" + title + "</h1>\n";
    for (const auto& section : person::sections()) {
        std::string items;
        for (const auto& sentence : advice.sentences)
            if (section_of(sentence.rule) == section.id) items += html_item(sentence);
        if (items.empty()) continue;
        const auto id = std::string(section.id);
        out += "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + std::string(section.title) +
               "</h2>\n<ul>\n" + items + "</ul>\n";
        if (section.id == "plan" && !advice.plan.empty()) out += html_day(advice);
        out += "</section>\n";
    }
    out += "<section aria-labelledby=\"rows\"><h2 id=\"rows\">Rows and sources</h2>\n<table><tr><th "
           "scope=\"col\">Row</th>"
           "<th scope=\"col\">Source</th><th scope=\"col\">Status</th></tr>\n";
    for (const auto& row : rows_of(advice))
        out += "<tr id=\"" + escaped(row.key()) + "\"><td>" + escaped(row.key()) + "</td><td>" +
               escaped(row.source) + "</td><td>" + escaped(status_of(row)) + "</td></tr>\n";
    return out + "</table></section>\n</main></body></html>\n";
}

namespace {

const person::Table& table_named(const person::Tables& tables, const std::string& name) {
    std::vector<std::string> known;
    for (const auto& table : tables.raw) {
        if (table.name == name) return table;
        known.push_back(table.name);
    }
    const auto near = nearest_name(name, known);
    throw Error("person/no-table",
                "no table '" + name + "'" + (near.empty() ? "" : ": did you mean '" + near + "'?"),
                Exit::input);
}

std::string title_of(const std::string& name) {
    for (const auto& [id, title] : person::table_titles())
        if (id == name) return std::string(title);
    return "";
}

/// "I11: drug levothyroxine; direction ...": a row with the names of its columns.
std::string row_text(const person::Table& table, const std::vector<std::string>& row) {
    std::string first, rest;
    bool unverified = false;
    for (std::size_t i = 0; i < row.size() && i < table.header.size(); ++i) {
        if (table.header[i] == "status" && row[i] == "recall") unverified = true;
        if (row[i].empty()) continue;
        if (first.empty())
            first = row[i];
        else
            rest += (rest.empty() ? "" : "; ") + table.header[i] + " " + row[i];
    }
    return first + ": " + rest + (unverified ? " [unverified]" : "");
}

std::string summary(const person::Table& table) {
    const auto column = std::find(table.header.begin(), table.header.end(), "status");
    const auto index = static_cast<std::size_t>(column - table.header.begin());
    std::map<std::string, int> counts;
    for (const auto& row : table.rows)
        if (index < row.size()) ++counts[row[index]];
    std::string text = std::to_string(table.rows.size()) + " rows, " + title_of(table.name);
    for (const auto& [status, count] : counts)
        text += "; " + std::to_string(count) + " " + (status == "recall" ? "unverified" : status);
    return text;
}

} // namespace

std::string tables_text(const person::Tables& tables, const std::string& only, int width) {
    width = std::clamp(width, 50, 110);
    std::string out;
    if (!only.empty()) {
        const auto& table = table_named(tables, only);
        out +=
            table.name + ": " + title_of(table.name) + ", " + std::to_string(table.rows.size()) + " rows\n";
        for (const auto& row : table.rows)
            out += folded(safe_text(row_text(table, row)), width, "  ", "    ");
        return out;
    }
    constexpr std::size_t column = 14;
    for (const auto& table : tables.raw)
        out += folded(summary(table), width,
                      table.name + std::string(column - std::min(column - 1, table.name.size()), ' '),
                      std::string(column, ' '));
    return out;
}

std::string tables_json(const person::Tables& tables, const std::string& only) {
    if (!only.empty()) table_named(tables, only);
    Json root;
    root["schema"] = "assay/tables/1";
    root["substance"] = tables.substance.id;
    root["tables"] = Json::array();
    for (const auto& table : tables.raw) {
        if (!only.empty() && table.name != only) continue;
        Json made;
        made["name"] = table.name;
        made["title"] = title_of(table.name);
        made["rows"] = Json::array();
        for (const auto& row : table.rows) {
            Json item;
            for (std::size_t i = 0; i < row.size() && i < table.header.size(); ++i)
                item[table.header[i]] = row[i];
            made["rows"].push_back(std::move(item));
        }
        root["tables"].push_back(std::move(made));
    }
    return dumped(root);
}

} // namespace assay::app
