// assay screen setup | read | next | show | label | undo | status | conflicts | audit | stop | export |
// import-labels
#include "app/screening.hpp"

#include "base/files.hpp"
#include "cli/screen_parts.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace assay::cli {

namespace {

struct Options {
    std::string store = "review.db", by;
    app::ScreeningRequest request;
    app::Decision decision;
    std::size_t count = 1;
    std::int64_t event = 0;
    std::optional<double> target, confidence;
    std::string file, to = "csv", only;
    bool json = false;
};

using Run = std::function<void(app::Screening&, const Options&)>;

// A subcommand with the options that all of them have.
std::shared_ptr<Options> add(CLI::App& screen, const char* name, const char* help, bool acts, Run run,
                             CLI::App*& command) {
    auto options = std::make_shared<Options>();
    command = screen.add_subcommand(name, help);
    command->add_option("--store", options->store, "The store: a file, or postgresql://user@host/name")
        ->capture_default_str();
    command->add_option("--stage", options->request.stage, "screen (title and abstract) or fulltext")
        ->capture_default_str();
    command
        ->add_option(
            "--reviewers", options->request.reviewers,
            "How many must read a record, where assay screen setup has not said it; from two on they work "
            "blind")
        ->check(CLI::Range(-1000000, 1000000));
    if (acts) command->add_option("--by", options->by, "Whose work this is; $ASSAY_USER or $USER without it");
    command->callback([options, run] {
        auto store = store::Store::open(options->store, false);
        app::Screening screening(store, options->request, progress());
        run(screening, *options);
    });
    return options;
}

// What to read before there is a model.
void add_start(CLI::App& command, Options& options) {
    command.add_option("--protocol", options.request.protocol,
                       "JSON with title, objectives, research_questions, inclusion_criteria: what to read "
                       "before there is a model (without it as assay screen setup says)");
    command.add_option("--seed", options.request.seed,
                       "Of the random order before there is a model, without a protocol");
}

void add_read(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "read", "Read record after record on the terminal, a key for each decision", true,
        [](app::Screening& screening, const Options& o) { read_by_keys(screening, o.by, o.request); },
        command);
    add_start(*command, *options);
}

void add_next(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "next", "The record to read next, and why", true,
        [](app::Screening& screening, const Options& o) {
            const auto queue = screening.next(act_of(o.by).who, o.count);
            print(o.json ? app::queue_json(queue) : app::queue_text(queue, terminal_width()));
        },
        command);
    command->add_option("--count", options->count, "How many records to show")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    add_start(*command, *options);
    command->add_flag("--json", options->json, "Print as data");
}

void add_show(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "show", "A record with the decisions on it, as far as you may see them", true,
        [](app::Screening& screening, const Options& o) {
            const auto view = screening.show(act_of(o.by).who, o.decision.record);
            print(o.json ? app::record_json(view) : app::record_text(view, terminal_width()));
        },
        command);
    command->add_option("RECORD", options->decision.record, "Its number")->required();
    command->add_flag("--json", options->json, "Print as data");
}

void add_setup(CLI::App& screen) {
    struct Wanted {
        std::string store = "review.db", by, why;
        std::vector<std::string> values;
        bool json = false;
    };
    auto wanted = std::make_shared<Wanted>();
    wanted->values.resize(app::setting_rows().size());
    auto* command = screen.add_subcommand(
        "setup", "How this review is screened: kept in the store, so that commands need not repeat it");
    command->add_option("--store", wanted->store, "The store: a file, or postgresql://user@host/name")
        ->capture_default_str();
    command->add_option("--by", wanted->by, "Whose work this is; $ASSAY_USER or $USER without it");
    command->add_option("--why", wanted->why, "Why it is set so; kept in the log");
    std::vector<CLI::Option*> given;
    for (std::size_t i = 0; i < app::setting_rows().size(); ++i) {
        const auto& row = app::setting_rows()[i];
        given.push_back(command->add_option("--" + std::string(row.name), wanted->values[i],
                                            std::string(row.help) + " (" + std::string(row.usual) +
                                                "; \"\" sets it back to that)"));
    }
    command->add_flag("--json", wanted->json, "Print as data");
    command->callback([wanted, given] {
        auto store = store::Store::open(wanted->store, false);
        std::map<std::string, std::string> changes;
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i]->count() > 0) changes[std::string(app::setting_rows()[i].name)] = wanted->values[i];
        if (!changes.empty()) app::change_setup(store, act_of(wanted->by), changes, wanted->why);
        const auto settings = store::settings(store);
        print(wanted->json ? app::setup_json(settings) : app::setup_text(settings));
    });
}

void add_audit_draw(CLI::App& screen) {
    struct Draw {
        std::size_t count = 0;
        std::uint32_t seed = 1;
        std::optional<double> confidence;
    };
    auto draw = std::make_shared<Draw>();
    CLI::App* command = nullptr;
    add(
        screen, "audit", "Draw unread records at random: they are read next, and show what was missed", true,
        [draw](app::Screening& screening, const Options& o) {
            print(app::audit_text(screening.audit(act_of(o.by), draw->count, draw->seed, draw->confidence)));
        },
        command);
    command->add_option("--n", draw->count,
                        "How many; without it as many as show the target if none of them is relevant");
    command->add_option("--confidence", draw->confidence,
                        "With which that many show it; without it as assay screen setup says");
    command->add_option("--seed", draw->seed, "Of the draw")->capture_default_str();
}

void add_label(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "label", "Decide on a record", true,
        [](app::Screening& screening, const Options& o) {
            const auto act = act_of(o.by);
            const auto event = screening.label(act, o.decision);
            print(event == 0 ? fmt::format("record {}: decided so before\n", o.decision.record)
                             : fmt::format("record {}: {} (event {})\n", o.decision.record, o.decision.value,
                                           event));
        },
        command);
    command->add_option("RECORD", options->decision.record, "Its number")->required();
    command->add_option("DECISION", options->decision.value, "include, exclude, unsure; not-retrieved")
        ->required();
    command->add_option("--why", options->decision.why, "The reason; needed for an exclusion at full text");
    command->add_flag("--resolve", options->decision.resolve, "This settles a conflict between reviewers");
}

void add_undo(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "undo", "Take your newest decision back, or the one with that event", true,
        [](app::Screening& screening, const Options& o) {
            const auto event = screening.undo(act_of(o.by), o.event, o.decision.why);
            print(fmt::format("record {}: {} taken back (event {})\n", event.record, event.value, event.id));
        },
        command);
    command->add_option("EVENT", options->event, "Its number in assay log")->check(CLI::PositiveNumber);
    command->add_option("--why", options->decision.why, "The reason");
}

void add_reports(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto options = add(
        screen, "status", "How far the reading is, and how far reviewers agree", false,
        [](app::Screening& screening, const Options& o) {
            const auto status = screening.status();
            print(o.json ? app::screening_status_json(status) : app::screening_status_text(status));
        },
        command);
    command->add_flag("--json", options->json, "Print as data");
    add(
        screen, "conflicts", "The records that reviewers differ on", false,
        [](app::Screening& screening, const Options&) { print(app::conflicts_text(screening.status())); },
        command);
    options = add(
        screen, "stop", "What is known about the records not read yet, and what is not", false,
        [](app::Screening& screening, const Options& o) {
            const auto report = screening.stop(o.target, o.confidence);
            print(o.json ? app::stop_json(report) : app::stop_text(report));
        },
        command);
    command->add_option("--target", options->target,
                        "The recall to reach; without it as assay screen setup says");
    command->add_option("--confidence", options->confidence,
                        "Of the test and of the audit; without it as assay screen setup says");
    command->add_flag("--json", options->json, "Print as data");
}

void add_exchange(CLI::App& screen) {
    CLI::App* command = nullptr;
    auto out = add(
        screen, "export", "Records and decisions as CSV, or for another tool", false,
        [](app::Screening& screening, const Options& o) { print(screening.export_as(o.to, o.only)); },
        command);
    command
        ->add_option("--to", out->to,
                     "csv (all that is known), ris (with the marks of Rayyan and ASReview), rayyan, "
                     "covidence, asreview")
        ->capture_default_str();
    command->add_option(
        "--only", out->only,
        "Only records decided so: include, exclude, unsure; or unread (Covidence takes one file for each)");
    auto options = add(
        screen, "import-labels", "Decisions from the file of another tool", true,
        [](app::Screening& screening, const Options& o) {
            const auto in =
                screening.import_labels(act_of(o.by), o.file, read_file(o.file, std::size_t{4} << 30));
            std::string text = fmt::format("{} records: {} labels added", in.records, in.labels);
            const auto part = [&](std::size_t n, const char* what) {
                if (n > 0) text += fmt::format(", {} {}", n, what);
            };
            part(in.known, "known before");
            part(in.without, "without a decision");
            part(in.unread, "with a decision that cannot be read");
            part(in.unmatched, "not in the store");
            part(in.ambiguous, "like several records of the store");
            print(text + "\n");
        },
        command);
    command
        ->add_option("FILE", options->file,
                     "RIS or CSV of Rayyan, Covidence, ASReview, or a CSV with a column of labels")
        ->required();
}

} // namespace

void add_screening(CLI::App& screen, Outcome&) {
    add_setup(screen);
    add_read(screen);
    add_next(screen);
    add_show(screen);
    add_label(screen);
    add_undo(screen);
    add_audit_draw(screen);
    add_reports(screen);
    add_exchange(screen);
}

} // namespace assay::cli
