#pragma once
// Slack and Telegram on loopback: a real HTTP server on a thread of its own that holds to their rules
// (receiver_rules.hpp), keeps what it was sent, and misbehaves when told to.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/receiver_rules.hpp"

namespace outaged::test {

struct Received {
  std::string target;
  std::string body;
  unsigned answered = 0;  ///< the status it got; 0: none
};

class Receiver {
 public:
  static constexpr const char* kToken = "123456:AAtelegram-token-of-the-tests";

  Receiver();
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// A webhook; each `name` is one of its own.
  [[nodiscard]] std::string slack_url(const std::string& name = "ops") const;
  /// The Bot API's base address, for the bot kToken.
  [[nodiscard]] std::string telegram_url() const;

  /// The next requests whose target contains `part` get these answers, in this order; then the rules apply again.
  void answer_next(const std::string& part, std::vector<Answer> answers);

  /// What came in so far, in order, to targets that contain `part`.
  [[nodiscard]] std::vector<Received> received(const std::string& part = "") const;

  /// Waits until `condition`, which is looked at after each request, holds; false when `bound` has passed.
  bool wait_until(const std::function<bool(const std::vector<Received>&)>& condition,
                  std::chrono::milliseconds bound = std::chrono::seconds{120}) const;
  /// Waits for `count` requests in all.
  bool wait_for(std::size_t count, std::chrono::milliseconds bound = std::chrono::seconds{120}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::test
