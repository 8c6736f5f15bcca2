// One record of an XML file as a small tree; files of any size are cut into records first.
#pragma once

#include "base/diagnostics.hpp"
#include "records/source.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

namespace assay::records {

struct XmlAttribute {
    std::string_view name, value;
    const XmlAttribute* next = nullptr;
};

/// Looks into the text of its record: valid only while the record is handed over.
struct XmlNode {
    std::string_view name;  ///< empty: a piece of text
    std::string_view value; ///< of a piece of text, entities resolved
    const XmlAttribute* attributes = nullptr;
    const XmlNode* first = nullptr; ///< child
    const XmlNode* next = nullptr;  ///< sibling

    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = XmlNode;
        using difference_type = std::ptrdiff_t;
        using pointer = const XmlNode*;
        using reference = const XmlNode&;
        Iterator() = default;
        explicit Iterator(const XmlNode* node) : node_(node) {}
        const XmlNode& operator*() const { return *node_; }
        const XmlNode* operator->() const { return node_; }
        Iterator& operator++() {
            node_ = node_->next;
            return *this;
        }
        Iterator operator++(int) {
            Iterator old = *this;
            node_ = node_->next;
            return old;
        }
        bool operator==(const Iterator&) const = default;

    private:
        const XmlNode* node_ = nullptr;
    };
    struct Children {
        const XmlNode* head = nullptr;
        Iterator begin() const { return Iterator(head); }
        Iterator end() const { return Iterator(); }
    };
    Children children() const { return {first}; }

    const XmlNode* child(std::string_view wanted) const;
    std::string_view attribute(std::string_view wanted) const;
    /// All text inside, markup dropped and white space folded.
    std::string text() const;
    /// text() of the first child of that name; empty: there is none.
    std::string text_of(std::string_view wanted) const;
};

/// Calls `call` with each outermost element of those names, its line and its byte. An element that cannot be
/// parsed or is not closed is reported and left out. Document types and their entities are never read.
void each_element(Stream& stream, std::span<const std::string_view> names, Diagnostics& diagnostics,
                  const std::function<void(const XmlNode&, int line, std::uint64_t offset)>& call);

/// Text with &, <, >, and quotes escaped, and without characters that XML cannot hold.
std::string xml_escaped(std::string_view text);

} // namespace assay::records
