#include "cli/prompt.hpp"

#include "text/encoding.hpp"
#include "text/number.hpp"

#include <cstdio>
#include <unistd.h>

namespace assay::cli {

std::optional<std::string> ask(const std::string& question) {
    constexpr std::size_t longest = 10000;
    std::fputs(question.c_str(), stderr);
    std::fflush(stderr);
    std::string line;
    int c = 0;
    while ((c = std::fgetc(stdin)) != EOF && c != '\n')
        if (line.size() < longest) line += static_cast<char>(c);
    if (!can_ask()) std::fputs("\n", stderr);
    if (c == EOF && line.empty()) return std::nullopt;
    return std::string(text::trim(line));
}

double ask_number(const std::string& question, double low, double high, double usual) {
    for (;;) {
        const auto answer = ask(question + " [" + text::format_number(usual) + "] ");
        if (!answer || answer->empty()) return usual;
        const auto parsed = text::parse_number(*answer);
        if (parsed.value && *parsed.value >= low && *parsed.value <= high) return *parsed.value;
        std::fprintf(stderr, "  a number from %s to %s, please%s\n", text::format_number(low).c_str(),
                     text::format_number(high).c_str(),
                     parsed.hint.empty() ? "" : (": " + parsed.hint).c_str());
    }
}

bool can_ask() {
    return isatty(STDIN_FILENO) != 0;
}

} // namespace assay::cli
