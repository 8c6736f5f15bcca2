// Work cut into numbered blocks and done by several threads; results go to slots, so that they do not depend
// on the number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace assay::synth {

/// Threads that the machine has; at least one.
inline unsigned machine_threads() {
    return std::max(1u, std::thread::hardware_concurrency());
}

/// Calls work(block, thread) for each block in [first, last); a thread takes the next block when it is done
/// with one. The first exception is thrown again after all threads have ended.
template<class Work> void for_blocks(std::uint64_t first, std::uint64_t last, unsigned threads, Work work) {
    if (threads <= 1 || last - first <= 1) {
        for (std::uint64_t block = first; block < last; ++block)
            work(block, 0u);
        return;
    }
    std::atomic<std::uint64_t> next{first};
    std::exception_ptr failure;
    std::mutex guard;
    std::vector<std::thread> pool;
    for (unsigned t = 0; t < threads; ++t)
        pool.emplace_back([&, t] {
            try {
                for (std::uint64_t block = next++; block < last; block = next++)
                    work(block, t);
            } catch (...) {
                const std::lock_guard lock(guard);
                if (!failure) failure = std::current_exception();
                next = last;
            }
        });
    for (std::thread& thread : pool)
        thread.join();
    if (failure) std::rethrow_exception(failure);
}

} // namespace assay::synth
