#include "app/screen_labelled.hpp"

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "text/encoding.hpp"

#include <fmt/format.h>

#include <optional>
#include <span>
#include <unordered_set>

namespace assay::app {

namespace {

// Column names in use: our own, and those of ASReview, Rayyan and PubMed exports.
constexpr std::string_view id_names[] = {"id", "record_id", "openalex_id", "pmid", "key"};
constexpr std::string_view title_names[] = {"title", "primary_title", "ti", "article title"};
constexpr std::string_view abstract_names[] = {"abstract", "notes_abstract", "ab", "abstract note"};
constexpr std::string_view label_names[] = {"label",          "label_included", "included", "included_label",
                                            "asreview_label", "final_included", "decision"};

struct LabelWord {
    std::string_view word;
    bool relevant;
};
constexpr LabelWord label_words[] = {
    {"1", true},
    {"0", false},
    {"1.0", true},
    {"0.0", false},
    {"yes", true},
    {"no", false},
    {"y", true},
    {"n", false},
    {"true", true},
    {"false", false},
    {"included", true},
    {"excluded", false},
    {"include", true},
    {"exclude", false},
    {"relevant", true},
    {"irrelevant", false},
    {"not relevant", false},
    {"accept", true},
    {"reject", false},
    {"accepted", true},
    {"rejected", false},
};

using ascii::to_lower;

std::optional<bool> read_label(std::string_view cell) {
    const std::string word = to_lower(text::trim(cell));
    for (const LabelWord& known : label_words)
        if (known.word == word) return known.relevant;
    return std::nullopt;
}

std::optional<std::size_t> find_column(const text::CsvTable& table, std::span<const std::string_view> names) {
    for (const std::string_view name : names)
        for (std::size_t c = 0; c < table.header().size(); ++c)
            if (to_lower(text::trim(table.header()[c].text)) == name) return c;
    return std::nullopt;
}

} // namespace

std::shared_ptr<Labelled> read_labelled(const std::string& path, Diagnostics& diagnostics,
                                        std::vector<std::string>& notes) {
    auto data = std::make_shared<Labelled>();
    data->bytes = read_file(path, largest_screening_file);
    data->table = text::read_csv(path, data->bytes, diagnostics);
    const text::CsvTable& table = data->table;
    if (!table.readable()) return data;
    const auto id = find_column(table, id_names), title = find_column(table, title_names);
    const auto abstract = find_column(table, abstract_names), label = find_column(table, label_names);
    const auto missing = [&](const char* what) {
        diagnostics.add("csv/missing-column", {path, 1, 0}, fmt::format("there is no column '{}'", what));
    };
    if (!title && !abstract) missing("title");
    if (!label) missing("label");
    if ((!title && !abstract) || !label) return data;

    std::unordered_set<std::string_view> seen;
    std::size_t twice = 0, empty = 0, without_abstract = 0;
    data->made_ids.reserve(table.rows().size());
    for (const text::CsvRow& row : table.rows()) {
        if (row.damaged) continue; // the reader has said what is wrong
        const auto cells = table.cells(row);
        const auto cell = [&](std::optional<std::size_t> c) {
            return c ? cells[*c].text : std::string_view{};
        };
        const auto relevant = read_label(cell(label));
        if (!relevant) {
            const bool none = text::trim(cell(label)).empty();
            diagnostics.add(none ? "csv/missing-value" : "csv/unknown-value", table.place(row, cells[*label]),
                            none ? "label: empty"
                                 : fmt::format("label: cannot read {}", in_quotes(cell(label))),
                            "write 1 for included, 0 for excluded; a simulation needs every label");
        }
        std::string_view name = text::trim(cell(id));
        if (name.empty()) {
            data->made_ids.push_back(fmt::format("row{}", data->relevant.size()));
            name = data->made_ids.back();
        }
        twice += !seen.insert(name).second;
        without_abstract += text::trim(cell(abstract)).empty();
        empty += text::trim(cell(abstract)).empty() && text::trim(cell(title)).empty();
        data->ids.push_back(name);
        data->texts.push_back({cell(title), cell(abstract)});
        data->relevant.push_back(relevant.value_or(false));
    }
    const auto note = [&](std::size_t count, const char* what) {
        if (count > 0) notes.push_back(fmt::format("{} of {} records {}", count, data->ids.size(), what));
    };
    note(twice, "have an id that another record has, too");
    note(without_abstract, "have no abstract");
    note(empty, "have neither title nor abstract: they are ranked by the intercept alone");
    return data;
}

} // namespace assay::app
