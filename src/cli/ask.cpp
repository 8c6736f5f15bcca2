// assay ask DIR QUESTION
#include "app/ask.hpp"

#include "cli/command.hpp"

#include <iostream>
#include <iterator>
#include <memory>

namespace assay::cli {

namespace {

/// The question from standard input; one byte more than can be read tells that it is too long.
std::string from_standard_input() {
    std::string text;
    char c = 0;
    while (text.size() <= claims::longest_question && std::cin.get(c))
        text += c;
    return text;
}

} // namespace

void add_ask(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::AskRequest request;
        std::string folder, question;
        int want = 0;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("ask", "Answer a question in plain words from a review folder, and nothing else");
    command->add_option("DIR", options->folder, "The review folder")->required();
    command
        ->add_option("QUESTION", options->question, "The question, in quotes; - reads it from standard input")
        ->required();
    auto* want = command->add_option("--want", options->want, "How many supporting sources are asked for");
    command->add_flag("--independent", options->request.independent,
                      "Only sources stated to be paid by nobody who sells the treatment count");
    command->add_option("--design", options->request.design, "rct: randomised trials only");
    command->add_flag("--json", options->json, "Print the answer as data (docs/formats/ask.md)");
    command->callback([options, want, &outcome] {
        options->request.folder = options->folder;
        options->request.question = options->question == "-" ? from_standard_input() : options->question;
        if (want->count() > 0) options->request.want = options->want;
        const auto asked = app::ask(options->request);
        if (asked.diagnostics.has_errors()) {
            print_diagnostics(asked.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::ask_json(asked) : app::ask_text(asked, terminal_width()));
    });
}

} // namespace assay::cli
