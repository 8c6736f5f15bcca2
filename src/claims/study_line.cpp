#include "claims/study_line.hpp"

#include "model/funding.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::claims {

namespace {

using namespace model;

constexpr double z95 = 1.959963984540054; // the 0.975 quantile of the normal distribution

template<class List, class Value> bool holds(const List& list, const Value& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// An outcome that stands for harm: people call it a side effect.
bool is_harm(const Outcome& outcome) {
    constexpr std::array<std::string_view, 4> words{"side effects", "harms", "adverse effects",
                                                    "side effect"};
    return std::any_of(outcome.synonyms.begin(), outcome.synonyms.end(),
                       [&](const std::string& synonym) { return holds(words, std::string_view(synonym)); });
}

/// Which sign of the number (intervention minus comparator) the claim expects: -1, +1, or 0 where no side is
/// better.
int expected_sign(const Outcome& outcome, const Asked& asked) {
    if (outcome.better == Better::neither) return asked.way == Way::up ? 1 : asked.way == Way::down ? -1 : 0;
    const int benefit = outcome.better == Better::lower ? -1 : 1;
    const bool harm = asked.claimed == Claimed::harm ||
                      (is_harm(outcome) && asked.claimed == Claimed::benefit && !asked.relieves);
    return harm ? -benefit : benefit;
}

Coded coded_of(const std::string& code, bool harm_claimed) {
    if (code.empty()) return Coded::none;
    if (code == "inconclusive") return Coded::open;
    if (code == "benefit") return harm_claimed ? Coded::denies : Coded::agrees;
    if (code == "harm") return harm_claimed ? Coded::agrees : Coded::denies;
    return Coded::denies;
}

const Conclusion* conclusion_of(const Review& review, const StudyId& study, const QuestionId& question) {
    const Conclusion* other = nullptr;
    for (const auto& row : review.conclusions) {
        if (row.study != study) continue;
        if (row.question == question) return &row;
        if (row.question.empty() && !other) other = &row;
    }
    return other;
}

std::string quantity(const StudyNumbers& numbers, const Outcome& outcome) {
    return numbers.unit.empty() || outcome.label.find(numbers.unit) != std::string::npos
               ? outcome.label
               : outcome.label + " (" + numbers.unit + ")";
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string arm_words(const Review& review, const std::string& id, const std::string& otherwise) {
    const Arm* arm = review.find(ArmId(id));
    return arm && !arm->label.empty() ? arm->label : otherwise;
}

/// What the rule means for this number, for a reader.
std::string clause(std::string_view rule, const StudyNumbers& numbers, const Turned& turned) {
    const auto& much = numbers.matters_words;
    if (rule == "interval-supports") {
        if (numbers.matters && turned.high < *numbers.matters)
            return "a difference, but too small to matter (" + much + ")";
        return "the interval leaves out no difference";
    }
    if (rule == "interval-opposite") return "the difference goes the other way";
    if (rule == "important-excluded") return "a difference that matters (" + much + ") is left out";
    if (rule == "none-found")
        return much.empty()
                   ? "no difference was found; the interval is not narrow enough to exclude one"
                   : "no difference was found, though one that matters (" + much + ") is not excluded";
    return much.empty()
               ? "the interval holds no difference and differences either way"
               : "too imprecise: the interval holds no difference and one that matters (" + much + ")";
}

/// The effect told in words: "Cramps per week: 0.18 higher with X than with Y (95 % CI -0.46 to 0.81)".
std::string told(const Review& review, const StudyNumbers& numbers, const Outcome& outcome,
                 const Effect& effect, double low, double high) {
    const auto with = arm_words(review, effect.arm1, "the treatment");
    const auto than = arm_words(review, effect.arm2, "the comparator");
    auto text = capital(quantity(numbers, outcome)) + ": ";
    if (numbers.ratio) {
        text += numbers.measure_name + " " +
                text::with_interval(std::exp(effect.y), std::exp(low), std::exp(high)) + ", " + with +
                " over " + than;
        if (!effect.data1.empty() && !effect.data2.empty())
            text += "; " + effect.data1 + " against " + effect.data2;
        return text;
    }
    const auto numbers_text =
        text::with_interval(std::fabs(effect.y), effect.y < 0 ? -high : low, effect.y < 0 ? -low : high);
    return text + numbers_text + (effect.y < 0 ? " lower with " : " higher with ") + with + " than with " +
           than;
}

struct Judged {
    std::string rule;
    std::string clause;
};

Judged judge(const StudyNumbers& numbers, const Effect& effect, int sign, Coded coded) {
    const double half = z95 * std::sqrt(effect.v);
    const Turned turned = sign > 0 ? Turned{effect.y, effect.y - half, effect.y + half}
                                   : Turned{-effect.y, -effect.y - half, -effect.y + half};
    const auto rule = rule_of_interval(turned, numbers.matters, coded);
    return {std::string(rule), clause(rule, numbers, turned)};
}

/// Fills the line from computed effects of this outcome. False: there are none for this study.
bool from_effects(const Review& review, const Asked& asked, const Outcome& outcome, const Evidence& evidence,
                  const ClaimFrame& frame, Coded coded, StudyLine& line) {
    for (const auto& numbers : evidence.studies) {
        if (numbers.question != frame.question || numbers.outcome != outcome.id) continue;
        std::vector<const Effect*> effects;
        for (const auto& effect : numbers.effects)
            if (effect.study == line.study) effects.push_back(&effect);
        if (effects.empty()) continue;
        const Effect& effect = *effects.front();
        const double half = z95 * std::sqrt(effect.v), low = effect.y - half, high = effect.y + half;
        line.outcome = outcome.id;
        line.measure = numbers.measure;
        auto shown = [&](double value) { return numbers.ratio ? std::exp(value) : value; };
        line.estimate = shown(effect.y);
        line.ci_low = shown(low);
        line.ci_high = shown(high);
        line.number = number_text(numbers, effect.y, low, high);
        line.rows = effect.rows;
        const auto words = told(review, numbers, outcome, effect, low, high);
        const int sign = expected_sign(outcome, asked);
        if (sign == 0) {
            line.rule = "no-side";
            line.conclusion = words + ". Neither direction counts as better here.";
            return true;
        }
        const auto judged = judge(numbers, effect, sign, coded);
        line.rule = judged.rule;
        line.conclusion = words + "; " + judged.clause + ".";
        for (const Effect* other : effects) {
            if (judge(numbers, *other, sign, coded).rule == line.rule) continue;
            const auto a = stance_rule(line.rule).stance,
                       b = stance_rule(judge(numbers, *other, sign, coded).rule).stance;
            if (a == b) continue;
            line.rule = "comparisons-disagree";
            line.conclusion = words + "; another comparison of the same study points another way.";
            break;
        }
        return true;
    }
    return false;
}

/// A P value between groups printed for this outcome. On rows of single arms it is one only where the study
/// has two.
const Result* row_with_p(const Review& review, const StudyId& study, const OutcomeId& outcome) {
    const auto arms = std::count_if(review.arms.begin(), review.arms.end(),
                                    [&](const Arm& arm) { return arm.study == study; });
    const Result* found = nullptr;
    for (const auto& row : review.results) {
        if (row.study != study || row.outcome != outcome || !row.p || row.basis == "baseline") continue;
        if (!row.versus.empty()) return &row;
        if (arms == 2 && !found) found = &row;
    }
    return found;
}

bool from_p(const Review& review, const Outcome& outcome, Coded coded, StudyLine& line) {
    const Result* row = row_with_p(review, line.study, outcome.id);
    if (!row) return false;
    const std::string p = std::string("P ") + row->p->relation + " " + text::format_number(row->p->value);
    line.outcome = outcome.id;
    line.number = p;
    line.rows = {row->id};
    line.rule = rule_of_p(row->p->value, row->p->relation, coded);
    line.conclusion = capital(outcome.label) + ": " + p + " between the groups, without an interval";
    if (line.rule == "p-none") line.conclusion += "; no difference was found";
    if (line.rule == "p-supports") line.conclusion += "; how large the difference is cannot be told";
    line.conclusion += ".";
    return true;
}

/// Numbers of the groups that give neither an interval nor a P value: told as they were read.
bool from_rows(const Review& review, const Outcome& outcome, const Evidence& evidence, StudyLine& line) {
    std::string words;
    for (const auto& row : review.results) {
        if (row.study != line.study || row.outcome != outcome.id || row.basis == "baseline") continue;
        for (const auto& [id, text] : evidence.rows) {
            if (id != row.id) continue;
            words += (words.empty() ? "" : "; ") + text;
            line.rows.push_back(row.id);
        }
    }
    if (words.empty()) return false;
    line.outcome = outcome.id;
    line.number = words;
    line.rule = "no-interval";
    line.conclusion = capital(outcome.label) + ": " + words + "; how sure the difference is cannot be told.";
    return true;
}

std::string first_of(const std::vector<const Report*>& reports, std::string Report::*field) {
    for (const auto* report : reports)
        if (!(report->*field).empty()) return report->*field;
    return {};
}

/// The study's own publications first, then the source of its row.
std::vector<const Report*> reports_of(const Review& review, const Study& study) {
    std::vector<const Report*> reports;
    for (const auto& report : review.reports)
        if (report.study == study.id) reports.push_back(&report);
    const auto* source = review.find(study.source);
    if (source && (source->study.empty() || source->study == study.id) && !holds(reports, source) &&
        reports.empty())
        reports.push_back(source);
    return reports;
}

void describe(const Review& review, const Matched& matched, const Study& study, const Evidence& evidence,
              StudyLine& line) {
    line.study = study.id;
    line.label = study.label.empty() ? study.id.value : study.label;
    line.title = study.title;
    line.design = study.design;
    line.blinding = study.blinding;
    line.randomised = study.design.starts_with("rct");
    line.people = study.n_analysed ? study.n_analysed : study.n_randomised;
    if (line.people) line.people_kind = study.n_analysed ? "analysed" : "randomised";
    line.funding_class = study.funding_class;
    line.funding = study.funding;
    line.independent = funding_class(study.funding_class).independent;
    line.registration = study.registration;
    for (const auto& arm : review.arms) {
        if (arm.study != study.id || arm.role != "intervention") continue;
        if (holds(matched.forms, arm.form)) line.asked_form = true;
        for (const auto& [id, words] : evidence.treatments)
            if (id == arm.id && !words.empty() && !holds(line.treatments, words))
                line.treatments.push_back(words);
    }
    for (const auto& row : review.rob)
        if (row.study == study.id && row.domain == "overall" && row.status == "published")
            line.bias = row.judgement + (row.assessor.empty() ? "" : " (" + row.assessor + ")");
    const auto reports = reports_of(review, study);
    line.doi = first_of(reports, &Report::doi);
    line.pmid = first_of(reports, &Report::pmid);
    line.url = first_of(reports, &Report::url);
}

} // namespace

std::string number_text(const StudyNumbers& numbers, double estimate, double low, double high) {
    auto shown = [&](double value) { return numbers.ratio ? std::exp(value) : value; };
    return numbers.measure_name + " " + text::with_interval(shown(estimate), shown(low), shown(high)) +
           (numbers.unit.empty() ? "" : " " + numbers.unit);
}

ClaimFrame frame_of(const Review& review, const Asked& asked, const Match& match) {
    ClaimFrame frame;
    frame.question = match.question;
    frame.outcomes = match.named;
    const Question* question = review.find(match.question);
    const bool only_named = !match.named.empty() &&
                            (asked.claimed == Claimed::harm || match.population.empty() ||
                             std::all_of(match.named.begin(), match.named.end(), [&](const OutcomeId& id) {
                                 const auto* outcome = review.find(id);
                                 return outcome && is_harm(*outcome);
                             }));
    frame.main_outcomes = !only_named;
    if (only_named || !question) return frame;
    for (const auto& id : question->outcomes) {
        const auto* outcome = review.find(id);
        // Blood values and other numbers without a better side answer no claim unless they are asked for.
        if (outcome && outcome->better != Better::neither && !holds(frame.outcomes, id))
            frame.outcomes.push_back(id);
    }
    return frame;
}

StudyLine line_of(const Review& review, const Asked& asked, const Matched& matched, const ClaimFrame& frame,
                  const Study& study, const Evidence& evidence) {
    StudyLine line;
    describe(review, matched, study, evidence, line);
    const auto* conclusion = conclusion_of(review, study.id, frame.question);
    if (conclusion && frame.main_outcomes) {
        line.coded = conclusion->code;
        line.remark = conclusion->reading;
    }
    const bool harm = asked.claimed == Claimed::harm;
    const auto coded = conclusion && frame.main_outcomes ? coded_of(conclusion->code, harm) : Coded::none;
    for (const auto& id : frame.outcomes) {
        const auto* outcome = review.find(id);
        if (!outcome) continue;
        if (from_effects(review, asked, *outcome, evidence, frame, coded, line)) break;
        if (from_p(review, *outcome, coded, line)) break;
    }
    for (const auto& id : frame.outcomes) {
        if (!line.rule.empty()) break;
        const auto* outcome = review.find(id);
        if (outcome) from_rows(review, *outcome, evidence, line);
    }
    if (study.design == "single-arm" || study.design == "before-after") {
        line.rule = "no-comparison";
        line.conclusion =
            "No group to compare with: what would have happened without the treatment is not known.";
    } else if (study.design == "n-of-1") {
        line.rule = "one-person";
        line.conclusion =
            "One person: it says little about others." + (line.number.empty() ? "" : " " + line.conclusion);
    } else if (line.rule.empty()) {
        const bool unseen = study.status != "completed";
        line.rule = unseen ? "not-reported" : conclusion && frame.main_outcomes ? "coded-only" : "no-number";
        line.conclusion =
            unseen ? "Its results were not published or could not be seen."
            : line.rule == "coded-only"
                ? "No number between the groups that could be checked" +
                      (conclusion->key_number.empty() ? std::string()
                                                      : " (read: " + conclusion->key_number + ")") +
                      "."
                : "It gives no number for what is asked.";
    }
    const auto& rule = stance_rule(line.rule);
    line.stance = asked.claimed == Claimed::little ? rule.denied : rule.stance;
    return line;
}

} // namespace assay::claims
