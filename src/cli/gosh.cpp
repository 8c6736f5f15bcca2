// assay gosh FILE.csv|DIR: every subset of the studies; under mpirun the subsets are shared between
// processes.
#include "app/gosh.hpp"

#include "base/files.hpp"
#include "base/module.hpp"
#include "cli/command.hpp"
#include "synth/parallel.hpp"

#include <cstdlib>
#include <memory>

namespace assay::cli {

namespace {

/// Processes that were started together (mpirun, srun), through a module beside the program that is only
/// loaded then: runs without it know nothing of MPI.
app::Processes& processes() {
    static app::Alone alone;
    const char* count = std::getenv("OMPI_COMM_WORLD_SIZE");
    if (!count) count = std::getenv("PMI_SIZE");
    if (!count || std::atoi(count) < 2) return alone;
    std::string tried;
    using Make = app::Processes* (*)();
    const auto make = reinterpret_cast<Make>(module_function("libassay_mpi.so", "assay_processes", &tried));
    if (!make)
        throw Error("gosh/mpi",
                    "several processes were started, but " + tried +
                        " cannot be loaded: assay was built without OpenMPI",
                    Exit::environment);
    return *make();
}

} // namespace

void add_gosh(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::GoshRequest request;
        std::map<std::string, std::string> columns;
        std::string place, to = "only0";
        double add = -1;
        int threads = 0;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto& request = options->request;
    request.meta.pool.test = "z";
    auto* command = app.add_subcommand("gosh", "Pool every subset of the studies (GOSH); also under mpirun");
    command->add_option("FILE", options->place, "A CSV as for assay meta, or a review folder")->required();
    command->add_option("--analysis", request.analysis, "Of the review; default: its first");
    command->add_option("--measure", request.meta.measure, "Effect measure (GEN: yi with vi or sei)")
        ->capture_default_str();
    for (std::size_t i = 0; i < static_cast<std::size_t>(effect::Role::count); ++i) {
        const std::string role(effect::role_name(static_cast<effect::Role>(i)));
        command->add_option("--" + role, options->columns[role], "Column")
            ->group("Columns (default: a column of that name)");
    }
    command->add_option("--slab", request.meta.slab, "Column with study labels");
    command->add_option("--model", request.meta.pool.model, "random or common")
        ->check(CLI::IsMember({"random", "common"}))
        ->capture_default_str();
    command->add_option("--method", request.meta.pool.method, "Estimator of tau2")->capture_default_str();
    command->add_option("--add", options->add, "Continuity correction (default: that of the measure)");
    command->add_option("--to", options->to, "Where it is added: only0, if0all, all, none")
        ->check(CLI::IsMember({"only0", "if0all", "all", "none"}))
        ->capture_default_str();
    command->add_option("--sample", request.sample, "This many random subsets instead of all");
    command->add_option("--seed", request.seed, "Of the sample")->capture_default_str();
    command->add_option("--threads", options->threads,
                        "Default: all cores; one for each process under mpirun");
    command->add_option("--quantiles", request.probabilities, "Probabilities, between 0 and 1")
        ->check(CLI::Range(0.0, 1.0));
    command->add_flag("--json", options->json, "Print the numbers as data (docs/formats/gosh.md)");
    command->callback([options, &outcome] {
        auto& asked = options->request;
        for (const auto& [role, column] : options->columns)
            if (!column.empty()) asked.meta.columns[role] = column;
        if (asked.meta.pool.model == "common") asked.meta.pool.method = "IV";
        if (options->add >= 0) asked.meta.effects.add = options->add;
        asked.meta.effects.to = *effect::add_to_of(options->to);
        std::string csv;
        if (std::filesystem::is_directory(options->place))
            asked.folder = options->place;
        else {
            asked.meta.file = options->place;
            csv = read_file(options->place);
        }
        app::Processes& all = processes();
        asked.threads = options->threads > 0 ? static_cast<unsigned>(options->threads)
                        : all.size() > 1     ? 1
                                             : synth::machine_threads();
        const auto result = app::gosh(asked, csv, all);
        if (all.rank() != 0) return;
        print_diagnostics(result.diagnostics);
        if (result.diagnostics.has_errors()) {
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        print(options->json ? app::gosh_json(result) : app::gosh_text(result));
    });
}

} // namespace assay::cli
