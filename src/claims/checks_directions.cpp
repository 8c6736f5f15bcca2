// Checks on direction and strength: a claim beside the study it cites, beside the body of evidence on its
// question, and the sureness of its words beside the certainty of that evidence.
#include "claims/work.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::claims {

namespace {

using std::string_view;

// ---- what a study says about an outcome
// ---------------------------------------------------------------------

enum class Finding { none, differs, no_difference };

bool beyond_null(const model::Contrast& contrast, bool& decided) {
    decided = contrast.ci_low && contrast.ci_high;
    if (!decided) return false;
    const bool ratio = contrast.measure == "OR" || contrast.measure == "RR" || contrast.measure == "HR" ||
                       contrast.measure == "IRR";
    const double null = ratio ? 1 : 0;
    return *contrast.ci_low > null || *contrast.ci_high < null;
}

// Two arms with means and SDs whose sizes may stand in another row: a z test (Altman 1991, section 9.6).
Finding from_arms(const Source& source, const model::OutcomeId& outcome) {
    const model::Moments *treated = nullptr, *control = nullptr;
    double people = 0;
    for (const model::Result* result : source.results) {
        if (result->outcome != outcome || result->basis == "baseline") continue;
        if (const auto* statement = std::get_if<model::Statement>(&result->data))
            people = std::max(people, statement->n.value_or(0));
        const auto* moments = std::get_if<model::Moments>(&result->data);
        if (!moments || !moments->mean || !moments->sd) continue;
        for (const model::Arm* arm : source.arms)
            if (arm->id == result->arm) (arm->role == "intervention" ? treated : control) = moments;
    }
    if (!treated || !control) return Finding::none;
    const double n1 = treated->n.value_or(people / 2), n2 = control->n.value_or(people / 2);
    if (n1 < 2 || n2 < 2) return Finding::none;
    const double se = std::sqrt(*treated->sd * *treated->sd / n1 + *control->sd * *control->sd / n2);
    if (se <= 0) return Finding::none;
    return std::abs(*treated->mean - *control->mean) / se > 1.959964 ? Finding::differs
                                                                     : Finding::no_difference;
}

Finding finding_of(const Source& source, const std::string& outcome, std::string& shown_as) {
    const model::OutcomeId id(outcome);
    Finding found = Finding::none;
    for (const model::Result* result : source.results) {
        if (result->outcome != id || result->basis == "baseline") continue;
        if (std::find(result->tags.begin(), result->tags.end(), "subgroup") != result->tags.end()) continue;
        if (result->p) {
            const bool small = result->p->relation != '>' &&
                               result->p->value < 0.05 + (result->p->relation == '<' ? 1e-9 : 0);
            found = small ? Finding::differs : found == Finding::differs ? found : Finding::no_difference;
            char sign[2] = {result->p->relation, 0};
            std::string value = std::to_string(result->p->value);
            value.erase(value.find_last_not_of('0') + 1);
            shown_as = std::string("P ") + sign + " " + value;
        }
        if (const auto* contrast = std::get_if<model::Contrast>(&result->data)) {
            bool decided = false;
            const bool beyond = beyond_null(*contrast, decided);
            if (decided && found == Finding::none) {
                found = beyond ? Finding::differs : Finding::no_difference;
                shown_as = "interval " + std::to_string(*contrast->ci_low) + " to " +
                           std::to_string(*contrast->ci_high);
            }
        }
    }
    if (found == Finding::none) {
        found = from_arms(source, id);
        if (found != Finding::none)
            shown_as = found == Finding::differs ? "the arms differ" : "the arms do not clearly differ";
    }
    return found;
}

// ---- the claim beside what it cites
// -------------------------------------------------------------------------

struct Compared {
    string_view word;
    Opinion opinion;
};

// Rows: what the claim says; columns: what the source concludes.
Compared beside(const Tone& tone, const std::string& code) {
    const bool hedged = tone.hedged || tone.some;
    switch (tone.direction) {
    case Direction::benefit:
        if (code == "benefit") return {"agrees", Opinion::supports};
        if (code == "no benefit")
            return hedged ? Compared{"overstated", Opinion::partly}
                          : Compared{"opposite", Opinion::contradicts};
        if (code == "harm") return {"opposite", Opinion::contradicts};
        return hedged ? Compared{"agrees", Opinion::supports} : Compared{"overstated", Opinion::partly};
    case Direction::no_benefit:
        if (code == "no benefit" || code == "harm") return {"agrees", Opinion::supports};
        if (code == "benefit")
            return hedged ? Compared{"understated", Opinion::partly}
                          : Compared{"opposite", Opinion::contradicts};
        return {"understated", Opinion::partly};
    case Direction::mixed:
        if (code == "inconclusive") return {"agrees", Opinion::supports};
        return {"undetermined", Opinion::none};
    case Direction::harm:
        if (code == "harm") return {"agrees", Opinion::supports};
        return {"undetermined", Opinion::none};
    case Direction::none:
        break;
    }
    return {"undetermined", Opinion::none};
}

bool controlled(const Source& source) {
    return !source.study || source.study->design.rfind("rct", 0) == 0;
}

void check_cited(const Work& work, Item& item) {
    const Tone& tone = item.claim->frame.tone;
    if (item.cited.empty() || tone.direction == Direction::none || tone.subgroup) return;
    if (!item.named_source && !item.inherited && item.cited.size() > 1) return;
    for (const Source* source : item.cited) {
        // Outcomes that the claim names and the study measured decide first.
        bool decided = false, other_null = false;
        for (const std::string& outcome : item.claim->frame.outcomes) {
            std::string shown_as;
            const Finding found = finding_of(*source, outcome, shown_as);
            if (found == Finding::none || decided) continue;
            decided = true;
            const model::Outcome* known = work.base.review.find(model::OutcomeId(outcome));
            const std::string label = known ? known->label : outcome;
            for (const model::Conclusion* conclusion : source->conclusions)
                other_null = other_null || conclusion->code == "no benefit";
            if (tone.direction == Direction::benefit)
                add(item, "direction",
                    found == Finding::differs ? (other_null ? "selective" : "agrees") : "opposite",
                    found == Finding::differs ? (other_null ? Opinion::partly : Opinion::supports)
                    : tone.hedged             ? Opinion::partly
                                              : Opinion::contradicts,
                    2, shown(item.text), label + ": " + shown_as, source->cite(), source->link());
            else if (tone.direction == Direction::no_benefit)
                add(item, "direction", found == Finding::no_difference ? "agrees" : "opposite",
                    found == Finding::no_difference ? Opinion::supports : Opinion::partly, 2,
                    shown(item.text), label + ": " + shown_as, source->cite(), source->link());
        }
        if (decided) continue;
        const model::Conclusion* conclusion = nullptr;
        for (const model::Conclusion* candidate : source->conclusions)
            if (!conclusion || candidate->question.value == item.claim->frame.question)
                conclusion = candidate;
        if (!conclusion) continue;
        Compared compared = beside(tone, conclusion->code);
        if (compared.opinion == Opinion::none) continue;
        // A trial's code is about its main result: other outcomes may differ.
        if (compared.opinion == Opinion::contradicts && source->study && !item.claim->frame.outcomes.empty())
            compared = {"selective", Opinion::partly};
        if (compared.opinion == Opinion::contradicts &&
            conclusion->question.value != item.claim->frame.question)
            continue;
        if (compared.opinion == Opinion::contradicts && !item.named_source)
            compared.opinion = Opinion::partly;
        if (compared.opinion == Opinion::supports && !controlled(*source) &&
            tone.direction == Direction::benefit)
            compared = {"no control group", Opinion::partly};
        add(item, "direction", std::string(compared.word), compared.opinion, 2, shown(item.text),
            conclusion->words + " (" + conclusion->key_number + ")", source->cite(), source->link());
    }
}

// ---- the claim beside the body of evidence
// ------------------------------------------------------------------

// An efficacy claim speaks of treatment; how the body works is another matter.
bool about_treatment(const Work& work, const Item& item) {
    const bool substance =
        std::any_of(work.base.substance.begin(), work.base.substance.end(), [&](const std::string& stem) {
            return has_any(item.words, {stem}) || has_any(item.context, {stem});
        });
    if (!substance) return false;
    if (has_any(item.words,
                {"receptor", "cofactor",      "atp",         "enzym*",     "neurotransmitt*", "channel",
                 "calcium",  "intracellular", "homeostasi*", "mechan*",    "pathway",         "neuron*",
                 "cell",     "cells",         "hormon*",     "transport*", "rational",        "rationale",
                 "hpa",      "gaba",          "nmda",        "metabol*",   "dietari",         "diet"}))
        return false;
    return has_any(item.words,
                   {"supplement*", "treat*",   "therap*", "effect*",    "efficac*", "help*",   "reliev*",
                    "relief",      "prevent*", "remed*",  "prophylax*", "reduc*",   "improv*", "benefit*",
                    "trial",       "trials",   "studi",   "rct",        "rcts",     "evid",    "research"});
}

// True of a narrower group than the question's.
bool narrowed(const Item& item) {
    return has_any(item.words, {"deficien*", "deplet*", "hypomagnes*", "insuffici*", "subgroup"}) ||
           has_phrase(item.words, {"low", "magnesium"}, 1) || has_phrase(item.words, {"low", "level"}, 1);
}

const Evidence* evidence_of(const Work& work, const Item& item) {
    const auto at = work.base.evidence.find(item.claim->frame.question);
    return at == work.base.evidence.end() ? nullptr : &at->second;
}

void check_body(const Work& work, Item& item) {
    const Tone& tone = item.claim->frame.tone;
    const Evidence* evidence = evidence_of(work, item);
    if (!evidence || !item.cited.empty() || item.named_source || tone.direction == Direction::none ||
        tone.direction == Direction::harm)
        return;
    if (!item.claim->frame.own_topic || !about_treatment(work, item) || narrowed(item)) return;
    const Evidence& e = *evidence;
    const int benefit = e.trials_benefit + e.reviews_benefit,
              none = e.trials_none + e.trials_harm + e.reviews_none;
    const int open = e.trials_open + e.reviews_open;
    if (benefit + none + open + e.weak == 0) return;
    const std::string said = shown(item.text);
    const std::string source = "the review, question " + item.claim->frame.question;
    const auto say = [&](const char* word, Opinion opinion) {
        add(item, "evidence", word, opinion, 1, said, e.in_words, source,
            "question:" + item.claim->frame.question);
    };
    const bool negative = e.reviews_none >= 1 && e.reviews_benefit == 0 && e.trials_none >= e.trials_benefit;
    const bool positive =
        e.reviews_benefit >= 1 && e.reviews_none == 0 && e.trials_benefit >= e.trials_none && benefit > open;
    if (tone.direction == Direction::benefit) {
        if (tone.some)
            return benefit > 0 ? say("agrees", Opinion::supports) : say("overstated", Opinion::partly);
        if (positive) return say(tone.hedged ? "agrees" : "agrees", Opinion::supports);
        if (negative) return say("opposite", tone.hedged ? Opinion::partly : Opinion::contradicts);
        return say("overstated", Opinion::partly);
    }
    if (tone.direction == Direction::no_benefit) {
        if (negative || (none > 0 && none >= benefit)) return say("agrees", Opinion::supports);
        if (positive) return say("opposite", tone.hedged ? Opinion::partly : Opinion::contradicts);
        return say("undetermined", Opinion::partly);
    }
    if (!positive && !negative) return say("agrees", Opinion::supports);
    if (negative && e.trials_benefit > 0) return say("agrees", Opinion::supports);
    say("undetermined", Opinion::none);
}

// ---- strength beside certainty
// ------------------------------------------------------------------------------

bool plural_evidence(const std::vector<Word>& words) {
    return has_any(words, {"evid", "evidence", "research", "studi", "studies", "trials", "rcts", "link",
                           "results", "findings", "analyses", "body"});
}

void check_strength(const Work& work, Item& item) {
    const Tone& tone = item.claim->frame.tone;
    const Evidence* evidence = evidence_of(work, item);
    if (!evidence || tone.strength == 0 || tone.denied) return;
    // "strong rationale", "surprisingly weak": not a word about strong evidence of benefit
    if (tone.direction == Direction::no_benefit || tone.direction == Direction::mixed) return;
    const bool final_word =
        tone.strength == 3 && (tone.direction == Direction::benefit ||
                               has_any(item.words, {"treat*", "cure*", "heal*", "work*", "shorten*"}));
    const bool body = tone.about_evidence && plural_evidence(item.words);
    if (!final_word && !body && tone.strength < 1) return;
    const Evidence& e = *evidence;
    const std::string source = "the review, question " + item.claim->frame.question;
    const auto say = [&](const char* word, Opinion opinion, const std::string& found) {
        add(item, "strength", word, opinion, 2, tone.strength_word + ": " + shown(item.text, 120), found,
            source, "question:" + item.claim->frame.question);
    };
    const bool low = e.certainty == "low" || e.certainty == "very low";
    const bool no_review_for = e.reviews_benefit == 0;
    const bool any_review = e.reviews_benefit + e.reviews_none + e.reviews_open > 0;
    if (item.named_source && !item.inherited && !has_any(item.words, {"trials", "studi", "evid"})) {
        // One trial called landmark or rigorous.
        add(item, "strength", "one study", Opinion::partly, 2, tone.strength_word,
            "a single study settles little: " + e.in_words, source);
        return;
    }
    if (!body && !final_word) return;
    if (!any_review && e.trials_benefit + e.trials_none + e.trials_open == 0) return;
    if (any_review && no_review_for) return say("overstated", Opinion::contradicts, e.in_words);
    if (final_word && (e.reviews_none > 0 || e.trials_none >= std::max(1, e.trials_benefit)))
        return say("overstated", Opinion::contradicts, e.in_words);
    if (low && tone.strength >= 2) return say("overstated", Opinion::contradicts, e.in_words);
    if (e.reviews_none + e.reviews_open + e.trials_none > 0) say("overstated", Opinion::partly, e.in_words);
}

// "Numerous trials corroborate this": consensus told where the trials disagree.
void check_consensus(const Work& work, Item& item) {
    const Tone& tone = item.claim->frame.tone;
    const Evidence* evidence = evidence_of(work, item);
    if (!evidence || tone.hedged || tone.direction == Direction::no_benefit ||
        tone.direction == Direction::mixed)
        return;
    if (!has_any(item.words, {"numerous", "numer", "multiple", "multipl", "countless", "consistently",
                              "consist", "dozens", "all"}))
        return;
    if (!has_any(item.words, {"trials", "rcts", "studies"})) return;
    if (!has_any(item.words,
                 {"corrobor*", "confirm*", "support*", "show*", "demonstrat*", "prove*", "found", "agree*"}))
        return;
    const Evidence& e = *evidence;
    const std::string source = "the review, question " + item.claim->frame.question;
    const auto say = [&](const char* word, Opinion opinion) {
        add(item, "consensus", word, opinion, 2, shown(item.text), e.in_words, source,
            "question:" + item.claim->frame.question);
    };
    if (e.trials_none + e.trials_benefit + e.trials_open < 2) return;
    if (e.trials_none > e.trials_benefit ||
        (e.trials_none >= 1 && e.trials_none >= e.trials_benefit && e.reviews_none >= 1))
        return say("no consensus", Opinion::contradicts);
    if (e.trials_none + e.trials_harm > 0 || e.reviews_none > 0) return say("no consensus", Opinion::partly);
}

// "The four studies we list show the opposite": what do the article's own sources conclude?
void check_own_sources(const Work& work, Item& item) {
    if (!has_any(item.words, {"provid*", "list", "listed", "cite", "cited", "above", "these", "all"})) return;
    const bool counted =
        std::any_of(item.claim->frame.numbers.begin(), item.claim->frame.numbers.end(),
                    [](const Quantity& quantity) { return quantity.kind == QuantityKind::studies; });
    if (!counted && !has_phrase(item.words, {"all", "studies"}, 2)) return;
    const bool opposite = has_any(item.words, {"opposit", "opposite", "contrari", "contrary"}) ||
                          item.claim->frame.tone.direction == Direction::no_benefit;
    const bool benefit = !opposite && item.claim->frame.tone.direction == Direction::benefit;
    if (!opposite && !benefit) return;
    std::vector<const Source*> own;
    for (const Item& other : work.items)
        for (const Source* source : other.cited)
            if (std::find(own.begin(), own.end(), source) == own.end()) own.push_back(source);
    int with = 0, against = 0;
    std::string listed;
    for (const Source* source : own) {
        bool fits = false, differs = false;
        for (const model::Conclusion* conclusion : source->conclusions) {
            const bool none = conclusion->code == "no benefit" || conclusion->code == "harm";
            (none == opposite && conclusion->code != "inconclusive" ? fits : differs) = true;
            if (!(none == opposite && conclusion->code != "inconclusive") && listed.size() < 200)
                listed += (listed.empty() ? "" : "; ") + source->label + ": " + conclusion->words;
        }
        with += fits && !differs;
        against += differs;
    }
    if (with + against == 0) return;
    if (against > 0)
        add(item, "own sources", "not all", Opinion::contradicts, 2, shown(item.text), listed,
            "the article's own sources, as coded in the review");
    else
        add(item, "own sources", "agrees", Opinion::supports, 2, shown(item.text),
            std::to_string(with) + " of them stand in the base and agree");
}

// "Smaller", "larger" beside the sizes in the base: left to facts. Sureness in the other direction:
void check_no_proof(const Work& work, Item& item) {
    const Evidence* evidence = evidence_of(work, item);
    if (!evidence || !item.cited.empty()) return;
    if (!has_phrase(item.words, {"do", "not", "exist"}, 1) && !has_phrase(item.words, {"no", "studies"}, 3) &&
        !has_phrase(item.words, {"no", "evidence"}, 2))
        return;
    if (evidence->trials_benefit > 0)
        add(item, "evidence", "understated", Opinion::partly, 2, shown(item.text),
            "trials that found a benefit exist: " + evidence->in_words,
            "the review, question " + item.claim->frame.question, "question:" + item.claim->frame.question);
}

} // namespace

void check_directions(Work& work) {
    for (Item& item : work.items) {
        if (item.claim->kind == "reference" || item.claim->kind == "heading") continue;
        check_cited(work, item);
        check_body(work, item);
        check_strength(work, item);
        check_consensus(work, item);
        check_no_proof(work, item);
    }
    for (Item& item : work.items)
        if (item.claim->kind != "reference") check_own_sources(work, item);
}

} // namespace assay::claims
