#include "app/search_store.hpp"

#include "app/search_parts.hpp"
#include "base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace assay::app {

namespace {

std::string marked(const std::string& text, bool bold) {
    std::string out, plain;
    const auto flush = [&] {
        out += safe_text(plain);
        plain.clear();
    };
    for (const char c : text) {
        if (c != store::mark_begin && c != store::mark_end) {
            plain += c == '\n' || c == '\t' ? ' ' : c;
            continue;
        }
        flush();
        out += !bold ? "*" : c == store::mark_begin ? "\x1b[1m" : "\x1b[0m";
    }
    flush();
    return out;
}

// ["loss of ", "*sleep"]-like text as pieces, so that a reader need not know about marks.
nlohmann::json pieces(const std::string& text) {
    nlohmann::json out = nlohmann::json::array();
    std::string piece;
    bool found = false;
    const auto flush = [&] {
        if (!piece.empty()) out.push_back({{"text", piece}, {"found", found}});
        piece.clear();
    };
    for (const char c : text) {
        if (c != store::mark_begin && c != store::mark_end) {
            piece += c;
            continue;
        }
        flush();
        found = c == store::mark_begin;
    }
    flush();
    return out;
}

std::string counted(std::int64_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

} // namespace

SearchHit hit_in_store(store::Store& store, std::int64_t id) {
    const model::Record record = store.record(id);
    SearchHit hit;
    hit.record = id;
    hit.file = record.file, hit.number = record.number, hit.line = record.line;
    hit.title = record.title, hit.date = record.date;
    hit.pmid = model::record_id(record, "pmid"), hit.doi = model::record_id(record, "doi");
    return hit;
}

std::string store_count_text(store::Store& store, const Searched& found, const search::Index& index) {
    const auto heads = store.heads();
    std::set<std::int64_t> articles;
    for (const std::size_t at : found.hits) {
        const std::int64_t id = index.ids()[at];
        const auto head = heads.find(id);
        articles.insert(head == heads.end() ? id : head->second);
    }
    std::string out = std::to_string(found.hits.size()) + " of " +
                      counted(static_cast<std::int64_t>(found.records), "record");
    if (articles.size() != found.hits.size())
        out += ", " + std::to_string(articles.size()) + " without copies";
    return out + "\n";
}

std::string lookup_text(const store::Lookup& found, bool bold) {
    std::string out;
    for (const auto& hit : found.best) {
        out +=
            std::to_string(hit.record) + "\t" + safe_text(hit.year) + "\t" + marked(hit.title, bold) + "\n";
        if (!hit.snippet.empty()) out += "\t\t" + marked(hit.snippet, bold) + "\n";
    }
    out += counted(found.articles, "article");
    if (found.records != found.articles) out += " (" + counted(found.records, "record") + ")";
    if (static_cast<std::int64_t>(found.best.size()) < found.articles)
        out += found.best.size() == 1 ? ", the best is shown"
                                      : ", the best " + std::to_string(found.best.size()) + " are shown";
    out += "\n";
    for (const auto& [words, articles] : found.alone)
        out += "  " + safe_text(words) + " alone: " + counted(articles, "article") + "\n";
    return out;
}

std::string lookup_json(const store::Lookup& found, const std::string& words) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& hit : found.best)
        list.push_back({{"record", hit.record},
                        {"article", hit.cluster},
                        {"title", pieces(hit.title)},
                        {"abstract", pieces(hit.snippet)},
                        {"authors", hit.authors},
                        {"year", hit.year},
                        {"journal", hit.journal},
                        {"doi", hit.doi},
                        {"pmid", hit.pmid}});
    nlohmann::json alone = nlohmann::json::array();
    for (const auto& [one, articles] : found.alone)
        alone.push_back({{"words", one}, {"articles", articles}});
    return search_dump({{"schema", "assay/lookup/1"},
                        {"words", words},
                        {"records", found.records},
                        {"articles", found.articles},
                        {"alone", std::move(alone)},
                        {"best", std::move(list)}});
}

} // namespace assay::app
