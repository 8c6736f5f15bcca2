#include "store/import.hpp"

#include "store/record_json.hpp"

#include <array>
#include <span>

namespace assay::store {

namespace {

std::string joined(std::span<const std::string> parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : std::string(between)) + part;
    return out;
}

std::string authors_of(const model::Record& r) {
    std::string out;
    for (const auto& name : r.people)
        if (name.role == "author")
            out += (out.empty() ? "" : "; ") + name.family + (name.given.empty() ? "" : ", " + name.given);
    return out;
}

std::string abstract_of(const model::Record& r) {
    std::string out;
    for (const auto& part : r.abstract)
        out += (out.empty() ? "" : " ") + (part.label.empty() ? "" : part.label + ": ") + part.text;
    return out;
}

std::string keywords_of(const model::Record& r) {
    std::string out;
    for (const auto& keyword : r.keywords)
        out += (out.empty() ? "" : "; ") + keyword.term;
    return out;
}

std::string registration_of(const model::Record& r) {
    for (const char* scheme : {"nct", "isrctn", "actrn"})
        if (const std::string value = record_id(r, scheme); !value.empty()) return value;
    return {};
}

} // namespace

Import::Import(Store& store, Act act, SourceFile source)
    : store_(store), act_(std::move(act)), source_(std::move(source)) {}

void Import::begin() {
    transaction_.emplace(store_.database());
    const std::array<Value, 7> head = {source_.label,   source_.file, source_.sha256, source_.format,
                                       std::int64_t{0}, act_.when,    act_.who};
    done_.source =
        store_.database().number("INSERT INTO source(label, file, sha256, format, records, at, who)"
                                 " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
                                 head);
}

void Import::forget(const std::string& pmid) {
    if (pmid.empty()) return;
    const std::array<Value, 1> which = {pmid};
    store_.database().query(
        "SELECT id FROM record WHERE pmid = ?1 AND forgotten = 0", which, [&](std::span<const Cell> row) {
            if (!gone_.insert(row[0].number()).second) return;
            waiting_.push_back({row[0].number(), "forget", pmid, "deleted by " + source_.label});
        });
}

void Import::add(const model::Record& r) {
    if (!transaction_) begin();
    if (r.deleted) {
        forget(record_id(r, "pmid"));
        return;
    }
    const std::string authors = authors_of(r), abstract = abstract_of(r), doi = record_id(r, "doi"),
                      pmid = record_id(r, "pmid"), registration = registration_of(r),
                      issn = joined(r.issn.empty() ? r.isbn : r.issn, "; "), body = record_to_json(r),
                      keywords = keywords_of(r), year = r.date.substr(0, r.date.find('-', 1));
    const std::string& pages = r.pages.empty() ? r.article_number : r.pages;
    const std::array<Value, 17> cells = {done_.source, static_cast<std::int64_t>(r.number),
                                         r.title,      abstract,
                                         authors,      year,
                                         r.container,  r.volume,
                                         r.issue,      pages,
                                         doi,          pmid,
                                         issn,         r.type,
                                         registration, body,
                                         keywords};
    const std::int64_t id = store_.database().number(
        "INSERT INTO record(source, number, title, abstract, authors, year, journal, volume, issue, "
        "pages, doi,"
        " pmid, issn, type, registration, body, keywords)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) RETURNING id",
        cells);
    ++done_.added;
    for (const auto& d : r.decisions)
        waiting_.push_back({id, "history", d.value, d.tool + (d.who.empty() ? "" : ": " + d.who)});
}

Imported Import::finish(const std::string& format) {
    if (!transaction_) return done_;
    Database& database = store_.database();
    const std::array<Value, 3> counted = {done_.added, format, done_.source};
    database.run("UPDATE source SET records = ?1, format = ?2 WHERE id = ?3", counted);
    const auto log = [&](std::int64_t record, const std::string& kind, const std::string& value,
                         const std::string& why) {
        Event event;
        event.record = record, event.kind = kind, event.value = value, event.why = why;
        return store_.insert_event(act_, event);
    };
    log(0, "import", std::to_string(done_.added),
        "source " + std::to_string(done_.source) + ": " + source_.label);
    if (source_.kind != "database") {
        Event event;
        event.other = done_.source, event.kind = "source", event.value = source_.kind;
        store_.insert_event(act_, event);
    }
    for (const Waiting& each : waiting_) {
        const std::int64_t event = log(each.record, each.kind, each.value, each.why);
        if (each.kind == "forget") {
            const std::array<Value, 2> mark = {event, each.record};
            database.run("UPDATE record SET forgotten = ?1 WHERE id = ?2", mark);
            ++done_.forgotten;
        } else
            ++done_.history;
    }
    transaction_->commit();
    return done_;
}

Imported Store::import(const Act& act, const SourceFile& source, std::span<const model::Record> records) {
    Import import(*this, act, source);
    for (const auto& record : records)
        import.add(record);
    return import.finish(source.format);
}

} // namespace assay::store
