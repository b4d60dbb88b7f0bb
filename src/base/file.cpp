#include "base/file.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace outaged {
namespace {

std::string reason(std::string_view what) {
  return fmt::format("{}: {}", what, std::system_category().message(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Expected<std::string, std::string> read_file(const std::string& path, Bytes limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.get() < 0) return Unexpected{reason("cannot be opened")};
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode)) return Unexpected{std::string{"is a directory"}};
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unexpected{reason("cannot be read")};
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit.count) return Unexpected{"larger than " + format_bytes(limit)};
  }
}

namespace {

Expected<bool, std::string> write_file(const std::string& path, std::string_view content) {
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (file.get() < 0) return Unexpected{reason("cannot be created")};
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unexpected{reason("cannot be written")};
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return Unexpected{reason("cannot be written")};
  return true;
}

}  // namespace

Expected<bool, std::string> write_file_atomically(const std::string& path, std::string_view content) {
  const std::string partial = fmt::format("{}.{}.part", path, ::getpid());
  auto written = write_file(partial, content);
  if (written && std::rename(partial.c_str(), path.c_str()) != 0) written = Unexpected{reason("cannot be replaced")};
  if (!written) ::unlink(partial.c_str());
  return written;
}

}  // namespace outaged
