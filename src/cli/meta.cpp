// assay meta FILE.csv --measure OR --ai COLUMN ...
#include "app/meta.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"

#include <iostream>
#include <iterator>
#include <memory>

namespace assay::cli {

void add_meta(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::MetaRequest request;
        std::map<std::string, std::string> columns;
        std::string to = "only0", vtype;
        double add = -1;
        bool json = false, list = false, ascii = false, uncorrected = false;
    };
    auto options = std::make_shared<Options>();
    auto& request = options->request;
    request.pool.test = "z"; // metafor's default, which users of these names expect

    auto* command = app.add_subcommand("meta", "Meta-analysis of any CSV; names of options and columns as in metafor");
    command->add_option("FILE", request.file, "A CSV with a header, one study per row; - for standard input");
    command->add_flag("--list-measures", options->list, "Print the table of effect measures and stop");
    command->add_option("--measure", request.measure, "Effect measure (GEN: yi with vi or sei)")->capture_default_str();
    for (std::size_t i = 0; i < static_cast<std::size_t>(effect::Role::count); ++i) {
        const std::string role(effect::role_name(static_cast<effect::Role>(i)));
        command->add_option("--" + role, options->columns[role], "Column")->group("Columns (default: a column of that name)");
    }
    command->add_option("--slab", request.slab, "Column with study labels");
    command->add_option("--subgroup", request.subgroup, "Column that names subgroups");
    command->add_option("--model", request.pool.model, "random or common")
        ->check(CLI::IsMember({"random", "common"}))->capture_default_str();
    command->add_option("--method", request.pool.method, "Estimator of tau2 (DL PM REML ML ...); common: IV MH Peto");
    command->add_option("--test", request.pool.test, "z, t, knha, or adhoc (knha, variance not below z's)")
        ->check(CLI::IsMember({"z", "t", "knha", "adhoc"}))->capture_default_str();
    command->add_option("--level", request.pool.level, "Level of intervals (0.95, or 95)")->capture_default_str();
    command->add_option("--add", options->add, "Continuity correction (default: that of the measure)");
    command->add_option("--to", options->to, "Where it is added: only0, if0all, all, none")
        ->check(CLI::IsMember({"only0", "if0all", "all", "none"}))->capture_default_str();
    command->add_flag("--drop00", request.effects.drop00, "Leave out studies without (or with only) events in both groups");
    command->add_option("--vtype", options->vtype, "Sampling variance, as in metafor (LS, UB, AV, HO, ...)");
    command->add_flag("--uncorrected", options->uncorrected, "Without the measure's small-sample correction");
    command->add_flag("--json", options->json, "Print the numbers as data (docs/formats/results.md)");
    command->add_flag("--ascii", options->ascii, "Draw without characters beyond ASCII");
    command->callback([command, options, &outcome] {
        auto& asked = options->request;
        if (options->list) {
            print(app::list_measures());
            return;
        }
        if (asked.file.empty()) throw Error("usage", "meta needs a file (or --list-measures); see assay meta --help", Exit::input);
        for (const auto& [role, column] : options->columns)
            if (!column.empty()) asked.columns[role] = column;
        if (command->count("--method") == 0 && asked.pool.model == "common") asked.pool.method = "IV";
        if (asked.pool.level > 1 && asked.pool.level < 100) asked.pool.level /= 100;
        if (!(asked.pool.level > 0 && asked.pool.level < 1))
            throw Error("usage", "--level is a share between 0 and 1 or a percentage", Exit::input);
        if (options->add >= 0) asked.effects.add = options->add;
        asked.effects.to = *effect::add_to_of(options->to);
        asked.effects.correct = !options->uncorrected;
        if (!options->vtype.empty()) {
            const auto vtype = effect::vtype_of(options->vtype);
            if (!vtype) throw Error("usage", "there is no vtype '" + options->vtype + "'", Exit::input);
            asked.effects.vtype = *vtype;
        }
        std::string bytes;
        if (asked.file == "-") bytes.assign(std::istreambuf_iterator<char>(std::cin), {});
        else bytes = read_file(asked.file);
        const auto result = app::meta(asked, bytes);
        print_diagnostics(result.diagnostics);
        if (result.diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::meta_json(result) : app::meta_text(result, terminal_width(), terminal_unicode() && !options->ascii));
        if (!result.analysis.main) outcome.exit = static_cast<int>(Exit::input);
    });
}

} // namespace assay::cli
