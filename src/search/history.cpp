#include "search/history.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace assay::search {

namespace {

struct Range {
    std::size_t begin, end;
};

bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool blank(char c) {
    return c == ' ' || c == '\t';
}

Range trimmed(std::string_view text, Range r) {
    while (r.begin < r.end && blank(text[r.begin]))
        ++r.begin;
    while (r.end > r.begin && blank(text[r.end - 1]))
        --r.end;
    return r;
}

std::string_view of(std::string_view text, Range r) {
    return text.substr(r.begin, r.end - r.begin);
}

// Words with single blanks between them, for comparing headings.
std::string squeezed(std::string_view line) {
    std::string out;
    for (const char c : line)
        if (!blank(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

bool starts(std::string_view line, std::string_view with) {
    return line.substr(0, with.size()) == with;
}

// Cochrane, Ovid, Embase.com, EBSCO, Web of Science.
bool heading(const std::string& line) {
    for (const std::string_view whole :
         {"ID Search", "ID Search Hits", "No. Query Results", "No. Query Results Date", "No. Query",
          "Search Strategy:", "# Searches Results", "# Searches Results Type",
          "# Query Limiters/Expanders Last Run Via Results", "Search ID# Search Terms Search Options Actions",
          "Set Results Search", "Comment:"})
        if (line == whole) return true;
    for (const std::string_view begin :
         {"Search Name: ", "Last Saved: ", "Date Run: ", "Comment: ", "Database: ", "Database(s): ",
          "Search modes - ", "Expanders - ", "Limiters - ", "Interface - ", "Search Screen - ", "Database - ",
          "Indexes=", "Editions=", "Timespan=", "DocType="})
        if (starts(line, begin)) return true;
    return line.size() >= 5 && line.find_first_not_of("*-=_ ") == std::string::npos;
}

// "12", "#12", "# 12", "S12", "12." at the start: the number, and where the label ends. 0: none.
int label(std::string_view line, std::size_t& end) {
    std::size_t at = 0;
    if (at < line.size() && (line[at] == '#' || line[at] == 'S')) ++at;
    while (at < line.size() && line[at] == ' ' && line[0] == '#')
        ++at;
    int number = 0;
    const std::size_t first = at;
    while (at < line.size() && digit(line[at]) && at - first < 5)
        number = number * 10 + (line[at++] - '0');
    if (at == first) return 0;
    if (at < line.size() && (line[at] == '.' || line[at] == ')')) ++at;
    if (at >= line.size() || !blank(line[at])) return 0;
    end = at;
    return number;
}

bool date(std::string_view cell) { // "1 Feb 2024", "2024-02-01", "01/02/2024", "10:11:12"
    static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (cell.size() < 6 || cell.size() > 20 || !digit(cell.front()) || !digit(cell.back())) return false;
    const bool month = std::any_of(months.begin(), months.end(), [&](std::string_view m) {
        return cell.find(m) != std::string_view::npos;
    });
    return month || (cell.find_first_not_of("0123456789-/:. ") == std::string_view::npos &&
                     std::count_if(cell.begin(), cell.end(), [](char c) { return !digit(c); }) == 2);
}

bool hits(std::string_view cell) {
    return !cell.empty() && cell.find_first_not_of("0123456789,. ") == std::string_view::npos;
}

// The number of hits where it is a column between the label and the query, as in Web of Science; the blanks
// before it stay.
Range hits_before(std::string_view text, Range line) {
    const Range rest = trimmed(text, line);
    const std::string_view cells = of(text, rest);
    const std::size_t tab = cells.find('\t');
    if (rest.begin == 0 || text[rest.begin - 1] != '\t' || tab == std::string_view::npos) return {0, 0};
    if (!hits(cells.substr(0, tab))) return {0, 0};
    return {rest.begin, trimmed(text, {rest.begin + tab, rest.end}).begin};
}

// What stands behind the query: columns of EBSCO, date and hits, and the limits that CENTRAL writes into the
// line.
Range query_of(const Cleaned& in, Range line, Diagnostics& diagnostics) {
    const std::string_view text = in.text;
    for (const std::string_view mark :
         {"\tExpanders - ", "\tSearch modes - ", "\tLimiters - ", "\tInterface - "})
        if (const std::size_t at = of(text, line).find(mark); at != std::string_view::npos) {
            if (mark == "\tLimiters - ")
                in.report(diagnostics, "search/unsupported", static_cast<std::uint32_t>(line.begin + at + 1),
                          static_cast<std::uint32_t>(line.end),
                          "limiters set on the host's page were left out",
                          "say them in the strategy where they matter");
            line.end = line.begin + at;
        }
    for (;;) { // trailing cells
        line = trimmed(text, line);
        const std::size_t tab = of(text, line).rfind('\t');
        if (tab == std::string_view::npos) break;
        const std::string_view cell = of(text, trimmed(text, {line.begin + tab + 1, line.end}));
        // "#3<tab>1": the only cell is the query.
        if (!(date(cell) || hits(cell)) ||
            of(text, {line.begin, line.begin + tab}).find('\t') == std::string_view::npos)
            break;
        line.end = line.begin + tab;
    }
    constexpr std::string_view variations = "(Word variations have been searched)",
                               page = " with Cochrane Library publication date";
    if (const std::size_t at = of(text, line).rfind(page); at != std::string_view::npos) {
        in.report(diagnostics, "search/unsupported", static_cast<std::uint32_t>(line.begin + at + 1),
                  static_cast<std::uint32_t>(line.end),
                  "dates and kinds set on the host's page were left out",
                  "say them in the strategy where they matter");
        line.end = line.begin + at;
    }
    line = trimmed(text, line);
    if (of(text, line).size() > variations.size() &&
        of(text, line).substr(of(text, line).size() - variations.size()) == variations)
        line.end -= variations.size();
    return trimmed(text, line);
}

// Text put together anew; each character remembers where it stood.
class Builder {
public:
    explicit Builder(const Cleaned& from) : from_(from) {
        out_.file = from.file;
        out_.source = from.source;
    }
    void add(Range r) {
        out_.text.append(from_.text, r.begin, r.end - r.begin);
        out_.origin.insert(out_.origin.end(), from_.origin.begin() + static_cast<std::ptrdiff_t>(r.begin),
                           from_.origin.begin() + static_cast<std::ptrdiff_t>(r.end));
    }
    void add(char c, std::size_t at) {
        out_.text += c;
        out_.origin.push_back(from_.origin[at]);
    }
    Cleaned done() {
        out_.origin.push_back(from_.origin.back());
        return std::move(out_);
    }

private:
    const Cleaned& from_;
    Cleaned out_;
};

// PubMed's history as a table: "Search number,Query,Sort By,Filters,Search Details,Results,Time", newest
// first.
std::optional<Cleaned> pubmed_table(const Cleaned& in, Diagnostics& diagnostics) {
    constexpr std::string_view head = "Search number,Query,";
    const std::string_view text = in.text;
    if (!starts(text, head)) return {};
    struct Row {
        Range number{0, 0}, query{0, 0};
        std::vector<std::size_t> characters; ///< of the query, doubled quotes once
    };
    std::vector<Row> rows;
    std::size_t at = std::min(text.find('\n'), text.size() - 1) + 1;
    while (at < text.size()) {
        Row row;
        for (int column = 0; at < text.size(); ++column) {
            std::vector<std::size_t> cell;
            const std::size_t begin = at;
            if (text[at] == '"') {
                for (++at; at < text.size(); ++at) {
                    if (text[at] == '"' && (at + 1 >= text.size() || text[at + 1] != '"')) break;
                    if (text[at] == '"') ++at;
                    cell.push_back(at);
                }
                at = std::min(at + 1, text.size());
            }
            while (at < text.size() && text[at] != ',' && text[at] != '\n')
                cell.push_back(at++);
            if (column == 0) row.number = {begin, at};
            if (column == 1) row.query = {begin, at}, row.characters = cell;
            if (column == 3 && !cell.empty())
                in.report(diagnostics, "search/unsupported", static_cast<std::uint32_t>(begin),
                          static_cast<std::uint32_t>(at), "filters set on the host's page were left out",
                          "say them in the strategy where they matter");
            if (at >= text.size() || text[at++] == '\n') break;
        }
        if (!row.characters.empty()) rows.push_back(std::move(row));
    }
    std::reverse(rows.begin(), rows.end());
    Builder out(in);
    for (const Row& row : rows) {
        out.add('#', row.number.begin);
        out.add(row.number);
        out.add(' ', row.number.begin);
        for (const std::size_t one : row.characters)
            out.add(text[one] == '\n' ? ' ' : text[one], one);
        out.add('\n', row.query.begin);
    }
    return out.done();
}

} // namespace

Cleaned without_host_layout(Cleaned in, Diagnostics& diagnostics) {
    if (auto table = pubmed_table(in, diagnostics)) return std::move(*table);
    const std::string_view text = in.text;
    struct Line {
        Range range;
        Range hits{0, 0};    ///< a column between the label and the query, not taken over
        int number = 0;      ///< 0: belongs to the line before
        bool parted = false; ///< "# 1": the sign is added anew
    };
    std::vector<Line> lines;
    bool changed = false;
    Diagnostics told;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t stop = std::min(text.find('\n', at), text.size());
        const Range whole{at, stop};
        at = stop + 1;
        if (heading(squeezed(of(text, whole)))) {
            changed = true;
            continue;
        }
        Line line{whole};
        const Range inner = trimmed(text, whole);
        std::size_t end = 0;
        line.number = label(of(text, inner), end);
        if (line.number > 0) {
            const Range query = query_of(in, inner, told);
            if (query.end < inner.end) line.range = {whole.begin, query.end}, changed = true;
            if (starts(of(text, inner), "# ")) {
                line.parted = true;
                line.range.begin = trimmed(text, {inner.begin + 1, inner.end}).begin;
            }
            line.hits = hits_before(text, {inner.begin + end, line.range.end});
            if (line.hits.end > line.hits.begin) changed = true;
        }
        lines.push_back(line);
    }
    // Newest first: every number is one less than that above, down to the first.
    int above = 0, labelled = 0;
    bool falling = true;
    for (const Line& line : lines)
        if (line.number > 0) {
            falling = falling && (labelled == 0 || line.number == above - 1);
            above = line.number;
            ++labelled;
        } else if (labelled == 0 && line.range.end > line.range.begin)
            falling = false;
    falling = falling && labelled >= 2 && above == 1;
    // A pasted table whose columns became blanks: where each line ends in a number, these are the hits.
    const auto last_word = [&](const Line& line) {
        const std::string_view whole = of(text, line.range);
        const std::size_t gap = whole.find_last_of(" \t");
        return gap == std::string_view::npos ? whole : whole.substr(gap + 1);
    };
    if (falling && std::all_of(lines.begin(), lines.end(),
                               [&](const Line& line) { return line.number > 0 && hits(last_word(line)); }))
        for (Line& line : lines)
            line.range.end -= last_word(line).size();
    changed =
        changed || std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.parted; });
    if (!changed && !falling) return in;
    for (const Diagnostic& item : told.items())
        diagnostics.add(item.code, item.place, item.message, item.hint);
    std::vector<std::pair<std::size_t, std::size_t>> groups; // lines that belong together
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (groups.empty() || lines[i].number > 0 || !falling)
            groups.emplace_back(i, i + 1);
        else
            groups.back().second = i + 1;
    if (falling) std::reverse(groups.begin(), groups.end());
    Builder out(in);
    for (const auto& [first, last] : groups)
        for (std::size_t i = first; i < last; ++i) {
            if (lines[i].parted) out.add('#', lines[i].range.begin);
            const auto& [range, hits, number, parted] = lines[i];
            if (hits.end > hits.begin) {
                out.add({range.begin, hits.begin});
                out.add({hits.end, range.end});
            } else
                out.add(range);
            out.add('\n', range.end);
        }
    return out.done();
}

} // namespace assay::search
