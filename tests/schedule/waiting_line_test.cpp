#include "schedule/waiting_line.hpp"

#include <doctest/doctest.h>

using outaged::schedule::WaitingLine;

namespace {

std::string drain(WaitingLine<std::string>& line) {
  std::string out;
  while (!line.empty()) out += line.take() + " ";
  return out;
}

}  // namespace

TEST_CASE("owners take turns and within an owner the first comes first") {
  WaitingLine<std::string> line;
  for (const char* item : {"a1", "a2", "a3", "a4"}) line.push("a", item);
  line.push("b", "b1");
  line.push("c", "c1");
  line.push("b", "b2");
  CHECK(line.size() == 7);
  CHECK(drain(line) == "a1 b1 c1 a2 b2 a3 a4 ");
}

TEST_CASE("an owner that comes back queues behind the others") {
  WaitingLine<std::string> line;
  line.push("a", "a1");
  line.push("b", "b1");
  CHECK(line.take() == "a1");
  line.push("a", "a2");
  CHECK(drain(line) == "b1 a2 ");
}

TEST_CASE("those pushed first go before all others in their own order") {
  WaitingLine<std::string> line;
  line.push("a", "a1");
  line.push_first("x");
  line.push_first("y");
  CHECK(drain(line) == "x y a1 ");
}

TEST_CASE("those dropped leave no trace in the turns") {
  WaitingLine<std::string> line;
  line.push("a", "a1");
  line.push("b", "b1");
  line.push("b", "b2");
  line.push_first("x");
  line.drop([](const std::string& item) { return item == "a1" || item == "b1" || item == "x"; });
  CHECK(line.size() == 1);
  line.push("a", "a2");
  CHECK(drain(line) == "b2 a2 ");
}
