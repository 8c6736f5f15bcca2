// Several processes that do one task together, as mpirun starts them; the numerical work does not know of
// them.
#pragma once

#include <string>
#include <vector>

namespace assay::app {

class Processes {
public:
    virtual ~Processes() = default;
    virtual int rank() const = 0; ///< 0 .. size - 1; rank 0 prints
    virtual int size() const = 0;
    /// Rank 0 receives everyone's bytes in the order of ranks; the others nothing.
    virtual std::vector<std::string> gather(const std::string& bytes) = 0;
    /// Everyone receives the bytes of rank 0.
    virtual std::string broadcast(const std::string& bytes) = 0;
};

/// One process on its own.
class Alone final : public Processes {
public:
    int rank() const override { return 0; }
    int size() const override { return 1; }
    std::vector<std::string> gather(const std::string& bytes) override { return {bytes}; }
    std::string broadcast(const std::string& bytes) override { return bytes; }
};

} // namespace assay::app
