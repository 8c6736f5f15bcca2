#include "report/results_json.hpp"

#include "model/flow_boxes.hpp"
#include "plot/forest.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"
#include "report/json_writer.hpp"
#include "report/sof_numbers.hpp"
#include "text/format.hpp"

#include <cmath>

namespace assay::report {

namespace {

using model::Synthesis;

template<class Ids> void ids(JsonWriter& json, std::string_view name, const Ids& list) {
    json.key(name).begin_array();
    for (const auto& id : list)
        json.value(id.value);
    json.end_array();
}

void texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& list) {
    json.key(name).begin_array();
    for (const std::string& text : list)
        json.value(text);
    json.end_array();
}

void text_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
    json.key(name);
    if (text.empty()) {
        json.null();
    } else {
        json.value(text);
    }
}

void interval(JsonWriter& json, std::string_view name, const std::optional<model::Interval>& bounds) {
    json.key(name);
    if (!bounds) {
        json.null();
        return;
    }
    json.begin_object().member("low", bounds->low).member("high", bounds->high);
    json.member("low_open", bounds->low_open).member("high_open", bounds->high_open).end_object();
}

/// On the scale readers see. The text has an ASCII hyphen for minus: it is for programs and terminals.
void display(JsonWriter& json, const Synthesis* s, const std::string& measure) {
    const plot::MeasureLook look = plot::measure_look(measure);
    json.key("display").begin_object();
    json.member("scale", look.ratio ? "ratio" : "identity");
    const auto shown = [&](std::string_view name, const std::optional<double>& value) {
        json.member(name, value ? std::optional<double>(plot::shown(look, *value)) : value);
    };
    const auto part = [&](double Synthesis::* field) { return s ? std::optional<double>(s->*field) : std::nullopt; };
    shown("estimate", part(&Synthesis::estimate));
    shown("ci_low", part(&Synthesis::ci_low));
    shown("ci_high", part(&Synthesis::ci_high));
    shown("pi_low", s ? s->pi_low : std::nullopt);
    shown("pi_high", s ? s->pi_high : std::nullopt);
    json.key("text");
    if (!s) {
        json.null();
    } else {
        const double low = plot::shown(look, s->ci_low), high = plot::shown(look, s->ci_high);
        const int places = text::decimals_for((high - low) / 2);
        json.value(plot::fixed(plot::shown(look, s->estimate), places) + " (" + plot::fixed(low, places) + " to " +
                   plot::fixed(high, places) + ")");
    }
    json.end_object();
}

/// The numbers of one pooled result; all null when there is none.
void synthesis(JsonWriter& json, const Synthesis* s) {
    const auto number = [&](std::string_view name, double Synthesis::* field, bool defined = true) {
        json.key(name);
        if (s && defined) {
            json.value(s->*field);
        } else {
            json.null();
        }
    };
    const auto optional = [&](std::string_view name, std::optional<double> Synthesis::* field) {
        json.member(name, s ? s->*field : std::optional<double>());
    };
    const bool random = s && s->model == "random";
    json.member("k", s ? s->k : 0);
    number("estimate", &Synthesis::estimate);
    number("se", &Synthesis::se);
    number("ci_low", &Synthesis::ci_low);
    number("ci_high", &Synthesis::ci_high);
    optional("statistic", &Synthesis::statistic);
    optional("df", &Synthesis::df);
    optional("p", &Synthesis::p);
    optional("pi_low", &Synthesis::pi_low);
    optional("pi_high", &Synthesis::pi_high);
    optional("pi_hts_low", &Synthesis::pi_hts_low);
    optional("pi_hts_high", &Synthesis::pi_hts_high);
    number("tau2", &Synthesis::tau2, random);
    optional("tau2_se", &Synthesis::tau2_se);
    interval(json, "tau2_ci", s ? s->tau2_ci : std::nullopt);
    number("i2", &Synthesis::i2);
    interval(json, "i2_ci", s ? s->i2_ci : std::nullopt);
    number("h2", &Synthesis::h2);
    number("q", &Synthesis::q);
    json.key("q_df");
    if (s) {
        json.value(s->q_df);
    } else {
        json.null();
    }
    number("q_p", &Synthesis::q_p);
    texts(json, "notes", s ? s->notes : std::vector<std::string>());
}

void method(JsonWriter& json, const std::string& measure, const std::string& model, const std::string& method,
            const std::string& test, double level) {
    json.member("measure", measure).member("model", model);
    text_or_null(json, "tau2_method", model == "random" ? method : "");
    text_or_null(json, "pooling", model == "random" ? "IV" : method);
    json.member("test", test).member("level", level);
}

void verdict(JsonWriter& json, const model::Verdict& v) {
    json.key("verdict").begin_object();
    json.member("code", v.code).member("headline", v.headline).member("text", v.text);
    text_or_null(json, "certainty", v.certainty);
    text_or_null(json, "certainty_source", v.certainty_source);
    json.member("important", v.important).end_object();
}

void grade(JsonWriter& json, const std::optional<model::GradeRating>& rating) {
    json.key("grade");
    if (!rating) {
        json.null();
        return;
    }
    json.begin_object().member("start", rating->start);
    text_or_null(json, "start_decided", rating->start_decided.value_or(""));
    json.member("proposed", rating->proposed).member("result", rating->result).member("decided", rating->decided);
    text_or_null(json, "reason", rating->reason);
    text_or_null(json, "by", rating->by);
    json.key("domains").begin_array();
    for (const model::GradeDomain& domain : rating->domains) {
        json.begin_object().member("domain", domain.domain).member("rule", domain.rule).member("proposed", domain.proposed);
        json.member("text", domain.text);
        json.key("numbers").begin_array();
        for (const model::GradeNumber& number : domain.numbers)
            json.begin_object().member("name", number.name).member("value", number.value).end_object();
        json.end_array().key("decided");
        if (domain.decided) {
            json.value(*domain.decided);
        } else {
            json.null();
        }
        text_or_null(json, "reason", domain.reason);
        text_or_null(json, "by", domain.by);
        json.end_object();
    }
    json.end_array().end_object();
}

/// "frusso1999-abstract, Table 2; ..." for all rows of an effect.
std::string source_of(const model::Review& review, const model::Effect& effect) {
    std::string text, last;
    for (const model::ResultId& id : effect.rows) {
        const model::Result* row = review.find(id);
        if (!row) continue;
        const std::string one = row->source.value + (row->where.empty() ? "" : ", " + row->where);
        if (one == last) continue;
        text += (text.empty() ? "" : "; ") + one;
        last = one;
    }
    return text;
}

void derived(JsonWriter& json, const model::Effect& effect) {
    json.key("derived").begin_array();
    for (const model::Derived& one : effect.derived) {
        json.begin_object();
        json.member("row", one.row.value).member("number", one.number).member("value", one.value);
        json.member("rule", one.rule).member("formula", one.formula);
        json.key("inputs").begin_array();
        for (const model::DerivedInput& input : one.inputs)
            json.begin_object().member("name", input.name).member("value", input.value).end_object();
        json.end_array();
        text_or_null(json, "origin", one.origin);
        json.member("assumed", one.assumed).end_object();
    }
    json.end_array();
}

void studies(JsonWriter& json, const model::Review& review, const model::AnalysisResult& result) {
    json.key("studies").begin_array();
    for (std::size_t i = 0; i < result.effects.size(); ++i) {
        const model::Effect& effect = result.effects[i];
        json.begin_object();
        json.member("study", effect.study.value).member("label", effect.label);
        json.member("y", effect.y).member("v", effect.v);
        const bool weighed = result.main && i < result.main->weights.size();
        json.member("weight_pct", weighed ? std::optional<double>(result.main->weights[i]) : std::nullopt);
        json.member("source", source_of(review, effect));
        ids(json, "rows", effect.rows);
        json.member("formula", effect.formula);
        json.member("data1", effect.data1).member("data2", effect.data2);
        json.member("n1", effect.n1).member("n2", effect.n2);
        text_or_null(json, "subgroup", effect.subgroup);
        texts(json, "notes", effect.notes);
        derived(json, effect);
        json.end_object();
    }
    json.end_array();
}

void excluded(JsonWriter& json, const model::AnalysisResult& result) {
    json.key("excluded").begin_array();
    for (const model::Excluded& one : result.excluded) {
        json.begin_object().member("study", one.study.value).member("reason", one.reason).member("code", one.code);
        ids(json, "rows", one.rows);
        json.end_object();
    }
    json.end_array();
}

void variants(JsonWriter& json, const model::AnalysisResult& result) {
    json.key("variants").begin_array();
    for (const model::Variant& variant : result.variants) {
        const Synthesis* s = variant.synthesis ? &*variant.synthesis : nullptr;
        json.begin_object();
        json.member("id", variant.id).member("label", variant.label).member("kind", variant.kind);
        ids(json, "dropped", variant.dropped);
        text_or_null(json, "note", variant.note);
        text_or_null(json, "answer", variant.answer);
        const Synthesis empty;
        const Synthesis& used = s ? *s : empty;
        text_or_null(json, "measure", used.measure);
        text_or_null(json, "model", s ? used.model : "");
        text_or_null(json, "tau2_method", s && used.model == "random" ? used.method : "");
        text_or_null(json, "pooling", !s ? "" : used.model == "random" ? "IV" : used.method);
        text_or_null(json, "test", s ? used.test : "");
        synthesis(json, s);
        display(json, s, used.measure);
        json.end_object();
    }
    json.end_array();
}

void subgroups(JsonWriter& json, const model::AnalysisResult& result) {
    json.key("subgroups");
    if (!result.subgroups) {
        json.null();
        return;
    }
    const model::SubgroupTest& test = *result.subgroups;
    json.begin_object().member("column", test.column);
    json.member("q", test.q).member("q_df", test.df).member("q_p", test.p);
    json.key("groups").begin_array();
    for (const model::SubgroupResult& group : test.groups) {
        json.begin_object().member("level", group.level);
        json.key("studies").begin_array();
        for (const std::size_t member : group.members)
            if (member < result.effects.size()) json.value(result.effects[member].study.value);
        json.end_array();
        synthesis(json, &group.synthesis);
        display(json, &group.synthesis, group.synthesis.measure);
        json.end_object();
    }
    json.end_array().end_object();
}

/// What a summary of findings tells of this analysis.
void summary(JsonWriter& json, const model::Review& review, const model::AnalysisResult& result) {
    const model::Analysis* declared = review.find(result.id);
    json.key("summary");
    if (!declared || !result.main) {
        json.null();
        return;
    }
    const SofNumbers numbers = sof_numbers(review, *declared, result);
    json.begin_object().member("participants", numbers.participants).member("all_stated", numbers.all_stated);
    json.key("per_1000");
    if (const auto& absolute = numbers.absolute) {
        json.begin_object().member("people", numbers.improved ? "who improve" : "with the event");
        json.member("without", absolute->with_control).member("with", absolute->with_intervention);
        json.member("difference", absolute->difference).member("low", absolute->low).member("high", absolute->high);
        json.member("baseline_source", numbers.baseline->source).end_object();
    } else {
        json.null();
    }
    json.key("re_expressed");
    if (const auto& other = numbers.re_expressed) {
        json.begin_object().member("sd", other->sd).member("unit", other->unit).member("estimate", other->estimate);
        json.member("low", other->low).member("high", other->high).member("source", other->source);
        ids(json, "rows", other->rows);
        json.end_object();
    } else {
        json.null();
    }
    json.end_object();
}

void analysis(JsonWriter& json, const model::Review& review, const model::AnalysisResult& result, bool with_variants) {
    const model::Analysis* declared = review.find(result.id);
    const Synthesis* main = result.main ? &*result.main : nullptr;
    json.begin_object();
    json.member("id", result.id.value);
    json.member("question", declared ? declared->question.value : "");
    json.member("outcome", declared ? declared->outcome.value : "");
    json.member("label", declared ? declared->label : "");
    const std::string measure = main ? main->measure : declared ? declared->measure : "";
    if (main) {
        method(json, main->measure, main->model, main->method, main->test, main->level);
    } else if (declared) {
        method(json, declared->measure, declared->model, declared->method, declared->test, declared->level);
    }
    synthesis(json, main);
    display(json, main, measure);
    summary(json, review, result);
    studies(json, review, result);
    excluded(json, result);
    if (with_variants) variants(json, result);
    subgroups(json, result);
    json.key("comparisons").begin_array();
    for (const model::Comparison& one : result.comparisons)
        json.begin_object().member("published", one.published.value).member("relation", one.relation).end_object();
    json.end_array();
    verdict(json, result.verdict);
    grade(json, result.grade);
    json.end_object();
}

void counts(JsonWriter& json, std::string_view name, const model::ConclusionCount& count) {
    json.key(name).begin_object().member("benefit", count.benefit).member("no_benefit", count.no_benefit);
    json.member("inconclusive", count.inconclusive).member("harm", count.harm).end_object();
}

void question(JsonWriter& json, const model::Review& review, const model::QuestionResult& result) {
    const model::Question* declared = review.find(result.id);
    json.begin_object().member("id", result.id.value);
    json.member("title", declared ? declared->title : "").member("topic", declared ? declared->topic : "");
    ids(json, "analyses", result.analyses);
    json.member("studies", result.studies).member("participants", result.participants);
    json.member("participants_unknown", result.participants_unknown);
    json.key("conclusions").begin_object();
    counts(json, "trials", result.trials);
    counts(json, "reviews", result.reviews);
    json.end_object();
    text_or_null(json, "not_pooled", declared ? declared->not_pooled : "");
    verdict(json, result.verdict);
    json.end_object();
}

void judged(JsonWriter& json, const model::AppraisedDomain& domain) {
    json.begin_object().member("domain", domain.id);
    text_or_null(json, "judgement", domain.judgement());
    text_or_null(json, "algorithm", domain.algorithm);
    text_or_null(json, "rule", domain.rule);
    text_or_null(json, "decided", domain.decided);
    text_or_null(json, "reason", domain.reason);
    text_or_null(json, "by", domain.by);
    json.end_object();
}

void appraisal(JsonWriter& json, const model::Appraisal& each) {
    const model::AppraisalSubject& subject = each.subject;
    json.begin_object().member("tool", subject.tool).member("version", each.version).member("status", each.status);
    text_or_null(json, "aim", subject.aim);
    text_or_null(json, "study", subject.study.value);
    text_or_null(json, "report", subject.report.value);
    text_or_null(json, "outcome", subject.outcome.value);
    text_or_null(json, "result", subject.result.value);
    json.key("overall");
    judged(json, each.overall);
    json.key("domains").begin_array();
    for (const model::AppraisedDomain& domain : each.domains)
        judged(json, domain);
    json.end_array().end_object();
}

void flow(JsonWriter& json, const model::Flow& flow) {
    json.key("flow").begin_object().member("origin", to_string(flow.origin));
    json.key("boxes").begin_array();
    for (const model::FlowBoxRow& box : model::flow_box_table()) {
        if (!flow[box.box]) continue;
        json.begin_object().member("box", box.name).member("n", static_cast<double>(*flow[box.box])).end_object();
    }
    json.end_array();
    json.key("problems").begin_array();
    for (const model::FlowProblem& problem : flow.problems) {
        json.begin_object().member("check", problem.check).member("text", problem.text);
        json.member("accepted", problem.accepted.has_value()).end_object();
    }
    json.end_array().end_object();
}

void document(JsonWriter& json, const model::Review& review, const model::ReviewResults& results, bool with_variants) {
    json.begin_object();
    json.member("schema", "assay/results/1").member("review", review.id);
    json.member("title", review.title).member("status", review.status).member("updated", review.updated);
    json.member("inputs", results.input_digest);
    json.key("questions").begin_array();
    for (const model::QuestionResult& one : results.questions)
        question(json, review, one);
    json.end_array();
    json.key("analyses").begin_array();
    for (const model::AnalysisResult& one : results.analyses)
        analysis(json, review, one, with_variants);
    json.end_array().key("appraisals").begin_array();
    for (const model::Appraisal& each : results.appraisals)
        appraisal(json, each);
    json.end_array();
    flow(json, results.flow);
    json.key("checklist").begin_array();
    for (const model::ChecklistRow& row : results.checklist) {
        json.begin_object().member("checklist", row.checklist).member("item", row.item);
        text_or_null(json, "where", row.where);
        json.end_object();
    }
    json.end_array().end_object();
}

} // namespace

std::string results_json(const model::Review& review, const model::ReviewResults& results) {
    JsonWriter json;
    document(json, review, results, true);
    return json.take();
}

std::string results_json_for_page(const model::Review& review, const model::ReviewResults& results) {
    JsonWriter json(JsonWriter::Form::dense);
    document(json, review, results, false);
    return json.take();
}

std::string meta_json(const model::AnalysisResult& result, const std::string& measure,
                      const std::vector<Section>& sections) {
    JsonWriter json;
    json.begin_object().member("schema", "assay/meta/1");
    const Synthesis* main = result.main ? &*result.main : nullptr;
    if (main) method(json, main->measure, main->model, main->method, main->test, main->level);
    synthesis(json, main);
    display(json, main, measure);
    studies(json, model::Review(), result);
    excluded(json, result);
    variants(json, result);
    subgroups(json, result);
    json.key("sections").begin_array();
    for (const Section& section : sections)
        section_json(json, section);
    json.end_array().end_object();
    return json.take();
}

} // namespace assay::report
