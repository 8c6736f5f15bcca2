#include "bundle/folder.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "bundle/columns.hpp"

#include <algorithm>
#include <vector>

namespace assay::bundle {

namespace fs = std::filesystem;

namespace {

void report_missing_folder(const fs::path& path, Diagnostics& diagnostics) {
    std::error_code ignored;
    const bool is_file = fs::exists(path, ignored);
    // A slip in the last part of the path: look at what stands beside it.
    std::vector<std::string> beside;
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!is_file)
        for (fs::directory_iterator at(parent, ignored), end; !ignored && at != end; at.increment(ignored))
            if (at->is_directory(ignored)) beside.push_back(at->path().filename().string());
    std::sort(beside.begin(), beside.end());
    const std::string near = nearest_name(path.filename().string(), beside);
    diagnostics.add("folder/missing", {path.string(), 0, 0},
                    is_file ? "this is a file; a review is a folder with review.toml and tables"
                            : "there is no such folder",
                    near.empty() ? ""
                                 : "did you mean " + in_quotes((path.parent_path() / near).string()) + "?");
}

bool wanted(const fs::path& name) {
    return name == "review.toml" || name == "grade.toml" || name.extension() == ".csv";
}

} // namespace

std::string Folder::digest() const {
    Sha256 hash;
    const auto feed = [&](const std::string& name) {
        const auto file = files.find(name);
        if (file == files.end()) return;
        hash.update(name + '\0' + std::to_string(file->second.size()) + '\0');
        hash.update(file->second);
    };
    feed("review.toml");
    feed("grade.toml");
    for (const Table& table : tables())
        feed(std::string(table.file));
    return hash.finish();
}

Folder read_folder(const fs::path& path, Diagnostics& diagnostics) {
    Folder folder;
    folder.name = path.string();
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
        report_missing_folder(path, diagnostics);
        folder.unreadable.emplace("", "missing");
        return folder;
    }
    fs::directory_iterator at(path, failure);
    for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
        const std::string name = at->path().filename().string();
        if (!wanted(at->path().filename())) continue;
        try {
            folder.files.emplace(name, read_file(at->path()));
        } catch (const Error& error) {
            folder.unreadable.emplace(name, error.what());
            diagnostics.add("file/unreadable", {name, 0, 0}, error.what());
        }
    }
    if (failure) {
        folder.unreadable.emplace("", failure.message());
        diagnostics.add("file/unreadable", {path.string(), 0, 0},
                        "cannot list the folder: " + failure.message());
    }
    return folder;
}

} // namespace assay::bundle
