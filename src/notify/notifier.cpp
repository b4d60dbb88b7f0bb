#include "notify/notifier.hpp"

#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "base/units.hpp"
#include "notify/channel/address.hpp"
#include "notify/heartbeat.hpp"
#include "notify/store_outbox.hpp"

namespace outaged::notify {

namespace asio = boost::asio;

namespace {
/// What somebody wants to be tried again is of use for so long at least.
constexpr Micros kRetryLife = std::chrono::hours{24};
constexpr Micros kBetweenBeginnings = std::chrono::seconds{5};
}  // namespace

struct Notifier::Impl {
  Impl(Parts given, store::Reader reader, store::Reader own)
      : parts(std::move(given)),
        outbox(std::move(reader), parts.writer, io),
        facts(std::move(own)),
        work(asio::make_work_guard(*io)) {
    for (const auto& secret : secret_parts(Secret{parts.heartbeat})) secrets.add(secret);
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    asio::post(*io, [this] { work.reset(), io->stop(); });
    thread.join();
  }

  /// Everything that belongs to the thread is made and destroyed on it.
  void run() {
    RealTimerQueue queue{*io, parts.pace};
    timers = &queue;
    begin();
    while (!io->stopped()) {
      try {
        io->run();
      } catch (const std::exception& error) {
        log::error("notify thread goes on after an error", {{"reason", error.what()}});
      }
    }
    worker.reset();
    send = nullptr;
  }

  /// Nobody else tells anybody: what cannot be had yet, a descriptor or the database, is asked for again.
  void begin() {
    try {
      send = parts.make_send(*io);
      auto problems = facts.open_channel_problems();
      worker.emplace(Worker::Parts{.timers = *timers,
                                   .outbox = outbox,
                                   .send = send,
                                   .channels = std::move(parts.channels),
                                   .random = parts.random,
                                   .backoff = parts.backoff,
                                   .raise = parts.raise,
                                   .problems = std::move(problems),
                                   .site = parts.site});
    } catch (const std::exception& error) {
      log::error("alerts cannot be sent yet",
                 {{"reason", error.what()}, {"again_in", format_duration(kBetweenBeginnings)}});
      timers->at(timers->now() + kBetweenBeginnings, [this] { begin(); });
      return;
    }
    worker->wake();
    if (!parts.heartbeat.empty()) beat(Beat::start);
  }

  /// When there are messages; without a worker they wait for it in the outbox.
  void look() {
    if (worker) worker->wake();
  }

  void send_test(const std::string& channel, const Message& message, const std::function<void(Reply)>& done) {
    if (worker) {
      worker->send_test(channel, message, done);
    } else {
      done({ReplyKind::passing, "alerts cannot be sent yet; the daemon's log has the reason"});
    }
  }

  /// One ping now, the next after the interval.
  void beat(Beat kind) {
    std::string trouble;
    if (kind != Beat::start) {
      try {
        trouble = find_trouble(facts, timers->wall_now());
      } catch (const std::exception& error) {
        trouble = std::string{"the database cannot be read: "} + error.what();
      }
      kind = trouble.empty() ? Beat::well : Beat::ill;
    }
    if (kind == Beat::ill) log::warn("heartbeat reports trouble", {{"trouble", trouble}});
    send(beat_request(parts.heartbeat, kind, trouble), [this](const net::HttpExchange& exchange) {
      const Reply reply = read_status(exchange);
      if (reply.kind != ReplyKind::delivered)
        log::warn("heartbeat not taken", {{"answer", shown(secrets, reply.words)}});
    });
    timers->at(timers->now() + parts.heartbeat_interval, [this] { beat(Beat::well); });
  }

  Parts parts;
  std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  StoreOutbox outbox;
  store::Reader facts;
  Redactor secrets;
  TimerQueue* timers = nullptr;  // the thread's own
  Send send;
  std::optional<Worker> worker;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::thread thread;
};

Expected<std::unique_ptr<Notifier>, std::string> Notifier::start(Parts parts) {
  auto reader = store::Reader::open(parts.database);
  if (!reader) return Unexpected{reader.error()};
  auto facts = store::Reader::open(parts.database);
  if (!facts) return Unexpected{facts.error()};
  return std::unique_ptr<Notifier>{
      new Notifier{std::make_unique<Impl>(std::move(parts), std::move(*reader), std::move(*facts))}};
}

Notifier::Notifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Notifier::~Notifier() = default;

void Notifier::wake() {
  asio::post(*impl_->io, [impl = impl_.get()] { impl->look(); });
}

void Notifier::send_test(std::string channel, Message message, std::function<void(Reply)> done) {
  asio::post(*impl_->io, [impl = impl_.get(), channel = std::move(channel), message = std::move(message),
                          done = std::move(done)] { impl->send_test(channel, message, done); });
}

void Notifier::retry(std::int64_t row, std::function<void()> done) {
  asio::post(*impl_->io, [impl = impl_.get(), row, done = std::move(done)] {
    store::Batch batch;
    const WallTime now = impl->timers->wall_now();
    batch.retries.push_back({row, now, now + kRetryLife});
    // The writer may outlive us; then the context does not run any more.
    impl->parts.writer.submit(std::move(batch), [impl, io = impl->io, done] {
      asio::post(*io, [impl] { impl->look(); });
      done();
    });
  });
}

}  // namespace outaged::notify
