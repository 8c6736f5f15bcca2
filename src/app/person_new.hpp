// A profile made by questions: signs that come first, then the numbers, then what is taken. Answers come as
// lines from a terminal or a script.
#pragma once

#include "person/tables.hpp"

#include <functional>
#include <optional>
#include <string>

namespace assay::app {

struct Talk {
    std::function<std::optional<std::string>(const std::string& question)> ask; ///< nothing: the input ended
    std::function<void(const std::string& text)> say;
};

struct NewProfile {
    std::string bytes; ///< the file; empty when an emergency or the end of the input stopped the questions
    bool emergency = false; ///< a yes to a question whose answer is to get help
    bool cut_short = false; ///< the input ended before the last question; nothing is made before age and sex
};

/// `toml`: TOML instead of JSON. The questions on products are about `tables.substance`.
NewProfile new_profile(const person::Tables& tables, const Talk& talk, bool toml);

} // namespace assay::app
