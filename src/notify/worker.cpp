#include "notify/worker.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/units.hpp"

namespace outaged::notify {
namespace {

/// The wall clock may be corrected while we wait for one of its times, so no wait is longer than this.
constexpr Micros kLongestSleep = std::chrono::minutes{1};

struct Lane {
  std::unique_ptr<Channel> channel;
  bool busy = false;  ///< a request is under way
  Instant open_at{};  ///< no request before this: spacing, or what the receiver asked for
};

/// Messages of one incident on one channel keep their order.
using Queue = std::pair<IncidentId, std::string>;

}  // namespace

Micros backoff(const Backoff& backoff, int attempts, std::optional<Micros> retry_after, Random& random) {
  Micros wait = backoff.first;
  for (int i = 1; i < attempts && wait < backoff.longest; ++i) wait *= 2;
  wait = std::min(wait, backoff.longest);
  const Micros drawn{static_cast<Micros::rep>(static_cast<double>(wait.count()) * random.uniform(0.5, 1.0))};
  if (!retry_after) return drawn;
  return std::max(drawn, std::min(*retry_after, backoff.longest_obeyed));
}

struct Worker::Impl : std::enable_shared_from_this<Worker::Impl> {
  explicit Impl(Parts given) : parts(std::move(given)) {
    for (auto& [name, channel] : parts.channels) {
      for (const auto& secret : channel->secrets()) redactor.add(secret);
      lanes[name].channel = std::move(channel);
    }
  }

  ~Impl() {
    if (timer) parts.timers.cancel(*timer);
  }

  void wake_at(Instant when) {
    if (timer && timer_at <= when) return;
    if (timer) parts.timers.cancel(*timer);
    timer_at = when;
    timer = parts.timers.at(when, [this] {
      timer.reset();
      look();
    });
  }

  /// One look at the outbox: sends all that may be sent now, and sets the time of the next look.
  void look() {
    const auto rows = read_outbox();
    if (!rows) {
      wake_at(parts.timers.now() + parts.store_retry);
      return;
    }
    std::set<Queue> held;
    for (const auto& row : *rows) {
      if (!consider(row, held)) held.emplace(row.incident, row.channel);
    }
  }

  std::optional<std::vector<OutboxRow>> read_outbox() {
    std::string reason;
    try {
      auto rows = parts.outbox.pending();
      if (rows) return std::move(*rows);
      reason = rows.error();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    log::warn("outbox cannot be read", {{"reason", reason}, {"again_in", format_duration(parts.store_retry)}});
    return std::nullopt;
  }

  /// True when later rows of the same queue need not wait for this one.
  bool consider(const OutboxRow& row, const std::set<Queue>& held) {
    if (under_way.contains(row.id) || unwritten.contains(row.id)) return false;
    const WallTime wall = parts.timers.wall_now();
    if (row.expires <= wall) {
      settle(row, DeliveryOutcome::expired, "not delivered in time");
      return true;
    }
    const auto lane = lanes.find(row.channel);
    if (lane == lanes.end()) {
      settle(row, DeliveryOutcome::failed, "no such channel in the configuration");
      return true;
    }
    if (row.not_before > wall) {
      wake_at(parts.timers.now() + std::min(std::min(row.not_before, row.expires) - wall, kLongestSleep));
      return false;
    }
    if (held.contains({row.incident, row.channel}) || lane->second.busy) return false;
    if (lane->second.open_at > parts.timers.now()) {
      wake_at(lane->second.open_at);
      return false;
    }
    return !send(row, lane->second);
  }

  /// False when the row cannot be made into a request; it is settled then.
  bool send(const OutboxRow& row, Lane& lane) {
    const auto message = from_payload(row.payload);
    if (!message) {
      settle(row, DeliveryOutcome::failed, "unreadable: " + message.error());
      return false;
    }
    net::HttpRequest request;
    try {
      request = lane.channel->render(*message, parts.timers.wall_now());
    } catch (const std::exception& error) {
      settle(row, DeliveryOutcome::failed, fmt::format("cannot be rendered: {}", error.what()));
      return false;
    }
    lane.busy = true;
    under_way.insert(row.id);
    parts.send(std::move(request), [weak = weak_from_this(), row](const net::HttpExchange& exchange) {
      if (const auto self = weak.lock()) self->answered(row, exchange);
    });
    return true;
  }

  void answered(const OutboxRow& row, const net::HttpExchange& exchange) {
    Lane& lane = lanes.at(row.channel);
    lane.busy = false;
    under_way.erase(row.id);
    const Instant now = parts.timers.now();
    lane.open_at = now + lane.channel->spacing();
    Reply reply = understand(*lane.channel, exchange);
    if (reply.retry_after)
      lane.open_at = std::max(lane.open_at, now + std::min(*reply.retry_after, parts.backoff.longest_obeyed));
    switch (reply.kind) {
      case ReplyKind::delivered: settle(row, DeliveryOutcome::delivered, reply.words); break;
      case ReplyKind::refused: settle(row, DeliveryOutcome::failed, reply.words); break;
      case ReplyKind::moved:
        lane.channel->follow(reply.moved_to);
        // At once the first time; a receiver that sends us to and fro waits like any other failure.
        settle(row, DeliveryOutcome::retry, reply.words, row.attempts == 0 ? Micros{0} : pause(row, reply));
        break;
      case ReplyKind::passing: settle(row, DeliveryOutcome::retry, reply.words, pause(row, reply)); break;
    }
  }

  /// The channel's reading of an exchange, redacted.
  Reply understand(const Channel& channel, const net::HttpExchange& exchange) {
    Reply reply;
    try {
      reply = channel.read(exchange);
    } catch (const std::exception& error) {
      reply = {ReplyKind::refused, fmt::format("the answer cannot be read: {}", error.what()), {}, {}};
    }
    reply.words = redactor.redact(reply.words);
    return reply;
  }

  Micros pause(const OutboxRow& row, const Reply& reply) {
    return backoff(parts.backoff, row.attempts + 1, reply.retry_after, parts.random);
  }

  void settle(const OutboxRow& row, DeliveryOutcome outcome, const std::string& detail, Micros wait = Micros{0}) {
    const WallTime at = parts.timers.wall_now();
    unwritten[row.id] = Delivery{row.id, at, outcome, detail, at + wait};
    report(row, outcome, detail, wait);
    write(row.id);
  }

  static void report(const OutboxRow& row, DeliveryOutcome outcome, const std::string& detail, Micros wait) {
    const std::string_view channel = row.channel;
    switch (outcome) {
      case DeliveryOutcome::delivered:
        log::info("message delivered", {{"channel", channel}, {"incident", row.incident.number}, {"answer", detail}});
        break;
      case DeliveryOutcome::retry:
        log::warn("message not delivered yet", {{"channel", channel},
                                                {"incident", row.incident.number},
                                                {"answer", detail},
                                                {"again_in", format_duration_rounded(wait)}});
        break;
      case DeliveryOutcome::failed:
      case DeliveryOutcome::expired:
        log::error("message given up", {{"channel", channel},
                                        {"incident", row.incident.number},
                                        {"outcome", to_string(outcome)},
                                        {"answer", detail}});
        break;
    }
  }

  /// What is known must get to disk; until then the row is neither sent again nor does it let later ones pass.
  void write(std::int64_t row) {
    const auto written = [weak = weak_from_this(), row](bool ok) {
      const auto self = weak.lock();
      if (!self) return;
      if (ok) {
        self->unwritten.erase(row);
        self->wake_at(self->parts.timers.now());
      } else {
        self->write_later(row);
      }
    };
    try {
      parts.outbox.record(unwritten.at(row), written);
    } catch (const std::exception& error) {
      log::warn("delivery cannot be recorded", {{"reason", error.what()}});
      write_later(row);
    }
  }

  void write_later(std::int64_t row) {
    parts.timers.at(parts.timers.now() + parts.store_retry, [weak = weak_from_this(), row] {
      if (const auto self = weak.lock()) self->write(row);
    });
  }

  void send_test(const std::string& name, const Message& message, std::function<void(Reply)> done) {
    const auto lane = lanes.find(name);
    if (lane == lanes.end()) {
      parts.timers.at(parts.timers.now(), [done = std::move(done), name] {
        done({ReplyKind::refused, fmt::format("there is no channel \"{}\"", name), {}, {}});
      });
      return;
    }
    parts.send(lane->second.channel->render(message, parts.timers.wall_now()),
               [weak = weak_from_this(), name, done = std::move(done)](const net::HttpExchange& exchange) {
                 const auto self = weak.lock();
                 if (self) done(self->understand(*self->lanes.at(name).channel, exchange));
               });
  }

  Parts parts;
  std::map<std::string, Lane> lanes;
  Redactor redactor;
  std::set<std::int64_t> under_way;
  std::map<std::int64_t, Delivery> unwritten;
  std::optional<TimerQueue::TimerId> timer;
  Instant timer_at{};
};

Worker::Worker(Parts parts) : impl_(std::make_shared<Impl>(std::move(parts))) {}
Worker::~Worker() = default;

void Worker::wake() {
  impl_->wake_at(impl_->parts.timers.now());
}

void Worker::send_test(const std::string& channel, const Message& message, std::function<void(Reply)> done) {
  impl_->send_test(channel, message, std::move(done));
}

}  // namespace outaged::notify
