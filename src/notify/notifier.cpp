#include "notify/notifier.hpp"

#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "notify/store_outbox.hpp"

namespace outaged::notify {

namespace asio = boost::asio;

struct Notifier::Impl {
  Impl(Parts given, store::Reader reader)
      : parts(std::move(given)), outbox(std::move(reader), parts.writer, io), work(asio::make_work_guard(*io)) {
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    asio::post(*io, [this] { work.reset(), io->stop(); });
    thread.join();
  }

  /// Everything that belongs to the thread is made and destroyed on it.
  void run() {
    RealTimerQueue timers{*io, parts.pace};
    worker.emplace(
        Worker::Parts{timers, outbox, parts.make_send(*io), std::move(parts.channels), parts.random, parts.backoff});
    worker->wake();
    while (!io->stopped()) {
      try {
        io->run();
      } catch (const std::exception& error) {
        log::error("notify thread goes on after an error", {{"reason", error.what()}});
      }
    }
    worker.reset();
  }

  Parts parts;
  std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  StoreOutbox outbox;
  std::optional<Worker> worker;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::thread thread;
};

Expected<std::unique_ptr<Notifier>, std::string> Notifier::start(Parts parts) {
  auto reader = store::Reader::open(parts.database);
  if (!reader) return Unexpected{reader.error()};
  return std::unique_ptr<Notifier>{new Notifier{std::make_unique<Impl>(std::move(parts), std::move(*reader))}};
}

Notifier::Notifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Notifier::~Notifier() = default;

void Notifier::wake() {
  asio::post(*impl_->io, [impl = impl_.get()] { impl->worker->wake(); });
}

void Notifier::send_test(std::string channel, Message message, std::function<void(Reply)> done) {
  asio::post(*impl_->io, [impl = impl_.get(), channel = std::move(channel), message = std::move(message),
                          done = std::move(done)]() mutable { impl->worker->send_test(channel, message, done); });
}

}  // namespace outaged::notify
