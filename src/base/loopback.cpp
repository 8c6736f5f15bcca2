#include "base/loopback.hpp"

#include "base/ascii.hpp"
#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace assay {

namespace {

// Status line and headers: no honest server needs more.
constexpr std::size_t longest_head = 16384;

[[noreturn]] void bad_url(std::string_view url, const char* why) {
    throw Error("loopback/url", in_quotes(url) + ": " + why, Exit::input);
}

std::string shown(const LoopbackUrl& url) {
    return (url.six ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

[[noreturn]] void failed(const char* code, const LoopbackUrl& url, const std::string& why) {
    throw Error(code, shown(url) + ": " + why);
}

bool whole_number(std::string_view text, std::size_t& value) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// Waits until the socket is ready; false when time is up.
bool wait(int socket, short events, int timer) {
    while (true) {
        pollfd waiting[2] = {{socket, events, 0}, {timer, POLLIN, 0}};
        const int ready = poll(waiting, 2, -1);
        if (ready < 0 && errno != EINTR) return false;
        if (ready <= 0) continue;
        if (waiting[1].revents != 0) return false;
        if (waiting[0].revents != 0) return true;
    }
}

void dial(const LoopbackUrl& url, Descriptor& socket, int timer) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(url.port);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(url.port);
    six.sin6_addr = in6addr_loopback;
    if (!url.six) inet_pton(AF_INET, url.host.c_str(), &four.sin_addr);
    socket.value = ::socket(url.six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket.value < 0) failed("loopback/refused", url, std::strerror(errno));
    const auto* address =
        url.six ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
    int error = 0;
    if (::connect(socket.value, address, url.six ? sizeof six : sizeof four) != 0) error = errno;
    if (error == EINPROGRESS || error == EINTR) {
        if (!wait(socket.value, POLLOUT, timer)) failed("loopback/slow", url, "no answer in time");
        socklen_t size = sizeof error;
        if (getsockopt(socket.value, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    }
    if (error != 0) failed("loopback/refused", url, std::strerror(error));
}

void send_all(const LoopbackUrl& url, int socket, int timer, std::string_view bytes) {
    while (!bytes.empty()) {
        if (!wait(socket, POLLOUT, timer)) failed("loopback/slow", url, "no answer in time");
        const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return; // it may have answered already; reading tells
    }
}

/// What is known of a reply once its head is complete.
struct Head {
    int status = 0;
    std::size_t size = 0;              ///< bytes up to the body
    std::optional<std::size_t> length; ///< of the body
};

using ascii::to_lower;

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::optional<Head> head_of(const LoopbackUrl& url, const std::string& bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos || end > longest_head) {
        if (bytes.size() > longest_head) failed("loopback/reply", url, "the reply is no HTTP");
        return std::nullopt;
    }
    Head head;
    head.size = end + 4;
    std::size_t status = 0;
    if (bytes.compare(0, 7, "HTTP/1.") != 0 || end < 12 || bytes[8] != ' ' ||
        !whole_number(std::string_view(bytes).substr(9, 3), status) || status < 100)
        failed("loopback/reply", url, "the reply is no HTTP");
    head.status = static_cast<int>(status);
    std::size_t at = bytes.find("\r\n");
    while (at < end) {
        const std::size_t next = bytes.find("\r\n", at + 2);
        const std::string_view line = std::string_view(bytes).substr(at + 2, next - at - 2);
        at = next;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        std::string_view value = line.substr(colon + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
            value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        if (same_name(line.substr(0, colon), "transfer-encoding"))
            failed("loopback/reply", url, "a reply in chunks to an HTTP/1.0 request");
        if (!same_name(line.substr(0, colon), "content-length")) continue;
        std::size_t length = 0;
        if (!whole_number(value, length) || (head.length && *head.length != length))
            failed("loopback/reply", url, "the reply does not say how long it is");
        head.length = length;
    }
    return head;
}

} // namespace

LoopbackUrl parse_loopback(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (url.substr(0, scheme.size()) != scheme)
        bad_url(url, "an address of this machine begins with http://");
    for (const char c : url)
        if (c <= ' ' || c > '~' || c == '#') bad_url(url, "a character that cannot stand in an address");
    std::string_view rest = url.substr(scheme.size());
    const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
    LoopbackUrl made;
    made.path = rest.substr(slash);
    if (!made.path.empty() && made.path[0] == '?') made.path.insert(0, "/");
    std::string_view host = rest.substr(0, slash), port;
    // Where a bracket is open, colons are part of the host.
    const std::size_t closing = host.rfind(']');
    const std::size_t colon = host.find(':', closing == std::string_view::npos ? 0 : closing);
    if (colon != std::string_view::npos) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
        std::size_t value = 0;
        if (!whole_number(port, value) || value == 0 || value > 65535)
            bad_url(url, "no port from 1 to 65535");
        made.port = static_cast<std::uint16_t>(value);
    }
    in_addr address{};
    made.six = host == "[::1]";
    if (made.six)
        made.host = "::1";
    else
        made.host = host == "localhost" ? "127.0.0.1" : std::string(host); // never asked of a name server
    if (!made.six &&
        (inet_pton(AF_INET, made.host.c_str(), &address) != 1 || (ntohl(address.s_addr) >> 24) != 127))
        bad_url(url, "only this machine may be asked: localhost, 127.0.0.1 or [::1]");
    return made;
}

LoopbackReply post_json(const LoopbackUrl& url, std::string_view body, std::size_t most, double seconds) {
    Descriptor timer, socket;
    if (!start_timer(timer, seconds)) failed("loopback/refused", url, std::strerror(errno));
    dial(url, socket, timer.value);
    // HTTP/1.0: the reply comes in one piece and ends with the connection.
    std::string bytes = "POST " + (url.path.empty() ? "/" : url.path) + " HTTP/1.0\r\nHost: " + shown(url) +
                        "\r\nContent-Type: application/json\r\nAccept: application/json\r\nConnection: "
                        "close\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n";
    bytes += body;
    send_all(url, socket.value, timer.value, bytes);
    bytes.clear();
    std::optional<Head> head;
    char buffer[65536];
    while (!(head && head->length && bytes.size() - head->size >= *head->length)) {
        if (!wait(socket.value, POLLIN, timer.value)) failed("loopback/slow", url, "no answer in time");
        const ssize_t got = recv(socket.value, buffer, sizeof buffer, 0);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got <= 0) break;
        bytes.append(buffer, static_cast<std::size_t>(got));
        if (!head) head = head_of(url, bytes);
        if (bytes.size() > most || (head && head->length && *head->length > most))
            failed("loopback/long", url, "a reply of more than " + std::to_string(most) + " bytes");
    }
    if (!head) failed("loopback/reply", url, "the connection was closed without a reply");
    LoopbackReply reply;
    reply.status = head->status;
    reply.body = bytes.substr(head->size);
    if (head->length) {
        if (reply.body.size() < *head->length) failed("loopback/reply", url, "the reply stops early");
        reply.body.resize(*head->length);
    }
    return reply;
}

} // namespace assay
