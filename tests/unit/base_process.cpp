#include "base/process.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace assay;

TEST_CASE("a program gets its input and arguments and gives its output and exit code") {
    const std::vector<std::string> none, dollar{"-c", "cat; printf '%s' \"$0\"; exit 3", "$(id) `id`; x"};
    const std::string much(3'000'000, 'x'); // more than the buffers between two programs hold
    const auto echoed = run_program("cat", none, much);
    CHECK(echoed.found);
    CHECK(echoed.exit == 0);
    CHECK(echoed.output == much);
    const auto shell = run_program("sh", dollar, "in ");
    CHECK(shell.output == "in $(id) `id`; x");
    CHECK(shell.exit == 3);
}

TEST_CASE("a program that is not there, does not read, writes too much or takes too long") {
    const std::vector<std::string> none, sleep{"30"};
    CHECK_FALSE(run_program("no-such-program-anywhere", none).found);
    CHECK(run_program("true", none, std::string(3'000'000, 'x')).exit == 0);
    CHECK(run_program("yes", none, {}, 100'000).exit == 137);
    CHECK(run_program("sleep", sleep, {}, 100, 0.2).exit == 137);
}
