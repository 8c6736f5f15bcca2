// The canonical form: what it changes, what it keeps, what it refuses.
#include "bundle/describe.hpp"
#include "bundle/write.hpp"
#include "text/csv.hpp"
#include "unit/bundle_zoo.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

using namespace assay;

namespace {
struct Scratch {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("assay-bundle-write-" + std::to_string(::getpid()));
    Scratch() {
        std::filesystem::remove_all(path);
        std::filesystem::copy(zoo::root() / "base", path);
    }
    ~Scratch() { std::filesystem::remove_all(path); }
};
} // namespace

TEST_CASE("the base review is in canonical form already, but for datapackage.json") {
    Diagnostics diagnostics;
    bundle::Folder wanted = bundle::canonical(zoo::base(), diagnostics);
    CHECK(diagnostics.items().empty());
    CHECK(wanted.files.erase("datapackage.json") == 1);
    CHECK(wanted.files == zoo::base().files);
}

TEST_CASE("canonical form: order of columns, LF, no BOM, least quotes, no spaces; numbers stay as typed") {
    bundle::Folder folder = zoo::base();
    folder.files.at("rob.csv") = "\xEF\xBB\xBFstatus,study,tool,domain,judgement,source\r\npublished,"
                                 "\"north2001\", RoB 2 ,\"a, b\",low,pool2012\r\n\r\n";
    zoo::replace_line(
        folder.files.at("published.csv"), zoo::lines_of(folder.files.at("published.csv"))[1],
        "pool2012.lp,strength,leg-press,strength-md,Pool 2012,2012,leg press strength,MD,creatine minus "
        "placebo,4.20,0.5,7.90,2,93,31,low,printed,pool2012,Figure 2");
    folder.files.at("review.toml") += "  \r\n\r\n";
    Diagnostics diagnostics;
    const bundle::Folder wanted = bundle::canonical(folder, diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
    CHECK(wanted.files.at("rob.csv") ==
          "study,tool,domain,judgement,status,source\nnorth2001,RoB 2,\"a, b\",low,published,pool2012\n");
    CHECK(wanted.files.at("published.csv").find(",4.20,0.5,7.90,") != std::string::npos);
    CHECK(wanted.files.at("review.toml") == zoo::base().files.at("review.toml"));
}

TEST_CASE("formatting refuses what it would have to guess, and writes nothing") {
    for (const char* name : {"csv-open-quote", "csv-ragged", "text-latin1", "csv-unknown-column", "text-nul",
                             "csv-stray-quote", "csv-semicolons", "csv-duplicate-column"}) {
        CAPTURE(name);
        const auto all = zoo::cases();
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const zoo::Case& c) { return c.name == name; });
        REQUIRE(found != all.end());
        const Scratch scratch;
        for (const auto& [file, bytes] : found->folder.files)
            write_file_atomic(scratch.path / file, bytes);
        Diagnostics diagnostics;
        CHECK(bundle::format_folder(scratch.path, false, diagnostics).empty());
        CHECK(diagnostics.has_errors());
        for (const auto& [file, bytes] : found->folder.files)
            CHECK(read_file(scratch.path / file) == bytes);
        CHECK_FALSE(std::filesystem::exists(scratch.path / "datapackage.json"));
    }
}

TEST_CASE("formatting a folder: check first, then write, then nothing is left to do") {
    const Scratch scratch;
    const auto crlf = zoo::converted(read_file(scratch.path / "arms.csv"), "crlf");
    write_file_atomic(scratch.path / "arms.csv", crlf);
    Diagnostics diagnostics;
    const std::vector<std::string> both{"arms.csv", "datapackage.json"};
    CHECK(bundle::format_folder(scratch.path, true, diagnostics) == both);
    CHECK(read_file(scratch.path / "arms.csv") == crlf);
    CHECK(bundle::format_folder(scratch.path, false, diagnostics) == both);
    CHECK(read_file(scratch.path / "arms.csv") == zoo::base().files.at("arms.csv"));
    CHECK(bundle::format_folder(scratch.path, false, diagnostics).empty());
    CHECK(diagnostics.items().empty());
}

TEST_CASE("datapackage.json describes the columns the tables have") {
    const auto json = nlohmann::json::parse(bundle::datapackage_json(zoo::base()));
    CHECK(json["name"] == "creatine");
    REQUIRE(json["resources"].size() == 9);
    const auto& arms = json["resources"][2];
    CHECK(arms["path"] == "arms.csv");
    CHECK(arms["schema"]["primaryKey"] == "id");
    CHECK(arms["schema"]["fields"].size() == 16);
    CHECK(arms["schema"]["fields"][3]["constraints"]["enum"].size() == 4);
    CHECK(arms["schema"]["foreignKeys"][0]["reference"]["resource"] == "studies");
}

TEST_CASE("the tables of the base review, written from the model, say the same") {
    Diagnostics diagnostics;
    bundle::Folder folder = zoo::base();
    folder.files["flow.csv"] = "box,label,n,source\nrecords_screened,,400,pool2012\n"
                               "dbr_excluded,\"no control, or none\",12,\n";
    folder.files["flow_accepted.csv"] = "check,left,right,who,when,why\nF3,9,8,A. B.,2026-11-21,twice\n";
    folder.files["prisma.csv"] = "checklist,item,where,note\nprisma2020,24a,https://example.org/r,\n";
    const bundle::Loaded first = bundle::read_review(folder, diagnostics);
    REQUIRE(first.review.flow.size() == 2);
    for (const bundle::Table& table : bundle::tables())
        folder.files[std::string(table.file)] = bundle::write_table(first.review, table.id);
    CHECK(zoo::messages(folder) == "");
    CHECK(folder.files.at("flow_accepted.csv").find("F3,9,8,A. B.,2026-11-21,twice") != std::string::npos);
    const bundle::Loaded second = bundle::read_review(folder, diagnostics);
    for (const bundle::Table& table : bundle::tables())
        CHECK(bundle::write_table(second.review, table.id) == folder.files.at(std::string(table.file)));
    CHECK(folder.files.at("arms.csv") == zoo::base().files.at("arms.csv"));
}
