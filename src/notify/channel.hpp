#pragma once
// Channel: a place where messages go, such as one Slack webhook or one Telegram chat. A channel only translates: a
// message into an HTTP request, and what came back into a Reply. Who sends, when and how often is the worker's
// business (worker.hpp), so everything here is pure and needs no network to be tested.
//
// To add a kind of channel: one file in channel/ and one row in the table of settings.cpp.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/http.hpp"
#include "notify/message.hpp"

namespace outaged::notify {

enum class ReplyKind {
  delivered,  ///< the receiver has it
  passing,    ///< not now: try again, after `retry_after` when the receiver named a time
  refused,    ///< never: repeating the same request is no use
  moved       ///< the same destination has another address now (`moved_to`): try there, at once
};

struct Reply {
  ReplyKind kind = ReplyKind::delivered;
  /// The receiver's own words, or the reason why there are none. Printable, at most 300 bytes. May still hold what the
  /// receiver echoed: passes a Redactor before it is stored or logged.
  std::string words;
  std::optional<Micros> retry_after;
  std::string moved_to;
  bool operator==(const Reply&) const = default;
};

class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// The request that says `message`; its URL and headers may hold secrets. `sent_at` is shown to the reader.
  [[nodiscard]] virtual net::HttpRequest render(const Message& message, WallTime sent_at) const = 0;

  /// What an exchange for such a request means.
  [[nodiscard]] virtual Reply read(const net::HttpExchange& exchange) const = 0;

  /// The shortest time between two requests that the receiver wants.
  [[nodiscard]] virtual Micros spacing() const = 0;

  /// What must never be seen in a log, an error or a delivery: whatever a receiver or libcurl says is searched for it.
  [[nodiscard]] virtual std::vector<Secret> secrets() const = 0;

  /// From now on the channel speaks to this address; told after a Reply of kind `moved`.
  virtual void follow(const std::string& /*moved_to*/) {}
};

/// The part of reading that all receivers have in common: no answer, redirects (never followed), 408, 429 with
/// Retry-After, 5xx are passing or refused as HTTP means them; nothing for any other status.
std::optional<Reply> read_common(const net::HttpExchange& exchange);

/// The receiver's body as words for a Reply: printable and bounded; "HTTP 500" when it is empty.
std::string words_of(const net::HttpExchange& exchange);

}  // namespace outaged::notify
