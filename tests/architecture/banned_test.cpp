#include "architecture/banned.hpp"

#include <doctest/doctest.h>

using namespace outaged::architecture;

TEST_CASE("no clock is read outside the clock module") {
  const auto complaints = everywhere(check_clocks);
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("nobody sleeps or calls a shell or swallows an exception") {
  const auto complaints = everywhere(check_habits);
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("reading a clock is reported wherever it is written") {
  for (const char* code :
       {"auto t = std::chrono::steady_clock::now();", "auto t = std::chrono::system_clock :: now();",
        "x = std::time(nullptr);", "x = time(nullptr);", "x = time(&y);", "gettimeofday(&tv, nullptr);",
        "clock_gettime(CLOCK_MONOTONIC, &ts);", "x = std::clock();", "std::chrono::high_resolution_clock::now()",
        "x = ::time(nullptr);", "::time(&y);", "x = ::clock();", "using C = std::chrono::system_clock;",
        "namespace c = std::chrono; c::steady_clock clock;", "auto t = WallTime::clock::now();",
        "auto t = asio::steady_timer::clock_type::now();"}) {
    CAPTURE(code);
    CHECK(check_clocks({"src/detect/a.cpp", code}).size() == 1);
    CHECK(check_clocks({"src/net/a.cpp", code}).size() == 1);
    CHECK(check_clocks({"tests/net/a.cpp", code}).size() == 1);
    CHECK(check_clocks({"src/base/clock.cpp", code}).empty());
  }
}

TEST_CASE("asking the real clock is for those who measure and wire") {
  for (const char* code :
       {"auto t = MonotonicClock::now();", "using Clock = MonotonicClock;", "auto t = wall_clock_now();"}) {
    CAPTURE(code);
    for (const char* path : {"src/detect/a.cpp", "src/schedule/a.cpp", "src/store/a.cpp", "src/serve/a.hpp"})
      CHECK(check_clocks({path, code}).size() == 1);
    for (const char* path : {"src/net/a.cpp", "src/outaged/main.cpp", "tests/store/a.cpp", "bench/a.cpp"})
      CHECK(check_clocks({path, code}).empty());
  }
}

TEST_CASE("words that only look like clocks are not reported") {
  for (const char* code : {"auto t = queue.now();", "since = time(saved.at(2));", "parse_time(text); format_time(0);",
                           "x = detect::time(saved);", "asio::steady_timer timer(io); wall_clock(x);",
                           "// steady_clock::now()", "f(\"std::time(nullptr)\");"})
    CHECK(check_clocks({"src/detect/a.cpp", code}).empty());
}

TEST_CASE("sleeping and shells and empty catches are reported") {
  for (const char* code :
       {"std::this_thread::sleep_for(1ms);", "std::this_thread::sleep_until(t);", "usleep(10);", "::sleep(1);",
        "std::system(\"ls\");", "int x = system(line);", "popen(line, \"r\");", "try { f(); } catch (...) {}",
        "try { f(); } catch (const std::exception& e) {\n  // never mind\n}"}) {
    CAPTURE(code);
    CHECK(check_habits({"src/net/a.cpp", code}).size() == 1);
  }
  for (const char* code : {"co_await sleep_until(queue, when);", "catch (...) { log(); }", "file_system(x);",
                           "// sleep_for(1s)", "error.system();"})
    CHECK(check_habits({"src/net/a.cpp", code}).empty());
}
