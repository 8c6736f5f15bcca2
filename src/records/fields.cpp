#include "records/fields.hpp"

#include "base/ascii.hpp"
#include "text/encoding.hpp"
#include "text/fold.hpp"
#include "text/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace assay::records {

namespace {

using ascii::digit;
using ascii::letter;
using ascii::to_lower;

std::string two(int value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + std::min<std::size_t>(digits.size(), 8), value);
    return value;
}

// Each is compared with those before. Records have a dozen; what goes beyond stays among the fields as read.
constexpr std::size_t most_ids = 256;

// "Writing Group for the Trial": a word that people are not called by.
bool names_group(std::string_view name) {
    static constexpr std::string_view words[] = {
        "alliance",     "association",  "collaboration", "collaborative", "collaborators", "college",
        "committee",    "consortium",   "council",       "department",    "federation",    "foundation",
        "group",        "groups",       "institute",     "investigators", "ministry",      "network",
        "organisation", "organization", "society",       "trialists",     "university"};
    std::string word;
    for (std::size_t at = 0; at <= name.size(); ++at) {
        if (at < name.size() && letter(name[at])) {
            word += to_lower(name[at]);
            continue;
        }
        if (std::binary_search(std::begin(words), std::end(words), word)) return true;
        word.clear();
    }
    return false;
}

} // namespace

void add_name(model::Record& record, std::string_view name, std::string_view role, bool collective) {
    name = text::trim(name);
    if (name.find(' ') != std::string_view::npos && name.find(',') >= name.size() - 1) {
        const std::string_view last = name.substr(name.rfind(' ') + 1);
        const bool initials =
            last.size() <= 4 && std::all_of(last.begin(), last.end() - 1, ascii::upper); // "Doe JA,"
        // So EndNote marks a group: "The Sleep Trial,"
        const bool marked = name.back() == ',' && ascii::upper(name[0]) && !initials &&
                            name.find('.') == std::string_view::npos;
        collective = collective || marked || names_group(name);
    }
    while (!name.empty() && (name.back() == ',' || name.back() == ';'))
        name = text::trim(name.substr(0, name.size() - 1));
    if (name.empty() || name == "et al" || name == "et al." || name == "et, al" || name == "et, al.") return;
    model::RecordName person;
    person.role = role;
    if (collective ||
        (name.find(',') == std::string_view::npos && name.find(' ') == std::string_view::npos)) {
        person.family = name;
        person.collective = collective;
    } else {
        const text::PersonName parsed = text::parse_name(name);
        person.family = parsed.family, person.given = parsed.given, person.suffix = parsed.suffix;
    }
    record.people.push_back(std::move(person));
}

void add_keyword(model::Record& record, std::string_view word, std::string_view scheme) {
    const bool major = !word.empty() && word[0] == '*';
    if (major) word.remove_prefix(1);
    if (!word.empty()) record.keywords.push_back({std::string(scheme), std::string(word), major});
}

void add_link(model::Record& record, std::string_view address) {
    record.links.emplace_back(address);
    if (record_id(record, "doi").empty() && address.find("doi.org/") != std::string_view::npos)
        add_id(record, "doi", address);
    if (const std::size_t eid = address.find("eid=2-s2.0-"); eid != std::string_view::npos) {
        const std::size_t begin = eid + 4, end = std::min(address.find('&', begin), address.size());
        add_id(record, "eid", address.substr(begin, end - begin));
    }
}

std::string find_doi(std::string_view text) {
    std::string decoded;
    if (text.find('%') != std::string_view::npos) {
        decoded.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) {
            int value = 0;
            const bool escape = text[i] == '%' && i + 2 < text.size() &&
                                std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
                                    text.data() + i + 3;
            if (escape && value >= 0x20 && value < 0x7F)
                decoded += static_cast<char>(value), i += 2;
            else
                decoded += text[i];
        }
        text = decoded;
    }
    for (std::size_t at = text.find("10."); at != std::string_view::npos; at = text.find("10.", at + 1)) {
        if (at > 0 && (digit(text[at - 1]) || text[at - 1] == '.')) continue;
        std::size_t slash = at + 3;
        while (slash < text.size() && (digit(text[slash]) || text[slash] == '.'))
            ++slash;
        if (slash - at < 7 || slash >= text.size() || text[slash] != '/') continue;
        std::size_t end = slash + 1;
        while (end < text.size() && static_cast<unsigned char>(text[end]) > 0x20 && text[end] != '"' &&
               text[end] != '<' && text[end] != '>' && text[end] != ';' && text[end] != '|' &&
               text[end] != '&')
            ++end;
        while (end > slash + 1 &&
               (text[end - 1] == '.' || text[end - 1] == ',' || text[end - 1] == '/' || text[end - 1] == ']'))
            --end;
        if (end > slash + 1) return std::string(text.substr(at, end - at));
    }
    return {};
}

void add_id(model::Record& record, std::string_view scheme, std::string_view value) {
    if (record.ids.size() >= most_ids) return;
    std::string plain(text::trim(value));
    if (scheme == "doi") plain = find_doi(plain);
    if (plain.empty()) return;
    for (const auto& id : record.ids)
        if (id.scheme == scheme &&
            (id.value == plain || (scheme == "doi" && id.value.size() == plain.size() &&
                                   std::equal(plain.begin(), plain.end(), id.value.begin(),
                                              [](char a, char b) { return to_lower(a) == to_lower(b); }))))
            return;
    record.ids.push_back({std::string(scheme), std::move(plain)});
}

int month_number(std::string_view word) {
    static constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                               "jul", "aug", "sep", "oct", "nov", "dec"};
    word = text::trim(word);
    if (word.empty()) return 0;
    if (digit(word[0])) {
        const int value = number(word);
        return word.size() <= 2 && value >= 1 && value <= 12 ? value : 0;
    }
    std::string three;
    for (const char c : word.substr(0, 3))
        three += to_lower(c);
    const auto found = std::find(names.begin(), names.end(), three);
    return found == names.end() ? 0 : static_cast<int>(found - names.begin()) + 1;
}

std::string edtf(std::string_view year, std::string_view month, std::string_view day) {
    std::string out(text::trim(year));
    if (out.empty()) return {};
    const int m = month_number(month);
    if (m == 0) return out;
    out += "-" + two(m);
    const auto d = text::trim(day);
    if (!d.empty() && d.size() <= 2 && digit(d[0]) && number(d) >= 1 && number(d) <= 31)
        out += "-" + two(number(d));
    return out;
}

namespace {

// The pieces of letters or digits, in order.
std::vector<std::string_view> pieces(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < text.size();) {
        if (!digit(text[at]) && !letter(text[at])) {
            ++at;
            continue;
        }
        const bool digits = digit(text[at]);
        std::size_t end = at;
        while (end < text.size() && (digits ? digit(text[end]) : letter(text[end])))
            ++end;
        parts.push_back(text.substr(at, end - at));
        at = end;
    }
    return parts;
}

} // namespace

std::string edtf(std::string_view text) {
    const auto parts = pieces(text);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto part = parts[i];
        if (!digit(part[0])) continue;
        if (part.size() == 8) return edtf(part.substr(0, 4), part.substr(4, 2), part.substr(6, 2));
        if (part.size() != 4) continue;
        // Year first: year month day. Year last: day month year, or month year, or (numbers) month/day/year.
        if (i == 0) return edtf(part, parts.size() > 1 ? parts[1] : "", parts.size() > 2 ? parts[2] : "");
        std::string_view month, day;
        for (std::size_t j = 0; j < i; ++j) {
            if (letter(parts[j][0]) && month_number(parts[j]) > 0)
                month = parts[j];
            else if (digit(parts[j][0]))
                day = parts[j];
        }
        if (month.empty() && i == 1) month = day, day = {};
        return edtf(part, month, day);
    }
    return {};
}

std::string edtf_within(std::string_view year, std::string_view text) {
    const std::string whole = edtf(text);
    if (!whole.empty() || year.empty()) return whole;
    std::string_view month, day;
    for (const auto part : pieces(text)) {
        if (month.empty() && letter(part[0]) && month_number(part) > 0) month = part;
        if (day.empty() && digit(part[0])) day = part;
    }
    return month.empty() ? std::string() : edtf(year, month, day);
}

std::string join_pages(std::string_view first, std::string_view last) {
    first = text::trim(first), last = text::trim(last);
    if (first == "No" && last == "Specified")
        return {}; // Ovid cuts "No Pagination Specified" into two fields
    std::string out = plain_hyphens(first);
    if (last.empty() || last == "-" || last == first || out.find('-') != std::string::npos) return out;
    return out + (out.empty() ? "" : "-") + plain_hyphens(last);
}

std::string plain_hyphens(std::string_view text) {
    std::string out;
    const auto put = [&out](char c) { // "45 -- 52" is "45-52"
        if (c == '-')
            while (!out.empty() && out.back() == ' ')
                out.pop_back();
        const bool behind = !out.empty() && out.back() == '-';
        if (!behind || (c != '-' && c != ' ')) out += c;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto is = [&](unsigned char b, unsigned char c) {
            return at + 2 < text.size() && static_cast<unsigned char>(text[at + 1]) == b &&
                   static_cast<unsigned char>(text[at + 2]) == c;
        };
        if (static_cast<unsigned char>(text[at]) == 0xE2 &&
            (is(0x80, 0x90) || is(0x80, 0x91) || is(0x80, 0x92) || is(0x80, 0x93) || is(0x80, 0x94) ||
             is(0x88, 0x92))) {
            put('-');
            at += 2;
        } else
            put(text[at]);
    }
    return std::string(text::trim(out));
}

void add_serials(model::Record& record, std::string_view text) {
    std::string digits;
    const auto keep = [&] {
        if (record.issn.size() + record.isbn.size() >= most_ids) {
        } else if (digits.size() == 8) {
            const std::string issn = digits.substr(0, 4) + "-" + digits.substr(4);
            if (std::find(record.issn.begin(), record.issn.end(), issn) == record.issn.end())
                record.issn.push_back(issn);
        } else if (digits.size() == 10 || digits.size() == 13) {
            if (std::find(record.isbn.begin(), record.isbn.end(), digits) == record.isbn.end())
                record.isbn.push_back(digits);
        }
        digits.clear();
    };
    for (const char c : text) {
        if (digit(c))
            digits += c;
        else if ((c == 'x' || c == 'X') && (digits.size() == 7 || digits.size() == 9))
            digits += 'X';
        else if (c != '-')
            keep();
    }
    keep();
}

std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from) {
    if (from >= text.size()) return std::string_view::npos;
    const void* found = memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data())
                 : std::string_view::npos;
}

namespace {

// All names of registries that are looked for have "CT" in them; most texts do not.
bool has_registry_letters(std::string_view text) {
    for (std::size_t at = text.find('C'); at != std::string_view::npos; at = text.find('C', at + 1))
        if (at + 1 < text.size() && text[at + 1] == 'T') return true;
    return false;
}

} // namespace

std::string plain_text(std::string_view text) {
    std::string now(text);
    for (int pass = 0; pass < 2 && now.find('&') != std::string::npos;
         ++pass) { // "&amp;lt;" was escaped twice
        std::string out;
        for (std::size_t at = 0; at < now.size();) {
            const std::size_t semicolon = now[at] == '&' ? now.find(';', at) : std::string::npos;
            std::string value;
            if (semicolon != std::string::npos && semicolon - at <= 12)
                value = text::entity(std::string_view(now).substr(at + 1, semicolon - at - 1));
            if (value.empty())
                out += now[at++];
            else
                out += value, at = semicolon + 1;
        }
        if (out == now) break;
        now = std::move(out);
    }
    return now;
}

void mine_registrations(model::Record& record) {
    const auto mine = [&](std::string_view text) {
        if (!has_registry_letters(text)) return;
        for (const auto& [mark, digits] :
             {std::pair<std::string_view, std::size_t>{"NCT", 8}, {"ISRCTN", 8}, {"ACTRN", 14}})
            for (std::size_t at = find_text(text, mark); at != std::string_view::npos;
                 at = find_text(text, mark, at + 1)) {
                std::size_t end = at + mark.size();
                while (end < text.size() && digit(text[end]))
                    ++end;
                if (end - at - mark.size() != digits) continue;
                std::string scheme;
                for (const char c : mark)
                    scheme += to_lower(c);
                add_id(record, scheme, text.substr(at, end - at));
            }
    };
    mine(record.title);
    for (const auto& part : record.abstract)
        mine(part.text);
}

void add_tool_decisions(model::Record& record, std::string_view note) {
    if (const std::size_t begin = note.find("RAYYAN-INCLUSION:"); begin != std::string_view::npos) {
        std::vector<std::string> quoted;
        const std::size_t stop = std::min(note.find('}', begin), note.size());
        for (std::size_t at = note.find('"', begin); at < stop; at = note.find('"', at)) {
            const std::size_t end = note.find('"', at + 1);
            if (end >= stop) break;
            quoted.emplace_back(note.substr(at + 1, end - at - 1));
            at = end + 1;
        }
        for (std::size_t i = 0; i + 1 < quoted.size(); i += 2)
            record.decisions.push_back({"rayyan", quoted[i], quoted[i + 1]});
    }
    constexpr std::string_view reasons = "RAYYAN-EXCLUSION-REASONS:";
    if (const std::size_t at = note.find(reasons); at != std::string_view::npos) {
        const std::string_view rest = note.substr(at + reasons.size());
        record.decisions.push_back(
            {"rayyan", "",
             "Excluded: " + std::string(text::trim(rest.substr(0, rest.find_first_of("|\n"))))});
    }
    if (note.find("ASReview_relevant") != std::string_view::npos)
        record.decisions.push_back({"asreview", "", "Included"});
    else if (note.find("ASReview_irrelevant") != std::string_view::npos)
        record.decisions.push_back({"asreview", "", "Excluded"});
    constexpr std::string_view covidence = "Exclusion reason:";
    for (std::size_t at = note.find(covidence); at != std::string_view::npos;
         at = note.find(covidence, at + 1)) {
        const std::string_view rest = note.substr(at + covidence.size());
        record.decisions.push_back(
            {"covidence", "",
             "Excluded: " + std::string(text::trim(rest.substr(0, rest.find_first_of(";\n"))))});
    }
}

std::string abstract_text(const model::Record& record) {
    std::string out;
    for (const auto& part : record.abstract)
        out +=
            (out.empty() ? "" : " ") + (part.label.empty() ? std::string() : part.label + ": ") + part.text;
    return out;
}

std::string full_name(const model::RecordName& name) {
    std::string out = name.family;
    if (!name.given.empty()) out += ", " + name.given;
    if (!name.suffix.empty()) out += ", " + name.suffix;
    return out;
}

} // namespace assay::records
