# One place for language level, warnings and sanitizers; every target of ours links outaged_compiler.
add_library(outaged_compiler INTERFACE)
target_compile_features(outaged_compiler INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

target_compile_options(outaged_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports overlaps inside std::string that are not there (PR 105651, 105329).
  target_compile_options(outaged_compiler INTERFACE -Wno-restrict)
endif()

# Most of a compiler's time goes into the same headers again and again. Where nobody waits for single files to change,
# several files of one target are compiled as one; the preset `clang` leaves it off and so checks that each file stands
# on its own.
option(OUTAGED_UNITY "Compile the files of a target in groups" OFF)
if(OUTAGED_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A class with members of a file's own types is no fault when the file is included once, and GCC's flow analysis does
  # not see that Asio's coroutine frames have an operator new of their own (AddressSanitizer watches the real ones).
  target_compile_options(outaged_compiler INTERFACE -Wno-subobject-linkage -Wno-mismatched-new-delete)
endif()

set(OUTAGED_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: 'address,undefined' or 'thread'")
if(OUTAGED_SANITIZE)
  # Set for everything, the bundled Boost sources too: a mixed build hides what it should find.
  add_compile_options(-fsanitize=${OUTAGED_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${OUTAGED_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-fno-sanitize=function)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code confuses GCC's flow analysis, and Asio's fences are known to be out of TSan's reach.
    target_compile_options(outaged_compiler INTERFACE -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
    if(OUTAGED_SANITIZE MATCHES "thread")
      add_compile_options(-Wno-tsan)
    endif()
  endif()
endif()
