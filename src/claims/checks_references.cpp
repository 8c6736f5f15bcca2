// Checks on sources: the list of references against the text, entries against the base, kinds of sources,
// notices of retraction.
#include "claims/work.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace assay::claims {

namespace {

std::string number_text(int number) {
    return "reference " + std::to_string(number);
}

std::string site_kind(const Base& base, const Entry& entry) {
    for (const Site& site : base.sites)
        if (entry.site == site.host ||
            (entry.site.size() > site.host.size() && entry.site.ends_with("." + site.host)))
            return site.kind;
    if (!entry.registry.empty()) return "trial registry";
    if (!entry.pmid.empty() || !entry.pmcid.empty() || !entry.doi.empty()) return "journal article";
    if (entry.site.ends_with(".gov") || entry.site.ends_with(".nhs.uk")) return "agency page";
    if (entry.url.find("/blogs/") != std::string::npos || entry.url.find("/products/") != std::string::npos ||
        entry.url.find("/shop") != std::string::npos)
        return "vendor page";
    if (entry.url.find("/blog") != std::string::npos) return "blog";
    return {};
}

bool weak_kind(const std::string& kind) {
    return kind == "vendor page" || kind == "AI search page" || kind == "blog" || kind == "consumer site" ||
           kind == "wiki";
}

std::string address(const Entry& entry) {
    if (!entry.doi.empty()) return "doi " + entry.doi;
    if (!entry.pmid.empty()) return "PMID " + entry.pmid;
    if (!entry.pmcid.empty()) return entry.pmcid;
    if (!entry.registry.empty()) return entry.registry;
    return entry.url.empty() ? entry.title : entry.url;
}

// The same work twice: one identifier, or one address without its fragment and query.
std::string work_key(const Entry& entry) {
    for (const std::string* id : {&entry.doi, &entry.pmid, &entry.registry})
        if (!id->empty()) return *id;
    if (!entry.pmcid.empty()) return entry.pmcid;
    return entry.url.substr(0, entry.url.find_first_of("#?"));
}

void check_entries(Work& work) {
    std::map<std::string, int> seen;
    std::set<int> used;
    for (const Citation& citation : work.audit.citations)
        used.insert(citation.numbers.begin(), citation.numbers.end());
    for (Item& item : work.items) {
        if (item.claim->kind != "reference") continue;
        const Entry& entry = work.audit.references[item.claim->unit];
        const std::string said = address(entry);
        const Source* match = nullptr;
        for (const Source& source : work.base.sources) {
            if (std::find(item.claim->sources.begin(), item.claim->sources.end(), source.id) !=
                item.claim->sources.end())
                match = &source;
        }
        if (match) {
            // The identifier leads somewhere: do the words of the entry fit what is there?
            if (entry.year && match->year && entry.registry.empty() &&
                std::abs(*entry.year - *match->year) > 1)
                add(item, "source", "other year", Opinion::misattributes, 2, std::to_string(*entry.year),
                    std::to_string(*match->year), match->cite(), match->link());
            else
                add(item, "source", "found", Opinion::supports, 2, said, match->label, match->cite(),
                    match->link());
            if (match->retracted)
                add(item, "retraction", "retracted", Opinion::contradicts, 3, said,
                    "a notice about this work is in the table given", match->cite(), match->link());
        } else
            add(item, "source", "not in the local base", Opinion::none, 0, said,
                "the base holds no such source; it may well exist");
        if (const std::string kind = site_kind(work.base, entry); !kind.empty())
            add(item, "source class", kind, Opinion::none, 0, entry.site.empty() ? said : entry.site, kind);
        if (entry.number > 0 && !used.empty() && !used.contains(entry.number))
            add(item, "reference list", "orphan", Opinion::none, 0, number_text(entry.number),
                "the text never points to it");
        const std::string key = work_key(entry);
        if (!key.empty()) {
            const auto [at, fresh] = seen.try_emplace(key, entry.number);
            if (!fresh)
                add(item, "reference list", "duplicate", Opinion::none, 0, said,
                    entry.number > 0 ? "the same work as " + number_text(at->second) : "listed twice");
        }
    }
}

void check_citations(Work& work) {
    for (Item& item : work.items) {
        if (item.claim->kind == "reference") continue;
        for (const std::size_t index : item.claim->citations) {
            const Citation& citation = work.audit.citations[index];
            for (const int number : citation.numbers) {
                const Entry* entry = work.entry(number);
                if (!entry) {
                    if (work.has_list && !work.audit.references.empty() &&
                        work.audit.references.back().number > 0)
                        add(item, "reference list", "missing", Opinion::none, 0, number_text(number),
                            "the list has no such entry");
                    continue;
                }
                if (const std::string kind = site_kind(work.base, *entry); weak_kind(kind))
                    add(item, "source class", kind, Opinion::none, 0,
                        number_text(number) + ": " + entry->site,
                        "a statement about health rests on a " + kind);
            }
        }
        for (const Source* source : item.cited)
            if (source->retracted)
                add(item, "retraction", "retracted", Opinion::contradicts, 3, source->label,
                    "a notice about this work is in the table given", source->cite(), source->link());
        if (!item.narrative || item.inherited) continue;
        const std::string said =
            shown(work.text().substr(item.narrative->begin, item.narrative->end - item.narrative->begin));
        const bool numbered =
            std::any_of(item.claim->citations.begin(), item.claim->citations.end(),
                        [&](std::size_t index) { return !work.audit.citations[index].numbers.empty(); });
        bool listed = numbered;
        for (const Entry& entry : work.audit.references) {
            if (item.narrative->author.size() > 2 &&
                entry.title.find(item.narrative->author) != std::string::npos)
                listed = true;
            for (const Source* source : item.cited)
                listed =
                    listed || (!source->reports.empty() &&
                               std::any_of(source->reports.begin(), source->reports.end(),
                                           [&](const model::Report* report) {
                                               return (!entry.pmid.empty() && entry.pmid == report->pmid) ||
                                                      (!entry.doi.empty() && entry.doi == report->doi) ||
                                                      (!entry.pmcid.empty() &&
                                                       report->url.find(entry.pmcid) != std::string::npos);
                                           }));
        }
        if (!listed)
            add(item, "reference list", "no entry", Opinion::none, 0, said,
                work.has_list ? "no entry of the list of references is pointed to"
                              : "the article has no list of references");
        if (item.ambiguous_source)
            add(item, "source", "ambiguous", Opinion::none, 0, said,
                "several sources of the base fit these words");
        else if (item.found_source || !item.cited.empty())
            add(item, "source", "found", Opinion::none, 0, said, item.cited.front()->label,
                item.cited.front()->cite(), item.cited.front()->link());
        else {
            // Only a study that is told apart by year or author, and to which no entry leads, can be missed.
            const bool told = item.narrative->year ||
                              (!item.narrative->author.empty() && item.narrative->author != "Cochrane");
            add(item, "source", "not in the local base",
                told && !listed && !item.claim->frame.question.empty() ? Opinion::missing : Opinion::none, 1,
                said, "the base holds no study that fits these words; it may well exist");
        }
    }
}

} // namespace

void check_references(Work& work) {
    check_entries(work);
    check_citations(work);
}

} // namespace assay::claims
