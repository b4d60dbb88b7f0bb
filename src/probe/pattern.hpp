#pragma once
// A regular expression (RE2 syntax) from a probe file. RE2 runs in linear time and bounded memory, whatever a hostile
// server answers.
#include <memory>
#include <string>
#include <string_view>

#include <re2/re2.h>

#include "base/json/shape.hpp"

namespace outaged::probe {

class Pattern {
 public:
  Pattern() = default;
  explicit Pattern(std::shared_ptr<const re2::RE2> expression) : expression_(std::move(expression)) {}

  /// True when it matches anywhere in `text`.
  [[nodiscard]] bool matches(std::string_view text) const {
    return expression_ && re2::RE2::PartialMatch(piece(text), *expression_);
  }
  /// What the first group of the first match holds (the whole match, when there is no group).
  [[nodiscard]] std::optional<std::string> find(std::string_view text) const;
  [[nodiscard]] std::string written() const { return expression_ ? expression_->pattern() : std::string{}; }
  bool operator==(const Pattern& other) const { return written() == other.written(); }

 private:
  static re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
  std::shared_ptr<const re2::RE2> expression_;
};

const json::Shape<Pattern>& pattern_shape();

}  // namespace outaged::probe
