#include "bundle/check.hpp"

#include "base/utf8.hpp"
#include "bundle/check_context.hpp"

namespace assay::bundle {

namespace {

using namespace model;

struct Row {
    Check check;
    void (*run)(Context&);
};

constexpr Row table_of_checks[] = {
    {{"duplicates", "ids are unique in their table, labels of studies are unique"}, check_duplicates},
    {{"references", "every id that is named exists"}, check_references},
    {{"filters", "the words of every filter match something"}, check_filters},
    {{"unused", "every study and outcome is used"}, check_unused},
    {{"studies", "years, numbers of people, cohorts"}, check_studies},
    {{"arms", "numbers of people, doses"}, check_arms},
    {{"comparisons", "arms belong to the row's study; versus fits shape and basis"}, check_comparisons},
    {{"result-numbers",
      "SD and SE above zero, events within people, intervals in order and around their estimate"},
     check_result_numbers},
    {{"result-units", "units and periods are those of the outcome or have a factor"}, check_result_units},
    {{"derived", "correlations, ICCs and their lists are what they can be"}, check_derived},
    {{"formulas", "derived and assumed numbers say how they were made"}, check_formulas},
    {{"published", "numbers printed by others"}, check_published},
    {{"conclusions", "a conclusion is of a study or of a report"}, check_conclusions},
    {{"outcomes", "unit, period and the smallest difference that matters fit the kind of outcome"},
     check_outcomes},
    {{"questions", "terms of the right kind; an analysis or a reason for none"}, check_questions},
    {{"analyses", "names of measures, models, methods and tests; outcome among the question's"},
     check_analyses},
    {{"links", "DOI, PubMed id and web address are well formed"}, check_links},
    {{"prose", "words that promise more than trials can show"}, check_prose},
    {{"stages",
      "numbers of a row that can be derived from one another agree; answers fit their tool, the route "
      "through its questions, and each other"},
     check_stages},
    {{"flow", "counts of records are whole numbers; no box and no item of a checklist stands twice"},
     check_flow},
};

constexpr std::size_t check_count = sizeof table_of_checks / sizeof table_of_checks[0];

constexpr auto list_of_checks = [] {
    struct List {
        Check rows[check_count];
    } list = {};
    for (std::size_t i = 0; i < check_count; ++i)
        list.rows[i] = table_of_checks[i].check;
    return list;
}();

constexpr std::string_view random_methods[] = {"DL", "PM", "REML", "ML"};
constexpr std::string_view common_methods[] = {"IV", "MH", "Peto"};
constexpr std::string_view tests[] = {"z", "t", "knha", "adhoc"};

std::string_view file_of(Target target) {
    switch (target) {
    case Target::report:
        return "reports.csv";
    case Target::study:
        return "studies.csv";
    case Target::arm:
        return "arms.csv";
    case Target::result:
        return "results.csv";
    case Target::published:
        return "published.csv";
    case Target::conclusion:
        return "conclusions.csv";
    case Target::none:
    case Target::term:
    case Target::question:
    case Target::outcome:
    case Target::analysis:
        break;
    }
    return "review.toml";
}

template<class Map, class Rows> void fill(Map& map, const Rows& rows) {
    map.reserve(rows.size());
    for (const auto& row : rows)
        map.emplace(row.id.value, &row); // of two rows with one id the first counts
}

template<class Rows> std::vector<std::string> ids_of(const Rows& rows) {
    std::vector<std::string> names;
    names.reserve(rows.size());
    for (const auto& row : rows)
        names.push_back(row.id.value);
    return names;
}

void run(Context context) {
    for (const Row& row : table_of_checks)
        row.run(context);
}

} // namespace

Vocabulary format_vocabulary() {
    return {{}, random_methods, common_methods, tests};
}

std::span<const Check> checks() {
    return list_of_checks.rows;
}

void check_review(const Loaded& loaded, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
    run(Context(loaded.review, &loaded, vocabulary, diagnostics));
}

void check_review(const Review& review, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
    run(Context(review, nullptr, vocabulary, diagnostics));
}

Loaded read_and_check(Folder folder, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
    Loaded loaded = read_review(std::move(folder), diagnostics);
    check_review(loaded, vocabulary, diagnostics);
    show_lines(loaded.folder, diagnostics);
    return loaded;
}

Loaded read_and_check(const std::filesystem::path& path, const Vocabulary& vocabulary,
                      Diagnostics& diagnostics) {
    return read_and_check(read_folder(path, diagnostics), vocabulary, diagnostics);
}

Context::Context(const Review& review_, const Loaded* loaded, const Vocabulary& vocabulary_,
                 Diagnostics& diagnostics)
    : review(review_), vocabulary(vocabulary_), loaded_(loaded), diagnostics_(diagnostics) {
    fill(terms_, review.terms);
    fill(questions_, review.questions);
    fill(outcomes_, review.outcomes);
    fill(analyses_, review.analyses);
    fill(reports_, review.reports);
    fill(studies_, review.studies);
    fill(arms_, review.arms);
    fill(results_, review.results);
}

Diagnostic& Context::complain(std::string_view code, const Place& row, std::string_view field,
                              std::string message, std::string hint, int element) {
    const Spot spot = loaded_ ? loaded_->find(row, field, element) : Spot{row, 1};
    Diagnostic& d = diagnostics_.add(code, spot.place, std::move(message), std::move(hint));
    d.span = spot.span;
    return d;
}

bool Context::failed(const Place& row, std::string_view field) const {
    return loaded_ && loaded_->failed(row, field);
}

bool Context::complete() const {
    return !loaded_ || (loaded_->broken.empty() && loaded_->incomplete.empty());
}

bool Context::plan_complete() const {
    return !loaded_ || !loaded_->broken.contains("review.toml");
}

bool Context::exists(Target target, std::string_view id) const {
    if (loaded_ && loaded_->broken.contains(file_of(target))) return true;
    if (loaded_) {
        const auto lost = loaded_->lost.find(target);
        if (lost != loaded_->lost.end() && lost->second.contains(id)) return true;
    }
    switch (target) {
    case Target::term:
        return terms_.contains(id);
    case Target::question:
        return questions_.contains(id);
    case Target::outcome:
        return outcomes_.contains(id);
    case Target::analysis:
        return analyses_.contains(id);
    case Target::report:
        return reports_.contains(id);
    case Target::study:
        return studies_.contains(id);
    case Target::arm:
        return arms_.contains(id);
    case Target::result:
        return results_.contains(id);
    case Target::none:
    case Target::published:
    case Target::conclusion:
        break;
    }
    return true;
}

std::vector<std::string> Context::ids(Target target) const {
    switch (target) {
    case Target::term:
        return ids_of(review.terms);
    case Target::question:
        return ids_of(review.questions);
    case Target::outcome:
        return ids_of(review.outcomes);
    case Target::analysis:
        return ids_of(review.analyses);
    case Target::report:
        return ids_of(review.reports);
    case Target::study:
        return ids_of(review.studies);
    case Target::arm:
        return ids_of(review.arms);
    case Target::result:
        return ids_of(review.results);
    case Target::none:
    case Target::published:
    case Target::conclusion:
        break;
    }
    return {};
}

std::string Context::nearest(Target target, std::string_view id) {
    constexpr double budget = 1e6; // about half a second; a file full of wrong ids needs no thousand hints
    const auto [at, fresh] = known_.try_emplace(static_cast<int>(target));
    if (fresh) at->second = ids(target);
    work_ += static_cast<double>(at->second.size());
    if (work_ > budget) return {};
    const std::string near = nearest_name(id, at->second);
    return near.empty() ? std::string() : "did you mean " + in_quotes(near) + "?";
}

} // namespace assay::bundle
