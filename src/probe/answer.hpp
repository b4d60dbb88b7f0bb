#pragma once
// Answer: an HTTP exchange as expectations and rules look at it; its JSON is parsed at most once, and only if asked
// for.
#include <optional>
#include <string>

#include "base/json/parse.hpp"
#include "net/http.hpp"
#include "probe/definition.hpp"

namespace outaged::probe {

class Answer {
 public:
  explicit Answer(const net::HttpExchange& exchange) : exchange_(exchange) {}

  [[nodiscard]] const net::HttpExchange& exchange() const { return exchange_; }
  /// Null when the body is not JSON (or deeper or larger than is sensible).
  const json::Json* json() const;
  /// What stands at a JSON pointer, or null.
  const json::Json* at(const std::string& pointer) const;
  /// An integer at a JSON pointer.
  std::optional<std::int64_t> number_at(const std::string& pointer) const;

 private:
  const net::HttpExchange& exchange_;
  mutable bool parsed_ = false;
  mutable std::optional<json::Json> json_;
};

/// What stands at a JSON pointer below `root`, or null.
const json::Json* found_at(const json::Json& root, const std::string& pointer);

/// A JSON value as the text that a later step or a pattern sees: strings without quotes, anything else as JSON.
std::string plain_text(const json::Json& value);

bool within(const std::vector<StatusRange>& ranges, int status);
bool meets(const JsonExpectation& expectation, const json::Json* value);

}  // namespace outaged::probe
