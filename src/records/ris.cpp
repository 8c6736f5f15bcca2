// RIS: a line "TAG  - value" for each field, TY first and ER last, and what twenty programs have made of
// that.
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/scan.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"

#include <algorithm>

namespace assay::records {

namespace {

using ascii::digit;
using ascii::upper;

// Tags in use, sorted; a tag that is not here counts only where it is written exactly as the format says.
constexpr std::string_view known_tags[] = {
    "A1", "A2", "A3", "A4", "AB", "AD", "AI", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6",
    "C7", "C8", "CA", "CC", "CN", "CP", "CR", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER",
    "ET", "ID", "IS", "J1", "J2", "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1",
    "M2", "M3", "N1", "N2", "NV", "OP", "PB", "PD", "PG", "PY", "RI", "RN", "RP", "SE", "SN", "SP", "ST",
    "T1", "T2", "T3", "TA", "TI", "TT", "TY", "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO", "Y1", "Y2"};

bool known(std::string_view tag) {
    return std::binary_search(std::begin(known_tags), std::end(known_tags), tag);
}

struct Line {
    std::string_view tag, value; ///< empty tag: not a tagged line
};

// ^\W*([A-Z][A-Z0-9])\s{0,4}-(\s(.*))?$, stray characters in front for TY only, other spacing than "  - " for
// tags in use.
Line split(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size() && at < 4 && !upper(line[at]))
        ++at;
    if (at + 2 > line.size() || !upper(line[at]) || !(upper(line[at + 1]) || digit(line[at + 1]))) return {};
    const std::string_view tag = line.substr(at, 2);
    if (at > 0 && tag != "TY") return {};
    std::size_t dash = at + 2;
    while (dash < line.size() && dash < at + 7 && (line[dash] == ' ' || line[dash] == '\t'))
        ++dash;
    if (dash >= line.size() || line[dash] != '-') return {};
    const bool open = dash + 1 == line.size() || line[dash + 1] == ' ' || line[dash + 1] == '\t';
    const bool exact = dash == at + 4 && open;
    if (!exact && !(known(tag) && (open || tag == "TY"))) return {};
    const std::string_view value = text::trim(line.substr(dash + 1));
    // "ER - positive tumours": the end of a record has no value.
    if (tag == "ER" && !value.empty()) return {};
    return {tag, value};
}

std::size_t blanks(std::string_view line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

// "10.1038/x     LK  - https://...": Rayyan glues tags it does not know to the value before.
std::size_t glued_at(std::string_view value) {
    if (!has_blanks(value)) return std::string_view::npos;
    for (std::size_t at = find_text(value, "     "); at != std::string_view::npos;
         at = find_text(value, "     ", at + 1)) {
        std::size_t tag = at;
        while (tag < value.size() && value[tag] == ' ')
            ++tag;
        if (tag + 5 < value.size() && upper(value[tag]) && (upper(value[tag + 1]) || digit(value[tag + 1])) &&
            value.substr(tag + 2, 4) == "  - " && value.substr(tag, 2) != "TY" &&
            value.substr(tag, 2) != "ER")
            return at;
        at = tag;
    }
    return std::string_view::npos;
}

constexpr std::size_t usual_fields = 24; // room made at once for the fields of a record

class Reader {
public:
    Reader(Stream& stream, const Sink& sink, Diagnostics& diagnostics)
        : stream_(stream), sink_(sink), diagnostics_(diagnostics) {}

    void run() {
        LineReader lines(stream_);
        std::string_view line;
        while (lines.next(line)) {
            line_ = lines.number();
            Line found = split(line);
            // A file that was indented as a whole: as far as its TY was.
            if (found.tag.empty() && indent_ > 0 && blanks(line) == indent_)
                found = split(line.substr(indent_));
            if (found.tag == "TY") {
                indent_ = blanks(line);
                if (!goes_on()) {
                    close(false);
                    begin(line_, lines.offset());
                }
                type(found.value);
            } else if (found.tag == "ER") {
                close(true);
            } else if (!found.tag.empty()) {
                if (state_ == State::between)
                    begin(line_, lines.offset());
                else if (state_ == State::ended && behind_.empty())
                    behind_line_ = line_, behind_offset_ = lines.offset();
                put(found.tag, found.value);
            } else
                continued(line);
        }
        line_ = lines.number();
        close(false);
        if (strays_ > 0)
            diagnostics_.add("record/stray-field", {stream_.file, first_stray_, 1},
                             strays_ == 1 ? "fields behind the ER of a record"
                                          : "fields behind the ER of " + std::to_string(strays_) + " records",
                             "they were kept with the record before them");
    }

private:
    // Between records stand the numbers and headings of databases. Behind an ER, Ovid writes one more field;
    // until it is clear that nothing follows, a record is `ended` and not delivered.
    enum class State { between, open, ended };
    using Fields = decltype(model::Record::raw);

    void begin(int line, std::uint64_t offset) {
        renew(record_);
        record_.file = stream_.file, record_.line = line, record_.offset = offset, record_.dialect = "ris";
        record_.raw.reserve(usual_fields);
        record_.number = ++count_;
        state_ = State::open;
        typed_ = gap_ = false;
    }

    // Some programs write TY among the other fields: no empty line parts it from those before.
    bool goes_on() {
        if (gap_) return false;
        if (state_ == State::ended &&
            std::any_of(behind_.begin(), behind_.end(), [](const auto& field) { return field.tag != "NL"; }))
            take_behind();
        return state_ == State::open && !typed_;
    }

    void type(std::string_view value) {
        record_.raw.insert(record_.raw.begin(), {"TY", std::string(value)});
        typed_ = true, gap_ = blank_ = false;
    }

    // At an ER, or where the next record begins or the file ends.
    void close(bool at_er) {
        if (state_ == State::ended && !behind_.empty()) behind();
        if (state_ == State::open && !at_er) missing_end();
        if (state_ == State::ended && !at_er) deliver();
        state_ = at_er && state_ != State::between ? State::ended : State::between;
    }

    // Fields behind an ER: a record of its own if they say what it is.
    void behind() {
        const bool own = std::any_of(behind_.begin(), behind_.end(), [](const auto& field) {
            return field.tag == "TI" || field.tag == "T1" || field.tag == "AU" || field.tag == "A1" ||
                   field.tag == "AB" || field.tag == "N2" || field.tag == "DO";
        });
        if (own) {
            take_behind();
            return;
        }
        if (strays_++ == 0) first_stray_ = behind_line_;
        std::move(behind_.begin(), behind_.end(), std::back_inserter(record_.raw));
        behind_.clear();
    }

    // The record before has ended; what stands behind its ER begins another.
    void take_behind() {
        deliver();
        begin(behind_line_, behind_offset_);
        record_.raw = std::move(behind_);
        behind_.clear();
    }

    Fields& fields() { return state_ == State::ended ? behind_ : record_.raw; }

    void put(std::string_view tag, std::string_view value) {
        blank_ = gap_ = false;
        for (std::size_t cut; (cut = glued_at(value)) != std::string_view::npos;) {
            told_glued(tag);
            fields().push_back({std::string(tag), std::string(text::trim(value.substr(0, cut)))});
            const std::string_view rest = text::trim(value.substr(cut));
            tag = rest.substr(0, 2), value = text::trim(rest.substr(6));
        }
        fields().push_back({std::string(tag), std::string(value)});
    }

    void told_glued(std::string_view tag) {
        diagnostics_.add("record/glued", {stream_.file, line_, 1},
                         "a second field stood behind the value of " + std::string(tag),
                         "it was cut off and kept as a field of its own");
    }

    void continued(std::string_view line) {
        const std::string_view more = text::trim(line);
        gap_ |= more.empty();
        if (state_ == State::between || fields().empty()) return;
        auto& [tag, value] = fields().back();
        if (more.empty()) {
            blank_ = !value.empty();
            return;
        }
        if (blank_ && state_ == State::ended) return; // headings between records
        if (tag == "KW" && blanks(line) <= indent_) { // EndNote: one KW, each keyword on a line of its own
            put("KW", more);
            return;
        }
        if (!value.empty()) value += blank_ ? "\n" : " ";
        blank_ = false;
        const std::size_t cut = glued_at(more);
        value += text::trim(more.substr(0, cut));
        if (cut == std::string_view::npos) return;
        told_glued(tag);
        const std::string_view rest = text::trim(more.substr(cut));
        put(rest.substr(0, 2), text::trim(rest.substr(6)));
    }

    void missing_end() {
        diagnostics_.add("record/missing-end", {stream_.file, record_.line, 1},
                         "the record that begins here has no ER", "it was taken to end before the next one");
        deliver();
    }

    void deliver();

    Stream& stream_;
    const Sink& sink_;
    Diagnostics& diagnostics_;
    model::Record record_;
    Fields behind_;
    State state_ = State::between;
    std::uint64_t behind_offset_ = 0;
    std::size_t indent_ = 0; ///< blanks before the last TY
    bool blank_ = false;     ///< an empty line inside a value
    bool gap_ = false;       ///< an empty line since the last field
    bool typed_ = false;     ///< the record has its TY
    int line_ = 0, count_ = 0, behind_line_ = 0;
    int strays_ = 0, first_stray_ = 0;
};

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

bool pubmed(std::string_view database) {
    return database.find("edline") != std::string_view::npos ||
           database.find("MEDLINE") != std::string_view::npos ||
           database.find("ubMed") != std::string_view::npos || database == "NLM";
}

void note(model::Record& record, const std::string& value) {
    add_tool_decisions(record, value);
    record.notes.push_back(value);
    if (const std::size_t at = value.find("Accession Number:"); at != std::string::npos) {
        const std::string_view rest = std::string_view(value).substr(at + 17);
        add_id(record, "accession", rest.substr(0, rest.find_first_of(";,\n")));
    }
}

void identify(model::Record& record, std::string_view tag, const std::string& value) {
    if (tag == "AN") {
        if (value.substr(0, 4) == "WOS:")
            add_id(record, "wos", value);
        else if (pubmed(record.database) && all_digits(value))
            add_id(record, "pmid", value);
        else
            add_id(record, "accession", value);
    } else if (tag == "C3" && value.find("PUBMED ") != std::string::npos) {
        const std::size_t at = value.find("PUBMED ") + 7;
        add_id(record, "pmid",
               std::string_view(value).substr(at, value.find_first_not_of("0123456789", at) - at));
    } else if ((tag == "C5" || tag == "C2") && all_digits(value) && value.size() <= 8 && value.size() >= 4)
        add_id(record, "pmid", value);
    else if (tag == "C2" && value.substr(0, 3) == "PMC")
        add_id(record, "pmc", value);
    else if (tag == "U2" && value.size() > 4 && value[0] == 'L' && all_digits(value.substr(1)))
        add_id(record, "embase", value);
}

// "*Sleep; Pain": a star marks what the record is mainly about.
void add_keywords(model::Record& record, std::string_view value) {
    const std::string words = plain_text(value); // entities end with the same sign
    for (std::string_view rest = words; !rest.empty();) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::string_view word = text::trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        add_keyword(record, word);
    }
}

struct Parts {
    std::string first_page, last_page, type_words;
    std::string titles[3]; ///< T2; journals in full; short ones
    std::string date_day, date_year;
    std::vector<std::string> abstracts;
    std::vector<const std::string*> links;
    bool references = false; ///< M1 holds a whole list of references, so A2 are the authors cited there
};

// A tag as a number: comparing texts forty times per field takes longer than everything else. All have two
// letters.
constexpr unsigned two(std::string_view tag) {
    return static_cast<unsigned>(static_cast<unsigned char>(tag[0])) << 8 |
           static_cast<unsigned char>(tag[1]);
}

void map_field(model::Record& r, Parts& p, const std::string& tag, const std::string& value) {
    const unsigned code = two(tag);
    const auto set = [&](std::string& field) {
        if (field.empty()) field = plain_text(value);
    };
    if (code == two("TY"))
        r.raw_type = value, r.type = type_of_ris(value);
    else if (code == two("TI") || code == two("T1") || code == two("CT"))
        set(r.title);
    else if (code == two("TT"))
        set(r.original_title);
    else if (code == two("ST"))
        set(r.short_title);
    else if (code == two("T2"))
        set(p.titles[0]);
    else if (code == two("JF") || code == two("BT"))
        set(p.titles[1]);
    else if (code == two("JO") || code == two("JA") || code == two("J1") || code == two("J2"))
        set(p.titles[2]);
    else if (code == two("T3"))
        set(r.series);
    else if (code == two("AU") || code == two("A1"))
        add_name(r, plain_text(value));
    else if (code == two("A2") || code == two("ED"))
        add_name(r, plain_text(value), p.references ? "cited" : "editor");
    else if (code == two("A3"))
        add_name(r, plain_text(value), "series-editor");
    else if (code == two("A4"))
        add_name(r, plain_text(value), "translator");
    else if (code == two("VL") || code == two("VO"))
        set(r.volume);
    else if (code == two("IS") || code == two("CP"))
        set(r.issue);
    else if (code == two("SP") || code == two("PG"))
        set(p.first_page);
    else if (code == two("EP"))
        set(p.last_page);
    else if (code == two("C7"))
        set(r.article_number);
    else if (code == two("SN"))
        add_serials(r, value);
    else if (code == two("PB"))
        set(r.publisher);
    else if (code == two("CY") || code == two("PP"))
        set(r.place);
    else if (code == two("ET"))
        set(r.edition);
    else if (code == two("LA"))
        set(r.language);
    else if (code == two("DB") || code == two("DP"))
        set(r.database);
    else if (code == two("DA"))
        set(p.date_day);
    else if (code == two("PY") || code == two("Y1"))
        set(p.date_year);
    else if (code == two("AB") || code == two("N2"))
        p.abstracts.push_back(plain_text(value));
    else if (code == two("KW")) {
        add_keywords(r, value);
    } else if (code == two("DO") || code == two("DI"))
        add_id(r, "doi", value);
    else if (code == two("M3")) {
        r.publication_types.push_back(value);
    } else if (code == two("N1") || code == two("RN"))
        note(r, value);
    else if (code == two("UR") || code == two("LK") || code == two("L1") || code == two("L2") ||
             code == two("L3") || code == two("L4"))
        p.links.push_back(&value);
    else
        identify(r, tag, value);
}

void map_all(model::Record& r) {
    Parts p;
    for (const auto& field : r.raw) {
        const unsigned code = two(field.tag);
        p.references |= code == two("M1") && field.value.size() > 2000;
        if ((code == two("DB") || code == two("DP")) && r.database.empty())
            r.database = field.value; // AN needs it
    }
    for (const auto& field : r.raw)
        map_field(r, p, field.tag, field.value);
    for (const std::string* address : p.links) // behind the DO, whose word counts more
        add_link(r, *address);
    for (const auto& field : r.raw) { // EBSCO and Embase put the DOI among the links
        if (!record_id(r, "doi").empty()) break;
        const unsigned code = two(field.tag);
        if (code == two("L3") || code == two("L2") || code == two("UR")) add_id(r, "doi", field.value);
    }
    if (r.title.empty() && r.type == "book") std::swap(r.title, p.titles[1]);
    r.container = !p.titles[1].empty() ? p.titles[1] : p.titles[0];
    r.container_short = p.titles[2];
    if (r.container.empty()) std::swap(r.container, r.container_short);
    if (r.container_short == r.container) r.container_short.clear();
    if (r.container != p.titles[0] && !p.titles[0].empty() && r.series.empty() && r.type == "chapter")
        r.series = p.titles[0];
    r.pages = join_pages(p.first_page, p.last_page);
    const std::string year = edtf(p.date_year), day = edtf_within(year.substr(0, 4), p.date_day);
    r.date = day.size() > year.size() && (year.empty() || day.substr(0, 4) == year.substr(0, 4)) ? day : year;
    for (auto& text : p.abstracts) {
        const bool copyright = text.substr(0, 12) == "Copyright of" && !r.abstract.empty();
        if (!copyright && !text.empty()) r.abstract.push_back({{}, std::move(text)});
    }
    mine_registrations(r);
}

void Reader::deliver() {
    blank_ = false;
    if (!typed_)
        diagnostics_.add("record/missing-type", {stream_.file, record_.line, 1}, "a record without TY",
                         "its type is unknown; the rest was read");
    map_all(record_);
    sink_(std::move(record_));
}

} // namespace

int sniff_ris(std::string_view head) {
    LineReader lines(head);
    std::string_view line;
    int tagged = 0;
    while (lines.next(line)) {
        const Line found = split(line);
        if (found.tag == "TY" && (found.value.empty() || upper(found.value[0]))) return 95;
        if (!found.tag.empty() && known(found.tag)) ++tagged;
    }
    return tagged >= 3 ? 60 : 0;
}

void read_ris(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    Reader(stream, sink, diagnostics).run();
}

namespace {

class RisWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        const auto line = [&](std::string_view tag, std::string_view value) {
            if (value.empty()) return;
            out += tag;
            out += "  - ";
            for (const char c : value)
                out += c == '\n' || c == '\r' ? ' ' : c;
            out += '\n';
        };
        if (r.dialect == "ris") { // every field as it came, known or not, in its order
            bool typed = false;
            for (const auto& field : r.raw) {
                typed |= field.tag == "TY";
                if (&field == r.raw.data()) {
                    if (field.tag != "TY") line("TY", "GEN"), typed = true;
                }
                if (field.value.empty())
                    out += field.tag + "  - \n";
                else
                    line(field.tag, field.value);
            }
            if (!typed) line("TY", "GEN");
            out += "ER  - \n\n";
            return;
        }
        line("TY", ris_of_type(r.type));
        line("TI", r.title);
        line("TT", r.original_title);
        line("ST", r.short_title);
        for (const auto& name : r.people)
            line(name.role == "author"          ? "AU"
                 : name.role == "editor"        ? "A2"
                 : name.role == "series-editor" ? "A3"
                                                : "A4",
                 name.collective && name.family.find(' ') != std::string::npos ? name.family + ","
                                                                               : full_name(name));
        line(r.type == "chapter" || r.type == "paper-conference" ? "BT" : "JF", r.container);
        line("JA", r.container_short);
        line("T3", r.series);
        line("PY", r.date.substr(0, 4));
        if (r.date.size() > 4) {
            std::string day = r.date;
            std::replace(day.begin(), day.end(), '-', '/');
            line("DA", day + (day.size() == 7 ? "//" : "/"));
        }
        line("VL", r.volume);
        line("IS", r.issue);
        const std::size_t dash = r.pages.find('-');
        line("SP", r.pages.substr(0, dash));
        if (dash != std::string::npos) line("EP", r.pages.substr(dash + 1));
        line("C7", r.article_number);
        for (const auto& issn : r.issn)
            line("SN", issn);
        for (const auto& isbn : r.isbn)
            line("SN", isbn);
        line("PB", r.publisher);
        line("CY", r.place);
        line("ET", r.edition);
        line("AB", abstract_text(r));
        for (const auto& keyword : r.keywords)
            line("KW", (keyword.major ? "*" : "") + keyword.term);
        for (const auto& type : r.publication_types)
            line("M3", type);
        for (const auto& id : r.ids) {
            if (id.scheme == "doi")
                line("DO", id.value);
            else if (id.scheme == "pmid")
                line("C5", id.value);
            else if (id.scheme == "pmc")
                line("C2", id.value);
            else if (id.scheme == "accession" || id.scheme == "wos")
                line("AN", id.value);
        }
        for (const auto& url : r.links)
            line("UR", url);
        line("LA", r.language);
        line("DB", r.database);
        for (const auto& text : r.notes)
            line("N1", text);
        out += "ER  - \n\n";
    }
};

} // namespace

std::unique_ptr<Writer> write_ris() {
    return std::make_unique<RisWriter>();
}

} // namespace assay::records
