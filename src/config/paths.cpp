#include "config/paths.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <pwd.h>
#include <unistd.h>

namespace outaged::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemConfiguration = "/etc/outaged/outaged.json";

/// The variable's value up to the first ':' (systemd lists directories that way), or "".
std::string first_directory(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr) return {};
  const std::string_view list{value};
  return std::string{list.substr(0, list.find(':'))};
}

std::string home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  if (const passwd* user = ::getpwuid(::getuid()); user != nullptr && user->pw_dir != nullptr) return user->pw_dir;
  return "/tmp";
}

}  // namespace

std::string default_data_directory() {
  if (auto state = first_directory("STATE_DIRECTORY"); !state.empty()) return state;
  if (auto data = first_directory("XDG_DATA_HOME"); !data.empty()) return (fs::path(data) / "outaged").string();
  return (fs::path(home_directory()) / ".local/share/outaged").string();
}

std::string default_database() {
  return (fs::path(default_data_directory()) / "outaged.db").string();
}

std::string default_socket(const std::string& database) {
  if (auto runtime = first_directory("RUNTIME_DIRECTORY"); !runtime.empty())
    return (fs::path(runtime) / "outaged.sock").string();
  return (fs::path(database).parent_path() / "outaged.sock").string();
}

std::string default_configuration() {
  if (const char* named = std::getenv("OUTAGED_CONFIG"); named != nullptr && *named != '\0') return named;
  std::error_code error;
  return fs::exists(kSystemConfiguration, error) ? kSystemConfiguration : "";
}

}  // namespace outaged::config
