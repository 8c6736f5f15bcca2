// assay trial plan | schedule | diary | analyse
#include "app/trial.hpp"

#include "base/files.hpp"
#include "cli/command.hpp"
#include "trial/dates.hpp"

#include <filesystem>
#include <memory>

namespace assay::cli {

namespace {

int day_of(const std::string& text) {
    const auto day = trial::parse_date(text);
    if (!day) throw Error("trial/date", "'" + text + "' is not a date such as 2026-03-01", Exit::input);
    return *day;
}

struct PriorOptions {
    app::PriorRequest request;
    std::string review;
    std::vector<double> own;

    void add(CLI::App& command) {
        command.add_option("-r,--review", review, "A review folder");
        command.add_option("--analysis", request.analysis,
                           "An analysis of the review (a ratio): its predictive distribution is the prior");
        command.add_option("--goal", request.goal, "Row of the table of priors, without --analysis")
            ->capture_default_str();
        command
            .add_option("--person-spread", request.person_spread,
                        "Spread of the log rate ratio between people")
            ->check(CLI::Range(0.01, 3.0))
            ->capture_default_str();
        command.add_option("--prior", own, "A prior of your own: mean and sd of the log rate ratio")
            ->expected(2);
    }

    std::vector<trial::Prior> priors() {
        if (own.size() == 2) {
            if (!(own[1] > 0.001 && own[1] < 20))
                throw Error("trial/prior", "the sd of a prior must be between 0.001 and 20", Exit::input);
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
};

void add_plan(CLI::App& trial_command) {
    struct Options {
        trial::PlanRequest request;
        PriorOptions prior;
        bool all_days = false, json = false;
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
    command->add_flag("--every-pair", r.every_pair, "Look after every pair from the second");
    command->add_flag("--json", options->json, "Print the result as data");
    options->prior.add(*command);
    command->callback([options] {
        options->request.second_half = !options->all_days;
        options->request.priors = options->prior.priors();
        const auto plan = trial::plan(options->request, progress());
        print(options->json ? app::plan_json(options->request, plan)
                            : app::plan_text(options->request, plan, terminal_width()));
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

trial::Diary diary_in(const std::string& path, const std::string& outcome, bool may_be_new, Outcome& result) {
    if (may_be_new && !std::filesystem::exists(path)) {
        trial::Diary diary;
        diary.outcome = outcome;
        return diary;
    }
    Diagnostics diagnostics;
    const auto bytes = read_file(path);
    auto diary =
        trial::read_diary(std::filesystem::path(path).filename().string(), bytes, outcome, diagnostics);
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

void add_diary(CLI::App& trial_command, Outcome& result) {
    struct Options {
        std::string file, outcome = "cramps", date, note, schedule;
        int count = -1, doses = -1;
        bool missing = false, late = false, replace = false;
        std::string woke, stool;
    };
    auto options = std::make_shared<Options>();
    auto* command = trial_command.add_subcommand("diary", "Add a day to the diary, or show it");
    command->add_option("FILE", options->file, "The diary, a CSV file; made when it is not there")
        ->required();
    command->add_option("--add", options->date, "The day to add, 2026-03-01");
    command->add_option("--count", options->count, "Events of that day; 0 is a day without")
        ->check(CLI::Range(0, 1000));
    command->add_flag("--missing", options->missing, "The day was not observed");
    command->add_flag("--late", options->late, "Written on a later day");
    command->add_option("--doses", options->doses, "Doses taken")->check(CLI::Range(0, 100));
    command->add_option("--woke", options->woke, "yes or no")->check(CLI::IsMember({"yes", "no"}));
    command->add_option("--stool-loose", options->stool, "yes or no")->check(CLI::IsMember({"yes", "no"}));
    command->add_option("--note", options->note, "A word about the day");
    command->add_flag("--replace", options->replace, "Take the place of the day that is there");
    command->add_option("--outcome", options->outcome, "Name of the column that counts")
        ->capture_default_str();
    command->add_option("--schedule", options->schedule, "Show the arms of this schedule");
    command->callback([options, &result] {
        auto diary = diary_in(options->file, options->outcome, !options->date.empty(), result);
        if (result.exit != 0) return;
        if (!options->date.empty()) {
            if ((options->count >= 0) == options->missing)
                throw Error("trial/diary", "a day has either --count N (0 for a day without) or --missing",
                            Exit::input);
            trial::DiaryDay day;
            day.day = day_of(options->date);
            day.status = options->missing ? "missing" : options->late ? "entered_late" : "entered";
            if (!options->missing) day.count = options->count;
            if (options->doses >= 0) day.doses = options->doses;
            day.woke = options->woke;
            day.stool_loose = options->stool;
            day.note = options->note;
            if (!trial::add_day(diary, day, options->replace))
                throw Error("trial/diary",
                            options->date + " is in the diary already; --replace takes its place",
                            Exit::input);
            write_file_atomic(options->file, trial::write_diary(diary));
            print("wrote " + options->date + "\n");
            return;
        }
        std::vector<trial::Period> periods;
        if (!options->schedule.empty()) periods = schedule_in(options->schedule, result);
        print(app::diary_text(diary, periods, terminal_unicode()));
    });
}

void add_analyse(CLI::App& trial_command, Outcome& result) {
    struct Options {
        std::string diary, schedule, outcome = "cramps", html;
        PriorOptions prior;
        bool all_days = false, order = false, json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = trial_command.add_subcommand("analyse", "What the diary says, under three priors");
    command->add_option("DIARY", options->diary, "The diary")->required();
    command->add_option("SCHEDULE", options->schedule, "The schedule")->required();
    command->add_option("--outcome", options->outcome, "Name of the column that counts")
        ->capture_default_str();
    command->add_option("--html", options->html, "Write a report to this file");
    command->add_flag("--all-days", options->all_days, "Use all days, not the second half of each period");
    command->add_flag("--order-term", options->order, "Add a term for the second period of a pair");
    command->add_flag("--json", options->json, "Print the result as data");
    options->prior.add(*command);
    command->callback([options, &result] {
        const auto diary = diary_in(options->diary, options->outcome, false, result);
        const auto schedule = schedule_in(options->schedule, result);
        if (result.exit != 0) return;
        trial::AnalyseOptions how;
        how.priors = options->prior.priors();
        how.second_half = !options->all_days;
        how.order_term = options->order;
        const auto made = trial::analyse(diary, schedule, how);
        if (!options->html.empty()) write_file_atomic(options->html, app::trial_html(made, schedule));
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
}

} // namespace assay::cli
