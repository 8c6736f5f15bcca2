// CSV for spreadsheets, screening tools and `assay dedupe`: one row per record, one column per field.
#include "records/fields.hpp"
#include "records/importers.hpp"
#include "text/csv.hpp"

#include <array>

namespace assay::records {

namespace {

class CsvWriter : public Writer {
public:
    void add(const model::Record& r, std::string& out) override {
        if (number_ == 0) out += head;
        const auto joined = [](const auto& list, auto text) {
            std::string all;
            for (const auto& each : list)
                if (const std::string t = text(each); !t.empty()) all += (all.empty() ? "" : "; ") + t;
            return all;
        };
        const std::string id = std::to_string(++number_), year = r.date.substr(0, 4),
                          doi = record_id(r, "doi"), pmid = record_id(r, "pmid");
        const std::string authors = joined(r.people, [](const model::RecordName& n) {
            return n.role == "author" ? full_name(n) : std::string();
        });
        const std::string keywords = joined(r.keywords, [](const model::RecordKeyword& k) { return k.term; });
        std::string serials = joined(r.issn, [](const std::string& s) { return s; });
        for (const auto& isbn : r.isbn)
            serials += (serials.empty() ? "" : "; ") + isbn;
        const std::string decisions = joined(r.decisions, [](const model::RecordDecision& d) {
            return d.tool + "/" + d.who + ": " + d.value;
        });
        const std::string abstract = abstract_text(r), pages = r.pages.empty() ? r.article_number : r.pages;
        const std::string journal = r.container.empty() ? r.container_short : r.container;
        const std::array<std::string_view, 19> row = {id,
                                                      r.type,
                                                      authors,
                                                      year,
                                                      r.date,
                                                      r.title,
                                                      journal,
                                                      r.volume,
                                                      r.issue,
                                                      pages,
                                                      doi,
                                                      pmid,
                                                      serials,
                                                      abstract,
                                                      keywords,
                                                      r.language,
                                                      r.links.empty() ? std::string_view()
                                                                      : std::string_view(r.links.front()),
                                                      r.database,
                                                      decisions};
        text::write_csv_row(out, row);
    }
    void finish(std::string& out) override {
        if (number_ == 0) out += head;
    }

private:
    static constexpr std::string_view head =
        "record_id,type,authors,year,date,title,journal,volume,issue,pages,doi,pmid,issn_isbn,"
        "abstract,keywords,"
        "language,url,database,decisions\n";
    int number_ = 0;
};

} // namespace

std::unique_ptr<Writer> write_csv() {
    return std::make_unique<CsvWriter>();
}

} // namespace assay::records
