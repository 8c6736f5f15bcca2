#include "plot/markup.hpp"

#include "base/error.hpp"
#include "plot/number.hpp"

namespace assay::plot {

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        case '\t':
        case '\n': out += c; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                out += "\xEF\xBF\xBD";
            } else {
                out += c;
            }
        }
    }
    return out;
}

std::string px(double value) { return trimmed(value, 1); }

void Markup::start(std::string_view tag, Attrs attrs) {
    out_ += '<';
    out_ += tag;
    for (const Attr& attr : attrs) {
        if (attr.name.empty()) continue;
        out_ += ' ';
        out_ += attr.name;
        out_ += "=\"";
        out_ += escaped(attr.value);
        out_ += '"';
    }
}

Markup& Markup::open(std::string_view tag, Attrs attrs) {
    start(tag, attrs);
    out_ += '>';
    open_.emplace_back(tag);
    return *this;
}

Markup& Markup::close() {
    ASSAY_EXPECT(!open_.empty());
    out_ += "</" + open_.back() + ">";
    open_.pop_back();
    return *this;
}

Markup& Markup::leaf(std::string_view tag, Attrs attrs) {
    start(tag, attrs);
    out_ += "/>";
    return *this;
}

Markup& Markup::element(std::string_view tag, std::string_view content, Attrs attrs) {
    return open(tag, attrs).text(content).close();
}

Markup& Markup::text(std::string_view content) {
    out_ += escaped(content);
    return *this;
}

Markup& Markup::line() {
    out_ += '\n';
    return *this;
}

Markup& Markup::append(std::string_view made) {
    out_ += made;
    return *this;
}

std::string Markup::take() {
    ASSAY_EXPECT(open_.empty());
    return std::move(out_);
}

} // namespace assay::plot
