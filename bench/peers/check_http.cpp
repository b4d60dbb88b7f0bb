#include "peers/check_http.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wait.hpp"

namespace outaged::bench {
namespace {

constexpr const char* kProgram = "/usr/lib/nagios/plugins/check_http";

Micros micros(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + Micros{time.tv_usec};
}

/// Of all children that have ended and been waited for.
Micros children_cpu() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

class Checks {
 public:
  explicit Checks(int port) : port_(std::to_string(port)) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~Checks() { posix_spawn_file_actions_destroy(&actions_); }
  Checks(const Checks&) = delete;
  Checks& operator=(const Checks&) = delete;

  void start() {
    std::vector<std::string> words{kProgram, "-S", "-I", "127.0.0.1", "-p", port_, "-u", "/", "-t", "10"};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawn(&child, kProgram, &actions_, nullptr, arguments.data(), environ) != 0)
      ++failed_;
    else
      running_.push_back(child);
  }
  /// Takes what has ended, or waits until everything has.
  void collect(bool all) {
    std::erase_if(running_, [&](pid_t child) {
      int status = 0;
      if (waitpid(child, &status, all ? 0 : WNOHANG) == 0) return false;
      if (status != 0) ++failed_;
      return true;
    });
  }
  [[nodiscard]] int failed() const { return failed_; }

 private:
  std::string port_;
  posix_spawn_file_actions_t actions_{};
  std::vector<pid_t> running_;
  int failed_ = 0;
};

}  // namespace

std::optional<Used> check_http(const Nginx& nginx, Rate rate, const std::function<void()>& on_begin) {
  if (access(kProgram, X_OK) != 0) return std::nullopt;
  Checks checks(nginx.port());
  on_begin();
  const Micros before = children_cpu() + thread_cpu_time();
  const Instant begin = MonotonicClock::now();
  for (int i = 0; i < rate.requests; ++i) {
    const Instant due = begin + std::chrono::milliseconds{1000 * i / rate.per_second};
    wait_for(std::max(Micros{0}, due - MonotonicClock::now()));
    checks.start();
    checks.collect(false);
  }
  checks.collect(true);
  return Used{children_cpu() + thread_cpu_time() - before, rate.requests, checks.failed()};
}

}  // namespace outaged::bench
