// assay screen read: one record after the other on the terminal, a key per decision. Where standard input is
// no terminal a line takes the place of a key, so that a script can do the same.
#include "app/screening.hpp"
#include "base/utf8.hpp"
#include "cli/keyboard.hpp"
#include "cli/prompt.hpp"
#include "cli/screen_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <unistd.h>

namespace assay::cli {

namespace {

struct Answer {
    char key = 'q';
    std::string rest;   ///< of a line: the reason
    bool again = false; ///< the window has a new size: show the record anew
    bool ended = false; ///< nothing more can come
};

struct KeyValue {
    char key;
    const char* value;
};
constexpr KeyValue decisions[] = {
    {'i', "include"}, {'e', "exclude"}, {'u', "unsure"}, {'n', "not-retrieved"}};

std::string keys_of(const std::string& stage, const app::Setup& setup) {
    std::string digits;
    if (!setup.reasons.empty())
        digits = fmt::format("1-{} exclude for a reason, ", std::min<std::size_t>(9, setup.reasons.size()));
    return "i include, e exclude, " + digits + "u unsure, " +
           (stage == "fulltext" ? "n not retrieved, " : "") +
           "z take back, c criteria, s what is known about the rest, q quit > ";
}

// One person at work: the record shown, and the keys.
class Reader {
public:
    Reader(app::Screening& screening, const std::string& by, const app::ScreeningRequest& request)
        : screening_(screening), by_(by), stage_(request.stage) {
        if (can_ask()) keyboard_ = std::make_unique<Keyboard>();
    }

    void run() {
        for (;;) {
            const auto queue = screening_.next(act_of(by_).who);
            if (queue.next.empty()) {
                print("\n" + app::queue_text(queue, terminal_width()));
                return;
            }
            if (!one(queue)) return;
        }
    }

private:
    // False: the person has finished.
    bool one(const app::Queue& queue) {
        show(queue);
        for (;;) {
            const Answer answer = ask_key();
            if (answer.again) {
                show(queue);
                continue;
            }
            if (answer.ended)
                print(fmt::format("the input has ended; every decision is in the store ({} just now)\n",
                                  made_));
            if (answer.ended || answer.key == 'q') return false;
            try {
                if (act(queue.next[0].record, answer)) return true;
            } catch (const Error& error) {
                if (error.exit != Exit::input) throw; // the disk is full: asking again does not help
                print(fmt::format("{}\n", error.what()));
            }
        }
    }

    // True: on to the next record.
    bool act(std::int64_t record, Answer answer) {
        if (answer.key == 's' && stage_ == "screen") {
            print(app::stop_text(screening_.stop()));
            return false;
        }
        if (answer.key == 'c') {
            print(app::criteria_text(screening_.setup(), terminal_width()));
            return false;
        }
        if (answer.key == 'z') {
            const auto event = screening_.undo(act_of(by_), 0, {});
            print(fmt::format("record {}: {} taken back\n", event.record, event.value));
            return true;
        }
        // A digit is the reason of that number, and the exclusion with it.
        const auto& reasons = screening_.setup().reasons;
        if (answer.key >= '1' && answer.key <= '9' && answer.rest.empty() &&
            static_cast<std::size_t>(answer.key - '0') <= reasons.size())
            answer = {'e', std::string(1, answer.key)};
        const char* value = nullptr;
        for (const KeyValue& known : decisions)
            if (known.key == answer.key) value = known.value;
        if (value == nullptr) {
            print(keyboard_ ? std::string("no decision has this key\n")
                            : keys_of(stage_, screening_.setup()) + "\n");
            return false;
        }
        if (answer.key == 'e' && stage_ == "fulltext" && answer.rest.empty() && keyboard_)
            answer.rest = ask_reason();
        const std::size_t number = std::strtoul(answer.rest.c_str(), nullptr, 10);
        if (answer.key == 'e' && number >= 1 && number <= reasons.size() &&
            answer.rest == std::to_string(number))
            answer.rest = reasons[number - 1];
        screening_.label(act_of(by_), {record, value, answer.rest, false});
        ++made_;
        print(fmt::format("record {}: {}{}\n", record, value,
                          answer.rest.empty() ? "" : " (" + safe_text(answer.rest) + ")"));
        return true;
    }

    void show(const app::Queue& queue) {
        const bool colour = isatty(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
        print("\n" + app::queue_text(queue, terminal_width(), colour));
        print("\n" + screening_.standing());
    }

    Answer ask_key() {
        if (!keyboard_) {
            const auto line = ask("");
            if (!line) return {'q', {}, false, true};
            if (line->empty()) return {' ', {}};
            const std::size_t word = std::min(line->find_first_not_of(' ', 1), line->size());
            return {line->front(), line->substr(word)};
        }
        print(keys_of(stage_, screening_.setup()));
        const Press press = keyboard_->wait();
        if (press.key == 0) {
            print("\n");
            return {'q', {}, press.other == Key::resized, press.other == Key::end};
        }
        print(press.key > ' ' && press.key <= '~' ? std::string(1, press.key) + "\n" : "\n");
        return {press.key, {}};
    }

    // A number from the list of the settings, or words.
    std::string ask_reason() {
        const auto& reasons = screening_.setup().reasons;
        for (std::size_t i = 0; i < reasons.size(); ++i)
            print(fmt::format("  {}  {}\n", i + 1, safe_text(reasons[i])));
        keyboard_->pause();
        const auto line = ask(reasons.empty() ? "reason: " : "number of the reason: ");
        keyboard_->resume();
        return line.value_or("");
    }

    app::Screening& screening_;
    std::string by_, stage_;
    std::unique_ptr<Keyboard> keyboard_; ///< empty: lines
    std::size_t made_ = 0;
};

} // namespace

void read_by_keys(app::Screening& screening, const std::string& by, const app::ScreeningRequest& request) {
    Reader(screening, by, request).run();
}

} // namespace assay::cli
