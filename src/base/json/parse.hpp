#pragma once
// JSON text to a value. For files that people write (comments allowed) and for bytes from the network (bounded).
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/expected.hpp"
#include "base/json/fault.hpp"

namespace outaged::json {

/// Text written by a person: // and /* */ comments and a comma after the last entry are allowed; a key that occurs
/// twice in one object is a fault. The fault's `found` names the line. `file` is only for the message.
Expected<Json, Fault> parse_file_text(std::string_view text, const std::string& file);

/// Reads the file, then parse_file_text. A file that cannot be read, or is larger than 16 MiB, is a fault too.
Expected<Json, Fault> parse_file(const std::string& path);

/// Text from the network: strict JSON, at most `max_depth` levels. Never throws; invalid UTF-8 is an error.
Expected<Json, std::string> parse_untrusted(std::string_view text, int max_depth = 64);

}  // namespace outaged::json
