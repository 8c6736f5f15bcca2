// assay person new FILE, assay person check PROFILE, assay person tables
#include "app/person.hpp"

#include "app/person_new.hpp"
#include "base/files.hpp"
#include "cli/prompt.hpp"
#include "cli/command.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace assay::cli {

namespace {

void add_person_new(CLI::App& person, Outcome& outcome) {
    struct Options {
        std::string file, substance;
        bool replace = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = person.add_subcommand("new", "Make a profile by answering questions, a line each");
    command->add_option("FILE", options->file, "The profile to write, JSON or TOML by its name")->required();
    command->add_option("--substance", options->substance, "Whose questions are asked");
    command->add_flag("--replace", options->replace, "Take the place of a file that is there");
    command->footer(
        "The answers can come from a script through standard input; the questions go to standard error.\n"
        "Exits 2 when an answer says to get help first.");
    command->callback([options, &outcome] {
        const std::filesystem::path file(options->file);
        if (file.extension() != ".json" && file.extension() != ".toml")
            throw Error("person/file", "a profile ends in .json or .toml", Exit::input);
        if (std::filesystem::exists(file) && !options->replace)
            throw Error("person/file", options->file + " is there already; --replace takes its place",
                        Exit::input);
        Diagnostics diagnostics;
        const auto tables = app::person_tables(options->substance, {}, diagnostics);
        const app::Talk talk{[](const std::string& question) { return ask(question); },
                             [](const std::string& text) { std::fputs(text.c_str(), stderr); }};
        const auto made = app::new_profile(tables, talk, file.extension() == ".toml");
        if (made.emergency) {
            print("No profile was written: get help first.\n");
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        if (made.bytes.empty())
            throw Error("person/answers",
                        "the answers ended before age and sex were known: no profile was written",
                        Exit::input);
        write_file_atomic(file, made.bytes);
        if (made.cut_short) std::fputs("The answers ended early: the other questions are left open.\n", stderr);
        print("wrote " + options->file + "; `assay person check " + options->file +
              "` compares it with the tables\n");
    });
}

void add_person_check(CLI::App& person, Outcome& outcome) {
    struct Options {
        app::PersonRequest request;
        std::string profile, review, medicines, html;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = person.add_subcommand(
        "check", "Compare a profile with the tables: signs, gates, limits, labels, medicines, a day plan");
    command
        ->add_option("PROFILE", options->profile, "The profile, JSON or TOML (schemas/patient.schema.json)")
        ->required();
    command->add_option("-r,--review", options->review,
                        "A review folder: what its trials say about the complaint");
    command->add_option("--substance", options->request.substance,
                        "Whose tables are used; without it the review's id");
    command->add_option("--medicines", options->medicines,
                        "A FHIR list of MedicationStatement resources to add");
    command->add_option("--html", options->html, "Write a page to this file");
    command->add_flag("--json", options->json, "Print the result as data");
    command->footer("Exits 2 when a gate is met (emergency, refusal, or something to be known first).");
    command->callback([options, &outcome] {
        options->request.profile = options->profile;
        options->request.review = options->review;
        options->request.medicines = options->medicines;
        const auto checked = app::check_person(options->request);
        print_diagnostics(checked.diagnostics);
        if (checked.diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        if (!options->html.empty()) write_file_atomic(options->html, app::person_html(checked.advice));
        print(options->json ? app::person_json(checked.advice)
                            : app::person_text(checked.advice, terminal_width()));
        if (checked.advice.gated()) outcome.exit = static_cast<int>(Exit::input);
    });
}

void add_person_tables(CLI::App& person) {
    struct Options {
        std::string table, review, substance;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = person.add_subcommand("tables", "Print the reference tables with their sources");
    command->add_option("TABLE", options->table, "One table in full; without it all of them in short");
    command->add_option("-r,--review", options->review, "A review folder that brings its own tables");
    command->add_option("--substance", options->substance, "Whose tables are printed");
    command->add_flag("--json", options->json, "Print the rows as data");
    command->callback([options] {
        Diagnostics diagnostics;
        const auto tables = app::person_tables(options->substance, options->review, diagnostics);
        if (!diagnostics.items().empty()) print_diagnostics(diagnostics);
        print(options->json ? app::tables_json(tables, options->table)
                            : app::tables_text(tables, options->table, terminal_width()));
    });
}

} // namespace

void add_person(CLI::App& app, Outcome& outcome) {
    auto* person = app.add_subcommand(
        "person", "One person: limits, labels, medicines, a day plan, and what the trials say");
    person->require_subcommand(1);
    add_person_new(*person, outcome);
    add_person_check(*person, outcome);
    add_person_tables(*person);
}

} // namespace assay::cli
