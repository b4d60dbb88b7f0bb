# Sets `var` to the first of the programs that is not here.
function(outaged_missing_program var)
  set(${var} "" PARENT_SCOPE)
  foreach(program IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "OUTAGED_${program}" variable)
    find_program(${variable} ${program})
    if(NOT ${variable})
      set(${var} ${program} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# outaged_node_test(FOLDER SENTENCE [PACKAGES] [NEEDS program...])
# The tests of tests/FOLDER/*.test.mjs, which look at the real programs from outside, as one ctest entry
# "FOLDER: SENTENCE". PACKAGES: the folder has a lock file, and what it names is installed first. Without the programs
# that it NEEDS the entry is left out, which is said.
function(outaged_node_test folder sentence)
  cmake_parse_arguments(ARG "PACKAGES" "" "NEEDS" ${ARGN})
  outaged_missing_program(missing ${ARG_NEEDS})
  if(missing)
    message(STATUS "Not testing ${folder}: no ${missing} here (script/test installs it)")
    return()
  endif()
  set(name "${folder}: ${sentence}")
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  file(GLOB files CONFIGURE_DEPENDS ${source}/*.test.mjs)
  if(NOT files)
    message(FATAL_ERROR "no *.test.mjs in ${source}")
  endif()
  add_test(NAME ${name} COMMAND ${OUTAGED_NODE} --test ${files} WORKING_DIRECTORY ${source})
  set_tests_properties(${name} PROPERTIES LABELS "e2e;${folder}" TIMEOUT 400
    ENVIRONMENT "OUTAGED_BIN=${PROJECT_BINARY_DIR}/bin")
  if(ARG_PACKAGES)
    add_test(NAME "${folder}: packages" COMMAND ${OUTAGED_NPM} ci --ignore-scripts --no-audit --no-fund --silent WORKING_DIRECTORY ${source})
    set_tests_properties("${folder}: packages" PROPERTIES LABELS "e2e;${folder}" FIXTURES_SETUP ${folder}_packages)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${folder}_packages)
  endif()
endfunction()

# outaged_python_test(FOLDER SENTENCE MODULE [NEEDS program...]): likewise, of Python's unittest.
function(outaged_python_test folder sentence module)
  cmake_parse_arguments(ARG "" "" "NEEDS" ${ARGN})
  outaged_missing_program(missing python3 ${ARG_NEEDS})
  if(missing)
    message(STATUS "Not testing ${folder}: no ${missing} here (script/test installs it)")
    return()
  endif()
  add_test(NAME "${folder}: ${sentence}" COMMAND ${OUTAGED_python3} -m unittest ${module}
           WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  set_tests_properties("${folder}: ${sentence}" PROPERTIES LABELS "e2e;${folder}" TIMEOUT 400
    ENVIRONMENT "OUTAGED_BIN=${PROJECT_BINARY_DIR}/bin;PYTHONDONTWRITEBYTECODE=1")
endfunction()
