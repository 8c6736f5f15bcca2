#include "report/csp.hpp"

#include "base/sha256.hpp"

#include <cstdint>

namespace assay::report {

namespace {

std::uint32_t nibble(char hex) {
    return static_cast<std::uint32_t>(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

/// Base64 of the bytes written as lower-case hexadecimal digits (RFC 4648, section 4).
std::string base64_of_hex(std::string_view hex) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < hex.size(); at += 6) { // three bytes make four letters
        const std::size_t digits = hex.size() - at < 6 ? hex.size() - at : 6;
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 6; ++i)
            bits = bits << 4 | (i < digits ? nibble(hex[at + i]) : 0);
        const std::size_t kept = digits / 2 + 1;
        for (std::size_t i = 0; i < 4; ++i)
            out += i < kept ? letters[bits >> (18 - 6 * i) & 63] : '=';
    }
    return out;
}

std::string named(std::string_view bytes) { return "'sha256-" + base64_of_hex(sha256(bytes)) + "'"; }

} // namespace

std::string content_policy(std::string_view style, std::string_view script) {
    return "default-src 'none'; style-src " + named(style) + "; script-src " + named(script) +
           "; img-src data:; base-uri 'none'; form-action 'none'";
}

} // namespace assay::report
