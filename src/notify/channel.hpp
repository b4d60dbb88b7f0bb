#pragma once
// Channel: a place where messages go, such as one Slack webhook or one Telegram chat. A channel only translates: a
// message into requests, and what came back into a Reply. Who sends, when and how often is the worker's business
// (worker.hpp), so everything here is pure and needs no network to be tested.
//
// To add a kind of channel: one file in channel/ and one row in the table of settings.cpp.
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/http.hpp"
#include "notify/message.hpp"
#include "notify/texts.hpp"

namespace outaged::notify {

/// One mail, for an SMTP server.
struct MailRequest {
  std::string server;  ///< smtp://HOST:PORT (STARTTLS when `encrypted`) or smtps://HOST:PORT
  bool encrypted = true;
  std::string user;  ///< empty: no authentication
  Secret password;
  std::string from;             ///< bare address
  std::vector<std::string> to;  ///< bare addresses
  std::string content;          ///< RFC 5322, lines end in CRLF
  Micros timeout = std::chrono::seconds{30};
};

/// One run of a program of the user's: no shell, `input` on its standard input.
struct ProgramRequest {
  std::vector<std::string> command;  ///< path and arguments
  std::string input;
  Micros timeout = std::chrono::seconds{10};
};

/// What a channel wants to have done. The outcome always comes as an HttpExchange: of a mail, `status` is the SMTP
/// reply code and `body` its text; of a program, `status` is its exit code and `body` the beginning of its output.
using Request = std::variant<net::HttpRequest, MailRequest, ProgramRequest>;

/// A message may take several requests, sent in this order. Only the last one tells the reader anything new; those
/// before it are harmless to repeat and are passed over when they are refused.
using Steps = std::vector<Request>;

/// The circumstances of one attempt at a message.
struct Occasion {
  WallTime sent_at;  ///< shown to the reader
  /// What the receiver called the channel's first message about this incident; empty: there is none.
  std::string handle = {};
  const Texts* texts = nullptr;  ///< nullptr: English
  Zone zone = {};
};

/// say() in the language and zone of the occasion.
Wording say(const Message& message, const Occasion& occasion);

enum class ReplyKind {
  delivered,  ///< the receiver has it
  passing,    ///< not now: try again, after `retry_after` when the receiver named a time
  refused,    ///< never: repeating the same request is no use
  moved       ///< the same destination has another address now (`moved_to`): try there, at once
};

struct Reply {
  ReplyKind kind = ReplyKind::delivered;
  /// The receiver's own words, or the reason why there are none. Printable, as long as they are, and may still hold
  /// what the receiver echoed: pass shown() before they are stored, logged or answered.
  std::string words;
  std::optional<Micros> retry_after = {};
  std::string moved_to = {};
  /// What the receiver calls the message, for later messages about the same incident (Occasion::handle).
  std::string handle = {};
  bool operator==(const Reply&) const = default;
};

/// How often a receiver wants to be spoken to.
struct Limits {
  Micros spacing{0};  ///< between two requests of this channel
  /// Channels with the same group share `group_spacing` too (all chats of one bot); empty: no group.
  std::string group = {};
  Micros group_spacing{0};
  bool operator==(const Limits&) const = default;
};

class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// The requests that say `message`, at least one; their URLs and headers may hold secrets.
  [[nodiscard]] virtual Steps render(const Message& message, const Occasion& occasion) const = 0;

  /// What an exchange for such a request means.
  [[nodiscard]] virtual Reply read(const net::HttpExchange& exchange) const = 0;

  [[nodiscard]] virtual Limits limits() const { return {std::chrono::seconds{1}}; }

  /// What must never be seen in a log, an error or a delivery: whatever a receiver or libcurl says is searched for it.
  [[nodiscard]] virtual std::vector<Secret> secrets() const = 0;

  /// Whether one digest may stand for many late messages: for people yes, not for receivers that keep account of every
  /// incident.
  [[nodiscard]] virtual bool takes_digests() const { return true; }

  /// Receivers that forget: how often the last message about an incident is repeated while it is open.
  [[nodiscard]] virtual std::optional<Micros> repeats_every() const { return std::nullopt; }

  /// From now on the channel speaks to this address; told after a Reply of kind `moved`.
  virtual void follow(const std::string& /*moved_to*/) {}
};

/// The part of reading that all HTTP receivers have in common: no answer, redirects (never followed), 408, 429 with
/// Retry-After, 5xx are passing or refused as HTTP means them; nothing for any other status.
std::optional<Reply> read_common(const net::HttpExchange& exchange);

/// Reading for receivers whose whole answer is the status: 2xx is delivered, everything else as read_common() or
/// refused.
Reply read_status(const net::HttpExchange& exchange);

/// The words of a Reply as they may be seen: without secrets, then at most 300 bytes. The other way round half a secret
/// could stay at the end.
std::string shown(const Redactor& redactor, std::string_view words);

/// The receiver's body as words for a Reply; "HTTP 500" when it is empty.
std::string words_of(const net::HttpExchange& exchange);
/// It does not want the message, and says so in these words.
Reply refused(const net::HttpExchange& exchange);

/// A POST of JSON, as most receivers want it.
net::HttpRequest post_json(std::string url, const json::Json& body);

}  // namespace outaged::notify
