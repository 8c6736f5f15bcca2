// Writes elements and text for SVG and HTML. The only place where '<' comes from: text and attribute values are
// always escaped, so a study called "</script>" stays a name.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::plot {

struct Attr {
    std::string_view name;
    std::string value;
};
using Attrs = std::initializer_list<Attr>;

/// & < > " ' as entities; control characters that no page may hold as U+FFFD.
std::string escaped(std::string_view text);

/// A coordinate or length: at most one decimal.
std::string px(double value);

class Markup {
public:
    Markup& open(std::string_view tag, Attrs attrs = {});
    Markup& close(); ///< the innermost open element
    /// An element without content; written `<tag .../>`, which HTML and SVG both read.
    Markup& leaf(std::string_view tag, Attrs attrs = {});
    Markup& element(std::string_view tag, std::string_view content, Attrs attrs = {});
    Markup& text(std::string_view content);
    Markup& line(); ///< a line break in the source, so that the page can be read and compared
    /// Markup that another Markup made. Never text from a review.
    Markup& append(std::string_view made);

    std::size_t depth() const { return open_.size(); }
    /// Everything written; all elements must be closed.
    std::string take();

private:
    void start(std::string_view tag, Attrs attrs);

    std::string out_;
    std::vector<std::string> open_;
};

} // namespace assay::plot
