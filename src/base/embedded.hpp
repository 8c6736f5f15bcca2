// Files that cmake/Embed.cmake puts into the program.
#pragma once

#include <string_view>
#include <vector>

namespace assay {

struct Embedded {
    std::string_view name; ///< "report.css"
    std::string_view bytes;
};

/// The page code of the report: report.js, report.css.
std::vector<Embedded> embedded_web();

/// The reference tables: "magnesium.limits.csv", "common.elements.csv".
std::vector<Embedded> embedded_data();

/// The tables of methods under data/methods: "tools.csv", "domains.csv", "questions.csv", "rules.csv",
/// "amstar2.csv", "salts.csv", "stopping.csv".
std::vector<Embedded> embedded_methods();

} // namespace assay
