#include "probe/expectation.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "probe/classify.hpp"
#include "probe/image.hpp"

namespace outaged::probe {
namespace {

constexpr std::size_t kEvidence = 160;

Failure failed(Layer layer, std::string kind, std::string detail) {
  return {layer, Phase::receive, std::move(kind), std::move(detail)};
}

/// Gateways and edges answer so when what is behind them does not.
bool is_gateway_status(int status) {
  return status >= 500 && status <= 504;
}

std::optional<Failure> unmet_status(const Expectation& expectation, const Answer& answer) {
  static const std::vector<StatusRange> kSuccess{{200, 299}};
  const auto& exchange = answer.exchange();
  const auto& wanted = expectation.status.empty() ? kSuccess : expectation.status;
  if (within(wanted, exchange.status)) return std::nullopt;
  // An error of the platform's own making comes as JSON: then the interface lives and speaks for itself.
  const bool gateway = is_gateway_status(exchange.status) && answer.json() == nullptr;
  return failed(Layer::http, fmt::format("{}_{}", gateway ? "gateway" : "status", exchange.status), evidence(exchange));
}

std::optional<Failure> unmet_headers(const Expectation& expectation, const Answer& answer) {
  for (const auto& [name, pattern] : expectation.headers) {
    const auto* value = answer.exchange().header(name);
    if (value != nullptr && pattern.matches(*value)) continue;
    return failed(Layer::api, "header",
                  fmt::format("header {} is {}; {}", name, value == nullptr ? "missing" : "not as expected",
                              evidence(answer.exchange())));
  }
  return std::nullopt;
}

std::optional<Failure> unmet_json(const Expectation& expectation, const Answer& answer) {
  if (expectation.json.empty()) return std::nullopt;
  if (answer.json() == nullptr) return failed(Layer::api, "not_json", "no JSON; " + evidence(answer.exchange()));
  for (const auto& [pointer, wanted] : expectation.json) {
    const auto* value = answer.at(pointer);
    if (meets(wanted, value)) continue;
    return failed(Layer::api, "json",
                  fmt::format("{} at {}; {}", value == nullptr ? "nothing" : "an unexpected value", pointer,
                              evidence(answer.exchange())));
  }
  return std::nullopt;
}

std::optional<Failure> unmet_body(const Expectation& expectation, const Answer& answer) {
  if (!expectation.body) return std::nullopt;
  const auto& body = answer.exchange().body;
  const auto& wanted = *expectation.body;
  if (body.size() < wanted.min.count)
    return failed(Layer::content, "too_small",
                  fmt::format("{} bytes, at least {} expected", body.size(), wanted.min.count));
  if (wanted.max && body.size() > wanted.max->count)
    return failed(Layer::content, "too_large",
                  fmt::format("{} bytes, at most {} expected", body.size(), wanted.max->count));
  const bool contains = !wanted.contains || body.find(*wanted.contains) != std::string::npos;
  if (contains && (!wanted.matches || wanted.matches->matches(body))) return std::nullopt;
  return failed(Layer::content, "body", "unexpected body; " + evidence(answer.exchange()));
}

std::optional<Failure> unmet_digest(const Expectation& expectation, const Answer& answer, const RunValues& values) {
  if (!expectation.sha256) return std::nullopt;
  const auto wanted = expectation.sha256->render(values);
  const auto found = sha256_hex(answer.exchange().body);
  if (wanted == found) return std::nullopt;
  return failed(Layer::content, "sha256",
                fmt::format("{} bytes with SHA-256 {}…, not the {}… that was sent", answer.exchange().body.size(),
                            found.substr(0, 12), wanted.substr(0, 12)));
}

/// By its own word, or by the file type box at its beginning.
bool is_other_media(const net::HttpExchange& exchange) {
  if (exchange.body.empty()) return false;
  if (exchange.body.compare(std::min<std::size_t>(4, exchange.body.size()), 4, "ftyp") == 0) return true;
  const auto* type = exchange.header("content-type");
  if (type == nullptr || type->starts_with("image/jpeg") || type->starts_with("image/png")) return false;
  return type->starts_with("image/") || type->starts_with("video/");
}

std::optional<Failure> unmet_media(const Expectation& expectation, const Answer& answer) {
  if (!expectation.media) return std::nullopt;
  const auto image = decode_image(answer.exchange().body);
  if (!image) {
    if (is_other_picture(answer.exchange().body)) return std::nullopt;
    if (is_other_media(answer.exchange()))
      return failed(Layer::content, std::string{kOtherMedia},
                    "a film, or a picture of a kind that is not decoded here; " + evidence(answer.exchange()));
    return failed(Layer::content, "not_an_image", "no whole picture; " + evidence(answer.exchange()));
  }
  if (image->width >= expectation.media->min_width && image->height >= expectation.media->min_height)
    return std::nullopt;
  return failed(Layer::content, "image_too_small", fmt::format("a picture of only {}x{}", image->width, image->height));
}

std::optional<Failure> unmet_certificate(const Expectation& expectation, const Answer& answer, WallTime now) {
  const auto ends = answer.exchange().certificate_ends;
  if (!expectation.certificate || !ends || *ends >= now + *expectation.certificate) return std::nullopt;
  return Failure{Layer::tls, Phase::tls, "certificate_ends_soon", "the certificate ends on " + format_date(*ends)};
}

std::string rcode_name(int rcode) {
  switch (rcode) {
    case 0: return "noerror";
    case 2: return "servfail";
    case 3: return "nxdomain";
    case 5: return "refused";
    default: return fmt::format("rcode_{}", rcode);
  }
}

}  // namespace

std::string evidence(const net::HttpExchange& exchange) {
  const auto* type = exchange.header("content-type");
  std::string text = fmt::format("HTTP {}", exchange.status);
  // What follows the semicolon is for whoever looks closer; a message to people ends before it.
  if (type != nullptr) text += "; " + printable(*type, 60);
  if (const auto* server = exchange.header("server")) text += ", server " + printable(*server, 40);
  if (const auto* proxy = exchange.header("proxy-status")) text += ", proxy-status " + printable(*proxy, 80);
  if (const auto* location = exchange.header("location")) text += ", to " + printable(*location, 120);
  text += fmt::format(", {} bytes", exchange.body.size());
  const auto is_text = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || std::isspace(static_cast<unsigned char>(c));
  };
  // Longer than what is shown, so that the cut is marked: the redactor looks there for half a secret.
  const auto head = std::string_view{exchange.body}.substr(0, kEvidence * 2);
  if (!head.empty() && std::ranges::all_of(head, is_text)) {
    std::string line = printable(head, kEvidence);
    std::ranges::replace(line, '\n', ' ');
    text += ": " + line;
  }
  return text;
}

std::optional<Failure> unmet(const Expectation& expectation, const Answer& answer, const RunValues& values,
                             WallTime now) {
  if (auto failure = unmet_status(expectation, answer)) return failure;
  if (auto failure = unmet_headers(expectation, answer)) return failure;
  if (auto failure = unmet_json(expectation, answer)) return failure;
  if (auto failure = unmet_body(expectation, answer)) return failure;
  if (auto failure = unmet_digest(expectation, answer, values)) return failure;
  if (auto failure = unmet_media(expectation, answer)) return failure;
  return unmet_certificate(expectation, answer, now);
}

std::optional<Failure> unmet(const Expectation& expectation, const net::DnsAnswer& answer) {
  const DnsExpectation wanted = expectation.dns.value_or(DnsExpectation{});
  const auto failed_dns = [](std::string kind, std::string detail) {
    return Failure{Layer::dns, Phase::dns, std::move(kind), std::move(detail)};
  };
  if (wanted.rcode && *wanted.rcode != "noerror") {
    if (answer.rcode && rcode_name(*answer.rcode) == *wanted.rcode) return std::nullopt;
    if (!answer.rcode && answer.failure) return answer.failure;
    return failed_dns("rcode",
                      fmt::format("answered {} instead of {}", rcode_name(answer.rcode.value_or(0)), *wanted.rcode));
  }
  if (answer.failure && (answer.failure->kind != "empty" || wanted.min_records != 0)) return answer.failure;
  if (static_cast<std::int64_t>(answer.records.size()) < wanted.min_records)
    return failed_dns("too_few_records",
                      fmt::format("{} records, at least {} expected", answer.records.size(), wanted.min_records));
  for (const auto& record : answer.records) {
    if (wanted.suffix && !record.ends_with(*wanted.suffix))
      return failed_dns("unexpected_record", "the name server says " + printable(record, 200));
  }
  return std::nullopt;
}

}  // namespace outaged::probe
