#include "app/dedupe.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "dedupe/cluster.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace assay::app {

namespace {

using nlohmann::json;

// Abstracts of conference volumes fill whole books; more is a quote that was never closed.
constexpr std::size_t longest_abstract = std::size_t{4} << 20;

enum Column {
    id,
    title,
    authors,
    year,
    journal,
    volume,
    issue,
    pages,
    last_page,
    doi,
    pmid,
    issn,
    abstract,
    type,
    registration,
    column_count
};

struct ColumnNames {
    Column column;
    std::string_view names; ///< lower case, letters and digits only, between bars
};

// What databases and screening tools call the same column.
constexpr ColumnNames column_names[] = {
    {id, "|recordid|id|key|refid|itemid|rayyanid|covidence|"},
    {title, "|title|articletitle|documenttitle|primarytitle|ti|"},
    {authors, "|authors|author|authorfullnames|authornames|au|"},
    {year, "|year|publishedyear|publicationyear|pubyear|date|publicationdate|py|"},
    {journal, "|journal|sourcetitle|source|publicationtitle|journaltitle|secondarytitle|publicationname|"
              "journalbook|so|"},
    {volume, "|volume|vol|"},
    {issue, "|issue|number|no|"},
    {pages, "|pages|page|pagestart|startpage|firstpage|"},
    {last_page, "|pageend|endpage|lastpage|"},
    {doi, "|doi|dois|dilink|doilink|"},
    {pmid, "|pmid|pubmedid|pubmedpmid|medlinepmid|"},
    {issn, "|issnisbn|issn|isbn|issns|"},
    {abstract, "|abstract|abstracts|abstractnote|ab|"},
    {type, "|type|documenttype|publicationtype|itemtype|"},
    {registration, "|registration|clinicaltrialnumber|trialregistration|nctnumber|"},
};

Column column_of(std::string_view name) {
    std::string plain = "|";
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            plain += static_cast<char>(c + 32);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            plain += c;
    }
    plain += '|';
    if (plain.size() > 2)
        for (const auto& row : column_names)
            if (row.names.find(plain) != std::string_view::npos) return row.column;
    return column_count;
}

std::string points_text(double points) {
    return (points > 0 ? "+" : points < 0 ? "" : " ") + text::fixed(points, 2);
}

std::string evidence_text(const dedupe::Comparison& comparison, std::string_view separator) {
    std::string out;
    for (const auto evidence : comparison.evidence()) {
        const auto& r = dedupe::row(evidence);
        out +=
            (out.empty() ? "" : std::string(separator)) + std::string(r.name) + " " + points_text(r.points);
    }
    return out;
}

std::string conflicts_text(const dedupe::Comparison& comparison) {
    std::string out;
    for (const auto& r : dedupe::conflict_table())
        if (comparison.has(r.conflict)) out += (out.empty() ? "" : "; ") + std::string(r.name);
    return out;
}

std::string group_name(std::size_t number) {
    const std::string digits = std::to_string(number);
    return "g" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

} // namespace

struct Deduped::Data {
    text::CsvTable table;
    std::array<int, column_count> at{}; ///< -1: the table has no such column
    dedupe::Catalogue catalogue;
    dedupe::Groups groups;
    std::vector<std::uint32_t> number; ///< of each group, by its first record
    bool ready = false;

    std::string_view cell(std::uint32_t record, int column) const {
        if (column < 0) return {};
        const auto cells = table.cells(table.rows()[record]);
        return static_cast<std::size_t>(column) < cells.size()
                   ? text::trim(cells[static_cast<std::size_t>(column)].text)
                   : std::string_view();
    }
    std::string_view field(std::uint32_t record, Column column) const { return cell(record, at[column]); }
    std::string name(std::uint32_t record) const {
        return at[id] < 0 ? std::to_string(record + 1) : std::string(field(record, id));
    }
    std::unordered_map<std::string, std::uint32_t> numbers() const {
        std::unordered_map<std::string, std::uint32_t> all;
        for (std::uint32_t i = 0; i < table.rows().size(); ++i)
            all.emplace(name(i), i);
        return all;
    }
    std::string group(std::uint32_t record) const { return group_name(number[groups.group[record]]); }

    bool find_columns(Diagnostics& diagnostics) {
        at.fill(-1);
        int index = 0;
        for (const auto& head : table.header()) {
            const Column column = column_of(head.text);
            if (column != column_count && at[column] < 0) at[column] = index;
            ++index;
        }
        if (at[title] < 0)
            diagnostics.add("csv/missing-column", {table.file(), table.header_row().line, 0},
                            "no column with titles: deduplication needs at least that",
                            "name a column 'title'");
        return at[title] >= 0;
    }

    void check_ids(Diagnostics& diagnostics) const {
        if (at[id] < 0) return;
        std::unordered_map<std::string_view, std::uint32_t> seen;
        for (std::uint32_t i = 0; i < table.rows().size(); ++i) {
            const std::string_view value = field(i, id);
            const Place place{table.file(), table.rows()[i].line, 0};
            if (value.empty())
                diagnostics.add("csv/missing-value", place, "a record without an id");
            else if (const auto [first, fresh] = seen.emplace(value, i); !fresh)
                diagnostics.add("id/duplicate", place, "the id " + in_quotes(value) + " is used twice",
                                "first in line " + std::to_string(table.rows()[first->second].line));
        }
    }

    void add_records() {
        std::string joined;
        for (std::uint32_t i = 0; i < table.rows().size(); ++i) {
            dedupe::Fields f;
            if (!table.rows()[i].damaged) {
                f.title = field(i, title), f.authors = field(i, authors), f.year = field(i, year);
                f.journal = field(i, journal), f.volume = field(i, volume), f.issue = field(i, issue);
                f.pages = field(i, pages), f.doi = field(i, doi), f.pmid = field(i, pmid),
                f.issn = field(i, issn);
                f.abstract = field(i, abstract), f.type = field(i, type),
                f.registration = field(i, registration);
                if (const auto last = field(i, last_page);
                    !last.empty() && f.pages.find('-') == std::string_view::npos) {
                    joined = std::string(f.pages) + "-" + std::string(last);
                    f.pages = joined;
                }
            }
            catalogue.add(f); // a damaged row stands alone: its cells may be under the wrong heads
        }
        catalogue.find_series();
    }

    void number_groups() {
        number.assign(table.rows().size(), 0);
        std::uint32_t next = 0;
        for (std::uint32_t i = 0; i < number.size(); ++i)
            if (groups.group[i] == i) number[i] = ++next;
    }

    /// Members of every group of two and more, by its first record.
    std::map<std::uint32_t, std::vector<std::uint32_t>> members() const {
        std::map<std::uint32_t, std::vector<std::uint32_t>> all;
        for (std::uint32_t i = 0; i < groups.group.size(); ++i)
            all[groups.group[i]].push_back(i);
        return all;
    }

    /// The fullest record: most filled cells, then the longest text, then the first.
    std::uint32_t fullest(const std::vector<std::uint32_t>& group) const {
        const auto weight = [&](std::uint32_t i) {
            std::size_t filled = 0, length = 0;
            for (int c = 0; c < static_cast<int>(table.header().size()); ++c) {
                const auto value = cell(i, c);
                filled += value.empty() ? 0 : 1;
                length += value.size();
            }
            return std::pair(filled, length);
        };
        return *std::max_element(group.begin(), group.end(), [&](std::uint32_t a, std::uint32_t b) {
            return weight(a) < weight(b) || (weight(a) == weight(b) && a > b);
        });
    }
};

namespace {

json link_json(const Deduped::Data& d, const dedupe::Link& link) {
    json evidence = json::array(), conflicts = json::array();
    for (const auto e : link.comparison.evidence())
        evidence.push_back({{"rule", dedupe::row(e).name}, {"points", dedupe::row(e).points}});
    for (const auto& r : dedupe::conflict_table())
        if (link.comparison.has(r.conflict)) conflicts.push_back(r.name);
    json out{{"first", d.name(link.first)},
             {"second", d.name(link.second)},
             {"score", link.comparison.score},
             {"evidence", std::move(evidence)}};
    if (!conflicts.empty()) out["conflicts"] = std::move(conflicts);
    if (link.decided) out["decided"] = true;
    return out;
}

/// The group's fields: what is kept, from which record, and every other spelling with its record.
json fields_json(const Deduped::Data& d, const std::vector<std::uint32_t>& group) {
    json fields = json::array();
    const std::uint32_t keeper = d.fullest(group);
    for (int c = 0; c < static_cast<int>(d.table.header().size()); ++c) {
        if (c == d.at[id]) continue;
        std::uint32_t from = keeper;
        for (const std::uint32_t i : group)
            if (d.cell(from, c).empty()) from = i;
        if (d.cell(from, c).empty()) continue;
        json others = json::array();
        for (const std::uint32_t i : group)
            if (i != from && !d.cell(i, c).empty() && d.cell(i, c) != d.cell(from, c))
                others.push_back({{"record", d.name(i)}, {"value", std::string(d.cell(i, c))}});
        json field{{"column", std::string(d.table.header()[static_cast<std::size_t>(c)].text)},
                   {"value", std::string(d.cell(from, c))},
                   {"from", d.name(from)}};
        if (!others.empty()) field["others"] = std::move(others);
        fields.push_back(std::move(field));
    }
    return fields;
}

std::vector<DedupeDecision> read_decisions(const DedupeRequest& request, const Deduped::Data& data,
                                           Diagnostics& diagnostics) {
    std::vector<DedupeDecision> decisions;
    if (request.decisions.empty()) return decisions;
    const auto table = text::read_csv(request.decisions_file, request.decisions, diagnostics);
    if (!table.readable()) return decisions;
    int first = -1, second = -1, decision = -1, index = 0;
    for (const auto& head : table.header()) {
        const auto name = text::trim(head.text);
        if (name == "first") first = index;
        if (name == "second") second = index;
        if (name == "decision") decision = index;
        ++index;
    }
    if (first < 0 || second < 0 || decision < 0) {
        diagnostics.add("csv/missing-column", {request.decisions_file, 1, 0},
                        "decisions need the columns first, second and decision");
        return decisions;
    }
    const auto numbers = data.numbers();
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        const auto cells = table.cells(row);
        const auto& said = cells[static_cast<std::size_t>(decision)];
        const std::string_view word = text::trim(said.text);
        if (word.empty()) continue; // not decided yet
        std::array<std::string, 2> pair;
        bool known = true;
        for (int i = 0; i < 2; ++i) {
            const auto& cell = cells[static_cast<std::size_t>(i == 0 ? first : second)];
            auto& name = pair[static_cast<std::size_t>(i)];
            name = text::trim(cell.text);
            if (numbers.count(name)) continue;
            diagnostics.add("id/unknown", table.place(row, cell),
                            "no record has the id " + in_quotes(cell.text));
            known = false;
        }
        if (word != "same" && word != "different")
            diagnostics.add("csv/unknown-value", table.place(row, said),
                            "decision: " + in_quotes(word) + " is not a decision", "write same or different");
        else if (known && pair[0] != pair[1])
            decisions.push_back({pair[0], pair[1], word == "same"});
    }
    return decisions;
}

// Decisions by number, the later one of a pair before the earlier one.
std::vector<dedupe::Decision> numbered(const DedupeRequest& request, const Deduped& result) {
    const auto numbers = result.data->numbers();
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> said;
    for (const auto* list : {&request.standing, &result.decided})
        for (const DedupeDecision& d : *list) {
            const auto first = numbers.find(d.first), second = numbers.find(d.second);
            if (first == numbers.end() || second == numbers.end()) continue; // forgotten since
            said[{std::min(first->second, second->second), std::max(first->second, second->second)}] = d.same;
        }
    std::vector<dedupe::Decision> out;
    for (const auto& [pair, same] : said)
        out.push_back({pair.first, pair.second, same});
    return out;
}

// Line ends and byte order marks are no fault in a table that a database has written.
void forgive(Diagnostics& diagnostics) {
    std::erase_if(diagnostics.items(), [](const Diagnostic& d) {
        return d.code == "text/crlf" || d.code == "text/cr" || d.code == "text/bom" ||
               d.code == "csv/blank-line" || d.code == "csv/no-rows" || d.code == "csv/wrong-separator";
    });
}

} // namespace

Deduped::Deduped() : data(std::make_unique<Data>()) {}
Deduped::~Deduped() = default;
Deduped::Deduped(Deduped&&) noexcept = default;
Deduped& Deduped::operator=(Deduped&&) noexcept = default;

bool Deduped::ready() const {
    return data->ready;
}
std::size_t Deduped::records() const {
    return data->table.rows().size();
}
std::size_t Deduped::groups() const {
    return data->groups.count();
}
std::size_t Deduped::memory() const {
    return data->catalogue.memory();
}

Deduped dedupe(const DedupeRequest& request, std::string_view csv, const Progress& progress) {
    dedupe::Rules rules;
    rules.merge_from = request.merge_from;
    rules.review_from = std::min(request.review_from, request.merge_from);
    for (const std::string& name : request.off) {
        if (rules.set(name, false)) continue;
        std::vector<std::string> names;
        for (const auto& r : dedupe::evidence_table())
            names.emplace_back(r.name);
        for (const auto& r : dedupe::conflict_table())
            names.emplace_back(r.name);
        const std::string near = nearest_name(name, names);
        throw Error("usage",
                    "there is no rule " + in_quotes(name) +
                        (near.empty() ? "" : "; did you mean '" + near + "'?") +
                        " (assay dedupe --list-rules)",
                    Exit::input);
    }
    Deduped result;
    auto& data = *result.data;
    data.table = text::read_csv(request.file, csv, result.diagnostics, longest_abstract);
    forgive(result.diagnostics);
    if (!data.table.readable() || !data.find_columns(result.diagnostics)) return result;
    data.check_ids(result.diagnostics);
    data.add_records();
    result.decided = read_decisions(request, data, result.diagnostics);
    data.groups = dedupe::group(data.catalogue, rules, numbered(request, result), progress);
    for (const auto& clash : data.groups.clashes)
        result.diagnostics.add("dedupe/clash", {request.decisions_file, 0, 0},
                               "records " + in_quotes(data.name(clash.first)) + " and " +
                                   in_quotes(data.name(clash.second)) +
                                   " are decided to be the same, and other decisions keep them apart");
    data.number_groups();
    data.ready = true;
    return result;
}

std::vector<DedupedPair> Deduped::merges() const {
    std::vector<DedupedPair> all;
    for (const auto& link : data->groups.merges)
        all.push_back({data->name(link.first), data->name(link.second),
                       link.decided ? "" : text::fixed(link.comparison.score, 2),
                       link.decided ? "decided by a person" : evidence_text(link.comparison, "; "),
                       link.decided});
    return all;
}

std::string Deduped::groups_csv() const {
    std::string out = "record_id,group\n";
    for (std::uint32_t i = 0; i < records(); ++i) {
        const std::string name = data->name(i), group = data->group(i);
        const std::array<std::string_view, 2> row = {name, group};
        text::write_csv_row(out, row);
    }
    return out;
}

std::string Deduped::queue_csv() const {
    std::string out = "first,second,score,kind,evidence,conflicts,first_title,second_title,decision\n";
    const auto write = [&](const dedupe::Link& link, std::string_view kind) {
        const std::string first = data->name(link.first), second = data->name(link.second);
        const std::string score = text::fixed(link.comparison.score, 2),
                          evidence = evidence_text(link.comparison, "; ");
        const std::string conflicts = conflicts_text(link.comparison);
        const std::array<std::string_view, 9> row = {first,
                                                     second,
                                                     score,
                                                     kind,
                                                     evidence,
                                                     conflicts,
                                                     data->field(link.first, title),
                                                     data->field(link.second, title),
                                                     ""};
        text::write_csv_row(out, row);
    };
    for (const auto& link : data->groups.review)
        write(link, "review");
    for (const auto& relation : data->groups.relations)
        write(relation.link, relation.kind);
    return out;
}

std::string Deduped::merged_csv() const {
    std::string out;
    std::vector<std::string_view> row;
    for (const auto& head : data->table.header())
        row.push_back(head.text);
    row.push_back("merged_from");
    text::write_csv_row(out, row);
    for (const auto& [first, group] : data->members()) {
        row.clear();
        const std::uint32_t keeper = data->fullest(group);
        for (int c = 0; c < static_cast<int>(data->table.header().size()); ++c) {
            std::string_view value = data->cell(keeper, c);
            for (const std::uint32_t i : group)
                if (value.empty()) value = data->cell(i, c);
            row.push_back(value);
        }
        std::string from;
        for (const std::uint32_t i : group)
            from += (from.empty() ? "" : ";") + data->name(i);
        row.push_back(from);
        text::write_csv_row(out, row);
    }
    return out;
}

std::string Deduped::json() const {
    const auto& d = *data;
    auto merges = nlohmann::json::array(), review = merges, relations = merges, groups_out = merges;
    for (const auto& link : d.groups.merges) {
        auto row = link_json(d, link);
        row["group"] = d.group(link.first);
        merges.push_back(std::move(row));
    }
    for (const auto& link : d.groups.review)
        review.push_back(link_json(d, link));
    for (const auto& relation : d.groups.relations) {
        auto row = link_json(d, relation.link);
        row["relation"] = relation.kind;
        relations.push_back(std::move(row));
    }
    for (const auto& [first, group] : d.members()) {
        if (group.size() < 2) continue;
        auto ids = nlohmann::json::array();
        for (const std::uint32_t i : group)
            ids.push_back(d.name(i));
        groups_out.push_back(
            {{"group", d.group(first)}, {"records", std::move(ids)}, {"fields", fields_json(d, group)}});
    }
    const nlohmann::json out{{"schema", "assay/dedupe/1"},
                             {"records", records()},
                             {"groups_count", groups()},
                             {"copies", records() - groups()},
                             {"pairs_compared", d.groups.compared},
                             {"groups", std::move(groups_out)},
                             {"merges", std::move(merges)},
                             {"review", std::move(review)},
                             {"relations", std::move(relations)}};
    return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string Deduped::explanation() const {
    std::string out;
    std::map<std::uint32_t, std::vector<const dedupe::Link*>> by_group;
    for (const auto& link : data->groups.merges)
        by_group[data->groups.group[link.first]].push_back(&link);
    const auto line = [&](std::uint32_t record) {
        return "  " + safe_text(data->name(record)) + ": " + in_quotes(data->field(record, title)) + "\n";
    };
    for (const auto& [first, links] : by_group) {
        out += data->group(first) + "\n";
        std::vector<std::uint32_t> shown;
        for (const auto* link : links)
            for (const std::uint32_t i : {link->first, link->second})
                if (std::find(shown.begin(), shown.end(), i) == shown.end())
                    shown.push_back(i), out += line(i);
        for (const auto* link : links)
            out += "    " + safe_text(data->name(link->first)) + " = " + safe_text(data->name(link->second)) +
                   "  " +
                   (link->decided ? "decided by a person"
                                  : text::fixed(link->comparison.score, 2) + ": " +
                                        evidence_text(link->comparison, ", ")) +
                   "\n";
    }
    const auto apart = [&](const dedupe::Link& link, std::string_view kind) {
        out += std::string(kind) + "\n" + line(link.first) + line(link.second) + "    " +
               text::fixed(link.comparison.score, 2) + ": " + evidence_text(link.comparison, ", ");
        const std::string conflicts = conflicts_text(link.comparison);
        out += (conflicts.empty() ? "" : "; against: " + conflicts) + "\n";
    };
    for (const auto& link : data->groups.review)
        apart(link, "review");
    for (const auto& relation : data->groups.relations)
        apart(relation.link, relation.kind);
    return out;
}

std::string Deduped::summary() const {
    const auto counted = [](std::size_t n, const char* what) {
        return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
    };
    const std::size_t copies = records() - groups();
    return counted(records(), "record") + ", " + counted(groups(), "group") + ": " + std::to_string(copies) +
           (copies == 1 ? " copy; " : " copies; ") + counted(data->groups.review.size(), "pair") +
           " to review, " + std::to_string(data->groups.relations.size()) + " related";
}

std::string list_dedupe_rules() {
    std::string out = "evidence                 points  meaning\n";
    const auto padded = [](std::string_view name) {
        return std::string(name) + std::string(name.size() < 24 ? 24 - name.size() : 1, ' ');
    };
    for (const auto& r : dedupe::evidence_table()) {
        const std::string points = points_text(r.points);
        out += padded(r.name) + std::string(points.size() < 7 ? 7 - points.size() : 0, ' ') + points + "  " +
               std::string(r.meaning) + "\n";
    }
    out += "\nconflict                 relation      meaning\n";
    for (const auto& r : dedupe::conflict_table())
        out += padded(r.name) + " " + std::string(r.relation) +
               std::string(r.relation.size() < 14 ? 14 - r.relation.size() : 1, ' ') +
               std::string(r.meaning) + "\n";
    return out;
}

} // namespace assay::app
