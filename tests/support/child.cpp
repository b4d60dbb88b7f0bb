#include "support/child.hpp"

#include <array>
#include <exception>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace outaged::test {
namespace {

/// Nothing may get out: it would run the rest of the tests in the child.
std::string words_of(const std::function<std::string()>& task) {
  try {
    return task();
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "a check that the task requires failed";
  }
}

}  // namespace

std::string in_child(const std::function<std::string()>& task) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    const auto words = words_of(task);
    const bool told = ::write(ends[1], words.data(), words.size()) == static_cast<ssize_t>(words.size());
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  std::string words;
  std::array<char, 512> part{};
  for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;)
    words.append(part.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0 ? words : words + " (the child died)";
}

}  // namespace outaged::test
