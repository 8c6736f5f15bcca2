// Brings text from many databases to one spelling for comparing: no case, accents, marks, markup or
// punctuation.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace assay::text {

/// Folds UTF-8 text. Keeps what it learned about characters outside ASCII, so use one for many texts.
class Folder {
public:
    /// Lower-case letters and digits in words separated by single spaces. Accents are dropped (NFKD),
    /// ligatures and letters with strokes are spelled out, Greek letters become their names ("beta"), and
    /// hyphens and apostrophes are word breaks. Bytes that are not UTF-8 are word breaks, too.
    void words(std::string_view text, std::string& out);

    std::string words(std::string_view text) {
        std::string out;
        words(text, out);
        return out;
    }

private:
    const std::string& folded(char32_t value);

    std::unordered_map<char32_t, std::string> known_;
};

/// `text` with tags (<i>, </sub>) removed and HTML entities decoded, at most twice over ("&amp;lt;"). A '<'
/// that opens no tag and an unknown entity stay as they are.
std::string without_markup(std::string_view text);

/// The character an HTML entity stands for, as UTF-8: "amp", "#233", "#xE9", "eacute". Empty: unknown.
std::string entity(std::string_view name);

} // namespace assay::text
