include(embed)

# Most of a compiler's time goes into the same headers again and again. Where nobody waits for single files to change,
# several files of one target are compiled as one; the preset `clang` leaves it off and so checks that each file stands
# on its own.
option(OUTAGED_UNITY "Compile the files of a target in groups" OFF)
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
