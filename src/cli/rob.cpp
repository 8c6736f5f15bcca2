// assay rob DIR, assay rob new DIR, assay rob tools
#include "app/rob.hpp"

#include "base/files.hpp"
#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

namespace {

void add_new(CLI::App& rob, Outcome& outcome) {
    struct Options {
        app::RobNew request;
        std::string folder;
        bool append = false, no_header = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = rob.add_subcommand("new", "Print blank rows for the questions that can apply");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command
        ->add_option("--tool", options->request.tool,
                     "rob2, rob2-cluster, rob2-crossover, robins-i-v2, amstar2 or inspect-sr")
        ->required();
    command->add_option("--study", options->request.study, "Id of the trial");
    command->add_option("--report", options->request.report, "Id of the review that is rated (amstar2)");
    command->add_option("--outcome", options->request.outcome, "Id of the outcome whose result is judged");
    command->add_option("--result", options->request.result, "... or id of its row in results.csv");
    command
        ->add_option("--aim", options->request.aim,
                     "Effect of interest: assignment (unless said) or adhering")
        ->check(CLI::IsMember({"assignment", "adhering"}));
    command->add_option("--assessor", options->request.assessor, "Who answers");
    command->add_flag("--append", options->append, "Write the rows to rob_answers.csv of the folder");
    command->add_flag("--no-header", options->no_header, "Print the rows without the names of the columns");
    command->callback([options, &outcome] {
        options->request.folder = options->folder;
        const auto made = options->append ? app::append_rob_rows(options->request)
                                          : app::new_rob_rows(options->request, !options->no_header);
        if (made.diagnostics.has_errors()) {
            print_diagnostics(made.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
        }
        if (!options->append) return print(made.csv);
        print(std::to_string(made.rows) + (made.rows == 1 ? " row" : " rows") + " added to " +
              (options->request.folder / "rob_answers.csv").string() + "\n");
    });
}

void add_tools(CLI::App& rob) {
    auto tool = std::make_shared<std::string>();
    auto* command = rob.add_subcommand("tools", "Print the tools; with a name its domains and questions");
    command->add_option("TOOL", *tool, "One tool");
    command->callback([tool] { print(app::rob_tools_text(*tool)); });
}

} // namespace

void add_rob(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::RobRequest request;
        app::RobView view;
        std::string folder, svg, bars, analysis;
        bool json = false, csv = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("rob", "Risk of bias: from signalling answers to judgements");
    command->add_option("DIR", options->folder, "The review folder");
    command->add_option("--study", options->request.study,
                        "One trial (or rated review), with its answers and rules");
    command->add_option("--tool", options->request.tool, "One tool");
    command->add_flag("--details", options->view.details, "Show every domain with its rule and answers");
    auto* json = command->add_flag("--json", options->json, "Print all of it as data (docs/formats/rob.md)");
    command->add_flag("--csv", options->csv, "Print a table that robvis reads: one tool")->excludes(json);
    command->add_option("--analysis", options->analysis, "With --csv: the weights of this analysis");
    command->add_option("--svg", options->svg, "Write the table of lights to this file: one tool");
    command->add_option("--bars", options->bars, "Write the summary bars to this file: one tool");
    command->footer("A folder called 'new' or 'tools' is written ./new.");
    add_new(*command, outcome);
    add_tools(*command);
    command->callback([options, command, &outcome] {
        if (!command->get_subcommands().empty()) return;
        if (options->folder.empty()) throw Error("usage/argument", "DIR is required", Exit::input);
        options->request.folder = options->folder;
        options->view.width = terminal_width();
        options->view.details = options->view.details || !options->request.study.empty();
        const auto read = app::read_rob(options->request);
        // Warnings are for `assay check`; errors are told because answers may be missing from what follows.
        if (read.diagnostics.has_errors()) {
            print_diagnostics(read.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
            if (read.appraisals.empty() && read.without_answers.empty()) return;
        }
        if (!options->svg.empty()) write_file_atomic(options->svg, app::rob_svg(read, false));
        if (!options->bars.empty()) write_file_atomic(options->bars, app::rob_svg(read, true));
        if (options->json) return print(app::rob_json(read));
        if (options->csv) return print(app::rob_csv(read, options->analysis));
        print(app::rob_text(read, options->view));
    });
}

} // namespace assay::cli
