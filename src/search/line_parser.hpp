// Reads one line of a strategy. What belongs together is in a file of its own: parse.cpp has the operators
// and brackets, the others what they join.
#pragma once

#include "search/clean.hpp"
#include "search/parse.hpp"
#include "search/signs.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::search {

/// An operator between two parts of a query.
struct Infix {
    enum Kind { none, boolean, near } kind = none;
    Operator op = Operator::all;
    int between = 0;
    bool ordered = false;
    std::size_t length = 0; ///< bytes it takes
};

/// What a bracket tag or a dotted code does to the words before it.
struct Tag {
    enum Kind { fields, heading, qualifier } kind = fields;
    std::vector<Field> list;
    bool explode = false, major = false;
    int between = -1; ///< PubMed "a b"[tiab:~3]
};

class LineParser {
public:
    /// `labels` are those of the strategy's lines; all must outlive this.
    LineParser(const Cleaned& in, Dialect dialect, const std::set<std::string>& labels,
               Diagnostics& diagnostics)
        : in_(in), text_(in.text), dialect_(dialect), row_(row(dialect)), labels_(labels),
          diagnostics_(diagnostics) {}

    /// False: there is nothing to search for in [begin, end).
    bool parse(std::uint32_t begin, std::uint32_t end, Node& out);

private:
    bool ovid() const { return dialect_ == Dialect::ovid || dialect_ == Dialect::ovid_psycinfo; }
    bool mixed() const { return ovid() || dialect_ == Dialect::pubmed; } ///< tags, dots and slashes all count
    bool bracket_tags() const { return mixed() || dialect_ == Dialect::hta; }
    bool colon_fields() const { return dialect_ == Dialect::cochrane || dialect_ == Dialect::embase; }
    void report(std::string_view code, std::size_t begin, std::size_t end, std::string message,
                std::string hint = {});
    void skip_space();
    char peek(std::size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
    bool boundary(std::size_t at) const;
    bool line_of_numbers() const;
    static std::optional<int> number_after(std::string_view word, std::size_t from);
    Infix infix() const;
    int binding(const Infix& op) const;
    Node combine(Node left, const Infix& op, Node right) const;
    std::optional<Node> expression(int least, int depth);
    static bool closes(char c) { return c == ')' || c == ']' || c == '}'; }
    void stray();
    std::optional<Node> continued(Node left, int least, int depth);
    static bool references_only(const Node& node) { return std::holds_alternative<References>(node.what); }
    Node made(std::size_t begin) const;
    std::optional<Node> atom(int depth);
    std::optional<Node> brackets(int depth);
    void fold_fields(Node& node) const;
    static bool same_words(const Node& a, const Node& b);
    std::optional<Node> braces();
    static std::string collapse(std::string_view text);

    // parse_references.cpp
    bool references_start() const;
    std::optional<Node> range_references();
    bool boundary_or_list(std::size_t at) const;
    References ranges(std::string_view list, Operator op);
    std::optional<Node> line_reference();

    // parse_words.cpp
    std::optional<Node> words();
    bool heading_goes_on(std::size_t at) const;
    bool stops_words() const;
    bool starts_field_code() const;
    std::string next_word(bool& stop, bool& heading, std::vector<std::string>& qualifiers);
    static bool emtree_code(std::string_view code);
    bool slash(std::vector<std::string>& qualifiers);
    static std::string unmarked(const std::string& pattern);
    std::string pattern_of(std::string_view raw) const;

    // parse_headings.cpp
    std::size_t emtree_suffix(std::size_t at, Heading* heading) const;
    static void emtree(Node& node, const Heading& like);
    static void add_qualifier(Heading& heading, std::string_view text);
    static Heading heading_from(std::string name, bool explode, bool major);
    static void to_headings(Node& node, bool major, bool explode);
    static void to_qualifiers(Node& node, bool explode);

    // parse_fields.cpp
    void suffixes(Node& node);
    void date_range(Node& node);
    bool take_tag(Tag& tag);
    bool dotted(Tag& tag);
    bool known_code(const std::string& code) const;
    bool bracket_tag(Tag& tag);
    std::size_t colon_list(std::size_t at, std::vector<Field>* list) const;
    void apply(Node& node, const Tag& tag);
    static bool date(std::string_view text);
    static void apply_fields(Node& node, const std::vector<Field>& fields);
    void window(Node& node, const Tag& tag);

    // parse_forms.cpp
    std::optional<Node> special(int depth);
    std::optional<Node> scopus_function(int depth);
    std::optional<Node> refinement(int depth);
    std::optional<Node> equals_field(int depth);
    std::optional<Node> prefix_field(int depth);
    std::optional<Node> colon_prefix(int depth);
    std::optional<Node> descriptor();
    std::optional<Node> square();

    // parse_commands.cpp
    bool take_word(std::string_view word);
    std::optional<Node> command();
    std::optional<Node> line_reference_or_brackets();
    void limit_items(Limit& limit);

    const Cleaned& in_;
    std::string_view text_;
    Dialect dialect_;
    const DialectRow& row_;
    const std::set<std::string>& labels_;
    Diagnostics& diagnostics_;
    std::size_t at_ = 0, end_ = 0;
    bool only_numbers_ = false;
};

} // namespace assay::search
