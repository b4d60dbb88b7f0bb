#include "notify/channel.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "base/number.hpp"

namespace outaged::notify {
namespace {

constexpr std::size_t kLongestWords = 300;
constexpr std::size_t kWhole = std::string::npos;

/// Retry-After in seconds (RFC 9110 §10.2.3). Its other form, a date, is left to our own back-off.
std::optional<Micros> retry_after(const net::HttpExchange& exchange) {
  const std::string* value = exchange.header("retry-after");
  if (value == nullptr) return std::nullopt;
  const auto seconds = parse_number<std::uint32_t>(*value);
  return seconds ? std::optional<Micros>{std::chrono::seconds{*seconds}} : std::nullopt;
}

}  // namespace

Wording say(const Message& message, const Occasion& occasion) {
  return say(message, occasion.texts == nullptr ? english() : *occasion.texts, occasion.sent_at, occasion.zone);
}

std::string shown(const Redactor& redactor, std::string_view words) {
  return printable(redactor.redact(words), kLongestWords);
}

std::string words_of(const net::HttpExchange& exchange) {
  std::string words = printable(exchange.body, kWhole);
  const auto first = words.find_first_not_of(" \n\t");
  if (first == std::string::npos) return fmt::format("HTTP {}", exchange.status);
  // Its markup would say nothing here.
  if (words[first] == '<') return fmt::format("HTTP {} with a web page", exchange.status);
  return words;
}

Reply refused(const net::HttpExchange& exchange) {
  auto words = words_of(exchange);
  if (!words.starts_with("HTTP ")) words = fmt::format("HTTP {}: {}", exchange.status, words);
  return {ReplyKind::refused, std::move(words)};
}

std::optional<Reply> read_common(const net::HttpExchange& exchange) {
  if (exchange.failure) {
    const Failure& failure = *exchange.failure;
    const auto words = fmt::format("no answer ({} {}): {}", to_string(failure.layer), failure.kind, failure.detail);
    return Reply{ReplyKind::passing, printable(words, kWhole)};
  }
  if (exchange.status == 429 || exchange.status == 408 || exchange.status >= 500)
    return Reply{ReplyKind::passing, words_of(exchange), retry_after(exchange)};
  if (exchange.status >= 300 && exchange.status < 400)
    return Reply{ReplyKind::refused, fmt::format("HTTP {}: a redirect, which is not followed", exchange.status)};
  return std::nullopt;
}

Reply read_status(const net::HttpExchange& exchange) {
  if (auto reply = read_common(exchange)) return std::move(*reply);
  if (exchange.status >= 200 && exchange.status < 300) return {ReplyKind::delivered, words_of(exchange)};
  return refused(exchange);
}

net::HttpRequest post_json(std::string url, const json::Json& body) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  request.body = json::written(body);
  return request;
}

}  // namespace outaged::notify
