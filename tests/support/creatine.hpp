// A small invented review about creatine, with every kind of row the report shows and with names that try to break
// out of it. The numbers are made up; the pooled ones were computed by hand to be consistent with one another.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace creatine {

using namespace assay::model;

inline const std::string script_name = "</script><script>alert(1)</script>";
inline const std::string image_name = "\"><img src=x onerror=alert(1)> & Co 2004";

struct Trial {
    const char* id;
    std::string label;
    int year;
    double y, v;
    const char *form, *funding, *data1, *data2;
    double n;
};

inline std::vector<Trial> trials() {
    return {
        {"abel1998", "Abel 1998", 1998, 4.2, 1.9, "monohydrate", "industry", "82.1 (9.0), n 20", "77.9 (8.5), n 20", 40},
        {"brook2001", script_name, 2001, 1.1, 0.8, "monohydrate", "independent", "80.0 (8.1), n 41", "78.9 (7.9), n 40", 81},
        {"cole2004", image_name, 2004, -0.6, 2.4, "ethyl ester", "unclear", "79.4 (8.8), n 16", "80.0 (8.9), n 16", 32},
        {"dorn2008", "Dorn and the very long named collaborative group of trialists 2008", 2008, 2.9, 0.5, "monohydrate",
         "independent", "84.0 (7.0), n 62", "81.1 (7.4), n 61", 123},
        {"ekholm2015", "Ekholm 2015", 2015, 9.8, 22.0, "ethyl ester", "industry", "90.2 (14.0), n 9", "80.4 (15.1), n 9", 18},
    };
}

inline Synthesis synthesis(double estimate, double se, int k, const char* measure = "MD") {
    Synthesis s;
    s.measure = measure;
    s.model = "random";
    s.method = "REML";
    s.test = "knha";
    s.k = k;
    s.estimate = estimate;
    s.se = se;
    s.ci_low = estimate - 2.2 * se;
    s.ci_high = estimate + 2.2 * se;
    s.statistic = estimate / se;
    s.df = k - 1.0;
    s.p = 0.041;
    if (k > 2) {
        s.pi_low = estimate - 3.4 * se;
        s.pi_high = estimate + 3.4 * se;
    }
    s.tau2 = 0.6;
    s.tau2_ci = Interval{0, 14.2, false, false};
    s.i2 = 34;
    s.i2_ci = Interval{0, 83};
    s.h2 = 1.5;
    s.q = 6.1;
    s.q_df = k - 1;
    s.q_p = 0.19;
    for (int i = 0; i < k; ++i)
        s.weights.push_back(100.0 / k);
    return s;
}

inline Review review() {
    Review r;
    r.id = "creatine";
    r.title = "Creatine and strength";
    r.subtitle = "An invented review for tests";
    r.question = "Does creatine add to what training does for strength?";
    r.status = "living";
    r.updated = "2026-01-31";
    r.licence = "CC-BY-4.0";
    r.authors = {"A. Author & <B>"};
    r.disclaimer = "Not medical advice.";
    r.search_note = "Two lists of references were read; nothing else was searched.";
    r.terms = {{TermId("adults"), TermKind::population, "adults in training", {"athletes"}, {}},
               {TermId("creatine"), TermKind::intervention, "creatine", {"creatine monohydrate"}, {}},
               {TermId("placebo"), TermKind::comparator, "placebo", {}, {}}};
    Outcome bench;
    bench.id = OutcomeId("bench");
    bench.label = "bench press, one repetition";
    bench.unit = "kg";
    bench.better = Better::higher;
    bench.matters = SmallestDifference{2, DifferenceScale::units, "invented", {}};
    Outcome cramps;
    cramps.id = OutcomeId("cramps");
    cramps.label = "people with a muscle cramp";
    cramps.kind = OutcomeKind::binary;
    cramps.better = Better::lower;
    cramps.matters = SmallestDifference{0.8, DifferenceScale::ratio, "assay default", {}};
    r.outcomes = {bench, cramps};
    Question strength;
    strength.id = QuestionId("strength");
    strength.title = "Does creatine add strength?";
    strength.topic = "Muscle";
    strength.population = TermId("adults");
    strength.intervention = TermId("creatine");
    strength.comparator = TermId("placebo");
    strength.outcomes = {bench.id, cramps.id};
    strength.background = "Creatine is sold to people who train.";
    Question memory = strength;
    memory.id = QuestionId("memory");
    memory.title = "Does creatine sharpen memory?";
    memory.topic = "Mind";
    memory.outcomes = {bench.id};
    memory.background.clear();
    memory.not_pooled = "The two trials measured different things, and neither printed a spread.";
    r.questions = {strength, memory};

    Analysis md;
    md.id = AnalysisId("strength-md");
    md.question = strength.id;
    md.outcome = bench.id;
    md.label = "bench press";
    md.measure = "MD";
    md.subgroup = "form";
    Analysis orr = md;
    orr.id = AnalysisId("cramps-or");
    orr.outcome = cramps.id;
    orr.label = "muscle cramps";
    orr.measure = "OR";
    orr.subgroup.clear();
    orr.primary = false;
    orr.note = "Counted by the people themselves.";
    r.analyses = {md, orr};

    Report page;
    page.id = ReportId("review2020");
    page.kind = "review";
    page.citation = "Pool <b>et al.</b>, J Invented 2020";
    page.year = "2020";
    page.doi = "10.1000/x<y>1";
    page.url = "javascript:alert(1)";
    page.access = "abstract";
    r.reports.push_back(page);
    int number = 0;
    for (const Trial& t : trials()) {
        Report report;
        report.id = ReportId(std::string(t.id) + "-paper");
        report.study = StudyId(t.id);
        report.kind = "article";
        report.citation = t.label + ", J Invented " + std::to_string(t.year);
        report.year = std::to_string(t.year);
        report.url = "https://example.org/paper/" + std::to_string(++number) + "?a=1&b=2";
        report.pmid = "1234567";
        report.access = "full text";
        r.reports.push_back(report);
        Study s;
        s.id = StudyId(t.id);
        s.label = t.label;
        s.author = t.label;
        s.year = t.year;
        s.title = "A trial of creatine " + std::string(t.form);
        s.design = "rct-parallel";
        s.blinding = "double";
        s.status = "completed";
        s.country = "Norway";
        s.population = "men and women who lift weights";
        s.comparator = "placebo";
        s.duration = "8 weeks";
        s.n_randomised = t.n;
        s.questions = {strength.id};
        if (number > 3) s.questions.push_back(memory.id);
        s.funding_class = t.funding;
        s.source = report.id;
        r.studies.push_back(s);
        for (const bool active : {true, false}) {
            Arm arm;
            arm.id = ArmId(std::string(t.id) + (active ? ".creatine" : ".placebo"));
            arm.study = s.id;
            arm.label = active ? "creatine" : "placebo";
            arm.role = active ? "intervention" : "control";
            arm.form = active ? t.form : "";
            arm.route = "oral";
            if (active) {
                arm.dose = 5;
                arm.dose_unit = "g/day";
                arm.dose_basis = "salt";
                arm.elemental_mg = 4400;
                arm.elemental_formula = "5000 x 0.88";
                arm.status = "derived";
            }
            arm.source = report.id;
            arm.where = "Methods";
            r.arms.push_back(arm);
            Result row;
            row.id = ResultId(std::string(t.id) + (active ? ".1" : ".2"));
            row.study = s.id;
            row.outcome = bench.id;
            row.timepoint = "8 wk";
            row.basis = "final";
            row.arm = arm.id;
            row.data = Moments{80.0 + t.y * active, 8.5, t.n / 2};
            row.n_kind = "analysed";
            row.status = "printed";
            row.source = report.id;
            row.where = "Table 2";
            r.results.push_back(row);
        }
        Result contrast;
        contrast.id = ResultId(std::string(t.id) + ".3");
        contrast.study = s.id;
        contrast.outcome = cramps.id;
        contrast.basis = "period";
        contrast.arm = ArmId(std::string(t.id) + ".creatine");
        contrast.versus = ArmId(std::string(t.id) + ".placebo");
        Contrast c;
        c.measure = "OR";
        c.estimate = 0.8;
        c.ci_low = 0.4;
        c.ci_high = 1.6;
        contrast.data = c;
        contrast.p = PValue{0.5, '>'};
        contrast.status = "derived";
        contrast.n_status = "assumed";
        contrast.formula = "from <counts> \"as told\"";
        contrast.source = report.id;
        contrast.where = "abstract";
        contrast.note = "read twice";
        r.results.push_back(contrast);
    }
    Result words;
    words.id = ResultId("abel1998.4");
    words.study = StudyId("abel1998");
    words.outcome = bench.id;
    words.basis = "change";
    words.arm = ArmId("abel1998.creatine");
    words.data = Statement{5, 4, 8, 20, "iqr"};
    words.status = "secondary";
    words.source = page.id;
    words.not_pooled = "a median";
    r.results.push_back(words);

    r.rob = {{StudyId("abel1998"), {}, "RoB 1", "allocation concealment", "low", "sealed envelopes", "published", "Pool 2020", page.id, {}},
             {StudyId("brook2001"), {}, "RoB 1", "blinding", "unclear", "not told", "published", "Pool 2020", page.id, {}},
             {StudyId("dorn2008"), {}, "RoB 2", "missing data", "some concerns", "many left", "preliminary", "reader", page.id, {}}};
    Published p;
    p.id = PublishedId("pool2020-bench");
    p.question = strength.id;
    p.outcome = bench.id;
    p.compare_with = md.id;
    p.label = "Pool 2020";
    p.year = "2020";
    p.outcome_text = "bench press, kg";
    p.measure = "MD";
    p.direction = "creatine minus placebo";
    p.estimate = 2.5;
    p.ci_low = -0.1;
    p.ci_high = 5.1;
    p.k = "11 (oral set)";
    p.n = "402";
    p.i2 = 41;
    p.certainty = "low";
    p.status = "printed";
    p.source = page.id;
    p.where = "Figure 2";
    r.published = {p};
    r.conclusions = {{"c1", StudyId("abel1998"), {}, strength.id, "benefit", "+4.2 kg", "stronger after eight weeks", "supported", "", {}},
                     {"c2", {}, page.id, strength.id, "inconclusive", "2.5 (-0.1, 5.1)", "more trials are needed", "agrees", "low", {}},
                     {"c3", StudyId("ekholm2015"), {}, memory.id, "no benefit", "", "memory did not change", "small trial", "", {}}};
    return r;
}

inline AnalysisResult strength_result() {
    AnalysisResult a;
    a.id = AnalysisId("strength-md");
    a.formula = "y = m1i - m2i";
    for (const Trial& t : trials()) {
        Effect e;
        e.study = StudyId(t.id);
        e.label = t.label;
        e.measure = "MD";
        e.y = t.y;
        e.v = t.v;
        e.rows = {ResultId(std::string(t.id) + ".1"), ResultId(std::string(t.id) + ".2")};
        e.formula = "y = m1i - m2i; v = sd1i^2/n1i + sd2i^2/n2i";
        e.subgroup = t.form;
        e.n1 = t.n / 2;
        e.n2 = t.n / 2;
        e.data1 = t.data1;
        e.data2 = t.data2;
        a.effects.push_back(e);
    }
    a.effects[2].notes = {"SD assumed <equal>"};
    Excluded out;
    out.study = StudyId("abel1998");
    out.rows = {ResultId("abel1998.4")};
    out.code = "not-pooled";
    out.reason = "a median";
    a.excluded = {out};
    a.main = synthesis(2.1, 0.72, 5);
    a.main->weights = {14.2, 24.9, 12.1, 45.6, 3.2};
    Variant common;
    common.id = "common-effect";
    common.label = "with a common-effect model (inverse variance)";
    common.kind = "model";
    common.synthesis = synthesis(2.3, 0.5, 5);
    common.synthesis->model = "common";
    common.synthesis->method = "IV";
    common.synthesis->test = "z";
    Variant nothing;
    nothing.id = "independent";
    nothing.label = "independently funded trials only";
    nothing.kind = "global-set";
    nothing.note = "no trial of this analysis is left";
    a.variants = {common, nothing};
    for (std::size_t i = 0; i < a.effects.size(); ++i) {
        Variant v;
        v.id = "without-" + a.effects[i].study.value;
        v.label = "without " + a.effects[i].label;
        v.kind = "leave-one-out";
        v.synthesis = synthesis(1.2 + 0.5 * static_cast<double>(i), 0.8, 4);
        v.dropped = {a.effects[i].study};
        a.variants.push_back(v);
    }
    SubgroupTest groups;
    groups.column = "form";
    groups.groups = {{"monohydrate", synthesis(2.5, 0.7, 3), {0, 1, 3}}, {"ethyl ester", synthesis(0.9, 1.9, 2), {2, 4}}};
    groups.q = 0.7;
    groups.df = 1;
    groups.p = 0.4;
    a.subgroups = groups;
    a.comparisons = {{PublishedId("pool2020-bench"), "our estimate lies inside their interval: 2.10 here; 2.50 (-0.10 to 5.10) there"}};
    a.verdict.code = "benefit";
    a.verdict.headline = "creatine may add strength";
    a.verdict.text = "Creatine may add about 2 kg (2.10, 0.52 to 3.68; 5 trials).";
    a.verdict.certainty = "low";
    a.verdict.certainty_source = "published by others: Pool 2020";
    a.verdict.important = true;
    GradeRating rating;
    rating.start = "high";
    rating.proposed = rating.result = "low";
    GradeDomain imprecision;
    imprecision.domain = "imprecision";
    imprecision.rule = "imprecision/one-threshold";
    imprecision.proposed = -1;
    imprecision.text = "The interval crosses the smallest benefit that matters.";
    imprecision.numbers = {{"ci_low", 0.52}};
    imprecision.decided = -2;
    imprecision.reason = script_name;
    rating.domains = {imprecision};
    a.grade = rating;
    return a;
}

inline AnalysisResult cramps_result() {
    AnalysisResult a;
    a.id = AnalysisId("cramps-or");
    a.formula = "y = log(ai*di/(bi*ci))";
    const std::vector<double> y{-2.9, -0.2, 0.3, -0.4, 1.1}, v{2.2, 0.1, 0.2, 0.05, 0.9};
    std::size_t i = 0;
    for (const Trial& t : trials()) {
        Effect e;
        e.study = StudyId(t.id);
        e.label = t.label;
        e.measure = "OR";
        e.y = y[i];
        e.v = v[i];
        e.rows = {ResultId(std::string(t.id) + ".3")};
        e.formula = "as printed";
        a.effects.push_back(e);
        ++i;
    }
    a.main = synthesis(-0.25, 0.2, 5, "OR");
    a.main->tau2_ci = Interval{0, 40, false, true};
    a.verdict.code = "uncertain";
    a.verdict.headline = "uncertain";
    a.verdict.text = "The evidence is uncertain (odds ratio 0.78, 0.50 to 1.21; 5 trials).";
    return a;
}

inline Appraisal appraisal() {
    Appraisal made;
    made.subject.study = StudyId("abel1998");
    made.subject.outcome = OutcomeId("bench");
    made.subject.tool = "rob2";
    made.subject.aim = "assignment";
    made.tool_title = "RoB 2, parallel trials";
    made.version = "2019-08-22";
    made.status = "verified";
    made.scale = {"Low", "Some concerns", "High"};
    for (const char* id : {"D1", "D2", "D3", "D4", "D5"}) {
        AppraisedDomain domain;
        domain.id = domain.label = id;
        domain.algorithm = "Low";
        domain.rule = "otherwise";
        made.domains.push_back(domain);
    }
    made.domains[3].decided = "High";
    made.domains[3].reason = "<told> \"by\" themselves";
    made.overall.id = made.overall.label = "overall";
    made.overall.algorithm = "Low";
    made.overall.follows = "High";
    made.level = RiskLevel::high;
    return made;
}

inline ReviewResults results() {
    ReviewResults out;
    out.analyses = {strength_result(), cramps_result()};
    out.appraisals = {appraisal()};
    QuestionResult strength;
    strength.id = QuestionId("strength");
    strength.analyses = {AnalysisId("strength-md"), AnalysisId("cramps-or")};
    strength.verdict = out.analyses.front().verdict;
    strength.trials.benefit = 1;
    strength.reviews.inconclusive = 1;
    strength.studies = 5;
    strength.participants = 294;
    QuestionResult memory;
    memory.id = QuestionId("memory");
    memory.verdict.code = "not-pooled";
    memory.verdict.headline = "not pooled: 2 single trials";
    memory.verdict.text = "The trials cannot be pooled.";
    memory.trials.no_benefit = 1;
    memory.studies = 2;
    memory.participants_unknown = 2;
    out.questions = {strength, memory};
    out.input_digest = "0123456789abcdef";
    out.flow.origin = FlowOrigin::stated;
    out.flow[FlowBox::records_screened] = 9;
    out.flow[FlowBox::records_excluded] = 2;
    out.flow[FlowBox::dbr_sought_reports] = 8;
    FlowProblem problem;
    problem.check = "F3", problem.text = "9 - 2 = 7, but 8", problem.left = 7, problem.right = 8;
    problem.accepted.emplace();
    problem.accepted->who = "A <b>", problem.accepted->when = "2026-11-21", problem.accepted->why = "twice";
    out.flow.problems.push_back(problem);
    ChecklistRow row;
    row.checklist = "prisma2020", row.item = "27", row.where = "#data";
    out.checklist.push_back(row);
    return out;
}

} // namespace creatine
