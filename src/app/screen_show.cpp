// A simulation as data and as a table for a terminal.
#include "app/screen.hpp"
#include "app/screen_labelled.hpp"
#include "screen/models.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::app {

namespace {

nlohmann::ordered_json run_json(const Simulation& simulation, const SimulatedRun& run) {
    nlohmann::ordered_json json;
    json["seed"] = run.seed;
    json["priors"] = nlohmann::ordered_json::array();
    json["order"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < run.replay.order.size(); ++i) {
        const std::size_t row = run.replay.order[i];
        if (i < run.replay.priors) json["priors"].push_back(row);
        json["order"].push_back(std::string(simulation.data->ids[row]));
    }
    const screen::Metrics& m = run.replay.metrics;
    auto& metrics = json["metrics"] = nlohmann::ordered_json::object();
    const std::pair<const char*, double> figures[] = {{"recall_10", m.recall_10},
                                                      {"recall_20", m.recall_20},
                                                      {"recall_50", m.recall_50},
                                                      {"wss_95", m.wss_95},
                                                      {"wss_95_classic", m.wss_95_classic},
                                                      {"rrf_10", m.rrf_10},
                                                      {"atd", m.atd},
                                                      {"loss", m.loss},
                                                      {"ndcg", m.ndcg}};
    const bool measured = simulation.n_relevant > 0 && m.read_100 > 0;
    for (const auto& [name, value] : figures)
        metrics[name] = measured ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
    metrics["read_95"] = measured ? nlohmann::ordered_json(m.read_95) : nlohmann::ordered_json();
    metrics["read_100"] = measured ? nlohmann::ordered_json(m.read_100) : nlohmann::ordered_json();
    json["refits"] = run.replay.refits;
    auto& stopping = json["stopping"] = nlohmann::ordered_json::array();
    for (const Stop& stop : run.stops)
        stopping.push_back({{"rule", stop.rule}, {"read", stop.read}, {"recall", stop.recall}});
    return json;
}

} // namespace

std::string simulation_json(const Simulation& simulation, double seconds) {
    nlohmann::ordered_json json;
    json["schema"] = "assay/screen-simulate/1";
    json["model"] = simulation.model;
    json["start"] = simulation.start;
    json["n"] = simulation.n;
    json["n_relevant"] = simulation.n_relevant;
    json["reference_share"] = simulation.reference_share;
    json["links_per_record"] = simulation.links_per_record;
    json["notes"] = simulation.notes;
    if (simulation.runs.size() == 1)
        json.update(run_json(simulation, simulation.runs[0]));
    else {
        json["runs"] = nlohmann::ordered_json::array();
        for (const SimulatedRun& run : simulation.runs)
            json["runs"].push_back(run_json(simulation, run));
    }
    json["seconds"] = seconds;
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string simulation_text(const Simulation& simulation, double seconds) {
    std::string text = fmt::format("{} records, {} relevant; model {}, start: {}{}\n", simulation.n,
                                   simulation.n_relevant, simulation.model, simulation.start,
                                   simulation.reference_share > 0 ? ", with references" : "");
    for (const std::string& note : simulation.notes)
        text += "note: " + note + "\n";
    if (simulation.n_relevant == 0) return text;
    text += fmt::format("{:>6} {:>7} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8}\n", "seed", "read", "recall@10",
                        "recall@20", "WSS@95", "loss", "NDCG", "read@95");
    for (const SimulatedRun& run : simulation.runs) {
        const screen::Metrics& m = run.replay.metrics;
        text += fmt::format("{:>6} {:>7} {:>9.3f} {:>9.3f} {:>8.3f} {:>8.4f} {:>8.3f} {:>8}\n", run.seed,
                            run.replay.order.size(), m.recall_10, m.recall_20, m.wss_95, m.loss, m.ndcg,
                            m.read_95);
    }
    if (!simulation.runs[0].stops.empty())
        text +=
            fmt::format("\n{:<40} {:>9} {:>13}\n", "had reading stopped by", "mean read", "lowest recall");
    for (std::size_t rule = 0; rule < simulation.runs[0].stops.size(); ++rule) {
        double read = 0, lowest = 1;
        for (const SimulatedRun& run : simulation.runs) {
            read += static_cast<double>(run.stops[rule].read) / static_cast<double>(simulation.runs.size());
            lowest = std::min(lowest, run.stops[rule].recall);
        }
        text += fmt::format("{:<40} {:>9.0f} {:>13.3f}\n", simulation.runs[0].stops[rule].rule, read, lowest);
    }
    std::size_t refits = 0;
    for (const SimulatedRun& run : simulation.runs)
        refits += run.replay.refits;
    return text + fmt::format("\n{} refits in {:.2f} s\n", refits, seconds);
}

std::string list_screen_models() {
    std::string text;
    for (const screen::Model& model : screen::models())
        text += fmt::format("{:<10} {}\n", model.name, model.title);
    const auto part = [&](const char* option, const auto& table) {
        text += fmt::format("\nparts of the default that {} changes\n", option);
        for (const auto& row : table)
            text += fmt::format("{:<17} {}\n", row.name, row.title);
    };
    part("--features", screen::feature_makers());
    part("--classifier", screen::classifiers());
    part("--query", screen::query_strategies());
    return text;
}

} // namespace assay::app
