// assay sof DIR --out FILE
#include "app/sof.hpp"

#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_sof(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string folder, out, question;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("sof", "Write the summary of findings, with absolute effects and certainty");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command->add_option("--out", options->out,
                        "A file ending in .html, .csv, .docx or .tex; without it CSV is printed");
    command->add_option("--question", options->question, "One question only");
    command->callback([options, &outcome] {
        app::SofRequest request;
        request.folder = options->folder;
        request.out = options->out;
        request.question = options->question;
        const auto written = app::write_sof(request);
        if (written.diagnostics.has_errors()) {
            print_diagnostics(written.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        if (options->out.empty()) return print(written.csv);
        std::string without;
        for (const auto& id : written.without_harm)
            without += (without.empty() ? "" : ", ") + id;
        print(std::to_string(written.tables) + (written.tables == 1 ? " table, " : " tables, ") +
              std::to_string(written.rows) + (written.rows == 1 ? " row: " : " rows: ") + options->out +
              "\n");
        if (!without.empty()) print("no outcome of harm is pooled for: " + without + "\n");
    });
}

} // namespace assay::cli
