#pragma once
// The lines of a text file that is read more than once: in large pieces, in bounded memory, however long a line is.
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace outaged::replay {

class Lines {
 public:
  static constexpr std::size_t kLongest = 8192;

  /// An error is a sentence: not there, not readable, or nothing that can be read twice.
  static Expected<Lines, std::string> open(const std::string& path);

  /// The next line without its end ("\n" or "\r\n"); valid until the next call. Nothing at the end.
  /// Throws std::invalid_argument when the line is longer than kLongest.
  std::optional<std::string_view> next();
  void rewind();
  /// The number of the line that next() gave last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  explicit Lines(std::ifstream file) : file_(std::move(file)) {}
  /// More of the file behind what is not yet used; false at its end.
  bool fill();

  std::ifstream file_;
  std::string piece_;
  std::size_t used_ = 0;
  std::size_t number_ = 0;
};

}  // namespace outaged::replay
