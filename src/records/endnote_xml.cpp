// EndNote XML: `<record>` elements whose fields are wrapped in `<style>` runs, often all on one line; also
// written by Zotero and Mendeley, which leave the styles out and number the types in their own way.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "records/xml.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <charconv>

namespace assay::records {

namespace {

// The text of a field, the line ends that EndNote writes as CR kept as line ends.
std::string field(const XmlNode& node, std::string_view name) {
    const XmlNode* child = node.child(name);
    return child ? child->text() : std::string();
}

template<class Call> void each(const XmlNode& node, std::string_view list, std::string_view name, Call call) {
    const XmlNode* found = node.child(list);
    if (!found) return;
    for (const XmlNode& item : found->children())
        if (item.name == name)
            if (std::string text = item.text(); !text.empty()) call(std::move(text));
}

void read_people(model::Record& r, const XmlNode& record) {
    const XmlNode* contributors = record.child("contributors");
    if (!contributors) return;
    struct List {
        std::string_view name, role;
    };
    for (const List& list :
         {List{"authors", "author"}, List{"secondary-authors", "editor"},
          List{"tertiary-authors", "series-editor"}, List{"subsidiary-authors", "translator"},
          List{"translated-authors", "translator"}})
        each(*contributors, list.name, "author",
             [&](const std::string& name) { add_name(r, name, list.role); });
}

void read_titles(model::Record& r, const XmlNode& record) {
    std::string secondary;
    if (const XmlNode* titles = record.child("titles")) {
        r.title = field(*titles, "title");
        r.short_title = field(*titles, "short-title");
        r.original_title = field(*titles, "translated-title");
        r.series = field(*titles, "tertiary-title");
        secondary = field(*titles, "secondary-title");
        r.container_short = field(*titles, "alt-title");
    }
    if (const XmlNode* periodical = record.child("periodical")) {
        r.container = field(*periodical, "full-title");
        if (const std::string shorter = field(*periodical, "abbr-1"); !shorter.empty())
            r.container_short = shorter;
    }
    if (r.container.empty()) r.container = secondary;
    if (r.container_short == r.container) r.container_short.clear();
}

void read_dates(model::Record& r, const XmlNode& record) {
    const XmlNode* dates = record.child("dates");
    if (!dates) return;
    r.date = edtf(field(*dates, "year"));
    std::string day;
    each(*dates, "pub-dates", "date", [&](std::string text) { day = std::move(text); });
    if (r.date.size() != 4 || day.empty()) return;
    // "Mar 5" beside the year, or a whole date
    const std::string whole = edtf(day.find(r.date) != std::string::npos ? day : r.date + " " + day);
    if (whole.substr(0, 4) == r.date) r.date = whole;
}

void read_links(model::Record& r, const XmlNode& record) {
    const XmlNode* urls = record.child("urls");
    if (!urls) return;
    for (const std::string_view list : {"related-urls", "web-urls", "text-urls", "pdf-urls"})
        each(*urls, list, "url", [&](std::string url) { r.links.push_back(std::move(url)); });
}

void fill(model::Record& r, const XmlNode& record) {
    if (const XmlNode* type = record.child("ref-type")) {
        r.raw_type = type->attribute("name");
        int number = -1;
        const std::string digits = type->text();
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        r.type = type_of_words(r.raw_type); // programs agree on names more than on numbers
        if (r.type.empty()) r.type = type_of_endnote(number);
        if (r.raw_type.empty()) r.raw_type = digits;
    }
    read_people(r, record);
    read_titles(r, record);
    read_dates(r, record);
    r.volume = field(record, "volume"), r.issue = field(record, "number"),
    r.pages = plain_hyphens(field(record, "pages"));
    r.publisher = field(record, "publisher"), r.place = field(record, "pub-location"),
    r.edition = field(record, "edition");
    r.language = field(record, "language"), r.article_number = field(record, "electronic-article-number");
    r.database = field(record, "remote-database-name");
    add_serials(r, field(record, "isbn"));
    add_id(r, "doi", field(record, "electronic-resource-num"));
    if (const std::string pmc = field(record, "custom2"); pmc.substr(0, 3) == "PMC") add_id(r, "pmc", pmc);
    const std::string accession = field(record, "accession-num");
    const bool digits = !accession.empty() && accession.size() <= 8 &&
                        accession.find_first_not_of("0123456789") == std::string::npos;
    const bool pubmed = r.database.find("edline") != std::string::npos ||
                        r.database.find("MEDLINE") != std::string::npos || r.database == "NLM";
    add_id(r, digits && pubmed ? "pmid" : "accession", accession);
    if (std::string text = field(record, "abstract"); !text.empty())
        r.abstract.push_back({{}, std::move(text)});
    each(record, "keywords", "keyword", [&](const std::string& word) {
        const bool major = word.find('*') != std::string::npos;
        std::string plain = word;
        std::erase(plain, '*');
        r.keywords.push_back({{}, std::move(plain), major});
    });
    if (const std::string type = field(record, "work-type"); !type.empty())
        r.publication_types.push_back(type);
    read_links(r, record);
    for (const std::string_view name : {"notes", "research-notes"})
        if (std::string text = field(record, name); !text.empty()) r.notes.push_back(std::move(text));
    if (std::string where = field(record, "auth-address"); !where.empty() && !r.people.empty())
        r.people.front().affiliations.push_back(std::move(where));
    for (const XmlNode& node : record.children())
        if (!node.name.empty()) r.raw.push_back({std::string(node.name), node.text()});
    mine_registrations(r);
}

constexpr std::string_view elements[] = {"record"};

} // namespace

int sniff_endnote_xml(std::string_view head) {
    const bool record =
        head.find("<record>") != std::string_view::npos || head.find("<records>") != std::string_view::npos;
    return record && head.find("<xml>") != std::string_view::npos       ? 92
           : record && head.find("<ref-type") != std::string_view::npos ? 90
                                                                        : 0;
}

void read_endnote_xml(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    int count = 0;
    each_element(stream, elements, diagnostics, [&](const XmlNode& root, int line, std::uint64_t offset) {
        model::Record r;
        r.file = stream.file, r.line = line, r.offset = offset, r.dialect = "endnote-xml";
        r.number = ++count;
        fill(r, root);
        sink(std::move(r));
    });
}

namespace {

class EndNoteWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        if (number_ == 0) out += head;
        const auto element = [&](std::string_view name, std::string_view text) {
            if (text.empty()) return;
            out += "<" + std::string(name) + ">" + xml_escaped(text) + "</" + std::string(name) + ">";
        };
        const EndNoteType type = endnote_of_type(r.type);
        out += "<record>";
        element("rec-number", std::to_string(++number_));
        out += "<ref-type name=\"" + xml_escaped(type.name) + "\">" + std::to_string(type.number) +
               "</ref-type><contributors>";
        for (const auto& [list, role] : {std::pair{"authors", "author"},
                                         {"secondary-authors", "editor"},
                                         {"tertiary-authors", "series-editor"},
                                         {"subsidiary-authors", "translator"}}) {
            std::string inside;
            for (const auto& name : r.people) {
                if (name.role != role) continue;
                // A comma behind a group's name keeps EndNote from taking it apart.
                inside += "<author>" + xml_escaped(name.collective ? name.family + "," : full_name(name)) +
                          "</author>";
            }
            if (!inside.empty()) out += "<" + std::string(list) + ">" + inside + "</" + list + ">";
        }
        out += "</contributors><titles>";
        element("title", r.title), element("secondary-title", r.container),
            element("tertiary-title", r.series);
        element("alt-title", r.container_short), element("short-title", r.short_title),
            element("translated-title", r.original_title);
        out += "</titles>";
        if (!r.container.empty()) {
            out += "<periodical>";
            element("full-title", r.container), element("abbr-1", r.container_short);
            out += "</periodical>";
        }
        element("pages", r.pages), element("volume", r.volume), element("number", r.issue),
            element("edition", r.edition);
        if (!r.keywords.empty()) {
            out += "<keywords>";
            for (const auto& keyword : r.keywords)
                element("keyword", (keyword.major ? "*" : "") + keyword.term);
            out += "</keywords>";
        }
        if (!r.date.empty()) {
            out += "<dates>";
            element("year", r.date.substr(0, 4));
            if (r.date.size() > 4) {
                out += "<pub-dates>";
                element("date", r.date);
                out += "</pub-dates>";
            }
            out += "</dates>";
        }
        element("pub-location", r.place), element("publisher", r.publisher);
        std::string serials;
        for (const auto& issn : r.issn)
            serials += (serials.empty() ? "" : " ") + issn;
        for (const auto& isbn : r.isbn)
            serials += (serials.empty() ? "" : " ") + isbn;
        element("isbn", serials);
        const std::string pmid = record_id(r, "pmid");
        element("accession-num", pmid.empty() ? record_id(r, "accession") : pmid);
        element("electronic-article-number", r.article_number),
            element("electronic-resource-num", record_id(r, "doi"));
        element("abstract", abstract_text(r)), element("custom2", record_id(r, "pmc"));
        element("remote-database-name", pmid.empty() ? r.database : "Medline"),
            element("language", r.language);
        for (const auto& text : r.notes)
            element("notes", text);
        if (!r.links.empty()) {
            out += "<urls><related-urls>";
            for (const auto& url : r.links)
                element("url", url);
            out += "</related-urls></urls>";
        }
        out += "</record>\n";
    }
    void finish(std::string& out) override {
        if (number_ == 0) out += head;
        out += "</records></xml>\n";
    }

private:
    static constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><records>\n";
    int number_ = 0;
};

} // namespace

std::unique_ptr<Writer> write_endnote_xml() {
    return std::make_unique<EndNoteWriter>();
}

} // namespace assay::records
