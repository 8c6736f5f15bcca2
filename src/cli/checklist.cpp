// assay checklist DIR
#include "app/checklist.hpp"

#include "base/files.hpp"
#include "cli/command.hpp"
#include "report/checklists.hpp"

#include <memory>

namespace assay::cli {

void add_checklist(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string folder, csv, html;
        bool all = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "checklist", "PRISMA 2020, its abstract checklist and PRISMA-S: where a review reports each item");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command->add_flag("--all", options->all, "Print the linked items, too");
    command->add_option("--csv", options->csv, "Write all items to this file");
    command->add_option("--html", options->html, "Write a page; its links lead to index.html beside it");
    command->callback([options, &outcome] {
        const auto found = app::find_checklist(options->folder, progress());
        if (found.diagnostics.has_errors()) {
            print_diagnostics(found.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        if (!options->csv.empty()) write_file_atomic(options->csv, report::checklist_csv(found.rows));
        if (!options->html.empty())
            write_file_atomic(options->html, report::checklist_html(found.rows, found.title, "index.html"));
        print(app::checklist_text(found, options->all));
        if (found.missing > 0) outcome.exit = static_cast<int>(Exit::input);
    });
}

} // namespace assay::cli
