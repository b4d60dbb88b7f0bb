#include "support/process.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::test {
namespace {

std::vector<std::string> environment_with(const Process::Environment& extra) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!extra.contains(text.substr(0, text.find('=')))) out.push_back(text);
  }
  for (const auto& [name, value] : extra) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments, std::string log_file,
                 const Environment& extra)
    : log_file_(std::move(log_file)) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto environment = environment_with(extra);
  auto argv = pointers(words);
  auto envp = pointers(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + program);
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
}

Process::~Process() {
  if (running()) {
    signal(SIGKILL);
    reap(true);
  }
  if (pidfd_ >= 0) ::close(pidfd_);
}

void Process::signal(int number) const {
  if (!exit_code_) ::kill(pid_, number);
}

void Process::reap(bool block) {
  int status = 0;
  if (exit_code_ || ::waitpid(pid_, &status, block ? 0 : WNOHANG) != pid_) return;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Process::running() {
  reap(false);
  return !exit_code_;
}

void Process::pause(std::chrono::milliseconds time) const {
  pollfd watched{pidfd_, POLLIN, 0};
  ::poll(&watched, 1, static_cast<int>(time.count()));
}

std::optional<int> Process::wait(std::chrono::milliseconds bound) {
  pause(bound);
  reap(false);
  return exit_code_;
}

std::string Process::log() const {
  return read_file(log_file_, Bytes{16ULL << 20}).value_or(std::string{});
}

bool Process::wait_until(const std::function<bool()>& condition, std::chrono::milliseconds bound) {
  const auto deadline = MonotonicClock::now() + bound;
  while (!condition()) {
    if (MonotonicClock::now() >= deadline || !running()) return condition();
    pause(std::chrono::milliseconds{20});
  }
  return true;
}

Outcome run_program(const std::string& program, const std::vector<std::string>& arguments,
                    std::chrono::milliseconds bound, const Process::Environment& extra) {
  const TemporaryDirectory directory;
  Process process(program, arguments, directory / "output", extra);
  const auto code = process.wait(bound);
  return {code.value_or(-1), process.log()};
}

}  // namespace outaged::test
