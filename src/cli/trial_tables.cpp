// assay trial people LIST, assay trial estimate TABLE
#include "app/trial_people.hpp"
#include "app/trial_table.hpp"
#include "base/files.hpp"
#include "cli/trial_parts.hpp"

#include <filesystem>
#include <memory>

namespace assay::cli {

void add_trial_people(CLI::App& trial_command, Outcome& outcome) {
    struct Options {
        app::PeopleRequest request;
        std::string list;
        PriorOptions prior;
        bool all_days = false, json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = trial_command.add_subcommand(
        "people", "Several people's trials of the same treatment together (hierarchical)");
    command->add_option("LIST", options->list, "A CSV table with the columns person, diary, schedule")
        ->required();
    command->add_option("--outcome", options->request.outcome, "Name of the column that counts")
        ->capture_default_str();
    command->add_flag("--values", options->request.values, "The outcome is measured, not counted");
    command->add_flag("--all-days", options->all_days, "Use all days, not the second half of each period");
    command->add_flag("--json", options->json, "Print the result as data");
    options->prior.add(*command);
    command->callback([options, &outcome] {
        auto& request = options->request;
        request.list = options->list;
        request.second_half = !options->all_days;
        request.spread_scale = options->prior.request.person_spread;
        options->prior.request.values = request.values;
        if (request.values && options->prior.own.empty() && options->prior.request.analysis.empty())
            throw Error("trial/no-prior", "measured values need --prior MEAN SD, or a review and --analysis",
                        Exit::input);
        // The spread between people has a prior of its own here: that of the mean does not hold it a second
        // time.
        const double spread = options->prior.request.person_spread;
        options->prior.request.person_spread = 1e-6;
        request.priors = options->prior.priors();
        options->prior.request.person_spread = spread;
        for (std::size_t i = 0; i < request.priors.size(); ++i)
            if (request.priors[i].name == "sceptical")
                request.priors.erase(request.priors.begin() + static_cast<std::ptrdiff_t>(i--));
        for (auto& prior : request.priors)
            if (const auto cut = prior.source.find(", spread between people"); cut != std::string::npos)
                prior.source.resize(cut);
        Diagnostics diagnostics;
        const auto made = app::several_people(request, diagnostics);
        if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
        if (diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::people_json(made) : app::people_text(made, terminal_width()));
    });
}

void add_trial_estimate(CLI::App& trial_command, Outcome& outcome) {
    struct Options {
        app::TableRequest request;
        std::string table;
        std::vector<std::string> where;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto& r = options->request;
    auto* command = trial_command.add_subcommand(
        "estimate",
        "Named estimates of a table: an AB/BA crossover of several people, or one person's series");
    command->add_option("TABLE", options->table, "A CSV table, one row per observation")->required();
    command->add_option("--outcome", r.outcome, "Column with the outcome");
    command->add_option("--treatment", r.treatment, "Column with the two treatments");
    command->add_option("--control", r.control, "The treatment that is compared against");
    command->add_option("--subject", r.subject, "Column with the person");
    command->add_option("--period", r.period, "Column with the period of a crossover");
    command->add_option("--time", r.time, "Column with day, session or date of a series");
    command->add_option("--phase", r.phase, "Column with the phase of a series (A1, B1, A2 ...)");
    command->add_option("--where", options->where, "Keep the rows with COLUMN=VALUE");
    command->add_flag("--counts", r.counts,
                      "The outcome is a count even where it has decimals (read off a figure)");
    command->add_flag("--json", options->json, "Print the result as data");
    command->footer("Without the options the columns are found by their usual names.");
    command->callback([options, &outcome] {
        for (const auto& pair : options->where) {
            const auto equals = pair.find('=');
            if (equals == std::string::npos)
                throw Error("trial/where", "--where is written COLUMN=VALUE", Exit::input);
            options->request.where.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        }
        const auto bytes = read_file(options->table);
        Diagnostics diagnostics;
        const auto made = app::estimate_table(std::filesystem::path(options->table).filename().string(),
                                              bytes, options->request, diagnostics);
        if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
        if (diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::table_json(made) : app::table_text(made, terminal_width()));
    });
}

} // namespace assay::cli
