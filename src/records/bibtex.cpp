// BibTeX and BibLaTeX, read and written: @string, concatenation, crossref and xdata, names, LaTeX in every
// field.
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "records/budget.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/latex.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"
#include "text/names.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace assay::records {

namespace {

using ascii::space;
using ascii::to_lower;

bool name_char(char c) {
    return !space(c) && static_cast<unsigned char>(c) > 0x20 && c != '{' && c != '}' && c != '(' &&
           c != ')' && c != ',' && c != '=' && c != '"' && c != '#' && c != '%';
}

using Fields = std::vector<std::pair<std::string, std::string>>; ///< name in lower case, LaTeX

struct Entry {
    std::string type, key; ///< type in lower case
    Fields fields;
    int line = 0;
    std::size_t offset = 0;

    const std::string* field(std::string_view name) const {
        for (const auto& [each, value] : fields)
            if (each == name) return &value;
        return nullptr;
    }
};

constexpr std::string_view months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec"};

class Parser {
public:
    Parser(const Source& source, Diagnostics& diagnostics)
        : source_(source), text_(source.text), diagnostics_(diagnostics) {
        for (const auto name : months)
            strings_[std::string(name)] = name;
    }

    std::vector<Entry> run() {
        while (find_entry()) {
            const std::size_t start = at_;
            ++at_;
            const std::string type = to_lower(word());
            skip_space();
            if (at_ >= text_.size() || (text_[at_] != '{' && text_[at_] != '(') || type.empty()) continue;
            const char close = text_[at_] == '{' ? '}' : ')';
            ++at_;
            if (type == "comment" || type == "preamble") {
                if (close == '}') --at_, braced();
                continue;
            }
            Entry entry;
            entry.type = type, entry.line = line_at(start), entry.offset = start;
            if (type == "string") {
                if (read_fields(entry, close))
                    for (const auto& [name, value] : entry.fields)
                        strings_[name] = value;
                continue;
            }
            skip_space();
            const std::size_t key = at_;
            while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != close && text_[at_] != '\n' &&
                   text_[at_] != '=')
                ++at_;
            if (at_ < text_.size() && text_[at_] == '=')
                at_ = key; // an entry without a key
            else
                entry.key = text::trim(text_.substr(key, at_ - key));
            if (read_fields(entry, close))
                entries_.push_back(std::move(entry));
            else
                broken(entry, start);
        }
        return std::move(entries_);
    }

private:
    // The next @ that begins an entry: text between entries is a comment.
    bool find_entry() {
        for (at_ = text_.find('@', at_); at_ != std::string_view::npos; at_ = text_.find('@', at_ + 1)) {
            std::size_t end = at_ + 1;
            while (end < text_.size() && ((text_[end] | 0x20) >= 'a' && (text_[end] | 0x20) <= 'z'))
                ++end;
            std::size_t open = end;
            while (open < text_.size() && space(text_[open]))
                ++open;
            if (end > at_ + 1 && open < text_.size() && (text_[open] == '{' || text_[open] == '('))
                return true;
        }
        at_ = text_.size();
        return false;
    }

    // What was read of an entry that breaks off is kept; reading goes on at the next line that begins with @.
    void broken(Entry& entry, std::size_t start) {
        diagnostics_.add("record/bibtex", {source_.file, entry.line, 0},
                         "the entry " + in_quotes(entry.key) + " is not closed or not a list of fields",
                         "its fields up to the fault were kept");
        std::size_t next = start + 1;
        do
            next = text_.find("\n@", next + 1);
        while (next != std::string_view::npos && next <= start);
        at_ = next == std::string_view::npos ? text_.size() : next + 1;
        // A value that swallowed the next entry is none.
        while (!entry.fields.empty() && entry.fields.back().second.find("\n@") != std::string::npos)
            entry.fields.pop_back();
        entries_.push_back(std::move(entry));
    }

    std::string word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && name_char(text_[at_]))
            ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    void skip_space() {
        while (at_ < text_.size() && (space(text_[at_]) || text_[at_] == '%')) {
            if (text_[at_] == '%')
                while (at_ < text_.size() && text_[at_] != '\n')
                    ++at_;
            else
                ++at_;
        }
    }

    std::string_view unclosed(std::size_t begin) {
        budget_.missed(at_ - begin);
        fault_ = true;
        return {};
    }

    // {text} with balanced braces; at_ stands on the brace.
    std::string_view braced() {
        const std::size_t begin = at_ + 1, end = at_ + budget_.reach(at_, text_.size() - at_);
        int depth = 0;
        for (; at_ < end; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                ++at_;
            else if (text_[at_] == '{')
                ++depth;
            else if (text_[at_] == '}' && --depth == 0)
                return text_.substr(begin, at_++ - begin);
        }
        return unclosed(begin);
    }

    std::string_view quoted() {
        const std::size_t begin = ++at_, end = at_ + budget_.reach(at_, text_.size() - at_);
        int depth = 0;
        for (; at_ < end; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                ++at_;
            else if (text_[at_] == '{')
                ++depth;
            else if (text_[at_] == '}')
                --depth;
            else if (text_[at_] == '"' && depth <= 0)
                return text_.substr(begin, at_++ - begin);
        }
        return unclosed(begin);
    }

    // What a name of @string stands for; the name itself where they have come to stand for too much.
    std::string_view meaning(const std::string& name) {
        const auto known = strings_.find(to_lower(name));
        if (known == strings_.end()) return name;
        expanded_ += known->second.size();
        if (expanded_ <= most_expanded(text_.size())) return known->second;
        if (!std::exchange(told_, true))
            diagnostics_.add("record/bibtex", {source_.file, line_, 0},
                             "names of @string stand for more text than they may",
                             "from here on they were left as they are");
        return name;
    }

    std::string value() {
        std::string out;
        for (;;) {
            skip_space();
            if (at_ >= text_.size()) {
                fault_ = true;
                return out;
            }
            if (text_[at_] == '{')
                out += braced();
            else if (text_[at_] == '"')
                out += quoted();
            else {
                const std::string name = word();
                if (name.empty()) fault_ = true;
                out += meaning(name);
            }
            if (fault_) return out;
            skip_space();
            if (at_ >= text_.size() || text_[at_] != '#') return out;
            ++at_;
        }
    }

    bool read_fields(Entry& entry, char close) {
        fault_ = false;
        std::set<std::string> names; // the first of a name counts
        for (;;) {
            skip_space();
            while (at_ < text_.size() && text_[at_] == ',')
                ++at_, skip_space();
            if (at_ >= text_.size()) return false;
            if (text_[at_] == close) {
                ++at_;
                return true;
            }
            const std::string name = to_lower(word());
            skip_space();
            if (name.empty() || at_ >= text_.size() || text_[at_] != '=') return false;
            ++at_;
            std::string read = value();
            if (fault_) return false;
            if (names.insert(name).second) entry.fields.emplace_back(name, std::move(read));
        }
    }

    int line_at(std::size_t offset) {
        line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                             text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
        counted_ = offset;
        return line_;
    }

    const Source& source_;
    std::string_view text_;
    Diagnostics& diagnostics_;
    std::map<std::string, std::string, std::less<>> strings_;
    std::vector<Entry> entries_;
    SearchBudget budget_;
    std::size_t expanded_ = 0; ///< bytes of what names stood for
    std::size_t at_ = 0, counted_ = 0;
    int line_ = 1;
    bool fault_ = false, told_ = false;
};

// Parts of a list at " and " outside braces.
std::vector<std::string_view> split_and(std::string_view list) {
    std::vector<std::string_view> out;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (list[at] == '\\')
            ++at;
        else if (list[at] == '{')
            ++depth;
        else if (list[at] == '}')
            --depth;
        else if (depth == 0 && space(list[at]) && at + 4 < list.size() && to_lower(list[at + 1]) == 'a' &&
                 to_lower(list[at + 2]) == 'n' && to_lower(list[at + 3]) == 'd' && space(list[at + 4])) {
            out.push_back(text::trim(list.substr(begin, at - begin)));
            at += 3, begin = at + 1;
        }
    }
    out.push_back(text::trim(list.substr(begin)));
    return out;
}

// Pieces at any of the characters outside braces.
std::vector<std::string_view> split_outside(std::string_view text, std::string_view at_any) {
    std::vector<std::string_view> out;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at == text.size() || (depth <= 0 && at_any.find(text[at]) != std::string_view::npos)) {
            out.push_back(text::trim(text.substr(begin, at - begin)));
            begin = at + 1;
        } else if (text[at] == '\\' && at + 1 < text.size())
            ++at;
        else
            depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
    }
    return out;
}

bool begins_small(std::string_view word) {
    while (!word.empty() &&
           (word.front() == '{' || word.front() == '\\' || word.front() == '\'' || word.front() == '`'))
        word.remove_prefix(1);
    return !word.empty() && word.front() >= 'a' && word.front() <= 'z';
}

std::string joined(const std::vector<std::string_view>& words, std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i)
        if (!words[i].empty()) out += (out.empty() ? "" : " ") + std::string(words[i]);
    return out;
}

void add_bibtex_name(model::Record& r, std::string_view name, std::string_view role) {
    if (name.empty() || to_lower(name) == "others" || to_lower(name) == "et al." || to_lower(name) == "et al")
        return;
    model::RecordName person;
    person.role = role;
    const bool whole = name.front() == '{' && name.back() == '}' && split_outside(name, " ,").size() == 1;
    if (whole) {
        person.family = latex_to_text(name), person.collective = true;
    } else if (name.find("family=") !=
               std::string_view::npos) { // BibLaTeX: family=Goethe, given=Johann, prefix=von
        std::string prefix;
        for (const auto piece : split_outside(name, ",")) {
            const std::size_t equals = piece.find('=');
            if (equals == std::string_view::npos) continue;
            const std::string value = latex_to_text(piece.substr(equals + 1));
            const auto key = text::trim(piece.substr(0, equals));
            if (key == "family") person.family = value;
            if (key == "given") person.given = value;
            if (key == "suffix") person.suffix = value;
            if (key == "prefix") prefix = value;
        }
        if (!prefix.empty()) person.family = prefix + " " + person.family;
    } else if (const auto parts = split_outside(name, ","); parts.size() >= 2) {
        person.family = latex_to_text(parts[0]);
        person.given = latex_to_text(parts.size() > 2 ? parts[2] : parts[1]);
        if (parts.size() > 2) person.suffix = latex_to_text(parts[1]);
        if (parts.size() == 3 && text::is_suffix(person.given)) std::swap(person.given, person.suffix);
    } else {
        // First von Last: the family name begins with the first word in small letters, else it is the last
        // word.
        std::vector<std::string_view> words;
        for (const auto word : split_outside(name, " \n\t\r~"))
            if (!word.empty()) words.push_back(word);
        if (words.empty()) return; // "~"
        std::size_t begin = words.size() - 1;
        for (std::size_t i = 1; i + 1 < words.size(); ++i)
            if (begins_small(words[i])) {
                begin = i;
                break;
            }
        if (words.size() > 2 && text::is_suffix(latex_to_text(words.back())) && begin == words.size() - 1) {
            person.suffix = latex_to_text(words.back());
            words.pop_back();
            begin = words.size() - 1;
        }
        // "von Berg", but "sudhin jacob": a name all in small letters has no particle.
        if (words.size() == 2 && begins_small(words[0]) && !begins_small(words[1])) begin = 0;
        person.given = latex_to_text(joined(words, 0, begin));
        person.family = latex_to_text(joined(words, begin, words.size()));
    }
    if (person.family.empty()) std::swap(person.family, person.given);
    if (!person.family.empty()) r.people.push_back(std::move(person));
}

struct Kind {
    std::string_view bibtex, type;
};
constexpr Kind kinds[] = {{"article", "article-journal"},
                          {"suppperiodical", "article-journal"},
                          {"review", "article-journal"},
                          {"book", "book"},
                          {"mvbook", "book"},
                          {"collection", "book"},
                          {"mvcollection", "book"},
                          {"reference", "book"},
                          {"mvreference", "book"},
                          {"proceedings", "book"},
                          {"mvproceedings", "book"},
                          {"manual", "book"},
                          {"booklet", "pamphlet"},
                          {"inbook", "chapter"},
                          {"bookinbook", "chapter"},
                          {"suppbook", "chapter"},
                          {"incollection", "chapter"},
                          {"suppcollection", "chapter"},
                          {"inreference", "entry-encyclopedia"},
                          {"inproceedings", "paper-conference"},
                          {"conference", "paper-conference"},
                          {"thesis", "thesis"},
                          {"phdthesis", "thesis"},
                          {"mastersthesis", "thesis"},
                          {"bachelorsthesis", "thesis"},
                          {"report", "report"},
                          {"techreport", "report"},
                          {"online", "webpage"},
                          {"electronic", "webpage"},
                          {"www", "webpage"},
                          {"patent", "patent"},
                          {"dataset", "dataset"},
                          {"software", "software"},
                          {"unpublished", "manuscript"},
                          {"periodical", "periodical"},
                          {"letter", "personal_communication"},
                          {"legislation", "legislation"},
                          {"jurisdiction", "legal_case"},
                          {"standard", "standard"},
                          {"movie", "motion_picture"},
                          {"video", "motion_picture"},
                          {"audio", "song"},
                          {"music", "song"},
                          {"artwork", "graphic"},
                          {"image", "graphic"},
                          {"misc", "document"}};

bool part_of_book(std::string_view type) {
    return type == "inbook" || type == "bookinbook" || type == "suppbook" || type == "incollection" ||
           type == "suppcollection" || type == "inreference" || type == "inproceedings" ||
           type == "conference";
}

// Fields of the parent that a part does not have; titles move one step down (BibLaTeX manual, appendix B).
void inherit(Entry& child, const Entry& parent) {
    static constexpr std::string_view never[] = {
        "crossref", "xref",     "xdata",      "shorttitle",  "sorttitle",   "indextitle", "label",
        "keywords", "abstract", "annotation", "note",        "entryset",    "related",    "relatedtype",
        "execute",  "presort",  "sortkey",    "shortauthor", "shorteditor", "options"};
    const bool part = part_of_book(child.type);
    const bool many = parent.type.substr(0, 2) == "mv";
    for (const auto& [name, value] : parent.fields) {
        if (std::find(std::begin(never), std::end(never), name) != std::end(never)) continue;
        std::string target = name;
        if (name == "title" || name == "subtitle" || name == "titleaddon") {
            if (part)
                target = (many && child.field("booktitle") ? "main" : "book") + name;
            else if (many)
                target = "main" + name;
            else if (parent.type == "periodical" && child.type == "article")
                target = "journal" + name;
        }
        if (name == "author" && part && !child.field("bookauthor"))
            child.fields.emplace_back("bookauthor", value);
        if (!child.field(target)) child.fields.emplace_back(target, value);
    }
}

std::size_t bytes_of(const Entry& entry) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : entry.fields)
        bytes += name.size() + value.size();
    return bytes;
}

// `most`: how many bytes may be taken over from parents.
void resolve_parents(std::vector<Entry>& entries, std::size_t most) {
    std::map<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < entries.size(); ++i)
        by_key.emplace(to_lower(entries[i].key), i);
    for (int pass = 0; pass < 3; ++pass) // grandparents
        for (Entry& entry : entries)
            for (const std::string_view link : {std::string_view("xdata"), std::string_view("crossref")}) {
                const std::string* keys = entry.field(link);
                if (!keys) continue;
                for (const auto key : split_outside(*keys, ",")) {
                    const auto found = by_key.find(to_lower(key));
                    if (found == by_key.end() || &entries[found->second] == &entry) continue;
                    const Entry& parent = entries[found->second];
                    const std::size_t bytes = bytes_of(parent);
                    if (bytes > most) continue;
                    most -= bytes;
                    if (link == "xdata") {
                        for (const auto& [name, value] : parent.fields)
                            if (!entry.field(name)) entry.fields.emplace_back(name, value);
                    } else
                        inherit(entry, parent);
                }
            }
}

// Places and publishers are lists, too: "Durham and London".
std::string listed(const std::string& latex) {
    std::string out;
    for (const auto item : split_and(latex))
        out += (out.empty() ? "" : "; ") + latex_to_text(item);
    return out;
}

std::string titled(const std::string& title, const std::string& subtitle, const std::string& addon) {
    std::string out = title;
    if (!subtitle.empty())
        out += (out.empty()                                                   ? ""
                : out.back() == '?' || out.back() == '!' || out.back() == ':' ? " "
                                                                              : ": ") +
               subtitle;
    if (!addon.empty()) out += (out.empty() || out.back() == '.' ? " " : ". ") + addon;
    return out;
}

// EDTF as BibLaTeX has it: 2004-03/2004-05, 1987~, /1990; month and year apart as BibTeX has it.
std::string date_of(const std::string& date, const std::string& year, const std::string& month,
                    const std::string& day) {
    std::string text(text::trim(date.substr(0, date.find('/'))));
    while (!text.empty() && (text.back() == '~' || text.back() == '?' || text.back() == '%'))
        text.pop_back();
    if (const std::size_t time = text.find('T'); time != std::string::npos) text.resize(time);
    const bool plain =
        text.size() >= 4 && text.size() <= 10 && text.find_first_not_of("0123456789-") == std::string::npos;
    if (plain) return text.size() > 4 && text[4] == '-' ? edtf(text) : text;
    const std::string from_year = year.substr(0, year.find('/'));
    if (year.size() > 4 && edtf(year).size() > 4) return edtf(year);
    // "10~sep", "September 5", "09": a number beside a word is the day.
    std::string word, number = day;
    for (std::size_t at = 0; at < month.size();) {
        const std::size_t end = std::min(month.find_first_of(" ,.~/\xC2\xA0", at), month.size());
        const std::string piece = month.substr(at, end - at);
        const bool digits = piece.find_first_not_of("0123456789") == std::string::npos;
        if (!piece.empty() && !digits && word.empty() && month_number(piece) > 0) word = piece;
        if (!piece.empty() && digits && number.empty()) number = piece;
        at = end + 1;
    }
    if (word.empty() && day.empty()) std::swap(word, number);
    const std::string plain_year = edtf(from_year);
    return plain_year.empty() ? std::string() : edtf(plain_year, word, number);
}

model::Record record_of(const Entry& e) {
    model::Record r;
    r.dialect = "bibtex", r.raw_type = e.type;
    const auto get = [&](std::string_view name) {
        const std::string* value = e.field(name);
        return value ? latex_to_text(*value) : std::string();
    };
    const auto first = [&](std::initializer_list<std::string_view> names) {
        for (const auto name : names)
            if (std::string value = get(name); !value.empty()) return value;
        return std::string();
    };
    const auto list = [&](std::initializer_list<std::string_view> names) {
        for (const auto name : names)
            if (const std::string* value = e.field(name); value && !value->empty()) return listed(*value);
        return std::string();
    };
    for (const Kind& kind : kinds)
        if (kind.bibtex == e.type) r.type = kind.type;
    const std::string subtype = to_lower(get("entrysubtype"));
    if (r.type == "article-journal" && subtype == "magazine") r.type = "article-magazine";
    if (r.type == "article-journal" && subtype == "newspaper") r.type = "article-newspaper";
    if (r.type == "document" && !get("url").empty() && get("howpublished").empty() && get("doi").empty())
        r.type = "webpage";
    r.title = titled(get("title"), get("subtitle"), get("titleaddon"));
    r.short_title = get("shorttitle");
    r.original_title = get("origtitle");
    const std::string journal = titled(first({"journaltitle", "journal"}), get("journalsubtitle"), "");
    const std::string book = titled(get("booktitle"), get("booksubtitle"), get("booktitleaddon"));
    const std::string main = titled(get("maintitle"), get("mainsubtitle"), get("maintitleaddon"));
    r.container = !journal.empty()       ? journal
                  : !book.empty()        ? book
                  : part_of_book(e.type) ? main
                                         : std::string();
    r.container_short = first({"shortjournal", "journalabbreviation", "journal-abbreviation"});
    r.series = get("series");
    if (!part_of_book(e.type) && !main.empty() && r.series.empty()) r.series = main;
    r.volume = get("volume");
    if (const std::string part = get("part"); !part.empty()) r.volume += (r.volume.empty() ? "" : ".") + part;
    r.issue = get("number");
    if (const std::string issue = get("issue"); !issue.empty())
        r.issue += (r.issue.empty() ? "" : ", ") + issue;
    if (const std::string issue = titled(get("issuetitle"), get("issuesubtitle"), "");
        e.type == "periodical" && !issue.empty()) {
        r.container = r.title; // a special issue: the journal's name was the title
        r.title = issue, r.type = "article-journal";
    }
    const std::string pages = plain_hyphens(get("pages"));
    r.pages = pages;
    r.article_number = first({"eid", "article-number", "articleno"});
    r.publisher = list({"publisher", "school", "institution", "organization"});
    r.place = list({"location", "address"});
    r.edition = get("edition");
    r.language = first({"langid", "language", "hyphenation"});
    r.date = date_of(get("date"), get("year"), get("month"), get("day"));
    for (const auto& [field, role] : {std::pair<std::string_view, std::string_view>{"author", "author"},
                                      {"editor", "editor"},
                                      {"translator", "translator"},
                                      {"bookauthor", "container-author"}})
        if (const std::string* people = e.field(field))
            for (const auto name : split_and(*people))
                add_bibtex_name(r, name, role);
    add_id(r, "key", e.key);
    add_id(r, "doi", first({"doi", "digital-object-identifier"}));
    const std::string kind = to_lower(first({"eprinttype", "archiveprefix"})), eprint = get("eprint");
    if (kind == "pubmed")
        add_id(r, "pmid", eprint);
    else if (!kind.empty())
        add_id(r, kind, eprint);
    add_id(r, "pmid", first({"pmid", "pubmed-id", "pubmedid", "pubmed_id"}));
    add_id(r, "pmc", first({"pmcid", "pmc"}));
    if (const std::string wos = first({"unique-id", "isi"}); !wos.empty())
        add_id(r, "wos",
               wos.find("WOS") != std::string::npos || wos.find("ISI") != std::string::npos ? wos : "");
    for (const std::string_view field : {"issn", "eissn", "isbn"})
        add_serials(r, get(field));
    if (std::string abstract = get("abstract"); !abstract.empty())
        r.abstract.push_back({{}, std::move(abstract)});
    for (const std::string_view field : {"keywords", "keyword", "author_keywords", "keywords-plus"}) {
        const std::string words = get(field);
        for (const auto word : split_outside(words, words.find(';') != std::string::npos ? ";" : ","))
            if (!word.empty()) r.keywords.push_back({{}, std::string(word), false});
    }
    // Addresses are not LaTeX: %, _ and ~ stand for themselves.
    if (const std::string* url = e.field("url")) {
        std::string plain;
        for (const char c : *url)
            if (c != '\\' && c != '{' && c != '}' && !space(c)) plain += c;
        add_link(r, plain);
    }
    for (const std::string_view field : {"note", "annote", "annotation", "addendum", "howpublished"})
        if (std::string note = get(field); !note.empty()) {
            add_tool_decisions(r, note);
            r.notes.push_back(std::move(note));
        }
    if (record_id(r, "doi").empty() && !r.notes.empty() && r.notes[0].substr(0, 4) == "doi:")
        add_id(r, "doi", r.notes[0]);
    r.database = first({"source", "database"});
    for (const auto& [name, value] : e.fields)
        r.raw.push_back({name, value});
    mine_registrations(r);
    return r;
}

// Words in the title that BibTeX must not change to small letters.
std::string protected_title(std::string_view title) {
    std::string out;
    for (std::size_t at = 0; at < title.size();) {
        const std::size_t end = std::min(title.find(' ', at), title.size());
        const std::string_view word = title.substr(at, end - at);
        const bool keep =
            at > 0 && std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        out += (at > 0 ? " " : "") + (keep ? "{" + text_to_latex(word) + "}" : text_to_latex(word));
        at = end + 1;
    }
    return out;
}

} // namespace

int sniff_bibtex(std::string_view head) {
    for (std::size_t at = head.find('@'); at != std::string_view::npos; at = head.find('@', at + 1)) {
        if (at > 0 && !space(head[at - 1]) && head[at - 1] != '}') continue;
        std::size_t end = at + 1;
        while (end < head.size() && to_lower(head[end]) >= 'a' && to_lower(head[end]) <= 'z')
            ++end;
        const std::size_t word = end;
        while (end < head.size() && space(head[end]))
            ++end;
        if (word > at + 2 && end < head.size() && (head[end] == '{' || head[end] == '(')) return 75;
    }
    return 0;
}

void read_bibtex(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    std::vector<Entry> entries = Parser(source, diagnostics).run();
    resolve_parents(entries, most_expanded(source.text.size()));
    int count = 0;
    for (const Entry& entry : entries) {
        if (entry.type == "xdata" || entry.type == "set") continue;
        model::Record r = record_of(entry);
        r.file = source.file, r.line = entry.line, r.offset = entry.offset, r.number = ++count;
        sink(std::move(r));
    }
}

namespace {

class BibtexWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        // The key: the record's own, or the first author and the year.
        std::string key;
        for (const char c : record_id(r, "key"))
            if (name_char(c) && c != '\\' && c != '~' && c != '\'') key += c;
        if (key.empty()) {
            const std::string family =
                r.people.empty() ? std::string("record") : to_lower(r.people.front().family);
            for (const char c : family)
                if (c >= 'a' && c <= 'z') key += c;
            key += r.date.substr(0, 4);
            if (key.empty()) key = "record";
        }
        if (const int again = used_[key]++; again > 0) key += "-" + std::to_string(again + 1);
        out += "@" + std::string(bibtex_of_type(r.type)) + "{" + key;
        const auto field = [&](std::string_view name, const std::string& latex) {
            if (!latex.empty()) out += ",\n  " + std::string(name) + " = {" + latex + "}";
        };
        const auto plain = [&](std::string_view name, std::string_view value) {
            field(name, text_to_latex(value));
        };
        field("title", protected_title(r.title));
        plain("shorttitle", r.short_title);
        for (const std::string_view role : {"author", "editor", "translator"}) {
            std::string names;
            for (const auto& name : r.people) {
                if (name.role != role) continue;
                std::string one = text_to_latex(name.family);
                if (name.collective)
                    one = "{" + one + "}";
                else {
                    if (!name.suffix.empty()) one += ", " + text_to_latex(name.suffix);
                    if (!name.given.empty()) one += ", " + text_to_latex(name.given);
                }
                names += (names.empty() ? "" : " and ") + one;
            }
            field(role, names);
        }
        const bool part =
            r.type == "chapter" || r.type == "paper-conference" || r.type.substr(0, 6) == "entry-";
        plain(part ? "booktitle" : "journal", r.container);
        plain("shortjournal", r.container_short);
        plain("series", r.series);
        plain("year", r.date.substr(0, r.date.find('-', 1)));
        if (r.date.size() >= 7 && r.date[4] == '-') {
            const int month = month_number(std::string_view(r.date).substr(5, 2));
            if (month > 0) out += ",\n  month = " + std::string(months[static_cast<std::size_t>(month) - 1]);
        }
        if (r.date.size() == 10) field("date", r.date);
        plain("volume", r.volume);
        plain("number", r.issue);
        std::string pages = r.pages;
        if (const std::size_t dash = pages.find('-');
            dash != std::string::npos && pages.find('-', dash + 1) == std::string::npos)
            pages.insert(dash, "-");
        plain("pages", pages);
        plain("eid", r.article_number);
        plain(r.type == "thesis" ? "school" : r.type == "report" ? "institution" : "publisher", r.publisher);
        plain("address", r.place);
        plain("edition", r.edition);
        std::string serials;
        for (const auto& issn : r.issn)
            serials += (serials.empty() ? "" : ", ") + issn;
        plain("issn", serials);
        serials.clear();
        for (const auto& isbn : r.isbn)
            serials += (serials.empty() ? "" : ", ") + isbn;
        plain("isbn", serials);
        plain("doi", record_id(r, "doi"));
        plain("pmid", record_id(r, "pmid"));
        plain("pmcid", record_id(r, "pmc"));
        if (!r.links.empty()) field("url", r.links.front());
        plain("abstract", abstract_text(r));
        std::string words;
        for (const auto& keyword : r.keywords)
            words += (words.empty() ? "" : "; ") + keyword.term;
        plain("keywords", words);
        plain("language", r.language);
        for (std::size_t i = 0; i < r.notes.size(); ++i)
            plain(i == 0 ? "note" : i == 1 ? "annote" : "addendum" + std::to_string(i), r.notes[i]);
        out += "\n}\n\n";
    }

private:
    std::map<std::string, int> used_; ///< keys
};

} // namespace

std::unique_ptr<Writer> write_bibtex() {
    return std::make_unique<BibtexWriter>();
}

} // namespace assay::records
