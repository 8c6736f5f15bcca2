#include "cli/keyboard.hpp"

#include <cerrno>
#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace assay::cli {

namespace {

constexpr char control_c = 3, control_d = 4;

// Signal handlers can only reach what is global.
termios before{};
volatile std::sig_atomic_t changed = 0, new_size = 0;

void on_resize(int) {
    new_size = 1;
}

void on_end(int signal) {
    if (changed) tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::signal(signal, SIG_DFL);
    raise(signal);
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler; // without SA_RESTART, so that a wait for a key ends
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

} // namespace

Keyboard::Keyboard() {
    if (tcgetattr(STDIN_FILENO, &before) != 0) return;
    handle(SIGWINCH, on_resize);
    for (const int signal : {SIGTERM, SIGHUP, SIGQUIT})
        handle(signal, on_end);
    resume();
}

Keyboard::~Keyboard() {
    pause();
    for (const int signal : {SIGWINCH, SIGTERM, SIGHUP, SIGQUIT})
        handle(signal, SIG_DFL);
}

void Keyboard::pause() {
    if (changed) tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    changed = 0;
}

void Keyboard::resume() {
    termios now = before;
    // Control-C arrives as a key, so that a decision is never cut in half.
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    now.c_cc[VMIN] = 1, now.c_cc[VTIME] = 0;
    changed = 1;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &now) != 0) changed = 0;
}

Press Keyboard::wait() {
    for (;;) {
        if (new_size) {
            new_size = 0;
            return {0, Key::resized};
        }
        char key = 0;
        const auto got = ::read(STDIN_FILENO, &key, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got != 1 || key == control_c || key == control_d) return {};
        if (key != 0) return {key, Key::end};
    }
}

} // namespace assay::cli
