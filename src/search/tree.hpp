// The one tree into which every search language is read and from which each is printed.
#pragma once

#include "search/dialects.hpp"
#include "search/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay::search {

/// Wildcards inside Text::pattern: bytes that no text contains. `up_to` is followed by '0' + n.
namespace wild {
inline constexpr char any = '\x01';        ///< any number of characters, written '*'
inline constexpr char any_dollar = '\x02'; ///< the same, written '$' (Ovid)
inline constexpr char one = '\x03';        ///< exactly one character
inline constexpr char maybe = '\x04';      ///< one character or none
inline constexpr char up_to = '\x05';      ///< none to n characters
inline constexpr std::string_view signs = "\x01\x02\x03\x04\x05"; ///< all of them
inline bool is(char c) {
    return c >= any && c <= up_to;
}
} // namespace wild

enum class Operator { all, any, without }; // AND, OR, NOT

struct Node;

/// Words in their order, next to one another.
struct Text {
    std::string pattern; ///< words separated by single spaces, with wildcards as bytes of `wild`
    bool quoted = false; ///< stood in quotes
    bool exact = false;  ///< Scopus {braces}: punctuation counts
    bool loose = false;  ///< several words that the language does not take as a phrase (PubMed, Embase, ...)
};

/// A term of the thesaurus.
struct Heading {
    std::string name;
    bool explode = false;
    bool major = false;
    std::vector<std::string> qualifiers; ///< two-letter codes, or the words of the source; any of them
};

/// A subheading that stands alone: any record indexed with it under whatever heading.
struct Qualifier {
    std::string name; ///< as written: code or words
    bool explode = false;
};

/// AND and OR take all children together; NOT takes those after the first away from the first.
struct Group {
    Operator op = Operator::all;
    std::vector<Node> children;
};

struct Near {
    std::vector<Node> children; ///< two; more only with `window`
    int between = 0;            ///< at most so many words may stand between
    bool ordered = false;
    bool window = false; ///< PubMed: all words within one stretch, `between` more words in it
};

struct LineRange {
    std::string first, last; ///< equal: one line
};

/// Other lines of the strategy, by their labels.
struct References {
    Operator op = Operator::any; ///< or/1-4, and/2,5; for a single line it says nothing
    std::vector<LineRange> ranges;
    bool compact = false; ///< written as or/1-4, not as 1 or 2 or 3
};

/// limit 27 to (humans and english language)
struct Limit {
    std::vector<Node> target; ///< one node
    std::vector<std::string> items;
    bool any = false; ///< items joined by OR
};

struct DateRange {
    std::string from, to; ///< as written, yyyy[/mm[/dd]]; 3000 for "until now"; equal for a single date
};

/// A command of the host that has no meaning elsewhere: remove duplicates, from n keep.
struct Command {
    std::string words;        ///< "remove duplicates from"
    std::vector<Node> target; ///< one node
    std::string rest;         ///< "keep 1-10"
};

struct Node {
    std::variant<Text, Heading, Qualifier, Group, Near, References, Limit, DateRange, Command> what;
    std::vector<Field> fields; ///< holds for everything below that names none; empty: the default fields
    bool bracketed = false;    ///< stood in brackets
    int height = 1;            ///< levels below and with this one; the parser keeps it small
    std::uint32_t begin = 0, end = 0; ///< bytes of the cleaned text
};

/// One numbered line of a strategy.
struct Line {
    std::string label; ///< "12", "1a"
    bool comment = false;
    std::string words; ///< of a comment
    Node node;
    bool empty = false; ///< nothing could be read
    std::uint32_t begin = 0, end = 0;
};

struct Strategy {
    Dialect dialect = Dialect::ovid;
    bool numbered = false; ///< the source printed labels
    std::vector<Line> lines;

    /// The index of the line with this label; npos when there is none.
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    std::size_t find(const std::string& label) const;
};

/// Calls `visit(node)` for the node and everything below it, top down.
template<typename Visit> void walk(const Node& node, const Visit& visit) {
    visit(node);
    const std::vector<Node>* below = nullptr;
    if (const auto* group = std::get_if<Group>(&node.what)) below = &group->children;
    if (const auto* near = std::get_if<Near>(&node.what)) below = &near->children;
    if (const auto* limit = std::get_if<Limit>(&node.what)) below = &limit->target;
    if (const auto* command = std::get_if<Command>(&node.what)) below = &command->target;
    if (below)
        for (const Node& child : *below)
            walk(child, visit);
}

} // namespace assay::search
