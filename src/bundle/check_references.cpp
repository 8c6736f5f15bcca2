// Names that must fit together: ids used twice, ids that nothing has, words of filters that match nothing.
#include "base/utf8.hpp"
#include "bundle/check_context.hpp"
#include "bundle/fields.hpp"
#include "bundle/keys.hpp"
#include "bundle/read_parts.hpp"

#include <algorithm>
#include <type_traits>
#include <unordered_set>

namespace assay::bundle {

namespace {

using namespace model;

template<class T> struct is_id : std::false_type {};
template<class Tag> struct is_id<Id<Tag>> : std::true_type {};
template<class T> struct is_id_list : std::false_type {};
template<class Tag> struct is_id_list<std::vector<Id<Tag>>> : std::true_type {};

std::string where(const Place& place) {
    return place.file + ":" + std::to_string(place.line);
}

template<class Rows> void find_duplicates(Context& context, const Rows& rows) {
    std::unordered_map<std::string_view, const Place*> seen;
    seen.reserve(rows.size());
    for (const auto& row : rows) {
        std::string_view id;
        if constexpr (std::is_same_v<std::decay_t<decltype(row.id)>, std::string>)
            id = row.id;
        else
            id = row.id.value;
        if (id.empty()) continue;
        const auto [first, fresh] = seen.emplace(id, &row.place);
        if (!fresh)
            context.complain("id/duplicate", row.place, "id", "id " + in_quotes(id) + " is used twice",
                             "the first is at " + where(*first->second));
    }
}

void check_reference(Context& context, const Place& row, std::string_view field, Target target,
                     std::string_view id, int element) {
    if (id.empty() || target == Target::none || context.exists(target, id)) return;
    const std::string near = context.nearest(target, id);
    context.complain("id/unknown", row, field,
                     std::string(field) + ": there is no " + std::string(to_string(target)) + " " +
                         in_quotes(id),
                     near, element);
}

// Every member that holds ids, by the declarations. `Declared` is the row the columns are declared for.
template<class Declared, class Row>
void table_references(Context& context, TableId id, const std::vector<Row>& rows) {
    const auto columns = table(id).columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = columns[i];
        if (column.type != Type::ref && column.type != Type::refs) continue;
        std::visit(
            [&](auto declared) {
                using Value = std::decay_t<decltype(std::declval<Declared&>().*declared)>;
                if constexpr (is_id<Value>::value || is_id_list<Value>::value) {
                    const auto member = static_cast<Value Row::*>(declared); // of the model's own row
                    for (const Row& row : rows) {
                        if constexpr (is_id<Value>::value)
                            check_reference(context, row.place, column.name, column.target,
                                            (row.*member).value, -1);
                        else
                            for (const auto& element : row.*member)
                                check_reference(context, row.place, column.name, column.target, element.value,
                                                -1);
                    }
                }
            },
            fields<Declared>()[i]);
    }
}

template<class Row> void key_references(Context& context, const Row& row, const Place& place) {
    for (const DeclaredKey<Row>& declared : keys<Row>()) {
        if (declared.key.target == Target::none) continue;
        std::visit(
            [&](auto member) {
                if constexpr (std::is_member_object_pointer_v<decltype(member)>) {
                    using Value = std::decay_t<decltype(row.*member)>;
                    if constexpr (is_id<Value>::value)
                        check_reference(context, place, declared.key.name, declared.key.target,
                                        (row.*member).value, -1);
                    if constexpr (is_id_list<Value>::value)
                        for (std::size_t i = 0; i < (row.*member).size(); ++i)
                            check_reference(context, place, declared.key.name, declared.key.target,
                                            (row.*member)[i].value, static_cast<int>(i));
                }
            },
            declared.field);
    }
}

using Words = std::unordered_set<std::string_view>;

void match_words(Context& context, const Place& place, std::string_view key,
                 const std::vector<std::string>& values, const Words& known) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (known.contains(values[i])) continue;
        std::vector<std::string> names(known.begin(), known.end());
        std::sort(names.begin(), names.end());
        const std::string near = nearest_name(values[i], names);
        context.complain("filter/no-match", place, key,
                         std::string(key) + ": " + in_quotes(values[i]) + " matches nothing",
                         near.empty() ? "" : "did you mean " + in_quotes(near) + "?", static_cast<int>(i));
    }
}

} // namespace

void check_duplicates(Context& context) {
    const Review& review = context.review;
    find_duplicates(context, review.terms);
    find_duplicates(context, review.outcomes);
    find_duplicates(context, review.questions);
    find_duplicates(context, review.sets);
    find_duplicates(context, review.analyses);
    for (const Analysis& analysis : review.analyses)
        find_duplicates(context, analysis.sensitivity);
    find_duplicates(context, review.reports);
    find_duplicates(context, review.studies);
    find_duplicates(context, review.arms);
    find_duplicates(context, review.results);
    find_duplicates(context, review.published);
    find_duplicates(context, review.conclusions);

    const auto once = [&](const auto& rows) {
        std::unordered_map<std::string_view, const Place*> seen;
        for (const auto& row : rows) {
            const auto [first, fresh] = seen.emplace(row.analysis.value, &row.place);
            if (!fresh && !row.analysis.empty())
                context.complain("id/duplicate", row.place, "analysis",
                                 "analysis " + in_quotes(row.analysis.value) + " is rated twice",
                                 "the first is at " + where(*first->second));
        }
    };
    once(review.ratings);
    once(review.baselines);
    once(review.instruments);

    std::unordered_map<std::string_view, const Place*> labels;
    for (const Study& study : review.studies) {
        if (study.label.empty()) continue;
        const auto [first, fresh] = labels.emplace(study.label, &study.place);
        if (!fresh)
            context.complain("label/duplicate", study.place, "label",
                             "label " + in_quotes(study.label) + " is used twice",
                             "the first is at " + where(*first->second) +
                                 "; add a letter: " + in_quotes(study.label + "a"));
    }
}

void check_references(Context& context) {
    const Review& review = context.review;
    for (const Question& row : review.questions)
        key_references(context, row, row.place);
    for (const SensitivitySet& row : review.sets)
        key_references(context, row.filter, row.place);
    for (const Analysis& row : review.analyses) {
        key_references(context, row, row.place);
        key_references(context, row.filter, row.place);
        for (const SensitivitySet& set : row.sensitivity)
            key_references(context, set.filter, set.place);
    }
    for (const GradeDecision& row : review.ratings)
        key_references(context, row, row.place);
    for (const GradeBaseline& row : review.baselines)
        key_references(context, row, row.place);
    for (const GradeInstrument& row : review.instruments)
        key_references(context, row, row.place);
    table_references<Report>(context, TableId::reports, review.reports);
    table_references<Study>(context, TableId::studies, review.studies);
    table_references<Arm>(context, TableId::arms, review.arms);
    table_references<ResultRow>(context, TableId::results, review.results);
    table_references<RobRow>(context, TableId::rob, review.rob);
    table_references<RobAnswerRow>(context, TableId::rob_answers, review.rob_answers);
    table_references<RobDecisionRow>(context, TableId::rob_decisions, review.rob_decisions);
    table_references<Published>(context, TableId::published, review.published);
    table_references<Conclusion>(context, TableId::conclusions, review.conclusions);
    table_references<FlowCount>(context, TableId::flow, review.flow);
}

void check_filters(Context& context) {
    if (!context.complete()) return; // what a lost row would have matched is not known
    const Review& review = context.review;
    Words tags, timepoints;
    for (const Report& row : review.reports)
        tags.insert(row.tags.begin(), row.tags.end());
    for (const Study& row : review.studies)
        tags.insert(row.tags.begin(), row.tags.end());
    for (const Result& row : review.results) {
        tags.insert(row.tags.begin(), row.tags.end());
        timepoints.insert(row.timepoint);
    }
    const auto check = [&](const Filter& filter, const Place& place) {
        match_words(context, place, "only_tags", filter.only_tags, tags);
        match_words(context, place, "without_tags", filter.without_tags, tags);
        match_words(context, place, "timepoints", filter.timepoints, timepoints);
    };
    for (const SensitivitySet& row : review.sets)
        check(row.filter, row.place);
    for (const Analysis& row : review.analyses) {
        check(row.filter, row.place);
        for (const SensitivitySet& set : row.sensitivity)
            check(set.filter, set.place);
    }
}

void check_unused(Context& context) {
    if (!context.complete()) return;
    const Review& review = context.review;
    std::unordered_set<std::string_view> studies, outcomes;
    for (const Arm& row : review.arms)
        studies.insert(row.study.value);
    for (const Result& row : review.results)
        studies.insert(row.study.value), outcomes.insert(row.outcome.value);
    for (const Report& row : review.reports)
        studies.insert(row.study.value);
    for (const Conclusion& row : review.conclusions)
        studies.insert(row.study.value);
    for (const RobRow& row : review.rob)
        studies.insert(row.study.value);
    for (const RobAnswerRow& row : review.rob_answers)
        studies.insert(row.study.value);
    for (const RobDecisionRow& row : review.rob_decisions)
        studies.insert(row.study.value);
    for (const Question& row : review.questions)
        for (const OutcomeId& id : row.outcomes)
            outcomes.insert(id.value);
    for (const Analysis& row : review.analyses)
        outcomes.insert(row.outcome.value);
    for (const Published& row : review.published)
        outcomes.insert(row.outcome.value);
    for (const Study& row : review.studies)
        if (!row.id.empty() && !studies.contains(row.id.value))
            context.complain("unused/study", row.place, "id",
                             "no table mentions study " + in_quotes(row.id.value));
    for (const Outcome& row : review.outcomes)
        if (!row.id.empty() && !outcomes.contains(row.id.value))
            context.complain("unused/outcome", row.place, "id",
                             "nothing uses outcome " + in_quotes(row.id.value));
}

} // namespace assay::bundle
