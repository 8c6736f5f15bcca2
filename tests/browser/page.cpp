// Writes the report of the invented creatine review, for the browser test: page FOLDER
#include "report/html.hpp"
#include "report/results_json.hpp"
#include "support/creatine.hpp"

#include <fstream>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::string folder = argv[1];
    std::ofstream(folder + "/index.html", std::ios::binary) << assay::report::html(creatine::review(), creatine::results());
    std::ofstream(folder + "/results.json", std::ios::binary)
        << assay::report::results_json(creatine::review(), creatine::results());
    return 0;
}
