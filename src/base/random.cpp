#include "base/random.hpp"

#include <cmath>

namespace assay {

namespace {

std::uint64_t split_mix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

constexpr std::uint64_t rotate(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

} // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) {
    // The stream is mixed on its own first: neighbouring seeds and streams share no state.
    std::uint64_t other = stream;
    std::uint64_t state = seed ^ split_mix(other);
    for (std::uint64_t& word : state_)
        word = split_mix(state);
}

std::uint64_t Random::bits() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
}

double Random::uniform() {
    // 52 bits and a half step: symmetric about 1/2 and open at both ends.
    return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52;
}

double Random::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    double x = 0, y = 0, square = 0;
    do {
        x = 2 * uniform() - 1;
        y = 2 * uniform() - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    spare_ = y * scale;
    has_spare_ = true;
    return x * scale;
}

std::uint64_t Random::below(std::uint64_t size) {
    // Numbers past the last whole multiple of `size` are drawn again; otherwise small results would be likelier.
    const std::uint64_t limit = size * (UINT64_MAX / size);
    std::uint64_t draw = bits();
    while (draw >= limit)
        draw = bits();
    return draw % size;
}

} // namespace assay
