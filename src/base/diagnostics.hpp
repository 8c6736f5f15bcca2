// What is wrong with the user's data: collected while work goes on, shown all at once, sorted by place.
#pragma once

#include "base/place.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

enum class Severity { error, warning, note };

/// One row of the table of codes: the stable name, how bad it is, and what to do about it.
struct DiagnosticCode {
    std::string_view code; ///< "csv/bad-value"
    Severity severity;
    std::string_view title;  ///< one line for the docs
    std::string_view remedy; ///< what the user should do
};

/// Every code assay can print, sorted by code. docs/formats/diagnostics.md lists the same (a test compares).
std::span<const DiagnosticCode> diagnostic_codes();

/// The row of `code`; a code missing from the table is a Bug.
const DiagnosticCode& diagnostic_code(std::string_view code);

struct Diagnostic {
    Severity severity = Severity::error;
    std::string code;
    Place place;
    std::string message; ///< one sentence: what is wrong, with the offending value
    std::string hint;    ///< "did you mean 'frusso1999'?" or empty
    std::string excerpt; ///< the source line, cut to a readable length around the column; may be empty
    int caret = 0;       ///< 0-based character offset of the caret in `excerpt`
    int width = 1;       ///< how many characters the caret underlines
    int span = 1;        ///< how many characters of the file are meant, from place.column on
};

class Diagnostics {
public:
    /// Severity comes from the table of codes.
    Diagnostic& add(std::string_view code, Place place, std::string message, std::string hint = {});

    bool has_errors() const;
    std::size_t count(Severity severity) const;
    /// Sorted by file, line, column, code; equal entries once.
    std::vector<Diagnostic> sorted() const;
    const std::vector<Diagnostic>& items() const { return items_; }
    std::vector<Diagnostic>& items() { return items_; }
    void append(const Diagnostics& other);

private:
    std::vector<Diagnostic> items_;
};

std::string_view to_string(Severity severity);

/// Fills excerpt, caret and width from the line of the file that the place names. Long lines are cut around
/// the column; characters a terminal should not see are written out.
void show_line(Diagnostic& diagnostic, std::string_view line);

/// `file:line:col: error: message [code]`, the line, the caret and the hint, as printed on a terminal.
std::string to_text(const Diagnostic& diagnostic);

/// The known name closest to `name`, if it is close enough to be a slip of the finger; else empty.
/// Distance: Damerau-Levenshtein (optimal string alignment), at most a third of the length.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

} // namespace assay
