// The documents say what the tables in the source say, and every code of the table is triggered by some test.
// ASSAY_UPDATE_DOCS=1 writes the generated parts anew.
#include "app/checklist.hpp"
#include "bundle/columns.hpp"
#include "bundle/describe.hpp"
#include "claims/base.hpp"
#include "person/profile.hpp"
#include "trial/diary.hpp"
#include "unit/bundle_zoo.hpp"

#include <cstdlib>
#include <set>

using namespace assay;

namespace {

std::filesystem::path doc(const char* name) {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / "docs" / "formats" / name;
}

bool updating() {
    return std::getenv("ASSAY_UPDATE_DOCS") != nullptr;
}

// Puts `wanted` in place of the lines that start with '|' below `heading`.
std::string with_table(const std::string& text, const std::string& heading, const std::string& wanted) {
    const std::size_t head = text.find("\n" + heading + "\n");
    REQUIRE_MESSAGE(head != std::string::npos, "no heading " << heading);
    const std::size_t begin = text.find("\n|", head) + 1;
    std::size_t end = begin;
    while (end < text.size() && text[end] == '|')
        end = text.find('\n', end) + 1;
    return text.substr(0, begin) + wanted + text.substr(end);
}

std::string codes_markdown() {
    std::string text = "| code | severity | what is wrong | what to do |\n|---|---|---|---|\n";
    for (const DiagnosticCode& row : diagnostic_codes())
        text += "| `" + std::string(row.code) + "` | " + std::string(to_string(row.severity)) + " | " +
                std::string(row.title) + " | " + std::string(row.remedy) + " |\n";
    return text;
}

std::string checks_markdown() {
    std::string text = "| check | what it asks |\n|---|---|\n";
    for (const bundle::Check& row : bundle::checks())
        text += "| " + std::string(row.name) + " | " + std::string(row.what) + " |\n";
    return text;
}

void compare(const char* name, const std::string& wanted) {
    const std::string text = read_file(doc(name));
    if (updating())
        write_file_atomic(doc(name), wanted);
    else
        CHECK_MESSAGE(text == wanted, name << " differs from the source; ASSAY_UPDATE_DOCS=1 writes it anew");
}

} // namespace

TEST_CASE("docs/formats/bundle.md lists the columns of the source") {
    std::string text = read_file(doc("bundle.md"));
    for (const bundle::Table& table : bundle::tables())
        text = with_table(text, "## " + std::string(table.file), bundle::columns_markdown(table));
    compare("bundle.md", text);
}

TEST_CASE("docs/formats/diagnostics.md lists the codes and checks of the source") {
    std::string text = read_file(doc("diagnostics.md"));
    text = with_table(text, "## Codes", codes_markdown());
    text = with_table(text, "## Checks", checks_markdown());
    compare("diagnostics.md", text);
}

TEST_CASE("the review.toml of docs/formats/bundle.md has no key or value that the reader refuses") {
    const std::string text = read_file(doc("bundle.md"));
    const std::size_t begin = text.find("```toml\n") + 8, end = text.find("```", begin);
    bundle::Folder folder;
    folder.files["review.toml"] = text.substr(begin, end - begin);
    Diagnostics diagnostics;
    bundle::read_review(std::move(folder), diagnostics);
    for (const Diagnostic& item : diagnostics.sorted()) {
        if (item.place.file != "review.toml") continue; // the tables are not there
        FAIL_CHECK(to_text(item));
    }
}

TEST_CASE("every code is triggered by a case of the zoo or by a test that makes its input") {
    std::set<std::string> triggered;
    const auto see = [&](const Diagnostics& diagnostics) {
        for (const Diagnostic& item : diagnostics.items())
            triggered.insert(item.code);
    };
    for (const zoo::Case& zoo_case : zoo::cases()) {
        Diagnostics diagnostics;
        bundle::read_and_check(zoo_case.folder, zoo::vocabulary(), diagnostics);
        see(diagnostics);
    }
    {
        Diagnostics missing; // a folder that is not there cannot be a case
        bundle::read_folder(zoo::root() / "bases", missing);
        see(missing);
    }
    {
        const auto folder = std::filesystem::temp_directory_path() / "assay-bundle-docs";
        std::filesystem::create_directories(folder / "arms.csv"); // a folder with the name of a table
        Diagnostics unreadable;
        bundle::read_folder(folder, unreadable);
        std::filesystem::remove_all(folder);
        see(unreadable);
    }
    {
        bundle::Folder folder = zoo::base(); // a megabyte is not worth committing
        zoo::replace_line(folder.files.at("conclusions.csv"),
                          "c2,,pool2012,strength,benefit,4.2 kg,strength rose by a few kilograms,",
                          "c2,,pool2012,strength,benefit,4.2 kg," + std::string(1 << 20, 'x') + ",");
        Diagnostics big;
        bundle::read_and_check(std::move(folder), zoo::vocabulary(), big);
        see(big);
        REQUIRE(big.items().size() == 1);
        CHECK(big.items()[0].place.line == 3);
        CHECK(to_text(big.items()[0]).size() < 500);
    }
    {
        Diagnostics profile; // a profile is no part of a review folder
        const person::ProfileTerms terms{"magnesium", 24.305, 2, {}, {}};
        person::read_profile("p.json", "{", terms, profile);
        person::read_profile("p.json", R"({"schema_version": "1", "age_years": -1, "sex": "male"})", terms,
                             profile);
        person::read_fhir("m.json", R"({"resourceType": "MedicationStatement", "status": "active"})",
                          profile);
        see(profile);
    }
    {
        Diagnostics facts; // a table of facts belongs to an audit
        claims::read_facts("facts.csv", "id,about,stance,found,source\nf1,zinc,perhaps,x,y\n", facts);
        see(facts);
    }
    {
        Diagnostics flow; // whether counts add up and links lead somewhere is asked above the folder's checks
        model::Review review;
        const Place place{"flow.csv", 2, 0};
        review.flow = {{"records_screened", "", 9, {}, {}, {}, place},
                       {"records_excluded", "", 2, {}, {}, {}, place},
                       {"dbr_sought_reports", "", 8, {}, {}, {}, place}};
        review.flow_accepted = {{"F3", 7, 9, "A", "today", "because", place}};
        review.checklist = {{"prisma2020", "99", "nowhere.txt", "", place}};
        app::check_stated_flow(review, flow);
        app::check_checklist_links(review, ".", flow);
        CHECK(flow.items().size() == 4);
        see(flow);
    }
    {
        Diagnostics diary; // nor is a diary
        trial::read_diary_json("d.json", "{", "cramps", diary);
        trial::read_diary_json("d.json", R"([{"date": "2026-02-30"}])", "cramps", diary);
        see(diary);
    }
    for (const DiagnosticCode& row : diagnostic_codes()) {
        const std::string_view family = row.code.substr(0, 7);
        if (family == "record/" || family == "dedupe/") continue; // records_codes.cpp
        if (row.code.substr(0, 6) == "store/") continue;          // app_store.cpp
        if (family == "search/") continue; // search_translate.cpp
        CHECK_MESSAGE(triggered.contains(std::string(row.code)), row.code << " is never triggered");
    }
}
