// A review folder in one string: each file starts with a line "@@ name".
#pragma once

#include "bundle/folder.hpp"

#include <string>
#include <string_view>

inline assay::bundle::Folder split_folder(std::string_view bytes) {
    assay::bundle::Folder folder;
    folder.name = "fuzz";
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::size_t next = bytes.find("@@ ", at + 1);
        if (next == std::string_view::npos) next = bytes.size();
        std::string_view part = bytes.substr(at, next - at);
        at = next;
        if (part.substr(0, 3) != "@@ ") continue;
        part.remove_prefix(3);
        const std::size_t end = part.find('\n');
        if (end == std::string_view::npos) continue;
        folder.files[std::string(part.substr(0, end))] = std::string(part.substr(end + 1));
    }
    return folder;
}
