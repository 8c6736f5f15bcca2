// The program: reads the command line, calls one function of app, prints. Exit codes are those of
// base/error.hpp.
#include "cli/command.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

struct Command {
    std::string_view name;
    void (*add)(CLI::App& app, assay::cli::Outcome& outcome);
};

// In the order of the help text.
constexpr Command commands[] = {
    {"check", assay::cli::add_check},
    {"fmt", assay::cli::add_fmt},
    {"report", assay::cli::add_report},
    {"meta", assay::cli::add_meta},
    {"gosh", assay::cli::add_gosh},
    {"trust", assay::cli::add_trust},
    {"dedupe", assay::cli::add_dedupe},
    {"convert", assay::cli::add_convert},
    {"import", assay::cli::add_import},
    {"flow", assay::cli::add_flow},
    {"checklist", assay::cli::add_checklist},
    {"log", assay::cli::add_log},
    {"person", assay::cli::add_person},
    {"trial", assay::cli::add_trial},
    {"screen", assay::cli::add_screen},
    {"audit", assay::cli::add_audit},
    {"search", assay::cli::add_search},
    {"translate", assay::cli::add_translate},
    {"lint-search", assay::cli::add_lint_search},
    {"ask", assay::cli::add_ask},
    {"sof", assay::cli::add_sof},
    {"rob", assay::cli::add_rob},
};

// The options of one command are enough where it is named: declaring those of all takes longer than a short
// command runs.
void add_commands(CLI::App& app, assay::cli::Outcome& outcome, std::string_view named) {
    const bool known = std::any_of(std::begin(commands), std::end(commands),
                                   [&](const Command& row) { return row.name == named; });
    for (const Command& row : commands) {
        if (known && row.name != named) continue;
        row.add(app, outcome);
        (void)app.get_subcommand(std::string(row.name)); // throws where the command calls itself otherwise
    }
}

void complain_about_unknown(const CLI::App& app, const std::string& name) {
    std::vector<std::string> known;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        known.push_back(command->get_name());
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    const auto near = assay::nearest_name(name, known);
    std::string list;
    for (const auto& command : known)
        list += (list.empty() ? "" : ", ") + command;
    throw assay::Error("usage/command",
                       "there is no command '" + name + "'; " +
                           (near.empty() ? "the commands are " + list : "did you mean '" + near + "'?"),
                       assay::Exit::input);
}

int run(int argc, char** argv) {
    CLI::App app{"assay: a compiler for evidence. A systematic review is a folder of text; assay checks it, "
                 "pools it and "
                 "builds its report."};
    app.set_version_flag("--version", "assay " ASSAY_VERSION);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 fine, 1 a finding you asked to fail on, 2 input or usage, 3 environment, 70 a "
               "bug in assay.\n"
               "Environment: ASSAY_PROGRESS=never prints no progress, COLUMNS is the width of tables.");
    assay::cli::Outcome outcome;
    add_commands(app, outcome, argc > 1 ? argv[1] : "");
    if (argc > 1 && argv[1][0] != '-') complain_about_unknown(app, argv[1]);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(assay::Exit::input);
    }
    return outcome.exit;
}

std::string at(const assay::Place& place) {
    if (place.file.empty()) return "";
    std::string text = place.file + ":";
    if (place.line > 0) text += std::to_string(place.line) + ":";
    if (place.column > 0) text += std::to_string(place.column) + ":";
    return text + " ";
}

// Memory that one stage gives back is wanted by the next: kept, it need not be asked for and cleared again,
// which takes a tenth of the time of a short run.
void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
#endif
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    keep_freed_memory();
    try {
        return run(argc, argv);
    } catch (const assay::Error& error) {
        std::fprintf(stderr, "assay: %s%s [%s]\n", at(error.place).c_str(), error.what(), error.code.c_str());
        return static_cast<int>(error.exit);
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "assay: out of memory [memory/out]\n");
        return static_cast<int>(assay::Exit::environment);
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "assay: a bug in assay, please report it with the command you typed: %s\n",
                     bug.what());
        return static_cast<int>(assay::Exit::bug);
    }
}
