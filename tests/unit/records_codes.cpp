// Every message about files of records and about deduplication is given by some input.
#include "app/dedupe.hpp"
#include "app/records.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace assay;

TEST_CASE("each code of records and of deduplication is triggered") {
    std::set<std::string> seen;
    const std::string inputs[] = {
        std::string("TY  - JOUR\nTI  - A\0B     LK  - x\nER  - \n", 40),
        "TY  - JOUR\nTI  - M\xC3\x83\xC2\xBCller\n",
        "TY  - JOUR\nTI  - A\nER  - \nNL  - J Sleep\n",
        "TI  - M\xFCller\nAU  - B, C\nPY  - 1999\nER  - \n",
        "[{\"type\": \"book\", \"title\":",
        "<PubmedArticleSet><PubmedArticle><a></b></PubmedArticle><PubmedArticle>",
        "hello",
        "@article{a, title={T}\n@article{b, title={U}}",
        "<modsCollection><mods></mods></modsCollection>",
        "title,authors,year,doi\n\"A, B\nonly\n",
    };
    for (const std::string& input : inputs) {
        const auto read = app::read_records("in", input);
        for (const auto& d : read.diagnostics.items())
            seen.insert(d.code);
    }
    const auto unknown = app::read_records("in", "a,b\n1,2\n", "csv");
    for (const auto& d : unknown.diagnostics.items())
        seen.insert(d.code);
    app::DedupeRequest request;
    request.decisions = "first,second,decision\n1,2,same\n2,3,same\n1,3,different\n";
    const std::string table = "id,title\n1,a title\n2,b title\n3,c title\n";
    const auto deduped = app::dedupe(request, table);
    for (const auto& d : deduped.diagnostics.items())
        seen.insert(d.code);
    for (const DiagnosticCode& row : diagnostic_codes()) {
        if (row.code.substr(0, 7) != "record/" && row.code.substr(0, 7) != "dedupe/") continue;
        CAPTURE(row.code);
        CHECK(seen.contains(std::string(row.code)));
    }
}
