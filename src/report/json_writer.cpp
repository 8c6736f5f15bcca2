#include "report/json_writer.hpp"

#include "base/error.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace assay::report {

namespace {

std::string quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\t': out += "\\t"; break;
        case '\r': out += "\\r"; break;
        default:
            if (byte < 0x20) {
                out += "\\u00";
                out += hex[byte >> 4];
                out += hex[byte & 15];
            } else {
                out += c;
            }
        }
    }
    return out + '"';
}

} // namespace

void JsonWriter::new_line() {
    if (form_ == Form::dense) return;
    out_ += '\n';
    out_.append(2 * filled_.size(), ' ');
}

void JsonWriter::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (filled_.empty()) return;
    if (filled_.back()) out_ += ',';
    filled_.back() = true;
    new_line();
}

JsonWriter& JsonWriter::key(std::string_view name) {
    ASSAY_EXPECT(!filled_.empty() && !after_key_);
    before_value();
    out_ += quoted(name);
    out_ += form_ == Form::dense ? ":" : ": ";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::begin(char bracket) {
    before_value();
    out_ += bracket;
    filled_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
    ASSAY_EXPECT(!filled_.empty() && !after_key_);
    const bool any = filled_.back();
    filled_.pop_back();
    if (any) new_line();
    out_ += bracket;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    before_value();
    out_ += quoted(text);
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) return null();
    before_value();
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    out_.append(buffer.data(), end.ptr);
    return *this;
}

JsonWriter& JsonWriter::value(int number) {
    before_value();
    out_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    before_value();
    out_ += truth ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::value(const std::optional<double>& number) { return number ? value(*number) : null(); }

JsonWriter& JsonWriter::null() {
    before_value();
    out_ += "null";
    return *this;
}

std::string JsonWriter::take() {
    ASSAY_EXPECT(filled_.empty() && !after_key_);
    out_ += '\n';
    return std::move(out_);
}

} // namespace assay::report
