#include "base/error.hpp"

namespace assay {

void throw_bug(const char* condition, const char* file, int line) {
    throw Bug(std::string(file) + ":" + std::to_string(line) + ": expected " + condition);
}

} // namespace assay
