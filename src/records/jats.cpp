// JATS XML (PubMed Central, publishers) and Crossref's unixref XML: what an article says about itself.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "records/xml.hpp"
#include "text/encoding.hpp"

#include <algorithm>

namespace assay::records {

namespace {

void walk(const XmlNode& node, std::string_view name, const std::function<void(const XmlNode&)>& call) {
    for (const XmlNode& child : node.children()) {
        if (child.name == name) call(child);
        walk(child, name, call);
    }
}

const XmlNode* find(const XmlNode& node, std::string_view name) {
    for (const XmlNode& child : node.children()) {
        if (child.name == name) return &child;
        if (const XmlNode* found = find(child, name)) return found;
    }
    return nullptr;
}

// Text without the marks of footnotes.
void gather(const XmlNode& node, std::string& out) {
    if (node.name.empty()) out += node.value;
    for (const XmlNode& child : node.children())
        if (child.name != "xref" && child.name != "fn" && child.name != "label") gather(child, out);
}
std::string words(const XmlNode& node) {
    std::string raw, out;
    gather(node, raw);
    for (const char c : raw) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (space && (out.empty() || out.back() == ' ')) continue;
        out += space ? ' ' : c;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string date_of(const XmlNode& node) {
    return edtf(node.text_of("year"), node.text_of("month"), node.text_of("day"));
}

// ---- JATS
// --------------------------------------------------------------------------------------------------------

void add_person(model::Record& r, const XmlNode& contrib, const XmlNode& meta) {
    model::RecordName name;
    const std::string kind(contrib.attribute("contrib-type"));
    name.role = kind == "editor"                                       ? "editor"
                : kind.empty() || kind == "author" || kind == "person" ? "author"
                                                                       : kind;
    const XmlNode* own = contrib.child("name");
    if (const XmlNode* variants = contrib.child("name-alternatives"); !own && variants)
        own = variants->child("name");
    if (own) {
        name.family = own->text_of("surname"), name.given = own->text_of("given-names"),
        name.suffix = own->text_of("suffix");
        if (const std::string prefix = own->text_of("prefix");
            !prefix.empty() && text::trim(prefix).size() > 6)
            name.family = prefix + " " + name.family;
    } else if (const XmlNode* group = contrib.child("collab"))
        name.family = words(*group), name.collective = true;
    else if (const XmlNode* text = contrib.child("string-name"))
        name.family = text->text_of("surname"), name.given = text->text_of("given-names");
    if (name.family.empty()) return;
    for (const XmlNode& each : contrib.children()) {
        if (each.name == "contrib-id" && each.attribute("contrib-id-type") == "orcid")
            if (const std::string id = each.text(); id.size() >= 19) name.orcid = id.substr(id.size() - 19);
        if (each.name == "aff") name.affiliations.push_back(words(each));
        if (each.name == "xref" && each.attribute("ref-type") == "aff") {
            const std::string wanted(each.attribute("rid"));
            walk(meta, "aff", [&](const XmlNode& aff) {
                if (aff.attribute("id") == wanted) name.affiliations.push_back(words(aff));
            });
        }
    }
    r.people.push_back(std::move(name));
}

void add_abstract(model::Record& r, const XmlNode& abstract) {
    const bool sections = std::any_of(abstract.children().begin(), abstract.children().end(),
                                      [](const auto& c) { return c.name == "sec"; });
    if (!sections) {
        std::string text;
        for (const XmlNode& part : abstract.children())
            if (part.name != "title" && !part.name.empty()) text += (text.empty() ? "" : " ") + words(part);
        if (text.empty()) text = words(abstract);
        if (!text.empty()) r.abstract.push_back({{}, text});
        return;
    }
    for (const XmlNode& part : abstract.children()) {
        if (part.name.empty() || part.name == "title") continue;
        std::string label, text;
        for (const XmlNode& each : part.children()) {
            if (each.name == "title")
                label = words(each);
            else if (!each.name.empty())
                text += (text.empty() ? "" : " ") + words(each);
        }
        if (part.name != "sec") text = words(part), label.clear();
        if (!label.empty() && (label.back() == ':' || label.back() == '.')) label.pop_back();
        if (!text.empty()) r.abstract.push_back({label, text});
    }
}

std::string jats_type(std::string_view type) {
    if (type == "retraction" || type == "correction" || type == "letter" || type == "editorial")
        return "article-journal";
    if (type == "book-review" || type == "product-review") return "review-book";
    if (type == "preprint") return "article";
    return "article-journal";
}

model::Record jats(const XmlNode& article) {
    model::Record r;
    r.raw_type = article.attribute("article-type");
    r.type = jats_type(r.raw_type);
    r.language = article.attribute("xml:lang");
    const XmlNode* front = article.child("front");
    if (!front) front = &article;
    if (const XmlNode* journal = front->child("journal-meta")) {
        if (const XmlNode* title = find(*journal, "journal-title")) r.container = words(*title);
        for (const XmlNode& each : journal->children()) {
            if (each.name == "journal-id" && (each.attribute("journal-id-type") == "nlm-ta" ||
                                              each.attribute("journal-id-type") == "iso-abbrev"))
                r.container_short = each.text();
            if (each.name == "issn") add_serials(r, each.text());
        }
        if (const XmlNode* publisher = find(*journal, "publisher")) {
            r.publisher = publisher->text_of("publisher-name");
            r.place = publisher->text_of("publisher-loc");
        }
        if (const XmlNode* short_title = find(*journal, "abbrev-journal-title");
            short_title && r.container_short.empty())
            r.container_short = short_title->text();
    }
    const XmlNode* meta = front->child("article-meta");
    if (!meta) return r;
    const std::string pii_or_page = meta->text_of("fpage");
    for (const XmlNode& node : meta->children()) {
        if (node.name == "article-id") {
            const auto kind = node.attribute("pub-id-type");
            std::string value = node.text();
            if (kind == "pmc" || kind == "pmcid") value = value.substr(0, 3) == "PMC" ? value : "PMC" + value;
            if (kind == "pmid" || kind == "doi" || kind == "pii") add_id(r, kind, value);
            if (kind == "pmc" || kind == "pmcid") add_id(r, "pmc", value);
        } else if (node.name == "title-group") {
            for (const XmlNode& title : node.children()) {
                if (title.name == "article-title") r.title = words(title);
                if (title.name == "subtitle") r.title += ": " + words(title);
                if (title.name == "trans-title-group") r.original_title = title.text_of("trans-title");
                if (title.name == "alt-title" && r.short_title.empty()) r.short_title = words(title);
            }
        } else if (node.name == "contrib-group") {
            for (const XmlNode& contrib : node.children())
                if (contrib.name == "contrib") add_person(r, contrib, *meta);
        } else if (node.name == "pub-date") {
            const std::string date = date_of(node);
            const std::string kind(node.attribute("pub-type")), media(node.attribute("date-type"));
            if (kind == "epub" || node.attribute("publication-format") == "electronic") r.date_epub = date;
            const bool issue = kind == "ppub" || kind == "collection" || media == "collection" ||
                               node.attribute("publication-format") == "print";
            if (r.date.empty() || issue) r.date = date;
        } else if (node.name == "volume")
            r.volume = node.text();
        else if (node.name == "issue")
            r.issue = node.text();
        else if (node.name == "elocation-id")
            r.article_number = node.text();
        else if (node.name == "abstract") {
            if (r.abstract.empty() || node.attribute("abstract-type").empty()) {
                if (node.attribute("abstract-type").empty()) r.abstract.clear();
                add_abstract(r, node);
            }
        } else if (node.name == "kwd-group") {
            for (const XmlNode& word : node.children())
                if (word.name == "kwd") r.keywords.push_back({{}, words(word), false});
        } else if (node.name == "article-categories")
            walk(node, "subject",
                 [&](const XmlNode& subject) { r.publication_types.push_back(subject.text()); });
        else if (node.name == "related-article")
            r.relations.push_back({std::string(node.attribute("related-article-type")),
                                   {},
                                   std::string(node.attribute("xlink:href"))});
    }
    r.pages = join_pages(pii_or_page, meta->text_of("lpage"));
    if (r.pages.empty()) r.pages = r.article_number;
    r.database = "JATS";
    return r;
}

// ---- unixref
// -----------------------------------------------------------------------------------------------------

struct Work {
    std::string_view element, type;
};
// The most special first: a paper stands beside the data of its proceedings.
constexpr Work works[] = {{"journal_article", "article-journal"},
                          {"conference_paper", "paper-conference"},
                          {"content_item", "chapter"},
                          {"report-paper_metadata", "report"},
                          {"dissertation", "thesis"},
                          {"posted_content", "article"},
                          {"dataset", "dataset"},
                          {"standard_metadata", "standard"},
                          {"book_metadata", "book"},
                          {"book_series_metadata", "book"},
                          {"book_set_metadata", "book"},
                          {"proceedings_metadata", "book"},
                          {"database_metadata", "document"},
                          {"sa_component", "document"},
                          {"journal_metadata", "periodical"}};

void unixref_names(model::Record& r, const XmlNode& work) {
    const XmlNode* list = work.child("contributors");
    const XmlNode& from = list ? *list : work;
    for (const XmlNode& each : from.children()) {
        model::RecordName name;
        const std::string role(each.attribute("contributor_role"));
        name.role = role.empty() ? "author" : role;
        if (each.name == "person_name") {
            name.family = each.text_of("surname"), name.given = each.text_of("given_name"),
            name.suffix = each.text_of("suffix");
            const std::string orcid = each.text_of("ORCID");
            if (orcid.size() >= 19) name.orcid = orcid.substr(orcid.size() - 19);
            if (const std::string place = each.text_of("affiliation"); !place.empty())
                name.affiliations.push_back(place);
        } else if (each.name == "organization")
            name.family = each.text(), name.collective = true;
        if (!name.family.empty()) r.people.push_back(std::move(name));
    }
}

model::Record unixref(const XmlNode& root) {
    model::Record r;
    const XmlNode* work = nullptr;
    for (const Work& each : works)
        if ((work = find(root, each.element))) {
            r.type = each.type, r.raw_type = each.element;
            break;
        }
    if (!work) return r;
    unixref_names(r, *work);
    if (r.people.empty())
        for (const char* whole : {"book_metadata", "book_series_metadata"})
            if (const XmlNode* book = find(root, whole); book && book != work) unixref_names(r, *book);
    if (const XmlNode* titles = work->child("titles")) {
        r.title = titles->text_of("title");
        if (const std::string subtitle = titles->text_of("subtitle"); !subtitle.empty())
            r.title += ": " + subtitle;
        r.original_title = titles->text_of("original_language_title");
    }
    if (r.title.empty()) r.title = work->text_of(r.type == "book" ? "proceedings_title" : "full_title");
    const auto whole = [&](std::string_view name) {
        const XmlNode* node = find(root, name);
        return node && node != work ? node : nullptr;
    };
    if (const XmlNode* journal = whole("journal_metadata")) {
        r.container = journal->text_of("full_title"), r.container_short = journal->text_of("abbrev_title");
        for (const XmlNode& each : journal->children())
            if (each.name == "issn") add_serials(r, each.text());
    }
    if (const XmlNode* proceedings = whole("proceedings_metadata"))
        r.container = proceedings->text_of("proceedings_title");
    for (const char* name : {"book_metadata", "book_series_metadata", "book_set_metadata"})
        if (const XmlNode* book = whole(name); book && r.type == "chapter")
            if (const XmlNode* titles = book->child("titles")) r.container = titles->text_of("title");
    if (const XmlNode* series = find(root, "series_metadata"))
        if (const XmlNode* title = find(*series, "title")) r.series = title->text();
    const XmlNode* date = nullptr;
    for (const XmlNode& each : work->children()) // print before online, as Crossref's own citations have it
        if ((each.name == "publication_date" || each.name == "posted_date" || each.name == "approval_date") &&
            (!date || each.attribute("media_type") == "print"))
            date = &each;
    for (const char* name : {"publication_date", "posted_date", "approval_date"})
        if (!date) date = find(root, name);
    if (date) r.date = date_of(*date);
    if (const XmlNode* volume = find(root, "volume")) r.volume = volume->text();
    if (const XmlNode* issue = find(root, "issue")) r.issue = issue->text();
    if (const XmlNode* pages = work->child("pages"))
        r.pages = join_pages(pages->text_of("first_page"), pages->text_of("last_page"));
    if (const XmlNode* publisher = find(root, "publisher"))
        r.publisher = publisher->text_of("publisher_name"), r.place = publisher->text_of("publisher_place");
    if (const XmlNode* institution = find(root, "institution"); institution && r.publisher.empty())
        r.publisher = institution->text_of("institution_name"),
        r.place = institution->text_of("institution_place");
    walk(root, "isbn", [&](const XmlNode& isbn) { add_serials(r, isbn.text()); });
    if (r.issn.empty()) walk(root, "issn", [&](const XmlNode& issn) { add_serials(r, issn.text()); });
    if (const XmlNode* data = work->child("doi_data")) {
        add_id(r, "doi", data->text_of("doi"));
        if (const std::string url = data->text_of("resource"); !url.empty()) r.links.push_back(url);
    }
    if (const XmlNode* abstract = find(*work, "jats:abstract")) add_abstract(r, *abstract);
    if (const XmlNode* abstract = find(*work, "abstract"); abstract && r.abstract.empty())
        add_abstract(r, *abstract);
    r.edition = work->text_of("edition_number");
    r.language = work->attribute("language");
    r.database = "Crossref";
    return r;
}

void read_each(Stream& stream, std::span<const std::string_view> names, std::string_view dialect,
               const Sink& sink, Diagnostics& diagnostics, model::Record (*read)(const XmlNode&)) {
    int count = 0;
    each_element(stream, names, diagnostics, [&](const XmlNode& root, int line, std::uint64_t offset) {
        model::Record r = read(root);
        r.file = stream.file, r.line = line, r.offset = offset, r.dialect = dialect, r.number = ++count;
        mine_registrations(r);
        sink(std::move(r));
    });
}

constexpr std::string_view jats_elements[] = {"article"};
constexpr std::string_view unixref_elements[] = {"doi_record"};

} // namespace

int sniff_jats(std::string_view head) {
    const auto has = [&](std::string_view mark) { return head.find(mark) != std::string_view::npos; };
    if (has("<jats:") && has("<doi_record")) return 0;
    return (has("<article ") || has("<article>")) &&
                   (has("<front>") || has("<journal-meta") || has("<article-meta") || has("JATS"))
               ? 90
               : 0;
}
void read_jats(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    read_each(stream, jats_elements, "jats", sink, diagnostics, jats);
}
int sniff_unixref(std::string_view head) {
    return head.find("<doi_record") != std::string_view::npos ||
                   head.find("<doi_records") != std::string_view::npos
               ? 91
               : 0;
}
void read_unixref(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    read_each(stream, unixref_elements, "crossref-unixref", sink, diagnostics, unixref);
}

} // namespace assay::records
