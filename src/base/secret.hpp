#pragma once
// Secrets: values that must not reach a log, a database, an error text or an answer.
#include <string>
#include <string_view>
#include <vector>

namespace outaged {

/// A secret's value. It has no printed form, so it cannot end up in a text by accident; reveal() is easy to search for.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Knows all secrets of a configuration and takes them out of texts that come from elsewhere (a server that echoes a
/// token, an address with a token in it). Also finds their URL-encoded form, the base64 of texts they are part of, and
/// "\/" for "/", as JSON may have it, and the beginning of one that printable() has cut ("…"). What was cut in another
/// way may end in half a secret, which nobody finds: redact first. Immutable once built; any thread.
class Redactor {
 public:
  /// Values shorter than 6 characters are ignored: they would blank ordinary words.
  void add(const Secret& secret);
  /// `text` with every occurrence of a secret replaced by "***".
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  std::vector<std::string> forms_;
};

}  // namespace outaged
