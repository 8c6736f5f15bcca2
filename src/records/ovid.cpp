// Ovid's own formats: records after "<12. >" or "<12>", fields as "TI  - value" or as a name with indented
// lines; the journal, volume, issue and pages stand together in the source.
#include "base/ascii.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"
#include "text/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::records {

namespace {

using ascii::digit;
using ascii::letter;
using ascii::upper;

// "<12. >", "<12>".
bool separator(std::string_view line) {
    line = text::trim(line);
    if (line.size() < 3 || line.front() != '<' || line.back() != '>') return false;
    line = text::trim(line.substr(1, line.size() - 2));
    if (!line.empty() && line.back() == '.') line.remove_suffix(1);
    return !line.empty() && std::all_of(line.begin(), line.end(), digit);
}

struct Name {
    std::string_view words, code;
};
// The long names of the citation layout, and the codes they stand for.
constexpr Name names[] = {{"Accession Number", "AN"},
                          {"Unique Identifier", "UI"},
                          {"PubMed ID", "PM"},
                          {"PMID", "PM"},
                          {"Author", "AU"},
                          {"Authors", "AU"},
                          {"Author NameID", "NI"},
                          {"Author e-mail", "EM"},
                          {"Editor", "ED"},
                          {"Book Editor", "ED"},
                          {"Title", "TI"},
                          {"Chapter Title", "CH"},
                          {"Original Title", "OT"},
                          {"Source", "SO"},
                          {"Abstract", "AB"},
                          {"Status", "ST"},
                          {"Institution", "IN"},
                          {"Author Keywords", "KW"},
                          {"Keyword Heading", "KW"},
                          {"Key Words", "KW"},
                          {"Keywords", "KW"},
                          {"MeSH Subject Headings", "MH"},
                          {"Subject Headings", "SH"},
                          {"Language", "LG"},
                          {"Document Type", "DT"},
                          {"Publication Type", "PT"},
                          {"Publication Format", "PF"},
                          {"ISSN", "IS"},
                          {"ISSN Print", "IS"},
                          {"ISSN Electronic", "IS"},
                          {"ISSN Linking", "IS"},
                          {"ISBN", "IB"},
                          {"DOI Number", "DO"},
                          {"Digital Object Identifier", "DO"},
                          {"DOI", "DO"},
                          {"Year of Publication", "YR"},
                          {"Publication Date", "DP"},
                          {"Date of Publication", "DP"},
                          {"Journal Name", "JN"},
                          {"Journal Abbreviation", "JA"},
                          {"Volume", "VO"},
                          {"Issue", "IP"},
                          {"Issue/Part", "IP"},
                          {"Page", "PG"},
                          {"Publisher", "PB"},
                          {"Country of Publication", "CP"},
                          {"Link to the Ovid Full Text or citation", "XL"},
                          {"Score", "SC"},
                          {"References", "RF"},
                          {"Journal Subset", "SB"},
                          {"NLM Journal Code", "JC"}};

std::string_view code_of(std::string_view line) {
    for (const Name& name : names)
        if (name.words == line) return name.code;
    return {};
}

struct Line {
    std::string_view tag, value;
};
// "TI  - value", "TI - value", "TI- value".
Line split(std::string_view line) {
    if (line.size() < 4 || !upper(line[0]) || !(upper(line[1]) || digit(line[1]))) return {};
    std::size_t at = 2;
    while (at < line.size() && at < 5 && line[at] == ' ')
        ++at;
    if (at >= line.size() || line[at] != '-' || (at + 1 < line.size() && line[at + 1] != ' ')) return {};
    return {line.substr(0, 2), text::trim(line.substr(at + 1))};
}

// Degrees and marks behind a name: "Peterson, James A. Ph.D., FACSM", "Zhang, Weijia 1,2,+", "Neill
// [Inventor]".
std::string bare_name(std::string_view name) {
    std::string out(name);
    for (std::size_t open; (open = out.find('[')) != std::string::npos;) {
        const std::size_t close = out.find(']', open);
        out.erase(open, close == std::string::npos ? close : close - open + 1);
    }
    static constexpr std::array<std::string_view, 34> degrees = {
        "MD",   "M.D.", "PhD",  "Ph.D.", "PHD",  "RN",  "R.N.", "MSc", "MSN",    "MPH",  "M.P.H.", "MS",
        "MA",   "M.A.", "M.S.", "BSc",   "BA",   "DO",  "DDS",  "DMD", "PT",     "FACS", "FACSM",  "FAAN",
        "FRCP", "FRCS", "DSc",  "EdD",   "PsyD", "DPT", "MBBS", "MBA", "PharmD", "MEd"};
    for (bool again = true; again;) {
        again = false;
        std::string_view left = text::trim(out);
        while (!left.empty() && (digit(left.back()) || left.back() == '+' || left.back() == '*' ||
                                 left.back() == ',' || left.back() == ';' || left.back() == '#'))
            left = text::trim(left.substr(0, left.size() - 1));
        const std::size_t gap = left.find_last_of(" ,;");
        if (gap != std::string_view::npos) {
            const std::string_view last = left.substr(gap + 1);
            // "Zhao, DO" is a person: a degree needs a name and a given name before it.
            const std::string_view before = text::trim(left.substr(0, gap));
            const bool whole = before.find(',') != std::string_view::npos && before.back() != ',';
            if (std::find(degrees.begin(), degrees.end(), last) != degrees.end() &&
                (whole || left[gap] != ' ') && before.find(' ') != std::string_view::npos) {
                left = before;
                again = true;
            }
        }
        if (left.size() < out.size()) out = std::string(left);
    }
    return out;
}

bool month_word(std::string_view word) {
    for (std::size_t at = 0; at < word.size();) { // "January/February", "Jan-Feb"
        const std::size_t end = std::min(word.find_first_of("/-", at), word.size());
        std::string_view part = word.substr(at, end - at);
        if (!part.empty() && part.back() == '.') part.remove_suffix(1);
        if (part.size() < 3 || !letter(part[0]) || month_number(part) == 0) return false;
        at = end + 1;
    }
    return !word.empty();
}

// Where the words of a date begin that end the text: "Journal January/February 2010".
std::size_t date_tail(std::string_view text) {
    std::size_t begin = text.size();
    bool year = false;
    for (std::size_t end = text.size(); end > 0;) {
        while (end > 0 &&
               (text[end - 1] == ' ' || text[end - 1] == ',' || text[end - 1] == ';' || text[end - 1] == '.'))
            --end;
        std::size_t start = end;
        while (start > 0 && text[start - 1] != ' ')
            --start;
        const std::string_view word = text.substr(start, end - start);
        const bool four = word.size() == 4 && std::all_of(word.begin(), word.end(), digit);
        const bool day = word.size() <= 2 && !word.empty() && std::all_of(word.begin(), word.end(), digit);
        if (four && !year)
            year = true;
        else if (!(year && (month_word(word) || (day && begin < text.size()))))
            break;
        begin = start, end = start;
    }
    return year ? begin : text.size();
}

bool page_char(char c) {
    return digit(c) || letter(c) || c == '-' || c == '.';
}

// The pages after ":" or "pp", as far as they go; empty: nothing there looks like a page.
std::string_view pages_at(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && text[begin] == ' ')
        ++begin;
    std::size_t end = begin;
    while (end < text.size() && page_char(text[end]))
        ++end;
    std::string_view pages = text.substr(begin, end - begin);
    while (!pages.empty() && (pages.back() == '.' || pages.back() == '-'))
        pages.remove_suffix(1);
    return std::any_of(pages.begin(), pages.end(), digit) && pages.size() <= 30 ? pages : std::string_view();
}

void trim_marks(std::string& text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '.' || text.back() == ',' ||
                             text.back() == ';' || text.back() == ':'))
        text.pop_back();
}

// "J Orthop Trauma.   28(2):103-106, April 2015.", "ACSM'S Journal January/February 2010;14(1):56",
// "Journal. Vol.75(2-A), 2014, pp. 1-9.", "Journal. 1288(3), Nov. 16, 2004.", "Journal. 12 (3) (pp 5-9),
// 2004."
void parse_source(model::Record& r, std::string_view source) {
    source = text::trim(source.substr(0, 2000));
    // A number, perhaps with an issue in brackets, before a colon, a comma or the pages in brackets.
    std::size_t volume = std::string_view::npos, behind = 0;
    for (std::size_t at = 0; at < source.size(); ++at) {
        const bool starts =
            at == 0 || source[at - 1] == ' ' || source[at - 1] == ';' || source[at - 1] == '.';
        if (!starts || !(digit(source[at]) || source[at] == '(')) continue;
        std::size_t end = at;
        while (end < source.size() &&
               (digit(source[end]) || letter(source[end]) || source[end] == '-' || source[end] == '/'))
            ++end;
        const std::string_view number = source.substr(at, end - at);
        std::size_t next = end;
        if (next < source.size() && source[next] == ' ' && next + 1 < source.size() &&
            source[next + 1] == '(')
            ++next;
        std::string_view issue;
        if (next < source.size() && source[next] == '(') {
            int depth = 0;
            std::size_t close = next;
            for (; close < source.size(); ++close) {
                depth += source[close] == '(' ? 1 : source[close] == ')' ? -1 : 0;
                if (depth == 0) break;
            }
            if (close >= source.size()) continue;
            const std::string_view inside = source.substr(next + 1, close - next - 1);
            if (inside.substr(0, 2) != "pp" && inside.size() <= 40) issue = inside, next = close + 1;
        }
        const char after = next < source.size() ? source[next] : '\0';
        const bool year =
            number.size() == 4 && (number[0] == '1' || number[0] == '2') && issue.empty() && after != ':';
        const bool placed = after == ':' || after == ',' ||
                            (after == ' ' && source.substr(next, 5).find("pp") != std::string_view::npos) ||
                            (!issue.empty() && !number.empty());
        if (year || !placed || (number.empty() && issue.empty()) ||
            (number.empty() && edtf(issue).size() >= 4))
            continue;
        if (number.empty() && after != ':') continue;
        if (after == ',' && issue.empty()) continue; // "16, 2004" is a day
        volume = at, behind = next;
        r.volume = number;
        r.issue = issue;
        break;
    }
    std::string_view rest = volume == std::string_view::npos ? source : source.substr(behind);
    std::string journal(volume == std::string_view::npos ? source : source.substr(0, volume));
    if (volume == std::string_view::npos) {
        // Without a volume the journal ends where the date or the pages begin.
        const std::size_t stop =
            std::min(journal.find(". "), std::min(journal.find(" pp"), journal.find("; ")));
        journal = journal.substr(0, std::min(journal.find(". ", 4), std::min(stop, journal.size())));
    }
    if (!rest.empty() && rest[0] == ':') r.pages = plain_hyphens(pages_at(rest.substr(1)));
    for (const std::string_view mark : {"pp. ", "(pp ", "pp "})
        if (const std::size_t at = rest.find(mark); at != std::string_view::npos && r.pages.empty())
            r.pages = plain_hyphens(pages_at(rest.substr(at + mark.size())));
    const std::size_t tail = date_tail(journal);
    std::string printed = journal.substr(tail);
    if (const std::size_t slash = printed.find('/'); slash != std::string::npos) // "January/February 2010"
        printed.erase(slash, printed.find(' ', slash) - slash);
    std::string date = edtf(printed);
    if (tail < journal.size()) journal.resize(tail);
    trim_marks(journal);
    for (const std::string_view word : {" Vol", " vol", " Volume"})
        if (journal.size() > word.size() &&
            journal.compare(journal.size() - word.size(), word.size(), word) == 0)
            journal.resize(journal.size() - word.size());
    trim_marks(journal);
    if (r.container.empty()) r.container = journal;
    if (date.empty()) {
        std::size_t from = rest.find(',');
        date = edtf(from == std::string_view::npos ? rest : rest.substr(from));
    }
    if (r.date.empty()) r.date = date;
}

// Editors, title, publisher and pages of a book: "Neenan, Michael [Ed]; Palmer, Stephen [Ed]. (2012). Title.
// (pp. 11-31).", "Guliaev, V.D. [Ed.]. [Title.] Publisher, Place. 2002: 1-234. Chapter pagination: 214-218.",
// "... Title.:371-397, 2004."
void parse_book(model::Record& r, std::string_view text) {
    text = text.substr(0, 2000);
    std::size_t at = 0;
    for (std::size_t mark; (mark = text.find("[Ed", at)) != std::string_view::npos;) {
        add_name(r, text::trim(text.substr(at, mark - at)), "editor");
        at = std::min(text.find(']', mark), text.size() - 1) + 1;
        while (at < text.size() && (text[at] == '.' || text[at] == ' ' || text[at] == ',' || text[at] == ';'))
            ++at;
    }
    std::string_view rest = text.substr(at);
    if (rest.size() > 6 && rest[0] == '(' && digit(rest[1])) { // "(2012). "
        if (r.date.empty()) r.date = edtf(rest.substr(1, 4));
        rest = text::trim(rest.substr(std::min(rest.find(')') + 1, rest.size())));
        while (!rest.empty() && (rest[0] == '.' || rest[0] == ' '))
            rest.remove_prefix(1);
    }
    std::size_t end = rest.size();
    for (const std::string_view mark : {".:", ". (", ".] ", ". "})
        end = std::min(end, rest.find(mark));
    std::string title(rest.substr(0, end));
    if (!title.empty() && title.front() == '[') title.erase(0, 1);
    r.container = title;
    const std::string_view behind = rest.substr(end);
    for (const std::string_view mark : {"Chapter pagination:", "(pp. ", ".:"})
        if (const std::size_t found = behind.find(mark); found != std::string_view::npos && r.pages.empty())
            r.pages = plain_hyphens(pages_at(behind.substr(found + mark.size())));
    for (std::size_t i = 0; i + 4 < behind.size(); ++i)
        if (digit(behind[i]) && digit(behind[i + 1]) && digit(behind[i + 2]) && digit(behind[i + 3]) &&
            behind[i - (i > 0 ? 1 : 0)] == ' ') {
            if (r.date.empty()) r.date = edtf(behind.substr(i, 4));
            if (r.pages.empty() && behind[i + 4] == ':')
                r.pages = plain_hyphens(pages_at(behind.substr(i + 5)));
        }
    r.type = "chapter";
}

// "Title.  [Article]": the database's kind of document stands behind the title.
void take_kind(model::Record& r) {
    std::string& title = r.title;
    const std::size_t open = title.rfind('[');
    if (open == std::string::npos || open < 4 || title.empty()) return;
    const std::size_t close = title.find(']', open);
    if (close == std::string::npos || title.size() - close > 2 || close - open > 40) return;
    const std::string_view before = text::trim(std::string_view(title).substr(0, open));
    if (before.empty() || (before.back() != '.' && before.back() != '?' && before.back() != '!')) return;
    r.publication_types.push_back(title.substr(open + 1, close - open - 1));
    title = before;
}

void map_all(model::Record& r) {
    std::string source, book, year, day, chapter;
    const auto people = [&](const std::string& all, std::string_view role) {
        // What stands in brackets may hold semicolons; only "[Ed]" says something about the name.
        std::string list;
        for (std::size_t at = 0; at < all.size(); ++at) {
            if (all[at] != '[') {
                list += all[at];
                continue;
            }
            if (all.compare(at, 3, "[Ed") == 0) list += "[Ed]";
            at = std::min(all.find(']', at), all.size());
        }
        // Commas in one name ("Verbeek, Jan MD *;  Hermans, Erik"): only semicolons and line ends part names.
        for (std::size_t at = 0; at <= list.size();) {
            const std::size_t end = std::min(list.find_first_of(";\n", at), list.size());
            const std::string_view name = text::trim(std::string_view(list).substr(at, end - at));
            // "RN; PhD; FAAN 1" are degrees (and a mark) that belong to the person before.
            const std::string bare = bare_name(name);
            const bool degree = !bare.empty() && bare.find_first_of(" ,") == std::string::npos && at > 0 &&
                                std::count_if(bare.begin(), bare.end(), upper) >= 2;
            const bool editor = name.find("[Ed") != std::string_view::npos;
            if (!name.empty() && !degree) add_name(r, plain_text(bare), editor ? "editor" : role);
            at = end + 1;
        }
    };
    for (const auto& [tag, value] : r.raw) {
        if (value.empty() || value == "-") continue;
        const auto set = [&text = value](std::string& field) {
            if (field.empty()) field = plain_text(text);
        };
        if (tag == "AU" || tag == "FA" || tag == "FU")
            people(value, "author");
        else if (tag == "ED")
            people(value, "editor");
        else if (tag == "TI")
            set(r.title);
        else if (tag == "CH")
            set(chapter);
        else if (tag == "OT" || tag == "TO")
            set(r.original_title);
        else if (tag == "SO")
            set(source);
        else if (tag == "BT")
            set(book);
        else if (tag == "JN" || tag == "JT" || tag == "OL")
            set(r.container);
        else if (tag == "JA")
            set(r.container_short);
        else if (tag == "VO")
            set(r.volume);
        else if (tag == "IP")
            set(r.issue);
        else if (tag == "PG")
            r.pages = plain_hyphens(value);
        else if (tag == "YR")
            set(year);
        else if (tag == "DP")
            set(day);
        else if (tag == "AB")
            r.abstract.push_back({{}, plain_text(value)});
        else if (tag == "KW" || tag == "KP" || tag == "ID") {
            for (std::size_t at = 0; at <= value.size();) {
                const std::size_t end = std::min(value.find_first_of(";\n", at), value.size());
                if (const auto word = text::trim(std::string_view(value).substr(at, end - at)); !word.empty())
                    r.keywords.push_back(
                        {{}, plain_text(word.back() == '.' ? word.substr(0, word.size() - 1) : word), false});
                at = end + 1;
            }
        } else if (tag == "MH" || tag == "SH")
            r.keywords.push_back({"mesh", value[0] == '*' ? value.substr(1) : value, value[0] == '*'});
        else if (tag == "PT" || tag == "DT") {
            std::string type = value;
            trim_marks(type);
            r.publication_types.push_back(std::move(type));
        } else if (tag == "IS" || tag == "SN" || tag == "IB" || tag == "BN")
            add_serials(r, value);
        else if (tag == "DO" || tag == "DI")
            add_id(r, "doi", value);
        else if (tag == "LK" || tag == "XL" || tag == "UR" || tag == "OU" || tag == "JL")
            r.links.push_back(value);
        else if (tag == "AN" || tag == "UI" || tag == "PM") {
            std::string id = value.substr(0, value.find(" [")); // "30000001 [http://...]"
            trim_marks(id);
            const bool digits = std::all_of(id.begin(), id.end(), digit);
            const bool pubmed = tag == "PM" || r.database.find("EDLINE") != std::string::npos ||
                                r.database.find("ubMed") != std::string::npos;
            add_id(r, digits && pubmed ? "pmid" : "accession", id);
        } else if (tag == "DB")
            set(r.database);
        else if (tag == "LG")
            r.language = value.back() == '.' ? value.substr(0, value.size() - 1) : value;
        else if (tag == "PB" || tag == "PU")
            set(r.publisher);
        else if (tag == "CP" || tag == "CY")
            set(r.country);
        else if (tag == "PN")
            add_id(r, "patent", value);
        else if (tag == "IN" && !r.people.empty())
            r.people.front().affiliations.push_back(value);
        else if (tag == "ST" && r.raw.size() > 1 && value.find("Publish Ahead") != std::string::npos)
            r.date_epub = edtf(value), r.notes.push_back(value);
    }
    if (!year.empty()) r.date = edtf(year);
    if (const std::string full = edtf(day); full.size() > r.date.size()) r.date = full;
    if (!source.empty() && source.find("[Ed") != std::string::npos)
        parse_book(r, source);
    else if (!source.empty())
        parse_source(r, source);
    if (!book.empty()) parse_book(r, book);
    if (r.date.empty()) r.date = r.date_epub;
    take_kind(r);
    if (!chapter.empty() && r.title.empty())
        r.title = chapter;
    else if (!chapter.empty() && r.container.empty())
        r.container = std::exchange(r.title, chapter);
    for (const auto& type : r.publication_types)
        if (r.type.empty()) r.raw_type = type, r.type = type_of_words(type);
    if (r.type.empty()) r.type = !book.empty() ? "chapter" : "article-journal";
    mine_registrations(r);
}

} // namespace

void read_printed_source(model::Record& r, std::string_view source) {
    model::Record printed;
    // Embase.com: "Sleep (2019) 42:3 (11-19)"
    const std::size_t open = source.find(" (");
    if (open != std::string_view::npos && open + 7 < source.size() && source[open + 6] == ')' &&
        std::all_of(source.begin() + static_cast<std::ptrdiff_t>(open) + 2,
                    source.begin() + static_cast<std::ptrdiff_t>(open) + 6, digit)) {
        printed.container = source.substr(0, open);
        printed.date = source.substr(open + 2, 4);
        const std::string_view rest = text::trim(source.substr(open + 7));
        const std::size_t gap = std::min(rest.find(' '), rest.size());
        const std::size_t colon = std::min(rest.substr(0, gap).find(':'), gap);
        printed.volume = rest.substr(0, colon);
        if (colon < gap) printed.issue = rest.substr(colon + 1, gap - colon - 1);
        const std::size_t pages = rest.find('(');
        if (pages != std::string_view::npos)
            printed.pages = plain_hyphens(
                rest.substr(pages + 1, std::min(rest.find(')', pages), rest.size()) - pages - 1));
    } else if (const std::size_t end = std::min(source.find(" doi:"), source.size());
               std::any_of(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(end), digit))
        parse_source(printed, source.substr(0, end)); // PubMed's ends in the DOI
    // PubMed's "Sleep. 2019 Mar;42(3):zsy100": the date stands before the volume.
    for (std::size_t at = printed.container.find(". "); at != std::string::npos;
         at = printed.container.find(". ", at + 1)) {
        const std::string behind = printed.container.substr(at + 2);
        if (behind.size() < 4 || !std::all_of(behind.begin(), behind.begin() + 4, digit)) continue;
        if (printed.date.empty()) printed.date = edtf(behind);
        printed.container.resize(at);
        break;
    }
    if (printed.volume.empty() && printed.pages.empty()) printed.container = source;
    for (auto field : {&model::Record::container, &model::Record::date, &model::Record::volume,
                       &model::Record::issue, &model::Record::pages})
        if ((r.*field).empty()) r.*field = printed.*field;
}

int sniff_ovid(std::string_view head) {
    LineReader lines(head);
    std::string_view line;
    bool begins = false, version = false;
    int tags = 0, known = 0;
    while (lines.next(line)) {
        if (separator(line)) begins = true;
        const Line found = split(line);
        version |= found.tag == "VN" && found.value.find("Ovid") != std::string_view::npos;
        if (found.tag == "TY") return 0;
        tags += found.tag.empty() ? 0 : 1;
        known += code_of(text::trim(line)).empty() ? 0 : 1;
    }
    if (version) return 93;
    if (begins && (tags >= 2 || known >= 2)) return 88;
    return known >= 4 && head.find("\nSource") != std::string_view::npos &&
                   head.find("Accession Number") != std::string_view::npos
               ? 80
               : 0;
}

void read_ovid(Stream& stream, const Sink& sink, Diagnostics&) {
    LineReader lines(stream);
    std::string_view line;
    model::Record r;
    bool open = false, long_names = false, separated = false;
    int count = 0;
    const auto finish = [&] {
        if (open && !r.raw.empty()) {
            r.number = ++count;
            map_all(r);
            sink(std::move(r));
        }
        open = false;
    };
    const auto begin = [&] {
        r = {};
        r.file = stream.file, r.line = lines.number(), r.offset = lines.offset(), r.dialect = "ovid-tagged";
        open = true, long_names = false;
    };
    while (lines.next(line)) {
        if (separator(line)) {
            finish();
            begin();
            separated = true;
            continue;
        }
        const Line found = split(line);
        const std::string_view code =
            !line.empty() && line[0] != ' ' ? code_of(text::trim(line)) : std::string_view();
        if (!found.tag.empty() && !long_names) {
            // Without separators each record begins with the vendor or the unique identifier.
            if (!open || (!separated && found.tag == "VN")) finish(), begin();
            r.raw.push_back({std::string(found.tag), std::string(found.value)});
        } else if (!code.empty()) {
            if (!open || (!separated && code == "SC" && !r.raw.empty())) finish(), begin();
            long_names = true;
            r.raw.push_back({std::string(code), {}});
        } else if (open && long_names && !line.empty() && line[0] != ' ' && upper(line[0]) &&
                   line.size() < 50 && line.find_first_of(".;:,") == std::string_view::npos)
            r.raw.push_back(
                {std::string(text::trim(line)), {}}); // a field by a name that is not in the table
        else if (open && !r.raw.empty() && !text::trim(line).empty()) {
            auto& value = r.raw.back().value;
            const bool list = r.raw.back().tag == "AU" || r.raw.back().tag == "KW";
            value += (value.empty() ? "" : list && long_names ? "\n" : " ") + std::string(text::trim(line));
        }
    }
    finish();
}

} // namespace assay::records
