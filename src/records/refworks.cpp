// RefWorks tagged: "RT Journal Article", "A1 Family,Given", one field per line; each record begins with RT.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"

namespace assay::records {

namespace {

bool tagged(std::string_view line) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    return line.size() >= 2 && upper(line[0]) && (upper(line[1]) || (line[1] >= '0' && line[1] <= '9')) &&
           (line.size() == 2 || line[2] == ' ');
}

void map_all(model::Record& r) {
    std::string first, last, journal, second, year, day;
    for (const auto& [tag, value] : r.raw) {
        if (value.empty()) continue;
        const auto set = [&text = value](std::string& field) {
            if (field.empty()) field = plain_text(text);
        };
        if (tag == "RT") {
            r.raw_type = value;
            r.type = value.substr(0, 4) == "Book" && value.find("Section") != std::string::npos
                         ? "chapter"
                         : type_of_words(value);
        } else if (tag == "A1")
            add_name(r, plain_text(value));
        else if (tag == "A2")
            add_name(r, plain_text(value), "editor");
        else if (tag == "A3")
            add_name(r, plain_text(value), "series-editor");
        else if (tag == "A4" || tag == "A5")
            add_name(r, plain_text(value), "translator");
        else if (tag == "T1")
            set(r.title);
        else if (tag == "OT" || tag == "FT")
            set(r.original_title);
        else if (tag == "ST")
            set(r.short_title);
        else if (tag == "JF")
            set(journal);
        else if (tag == "T2")
            set(second);
        else if (tag == "JO")
            set(r.container_short);
        else if (tag == "T3")
            set(r.series);
        else if (tag == "YR")
            set(year);
        else if (tag == "FD")
            set(day);
        else if (tag == "VO")
            set(r.volume);
        else if (tag == "IS")
            set(r.issue);
        else if (tag == "SP")
            set(first);
        else if (tag == "OP")
            set(last);
        else if (tag == "K1")
            r.keywords.push_back({{}, plain_text(value), false});
        else if (tag == "AB")
            r.abstract.push_back({{}, plain_text(value)});
        else if (tag == "NO")
            r.notes.push_back(value);
        else if (tag == "PB")
            set(r.publisher);
        else if (tag == "PP")
            set(r.place);
        else if (tag == "ED")
            set(r.edition);
        else if (tag == "SN")
            add_serials(r, value);
        else if (tag == "AD" && !r.people.empty())
            r.people.front().affiliations.push_back(value);
        else if (tag == "AN")
            add_id(r, "accession", value);
        else if (tag == "DO")
            add_id(r, "doi", value);
        else if (tag == "LA")
            set(r.language);
        else if (tag == "DS" || tag == "DB")
            set(r.database);
        else if (tag == "UL" || tag == "LK")
            r.links.push_back(value);
        else if (tag == "PMID")
            add_id(r, "pmid", value);
    }
    r.container = !journal.empty() ? journal : second;
    if (!journal.empty() && r.series.empty()) r.series = second;
    r.pages = join_pages(first, last);
    const std::string plain = edtf(year), full = edtf(day + " " + plain);
    r.date = full.size() > plain.size() ? full : plain;
    mine_registrations(r);
}

} // namespace

int sniff_refworks(std::string_view head) {
    LineReader lines(head);
    std::string_view line;
    bool type = false;
    int tags = 0;
    while (lines.next(line)) {
        type |= line.substr(0, 3) == "RT ";
        for (const std::string_view tag : {"A1 ", "T1 ", "JF ", "YR ", "SR ", "OP "})
            tags += line.substr(0, 3) == tag ? 1 : 0;
    }
    return type && tags >= 2 ? 84 : 0;
}

void read_refworks(Stream& stream, const Sink& sink, Diagnostics&) {
    LineReader lines(stream);
    std::string_view line;
    model::Record r;
    bool open = false;
    int count = 0;
    const auto finish = [&] {
        if (!open) return;
        open = false;
        map_all(r);
        sink(std::move(r));
    };
    while (lines.next(line)) {
        if (!tagged(line)) {
            if (open && !r.raw.empty() && !text::trim(line).empty())
                r.raw.back().value += " " + std::string(text::trim(line));
            continue;
        }
        const std::string_view tag = line.substr(0, 2);
        if (tag == "RT") {
            finish();
            r = {};
            r.file = stream.file, r.line = lines.number(), r.offset = lines.offset(), r.dialect = "refworks";
            r.number = ++count;
            open = true;
        }
        if (!open) continue; // what a database prints above the first record
        r.raw.push_back({std::string(tag),
                         std::string(line.size() > 3 ? text::trim(line.substr(3)) : std::string_view())});
    }
    finish();
}

} // namespace assay::records
