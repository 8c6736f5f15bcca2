// assay screen simulate DATA.csv; the rest of assay screen is in screening.cpp
#include "app/screen.hpp"

#include "cli/screen_parts.hpp"

#include <chrono>
#include <memory>

namespace assay::cli {

namespace {

void add_simulate(CLI::App& screen, Outcome& outcome) {
    struct Options {
        app::SimulateRequest request;
        bool json = false, list = false;
    };
    auto options = std::make_shared<Options>();
    auto& request = options->request;
    auto* command = screen.add_subcommand(
        "simulate", "Replay a labelled review: in which order would it have been read?");
    command->add_option("DATA", request.data, "A CSV with the columns id, title, abstract, label");
    command->add_option("--model", request.model, "How records are ranked (see --list-models)")
        ->capture_default_str();
    command->add_option("--features", request.features,
                        "Other features than the model's (see --list-models)");
    command->add_option("--classifier", request.classifier, "Another classifier (see --list-models)");
    command->add_option("--query", request.query, "Another choice of the next record (see --list-models)");
    command->add_option(
        "--balance", request.balance,
        "What the included records together weigh beside the excluded; 0: each record weighs one");
    command->add_option(
        "--start", request.start,
        "What is read before there is a model: random, or diverse (typical of the list, unlike each other)");
    command->add_option("--seed", request.seed, "Draws the priors and the random order before them")
        ->capture_default_str();
    command
        ->add_option("--priors", request.priors,
                     "Known from the start: numbers of included,excluded records, or none")
        ->capture_default_str();
    command->add_option("--prior-rows", request.prior_rows,
                        "Known from the start: these rows, the first is 0, as in 3,1041");
    command->add_option(
        "--protocol", request.protocol,
        "JSON with title, objectives, research_questions, inclusion_criteria: what to read first");
    command->add_option("--refs", request.references,
                        "Table of references: id, cites (tab separated; may be gzip)");
    command->add_option("--repeat", request.repeat, "Runs with seed, seed + 1, ...")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command->add_option("--threads", request.threads, "Runs at a time (0: one per core); changes no result")
        ->capture_default_str();
    command->add_flag("--list-models", options->list, "Print the table of models and stop");
    command->add_flag("--json", options->json,
                      "Print the order of reading and the figures as data (docs/methods/screening.md)");
    command->callback([options, &outcome] {
        if (options->list) {
            print(app::list_screen_models());
            return;
        }
        if (options->request.data.empty())
            throw Error("usage", "simulate needs a file; see assay screen simulate --help", Exit::input);
        const auto began = std::chrono::steady_clock::now();
        const auto simulation = app::simulate(options->request, progress());
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        print_diagnostics(simulation.diagnostics);
        if (simulation.diagnostics.has_errors() || simulation.runs.empty()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::simulation_json(simulation, seconds)
                            : app::simulation_text(simulation, seconds));
    });
}

} // namespace

void add_screen(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand("screen", "Which record to read next, and when to stop");
    command->require_subcommand(1);
    add_screening(*command, outcome);
    add_simulate(*command, outcome);
}

} // namespace assay::cli
