#pragma once
// Outbox: the worker's view of the messages that are still to be sent. The store keeps them (store_outbox.hpp adapts
// it); they were written in the transaction of the incident they tell of, so a row that is seen here is true.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/named_enum.hpp"
#include "core/names.hpp"
#include "store/batch.hpp"

namespace outaged::notify {

/// A message that was neither delivered nor given up.
struct OutboxRow {
  std::int64_t id = 0;    ///< ascending in the order of writing
  std::string reference;  ///< idempotency key
  IncidentId incident;
  std::string channel;
  std::string payload;  ///< message.hpp, to_payload
  WallTime created;     ///< when it was decided
  WallTime not_before;  ///< the next attempt may not be earlier
  WallTime expires;     ///< of no use to anybody after this
  int attempts = 0;     ///< so far
  std::string handle;   ///< what the receiver called the channel's first message about the incident; empty: none
  bool operator==(const OutboxRow&) const = default;
};

enum class DeliveryOutcome {
  delivered,
  retry,   ///< failed, to be tried again at `next_attempt`
  failed,  ///< given up: the receiver refuses it
  expired  ///< given up: too old to be of use
};

/// What became of one attempt, or of a row without one (expired, or unreadable).
struct Delivery {
  std::int64_t row = 0;
  WallTime at;
  DeliveryOutcome outcome = DeliveryOutcome::delivered;
  std::string detail;     ///< the receiver's own words, redacted
  WallTime next_attempt;  ///< for `retry`
  std::string handle;     ///< what the receiver calls the message, when later ones want to know
  std::string fallback;   ///< this channel gets the same message, unless it has it already; empty: none
  bool operator==(const Delivery&) const = default;
};

/// What is written together: what became of one attempt, which may stand for many rows, and what follows from it.
struct Settlement {
  std::vector<Delivery> deliveries;
  std::optional<store::ChannelProblem> problem;
  std::vector<store::OutboxMessage> notices;
};

class Outbox {
 public:
  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  virtual ~Outbox() = default;

  /// All rows still to be sent, by ascending id, due or not; or why they cannot be read.
  virtual Expected<std::vector<OutboxRow>, std::string> pending() = 0;

  /// The last delivered message of every incident that is still open, on one channel.
  virtual Expected<std::vector<OutboxRow>, std::string> standing(const std::string& channel) = 0;

  /// Calls `done`, on the worker's thread and never from within record(), when the settlement is on disk (true) or
  /// could not be written (false).
  virtual void record(const Settlement& settlement, std::function<void(bool written)> done) = 0;
};

}  // namespace outaged::notify

namespace outaged {
template <>
inline constexpr auto kEnumNames<notify::DeliveryOutcome> = std::to_array<std::string_view>({"delivered", "retry",
                                                                                             "failed", "expired"});
}  // namespace outaged
