#include "base/descriptor.hpp"

#include <cmath>
#include <sys/timerfd.h>
#include <unistd.h>

namespace assay {

void Descriptor::close() {
    if (value >= 0) ::close(value);
    value = -1;
}

bool start_timer(Descriptor& timer, double seconds) {
    timer.value = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const double whole = std::floor(seconds);
    const itimerspec end{{0, 0},
                         {static_cast<time_t>(whole), static_cast<long>((seconds - whole) * 1e9) + 1}};
    return timer.value >= 0 && timerfd_settime(timer.value, 0, &end, nullptr) == 0;
}

} // namespace assay
