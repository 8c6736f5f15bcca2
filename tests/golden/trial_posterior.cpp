// Posteriors of simulated trials against the numbers of another program (tests/data/nof1), and the fast
// approximation that planning uses against the exact integral.
#include "trial/counts.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

using namespace assay;

TEST_CASE("count model: 20 posteriors, to 1e-4 of the printed numbers; Laplace within 0.01") {
    const std::string root = ASSAY_SOURCE_DIR "/tests/data/nof1/";
    const auto data = nlohmann::json::parse(std::ifstream(root + "cramp_nof1_sim.json"));
    const auto answers = nlohmann::json::parse(std::ifstream(root + "cramp_nof1_sim_posterior.json"));
    int seen = 0;
    for (const auto& answer : answers)
        for (const auto& item : data.at("cases")) {
            if (item.at("case") != answer.at("case") ||
                item.at("prior_logRR").at("name") != answer.at("prior_logRR").at("name"))
                continue;
            ++seen;
            trial::CountSeries series;
            series.y = item.at("y").get<std::vector<double>>();
            series.x = item.at("x").get<std::vector<double>>();
            series.z = trial::scaled_time(item.at("week").get<std::vector<double>>());
            const trial::Prior prior{"", item.at("prior_logRR").at("mean"), item.at("prior_logRR").at("sd"),
                                     ""};
            const auto ours = trial::posterior(series, prior);
            const auto& theirs = answer.at("posterior");
            CAPTURE(item.at("case").get<std::string>());
            CHECK(ours.converged);
            const std::pair<const char*, double> pairs[] = {{"mean_logRR", ours.mean},
                                                            {"sd_logRR", ours.sd},
                                                            {"q025", ours.q025},
                                                            {"q50", ours.q50},
                                                            {"q975", ours.q975},
                                                            {"P_RR_lt_1", ours.p_below_1},
                                                            {"P_RR_lt_075", ours.p_below_075},
                                                            {"P_in_ROPE_091_110", ours.p_rope},
                                                            {"log_BF10", ours.log_bf10},
                                                            {"log_ml_M1", ours.log_ml}};
            for (const auto& [name, value] : pairs)
                CHECK_MESSAGE(std::fabs(value - theirs.at(name).get<double>()) < 1e-4, name);
            CHECK(std::fabs(trial::quick_p_below_1(series, std::vector{prior}).front() - ours.p_below_1) <
                  0.01);
        }
    CHECK(seen == 20);
}
