// The compatible mode reads every recorded simulation of ASReview in ASReview's own order, and measures it
// the same.
#include "app/screen.hpp"
#include "base/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

namespace {

std::vector<std::string> split(const std::string& line, char separator) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, separator);)
        cells.push_back(cell);
    return cells;
}

// Long runs cost seconds each: of the two largest sets one run each is replayed here, bench/screen replays
// all.
bool left_to_the_bench(const std::string& set, const std::string& priors, const std::string& seed) {
    if (set == "Cohen_ACEInhibitors") return true;
    if (set == "Nagtegaal_2019" || set == "Radjenovic_2013" || set == "Jeyaraman_2020")
        return priors == "0" || seed != "4";
    return false;
}

} // namespace

TEST_CASE("screen: elas-u4 reads in ASReview's order and measures ASReview's figures") {
    const std::filesystem::path folder = std::filesystem::path(ASSAY_SHARED_DATA) / "screening";
    if (std::string(ASSAY_SHARED_DATA).empty() || !std::filesystem::exists(folder / "baseline_orders.tsv")) {
        MESSAGE("skipped: no shared data");
        return;
    }
    std::map<std::string, std::vector<std::string>> figures; // set, priors, seed -> row of baseline.csv
    std::stringstream baseline(assay::read_file(folder / "baseline.csv"));
    std::string line;
    std::getline(baseline, line);
    const auto header = split(line, ',');
    while (std::getline(baseline, line)) {
        const auto cells = split(line, ',');
        figures[cells[1] + " " + cells[4] + " " + cells[5]] = cells;
    }
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
    };
    int compared = 0;
    std::stringstream orders(assay::read_file(folder / "baseline_orders.tsv"));
    while (std::getline(orders, line)) {
        const auto cells = split(line, '\t');
        if (cells.size() != 4 || cells[2].find_first_not_of("0123456789") != std::string::npos) continue;
        if (left_to_the_bench(cells[0], cells[1], cells[2])) continue;
        CAPTURE(line.substr(0, 40));
        assay::app::SimulateRequest request;
        request.data = (folder / (cells[0] + ".csv")).string();
        request.model = "elas-u4";
        request.seed = static_cast<std::uint32_t>(std::stoul(cells[2]));
        request.priors = cells[1] == "0" ? "none" : "1,1";
        request.threads = 1;
        const auto simulation = assay::app::simulate(request);
        REQUIRE(simulation.runs.size() == 1);
        const auto& replay = simulation.runs[0].replay;
        std::string order;
        for (const std::size_t row : replay.order)
            order += (order.empty() ? "" : " ") + std::to_string(row);
        CHECK(order == cells[3]);
        const auto& row = figures.at(cells[0] + " " + (cells[1] == "0" ? "0" : "1") + " " + cells[2]);
        const auto printed = [&](const char* name) { return std::stod(row[column(name)]); };
        const auto& m = replay.metrics;
        constexpr double half_unit = 6e-6; // the baseline prints five decimals
        CHECK(std::abs(m.recall_10 - printed("recall10")) < half_unit);
        CHECK(std::abs(m.recall_20 - printed("recall20")) < half_unit);
        CHECK(std::abs(m.recall_50 - printed("recall50")) < half_unit);
        CHECK(std::abs(m.wss_95 - printed("wss95")) < half_unit);
        CHECK(std::abs(m.wss_95_classic - printed("wss95_classic")) < half_unit);
        CHECK(std::abs(m.atd - printed("atd")) < half_unit);
        CHECK(std::abs(m.loss - printed("loss")) < half_unit);
        CHECK(std::abs(m.ndcg - printed("ndcg")) < half_unit);
        CHECK(m.read_95 == static_cast<std::size_t>(printed("read95")));
        CHECK(m.read_100 == static_cast<std::size_t>(printed("read100")));
        ++compared;
    }
    CHECK(compared == 39);
}
