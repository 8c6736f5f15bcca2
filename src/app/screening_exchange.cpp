// Decisions out to the files of other screening tools, and in from them.
#include "app/records.hpp"
#include "app/screening_state.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/csv.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace assay::app {

namespace {

// Notes of other tools are lists between marks; what would end one early is written otherwise.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : safe_text(text))
        out += c == '"' ? '\'' : c == '}' ? ')' : c == '{' ? '(' : c == '|' || c == ';' ? '/' : c;
    return out;
}

std::string rayyan_word(const std::string& value) {
    return value == "include"   ? "Included"
           : value == "exclude" ? "Excluded"
           : value == "unsure"  ? "Maybe"
                                : "";
}

// The labels a reader of an export may see: where people work blind, none before enough of them have decided.
std::vector<store::Label> open_labels(const Screening::State& s, const Ballot& ballot) {
    std::vector<store::Label> labels;
    if (s.hidden(ballot)) return labels;
    for (const auto& [who, label] : ballot.labels)
        labels.push_back(label);
    return labels;
}

// RAYYAN-INCLUSION: {"ann"=>"Included", "bo"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong population
std::string rayyan_note(const Screening::State& s, const Ballot& ballot) {
    std::string people, reasons;
    std::set<std::string> named;
    const auto reason = [&](const store::Label& label) {
        if (label.value == "exclude" && !label.why.empty() && named.insert(label.why).second)
            reasons += (reasons.empty() ? "" : ", ") + plain(label.why);
    };
    const auto labels = open_labels(s, ballot);
    for (const store::Label& label : labels) {
        const std::string word = rayyan_word(label.value);
        if (word.empty()) continue;
        people += (people.empty() ? "\"" : ", \"") + plain(label.who) + "\"=>\"" + word + '"';
        reason(label);
    }
    if (people.empty()) return {};
    return "RAYYAN-INCLUSION: {" + people + "}" +
           (reasons.empty() ? "" : " | RAYYAN-EXCLUSION-REASONS: " + reasons);
}

std::string asreview_mark(const Ballot& ballot) {
    return ballot.consensus.value == "include"   ? "ASReview_relevant"
           : ballot.consensus.value == "exclude" ? "ASReview_irrelevant"
                                                 : "ASReview_not_seen";
}

std::string_view as_number(const Ballot& ballot) {
    return ballot.consensus.value == "include" ? "1" : ballot.consensus.value == "exclude" ? "0" : "";
}

bool is_decision_note(std::string_view note) {
    return note.find("RAYYAN-INCLUSION:") != std::string_view::npos || note.rfind("ASReview_", 0) == 0;
}

std::string said(const Screening::State& s, const Ballot& ballot) {
    std::string out;
    for (const store::Label& label : open_labels(s, ballot))
        out += (out.empty() ? "" : "; ") + label.who + ": " + label.value +
               (label.why.empty() ? "" : " (" + label.why + ")");
    if (ballot.resolved)
        out += (out.empty() ? "" : "; ") + ballot.resolved->who + " resolved: " + ballot.resolved->value;
    return out;
}

using Cells = std::vector<std::string>;

struct Format {
    std::string_view name, heads;
    Cells (*row)(const Screening::State& s, std::size_t row, const Ballot& ballot);
};

Cells own_row(const Screening::State& s, std::size_t row, const Ballot& ballot) {
    const store::Entry& e = s.entries[row];
    const store::Consensus& c = ballot.consensus;
    return {std::to_string(e.id),
            e.title,
            e.abstract,
            e.authors,
            e.year,
            e.journal,
            e.doi,
            e.pmid,
            c.conflict && !s.hidden(ballot) ? "conflict" : c.value,
            c.why,
            std::string(as_number(ballot)),
            said(s, ballot)};
}

Cells asreview_row(const Screening::State& s, std::size_t row, const Ballot& ballot) {
    const store::Entry& e = s.entries[row];
    return {std::to_string(e.id),          e.title, e.abstract, e.authors, e.year, e.journal, e.doi,
            std::string(as_number(ballot))};
}

Cells rayyan_row(const Screening::State& s, std::size_t row, const Ballot& ballot) {
    const store::Entry& e = s.entries[row];
    return {"assay-" + std::to_string(e.id),
            e.title,
            e.year,
            e.journal,
            e.issn,
            e.volume,
            e.issue,
            e.pages,
            e.authors,
            e.abstract,
            rayyan_note(s, ballot),
            e.doi,
            e.pmid};
}

// Covidence shows no votes in its export: a decision, the reason in the notes.
Cells covidence_row(const Screening::State& s, std::size_t row, const Ballot& ballot) {
    const store::Entry& e = s.entries[row];
    const store::Consensus& c = ballot.consensus;
    const std::string status = c.value == "include"         ? "Included"
                               : c.value == "exclude"       ? "Excluded"
                               : c.value == "unsure"        ? "Maybe"
                               : c.value == "not-retrieved" ? "Not retrieved"
                                                            : "";
    return {e.title,
            e.authors,
            e.abstract,
            e.year,
            e.journal,
            e.volume,
            e.issue,
            e.pages,
            e.doi,
            std::to_string(e.id),
            c.value == "exclude" && !c.why.empty() ? "Exclusion reason: " + plain(c.why) : "",
            status};
}

constexpr Format formats[] = {
    {"csv", "record_id,title,abstract,authors,year,journal,doi,pmid,decision,reason,included,labels",
     own_row},
    {"asreview", "record_id,title,abstract,authors,year,journal,doi,included", asreview_row},
    {"rayyan", "key,title,year,journal,issn,volume,issue,pages,authors,abstract,notes,doi,pubmed_id",
     rayyan_row},
    {"covidence",
     "Title,Authors,Abstract,Published Year,Journal,Volume,Issue,Pages,DOI,Covidence #,Notes,Status",
     covidence_row},
};

model::Record marked(Screening::State& s, std::size_t row, const Ballot& ballot) {
    const store::Entry& entry = s.entries[row];
    model::Record record = s.store.record(entry.id);
    const auto old = [](const auto& note) { return is_decision_note(note); };
    record.notes.erase(std::remove_if(record.notes.begin(), record.notes.end(), old), record.notes.end());
    record.raw.erase(
        std::remove_if(record.raw.begin(), record.raw.end(),
                       [](const model::RawField& field) { return is_decision_note(field.value); }),
        record.raw.end());
    if (record.abstract.empty() && !entry.abstract.empty()) {
        record.abstract.push_back({"", entry.abstract}); // that of a copy
        record.raw.push_back({"AB", entry.abstract});
    }
    for (const std::string& note : {asreview_mark(ballot), rayyan_note(s, ballot)})
        if (!note.empty()) {
            record.notes.push_back(note);
            record.raw.push_back({"N1", note});
        }
    return record;
}

// What other tools call their decisions; empty: not a decision on inclusion.
std::string value_of(const model::RecordDecision& decision, std::string& why) {
    if (decision.tool == "covidence" && decision.who == "tag") return {};
    text::Folder folder;
    const std::string words = folder.words(decision.value);
    const auto begins = [&](std::string_view with) { return words.rfind(with, 0) == 0; };
    if (const std::size_t colon = decision.value.find(": "); colon != std::string::npos)
        why = decision.value.substr(colon + 2);
    if (begins("not retrieved")) return "not-retrieved";
    if (begins("not ") || begins("irrelevant") || begins("exclude") || begins("reject") || words == "no")
        return "exclude";
    if (begins("include") || begins("relevant") || begins("accept") || words == "yes") return "include";
    if (begins("maybe") || begins("unsure") || begins("undecided")) return "unsure";
    return {};
}

// Whose decision is which, in one record of a file. What names nobody (a column, a mark of ASReview) is the
// word of `by`, and only where nobody is named: beside votes it says what they add up to.
std::map<std::string, Decision> decisions_of(const model::Record& record, const std::string& by,
                                             bool& understood) {
    std::map<std::string, Decision> named, unnamed;
    std::string reason;
    for (const model::RecordDecision& d : record.decisions) {
        Decision decision;
        decision.value = value_of(d, decision.why);
        if (decision.value.empty()) continue;
        understood = true;
        if (d.who.empty() && !decision.why.empty()) reason = decision.why;
        (d.who.empty() ? unnamed : named)[d.who.empty() ? by : d.who] = decision;
    }
    auto& all = named.empty() ? unnamed : named;
    for (auto& [who, decision] : all)
        if (decision.value == "exclude" && decision.why.empty()) decision.why = reason;
    return all;
}

} // namespace

std::string Screening::export_as(std::string_view name, std::string_view only) {
    State& s = *state_;
    s.catch_up();
    if (!only.empty() && only != "include" && only != "exclude" && only != "unsure" && only != "unread")
        throw Error("usage",
                    "there are no records called " + in_quotes(only) +
                        "; write include, exclude, unsure or unread",
                    Exit::input);
    const auto format =
        std::find_if(std::begin(formats), std::end(formats), [&](const Format& f) { return f.name == name; });
    if (format == std::end(formats) && name != "ris")
        throw Error("usage",
                    "labels are written as csv, ris, asreview, rayyan or covidence, not " + in_quotes(name),
                    Exit::input);
    std::string out = name == "ris" ? "" : std::string(format->heads) + "\n";
    for (std::size_t row = 0; row < s.entries.size(); ++row) {
        if (!s.at_stage(row)) continue;
        const Ballot& ballot = s.ballots.of(row);
        if (!only.empty() && (only == "unread" ? ballot.read() : ballot.consensus.value != only)) continue;
        if (name == "ris") {
            out += write_records({marked(s, row, ballot)}, "ris");
            continue;
        }
        const Cells cells = format->row(s, row, ballot);
        const std::vector<std::string_view> views(cells.begin(), cells.end());
        text::write_csv_row(out, views);
    }
    return out;
}

LabelsIn Screening::import_labels(const store::Act& act, const std::string& file, std::string bytes) {
    State& s = *state_;
    s.catch_up();
    auto read = read_records(file, std::move(bytes));
    if (read.diagnostics.has_errors()) {
        const auto first = read.diagnostics.sorted().front();
        throw Error("screen/unreadable", first.message, Exit::input, first.place);
    }
    constexpr std::size_t several = static_cast<std::size_t>(-1);
    text::Folder folder;
    std::unordered_map<std::string, std::size_t> by;
    const auto keys = [&](std::string_view doi, std::string_view pmid, std::string_view title,
                          std::string_view year) {
        std::vector<std::string> out;
        if (!doi.empty()) out.push_back("doi " + folder.words(doi));
        if (!pmid.empty()) out.push_back("pmid " + std::string(pmid));
        if (const std::string words = folder.words(title); !words.empty())
            out.push_back("title " + words + " " + std::string(year));
        return out;
    };
    s.store.each_entry([&](const store::Entry& e) {
        const std::size_t row = s.row_of.at(e.id);
        for (const std::string& key : keys(e.doi, e.pmid, e.title, e.year)) {
            const auto [at, fresh] = by.try_emplace(key, row);
            if (!fresh && at->second != row) at->second = several;
        }
        return true;
    });
    LabelsIn out;
    std::map<std::string, std::vector<store::Event>> added; // by person
    for (const model::Record& record : read.records) {
        ++out.records;
        bool understood = record.decisions.empty();
        auto decisions = decisions_of(record, act.who, understood);
        if (s.request.stage == "screen") // by titles and abstracts nothing is fetched yet
            understood &= std::erase_if(decisions, [](const auto& one) {
                              return one.second.value == "not-retrieved";
                          }) == 0;
        out.without += record.decisions.empty(), out.unread += !understood;
        if (decisions.empty()) continue;
        std::size_t row = s.entries.size();
        const std::string year = record.date.substr(0, 4);
        for (const std::string& key :
             keys(record_id(record, "doi"), record_id(record, "pmid"), record.title, year))
            if (const auto at = by.find(key); row == s.entries.size() && at != by.end()) row = at->second;
        out.unmatched += row == s.entries.size(), out.ambiguous += row == several;
        if (row >= s.entries.size()) continue;
        for (const auto& [who, decision] : decisions) {
            const auto& labels = s.ballots.of(row).labels;
            const auto own = labels.find(who);
            if (own != labels.end() && own->second.value == decision.value) {
                ++out.known;
                continue;
            }
            store::Event event;
            event.kind = "label", event.record = s.entries[row].id, event.stage = s.request.stage;
            event.value = decision.value, event.why = decision.why;
            added[who].push_back(std::move(event));
            ++out.labels;
        }
    }
    for (const auto& [who, events] : added)
        s.store.append_all({who, act.when}, events);
    s.catch_up();
    return out;
}

} // namespace assay::app
