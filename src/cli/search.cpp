// assay search, assay translate, assay lint-search
#include "app/search.hpp"

#include "app/records.hpp"
#include "base/bytes.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

namespace assay::cli {

namespace {

// A file where there is one, else the words themselves.
app::StrategyText strategy_from(const std::string& argument, const std::string& dialect) {
    app::StrategyText out;
    out.dialect = dialect;
    if (argument == "-") {
        out.file = "standard input";
        char buffer[65536];
        for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
            out.text.append(buffer, n);
            if (out.text.size() > (std::size_t{16} << 20))
                throw Error("file/unreadable", "standard input is longer than 16 MiB", Exit::input);
        }
        return out;
    }
    std::error_code ignored;
    const bool name = argument.size() < 4096 && argument.find('\n') == std::string::npos;
    if (name && std::filesystem::is_regular_file(argument, ignored)) {
        out.file = argument;
        out.text = read_file(argument, std::size_t{16} << 20);
        return out;
    }
    const bool looks_like_file = argument.find(' ') == std::string::npos && argument.size() > 4 &&
                                 argument.compare(argument.size() - 4, 4, ".txt") == 0;
    if (looks_like_file)
        throw Error("file/missing", "there is no file '" + argument + "'", Exit::environment);
    out.file = "query";
    out.text = argument;
    return out;
}

void leave(const Diagnostics& diagnostics, Outcome& outcome) {
    if (diagnostics.has_errors()) outcome.exit = static_cast<int>(Exit::input);
}

} // namespace

void add_search(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string in, dialect, mesh, line, to, out;
        std::vector<std::string> files;
        bool json = false, count = false, each = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("search", "Run a search strategy over files of records");
    command->add_option("STRATEGY", options->in, "A file, a query in quotes, or - for standard input")
        ->required();
    command->add_option("FILES", options->files, "Files of records in any format that convert reads")
        ->required();
    command->add_option("--dialect", options->dialect, "Language of STRATEGY; guessed without it");
    command->add_option("--mesh", options->mesh,
                        "NLM's MeSH file (mtrees or desc XML) for exploded headings");
    command->add_option("--line", options->line, "Return the records of this line; the last without it");
    command->add_option("--to", options->to, "Write the records found in this format (assay convert --list)");
    command->add_option("--out", options->out, "Where to write them; standard output without it");
    command->add_flag("--count", options->count, "Print the number of records alone");
    command->add_flag("--lines", options->each, "Print the number of records of each line");
    command->add_flag("--json", options->json, "Print lines, counts and records as data");
    command->callback([options, &outcome] {
        app::SearchRequest request;
        request.strategy = strategy_from(options->in, options->dialect);
        request.line = options->line;
        if (!options->mesh.empty()) request.mesh = read_file(options->mesh, std::size_t{2} << 30);
        std::vector<model::Record> all;
        for (const std::string& file : options->files) {
            auto read = app::read_records(file, FileBytes(file, std::size_t{2} << 30));
            if (read.diagnostics.has_errors()) print_diagnostics(read.diagnostics);
            leave(read.diagnostics, outcome);
            for (auto& record : read.records)
                if (!record.deleted) all.push_back(std::move(record));
        }
        const auto result = app::search_records(request, all, progress());
        if (!options->json && !result.diagnostics.items().empty()) print_diagnostics(result.diagnostics);
        leave(result.diagnostics, outcome);
        if (options->json) {
            print(result.json(all));
            return;
        }
        if (!options->to.empty()) {
            std::vector<model::Record> found;
            for (const std::size_t at : result.hits)
                found.push_back(all[at]);
            const std::string written = app::write_records(found, options->to);
            if (options->out.empty()) {
                print(written);
                return;
            }
            write_file_atomic(options->out, written);
        }
        if (options->each)
            for (const auto& line : result.lines)
                print(line.label + "\t" + std::to_string(line.hits) + "\t" + line.query + "\n");
        if (options->count)
            print(std::to_string(result.hits.size()) + "\n");
        else if (!options->each) {
            for (const std::size_t at : result.hits) {
                const auto& record = all[at];
                print(record.file + ":" + std::to_string(record.line) + "\t" + record.date.substr(0, 4) +
                      "\t" + record.title + "\n");
            }
            print(std::to_string(result.hits.size()) + " of " + std::to_string(result.records) +
                  " records\n");
        }
    });
}

void add_translate(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string in, from, to, out;
        bool json = false, quiet = false, list = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("translate", "Write a search strategy in another search language");
    command->add_option("STRATEGY", options->in, "A file, a query in quotes, or - for standard input");
    command->add_option("--from", options->from, "Language of STRATEGY; guessed without it");
    command->add_option("--to", options->to, "Language to write (--list)");
    command->add_option("--out", options->out, "Where to write; standard output without it");
    command->add_flag("--quiet", options->quiet, "Leave out the messages on what was lost");
    command->add_flag("--json", options->json, "Print the translation and its losses as data");
    command->add_flag("--list", options->list, "Print the table of languages and stop");
    command->callback([options, &outcome] {
        if (options->list) {
            print(app::list_search_languages());
            return;
        }
        if (options->in.empty() || options->to.empty())
            throw Error("usage", "translate needs a strategy and --to LANGUAGE; see assay translate --help",
                        Exit::input);
        const auto result = app::translate(strategy_from(options->in, options->from), options->to);
        if (!options->json && !options->quiet && !result.diagnostics.items().empty()) {
            print_diagnostics(result.diagnostics);
            std::fprintf(stderr, "%s\n", result.summary().c_str());
        }
        const std::string written = options->json ? result.json() : result.text;
        if (options->out.empty())
            print(written);
        else
            write_file_atomic(options->out, written);
        leave(result.diagnostics, outcome);
    });
}

void add_lint_search(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string in, dialect, mesh;
        bool json = false, strict = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("lint-search", "Look for the usual mistakes in a search strategy");
    command->add_option("STRATEGY", options->in, "A file, a query in quotes, or - for standard input")
        ->required();
    command->add_option("--dialect", options->dialect, "Language of STRATEGY; guessed without it");
    command->add_option("--mesh", options->mesh,
                        "NLM's MeSH file (mtrees or desc XML): headings are looked up");
    command->add_flag("--json", options->json, "Print the messages as data");
    command->add_flag("--strict", options->strict, "Exit with 1 when there is a warning");
    command->callback([options, &outcome] {
        const std::string mesh =
            options->mesh.empty() ? std::string() : read_file(options->mesh, std::size_t{2} << 30);
        const auto result = app::lint_search(strategy_from(options->in, options->dialect), mesh);
        if (options->json)
            print(result.json());
        else
            print_diagnostics(result.diagnostics);
        if (options->strict && result.diagnostics.count(Severity::warning) > 0)
            outcome.exit = static_cast<int>(Exit::finding);
        leave(result.diagnostics, outcome);
    });
}

} // namespace assay::cli
