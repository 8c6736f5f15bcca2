// The keyboard of a terminal, key by key, for as long as the object lives. The terminal is left as it was
// found, also where a signal ends the program.
#pragma once

#include <optional>

namespace assay::cli {

/// What a wait for a key can end with, beside the key.
enum class Key { end, resized };

struct Press {
    char key = 0;         ///< 0: `other` says what
    Key other = Key::end; ///< the input ended (hang-up, Control-C, Control-D), or the window has a new size
};

class Keyboard {
public:
    /// Standard input must be a terminal.
    Keyboard();
    ~Keyboard();
    Keyboard(const Keyboard&) = delete;
    Keyboard& operator=(const Keyboard&) = delete;

    Press wait();
    /// Whole lines again, until resume(): for a reason that is typed.
    void pause();
    void resume();
};

} // namespace assay::cli
