// What the files of the oracle program share.
#pragma once

#include <filesystem>
#include <string>

namespace oracle {

struct Tally {
    int passed = 0, failed = 0;
    void say(const std::string& name, bool good, const std::string& text);
};

std::string read(const std::filesystem::path& path);

/// Answers in a CSV file; its header says which kind they are.
void run_table(const std::filesystem::path& data, const std::string& file, const std::string& answers,
               Tally& tally);

} // namespace oracle
