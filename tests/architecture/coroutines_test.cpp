#include "architecture/coroutines.hpp"

#include <doctest/doctest.h>

using namespace outaged::architecture;

TEST_CASE("every co_await is a statement or an initialiser") {
  const auto complaints = everywhere(check_awaits);
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("every coroutine takes its parameters by value") {
  const auto complaints = everywhere(check_coroutine_parameters);
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("the forms of co_await that GCC 12 compiles well are accepted") {
  for (const char* code : {
           "{ co_await f(a, b); }",
           "; co_await pause(queue, when);",
           "{ auto x = co_await f(a); }",
           "{ const auto x = co_await f(a); }",
           "{ auto& x = co_await f(a); }",
           "{ std::optional<std::vector<int>> x = co_await f(a); }",
           "{ const auto [error, size] = co_await stream->async_read(buffer, kToken); }",
           "{ auto [error, socket] =\n      co_await acceptor.async_accept(token); }",
           "{ again = co_await f(a); }",
           "{ self->next.value = co_await f(a); }",
           "{ if (a && b) co_await f(a); }",
           "{ if (a) x = 1;\n else co_await f(a); }",
           "{ for (const auto& x : list) co_await f(x); }",
           "{ while (f(x)) co_await g(x); }",
           "{ switch (x) { case Kind::a: co_await f(a); break; default: co_await g(a); } }",
           "{ co_await std::move(session); }",
           "{ auto x = co_await route.answer(std::move(request)); }",
           "{ auto x = co_await f(list[i], a); }",
           "// co_await is fine {\n f(\"co_await x ? y : z\");",
       }) {
    CAPTURE(code);
    const auto complaints = check_awaits({"a.cpp", code});
    CHECK_MESSAGE(complaints.empty(), to_string(complaints));
  }
}

TEST_CASE("the forms of co_await that GCC 12 may miscompile are reported") {
  for (const char* code : {
           "{ co_await f([x] { return x; }); }",
           "{ co_await f(a, [&](int y) { return y; }); }",
           "{ auto x = co_await f(Pair{a, b}); }",
           "{ auto x = c ? co_await f(a) : b; }",
           "{ auto x = co_await f(c ? a : b); }",
           "{ auto x = a && co_await f(b); }",
           "{ co_await (f(a) || g(b)); }",
           "{ if (co_await f(a)) g(); }",
           "{ while (co_await f(a)) g(); }",
           "{ g(co_await f(a)); }",
           "{ auto x = g(co_await f(a)); }",
           "{ auto x = 1 + co_await f(a); }",
           "{ return co_await f(a); }",
           "{ co_return co_await f(a); }",
           "{ throw co_await f(a); }",
           "{ Pair x{co_await f(a)}; }",
           "{ Pair x = {co_await f(a), 1}; }",
           "{ list[co_await f(a)] = 1; }",
           "{ auto x = co_await f(co_await g(a)); }",
       }) {
    CAPTURE(code);
    CHECK(check_awaits({"a.cpp", code}).size() >= 1);
  }
}

TEST_CASE("a bad co_await is reported with its line") {
  CHECK(check_awaits({"a.cpp", "void f() {\n  int x = 1;\n  g(co_await h(x));\n}"}) ==
        Complaints{{"a.cpp", 3, "co_await is neither a statement of its own nor an initialiser"}});
}

TEST_CASE("coroutines that take values or pointers are accepted") {
  for (const char* code : {
           "asio::awaitable<void> f(std::string a, int b);",
           "boost::asio::awaitable<std::vector<int>> Session::run(Stream* stream, std::shared_ptr<const State> state) "
           "{",
           "auto f = [](Stream* stream) -> asio::awaitable<void> { co_return; };",
           "std::function<asio::awaitable<Response>(Request)> answer;",
           "asio::awaitable<void> f(std::function<void(const Result&)> told);",
           "void start(const std::string& name, asio::awaitable<void> work);",
           "using asio::awaitable;",
           "asio::awaitable<void> f(Micros pause = kOne & kTwo);",
       }) {
    CAPTURE(code);
    const auto complaints = check_coroutine_parameters({"a.cpp", code});
    CHECK_MESSAGE(complaints.empty(), to_string(complaints));
  }
}

TEST_CASE("coroutines that take references or views are reported") {
  for (const char* code : {
           "asio::awaitable<void> f(const std::string& a);",
           "boost::asio::awaitable<int> Session::run(int a, Stream& stream) {",
           "asio::awaitable<void>\nf(int a,\n  std::string_view b);",
           "asio::awaitable<void> f(std::span<const char> bytes);",
           "asio::awaitable<void> f(Stream&& stream);",
           "auto f = [](Stream& stream) -> asio::awaitable<void> { co_return; };",
           "auto f = [](Stream& stream) mutable -> boost::asio::awaitable<void> { co_return; };",
           "std::function<asio::awaitable<Response>(const Request&)> answer;",
           "asio::awaitable<void> f(std::string a, const std::map<std::string, int>& b);",
       }) {
    CAPTURE(code);
    CHECK(check_coroutine_parameters({"a.cpp", code}).size() == 1);
  }
}
