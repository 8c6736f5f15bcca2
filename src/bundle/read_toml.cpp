// review.toml, read by its declared keys. A block with a syntax error is left out and the rest is read.
#include "base/utf8.hpp"
#include "bundle/keys.hpp"
#include "bundle/read_parts.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace assay::bundle {

namespace {

constexpr const char* file_name = "review.toml";
constexpr const char* grade_name = "grade.toml";

// Characters of a value on its first line.
int span_of(const toml::source_region& source) {
    return source.end.line == source.begin.line && source.end.column > source.begin.column
               ? static_cast<int>(source.end.column - source.begin.column)
               : 1;
}

// What stands there, in a user's words.
std::string found(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::string:
        return "a text";
    case toml::node_type::integer:
        return "a whole number";
    case toml::node_type::floating_point:
        return "a number";
    case toml::node_type::boolean:
        return "true or false";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::table:
        return "a table";
    case toml::node_type::date:
        return "a date";
    case toml::node_type::time:
        return "a time";
    case toml::node_type::date_time:
        return "a date and time";
    case toml::node_type::none:
        break;
    }
    return "nothing";
}

/// Reads one [[block]] after the other into the model.
class TomlReader {
public:
    TomlReader(Loaded& loaded, Diagnostics& diagnostics, std::string file)
        : loaded_(loaded), diagnostics_(diagnostics), file_(std::move(file)) {}

    void read(const toml::table& root) {
        model::Review& review = loaded_.review;
        const Place top{file_, 1, 0};
        fill(root, review, top, {}, "");
        if (review.format != 1 && !loaded_.failed(top, "format"))
            complain("review/format", top, "format",
                     "format " + std::to_string(review.format) +
                         " is not known; this program reads format 1");
        each(root, "term", review.terms, [](const toml::table&, model::Term&) {});
        each(root, "outcome", review.outcomes,
             [&](const toml::table& source, model::Outcome& row) { read_outcome(source, row); });
        each(root, "question", review.questions, [](const toml::table&, model::Question&) {});
        each(root, "set", review.sets, [](const toml::table&, model::SensitivitySet&) {});
        each(root, "analysis", review.analyses,
             [&](const toml::table& source, model::Analysis& row) { read_analysis(source, row); });
        if (const toml::table* derived = root["derived"].as_table()) read_derived(*derived, review.derived);
        if (const toml::table* cutoffs = root["grade"].as_table()) read_cutoffs(*cutoffs, review.cutoffs);
        if (const toml::table* flow = root["flow"].as_table()) read_flow(*flow, review.flow_settings);
    }

    /// grade.toml: what people decided about the certainty of analyses, and baseline risks.
    void read_grade(const toml::table& root) {
        model::Review& review = loaded_.review;
        GradeFile grade;
        const Place top{file_, 1, 0};
        fill(root, grade, top, {}, "");
        if (grade.format != 1 && !loaded_.failed(top, "format"))
            complain("review/format", top, "format",
                     "format " + std::to_string(grade.format) + " is not known; this program reads format 1");
        each(root, "rating", review.ratings, [&](const toml::table& source, model::GradeDecision& row) {
            each(source, "domain", row.domains, [&](const toml::table&, model::GradeDomainDecision& domain) {
                if (domain.levels < -3 || domain.levels > 2)
                    complain("toml/bad-value", domain.place, "levels", "levels: from -3 to 2");
            });
        });
        each(root, "baseline", review.baselines, [&](const toml::table&, model::GradeBaseline& row) {
            if (!loaded_.failed(row.place, "risk") && !(row.risk > 0 && row.risk < 1))
                complain("toml/bad-value", row.place, "risk", "risk: a share of people, above 0 and below 1");
        });
        each(root, "instrument", review.instruments, [&](const toml::table&, model::GradeInstrument& row) {
            if (!loaded_.failed(row.place, "sd") && !(row.sd > 0))
                complain("toml/bad-value", row.place, "sd", "sd: must be above 0");
        });
    }

private:
    Place place_of(const toml::source_region& source) const {
        return {file_, static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
    }

    void read_flow(const toml::table& source, model::FlowSettings& row) {
        const Place place = place_of(source.source());
        fill(source, row, place, {}, "flow");
        if (row.reviewers < 1 || row.reviewers > 100)
            complain("toml/bad-value", place, "reviewers", "reviewers: write a number from 1 to 100");
    }

    void read_cutoffs(const toml::table& source, model::GradeCutoffs& row) {
        const Place place = place_of(source.source());
        fill(source, row, place, {}, "grade");
        row.changed = !source.empty();
        for (const auto& declared : keys<model::GradeCutoffs>()) {
            const auto* member = std::get_if<double model::GradeCutoffs::*>(&declared.field);
            if (member && !(row.**member > 0))
                complain("toml/bad-value", place, declared.key.name,
                         std::string(declared.key.name) + ": must be above 0");
        }
        if (row.alpha >= 1) complain("toml/bad-value", place, "alpha", "alpha: must be below 1");
        if (row.power >= 1) complain("toml/bad-value", place, "power", "power: must be below 1");
    }

    void read_derived(const toml::table& source, model::DerivedChoices& row) {
        row.place = place_of(source.source());
        fill(source, row, row.place, {}, "derived");
        read_numbers(source, "correlations", row.place, row.correlations);
        read_numbers(source, "iccs", row.place, row.iccs);
    }

    void read_numbers(const toml::table& source, std::string_view key, const Place& place,
                      std::vector<double>& into) {
        const toml::node* node = source.get(key);
        if (!node) return;
        const toml::array* list = node->as_array();
        std::vector<double> numbers;
        if (list)
            for (const toml::node& element : *list)
                if (const auto value = element.is_number() ? element.value<double>() : std::nullopt)
                    numbers.push_back(*value);
        if (list && numbers.size() == list->size())
            into = std::move(numbers);
        else
            complain("toml/wrong-type", place, key, std::string(key) + ": expected a list of numbers");
    }

    Diagnostic& complain(std::string_view code, const Place& row, std::string_view field, std::string message,
                         std::string hint = {}, int element = -1) {
        const Spot spot = loaded_.find(row, field, element);
        Diagnostic& d = diagnostics_.add(code, spot.place, std::move(message), std::move(hint));
        d.span = spot.span;
        loaded_.failures.insert({file_, row.line, row.column, std::string(field)});
        return d;
    }

    void remember(const Place& row, std::string_view field, int element, const toml::source_region& source) {
        loaded_.keys[{file_, row.line, row.column, std::string(field), element}] = {place_of(source),
                                                                                    span_of(source)};
    }

    template<class Row, class Rest>
    void each(const toml::table& parent, std::string_view name, std::vector<Row>& rows, Rest rest) {
        const toml::array* list = array_of_tables(parent, name);
        if (!list) return;
        for (const toml::node& node : *list) {
            const toml::table& source = *node.as_table();
            Row row;
            row.place = place_of(node.source());
            if constexpr (std::is_same_v<Row, model::Analysis> || std::is_same_v<Row, model::SensitivitySet>)
                fill(source, row, row.place, known_names<model::Filter>(), name), fill_filter(source, row);
            else
                fill(source, row, row.place, {}, name);
            rest(source, row);
            rows.push_back(std::move(row));
        }
    }

    template<class Row> void fill_filter(const toml::table& source, Row& row) {
        read_keys(source, row.filter, row.place, "");
        const auto check = [&](std::string_view key, const std::vector<std::string>& values,
                               std::span<const std::string_view> choices) {
            for (std::size_t i = 0; i < values.size(); ++i)
                if (std::find(choices.begin(), choices.end(), values[i]) == choices.end())
                    complain("toml/unknown-value", row.place, key,
                             in_quotes(values[i]) + " is not one of the values of " + std::string(key),
                             hint_for(values[i], choices), static_cast<int>(i));
        };
        check("statuses", row.filter.statuses, status_choices());
        check("funding", row.filter.funding, funding_choices());
        check("designs", row.filter.designs, design_choices());
        check("bases", row.filter.bases, basis_choices());
    }

    // Null: absent, or not [[tables]] (which was said).
    const toml::array* array_of_tables(const toml::table& parent, std::string_view name) {
        const toml::node* node = parent.get(name);
        if (!node) return nullptr;
        const toml::array* list = node->as_array();
        if (list && (list->empty() || list->is_array_of_tables())) return list;
        Diagnostic& d = diagnostics_.add(
            "toml/wrong-type", place_of(node->source()),
            std::string(name) + ": expected [[" + std::string(name) + "]] tables, found " + found(*node),
            name == "question" && node->is_string() ? "the review's own question is the key 'aim'"
                                                    : "write [[" + std::string(name) + "]] above the keys");
        d.span = span_of(node->source());
        return nullptr;
    }

    /// "[grade]" stands once, "[[analysis]]" as often as there are analyses.
    static std::string in_brackets(std::string_view name) {
        const bool once = name == "grade" || name == "derived";
        return (once ? "[" : "[[") + std::string(name) + (once ? "]" : "]]");
    }

    template<class Row> static std::vector<std::string> known_names() {
        std::vector<std::string> names;
        for (const DeclaredKey<Row>& key : keys<Row>())
            names.emplace_back(key.key.name);
        return names;
    }

    /// Reads the declared keys and complains about the others.
    template<class Row>
    void fill(const toml::table& source, Row& row, const Place& place, std::vector<std::string> also,
              std::string_view name) {
        std::vector<std::string> known = known_names<Row>();
        known.insert(known.end(), also.begin(), also.end());
        for (const auto& [key, node] : source) {
            if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
            std::vector<std::string> absent;
            for (const std::string& other : known)
                if (!source.contains(other)) absent.push_back(other);
            const std::string near = nearest_name(key.str(), absent);
            const Place at = key.source().begin.line > 0 ? place_of(key.source()) : place_of(node.source());
            Diagnostic& d = diagnostics_.add("toml/unknown-key", at,
                                             (name.empty() ? file_ : in_brackets(name)) +
                                                 " has no key " + in_quotes(key.str()),
                                             near.empty() ? "its keys: " + joined(known)
                                                          : "did you mean " + in_quotes(near) + "?");
            d.span = std::max(1, static_cast<int>(count_code_points(key.str())));
            if (!near.empty())
                loaded_.failures.insert({file_, place.line, place.column, near}); // not missing, misspelt
        }
        read_keys(source, row, place, name);
    }

    static std::string joined(const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? "" : ", ") + name;
        return text;
    }

    template<class Row>
    void read_keys(const toml::table& source, Row& row, const Place& place, std::string_view name) {
        for (const DeclaredKey<Row>& declared : keys<Row>()) {
            const toml::node* node = source.get(declared.key.name);
            if (!node) {
                if (declared.key.needed && !loaded_.failed(place, declared.key.name))
                    complain("toml/missing-key", place, declared.key.name,
                             (name.empty() ? "key '" : "[[" + std::string(name) + "]]: key '") +
                                 std::string(declared.key.name) + "' is missing");
                continue;
            }
            remember(place, declared.key.name, -1, node->source());
            std::visit([&](auto member) { take(row, member, *node, declared.key, place); }, declared.field);
        }
    }

    void wrong_type(const toml::node& node, const Key& key, const Place& place) {
        std::string hint;
        if (node.is_date()) hint = "put it in quotes";
        if (key.type == KeyType::texts && node.is_string()) hint = "put it in brackets: [\"...\"]";
        if (key.type == KeyType::text && (node.is_number() || node.is_boolean())) hint = "put it in quotes";
        if ((key.type == KeyType::number || key.type == KeyType::flag) && node.is_string())
            hint = "write it without quotes";
        complain("toml/wrong-type", place, key.name,
                 std::string(key.name) + ": expected " + std::string(to_string(key.type)) + ", found " +
                     found(node),
                 hint);
    }

    std::optional<std::string> text_of(const toml::node& node, const Key& key, const Place& place) {
        if (const auto* value = node.as_string()) {
            if (key.needed && text::trim(value->get()).empty()) {
                complain("toml/missing-key", place, key.name, std::string(key.name) + ": the text is empty");
                return std::nullopt;
            }
            return value->get();
        }
        wrong_type(node, key, place);
        return std::nullopt;
    }

    // The index of the value in the key's list.
    std::optional<std::size_t> choice_of(const toml::node& node, const Key& key, const Place& place) {
        const auto value = text_of(node, key, place);
        if (!value) return std::nullopt;
        const auto at = std::find(key.choices.begin(), key.choices.end(), *value);
        if (at != key.choices.end()) return static_cast<std::size_t>(at - key.choices.begin());
        complain("toml/unknown-value", place, key.name,
                 std::string(key.name) + ": " + in_quotes(*value) + " is not one of its values",
                 hint_for(*value, key.choices));
        return std::nullopt;
    }

    std::vector<std::string> texts_of(const toml::node& node, const Key& key, const Place& place) {
        std::vector<std::string> values;
        const toml::array* list = node.as_array();
        if (!list) {
            wrong_type(node, key, place);
            return values;
        }
        for (const toml::node& element : *list) {
            if (const auto* value = element.as_string()) {
                remember(place, key.name, static_cast<int>(values.size()), element.source());
                values.push_back(value->get());
                continue;
            }
            Diagnostic& d = diagnostics_.add("toml/wrong-type", place_of(element.source()),
                                             std::string(key.name) + ": expected a list of texts, found " +
                                                 found(element) + " in it",
                                             "put it in quotes");
            d.span = span_of(element.source());
        }
        return values;
    }

    std::optional<double> number_of(const toml::node& node, const Key& key, const Place& place) {
        const auto value = node.is_number() ? node.value<double>() : std::nullopt;
        if (!value) {
            wrong_type(node, key, place);
        } else if (!std::isfinite(*value)) {
            complain("toml/bad-value", place, key.name,
                     std::string(key.name) + ": the number must be finite");
            return std::nullopt;
        }
        return value;
    }

    // How each kind of member takes a value.
    template<class Row>
    void take(Row&, std::monostate, const toml::node& node, const Key& key, const Place& place) {
        if (key.type == KeyType::table && !node.is_table()) wrong_type(node, key, place);
    }
    template<class Row>
    void take(Row& row, std::string Row::*member, const toml::node& node, const Key& key,
              const Place& place) {
        if (key.choices.empty()) {
            if (auto value = text_of(node, key, place)) row.*member = std::move(*value);
        } else if (const auto choice = choice_of(node, key, place)) {
            row.*member = key.choices[*choice];
        }
    }
    template<class Row>
    void take(Row& row, void (*set)(Row&, std::size_t), const toml::node& node, const Key& key,
              const Place& place) {
        if (const auto choice = choice_of(node, key, place)) set(row, *choice);
    }
    template<class Row>
    void take(Row& row, std::vector<std::string> Row::*member, const toml::node& node, const Key& key,
              const Place& place) {
        row.*member = texts_of(node, key, place);
    }
    template<class Row>
    void take(Row& row, double Row::*member, const toml::node& node, const Key& key, const Place& place) {
        if (const auto value = number_of(node, key, place)) row.*member = *value;
    }
    template<class Row>
    void take(Row& row, int Row::*member, const toml::node& node, const Key& key, const Place& place) {
        const auto* value = node.as_integer();
        if (!value)
            wrong_type(node, key, place);
        else if (std::abs(static_cast<double>(value->get())) > 1e6)
            complain("toml/bad-value", place, key.name, std::string(key.name) + ": the number is too large");
        else
            row.*member = static_cast<int>(value->get());
    }
    template<class Row>
    void take(Row& row, bool Row::*member, const toml::node& node, const Key& key, const Place& place) {
        if (const auto* value = node.as_boolean())
            row.*member = value->get();
        else
            wrong_type(node, key, place);
    }
    template<class Row>
    void take(Row& row, std::optional<bool> Row::*member, const toml::node& node, const Key& key,
              const Place& place) {
        if (const auto* value = node.as_boolean())
            row.*member = value->get();
        else
            wrong_type(node, key, place);
    }
    template<class Row>
    void take(Row& row, std::optional<double> Row::*member, const toml::node& node, const Key& key,
              const Place& place) {
        if (const auto value = number_of(node, key, place)) row.*member = value;
    }
    template<class Row, class Tag>
    void take(Row& row, Id<Tag> Row::*member, const toml::node& node, const Key& key, const Place& place) {
        auto value = text_of(node, key, place);
        if (!value) return;
        if (key.target == Target::none && key.name == "id" && !well_formed_id(*value))
            complain("id/malformed", place, key.name, in_quotes(*value) + " is not an id",
                     "ids are lower-case letters, digits, '-', '_' and '.'");
        row.*member = Id<Tag>(std::move(*value));
    }
    template<class Row, class Tag>
    void take(Row& row, std::vector<Id<Tag>> Row::*member, const toml::node& node, const Key& key,
              const Place& place) {
        for (std::string& value : texts_of(node, key, place))
            (row.*member).emplace_back(std::move(value));
    }

    void read_outcome(const toml::table& source, model::Outcome& row) {
        if (const toml::table* matters = source["matters"].as_table()) {
            model::SmallestDifference difference;
            difference.place = place_of(matters->source());
            fill(*matters, difference, difference.place, {}, "outcome.matters");
            if (!loaded_.failed(difference.place, "value")) row.matters = difference;
        }
        if (const toml::node* scale = source.get("scale")) read_scale(*scale, row);
        const toml::table* units = source["units"].as_table();
        if (!units) return;
        for (const auto& [key, node] : *units) {
            const auto value = node.is_number() ? node.value<double>() : std::nullopt;
            const std::string unit(key.str());
            remember(row.place, "units." + unit, -1, node.source());
            if (!value) {
                complain("toml/wrong-type", row.place, "units." + unit,
                         "units: expected a number as factor of " + in_quotes(unit));
                continue;
            }
            if (!std::isfinite(*value) || *value <= 0)
                complain("toml/bad-value", row.place, "units." + unit,
                         "units: the factor of " + in_quotes(unit) + " must be above 0");
            row.units.push_back({unit, *value, place_of(node.source())});
        }
        std::sort(row.units.begin(), row.units.end(),
                  [](const model::UnitFactor& a, const model::UnitFactor& b) {
                      return std::tie(a.place.line, a.place.column, a.unit) <
                             std::tie(b.place.line, b.place.column, b.unit);
                  });
    }

    void read_scale(const toml::node& node, model::Outcome& row) {
        const toml::array* list = node.as_array();
        if (!list || list->size() != 2 || !list->get(0)->is_number() || !list->get(1)->is_number()) {
            complain("toml/wrong-type", row.place, "scale", "scale: expected [low, high]");
            return;
        }
        row.scale_low = list->get(0)->value<double>();
        row.scale_high = list->get(1)->value<double>();
    }

    void read_analysis(const toml::table& source, model::Analysis& row) {
        if (const toml::table* cells = source["zero_cells"].as_table())
            fill(*cells, row.zero_cells, place_of(cells->source()), {}, "analysis.zero_cells");
        each(source, "sensitivity", row.sensitivity, [](const toml::table&, model::SensitivitySet&) {});
    }

    Loaded& loaded_;
    Diagnostics& diagnostics_;
    std::string file_;
};

/// Parses; on a syntax error the block around it is blanked and the rest parsed again, so that one slip hides
/// neither the other errors nor the other questions.
class Parser {
public:
    Parser(Loaded& loaded, std::string file, std::string text, Diagnostics& diagnostics)
        : loaded_(loaded), file_(std::move(file)), text_(std::move(text)), diagnostics_(diagnostics) {}

    std::optional<toml::table> run() {
        for (int round = 0; round < 20; ++round) {
            try {
                return toml::parse(std::string_view(text_), std::string_view(file_));
            } catch (const toml::parse_error& error) {
                loaded_.broken.insert(file_);
                const int line = static_cast<int>(error.source().begin.line);
                report(error, line);
                if (!blank_block(line)) return std::nullopt;
            }
        }
        return std::nullopt;
    }

private:
    void report(const toml::parse_error& error, int line) {
        std::string message(error.description());
        // The library's texts start with what it was doing; the rest of the sentence is what a user needs.
        std::string hint;
        if (message.find("'question'") != std::string::npos && message.find("redefine") != std::string::npos)
            hint = "the review's own question is the key 'aim'; [[question]] is for the questions";
        constexpr std::string_view prefix = "Error while parsing ";
        if (message.starts_with(prefix)) message = "cannot read this " + message.substr(prefix.size());
        diagnostics_.add("toml/syntax", {file_, line, static_cast<int>(error.source().begin.column)}, message,
                         hint);
    }

    // From the header at or above `line` to the header below it. False: nothing was left to blank.
    bool blank_block(int line) {
        std::vector<std::size_t> starts{0};
        for (std::size_t at = 0; at < text_.size(); ++at)
            if (text_[at] == '\n') starts.push_back(at + 1);
        starts.push_back(text_.size());
        const int count = static_cast<int>(starts.size()) - 1;
        int first = std::clamp(line, 1, count) - 1, last = first + 1;
        const auto is_header = [&](int index) {
            return text_[starts[static_cast<std::size_t>(index)]] == '[';
        };
        const auto at_end = [&](int index) {
            return starts[static_cast<std::size_t>(index)] >= text_.size();
        };
        while (first > 0 && (at_end(first) || !is_header(first)))
            --first;
        while (last < count && (at_end(last) || !is_header(last)))
            ++last;
        bool changed = false;
        for (std::size_t at = starts[static_cast<std::size_t>(first)];
             at < starts[static_cast<std::size_t>(last)]; ++at)
            if (text_[at] != '\n' && text_[at] != ' ') text_[at] = ' ', changed = true;
        return changed;
    }

    Loaded& loaded_;
    std::string file_, text_;
    Diagnostics& diagnostics_;
};

// Lone CR is no line end in TOML; the message was given, reading goes on.
std::string readable_text(std::string_view bytes, bool clean, std::size_t bom) {
    std::string text = clean ? std::string(bytes.substr(bom)) : text::clean_copy(bytes.substr(bom));
    for (std::size_t at = 0; at < text.size(); ++at)
        if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) text[at] = '\n';
    return text;
}

} // namespace

namespace {

/// The file's table; nothing where it cannot be read, which is said.
std::optional<toml::table> table_of(Loaded& loaded, const char* name, const std::string& bytes,
                                    Diagnostics& diagnostics) {
    const text::Encoding encoding = text::check_encoding(name, bytes, diagnostics);
    if (!encoding.readable) {
        loaded.broken.insert(name);
        return std::nullopt;
    }
    if (bytes.find_first_not_of(" \t\r\n", encoding.bom) == std::string::npos) {
        loaded.broken.insert(name);
        diagnostics.add("file/empty", {name, 0, 0}, "the file is empty", "see docs/formats/bundle.md");
        return std::nullopt;
    }
    return Parser(loaded, name, readable_text(bytes, encoding.clean, encoding.bom), diagnostics).run();
}

} // namespace

void read_toml(Loaded& loaded, Diagnostics& diagnostics) {
    const auto file = loaded.folder.files.find(file_name);
    if (file == loaded.folder.files.end()) {
        loaded.broken.insert(file_name);
        if (!loaded.folder.unreadable.contains(file_name))
            diagnostics.add("file/missing", {file_name, 0, 0}, "the file is missing",
                            "it declares questions, outcomes and analyses; see docs/formats/bundle.md");
    } else if (const auto root = table_of(loaded, file_name, file->second, diagnostics)) {
        TomlReader(loaded, diagnostics, file_name).read(*root);
    }
    const auto grade = loaded.folder.files.find(grade_name);
    if (grade == loaded.folder.files.end()) return; // nobody has decided anything yet
    if (const auto root = table_of(loaded, grade_name, grade->second, diagnostics))
        TomlReader(loaded, diagnostics, grade_name).read_grade(*root);
}

} // namespace assay::bundle
