#include "bundle/keys.hpp"

namespace assay::bundle {

namespace {

using namespace model;
using Words = std::string_view;

constexpr Words review_statuses[] = {"living", "final", "draft"};
constexpr Words term_kinds[] = {"population", "intervention", "comparator", "outcome"};
constexpr Words outcome_kinds[] = {"binary", "continuous", "count"};
constexpr Words betters[] = {"lower", "higher", "neither"};
constexpr Words scales[] = {"units", "ratio", "risk", "sd"};
constexpr Words zero_cell_rules[] = {"only0", "if0all", "all", "none"};
constexpr Words models[] = {"random", "common"};
constexpr Words arm_rules[] = {"combine", "split"};
constexpr Words skewed_choices[] = {"leave-out", "normal", "log-normal"};
constexpr Words subgroups[] = {"form",    "route",         "design",    "blinding",
                               "country", "funding_class", "comparator"};

constexpr KeyType text = KeyType::text, texts = KeyType::texts, number = KeyType::number,
                  flag = KeyType::flag, nested = KeyType::table, many = KeyType::tables;
constexpr bool yes = true, no = false;
constexpr Target none = Target::none;

constexpr DeclaredKey<Review> review_keys[] = {
    {{"format", KeyType::whole, yes}, &Review::format},
    {{"id", text, yes}, &Review::id},
    {{"title", text, yes}, &Review::title},
    {{"subtitle", text, no}, &Review::subtitle},
    {{"aim", text, no}, &Review::question},
    {{"status", text, no, none, review_statuses}, &Review::status},
    {{"updated", text, no}, &Review::updated},
    {{"authors", texts, no}, &Review::authors},
    {{"licence", text, no}, &Review::licence},
    {{"language", text, no}, &Review::language},
    {{"disclaimer", text, no}, &Review::disclaimer},
    {{"search_note", text, no}, &Review::search_note},
    {{"term", many, no}, std::monostate{}},
    {{"outcome", many, yes}, std::monostate{}},
    {{"question", many, no}, std::monostate{}},
    {{"set", many, no}, std::monostate{}},
    {{"analysis", many, no}, std::monostate{}},
    {{"derived", nested, no}, std::monostate{}},
    {{"grade", nested, no}, std::monostate{}},
    {{"flow", nested, no}, std::monostate{}},
};

constexpr DeclaredKey<FlowSettings> flow_keys[] = {
    {{"store", text, no}, &FlowSettings::store},
    {{"previous", text, no}, &FlowSettings::previous},
    {{"reviewers", KeyType::whole, no}, &FlowSettings::reviewers},
};

constexpr DeclaredKey<Term> term_keys[] = {
    {{"id", text, yes}, &Term::id},
    {{"kind", text, yes, none, term_kinds},
     +[](Term& row, std::size_t choice) { row.kind = static_cast<TermKind>(choice); }},
    {{"label", text, yes}, &Term::label},
    {{"synonyms", texts, no}, &Term::synonyms},
};

constexpr DeclaredKey<Outcome> outcome_keys[] = {
    {{"id", text, yes}, &Outcome::id},
    {{"label", text, yes}, &Outcome::label},
    {{"synonyms", texts, no}, &Outcome::synonyms},
    {{"kind", text, yes, none, outcome_kinds},
     +[](Outcome& row, std::size_t choice) { row.kind = static_cast<OutcomeKind>(choice); }},
    {{"unit", text, no}, &Outcome::unit},
    {{"period", text, no}, &Outcome::period},
    {{"better", text, yes, none, betters},
     +[](Outcome& row, std::size_t choice) { row.better = static_cast<Better>(choice); }},
    {{"matters", nested, no}, std::monostate{}},
    {{"scale", KeyType::numbers, no}, std::monostate{}},
    {{"step", number, no}, &Outcome::step},
    {{"units", nested, no}, std::monostate{}},
};

constexpr DeclaredKey<SmallestDifference> matters_keys[] = {
    {{"value", number, yes}, &SmallestDifference::value},
    {{"scale", text, yes, none, scales},
     +[](SmallestDifference& row, std::size_t choice) { row.scale = static_cast<DifferenceScale>(choice); }},
    {{"source", text, yes}, &SmallestDifference::source},
};

constexpr DeclaredKey<Question> question_keys[] = {
    {{"id", text, yes}, &Question::id},
    {{"title", text, yes}, &Question::title},
    {{"topic", text, no}, &Question::topic},
    {{"population", text, yes, Target::term}, &Question::population},
    {{"intervention", text, yes, Target::term}, &Question::intervention},
    {{"comparator", text, yes, Target::term}, &Question::comparator},
    {{"outcomes", texts, yes, Target::outcome}, &Question::outcomes},
    {{"background", text, no}, &Question::background},
    {{"not_pooled", text, no}, &Question::not_pooled},
};

constexpr DeclaredKey<Filter> filter_keys[] = {
    {{"rows", texts, no, Target::result}, &Filter::rows},
    {{"only_studies", texts, no, Target::study}, &Filter::only_studies},
    {{"without_studies", texts, no, Target::study}, &Filter::without_studies},
    {{"only_tags", texts, no}, &Filter::only_tags},
    {{"without_tags", texts, no}, &Filter::without_tags},
    {{"statuses", texts, no}, &Filter::statuses},
    {{"funding", texts, no}, &Filter::funding},
    {{"designs", texts, no}, &Filter::designs},
    {{"timepoints", texts, no}, &Filter::timepoints},
    {{"bases", texts, no}, &Filter::bases},
    {{"without_derived", flag, no}, &Filter::without_derived},
};

constexpr DeclaredKey<SensitivitySet> set_keys[] = {
    {{"id", text, yes}, &SensitivitySet::id},
    {{"label", text, yes}, &SensitivitySet::label},
    {{"measure", text, no}, &SensitivitySet::measure},
    {{"model", text, no, none, models}, &SensitivitySet::model},
    {{"method", text, no}, &SensitivitySet::method},
    {{"test", text, no}, &SensitivitySet::test},
    {{"change_correlation", number, no}, &SensitivitySet::change_correlation},
    {{"crossover_correlation", number, no}, &SensitivitySet::crossover_correlation},
    {{"icc", number, no}, &SensitivitySet::icc},
};

constexpr DeclaredKey<DerivedChoices> derived_keys[] = {
    {{"change_correlation", number, no}, &DerivedChoices::change_correlation},
    {{"change_source", text, no}, &DerivedChoices::change_source},
    {{"crossover_correlation", number, no}, &DerivedChoices::crossover_correlation},
    {{"crossover_source", text, no}, &DerivedChoices::crossover_source},
    {{"icc", number, no}, &DerivedChoices::icc},
    {{"icc_source", text, no}, &DerivedChoices::icc_source},
    {{"correlations", KeyType::numbers, no}, std::monostate{}},
    {{"iccs", KeyType::numbers, no}, std::monostate{}},
    {{"skewed", text, no, none, skewed_choices}, &DerivedChoices::skewed},
};

constexpr DeclaredKey<ZeroCells> zero_cell_keys[] = {
    {{"add", number, no}, &ZeroCells::add},
    {{"to", text, no, none, zero_cell_rules}, &ZeroCells::to},
    {{"drop00", flag, no}, &ZeroCells::drop00},
};

constexpr DeclaredKey<Analysis> analysis_keys[] = {
    {{"id", text, yes}, &Analysis::id},
    {{"question", text, yes, Target::question}, &Analysis::question},
    {{"outcome", text, yes, Target::outcome}, &Analysis::outcome},
    {{"label", text, no}, &Analysis::label},
    {{"measure", text, yes}, &Analysis::measure},
    {{"model", text, no, none, models}, &Analysis::model},
    {{"method", text, no}, &Analysis::method},
    {{"test", text, no}, &Analysis::test},
    {{"level", number, no}, &Analysis::level},
    {{"intervention_role", text, no}, &Analysis::intervention_role},
    {{"comparator_role", text, no}, &Analysis::comparator_role},
    {{"arms", text, no, none, arm_rules}, &Analysis::arms},
    {{"zero_cells", nested, no}, std::monostate{}},
    {{"subgroup", text, no, none, subgroups}, &Analysis::subgroup},
    {{"primary", flag, no}, &Analysis::primary},
    {{"illustration", flag, no}, &Analysis::illustration},
    {{"note", text, no}, &Analysis::note},
    {{"sensitivity", many, no}, std::monostate{}},
};

constexpr DeclaredKey<GradeCutoffs> cutoff_keys[] = {
    {{"alpha", number, no}, &GradeCutoffs::alpha},
    {{"power", number, no}, &GradeCutoffs::power},
    {{"far_below", number, no}, &GradeCutoffs::far_below},
    {{"ratio_low", number, no}, &GradeCutoffs::ratio_low},
    {{"ratio_high", number, no}, &GradeCutoffs::ratio_high},
    {{"opposite_weight", number, no}, &GradeCutoffs::opposite_weight},
    {{"apart", number, no}, &GradeCutoffs::apart},
    {{"far_apart", number, no}, &GradeCutoffs::far_apart},
    {{"high_risk_weight", number, no}, &GradeCutoffs::high_risk_weight},
    {{"industry_share", number, no}, &GradeCutoffs::industry_share},
    {{"small_study", number, no}, &GradeCutoffs::small_study},
    {{"fewest_for_asymmetry", KeyType::whole, no}, &GradeCutoffs::fewest_for_asymmetry},
    {{"asymmetry_p", number, no}, &GradeCutoffs::asymmetry_p},
};

// ---- grade.toml
// ---------------------------------------------------------------------------------------------

constexpr Words starts[] = {"high", "low"};
constexpr Words certainties[] = {"high", "moderate", "low", "very low"};
constexpr Words concerns[] = {"none", "some", "serious", "very serious"};
constexpr Words domains[] = {"risk of bias",     "inconsistency", "indirectness",  "imprecision",
                             "publication bias", "large effect",  "dose response", "opposing confounding"};

constexpr DeclaredKey<GradeFile> grade_file_keys[] = {
    {{"format", KeyType::whole, yes}, &GradeFile::format},
    {{"rating", many, no}, std::monostate{}},
    {{"baseline", many, no}, std::monostate{}},
    {{"instrument", many, no}, std::monostate{}},
};

constexpr DeclaredKey<GradeDecision> rating_keys[] = {
    {{"analysis", text, yes, Target::analysis}, &GradeDecision::analysis},
    {{"start", text, no, none, starts}, &GradeDecision::start},
    {{"certainty", text, no, none, certainties}, &GradeDecision::certainty},
    {{"reason", text, no}, &GradeDecision::reason},
    {{"by", text, no}, &GradeDecision::by},
    {{"population", text, no, none, concerns}, &GradeDecision::population},
    {{"intervention", text, no, none, concerns}, &GradeDecision::intervention},
    {{"comparator", text, no, none, concerns}, &GradeDecision::comparator},
    {{"outcome", text, no, none, concerns}, &GradeDecision::outcome},
    {{"domain", many, no}, std::monostate{}},
};

constexpr DeclaredKey<GradeDomainDecision> domain_keys[] = {
    {{"domain", text, yes, none, domains}, &GradeDomainDecision::domain},
    {{"levels", KeyType::whole, yes}, &GradeDomainDecision::levels},
    {{"reason", text, yes}, &GradeDomainDecision::reason},
    {{"by", text, no}, &GradeDomainDecision::by},
};

constexpr DeclaredKey<GradeInstrument> instrument_keys[] = {
    {{"analysis", text, yes, Target::analysis}, &GradeInstrument::analysis},
    {{"name", text, yes}, &GradeInstrument::name},
    {{"unit", text, yes}, &GradeInstrument::unit},
    {{"sd", number, yes}, &GradeInstrument::sd},
    {{"source", text, yes}, &GradeInstrument::source},
};

constexpr DeclaredKey<GradeBaseline> baseline_keys[] = {
    {{"analysis", text, yes, Target::analysis}, &GradeBaseline::analysis},
    {{"risk", number, yes}, &GradeBaseline::risk},
    {{"source", text, yes}, &GradeBaseline::source},
};

} // namespace

template<> std::span<const DeclaredKey<DerivedChoices>> keys<DerivedChoices>() {
    return derived_keys;
}
template<> std::span<const DeclaredKey<FlowSettings>> keys<FlowSettings>() {
    return flow_keys;
}
template<> std::span<const DeclaredKey<GradeCutoffs>> keys<GradeCutoffs>() {
    return cutoff_keys;
}
template<> std::span<const DeclaredKey<GradeFile>> keys<GradeFile>() {
    return grade_file_keys;
}
template<> std::span<const DeclaredKey<GradeDecision>> keys<GradeDecision>() {
    return rating_keys;
}
template<> std::span<const DeclaredKey<GradeDomainDecision>> keys<GradeDomainDecision>() {
    return domain_keys;
}
template<> std::span<const DeclaredKey<GradeBaseline>> keys<GradeBaseline>() {
    return baseline_keys;
}
template<> std::span<const DeclaredKey<GradeInstrument>> keys<GradeInstrument>() {
    return instrument_keys;
}
template<> std::span<const DeclaredKey<Review>> keys<Review>() {
    return review_keys;
}
template<> std::span<const DeclaredKey<Term>> keys<Term>() {
    return term_keys;
}
template<> std::span<const DeclaredKey<Outcome>> keys<Outcome>() {
    return outcome_keys;
}
template<> std::span<const DeclaredKey<SmallestDifference>> keys<SmallestDifference>() {
    return matters_keys;
}
template<> std::span<const DeclaredKey<Question>> keys<Question>() {
    return question_keys;
}
template<> std::span<const DeclaredKey<Filter>> keys<Filter>() {
    return filter_keys;
}
template<> std::span<const DeclaredKey<SensitivitySet>> keys<SensitivitySet>() {
    return set_keys;
}
template<> std::span<const DeclaredKey<ZeroCells>> keys<ZeroCells>() {
    return zero_cell_keys;
}
template<> std::span<const DeclaredKey<Analysis>> keys<Analysis>() {
    return analysis_keys;
}

std::string_view to_string(KeyType type) {
    switch (type) {
    case KeyType::text:
        return "a text in quotes";
    case KeyType::texts:
        return "a list of texts";
    case KeyType::numbers:
        return "a list of numbers";
    case KeyType::number:
        return "a number";
    case KeyType::whole:
        return "a whole number";
    case KeyType::flag:
        return "true or false";
    case KeyType::table:
        return "a table { ... }";
    case KeyType::tables:
        break;
    }
    return "[[...]] tables";
}

} // namespace assay::bundle
