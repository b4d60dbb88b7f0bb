#pragma once
// Where a secret comes from: {"env": "NAME"}, {"file": "path"} or {"credential": "name"} (systemd). The value itself
// never stands in the configuration.
#include <map>
#include <optional>
#include <string>

#include "base/json/shape.hpp"
#include "base/secret.hpp"

namespace outaged::config {

struct SecretSource {
  std::optional<std::string> env;
  std::optional<std::string> file;
  std::optional<std::string> credential;
};

const json::Shape<SecretSource>& secret_source_shape();

/// The value, without a trailing newline. Nothing when it is not set (no such variable, no such file, empty): what
/// needs it is then "not configured". A file that is there but cannot be read, or is larger than 64 KiB, is a fault. A
/// relative `file` is taken from `base_directory`.
std::optional<Secret> read_secret(const SecretSource& source, const std::string& base_directory,
                                  const json::Cursor& cursor);

/// Of a secret without a value: "the environment variable SLACK_WEBHOOK is not set".
std::string why_unset(const SecretSource& source);

}  // namespace outaged::config
