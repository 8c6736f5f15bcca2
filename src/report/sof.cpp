#include "report/sof.hpp"

#include "plot/measure.hpp"
#include "plot/number.hpp"
#include "report/page.hpp"
#include "report/sof_numbers.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>

namespace assay::report {

namespace {

using namespace model;

constexpr const char* dash = "\xE2\x80\x93";

std::string per_thousand(double value) {
    return plot::fixed(value, 0);
}

std::string more_or_fewer(double value) {
    const double whole = std::round(std::fabs(value));
    if (whole == 0) return "0";
    return plot::fixed(whole, 0) + (value < 0 ? " fewer" : " more");
}

/// Weeks of follow-up of the rows behind the effects.
std::string follow_up(const Review& review, const AnalysisResult& result) {
    std::optional<double> low, high;
    for (const auto& effect : result.effects)
        for (const auto& id : effect.rows) {
            const auto* row = review.find(id);
            if (!row || !row->weeks) continue;
            low = std::min(low.value_or(*row->weeks), *row->weeks);
            high = std::max(high.value_or(*row->weeks), *row->weeks);
        }
    if (!low) return {};
    return "follow-up " + plot::trimmed(*low, 1) + (*low == *high ? "" : " to " + plot::trimmed(*high, 1)) +
           " weeks";
}

std::string detail_of(const Review& review, const Outcome& outcome, const AnalysisResult& result) {
    std::vector<std::string> parts{follow_up(review, result)};
    if (outcome.scale_low && outcome.scale_high)
        parts.push_back("scale " + plot::trimmed(*outcome.scale_low, 1) + " to " +
                        plot::trimmed(*outcome.scale_high, 1));
    if (outcome.better != Better::neither)
        parts.push_back(outcome.better == Better::lower ? "lower is better" : "higher is better");
    if (outcome.matters)
        parts.push_back("smallest difference that matters: " + plot::difference_in_words(outcome));
    std::string text;
    for (const auto& part : parts)
        if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
    return text;
}

std::string people(const SofNumbers& numbers) {
    if (!numbers.participants) return "not stated";
    return (numbers.all_stated ? "" : "at least ") + plot::fixed(*numbers.participants, 0);
}

/// Letters in the order of the table: a, b, ... z, aa, ...
class Footnotes {
public:
    explicit Footnotes(SofTable& table) : table_(table) {}
    std::string add(const std::string& text) {
        for (std::size_t i = 0; i < texts_.size(); ++i)
            if (texts_[i] == text) return letter(i);
        texts_.push_back(text);
        table_.footnotes.push_back(letter(texts_.size() - 1) + ". " + text);
        return letter(texts_.size() - 1);
    }

private:
    static std::string letter(std::size_t i) {
        const std::string last(1, static_cast<char>('a' + i % 26));
        return i < 26 ? last : letter(i / 26 - 1) + last;
    }
    SofTable& table_;
    std::vector<std::string> texts_;
};

std::string level_words(int levels) {
    const int size = std::abs(levels);
    return std::to_string(size) + (size == 1 ? " level " : " levels ") + (levels < 0 ? "down" : "up");
}

std::string numbers_of(const GradeDomain& domain) {
    std::string text;
    for (const auto& number : domain.numbers) {
        auto name = number.name;
        std::replace(name.begin(), name.end(), '_', ' ');
        text += (text.empty() ? "" : "; ") + name + " " + plot::with_minus(plot::trimmed(number.value, 3));
    }
    const bool turned =
        std::any_of(domain.numbers.begin(), domain.numbers.end(), [](const GradeNumber& number) {
            return number.name.starts_with("ci_") || number.name.starts_with("pi_");
        });
    return text.empty() ? text : " (" + std::string(turned ? "benefit positive: " : "") + text + ")";
}

std::string domain_note(const GradeDomain& domain) {
    if (!domain.decided)
        return sentence_case(domain.domain) + ", " + level_words(domain.proposed) + ": " + domain.text +
               numbers_of(domain) + " Proposed by the rule " + domain.rule + ".";
    std::string text = sentence_case(domain.domain) + ", ";
    text += *domain.decided == 0 ? std::string("no change") : level_words(*domain.decided);
    text += ": " + domain.reason + (domain.by.empty() ? "" : " (" + domain.by + ")");
    if (text.back() != '.' && text.back() != ')') text += '.';
    if (text.back() == ')') text += '.';
    if (*domain.decided != domain.proposed)
        text += " The rule " + domain.rule + " proposes " +
                (domain.proposed == 0 ? std::string("no change") : level_words(domain.proposed)) + ".";
    return text;
}

void fill_certainty(const AnalysisResult& result, SofRow& row, Footnotes& notes) {
    std::vector<std::string> letters;
    const auto& rating = result.grade;
    const bool published = !result.verdict.certainty.empty() && !(rating && rating->decided);
    row.certainty = published ? result.verdict.certainty : rating ? rating->result : "";
    row.certainty_by = published                   ? result.verdict.certainty_source
                       : rating && rating->decided ? result.verdict.certainty_source
                                                   : "proposed by rules; nobody has decided";
    if (row.certainty.empty()) row.certainty_by = "not rated";
    const bool unrated =
        rating && !published && !rating->decided &&
        std::any_of(rating->domains.begin(), rating->domains.end(),
                    [](const GradeDomain& domain) { return domain.rule.ends_with("/not-rated"); });
    if (unrated) row.certainty_by = "at most; proposed by rules without a rating of bias, nobody has decided";
    if (rating && published && rating->proposed != row.certainty)
        letters.push_back(notes.add("The rules of this program propose " + rating->proposed +
                                    "; the rating shown was " + result.verdict.certainty_source + "."));
    if (rating)
        for (const auto& domain : rating->domains)
            if (domain.levels() != 0 || domain.decided) letters.push_back(notes.add(domain_note(domain)));
    for (const auto& letter : letters)
        row.notes += (row.notes.empty() ? "" : ", ") + letter;
}

std::string told(double at, double low, double high) {
    return plot::with_minus(text::with_interval(at, low, high));
}

void fill_absolute(const SofNumbers& numbers, SofRow& row) {
    const auto& absolute = *numbers.absolute;
    row.baseline = per_thousand(absolute.with_control) + " per 1000";
    row.with = per_thousand(absolute.with_intervention) + " per 1000";
    row.difference += (row.difference.empty() ? "" : "; ") + more_or_fewer(absolute.difference) + " (" +
                      more_or_fewer(absolute.low) + " to " + more_or_fewer(absolute.high) + ") per 1000" +
                      (numbers.improved ? " improve" : "");
}

void fill_effect(const Outcome& outcome, const std::string& measure, const SofNumbers& numbers, SofRow& row,
                 Footnotes& notes) {
    const auto look = plot::measure_look(measure);
    const auto shown = told(numbers.estimate, numbers.low, numbers.high);
    row.baseline = row.with = row.relative = dash;
    std::vector<std::string> letters;
    const bool standardised = measure.starts_with("SM");
    if (look.ratio) row.relative = measure + " " + shown;
    if (!standardised && numbers.absolute) {
        fill_absolute(numbers, row);
        row.notes = notes.add("Risk without the intervention: " + numbers.baseline->source + ".");
        return;
    }
    if (look.ratio) {
        row.difference = dash;
        return;
    }
    std::string unit = outcome.unit;
    if (!unit.empty() && !outcome.period.empty()) unit += " per " + outcome.period;
    row.difference = measure + " " + shown + (standardised || unit.empty() ? "" : " " + unit);
    if (const auto& other = numbers.re_expressed) {
        row.difference += ", about " + told(other->estimate, other->low, other->high) + " " + other->unit;
        letters.push_back(notes.add("Told in " + other->unit + " with " + other->source + ", " +
                                    plot::trimmed(other->sd, 3) + "."));
    }
    if (standardised && numbers.absolute) {
        fill_absolute(numbers, row);
        letters.push_back(
            notes.add("People who improve without the intervention: " + numbers.baseline->source +
                      ". With it: the logarithm of the odds ratio is pi/sqrt(3) times the standardised "
                      "difference (Chinn 2000), an approximation."));
    }
    for (const auto& letter : letters)
        row.notes += (row.notes.empty() ? "" : ", ") + letter;
}

/// The first sentence of the verdict without its numbers, which have columns of their own.
std::string statement_of(const Verdict& verdict, std::string_view measure_name) {
    const auto end = verdict.text.find(" (" + std::string(measure_name) + " ");
    if (end == std::string::npos) return sentence_case(verdict.headline) + ".";
    return verdict.text.substr(0, end) + ".";
}

} // namespace

SofTable summary_of_findings(const Review& review, const ReviewResults& results, const Question& question) {
    SofTable table;
    table.question = question.id;
    table.title = question.title;
    table.population = term_label(review, question.population);
    table.intervention = term_label(review, question.intervention);
    table.comparator = term_label(review, question.comparator);
    Footnotes notes(table);
    for (const auto& outcome_id : question.outcomes)
        for (const auto& analysis : review.analyses) {
            const auto* result = results.find(analysis.id);
            const auto* outcome = review.find(outcome_id);
            if (analysis.question != question.id || analysis.outcome != outcome_id || !outcome) continue;
            if (!analysis.primary || analysis.illustration || !result || !result->main ||
                table.rows.size() >= most_findings)
                continue;
            SofRow row;
            row.analysis = analysis.id;
            row.outcome = sentence_case(analysis_label(review, analysis));
            row.detail = detail_of(review, *outcome, *result);
            const auto numbers = sof_numbers(review, analysis, *result);
            row.participants = people(numbers);
            row.studies = numbers.studies;
            fill_effect(*outcome, result->main->measure, numbers, row, notes);
            const auto before = row.notes;
            row.notes.clear();
            fill_certainty(*result, row, notes);
            if (!before.empty()) row.notes = before + (row.notes.empty() ? "" : ", " + row.notes);
            row.statement = plot::with_minus(
                statement_of(result->verdict, plot::measure_look(result->main->measure).name));
            table.rows.push_back(std::move(row));
        }
    return table;
}

std::vector<std::string> sof_heads() {
    return {"Outcome",
            "Participants (studies)",
            "Relative effect (95% CI)",
            "Risk without",
            "Risk with",
            "Difference (95% CI)",
            "Certainty",
            "What it means"};
}

std::vector<std::string> sof_cells(const SofRow& row) {
    return {
        row.outcome + (row.detail.empty() ? "" : " (" + row.detail + ")"),
        row.participants + " (" + std::to_string(row.studies) + ")",
        row.relative,
        row.baseline,
        row.with,
        row.difference,
        (row.certainty.empty() ? std::string("not rated") : row.certainty + " (" + row.certainty_by + ")") +
            (row.notes.empty() ? "" : " [" + row.notes + "]"),
        row.statement};
}

} // namespace assay::report
