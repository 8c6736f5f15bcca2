// The engine's side of bench/search: indexes the records of a file once, then runs the strategy again and
// again. assay_bench_search RECORDS STRATEGY DIALECT REPETITIONS prints records, hits of the last line and
// one line of CPU milliseconds: of indexing, then of each run (parsing of the strategy included).
#include "base/bytes.hpp"
#include "base/files.hpp"
#include "records/formats.hpp"
#include "search/evaluate.hpp"
#include "search/index.hpp"
#include "search/parse.hpp"
#include "search/strategy.hpp"
#include "search/thesaurus.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace assay;

namespace {

double now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

} // namespace

int main(int count, char** words) {
    if (count < 5) {
        std::fprintf(stderr, "assay_bench_search RECORDS STRATEGY DIALECT REPETITIONS\n");
        return 2;
    }
    Diagnostics diagnostics;
    const FileBytes bytes(words[1], std::size_t{4} << 30);
    records::Stream stream(words[1], bytes, diagnostics);
    search::Index index;
    double indexing = 0;
    records::read_each(stream, diagnostics, {}, [&](model::Record&& record) {
        const double begin = now();
        index.add(record);
        indexing += now() - begin;
    });
    const double begin = now();
    index.finish();
    indexing += now() - begin;
    const std::string text = read_file(words[2]);
    const search::Thesaurus thesaurus = search::read_thesaurus({});
    const auto* language = search::find_dialect(words[3]);
    if (!language) return 2;
    std::string times;
    std::size_t hits = 0;
    for (int round = 0; round < std::atoi(words[4]); ++round) {
        const double start = now();
        const search::Cleaned cleaned = search::clean(words[2], text, diagnostics);
        const search::Strategy strategy = search::parse(cleaned, language->dialect, diagnostics);
        const auto found = search::evaluate(cleaned, strategy, index, thesaurus, diagnostics);
        times += " " + std::to_string(now() - start);
        hits = found.empty() ? 0 : found.back().count();
    }
    std::printf("%zu %zu\n%.1f%s\n", index.documents(), hits, indexing, times.c_str());
    return 0;
}
