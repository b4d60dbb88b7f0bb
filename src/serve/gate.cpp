#include "serve/gate.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/encoding.hpp"
#include "base/log.hpp"

namespace outaged::serve {
namespace {

using namespace std::chrono_literals;

constexpr auto kWindow = 1min;
/// Addresses remembered.
constexpr std::size_t kMostPeers = 1024;
constexpr std::string_view kScheme = "bearer ";

Response unauthorised(const std::string& detail) {
  auto answer = problem(401, "Not allowed", detail);
  answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"outaged\"");
  return answer;
}

/// The name of the scheme may be written as one likes (RFC 9110, section 11.1), the token not.
std::optional<std::string_view> bearer_token(std::string_view credentials) {
  if (lower_case(credentials.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  credentials.remove_prefix(kScheme.size());
  credentials.remove_prefix(std::min(credentials.find_first_not_of(' '), credentials.size()));
  return credentials;
}

}  // namespace

bool same_secret(std::string_view given, std::string_view expected) {
  const auto a = sha256_hex(given);
  const auto b = sha256_hex(expected);
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Gate::Attempts& Gate::attempts_of(const std::string& peer, WallTime now) {
  if (attempts_.size() >= kMostPeers && !attempts_.contains(peer)) {
    std::erase_if(attempts_, [now](const auto& entry) { return now - entry.second.since >= kWindow; });
    if (attempts_.size() >= kMostPeers)
      attempts_.erase(std::ranges::min_element(attempts_, {}, [](const auto& entry) { return entry.second.since; }));
  }
  auto& attempts = attempts_[peer];
  // A clock that was set back must not keep anybody out.
  if (now - attempts.since >= kWindow || now < attempts.since) attempts = {now, 0};
  return attempts;
}

std::optional<Response> Gate::refuse(const Request& request) {
  if (request.privileged) return std::nullopt;
  const auto given = request.headers.find("authorization");
  if (request.over_socket)
    return problem(403, "Not allowed", "Only root and the user that runs the daemon may do this.");
  if (token_.empty())
    return problem(403, "Not allowed",
                   "No admin token is configured (serve.admin_token): use outagectl on the daemon's machine.");
  const auto token = given == request.headers.end() ? std::nullopt : bearer_token(given->second);
  if (!token) return unauthorised("Send the admin token: \"Authorization: Bearer TOKEN\".");
  if (same_secret(*token, token_.reveal())) return std::nullopt;
  auto& attempts = attempts_of(request.peer, now_());
  if (attempts.wrong >= kAttempts) {
    auto answer = problem(429, "Too many wrong tokens", "Wait a minute.");
    answer.headers.emplace_back("Retry-After", fmt::format("{}", std::chrono::seconds{kWindow}.count()));
    return answer;
  }
  ++attempts.wrong;
  log::warn("wrong admin token", {{"peer", request.peer}, {"attempt", attempts.wrong}});
  return unauthorised("This is not the admin token.");
}

Handler guarded(std::shared_ptr<Gate> gate, Handler handler) {
  return [gate = std::move(gate), handler = std::move(handler)](Request request) {
    if (auto refusal = gate->refuse(request)) return done(std::move(*refusal));
    return handler(std::move(request));
  };
}

std::string name_of_caller(const Request& request) {
  return request.user.empty() ? "admin" : request.user;
}

}  // namespace outaged::serve
