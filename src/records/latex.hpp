// LaTeX as it stands in BibTeX fields, read as plain text and written so that BibTeX keeps it.
#pragma once

#include <string>
#include <string_view>

namespace assay::records {

/// Accents, symbols and quotes as characters; commands of markup leave their text; braces and $ are dropped.
std::string latex_to_text(std::string_view latex);

/// `text` with the characters that LaTeX takes for commands escaped. UTF-8 stays as it is.
std::string text_to_latex(std::string_view text);

} // namespace assay::records
