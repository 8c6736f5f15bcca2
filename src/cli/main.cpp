// The program: reads the command line, calls one function of app, prints. Exit codes are those of base/error.hpp.
#include "cli/command.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

void complain_about_unknown(const CLI::App& app, const std::string& name) {
    std::vector<std::string> known;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) known.push_back(command->get_name());
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    const auto near = assay::nearest_name(name, known);
    std::string list;
    for (const auto& command : known) list += (list.empty() ? "" : ", ") + command;
    throw assay::Error("usage/command",
                       "there is no command '" + name + "'; " +
                           (near.empty() ? "the commands are " + list : "did you mean '" + near + "'?"),
                       assay::Exit::input);
}

int run(int argc, char** argv) {
    CLI::App app{"assay: a compiler for evidence. A systematic review is a folder of text; assay checks it, pools it and "
                 "builds its report."};
    app.set_version_flag("--version", "assay " ASSAY_VERSION);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 fine, 1 a finding you asked to fail on, 2 input or usage, 3 environment, 70 a bug in assay.\n"
               "Environment: ASSAY_PROGRESS=never prints no progress, COLUMNS is the width of tables.");
    assay::cli::Outcome outcome;
    assay::cli::add_check(app, outcome);
    assay::cli::add_fmt(app, outcome);
    assay::cli::add_report(app, outcome);
    assay::cli::add_meta(app, outcome);
    assay::cli::add_gosh(app, outcome);
    assay::cli::add_trust(app, outcome);
    assay::cli::add_dedupe(app, outcome);
    assay::cli::add_convert(app, outcome);
    assay::cli::add_import(app, outcome);
    assay::cli::add_flow(app, outcome);
    assay::cli::add_checklist(app, outcome);
    assay::cli::add_log(app, outcome);
    assay::cli::add_person(app, outcome);
    assay::cli::add_trial(app, outcome);
    assay::cli::add_screen(app, outcome);
    assay::cli::add_audit(app, outcome);
    assay::cli::add_search(app, outcome);
    assay::cli::add_translate(app, outcome);
    assay::cli::add_lint_search(app, outcome);
    assay::cli::add_ask(app, outcome);
    assay::cli::add_sof(app, outcome);
    assay::cli::add_rob(app, outcome);
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

// Memory that one stage gives back is wanted by the next: kept, it need not be asked for and cleared again, which takes a
// tenth of the time of a short run.
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
        std::fprintf(stderr, "assay: a bug in assay, please report it with the command you typed: %s\n", bug.what());
        return static_cast<int>(assay::Exit::bug);
    }
}
