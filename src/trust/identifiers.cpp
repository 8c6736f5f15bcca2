#include "trust/identifiers.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>

namespace assay::trust {

namespace {

struct Registry {
    std::string_view prefix;
    int least, most; ///< digits that follow
    std::string_view expected;
};

// Formats as the registries describe them; entries of the WHO platform (ICTRP).
constexpr std::array<Registry, 9> registries{{{"NCT", 8, 8, "NCT and 8 digits"},
                                              {"ISRCTN", 8, 8, "ISRCTN and 8 digits"},
                                              {"ACTRN", 14, 14, "ACTRN and 14 digits"},
                                              {"DRKS", 8, 8, "DRKS and 8 digits"},
                                              {"UMIN", 9, 9, "UMIN and 9 digits"},
                                              {"KCT", 7, 7, "KCT and 7 digits"},
                                              {"TCTR", 11, 11, "TCTR and 11 digits"},
                                              {"PACTR", 15, 16, "PACTR and 15 or 16 digits"},
                                              {"NTR", 2, 4, "NTR and 2 to 4 digits"}}};

using ascii::digit;
using ascii::letter;

template<class Visit> void each_number(std::string_view text, Visit visit) {
    for (const Registry& registry : registries) {
        for (std::size_t at = text.find(registry.prefix); at != std::string_view::npos;
             at = text.find(registry.prefix, at + 1)) {
            if (at > 0 && letter(text[at - 1])) continue; // ISRCTN holds CTN, PACTR holds ACTR
            std::size_t first = at + registry.prefix.size();
            while (first < text.size() && (text[first] == ' ' || text[first] == '-' || text[first] == ':'))
                ++first;
            std::size_t end = first;
            while (end < text.size() && digit(text[end]))
                ++end;
            if (end == first || (end < text.size() && letter(text[end])))
                continue; // the name of the registry only
            visit(registry, text.substr(at, end - at), static_cast<int>(end - first));
        }
    }
}

bool counting_up(std::string_view digits) {
    constexpr std::size_t telling = 6;
    std::size_t run = 1;
    for (std::size_t i = 1; i < digits.size(); ++i) {
        run = digits[i] == digits[i - 1] + 1 ? run + 1 : 1;
        if (run >= telling) return true;
    }
    return false;
}

} // namespace

std::vector<BadIdentifier> bad_registry_numbers(std::string_view text) {
    std::vector<BadIdentifier> bad;
    each_number(text, [&](const Registry& registry, std::string_view number, int digits) {
        if (digits >= registry.least && digits <= registry.most) return;
        BadIdentifier made;
        made.text = number;
        made.expected = registry.expected;
        bad.push_back(std::move(made));
    });
    return bad;
}

bool has_registry_number(std::string_view text) {
    bool any = false;
    each_number(text, [&](const Registry&, std::string_view, int) { any = true; });
    return any;
}

std::string doi_trouble(std::string_view doi) {
    const std::size_t slash = doi.find('/');
    if (doi.substr(0, 3) != "10." || slash == std::string_view::npos || slash + 1 >= doi.size())
        return "A DOI is 10., a number of the publisher, a slash and a suffix.";
    const std::string_view publisher = doi.substr(3, slash - 3);
    if (publisher.size() < 4 ||
        !std::all_of(publisher.begin(), publisher.end(), [](char c) { return digit(c) || c == '.'; }))
        return "The number of the publisher after 10. has at least four digits.";
    if (doi.find(' ') != std::string_view::npos) return "A DOI has no spaces.";
    for (std::size_t at = slash + 1; at < doi.size(); ++at) {
        std::size_t end = at;
        while (end < doi.size() && digit(doi[end]))
            ++end;
        const std::string_view run = doi.substr(at, end - at);
        if (counting_up(run)) return "Its digits count up, as placeholders do; no resolver was asked.";
        if (run.size() >= 6 && std::all_of(run.begin(), run.end(), [&](char c) { return c == run.front(); }))
            return "Its digits are all the same, as placeholders are; no resolver was asked.";
        at = std::max(at, end);
    }
    return {};
}

} // namespace assay::trust
