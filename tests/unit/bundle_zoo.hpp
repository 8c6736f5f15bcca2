// The zoo: a small valid review (tests/data/zoo/base) and cases that each break it in one way. A case is a
// text file:
//
//   # what is wrong, in a sentence
//   replace FILE          the line after '-' becomes the one after '+'; both may use \r \n \t \0 \xHH \\ (and
//   \e for -old line               "no line end here") +new line write FILE            the following lines
//   that start with '|' are the whole file |line delete FILE convert FILE crlf|cr|bom|utf16 expect the
//   messages, as `assay check` prints them
#pragma once

#include "base/files.hpp"
#include "bundle/check.hpp"
#include "certainty/appraise.hpp"
#include "effect/agreement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace zoo {

inline std::filesystem::path root() {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / "tests" / "data" / "zoo";
}

inline assay::bundle::Folder base() {
    assay::Diagnostics none;
    assay::bundle::Folder folder = assay::bundle::read_folder(root() / "base", none);
    REQUIRE(none.items().empty());
    return folder;
}

inline std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char c = text[++i];
        if (c == 'r')
            out += '\r';
        else if (c == 'n')
            out += '\n';
        else if (c == 't')
            out += '\t';
        else if (c == '0')
            out += '\0';
        else if (c == 'x' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else
            out += c;
    }
    return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

inline void replace_line(std::string& bytes, const std::string& from, const std::string& to) {
    const std::string text = "\n" + bytes;
    const std::size_t at = text.find("\n" + from + "\n");
    REQUIRE_MESSAGE(at != std::string::npos, "no such line: " << from);
    bytes.replace(at, from.size(), to);
}

inline std::string converted(const std::string& bytes, const std::string& how) {
    std::string out = how == "bom" ? "\xEF\xBB\xBF" : how == "utf16" ? "\xFF\xFE" : "";
    for (const char c : bytes) {
        if (how == "crlf" && c == '\n')
            out += "\r\n";
        else if (how == "cr" && c == '\n')
            out += '\r';
        else
            out += c;
        if (how == "utf16") out += '\0';
    }
    return out;
}

struct Case {
    std::string name;
    std::filesystem::path path;
    std::string head;     ///< everything down to the line "expect"
    std::string expected; ///< everything below
    assay::bundle::Folder folder;
};

inline void apply(Case& zoo_case) {
    auto& files = zoo_case.folder.files;
    std::string verb, file, from, to;
    for (const std::string& line : lines_of(zoo_case.head)) {
        if (line.empty() || line[0] == '#') continue;
        if (line[0] == '-')
            from = unescape(line.substr(1));
        else if (line[0] == '+')
            replace_line(files.at(file), from, unescape(line.substr(1)));
        else if (line[0] == '|')
            files[file] += unescape(line.substr(1)) + "\n";
        else {
            const std::size_t space = line.find(' '), second = line.find(' ', space + 1);
            verb = line.substr(0, space);
            file = space == std::string::npos ? "" : line.substr(space + 1, second - space - 1);
            if (verb == "delete")
                REQUIRE(files.erase(file) == 1);
            else if (verb == "write")
                files[file].clear();
            else if (verb == "convert")
                files[file] = converted(files.at(file), line.substr(second + 1));
            else if (verb == "clear")
                files.clear();
            else if (verb == "rename") {
                files[line.substr(second + 1)] = files.at(file);
                files.erase(file);
            } else
                REQUIRE_MESSAGE(verb == "replace", "unknown verb: " << line);
        }
    }
}

inline std::vector<Case> cases() {
    std::vector<Case> list;
    for (const auto& entry : std::filesystem::directory_iterator(root() / "cases")) {
        Case zoo_case;
        zoo_case.path = entry.path();
        zoo_case.name = entry.path().stem().string();
        const std::string text = assay::read_file(entry.path());
        const std::size_t at = text.find("\nexpect\n");
        zoo_case.head = at == std::string::npos ? text : text.substr(0, at + 1);
        if (at != std::string::npos) zoo_case.expected = text.substr(at + 8);
        zoo_case.folder = base();
        INFO(zoo_case.name);
        apply(zoo_case);
        list.push_back(std::move(zoo_case));
    }
    std::sort(list.begin(), list.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
    return list;
}

/// Measures and appraisal tools are other stages'; the zoo knows the measures of its base review.
inline assay::bundle::Vocabulary vocabulary() {
    static constexpr std::string_view measures[] = {"MD", "SMD", "RR", "OR", "RD"};
    assay::bundle::Vocabulary words = assay::bundle::format_vocabulary();
    words.measures = measures;
    words.stages = {assay::effect::disagreements, assay::certainty::appraisal_messages};
    return words;
}

inline std::string messages(assay::bundle::Folder folder) {
    assay::Diagnostics diagnostics;
    assay::bundle::read_and_check(std::move(folder), vocabulary(), diagnostics);
    std::string text;
    for (const assay::Diagnostic& item : diagnostics.sorted())
        text += to_text(item);
    return text;
}

} // namespace zoo
