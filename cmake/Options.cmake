# Compiler options shared by everything. Floating point stays as written: no fast-math, no fused multiply-add
# (two machines must print the same bytes).
add_library(assay_options INTERFACE)
target_compile_options(assay_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # gcc 12 sees overlaps in `"text" + std::string` that are not there (GCC bug 105651).
  target_compile_options(assay_options INTERFACE -Wno-restrict)
endif()
if(ASSAY_STRICT)
  target_compile_options(assay_options INTERFACE -Werror)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
endif()
find_package(Threads REQUIRED)
target_link_libraries(assay_options INTERFACE Threads::Threads)
