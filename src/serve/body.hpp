#pragma once
// Reading the JSON body of a request, which anybody may have sent.
#include <string>

#include "base/expected.hpp"
#include "base/json/parse.hpp"
#include "base/json/shape.hpp"

namespace outaged::serve {

/// The body as a T, or the reason in words why it is none.
template <class T>
Expected<T, std::string> read_body(const std::string& body, const outaged::json::Shape<T>& shape) {
  auto parsed = outaged::json::parse_untrusted(body);
  if (!parsed) return Unexpected{std::move(parsed).error()};
  outaged::json::Faults faults;
  auto value = shape.read(*parsed, outaged::json::Cursor("body", faults));
  if (!value) return Unexpected{outaged::json::to_string(faults.front())};
  return std::move(*value);
}

}  // namespace outaged::serve
