// assay search, assay translate, assay lint-search
#include "app/search.hpp"

#include "app/records.hpp"
#include "app/search_run.hpp"
#include "app/search_store.hpp"
#include "app/store_index.hpp"
#include "base/bytes.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "cli/command.hpp"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <unistd.h>
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

namespace {

struct SearchOptions {
    std::string in, dialect, mesh, line, to, out, store = "review.db", known;
    std::vector<std::string> files;
    int limit = 20;
    bool json = false, count = false, each = false, quick = false;
};

void look_up_quickly(const SearchOptions& options) {
    if (!options.files.empty())
        throw Error("usage", "--quick looks into a store, not into files: --store FILE", Exit::input);
    auto store = store::Store::open(options.store, false);
    const auto found = store::look_up(store, options.in, options.limit, progress());
    print(options.json ? app::lookup_json(found, options.in)
                       : app::lookup_text(found, isatty(STDOUT_FILENO) == 1));
}

app::SearchRequest request_of(const SearchOptions& options) {
    app::SearchRequest request;
    request.strategy = strategy_from(options.in, options.dialect);
    request.line = options.line;
    request.each_line = options.each || options.json;
    if (!options.mesh.empty()) request.mesh = read_file(options.mesh, std::size_t{2} << 30);
    return request;
}

// What files and stores have in common: `hit` and `record` tell of a document of the index.
void show(const SearchOptions& options, const app::Searched& result,
          const std::function<app::SearchHit(std::size_t)>& hit,
          const std::function<model::Record(std::size_t)>& record, const std::string& count) {
    if (options.json) {
        print(result.json(hit));
        return;
    }
    if (!options.to.empty()) {
        std::vector<model::Record> found;
        for (const std::size_t at : result.hits)
            found.push_back(record(at));
        const std::string written = app::write_records(found, options.to);
        if (options.out.empty()) {
            print(written);
            return;
        }
        write_file_atomic(options.out, written);
    }
    if (options.each) print(result.lines_text());
    if (options.count)
        print(std::to_string(result.hits.size()) + "\n");
    else if (!options.each) {
        for (const std::size_t at : result.hits) {
            const app::SearchHit one = hit(at);
            print((one.record != 0 ? std::to_string(one.record) : one.file + ":" + std::to_string(one.line)) +
                  "\t" + one.date.substr(0, 4) + "\t" + safe_text(one.title) + "\n");
        }
        print(count);
    }
    if (!options.count) print(result.known_text());
}

void search_files(const SearchOptions& options, Outcome& outcome) {
    app::SearchRequest request = request_of(options);
    std::vector<model::Record> all;
    for (const std::string& file : options.files) {
        auto read = app::read_records(file, FileBytes(file, std::size_t{2} << 30));
        if (read.diagnostics.has_errors()) print_diagnostics(read.diagnostics);
        leave(read.diagnostics, outcome);
        for (auto& record : read.records)
            if (!record.deleted) all.push_back(std::move(record));
    }
    Diagnostics before;
    if (options.known == "included")
        throw Error("usage", "--known included is for a store; with files give a file of known records",
                    Exit::input);
    if (!options.known.empty())
        request.known = app::read_known(options.known, read_file(options.known), before);
    const auto record = [&](std::size_t at) { return all[at]; };
    const auto result = app::run_search(request, app::index_of(all, progress()), record);
    if (!options.json) {
        print_diagnostics(before);
        print_diagnostics(result.diagnostics);
    }
    leave(result.diagnostics, outcome);
    const auto hit = [&](std::size_t at) {
        const auto& r = all[at];
        return app::SearchHit{0,
                              r.file,
                              r.number,
                              r.line,
                              r.title,
                              r.date,
                              model::record_id(r, "pmid"),
                              model::record_id(r, "doi")};
    };
    show(options, result, hit, record,
         std::to_string(result.hits.size()) + " of " + std::to_string(result.records) + " records\n");
}

void search_store(const SearchOptions& options, Outcome& outcome) {
    app::SearchRequest request = request_of(options);
    auto store = store::Store::open(options.store, false);
    Diagnostics before;
    const auto index = app::index_of(store, options.store, before, progress());
    if (options.known == "included")
        request.known = app::included_of(store, index);
    else if (!options.known.empty())
        request.known = app::read_known(options.known, read_file(options.known), before);
    const auto record = [&](std::size_t at) { return store.record(index.ids()[at]); };
    const auto result = app::run_search(request, index, record);
    if (!options.json) {
        print_diagnostics(before);
        print_diagnostics(result.diagnostics);
    }
    leave(result.diagnostics, outcome);
    show(
        options, result, [&](std::size_t at) { return app::hit_in_store(store, index.ids()[at]); }, record,
        app::store_count_text(store, result, index));
}

} // namespace

void add_search(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<SearchOptions>();
    auto* command =
        app.add_subcommand("search", "Run a search strategy over the records of a store or of files");
    command
        ->add_option("STRATEGY", options->in,
                     "A file, a query in quotes, or - for standard input; words with --quick")
        ->required();
    command->add_option(
        "FILES", options->files,
        "Files of records in any format that convert reads; without them the store is searched");
    command->add_option("--store", options->store, "The store: a file, or postgresql://user@host/name")
        ->capture_default_str();
    command->add_option("--dialect", options->dialect, "Language of STRATEGY; guessed without it");
    command->add_option("--mesh", options->mesh,
                        "NLM's MeSH file (mtrees or desc XML) for exploded headings");
    command->add_option("--line", options->line, "Return the records of this line; the last without it");
    command->add_option(
        "--known", options->known,
        "Records known to be relevant: a file of PubMed ids, DOIs or registration numbers, a file of "
        "records, or 'included' for those included at full text in the store");
    command->add_option("--to", options->to, "Write the records found in this format (assay convert --list)");
    command->add_option("--out", options->out, "Where to write them; standard output without it");
    command->add_flag("--count", options->count, "Print the number of records alone");
    command->add_flag("--lines", options->each,
                      "Print what each line finds, and what would be lost without it");
    command->add_flag("--quick", options->quick,
                      "Look up words in a store, best first: words, \"words in quotes\", begin*, -without");
    command->add_option("--limit", options->limit, "How many articles --quick shows")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command->add_flag("--json", options->json, "Print lines, counts and records as data");
    command->callback([options, &outcome] {
        if (options->quick)
            look_up_quickly(*options);
        else if (options->files.empty())
            search_store(*options, outcome);
        else
            search_files(*options, outcome);
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
