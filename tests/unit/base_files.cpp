// Reading and writing whole files, and naming their content.
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {
struct Scratch {
    fs::path path = fs::temp_directory_path() / ("assay-base-files-" + std::to_string(::getpid()));
    Scratch() { fs::create_directories(path); }
    ~Scratch() { fs::remove_all(path); }
};

std::string failure(const fs::path& path, std::size_t limit = 1000) {
    try {
        read_file(path, limit);
    } catch (const Error& error) {
        CHECK(error.code == "file/unreadable");
        return error.what();
    }
    return "";
}
} // namespace

TEST_CASE("a written file reads back, and is replaced as a whole") {
    const Scratch scratch;
    const fs::path file = scratch.path / "a.csv";
    std::string bytes("one\0two\n", 8);
    write_file_atomic(file, bytes);
    CHECK(read_file(file) == bytes);
    write_file_atomic(file, "");
    CHECK(read_file(file) == "");
    CHECK(std::distance(fs::directory_iterator(scratch.path), fs::directory_iterator()) ==
          1); // nothing left beside it
}

TEST_CASE("what goes wrong with a file names the path and the reason") {
    const Scratch scratch;
    CHECK(failure(scratch.path / "none.csv").find("none.csv: No such file") != std::string::npos);
    CHECK(failure(scratch.path).find("it is a folder") != std::string::npos);
    write_file_atomic(scratch.path / "big", std::string(1001, 'x'));
    CHECK(failure(scratch.path / "big").find("it has 1001 bytes; at most 1000 bytes are read") !=
          std::string::npos);
    CHECK(failure(scratch.path / "big", 1001) == "");
    CHECK_THROWS_AS(write_file_atomic(scratch.path / "no" / "such" / "folder", "x"), Error);
}

TEST_CASE("sizes in words") {
    CHECK(size_text(12) == "12 bytes");
    CHECK(size_text(1536) == "1.5 KiB");
    CHECK(size_text(std::size_t{256} << 20) == "256.0 MiB");
}

TEST_CASE("SHA-256: the examples of FIPS 180-4 and the million a") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    Sha256 hash;
    for (int i = 0; i < 1000; ++i)
        hash.update(std::string(1000, 'a'));
    CHECK(hash.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
