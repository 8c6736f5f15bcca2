#include "app/person.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/ascii.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "person/words.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::app {

namespace {

std::string name_of(const std::filesystem::path& review) {
    auto folder = review.lexically_normal();
    if (folder.filename().empty()) folder = folder.parent_path();
    return folder.filename().string();
}

std::vector<std::string> ids_of(const std::vector<person::Form>& forms) {
    std::vector<std::string> ids;
    for (const auto& form : forms)
        ids.push_back(form.id);
    return ids;
}

std::string with_unit(const model::Synthesis& pooled, const model::Outcome* outcome, bool ratio) {
    auto back = [&](double y) { return ratio ? std::exp(y) : y; };
    auto text = text::with_interval(back(pooled.estimate), back(pooled.ci_low), back(pooled.ci_high));
    std::string unit = pooled.measure;
    if (!ratio && outcome && !outcome->unit.empty() && pooled.measure != "SMD")
        unit += ", " + outcome->unit + (outcome->period.empty() ? "" : " per " + outcome->period);
    return text + " (" + unit + "; " + std::to_string(pooled.k) + (pooled.k == 1 ? " trial)" : " trials)");
}

bool is_ratio(const std::string& measure) {
    return measure == "OR" || measure == "RR" || measure == "HR" || measure == "IRR" || measure == "ROM";
}

const model::Outcome* outcome_of(const model::Review& review, const model::AnalysisId& id) {
    for (const auto& analysis : review.analyses)
        if (analysis.id == id)
            for (const auto& outcome : review.outcomes)
                if (outcome.id == analysis.outcome) return &outcome;
    return nullptr;
}

std::string population_of(const model::Review& review, const model::Question& question) {
    for (const auto& term : review.terms)
        if (term.id == question.population) return term.label;
    return "";
}

person::Evidence evidence_of(const model::Review& review, const model::ReviewResults& results,
                             const model::Question& question, const model::QuestionResult& answer) {
    person::Evidence made;
    made.question = question.title;
    made.population = population_of(review, question);
    made.headline = answer.verdict.headline;
    made.text = answer.verdict.text;
    made.certainty = answer.verdict.certainty;
    made.certainty_source = answer.verdict.certainty_source;
    made.important = answer.verdict.important;
    made.benefit = answer.verdict.code == "benefit";
    made.single = answer.verdict.code == "single" || answer.verdict.code == "not-pooled";
    for (const auto& id : answer.analyses) {
        const auto* analysis = results.find(id);
        if (!analysis || !analysis->main) continue;
        const auto* outcome = outcome_of(review, id);
        made.pooled = with_unit(*analysis->main, outcome, is_ratio(analysis->main->measure));
        made.analysis = id.value;
        if (outcome && outcome->matters)
            made.matters =
                "The smallest difference that matters is set at " + text::readable(outcome->matters->value) +
                " (" +
                (outcome->matters->scale == model::DifferenceScale::units   ? outcome->unit
                 : outcome->matters->scale == model::DifferenceScale::ratio ? std::string("as a ratio")
                 : outcome->matters->scale == model::DifferenceScale::risk
                     ? std::string("as a difference of risks")
                     : std::string("standard deviations")) +
                "), source: " + outcome->matters->source;
        break;
    }
    return made;
}

/// The review's questions on the complaint: a word of the goal stands in the question's id, title or topic.
std::vector<person::Evidence> evidence_on(const std::string& goal, const person::Tables& tables,
                                          const std::filesystem::path& folder, Diagnostics& diagnostics) {
    std::vector<person::Evidence> made;
    const auto row = std::find_if(tables.goals.begin(), tables.goals.end(),
                                  [&](const person::Goal& g) { return g.goal == goal; });
    if (row == tables.goals.end()) return made;
    const auto checked = check(folder);
    if (checked.diagnostics.has_errors()) {
        diagnostics.append(checked.diagnostics);
        return made;
    }
    const auto results = analyse(checked.review);
    for (const auto& question : checked.review.questions) {
        const auto text = ascii::to_lower(question.id.value + " " + question.title + " " + question.topic);
        const bool about = std::any_of(row->words.begin(), row->words.end(), [&](const std::string& word) {
            return text.find(word) != std::string::npos;
        });
        const auto* answer = results.find(question.id);
        if (about && answer) made.push_back(evidence_of(checked.review, results, question, *answer));
    }
    return made;
}

} // namespace

std::vector<std::string> known_substances() {
    std::set<std::string> names;
    for (const auto& file : embedded_data()) {
        const auto folder = std::string(file.name.substr(0, file.name.find('.')));
        if (folder != "common") names.insert(folder);
    }
    return {names.begin(), names.end()};
}

person::Tables person_tables(const std::string& substance, const std::filesystem::path& review,
                             Diagnostics& diagnostics) {
    const auto own = review / "person";
    const auto known = known_substances();
    const bool has_own = !review.empty() && std::filesystem::is_directory(own);
    auto wanted = substance;
    if (wanted.empty() && !review.empty()) wanted = name_of(review);
    if (wanted.empty() && known.size() == 1) wanted = known.front();
    if (!has_own && std::find(known.begin(), known.end(), wanted) == known.end()) {
        const auto near = nearest_name(wanted, known);
        throw Error("person/no-tables",
                    "no reference tables for '" + wanted + "': the program has " +
                        (known.empty() ? "none" : known.front()) +
                        "; a review brings its own in person/, or name one with --substance" +
                        (near.empty() ? "" : " (did you mean '" + near + "'?)"),
                    Exit::input);
    }
    std::vector<person::TableFile> files;
    std::vector<std::string> kept; // the bytes that `files` look into
    kept.reserve(person::table_titles().size());
    for (const auto& [name, title] : person::table_titles()) {
        const auto file = std::string(name) + ".csv";
        if (has_own && std::filesystem::exists(own / file)) {
            kept.push_back(read_file(own / file, std::size_t{16} << 20));
            files.push_back({file, kept.back()});
            continue;
        }
        for (const auto& embedded : embedded_data())
            if (embedded.name == wanted + "." + file || embedded.name == "common." + file) {
                files.push_back({file, embedded.bytes});
                break;
            }
    }
    return person::read_tables(wanted, files, diagnostics);
}

PersonChecked check_person(const PersonRequest& request) {
    PersonChecked checked;
    const auto tables = person_tables(request.substance, request.review, checked.diagnostics);
    person::ProfileTerms terms;
    terms.substance = tables.substance.id;
    const auto mass = tables.elements.find(tables.substance.element);
    terms.element_mass = mass == tables.elements.end() ? 1 : mass->second;
    terms.charge = tables.substance.charge > 0 ? tables.substance.charge : 1;
    terms.forms = ids_of(tables.forms);
    for (const auto& flag : tables.red_flags)
        terms.red_flags.push_back(flag.origin.id);
    const auto bytes = read_file(request.profile, std::size_t{1} << 20);
    auto profile =
        person::read_profile(request.profile.filename().string(), bytes, terms, checked.diagnostics);
    if (profile && !request.medicines.empty()) {
        const auto list = read_file(request.medicines, std::size_t{16} << 20);
        for (auto& medicine :
             person::read_fhir(request.medicines.filename().string(), list, checked.diagnostics))
            profile->medicines.push_back(std::move(medicine));
    }
    if (!profile || checked.diagnostics.has_errors()) return checked;
    std::vector<person::Evidence> evidence;
    std::string name;
    if (!request.review.empty()) {
        name = name_of(request.review);
        evidence = evidence_on(profile->goal, tables, request.review, checked.diagnostics);
        if (checked.diagnostics.has_errors()) return checked;
    }
    checked.advice = person::advise(*profile, tables, evidence, name);
    return checked;
}

} // namespace assay::app
