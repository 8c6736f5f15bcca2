// assay screen read: one record after the other on the terminal, a key per decision. Where standard input is
// no terminal a line takes the place of a key, so that a script can do the same.
#include "app/screening.hpp"
#include "cli/prompt.hpp"
#include "cli/screen_parts.hpp"

#include <fmt/format.h>

#include <memory>
#include <termios.h>
#include <unistd.h>

namespace assay::cli {

namespace {

constexpr char control_c = 3, control_d = 4;

// The terminal hands over each key at once and shows none, until this ends.
class KeyByKey {
public:
    KeyByKey() {
        ready_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        termios now = before_;
        // Control-C arrives as a key, so that the terminal is never left in this state.
        now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
        now.c_cc[VMIN] = 1, now.c_cc[VTIME] = 0;
        ready_ = ready_ && tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
    }
    ~KeyByKey() {
        if (ready_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    KeyByKey(const KeyByKey&) = delete;
    KeyByKey& operator=(const KeyByKey&) = delete;
    bool ready() const { return ready_; }

private:
    termios before_{};
    bool ready_ = false;
};

struct Answer {
    char key = 'q';
    std::string rest; ///< of a line: the reason
};

Answer read_answer(const std::string& question) {
    if (can_ask()) {
        print(question);
        const KeyByKey keys;
        char key = 'q';
        if (keys.ready()) {
            if (::read(STDIN_FILENO, &key, 1) != 1 || key == control_c || key == control_d) key = 'q';
            print(key >= ' ' && key <= '~' ? std::string(1, key) + "\n" : "\n");
            return {key, {}};
        }
    }
    const auto line = ask("");
    if (!line) return {};
    if (line->empty()) return {' ', {}};
    const std::size_t word = std::min(line->find_first_not_of(' ', 1), line->size());
    return {line->front(), line->substr(word)};
}

struct KeyValue {
    char key;
    const char* value;
};
constexpr KeyValue decisions[] = {
    {'i', "include"}, {'e', "exclude"}, {'u', "unsure"}, {'n', "not-retrieved"}};

std::string keys_of(const std::string& stage) {
    return std::string("i include, e exclude, u unsure, ") +
           (stage == "fulltext" ? "n not retrieved, " : "") +
           "z take back, s what is known about the rest, q quit > ";
}

// What reading so far says, for the line above the question. Where two people must agree it would tell what
// the other one decided, right after one's own decision and in time to take it back.
std::string standing(app::Screening& screening, const app::ScreeningRequest& request) {
    if (request.stage != "screen" || request.reviewers > 1) return {};
    const auto report = screening.stop(0.95, 0.95);
    std::string out = fmt::format("{} of {} read, {} kept, {} read since the last one kept", report.read,
                                  report.records, report.found, report.in_a_row);
    if (report.estimate) out += fmt::format("; recall by the gaps about {:.0f} %", 100 * *report.estimate);
    return out + "\n";
}

} // namespace

void read_by_keys(app::Screening& screening, const std::string& by, const app::ScreeningRequest& request) {
    const std::string& stage = request.stage;
    const std::string who = act_of(by).who;
    for (;;) {
        const auto queue = screening.next(who);
        print("\n" + app::queue_text(queue, terminal_width()));
        if (queue.next.empty()) return;
        const std::int64_t record = queue.next[0].record;
        print("\n" + standing(screening, request));
        bool settled = false;
        while (!settled) {
            Answer answer = read_answer(keys_of(stage));
            if (answer.key == 'q') return;
            try {
                if (answer.key == 's' && stage == "screen") {
                    print(app::stop_text(screening.stop(0.95, 0.95)));
                    continue;
                }
                if (answer.key == 'z') {
                    const auto event = screening.undo(act_of(by), 0, {});
                    print(fmt::format("record {}: {} taken back\n", event.record, event.value));
                    settled = true;
                    continue;
                }
                const char* value = nullptr;
                for (const KeyValue& known : decisions)
                    if (known.key == answer.key) value = known.value;
                if (value == nullptr) {
                    print(keys_of(stage) + "\n");
                    continue;
                }
                if (answer.key == 'e' && stage == "fulltext" && answer.rest.empty() && can_ask())
                    answer.rest = ask("reason: ").value_or("");
                screening.label(act_of(by), {record, value, answer.rest, false});
                print(fmt::format("record {}: {}\n", record, value));
                settled = true;
            } catch (const Error& error) {
                if (error.exit != Exit::input) throw; // the disk is full: asking again does not help
                print(fmt::format("{}\n", error.what()));
            }
        }
    }
}

} // namespace assay::cli
