// Web of Science tagged text (.ciw, .isi, .txt): "TAG value", continued lines indented by three, ER after
// each record. The tab-delimited export has the same tags as names of columns.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"
#include "text/names.hpp"

#include <algorithm>

namespace assay::records {

namespace {

bool tagged(std::string_view line) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    return line.size() >= 2 && upper(line[0]) && (upper(line[1]) || (line[1] >= '0' && line[1] <= '9')) &&
           (line.size() == 2 || line[2] == ' ');
}

// Lists are one item per line in tagged text and separated in the table.
template<class Call> void each_item(std::string_view value, char separator, const Call& call) {
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find(separator, at), value.size());
        const auto item = text::trim(value.substr(at, end - at));
        if (!item.empty()) call(item);
        at = end + 1;
    }
}

std::string on_one_line(std::string value) {
    std::replace(value.begin(), value.end(), '\n', ' ');
    return value;
}

struct Code {
    std::string_view letter, type;
};
constexpr Code kinds[] = {
    {"J", "article-journal"}, {"B", "book"}, {"S", "chapter"}, {"C", "paper-conference"}, {"P", "patent"}};

struct Parts {
    std::string first, last, span, year, day, full_people, people;
};

void map_field(model::Record& r, Parts& p, const std::string& tag, const std::string& raw, char separator) {
    const std::string value = on_one_line(raw);
    const auto set = [&](std::string& field) {
        if (field.empty()) field = plain_text(value);
    };
    const auto keywords = [&](bool major) {
        each_item(value, ';', [&](std::string_view word) {
            r.keywords.push_back({{}, plain_text(word), major});
        });
    };
    if (tag == "PT") {
        r.raw_type = value;
        for (const Code& kind : kinds)
            if (kind.letter == value) r.type = kind.type;
    } else if (tag == "DT") {
        each_item(value, ';', [&](std::string_view one) { r.publication_types.emplace_back(one); });
    } else if (tag == "TI")
        set(r.title);
    else if (tag == "FT")
        set(r.original_title);
    else if (tag == "AU")
        p.people = raw;
    else if (tag == "AF")
        p.full_people = raw;
    else if (tag == "ED" || tag == "BE")
        each_item(raw, separator, [&](std::string_view name) { add_name(r, plain_text(name), "editor"); });
    else if (tag == "CA")
        each_item(raw, separator,
                  [&](std::string_view name) { add_name(r, plain_text(name), "author", true); });
    else if (tag == "SO")
        set(r.container);
    else if (tag == "JI" || tag == "J9") {
        if (r.container_short.empty() || tag == "JI") r.container_short = value;
    } else if (tag == "SE")
        set(r.series);
    else if (tag == "VL")
        set(r.volume);
    else if (tag == "IS")
        set(r.issue);
    else if (tag == "BP")
        p.first = value;
    else if (tag == "EP")
        p.last = value;
    else if (tag == "PS")
        p.span = value;
    else if (tag == "AR")
        set(r.article_number);
    else if (tag == "PY")
        p.year = value;
    else if (tag == "PD")
        p.day = value;
    else if (tag == "EA")
        r.date_epub = edtf(value);
    else if (tag == "AB") {
        if (r.abstract.empty()) r.abstract.push_back({{}, plain_text(value)});
    } else if (tag == "DE" || tag == "ID")
        keywords(false);
    else if (tag == "MH") {
        each_item(raw, separator, [&](std::string_view word) {
            r.keywords.push_back({"mesh", std::string(word), false});
        });
    } else if (tag == "SN" || tag == "EI" || tag == "BN")
        add_serials(r, value);
    else if (tag == "DI" || tag == "D2")
        add_id(r, "doi", value);
    else if (tag == "PM")
        add_id(r, "pmid", value);
    else if (tag == "UT") {
        if (value.substr(0, 8) == "MEDLINE:")
            add_id(r, "pmid", value.substr(8));
        else
            add_id(r, "wos", value);
    } else if (tag == "AN")
        add_id(r, "accession", value);
    else if (tag == "PN" && r.type == "patent")
        add_id(r, "patent", value);
    else if (tag == "PU")
        set(r.publisher);
    else if (tag == "PI" || tag == "PV")
        set(r.place);
    else if (tag == "LA")
        set(r.language);
    else if (tag == "C1") {
        if (!r.people.empty())
            each_item(raw, '\n',
                      [&](std::string_view one) { r.people.front().affiliations.emplace_back(one); });
        else
            r.notes.push_back(value);
    } else if (tag == "CT")
        r.notes.push_back(value);
}

} // namespace

void map_wos_fields(model::Record& r, char separator) {
    Parts p;
    for (const auto& field : r.raw)
        map_field(r, p, field.tag, field.value, separator);
    std::vector<model::RecordName> others;
    others.swap(r.people);
    const std::string& people = p.full_people.empty() ? p.people : p.full_people;
    each_item(people, separator, [&](std::string_view line) { // MEDLINE's flavour has them all in one line
        each_item(line, ';', [&](std::string_view name) { add_name(r, plain_text(name)); });
    });
    if (!r.people.empty())
        for (const auto& field : r.raw)
            if (field.tag == "C1") r.people.front().affiliations.push_back(on_one_line(field.value));
    r.people.insert(r.people.end(), others.begin(), others.end());
    r.pages = p.first.empty() ? plain_hyphens(p.span) : join_pages(p.first, p.last);
    // "FEB 2011", "JUN 28", "SPR": the year stands apart.
    const std::string year = edtf(p.year);
    const std::string day =
        edtf(p.day.find(year) == std::string::npos || year.empty() ? p.day + " " + p.year : p.day);
    r.date = day.size() > year.size() ? day : year;
    if (r.type.empty())
        r.type = r.publication_types.empty() ? "article-journal" : type_of_words(r.publication_types.front());
    if (r.database.empty()) r.database = "Web of Science";
    mine_registrations(r);
}

int sniff_wos(std::string_view head) {
    const bool version = head.find("\nVR 1.0") != std::string_view::npos;
    if (head.substr(0, 3) == "FN " || version) return 92;
    // Some programs cut the two lines at the top.
    LineReader lines(head);
    std::string_view line;
    bool type = false, end = false;
    int tags = 0;
    while (lines.next(line)) {
        type |= line.size() == 4 && line.substr(0, 3) == "PT ";
        end |= line == "ER";
        tags += tagged(line) ? 1 : 0;
    }
    return type && end && tags >= 4 ? 80 : 0;
}

void read_wos(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    LineReader lines(stream);
    std::string_view line;
    model::Record r;
    bool open = false;
    int count = 0;
    const auto finish = [&] {
        if (!open) return;
        open = false;
        map_wos_fields(r, '\n');
        sink(std::move(r));
    };
    const auto begin = [&] {
        r = {};
        r.file = stream.file, r.line = lines.number(), r.offset = lines.offset(), r.dialect = "wos-tagged";
        r.number = ++count;
        open = true;
    };
    while (lines.next(line)) {
        if (!tagged(line)) {
            if (open && !r.raw.empty() && !text::trim(line).empty()) {
                auto& value = r.raw.back().value;
                value += (value.empty() ? "" : "\n") + std::string(text::trim(line));
            }
            continue;
        }
        const std::string_view tag = line.substr(0, 2);
        if (tag == "ER")
            finish();
        else if (tag != "EF" && tag != "FN" && tag != "VR") {
            if (open && tag == "PT") {
                diagnostics.add("record/missing-end", {stream.file, r.line, 1},
                                "the record that begins here has no ER",
                                "it was taken to end before the next one");
                finish();
            }
            if (!open) begin();
            r.raw.push_back({std::string(tag),
                             std::string(line.size() > 3 ? text::trim(line.substr(3)) : std::string_view())});
        }
    }
    if (open)
        diagnostics.add("record/missing-end", {stream.file, r.line, 1},
                        "the record that begins here has no ER", "it was taken to end with the file");
    finish();
}

} // namespace assay::records
