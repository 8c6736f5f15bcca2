#include "claims/audit.hpp"

#include "claims/work.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace assay::claims {

namespace {

constexpr std::array<CheckRow, 17> rows{{
    {"reference list", "the list of references against the text", "no entry, missing, orphan, duplicate"},
    {"source", "a citation or entry against the local base",
     "found, ambiguous, not in the local base, other year"},
    {"source class", "what kind of page a statement rests on",
     "journal article, trial registry, agency page, consumer site, vendor page, AI search page ..."},
    {"retraction", "a source against the table of notices", "retracted"},
    {"number", "a number against the study that is cited", "equal, differs, relative without baseline"},
    {"limit", "an intake against the tables of limits", "equal, within, differs, above"},
    {"arithmetic", "numbers of a claim against one another and against formulas",
     "consistent, impossible, odds told as likelihood"},
    {"interaction", "hours between a drug and the substance against the table", "agrees, differs, too short"},
    {"statement", "a general statement against the table of facts",
     "agrees, in part, opposite, undetermined"},
    {"guideline", "the grade a guideline is said to give against the one it gives", "agrees, other grade"},
    {"design", "the design that is told against the study's",
     "other design, no placebo, not blinded, not randomised, open, not told, not ongoing"},
    {"direction", "what is said of a result against the study that is cited",
     "agrees, selective, overstated, understated, opposite, no control group"},
    {"evidence", "an uncited effect against all studies and reviews on the question",
     "agrees, overstated, understated, opposite, undetermined"},
    {"strength", "how sure the words are against certainty and agreement of the evidence",
     "overstated, one study"},
    {"consensus", "an agreement that is told against the trials in the base", "no consensus"},
    {"own sources", "what the article says of its own sources against their conclusions", "agrees, not all"},
    {"form", "the compound that is told against the compounds that were studied",
     "not covered, a trial with this form found a benefit"},
}};
constexpr std::array<CheckRow, 2> article_rows{{
    {"conflict", "one quantity told twice, inside an article or between articles", "differs, compatible"},
    {"promotion", "words and links that sell", "shop link, product words"},
}};

constexpr auto all_rows = [] {
    std::array<CheckRow, rows.size() + article_rows.size()> all{};
    for (std::size_t i = 0; i < rows.size(); ++i)
        all[i] = rows[i];
    for (std::size_t i = 0; i < article_rows.size(); ++i)
        all[rows.size() + i] = article_rows[i];
    return all;
}();

// ---- which units are claims
// ---------------------------------------------------------------------------------

bool question_mark(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"' || text[end - 1] == '*'))
        --end;
    return end > 0 && text[end - 1] == '?';
}

bool names_study(const std::vector<Citation>& citations, std::size_t begin, std::size_t end) {
    return std::any_of(citations.begin(), citations.end(), [&](const Citation& citation) {
        return citation.begin >= begin && citation.end <= end;
    });
}

bool titled_study(const std::vector<Word>& words) {
    return has_any(words, {"trial", "review", "meta", "study", "rct"});
}

class Auditor {
public:
    Auditor(std::string name, Readable readable, const Base& base)
        : base_(base), work_{base, audit_, {}, false, {}} {
        audit_.name = std::move(name);
        audit_.readable = std::move(readable);
    }

    Audit run() {
        audit_.segments = segment(audit_.readable.text);
        work_.words = words_of(audit_.readable.text);
        read_references();
        read_citations();
        make_claims();
        for (Item& item : work_.items)
            if (item.claim->kind != "reference") frame(work_, item);
        find_sources(work_);
        check_references(work_);
        check_numbers(work_);
        check_statements(work_);
        check_directions(work_);
        check_article(work_);
        for (Claim& claim : audit_.claims)
            judge(claim);
        make_mentions();
        return std::move(audit_);
    }

private:
    std::vector<Word> words_in(std::size_t begin, std::size_t end) const {
        return work_.words_in(begin, end);
    }

    void read_references() {
        int last = 0;
        for (const Span& list : audit_.segments.references)
            for (Entry& entry : reference_list(audit_.readable.text, list, last)) {
                last = std::max(last, entry.number);
                audit_.references.push_back(std::move(entry));
            }
        work_.has_list = !audit_.references.empty();
    }

    void read_citations() {
        // Sentence by sentence, so that one study's name never runs into the next sentence.
        std::size_t done = 0;
        for (const Unit& unit : audit_.segments.units) {
            if (unit.sentence_begin < done) continue;
            done = unit.sentence_end;
            for (Citation& citation : citations(audit_.readable.text, unit.sentence_begin, unit.sentence_end))
                audit_.citations.push_back(std::move(citation));
        }
        for (const Link& link : audit_.readable.links) {
            std::vector<Citation> found = citations(link.url, 0, link.url.size());
            for (Citation& citation : found) {
                if (citation.kind != CitationKind::url && citation.kind != CitationKind::identifier) continue;
                citation.begin = link.begin;
                citation.end = link.end;
                audit_.citations.push_back(std::move(citation));
                break; // the URL itself; identifiers inside it are its fields
            }
        }
        std::stable_sort(audit_.citations.begin(), audit_.citations.end(),
                         [](const Citation& a, const Citation& b) { return a.begin < b.begin; });
    }

    bool is_claim(const Unit& unit, const std::vector<Word>& words, const std::vector<Hit>& hits) const {
        if (words.size() < 3 || question_mark(slice(unit.begin, unit.end))) return false;
        if (unit.kind == UnitKind::heading) return titled_study(words) && words.size() >= 5;
        if (unit.kind == UnitKind::row || unit.kind == UnitKind::cell) return true;
        if (names_study(audit_.citations, unit.begin, unit.end)) return true;
        if (!hits.empty()) return true;
        for (const std::string& stem : base_.substance)
            if (has_any(words, {stem})) return true;
        if (tone_of(words).direction != Direction::none && words.size() > 4) return true;
        return !quantities(audit_.readable.text, unit.begin, unit.end).empty();
    }

    std::string_view slice(std::size_t begin, std::size_t end) const {
        return std::string_view(audit_.readable.text).substr(begin, end - begin);
    }

    // What stands around a claim: subject and column of its cell, the start of its paragraph, the sentence
    // before, its heading and the heading above that.
    std::vector<Word> context_of(std::size_t index) const {
        const Unit& unit = audit_.segments.units[index];
        std::vector<Word> out;
        if (!unit.subject.empty() || !unit.column.empty()) out = words_of(unit.subject + " " + unit.column);
        const auto take = [&](std::size_t begin, std::size_t end) {
            for (Word& word : words_in(begin, end))
                out.push_back(std::move(word));
        };
        if (unit.sentence_begin < unit.begin) take(unit.sentence_begin, unit.begin);
        if (unit.kind == UnitKind::sentence) {
            if (unit.block_begin < unit.sentence_begin) {
                // The start of the paragraph says what it is about; the sentence before, what was just said.
                std::size_t first = index;
                while (first > 0 && audit_.segments.units[first - 1].block_begin == unit.block_begin)
                    --first;
                const Unit& opening = audit_.segments.units[first];
                take(opening.begin, opening.end);
                if (index > first + 1)
                    take(audit_.segments.units[index - 1].begin, audit_.segments.units[index - 1].end);
            } else if (index > 0 && audit_.segments.units[index - 1].kind == UnitKind::sentence &&
                       audit_.segments.units[index - 1].heading == unit.heading) {
                take(audit_.segments.units[index - 1].begin, audit_.segments.units[index - 1].end);
            }
        }
        int heading = unit.heading;
        for (int level = 0; level < 2 && heading >= 0; ++level) {
            const Unit& head = audit_.segments.units[static_cast<std::size_t>(heading)];
            take(head.begin, head.end);
            // The heading above: the nearest one before that is not followed by text of its own.
            heading = heading > 0 && audit_.segments.units[static_cast<std::size_t>(heading - 1)].kind ==
                                         UnitKind::heading
                          ? heading - 1
                          : above(heading);
        }
        return out;
    }

    // "Mechanisms" and "Clinical Evidence" say nothing about what; the heading before them that names a topic
    // does.
    int above(int heading) const {
        const Unit& head = audit_.segments.units[static_cast<std::size_t>(heading)];
        if (!base_.vocabulary.find(words_in(head.begin, head.end)).empty()) return -1;
        for (int i = heading - 1; i >= 0; --i) {
            const Unit& unit = audit_.segments.units[static_cast<std::size_t>(i)];
            if (unit.kind == UnitKind::heading &&
                !base_.vocabulary.find(words_in(unit.begin, unit.end)).empty())
                return i;
        }
        return -1;
    }

    void make_claims() {
        const auto& units = audit_.segments.units;
        std::vector<std::vector<Word>> words;
        std::vector<std::vector<Hit>> named;
        for (std::size_t i = 0; i < units.size(); ++i) {
            const Unit& unit = units[i];
            std::vector<Word> own = words_in(unit.begin, unit.end);
            std::vector<Hit> hits = base_.vocabulary.find(own);
            if (!is_claim(unit, own, hits)) continue;
            Claim claim;
            claim.begin = unit.begin;
            claim.end = unit.end;
            claim.kind = to_string(unit.kind);
            claim.unit = i;
            for (std::size_t c = 0; c < audit_.citations.size(); ++c)
                if (audit_.citations[c].begin >= unit.begin && audit_.citations[c].begin < unit.end)
                    claim.citations.push_back(c);
            audit_.claims.push_back(std::move(claim));
            words.push_back(std::move(own));
            named.push_back(std::move(hits));
        }
        const std::size_t sentences = audit_.claims.size();
        for (std::size_t i = 0; i < audit_.references.size(); ++i) {
            const Entry& entry = audit_.references[i];
            Claim claim;
            claim.begin = entry.begin;
            claim.end = entry.end;
            claim.kind = "reference";
            claim.unit = i;
            for (const Source& source : base_.sources)
                if (leads_to(entry, source)) claim.sources.push_back(source.id);
            audit_.claims.push_back(std::move(claim));
        }
        work_.items.resize(audit_.claims.size());
        for (std::size_t i = 0; i < audit_.claims.size(); ++i) {
            Item& item = work_.items[i];
            item.claim = &audit_.claims[i];
            item.text = slice(item.claim->begin, item.claim->end);
            if (i < sentences) {
                item.unit = &units[item.claim->unit];
                item.words = std::move(words[i]);
                item.hits = std::move(named[i]);
                item.context = context_of(item.claim->unit);
            } else {
                item.unit = &no_unit_;
            }
        }
    }

    static bool leads_to(const Entry& entry, const Source& source) {
        for (const model::Report* report : source.reports) {
            if (!entry.doi.empty() && entry.doi == report->doi) return true;
            if (!entry.pmid.empty() && entry.pmid == report->pmid) return true;
            if (!entry.pmcid.empty() && report->url.find(entry.pmcid) != std::string::npos) return true;
            if (!entry.registry.empty() && report->url.find(entry.registry) != std::string::npos) return true;
            if (entry.url.size() > 24 && report->url == entry.url) return true;
        }
        return !entry.registry.empty() && source.study &&
               source.study->registration.find(entry.registry) != std::string::npos;
    }

    // The reason of the highest rank decides; where reasons of one rank disagree, the claim holds in part.
    static void judge(Claim& claim) {
        int rank = 0;
        for (const Reason& reason : claim.reasons)
            if (reason.opinion != Opinion::none && reason.opinion != Opinion::missing)
                rank = std::max(rank, reason.rank);
        bool supports = false, partly = false, contradicts = false, misattributes = false, missing = false,
             supports_below = false;
        for (const Reason& reason : claim.reasons) {
            missing = missing || reason.opinion == Opinion::missing;
            if (reason.rank != rank) {
                supports_below = supports_below || reason.opinion == Opinion::supports;
                continue;
            }
            supports = supports || reason.opinion == Opinion::supports;
            partly = partly || reason.opinion == Opinion::partly;
            contradicts = contradicts || reason.opinion == Opinion::contradicts;
            misattributes = misattributes || reason.opinion == Opinion::misattributes;
        }
        if (contradicts && supports)
            claim.verdict = Verdict::partly_supported;
        else if (contradicts)
            claim.verdict = Verdict::contradicted;
        else if (misattributes)
            claim.verdict = Verdict::misattributed;
        else if (partly)
            claim.verdict = Verdict::partly_supported;
        else if (supports)
            claim.verdict = Verdict::supported;
        else if (missing)
            claim.verdict = Verdict::not_in_base;
        (void)supports_below;
    }

    void make_mentions() {
        auto& out = audit_.mentions;
        for (const Citation& citation : audit_.citations)
            out.push_back({citation.begin, citation.end, std::string(to_string(citation.kind))});
        for (const Entry& entry : audit_.references)
            for (const Citation& citation : citations(audit_.readable.text, entry.begin, entry.end))
                if (citation.kind == CitationKind::identifier || citation.kind == CitationKind::url)
                    out.push_back({citation.begin, citation.end, std::string(to_string(citation.kind))});
        std::size_t done = 0;
        for (const Unit& unit : audit_.segments.units) {
            if (unit.kind == UnitKind::row && !unit.column.empty())
                out.push_back({unit.begin, unit.end, "table_row"});
            if (unit.sentence_begin < done) continue;
            done = unit.sentence_end;
            number_mentions(unit.sentence_begin, unit.sentence_end);
        }
        std::stable_sort(out.begin(), out.end(), [](const Mention& a, const Mention& b) {
            return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
        });
    }

    // Quantities that belong together are one mention: "500 mg a day for 8 weeks".
    void number_mentions(std::size_t begin, std::size_t end) {
        constexpr std::size_t reach = 45;
        Mention open;
        const auto close = [&] {
            if (open.end > open.begin) audit_.mentions.push_back(open);
            open = {};
        };
        for (const Quantity& quantity : quantities(audit_.readable.text, begin, end)) {
            const bool cited =
                std::any_of(audit_.citations.begin(), audit_.citations.end(), [&](const Citation& citation) {
                    return citation.begin <= quantity.begin && quantity.end <= citation.end &&
                           citation.kind != CitationKind::vague;
                });
            if (quantity.kind == QuantityKind::date) {
                close();
                std::size_t from = quantity.begin;
                for (const std::string_view lead :
                     {"Published on ", "published on ", "Published ", "published "})
                    if (from >= begin + lead.size() &&
                        audit_.readable.text.compare(from - lead.size(), lead.size(), lead) == 0) {
                        from -= lead.size();
                        break;
                    }
                audit_.mentions.push_back({from, quantity.end, "date"});
                continue;
            }
            if (cited || quantity.kind == QuantityKind::year || quantity.kind == QuantityKind::bare) continue;
            const bool worded =
                audit_.readable.text[quantity.begin] < '0' || audit_.readable.text[quantity.begin] > '9';
            if (quantity.kind == QuantityKind::studies && worded && quantity.bound.empty()) {
                close();
                audit_.mentions.push_back({quantity.begin, quantity.end, "quantifier"});
                continue;
            }
            if (open.end > open.begin && quantity.begin >= open.end && quantity.begin - open.end <= reach)
                open.end = quantity.end;
            else {
                close();
                open = {quantity.begin, quantity.end, "number"};
            }
        }
        close();
    }

    const Base& base_;
    Audit audit_;
    Work work_;
    Unit no_unit_;
};

// ---- conflicts
// ----------------------------------------------------------------------------------------------

/// A quantity under a name made of what it counts and the words beside it, so that two tellings can be
/// compared.
struct Telling {
    std::string key;
    Quantity quantity;
    std::size_t claim = 0;
};

std::vector<Telling> tellings(const Audit& audit) {
    std::vector<Telling> out;
    for (std::size_t i = 0; i < audit.claims.size(); ++i) {
        const Claim& claim = audit.claims[i];
        if (claim.kind == "reference" || claim.kind == "row") continue;
        const auto words =
            words_of(std::string_view(audit.readable.text).substr(claim.begin, claim.end - claim.begin));
        for (const Quantity& quantity : claim.frame.numbers) {
            Telling telling;
            telling.quantity = quantity;
            telling.claim = i;
            if (quantity.kind == QuantityKind::count && !quantity.of.empty()) {
                // "600 enzymatic reactions" and "300 biochemical reactions" count reactions.
                telling.key =
                    "count:" + stem_of(quantity.of.substr(quantity.of.rfind(' ') == std::string::npos
                                                              ? 0
                                                              : quantity.of.rfind(' ') + 1));
            } else if (quantity.kind == QuantityKind::concentration) {
                for (const Word& word : words)
                    if (word.text.rfind("hypo", 0) == 0 || word.text.rfind("hyper", 0) == 0 ||
                        word.stem == "normal" || word.stem == "serum")
                        telling.key = "level:" + quantity.unit;
            }
            if (!telling.key.empty()) out.push_back(std::move(telling));
        }
    }
    return out;
}

std::string telling_text(const Audit& audit, const Telling& telling) {
    return shown(std::string_view(audit.readable.text)
                     .substr(telling.quantity.begin, telling.quantity.end - telling.quantity.begin),
                 60);
}

// Two lower bounds are compatible; so are a value and a bound it respects.
bool compatible(const Quantity& a, const Quantity& b) {
    if (a.bound == b.bound && (a.bound == ">" || a.bound == ">=")) return true;
    return a.low <= b.high && b.low <= a.high;
}

void conflict(Audit& audit, const Telling& mine, const Audit& other, const Telling& theirs, bool inside) {
    if (mine.quantity.low == theirs.quantity.low && mine.quantity.high == theirs.quantity.high) return;
    Reason reason;
    reason.check = "conflict";
    reason.word = compatible(mine.quantity, theirs.quantity) ? "compatible" : "differs";
    reason.said = telling_text(audit, mine);
    reason.found = telling_text(other, theirs);
    reason.source = inside ? "elsewhere in this article" : other.name;
    audit.claims[mine.claim].reasons.push_back(std::move(reason));
    audit.mentions.push_back({mine.quantity.begin, mine.quantity.end, "conflict"});
}

} // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::supported:
        return "supported";
    case Verdict::partly_supported:
        return "partly supported";
    case Verdict::contradicted:
        return "contradicted";
    case Verdict::misattributed:
        return "misattributed";
    case Verdict::not_in_base:
        return "source not in base";
    case Verdict::not_checkable:
        return "not checkable";
    }
    return "";
}

std::span<const CheckRow> checks() {
    return all_rows;
}

Audit audit(std::string name, Readable readable, const Base& base) {
    return Auditor(std::move(name), std::move(readable), base).run();
}

void compare(std::vector<Audit>& audits) {
    std::vector<std::vector<Telling>> told;
    for (const Audit& audit : audits)
        told.push_back(tellings(audit));
    for (std::size_t a = 0; a < audits.size(); ++a)
        for (std::size_t b = 0; b < audits.size(); ++b)
            for (const Telling& mine : told[a])
                for (const Telling& theirs : told[b]) {
                    if (mine.key != theirs.key) continue;
                    if (a == b && mine.claim >= theirs.claim) continue;
                    conflict(audits[a], mine, audits[b], theirs, a == b);
                }
    for (Audit& audit : audits)
        std::stable_sort(audit.mentions.begin(), audit.mentions.end(),
                         [](const Mention& a, const Mention& b) {
                             return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
                         });
}

// ---- the article as a whole
// ---------------------------------------------------------------------------------

void check_article(Work& work) {
    // Words that sell: prices, orders, discount codes; links to shops.
    std::size_t selling = 0;
    std::string first;
    for (Item& item : work.items) {
        if (item.claim->kind == "reference") continue;
        const bool words =
            has_phrase(item.words, {"buy", "now"}, 0) || has_phrase(item.words, {"order", "now"}, 0) ||
            has_phrase(item.words, {"discount", "code"}, 0) ||
            has_phrase(item.words, {"free", "shipping"}, 0) ||
            has_phrase(item.words, {"our", "product"}, 2) ||
            has_phrase(item.words, {"our", "supplement"}, 2) || has_phrase(item.words, {"shop", "now"}, 0) ||
            has_phrase(item.words, {"add", "to", "cart"}, 0) || has_phrase(item.words, {"try", "our"}, 0) ||
            has_phrase(item.words, {"money", "back"}, 0);
        bool link = false;
        for (const std::size_t index : item.claim->citations) {
            const std::string& url = work.audit.citations[index].url;
            link = link || url.find("/product") != std::string::npos ||
                   url.find("/shop") != std::string::npos || url.find("amazon.") != std::string::npos ||
                   url.find("/cart") != std::string::npos;
        }
        if (!words && !link) continue;
        ++selling;
        if (first.empty()) first = shown(item.text, 80);
        add(item, "promotion", link ? "shop link" : "product words", Opinion::none, 0, shown(item.text, 80),
            "the article sells what it speaks of");
        work.audit.mentions.push_back({item.claim->begin, item.claim->end, "promotion"});
    }
    if (selling > 0) {
        Reason reason;
        reason.check = "promotion";
        reason.word = "product words";
        reason.said = first;
        reason.found =
            std::to_string(selling) + (selling == 1 ? " place sells" : " places sell") + " a product";
        work.audit.remarks.push_back(std::move(reason));
    }
    std::size_t orphans = 0, missing = 0, found = 0, weak = 0;
    for (const Item& item : work.items)
        for (const Reason& reason : item.claim->reasons) {
            orphans += reason.word == "orphan";
            missing += reason.word == "missing" || reason.word == "no entry";
            if (item.claim->kind != "reference") continue;
            found += reason.check == "source" && reason.word == "found";
            weak += reason.check == "source class" &&
                    (reason.word == "vendor page" || reason.word == "AI search page" ||
                     reason.word == "consumer site" || reason.word == "blog" || reason.word == "wiki");
        }
    Reason list;
    list.check = "reference list";
    list.word = work.has_list ? "read" : "none";
    list.said = std::to_string(work.audit.references.size()) +
                (work.audit.references.size() == 1 ? " entry" : " entries");
    list.found = std::to_string(found) + " in the local base, " + std::to_string(orphans) +
                 " never pointed to, " + std::to_string(missing) + " citations without an entry, " +
                 std::to_string(weak) + " shops, blogs, consumer or AI pages";
    work.audit.remarks.push_back(std::move(list));
}

} // namespace assay::claims
