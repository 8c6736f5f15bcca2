// Checks on statements: general facts with their sources, grades of guidelines, designs told wrongly, forms
// told unfit.
#include "claims/work.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>

namespace assay::claims {

namespace {

using text::format_number;

// Whether one alternative of the group is there; `at`: the word where it begins.
bool meets(const std::vector<Word>& words, const std::vector<std::vector<std::string>>& group,
           std::size_t* at = nullptr) {
    return std::any_of(group.begin(), group.end(),
                       [&](const auto& phrase) { return has_phrase(words, phrase, 2, at); });
}

// A negation inside the fact's own words is wanted; any other denies the statement.
bool names_negation(const Fact& fact) {
    for (const auto& group : fact.about)
        for (const auto& phrase : group)
            for (const std::string& word : phrase)
                if (is_negation(word)) return true;
    return false;
}

std::vector<Word> both(const std::vector<Word>& a, const std::vector<Word>& b) {
    std::vector<Word> out = a;
    out.insert(out.end(), b.begin(), b.end());
    return out;
}

// What the fact's `unit` names: a unit of measure, a kind of count, or a word of what is counted.
bool fits_unit(const Quantity& said, const std::string& unit) {
    if (unit.empty()) return true;
    if (unit == "people") return said.kind == QuantityKind::people;
    if (unit == "studies") return said.kind == QuantityKind::studies;
    if (unit == "year") return said.kind == QuantityKind::year;
    if (unit == "date") return said.kind == QuantityKind::date;
    return said.unit == unit || said.of.find(unit) != std::string::npos;
}

// Whether the claim's number lies in the fact's range; nothing when it names no such number.
std::optional<bool> in_range(const Fact& fact, const Item& item) {
    std::optional<bool> inside;
    for (const Quantity& said : item.claim->frame.numbers) {
        if (!fits_unit(said, fact.unit)) continue;
        const bool fits =
            said.low >= fact.low.value_or(-1e300) - 1e-9 && said.high <= fact.high.value_or(1e300) + 1e-9;
        inside = inside.value_or(false) || fits;
    }
    return inside;
}

// The subject of a fact may stand before the claim: in the row of a cell, in the rest of the sentence, and,
// where the sentence begins with a pronoun, in the sentences before and the heading.
std::vector<Word> subject_words(const Work& work, const Item& item) {
    const Unit& unit = *item.unit;
    std::vector<Word> out;
    if (!unit.subject.empty() || !unit.column.empty()) out = words_of(unit.subject + " " + unit.column);
    const auto take = [&](std::vector<Word> words) { out.insert(out.end(), words.begin(), words.end()); };
    if (unit.kind == UnitKind::cell || unit.kind == UnitKind::row)
        take(work.words_in(unit.block_begin, unit.block_end));
    if (unit.sentence_begin < unit.begin) take(work.words_in(unit.sentence_begin, unit.begin));
    const auto sentence =
        work.words_in(unit.sentence_begin, std::min(unit.sentence_end, unit.sentence_begin + 60));
    bool pronoun = false;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, sentence.size()); ++i) {
        const std::string& word = sentence[i].text;
        pronoun = pronoun || word == "it" || word == "they" || word == "this" || word == "these" ||
                  word == "its" || word == "their" || word == "such" || word == "both";
    }
    if (pronoun && unit.block_begin < unit.sentence_begin)
        take(work.words_in(unit.block_begin, unit.sentence_begin));
    if (pronoun && unit.heading >= 0) {
        const Unit& heading = work.audit.segments.units[static_cast<std::size_t>(unit.heading)];
        take(work.words_in(heading.begin, heading.end));
    }
    return out;
}

void check_facts(const Work& work, Item& item) {
    const std::vector<Word> all = both(item.words, subject_words(work, item));
    for (const Fact& fact : work.base.facts) {
        if (!meets(all, fact.about.front())) continue;
        std::size_t last = 0;
        bool there = true;
        for (std::size_t i = 1; i < fact.about.size() && there; ++i) {
            std::size_t at = 0;
            there = meets(item.words, fact.about[i], &at);
            last = std::max(last, at);
        }
        if (!there) continue;
        if (fact.about.size() == 1 && !meets(item.words, fact.about.front(), &last)) continue;
        if (!fact.unless.empty() && meets(item.words, fact.unless)) continue;
        const bool denied = !names_negation(fact) && negated_before(item.words, last, 5);
        if (denied && fact.stance != Stance::unclear) continue;
        Stance stance = fact.stance;
        if (fact.low || fact.high) {
            const std::optional<bool> inside = in_range(fact, item);
            if (!inside) continue;
            if (!*inside && fact.stance == Stance::fails)
                continue; // the row is about the numbers in its range only
            if (!*inside) stance = Stance::fails;
        }
        const bool hedged = item.claim->frame.tone.hedged;
        if (stance == Stance::fails && hedged && fact.low == std::nullopt &&
            has_any(item.words, {"may", "might", "could", "possibl", "theoret"}))
            stance = Stance::partly;
        const std::string said = shown(item.text);
        switch (stance) {
        case Stance::holds:
            add(item, "statement", "agrees", Opinion::supports, 3, said, fact.found, fact.source, fact.key);
            break;
        case Stance::partly:
            add(item, "statement", "in part", Opinion::partly, 3, said, fact.found, fact.source, fact.key);
            break;
        case Stance::fails:
            add(item, "statement", "opposite", Opinion::contradicts, 3, said, fact.found, fact.source,
                fact.key);
            break;
        case Stance::unclear:
            add(item, "statement", "undetermined", Opinion::none, 3, said, fact.found, fact.source, fact.key);
            break;
        }
    }
}

// ---- grades of guidelines
// -----------------------------------------------------------------------------------

struct Grade {
    std::array<std::string_view, 2> words;
    std::string_view shown;
};
// The wording of the American Academy of Neurology's classification of evidence (2004 and 2011): Level A
// established, B probably, C possibly.
constexpr std::array<Grade, 6> grades{{{{"possibly", "effective"}, "possibly effective"},
                                       {{"probably", "effective"}, "probably effective"},
                                       {{"established", "effective"}, "established as effective"},
                                       {{"level", "a"}, "Level A"},
                                       {{"level", "b"}, "Level B"},
                                       {{"level", "c"}, "Level C"}}};
constexpr std::array<std::size_t, 6> same_grade{5, 4, 3, 2, 1, 0};

int grade_in(const std::vector<Word>& words) {
    for (std::size_t g = 0; g < grades.size(); ++g)
        for (std::size_t i = 0; i + 1 < words.size(); ++i)
            if (words[i].text == grades[g].words[0]) {
                const bool next = words[i + 1].text == grades[g].words[1] ||
                                  (words[i + 1].text == "as" && i + 2 < words.size() &&
                                   words[i + 2].text == grades[g].words[1]);
                if (next) return static_cast<int>(g);
            }
    return -1;
}

int grade_of(const Source& source, const std::string& question) {
    for (const model::Conclusion* conclusion : source.conclusions) {
        if (conclusion->question.value != question) continue;
        for (const std::string* text : {&conclusion->words, &conclusion->key_number}) {
            const int grade = grade_in(words_of(*text));
            if (grade >= 0) return grade;
        }
    }
    return -1;
}

bool one_grade(int a, int b) {
    return a == b || same_grade[static_cast<std::size_t>(a)] == static_cast<std::size_t>(b);
}

void check_guideline(const Work& work, Item& item) {
    const int said = grade_in(item.words);
    if (said < 0 ||
        !has_any(item.words, {"guidelin", "societi", "academi", "associ", "colleg", "recommend", "panel"}))
        return;
    const std::string& question = item.claim->frame.question;
    const Source* guideline = nullptr;
    const Source* other = nullptr;
    bool agrees = false;
    for (const Source& source : work.base.sources) {
        const int grade = grade_of(source, question);
        if (grade < 0) continue;
        if (source.kind == "guideline") {
            guideline = &source;
            agrees = agrees || one_grade(grade, said);
        } else if (one_grade(grade, said))
            other = &source;
    }
    if (!guideline) return;
    const auto& conclusion = *guideline->conclusions.front();
    std::string found =
        conclusion.words + (conclusion.key_number.empty() ? "" : " (" + conclusion.key_number + ")");
    if (!agrees && other) found += " The words quoted are those of " + other->cite() + ".";
    add(item, "guideline", agrees ? "agrees" : "other grade",
        agrees ? Opinion::supports : Opinion::contradicts, 3,
        std::string(grades[static_cast<std::size_t>(said)].shown), found, guideline->cite(),
        guideline->link());
}

// ---- designs
// ------------------------------------------------------------------------------------------------

void check_design(Item& item) {
    if (!item.narrative || item.cited.size() != 1) return;
    const Source& source = *item.cited.front();
    const std::string& words = item.narrative->design_words;
    const auto says = [&](std::string_view word) { return words.find(word) != std::string::npos; };
    const bool review = source.kind == "review" || source.kind == "guideline";
    if ((item.narrative->design == Design::trial && review) ||
        (item.narrative->design == Design::review && source.kind == "trial")) {
        add(item, "design", "other design", Opinion::misattributes, 2, words,
            source.label + " is a " + source.kind, source.cite(), source.link());
        return;
    }
    if (!source.study) return;
    const model::Study& study = *source.study;
    const bool claims_placebo = says("placebo") || has_phrase(item.words, {"compar", "placebo"}, 3) ||
                                has_phrase(item.words, {"against", "placebo"}, 1);
    const bool no_placebo = study.comparator.find("placebo") == std::string::npos &&
                            study.comparator.find("saline") == std::string::npos && !study.comparator.empty();
    if (claims_placebo && (no_placebo || study.blinding == "open"))
        add(item, "design", "no placebo", Opinion::misattributes, 2, words,
            "compared with: " + study.comparator, source.cite(), source.link());
    else if ((says("double-blind") || says("blinded")) && study.blinding == "open")
        add(item, "design", "not blinded", Opinion::misattributes, 2, words, "open", source.cite(),
            source.link());
    else if ((says("random") || says("rct")) && !study.design.empty() && study.design != "unclear" &&
             study.design.rfind("rct", 0) != 0)
        add(item, "design", "not randomised", Opinion::misattributes, 2, words, study.design, source.cite(),
            source.link());
    else if (study.blinding == "open" && item.claim->frame.tone.direction == Direction::benefit)
        add(item, "design", "open, not told", Opinion::partly, 2, words,
            "open, compared with: " + study.comparator, source.cite(), source.link());
    if (has_any(item.words, {"ongo", "ongoing", "recruit", "underway"}) && study.year &&
        study.status != "ongoing")
        add(item, "design", "not ongoing", Opinion::partly, 2, "ongoing",
            study.status + ", begun " + std::to_string(*study.year), source.cite(), source.link());
}

// A cited registry entry that is told as ongoing.
void check_ongoing(Item& item) {
    if (item.narrative || !has_any(item.words, {"ongo", "ongoing", "underway"})) return;
    for (const Source* source : item.cited)
        if (source->study && !source->study->registration.empty() && source->study->status != "ongoing") {
            add(item, "design", "not ongoing", Opinion::partly, 2, "ongoing",
                source->study->status +
                    (source->study->year ? ", begun " + std::to_string(*source->study->year) : ""),
                source->cite(), source->link());
            return;
        }
}

// ---- forms
// --------------------------------------------------------------------------------------------------

bool same_family(const std::string& form, const std::string& family) {
    return form == family || form.rfind(family + " ", 0) == 0;
}

// The claim's question, or one whose topic stands in its words.
bool on_topic(const Work& work, const Item& item, const model::Conclusion& conclusion) {
    if (conclusion.question.value == item.claim->frame.question) return true;
    const model::Question* question = work.base.review.find(conclusion.question);
    if (!question || question->topic.empty()) return false;
    const auto topic = words_of(question->topic);
    return std::all_of(topic.begin(), topic.end(),
                       [&](const Word& word) { return word.stop || has_any(item.words, {word.stem}); });
}

// "Oxide is less suited for cramps": a trial of that form with a benefit speaks against it.
void check_form_unfit(const Work& work, Item& item) {
    const Frame& made = item.claim->frame;
    if (made.forms.empty()) return;
    const bool unfit =
        has_phrase(item.words, {"less", "ideal"}, 0) || has_phrase(item.words, {"less", "effective"}, 0) ||
        has_phrase(item.words, {"less", "suitable"}, 0) || has_phrase(item.words, {"poor", "choice"}, 0) ||
        has_phrase(item.words, {"not", "effective"}, 2) ||
        has_phrase(item.words, {"not", "recommended"}, 1) || has_phrase(item.words, {"not", "ideal"}, 1) ||
        has_any(item.words, {"ineffect", "ineffective", "useless"});
    if (!unfit || item.named_source || item.inherited) return;
    for (const Source& source : work.base.sources)
        for (const model::Conclusion* conclusion : source.conclusions) {
            if (!on_topic(work, item, *conclusion) || conclusion->code != "benefit" ||
                !source.study || source.study->design.rfind("rct", 0) != 0)
                continue;
            for (const model::Arm* arm : source.arms)
                if (arm->role == "intervention" && same_family(arm->form, made.forms.front())) {
                    add(item, "form", "a trial with this form found a benefit", Opinion::contradicts, 2,
                        shown(item.text),
                        arm->form + ": " + conclusion->key_number + ". " + conclusion->reading, source.cite(),
                        source.link());
                    return;
                }
        }
}

// A benefit told of one form for a question where no trial of that form stands in the base.
void check_form_covered(const Work& work, Item& item) {
    const Frame& made = item.claim->frame;
    if (made.forms.size() != 1 || made.question.empty() || made.tone.direction != Direction::benefit ||
        !made.own_topic)
        return;
    bool covered = false;
    std::string others;
    for (const Source& source : work.base.sources) {
        if (!source.questions.contains(made.question)) continue;
        for (const model::Arm* arm : source.arms) {
            if (arm->role != "intervention" || arm->form.empty()) continue;
            covered = covered || arm->form.find(made.forms.front()) != std::string::npos;
            if (others.find(arm->form) == std::string::npos && others.size() < 80)
                others += (others.empty() ? "" : ", ") + arm->form;
        }
    }
    if (!covered && !others.empty())
        add(item, "form", "not covered", Opinion::none, 1, made.forms.front(),
            "the studies on this question used " + others);
}

} // namespace

void check_statements(Work& work) {
    for (Item& item : work.items) {
        if (item.claim->kind == "reference") continue;
        check_facts(work, item);
        check_guideline(work, item);
        check_design(item);
        check_ongoing(item);
        check_form_unfit(work, item);
        check_form_covered(work, item);
    }
}

} // namespace assay::claims
