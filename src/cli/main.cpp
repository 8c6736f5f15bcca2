// The program: reads the command line, calls one function of app, prints. Exit codes are those of base/error.hpp.
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    CLI::App app{"assay: a compiler for evidence"};
    app.set_version_flag("--version", "assay " ASSAY_VERSION);
    CLI11_PARSE(app, argc, argv);
    return 0;
}
