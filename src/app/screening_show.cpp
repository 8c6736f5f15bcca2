// A record as a reviewer is shown it: text for a terminal, and data.
#include "app/screening.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::app {

namespace {

using json = nlohmann::ordered_json;

std::string dumped(const json& out) {
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

// Stand for the beginning and the end of a word in colour until the lines are made: text that is safe to show
// has none of them.
constexpr char speaks_for = 1, speaks_against = 2, mark_ends = 3;

int width_of(const std::string& text) {
    std::string shown;
    for (const char c : text)
        if (c < speaks_for || c > mark_ends) shown += c;
    return display_width(shown);
}

// `clean`: safe to show, but for the marks above.
std::string wrapped_clean(const std::string& clean, int width, const std::string& indent) {
    std::string out, line;
    for (std::size_t at = 0; at <= clean.size();) {
        const std::size_t end = std::min(clean.find(' ', at), clean.size());
        const std::string word = clean.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        if (!line.empty() && width_of(indent + line + " " + word) > width) {
            out += indent + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return line.empty() ? out : out + indent + line + "\n";
}

std::string wrapped(const std::string& text, int width, const std::string& indent) {
    return wrapped_clean(safe_text(text), width, indent);
}

// Words for a record bold and underlined, words against it reversed: to be told apart without colour, too.
std::string coloured(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == speaks_for)
            out += "\x1b[1;4;32m";
        else if (c == speaks_against)
            out += "\x1b[7;31m";
        else if (c == mark_ends)
            out += "\x1b[0m";
        else
            out += c;
    }
    return out;
}

// The text with each word of its marks between the bytes above.
std::string with_marks(const std::string& text, const std::vector<Mark>& marks, bool in_title) {
    std::string out;
    std::size_t at = 0;
    for (const Mark& mark : marks) {
        if (mark.in_title != in_title) continue;
        out += safe_text(std::string_view(text).substr(at, mark.begin - at));
        const char begins = mark.include ? speaks_for : speaks_against;
        out += begins;
        for (const char c : safe_text(std::string_view(text).substr(mark.begin, mark.bytes)))
            out += c == ' ' ? std::string{mark_ends, ' ', begins} : std::string(1, c); // a line may end here
        out += mark_ends;
        at = mark.begin + mark.bytes;
    }
    return out + safe_text(std::string_view(text).substr(at));
}

std::string marked_words(const Shown& shown, bool include) {
    std::string out;
    std::vector<std::string> seen;
    for (const Mark& mark : shown.marks) {
        if (mark.include != include) continue;
        std::string word = (mark.in_title ? shown.title : shown.abstract).substr(mark.begin, mark.bytes);
        if (std::find(seen.begin(), seen.end(), word) != seen.end()) continue;
        out += (out.empty() ? "" : ", ") + word;
        seen.push_back(std::move(word));
    }
    return out;
}

constexpr std::string_view order_words(std::string_view order) {
    if (order == "model") return "the model's next";
    if (order == "audit") return "drawn at random for the audit";
    if (order == "again") return "its decision was taken back";
    return order == "protocol" ? "by the words of the protocol, no model yet"
                               : "in random order, no model yet";
}

// Characters, not bytes: what the program that reads it counts in.
json marks_json(const Shown& shown) {
    json all = json::array();
    for (const Mark& mark : shown.marks) {
        const std::string_view text = mark.in_title ? shown.title : shown.abstract;
        all.push_back({{"in", mark.in_title ? "title" : "abstract"},
                       {"speaks", mark.include ? "for" : "against"},
                       {"start", count_code_points(text.substr(0, mark.begin))},
                       {"length", count_code_points(text.substr(mark.begin, mark.bytes))}});
    }
    return all;
}

json shown_json(const Shown& shown) {
    json one{{"record", shown.record},   {"title", shown.title}, {"abstract", shown.abstract},
             {"authors", shown.authors}, {"year", shown.year},   {"journal", shown.journal},
             {"doi", shown.doi},         {"order", shown.order}};
    if (shown.score) {
        one["score"] = *shown.score;
        one["reasons"] = json::array();
        for (const screen::Reason& reason : shown.reasons)
            one["reasons"].push_back({{"term", reason.term}, {"adds", reason.weight}});
    }
    if (!shown.marks.empty()) one["marks"] = marks_json(shown);
    return one;
}

std::string shown_text(const Shown& shown, int width, bool colour) {
    const auto text = [&](const std::string& value, bool in_title, const char* none) {
        if (value.empty()) return wrapped(none, width, "  ");
        return colour ? coloured(wrapped_clean(with_marks(value, shown.marks, in_title), width, "  "))
                      : wrapped(value, width, "  ");
    };
    std::string out = text(shown.title, true, "(no title)");
    std::string where = shown.authors;
    for (const std::string* part : {&shown.journal, &shown.year, &shown.doi})
        if (!part->empty()) where += (where.empty() ? "" : ". ") + *part;
    out += wrapped(where, width, "  ");
    out += "\n" + text(shown.abstract, false, "(no abstract)");
    for (const bool in_favour : {true, false}) {
        std::string terms;
        for (const screen::Reason& reason : shown.reasons)
            if ((reason.weight > 0) == in_favour)
                terms += fmt::format("{}{} {:+.3f}", terms.empty() ? "" : ", ", reason.term, reason.weight);
        if (!terms.empty()) out += wrapped((in_favour ? "for: " : "against: ") + terms, width, "  ");
    }
    for (const bool include : {true, false})
        if (const std::string words = colour ? "" : marked_words(shown, include); !words.empty())
            out += wrapped((include ? "words for: " : "words against: ") + words, width, "  ");
    return out;
}

json label_json(const store::Label& label) {
    return {{"who", label.who}, {"value", label.value}, {"why", label.why}};
}

std::string label_text(const store::Label& label) {
    return label.who + ": " + label.value + (label.why.empty() ? "" : " (" + label.why + ")");
}

} // namespace

std::string queue_json(const Queue& queue) {
    json next = json::array();
    for (const Shown& shown : queue.next)
        next.push_back(shown_json(shown));
    return dumped({{"schema", "assay/screen-next/1"},
                   {"left", queue.left},
                   {"decided", queue.decided},
                   {"audit_left", queue.audit_left},
                   {"next", std::move(next)}});
}

std::string queue_text(const Queue& queue, int width, bool colour) {
    if (queue.next.empty()) return fmt::format("nothing left to read ({} decided)\n", queue.decided);
    std::string out;
    for (const Shown& shown : queue.next) {
        out += fmt::format(
            "record {}  ({}{}; {} decided, {} left{})\n", shown.record, order_words(shown.order),
            shown.score ? fmt::format(", score {:+.2f}", *shown.score) : "", queue.decided, queue.left,
            queue.audit_left ? fmt::format(", {} of the audit", queue.audit_left) : "");
        out += shown_text(shown, width, colour) + "\n";
    }
    out.pop_back();
    return out;
}

std::string record_json(const RecordView& view) {
    json out{{"schema", "assay/screen-record/1"}};
    out.update(shown_json(view.shown));
    out.erase("order");
    out["hidden"] = view.hidden;
    out["labels"] = json::array();
    for (const store::Label& label : view.labels)
        out["labels"].push_back(label_json(label));
    if (view.resolved) out["resolved"] = label_json(*view.resolved);
    out["decision"] = view.consensus.conflict ? "conflict" : view.consensus.value;
    return dumped(out);
}

std::string record_text(const RecordView& view, int width, bool colour) {
    std::string out =
        fmt::format("record {}{}\n", view.shown.record,
                    view.shown.score ? fmt::format("  (score {:+.2f})", *view.shown.score) : std::string());
    out += shown_text(view.shown, width, colour) + "\n";
    if (view.hidden) return out + "  decisions are hidden until enough people have read the record\n";
    for (const store::Label& label : view.labels)
        out += wrapped(label_text(label), width, "  ");
    if (view.resolved) out += wrapped("settled by " + label_text(*view.resolved), width, "  ");
    return view.labels.empty() ? out + "  nobody has decided on it\n" : out;
}

std::string criteria_text(const Setup& setup, int width) {
    const Criteria criteria = criteria_of(setup);
    std::string out;
    if (!criteria.title.empty()) out += wrapped(criteria.title, width, "  ");
    const auto part = [&](const char* head, const std::vector<std::string>& lines) {
        if (!lines.empty()) out += fmt::format("  {}\n", head);
        for (const std::string& line : lines)
            out += wrapped(line, width, "    ");
    };
    part("questions", criteria.questions);
    part("include", criteria.include);
    part("exclude", criteria.exclude);
    if (!setup.reasons.empty()) out += "  reasons for exclusion\n";
    for (std::size_t i = 0; i < setup.reasons.size(); ++i)
        out += fmt::format("    {}  {}\n", i + 1, safe_text(setup.reasons[i]));
    if (out.empty())
        out = "  no protocol and no reasons are set: assay screen setup --protocol FILE --reasons \"...\"\n";
    return out;
}

} // namespace assay::app
