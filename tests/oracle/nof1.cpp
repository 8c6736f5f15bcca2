// Runs every case of a pair of files, N-of-1 data and answers of other programs, and closes with
// "N passed, M failed".
// usage: oracle_nof1 DATA.json POSTERIOR.json    simulated trials and their posteriors
//        oracle_nof1 DATA.csv|FOLDER ANSWERS.csv named estimates of tables, priors, weeks, carry-over, claims
#include "oracle/nof1.hpp"

#include "trial/counts.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace oracle {

namespace {

using Json = nlohmann::json;

constexpr double tolerance = 0.01;

std::string key(const Json& item) {
    std::string name =
        item.at("case").is_string() ? item.at("case").get<std::string>() : item.at("case").dump();
    if (item.contains("prior_logRR")) {
        const auto& prior = item.at("prior_logRR");
        name += " " + (prior.contains("name") ? prior.at("name").get<std::string>() : prior.dump());
    }
    return name;
}

/// The largest distance from the printed posterior, over every number it has that we know.
double distance(const assay::trial::CountPosterior& ours, const Json& theirs, std::string& where,
                std::string& unknown) {
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
    std::size_t known = 0;
    for (const auto& [name, value] : pairs) {
        if (!theirs.contains(name) || !theirs.at(name).is_number()) continue;
        ++known;
        const double off = std::fabs(value - theirs.at(name).get<double>());
        if (!(off <= worst)) {
            worst = off;
            where = name;
        }
    }
    for (const auto& [name, value] : theirs.items()) {
        bool found = false;
        for (const auto& pair : pairs)
            found = found || name == pair.first;
        if (!found) unknown += (unknown.empty() ? "" : ", ") + name;
    }
    return known > 0 ? worst : HUGE_VAL;
}

const Json& list_of(const Json& root) {
    return root.is_object() && root.contains("cases") ? root.at("cases") : root;
}

void run_case(const Json& item, const Json& answer, Tally& tally) {
    assay::trial::CountSeries series;
    series.y = item.at("y").get<std::vector<double>>();
    series.x = item.at("x").get<std::vector<double>>();
    series.z = assay::trial::scaled_time(item.at("week").get<std::vector<double>>());
    if (item.contains("exposure")) series.exposure = item.at("exposure").get<std::vector<double>>();
    const auto& from = answer.contains("prior_logRR") ? answer.at("prior_logRR") : item.at("prior_logRR");
    assay::trial::Prior prior;
    prior.mean = from.at("mean").get<double>();
    prior.sd = from.at("sd").get<double>();
    const auto ours = assay::trial::posterior(series, prior);
    std::string where, unknown;
    const double off = distance(ours, answer.at("posterior"), where, unknown);
    char text[200];
    std::snprintf(text, sizeof text, "largest difference %.1e (%s)%s", off, where.c_str(),
                  ours.converged ? "" : "; the mode search did not converge");
    tally.say(key(answer), off <= tolerance, text + (unknown.empty() ? "" : "; not compared: " + unknown));
}

void run_posteriors(const std::string& data_text, const std::string& answer_text, Tally& tally) {
    const auto data = Json::parse(data_text), answers = Json::parse(answer_text);
    for (const auto& answer : list_of(answers)) {
        const Json* found = nullptr;
        for (const auto& item : list_of(data))
            if (key(item) == key(answer)) found = &item;
        if (!found) // data may hold a case once, the answers one per prior
            for (const auto& item : list_of(data))
                if (!item.contains("prior_logRR") && item.at("case") == answer.at("case")) found = &item;
        if (!found)
            tally.say(key(answer), false, "no such case in the data");
        else if (!found->contains("y") || !found->contains("x") || !found->contains("week"))
            tally.say(key(answer), false, "not known: a case without y, x and week");
        else
            run_case(*found, answer, tally);
    }
}

} // namespace

void Tally::say(const std::string& name, bool good, const std::string& text) {
    ++(good ? passed : failed);
    std::printf("%-44s %s  %s\n", name.c_str(), good ? "passed" : "FAILED", text.c_str());
}

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace oracle

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: oracle_nof1 DATA.json POSTERIOR.json\n"
                             "       oracle_nof1 DATA.csv|FOLDER ANSWERS.csv\n");
        return 2;
    }
    try {
        oracle::Tally tally;
        const std::filesystem::path data = argv[1], answers = argv[2];
        const auto text = oracle::read(answers);
        const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        if (first != std::string::npos && (text[first] == '[' || text[first] == '{'))
            oracle::run_posteriors(oracle::read(data), text, tally);
        else
            oracle::run_table(data, answers.string(), text, tally);
        std::printf("%d passed, %d failed\n", tally.passed, tally.failed);
        return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "oracle_nof1: %s\n", error.what());
        return 2;
    }
}
