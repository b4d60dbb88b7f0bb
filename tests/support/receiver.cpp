#include "support/receiver.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace outaged::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

struct Receiver::Impl {
  Impl() : acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}) {
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }
  ~Impl() {
    io.stop();
    thread.join();
  }

  asio::awaitable<void> accept() {
    for (;;) {
      asio::ip::tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      beast::tcp_stream stream{std::move(socket)};
      auto session = serve(std::move(stream));
      asio::co_spawn(io, std::move(session), [](const std::exception_ptr&) {
        // A client that hangs up ends its own session only.
      });
    }
  }

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::use_awaitable);
      const Answer answer = take(request);
      if (answer.manner == Answer::Manner::close) co_return;
      if (answer.manner == Answer::Manner::stall) {
        // Holds the connection until the client gives up.
        http::request<http::string_body> never;
        co_await http::async_read(stream, buffer, never, asio::use_awaitable);
        co_return;
      }
      http::response<http::string_body> response{static_cast<http::status>(answer.status), request.version()};
      for (const auto& [name, value] : answer.headers) response.set(name, value);
      response.keep_alive(request.keep_alive());
      response.body() = answer.body;
      response.prepare_payload();
      co_await http::async_write(stream, response, asio::use_awaitable);
      if (!request.keep_alive()) co_return;
    }
  }

  Answer take(const http::request<http::string_body>& request) {
    const std::string target{request.target()};
    const std::lock_guard lock{mutex};
    const Answer answer = decide(request, target);
    received.push_back({target, request.body(), answer.manner == Answer::Manner::respond ? answer.status : 0});
    changed.notify_all();
    return answer;
  }

  Answer decide(const http::request<http::string_body>& request, const std::string& target) {
    for (auto& [part, answers] : scripted) {
      if (answers.empty() || target.find(part) == std::string::npos) continue;
      Answer answer = answers.front();
      answers.pop_front();
      return answer;
    }
    const std::string type{request[http::field::content_type]};
    const bool proper = request.method() == http::verb::post && type.starts_with("application/json");
    if (target.starts_with("/services/")) return proper ? slack_answer(request.body()) : Answer{400, "invalid_payload"};
    if (target == std::string{"/bot"} + kToken + "/sendMessage") return telegram_answer(request.body(), ++message_id);
    if (target == std::string{"/bot"} + kToken + "/editMessageText")
      return telegram_edit_answer(request.body(), message_id);
    if (target.starts_with("/bot")) return {401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})"};
    return {404, "no_service"};
  }

  asio::io_context io{1};
  asio::ip::tcp::acceptor acceptor;
  std::thread thread;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::vector<Received> received;
  std::vector<std::pair<std::string, std::deque<Answer>>> scripted;
  int message_id = 0;
};

Receiver::Receiver() : impl_(std::make_unique<Impl>()) {}
Receiver::~Receiver() = default;

std::string Receiver::telegram_url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->acceptor.local_endpoint().port());
}

std::string Receiver::slack_url(const std::string& name) const {
  return telegram_url() + "/services/T00000000/B00000000/" + name + "-webhook-secret";
}

void Receiver::answer_next(const std::string& part, std::vector<Answer> answers) {
  const std::lock_guard lock{impl_->mutex};
  impl_->scripted.emplace_back(part, std::deque<Answer>{answers.begin(), answers.end()});
}

std::vector<Received> Receiver::received(const std::string& part) const {
  const std::lock_guard lock{impl_->mutex};
  std::vector<Received> out;
  for (const auto& one : impl_->received) {
    if (one.target.find(part) != std::string::npos) out.push_back(one);
  }
  return out;
}

bool Receiver::wait_until(const std::function<bool(const std::vector<Received>&)>& condition,
                          std::chrono::milliseconds bound) const {
  std::unique_lock lock{impl_->mutex};
  return impl_->changed.wait_for(lock, bound, [&] { return condition(impl_->received); });
}

bool Receiver::wait_for(std::size_t count, std::chrono::milliseconds bound) const {
  return wait_until([count](const auto& received) { return received.size() >= count; }, bound);
}

}  // namespace outaged::test
