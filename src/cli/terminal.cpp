// The terminal: printing, its width, progress of long work.
#include "cli/command.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace assay::cli {

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
    if (errno == EPIPE) std::_Exit(0); // `assay ... | head`: the reader has seen enough
    throw Error("output/failed", std::string("cannot write to standard output: ") + std::strerror(errno));
}

void print_diagnostics(const Diagnostics& diagnostics) {
    for (const auto& diagnostic : diagnostics.sorted()) std::fputs(to_text(diagnostic).c_str(), stderr);
    auto counted = [](std::size_t n, const char* what) {
        return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
    };
    const auto errors = diagnostics.count(Severity::error), warnings = diagnostics.count(Severity::warning);
    if (errors + warnings > 0)
        std::fprintf(stderr, "%s, %s\n", counted(errors, "error").c_str(), counted(warnings, "warning").c_str());
}

Progress progress() {
    using clock = std::chrono::steady_clock;
    // For logs and tests whose output must not depend on how busy the machine is.
    if (const char* wish = std::getenv("ASSAY_PROGRESS"); wish && std::string_view(wish) == "never")
        return [](std::string_view, std::size_t, std::size_t) { return true; };
    struct State {
        clock::time_point start = clock::now(), last = start;
        bool shown = false;
    };
    auto state = std::make_shared<State>();
    const bool terminal = isatty(STDERR_FILENO);
    return [state, terminal](std::string_view what, std::size_t done, std::size_t total) {
        const auto now = clock::now();
        if (now - state->start < std::chrono::seconds(1)) return true;
        if (state->shown && now - state->last < std::chrono::milliseconds(terminal ? 100 : 2000)) return true;
        state->last = now;
        state->shown = true;
        std::fprintf(stderr, terminal ? "\r%.*s %zu/%zu " : "%.*s %zu/%zu\n", static_cast<int>(what.size()), what.data(),
                     done, total);
        return true;
    };
}

int terminal_width() {
    if (const char* columns = std::getenv("COLUMNS")) {
        const int width = std::atoi(columns);
        if (width >= 40 && width <= 1000) return width;
    }
    winsize size{};
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
    return 100;
}

bool terminal_unicode() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (!value || !*value) continue;
        return std::strstr(value, "UTF-8") || std::strstr(value, "utf8") || std::strstr(value, "UTF8");
    }
    return false;
}

} // namespace assay::cli
