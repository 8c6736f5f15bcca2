// One record of an XML file as a small tree; files of any size are cut into records first.
#pragma once

#include "base/diagnostics.hpp"
#include "records/source.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::records {

struct XmlNode {
    std::string name;  ///< empty: a piece of text
    std::string value; ///< of a piece of text
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<XmlNode> children;

    const XmlNode* child(std::string_view wanted) const;
    std::string_view attribute(std::string_view wanted) const;
    /// All text inside, markup dropped and white space folded.
    std::string text() const;
    /// text() of the first child of that name; empty: there is none.
    std::string text_of(std::string_view wanted) const;
};

/// Calls `call` with each outermost element of those names, its line and its byte. An element that cannot be
/// parsed or is not closed is reported and left out. Document types and their entities are never read.
void each_element(const Source& source, std::span<const std::string_view> names, Diagnostics& diagnostics,
                  const std::function<void(const XmlNode&, int line, std::size_t offset)>& call);

/// Text with &, <, >, and quotes escaped, and without characters that XML cannot hold.
std::string xml_escaped(std::string_view text);

} // namespace assay::records
