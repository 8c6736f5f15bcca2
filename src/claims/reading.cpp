#include "claims/reading.hpp"

#include "base/utf8.hpp"
#include "text/similarity.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace assay::claims {

namespace {

using namespace model;

// What we chose, in one place.
constexpr double least_hit = 0.34;    ///< share of a synonym that must be there to be looked at
constexpr double least_subject = 0.5; ///< share of a synonym that must be there to carry a reading
constexpr double names_outcome = 0.8; ///< share of a synonym from which on the question is about that outcome
constexpr double as_good = 0.85;      ///< readings this close to the best are answered, too
constexpr double topic_worth = 0.8;   ///< a topic's heading says less than a synonym
constexpr double alternative = 0.3;   ///< readings below this coverage are not worth showing
constexpr std::size_t most_alternatives = 5;

/// Words that ask, or say that something helps: they choose no population and no outcome. As stems.
constexpr std::string_view talk[] = {
    "academ",   "actual", "ani",      "anyth",    "answer",   "author", "base",   "believ",  "benefici",
    "benefit",  "best",   "better",   "can",      "case",     "caus",   "claim",  "clinic",  "control",
    "could",    "cure",   "deal",     "demonstr", "did",      "doe",    "doesn",  "don",     "drop",
    "eas",      "effect", "effici",   "evid",     "exist",    "fact",   "find",   "fix",     "get",
    "give",     "given",  "good",     "harm",     "harmful",  "heal",   "help",   "improv",  "increas",
    "independ", "isn",    "journal",  "know",     "less",     "lessen", "lower",  "mani",    "may",
    "mean",     "medic",  "might",    "need",     "no",       "not",    "paper",  "patient", "peer",
    "peopl",    "person", "pleas",    "posit",    "prevent",  "proof",  "prove",  "rais",    "random",
    "realli",   "reduc",  "reliev",   "relief",   "research", "result", "review", "rct",     "safe",
    "say",      "scienc", "scientif", "seem",     "should",   "show",   "sourc",  "start",   "stop",
    "studi",    "suffer", "suggest",  "support",  "t",        "tell",   "thing",  "treat",   "treatment",
    "against",  "vs",     "versus",   "would",    "must",     "cannot", "worth",  "tri",     "true",
    "useless",  "use",    "whether",  "will",     "work",     "worsen"};
/// Words that count where the review has them and are passed over where it has not.
constexpr std::string_view soft[] = {
    "adult",      "capsul", "children", "compar",  "consum", "daili", "day",     "dose",
    "elder",      "everi",  "extra",    "high",    "human",  "intak", "level",   "low",
    "men",        "month",  "night",    "older",   "oral",   "pill",  "product", "remedi",
    "supplement", "tablet", "take",     "therapi", "woman",  "women", "young"};

bool in(std::span<const std::string_view> list, std::string_view stem) {
    return std::find(list.begin(), list.end(), stem) != list.end();
}

std::vector<std::string> stems_of(std::string_view text) {
    std::vector<std::string> stems;
    for (const Word& word : words_of(text))
        if (!word.stop && !in(talk, word.stem) &&
            std::find(stems.begin(), stems.end(), word.stem) == stems.end())
            stems.push_back(word.stem);
    return stems;
}

/// Every word the review uses for what it is about.
struct Known {
    std::set<std::string> stems, spellings;
    bool contains(const std::string& stem) const { return stems.contains(stem); }
};

Known known_words(const Review& review) {
    std::string all;
    auto take = [&](const std::string& text) { all += text + "\n"; };
    for (const auto& term : review.terms) {
        take(term.label);
        for (const auto& synonym : term.synonyms)
            take(synonym);
    }
    for (const auto& outcome : review.outcomes) {
        take(outcome.label);
        for (const auto& synonym : outcome.synonyms)
            take(synonym);
    }
    for (const auto& question : review.questions)
        take(question.title + "\n" + question.topic);
    for (const auto& arm : review.arms)
        take(arm.form + "\n" + arm.route);
    Known known;
    for (Word& word : words_of(all)) {
        known.stems.insert(std::move(word.stem));
        known.spellings.insert(std::move(word.text));
    }
    return known;
}

/// The known word that an unknown one is a slip of the pen for; empty: none.
std::string meant(const Word& word, const Known& known) {
    const std::size_t limit = word.text.size() >= 8 ? 2 : word.text.size() >= 6 ? 1 : 0;
    if (limit == 0) return {};
    std::size_t best = limit + 1;
    std::string found;
    for (const auto& spelling : known.spellings) {
        const auto distance = text::edit_distance(word.text, spelling, limit);
        if (distance < best && spelling.size() >= 6) {
            best = distance;
            found = spelling;
        }
    }
    return found;
}

/// The words that must be accounted for: neither stop words nor talk, each once.
struct Subject {
    std::vector<Word> words;        ///< slips of the pen corrected
    std::vector<std::string> stems; ///< of the words that the review knows, each once
    std::vector<std::string> unknown, corrected;
};

Subject subject_of(const Asked& asked, const Known& known) {
    Subject subject;
    for (Word word : asked.words) {
        if (word.stop || in(talk, word.stem)) continue;
        if (!known.contains(word.stem)) {
            if (in(soft, word.stem)) continue;
            const auto spelling = meant(word, known);
            if (spelling.empty()) {
                const auto shown = safe_text(word.text);
                if (std::find(subject.unknown.begin(), subject.unknown.end(), shown) == subject.unknown.end())
                    subject.unknown.push_back(shown);
            } else {
                subject.corrected.push_back(word.text + ", read as " + spelling);
                word.text = spelling;
                word.stem = stem_of(spelling);
            }
        }
        if (known.contains(word.stem) &&
            std::find(subject.stems.begin(), subject.stems.end(), word.stem) == subject.stems.end())
            subject.stems.push_back(word.stem);
        subject.words.push_back(std::move(word));
    }
    return subject;
}

/// How much of a phrase the subject says, by weight.
double share(const std::vector<std::string>& phrase, const Subject& subject, const Vocabulary& vocabulary) {
    double all = 0, there = 0;
    for (const auto& stem : phrase) {
        const double weight = vocabulary.rarity(stem);
        all += weight;
        if (std::find(subject.stems.begin(), subject.stems.end(), stem) != subject.stems.end())
            there += weight;
    }
    return all > 0 ? there / all : 0;
}

class Reader {
public:
    Reader(const Review& review, const Vocabulary& vocabulary, const Subject& subject)
        : vocabulary_(vocabulary), subject_(subject) {
        for (auto& hit : vocabulary.find(subject.words, least_hit))
            hits_.emplace(hit.id, std::move(hit));
        for (const auto& term : review.terms) {
            if (term.kind != TermKind::intervention) continue;
            for (const auto& synonym : term.synonyms) {
                const auto stems = stems_of(synonym);
                if (stems.size() == 1) of_intervention_.insert(stems.front());
            }
        }
    }

    bool names_intervention(const Match& match) const {
        return std::any_of(match.intervention.begin(), match.intervention.end(),
                           [](const Hit& hit) { return hit.score >= least_subject; });
    }

    Match read(const Question& question, bool& has_subject) const {
        Match match;
        match.question = question.id;
        std::map<std::string, double> credit;
        take(question.population.value, match.population, credit);
        take(question.intervention.value, match.intervention, credit);
        take(question.comparator.value, match.comparator, credit);
        for (const auto& outcome : question.outcomes)
            take(outcome.value, match.outcomes, credit);
        std::stable_sort(match.outcomes.begin(), match.outcomes.end(),
                         [](const Hit& a, const Hit& b) { return a.weight > b.weight; });
        for (const auto& hit : match.outcomes)
            if (hit.score >= names_outcome && says_something_of_its_own(hit, match))
                match.named.emplace_back(hit.id);
        take_phrase(question.title, 1, credit);
        take_phrase(question.topic, topic_worth, credit);
        double all = 0, covered = 0;
        has_subject = false;
        for (const auto& stem : subject_.stems) {
            const double weight = vocabulary_.rarity(stem);
            all += weight;
            const auto at = credit.find(stem);
            if (at == credit.end()) continue;
            covered += weight * at->second;
            if (at->second >= least_subject && !of_intervention_.contains(stem) &&
                !only_in_intervention(match, stem))
                has_subject = true;
        }
        match.coverage = all > 0 ? covered / all : 0;
        return match;
    }

private:
    std::set<std::string> without_intervention(const std::string& synonym) const {
        std::set<std::string> kept;
        for (auto& stem : stems_of(synonym))
            if (!of_intervention_.contains(stem)) kept.insert(std::move(stem));
        return kept;
    }

    /// Beside the intervention's name ("magnesium deficiency") and beyond what a fuller match has taken
    /// already: of "blood pressure" nothing is left for "blood magnesium".
    bool says_something_of_its_own(const Hit& hit, const Match& match) const {
        const auto own = without_intervention(hit.synonym);
        if (own.empty()) return false;
        auto fuller = [&](const Hit& other) {
            if (other.score + 1e-9 < hit.score) return false;
            const auto theirs = without_intervention(other.synonym);
            return theirs.size() > own.size() &&
                   std::includes(theirs.begin(), theirs.end(), own.begin(), own.end());
        };
        return std::none_of(match.population.begin(), match.population.end(), fuller) &&
               std::none_of(match.outcomes.begin(), match.outcomes.end(), fuller);
    }

    /// The stem is accounted for by what is given ("supplement"), not by whom or what for.
    bool only_in_intervention(const Match& match, const std::string& stem) const {
        auto holds = [&](const std::vector<Hit>& hits) {
            return std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
                const auto stems = stems_of(hit.synonym);
                return std::find(stems.begin(), stems.end(), stem) != stems.end();
            });
        };
        return (holds(match.intervention) || holds(match.comparator)) && !holds(match.population) &&
               !holds(match.outcomes);
    }

    void take(const std::string& id, std::vector<Hit>& into, std::map<std::string, double>& credit) const {
        const auto at = hits_.find(id);
        if (at == hits_.end()) return;
        into.push_back(at->second);
        for (const auto& stem : stems_of(at->second.synonym)) {
            auto& best = credit[stem];
            best = std::max(best, at->second.score);
        }
    }

    void take_phrase(const std::string& text, double worth, std::map<std::string, double>& credit) const {
        std::vector<std::string> phrase;
        for (auto& stem : stems_of(text))
            if (!of_intervention_.contains(stem)) phrase.push_back(std::move(stem));
        const double part = worth * share(phrase, subject_, vocabulary_);
        for (const auto& stem : phrase) {
            auto& best = credit[stem];
            best = std::max(best, part);
        }
    }

    const Vocabulary& vocabulary_;
    const Subject& subject_;
    std::map<std::string, Hit> hits_;
    std::set<std::string> of_intervention_; ///< "magnesium": a word that names what is given and nothing else
};

std::vector<std::string> forms_named(const Review& review, const Subject& subject) {
    std::vector<std::string> forms;
    for (const auto& arm : review.arms) {
        const auto stems = stems_of(arm.form);
        if (stems.size() != 1 || std::find(forms.begin(), forms.end(), arm.form) != forms.end()) continue;
        if (std::find(subject.stems.begin(), subject.stems.end(), stems.front()) != subject.stems.end())
            forms.push_back(arm.form);
    }
    return forms;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "'" : ", '") + word + "'";
    return text;
}

} // namespace

Matched match(const Review& review, const Vocabulary& vocabulary, const Asked& asked) {
    Matched matched;
    const auto known = known_words(review);
    const auto subject = subject_of(asked, known);
    matched.unknown = subject.unknown;
    matched.corrected = subject.corrected;
    matched.forms = forms_named(review, subject);
    if (subject.stems.empty()) {
        matched.status = subject.unknown.empty() ? Understood::empty : Understood::outside;
        matched.reason = subject.unknown.empty()
                             ? "The question names nothing to look for."
                             : "This evidence base knows none of the words " + listed(subject.unknown) + ".";
        return matched;
    }
    const Reader reader(review, vocabulary, subject);
    bool intervention_named = false;
    std::vector<Match> subjects, rest;
    for (const auto& question : review.questions) {
        bool has_subject = false;
        auto reading = reader.read(question, has_subject);
        intervention_named = intervention_named || reader.names_intervention(reading);
        if (reading.coverage <= 0) continue;
        (has_subject ? subjects : rest).push_back(std::move(reading));
    }
    auto better = [](const Match& a, const Match& b) { return a.coverage > b.coverage; };
    std::stable_sort(subjects.begin(), subjects.end(), better);
    std::stable_sort(rest.begin(), rest.end(), better);
    auto alternatives_from = [&](const std::vector<Match>& list, std::size_t first) {
        for (std::size_t i = first; i < list.size() && matched.alternatives.size() < most_alternatives; ++i)
            if (list[i].coverage >= alternative) matched.alternatives.push_back(list[i]);
    };
    if (!intervention_named && !subject.unknown.empty()) {
        matched.status = Understood::outside;
        matched.reason = "This evidence base does not know " + listed(subject.unknown) +
                         "; the question names none of the treatments it holds.";
        alternatives_from(subjects, 0);
        return matched;
    }
    if (subjects.empty()) {
        const bool broad = intervention_named && subject.unknown.empty();
        matched.status = broad ? Understood::ambiguous : Understood::outside;
        matched.reason =
            broad ? "The question says what is taken, not what for. This evidence base has these questions:"
            : subject.unknown.empty()
                ? "No population and no outcome of this evidence base fits the question well enough."
                : "This evidence base holds nothing about " + listed(subject.unknown) + ".";
        if (broad)
            matched.readings = std::move(rest);
        else
            alternatives_from(rest, 0);
        return matched;
    }
    std::size_t close = 0;
    while (close < subjects.size() && subjects[close].coverage >= as_good * subjects.front().coverage)
        ++close;
    matched.status = close > most_readings ? Understood::ambiguous : Understood::answered;
    if (close > most_readings)
        matched.reason =
            "The question fits " + std::to_string(close) + " questions of this evidence base equally well:";
    matched.readings.assign(subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(close));
    alternatives_from(subjects, close);
    return matched;
}

} // namespace assay::claims
