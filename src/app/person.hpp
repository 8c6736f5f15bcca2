// One person: the reference tables, a profile checked against them and against a review, and how that is
// shown.
#pragma once

#include "base/diagnostics.hpp"
#include "person/advice.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

/// The substances whose tables are inside the program.
std::vector<std::string> known_substances();

/// The tables of a substance. A review folder that has a folder person/ brings its own, table by table in
/// place of ours. Errors: "person/no-tables".
person::Tables person_tables(const std::string& substance, const std::filesystem::path& review,
                             Diagnostics& diagnostics);

struct PersonRequest {
    std::filesystem::path profile;
    std::filesystem::path review;    ///< empty: none
    std::filesystem::path medicines; ///< FHIR list of medicines to add; empty: none
    std::string substance; ///< empty: the name of the review's folder, or the only substance there is
};

struct PersonChecked {
    Diagnostics diagnostics;
    person::Advice advice; ///< empty when there are errors
};

PersonChecked check_person(const PersonRequest& request);

std::string person_text(const person::Advice& advice, int width);
std::string person_json(const person::Advice& advice);
std::string person_html(const person::Advice& advice);

/// The tables as text: all of them in short, or one in full.
std::string tables_text(const person::Tables& tables, const std::string& only, int width);
std::string tables_json(const person::Tables& tables, const std::string& only);

/// Text folded at `width` columns: `first` before the first line, `indent` before the others.
std::string folded(std::string_view text, int width, const std::string& first, const std::string& indent);

} // namespace assay::app
