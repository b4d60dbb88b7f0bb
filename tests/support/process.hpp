#pragma once
// A real program under test: started with its output in a file, watched, ended.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace outaged::test {

class Process {
 public:
  using Environment = std::map<std::string, std::string>;

  /// Starts `program` (a path); standard output and error go to `log_file`. `extra` is added to the environment.
  Process(const std::string& program, const std::vector<std::string>& arguments, std::string log_file,
          const Environment& extra = {});
  /// Kills what still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  /// The exit code (128 + signal when killed), or nothing when it still runs after `bound`.
  std::optional<int> wait(std::chrono::milliseconds bound);
  [[nodiscard]] bool running();
  [[nodiscard]] std::string log() const;
  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Looks at `condition` again and again until it holds, the process ends or `bound` has passed.
  bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds bound);

 private:
  /// Returns early when the process ends.
  void pause(std::chrono::milliseconds time) const;
  void reap(bool block);

  std::string log_file_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::optional<int> exit_code_;
};

struct Outcome {
  int exit_code = -1;
  std::string output;  ///< standard output and error together
};
/// Runs a program to its end, at most `bound`; exit code -1 when it had to be killed.
Outcome run_program(const std::string& program, const std::vector<std::string>& arguments,
                    std::chrono::milliseconds bound = std::chrono::seconds{60}, const Process::Environment& extra = {});

}  // namespace outaged::test
