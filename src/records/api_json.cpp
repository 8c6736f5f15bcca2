// Answers of the programming interfaces of OpenAlex, Crossref, ClinicalTrials.gov (version 2) and Europe PMC.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/json.hpp"
#include "records/types.hpp"
#include "text/fold.hpp"
#include "text/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::records {

namespace {

using nlohmann::json;

// Everything that was not understood stays with the record, member by member.
void keep_raw(model::Record& r, const json& item) {
    for (const auto& [key, value] : item.items())
        r.raw.push_back({key, value.is_string()
                                  ? value.get<std::string>()
                                  : value.dump(-1, ' ', false, json::error_handler_t::replace)});
}

void read_with(const Source& source, std::span<const std::string_view> lists, std::string_view dialect,
               const Sink& sink, Diagnostics& diagnostics, model::Record (*read)(const json&)) {
    int count = 0;
    each_json(source, lists, diagnostics, [&](const json& item, int line, std::size_t offset) {
        model::Record r = read(item);
        r.file = source.file, r.line = line, r.offset = offset, r.dialect = dialect, r.number = ++count;
        keep_raw(r, item);
        mine_registrations(r);
        sink(std::move(r));
    });
}

std::string last_part(const std::string& url) {
    return url.substr(url.rfind('/') == std::string::npos ? 0 : url.rfind('/') + 1);
}

// ---- OpenAlex
// ----------------------------------------------------------------------------------------------------

// {"word": [positions]}: the words in their order.
std::string from_inverted_index(const json& index) {
    std::vector<std::pair<long long, std::string_view>> words;
    for (const auto& [word, positions] : index.items())
        if (positions.is_array())
            for (const auto& position : positions)
                if (position.is_number_integer()) words.emplace_back(position.get<long long>(), word);
    std::sort(words.begin(), words.end());
    std::string out;
    for (const auto& [position, word] : words)
        out += (out.empty() ? "" : " ") + std::string(word);
    return out;
}

model::Record openalex(const json& work) {
    model::Record r;
    r.raw_type = json_text(work, "type_crossref");
    if (r.raw_type.empty()) r.raw_type = json_text(work, "type");
    r.type = type_of_crossref(r.raw_type);
    r.title = plain_text(json_text(work, "title"));
    if (r.title.empty()) r.title = plain_text(json_text(work, "display_name"));
    const json& location = json_member(work, "primary_location");
    const json& source = json_member(location, "source");
    r.container = json_text(source, "display_name");
    r.publisher = json_text(source, "host_organization_name");
    add_serials(r, json_text(source, "issn_l"));
    for (const auto& issn : json_member(source, "issn"))
        if (issn.is_string()) add_serials(r, issn.get<std::string>());
    const json& place = json_member(work, "biblio");
    r.volume = json_text(place, "volume"), r.issue = json_text(place, "issue");
    r.pages = join_pages(json_text(place, "first_page"), json_text(place, "last_page"));
    const std::string year = json_text(work, "publication_year"), date = json_text(work, "publication_date");
    r.date = date.empty() ? year : edtf(date);
    r.language = json_text(work, "language");
    for (const auto& authorship : json_member(work, "authorships")) {
        if (!authorship.is_object()) continue;
        const json& author = json_member(authorship, "author");
        const std::string name = json_text(author, "display_name"),
                          raw = json_text(authorship, "raw_author_name");
        const std::size_t before = r.people.size();
        add_name(r, raw.find(',') != std::string::npos || name.empty() ? raw : name);
        if (r.people.size() == before) continue;
        const std::string orcid = json_text(author, "orcid");
        if (orcid.size() >= 19) r.people.back().orcid = orcid.substr(orcid.size() - 19);
        for (const auto& affiliation : json_member(authorship, "raw_affiliation_strings"))
            if (affiliation.is_string())
                r.people.back().affiliations.push_back(affiliation.get<std::string>());
    }
    add_id(r, "openalex", last_part(json_text(work, "id")));
    add_id(r, "doi", json_text(work, "doi"));
    const json& ids = json_member(work, "ids");
    add_id(r, "doi", json_text(ids, "doi"));
    add_id(r, "pmid", last_part(json_text(ids, "pmid")));
    add_id(r, "pmc", last_part(json_text(ids, "pmcid")));
    if (const std::string text = from_inverted_index(json_member(work, "abstract_inverted_index"));
        !text.empty())
        r.abstract.push_back({{}, text});
    for (const auto& word : json_member(work, "keywords")) {
        std::string term = word.is_object() ? json_text(word, "display_name") : std::string();
        if (term.empty() && word.is_object()) term = json_text(word, "keyword");
        if (!term.empty()) r.keywords.push_back({{}, term, false});
    }
    for (const auto& heading : json_member(work, "mesh"))
        if (heading.is_object()) {
            const std::string name = json_text(heading, "descriptor_name"),
                              qualifier = json_text(heading, "qualifier_name");
            const bool major = heading.contains("is_major_topic") && heading["is_major_topic"] == true;
            if (!name.empty())
                r.keywords.push_back({"mesh", name + (qualifier.empty() ? "" : "/" + qualifier), major});
        }
    if (work.contains("is_retracted") && work["is_retracted"] == true)
        r.relations.push_back({"RetractionIn", {}, "OpenAlex"});
    if (const std::string url = json_text(location, "landing_page_url"); !url.empty()) r.links.push_back(url);
    r.database = "OpenAlex";
    return r;
}

// ---- Crossref
// ----------------------------------------------------------------------------------------------------

// Crossref's update types by the names PubMed uses.
std::string relation_name(const std::string& type, bool to_this) {
    const char* direction = to_this ? "In" : "For";
    if (type == "retraction" || type == "withdrawal" || type == "removal")
        return to_this ? "RetractionIn" : "RetractionOf";
    if (type == "partial_retraction") return to_this ? "PartialRetractionIn" : "PartialRetractionOf";
    if (type == "expression_of_concern") return std::string("ExpressionOfConcern") + direction;
    if (type == "new_version" || type == "new_edition") return to_this ? "UpdateIn" : "UpdateOf";
    return std::string("Erratum") + direction;
}

model::Record crossref(const json& item) {
    const json& message = json_member(item, "message");
    const json& work =
        message.is_object() && message.contains("DOI") ? message : item; // a single work in its envelope
    model::Record r = csl_item(work);
    r.raw.clear(); // kept by the caller
    r.title = text::without_markup(r.title);
    if (const std::string subtitle = json_text(work, "subtitle");
        !subtitle.empty() && r.title.find(subtitle) == std::string::npos)
        r.title += ": " + text::without_markup(subtitle);
    r.raw_type = json_text(work, "type");
    if (const auto known = type_of_crossref(r.raw_type); !known.empty()) r.type = known;
    for (auto& part : r.abstract)
        part.text = text::without_markup(part.text);
    for (const char* key : {"published-print", "published", "published-online", "created"}) {
        if (!r.date.empty()) break;
        r.date = csl_item(json{{"issued", json_member(work, key)}}).date;
    }
    for (const auto& [key, to_this] : {std::pair{"updated-by", true}, {"update-to", false}})
        for (const auto& update : json_member(work, key))
            if (update.is_object())
                r.relations.push_back(
                    {relation_name(json_text(update, "type"), to_this), {}, json_text(update, "DOI")});
    for (const auto& subject : json_member(work, "subject"))
        if (subject.is_string()) r.keywords.push_back({{}, subject.get<std::string>(), false});
    for (const auto& trial : json_member(work, "clinical-trial-number"))
        if (trial.is_object()) {
            std::string number = json_text(trial, "clinical-trial-number");
            std::transform(number.begin(), number.end(), number.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
            add_id(r, number.substr(0, 3) == "NCT" ? "nct" : "trial", number);
        }
    if (const json& events = json_member(work, "event");
        events.is_object() && !json_text(events, "name").empty())
        r.notes.push_back(json_text(events, "name"));
    r.database = "Crossref";
    return r;
}

// ---- ClinicalTrials.gov
// ------------------------------------------------------------------------------------------

model::Record trial(const json& study) {
    model::Record r;
    r.type = "dataset", r.raw_type = "trial registration";
    const json& protocol = json_member(study, "protocolSection");
    const json& identity = json_member(protocol, "identificationModule");
    const json& status = json_member(protocol, "statusModule");
    const json& sponsors = json_member(protocol, "sponsorCollaboratorsModule");
    const json& design = json_member(protocol, "designModule");
    r.title = json_text(identity, "officialTitle");
    r.short_title = json_text(identity, "briefTitle");
    if (r.title.empty()) std::swap(r.title, r.short_title);
    if (r.title == r.short_title) r.short_title.clear();
    add_id(r, "nct", json_text(identity, "nctId"));
    add_id(r, "trial", json_text(json_member(identity, "orgStudyIdInfo"), "id"));
    for (const auto& other : json_member(identity, "secondaryIdInfos"))
        if (other.is_object()) add_id(r, "trial", json_text(other, "id"));
    for (const char* key : {"startDateStruct", "studyFirstPostDateStruct"})
        if (r.date.empty()) r.date = edtf(json_text(json_member(status, key), "date"));
    if (r.date.empty()) r.date = edtf(json_text(status, "studyFirstSubmitDate"));
    add_name(r, json_text(json_member(sponsors, "leadSponsor"), "name"), "author", true);
    for (const auto& official :
         json_member(json_member(protocol, "contactsLocationsModule"), "overallOfficials"))
        if (official.is_object()) {
            const std::string name = json_text(official, "name");
            add_name(r, name.substr(0, name.find(',')), "investigator");
        }
    const json& description = json_member(protocol, "descriptionModule");
    for (const auto& [label, key] :
         {std::pair{"SUMMARY", "briefSummary"}, {"DESCRIPTION", "detailedDescription"}})
        if (const std::string text = json_text(description, key); !text.empty())
            r.abstract.push_back({label, text});
    const json& outcomes = json_member(protocol, "outcomesModule");
    for (const char* key : {"primaryOutcomes", "secondaryOutcomes"})
        for (const auto& outcome : json_member(outcomes, key))
            if (outcome.is_object())
                r.notes.push_back(std::string(key[0] == 'p' ? "Primary outcome: " : "Secondary outcome: ") +
                                  json_text(outcome, "measure"));
    const json& conditions = json_member(protocol, "conditionsModule");
    for (const char* key : {"conditions", "keywords"})
        for (const auto& word : json_member(conditions, key))
            if (word.is_string()) r.keywords.push_back({{}, word.get<std::string>(), false});
    for (const auto& intervention :
         json_member(json_member(protocol, "armsInterventionsModule"), "interventions"))
        if (intervention.is_object())
            r.keywords.push_back({"intervention", json_text(intervention, "name"), false});
    if (const std::string kind = json_text(design, "studyType"); !kind.empty())
        r.publication_types.push_back(kind);
    for (const auto& phase : json_member(design, "phases"))
        if (phase.is_string()) r.publication_types.push_back(phase.get<std::string>());
    if (const std::string state = json_text(status, "overallStatus"); !state.empty())
        r.notes.push_back("Status: " + state);
    if (const std::string n = json_text(json_member(design, "enrollmentInfo"), "count"); !n.empty())
        r.notes.push_back("Enrollment: " + n);
    if (study.contains("hasResults") && study["hasResults"] == true) r.notes.push_back("Results posted");
    for (const auto& reference : json_member(json_member(protocol, "referencesModule"), "references"))
        if (reference.is_object())
            r.relations.push_back(
                {"RegistrationOf", json_text(reference, "pmid"), json_text(reference, "citation")});
    if (const std::string nct = record_id(r, "nct"); !nct.empty())
        r.links.push_back("https://clinicaltrials.gov/study/" + nct);
    r.container = r.database = "ClinicalTrials.gov";
    return r;
}

// ---- Europe PMC
// --------------------------------------------------------------------------------------------------

model::Record europe_pmc(const json& item) {
    model::Record r;
    r.type = "article-journal";
    r.title = text::without_markup(json_text(item, "title"));
    const json& list = json_member(json_member(item, "authorList"), "author");
    for (const auto& author : list) {
        if (!author.is_object()) continue;
        const std::string group = json_text(author, "collectiveName");
        model::RecordName name;
        name.collective = !group.empty();
        name.family = group.empty() ? json_text(author, "lastName") : group;
        name.given = json_text(author, "firstName");
        if (name.given.empty()) name.given = json_text(author, "initials");
        const json& id = json_member(author, "authorId");
        if (json_text(id, "type") == "ORCID") name.orcid = json_text(id, "value");
        for (const auto& place :
             json_member(json_member(author, "authorAffiliationDetailsList"), "authorAffiliation"))
            if (place.is_object()) name.affiliations.push_back(json_text(place, "affiliation"));
        if (name.family.empty()) name.family = json_text(author, "fullName");
        if (!name.family.empty()) r.people.push_back(std::move(name));
    }
    if (r.people.empty()) {
        const std::string authors = json_text(item, "authorString");
        for (const auto name : text::split_names(authors))
            add_name(r, name.back() == '.' ? name.substr(0, name.size() - 1) : name);
    }
    const json& journal = json_member(item, "journalInfo");
    const json& details = json_member(journal, "journal");
    r.container = json_text(details, "title");
    if (r.container.empty()) r.container = json_text(item, "journalTitle");
    r.container_short = json_text(details, "isoabbreviation");
    for (const char* key : {"issn", "essn"})
        add_serials(r, json_text(details, key));
    add_serials(r, json_text(item, "journalIssn"));
    r.volume = json_text(journal, "volume"), r.issue = json_text(journal, "issue");
    if (r.volume.empty()) r.volume = json_text(item, "journalVolume");
    if (r.issue.empty()) r.issue = json_text(item, "issue");
    r.pages = plain_hyphens(json_text(item, "pageInfo"));
    const std::string issued = edtf(json_text(journal, "printPublicationDate")),
                      published = edtf(json_text(journal, "dateOfPublication"));
    r.date_epub = edtf(json_text(item, "electronicPublicationDate"));
    r.date = !published.empty() ? published : issued;
    for (const char* key : {"firstPublicationDate", "pubYear"})
        if (r.date.empty()) r.date = edtf(json_text(item, key));
    const json& book = json_member(item, "bookOrReportDetails");
    if (!book.empty()) {
        r.publisher = json_text(book, "publisher");
        if (const std::string title = json_text(book, "comprisingTitle"); !title.empty())
            r.container = title, r.type = "chapter";
        add_serials(r, json_text(book, "isbn13"));
    }
    if (const std::string text = text::without_markup(json_text(item, "abstractText")); !text.empty())
        r.abstract.push_back({{}, text});
    for (const auto& word : json_member(json_member(item, "keywordList"), "keyword"))
        if (word.is_string()) r.keywords.push_back({{}, word.get<std::string>(), false});
    for (const auto& heading : json_member(json_member(item, "meshHeadingList"), "meshHeading"))
        if (heading.is_object())
            r.keywords.push_back(
                {"mesh", json_text(heading, "descriptorName"), json_text(heading, "majorTopic_YN") == "Y"});
    for (const auto& type : json_member(json_member(item, "pubTypeList"), "pubType"))
        if (type.is_string()) {
            r.publication_types.push_back(type.get<std::string>());
            if (r.publication_types.back() == "Preprint") r.type = "article";
        }
    if (const std::string types = json_text(item, "pubType"); r.publication_types.empty() && !types.empty())
        r.publication_types.push_back(types);
    for (const auto& relation : json_member(json_member(item, "commentCorrectionList"), "commentCorrection"))
        if (relation.is_object()) {
            std::string kind = json_text(relation, "type");
            std::erase(kind, ' ');
            if (kind.size() > 2 && kind.substr(kind.size() - 2) == "in")
                kind = kind.substr(0, kind.size() - 2) + "In";
            r.relations.push_back({kind, json_text(relation, "id"), json_text(relation, "reference")});
        }
    if (json_text(item, "source") == "MED") add_id(r, "pmid", json_text(item, "id"));
    add_id(r, "pmid", json_text(item, "pmid"));
    add_id(r, "pmc", json_text(item, "pmcid"));
    add_id(r, "doi", json_text(item, "doi"));
    if (const std::string own = json_text(item, "id"); !own.empty())
        add_id(r, "europepmc", json_text(item, "source") + ":" + own);
    r.language = json_text(item, "language");
    r.raw_type = r.publication_types.empty() ? "" : r.publication_types.front();
    r.database = "Europe PMC";
    return r;
}

bool starts_json(std::string_view head) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[');
}
int marked(std::string_view head, std::initializer_list<std::string_view> marks, int score) {
    if (!starts_json(head)) return 0;
    for (const auto mark : marks)
        if (head.find(mark) != std::string_view::npos) return score;
    return 0;
}

constexpr std::string_view openalex_lists[] = {"results"};
constexpr std::string_view crossref_lists[] = {"items"};
constexpr std::string_view trial_lists[] = {"studies"};
constexpr std::string_view europe_lists[] = {"result"};

} // namespace

int sniff_openalex(std::string_view head) {
    return marked(head, {"\"abstract_inverted_index\"", "https://openalex.org/W"}, 92);
}
void read_openalex(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    read_with(source, openalex_lists, "openalex-json", sink, diagnostics, openalex);
}
int sniff_crossref(std::string_view head) {
    return marked(head, {"\"message-type\"", "\"is-referenced-by-count\"", "\"references-count\""}, 88);
}
void read_crossref(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    read_with(source, crossref_lists, "crossref-json", sink, diagnostics, crossref);
}
int sniff_ctgov(std::string_view head) {
    return marked(head, {"\"protocolSection\""}, 93);
}
void read_ctgov(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    read_with(source, trial_lists, "ctgov-json", sink, diagnostics, trial);
}
int sniff_europe_pmc(std::string_view head) {
    return marked(head, {"\"resultList\"", "\"authorString\""}, 90);
}
void read_europe_pmc(const Source& source, const Sink& sink, Diagnostics& diagnostics) {
    read_with(source, europe_lists, "europepmc-json", sink, diagnostics, europe_pmc);
}

} // namespace assay::records
