// assay check DIR, assay fmt DIR
#include "app/derived.hpp"
#include "app/folder.hpp"
#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_check(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string folder;
        bool json = false, strict = false, derived = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("check", "Read a review folder and say what is wrong, with file, line and column");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command->add_flag("--json", options->json, "Print the messages as data (docs/formats/diagnostics.md)");
    command->add_flag("--strict", options->strict, "Exit 1 on warnings, too");
    command->add_flag("--derived", options->derived,
                      "List the numbers that rules derive from what is printed, with formula, inputs and source");
    command->callback([options, &outcome] {
        const auto checked = app::check(options->folder);
        if (options->strict && checked.diagnostics.count(Severity::warning) > 0)
            outcome.exit = static_cast<int>(Exit::finding);
        if (options->derived && !checked.diagnostics.has_errors()) {
            const auto numbers = app::derived_numbers(checked.review);
            if (!options->json) print_diagnostics(checked.diagnostics);
            print(options->json ? app::derived_json(numbers) : app::derived_text(numbers));
            return;
        }
        if (options->json) print(app::diagnostics_json(checked.diagnostics));
        else print_diagnostics(checked.diagnostics);
        if (checked.diagnostics.has_errors()) outcome.exit = static_cast<int>(Exit::input);
        if (!options->json && !checked.diagnostics.has_errors()) {
            print(app::inventory(checked.review) + "\n");
            print("numbers that do not fit together: assay trust " + options->folder + "\n");
        }
    });
}

void add_fmt(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string folder;
        bool check = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("fmt", "Write the canonical form of a review folder's tables, and datapackage.json");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command->add_flag("--check", options->check, "Change nothing; exit 1 and name the files that would change");
    command->callback([options, &outcome] {
        const auto formatted = app::format(options->folder, options->check);
        print_diagnostics(formatted.diagnostics);
        if (formatted.diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        for (const auto& name : formatted.changed) print((options->check ? "would change " : "wrote ") + name + "\n");
        if (options->check && !formatted.changed.empty()) outcome.exit = static_cast<int>(Exit::finding);
    });
}

} // namespace assay::cli
