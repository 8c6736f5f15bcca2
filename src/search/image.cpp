#include "search/image.hpp"

#include "base/error.hpp"

#include <cstring>
#include <limits>
#include <zlib.h>

namespace assay::search {

namespace {

// Raise it when the layout or what is indexed of a record changes: older files are then made anew.
constexpr std::uint32_t version = 1;
constexpr std::uint32_t order_mark = 0x01020304; // a file from a machine with the other byte order

struct Header {
    char magic[8];
    std::uint32_t version, order;
    std::uint64_t documents, words, letters, postings;
    std::uint32_t checksum, unused; // CRC-32 of all that follows
    char key[64];
};
static_assert(sizeof(Header) % 8 == 0);
constexpr std::string_view magic = "assayidx";
constexpr std::size_t after_checksum = offsetof(Header, checksum) + sizeof(Header::checksum);

std::uint32_t checksum(const std::string& bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()) + after_checksum,
                bytes.size() - after_checksum));
}

// Widest numbers first, so that each stands where its kind may stand.
std::uint64_t needed(const Header& h) {
    return sizeof(Header) + h.documents * 8 + (h.words + 1) * 8 + h.documents * 4 + (h.words + 1) * 4 +
           h.words * 4 + h.letters + h.postings;
}

} // namespace

Image::Image(std::size_t documents, std::size_t words, std::size_t letters_, std::size_t postings_) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    if (documents >= most || letters_ >= most)
        throw Error("memory/out", "these are too many records for one index; search them in parts");
    Header h{};
    std::memcpy(h.magic, magic.data(), magic.size());
    h.version = version, h.order = order_mark;
    h.documents = documents, h.words = words, h.letters = letters_, h.postings = postings_;
    bytes_.resize(needed(h));
    std::memcpy(bytes_.data(), &h, sizeof h);
    ASSAY_EXPECT(lay_out());
}

Image::Image(Image&& other) noexcept {
    *this = std::move(other);
}

Image& Image::operator=(Image&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    if (!lay_out()) bytes_.clear();
    return *this;
}

bool Image::lay_out() {
    if (bytes_.size() < sizeof(Header)) return false;
    Header h;
    std::memcpy(&h, bytes_.data(), sizeof h);
    // No product below can wrap: each number is smaller than the bytes there are.
    for (const std::uint64_t n : {h.documents, h.words, h.letters, h.postings})
        if (n > bytes_.size()) return false;
    if (needed(h) != bytes_.size()) return false;
    char* at = bytes_.data() + sizeof h;
    const auto take = [&]<class T>(std::span<T>& part, std::uint64_t n) {
        part = {reinterpret_cast<T*>(at), static_cast<std::size_t>(n)};
        at += n * sizeof(T);
    };
    take(ids, h.documents);
    take(starts, h.words + 1);
    take(dates, h.documents);
    take(letters_at, h.words + 1);
    take(reversed, h.words);
    take(letters, h.letters);
    take(postings, h.postings);
    return true;
}

const std::string& Image::sealed(std::string_view key) {
    Header h;
    std::memcpy(&h, bytes_.data(), sizeof h);
    std::memset(h.key, 0, sizeof h.key);
    std::memcpy(h.key, key.data(), std::min(key.size(), sizeof h.key));
    std::memcpy(bytes_.data(), &h, sizeof h);
    h.checksum = checksum(bytes_);
    std::memcpy(bytes_.data(), &h, sizeof h);
    return bytes_;
}

// The checksum finds damage; the bounds are looked at all the same, because a file may come from anybody.
std::optional<Image> Image::read(std::string bytes, std::string_view key) {
    if (bytes.size() < sizeof(Header)) return {};
    Header h;
    std::memcpy(&h, bytes.data(), sizeof h);
    char wanted[sizeof h.key] = {};
    std::memcpy(wanted, key.data(), std::min(key.size(), sizeof wanted));
    if (std::string_view(h.magic, sizeof h.magic) != magic || h.version != version || h.order != order_mark ||
        std::memcmp(h.key, wanted, sizeof wanted) != 0 || h.checksum != checksum(bytes))
        return {};
    Image image;
    image.bytes_ = std::move(bytes);
    if (!image.lay_out()) return {};
    const auto rising = [](const auto& starts, std::size_t end) {
        if (starts.front() != 0 || starts.back() != end) return false;
        for (std::size_t i = 1; i < starts.size(); ++i)
            if (starts[i] < starts[i - 1]) return false;
        return true;
    };
    if (!rising(image.starts, image.postings.size()) || !rising(image.letters_at, image.letters.size()))
        return {};
    for (const std::uint32_t word : image.reversed)
        if (word >= image.words()) return {};
    return image;
}

} // namespace assay::search
