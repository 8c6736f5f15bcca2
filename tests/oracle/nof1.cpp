// Runs every case of a pair of files, simulated N-of-1 trials and their posteriors, against the count model,
// and closes with "N passed, M failed". usage: oracle_nof1 DATA.json POSTERIOR.json
#include "trial/counts.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::json;

constexpr double tolerance = 0.01;

Json read(const char* path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(std::string("cannot read ") + path);
    return Json::parse(in);
}

std::string key(const Json& item) {
    return item.at("case").get<std::string>() + " " + item.at("prior_logRR").at("name").get<std::string>();
}

/// The largest distance from the printed posterior, over every number it has.
double distance(const assay::trial::CountPosterior& ours, const Json& theirs, std::string& where) {
    const std::pair<const char*, double> pairs[] = {{"mean_logRR", ours.mean},
                                                    {"sd_logRR", ours.sd},
                                                    {"q025", ours.q025},
                                                    {"q50", ours.q50},
                                                    {"q975", ours.q975},
                                                    {"RR_median", ours.rr_median},
                                                    {"P_RR_lt_1", ours.p_below_1},
                                                    {"P_RR_lt_075", ours.p_below_075},
                                                    {"P_in_ROPE_091_110", ours.p_rope},
                                                    {"log_BF10", ours.log_bf10},
                                                    {"log_ml_M1", ours.log_ml}};
    double worst = 0;
    for (const auto& [name, value] : pairs) {
        if (!theirs.contains(name)) continue;
        const double off = std::fabs(value - theirs.at(name).get<double>());
        if (!(off <= worst)) {
            worst = off;
            where = name;
        }
    }
    return worst;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: oracle_nof1 DATA.json POSTERIOR.json\n");
        return 2;
    }
    try {
        const auto data = read(argv[1]);
        const auto answers = read(argv[2]);
        int passed = 0, failed = 0;
        for (const auto& answer : answers) {
            const Json* found = nullptr;
            for (const auto& item : data.at("cases"))
                if (key(item) == key(answer)) found = &item;
            if (!found) {
                std::printf("%s: no such case in the data\n", key(answer).c_str());
                ++failed;
                continue;
            }
            assay::trial::CountSeries series;
            series.y = found->at("y").get<std::vector<double>>();
            series.x = found->at("x").get<std::vector<double>>();
            series.z = assay::trial::scaled_time(found->at("week").get<std::vector<double>>());
            assay::trial::Prior prior;
            prior.mean = found->at("prior_logRR").at("mean").get<double>();
            prior.sd = found->at("prior_logRR").at("sd").get<double>();
            const auto ours = assay::trial::posterior(series, prior);
            std::string where;
            const double off = distance(ours, answer.at("posterior"), where);
            const bool good = off <= tolerance && ours.converged;
            ++(good ? passed : failed);
            std::printf("%-24s %s  largest difference %.1e (%s)\n", key(answer).c_str(),
                        good ? "passed" : "FAILED", off, where.c_str());
        }
        std::printf("%d passed, %d failed\n", passed, failed);
        return failed == 0 && passed > 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "oracle_nof1: %s\n", error.what());
        return 2;
    }
}
