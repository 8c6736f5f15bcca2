// Where something stands in the user's files; carried by every row so that each message can point at it.
#pragma once

#include <string>

namespace assay {

struct Place {
    std::string file; ///< path as the user would type it, relative to the review folder
    int line = 0;     ///< 1-based; 0: the file as a whole
    int column = 0;   ///< 1-based, in characters (code points); 0: the line as a whole
};

} // namespace assay
