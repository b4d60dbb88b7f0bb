# outaged_embed(TARGET NAMESPACE file...)
# Puts files into the program's read-only data. Generates <embedded/NAMESPACE.hpp> with
#   namespace outaged::embedded::NAMESPACE { std::span<const File> files(); }
# in the order given; a File is {name, content}. A changed file relinks, nothing is parsed by the compiler.
function(outaged_embed target namespace)
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(assembly "")
  set(declarations "")
  set(entries "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    get_filename_component(path ${file} ABSOLUTE)
    get_filename_component(name ${file} NAME)
    set(symbol outaged_embedded_${namespace}_${index})
    string(APPEND assembly
      ".global ${symbol}_begin\n.global ${symbol}_end\n${symbol}_begin:\n.incbin \"${path}\"\n${symbol}_end:\n.byte 0\n")
    string(APPEND declarations "extern \"C\" const char ${symbol}_begin[];\nextern \"C\" const char ${symbol}_end[];\n")
    string(APPEND entries "      File{\"${name}\", view(${symbol}_begin, ${symbol}_end)},\n")
    list(APPEND paths ${path})
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${dir}/${namespace}.S CONTENT
    ".section .rodata\n.balign 16\n${assembly}.section .note.GNU-stack,\"\",%progbits\n" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/${namespace}.hpp CONTENT
"#pragma once
#include <span>
#include <string_view>
namespace outaged::embedded::${namespace} {
struct File {
  std::string_view name;
  std::string_view content;
};
std::span<const File> files();
}  // namespace outaged::embedded::${namespace}
" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/${namespace}.cpp CONTENT
"#include <embedded/${namespace}.hpp>
${declarations}
namespace outaged::embedded::${namespace} {
namespace {
std::string_view view(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }
}  // namespace
std::span<const File> files() {
  static const File all[] = {
${entries}  };
  return all;
}
}  // namespace outaged::embedded::${namespace}
" @ONLY)
  set_source_files_properties(${dir}/${namespace}.S PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${dir}/${namespace}.S ${dir}/${namespace}.cpp)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
