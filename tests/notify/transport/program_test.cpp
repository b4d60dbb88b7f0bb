#include "notify/transport/program.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;

namespace {
net::HttpExchange run(const std::vector<std::string>& command, const std::string& input = {}, Micros timeout = 30s) {
  const std::atomic<bool> stop{false};
  return run_program({command, input, timeout}, stop);
}
}  // namespace

TEST_CASE("a program reads the message on its standard input, and what it says is kept") {
  const std::string large(300'000, 'x');
  const auto exchange = run({"/usr/bin/wc", "-c"}, large);
  CHECK(!exchange.failure);
  CHECK(exchange.status == 0);
  CHECK(exchange.body == "300000\n");
}

TEST_CASE("arguments reach a program as they are: there is no shell") {
  CHECK(run({"/bin/echo", "$(id)", "; rm", "a b"}).body == "$(id) ; rm a b\n");
}

TEST_CASE("exit codes are told apart, also of a program that reads nothing") {
  CHECK(run({"/bin/sh", "-c", "exit 75"}, std::string(300'000, 'x')).status == 75);
  CHECK(run({"/bin/false"}).status == 1);
}

TEST_CASE("a program that is not there, dies or does not end is a failure") {
  CHECK(run({"/nowhere/at/all"}).failure->kind == "not_started");
  CHECK(run({"/bin/sh", "-c", "kill -9 $$"}).failure->detail == "killed by signal 9");
  CHECK(run({"/bin/sh", "-c", "sleep 600 & wait"}, "", 200ms).failure->kind == "late");
  const std::atomic<bool> stop{true};
  CHECK(run_program({{"/bin/sh", "-c", "sleep 600"}, "", 30s}, stop).failure->kind == "cancelled");
}
