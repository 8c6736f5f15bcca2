// assay import FILES... [--store review.db]; assay flow; assay log
#include "app/store.hpp"
#include "base/bytes.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"

#include <cstdlib>
#include <ctime>
#include <memory>

namespace assay::cli {

store::Act act_of(const std::string& by) {
    std::string who = by;
    for (const char* name : {"ASSAY_USER", "USER", "LOGNAME"})
        if (const char* value = std::getenv(name); who.empty() && value) who = value;
    if (who.empty()) who = "unknown";
    std::time_t now = std::time(nullptr);
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) now = std::strtoll(fixed, nullptr, 10);
    std::tm utc{};
    char text[32] = {};
    gmtime_r(&now, &utc);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {who, text};
}

void add_import(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::vector<std::string> files;
        app::ImportRequest request;
        std::string store = "review.db", by, mapping;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("import", "Bring files of records into a review's store");
    command
        ->add_option("FILES", options->files,
                     "Files of records in any known format; may be compressed with gzip")
        ->required();
    command->add_option("--store", options->store, "The store: a file, or postgresql://user@host/name")
        ->capture_default_str();
    command->add_option(
        "--source", options->request.label,
        "Where the records come from: \"Ovid MEDLINE 2026-11-20\"; the file's name without it");
    command->add_option("--from", options->request.read.from,
                        "Format of the files, where the guess is wrong");
    command->add_option("--encoding", options->request.read.encoding,
                        "Encoding of the files, where the guess is wrong");
    command->add_option("--map", options->mapping,
                        "What the columns of an unknown CSV are (docs/formats/records.md)");
    command->add_option("--by", options->by, "Who does this, for the log; $ASSAY_USER or $USER without it");
    command->add_flag("--again", options->request.again,
                      "Also import a file whose content was imported before");
    command->add_flag("--json", options->json, "Print counts and messages as data");
    command->callback([options, &outcome] {
        if (!options->mapping.empty()) options->request.read.mapping = read_file(options->mapping);
        auto store = store::Store::open(options->store, true);
        const auto act = act_of(options->by);
        std::vector<app::ImportedFile> done;
        const auto told = progress();
        for (const auto& file : options->files) {
            told("importing files", done.size(), options->files.size());
            done.push_back(
                app::import_file(store, act, options->request, file, FileBytes(file, std::size_t{4} << 30)));
            if (!options->json) print_diagnostics(done.back().diagnostics);
            if (done.back().diagnostics.has_errors()) outcome.exit = static_cast<int>(Exit::input);
        }
        const auto total = store.count_records();
        print(options->json ? app::import_json(done, total) : app::import_text(done, total));
    });
}

void add_flow(CLI::App& app, Outcome&) {
    struct Options {
        std::string store = "review.db";
        int reviewers = 1;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("flow", "The numbers of the PRISMA flow diagram, counted from a store's events");
    command->add_option("--store", options->store, "The store")->capture_default_str();
    command->add_option("--reviewers", options->reviewers, "How many must agree on a record")
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print the numbers as data");
    command->callback([options] {
        auto store = store::Store::open(options->store, false);
        print(options->json ? app::flow_json(store, options->reviewers)
                            : app::flow_text(store, options->reviewers));
    });
}

void add_log(CLI::App& app, Outcome&) {
    struct Options {
        std::string store = "review.db", kind;
        std::int64_t after = 0;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("log", "Everything that was done with a store: who, what, when, why");
    command->add_option("--store", options->store, "The store")->capture_default_str();
    command->add_option("--kind", options->kind,
                        "Only events of this kind: import, merge, decide, label, undo, ...");
    command->add_option("--after", options->after, "Only events after this one");
    command->add_flag("--json", options->json, "Print the events as data");
    command->callback([options] {
        auto store = store::Store::open(options->store, false);
        print(options->json ? app::log_json(store, options->kind, options->after)
                            : app::log_text(store, options->kind, options->after));
    });
}

} // namespace assay::cli
