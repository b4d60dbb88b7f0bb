#pragma once
// Files that a measurement needs; one that cannot be written ends it.
#include <stdexcept>
#include <string>

#include "base/file.hpp"

namespace outaged::bench {

inline void write(const std::string& path, const std::string& content) {
  if (!write_file_atomically(path, content)) throw std::runtime_error("cannot write " + path);
}

}  // namespace outaged::bench
