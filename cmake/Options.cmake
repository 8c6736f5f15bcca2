# Compiler options shared by everything. Floating point stays as written: no fast-math, no fused multiply-add
# (two machines must print the same bytes).
add_library(assay_options INTERFACE)
target_compile_options(assay_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor)
# gcc 12 warns about every "text" + std::string (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(assay_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
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
