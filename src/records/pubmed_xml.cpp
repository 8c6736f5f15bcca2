// PubMed XML of both roots (PubmedArticleSet; MedlineCitationSet until 2016), books and deletions. The file
// is cut into records first and each is parsed alone, so a fault costs its record; no DTD is ever seen, so no
// entity can expand.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/xml.hpp"
#include "text/encoding.hpp"

#include <algorithm>

namespace assay::records {

namespace {

std::string date_of(const XmlNode& node) {
    if (const XmlNode* medline = node.child("MedlineDate")) return edtf(medline->text());
    std::string_view month;
    const std::string m = node.text_of("Month"), season = node.text_of("Season");
    month = m;
    return edtf(node.text_of("Year"), month, node.text_of("Day"));
}

std::string orcid(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || c == 'X') digits += c;
    if (digits.size() != 16) return {};
    return digits.substr(0, 4) + "-" + digits.substr(4, 4) + "-" + digits.substr(8, 4) + "-" +
           digits.substr(12);
}

void add_people(model::Record& r, const XmlNode& list, std::string_view role) {
    for (const XmlNode& author : list.children()) {
        if (author.name.empty()) continue; // white space between elements
        if (author.name != "Author" && author.name != "Investigator") continue;
        if (author.attribute("ValidYN") == "N") continue;
        model::RecordName name;
        name.role = role;
        if (const XmlNode* group = author.child("CollectiveName"))
            name.family = group->text(), name.collective = true;
        else {
            name.family = author.text_of("LastName");
            name.given = author.text_of("ForeName");
            if (name.given.empty()) name.given = author.text_of("FirstName");
            if (name.given.empty()) name.given = author.text_of("Initials");
            name.suffix = author.text_of("Suffix");
        }
        for (const XmlNode& each : author.children()) {
            if (each.name.empty()) continue; // white space between elements
            if (each.name == "AffiliationInfo")
                name.affiliations.push_back(each.text_of("Affiliation"));
            else if (each.name == "Affiliation")
                name.affiliations.push_back(each.text());
            else if (each.name == "Identifier" && each.attribute("Source") == "ORCID")
                name.orcid = orcid(each.text());
        }
        if (!name.family.empty()) r.people.push_back(std::move(name));
    }
}

void add_abstract(model::Record& r, const XmlNode& abstract) {
    for (const XmlNode& part : abstract.children())
        if (!part.name.empty())
            if (part.name == "AbstractText") {
                std::string text = part.text();
                if (!text.empty())
                    r.abstract.push_back({std::string(part.attribute("Label")), std::move(text)});
            }
}

void add_article_ids(model::Record& r, const XmlNode& list) {
    for (const XmlNode& id : list.children()) {
        if (id.name.empty()) continue; // white space between elements
        if (id.name != "ArticleId") continue;
        const auto kind = id.attribute("IdType");
        const std::string value = id.text();
        if (kind == "pubmed")
            add_id(r, "pmid", value);
        else if (kind == "doi" || kind == "pmc" || kind == "pii" || kind == "mid")
            add_id(r, kind, value);
    }
}

void read_article(model::Record& r, const XmlNode& article) {
    for (const XmlNode& node : article.children()) {
        if (node.name.empty()) continue; // white space between elements
        if (node.name == "Journal") {
            r.container = node.text_of("Title");
            r.container_short = node.text_of("ISOAbbreviation");
            for (const XmlNode& each : node.children())
                if (!each.name.empty())
                    if (each.name == "ISSN") add_serials(r, each.text());
            if (const XmlNode* issue = node.child("JournalIssue")) {
                r.volume = issue->text_of("Volume");
                r.issue = issue->text_of("Issue");
                if (const XmlNode* date = issue->child("PubDate")) r.date = date_of(*date);
            }
        } else if (node.name == "ArticleTitle")
            r.title = node.text();
        else if (node.name == "VernacularTitle")
            r.original_title = node.text();
        else if (node.name == "Pagination") {
            r.pages = plain_hyphens(node.text_of("MedlinePgn"));
            if (r.pages.empty()) r.pages = join_pages(node.text_of("StartPage"), node.text_of("EndPage"));
        } else if (node.name == "ELocationID") {
            const auto kind = node.attribute("EIdType");
            if (node.attribute("ValidYN") != "N" && (kind == "doi" || kind == "pii"))
                add_id(r, kind, node.text());
        } else if (node.name == "Abstract")
            add_abstract(r, node);
        else if (node.name == "AuthorList")
            add_people(r, node, node.attribute("Type") == "editors" ? "editor" : "author");
        else if (node.name == "Language")
            r.language += (r.language.empty() ? "" : "; ") + node.text();
        else if (node.name == "PublicationTypeList") {
            for (const XmlNode& type : node.children())
                if (!type.name.empty()) r.publication_types.push_back(type.text());
        } else if (node.name == "ArticleDate")
            r.date_epub = date_of(node);
        else if (node.name == "DataBankList") {
            for (const XmlNode& bank : node.children())
                if (!bank.name.empty())
                    if (const XmlNode* list = bank.child("AccessionNumberList"))
                        for (const XmlNode& number : list->children()) {
                            if (number.name.empty()) continue; // white space between elements
                            const std::string value = number.text();
                            if (value.substr(0, 3) == "NCT")
                                add_id(r, "nct", value);
                            else
                                r.notes.push_back(bank.text_of("DataBankName") + "/" + value);
                        }
        }
    }
    if (r.date.empty()) r.date = r.date_epub;
}

void read_citation(model::Record& r, const XmlNode& citation) {
    for (const XmlNode& node : citation.children()) {
        if (node.name.empty()) continue; // white space between elements
        if (node.name == "PMID")
            add_id(r, "pmid", node.text());
        else if (node.name == "Article")
            read_article(r, node);
        else if (node.name == "MedlineJournalInfo") {
            r.country = node.text_of("Country");
            if (r.container_short.empty()) r.container_short = node.text_of("MedlineTA");
        } else if (node.name == "MeshHeadingList") {
            for (const XmlNode& heading : node.children()) {
                if (heading.name.empty()) continue; // white space between elements
                std::string term;
                bool major = false;
                for (const XmlNode& part : heading.children()) {
                    if (part.name.empty()) continue; // white space between elements
                    term += (term.empty() ? "" : "/") + part.text();
                    major |= part.attribute("MajorTopicYN") == "Y";
                }
                if (!term.empty()) r.keywords.push_back({"mesh", std::move(term), major});
            }
        } else if (node.name == "KeywordList") {
            for (const XmlNode& word : node.children())
                if (!word.name.empty())
                    r.keywords.push_back({{}, word.text(), word.attribute("MajorTopicYN") == "Y"});
        } else if (node.name == "OtherAbstract") {
            if (r.abstract.empty()) add_abstract(r, node);
        } else if (node.name == "CommentsCorrectionsList") {
            for (const XmlNode& each : node.children())
                if (!each.name.empty())
                    r.relations.push_back({std::string(each.attribute("RefType")), each.text_of("PMID"),
                                           each.text_of("RefSource")});
        }
    }
}

void read_book(model::Record& r, const XmlNode& document) {
    r.type = "chapter";
    for (const XmlNode& node : document.children()) {
        if (node.name.empty()) continue; // white space between elements
        if (node.name == "PMID")
            add_id(r, "pmid", node.text());
        else if (node.name == "ArticleIdList")
            add_article_ids(r, node);
        else if (node.name == "ArticleTitle")
            r.title = node.text();
        else if (node.name == "VernacularTitle")
            r.original_title = node.text();
        else if (node.name == "Language")
            r.language = node.text();
        else if (node.name == "AuthorList")
            add_people(r, node, node.attribute("Type") == "editors" ? "editor" : "author");
        else if (node.name == "Abstract")
            add_abstract(r, node);
        else if (node.name == "PublicationType")
            r.publication_types.push_back(node.text());
        else if (node.name == "Pagination")
            r.pages = plain_hyphens(node.text_of("MedlinePgn"));
        else if (node.name == "KeywordList") {
            for (const XmlNode& word : node.children())
                if (!word.name.empty())
                    r.keywords.push_back({{}, word.text(), word.attribute("MajorTopicYN") == "Y"});
        } else if (node.name == "Book") {
            r.container = node.text_of("BookTitle");
            if (const XmlNode* publisher = node.child("Publisher"))
                r.publisher = publisher->text_of("PublisherName"),
                r.place = publisher->text_of("PublisherLocation");
            if (const XmlNode* date = node.child("PubDate")) r.date = date_of(*date);
            r.volume = node.text_of("Volume"), r.edition = node.text_of("Edition");
            for (const XmlNode& each : node.children()) {
                if (each.name.empty()) continue; // white space between elements
                if (each.name == "Isbn")
                    add_serials(r, each.text());
                else if (each.name == "AuthorList")
                    add_people(r, each, each.attribute("Type") == "editors" ? "editor" : "author");
                else if (each.name == "ELocationID" && each.attribute("EIdType") == "doi")
                    add_id(r, "doi", each.text());
            }
        }
    }
    if (r.title.empty()) std::swap(r.title, r.container), r.type = "book";
}

void fill(model::Record& r, const XmlNode& root) {
    r.type = "article-journal";
    if (root.name == "MedlineCitation")
        read_citation(r, root);
    else if (root.name == "PubmedBookArticle") {
        if (const XmlNode* document = root.child("BookDocument")) read_book(r, *document);
        if (const XmlNode* data = root.child("PubmedBookData"))
            if (const XmlNode* list = data->child("ArticleIdList")) add_article_ids(r, *list);
    } else {
        if (const XmlNode* citation = root.child("MedlineCitation")) read_citation(r, *citation);
        // Only the article's own list: references carry lists of ids, too.
        if (const XmlNode* data = root.child("PubmedData"))
            if (const XmlNode* list = data->child("ArticleIdList")) add_article_ids(r, *list);
    }
    if (r.title.empty() || r.title == "[Not Available]." || r.title == "[Not Available]")
        if (!r.original_title.empty()) r.title = r.original_title;
    r.raw_type = r.publication_types.empty() ? "" : r.publication_types.front();
    r.database = "PubMed";
    mine_registrations(r);
}

constexpr std::string_view elements[] = {"PubmedArticle", "PubmedBookArticle", "MedlineCitation",
                                         "DeleteCitation", "DeleteDocument"};

} // namespace

int sniff_pubmed_xml(std::string_view head) {
    for (const auto name : {"<PubmedArticleSet", "<MedlineCitationSet", "<PubmedBookArticleSet",
                            "<PubmedArticle>", "<PubmedBookArticle>"})
        if (head.find(name) != std::string_view::npos) return 95;
    return 0;
}

void read_pubmed_xml(Stream& stream, const Sink& sink, Diagnostics& diagnostics) {
    int count = 0;
    each_element(stream, elements, diagnostics, [&](const XmlNode& root, int line, std::uint64_t offset) {
        model::Record r;
        r.file = stream.file, r.line = line, r.offset = offset, r.dialect = "pubmed-xml";
        if (root.name == "DeleteCitation" || root.name == "DeleteDocument") {
            for (const XmlNode& pmid : root.children()) {
                if (pmid.name.empty()) continue; // white space between elements
                model::Record gone = r;
                gone.number = ++count;
                gone.deleted = true;
                add_id(gone, "pmid", pmid.text());
                sink(std::move(gone));
            }
            return;
        }
        r.number = ++count;
        fill(r, root);
        sink(std::move(r));
    });
}

} // namespace assay::records
