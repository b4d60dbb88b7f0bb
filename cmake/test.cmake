find_package(doctest 2.4 REQUIRED)
find_package(rapidcheck REQUIRED)  # property tests: those link rapidcheck themselves
include(doctest)

# outaged_test(NAME SOURCES file... LINKS target... [LABELS label...] [SERIAL])
# One test program per folder of tests/; every TEST_CASE becomes one ctest entry "NAME: sentence".
# Run one alone with   <build>/bin/tests/NAME -tc="sentence".
add_library(outaged_test_main STATIC ${PROJECT_SOURCE_DIR}/tests/support/main.cpp)
target_link_libraries(outaged_test_main PUBLIC doctest::doctest PRIVATE outaged_compiler)

function(outaged_test name)
  cmake_parse_arguments(ARG "SERIAL" "" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  set(target outaged_${name}_tests)
  add_executable(${target} ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin/tests)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE OUTAGED_SOURCE_DIR="${PROJECT_SOURCE_DIR}" OUTAGED_BUILD_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${target} PRIVATE ${ARG_LINKS} outaged_test_main outaged_compiler)
  outaged_compile_in_groups(${target})
  # A test runs for milliseconds: to optimize it takes twice as long to compile, and longer than it then saves.
  target_compile_options(${target} PRIVATE -O0)
  set(properties LABELS "${ARG_LABELS}" TIMEOUT 300)
  if(ARG_SERIAL)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  doctest_discover_tests(${target} TEST_PREFIX "${name}: " PROPERTIES ${properties})
endfunction()
