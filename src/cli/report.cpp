// assay report DIR --out DIR
#include "app/report.hpp"
#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_report(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string folder, out = "report";
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("report", "Build a review: its report (index.html) and its numbers (results.json)");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command->add_option("--out", options->out, "Where to write")->capture_default_str();
    command->callback([options, &outcome] {
        const auto built = app::build_report(options->folder, options->out, progress());
        print_diagnostics(built.checked.diagnostics);
        if (built.html.empty()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(app::overview(built.checked.review, built.results, terminal_width()));
        print("\nreport: " + built.html.string() + "\nnumbers: " + built.json.string() + "\n");
    });
}

} // namespace assay::cli
