// One HTTP request to a server on this machine. No other host can be named, nothing is resolved, no redirect
// is followed, and both time and size are bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay {

/// http://127.x.x.x, http://localhost or http://[::1], with a port and a path.
struct LoopbackUrl {
    std::string host;        ///< an address: "127.0.0.1", "::1"
    bool six = false;        ///< IPv6
    std::uint16_t port = 80; ///< > 0
    std::string path;        ///< with its query; empty when the URL ends behind the port
};

/// Errors: "loopback/url" for anything else, names that would have to be looked up included.
LoopbackUrl parse_loopback(std::string_view url);

struct LoopbackReply {
    int status = 0;
    std::string body;
};

/// Sends `body` as JSON and waits for the whole reply. Errors: "loopback/refused" when nobody answers there,
/// "loopback/slow" after `seconds` in all, "loopback/long" beyond `most` bytes, "loopback/reply" when what
/// comes back is no reply or stops early.
LoopbackReply post_json(const LoopbackUrl& url, std::string_view body,
                        std::size_t most = std::size_t{1} << 20, double seconds = 20);

} // namespace assay
