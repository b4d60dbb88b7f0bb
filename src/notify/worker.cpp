#include "notify/worker.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/units.hpp"
#include "notify/digest.hpp"

namespace outaged::notify {
namespace {

/// The wall clock may be corrected while we wait for one of its times, so no wait is longer than this.
constexpr Micros kLongestSleep = std::chrono::minutes{1};

struct Lane {
  std::string name;
  OpenChannel open;
  bool busy = false;                             ///< a request is under way
  Instant open_at{};                             ///< no request before this: spacing, or what the receiver asked for
  std::optional<WallTime> failing_since;         ///< of attempts that failed in passing, without a delivery between
  std::optional<store::ChannelProblem> problem;  ///< as it stands in the store
  Instant repeat_at{};                           ///< for receivers that forget
  std::deque<OutboxRow> repeats;
};

/// One message on its way: the rows that it stands for (none for a repeat) and the requests that it takes.
struct Sending {
  std::string lane;
  std::vector<OutboxRow> rows;
  Steps steps;
  std::size_t step = 0;
};

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
    for (auto& [name, open] : parts.channels) {
      for (const auto& secret : open.channel->secrets()) redactor.add(secret);
      Lane& lane = lanes[name];
      lane.name = name;
      lane.open = std::move(open);
    }
    for (const auto& problem : parts.problems) {
      if (const auto lane = lanes.find(problem.channel); lane != lanes.end()) lane->second.problem = problem;
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
    const auto rows = read([this] { return parts.outbox.pending(); });
    if (!rows) {
      wake_at(parts.timers.now() + parts.store_retry);
      return;
    }
    std::map<std::string, std::vector<OutboxRow>> due;
    std::map<std::string, std::vector<OutboxRow>> late;
    std::set<std::pair<std::string, IncidentId>> held;  // rows of an incident wait for the one before
    for (const auto& row : *rows) {
      if (settled_unsent(row)) continue;
      const std::pair queue{row.channel, row.incident};
      // Notices are about no incident; none of them waits for another.
      const bool waits = row.incident.number > 0 && held.contains(queue);
      const bool busy = under_way.contains(row.id) || unwritten.contains(row.id);
      if (!busy && is_late(row)) late[row.channel].push_back(row);
      if (busy || waits || !is_due(row)) {
        held.insert(queue);
      } else {
        due[row.channel].push_back(row);
      }
    }
    for (auto& [name, lane] : lanes) serve(lane, due[name], std::move(late[name]));
  }

  /// Gives up what is too old or has no channel any more. True when the row is done with.
  bool settled_unsent(const OutboxRow& row) {
    if (under_way.contains(row.id) || unwritten.contains(row.id)) return false;
    const auto lane = lanes.find(row.channel);
    if (row.expires <= parts.timers.wall_now()) {
      give_up(row, DeliveryOutcome::expired, "not delivered in time");
    } else if (lane == lanes.end()) {
      give_up(row, DeliveryOutcome::failed, "no such channel in the configuration");
    } else {
      return false;
    }
    return true;
  }

  bool is_due(const OutboxRow& row) {
    const WallTime wall = parts.timers.wall_now();
    if (row.not_before <= wall) return true;
    wake_at(parts.timers.now() + std::min(std::min(row.not_before, row.expires) - wall, kLongestSleep));
    return false;
  }

  /// Lets a channel send the next of its `rows`, which are due; or in their stead all that are `late`, due or not; or
  /// repeat what still stands.
  void serve(Lane& lane, const std::vector<OutboxRow>& rows, std::vector<OutboxRow> late) {
    if (lane.busy) return;
    const Instant open_at = std::max(lane.open_at, groups[lane.open.channel->limits().group]);
    const bool idle = rows.empty() && !repeats(lane);
    if (idle) return;
    if (open_at > parts.timers.now()) {
      wake_at(open_at);
      return;
    }
    if (rows.empty()) {
      const OutboxRow row = lane.repeats.front();
      lane.repeats.pop_front();
      send(lane, {row}, false);
      return;
    }
    if (lane.open.channel->takes_digests() && late.size() >= parts.digest_from) {
      send(lane, std::move(late), true);
      return;
    }
    for (const auto& row : rows) {
      if (send(lane, {row}, true)) return;
    }
  }

  [[nodiscard]] bool is_late(const OutboxRow& row) const { return row.created <= parts.timers.wall_now() - parts.late; }

  /// Whether something is to be repeated now; sets the time of the next look when something may be later.
  bool repeats(Lane& lane) {
    const auto every = lane.open.channel->repeats_every();
    if (!every) return false;
    if (!lane.repeats.empty()) return true;
    const Instant now = parts.timers.now();
    if (lane.repeat_at <= now) {
      lane.repeat_at = now + *every;
      if (auto rows = read([&] { return parts.outbox.standing(lane.name); }))
        lane.repeats.assign(rows->begin(), rows->end());
    }
    wake_at(lane.repeat_at);
    return !lane.repeats.empty();
  }

  std::optional<std::vector<OutboxRow>> read(
      const std::function<Expected<std::vector<OutboxRow>, std::string>()>& from_outbox) {
    std::string reason;
    try {
      auto rows = from_outbox();
      if (rows) return std::move(*rows);
      reason = rows.error();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    log::warn("outbox cannot be read", {{"reason", reason}, {"again_in", format_duration(parts.store_retry)}});
    return std::nullopt;
  }

  /// Begins to send one message for `rows`; several make a digest. False when nothing was sent: a row that cannot be
  /// made into a request is given up.
  bool send(Lane& lane, std::vector<OutboxRow> rows, bool recorded) {
    std::vector<Message> messages;
    std::vector<OutboxRow> readable;
    for (auto& row : rows) {
      auto message = from_payload(row.payload);
      if (message) {
        messages.push_back(std::move(*message));
        readable.push_back(std::move(row));
      } else if (recorded) {
        give_up(row, DeliveryOutcome::failed, "unreadable: " + message.error());
      }
    }
    if (messages.empty()) return false;
    auto sending = std::make_shared<Sending>();
    sending->lane = lane.name;
    const bool single = messages.size() == 1;
    try {
      const Message message = single ? messages.front() : digest_of(messages, parts.site);
      sending->steps = lane.open.channel->render(message, occasion(lane, single ? readable.front().handle : ""));
    } catch (const std::exception& error) {
      for (const auto& row : readable) {
        if (recorded) give_up(row, DeliveryOutcome::failed, fmt::format("cannot be rendered: {}", error.what()));
      }
      return false;
    }
    lane.busy = true;
    if (recorded) {
      for (const auto& row : readable) under_way.insert(row.id);
      sending->rows = std::move(readable);
    }
    perform(sending);
    return true;
  }

  [[nodiscard]] Occasion occasion(const Lane& lane, std::string handle) const {
    return {parts.timers.wall_now(), std::move(handle), lane.open.texts, lane.open.zone};
  }

  void perform(const std::shared_ptr<Sending>& sending) {
    parts.send(sending->steps.at(sending->step), [weak = weak_from_this(), sending](const net::HttpExchange& exchange) {
      if (const auto self = weak.lock()) self->answered(sending, exchange);
    });
  }

  void answered(const std::shared_ptr<Sending>& sending, const net::HttpExchange& exchange) {
    Lane& lane = lanes.at(sending->lane);
    const Reply reply = understand(*lane.open.channel, exchange);
    const Limits limits = lane.open.channel->limits();
    const Instant now = parts.timers.now();
    lane.open_at = now + limits.spacing;
    if (!limits.group.empty()) groups[limits.group] = now + limits.group_spacing;
    if (reply.retry_after)
      lane.open_at = std::max(lane.open_at, now + std::min(*reply.retry_after, parts.backoff.longest_obeyed));
    const bool last = sending->step + 1 == sending->steps.size();
    const bool goes_on = reply.kind == ReplyKind::delivered || reply.kind == ReplyKind::refused;
    if (!last && goes_on) {
      if (reply.kind == ReplyKind::refused)
        log::info("part of a message refused", {{"channel", sending->lane}, {"answer", reply.words}});
      ++sending->step;
      parts.timers.at(lane.open_at, [weak = weak_from_this(), sending] {
        if (const auto self = weak.lock()) self->perform(sending);
      });
      return;
    }
    lane.busy = false;
    if (reply.kind == ReplyKind::moved) lane.open.channel->follow(reply.moved_to);
    if (sending->rows.empty()) {
      if (reply.kind != ReplyKind::delivered)
        log::warn("message not repeated", {{"channel", sending->lane}, {"answer", reply.words}});
      wake_at(now);
      return;
    }
    for (const auto& row : sending->rows) under_way.erase(row.id);
    conclude(lane, *sending, reply);
  }

  /// Writes down what became of all rows that a message stood for.
  void conclude(Lane& lane, const Sending& sending, const Reply& reply) {
    const OutboxRow& first = sending.rows.front();
    const WallTime at = parts.timers.wall_now();
    Delivery outcome;
    outcome.at = at;
    outcome.detail = sending.rows.size() > 1 ? "in a digest: " + reply.words : reply.words;
    Micros wait{0};
    switch (reply.kind) {
      case ReplyKind::delivered: outcome.outcome = DeliveryOutcome::delivered; break;
      case ReplyKind::refused: outcome.outcome = DeliveryOutcome::failed; break;
      case ReplyKind::moved:
      case ReplyKind::passing:
        outcome.outcome = DeliveryOutcome::retry;
        // At once the first time; a receiver that sends us to and fro waits like any other failure.
        if (reply.kind == ReplyKind::passing || first.attempts > 0) wait = pause(first, reply);
        break;
    }
    outcome.next_attempt = at + wait;
    Settlement settlement;
    judge(lane, reply, at, settlement);
    const bool hopeless = reply.kind == ReplyKind::refused || (reply.kind == ReplyKind::passing && lane.problem);
    if (hopeless) outcome.fallback = lane.open.fallback;
    const bool begins = sending.rows.size() == 1 && first.handle.empty() && first.incident.number > 0;
    if (begins && reply.kind == ReplyKind::delivered) outcome.handle = reply.handle;
    for (const auto& row : sending.rows) {
      outcome.row = row.id;
      settlement.deliveries.push_back(outcome);
      report(row, outcome.outcome, outcome.detail, wait);
    }
    settle(std::move(settlement));
  }

  /// Whether the channel is a problem now, or none any more.
  void judge(Lane& lane, const Reply& reply, WallTime at, Settlement& settlement) {
    if (reply.kind == ReplyKind::delivered) {
      lane.failing_since.reset();
      if (!lane.problem) return;
      lane.problem->open = false;
      lane.problem->at = at;
      settlement.problem = std::exchange(lane.problem, std::nullopt);
      log::info("channel works again", {{"channel", lane.name}});
      return;
    }
    if (!lane.failing_since) lane.failing_since = at;
    const bool lasting = reply.kind == ReplyKind::refused ||
                         (reply.kind == ReplyKind::passing && at - *lane.failing_since >= parts.patience);
    if (!lasting || lane.problem) return;
    lane.problem = store::ChannelProblem{lane.name, true, at, reply.words};
    settlement.problem = lane.problem;
    if (parts.raise) settlement.notices = parts.raise(*lane.problem);
    log::error("channel problem", {{"channel", lane.name}, {"answer", reply.words}});
  }

  /// The channel's reading of an exchange, as it may be seen.
  Reply understand(const Channel& channel, const net::HttpExchange& exchange) {
    Reply reply;
    try {
      reply = channel.read(exchange);
    } catch (const std::exception& error) {
      reply = {ReplyKind::refused, fmt::format("the answer cannot be read: {}", error.what())};
    }
    reply.words = shown(redactor, reply.words);
    return reply;
  }

  Micros pause(const OutboxRow& row, const Reply& reply) {
    return backoff(parts.backoff, row.attempts + 1, reply.retry_after, parts.random);
  }

  void give_up(const OutboxRow& row, DeliveryOutcome outcome, const std::string& detail) {
    Delivery delivery{row.id, parts.timers.wall_now(), outcome, detail, parts.timers.wall_now(), {}, {}};
    if (const auto lane = lanes.find(row.channel); lane != lanes.end()) delivery.fallback = lane->second.open.fallback;
    // A fallback has no use for what is too old.
    if (outcome == DeliveryOutcome::expired) delivery.fallback.clear();
    report(row, outcome, detail, Micros{0});
    settle({{delivery}, {}, {}});
  }

  static void report(const OutboxRow& row, DeliveryOutcome outcome, const std::string& detail, Micros wait) {
    const std::string_view channel = row.channel;
    switch (outcome) {
      case DeliveryOutcome::delivered:
        log::info("message delivered", {{"channel", channel}, {"reference", row.reference}, {"answer", detail}});
        break;
      case DeliveryOutcome::retry:
        log::warn("message not delivered yet", {{"channel", channel},
                                                {"reference", row.reference},
                                                {"answer", detail},
                                                {"again_in", format_duration_rounded(wait)}});
        break;
      case DeliveryOutcome::failed:
      case DeliveryOutcome::expired:
        log::error(
            "message given up",
            {{"channel", channel}, {"reference", row.reference}, {"outcome", to_string(outcome)}, {"answer", detail}});
        break;
    }
  }

  /// What is known must get to disk; until then its rows are neither sent again nor do they let later ones pass.
  void settle(Settlement settlement) {
    auto kept = std::make_shared<const Settlement>(std::move(settlement));
    for (const auto& delivery : kept->deliveries) unwritten.insert(delivery.row);
    write(kept);
  }

  void write(const std::shared_ptr<const Settlement>& settlement) {
    const auto written = [weak = weak_from_this(), settlement](bool ok) {
      const auto self = weak.lock();
      if (!self) return;
      if (!ok) return self->write_later(settlement);
      for (const auto& delivery : settlement->deliveries) self->unwritten.erase(delivery.row);
      self->wake_at(self->parts.timers.now());
    };
    try {
      parts.outbox.record(*settlement, written);
    } catch (const std::exception& error) {
      log::warn("delivery cannot be recorded", {{"reason", error.what()}});
      write_later(settlement);
    }
  }

  void write_later(const std::shared_ptr<const Settlement>& settlement) {
    parts.timers.at(parts.timers.now() + parts.store_retry, [weak = weak_from_this(), settlement] {
      if (const auto self = weak.lock()) self->write(settlement);
    });
  }

  using Done = std::function<void(Reply)>;

  void send_test(const std::string& name, const Message& message, Done done) {
    const auto lane = lanes.find(name);
    if (lane == lanes.end()) {
      parts.timers.at(parts.timers.now(), [done = std::move(done), name] {
        done({ReplyKind::refused, fmt::format("there is no channel \"{}\"", name)});
      });
      return;
    }
    auto sending = std::make_shared<Sending>();
    sending->lane = name;
    sending->steps = lane->second.open.channel->render(message, occasion(lane->second, ""));
    perform_test(sending, std::move(done));
  }

  void perform_test(const std::shared_ptr<Sending>& sending, Done done) {
    parts.send(sending->steps.at(sending->step),
               [weak = weak_from_this(), sending, done = std::move(done)](const net::HttpExchange& exchange) {
                 const auto self = weak.lock();
                 if (!self) return;
                 const Reply reply = self->understand(*self->lanes.at(sending->lane).open.channel, exchange);
                 if (reply.kind != ReplyKind::delivered || ++sending->step == sending->steps.size()) return done(reply);
                 self->perform_test(sending, done);
               });
  }

  Parts parts;
  std::map<std::string, Lane> lanes;
  std::map<std::string, Instant> groups;  ///< of channels that share a receiver's limit: no request before this
  Redactor redactor;
  std::set<std::int64_t> under_way;
  std::set<std::int64_t> unwritten;
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
