#include "notify/transport/program.hpp"

#include <array>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace outaged::notify {
namespace {

constexpr std::size_t kLargestOutput = 4096;
constexpr int kStopInterval = 200;  // ms

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

net::HttpExchange failed(const std::string& kind, const std::string& detail) {
  net::HttpExchange exchange;
  exchange.failure = Failure{Layer::local, std::nullopt, kind, detail};
  return exchange;
}

/// One end is the program's standard input, output and error; the other is ours.
std::pair<Descriptor, Descriptor> connection() {
  std::array<int, 2> ends = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return {Descriptor{-1}, Descriptor{-1}};
  return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

/// In a process group of its own, so that all of it can be killed, with no signal blocked.
int start(const std::vector<std::string>& command, int io, pid_t& pid) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) posix_spawn_file_actions_adddup2(&actions, io, fd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawn(&pid, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

Descriptor alarm_after(Micros time) {
  Descriptor timer{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)};
  itimerspec when{};
  when.it_value.tv_sec = time / std::chrono::seconds{1};
  when.it_value.tv_nsec = (time % std::chrono::seconds{1}) / std::chrono::nanoseconds{1};
  ::timerfd_settime(timer.get(), 0, &when, nullptr);
  return timer;
}

enum class End { exited, late, stopped };

/// Feeds the program and listens to it until it ends.
End attend(int io, int process, int timer, std::string_view input, std::string& output, const std::atomic<bool>& stop) {
  for (;;) {
    std::array<pollfd, 3> fds = {pollfd{io, static_cast<short>(POLLIN | (input.empty() ? 0 : POLLOUT)), 0},
                                 pollfd{process, POLLIN, 0}, pollfd{timer, POLLIN, 0}};
    ::poll(fds.data(), fds.size(), kStopInterval);
    if (stop) return End::stopped;
    if ((fds[2].revents & POLLIN) != 0) return End::late;
    if ((fds[0].revents & POLLOUT) != 0 && !input.empty()) {
      const auto sent = ::send(io, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      // A program that does not read its input to the end may still have done its work.
      input.remove_prefix(sent < 0 && errno != EAGAIN ? input.size()
                                                      : static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
      if (input.empty()) ::shutdown(io, SHUT_WR);
    }
    if ((fds[0].revents & (POLLIN | POLLHUP)) != 0) {
      std::array<char, 1024> piece{};
      const auto got = ::recv(io, piece.data(), piece.size(), MSG_DONTWAIT);
      if (got > 0 && output.size() < kLargestOutput) output.append(piece.data(), static_cast<std::size_t>(got));
      if (got > 0) continue;
      if (got == 0) io = -1;
    }
    if ((fds[1].revents & POLLIN) != 0) return End::exited;
  }
}

}  // namespace

net::HttpExchange run_program(const ProgramRequest& request, const std::atomic<bool>& stop) {
  auto [ours, theirs] = connection();
  if (ours.get() < 0) return failed("no_descriptors", std::strerror(errno));
  pid_t pid = 0;
  if (const int error = start(request.command, theirs.get(), pid); error != 0)
    return failed("not_started",
                  fmt::format("{} cannot be started: {}", request.command.front(), std::strerror(error)));
  theirs.close();
  const Descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  const Descriptor timer = alarm_after(request.timeout);
  std::string output;
  const End end = attend(ours.get(), process.get(), timer.get(), request.input, output, stop);
  if (end != End::exited) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (end == End::late) return failed("late", "killed: it did not end in time");
  if (end == End::stopped) return failed("cancelled", "killed: outaged stops");
  if (!WIFEXITED(status)) return failed("killed", fmt::format("killed by signal {}", WTERMSIG(status)));
  net::HttpExchange exchange;
  exchange.status = static_cast<std::uint16_t>(WEXITSTATUS(status));
  exchange.body = std::move(output);
  return exchange;
}

}  // namespace outaged::notify
