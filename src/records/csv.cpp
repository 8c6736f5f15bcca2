// Tables of records (CSV, semicolons, tabs) as databases and screening tools export them: lines before the
// head, broken quotes, any order of columns.
#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "records/budget.hpp"
#include "records/columns.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace assay::records {

namespace {

constexpr int lines_before_head = 40;
constexpr std::size_t head_window = 65536;                   // what the head is looked for in
constexpr std::size_t longest_quoted = std::size_t{8} << 20; // more is a quote that was never closed

// Cells of one row. A quote ends a cell only before a separator or a line end, so a lone one inside is kept.
class Rows {
public:
    Rows(std::string_view text, char separator) : text_(text), separator_(separator) {}
    Rows(Stream& stream, char separator)
        : stream_(&stream), text_(stream.rest()), base_(stream.offset()), separator_(separator) {}

    bool next(std::vector<std::string>& cells) {
        line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(begin_),
                                             text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
        begin_ = at_;
        if (at_ >= text_.size() && !more()) return false;
        do {
            at_ = begin_;
            read(cells);
        } while ((at_ >= text_.size() || short_) && more()); // the row may go on behind the window
        return true;
    }
    int line() const { return line_; }
    std::uint64_t offset() const { return base_ + begin_; }
    bool unclosed() const { return unclosed_; }

private:
    // Adds to the end of the window, in which the row then begins.
    bool more() {
        if (!stream_) return false;
        const std::size_t row = text_.size() - begin_;
        stream_->drop(begin_);
        base_ += begin_, at_ -= begin_, begin_ = 0;
        bool grown = stream_->grow();
        while (grown && stream_->rest().size() < 2 * row && stream_->grow()) {
        } // a long row is read a few times
        text_ = stream_->rest();
        return grown;
    }

    void read(std::vector<std::string>& cells) {
        cells.clear();
        unclosed_ = short_ = false;
        for (;;) {
            cells.push_back(cell());
            if (at_ >= text_.size()) break;
            if (text_[at_] == separator_) {
                ++at_;
                continue;
            }
            if (text_[at_] == '\r') ++at_;
            if (at_ < text_.size() && text_[at_] == '\n') ++at_;
            break;
        }
    }

    bool ends(std::size_t at) const {
        return at >= text_.size() || text_[at] == separator_ || text_[at] == '\n' || text_[at] == '\r';
    }

    std::string cell() {
        std::size_t start = at_;
        while (start < text_.size() && text_[start] == ' ')
            ++start;
        if (start < text_.size() && text_[start] == '"')
            if (std::string value; quoted(start, value)) return value;
        const std::size_t begin = at_;
        while (!ends(at_))
            ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    // False: the quote at `start` is not closed. It is then read as a plain cell: the fault costs this row
    // only.
    bool quoted(std::size_t start, std::string& value) {
        const std::size_t limit =
            std::min(text_.size(), start + budget_.reach(base_ + start, longest_quoted));
        std::size_t at = start + 1;
        while (at < limit) {
            const std::size_t quote = std::min(text_.substr(0, limit).find('"', at), limit);
            value.append(text_, at, quote - at);
            at = quote;
            if (at == limit) break;
            if (at + 1 < text_.size() && text_[at + 1] == '"') {
                value += '"', at += 2;
                continue;
            }
            std::size_t behind = at + 1;
            while (behind < text_.size() && text_[behind] == ' ')
                ++behind;
            if (ends(behind)) {
                at_ = behind;
                return true;
            }
            value += '"', ++at;
        }
        budget_.missed(limit - start);
        short_ = limit == text_.size();
        unclosed_ = true;
        return false;
    }

    Stream* stream_ = nullptr;
    std::string_view text_;  ///< the window
    std::uint64_t base_ = 0; ///< the byte of the whole text where it starts
    char separator_;
    std::size_t begin_ = 0, at_ = 0; ///< of the row, and behind it
    SearchBudget budget_;
    int line_ = 1;
    bool unclosed_ = false;
    bool short_ = false; ///< a quote may close behind the window
};

struct Head {
    char separator = 0; ///< 0: there is none
    std::size_t end = 0;
    std::vector<std::string> cells;
    int known = 0;
    int line = 1;
};

using Mapping = std::map<std::string, const ColumnMeaning*, std::less<>>;

const ColumnMeaning* meaning(const Mapping& mapping, std::string_view head) {
    const auto found = mapping.find(text::trim(head));
    return found != mapping.end() ? found->second : meaning_of_head(head);
}

// The first row, after at most some dozen lines of preamble, that names a title and two things more.
Head find_head(std::string_view text, const Mapping& mapping) {
    Head best;
    const std::string_view look = text.substr(0, std::min(text.size(), head_window));
    for (const char separator : {',', '\t', ';', '|'}) {
        Rows rows(look, separator);
        std::vector<std::string> cells;
        for (int i = 0; i < lines_before_head && rows.next(cells); ++i) {
            Head head;
            bool title = false;
            std::vector<const ColumnMeaning*> seen;
            for (const auto& cell : cells) {
                const ColumnMeaning* m = cell.size() < 60 ? meaning(mapping, cell) : nullptr;
                if (!m || std::find(seen.begin(), seen.end(), m) != seen.end()) continue;
                seen.push_back(m);
                title |= m->name == "title";
            }
            head.known = static_cast<int>(seen.size());
            if (!title || head.known < (mapping.empty() ? 3 : 1) || head.known <= best.known) continue;
            head.separator = separator;
            head.cells = cells;
            std::vector<std::string> rest;
            head.line = rows.line();
            head.end = rows.next(rest) ? static_cast<std::size_t>(rows.offset()) : look.size();
            best = std::move(head);
            break;
        }
    }
    return best;
}

// "Column name = meaning", one per line; # begins a comment.
Mapping read_mapping(const std::string& text) {
    Mapping mapping;
    LineReader lines(text);
    std::string_view line;
    while (lines.next(line)) {
        line = text::trim(line);
        if (line.empty() || line[0] == '#') continue;
        const std::size_t equals = line.rfind('=');
        const Place place{"mapping", lines.number(), 0};
        if (equals == std::string_view::npos)
            throw Error("usage", "write 'Column name = meaning', not " + in_quotes(line), Exit::input, place);
        std::string_view head = text::trim(line.substr(0, equals));
        if (head.size() > 1 && head.front() == '"' && head.back() == '"')
            head = head.substr(1, head.size() - 2);
        const std::string name(text::trim(line.substr(equals + 1)));
        const ColumnMeaning* m = meaning_named(name);
        if (!m) {
            std::vector<std::string> names;
            for (const auto& row : column_meanings())
                names.emplace_back(row.name);
            const std::string near = nearest_name(name, names);
            throw Error("usage",
                        "a column cannot be " + in_quotes(name) +
                            (near.empty() ? "" : "; did you mean '" + near + "'?"),
                        Exit::input, place);
        }
        mapping.emplace(head, m);
    }
    return mapping;
}

// Scopus leaves \u2010 where a character should be.
std::string unescaped(std::string value) {
    for (std::size_t at = 0; (at = value.find("\\u", at)) != std::string::npos;) {
        unsigned code = 0;
        const char* begin = value.data() + at + 2;
        const bool whole =
            at + 6 <= value.size() && std::from_chars(begin, begin + 4, code, 16).ptr == begin + 4;
        if (!whole || code < 0x20 || (code >= 0xD800 && code < 0xE000)) {
            at += 2;
            continue;
        }
        const std::string character = encode_code_point(code);
        value.replace(at, 6, character);
        at += character.size();
    }
    return value;
}

bool two_letter_codes(const std::vector<std::string>& heads) {
    int codes = 0, named = 0;
    for (const auto& head : heads) {
        const auto name = text::trim(head);
        if (name.empty()) continue;
        ++named;
        codes += name.size() == 2 && name[0] >= 'A' && name[0] <= 'Z' ? 1 : 0;
    }
    return named >= 4 && codes == named;
}

} // namespace

int sniff_csv(std::string_view head) {
    return find_head(head, {}).separator != 0 ? 55 : 0;
}

void read_csv_records(Stream& source, const Sink& sink, Diagnostics& diagnostics) {
    const Mapping mapping = read_mapping(source.mapping);
    while (source.rest().size() < head_window && source.grow()) {
    }
    const Head head = find_head(source.rest(), mapping);
    if (head.separator == 0) {
        diagnostics.add("record/columns", {source.file, 0, 0},
                        "no row names the columns of this table, a title among them",
                        "say what the columns are with --map");
        return;
    }
    std::vector<std::string_view> names(head.cells.begin(), head.cells.end());
    for (auto& name : names)
        name = text::trim(name);
    for (const auto& [name, m] : mapping)
        if (std::find(names.begin(), names.end(), name) == names.end())
            diagnostics.add("record/columns", {source.file, head.line, 0},
                            "the mapping names a column " + in_quotes(name) + " that is not there");
    std::vector<const ColumnMeaning*> meanings;
    for (const auto name : names)
        meanings.push_back(meaning(mapping, name));
    const bool wos = head.separator == '\t' && two_letter_codes(head.cells);
    const std::string_view writer = wos ? "wos" : table_writer(names);
    const std::string_view above = source.rest().substr(0, head.end);
    const int before = static_cast<int>(std::count(above.begin(), above.end(), '\n'));
    source.drop(head.end);
    Rows rows(source, head.separator);
    std::vector<std::string> cells;
    int count = 0;
    while (rows.next(cells)) {
        if (std::all_of(cells.begin(), cells.end(), [](const auto& c) { return text::trim(c).empty(); }))
            continue;
        const Place place{source.file, before + rows.line(), 0};
        if (rows.unclosed())
            diagnostics.add("record/quote", place, "a quote in this row is never closed",
                            "it was taken as part of the text");
        while (cells.size() > names.size() && cells.back().empty())
            cells.pop_back();
        if (cells.size() > names.size() || cells.size() * 2 < names.size())
            diagnostics.add("record/row", place,
                            "the row has " + std::to_string(cells.size()) + " cells, the head " +
                                std::to_string(names.size()),
                            "what stands under its column was read; look at this record");
        model::Record r;
        r.file = source.file, r.line = place.line, r.offset = rows.offset(), r.number = ++count;
        r.dialect = "csv" + (writer.empty() ? "" : "-" + std::string(writer));
        for (std::size_t i = 0; i < std::min(cells.size(), names.size()); ++i) {
            const std::string value = unescaped(std::string(text::trim(cells[i])));
            if (value.empty()) continue;
            r.raw.push_back({std::string(names[i]), value});
            // Publish or Perish: "J Doe, R Roe" are two authors, and 0 is a number it does not know.
            const bool scholar = writer == "scholar" && meanings[i];
            if (scholar && meanings[i]->name == "authors") {
                for (std::size_t at = 0; at <= value.size();) {
                    const std::size_t stop = std::min(value.find(", ", at), value.size());
                    add_name(r, text::trim(std::string_view(value).substr(at, stop - at)));
                    at = stop + 2;
                }
                continue;
            }
            if (scholar && value == "0") continue;
            if (!wos && meanings[i]) meanings[i]->put(r, value);
        }
        if (wos)
            map_wos_fields(r, ';');
        else
            for (std::size_t i = 0; i < std::min(cells.size(), names.size());
                 ++i) // a month may stand before its year
                if (meanings[i] && (meanings[i]->name == "month" || meanings[i]->name == "day"))
                    meanings[i]->put(r, text::trim(cells[i]));
        if (r.type.empty() && !r.container.empty()) r.type = "article-journal";
        if (writer == "scopus" && r.database.empty()) r.database = "Scopus";
        mine_registrations(r);
        sink(std::move(r));
    }
}

} // namespace assay::records
