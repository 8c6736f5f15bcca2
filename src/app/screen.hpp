// Screening: replay of labelled reviews with any model, from the files a user has.
#pragma once

#include "base/diagnostics.hpp"
#include "base/progress.hpp"
#include "screen/simulate.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct SimulateRequest {
    std::string data; ///< path of the CSV
    std::string model = "default";
    std::string classifier, features, query, start; ///< names of their tables; empty: those of the model
    std::optional<double>
        balance; ///< what the included weigh beside the excluded; unset: as the classifier has it
    std::uint32_t seed = 1;
    std::string priors =
        "none"; ///< "none", or "1,1": how many included and excluded records are known from the start
    std::string prior_rows; ///< "3,1041": these rows instead (0-based)
    std::string protocol;   ///< path of a JSON file; empty: none
    std::string references; ///< path of a table id, cites (tab separated, may be gzip); empty: none
    unsigned repeat = 1;    ///< runs with seed, seed + 1, ...
    unsigned threads = 0;   ///< 0: one per core
};

/// Where a stopping rule would have ended the reading, priors not counted.
struct Stop {
    std::string rule;
    std::size_t read = 0;
    double recall = 0;
};

struct SimulatedRun {
    std::uint32_t seed = 0;
    screen::Replay replay;
    std::vector<Stop> stops; ///< one per rule; empty where nothing was left to find
};

/// A labelled review in memory; its texts look into the bytes of its file.
struct Labelled;

struct Simulation {
    std::string model; ///< its name, and what was changed in it
    std::string
        start; ///< how reading began: "priors", "protocol", "file order", "random order", "diverse order"
    std::size_t n = 0, n_relevant = 0;
    double reference_share = 0;  ///< what the references weighed; 0: none were used
    double links_per_record = 0; ///< shared references per record; 0 without a file
    std::vector<SimulatedRun> runs;
    std::vector<std::string> notes; ///< what the reader of the figures should know
    std::shared_ptr<const Labelled> data;
    Diagnostics diagnostics; ///< errors: nothing was run
};

Simulation simulate(const SimulateRequest& request, const Progress& progress = {});

/// The words of a protocol in JSON: title, objectives, questions and inclusion criteria (not what is to be
/// excluded). A file with protocols of several reviews is asked for the one named `review`.
std::string protocol_text(const std::string& path, const std::string& review);
/// The same of what was read before; `path` is for messages.
std::string protocol_words(const std::string& path, std::string_view bytes, const std::string& review);

/// Schema "assay/screen-simulate/1" (docs/methods/screening.md). `seconds`: what the caller's clock says.
std::string simulation_json(const Simulation& simulation, double seconds);

/// The figures as a table for a terminal.
std::string simulation_text(const Simulation& simulation, double seconds);

/// The tables of models and of their parts.
std::string list_screen_models();

} // namespace assay::app
