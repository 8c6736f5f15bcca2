// assay trust DIR
#include "app/trust.hpp"

#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_trust(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::TrustRequest request;
        app::TrustView view;
        std::string folder, retractions;
        bool json = false, strict = false, list = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("trust", "Look for numbers of a review folder that do not fit together");
    command->add_option("DIR", options->folder, "The review folder");
    command->add_option(
        "--retractions", options->retractions,
        "A table of Retraction Watch (CSV, as Crossref publishes it) to match the reports with");
    command->add_option("--check", options->view.check, "Show this check only");
    command
        ->add_option("--seed", options->request.settings.seed,
                     "Of the simulation behind the check of baseline tables")
        ->capture_default_str();
    command->add_flag("--notes", options->view.notes, "Show what is possible but good to know, too");
    command->add_flag("--json", options->json, "Print the findings as data (docs/formats/trust.md)");
    command->add_flag("--strict", options->strict, "Exit 1 when a number is flagged");
    command->add_flag("--list-checks", options->list, "Print the table of checks");
    command->callback([options, &outcome] {
        if (options->list) return print(app::trust_checks_text());
        if (options->folder.empty()) throw Error("usage/argument", "DIR is required", Exit::input);
        options->request.folder = options->folder;
        if (!options->retractions.empty()) options->request.retractions = options->retractions;
        options->view.width = terminal_width();
        const app::Trusted trusted = app::run_trust(options->request);
        // Warnings are for `assay check`; errors are told because rows may be missing from what follows.
        if (trusted.diagnostics.has_errors()) {
            print_diagnostics(trusted.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
        }
        print(options->json ? app::trust_json(trusted) : app::trust_text(trusted, options->view));
        std::size_t flagged = 0;
        for (const auto& tally : trusted.assessment.tallies)
            flagged += tally.flagged;
        if (outcome.exit == 0 && options->strict && flagged > 0)
            outcome.exit = static_cast<int>(Exit::finding);
    });
}

} // namespace assay::cli
