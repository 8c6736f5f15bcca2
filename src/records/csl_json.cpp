// CSL-JSON, read and written: the exchange format of citation programs (citationstyles.org, schema 1.0.2).
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/json.hpp"
#include "records/types.hpp"
#include "text/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::records {

namespace {

using nlohmann::json;

std::string text_of(const json& item, const char* key) {
    return json_text(item, key);
}

std::string date_of(const json& item, const char* key) {
    const auto at = item.find(key);
    if (at == item.end() || !at->is_object()) return {};
    const auto parts = at->find("date-parts");
    if (parts != at->end() && parts->is_array() && !parts->empty() && (*parts)[0].is_array()) {
        std::vector<std::string> pieces;
        for (const auto& piece : (*parts)[0]) {
            if (piece.is_number_integer())
                pieces.push_back(std::to_string(piece.get<long long>()));
            else if (piece.is_string())
                pieces.push_back(piece.get<std::string>());
        }
        pieces.resize(3);
        return edtf(pieces[0], pieces[1], pieces[2]);
    }
    for (const char* form : {"raw", "literal"})
        if (const std::string text = text_of(*at, form); !text.empty()) {
            const std::string date = edtf(text);
            return date.empty() ? text : date;
        }
    return {};
}

void read_names(model::Record& r, const json& item, const char* key, std::string_view role) {
    const auto list = item.find(key);
    if (list == item.end() || !list->is_array()) return;
    for (const auto& each : *list) {
        if (!each.is_object()) continue;
        model::RecordName name;
        name.role = role;
        name.family = text_of(each, "family");
        name.given = text_of(each, "given");
        name.suffix = text_of(each, "suffix");
        for (const char* particle : {"non-dropping-particle", "dropping-particle"})
            if (const std::string p = text_of(each, particle); !p.empty())
                name.family = p + " " + name.family;
        if (name.family.empty()) name.family = text_of(each, "literal"), name.collective = true;
        if (name.family.empty()) name.family = text_of(each, "name");
        if (name.family.empty()) std::swap(name.family, name.given), name.collective = false;
        if (const std::string orcid = text_of(each, "ORCID"); orcid.size() >= 19)
            name.orcid = orcid.substr(orcid.size() - 19);
        if (!name.family.empty()) r.people.push_back(std::move(name));
    }
}

} // namespace

model::Record csl_item(const json& item) {
    model::Record r;
    r.dialect = "csl-json";
    r.raw_type = r.type = text_of(item, "type");
    if (r.type == "journal-article") r.type = "article-journal"; // Crossref's name
    r.title = plain_text(text_of(item, "title"));
    r.short_title = text_of(item, "title-short");
    if (r.short_title.empty()) r.short_title = text_of(item, "shortTitle");
    r.original_title = text_of(item, "original-title");
    r.container = text_of(item, "container-title");
    r.container_short = text_of(item, "container-title-short");
    if (r.container_short.empty()) r.container_short = text_of(item, "journalAbbreviation");
    r.volume = text_of(item, "volume"), r.issue = text_of(item, "issue"),
    r.pages = plain_hyphens(text_of(item, "page"));
    r.article_number = text_of(item, "article-number");
    r.publisher = text_of(item, "publisher"), r.place = text_of(item, "publisher-place");
    r.edition = text_of(item, "edition"), r.series = text_of(item, "collection-title");
    r.language = text_of(item, "language"), r.date = date_of(item, "issued"),
    r.database = text_of(item, "source");
    for (const auto& [key, role] : {std::pair{"author", "author"},
                                    {"editor", "editor"},
                                    {"translator", "translator"},
                                    {"collection-editor", "series-editor"}})
        read_names(r, item, key, role);
    for (const char* key : {"ISSN", "ISBN"}) {
        const auto at = item.find(key);
        if (at == item.end()) continue;
        if (at->is_array()) {
            for (const auto& each : *at)
                if (each.is_string()) add_serials(r, each.get<std::string>());
        } else
            add_serials(r, text_of(item, key));
    }
    add_id(r, "doi", text_of(item, "DOI"));
    add_id(r, "pmid", text_of(item, "PMID"));
    add_id(r, "pmc", text_of(item, "PMCID"));
    add_id(r, "csl", text_of(item, "id"));
    if (const std::string abstract = plain_text(text_of(item, "abstract")); !abstract.empty())
        r.abstract.push_back({{}, abstract});
    if (const std::string url = text_of(item, "URL"); !url.empty()) r.links.push_back(url);
    if (const std::string note = text_of(item, "note"); !note.empty()) r.notes.push_back(note);
    const std::string words = text_of(item, "keyword");
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find_first_of(",;", at), words.size());
        if (const auto first = words.find_first_not_of(' ', at); first < end)
            r.keywords.push_back({{}, words.substr(first, end - first), false});
        at = end + 1;
    }
    for (const auto& [key, value] : item.items())
        r.raw.push_back({key, value.is_string()
                                  ? value.get<std::string>()
                                  : value.dump(-1, ' ', false, json::error_handler_t::replace)});
    mine_registrations(r);
    return r;
}

namespace {

json date_parts(const std::string& date) {
    json parts = json::array();
    for (std::size_t at = 0; at < date.size();) {
        const std::size_t end = std::min(date.find('-', at), date.size());
        const std::string piece = date.substr(at, end - at);
        if (piece.empty() || piece.size() > 4 || piece.find_first_not_of("0123456789") != std::string::npos)
            return json{{"literal", date}};
        parts.push_back(std::stoi(piece));
        at = end + 1;
    }
    return json{{"date-parts", json::array({parts})}};
}

} // namespace

int sniff_csl_json(std::string_view head) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (head[first] != '[' && head[first] != '{')) return 0;
    const bool csl = head.find("\"issued\"") != std::string_view::npos ||
                     head.find("\"container-title\"") != std::string_view::npos ||
                     head.find("\"type\"") != std::string_view::npos;
    const bool other = head.find("\"abstract_inverted_index\"") != std::string_view::npos ||
                       head.find("\"protocolSection\"") != std::string_view::npos ||
                       head.find("\"resultList\"") != std::string_view::npos ||
                       head.find("\"itemType\"") != std::string_view::npos ||
                       head.find("\"message-type\"") != std::string_view::npos;
    return csl && !other ? 70 : 0;
}

void read_csl_json(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    static constexpr std::string_view lists[] = {"items", "references"};
    int count = 0;
    each_json(source, lists, diagnostics, [&](const json& item, int line, std::size_t offset) {
        model::Record r = csl_item(item);
        r.file = source.file, r.line = line, r.offset = offset, r.number = ++count;
        sink(std::move(r));
    });
}

namespace {

class CslWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        json item = json::object();
        const auto put = [&](const char* key, const std::string& value) {
            if (!value.empty()) item[key] = value;
        };
        std::string own = record_id(r, "csl");
        if (own.empty()) own = record_id(r, "key");
        item["id"] = own.empty() ? std::to_string(r.number) : own;
        item["type"] = r.type.empty() ? "document" : r.type;
        put("title", r.title), put("title-short", r.short_title), put("original-title", r.original_title);
        put("container-title", r.container), put("container-title-short", r.container_short);
        put("volume", r.volume), put("issue", r.issue), put("page", r.pages), put("number", r.article_number);
        put("publisher", r.publisher), put("publisher-place", r.place), put("edition", r.edition);
        put("collection-title", r.series), put("language", r.language), put("source", r.database);
        put("abstract", abstract_text(r)), put("DOI", record_id(r, "doi")), put("PMID", record_id(r, "pmid"));
        put("PMCID", record_id(r, "pmc"));
        if (!r.issn.empty()) item["ISSN"] = r.issn.front();
        if (!r.isbn.empty()) item["ISBN"] = r.isbn.front();
        if (!r.links.empty()) item["URL"] = r.links.front();
        if (!r.date.empty()) item["issued"] = date_parts(r.date);
        std::string words;
        for (const auto& keyword : r.keywords)
            words += (words.empty() ? "" : "; ") + keyword.term;
        put("keyword", words);
        for (const auto& name : r.people) {
            const char* role = name.role == "editor"             ? "editor"
                               : name.role == "translator"       ? "translator"
                               : name.role == "series-editor"    ? "collection-editor"
                               : name.role == "container-author" ? "container-author"
                                                                 : "author";
            if (name.role == "cited" || name.role == "investigator") continue;
            json person = json::object();
            if (name.collective || name.given.empty())
                person[name.collective ? "literal" : "family"] = name.family;
            else
                person["family"] = name.family, person["given"] = name.given;
            if (!name.suffix.empty()) person["suffix"] = name.suffix;
            item[role].push_back(std::move(person));
        }
        // As dump() indents what stands in an array; line ends inside of texts are escaped.
        out += any_ ? ",\n " : "[\n ";
        any_ = true;
        for (const char c : item.dump(1, ' ', false, json::error_handler_t::replace)) {
            out += c;
            if (c == '\n') out += ' ';
        }
    }
    void finish(std::string& out) override { out += any_ ? "\n]\n" : "[]\n"; }

private:
    bool any_ = false;
};

} // namespace

std::unique_ptr<Writer> write_csl_json() {
    return std::make_unique<CslWriter>();
}

} // namespace assay::records
