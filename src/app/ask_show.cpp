// How an answer is shown: an outline for a terminal, JSON for programs, a page of HTML.
#include "app/ask.hpp"
#include "app/person.hpp"
#include "base/utf8.hpp"
#include "model/funding.hpp"
#include "report/json_writer.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>

namespace assay::app {

namespace {

using namespace claims;

std::string joined(const std::vector<std::string>& parts, const char* between = ", ") {
    std::string text;
    for (const auto& part : parts) {
        if (part.empty()) continue;
        text += (text.empty() ? "" : between) + part;
    }
    return text;
}

struct DesignWords {
    std::string_view design, words;
};
constexpr DesignWords designs[] = {{"rct-parallel", "randomised trial"},
                                   {"rct-crossover", "randomised crossover trial"},
                                   {"rct-cluster", "cluster-randomised trial"},
                                   {"n-of-1", "trial in one person"},
                                   {"nonrandomised", "comparison without random allocation"},
                                   {"before-after", "before and after, one group"},
                                   {"single-arm", "one group without control"},
                                   {"observational", "observational study"},
                                   {"case-control", "case-control study"}};

std::string design_words(const StudyLine& line) {
    std::string text = "design not clear";
    for (const auto& row : designs)
        if (row.design == line.design) text = row.words;
    return line.blinding == "double"   ? "double-blind " + text
           : line.blinding == "single" ? "single-blind " + text
           : line.blinding == "open"   ? "open " + text
                                       : text;
}

std::string funding_words(const std::string& funding) { return std::string(model::funding_class(funding).words); }

std::string people_words(const StudyLine& line) {
    if (!line.people) return "n not known";
    return "n = " + text::format_number(*line.people) + " " + line.people_kind;
}

std::string identifiers(const std::string& doi, const std::string& pmid, const std::string& url,
                        const std::string& registration) {
    std::vector<std::string> parts;
    if (!doi.empty()) parts.push_back("doi:" + doi);
    if (!pmid.empty()) parts.push_back("PMID " + pmid);
    if (!registration.empty()) parts.push_back(registration);
    if (parts.empty() && !url.empty()) parts.push_back(url);
    return parts.empty() ? "no DOI or PMID" : joined(parts);
}

std::string hits_words(const char* what, const std::vector<Hit>& hits) {
    if (hits.empty()) return {};
    const auto& hit = hits.front();
    return std::string(what) + ": " + hit.label +
           (hit.synonym == hit.label ? "" : " (by \"" + hit.synonym + "\")");
}

/// The outcomes that the words name; else those they touch.
std::vector<Hit> named_first(const Match& match) {
    auto hits = match.outcomes;
    std::stable_partition(hits.begin(), hits.end(), [&](const Hit& hit) {
        return std::find(match.named.begin(), match.named.end(), model::OutcomeId(hit.id)) !=
               match.named.end();
    });
    return hits;
}

std::string matched_by(const Match& match) {
    auto text =
        joined({hits_words("population", match.population), hits_words("intervention", match.intervention),
                hits_words("outcome", named_first(match))},
               "; ");
    return text.empty() ? "by the words of its title" : text;
}

std::string percent(double share) {
    return text::fixed(100 * share, 0) + " %";
}

std::string title_of(const model::Review& review, const model::QuestionId& id) {
    const auto* question = review.find(id);
    return question ? question->title : id.value;
}

struct Heading {
    Stance stance;
    const char* title;
};
constexpr Heading headings[] = {{Stance::supports, "Support the claim"},
                                {Stance::contradicts, "Contradict it"},
                                {Stance::inconclusive, "Leave it open"}};

const char* claim_words(Claimed claimed) {
    switch (claimed) {
    case Claimed::benefit:
        return "that it helps";
    case Claimed::harm:
        return "that it harms";
    case Claimed::little:
        return "that it makes little or no difference";
    }
    return "";
}

// ---- terminal
// -----------------------------------------------------------------------------------------------

class Outline {
public:
    explicit Outline(int width) : width_(std::clamp(width, 60, 110)) {}

    void line(const std::string& text, int depth = 0) {
        const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
        out_ += folded(text, width_, indent, indent);
    }
    /// "  - text", its further lines under the text.
    void item(const std::string& text, int depth) {
        const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
        out_ += folded(text, width_, indent + "- ", indent + "  ");
    }
    void labelled(const std::string& label, const std::string& text, int depth = 1) {
        const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
        out_ += folded(label + ": " + text, width_, indent, indent + "  ");
    }
    void blank() { out_ += "\n"; }
    std::string take() { return std::move(out_); }

private:
    int width_;
    std::string out_;
};

void show_asked(const Answer& answer, Outline& out) {
    out.line("Asked: " + safe_text(answer.asked.text));
    out.labelled("Read as a claim", claim_words(answer.asked.claimed));
    for (const auto& request : answer.asked.understood)
        out.labelled("Request", request);
    for (const auto& correction : answer.matched.corrected)
        out.labelled("Spelling", correction);
    if (!answer.matched.unknown.empty() && answer.matched.status == Understood::answered)
        out.labelled("Not in this base", joined(answer.matched.unknown) + " (left out of the answer)");
}

void show_study(const StudyLine& line, Outline& out) {
    out.item(line.label + ": " +
                 joined({design_words(line), people_words(line), joined(line.treatments, "; "),
                         funding_words(line.funding_class)}),
             2);
    out.line(line.conclusion + (line.remark.empty() ? "" : " Reader's note: " + line.remark), 3);
    std::vector<std::string> tail;
    if (!line.coded.empty()) tail.push_back("its own conclusion: " + line.coded);
    if (!line.bias.empty()) tail.push_back("risk of bias: " + line.bias);
    tail.push_back(identifiers(line.doi, line.pmid, line.url, line.registration));
    if (!line.same_people.empty()) {
        std::vector<std::string> ids;
        for (const auto& id : line.same_people)
            ids.push_back(id.value);
        tail.push_back("same people, not counted again: " + joined(ids));
    }
    out.line("[" + joined(tail, "; ") + "]", 3);
}

void show_reading(const Answered& asked, const ReadingAnswer& reading, std::size_t number, std::size_t of,
                  Outline& out) {
    out.blank();
    out.line((of > 1 ? "Reading " + std::to_string(number) + " of " + std::to_string(of) + ": " : "") +
             reading.title);
    out.labelled("Matched",
                 matched_by(reading.match) + "; " + percent(reading.match.coverage) + " of the asked words");
    out.labelled("Studies", reading.sentence);
    if (of > 1 && !reading.want.sentence.empty()) out.labelled("Wanted", reading.want.sentence);
    out.labelled("Data", reading.availability.level + ": " + reading.availability.sentence);
    if (!reading.form_note.empty()) out.labelled("Form", reading.form_note);
    for (const auto& row : reading.pooled)
        out.labelled("Pooled here", row.label + ": " + row.text);
    if (reading.pooled.empty()) {
        const auto* question = asked.review.find(reading.match.question);
        if (question && !question->not_pooled.empty())
            out.labelled("Pooled here", "nothing. " + question->not_pooled);
    }
    for (const auto& row : reading.published)
        out.labelled("Pooled by others",
                     row.label + ", " + row.number + (row.k.empty() ? "" : ", k = " + row.k) +
                         (row.certainty.empty() ? "; certainty not rated" : "; certainty " + row.certainty) +
                         (row.doi.empty() && row.pmid.empty()
                              ? ""
                              : " [" + identifiers(row.doi, row.pmid, "", "") + "]"));
    for (const auto& heading : headings) {
        const auto lines = reading.with(heading.stance);
        out.line(std::string(heading.title) + " (" + std::to_string(lines.size()) + ")", 1);
        std::vector<std::string> silent;
        for (const auto* line : lines) {
            if (line->rule == "no-number")
                silent.push_back(line->label);
            else
                show_study(*line, out);
        }
        if (!silent.empty())
            out.item("No number for what is asked in " + std::to_string(silent.size()) + ": " +
                         joined(silent, "; "),
                     2);
    }
    if (reading.next.empty() && reading.availability.level != "high")
        out.labelled("Ask next", "no neighbouring question of this base has better evidence");
    for (const auto& next : reading.next)
        out.labelled("Ask next", next.title + " (" + next.why + ")");
}

void show_list(const Answered& asked, const std::string& title, const std::vector<Match>& matches,
               Outline& out) {
    if (matches.empty()) return;
    out.blank();
    out.line(title);
    for (const auto& match : matches)
        out.item(title_of(asked.review, match.question) + " (" + percent(match.coverage) + "; " +
                     matched_by(match) + ")",
                 1);
}

void show_contents(const Answered& asked, Outline& out) {
    out.blank();
    out.line("This base holds:");
    std::string topic;
    for (const auto& question : asked.review.questions) {
        if (question.topic != topic && !question.topic.empty()) out.line(topic = question.topic, 1);
        out.item(question.title, 2);
    }
}

} // namespace

std::string ask_text(const Answered& asked, int width) {
    const auto& answer = asked.answer;
    Outline out(width);
    show_asked(answer, out);
    if (answer.matched.status == Understood::ambiguous) {
        show_list(asked, answer.matched.reason, answer.matched.readings, out);
        out.blank();
        out.line("Ask again with the people or the outcome you mean.");
        return out.take();
    }
    if (answer.matched.status != Understood::answered) {
        out.blank();
        out.line(answer.matched.reason + " Nothing is answered.");
        show_list(asked, "Nearest in this base:", answer.matched.alternatives, out);
        if (answer.matched.alternatives.empty()) show_contents(asked, out);
        return out.take();
    }
    if (answer.readings.size() > 1)
        out.labelled("Readings", std::to_string(answer.readings.size()) +
                                     " fit the words about equally well; each is answered below");
    out.blank();
    out.line("Answer: " + answer.in_short);
    std::size_t number = 0;
    for (const auto& reading : answer.readings)
        show_reading(asked, reading, ++number, answer.readings.size(), out);
    show_list(asked, "Weaker readings, not answered:", answer.matched.alternatives, out);
    out.blank();
    out.line("Studies are listed, not weighed, by counting them; the pooled result and its certainty weigh "
             "them. " +
             asked.review.disclaimer);
    return out.take();
}

// ---- data
// ---------------------------------------------------------------------------------------------------

namespace {

using report::JsonWriter;

void strings(JsonWriter& json, std::string_view name, const std::vector<std::string>& values) {
    json.key(name).begin_array();
    for (const auto& value : values)
        json.value(value);
    json.end_array();
}

template<class Id> void ids(JsonWriter& json, std::string_view name, const std::vector<Id>& values) {
    json.key(name).begin_array();
    for (const auto& id : values)
        json.value(id.value);
    json.end_array();
}

void write_hits(JsonWriter& json, std::string_view name, const std::vector<Hit>& hits) {
    json.key(name).begin_array();
    for (const auto& hit : hits)
        json.begin_object()
            .member("id", hit.id)
            .member("label", hit.label)
            .member("synonym", hit.synonym)
            .member("score", hit.score)
            .end_object();
    json.end_array();
}

void write_match(JsonWriter& json, const model::Review& review, const Match& match) {
    json.member("question", match.question.value)
        .member("title", title_of(review, match.question))
        .member("coverage", match.coverage);
    write_hits(json, "population", match.population);
    write_hits(json, "intervention", match.intervention);
    write_hits(json, "comparator", match.comparator);
    write_hits(json, "outcomes", match.outcomes);
    ids(json, "outcomes_named", match.named);
}

void write_want(JsonWriter& json, std::string_view name, const Want& want) {
    json.key(name).begin_object();
    json.member("asked", want.asked).member("met", want.met).member("supporting", want.supporting);
    json.member("satisfied", want.satisfied);
    ids(json, "by", want.by);
    json.member("sentence", want.sentence).end_object();
}

void write_study(JsonWriter& json, const StudyLine& line) {
    json.begin_object();
    json.member("study", line.study.value).member("label", line.label).member("title", line.title);
    json.member("stance", to_string(line.stance)).member("rule", line.rule);
    json.member("design", line.design)
        .member("blinding", line.blinding)
        .member("randomised", line.randomised);
    json.member("people", line.people).member("people_kind", line.people_kind);
    strings(json, "treatments", line.treatments);
    json.member("asked_form", line.asked_form);
    json.member("funding_class", line.funding_class)
        .member("funding", line.funding)
        .member("independent", line.independent);
    json.member("outcome", line.outcome.value).member("measure", line.measure);
    json.member("estimate", line.estimate).member("ci_low", line.ci_low).member("ci_high", line.ci_high);
    json.member("number", line.number).member("conclusion", line.conclusion).member("coded", line.coded);
    json.member("remark", line.remark).member("bias", line.bias);
    json.member("doi", line.doi)
        .member("pmid", line.pmid)
        .member("url", line.url)
        .member("registration", line.registration);
    ids(json, "rows", line.rows);
    ids(json, "same_people", line.same_people);
    json.end_object();
}

void write_reading(JsonWriter& json, const model::Review& review, const ReadingAnswer& reading) {
    json.begin_object();
    json.key("match").begin_object();
    write_match(json, review, reading.match);
    json.end_object();
    json.member("headline", reading.headline).member("sentence", reading.sentence);
    const auto& has = reading.availability;
    json.key("availability")
        .begin_object()
        .member("level", has.level)
        .member("studies", has.studies)
        .member("randomised", has.randomised)
        .member("with_interval", has.with_interval)
        .member("people", has.people)
        .member("sentence", has.sentence)
        .end_object();
    write_want(json, "want", reading.want);
    json.member("form_note", reading.form_note);
    json.key("studies").begin_array();
    for (const auto& line : reading.studies)
        write_study(json, line);
    json.end_array();
    json.key("pooled").begin_array();
    for (const auto& row : reading.pooled)
        json.begin_object()
            .member("analysis", row.analysis.value)
            .member("label", row.label)
            .member("k", row.k)
            .member("number", row.number)
            .member("certainty", row.certainty)
            .member("certainty_source", row.certainty_source)
            .member("text", row.text)
            .end_object();
    json.end_array();
    json.key("published").begin_array();
    for (const auto& row : reading.published)
        json.begin_object()
            .member("id", row.id.value)
            .member("label", row.label)
            .member("number", row.number)
            .member("k", row.k)
            .member("certainty", row.certainty)
            .member("doi", row.doi)
            .member("pmid", row.pmid)
            .end_object();
    json.end_array();
    json.key("next").begin_array();
    for (const auto& next : reading.next)
        json.begin_object()
            .member("question", next.question.value)
            .member("title", next.title)
            .member("why", next.why)
            .end_object();
    json.end_array().end_object();
}

const char* status_word(Understood status) {
    switch (status) {
    case Understood::empty:
        return "empty";
    case Understood::outside:
        return "outside";
    case Understood::ambiguous:
        return "ambiguous";
    case Understood::answered:
        return "answered";
    }
    return "";
}

const char* claim_word(Claimed claimed) {
    return claimed == Claimed::harm ? "harm" : claimed == Claimed::little ? "little" : "benefit";
}

const char* independence_word(Independence independence) {
    return independence == Independence::required    ? "required"
           : independence == Independence::preferred ? "preferred"
                                                     : "any";
}

void write_matches(JsonWriter& json, std::string_view name, const model::Review& review,
                   const std::vector<Match>& matches) {
    json.key(name).begin_array();
    for (const auto& match : matches) {
        json.begin_object();
        write_match(json, review, match);
        json.end_object();
    }
    json.end_array();
}

} // namespace

std::string ask_json(const Answered& asked) {
    const auto& answer = asked.answer;
    JsonWriter json;
    json.begin_object().member("schema", "assay/ask/1").member("review", asked.review.id);
    json.key("asked")
        .begin_object()
        .member("text", answer.asked.text)
        .member("claim", claim_word(answer.asked.claimed));
    json.member("want", answer.asked.want)
        .member("independence", independence_word(answer.asked.independence));
    json.member("randomised_only", answer.asked.randomised_only);
    strings(json, "requests", answer.asked.understood);
    strings(json, "corrected", answer.matched.corrected);
    strings(json, "unknown", answer.matched.unknown);
    strings(json, "forms", answer.matched.forms);
    json.end_object();
    json.member("status", status_word(answer.matched.status)).member("reason", answer.matched.reason);
    json.member("answer", answer.in_short);
    write_want(json, "want", answer.overall);
    json.key("readings").begin_array();
    for (const auto& reading : answer.readings)
        write_reading(json, asked.review, reading);
    json.end_array();
    write_matches(json, "choices", asked.review,
                  answer.matched.status == Understood::ambiguous ? answer.matched.readings
                                                                 : std::vector<Match>{});
    write_matches(json, "alternatives", asked.review, answer.matched.alternatives);
    json.end_object();
    return json.take();
}

} // namespace assay::app
