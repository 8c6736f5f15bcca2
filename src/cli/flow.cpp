// assay flow [DIR] [--store review.db]; assay flow source | remove | study | accept | undo
#include "app/flow.hpp"

#include "base/files.hpp"
#include "certainty/flow.hpp"
#include "cli/command.hpp"
#include "plot/flow_svg.hpp"
#include "report/flow_csv.hpp"

#include <memory>

namespace assay::cli {

namespace {

struct Options {
    app::FlowRequest request;
    std::string svg, csv;
    bool json = false, compact = false;
};

void add_common(CLI::App& command, Options& options) {
    command.add_option("--store", options.request.store,
                       "The store: a file, or postgresql://user@host/name; review.db without it");
    command.add_option("--reviewers", options.request.reviewers, "How many must agree on a record");
    command.add_option("--previous", options.request.previous,
                       "What assay flow --json wrote for the version before: counts an update");
}

model::Flow flow_for(Options& options, Outcome& outcome, bool& ready) {
    auto found = app::find_flow(options.request);
    ready = !found.diagnostics.has_errors();
    if (!ready) {
        print_diagnostics(found.diagnostics);
        outcome.exit = static_cast<int>(Exit::input);
    }
    return std::move(found.flow);
}

void show(Options& options, Outcome& outcome) {
    bool ready = false;
    const model::Flow flow = flow_for(options, outcome, ready);
    if (!ready) return;
    if (certainty::open_problems(flow) > 0) outcome.exit = static_cast<int>(Exit::input);
    if (!options.svg.empty()) {
        const auto layout = options.compact ? plot::Layout::compact : plot::Layout::wide;
        const auto figure = plot::flow_svg(flow, layout, certainty::waiting_text(flow));
        if (figure.svg.empty())
            throw Error("flow/nothing",
                        "there are no counts to draw: the searching was not done with assay, and the "
                        "folder has no flow.csv",
                        Exit::input);
        write_file_atomic(options.svg, plot::standalone(figure));
    }
    if (!options.csv.empty()) write_file_atomic(options.csv, report::flow_csv(flow, "index.html#flow"));
    print(options.json ? app::flow_json(flow) : app::flow_text(flow));
}

/// What the small commands share: the store, who acts.
struct Act {
    std::string store = "review.db", by, why;
    std::int64_t number = 0;
    std::vector<std::int64_t> numbers;
    std::string word = "other";
};

std::shared_ptr<Act> add(CLI::App& flow, const char* name, const char* help, CLI::App*& command) {
    auto act = std::make_shared<Act>();
    command = flow.add_subcommand(name, help);
    command->add_option("--store", act->store, "The store")->capture_default_str();
    command->add_option("--by", act->by, "Who does this; $ASSAY_USER or $USER without it");
    return act;
}

void add_source(CLI::App& flow) {
    CLI::App* command = nullptr;
    auto act = add(flow, "source",
                   "Say what a source is: database, register, website, organisation, citation", command);
    command->add_option("SOURCE", act->number, "Its number (assay log --kind import)")->required();
    command->add_option("KIND", act->word, "What it is")->required();
    command->callback([act] {
        auto store = store::Store::open(act->store, false);
        print(app::set_source_kind(store, act_of(act->by), act->number, act->word));
    });
}

void add_remove(CLI::App& flow) {
    CLI::App* command = nullptr;
    auto act = add(flow, "remove", "Take records out before screening", command);
    command->add_option("RECORD", act->numbers, "Their numbers")->required();
    command->add_option("--as", act->word, "automatic (marked by a tool) or other")->capture_default_str();
    command->add_option("--why", act->why, "The reason, shown in the diagram")->required();
    command->callback([act] {
        auto store = store::Store::open(act->store, false);
        print(app::remove_records(store, act_of(act->by), act->numbers, act->word, act->why));
    });
}

void add_study(CLI::App& flow) {
    CLI::App* command = nullptr;
    auto act = add(flow, "study", "Say which study a report belongs to", command);
    command->add_option("RECORD", act->number, "Its number")->required();
    command->add_option("STUDY", act->word, "The id of the study")->required();
    command->callback([act] {
        auto store = store::Store::open(act->store, false);
        print(app::name_study(store, act_of(act->by), act->number, act->word));
    });
}

void add_accept(CLI::App& flow, Outcome& outcome) {
    CLI::App* command = nullptr;
    auto act = add(flow, "accept", "Accept a difference between boxes, with a reason", command);
    auto options = std::make_shared<Options>();
    command->add_option("CHECK", act->word, "F1 to F9, as assay flow prints it")->required();
    command->add_option("--why", act->why, "The reason, shown below the diagram")->required();
    command->add_option("--folder", options->request.folder, "The review folder, where it names the studies");
    command->add_option("--reviewers", options->request.reviewers, "How many must agree on a record");
    command->add_option("--previous", options->request.previous, "The flow of the version before");
    command->callback([act, options, &outcome] {
        options->request.store = act->store;
        bool ready = false;
        const auto found = flow_for(*options, outcome, ready);
        if (!ready) return;
        auto store = store::Store::open(act->store, false);
        print(app::accept_problem(store, act_of(act->by), found, act->word, act->why));
    });
}

void add_undo(CLI::App& flow) {
    CLI::App* command = nullptr;
    auto act = add(flow, "undo", "Take back what one of these commands did", command);
    command->add_option("EVENT", act->number, "Its number (assay log)")->required();
    command->add_option("--why", act->why, "The reason");
    command->callback([act] {
        auto store = store::Store::open(act->store, false);
        const auto undo = store.undo(act_of(act->by), act->number, act->why);
        print("event " + std::to_string(act->number) + " is undone (event " + std::to_string(undo) + ")\n");
    });
}

} // namespace

void add_flow(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "flow",
        "The PRISMA 2020 flow of records, counted from a store or stated by a review folder, and checked");
    command->add_option("DIR", options->request.folder,
                        "The review folder; without it the numbers of a store alone");
    add_common(*command, *options);
    command->add_flag("--json", options->json, "Print the numbers as data");
    command->add_option("--svg", options->svg, "Write the diagram to this file");
    command->add_flag("--compact", options->compact, "The diagram in one column, for narrow screens");
    command->add_option("--csv", options->csv, "Write the table that the R package PRISMA2020 reads");
    add_source(*command);
    add_remove(*command);
    add_study(*command);
    add_accept(*command, outcome);
    add_undo(*command);
    command->callback([command, options, &outcome] {
        if (command->get_subcommands().empty()) show(*options, outcome);
    });
}

} // namespace assay::cli
