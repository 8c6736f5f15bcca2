// From citations to sources of the base: by identifiers first, then by what the words say of the study. Says
// found, ambiguous, or not in the local base; never that something does not exist.
#include "base/ascii.hpp"
#include "claims/work.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace assay::claims {

namespace {

using ascii::to_lower;

bool holds(const std::string& text, const std::string& part) {
    return !part.empty() && text.find(part) != std::string::npos;
}

// Identifiers decide: one that agrees is enough.
bool by_identifier(const Source& source, const std::string& doi, const std::string& pmid,
                   const std::string& pmcid, const std::string& registry, const std::string& url) {
    for (const model::Report* report : source.reports) {
        if (!doi.empty() && to_lower(report->doi) == doi) return true;
        if (!pmid.empty() && report->pmid == pmid) return true;
        if (!pmcid.empty() && (holds(report->url, pmcid + "/") || report->url.ends_with(pmcid))) return true;
        if (!registry.empty() &&
            (holds(report->url, registry) || holds(to_lower(report->doi), to_lower(registry))))
            return true;
        if (!pmid.empty() && holds(report->url, "pubmed.ncbi.nlm.nih.gov/" + pmid)) return true;
        if (!url.empty() && url.size() > 24 && report->url == url) return true;
    }
    return !registry.empty() && source.study && holds(source.study->registration, registry);
}

/// What the words say about the study that is meant.
struct Wanted {
    const Citation* citation = nullptr;
    std::vector<Quantity> numbers;
    std::map<std::string, double> questions; ///< id: how well it fits
    std::vector<std::string> forms;
    const std::vector<Word>* words = nullptr;
    bool title = false; ///< the words are the title of the study: each one counts
};

bool equal(double a, double b) {
    return std::abs(a - b) <= 0.005 * std::max(std::abs(a), std::abs(b)) + 1e-9;
}

// How many of the claim's numbers are numbers of the source.
double shared_numbers(const Source& source, const std::vector<Quantity>& numbers) {
    double score = 0;
    for (const Quantity& said : numbers) {
        bool found = false;
        double weight = 1.5;
        switch (said.kind) {
        case QuantityKind::amount:
            for (const model::Arm* arm : source.arms) {
                const auto mg = milligrams(said, said.low);
                if (mg && ((arm->dose && equal(*arm->dose, *mg)) ||
                           (arm->elemental_mg && equal(*arm->elemental_mg, *mg))))
                    found = true;
            }
            break;
        case QuantityKind::duration:
            weight = 1;
            if (const auto length = weeks(said)) {
                for (const Quantity& known : source.numbers)
                    if (const auto other = weeks(known)) found = found || std::abs(*other - *length) < 0.5;
                for (const model::Result* result : source.results)
                    found = found || (result->weeks && std::abs(*result->weeks - *length) < 0.5);
            }
            break;
        case QuantityKind::people:
            if (source.study)
                found = (source.study->n_randomised && equal(*source.study->n_randomised, said.low)) ||
                        (source.study->n_analysed && equal(*source.study->n_analysed, said.low));
            weight = 2;
            break;
        case QuantityKind::percent:
        case QuantityKind::studies:
            weight = 2;
            for (const Quantity& known : source.numbers)
                found = found || (known.kind == said.kind && equal(known.low, said.low) && known.low != 0);
            for (const model::Published* published : source.published)
                for (const Quantity& known : quantities(published->k))
                    found = found || (said.kind == QuantityKind::studies && equal(known.low, said.low));
            break;
        default:
            break;
        }
        if (found) score += weight;
    }
    return std::min(score, 5.0);
}

double design_fit(const Source& source, Design design) {
    const bool review = source.kind == "review" || source.kind == "guideline" || source.kind == "agency";
    switch (design) {
    case Design::trial:
        return source.kind == "trial" ? 1 : review ? -1.5 : 0;
    case Design::review:
        return source.kind == "review" ? 1 : review ? 0 : -1.5;
    case Design::guideline:
        return source.kind == "guideline" ? 1.5 : -2;
    case Design::observational:
        return source.kind == "observational" ? 1 : 0;
    default:
        return source.kind == "trial" || source.kind == "observational" ? 0.3 : 0;
    }
}

// Points for each thing that agrees; a year or author that is told and differs rules the source out.
double fit(const Source& source, const Wanted& wanted) {
    const Citation& citation = *wanted.citation;
    double score = 0;
    if (citation.year) {
        if (!source.year) return -1;
        const int gap = std::abs(*source.year - *citation.year);
        if (gap > 1) return -1;
        score += gap == 0 ? 2 : 0.2;
    }
    if (!citation.author.empty()) {
        text::Folder folder;
        std::string name = folder.words(citation.author);
        const bool collective = name == "cochrane";
        bool agrees = false;
        if (collective) {
            for (const model::Report* report : source.reports)
                agrees = agrees || holds(to_lower(report->citation), "cochrane");
            for (const model::Published* published : source.published)
                agrees = agrees || holds(to_lower(published->label), "cochrane");
        } else {
            for (std::size_t at = 0; at < name.size();) {
                const std::size_t end = std::min(name.find(' ', at), name.size());
                agrees = agrees || source.authors.contains(name.substr(at, end - at));
                at = end + 1;
            }
        }
        if (!agrees) return -1;
        score += collective ? 2 : 3;
    }
    if (!citation.journal.empty()) {
        bool agrees = false;
        for (const model::Report* report : source.reports)
            agrees = agrees || holds(to_lower(report->citation), to_lower(citation.journal));
        score += agrees ? 2 : 0;
    }
    score += design_fit(source, citation.design);
    double topic = 0;
    for (const auto& [question, weight] : wanted.questions)
        if (source.questions.contains(question)) topic = std::max(topic, weight);
    if (topic <= 0) return -1;
    score += 2 * topic;
    if (!wanted.forms.empty() && !source.arms.empty()) {
        bool agrees = false, other = false;
        for (const model::Arm* arm : source.arms) {
            if (arm->form.empty()) continue;
            const std::string form = to_lower(arm->form);
            const bool same = form == wanted.forms.front();
            const bool near = holds(form, wanted.forms.front()) || holds(wanted.forms.front(), form);
            agrees = agrees || same;
            if (near && !same) score += 0.3;
            other = other || !near;
        }
        score += agrees ? 1.5 : other ? -1 : 0;
    }
    score += shared_numbers(source, wanted.numbers);
    // Words of the people studied: elderly, runners, pregnant.
    std::set<std::string> said;
    for (const Word& word : *wanted.words)
        if (!word.stop && word.stem.size() > 3) said.insert(word.stem);
    int shared = 0;
    std::set<std::string_view> counted;
    for (const std::string& stem : source.stems)
        if (said.contains(stem) && counted.insert(stem).second) ++shared;
    score += wanted.title ? 0.5 * std::min(shared, 8) : 0.25 * std::min(shared, 4);
    return score;
}

// The least that must agree before a study is called found.
constexpr double enough = 4.4;
constexpr double margin = 0.75;

struct Choice {
    std::vector<const Source*> sources;
    bool ambiguous = false;
};

Choice choose(const Base& base, const Wanted& wanted) {
    std::vector<std::pair<double, const Source*>> fits;
    for (const Source& source : base.sources)
        if (const double score = fit(source, wanted); score >= enough) fits.emplace_back(score, &source);
    std::stable_sort(fits.begin(), fits.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    Choice choice;
    if (fits.empty()) return choice;
    choice.sources.push_back(fits.front().second);
    for (std::size_t i = 1; i < fits.size(); ++i) {
        if (fits.front().first - fits[i].first >= margin) break;
        const Source& a = *fits.front().second;
        const Source& b = *fits[i].second;
        if (a.author == b.author && a.year == b.year) // two parts of one paper
            choice.sources.push_back(&b);
        else
            choice.ambiguous = true;
    }
    if (choice.ambiguous) choice.sources.clear();
    return choice;
}

// "The review also found", "Participants in the group": the study named before goes on.
bool points_back(const Item& item) {
    const auto& words = item.words;
    if (words.empty()) return false;
    const std::string& first = words[0].text;
    const auto noun = [&](std::size_t i) {
        if (i >= words.size()) return false;
        const std::string& word = words[i].text;
        return word == "review" || word == "study" || word == "trial" || word == "authors" ||
               word == "researchers" || word == "analysis" || word == "meta" || word == "investigators" ||
               word == "team" || word == "scientists";
    };
    if ((first == "the" || first == "this" || first == "that") && (noun(1) || noun(2))) return true;
    if (first == "participants" || first == "patients" || first == "subjects" || first == "volunteers")
        return true;
    if ((first == "it" || first == "they") && words.size() > 1 &&
        (words[1].text == "also" || words[1].text == "found" || words[1].text == "concluded" ||
         words[1].text == "reported"))
        return true;
    if (first == "these" && words.size() > 2) {
        const std::vector<Word> start(words.begin(),
                                      words.begin() + std::min<std::ptrdiff_t>(4, std::ssize(words)));
        if (has_any(start, {"improv", "result", "find", "effect", "benefit", "chang"})) return true;
    }
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        if (words[i].text == "the" &&
            (words[i + 1].text == "study" || words[i + 1].text == "trial" || words[i + 1].text == "review"))
            return true;
    return false;
}

// A heading that is the title of a study: its design from its words, its year from the line that follows.
Citation titled(const Work& work, const Item& item) {
    Citation made;
    made.begin = item.claim->begin;
    made.end = item.claim->end;
    if (has_any(item.words, {"review", "meta"}))
        made.design = Design::review;
    else if (has_any(item.words, {"trial", "rct"}))
        made.design = Design::trial;
    const auto& units = work.audit.segments.units;
    const std::size_t next = item.claim->unit + 1;
    if (next < units.size() && work.text().substr(units[next].begin, 9) == "Published")
        for (const Quantity& quantity : quantities(work.text(), units[next].begin, units[next].end))
            if (quantity.kind == QuantityKind::date || quantity.kind == QuantityKind::year)
                made.year = static_cast<int>(quantity.low);
    return made;
}

void remember(Item& item, const std::vector<const Source*>& sources) {
    for (const Source* source : sources) {
        if (std::find(item.cited.begin(), item.cited.end(), source) != item.cited.end()) continue;
        item.cited.push_back(source);
        item.claim->sources.push_back(source->id);
    }
}

} // namespace

void find_sources(Work& work) {
    const Base& base = work.base;
    // What the list of references leads to.
    std::map<int, std::vector<const Source*>> by_number;
    for (const Entry& entry : work.audit.references)
        for (const Source& source : base.sources)
            if (by_identifier(source, entry.doi, entry.pmid, entry.pmcid, entry.registry, entry.url))
                by_number[entry.number].push_back(&source);
    const auto by_words = [&](const Item& item, const Citation& citation, bool title) {
        Wanted wanted;
        wanted.citation = &citation;
        wanted.numbers = quantities(work.text(), item.unit->sentence_begin, item.unit->sentence_end);
        wanted.forms = item.claim->frame.forms;
        wanted.words = &item.words;
        wanted.title = title;
        double top = 0;
        const auto take = [&](const std::vector<Word>& words, double share) {
            for (const Reading& reading : base.vocabulary.readings(words))
                wanted.questions[reading.question.value] += share * reading.score;
        };
        take(item.words, 1);
        if (!title) take(item.context, 0.5);
        for (const auto& [id, weight] : wanted.questions)
            top = std::max(top, weight);
        for (auto& [id, weight] : wanted.questions)
            weight = top > 0 ? weight / top : 0;
        return choose(base, wanted);
    };
    const Item* carrier = nullptr; // the last claim that named a study that was found
    for (Item& item : work.items) {
        if (item.claim->kind == "reference") continue;
        if (item.claim->kind == "heading") {
            const Citation title = titled(work, item);
            if (title.design != Design::none) remember(item, by_words(item, title, true).sources);
        }
        for (const std::size_t index : item.claim->citations) {
            const Citation& citation = work.audit.citations[index];
            switch (citation.kind) {
            case CitationKind::numbered:
                for (const int number : citation.numbers)
                    if (const auto at = by_number.find(number); at != by_number.end())
                        remember(item, at->second);
                break;
            case CitationKind::identifier:
            case CitationKind::url:
                for (const Source& source : base.sources)
                    if (by_identifier(source, citation.doi, citation.pmid, citation.pmcid, citation.registry,
                                      citation.url))
                        remember(item, {&source});
                break;
            case CitationKind::narrative:
            case CitationKind::author_year: {
                item.narrative = &citation;
                item.named_source = true;
                const Choice choice = by_words(item, citation, false);
                remember(item, choice.sources);
                item.found_source = item.found_source || !choice.sources.empty();
                item.ambiguous_source = item.ambiguous_source || choice.ambiguous;
                break;
            }
            case CitationKind::vague:
                break;
            }
        }
        // A list that leads to the source settles what the words leave open.
        const bool goes_on = carrier && !item.named_source &&
                             (carrier->unit->sentence_begin == item.unit->sentence_begin ||
                              (carrier->unit->block_begin == item.unit->block_begin && points_back(item)));
        if (goes_on) {
            for (const Source* source : carrier->cited)
                remember(item, {source});
            item.inherited = true;
            item.found_source = item.found_source || carrier->found_source;
        }
        if (item.named_source || item.inherited) carrier = &item;
    }
}

} // namespace assay::claims
