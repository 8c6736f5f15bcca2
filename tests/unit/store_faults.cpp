// The store when the world is against it: killed programs, two at once, full disks, files that are no stores.
#include "base/error.hpp"
#include "store/store.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("assay_faults_" + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string file(const char* name = "review.db") const { return (path / name).string(); }
};

store::Event event(int number) {
    store::Event e;
    e.kind = "label", e.record = number, e.stage = "screen", e.value = "include";
    return e;
}

// Appends events for ever, each committed id goes into the pipe.
[[noreturn]] void append_until_killed(const std::string& file, int pipe) {
    auto s = store::Store::open(file, true);
    for (int i = 1;; ++i) {
        const std::int64_t id = s.append({"child", "2026-11-22T10:00:00Z"}, event(i));
        if (write(pipe, &id, sizeof id) != sizeof id) _exit(1);
    }
}

std::string code_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.code;
    }
    return "no error";
}

} // namespace

TEST_CASE("store: a kill at any moment loses nothing that was committed") {
    const Folder folder;
    store::Store::open(folder.file(), true);
    std::set<std::int64_t> promised;
    for (int round = 0; round < 8; ++round) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            append_until_killed(folder.file(), ends[1]);
        }
        close(ends[1]);
        usleep(static_cast<useconds_t>(20000 + 7000 * round));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        std::int64_t id = 0;
        while (read(ends[0], &id, sizeof id) == sizeof id)
            promised.insert(id);
        close(ends[0]);
    }
    auto s = store::Store::open(folder.file(), false);
    std::set<std::int64_t> found;
    s.each_event([&](const store::Event& e) { return found.insert(e.id).second; });
    CHECK(promised.size() > 8);
    for (const std::int64_t id : promised)
        CHECK(found.count(id) == 1);
    std::string sound;
    s.database().query("PRAGMA integrity_check", {},
                       [&](std::span<const store::Cell> row) { sound = row[0].text; });
    CHECK(sound == "ok");
}

TEST_CASE("store: an import that is killed leaves all of it or nothing") {
    const Folder folder;
    store::Store::open(folder.file(), true);
    std::vector<model::Record> records(3000);
    for (auto& r : records)
        r.title = "Title";
    int whole = 0;
    for (int round = 0; round < 4; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            auto s = store::Store::open(folder.file(), false);
            store::SourceFile source;
            source.label = "A";
            s.import({"child", "2026-11-22T10:00:00Z"}, source, records);
            _exit(0);
        }
        usleep(static_cast<useconds_t>(3000 + 9000 * round));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        whole += WIFEXITED(status) ? 1 : 0;
    }
    auto s = store::Store::open(folder.file(), false);
    CHECK(s.count_records() % 3000 == 0);
    CHECK(s.count_records() >= 3000 * whole);
    CHECK(s.sources().size() * 3000 == static_cast<std::size_t>(s.count_records()));
}

TEST_CASE("store: two programs write at once without loss") {
    const Folder folder;
    pid_t children[2];
    for (pid_t& child : children) {
        child = fork();
        if (child == 0) { // both may be the one that makes the file
            auto s = store::Store::open(folder.file(), true);
            for (int i = 1; i <= 150; ++i)
                s.append({"child", "2026-11-22T10:00:00Z"}, event(i));
            _exit(0);
        }
    }
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    auto s = store::Store::open(folder.file(), false);
    int count = 0;
    s.each_event([&](const store::Event&) { return ++count > 0; });
    CHECK(count == 300);
}

TEST_CASE("store: a full disk keeps the store as it was") {
    const Folder folder;
    auto s = store::Store::open(folder.file(), true);
    s.append({"ann", "2026-11-22T10:00:00Z"}, event(1));
    const auto pages = s.database().number("PRAGMA page_count");
    s.database().script("PRAGMA max_page_count=" + std::to_string(pages + 4));
    std::vector<model::Record> records(500);
    for (auto& r : records)
        r.title = std::string(500, 'x');
    store::SourceFile source;
    source.label = "too much";
    CHECK(code_of([&] { s.import({"ann", "2026-11-22T10:01:00Z"}, source, records); }) == "store/full");
    CHECK(s.count_records() == 0);
    s.append({"ann", "2026-11-22T10:02:00Z"}, event(2));
    CHECK(s.labels().size() == 2);
}

TEST_CASE("store: files that cannot be stores") {
    const Folder folder;
    CHECK(code_of([&] { store::Store::open(folder.file("none.db"), false); }) == "store/missing");
    std::ofstream(folder.file("text.db")) << std::string(5000, 'a');
    CHECK(code_of([&] { store::Store::open(folder.file("text.db"), true); }) == "store/foreign");
    {
        auto other = store::open_sqlite(folder.file("other.db"), true);
        other->script("PRAGMA application_id=0; CREATE TABLE theirs(x)");
    }
    CHECK(code_of([&] { store::Store::open(folder.file("other.db"), true); }) == "store/foreign");
    CHECK(code_of([&] { store::Store::open((folder.path / "no" / "folder.db").string(), true); }) ==
          "store/unreadable");
    auto s = store::Store::open(folder.file(), true);
    s.database().script("PRAGMA query_only=ON");
    CHECK(code_of([&] { s.append({"ann", "2026-11-22T10:00:00Z"}, event(1)); }) == "store/read-only");
    if (!store::has_postgres()) MESSAGE("skipped: built without libpqxx");
    CHECK(code_of([&] { store::Store::open("postgresql://nobody@127.0.0.1:1/none", true); }) ==
          (store::has_postgres() ? "store/unreachable" : "store/no-postgres"));
}
