#include "app/store.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "store/flow.hpp"
#include "store/import.hpp"
#include "text/csv.hpp"
#include "text/number.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

namespace assay::app {

namespace {

using nlohmann::json;

std::string dumped(const json& out) {
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string sha256_of(const Bytes& bytes) {
    Sha256 digest;
    std::string block(std::size_t{1} << 18, '\0');
    for (std::size_t at = 0; const std::size_t got = bytes.read(at, block.data(), block.size()); at += got)
        digest.update(std::string_view(block).substr(0, got));
    return digest.finish();
}

std::int64_t id_of(const std::string& name) {
    std::int64_t id = 0;
    std::from_chars(name.data(), name.data() + name.size(), id);
    return id;
}

std::string counted(std::int64_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// The records as the table that assay dedupe reads, ids those of the store.
std::string entries_csv(store::Store& store) {
    std::string out =
        "record_id,title,abstract,authors,year,journal,volume,issue,pages,doi,pmid,issn,type,registration\n";
    store.each_entry([&](const store::Entry& e) {
        const std::string id = std::to_string(e.id);
        const std::array<std::string_view, 14> row = {id,        e.title,  e.abstract, e.authors,     e.year,
                                                      e.journal, e.volume, e.issue,    e.pages,       e.doi,
                                                      e.pmid,    e.issn,   e.type,     e.registration};
        text::write_csv_row(out, row);
        return true;
    });
    return out;
}

json event_json(const store::Event& e) {
    json out{{"id", e.id}, {"when", e.when}, {"who", e.who}, {"kind", e.kind}};
    if (e.record) out["record"] = e.record;
    if (e.other) out["other"] = e.other;
    if (!e.stage.empty()) out["stage"] = e.stage;
    if (!e.value.empty()) out["value"] = e.value;
    if (!e.why.empty()) out["why"] = e.why;
    if (e.undone) out["undone"] = true;
    return out;
}

} // namespace

ImportedFile import_file(store::Store& store, const store::Act& act, const ImportRequest& request,
                         const std::string& file, const Bytes& bytes) {
    ImportedFile done;
    done.file = file;
    done.label = request.label.empty() ? std::filesystem::path(file).filename().string() : request.label;
    store::SourceFile source;
    source.sha256 = sha256_of(bytes);
    if (!request.again && store.source_of(source.sha256) != 0) {
        done.known = true;
        done.diagnostics.add("store/imported-before", {file, 0, 0},
                             "a file with the same content was imported before",
                             "it was left out; --again imports it once more");
        return done;
    }
    source.label = done.label, source.file = file;
    store::Import import(store, act, source);
    RecordsFile read;
    read_records(read, file, bytes, request.read, [&](model::Record&& record) { import.add(record); });
    if (!bytes.unchanged()) // the digest would name something else than what was read
        throw Error("file/unreadable",
                    "cannot read " + file + ": it changed while it was read; nothing was added");
    done.format = read.format;
    done.diagnostics = std::move(read.diagnostics);
    done.counts = import.finish(done.format);
    return done;
}

std::string import_json(const std::vector<ImportedFile>& files, std::int64_t total) {
    json list = json::array();
    for (const auto& f : files) {
        json messages = json::array();
        for (const auto& d : f.diagnostics.sorted())
            messages.push_back({{"severity", to_string(d.severity)},
                                {"code", d.code},
                                {"line", d.place.line},
                                {"message", d.message}});
        list.push_back({{"file", f.file},
                        {"source", f.label},
                        {"format", f.format},
                        {"records", f.counts.added},
                        {"forgotten", f.counts.forgotten},
                        {"history", f.counts.history},
                        {"known", f.known},
                        {"messages", std::move(messages)}});
    }
    return dumped({{"schema", "assay/import/1"}, {"files", std::move(list)}, {"records_in_store", total}});
}

std::string import_text(const std::vector<ImportedFile>& files, std::int64_t total) {
    std::string out;
    for (const auto& f : files) {
        out += safe_text(f.file) + ": ";
        if (f.known)
            out += "known, nothing added\n";
        else if (f.counts.added + f.counts.forgotten == 0)
            out += "nothing added\n";
        else
            out +=
                counted(f.counts.added, "record") + " (" + f.format + ")" +
                (f.counts.forgotten ? ", " + std::to_string(f.counts.forgotten) + " forgotten" : "") +
                (f.counts.history ? ", " + counted(f.counts.history, "earlier decision") + " kept as history"
                                  : "") +
                "\n";
    }
    return out + "the store holds " + counted(total, "record") + "\n";
}

StoreDeduped dedupe_store(store::Store& store, const store::Act& act, const DedupeRequest& request,
                          const Progress& progress) {
    StoreDeduped done;
    done.table = std::make_unique<std::string>(entries_csv(store));
    DedupeRequest asked = request;
    asked.file = "store";
    for (const auto& v : store.verdicts())
        asked.standing.push_back({std::to_string(v.first), std::to_string(v.second), v.same});
    done.found = dedupe(asked, *done.table, progress);
    if (!done.found.ready()) return done;
    std::vector<store::Verdict> verdicts;
    for (const auto& d : done.found.decided)
        verdicts.push_back({id_of(d.first), id_of(d.second), d.same, 0});
    done.new_verdicts = store.add_verdicts(act, verdicts);
    std::vector<store::Merge> merges;
    for (const auto& pair : done.found.merges())
        merges.push_back({id_of(pair.first), id_of(pair.second), pair.score, pair.evidence});
    std::string rules = "merge from " + text::format_number(request.merge_from);
    for (const auto& off : request.off)
        rules += "; without " + off;
    done.run = store.save_merges(act, merges, rules);
    return done;
}

std::string undo_in_store(store::Store& store, const store::Act& act, const std::string& which,
                          const std::string& why) {
    constexpr std::string_view kinds[] = {"merge", "decide", "dedupe"};
    const std::int64_t event = which == "last" ? store.last_event(kinds) : id_of(which);
    if (event == 0)
        throw Error("store/cannot-undo",
                    which == "last" ? "nothing is left to undo"
                                    : "'" + which + "' is not the number of an event",
                    Exit::input);
    const std::int64_t undo = store.undo(act, event, why);
    return "event " + std::to_string(event) + " is undone (event " + std::to_string(undo) + ")\n";
}

std::string flow_json(store::Store& store, int reviewers) {
    const auto f = store::flow(store, reviewers);
    json sources = json::array(), reasons = json::object();
    for (const auto& s : f.sources)
        sources.push_back({{"source", s.label}, {"records", s.records}, {"only_here", s.only_here}});
    for (const auto& [reason, n] : f.fulltext_excluded)
        reasons[reason] = n;
    return dumped({{"schema", "assay/flow/1"},
                   {"identified", f.identified},
                   {"sources", std::move(sources)},
                   {"duplicates", f.duplicates},
                   {"forgotten", f.forgotten},
                   {"to_screen", f.to_screen},
                   {"screened", f.screened},
                   {"excluded", f.excluded},
                   {"unsure", f.unsure},
                   {"screen_conflicts", f.screen_conflicts},
                   {"sought", f.sought},
                   {"not_retrieved", f.not_retrieved},
                   {"assessed", f.assessed},
                   {"fulltext_conflicts", f.fulltext_conflicts},
                   {"fulltext_excluded", std::move(reasons)},
                   {"included", f.included}});
}

std::string flow_text(store::Store& store, int reviewers) {
    const auto f = store::flow(store, reviewers);
    std::string out;
    const auto line = [&](const std::string& what, std::int64_t n) {
        const std::string digits = std::to_string(n);
        out += std::string(digits.size() < 8 ? 8 - digits.size() : 0, ' ') + digits + "  " + what + "\n";
    };
    line("records identified", f.identified);
    for (const auto& s : f.sources)
        line("  from " + safe_text(s.label) + " (" + std::to_string(s.only_here) + " only there)", s.records);
    line("copies removed", f.duplicates);
    if (f.forgotten) line("deleted by their database", f.forgotten);
    line("to screen", f.to_screen);
    line("screened", f.screened);
    line("excluded", f.excluded);
    if (f.unsure) line("unsure", f.unsure);
    if (f.screen_conflicts) line("in conflict between reviewers", f.screen_conflicts);
    line("full texts sought", f.sought);
    line("not retrieved", f.not_retrieved);
    line("full texts assessed", f.assessed);
    if (f.fulltext_conflicts) line("in conflict between reviewers", f.fulltext_conflicts);
    for (const auto& [reason, n] : f.fulltext_excluded)
        line("  excluded: " + safe_text(reason), n);
    line("included", f.included);
    return out;
}

std::string log_text(store::Store& store, const std::string& kind, std::int64_t after) {
    std::string out;
    store.each_event(
        [&](const store::Event& e) {
            out += std::to_string(e.id) + "  " + e.when + "  " + safe_text(e.who) + "  " + safe_text(e.kind);
            if (e.record) out += "  record " + std::to_string(e.record);
            if (e.other)
                out += e.kind == "undo" ? "  event " + std::to_string(e.other)
                                        : " and " + std::to_string(e.other);
            for (const std::string* text : {&e.stage, &e.value, &e.why})
                if (!text->empty() && !(text == &e.stage && e.kind == "merge"))
                    out += "  " + safe_text(*text);
            out += e.undone ? "  (undone)\n" : "\n";
            return true;
        },
        kind, after);
    return out;
}

std::string log_json(store::Store& store, const std::string& kind, std::int64_t after) {
    json events = json::array();
    store.each_event(
        [&](const store::Event& e) {
            events.push_back(event_json(e));
            return true;
        },
        kind, after);
    return dumped({{"schema", "assay/events/1"}, {"events", std::move(events)}});
}

} // namespace assay::app
