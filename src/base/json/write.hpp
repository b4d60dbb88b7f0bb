#pragma once
// A value to JSON text.
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace outaged::json {

/// One line, or with `indent` spaces a level. Never throws: bytes that are not UTF-8 become U+FFFD, so that what a
/// server or a person wrote cannot keep the rest from being written.
std::string written(const nlohmann::json& value, int indent = -1);

}  // namespace outaged::json
