#include "base/process.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace assay {

namespace {

[[noreturn]] void refused(const std::string& program, int error) {
    throw Error("process/failed", "cannot run " + program + ": " + std::strerror(error), Exit::environment);
}

/// A socket pair, not a pipe: writing to a program that has stopped reading must not raise SIGPIPE in ours.
void connect(Descriptor& ours, Descriptor& theirs, const std::string& program) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) refused(program, errno);
    ours.value = ends[0];
    theirs.value = ends[1];
}

pid_t start(const std::string& program, std::span<const std::string> arguments, int in, int out,
            bool& found) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    found = error != ENOENT;
    if (error != 0 && found) refused(program, error);
    return child;
}

/// Writes and reads until the program closes its output. False: too much or too long.
bool exchange(Descriptor& in, int out, std::string_view input, std::string& output, std::size_t most,
              double seconds) {
    Descriptor timer; // the library asks no clock
    if (!start_timer(timer, seconds)) return false;
    char buffer[65536];
    while (true) {
        if (input.empty()) in.close();
        pollfd waiting[3] = {{out, POLLIN, 0}, {timer.value, POLLIN, 0}, {in.value, POLLOUT, 0}};
        const int ready = poll(waiting, in.value >= 0 ? 3 : 2, -1);
        if (ready < 0 && errno != EINTR) return false;
        if (ready <= 0) continue;
        if (waiting[1].revents != 0) return false;
        if (in.value >= 0 && waiting[2].revents != 0) {
            const ssize_t sent =
                send(in.value, input.data(), std::min<std::size_t>(input.size(), sizeof buffer),
                     MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0)
                input.remove_prefix(static_cast<std::size_t>(sent));
            else if (sent < 0 && errno != EAGAIN && errno != EINTR)
                input = {}; // it does not want the rest
        }
        if (waiting[0].revents != 0) {
            const ssize_t got = read(out, buffer, sizeof buffer);
            if (got == 0) return true;
            if (got < 0 && errno != EINTR) return true; // the other end is gone
            if (got > 0) output.append(buffer, static_cast<std::size_t>(got));
            if (output.size() > most) return false;
        }
    }
}

} // namespace

ProcessResult run_program(const std::string& program, std::span<const std::string> arguments,
                          std::string_view input, std::size_t most, double seconds) {
    Descriptor in, their_in, out, their_out;
    connect(in, their_in, program);
    connect(out, their_out, program);
    ProcessResult result;
    const pid_t child = start(program, arguments, their_in.value, their_out.value, result.found);
    if (!result.found) return result;
    their_in.close();
    their_out.close();
    if (!exchange(in, out.value, input, result.output, most, seconds)) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

} // namespace assay
