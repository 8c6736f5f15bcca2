// A descriptor of the operating system that closes itself, and one that tells when time is up.
#pragma once

namespace assay {

/// Closed at the end of its scope.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int opened) : value(opened) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void close();
    int value = -1;
};

/// Makes `timer` a descriptor that becomes readable after `seconds`: the library waits for it in poll() and
/// asks no clock. False when the system refuses.
bool start_timer(Descriptor& timer, double seconds);

} // namespace assay
