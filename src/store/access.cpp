#include "store/access.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace outaged::store {
namespace {

namespace fs = std::filesystem;

std::string name_of(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::to_string(uid);
  return found->pw_name;
}

/// Why `file` may not be used so, and whose it is; nothing when it may, or is not there.
std::optional<std::string> denial(const fs::path& file, int mode) {
  if (::faccessat(AT_FDCWD, file.c_str(), mode, AT_EACCESS) == 0) return std::nullopt;
  const int code = errno;
  if (code != EACCES && code != EPERM && code != EROFS) return std::nullopt;
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;  // its directory is what is closed
  return fmt::format("{} ({}; owner {}, mode {:04o})", file.string(), std::system_category().message(code),
                     name_of(status.st_uid), status.st_mode & 07777U);
}

/// The directory of the database or, where that is missing, the one in which it would be made.
fs::path directory_of(const std::string& path) {
  std::error_code error;
  fs::path directory = fs::absolute(path, error).parent_path();
  while (!fs::is_directory(directory, error) && directory.has_relative_path()) directory = directory.parent_path();
  return directory;
}

}  // namespace

std::string access_denied(const std::string& path, Access access) {
  const bool writing = access == Access::writing;
  std::vector<std::string> denials;
  std::vector<std::string> files;
  const auto look = [&](const fs::path& file, int mode) {
    if (auto why = denial(file, mode)) {
      denials.push_back(std::move(*why));
      files.push_back(file.string());
    }
  };
  look(directory_of(path), writing ? W_OK | X_OK : X_OK);
  for (const char* beside : {"", ".lock", "-wal", "-shm", "-journal", "-reserve"})
    look(path + beside, writing ? R_OK | W_OK : R_OK);
  if (files.empty()) return {};
  const auto user = name_of(::geteuid());
  const auto list = fmt::format("{}", fmt::join(files, " "));
  return fmt::format(
      "User {} may not {} {}. Give it to that user (\"chown {} {}\" and \"chmod u+rwX {}\"), run this as the user who "
      "owns it, or choose another file in store.path. Nothing was changed.",
      user, writing ? "write" : "read", fmt::join(denials, ", "), user, list, list);
}

}  // namespace outaged::store
