// app::Processes by MPI. A module of its own, loaded by src/cli/gosh.cpp under mpirun only.
#include "app/processes.hpp"

#include <cstddef>
#include <mpi.h>

namespace {

// Messages are cut, as MPI counts in int.
constexpr std::size_t most = std::size_t{1} << 30;

class Mpi final : public assay::app::Processes {
public:
    Mpi() {
        MPI_Init(nullptr, nullptr);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        MPI_Comm_size(MPI_COMM_WORLD, &size_);
    }
    ~Mpi() override { MPI_Finalize(); }
    int rank() const override { return rank_; }
    int size() const override { return size_; }

    std::vector<std::string> gather(const std::string& bytes) override {
        std::vector<std::string> all;
        if (rank_ != 0) {
            send(bytes, 0);
            return all;
        }
        all.push_back(bytes);
        for (int from = 1; from < size_; ++from)
            all.push_back(receive(from));
        return all;
    }

    std::string broadcast(const std::string& bytes) override {
        if (rank_ != 0) return receive(0);
        for (int to = 1; to < size_; ++to)
            send(bytes, to);
        return bytes;
    }

private:
    static void send(const std::string& bytes, int to) {
        unsigned long size = bytes.size();
        MPI_Send(&size, 1, MPI_UNSIGNED_LONG, to, 0, MPI_COMM_WORLD);
        for (std::size_t at = 0; at < bytes.size(); at += most) {
            const auto count = static_cast<int>(bytes.size() - at < most ? bytes.size() - at : most);
            MPI_Send(bytes.data() + at, count, MPI_BYTE, to, 1, MPI_COMM_WORLD);
        }
    }
    static std::string receive(int from) {
        unsigned long size = 0;
        MPI_Recv(&size, 1, MPI_UNSIGNED_LONG, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        std::string bytes(size, '\0');
        for (std::size_t at = 0; at < bytes.size(); at += most) {
            const auto count = static_cast<int>(bytes.size() - at < most ? bytes.size() - at : most);
            MPI_Recv(bytes.data() + at, count, MPI_BYTE, from, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        }
        return bytes;
    }

    int rank_ = 0, size_ = 1;
};

} // namespace

/// Initialised on first use, finalised at exit.
extern "C" assay::app::Processes* assay_processes() {
    static Mpi mpi;
    return &mpi;
}
