// The page's content security policy: nothing from elsewhere, and only the style and script that we wrote, named by
// their SHA-256.
#pragma once

#include <string>
#include <string_view>

namespace assay::report {

/// For the Content-Security-Policy meta element of a page with this one <style> and this one <script>.
std::string content_policy(std::string_view style, std::string_view script);

} // namespace assay::report
