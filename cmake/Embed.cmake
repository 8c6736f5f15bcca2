# Puts files into the program: one .incbin each and a table of names. esbuild joins and shrinks the page's code.
function(assay_embed_web target)
  find_program(ESBUILD esbuild REQUIRED)
  file(GLOB web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/*.ts ${CMAKE_SOURCE_DIR}/web/*.css)
  set(out ${CMAKE_BINARY_DIR}/web)
  add_custom_command(
    OUTPUT ${out}/report.js ${out}/report.css
    COMMAND ${ESBUILD} ${CMAKE_SOURCE_DIR}/web/report.ts --bundle --minify --target=es2020 --charset=utf8
            --log-level=warning --outfile=${out}/report.js
    COMMAND ${ESBUILD} ${CMAKE_SOURCE_DIR}/web/report.css --bundle --minify --charset=utf8 --log-level=warning
            --outfile=${out}/report.css
    DEPENDS ${web_sources}
    COMMENT "web: report.js report.css" VERBATIM)
  assay_embed(${target} web ${out}/report.js ${out}/report.css)
endfunction()

# The reference tables of data/<folder>/<table>.csv, named <folder>.<table>.csv inside the program.
function(assay_embed_data target)
  file(GLOB tables CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/*/*.csv)
  set(copies "")
  foreach(path IN LISTS tables)
    get_filename_component(file ${path} NAME)
    get_filename_component(folder ${path} DIRECTORY)
    get_filename_component(folder ${folder} NAME)
    configure_file(${path} ${CMAKE_BINARY_DIR}/data/${folder}.${file} COPYONLY)
    list(APPEND copies ${CMAKE_BINARY_DIR}/data/${folder}.${file})
  endforeach()
  assay_embed(${target} data ${copies})
endfunction()

# assay_embed(target name files...): the table is assay::base::embedded_<name>(), declared in base/embedded.hpp
function(assay_embed target name)
  set(asm ${CMAKE_BINARY_DIR}/embed_${name}.S)
  set(cpp ${CMAKE_BINARY_DIR}/embed_${name}.cpp)
  set(asm_text ".section .rodata\n")
  set(extern_text "")
  set(rows "")
  set(index 0)
  foreach(path IN LISTS ARGN)
    get_filename_component(file ${path} NAME)
    set(symbol "assay_${name}_${index}")
    string(APPEND asm_text
      ".global ${symbol}\n.global ${symbol}_end\n${symbol}:\n.incbin \"${path}\"\n${symbol}_end:\n.byte 0\n")
    string(APPEND extern_text "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
    string(APPEND rows "    {\"${file}\", std::string_view(${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol}))},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND asm_text ".section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${asm} CONTENT "${asm_text}" @ONLY)
  file(CONFIGURE OUTPUT ${cpp} CONTENT
"#include \"base/embedded.hpp\"\nextern \"C\" {\n${extern_text}}\nnamespace assay {\nstd::vector<Embedded> embedded_${name}() {\n  return {\n${rows}  };\n}\n} // namespace assay\n" @ONLY)
  set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS "${ARGN}")
  target_sources(${target} PRIVATE ${asm} ${cpp})
endfunction()
