// refer, EndNote's tagged export (ENW): lines "%A Name", one record after %0 or an empty line.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"

#include <algorithm>

namespace assay::records {

namespace {

bool tagged(std::string_view line) {
    return line.size() >= 2 && line[0] == '%' && line[1] > 0x20 && line[1] < 0x7F &&
           (line.size() == 2 || line[2] == ' ');
}

void map_all(model::Record& r) {
    std::string journal, book;
    for (const auto& [tag, value] : r.raw) {
        if (value.empty()) continue;
        const auto set = [&text = value](std::string& field) {
            if (field.empty()) field = plain_text(text);
        };
        switch (tag[1]) {
        case '0':
            if (r.raw_type.empty()) r.raw_type = value, r.type = type_of_words(value);
            break;
        case 'A':
            add_name(r, plain_text(value));
            break;
        case 'E':
            add_name(r, plain_text(value), "editor");
            break;
        case '?':
            add_name(r, plain_text(value), "translator");
            break;
        case 'Y':
            add_name(r, plain_text(value), "series-editor");
            break;
        case 'T':
            set(r.title);
            break;
        case 'J':
            journal = plain_text(value); // a second one is the translated name, which databases print
            break;
        case 'B':
            if (book.empty()) book = plain_text(value);
            break;
        case 'S':
            set(r.series);
            break;
        case 'Q':
            set(r.original_title);
            break;
        case '!':
            set(r.short_title);
            break;
        case 'D':
            if (r.date.empty()) r.date = edtf(value);
            break;
        case '8':
            if (const std::string day = edtf_within(r.date.substr(0, 4), value); day.size() > r.date.size())
                r.date = day;
            break;
        case 'V':
            set(r.volume);
            break;
        case 'N':
            set(r.issue);
            break;
        case 'P':
            r.pages = plain_hyphens(value);
            break;
        case 'I':
            set(r.publisher);
            break;
        case 'C':
            set(r.place);
            break;
        case '7':
            set(r.edition);
            break;
        case '@':
            add_serials(r, value);
            break;
        case 'R':
            add_id(r, "doi", value);
            break;
        case 'M':
            add_id(r, "accession", value);
            break;
        case 'U':
            add_link(r, value);
            break;
        case 'K':
            r.keywords.push_back({{}, plain_text(value), false});
            break;
        case 'X':
            r.abstract.push_back({{}, plain_text(value)});
            break;
        case 'G':
            set(r.language);
            break;
        case 'W':
        case '~':
            set(r.database);
            break;
        case 'Z':
        case 'O':
        case '9':
            r.notes.push_back(value);
            break;
        case '+':
            if (!r.people.empty()) r.people.front().affiliations.push_back(value);
            break;
        default:
            break;
        }
    }
    r.container = !journal.empty() ? journal : book;
    if (r.type.empty())
        r.type = !journal.empty()      ? "article-journal"
                 : !book.empty()       ? "chapter"
                 : r.publisher.empty() ? ""
                                       : "book";
    mine_registrations(r);
}

} // namespace

int sniff_refer(std::string_view head) {
    LineReader lines(head);
    std::string_view line;
    int tags = 0, others = 0;
    while (lines.next(line) && tags + others < 200)
        (tagged(line) ? tags : others) += line.empty() ? 0 : 1;
    if (head.substr(0, 3) == "%0 " || head.find("\n%0 ") != std::string_view::npos) return 85;
    return tags >= 3 && tags > others ? 80 : 0;
}

void read_refer(Stream& stream, const Sink& sink, Diagnostics&) {
    LineReader lines(stream);
    std::string_view line;
    model::Record r;
    bool open = false, blank = false, typed = false;
    int count = 0;
    const auto finish = [&] {
        if (!open) return;
        open = false;
        map_all(r);
        sink(std::move(r));
    };
    while (lines.next(line)) {
        if (!tagged(line)) {
            const std::string_view more = text::trim(line);
            blank |= more.empty();
            if (more.empty() || !open || r.raw.empty()) continue;
            if (auto& [tag, value] = r.raw.back(); tag == "%K")
                r.raw.push_back({"%K", std::string(more)}); // each line a keyword
            else
                value += (value.empty() ? "" : blank ? "\n" : " ") + std::string(more);
            blank = false;
            continue;
        }
        if (open && ((line[1] == '0' && typed) || blank)) finish();
        blank = false;
        if (!open) {
            r = {};
            r.file = stream.file, r.line = lines.number(), r.offset = lines.offset(), r.dialect = "refer";
            r.number = ++count;
            open = true, typed = false;
        }
        typed |= line[1] == '0';
        r.raw.push_back({std::string(line.substr(0, 2)),
                         std::string(line.size() > 3 ? text::trim(line.substr(3)) : std::string_view())});
    }
    finish();
}

} // namespace assay::records
