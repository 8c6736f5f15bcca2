// assay_goldens DIR [--family F]... [--skip a,b]: runs every case below DIR/cases (a folder of cases for each
// family, or one file with an array of them) with the data in DIR/data. One line per failing number, then the
// totals.
#include "base/error.hpp"
#include "families.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace assay::test;
namespace fs = std::filesystem;

namespace {

struct Request {
    fs::path folder;
    std::vector<std::string> only, skip;
};

std::vector<std::string> parts(const std::string& list) {
    std::vector<std::string> names;
    std::istringstream in(list);
    for (std::string name; std::getline(in, name, ',');)
        if (!name.empty()) names.push_back(name);
    return names;
}

std::optional<Request> read_arguments(int count, char** arguments) {
    Request request;
    for (int i = 1; i < count; ++i) {
        const std::string word = arguments[i];
        if (word == "--family" || word == "--skip") {
            if (++i == count) return std::nullopt;
            auto& list = word == "--skip" ? request.skip : request.only;
            for (auto& name : parts(arguments[i]))
                list.push_back(name);
        } else if (request.folder.empty() && word.rfind("--", 0) != 0)
            request.folder = word;
        else
            return std::nullopt;
    }
    if (request.folder.empty()) return std::nullopt;
    return request;
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

Json read_json(const fs::path& path) {
    std::ifstream in(path);
    return Json::parse(in);
}

std::vector<Case> cases_of(const fs::path& entry, const fs::path& data) {
    std::vector<fs::path> files;
    if (fs::is_directory(entry)) {
        for (const auto& file : fs::directory_iterator(entry))
            if (file.path().extension() == ".json") files.push_back(file.path());
    } else
        files.push_back(entry);
    std::sort(files.begin(), files.end());
    std::vector<Case> cases;
    const auto add = [&](const Json& golden) {
        cases.push_back({golden, golden.value("family", entry.stem().string()), data.string()});
    };
    for (const auto& file : files) {
        const Json content = read_json(file);
        if (content.is_array())
            for (const Json& golden : content)
                add(golden);
        else
            add(content);
    }
    return cases;
}

struct Outcome {
    std::vector<std::string> failures, explanations;
};

Outcome outcome_of(const Case& golden) {
    const auto all = families();
    const auto family =
        std::find_if(all.begin(), all.end(), [&](const Family& f) { return f.name == golden.family; });
    if (family == all.end()) return {{golden.id() + ": family '" + golden.family + "' is not supported"}, {}};
    Checker checker(golden);
    try {
        family->run(golden, checker);
        checker.finish();
        if (checker.compared() == 0) checker.fail("nothing was compared");
    } catch (const Unsupported& unsupported) {
        checker.fail("not supported: " + unsupported.what);
    } catch (const std::exception& error) {
        checker.fail(error.what());
    }
    return {checker.failures(), checker.explanations()};
}

} // namespace

int main(int count, char** arguments) {
    const auto request = read_arguments(count, arguments);
    if (!request) {
        std::cerr << "usage: assay_goldens DIR [--family F] [--skip a,b]\n";
        return 2;
    }
    std::vector<fs::path> entries;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(request->folder / "cases", unreadable))
        entries.push_back(entry.path());
    if (unreadable || entries.empty()) {
        std::cerr << "assay_goldens: no cases below " << (request->folder / "cases").string() << "\n";
        return 2;
    }
    std::sort(entries.begin(), entries.end());
    int passed = 0, failed = 0, explained = 0;
    for (const auto& entry : entries) {
        const std::string family = entry.stem().string();
        if (contains(request->skip, family) || (!request->only.empty() && !contains(request->only, family)))
            continue;
        int good = 0, bad = 0;
        for (const Case& golden : cases_of(entry, request->folder / "data")) {
            const Outcome outcome = outcome_of(golden);
            for (const std::string& line : outcome.failures)
                std::cout << line << "\n";
            for (const std::string& line : outcome.explanations)
                std::cout << "explained: " << line << "\n";
            explained += outcome.failures.empty() && !outcome.explanations.empty();
            (outcome.failures.empty() ? good : bad) += 1;
        }
        if (bad) std::cout << family << ": " << good << " passed, " << bad << " failed\n";
        passed += good;
        failed += bad;
    }
    if (explained)
        std::cout << explained
                  << " of the passed differ where a computed proof says why (docs/methods/differences.md)\n";
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed || passed == 0 ? 1 : 0;
}
