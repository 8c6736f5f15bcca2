// PubMed's own text format (NBIB, MEDLINE): "TAG - value", tags of up to four letters, continued lines
// indented by six.
#include "base/ascii.hpp"
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "records/types.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <cstdint>

namespace assay::records {

namespace {

using ascii::upper;

// "PMID- 1", "TI  - x", "DCOM- y": four columns of tag, a hyphen, a space.
bool tagged(std::string_view line) {
    if (line.size() < 5 || line[4] != '-' || !upper(line[0]) || !upper(line[1])) return false;
    for (int i = 2; i < 4; ++i)
        if (!upper(line[static_cast<std::size_t>(i)]) && line[static_cast<std::size_t>(i)] != ' ' &&
            !(line[static_cast<std::size_t>(i)] >= '0' && line[static_cast<std::size_t>(i)] <= '9'))
            return false;
    // "PMID-22664220" is what some programs make of it.
    return line.size() == 5 || line[5] == ' ' ||
           (line.substr(0, 4) == "PMID" && line[5] >= '0' && line[5] <= '9');
}

// "10.1000/x [doi]": value and kind.
std::pair<std::string_view, std::string_view> bracketed(std::string_view value) {
    const std::size_t open = value.rfind(" [");
    if (open == std::string_view::npos || value.back() != ']') return {value, {}};
    return {value.substr(0, open), value.substr(open + 2, value.size() - open - 3)};
}

// A tag as a number: comparing texts forty times per field takes longer than everything else.
constexpr std::uint32_t code(std::string_view tag) {
    std::uint32_t out = 0;
    for (const char c : tag)
        out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

struct Relation {
    std::string_view tag, kind;
};

// Sorted by tag; the right-hand side is PubMed's RefType.
constexpr Relation relations[] = {{"CIN", "CommentIn"},
                                  {"CON", "CommentOn"},
                                  {"CRF", "RepublishedFrom"},
                                  {"CRI", "RepublishedIn"},
                                  {"DDIN", "AssociatedDataset"},
                                  {"DRIN", "AssociatedPublication"},
                                  {"ECF", "ExpressionOfConcernFor"},
                                  {"ECI", "ExpressionOfConcernIn"},
                                  {"EFR", "ErratumFor"},
                                  {"EIN", "ErratumIn"},
                                  {"ORI", "OriginalReportIn"},
                                  {"PRIN", "PartialRetractionIn"},
                                  {"PROF", "PartialRetractionOf"},
                                  {"RIN", "RetractionIn"},
                                  {"ROF", "RetractionOf"},
                                  {"RPF", "RetractedandRepublishedFrom"},
                                  {"RPI", "RetractedandRepublishedIn"},
                                  {"SPIN", "SummaryForPatientsIn"},
                                  {"UIN", "UpdateIn"},
                                  {"UOF", "UpdateOf"}};

void relate(model::Record& r, std::string_view kind, std::string_view value) {
    model::RecordRelation relation{std::string(kind), {}, std::string(value)};
    if (const std::size_t at = value.rfind("PMID: "); at != std::string_view::npos) {
        const std::size_t begin = at + 6;
        relation.pmid = value.substr(begin, value.find_first_not_of("0123456789", begin) - begin);
        relation.note = text::trim(value.substr(0, at));
    }
    r.relations.push_back(std::move(relation));
}

// "BACKGROUND: text METHODS: text" is how PubMed writes a structured abstract.
void add_abstract(model::Record& r, const std::string& value) {
    std::size_t begin = 0;
    std::string label;
    const auto keep = [&](std::size_t end) {
        const auto text = text::trim(std::string_view(value).substr(begin, end - begin));
        if (!text.empty()) r.abstract.push_back({label, std::string(text)});
    };
    for (std::size_t colon = value.find(": "); colon != std::string::npos;
         colon = value.find(": ", colon + 1)) {
        std::size_t start = colon;
        while (start > begin && (upper(value[start - 1]) || value[start - 1] == ' ' ||
                                 value[start - 1] == '/' || value[start - 1] == '&'))
            --start;
        while (start < colon && value[start] == ' ')
            ++start;
        const bool first =
            start == 0 ||
            (start >= 2 && (value[start - 2] == '.' || value[start - 2] == ')' || value[start - 2] == '?'));
        if (colon - start < 4 || !first) continue;
        keep(start);
        label = value.substr(start, colon - start);
        begin = colon + 2;
    }
    keep(value.size());
}

constexpr std::size_t usual_fields = 24; // room made at once for the fields of a record

class Reader {
public:
    Reader(Stream& stream, const Sink& sink) : stream_(stream), sink_(sink) {}

    void run() {
        LineReader lines(stream_);
        std::string_view line;
        while (lines.next(line)) {
            if (!tagged(line)) {
                if (open_ && !record_.raw.empty() && line.size() > 1 && line[0] == ' ') {
                    auto& value = record_.raw.back().value;
                    value += (value.empty() ? "" : " ") + std::string(text::trim(line));
                }
                continue;
            }
            const std::string_view tag = text::trim(line.substr(0, 4));
            // Some programs leave out the empty line between records: PMID begins one, too.
            // ERIC's flavour has no PMID; each record begins with its owner.
            if (tag == "PMID" || !open_ || (tag == "OWN" && owned())) begin(lines.number(), lines.offset());
            record_.raw.push_back({std::string(tag), line.size() > 5 ? std::string(text::trim(line.substr(5)))
                                                                     : std::string()});
        }
        finish();
    }

private:
    void begin(int line, std::uint64_t offset) {
        finish();
        renew(record_);
        record_.file = stream_.file, record_.line = line, record_.offset = offset, record_.dialect = "nbib";
        record_.number = ++count_;
        record_.raw.reserve(usual_fields);
        open_ = true;
    }

    bool owned() const {
        return std::any_of(record_.raw.begin(), record_.raw.end(),
                           [](const model::RawField& f) { return f.tag == "OWN"; });
    }

    void finish() {
        if (!open_) return;
        open_ = false;
        for (std::size_t i = 0; i < record_.raw.size(); ++i)
            map(record_.raw[i].tag, record_.raw[i].value, i);
        if (record_.date.empty()) record_.date = record_.date_epub;
        record_.database = record_id(record_, "pmid").empty() ? std::string() : "PubMed";
        mine_registrations(record_);
        sink_(std::move(record_));
    }

    void map(const std::string& tag, const std::string& value, std::size_t index) {
        auto& r = record_;
        const std::uint32_t is = code(tag);
        if (is == code("PMID"))
            add_id(r, "pmid", value);
        else if (is == code("PMC"))
            add_id(r, "pmc", value);
        else if (is == code("TI"))
            r.title += (r.title.empty() ? "" : " ") + value;
        else if (is == code("TT"))
            r.original_title = value;
        else if (is == code("BTI"))
            (r.title.empty() ? r.title : r.container) = value;
        else if (is == code("FAU"))
            add_name(r, value);
        else if (is == code("AU")) {
            if (index == 0 || record_.raw[index - 1].tag != "FAU")
                add_name(r, value); // AU repeats FAU, shorter
        } else if (is == code("FED"))
            add_name(r, value, "editor");
        else if (is == code("CN"))
            add_name(r, value, "author", true);
        else if (is == code("AD")) {
            if (!r.people.empty()) r.people.back().affiliations.push_back(value);
        } else if (is == code("AUID")) {
            if (!r.people.empty() && value.substr(0, 7) == "ORCID: ")
                r.people.back().orcid = value.substr(value.size() > 19 ? value.size() - 19 : 0);
        } else if (is == code("JT"))
            r.container = value;
        else if (is == code("TA"))
            r.container_short = value;
        else if (is == code("VI"))
            r.volume = value;
        else if (is == code("IP"))
            r.issue = value;
        else if (is == code("PG"))
            r.pages = plain_hyphens(value);
        else if (is == code("IS") || is == code("ISBN"))
            add_serials(r, value);
        else if (is == code("DP"))
            r.date = edtf(value);
        else if (is == code("DEP"))
            r.date_epub = edtf(value);
        else if (is == code("AB"))
            add_abstract(r, value);
        else if (is == code("LA"))
            r.language = value;
        else if (is == code("PL"))
            r.country = value;
        else if (is == code("PB"))
            r.publisher = value;
        else if (is == code("PT")) {
            r.publication_types.push_back(value);
            if (r.type.empty()) r.type = value.find("Book") != std::string::npos ? "book" : "article-journal";
            r.raw_type = r.raw_type.empty() ? value : r.raw_type;
        } else if (is == code("MH")) {
            const std::size_t star = value.find('*');
            std::string term = value;
            if (star != std::string::npos) std::erase(term, '*');
            r.keywords.push_back({"mesh", std::move(term), star != std::string::npos});
        } else if (is == code("OT")) {
            r.keywords.push_back(
                {{}, value[0] == '*' ? value.substr(1) : value, !value.empty() && value[0] == '*'});
        } else if (is == code("AID") || is == code("LID")) {
            const auto [id, kind] = bracketed(value);
            if (kind == "doi" || value.substr(0, 4) == "doi:")
                add_id(r, "doi", id);
            else if (kind == "pii")
                add_id(r, "pii", id);
        } else if (is == code("SI")) {
            if (const std::size_t slash = value.find("/");
                slash != std::string::npos && value.substr(0, slash) == "ClinicalTrials.gov")
                add_id(r, "nct", value.substr(slash + 1));
            r.notes.push_back(value);
        } else if (is == code("GN"))
            r.notes.push_back(value);
        else
            for (const Relation& relation : relations)
                if (code(relation.tag) == is) relate(r, relation.kind, value);
    }

    Stream& stream_;
    const Sink& sink_;
    model::Record record_;
    bool open_ = false;
    int count_ = 0;
};

} // namespace

int sniff_nbib(std::string_view head) {
    LineReader lines(head);
    std::string_view line;
    int tags = 0, own = 0;
    while (lines.next(line)) {
        if (line.substr(0, 5) == "PMID-" && tagged(line)) return 95;
        tags += tagged(line) ? 1 : 0;
        for (const std::string_view mark :
             {"AID - ", "FAU - ", "LID - ", "STAT- ", "DCOM- ", "PMCR- ", "DEP - "})
            own += line.substr(0, 6) == mark ? 1 : 0;
        if (line.substr(0, 6) == "TY  - ") return 0;
    }
    if (own > 0 && tags >= 2) return 65; // RIS has no such tags
    return tags >= 3 && (head.substr(0, 6) == "OWN - " || head.find("\nOWN - ") != std::string_view::npos)
               ? 80
               : 0;
}

void read_nbib(Stream& stream, const Sink& sink, Diagnostics&) {
    Reader(stream, sink).run();
}

namespace {

class NbibWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        const auto line = [&](std::string tag, std::string_view value) {
            if (value.empty()) return;
            tag.resize(4, ' ');
            out += tag + "- ";
            for (const char c : value)
                out += c == '\n' || c == '\r' ? ' ' : c;
            out += '\n';
        };
        if (r.dialect == "nbib") {
            for (const auto& field : r.raw)
                line(field.tag, field.value);
            out += '\n';
            return;
        }
        const std::string pmid = record_id(r, "pmid");
        line("PMID", pmid.empty() ? std::to_string(r.number) : pmid);
        for (const auto& issn : r.issn)
            line("IS", issn);
        line("VI", r.volume);
        line("IP", r.issue);
        line("DP", r.date);
        line("TI", r.title);
        line("PG", r.pages);
        if (const auto doi = record_id(r, "doi"); !doi.empty()) line("LID", doi + " [doi]");
        line("AB", abstract_text(r));
        for (const auto& name : r.people) {
            const char* tag = name.collective ? "CN" : name.role == "editor" ? "FED" : "FAU";
            line(tag, full_name(name));
            for (const auto& affiliation : name.affiliations)
                line("AD", affiliation);
        }
        line("LA", r.language);
        for (const auto& type : r.publication_types)
            line("PT", type);
        line("TA", r.container_short);
        line("JT", r.container);
        for (const auto& keyword : r.keywords)
            line(keyword.scheme == "mesh" ? "MH" : "OT", (keyword.major ? "*" : "") + keyword.term);
        out += '\n';
    }
};

} // namespace

std::unique_ptr<Writer> write_nbib() {
    return std::make_unique<NbibWriter>();
}

} // namespace assay::records
