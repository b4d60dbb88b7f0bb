// kill -9 in the middle of load: whatever was acknowledged is there, whole.
#include <algorithm>

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

constexpr int kRounds = 10;

/// Writes incidents with their messages and says each number on the pipe once it is acknowledged. Never returns.
[[noreturn]] void write_until_killed(const std::string& path, int pipe, std::int64_t first) {
  auto writer = store::Writer::open({.path = path}, test::base_time);
  if (!writer) ::_exit(1);
  for (std::int64_t number = first;; ++number) {
    store::Batch batch{.results = {test::failed_run("p", static_cast<int>(number % 100'000))},
                       .incidents = {test::open_incident(number)},
                       .outbox = {test::message_for(number, "team", "opened")}};
    const auto say = [pipe, number] {
      if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(2);
    };
    (*writer)->submit(std::move(batch), say);
    if ((*writer)->stats().queued > 200) (*writer)->flush(10s);
  }
}

/// Reads acknowledgements until at least `count` have come, kills, reads the rest.
std::int64_t kill_in_the_middle(pid_t child, int pipe, int count) {
  std::int64_t last = 0;
  std::int64_t number = 0;
  for (int i = 0; ::read(pipe, &number, sizeof number) == sizeof number; ++i) {
    last = std::max(last, number);
    if (i == count) ::kill(child, SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  return last;
}

}  // namespace

TEST_CASE("kill -9 in the middle of load loses nothing that was acknowledged") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  std::int64_t next = 1;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(path, ends[1], next);
    }
    ::close(ends[1]);
    const auto last = kill_in_the_middle(child, ends[0], 100 + 37 * round);
    ::close(ends[0]);
    REQUIRE(last >= next);

    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    // Numbers are submitted and committed in order, so the last acknowledged one stands for all before it.
    CHECK(database.execAndGet("SELECT count(*) FROM incident WHERE id <= " + std::to_string(last)).getInt64() == last);
    const auto incidents = database.execAndGet("SELECT count(*) FROM incident").getInt64();
    CHECK(database.execAndGet("SELECT count(*) FROM result").getInt64() == incidents);
    CHECK(database.execAndGet("SELECT count(*) FROM result_failure WHERE position = -1").getInt64() == incidents);
    CHECK(database.execAndGet("SELECT count(*) FROM outbox").getInt64() == incidents);
    CHECK(database.execAndGet("SELECT count(*) FROM incident_update").getInt64() == incidents);
    next = incidents + 1;
  }
}
