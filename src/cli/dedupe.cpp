// assay dedupe --csv in.csv --out groups.csv
#include "app/dedupe.hpp"

#include "app/store.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_dedupe(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::DedupeRequest request;
        std::string out, queue, merged;
        bool json = false, explain = false, list = false;
        std::string store, by, undo, why;
    };
    auto options = std::make_shared<Options>();
    auto& request = options->request;
    auto* command =
        app.add_subcommand("dedupe", "Find copies of the same article among records, and say why");
    command->add_option("--csv", request.file, "The records: a CSV with at least a column of titles");
    command->add_option("--store", options->store,
                        "Instead of a CSV: the store of a review; merges and decisions are kept in it");
    command->add_option(
        "--undo", options->undo,
        "In a store: take back a merge, a decision or a whole run by its number in assay log, or 'last'");
    command->add_option("--why", options->why, "The reason, for the log");
    command->add_option("--by", options->by, "Who does this, for the log; $ASSAY_USER or $USER without it");
    command->add_option("--out", options->out, "Write record_id,group for every record to this file");
    command->add_option("--review-queue", options->queue,
                        "Write the pairs a person should decide to this file");
    command->add_option("--merged", options->merged, "Write one row per group to this file");
    command->add_option(
        "--decisions", request.decisions_file,
        "A review queue with 'same' or 'different' in its last column; goes before every rule");
    command->add_option("--off", request.off, "Leave out a rule (--list-rules); may be repeated");
    command->add_option("--merge-from", request.merge_from, "Points from which records are merged")
        ->capture_default_str();
    command->add_option("--review-from", request.review_from, "Points from which a pair is shown to a person")
        ->capture_default_str();
    command->add_flag("--explain", options->explain, "Print each merge with its rules and points");
    command->add_flag("--json", options->json,
                      "Print groups, merges, queue and relations as data (docs/methods/dedupe.md)");
    command->add_flag("--list-rules", options->list, "Print the tables of evidence and conflicts and stop");
    command->callback([options, &outcome] {
        auto& asked = options->request;
        if (options->list) {
            print(app::list_dedupe_rules());
            return;
        }
        if (asked.file.empty() == options->store.empty())
            throw Error("usage", "dedupe needs --csv FILE or --store FILE; see assay dedupe --help",
                        Exit::input);
        const std::string decisions =
            asked.decisions_file.empty() ? std::string() : read_file(asked.decisions_file);
        asked.decisions = decisions;
        app::StoreDeduped in_store;
        app::Deduped in_table;
        std::string csv; // the result looks into it
        if (!options->store.empty()) {
            auto store = store::Store::open(options->store, false);
            const auto act = act_of(options->by);
            if (!options->undo.empty()) {
                print(app::undo_in_store(store, act, options->undo, options->why));
                return;
            }
            in_store = app::dedupe_store(store, act, asked, progress());
        } else {
            csv = read_file(asked.file, std::size_t{2} << 30);
            in_table = app::dedupe(asked, csv, progress());
        }
        const app::Deduped& result = options->store.empty() ? in_table : in_store.found;
        print_diagnostics(result.diagnostics);
        if (result.diagnostics.has_errors()) outcome.exit = static_cast<int>(Exit::input);
        if (!result.ready()) return;
        if (!options->out.empty()) write_file_atomic(options->out, result.groups_csv());
        if (!options->queue.empty()) write_file_atomic(options->queue, result.queue_csv());
        if (!options->merged.empty()) write_file_atomic(options->merged, result.merged_csv());
        if (options->json)
            print(result.json());
        else {
            if (options->explain) print(result.explanation());
            print(result.summary() + "\n");
        }
    });
}

} // namespace assay::cli
