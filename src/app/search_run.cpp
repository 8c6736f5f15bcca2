#include "app/search_run.hpp"

#include "app/search_parts.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "search/evaluate.hpp"
#include "search/thesaurus.hpp"
#include "text/format.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace assay::app {

namespace {

std::string share(std::size_t part, std::size_t whole) {
    return whole == 0 ? "-" : text::fixed(static_cast<double>(part) / static_cast<double>(whole), 3);
}

nlohmann::json share_json(std::size_t part, std::size_t whole) {
    if (whole == 0) return nullptr;
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

search::Index index_of(std::span<const model::Record> all, const Progress& progress) {
    search::Index index;
    for (std::size_t i = 0; i < all.size(); ++i) {
        index.add(all[i], static_cast<std::int64_t>(i));
        if (progress && i % 4096 == 0 && !progress("indexing", i, all.size()))
            throw Error("stopped", "stopped", Exit::environment);
    }
    index.finish();
    return index;
}

Searched run_search(const SearchRequest& request, const search::Index& index,
                    const std::function<model::Record(std::size_t)>& record) {
    Searched out;
    const ReadStrategy read = read_strategy(request.strategy, out.diagnostics);
    const auto& lines = read.strategy.lines;
    out.dialect = search::row(read.strategy.dialect).id;
    out.records = index.documents();
    out.each_line = request.each_line;
    const search::Thesaurus thesaurus = search::read_thesaurus(request.mesh);
    if (!request.mesh.empty() && thesaurus.empty())
        throw Error("usage", "the MeSH file is neither NLM's list of the tree nor its descriptors as XML",
                    Exit::input);
    std::size_t target = lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (!lines[i].comment && (request.line.empty() || lines[i].label == request.line)) target = i;
    if (target == lines.size() && !request.line.empty())
        throw Error("usage", "the strategy has no line '" + request.line + "'", Exit::input);
    search::Answers answers;
    if (request.each_line && target < lines.size())
        answers = search::evaluate_each_without(read.cleaned, read.strategy, index, thesaurus,
                                                out.diagnostics, target);
    else
        answers.lines = search::evaluate(read.cleaned, read.strategy, index, thesaurus, out.diagnostics);
    out.known = request.known;
    out.with_known = !request.known.empty();
    find_known(out.known, index, record);
    std::vector<std::size_t> relevant;
    for (std::size_t k = 0; k < out.known.size(); ++k) {
        if (out.known[k].documents.empty()) out.absent.push_back(k);
        relevant.insert(relevant.end(), out.known[k].documents.begin(), out.known[k].documents.end());
    }
    std::sort(relevant.begin(), relevant.end());
    relevant.erase(std::unique(relevant.begin(), relevant.end()), relevant.end());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].comment) continue;
        const search::Found& found = answers.lines[i];
        LineCount& line = out.lines.emplace_back();
        line.label = lines[i].label;
        line.query = read.cleaned.text.substr(lines[i].begin, lines[i].end - lines[i].begin);
        for (char& c : line.query)
            if (c == '\n' || c == '\t') c = ' ';
        line.hits = found.count();
        if (!answers.only.empty()) line.only = answers.only[i];
        const auto has = [&](std::size_t document) { return found.has(document); };
        for (std::size_t k = 0; k < out.known.size(); ++k)
            if (std::any_of(out.known[k].documents.begin(), out.known[k].documents.end(), has))
                line.known.push_back(k);
        line.relevant = static_cast<std::size_t>(std::count_if(relevant.begin(), relevant.end(), has));
        if (i == target) {
            out.returned = out.lines.size() - 1;
            out.hits = found.list();
        }
    }
    if (!out.absent.empty()) {
        std::string names;
        for (std::size_t i = 0; i < std::min<std::size_t>(out.absent.size(), 5); ++i)
            names += (i ? "; " : "") + in_quotes(out.known[out.absent[i]].name);
        if (out.absent.size() > 5) names += "; ...";
        out.diagnostics.add("search/known-absent", {"known records", 0, 0},
                            std::to_string(out.absent.size()) + " of " + std::to_string(out.known.size()) +
                                " are not among the records searched: " + names,
                            "recall is of those that are; another database may have the others");
    }
    return out;
}

std::string Searched::lines_text() const {
    const std::size_t present = known.size() - absent.size();
    std::string out = "line\trecords\tonly here";
    out += with_known ? "\tknown\trecall\tprecision\tquery\n" : "\tquery\n";
    for (const LineCount& line : lines) {
        out += line.label + "\t" + std::to_string(line.hits) + "\t" + std::to_string(line.only);
        if (with_known)
            out += "\t" + std::to_string(line.known.size()) + "\t" + share(line.known.size(), present) +
                   "\t" + share(line.relevant, line.hits);
        out += "\t" + safe_text(line.query) + "\n";
    }
    return out;
}

std::string Searched::known_text() const {
    if (!with_known || lines.empty()) return {};
    const LineCount& line = lines[returned];
    const std::size_t present = known.size() - absent.size();
    std::string out = std::to_string(line.known.size()) + " of " + std::to_string(present) +
                      " known records found: recall " + share(line.known.size(), present) + ", precision " +
                      share(line.relevant, line.hits) + "\n";
    for (std::size_t k = 0; k < known.size(); ++k) {
        if (known[k].documents.empty() || std::binary_search(line.known.begin(), line.known.end(), k))
            continue;
        std::string by;
        std::size_t others = 0;
        for (const LineCount& other : lines)
            if (std::binary_search(other.known.begin(), other.known.end(), k))
                by += (others++ ? ", " : "") + other.label;
        out += "missed: " + safe_text(known[k].name);
        if (others > 0)
            out += (others == 1 ? ", found by line " : ", found by lines ") + by;
        else if (lines.size() > 1)
            out += ", found by no line";
        out += "\n";
    }
    return out;
}

std::string Searched::json(const std::function<SearchHit(std::size_t)>& hit) const {
    using nlohmann::json;
    const std::size_t present = known.size() - absent.size();
    json counts = json::array(), list = json::array();
    for (const LineCount& line : lines) {
        json one{{"line", line.label}, {"query", line.query}, {"hits", line.hits}};
        if (each_line) one["only_here"] = line.only;
        if (with_known) {
            one["known"] = line.known.size();
            one["recall"] = share_json(line.known.size(), present);
            one["precision"] = share_json(line.relevant, line.hits);
            json missed = json::array();
            for (std::size_t k = 0; k < known.size(); ++k)
                if (!known[k].documents.empty() &&
                    !std::binary_search(line.known.begin(), line.known.end(), k))
                    missed.push_back(known[k].name);
            one["missed"] = std::move(missed);
        }
        counts.push_back(std::move(one));
    }
    for (const std::size_t at : hits) {
        const SearchHit found = hit(at);
        json one{{"file", found.file}, {"number", found.number}, {"title", found.title},
                 {"date", found.date}, {"pmid", found.pmid},     {"doi", found.doi}};
        if (found.record != 0) one["record"] = found.record;
        list.push_back(std::move(one));
    }
    json out{{"schema", "assay/search/1"},
             {"dialect", dialect},
             {"records", records},
             {"lines", counts},
             {"hits", list},
             {"messages", search_messages(diagnostics)}};
    if (with_known) {
        json gone = json::array();
        for (const std::size_t k : absent)
            gone.push_back(known[k].name);
        out["known"] = {{"given", known.size()}, {"among_records", present}, {"absent", std::move(gone)}};
    }
    return search_dump(out);
}

} // namespace assay::app
