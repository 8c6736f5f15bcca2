#include "base/module.hpp"

#include <dlfcn.h>
#include <filesystem>

namespace assay {

void* module_function(const std::string& file, const char* name, std::string* tried) {
    std::error_code problem;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
    if (problem) return nullptr;
    const auto beside = program.parent_path();
    for (const auto& folder : {beside, beside.parent_path()}) { // tests run in a folder of their own
        const auto place = folder / file;
        if (tried) *tried = (beside / file).string();
        // Never closed: what it made lives as long as the program.
        if (void* handle = dlopen(place.c_str(), RTLD_NOW | RTLD_GLOBAL))
            if (void* found = dlsym(handle, name)) return found;
    }
    return nullptr;
}

} // namespace assay
