#include "claims/answer.hpp"

#include "claims/study_line.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace assay::claims {

namespace {

using namespace model;

template<class List, class Value> bool holds(const List& list, const Value& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::string counted(int n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// The study whose people these are, following same_cohort_as to its end.
StudyId cohort_of(const Review& review, StudyId id) {
    std::set<StudyId> seen;
    while (seen.insert(id).second) {
        const Study* study = review.find(id);
        if (!study || study->same_cohort_as.empty()) break;
        id = study->same_cohort_as;
    }
    return id;
}

/// The studies of a question, each group of people once: the first report of a cohort, with the others behind
/// it.
struct Cohort {
    const Study* study = nullptr;
    std::vector<StudyId> others;
};

std::vector<Cohort> cohorts_of(const Review& review, const QuestionId& question) {
    std::vector<Cohort> cohorts;
    std::map<StudyId, std::size_t> at;
    for (const auto& study : review.studies) {
        if (!holds(study.questions, question)) continue;
        const auto root = cohort_of(review, study.id);
        const auto [known, fresh] = at.try_emplace(root, cohorts.size());
        if (fresh) {
            cohorts.push_back({&study, {}});
            continue;
        }
        auto& cohort = cohorts[known->second];
        // The study that the others point to stands for all, wherever it comes in the table.
        if (study.id == root) {
            cohort.others.push_back(cohort.study->id);
            cohort.study = &study;
        } else {
            cohort.others.push_back(study.id);
        }
    }
    return cohorts;
}

/// The people behind a study's first interval; the study's own number where the effect has none.
std::optional<double> people_of(const Evidence& evidence, const QuestionId& question,
                                const std::vector<OutcomeId>& outcomes, const Study& study) {
    for (const auto& numbers : evidence.studies) {
        if (numbers.question != question || !holds(outcomes, numbers.outcome)) continue;
        for (const auto& effect : numbers.effects)
            if (effect.study == study.id)
                return study.n_analysed     ? *study.n_analysed
                       : study.n_randomised ? *study.n_randomised
                                            : effect.n1.value_or(0) + effect.n2.value_or(0);
    }
    return std::nullopt;
}

Availability availability_of(const Review& review, const QuestionId& question,
                             const std::vector<OutcomeId>& outcomes, const Evidence& evidence,
                             bool randomised_only) {
    Availability found;
    for (const auto& cohort : cohorts_of(review, question)) {
        const bool randomised = cohort.study->design.starts_with("rct");
        if (randomised_only && !randomised) continue;
        ++found.studies;
        found.randomised += randomised;
        const auto people = people_of(evidence, question, outcomes, *cohort.study);
        if (!people || !randomised) continue;
        ++found.with_interval;
        found.people += *people;
    }
    const bool high = found.with_interval >= high_studies && found.people >= high_people;
    found.level = found.studies == 0 ? "none" : high ? "high" : "low";
    found.sentence = counted(found.studies, "study", "studies") + ", " + std::to_string(found.randomised) +
                     " randomised; " +
                     counted(found.with_interval, "randomised study prints", "randomised studies print") +
                     " a number with an interval (" + text::format_number(found.people) + " people)";
    if (found.level == "none")
        found.sentence = "no study" + std::string(randomised_only ? " of that design" : "");
    return found;
}

std::vector<StudyLine> lines_of(const Review& review, const Asked& asked, const Matched& matched,
                                const ClaimFrame& frame, const Evidence& evidence) {
    std::vector<StudyLine> lines;
    for (const auto& cohort : cohorts_of(review, frame.question)) {
        if (asked.randomised_only && !cohort.study->design.starts_with("rct")) continue;
        auto line = line_of(review, asked, matched, frame, *cohort.study, evidence);
        line.same_people = cohort.others;
        lines.push_back(std::move(line));
    }
    auto rank = [&](const StudyLine& line) {
        return std::tuple(static_cast<int>(line.stance),
                          !line.independent && asked.independence != Independence::any, !line.randomised,
                          !line.estimate.has_value(), -line.people.value_or(0));
    };
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const StudyLine& a, const StudyLine& b) { return rank(a) < rank(b); });
    return lines;
}

std::string names(const std::vector<const StudyLine*>& lines) {
    std::string text;
    for (const auto* line : lines)
        text += (text.empty() ? "" : ", ") + line->label;
    return text;
}

/// Counts what was wanted among studies that are each given once.
Want want_of(const Asked& asked, const std::vector<const StudyLine*>& lines) {
    Want want;
    want.asked = asked.want;
    const bool conditioned = asked.independence != Independence::any;
    std::vector<const StudyLine*> fulfil, others, against;
    for (const auto* line : lines) {
        if (line->stance == Stance::contradicts) against.push_back(line);
        if (line->stance != Stance::supports) continue;
        (conditioned && !line->independent ? others : fulfil).push_back(line);
    }
    want.met = static_cast<int>(fulfil.size());
    want.supporting = static_cast<int>(fulfil.size() + others.size());
    want.satisfied = want.asked > 0 && want.met >= want.asked;
    for (const auto* line : fulfil)
        want.by.push_back(line->study);
    if (want.asked == 0 && !conditioned) return want;
    const std::string kind =
        std::string(want.asked == 1 ? " that supports the claim" : " that support the claim") +
        (conditioned ? want.asked == 1 ? " and is stated to be independent of those who sell it"
                                       : " and are stated to be independent of those who sell it"
                     : "");
    want.sentence =
        (want.asked > 0 ? counted(want.asked, "source", "sources") : std::string("Sources")) + kind;
    const std::string one = want.asked == 1 ? " does" : " do", exist = want.asked == 1 ? " exists" : " exist";
    if (want.satisfied)
        want.sentence += exist + " in this base: " + names(fulfil) + ".";
    else if (want.met == 0)
        want.sentence += one + " not exist in this base; there is none.";
    else if (want.asked == 0)
        want.sentence += ": " + std::to_string(want.met) + " (" + names(fulfil) + ").";
    else
        want.sentence += one + " not exist in this base; there " +
                         (want.met == 1 ? "is only 1: " : "are only " + std::to_string(want.met) + ": ") +
                         names(fulfil) + ".";
    if (!others.empty())
        want.sentence += " " + counted(static_cast<int>(others.size()), "study supports", "studies support") +
                         " it with other or unreported funding: " + names(others) + ".";
    if (!want.satisfied && !against.empty())
        want.sentence +=
            " " + counted(static_cast<int>(against.size()), "study contradicts", "studies contradict") +
            " it: " + names(against) + ".";
    return want;
}

std::string unit_of(const Outcome& outcome) {
    return outcome.unit + (outcome.period.empty() || outcome.unit.empty() ? "" : " per " + outcome.period);
}

std::vector<PooledLine> pooled_of(const Review& review, const ClaimFrame& frame, const Evidence& evidence) {
    std::vector<PooledLine> lines;
    const auto* question = evidence.results ? evidence.results->find(frame.question) : nullptr;
    if (!question) return lines;
    for (const auto& id : question->analyses) {
        const auto* declared = review.find(id);
        const auto* computed = evidence.results->find(id);
        if (!declared || !computed || !computed->main) continue;
        if (!frame.main_outcomes && !holds(frame.outcomes, declared->outcome)) continue;
        if (!declared->primary && !lines.empty()) continue; // variants of the same pool stand in the report
        const auto* outcome = review.find(declared->outcome);
        const auto& main = *computed->main;
        StudyNumbers scale;
        scale.measure = declared->measure;
        scale.measure_name = declared->measure;
        for (const auto& numbers : evidence.studies)
            if (numbers.question == frame.question && numbers.outcome == declared->outcome &&
                numbers.measure == declared->measure) {
                scale.measure_name = numbers.measure_name;
                scale.ratio = numbers.ratio;
                scale.unit = numbers.ratio || !outcome || numbers.unit.empty() ? "" : unit_of(*outcome);
                break;
            }
        PooledLine line;
        line.analysis = id;
        line.label = declared->label.empty() && outcome ? outcome->label : declared->label;
        line.number = number_text(scale, main.estimate, main.ci_low, main.ci_high);
        line.k = main.k;
        line.certainty = computed->verdict.certainty;
        line.certainty_source = computed->verdict.certainty_source;
        line.text = computed->verdict.text;
        lines.push_back(std::move(line));
    }
    return lines;
}

/// Pools that others printed for this question: with a number, those with a certainty first, then the newest.
std::vector<PublishedLine> published_of(const Review& review, const ClaimFrame& frame) {
    constexpr std::size_t most = 4;
    std::vector<const Published*> rows;
    for (const auto& row : review.published) {
        if (row.question != frame.question || (!row.estimate && row.certainty.empty())) continue;
        if (!frame.main_outcomes && !holds(frame.outcomes, row.outcome)) continue;
        rows.push_back(&row);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Published* a, const Published* b) {
        return std::pair(!a->certainty.empty(), a->year) > std::pair(!b->certainty.empty(), b->year);
    });
    if (rows.size() > most) rows.resize(most);
    std::vector<PublishedLine> lines;
    for (const auto* row : rows) {
        PublishedLine line;
        line.id = row->id;
        line.label = row->label;
        line.certainty = row->certainty;
        line.k = row->k;
        line.number = row->outcome_text;
        if (row->estimate) {
            line.number += ": " + row->measure + " " + text::format_number(*row->estimate);
            if (row->ci_low && row->ci_high)
                line.number += " (" + text::format_number(*row->ci_low) + " to " +
                               text::format_number(*row->ci_high) + ")";
            if (!row->direction.empty()) line.number += ", " + row->direction;
        }
        if (const auto* source = review.find(row->source)) {
            line.doi = source->doi;
            line.pmid = source->pmid;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string form_note(const Matched& matched, const ReadingAnswer& reading) {
    if (matched.forms.empty()) return {};
    const auto given = std::count_if(reading.studies.begin(), reading.studies.end(),
                                     [](const StudyLine& line) { return line.asked_form; });
    std::string forms;
    for (const auto& form : matched.forms)
        forms += (forms.empty() ? "" : " or ") + form;
    if (given == 0)
        return "No study of this question gave " + forms +
               ": what follows is about other forms, which makes it indirect.";
    return std::to_string(given) + " of " +
           counted(static_cast<int>(reading.studies.size()), "study", "studies") + " gave " + forms +
           "; the others gave other forms.";
}

/// Related questions that more randomised studies with an interval speak to.
std::vector<Neighbour> neighbours(const Review& review, const Asked& asked, const Matched& matched,
                                  const Match& match, const Availability& own, const Evidence& evidence) {
    constexpr std::size_t most = 3;
    struct Candidate {
        const Question* question;
        Availability has;
        bool matched;
    };
    const Question* here = review.find(match.question);
    std::vector<Candidate> found;
    for (const auto& question : review.questions) {
        if (question.id == match.question) continue;
        auto same = [&](const Match& other) { return other.question == question.id; };
        if (std::any_of(matched.readings.begin(), matched.readings.end(), same)) continue;
        const bool by_words = std::any_of(matched.alternatives.begin(), matched.alternatives.end(), same);
        const bool by_topic = here && !here->topic.empty() && question.topic == here->topic;
        if (!by_words && !by_topic) continue;
        auto has = availability_of(review, question.id, question.outcomes, evidence, asked.randomised_only);
        if (has.with_interval > own.with_interval) found.push_back({&question, std::move(has), by_words});
    }
    std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return std::pair(a.matched, a.has.with_interval) > std::pair(b.matched, b.has.with_interval);
    });
    std::vector<Neighbour> list;
    for (std::size_t i = 0; i < found.size() && i < most; ++i)
        list.push_back({found[i].question->id, found[i].question->title, found[i].has.sentence});
    return list;
}

std::string claim_in_words(const Asked& asked) {
    switch (asked.claimed) {
    case Claimed::benefit:
        return "a benefit";
    case Claimed::harm:
        return "a harm";
    case Claimed::little:
        return "little or no difference";
    }
    return {};
}

ReadingAnswer answer_reading(const Review& review, const Asked& asked, const Matched& matched,
                             const Match& match, const Evidence& evidence) {
    ReadingAnswer reading;
    reading.match = match;
    const Question* question = review.find(match.question);
    reading.title = question ? question->title : match.question.value;
    const auto frame = frame_of(review, asked, match);
    reading.availability =
        availability_of(review, match.question, frame.outcomes, evidence, asked.randomised_only);
    reading.studies = lines_of(review, asked, matched, frame, evidence);
    std::vector<const StudyLine*> lines;
    for (const auto& line : reading.studies)
        lines.push_back(&line);
    reading.want = want_of(asked, lines);
    reading.pooled = pooled_of(review, frame, evidence);
    reading.published = published_of(review, frame);
    reading.form_note = form_note(matched, reading);
    const auto* computed = evidence.results ? evidence.results->find(match.question) : nullptr;
    if (computed && frame.main_outcomes) reading.headline = computed->verdict.headline;
    const auto support = static_cast<int>(reading.with(Stance::supports).size());
    const auto against = static_cast<int>(reading.with(Stance::contradicts).size());
    const auto open = static_cast<int>(reading.with(Stance::inconclusive).size());
    reading.sentence = reading.studies.empty()
                           ? "No study of this question is in the base."
                           : "Of " + counted(static_cast<int>(reading.studies.size()), "study", "studies") +
                                 ", " + std::to_string(support) +
                                 (support == 1 ? " supports " : " support ") + claim_in_words(asked) + ", " +
                                 std::to_string(against) +
                                 (against == 1 ? " contradicts it, " : " contradict it, ") +
                                 std::to_string(open) + (open == 1 ? " leaves it open." : " leave it open.");
    reading.next = neighbours(review, asked, matched, match, reading.availability, evidence);
    return reading;
}

/// What was wanted first, then each reading with the result that weighs its studies.
std::string in_short(const Answer& answer) {
    std::string text = answer.overall.sentence;
    for (const auto& reading : answer.readings) {
        if (!text.empty()) text += " ";
        if (answer.readings.size() > 1) text += reading.title + " ";
        if (reading.headline.empty()) {
            text += reading.sentence;
            continue;
        }
        text += capital(reading.headline) + ".";
        if (reading.pooled.empty()) text += " " + reading.sentence;
    }
    return text;
}

} // namespace

std::vector<const StudyLine*> ReadingAnswer::with(Stance stance) const {
    std::vector<const StudyLine*> found;
    for (const auto& line : studies)
        if (line.stance == stance) found.push_back(&line);
    return found;
}

Answer answer(const Review& review, const Asked& asked, const Matched& matched, const Evidence& evidence) {
    Answer made;
    made.asked = asked;
    made.matched = matched;
    if (matched.status != Understood::answered) return made;
    for (const auto& match : matched.readings)
        made.readings.push_back(answer_reading(review, asked, matched, match, evidence));
    // The readings that more evidence speaks to come first; those without any keep their order behind.
    std::stable_sort(made.readings.begin(), made.readings.end(),
                     [](const ReadingAnswer& a, const ReadingAnswer& b) {
                         return a.availability.with_interval > b.availability.with_interval;
                     });
    // A study that several readings share counts once, by the first reading that takes a side on it.
    std::map<StudyId, const StudyLine*> once;
    std::vector<StudyId> order;
    for (const auto& reading : made.readings)
        for (const auto& line : reading.studies) {
            const auto people = cohort_of(review, line.study);
            const auto [at, fresh] = once.try_emplace(people, &line);
            if (fresh)
                order.push_back(people);
            else if (at->second->stance == Stance::inconclusive)
                at->second = &line;
        }
    std::vector<const StudyLine*> lines;
    for (const auto& id : order)
        lines.push_back(once.at(id));
    made.overall = want_of(asked, lines);
    made.in_short = in_short(made);
    return made;
}

} // namespace assay::claims
