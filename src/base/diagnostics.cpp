#include "base/diagnostics.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <tuple>

namespace assay {

namespace {

constexpr Severity error = Severity::error, warning = Severity::warning, note = Severity::note;

// Sorted by code. A problem is an error only when a build that went on would say something untrue or leave
// something out without saying so.
constexpr DiagnosticCode table[] = {
    {"arm/other-study", error, "an arm belongs to another study than the row that names it",
     "name an arm of the row's own study"},
    {"arm/over-study", warning, "the arms of a study add up to more people than the study has",
     "check n_randomised of the arms and of the study"},
    {"arm/same", error, "a row compares an arm with itself", "name the other arm in `versus`"},
    {"checklist/duplicate", error, "an item of a checklist that is linked twice",
     "delete one of the rows"},
    {"checklist/link", error, "a link of a checklist that leads nowhere",
     "name an anchor of the report, a file of the folder or an address"},
    {"checklist/unknown-item", error, "an item that its checklist does not have",
     "correct its number"},
    {"claims/bad-fact", error, "a row of facts.csv cannot be used",
     "name the subject and the words in about, one of the four stances, what was found and its source"},
    {"conclusion/subject", error, "a conclusion names neither or both of study and report",
     "fill `study` for a trial, `report` for a review, guideline or agency"},
    {"csv/bad-value", error, "a cell cannot be read as what its column holds",
     "write the value as the column asks"},
    {"csv/big-cell", error, "a cell is longer than 64 KiB",
     "look for a missing closing quote, or shorten the text"},
    {"csv/blank-line", warning, "an empty line inside a table", "delete the line"},
    {"csv/decimal-comma", error, "a number with a decimal comma", "write the number with a point: 4.6"},
    {"csv/duplicate-column", error, "two columns have the same name", "rename or delete one of them"},
    {"csv/missing-column", error, "a needed column is not in the header", "add the column"},
    {"csv/missing-value", error, "a needed cell is empty", "fill the cell"},
    {"csv/no-rows", warning, "a table has a header and no rows",
     "add rows, or delete the file if it is optional"},
    {"csv/open-quote", error, "a quote is opened and not closed",
     "close the quote; double a quote inside a text"},
    {"csv/ragged-row", error, "a row has more or fewer cells than the header",
     "quote texts that contain a comma; add the missing commas"},
    {"csv/spaces", warning, "spaces at the ends of a cell", "delete them; `assay fmt` does it"},
    {"csv/stray-quote", error, "a quote where none may stand",
     "put the whole cell in quotes and double those inside"},
    {"csv/unknown-column", error, "a column that the table does not have",
     "correct the name, or keep the column in a file of your own"},
    {"csv/unknown-value", error, "a value that is not in the column's list", "use one of the listed values"},
    {"csv/wrong-separator", error, "cells are separated by something other than commas",
     "save the table with commas between the cells"},
    {"dedupe/clash", error, "decisions about duplicates that contradict one another", "change one of the decisions"},
    {"diary/bad-day", error, "a day of a diary that cannot be what it says", "correct the day"},
    {"diary/syntax", error, "a diary that is not a list of days in JSON", "correct the file"},
    {"file/empty", error, "a file has no content", "write the header, or delete the file if it is optional"},
    {"file/missing", error, "a needed file is not in the folder", "add the file"},
    {"file/unknown", warning, "a table that assay does not know",
     "correct the name, or move the file elsewhere"},
    {"file/unreadable", error, "a file cannot be read",
     "check that it is a file, its permissions and its size"},
    {"filter/no-match", warning, "a word of a filter matches nothing", "correct the word or delete it"},
    {"flow/accepted-unused", warning, "an accepted difference that does not occur (any more)",
     "delete the row, or correct its two numbers"},
    {"flow/count", error, "a count of records that is no whole number",
     "write a whole number, 0 or more"},
    {"flow/duplicate", error, "a count of the flow that is stated twice",
     "delete one of the rows"},
    {"flow/label", error, "a label where the box has no lines, or none where it needs one",
     "empty the cell, or say which source or reason it counts"},
    {"flow/unbalanced", error, "a count of the flow that does not follow from the others",
     "correct the number, or record in flow_accepted.csv who accepts it and why"},
    {"folder/missing", error, "the review folder does not exist", "check the path"},
    {"id/duplicate", error, "an id is used twice in its table", "give one of the rows another id"},
    {"id/malformed", error, "an id has characters that ids may not have",
     "use lower-case letters, digits, '-', '_' and '.'"},
    {"id/unknown", error, "an id that nothing has", "correct the id, or add the row it should name"},
    {"label/duplicate", error, "two studies have the same label", "make the labels differ: 'Frusso 1999a'"},
    {"link/doi", error, "not a DOI", "write it as 10.1000/xyz"},
    {"link/doi-prefix", warning, "a DOI with its web address", "write only the part that starts with 10."},
    {"link/pmid", error, "not a PubMed id", "write the digits only"},
    {"link/url", error, "not a web address", "start it with https:// or http://"},
    {"number/count", error, "a number of people that is not a whole number above zero", "check the number"},
    {"number/disagree", warning, "two numbers of a row contradict one another beyond rounding",
     "look at the source again: SD and SE may be swapped"},
    {"number/events", error, "events that are negative, not whole, or more than the people",
     "check both numbers"},
    {"number/interval", error, "the ends of an interval are swapped", "put the lower number into ci_low"},
    {"number/level", error, "an interval level that is not between 0.5 and 1", "write 0.95 for 95 %"},
    {"number/outside-interval", error, "an estimate outside its own interval", "check the three numbers"},
    {"number/over-randomised", warning, "more people analysed than randomised", "check both numbers"},
    {"number/range", error, "a number outside the range it can have", "check the number"},
    {"number/ratio", error, "a ratio that is not above zero",
     "write ratios on the natural scale, not as logarithms"},
    {"number/sd", error, "a standard deviation that is not above zero",
     "check that it is not a change or a missing value written as 0"},
    {"number/se", error, "a standard error that is not above zero", "check the number"},
    {"number/year", error, "a year that cannot be", "check the year"},
    {"outcome/matters", error, "a smallest difference that matters that cannot be one",
     "write a value above 0; for ratios one below or above 1"},
    {"outcome/scale", error, "the ends of a questionnaire's scale are not in order",
     "write scale = [low, high]"},
    {"outcome/unit", error, "unit or period do not fit the kind of outcome",
     "continuous: unit; count: unit and period; binary: neither"},
    {"profile/bad-value", error, "a field of a profile that cannot be what it says", "write the value as the field asks"},
    {"profile/fhir", note, "a medication statement that was left out", "add the medicine to the profile if it is taken"},
    {"profile/missing-field", error, "a needed field of a profile is missing", "add the field"},
    {"profile/syntax", error, "a profile that breaks the rules of JSON or TOML", "correct the line"},
    {"profile/unknown-field", error, "a field that a profile does not have", "correct the name or delete it"},
    {"prose/overclaim", note, "a word that promises more than trials can show",
     "say what was seen and how sure it is"},
    {"question/outcome", error, "an analysis of an outcome that its question does not list",
     "add the outcome to the question or name another question"},
    {"question/unanswered", error, "a question with neither an analysis nor a reason for having none",
     "add an [[analysis]], or say in `not_pooled` why nothing can be pooled"},
    {"record/bibtex", warning, "an entry of BibTeX that breaks off", "close its braces and quotes"},
    {"record/columns", error, "a table whose columns are not known", "say what they are with --map"},
    {"record/control", warning, "NUL or control characters in a file of records", "none needed: they were left out"},
    {"record/double-encoded", note, "letters that were encoded twice", "none needed: they were set right"},
    {"record/encoding", warning, "bytes that are not of the file's encoding", "give the encoding with --encoding"},
    {"record/glued", note, "a second field behind the value of another", "none needed: it was cut off and kept"},
    {"record/json", error, "a file of records that is not whole JSON", "fetch or export it again"},
    {"record/missing-end", warning, "a record without its last line", "check that the export was not cut off"},
    {"record/missing-type", warning, "a record without its first line", "check the type of the record"},
    {"record/quote", warning, "a quote in a table that is never closed", "look at this record"},
    {"record/row", warning, "a row of a table with another number of cells than its head", "look at this record"},
    {"record/stray-field", note, "fields behind the last line of a record",
     "none needed: they were kept with the record before them"},
    {"record/truncated", error, "a file or record that ends too early", "fetch or export it again"},
    {"record/unknown-format", error, "a file of no known format of records", "export it in a format that assay reads"},
    {"record/unsupported", error, "a format of records that cannot be read", "export it in a format that assay reads"},
    {"record/xml", error, "a record that breaks the rules of XML", "fetch it again, or correct it"},
    {"result/comparison", error, "`versus` does not fit the shape or the basis of the row",
     "fill `versus` for a contrast between arms only"},
    {"result/period", error, "a period that cannot be read",
     "write 'week', '4 weeks', 'day', 'month', 'season' or "
     "'unknown'"},
    {"result/period-unused", warning, "a period on a row whose outcome is not a count", "empty the cell"},
    {"result/unit", error, "a unit that the outcome does not know",
     "add its factor to `units` of the outcome, or write 'unknown'"},
    {"review/format", error, "a format version that this program does not read", "write format = 1"},
    {"rob/answered-twice", error, "a signalling question that one assessor answers twice", "keep one of the rows"},
    {"rob/assessors-differ", warning, "assessors answer a signalling question differently",
     "agree, and add a row whose assessor is `consensus`"},
    {"rob/decided-twice", error, "a domain that is decided twice", "keep one of the rows"},
    {"rob/impossible-answer", error, "an answer that the signalling question cannot have", "use one of its answers"},
    {"rob/missing-answer", warning, "signalling answers that the algorithm still needs", "answer them"},
    {"rob/not-applicable", warning, "an answer to a signalling question that does not apply",
     "empty the cell, write NA, or correct the earlier answer"},
    {"rob/subject", error, "answers that do not say what is judged", "fill the columns that the tool needs"},
    {"rob/unknown-domain", error, "a domain that the tool does not have", "use one of its domains"},
    {"rob/unknown-judgement", error, "a judgement that the tool does not have", "use one of its judgements"},
    {"rob/unknown-question", error, "a signalling question that the tool does not have", "use one of its questions"},
    {"rob/unknown-tool", error, "an appraisal tool that is not known", "use a known tool, or write to rob.csv"},
    {"rob/whole-study", warning, "a tool that judges results, used for a study as a whole",
     "name the outcome or the row"},
    {"search/broader", note, "a translation finds more than the original", "narrow it by hand if it finds too much"},
    {"search/dead-line", warning, "a line that no other line uses", "use it in a combination or delete it"},
    {"search/empty-brackets", warning, "brackets with nothing in them", "fill or delete them"},
    {"search/impossible", warning, "a part that the other language cannot say", "say it by hand where it matters"},
    {"search/index-not-kept", note, "the index of a store cannot be written beside it", "none needed; the next search makes it anew"},
    {"search/known-absent", warning, "known records that are not among the records searched", "recall is of the others; look whether another database has them"},
    {"search/known-unread", warning, "a line of a list of known records that is no id", "write one PubMed id, DOI or registration number a line"},
    {"search/language-limit", note, "a limit to languages", "leave it out, or give the reason in the methods"},
    {"search/mixed-operators", warning, "AND and OR side by side without brackets",
     "set brackets: languages differ in what goes first"},
    {"search/narrower", warning, "a translation finds less than the original", "add what is missing by hand"},
    {"search/near-fields", warning, "words near one another in different fields",
     "put both words into one field"},
    {"search/no-explosion", note, "a heading without its narrower terms", "explode it, or say why not"},
    {"search/no-free-text", warning, "headings without words beside them",
     "add the words in titles and abstracts: new records have no headings yet"},
    {"search/no-operator", warning, "two parts without an operator between them", "write AND, OR or a nearness"},
    {"search/no-slash", warning, "a heading without its slash", "end the heading with a slash"},
    {"search/not-animals", warning, "a filter that takes away records on humans and animals",
     "take away animals not (animals and humans)"},
    {"search/not-careless", note, "NOT takes away relevant records, too", "look at what it takes away"},
    {"search/nothing", warning, "a line in which nothing can be searched for", "complete or delete it"},
    {"search/open-quote", warning, "a quote without its partner", "close it"},
    {"search/operator", warning, "an operator without a part on one side", "complete or delete it"},
    {"search/quoted-wildcard", warning, "a wildcard inside quotes", "use a nearness, or write the forms out"},
    {"search/redundant", note, "a term that another term of the same OR covers", "delete it"},
    {"search/short-truncation", warning, "truncation after few letters", "write the wanted words out"},
    {"search/smart-quotes", note, "typographic quotes", "write straight quotes"},
    {"search/spelling", note, "one spelling of a word that has two", "add the other one or use a wildcard"},
    {"search/stray", warning, "a sign that means nothing where it stands", "delete it"},
    {"search/too-deep", error, "a line that is nested too deeply", "break it into lines"},
    {"search/unbalanced", warning, "a bracket without its partner", "add or delete one"},
    {"search/unknown-field", warning, "a field that the language does not have", "correct its code"},
    {"search/unknown-heading", warning, "a heading that is not in the thesaurus", "look it up in the browser of the thesaurus"},
    {"search/unknown-line", error, "a reference to a line that does not exist", "correct the number"},
    {"search/unsupported", warning, "a part that cannot be searched here", "the count is that without it"},
    {"search/wrong-line", warning, "a line that refers to itself or to a later line", "correct the number"},
    {"shape/extra-number", error, "a number in a column that does not belong to the row's shape",
     "move the number, or change `shape`"},
    {"shape/missing-number", error, "the number that a shape cannot do without is missing",
     "fill it, or use the shape 'statement'"},
    {"source/no-formula", error, "a derived or assumed number without saying how it was made",
     "fill `formula`"},
    {"store/imported-before", note, "a file that is in the store already", "none needed; --again imports it once more"},
    {"study/cohort", error, "same_cohort_as names the study itself",
     "name the other study, or empty the cell"},
    {"term/kind", error, "a term used in a place that is for another kind of term",
     "name a term of the right kind"},
    {"text/bom", warning, "a byte order mark at the start of a file",
     "save as UTF-8 without BOM; `assay fmt` does it"},
    {"text/control", warning, "an invisible control character", "delete it"},
    {"text/cr", warning, "lines end in CR alone", "save with LF line ends; `assay fmt` does it"},
    {"text/crlf", warning, "lines end in CR LF", "save with LF line ends; `assay fmt` does it"},
    {"text/not-utf8", error, "bytes that are not UTF-8", "save the file as UTF-8"},
    {"text/nul", error, "a NUL byte in a text file", "save the file as UTF-8 text"},
    {"toml/bad-value", error, "a value that its key cannot have", "correct the value"},
    {"toml/missing-key", error, "a needed key is missing", "add the key"},
    {"toml/syntax", error, "review.toml breaks the rules of TOML", "correct the line; see https://toml.io"},
    {"toml/unknown-key", error, "a key that the format does not have", "correct the key or delete it"},
    {"toml/unknown-value", error, "a value that is not in the key's list", "use one of the listed values"},
    {"toml/wrong-type", error, "a value of another type than the key holds", "write the type the key holds"},
    {"unused/outcome", warning, "an outcome that no result, question or analysis uses",
     "use it or delete it"},
    {"unused/study", warning, "a study that no other table mentions",
     "add its arms and results, or say why not"},
};

using Key = std::tuple<const std::string&, int, int, const std::string&, const std::string&>;

Key key(const Diagnostic& d) {
    return {d.place.file, d.place.line, d.place.column, d.code, d.message};
}

std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> points;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        points.push_back(point.value);
        at += static_cast<std::size_t>(point.bytes);
    }
    return points;
}

// Optimal string alignment: insert, delete, replace, and swap of neighbours, each costs 1.
std::size_t alignment_distance(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
    std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        previous[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                current[j] = std::min(current[j], before[j - 2] + 1);
        }
        before.swap(previous);
        previous.swap(current);
    }
    return previous[b.size()];
}

} // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
    return table;
}

const DiagnosticCode& diagnostic_code(std::string_view code) {
    const auto found =
        std::lower_bound(std::begin(table), std::end(table), code,
                         [](const DiagnosticCode& row, std::string_view c) { return row.code < c; });
    ASSAY_EXPECT(found != std::end(table) && found->code == code);
    return *found;
}

Diagnostic& Diagnostics::add(std::string_view code, Place place, std::string message, std::string hint) {
    Diagnostic item;
    item.severity = diagnostic_code(code).severity;
    item.code = code;
    item.place = std::move(place);
    item.message = std::move(message);
    item.hint = std::move(hint);
    items_.push_back(std::move(item));
    return items_.back();
}

bool Diagnostics::has_errors() const {
    return count(Severity::error) > 0;
}

std::size_t Diagnostics::count(Severity severity) const {
    return static_cast<std::size_t>(std::count_if(
        items_.begin(), items_.end(), [&](const Diagnostic& d) { return d.severity == severity; }));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    std::vector<Diagnostic> rows = items_;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
    rows.erase(std::unique(rows.begin(), rows.end(),
                           [](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); }),
               rows.end());
    return rows;
}

void Diagnostics::append(const Diagnostics& other) {
    items_.insert(items_.end(), other.items_.begin(), other.items_.end());
}

std::string_view to_string(Severity severity) {
    switch (severity) {
    case Severity::error:
        return "error";
    case Severity::warning:
        return "warning";
    case Severity::note:
        break;
    }
    return "note";
}

void show_line(Diagnostic& diagnostic, std::string_view line) {
    constexpr int columns = 100, before = 40; // what fits; how much of the line stands left of a far column
    // Byte offset of each character; one more for the end.
    std::vector<std::size_t> offsets;
    for (std::size_t at = 0; at < line.size();
         at += static_cast<std::size_t>(decode_code_point(line, at).bytes))
        offsets.push_back(at);
    offsets.push_back(line.size());
    const int length = static_cast<int>(offsets.size()) - 1;
    const auto slice = [&](int first, int last) {
        const auto from = offsets[static_cast<std::size_t>(first)],
                   to = offsets[static_cast<std::size_t>(last)];
        return safe_text(line.substr(from, to - from));
    };
    const int caret = std::clamp(diagnostic.place.column - 1, 0, length);
    const int first = length <= columns || caret <= columns - before ? 0 : caret - before;
    const int last = std::min(length, first + columns);
    const int underlined = std::clamp(caret + std::max(1, diagnostic.span), caret, last);
    const std::string left = (first > 0 ? "..." : "") + slice(first, caret);
    diagnostic.excerpt = left + slice(caret, last) + (last < length ? "..." : "");
    diagnostic.caret = static_cast<int>(count_code_points(left));
    diagnostic.width = std::max<int>(1, static_cast<int>(count_code_points(slice(caret, underlined))));
}

std::string to_text(const Diagnostic& diagnostic) {
    std::string text = safe_text(diagnostic.place.file);
    if (diagnostic.place.line > 0) text += ":" + std::to_string(diagnostic.place.line);
    if (diagnostic.place.line > 0 && diagnostic.place.column > 0)
        text += ":" + std::to_string(diagnostic.place.column);
    if (!text.empty()) text += ": ";
    text += std::string(to_string(diagnostic.severity)) + ": " + safe_text(diagnostic.message) + " [" +
            diagnostic.code + "]\n";
    if (!diagnostic.excerpt.empty()) {
        text += "    " + diagnostic.excerpt + "\n";
        if (diagnostic.place.column > 0) {
            std::size_t at = 0;
            const auto skip = [&](int characters) {
                const std::size_t from = at;
                for (int i = 0; i < characters && at < diagnostic.excerpt.size(); ++i)
                    at += static_cast<std::size_t>(decode_code_point(diagnostic.excerpt, at).bytes);
                return display_width(std::string_view(diagnostic.excerpt).substr(from, at - from));
            };
            const int pad = skip(diagnostic.caret), under = std::max(1, skip(diagnostic.width));
            text += "    " + std::string(static_cast<std::size_t>(pad), ' ') + "^" +
                    std::string(static_cast<std::size_t>(under - 1), '~') + "\n";
        }
    }
    if (!diagnostic.hint.empty()) text += "    hint: " + safe_text(diagnostic.hint) + "\n";
    return text;
}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
    const std::vector<char32_t> wanted = code_points(name);
    const std::string* best = nullptr;
    std::size_t best_distance = 0;
    for (const std::string& candidate : known) {
        // A third of the longer name, but one slip is always allowed in names of two characters and more.
        const std::size_t longer = std::max(name.size(), candidate.size());
        const std::size_t allowed = std::max<std::size_t>(longer >= 2 ? 1 : 0, longer / 3);
        const std::size_t shorter = std::min(name.size(), candidate.size());
        if (longer - shorter > 4 * allowed) continue; // cheap way out: bytes differ at least that much
        const std::size_t distance = alignment_distance(wanted, code_points(candidate));
        if (distance > allowed || distance >= std::max(wanted.size(), std::size_t{1})) continue;
        if (!best || distance < best_distance) best = &candidate, best_distance = distance;
    }
    return best ? *best : std::string();
}

} // namespace assay
