#include "config/secret_source.hpp"

#include <cstdlib>
#include <filesystem>

#include "base/file.hpp"

namespace outaged::config {
namespace {

constexpr Bytes kLargestSecret{64ULL << 10};

std::optional<Secret> nonempty(std::string value) {
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  if (value.empty()) return std::nullopt;
  return Secret{std::move(value)};
}

std::optional<Secret> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : nonempty(value);
}

std::optional<Secret> from_file(const std::filesystem::path& path, const json::Cursor& cursor) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return std::nullopt;
  auto content = read_file(path.string(), kLargestSecret);
  if (!content) {
    cursor.fault("the file " + path.string() + ", which " + content.error(), "a readable file with the secret");
    return std::nullopt;
  }
  return nonempty(std::move(*content));
}

}  // namespace

const json::Shape<SecretSource>& secret_source_shape() {
  static const auto shape =
      json::object<SecretSource>("Where a secret comes from: exactly one of env, file, credential.")
          .field("env", &SecretSource::env, json::nonempty_text(), "Name of an environment variable.")
          .field("file", &SecretSource::file, json::nonempty_text(),
                 "Path of a file that holds the secret and nothing else.")
          .field("credential", &SecretSource::credential, json::text("[A-Za-z0-9_.-]+", "a credential's name"),
                 "Name of a systemd credential (LoadCredential=).")
          .check([](const SecretSource& source, const json::Cursor& cursor) {
            const int given = source.env.has_value() + source.file.has_value() + source.credential.has_value();
            if (given == 1) return true;
            cursor.fault(std::to_string(given) + " sources", "exactly one of \"env\", \"file\", \"credential\"");
            return false;
          })
          .schema_also({{"minProperties", 1}, {"maxProperties", 1}})
          .build();
  return shape;
}

std::optional<Secret> read_secret(const SecretSource& source, const std::string& base_directory,
                                  const json::Cursor& cursor) {
  if (source.env) return from_environment(*source.env);
  if (source.file) return from_file(std::filesystem::path(base_directory) / *source.file, cursor);
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) return std::nullopt;
  return from_file(std::filesystem::path(directory) / *source.credential, cursor);
}

std::string why_unset(const SecretSource& source) {
  if (source.env) return "the environment variable " + *source.env + " is not set";
  if (source.file) return "the file " + *source.file + " is not there, or empty";
  return "systemd has handed over no credential " + *source.credential;
}

}  // namespace outaged::config
