// Questions to the database beside those about the present, with real sockets.
#include "serve/archive.hpp"

#include <future>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "serve/server.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A server whose archive is at work until it is let go.
struct Busy {
  Busy() { REQUIRE(static_cast<bool>(addresses)); }
  ~Busy() { let_go(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

  void let_go() {
    if (!std::exchange(gone, true)) door.set_value();
  }

  std::vector<Route> routes() {
    const auto archive = std::make_shared<Archive>(directory / "outaged.db");
    const auto open = door.get_future().share();
    const auto ask = [archive](Archive::Question question) {
      return [archive, question = std::move(question)](Request request) { return archive->ask(request, question); };
    };
    return {{"GET",
             {"now"},
             [](Request) {
               return done({200, "text/plain", "now"});
             }},
            {"GET", {"long"}, ask([this, open](store::Reader& reader) {
               if (begun++ == 0) at_work.set_value();
               open.wait();
               return Response{200, "text/plain", std::to_string(reader.probes().size())};
             })},
            {"GET", {"wrong"}, ask([](store::Reader&) -> Response { throw std::runtime_error("the disk is gone"); })}};
  }

  tcp::socket send(const std::string& path) {
    tcp::socket socket(io);
    const auto& address = addresses->front();
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    return socket;
  }
  static std::string answer_of(tcp::socket socket) {
    boost::system::error_code error;
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  std::promise<void> door;
  bool gone = false;
  std::promise<void> at_work;
  int begun = 0;  ///< on the archive's thread
  asio::io_context io;
  std::unique_ptr<Server> server = std::make_unique<Server>(
      Settings{"127.0.0.1:0", {}, {}, {}}, [this](const asio::any_io_executor&) { return routes(); },
      [] { return WallTime{}; });
  Expected<std::vector<std::string>, std::string> addresses = server->start();
};

}  // namespace

TEST_CASE_FIXTURE(Busy, "while the archive is at work the present is told, and then its answer comes") {
  auto asked = send("/long");
  at_work.get_future().wait();
  CHECK(answer_of(send("/now")).ends_with("now"));
  let_go();
  const auto answer = answer_of(std::move(asked));
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(answer.ends_with("\r\n\r\n0"));
  CHECK(answer.find("ETag: ") == answer.rfind("ETag: "));
}

TEST_CASE_FIXTURE(Busy, "when too many wait for the archive one more is told to come back") {
  std::vector<tcp::socket> waiting;
  waiting.push_back(send("/long"));
  at_work.get_future().wait();
  for (int i = 1; i < Archive::kMostWaiting; ++i) waiting.push_back(send("/long"));
  // An answer to a request that came later shows that all of these are in.
  CHECK(answer_of(send("/now")).ends_with("now"));
  const auto refused = answer_of(send("/long"));
  CHECK(refused.starts_with("HTTP/1.1 503"));
  CHECK(refused.find("\r\nRetry-After: ") != std::string::npos);
  CHECK(refused.find("application/problem+json") != std::string::npos);
  let_go();
  for (auto& one : waiting) CHECK(answer_of(std::move(one)).starts_with("HTTP/1.1 200"));
  CHECK(answer_of(send("/long")).starts_with("HTTP/1.1 200"));
}

TEST_CASE_FIXTURE(Busy, "a client that leaves before its answer harms nobody") {
  send("/long").close();
  at_work.get_future().wait();
  auto other = send("/long");
  let_go();
  CHECK(answer_of(std::move(other)).starts_with("HTTP/1.1 200"));
}

TEST_CASE_FIXTURE(Busy, "a server that stops waits for the question under way and forgets the others") {
  std::vector<tcp::socket> waiting;
  for (int i = 0; i < 5; ++i) waiting.push_back(send("/long"));
  at_work.get_future().wait();
  CHECK(answer_of(send("/now")).ends_with("now"));
  server->stop();
  let_go();
  server.reset();
  CHECK(answer_of(std::move(waiting.front())).find("200 OK") == std::string::npos);
}

TEST_CASE_FIXTURE(Busy, "a question that fails is an error of ours, and the next one is answered") {
  CHECK(answer_of(send("/wrong")).starts_with("HTTP/1.1 500"));
  let_go();
  CHECK(answer_of(send("/long")).starts_with("HTTP/1.1 200"));
}
