#include "notify/transport/transports.hpp"

#include <atomic>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "notify/transport/mail.hpp"
#include "notify/transport/program.hpp"

namespace outaged::notify {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kThreads = 2;

/// The threads, which end at once when the worker goes.
struct Pool {
  ~Pool() {
    stop = true;
    threads.join();
  }
  std::atomic<bool> stop{false};
  asio::thread_pool threads{kThreads};
};

template <class Work>
void run_aside(asio::io_context& io, Pool& pool, Work work, std::function<void(net::HttpExchange)> done) {
  asio::post(pool.threads, [&io, work = std::move(work), done = std::move(done)]() mutable {
    net::HttpExchange exchange;
    try {
      exchange = work();
    } catch (const std::exception& error) {
      exchange.failure = Failure{Layer::local, std::nullopt, "local_error", error.what()};
    }
    asio::post(io, [done = std::move(done), exchange = std::move(exchange)] { done(exchange); });
  });
}

}  // namespace

Send transports(asio::io_context& io, HttpSend http, std::string ca_file) {
  auto pool = std::make_shared<Pool>();
  return [&io, pool, http = std::move(http), ca_file = std::move(ca_file)](
             Request request, std::function<void(net::HttpExchange)> done) {
    if (auto* web = std::get_if<net::HttpRequest>(&request)) {
      http(std::move(*web), std::move(done));
    } else if (auto* mail = std::get_if<MailRequest>(&request)) {
      run_aside(
          io, *pool, [mail = std::move(*mail), ca_file, &stop = pool->stop] { return send_mail(mail, ca_file, stop); },
          std::move(done));
    } else {
      run_aside(
          io, *pool,
          [program = std::get<ProgramRequest>(std::move(request)), &stop = pool->stop] {
            return run_program(program, stop);
          },
          std::move(done));
    }
  };
}

}  // namespace outaged::notify
