#include "claims/base.hpp"

#include "text/csv.hpp"
#include "text/encoding.hpp"
#include "text/fold.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>

namespace assay::claims {

namespace {

using namespace model;
using std::string_view;

std::vector<std::string> split(string_view text, char sign) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(sign, at), text.size());
        const auto part = text::trim(text.substr(at, end - at));
        if (!part.empty()) out.emplace_back(part);
        at = end + 1;
    }
    return out;
}

std::vector<std::string> stems(string_view text) {
    std::vector<std::string> out;
    for (const Word& word : words_of(text))
        if (!word.stop) out.push_back(word.stem);
    return out;
}

// "poor* | low + absor*": groups parted by +, alternatives by |. A star keeps the beginning of a word only.
std::vector<std::vector<std::string>> alternatives(string_view group) {
    std::vector<std::vector<std::string>> out;
    for (const std::string& phrase : split(group, '|')) {
        std::vector<std::string> parts;
        for (const std::string& word : split(phrase, ' ')) {
            const bool open = word.back() == '*';
            const auto words =
                words_of(open ? string_view(word).substr(0, word.size() - 1) : string_view(word));
            for (const Word& piece : words)
                parts.push_back(open ? piece.text + "*" : piece.stem);
        }
        if (!parts.empty()) out.push_back(std::move(parts));
    }
    return out;
}

/// A small table by the names of its columns.
class Rows {
public:
    Rows(const std::string& file, string_view bytes, Diagnostics& diagnostics)
        : table_(text::read_csv(file, bytes, diagnostics)) {
        if (!table_.readable()) return;
        for (const auto& cell : table_.header())
            columns_.emplace_back(text::trim(cell.text));
    }
    const std::vector<text::CsvRow>& rows() const { return table_.rows(); }
    std::string operator()(const text::CsvRow& row, string_view column) const {
        const auto cells = table_.cells(row);
        for (std::size_t i = 0; i < columns_.size() && i < cells.size(); ++i)
            if (columns_[i] == column) return std::string(text::trim(cells[i].text));
        return {};
    }
    Place place(const text::CsvRow& row) const {
        const auto cells = table_.cells(row);
        return cells.empty() ? Place{table_.file(), row.line, 1} : table_.place(row, cells.front());
    }

private:
    text::CsvTable table_;
    std::vector<std::string> columns_;
};

std::optional<double> number(const std::string& text) {
    if (text.empty()) return {};
    return text::parse_number(text).value;
}

std::optional<int> year_in(string_view text) {
    for (const Quantity& quantity : quantities(text))
        if (quantity.kind == QuantityKind::year) return static_cast<int>(quantity.low);
    return {};
}

bool randomised(const Study& study) {
    return study.design.rfind("rct", 0) == 0;
}

std::set<std::string> name_words(string_view text) {
    std::set<std::string> out;
    text::Folder folder;
    for (const std::string& word : split(folder.words(text), ' '))
        if (word.size() > 2 && word != "and" && word != "van" && word != "der" && word != "von")
            out.insert(word);
    return out;
}

// The names before "et al." or the year of "Boyle et al. 2017, Nutrients".
std::string names_of(const std::string& citation) {
    std::size_t end = citation.find(" et al");
    for (std::size_t i = 0; i + 3 < citation.size() && end == std::string::npos; ++i)
        if ((citation[i] == '1' || citation[i] == '2') && citation[i + 1] >= '0' && citation[i + 1] <= '9')
            end = i;
    return citation.substr(0, std::min(end, citation.size()));
}

} // namespace

std::vector<Fact> read_facts(const std::string& file, string_view bytes, Diagnostics& diagnostics) {
    const Rows table(file, bytes, diagnostics);
    std::vector<Fact> facts;
    for (const auto& row : table.rows()) {
        Fact fact;
        fact.id = table(row, "id");
        fact.key = "facts:" + fact.id;
        for (const std::string& group : split(table(row, "about"), '+'))
            fact.about.push_back(alternatives(group));
        fact.unless = alternatives(table(row, "unless"));
        const std::string stance = table(row, "stance");
        const auto bad = [&](const std::string& message) {
            diagnostics.add("claims/bad-fact", table.place(row), fact.id + ": " + message);
        };
        if (stance == "holds")
            fact.stance = Stance::holds;
        else if (stance == "partly")
            fact.stance = Stance::partly;
        else if (stance == "fails")
            fact.stance = Stance::fails;
        else if (stance == "unclear")
            fact.stance = Stance::unclear;
        else {
            bad("stance is '" + stance + "', not holds, partly, fails or unclear");
            continue;
        }
        if (fact.about.empty() || std::any_of(fact.about.begin(), fact.about.end(),
                                              [](const auto& group) { return group.empty(); })) {
            bad("about names nothing");
            continue;
        }
        fact.low = number(table(row, "low"));
        fact.high = number(table(row, "high"));
        fact.unit = table(row, "unit");
        fact.found = table(row, "found");
        fact.source = table(row, "source");
        if (fact.found.empty() || fact.source.empty()) {
            bad("found and source must say what is known and from where");
            continue;
        }
        facts.push_back(std::move(fact));
    }
    return facts;
}

std::vector<Site> read_sites(const std::string& file, string_view bytes, Diagnostics& diagnostics) {
    const Rows table(file, bytes, diagnostics);
    std::vector<Site> sites;
    for (const auto& row : table.rows())
        if (const std::string host = table(row, "host"); !host.empty())
            sites.push_back({host, table(row, "kind")});
    return sites;
}

std::string Source::cite() const {
    std::string text = label;
    for (const Report* report : reports) {
        if (!report->pmid.empty()) return text + " (PMID " + report->pmid + ")";
        if (!report->doi.empty()) return text + " (doi:" + report->doi + ")";
    }
    if (study && !study->registration.empty()) return text + " (" + study->registration + ")";
    return text;
}

std::string Source::link() const {
    for (const Report* report : reports) {
        if (!report->doi.empty()) return "https://doi.org/" + report->doi;
        if (!report->pmid.empty()) return "https://pubmed.ncbi.nlm.nih.gov/" + report->pmid + "/";
        if (!report->url.empty()) return report->url;
    }
    return {};
}

Base::Base(const Review& of, const ReviewResults* results, std::set<std::string> retracted)
    : review(of), vocabulary(of) {
    std::map<std::string, std::size_t> by_id;
    const auto source = [&](const std::string& id) -> Source& {
        const auto [at, fresh] = by_id.try_emplace(id, sources.size());
        if (fresh) {
            sources.emplace_back();
            sources.back().id = id;
        }
        return sources[at->second];
    };
    const auto add_stems = [](Source& into, string_view text) {
        for (std::string& stem : stems(text))
            into.stems.push_back(std::move(stem));
    };
    const auto add_numbers = [](Source& into, string_view text) {
        for (Quantity& quantity : quantities(text))
            into.numbers.push_back(std::move(quantity));
    };
    for (const Study& study : review.studies) {
        Source& made = source(study.id.value);
        made.study = &study;
        made.label = study.label;
        made.author = study.author;
        made.authors = name_words(study.author);
        made.year = study.year;
        made.kind = "trial";
        if (study.design == "observational" || study.design == "case-control" ||
            study.design == "before-after")
            made.kind = "observational";
        for (const QuestionId& id : study.questions)
            made.questions.insert(id.value);
        add_stems(made, study.population + " " + study.title);
        add_numbers(made, study.duration);
    }
    for (const Report& report : review.reports) {
        Source& made = source(report.study.empty() ? report.id.value : report.study.value);
        made.reports.push_back(&report);
        made.retracted = made.retracted || retracted.contains(report.id.value);
        if (report.study.empty()) {
            made.label = names_of(report.citation);
            while (!made.label.empty() && (made.label.back() == ' ' || made.label.back() == ','))
                made.label.pop_back();
            made.year = year_in(report.year);
            if (made.year) made.label += " " + std::to_string(*made.year);
            made.authors = name_words(names_of(report.citation));
            made.author = names_of(report.citation);
            made.kind = report.kind == "article" ? "other" : report.kind;
        } else {
            for (const std::string& name : name_words(names_of(report.citation)))
                made.authors.insert(name);
        }
        add_stems(made, report.citation);
        // Addresses often hold the words of the title.
        if (const std::size_t path = report.url.find('/', 9); path != std::string::npos)
            add_stems(made, report.url.substr(path));
    }
    for (const Conclusion& conclusion : review.conclusions) {
        Source& made = source(conclusion.study.empty() ? conclusion.report.value : conclusion.study.value);
        made.conclusions.push_back(&conclusion);
        if (!conclusion.question.empty()) made.questions.insert(conclusion.question.value);
        add_numbers(made, conclusion.key_number);
    }
    for (const Published& published : review.published) {
        Source& made = source(published.source.value);
        made.published.push_back(&published);
        if (!published.question.empty()) made.questions.insert(published.question.value);
    }
    for (const Arm& arm : review.arms)
        source(arm.study.value).arms.push_back(&arm);
    for (const Result& result : review.results)
        source(result.study.value).results.push_back(&result);

    for (const Question& question : review.questions)
        evidence[question.id.value].question = &question;
    constexpr std::array<string_view, 4> grades{"very low", "low", "moderate", "high"};
    const auto lower_grade = [&](Evidence& of_question, const std::string& grade) {
        const auto at = std::find(grades.begin(), grades.end(), string_view(grade));
        if (at == grades.end()) return;
        const auto now = std::find(grades.begin(), grades.end(), string_view(of_question.certainty));
        if (now == grades.end() || at < now) of_question.certainty = grade;
    };
    for (const Conclusion& conclusion : review.conclusions) {
        const auto at = evidence.find(conclusion.question.value);
        if (at == evidence.end()) continue;
        Evidence& tally = at->second;
        lower_grade(tally, conclusion.certainty);
        if (conclusion.study.empty()) {
            (conclusion.code == "benefit"      ? tally.reviews_benefit
             : conclusion.code == "no benefit" ? tally.reviews_none
                                               : tally.reviews_open)++;
            continue;
        }
        const Study* study = review.find(conclusion.study);
        if (!study || !randomised(*study)) {
            ++tally.weak;
            continue;
        }
        (conclusion.code == "benefit"      ? tally.trials_benefit
         : conclusion.code == "no benefit" ? tally.trials_none
         : conclusion.code == "harm"       ? tally.trials_harm
                                           : tally.trials_open)++;
    }
    for (const Published& published : review.published)
        if (const auto at = evidence.find(published.question.value); at != evidence.end())
            lower_grade(at->second, published.certainty);
    for (auto& [id, tally] : evidence) {
        const auto list = [](int benefit, int none, int open) {
            return std::to_string(benefit) + " for, " + std::to_string(none) + " against, " +
                   std::to_string(open) + " open";
        };
        tally.in_words =
            "randomised trials: " +
            list(tally.trials_benefit, tally.trials_none + tally.trials_harm, tally.trials_open) +
            "; reviews: " + list(tally.reviews_benefit, tally.reviews_none, tally.reviews_open);
        if (!tally.certainty.empty()) tally.in_words += "; lowest published certainty " + tally.certainty;
        if (!results) continue;
        if (const QuestionResult* result = results->find(QuestionId(id))) {
            tally.verdict_code = result->verdict.code;
            tally.verdict_text = result->verdict.headline;
        }
    }
}

void Base::index() {
    const auto phrases = [](const std::vector<std::string>& names) {
        std::vector<std::vector<std::string>> out;
        for (const std::string& name : names) {
            std::vector<std::string> phrase;
            for (const Word& word : words_of(name))
                phrase.push_back(word.stem);
            if (!phrase.empty()) out.push_back(std::move(phrase));
        }
        return out;
    };
    for (Form& form : forms)
        form.phrases = phrases(form.words);
    for (Apart& rule : apart)
        rule.phrases = phrases(rule.names);
}

const Source* Base::find(string_view id) const {
    for (const Source& source : sources)
        if (source.id == id) return &source;
    return nullptr;
}

} // namespace assay::claims
