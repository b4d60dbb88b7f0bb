#pragma once
// A reader that is opened at the first question: whoever asks may exist before the writer has made the database. One
// thread.
#include <optional>
#include <stdexcept>
#include <string>

#include "store/reader.hpp"

namespace outaged::store {

class LateReader {
 public:
  explicit LateReader(std::string database) : database_(std::move(database)) {}

  /// Throws std::runtime_error while there is nothing to read; tried again at the next question.
  Reader& get() {
    if (!reader_) {
      auto opened = Reader::open(database_);
      if (!opened) throw std::runtime_error(opened.error());
      reader_.emplace(std::move(*opened));
    }
    return *reader_;
  }

 private:
  std::string database_;
  std::optional<Reader> reader_;
};

}  // namespace outaged::store
