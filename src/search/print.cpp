#include "search/print.hpp"

#include "base/ascii.hpp"
#include "search/qualifiers.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace assay::search {

namespace {

constexpr int atom = 100, near_binding = 9;
constexpr std::size_t most_products = 200; // "a b"[tiab:~n] for each pair of alternatives

using ascii::digit;
using ascii::letter;

using ascii::to_lower;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}
std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : std::string(between)) + part;
    return out;
}

// True when one pair of brackets encloses the whole text.
bool enclosed(std::string_view text) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
    int open = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text[i] == '(') ++open;
        if (text[i] == ')' && --open == 0 && i + 1 < text.size()) return false;
    }
    return true;
}

struct Out {
    std::string text; ///< empty: left out
    int binding = atom;
};

constexpr std::string_view languages[] = {
    "english",   "french",  "german",  "spanish", "italian",  "portuguese", "dutch",   "danish",    "swedish",
    "norwegian", "finnish", "russian", "polish",  "japanese", "chinese",    "korean",  "turkish",   "czech",
    "hungarian", "greek",   "hebrew",  "arabic",  "persian",  "croatian",   "serbian", "ukrainian",
};

class Printer {
public:
    Printer(const Strategy& strategy, Dialect to)
        : strategy_(strategy), from_(strategy.dialect), to_(to), row_(row(to)) {}

    Printed all() {
        Printed out;
        for (line_ = 0; line_ < strategy_.lines.size(); ++line_) {
            const Line& line = strategy_.lines[line_];
            std::string text;
            if (line.comment)
                text = (line.words.substr(0, 2) == "//" ? "" : "// ") + line.words;
            else if (!line.empty)
                text = print(line.node, {}).text;
            for (char& c : text)
                if (c == '\n') c = ' ';
            out.lines.push_back(text);
            std::string label;
            if (strategy_.numbered && !line.comment)
                label = std::string(row_.line) + line.label + (row_.line.empty() ? ". " : " ");
            out.text += label + text + "\n";
        }
        out.losses = std::move(losses_);
        out.nodes = nodes_;
        return out;
    }

private:
    using Fields = std::vector<Field>;
    bool ovid() const { return to_ == Dialect::ovid || to_ == Dialect::ovid_psycinfo; }
    bool same_language() const { return from_ == to_; }

    void lose(LossKind kind, const Node& node, std::string what) {
        losses_.push_back({kind, line_, node.begin, node.end, std::move(what)});
    }

    std::string wrap(std::string text) const { return enclosed(text) ? text : "(" + std::move(text) + ")"; }

    Out print(const Node& node, const Fields& inherited) {
        ++nodes_;
        const Fields& fields = node.fields.empty() ? inherited : node.fields;
        Out out = std::visit([&](const auto& what) { return write(node, what, fields); }, node.what);
        // A term with its field needs no brackets of its own; headings become such terms where no thesaurus
        // is.
        const bool named = to_ == Dialect::scopus || to_ == Dialect::wos;
        const bool heading =
            std::holds_alternative<Heading>(node.what) || std::holds_alternative<Qualifier>(node.what);
        const bool word = std::holds_alternative<Text>(node.what);
        const bool leaf = word || std::holds_alternative<DateRange>(node.what) || (heading && named);
        const bool fielded_leaf =
            leaf && (!fields.empty() || (heading && named) || (word && to_ == Dialect::wos));
        if (node.bracketed && !out.text.empty() && !fielded_leaf && !field_form_) {
            out.text = wrap(std::move(out.text));
            out.binding = atom;
        }
        field_form_ = false;
        return out;
    }

    // ---- fields
    // --------------------------------------------------------------------------------------------
    std::vector<std::string_view> codes_of(const Fields& fields, bool* partial) const {
        std::vector<std::string_view> list;
        for (const Field field : fields) {
            const auto own = codes(field, to_);
            if (own.empty() && partial) *partial = true;
            for (const auto code : own)
                if (std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
        }
        return list;
    }

    static std::string names(const Fields& fields) {
        std::string out;
        for (const Field field : fields)
            out += (out.empty() ? "" : ", ") + std::string(row(field).name);
        return out.empty() ? "the default fields" : out;
    }

    void field_loss(const Node& node, const Fields& fields, bool fielded) {
        if (same_language()) return;
        const std::uint32_t before = parts_of(fields, from_);
        Fields kept;
        if (fielded)
            for (const Field field : fields)
                if (!codes(field, to_).empty()) kept.push_back(field);
        const std::uint32_t after = parts_of(kept, to_);
        if (before == after) return;
        const std::string what =
            names(fields) + (kept == fields ? std::string(" cover other parts of a record")
                             : kept.empty() ? std::string(" become the default fields")
                                            : " become " + names(kept));
        lose((before & ~after) == 0   ? LossKind::broader
             : (after & ~before) == 0 ? LossKind::narrower
                                      : LossKind::broader,
             node, what);
    }

    // `text` searched in the fields. `group`: it is more than one term.
    std::string fielded(const Node& node, const std::string& text, const Fields& fields, bool group) {
        bool partial = false;
        const auto list = codes_of(fields, &partial);
        field_loss(node, fields, !list.empty());
        if (list.empty()) return (to_ == Dialect::wos ? "TS=" : "") + (group ? wrap(text) : text);
        std::vector<std::string> each;
        std::string all;
        for (const auto code : list)
            all += (all.empty() ? "" : ",") + std::string(code);
        const std::string inner = group ? wrap(text) : text;
        switch (to_) {
        case Dialect::ovid:
        case Dialect::ovid_psycinfo:
            return inner + "." + all + ".";
        case Dialect::cochrane:
        case Dialect::embase:
            return inner + ":" + all;
        case Dialect::pubmed:
            for (const auto code : list)
                each.push_back(inner + "[" + std::string(code) + "]");
            break;
        case Dialect::scopus:
            for (const auto code : list)
                each.push_back(std::string(code) + wrap(text));
            break;
        case Dialect::wos:
            for (const auto code : list)
                each.push_back(std::string(code) + "=" + inner);
            break;
        case Dialect::ebsco:
            for (const auto code : list)
                each.push_back(std::string(code) + " " + inner);
            return "(" + joined(each, " OR ") + ")";
        case Dialect::hta:
            for (const auto code : list)
                each.push_back(wrap(text) + "[" + std::string(code) + "]");
            break;
        case Dialect::lilacs:
            for (const auto code : list)
                each.push_back(std::string(code) + ":" + inner);
            break;
        case Dialect::wos_basic:
            return inner;
        }
        if (each.size() == 1) return each.front();
        const std::string any = joined(each, " OR ");
        return to_ == Dialect::hta ? any : "(" + any + ")";
    }

    // ---- words
    // ---------------------------------------------------------------------------------------------
    std::string wildcards(const Node& node, std::string_view pattern) {
        std::string out;
        const auto sign = [&](char want, std::string_view what) {
            if (want != 0) {
                out += want;
                return;
            }
            if (out.empty() || out.back() != row_.many) out += row_.many;
            lose(LossKind::broader, node, std::string(what) + " becomes any number of characters");
        };
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            const char c = pattern[i];
            if (c == wild::any) {
                out += row_.many;
            } else if (c == wild::any_dollar) {
                out += ovid() ? '$' : row_.many;
            } else if (c == wild::one) {
                sign(row_.one, "a wildcard for one character");
            } else if (c == wild::maybe) {
                sign(row_.maybe, "a wildcard for one character or none");
            } else if (c == wild::up_to) {
                const char n = i + 1 < pattern.size() ? pattern[++i] : '1';
                if (row_.limited) {
                    out += '*';
                    out += n;
                } else if (n == '1' && row_.maybe != 0) {
                    out += row_.maybe;
                } else {
                    sign(0, std::string("truncation to at most ") + n +
                                (n == '1' ? " character" : " characters"));
                }
            } else if (c == row_.many || (row_.one != 0 && c == row_.one) ||
                       (row_.maybe != 0 && c == row_.maybe) || c == '"' || (ovid() && c == '$')) {
                continue; // a plain sign there, a wildcard here: it is no letter anyway
            } else {
                out += c;
            }
        }
        return out;
    }

    bool reserved(std::string_view word) const {
        const std::string low = to_lower(word);
        for (const std::string_view known : {"and", "or", "not", "adj", "near", "next", "same", "andnot"})
            if (low == known) return true;
        for (const std::string_view start : {"adj", "near/", "next/", "near", "next", "w/", "pre/"})
            if (low.size() > start.size() && low.rfind(start, 0) == 0 &&
                std::all_of(low.begin() + static_cast<long>(start.size()), low.end(), digit))
                return true;
        if (to_ == Dialect::ebsco && low.size() > 1 && (low[0] == 'n' || low[0] == 'w' || low[0] == 's') &&
            std::all_of(low.begin() + 1, low.end(), digit))
            return true;
        return false;
    }

    // Must the words stand in quotes so that they are not read as syntax?
    bool needs_quotes(std::string_view text, bool several) const {
        bool first = true;
        for (std::size_t i = 0; i <= text.size();) {
            const std::size_t stop = std::min(text.find(' ', i), text.size());
            const std::string_view word = text.substr(i, stop - i);
            if (reserved(word)) return true;
            if (first && several &&
                (to_lower(word) == "exp" || to_lower(word) == "limit" || to_lower(word) == "mesh" ||
                 to_lower(word) == "use" || to_lower(word) == "from" || to_lower(word) == "remove"))
                return true;
            if (first && to_ == Dialect::ebsco && word.size() == 2 && upper(word) == word &&
                letter(word[0]) && letter(word[1]))
                return true;
            first = false;
            i = stop + 1;
        }
        if (text.find_first_of("()[]{}=<>&|") != std::string_view::npos) return true;
        if (!several && std::all_of(text.begin(), text.end(), digit)) return true;
        if (text.front() == '#' || text.front() == '*' || text.front() == '%') return true;
        if ((ovid() || to_ == Dialect::embase) && text.find('/') != std::string_view::npos) return true;
        if (to_ == Dialect::pubmed && text.find('/') != std::string_view::npos && !same_language())
            return true;
        if ((to_ == Dialect::cochrane || to_ == Dialect::embase || to_ == Dialect::lilacs || ovid()) &&
            text.find(':') != std::string_view::npos)
            return true;
        if (to_ == Dialect::embase && text.find('\'') != std::string_view::npos) return true;
        if (ovid() || to_ == Dialect::pubmed)
            for (std::size_t i = 0; i + 1 < text.size(); ++i)
                if (text[i] == '.' && (letter(text[i + 1]) || text[i + 1] == ' ')) return true;
        return false;
    }

    std::string in_marks(const std::string& text) const {
        const char quote = row_.quote == '\'' && text.find('\'') != std::string::npos ? '"' : row_.quote;
        return quote + text + quote;
    }

    Out write(const Node& node, const Text& text, const Fields& fields) {
        Out out = words(node, text, fields);
        if (out.text.empty()) return out;
        if (fields.empty()) {
            if (!inside_fields_) field_loss(node, fields, false);
            if (to_ == Dialect::wos && !inside_fields_) {
                out.text = "TS=" + (out.binding == atom ? out.text : wrap(out.text));
                out.binding = atom;
            }
            return out;
        }
        if (inside_fields_) return out;
        const bool group = out.binding != atom;
        if (row(fields.front()).parts == part::date) { // words where a date is wanted
            out.text = fielded(node, out.text, fields, group);
            out.binding = atom;
            return out;
        }
        const bool spread = to_ == Dialect::hta && codes_of(fields, nullptr).size() > 1;
        out.text = fielded(node, out.text, fields, group);
        out.binding = spread ? row_.binding.any : atom;
        return out;
    }

    Out words(const Node& node, const Text& text, const Fields& fields) {
        const bool several = text.pattern.find(' ') != std::string::npos;
        const bool wild_signs = text.pattern.find_first_of(wild::signs) != std::string::npos;
        if (text.loose && several && !same_language()) {
            const bool tagged = from_ == Dialect::pubmed && !fields.empty();
            if (!tagged && row_.phrase) { // words side by side mean AND there and a phrase here
                std::vector<std::string> each;
                for (std::size_t i = 0; i <= text.pattern.size();) {
                    const std::size_t stop = std::min(text.pattern.find(' ', i), text.pattern.size());
                    std::string word = wildcards(node, std::string_view(text.pattern).substr(i, stop - i));
                    if (!word.empty()) each.push_back(needs_quotes(word, false) ? in_marks(word) : word);
                    i = stop + 1;
                }
                return {"(" + joined(each, " AND ") + ")", atom};
            }
            if (tagged)
                lose(LossKind::narrower, node,
                     "PubMed looks for the words apart when it does not know the phrase; "
                     "here they are a phrase");
        }
        const bool plain_loose =
            text.loose && several && (same_language() || fields.empty() || from_ != Dialect::pubmed);
        if (several && wild_signs && !row_.wild_in_quotes && !plain_loose) {
            // No wildcards inside quotes: the words one after the other.
            const std::string next = to_ == Dialect::embase ? " NEXT/1 " : " NEXT ";
            std::string chain;
            for (std::size_t i = 0; i <= text.pattern.size();) {
                const std::size_t stop = std::min(text.pattern.find(' ', i), text.pattern.size());
                const std::string word = wildcards(node, std::string_view(text.pattern).substr(i, stop - i));
                if (!word.empty())
                    chain +=
                        (chain.empty() ? "" : next) + (needs_quotes(word, false) ? in_marks(word) : word);
                i = stop + 1;
            }
            return {"(" + chain + ")", atom};
        }
        std::string plain = wildcards(node, text.pattern);
        while (!plain.empty() && plain.back() == ' ')
            plain.pop_back();
        if (plain.empty()) return {};
        if (text.exact && to_ == Dialect::scopus) return {"{" + plain + "}", atom};
        if (text.exact && !same_language()) lose(LossKind::broader, node, "punctuation no longer counts");
        if (plain_loose) return {needs_quotes(plain, true) ? in_marks(plain) : plain, atom};
        const bool quote = (several && (text.quoted || !row_.phrase)) ||
                           (!several && text.quoted && keeps_quotes(plain)) || needs_quotes(plain, several);
        return {quote ? in_marks(plain) : plain, atom};
    }

    // Quotes around one word: kept where they switch something off (PubMed's mapping, Embase's).
    bool keeps_quotes(const std::string&) const {
        return same_language() || to_ == Dialect::pubmed || to_ == Dialect::embase ||
               to_ == Dialect::cochrane || ovid();
    }

    // ---- headings
    // ------------------------------------------------------------------------------------------
    static bool plain_name(const std::string& name) {
        return std::all_of(name.begin(), name.end(), [](char c) {
            return letter(c) || digit(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
        });
    }

    std::string name_of(const std::string& name, const std::string& tail = {}) const {
        return plain_name(name) && !reserved(name) &&
                       !(ovid() && std::all_of(name.begin(), name.end(), digit))
                   ? name + tail
                   : '"' + name + tail + '"';
    }

    static std::string qualifier_codes(const Heading& heading, bool capitals, std::string_view between) {
        std::vector<std::string> list;
        for (const auto& q : heading.qualifiers)
            list.push_back(capitals ? upper(q) : q);
        return joined(list, between);
    }

    Out write(const Node& node, const Heading& heading, const Fields&) {
        const auto lost_major = [&] {
            if (heading.major) lose(LossKind::broader, node, "the main-topic mark cannot be said");
        };
        const auto lost_qualifiers = [&] {
            if (!heading.qualifiers.empty()) lose(LossKind::broader, node, "the subheading cannot be said");
        };
        const auto lost_explosion = [&] {
            if (heading.explode) lose(LossKind::narrower, node, "narrower terms are not searched with it");
        };
        const bool mesh_from = from_ != Dialect::embase, mesh_to = to_ != Dialect::embase;
        if (mesh_from != mesh_to && to_ != Dialect::scopus && to_ != Dialect::wos &&
            to_ != Dialect::wos_basic)
            lose(LossKind::narrower, node,
                 mesh_from ? "the name is MeSH's; Emtree may call it otherwise"
                           : "the name is Emtree's; MeSH may call it otherwise");
        std::string name;
        for (const char c : heading.name)
            if (c != '"') name += c;
        if (name.empty()) return {};
        switch (to_) {
        case Dialect::pubmed: {
            const std::string tag =
                std::string(heading.major ? "[Majr" : "[Mesh") + (heading.explode ? "]" : ":NoExp]");
            if (heading.qualifiers.empty()) return {name_of(name) + tag, atom};
            std::vector<std::string> each;
            for (const auto& q : heading.qualifiers)
                each.push_back(name_of(name, "/" + q) + tag);
            if (each.size() == 1) return {each.front(), atom};
            return {"(" + joined(each, " OR ") + ")", atom};
        }
        case Dialect::ovid:
        case Dialect::ovid_psycinfo:
            return {std::string(heading.explode ? "exp " : "") + (heading.major ? "*" : "") + name_of(name) +
                        "/" + qualifier_codes(heading, false, ", "),
                    atom};
        case Dialect::cochrane: {
            lost_major();
            const std::string codes_ = qualifier_codes(heading, true, ",");
            return {"[mh " + std::string(heading.explode ? "" : "^") + name_of(name) +
                        (codes_.empty() ? "" : "/" + codes_) + "]",
                    atom};
        }
        case Dialect::embase: {
            std::string text = in_marks(name) + (heading.explode ? "/exp" : heading.major ? "" : "/de");
            if (heading.major) text += "/mj";
            std::vector<std::string> links;
            for (const auto& q : heading.qualifiers) {
                const std::string link = q.find('_') != std::string::npos ? q : std::string(emtree_link(q));
                if (!link.empty()) links.push_back(link);
            }
            if (links.size() < heading.qualifiers.size()) {
                // any of the subheadings was meant: without one of them all have to go
                links.clear();
                lost_qualifiers();
            }
            if (!links.empty()) text += "/" + joined(links, ",");
            return {text, atom};
        }
        case Dialect::ebsco: {
            const std::string codes_ = qualifier_codes(heading, true, ",");
            return {std::string(heading.major ? "(MM " : "(MH ") +
                        name_of(name, std::string(heading.explode ? "+" : "") +
                                          (codes_.empty() ? "" : "/" + codes_)) +
                        ")",
                    atom};
        }
        case Dialect::hta: {
            lost_major();
            const std::string codes_ = qualifier_codes(heading, false, ",");
            return {name_of(name, codes_.empty() ? "" : "/" + codes_) + (heading.explode ? "[mhe]" : "[mh]"),
                    atom};
        }
        case Dialect::lilacs:
            lost_qualifiers();
            if (!heading.explode && from_ != to_)
                lose(LossKind::broader, node, "narrower terms are searched, too");
            return {std::string(heading.major ? "mj:" : "mh:") + name_of(name), atom};
        case Dialect::scopus:
            lost_major();
            lost_qualifiers();
            lost_explosion();
            return {"INDEXTERMS(" + name_of(name) + ")", atom};
        case Dialect::wos:
        case Dialect::wos_basic:
            lose(LossKind::impossible, node, "there is no thesaurus; the name is searched as words");
            return {std::string(to_ == Dialect::wos ? "TS=" : "") + name_of(name), atom};
        }
        return {};
    }

    Out write(const Node& node, const Qualifier& qualifier, const Fields&) {
        const QualifierRow* known = find_qualifier(qualifier.name);
        std::string name;
        for (const char c : known ? known->name : std::string_view(qualifier.name))
            if (c != '"') name += c;
        if (name.empty()) return {};
        switch (to_) {
        case Dialect::pubmed:
            return {"\"" + name + "\"[sh]", atom};
        case Dialect::ovid: {
            const std::string tail = qualifier.explode && from_ == to_ ? ".xs." : ".fs.";
            if (known && qualifier.name.size() == 2) return {to_lower(known->code) + tail, atom};
            return {"\"" + name + "\"" + tail, atom};
        }
        case Dialect::cochrane:
            return {"[mh /" + (known ? std::string(known->code) : "\"" + name + "\"") + "]", atom};
        case Dialect::embase:
            return {in_marks(to_lower(name)) + ":lnk", atom};
        case Dialect::ebsco:
            return {"(MW \"" + name + "\")", atom};
        case Dialect::lilacs:
            return {"sh:\"" + name + "\"", atom};
        default:
            break;
        }
        lose(LossKind::impossible, node, "there are no subheadings; the name is searched as words");
        return {std::string(to_ == Dialect::wos ? "TS=" : "") + "\"" + name + "\"" +
                    (to_ == Dialect::ovid_psycinfo ? ".hw." : ""),
                atom};
    }

    // ---- groups
    // -------------------------------------------------------------------------------------------- Only words
    // below, none with fields of its own: the fields can stand around all of it.
    static bool only_words(const Node& node, bool& booleans) {
        bool only = true;
        walk(node, [&](const Node& below) {
            if (&below != &node && !below.fields.empty()) only = false;
            if (const auto* group = std::get_if<Group>(&below.what))
                booleans = booleans || group->op != Operator::any;
            else if (const auto* text = std::get_if<Text>(&below.what))
                booleans = booleans || text->loose;
            else if (!std::holds_alternative<Near>(below.what))
                only = false;
        });
        return only;
    }

    bool around(const Node& node, const Fields& fields) const {
        if (fields.empty() || to_ == Dialect::pubmed || to_ == Dialect::hta) return false;
        bool booleans = false;
        if (!only_words(node, booleans)) return false;
        const bool lists =
            ovid() || to_ == Dialect::cochrane || to_ == Dialect::embase || to_ == Dialect::wos_basic;
        // TI (a AND b) OR AB (a AND b) would want both words in one field.
        return lists || !booleans || codes_of(fields, nullptr).size() < 2;
    }

    int binding_of(Operator op) const {
        return op == Operator::all   ? row_.binding.all
               : op == Operator::any ? row_.binding.any
                                     : row_.binding.without;
    }

    Out write(const Node& node, const Group& group, const Fields& fields) {
        if (!inside_fields_ && around(node, fields))
            return in_fields(node, fields, [&] { return write_group(group, {}); });
        if (whole_topic(node, fields)) return in_fields(node, {}, [&] { return write_group(group, {}); });
        return write_group(group, inside_fields_ ? Fields() : fields);
    }

    // Web of Science wants a field for every term: without any, one TS=(...) around all of them.
    bool whole_topic(const Node& node, const Fields& fields) const {
        bool booleans = false;
        return to_ == Dialect::wos && fields.empty() && !inside_fields_ && only_words(node, booleans);
    }

    template<typename Inner> Out in_fields(const Node& node, const Fields& fields, const Inner& inner) {
        inside_fields_ = true;
        const Out within = inner();
        inside_fields_ = false;
        if (within.text.empty()) return {};
        Out out{fields.empty() ? "TS=" + wrap(within.text) : fielded(node, within.text, fields, true), atom};
        field_form_ = true;
        return out;
    }

    Out write_group(const Group& group, const Fields& fields) {
        const int binds = binding_of(group.op);
        const std::string word = group.op == Operator::all   ? " AND "
                                 : group.op == Operator::any ? " OR "
                                                             : " " + std::string(row_.and_not) + " ";
        Out out{{}, binds};
        std::size_t kept = 0;
        for (std::size_t i = 0; i < group.children.size(); ++i) {
            Out child = print(group.children[i], fields);
            if (child.text.empty()) {
                if (i == 0 && group.op == Operator::without) return {}; // nothing to take away from
                continue;
            }
            const bool brackets = kept == 0 ? child.binding < binds : child.binding <= binds;
            const std::string text = brackets ? "(" + child.text + ")" : child.text;
            out.text += (kept == 0 ? "" : word) + text;
            if (++kept == 1) single_ = brackets ? atom : child.binding;
        }
        if (kept == 1) out.binding = single_;
        return out;
    }

    Out write(const Node& node, const Near& near, const Fields& fields) {
        if (to_ == Dialect::pubmed) return near_pubmed(node, near, fields);
        if (to_ == Dialect::hta || to_ == Dialect::lilacs) {
            lose(LossKind::broader, node, "nearness becomes AND");
            return as_and(near, fields);
        }
        if (!inside_fields_ && (around(node, fields) || whole_topic(node, fields)))
            return in_fields(node, fields, [&] { return near_chain(node, near, {}); });
        return near_chain(node, near, inside_fields_ ? Fields() : fields);
    }

    Out as_and(const Near& near, const Fields& fields) {
        Out out{{}, row_.binding.all};
        for (const Node& child : near.children) {
            Out part = print(child, fields);
            if (part.text.empty()) continue;
            const bool brackets =
                out.text.empty() ? part.binding < row_.binding.all : part.binding <= row_.binding.all;
            out.text += (out.text.empty() ? "" : " AND ") + (brackets ? "(" + part.text + ")" : part.text);
        }
        return out;
    }

    std::string near_word(const Node& node, const Near& near) {
        const int k = near.between;
        const auto n = [](int value) { return std::to_string(value); };
        const auto unordered = [&] {
            if (near.ordered) lose(LossKind::broader, node, "the order of the words no longer counts");
        };
        switch (to_) {
        case Dialect::ovid:
        case Dialect::ovid_psycinfo:
            if (near.ordered && k == 0) return "ADJ";
            unordered();
            return "ADJ" + n(k + 1);
        case Dialect::embase:
            return (near.ordered ? "NEXT/" : "NEAR/") + n(k + 1);
        case Dialect::cochrane:
            if (near.ordered) return k == 0 ? "NEXT" : "NEXT/" + n(k);
            return "NEAR/" + n(k);
        case Dialect::scopus:
            return (near.ordered ? "PRE/" : "W/") + n(k);
        case Dialect::ebsco:
            return (near.ordered ? "W" : "N") + n(k);
        default:
            unordered();
            return "NEAR/" + n(k);
        }
    }

    Out near_chain(const Node& node, const Near& near, const Fields& fields) {
        if (near.window && near.children.size() > 2)
            lose(LossKind::broader, node, "each word need only be near the next, not all in one stretch");
        const std::string word = " " + near_word(node, near) + " ";
        Out out{{}, near_binding};
        for (const Node& child : near.children) {
            Out part = print(child, fields);
            if (part.text.empty()) continue;
            const bool brackets =
                out.text.empty() ? part.binding < near_binding : part.binding <= near_binding;
            out.text += (out.text.empty() ? "" : word) + (brackets ? "(" + part.text + ")" : part.text);
        }
        return out;
    }

    // The words a side of a nearness can be: plain ones, or alternatives of plain ones.
    static bool alternatives(const Node& node, std::vector<std::string>& list) {
        if (const auto* text = std::get_if<Text>(&node.what)) {
            if (!node.fields.empty() || text->pattern.find_first_of(wild::signs) != std::string::npos)
                return false;
            list.push_back(text->pattern);
            return true;
        }
        const auto* group = std::get_if<Group>(&node.what);
        if (!group || group->op != Operator::any || !node.fields.empty()) return false;
        return std::all_of(group->children.begin(), group->children.end(),
                           [&](const Node& child) { return alternatives(child, list); });
    }

    // "a b"[tiab:~2]: quoted plain words, in titles, titles with abstracts or affiliations only.
    Out near_pubmed(const Node& node, const Near& near, const Fields& fields) {
        std::string code;
        if (fields.size() == 1) {
            const auto list = codes(fields.front(), to_);
            if (list.size() == 1 && (list.front() == "tiab" || list.front() == "ti" || list.front() == "ad"))
                code = list.front();
        }
        std::vector<std::string> products(1);
        bool fits = !code.empty(), phrases = false;
        for (const Node& child : near.children) {
            std::vector<std::string> own;
            if (!fits || !alternatives(child, own) || own.size() * products.size() > most_products) {
                fits = false;
                break;
            }
            std::vector<std::string> next;
            for (const auto& before : products)
                for (const auto& word : own) {
                    phrases = phrases || word.find(' ') != std::string::npos;
                    next.push_back(before + (before.empty() ? "" : " ") + word);
                }
            products = std::move(next);
        }
        if (!fits) {
            lose(LossKind::broader, node,
                 code.empty() ? "nearness becomes AND: PubMed has it only in [ti], [tiab] and [ad]"
                              : "nearness becomes AND: PubMed has it for plain words only");
            return as_and(near, fields);
        }
        nodes_ += near.children.size();
        if (near.ordered) lose(LossKind::broader, node, "the order of the words no longer counts");
        if (phrases) lose(LossKind::broader, node, "the words of a phrase may stand apart");
        field_loss(node, fields, true);
        std::vector<std::string> each;
        for (const auto& words_ : products)
            each.push_back("\"" + words_ + "\"[" + code + ":~" + std::to_string(near.between) + "]");
        field_form_ = true;
        if (each.size() == 1) return {each.front(), atom};
        return {"(" + joined(each, " OR ") + ")", atom};
    }

    // ---- lines, limits, dates
    // --------------------------------------------------------------------------------
    std::vector<std::string> expanded(const LineRange& range) const {
        if (range.first == range.last) return {range.first};
        const std::size_t first = strategy_.find(range.first), last = strategy_.find(range.last);
        std::vector<std::string> list;
        if (first != Strategy::npos && last != Strategy::npos && first <= last) {
            for (std::size_t i = first; i <= last; ++i)
                if (!strategy_.lines[i].comment) list.push_back(strategy_.lines[i].label);
            return list;
        }
        const int from = std::atoi(range.first.c_str()), to = std::atoi(range.last.c_str());
        for (int i = from; i <= to && i - from < 1000; ++i)
            list.push_back(std::to_string(i));
        if (list.empty()) list = {range.first, range.last};
        return list;
    }

    Out write(const Node&, const References& references, const Fields&) {
        if (references.ranges.empty()) return {};
        const std::string sign(row_.line);
        if (!references.compact && references.ranges.size() == 1 &&
            references.ranges.front().first == references.ranges.front().last)
            return {sign + references.ranges.front().first, atom};
        const bool any = references.op == Operator::any;
        if (ovid() || to_ == Dialect::cochrane) {
            std::vector<std::string> list;
            for (const LineRange& range : references.ranges)
                list.push_back(sign + range.first +
                               (range.first == range.last ? "" : "-" + sign + range.last));
            if (ovid()) return {std::string(any ? "OR/" : "AND/") + joined(list, ","), atom};
            return {std::string(any ? "{OR " : "{AND ") + joined(list, ",") + "}", atom};
        }
        std::vector<std::string> list;
        for (const LineRange& range : references.ranges)
            for (const auto& label : expanded(range))
                list.push_back(sign + label);
        return {joined(list, any ? " OR " : " AND "), list.size() > 1 ? binding_of(references.op) : atom};
    }

    static std::string without_quotes(std::string_view text) {
        std::string out;
        for (const char c : text)
            if (c != '"') out += c;
        while (!out.empty() && out.back() == ' ')
            out.pop_back();
        return out;
    }

    // yr="1966 - 1992", ed=20110201-20160720: first and last, as far as given.
    static std::optional<DateRange> dates_of(std::string_view item, std::string_view key) {
        if (item.rfind(key, 0) != 0) return std::nullopt;
        std::string digits;
        for (const char c : item.substr(key.size()))
            if (digit(c) || c == '-') digits += c;
        const std::size_t dash = digits.find('-');
        DateRange range{digits.substr(0, dash),
                        dash == std::string::npos ? digits.substr(0, dash) : digits.substr(dash + 1)};
        if (range.to.empty()) range.to = "3000";
        if (range.from.empty()) range.from = "1000";
        const auto slashed = [](std::string& date) {
            if (date.size() == 8)
                date = date.substr(0, 4) + "/" + date.substr(4, 2) + "/" + date.substr(6, 2);
        };
        if (range.from.size() != 4 && range.from.size() != 8) return std::nullopt;
        if (range.to.size() != 4 && range.to.size() != 8) return std::nullopt;
        slashed(range.from);
        slashed(range.to);
        return range;
    }

    std::optional<std::string> limit_item(const Node& node, const std::string& raw) {
        const std::string item = to_lower(without_quotes(raw));
        std::string squeezed;
        for (const char c : item)
            if (c != ' ') squeezed += c;
        for (const auto& [key, field] : {std::pair<std::string_view, Field>{"yr=", Field::date_published},
                                         {"ed=", Field::date_entered},
                                         {"dt=", Field::date_created}})
            if (const auto range = dates_of(squeezed, key)) {
                Node date = node;
                date.what = *range;
                date.fields = {field};
                const std::string text = print(date, {}).text;
                if (text.empty()) return std::nullopt;
                return text;
            }
        std::string language = item;
        if (const std::size_t at = language.find(" language"); at != std::string::npos) language.resize(at);
        if (std::find(std::begin(languages), std::end(languages), language) != std::end(languages)) {
            if (to_ == Dialect::embase) return "[" + language + "]/lim";
            if (codes(Field::language, to_).empty()) return std::nullopt;
            Node words_ = node;
            words_.what = Text{language, false, false, false};
            words_.fields = {Field::language};
            return print(words_, {}).text;
        }
        const bool people = item == "humans" || item == "human",
                   animals = item == "animals" || item == "animal";
        if (people || animals) {
            if (to_ == Dialect::embase) return people ? "[humans]/lim" : "[animals]/lim";
            if (to_ == Dialect::scopus || to_ == Dialect::wos || to_ == Dialect::wos_basic)
                return std::nullopt;
            Node heading = node;
            Heading made;
            made.name = people ? "Humans" : "Animals";
            made.explode = true;
            heading.what = made;
            heading.fields.clear();
            return print(heading, {}).text;
        }
        static constexpr std::string_view types[] = {"clinical trial",
                                                     "clinical trial, all",
                                                     "clinical trial/all",
                                                     "randomized controlled trial",
                                                     "randomized controlled trials",
                                                     "controlled clinical trial",
                                                     "meta analysis",
                                                     "meta-analysis",
                                                     "review",
                                                     "review articles",
                                                     "systematic review",
                                                     "case reports",
                                                     "letter",
                                                     "editorial",
                                                     "comment",
                                                     "journal article",
                                                     "practice guideline",
                                                     "guideline",
                                                     "multicenter study",
                                                     "comparative study",
                                                     "observational study"};
        if (std::find(std::begin(types), std::end(types), item) != std::end(types) &&
            !codes(Field::publication_type, to_).empty()) {
            Node words_ = node;
            std::string type = item.substr(0, item.find('/'));
            if (type == "review articles") type = "review";
            if (type.back() == 's' && type != "case reports") type.pop_back();
            if (type == "clinical trial, all") type = "clinical trial";
            words_.what = Text{type, false, false, false};
            words_.fields = {Field::publication_type};
            return print(words_, {}).text;
        }
        return std::nullopt;
    }

    Out write(const Node& node, const Limit& limit, const Fields&) {
        if (ovid() && !limit.target.empty()) {
            Out target = print(limit.target.front(), {});
            if (target.text.empty()) return {};
            if (target.binding != atom) target.text = wrap(target.text);
            const std::string items = joined(limit.items, limit.any ? " or " : " and ");
            return {"limit " + target.text + " to " + (limit.items.size() > 1 ? "(" + items + ")" : items),
                    atom};
        }
        Out out;
        if (!limit.target.empty()) out = print(limit.target.front(), {});
        std::vector<std::string> kept;
        for (const std::string& item : limit.items) {
            if (auto text = limit_item(node, item))
                kept.push_back(std::move(*text));
            else if (to_ == from_ && limit.target.empty()) // the language it was written in
                kept.push_back(to_ == Dialect::embase ? "[" + item + "]/lim" : item);
            else
                lose(limit.target.empty() ? LossKind::impossible : LossKind::broader, node,
                     "the limit " + item + " cannot be said and was left out");
        }
        if (limit.any && kept.size() < limit.items.size()) kept.clear(); // any of them was allowed
        if (kept.empty()) return out;
        std::string items;
        if (limit.any && kept.size() > 1)
            items = "(" + joined(kept, " OR ") + ")";
        else
            items = joined(kept, " AND ");
        if (out.text.empty()) return {items, kept.size() > 1 && !limit.any ? row_.binding.all : atom};
        const bool brackets = out.binding < row_.binding.all;
        return {(brackets ? "(" + out.text + ")" : out.text) + " AND " + items, row_.binding.all};
    }

    Out write(const Node& node, const DateRange& range, const Fields& fields) {
        const Field field = fields.empty() ? Field::date_published : fields.front();
        const auto list = codes(field, to_);
        const bool published = field == Field::date_published;
        const int from = std::atoi(range.from.substr(0, 4).c_str()),
                  to = std::atoi(range.to.substr(0, 4).c_str());
        const bool months = range.from.size() > 4 || (range.to.size() > 4 && to < 3000);
        const auto only_years = [&] {
            if (months && to_ != from_) lose(LossKind::broader, node, "only whole years can be said");
        };
        if (to_ == Dialect::pubmed && !list.empty()) {
            const std::string tag = "[" + std::string(list.front()) + "]";
            return {range.from == range.to ? range.from + tag : range.from + ":" + range.to + tag, atom};
        }
        if (published) {
            const std::string a = std::to_string(from), b = std::to_string(to);
            switch (to_) {
            case Dialect::ovid:
            case Dialect::ovid_psycinfo: {
                if (from < 1500 || to > 2500 || to - from > 80) break;
                only_years();
                if (from >= to) return {a + ".yr.", atom};
                std::vector<std::string> years;
                for (int year = from; year <= to; ++year)
                    years.push_back(std::to_string(year) + ".yr.");
                return {"(" + joined(years, " OR ") + ")", atom};
            }
            case Dialect::embase:
                only_years();
                return {"[" + (a == b ? a : a + "-" + b) + "]/py", atom};
            case Dialect::scopus: {
                only_years();
                if (from == to) return {"PUBYEAR = " + a, atom};
                const std::string after = "PUBYEAR > " + std::to_string(from - 1),
                                  before = "PUBYEAR < " + std::to_string(to + 1);
                if (to >= 3000) return {after, atom};
                if (from <= 1000) return {before, atom};
                return {"(" + after + " AND " + before + ")", atom};
            }
            case Dialect::wos:
                only_years();
                return {"PY=" + (a == b ? a : "(" + a + "-" + std::min(b, std::string("2100")) + ")"), atom};
            case Dialect::ebsco:
                only_years();
                return {"(DT " + (a == b ? a : a + "-" + b) + ")", atom};
            default:
                break;
            }
        }
        lose(LossKind::impossible, node,
             "this limit of dates cannot be said as a term and was left out; set it on the page of the host");
        return {};
    }

    Out write(const Node& node, const Command& command, const Fields&) {
        if (command.target.empty()) return {};
        Out target = print(command.target.front(), {});
        if (ovid()) {
            if (target.binding != atom) target.text = wrap(target.text);
            return {command.words + " " + target.text + (command.rest.empty() ? "" : " " + command.rest),
                    atom};
        }
        lose(LossKind::impossible, node, "'" + command.words + "' is a command of Ovid and was left out");
        return target;
    }

    const Strategy& strategy_;
    Dialect from_, to_;
    const DialectRow& row_;
    std::vector<Loss> losses_;
    std::size_t line_ = 0, nodes_ = 0;
    bool inside_fields_ = false; ///< fields stand around what is being written
    bool field_form_ = false;    ///< the last text has its brackets from its fields
    int single_ = atom;
};

} // namespace

std::string_view to_string(LossKind kind) {
    switch (kind) {
    case LossKind::exact:
        return "exact";
    case LossKind::broader:
        return "broader";
    case LossKind::narrower:
        return "narrower";
    case LossKind::impossible:
        return "impossible";
    }
    return {};
}

Printed print(const Strategy& strategy, Dialect to) {
    return Printer(strategy, to).all();
}

} // namespace assay::search
