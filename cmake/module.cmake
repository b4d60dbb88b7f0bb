include(embed)

# See OUTAGED_UNITY in compiler.cmake.
function(outaged_compile_in_groups target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${OUTAGED_UNITY} UNITY_BUILD_BATCH_SIZE 10)
endfunction()

# outaged_module(NAME SOURCES file... LINKS target...)
# One static library per folder of src/: target outaged_NAME, also known as outaged::NAME. Headers are included from
# src/ downwards ("core/result.hpp"). LINKS names what the module uses and nothing else.
function(outaged_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(outaged_${name} STATIC ${ARG_SOURCES})
  add_library(outaged::${name} ALIAS outaged_${name})
  target_include_directories(outaged_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(outaged_${name} PUBLIC ${ARG_LINKS} PRIVATE outaged_compiler)
  target_compile_features(outaged_${name} PUBLIC cxx_std_20)
  outaged_compile_in_groups(outaged_${name})
endfunction()

# outaged_program(NAME SOURCES file... LINKS target...): one executable, in <build>/bin/NAME.
function(outaged_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} outaged_compiler)
  outaged_compile_in_groups(${name})
endfunction()
