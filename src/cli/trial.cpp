// assay trial plan | schedule | diary | analyse
#include "app/trial.hpp"

#include "app/person.hpp"
#include "base/files.hpp"
#include "cli/prompt.hpp"
#include "cli/trial_parts.hpp"
#include "plot/figure.hpp"
#include "text/format.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"
#include "trial/run_in.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

namespace assay::cli {

void PriorOptions::add(CLI::App& command) {
    command.add_option("-r,--review", review, "A review folder");
    command.add_option("--analysis", request.analysis,
                       "An analysis of the review (a ratio): its predictive distribution is the prior");
    command.add_option("--goal", request.goal, "Row of the table of priors, without --analysis")
        ->capture_default_str();
    command
        .add_option("--person-spread", request.person_spread, "Spread of the log rate ratio between people")
        ->check(CLI::Range(0.01, 3.0))
        ->capture_default_str();
    command.add_option("--prior", own, "A prior of your own: mean and sd of the log rate ratio")->expected(2);
}

std::vector<trial::Prior> PriorOptions::priors() {
    if (own.size() == 2) {
        if (!(own[1] > 0.001 && own[1] < (request.values ? 1e6 : 20)))
            throw Error("trial/prior", "the sd of a prior must be between 0.001 and 20", Exit::input);
        if (request.values) return {{"own", own[0], own[1], "given on the command line"}};
        return {{"own", own[0], own[1], "given on the command line"},
                {"wide", 0, 1, "N(0, 1): as if nothing were known"}};
    }
    request.review = review;
    Diagnostics diagnostics;
    auto made = app::trial_priors(request, diagnostics);
    if (diagnostics.has_errors()) {
        print_diagnostics(diagnostics);
        throw Error("trial/no-prior", "the review has errors", Exit::input);
    }
    return made;
}

namespace {

int day_of(const std::string& text) {
    const auto day = trial::parse_date(text);
    if (!day) throw Error("trial/date", "'" + text + "' is not a date such as 2026-03-01", Exit::input);
    return *day;
}

trial::Diary diary_in(const std::string& path, const std::string& outcome, bool values, bool may_be_new,
                      Outcome& result);

/// Rate and unevenness from the weeks before; what was learned, in a sentence.
template<class Given>
std::string take_run_in(const std::string& path, const std::string& outcome, trial::PlanRequest& request,
                        const Given& given) {
    Outcome result;
    const auto diary = diary_in(path, outcome, false, false, result);
    if (result.exit != 0) throw Error("trial/run-in", "the run-in cannot be read", Exit::input);
    const auto seen = trial::run_in(diary);
    if (seen.weeks == 0) throw Error("trial/run-in", "the run-in has no day with a number", Exit::input);
    auto rounded = [](double x) {
        return text::parse_number(text::fixed(x, x < 1 ? 2 : x < 10 ? 1 : 0)).value.value();
    };
    if (!given("--rate")) request.rate = std::clamp(std::max(0.05, rounded(seen.rate)), 0.05, 200.0);
    if (!given("--k"))
        request.sizes = {rounded(seen.k_high), rounded(seen.k), std::max(0.05, rounded(seen.k_low))};
    return app::folded("Run-in: " + std::to_string(seen.weeks) + " weeks, " + text::format_number(seen.days) +
                           " days written, " + text::format_number(seen.events) + " " + outcome + ": " +
                           text::readable(seen.rate) + " a week (95 % interval " +
                           text::readable(seen.rate_low) + " to " + text::readable(seen.rate_high) + "), k " +
                           text::readable(seen.k) + " (80 % interval " + text::readable(seen.k_low) + " to " +
                           text::readable(seen.k_high) +
                           (seen.weeks < 8 ? "; so few weeks tell little of k" : "") + ").",
                       terminal_width(), "", "") +
           "\n";
}

template<class Given> void ask_plan(trial::PlanRequest& request, const Given& given) {
    if (!given("--rate") && !given("--run-in"))
        request.rate = ask_number("Events a week without the treatment?", 0.05, 200, request.rate);
    if (!given("--rr"))
        request.rr = ask_number("Rate ratio worth finding (0.5: half as many)?", 0.05, 0.95, request.rr);
    if (!given("--k") && !given("--run-in")) {
        const double k = ask_number(
            "How uneven are your weeks (k; 0 if you do not know, then several are tried)?", 0, 1000, 0);
        if (k > 0) request.sizes = {k};
    }
    if (!given("--half-life"))
        request.half_life_days = ask_number("Half-life of the effect in days (how slowly it comes and goes)?",
                                            0, 365, request.half_life_days);
    if (!given("--pairs"))
        request.pairs =
            static_cast<int>(ask_number("Pairs of periods (one with, one without)?", 1, 30, request.pairs));
    if (!given("--weeks"))
        request.weeks = static_cast<int>(ask_number("Weeks per period?", 1, 26, request.weeks));
}

void add_plan(CLI::App& trial_command) {
    struct Options {
        trial::PlanRequest request;
        PriorOptions prior;
        bool all_days = false, json = false, ask = false;
        std::string run_in, outcome = "cramps";
    };
    auto options = std::make_shared<Options>();
    auto* command = trial_command.add_subcommand(
        "plan", "Before you start: how long, how often it would find an effect, what it cannot learn");
    auto& r = options->request;
    command->add_option("--rate", r.rate, "Events a week without the treatment")
        ->check(CLI::Range(0.05, 200.0))
        ->capture_default_str();
    command->add_option("--rr", r.rr, "Rate ratio worth finding")
        ->check(CLI::Range(0.05, 0.95))
        ->capture_default_str();
    command->add_option("--half-life", r.half_life_days, "Half-life of the effect in days")
        ->check(CLI::Range(0.0, 365.0))
        ->capture_default_str();
    command->add_option("--pairs", r.pairs, "Pairs of periods")
        ->check(CLI::Range(1, 30))
        ->capture_default_str();
    command->add_option("--weeks", r.weeks, "Weeks per period")
        ->check(CLI::Range(1, 26))
        ->capture_default_str();
    command->add_option("--k", r.sizes, "Sizes k of the negative binomial to try; 0 stands for infinity")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    command->add_option("--trials", r.trials, "Simulated trials per cell")
        ->check(CLI::Range(10, 1000000))
        ->capture_default_str();
    command->add_option("--seed", r.seed, "Seed")->capture_default_str();
    command->add_option("--threads", r.threads, "Threads; the numbers are the same for any")
        ->check(CLI::Range(0, 256));
    command->add_flag("--all-days", options->all_days,
                      "Analyse all days, not the second half of each period");
    command->add_flag("--every-pair", r.every_pair, "Look after every pair, stop at the first claim");
    command->add_option("--first-look", r.first_look, "The first pair after which is looked")
        ->check(CLI::Range(1, 30))
        ->capture_default_str();
    command->add_option("--claim", r.claim, "P(RR < 1) above which an effect is claimed")
        ->check(CLI::Range(0.8, 0.999))
        ->capture_default_str();
    command->add_option(
        "--run-in", options->run_in,
        "A diary without the treatment: its rate and unevenness take the place of --rate and --k");
    command->add_option("--outcome", options->outcome, "Name of the column that counts in the run-in")
        ->capture_default_str();
    command->add_flag("--ask", options->ask,
                      "Ask for what is not given (always, on a terminal without options)");
    command->add_flag("--json", options->json, "Print the result as data");
    options->prior.add(*command);
    command->callback([options, command] {
        auto& request = options->request;
        const auto given = [&](const char* name) { return command->get_option(name)->count() > 0; };
        std::string learned;
        if (!options->run_in.empty())
            learned = take_run_in(options->run_in, options->outcome, request, given);
        const bool bare = !given("--rate") && !given("--rr") && !given("--half-life") && !given("--pairs");
        if (options->ask || (bare && can_ask() && options->run_in.empty())) ask_plan(request, given);
        request.second_half = !options->all_days;
        request.priors = options->prior.priors();
        const auto plan = trial::plan(request, progress());
        print(options->json ? app::plan_json(request, plan)
                            : learned + app::plan_text(request, plan, terminal_width()));
    });
}

void add_schedule(CLI::App& trial_command) {
    struct Options {
        trial::Design design;
        std::string start, out, ics;
        int hour = 20;
        bool hide = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        trial_command.add_subcommand("schedule", "Draw the order of the periods and write it down");
    command->add_option("--start", options->start, "First day, 2026-03-01")->required();
    command->add_option("--seed", options->design.seed, "Seed of the draw")->required();
    command->add_option("--pairs", options->design.pairs, "Pairs of periods")
        ->check(CLI::Range(1, 30))
        ->capture_default_str();
    command->add_option("--weeks", options->design.weeks, "Weeks per period")
        ->check(CLI::Range(1, 26))
        ->capture_default_str();
    command->add_option("--out", options->out, "Write the schedule to this CSV file");
    command->add_option("--ics", options->ics, "Write reminders to this calendar file");
    command->add_option("--hour", options->hour, "Hour of the daily reminder")
        ->check(CLI::Range(0, 23))
        ->capture_default_str();
    command->add_flag("--hide-arm", options->hide,
                      "Do not name the arms in the calendar (for a helper who blinds)");
    command->callback([options] {
        options->design.start = day_of(options->start);
        const auto periods = trial::randomise(options->design);
        if (!options->out.empty())
            write_file_atomic(options->out, trial::schedule_csv(periods, options->design.seed));
        if (!options->ics.empty())
            write_file_atomic(options->ics, trial::schedule_ics(periods, 60 * options->hour, !options->hide));
        print(app::schedule_text(periods));
    });
}

trial::Diary diary_in(const std::string& path, const std::string& outcome, bool values, bool may_be_new,
                      Outcome& result) {
    if (may_be_new && !std::filesystem::exists(path)) {
        trial::Diary diary;
        diary.outcome = outcome;
        diary.values = values;
        return diary;
    }
    Diagnostics diagnostics;
    const auto bytes = read_file(path);
    const auto file = std::filesystem::path(path).filename().string();
    auto diary = std::filesystem::path(path).extension() == ".json"
                     ? trial::read_diary_json(file, bytes, outcome, diagnostics)
                     : trial::read_diary(file, bytes, outcome, diagnostics, values);
    if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
    if (diagnostics.has_errors()) result.exit = static_cast<int>(Exit::input);
    return diary;
}

std::vector<trial::Period> schedule_in(const std::string& path, Outcome& result) {
    Diagnostics diagnostics;
    const auto bytes = read_file(path);
    auto periods = trial::read_schedule(std::filesystem::path(path).filename().string(), bytes, diagnostics);
    if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
    if (diagnostics.has_errors()) result.exit = static_cast<int>(Exit::input);
    return periods;
}

struct DiaryOptions {
    std::string file, outcome = "cramps", date, schedule, import, svg, to;
    std::vector<std::string> map, confounders;
    trial::DiaryDay day;
    std::optional<double> number;
    int count = -1, doses = -1;
    bool missing = false, late = false, replace = false, values = false;
};

/// The day on the command line.
void add_one_day(DiaryOptions& options, trial::Diary& diary) {
    auto day = options.day;
    const bool told = options.count >= 0 || options.number.has_value();
    if (told == options.missing)
        throw Error("trial/diary",
                    options.values ? "a day has either --value N or --missing"
                                   : "a day has either --count N (0 for a day without) or --missing",
                    Exit::input);
    if (options.number && !options.values)
        throw Error("trial/diary", "--value is for an outcome that is measured: add --values", Exit::input);
    day.day = day_of(options.date);
    day.status = options.missing ? "missing" : options.late ? "entered_late" : "entered";
    if (!options.missing) day.count = options.number ? *options.number : options.count;
    if (options.doses >= 0) day.doses = options.doses;
    for (const auto& text : options.confounders)
        day.confounders += (day.confounders.empty() ? "" : "; ") + text;
    if (!trial::add_day(diary, day, options.replace))
        throw Error("trial/diary", options.date + " is in the diary already; --replace takes its place",
                    Exit::input);
    write_file_atomic(options.file, trial::write_diary(diary));
    print("wrote " + options.date + "\n");
}

/// Days of another file; those of dates that are there stay, unless they are to be replaced.
void import_days(const DiaryOptions& options, trial::Diary& diary, Outcome& result) {
    std::vector<std::pair<std::string, std::string>> columns;
    for (const auto& pair : options.map) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos)
            throw Error("trial/diary", "--map is written OURS=THEIRS", Exit::input);
        columns.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    Diagnostics diagnostics;
    const std::filesystem::path path(options.import);
    const auto bytes = read_file(path);
    const auto other =
        path.extension() == ".json"
            ? trial::read_diary_json(path.filename().string(), bytes, options.outcome, diagnostics)
            : trial::import_diary(path.filename().string(), bytes, options.outcome, options.values, columns,
                                  diagnostics);
    if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
    if (diagnostics.has_errors()) {
        result.exit = static_cast<int>(Exit::input);
        return;
    }
    int added = 0, kept = 0;
    for (const auto& day : other.days)
        trial::add_day(diary, day, options.replace) ? ++added : ++kept;
    write_file_atomic(options.file, trial::write_diary(diary));
    print("took " + std::to_string(added) + " days" +
          (kept > 0 ? "; " + std::to_string(kept) + " were there already (--replace takes theirs)" : "") +
          "\n");
}

void show_diary(const DiaryOptions& options, const trial::Diary& diary, Outcome& result) {
    std::vector<trial::Period> periods;
    if (!options.schedule.empty()) periods = schedule_in(options.schedule, result);
    if (!options.svg.empty()) {
        if (diary.days.empty())
            throw Error("trial/diary", "the diary is empty: nothing to draw", Exit::input);
        write_file_atomic(options.svg,
                          plot::standalone(plot::diary_svg(app::diary_picture(diary, periods, "diary"))));
    }
    if (!options.to.empty())
        write_file_atomic(options.to, std::filesystem::path(options.to).extension() == ".json"
                                          ? trial::diary_json(diary)
                                          : trial::write_diary(diary));
    print(app::diary_text(diary, periods, terminal_unicode()));
}

void add_diary(CLI::App& trial_command, Outcome& result) {
    auto options = std::make_shared<DiaryOptions>();
    auto* command =
        trial_command.add_subcommand("diary", "Add a day to the diary, take days from a file, or show it");
    command->add_option("FILE", options->file, "The diary, a CSV file; made when it is not there")
        ->required();
    command->add_option("--add", options->date, "The day to add, 2026-03-01");
    command->add_option("--count", options->count, "Events of that day; 0 is a day without")
        ->check(CLI::Range(0, 1000));
    command->add_option("--value", options->number, "The value measured that day (with --values)");
    command->add_flag("--values", options->values, "The outcome is measured, not counted");
    command->add_flag("--missing", options->missing, "The day was not observed");
    command->add_flag("--late", options->late, "Written on a later day");
    command->add_option("--doses", options->doses, "Doses taken")->check(CLI::Range(0, 100));
    command->add_option("--woke", options->day.woke, "yes or no")->check(CLI::IsMember({"yes", "no"}));
    command->add_option("--stool-loose", options->day.stool_loose, "yes or no")
        ->check(CLI::IsMember({"yes", "no"}));
    command->add_option("--other-effects", options->day.other_effects, "Other effects, in words");
    command->add_option("--confounder", options->confounders, "Something else about the day, exercise=yes");
    command->add_option("--note", options->day.note, "A word about the day");
    command->add_flag("--replace", options->replace, "Take the place of the day that is there");
    command->add_option("--outcome", options->outcome, "Name of the column that counts")
        ->capture_default_str();
    command->add_option("--import", options->import, "Take the days of this CSV or JSON file");
    command->add_option("--map", options->map, "For --import: OURS=THEIRS, date=Day");
    command->add_option("--export", options->to, "Write the days to this CSV or JSON file");
    command->add_option("--schedule", options->schedule, "Show the arms of this schedule");
    command->add_option("--svg", options->svg, "Draw the diary to this file");
    command->callback([options, &result] {
        const bool changes = !options->date.empty() || !options->import.empty();
        auto diary = diary_in(options->file, options->outcome, options->values, changes, result);
        if (result.exit != 0) return;
        if (!options->date.empty())
            add_one_day(*options, diary);
        else if (!options->import.empty())
            import_days(*options, diary, result);
        else
            show_diary(*options, diary, result);
    });
}

/// "20=text" of the person's own words on the items of CENT 2015.
std::map<std::string, std::string> own_items(const std::vector<std::string>& given) {
    const auto names = app::cent_item_names();
    std::map<std::string, std::string> made;
    for (const auto& pair : given) {
        const auto equals = pair.find('=');
        const auto id = pair.substr(0, equals);
        const bool known =
            std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.first == id; });
        if (equals == std::string::npos || !known) {
            std::string list;
            for (const auto& [item, asks] : names)
                list += (list.empty() ? "" : ", ") + item;
            throw Error("trial/item", "--item is written ID=TEXT; the items are " + list, Exit::input);
        }
        made[id] = pair.substr(equals + 1);
    }
    return made;
}

void add_analyse(CLI::App& trial_command, Outcome& result) {
    struct Options {
        std::string diary, schedule, outcome = "cramps", html;
        PriorOptions prior;
        std::vector<std::string> items;
        trial::AnalyseOptions how;
        bool all_days = false, json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = trial_command.add_subcommand("analyse", "What the diary says, under several priors");
    command->add_option("DIARY", options->diary, "The diary, CSV or JSON")->required();
    command->add_option("SCHEDULE", options->schedule, "The schedule")->required();
    command->add_option("--outcome", options->outcome, "Name of the column that counts")
        ->capture_default_str();
    command->add_flag("--values", options->how.values,
                      "The outcome is measured, not counted (t errors, memory)");
    command
        ->add_option("--matters", options->how.matters,
                     "Values: the smallest difference that matters; without it 0.2 of their spread")
        ->check(CLI::PositiveNumber);
    command->add_option("--html", options->html, "Write a report (CENT 2015) to this file");
    command->add_option("--item", options->items, "Your words on an item of the report: 2a.1=TEXT");
    command->add_flag("--all-days", options->all_days, "Use all days, not the second half of each period");
    command->add_flag("--order-term", options->how.order_term, "Add a term for the second period of a pair");
    command->add_flag("--json", options->json, "Print the result as data");
    options->prior.add(*command);
    command->footer(
        "Several people: assay trial people. A crossover or a series as a table: assay trial estimate.");
    command->callback([options, &result] {
        auto& how = options->how;
        const auto diary = diary_in(options->diary, options->outcome, how.values, false, result);
        const auto schedule = schedule_in(options->schedule, result);
        if (result.exit != 0) return;
        const auto items = own_items(options->items);
        options->prior.request.values = how.values;
        how.priors = options->prior.priors();
        how.second_half = !options->all_days;
        const auto made = trial::analyse(diary, schedule, how);
        if (!options->html.empty())
            write_file_atomic(options->html, app::trial_html(made, schedule, diary, items));
        print(options->json ? app::trial_json(made) : app::trial_text(made, terminal_width()));
    });
}

} // namespace

void add_trial(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand(
        "trial", "A trial of one person: plan it, draw its order, keep the diary, analyse it");
    command->require_subcommand(1);
    add_plan(*command);
    add_schedule(*command);
    add_diary(*command, outcome);
    add_analyse(*command, outcome);
    add_trial_people(*command, outcome);
    add_trial_estimate(*command, outcome);
}

} // namespace assay::cli
