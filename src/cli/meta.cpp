// assay meta FILE.csv --measure OR --ai COLUMN ...
#include "app/meta_data.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "cli/command.hpp"

#include <iostream>
#include <iterator>
#include <memory>

namespace assay::cli {

namespace {

constexpr const char* section_group = "Further methods (each adds a table)";

void take_sections(const CLI::App& command, const std::vector<std::string>& arguments,
                   app::MetaRequest& asked) {
    const auto methods = app::section_methods();
    for (std::size_t i = 0; i < methods.size(); ++i) {
        if (command.count("--" + std::string(methods[i].id)) == 0) continue;
        asked.sections.push_back({std::string(methods[i].id),
                                  arguments[i].empty() ? std::string(methods[i].missing) : arguments[i]});
    }
}

void take_plots(const std::vector<std::string>& plots, app::MetaRequest& asked) {
    std::vector<std::string> kinds;
    for (const app::PlotMethod& plot : app::plot_methods())
        kinds.emplace_back(plot.id);
    for (const std::string& text : plots) {
        const auto equals = text.find('=');
        const std::string kind = text.substr(0, equals);
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            const std::string near = nearest_name(kind, kinds);
            throw Error("usage",
                        "--plot: there is no kind '" + kind + "'" +
                            (near.empty() ? "" : "; did you mean '" + near + "'?"),
                        Exit::input);
        }
        if (equals == std::string::npos || equals + 1 == text.size())
            throw Error("usage", "--plot: say where to write it: --plot " + kind + "=FILE.svg", Exit::input);
        asked.plots.push_back({kind, text.substr(equals + 1)});
    }
}

void write_figure(const app::MetaFigure& figure) {
    if (!figure.file.ends_with(".png")) return write_file_atomic(figure.file, figure.svg);
    const std::vector<std::string> arguments{"--format=png", "--zoom=2"};
    const auto drawn = run_program("rsvg-convert", arguments, figure.svg);
    if (!drawn.found)
        throw Error("meta/no-png",
                    "PNG files are drawn by rsvg-convert, which is not installed (Debian: librsvg2-bin); "
                    "write .svg instead",
                    Exit::environment);
    if (drawn.exit != 0)
        throw Error("meta/no-png", "rsvg-convert could not draw " + figure.file + "; write .svg instead",
                    Exit::environment);
    write_file_atomic(figure.file, drawn.output);
}

} // namespace

void add_meta(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::MetaRequest request;
        std::map<std::string, std::string> columns;
        std::string to = "only0", vtype;
        double add = -1;
        std::vector<std::string> arguments; ///< one per section method
        std::vector<std::string> plots;
        bool json = false, list = false, ascii = false, uncorrected = false;
    };
    auto options = std::make_shared<Options>();
    auto& request = options->request;
    request.pool.test = "z"; // metafor's default, which users of these names expect

    auto* command =
        app.add_subcommand("meta", "Meta-analysis of any CSV; names of options and columns as in metafor");
    command->add_option("FILE", request.file, "A CSV with a header, one study per row; - for standard input");
    command->add_flag("--list-measures", options->list, "Print the table of effect measures and stop");
    command->add_option("--measure", request.measure, "Effect measure (GEN: yi with vi or sei)")
        ->capture_default_str();
    for (std::size_t i = 0; i < static_cast<std::size_t>(effect::Role::count); ++i) {
        const std::string role(effect::role_name(static_cast<effect::Role>(i)));
        command->add_option("--" + role, options->columns[role], "Column")
            ->group("Columns (default: a column of that name)");
    }
    command->add_option("--slab", request.slab, "Column with study labels");
    command->add_option("--subgroup", request.subgroup, "Column that names subgroups");
    command->add_option("--model", request.pool.model, "random or common")
        ->check(CLI::IsMember({"random", "common"}))
        ->capture_default_str();
    command->add_option("--method", request.pool.method,
                        "Estimator of tau2 (DL PM REML ML ...); common: IV MH Peto");
    command->add_option("--test", request.pool.test, "z, t, knha, or adhoc (knha, variance not below z's)")
        ->check(CLI::IsMember({"z", "t", "knha", "adhoc"}))
        ->capture_default_str();
    command->add_option("--level", request.pool.level, "Level of intervals (0.95, or 95)")
        ->capture_default_str();
    command->add_option("--add", options->add, "Continuity correction (default: that of the measure)");
    command->add_option("--to", options->to, "Where it is added: only0, if0all, all, none")
        ->check(CLI::IsMember({"only0", "if0all", "all", "none"}))
        ->capture_default_str();
    command->add_flag("--drop00", request.effects.drop00,
                      "Leave out studies without (or with only) events in both groups");
    command->add_option("--vtype", options->vtype, "Sampling variance, as in metafor (LS, UB, AV, HO, ...)");
    command->add_flag("--uncorrected", options->uncorrected, "Without the measure's small-sample correction");
    command->add_option("--mods", request.mods, "Moderators, as a formula: \"~ year + factor(alloc)\"");
    command
        ->add_option("--newmods", request.newmods,
                     "Predict at these values: year=1970,alloc=random (again for more)")
        ->allow_extra_args(false);
    command->add_option("--weights", request.weights, "Column with weights of your own");
    command->add_flag("--unweighted", request.unweighted, "Ordinary least squares, for comparison");
    command
        ->add_option("--struct", request.structure,
                     "Covariance of ~ inner | outer: CS HCS UN ID DIAG AR HAR CAR")
        ->capture_default_str();
    command->add_option("--vcov", request.vcov, "Robust standard errors: CR0, CR1, CR2")
        ->capture_default_str();
    command->add_option("--rho", request.rho, "Correlation of sampling errors of one study (--random, --rve)")
        ->check(CLI::Range(-1.0, 1.0));
    command->add_option("--steps", request.steps, "Selection models: bounds of P values (0.025,0.5)")
        ->delimiter(',');
    command
        ->add_option("--alternative", request.alternative, "Direction of selection: greater, less, two.sided")
        ->capture_default_str();
    command->add_option("--draws", request.draws, "Bootstrap: how many draws")->capture_default_str();
    command->add_option("--seed", request.seed, "Of everything random")->capture_default_str();
    command->add_option("--threads", request.threads, "0: all; the numbers do not depend on it")
        ->capture_default_str();
    const auto methods = app::section_methods();
    options->arguments.resize(methods.size());
    for (std::size_t i = 0; i < methods.size(); ++i) {
        const std::string name = "--" + std::string(methods[i].id);
        if (methods[i].argument.empty()) {
            command->add_flag(name)->description(std::string(methods[i].help))->group(section_group);
            continue;
        }
        auto* option = command->add_option(name, options->arguments[i], std::string(methods[i].help))
                           ->group(section_group);
        option->type_name(std::string(methods[i].argument));
        if (!methods[i].missing.empty()) option->expected(0, 1);
    }
    std::string kinds;
    for (const app::PlotMethod& plot : app::plot_methods())
        kinds += (kinds.empty() ? "" : ", ") + std::string(plot.id);
    command->add_option("--plot", options->plots, "KIND=FILE.svg or .png (again for more); kinds: " + kinds)
        ->allow_extra_args(false);
    command->add_flag("--r-script", request.script, "Print the metafor script that does the same, and stop");
    command->add_flag("--json", options->json, "Print the numbers as data (docs/formats/results.md)");
    command->add_flag("--ascii", options->ascii, "Draw without characters beyond ASCII");
    command->callback([command, options, &outcome] {
        auto& asked = options->request;
        if (options->list) {
            print(app::list_measures());
            return;
        }
        if (asked.file.empty())
            throw Error("usage", "meta needs a file (or --list-measures); see assay meta --help",
                        Exit::input);
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
            asked.vtype = options->vtype;
        }
        take_sections(*command, options->arguments, asked);
        take_plots(options->plots, asked);
        std::string bytes;
        if (asked.file == "-")
            bytes.assign(std::istreambuf_iterator<char>(std::cin), {});
        else
            bytes = read_file(asked.file);
        const auto result = app::meta(asked, bytes);
        print_diagnostics(result.diagnostics);
        if (result.diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        for (const auto& figure : result.figures)
            write_figure(figure);
        if (asked.script) {
            print(result.script);
            return;
        }
        print(options->json
                  ? app::meta_json(result)
                  : app::meta_text(result, terminal_width(), terminal_unicode() && !options->ascii));
        if (!result.analysis.main) outcome.exit = static_cast<int>(Exit::input);
    });
}

} // namespace assay::cli
