#include "serve/http.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "base/log.hpp"

namespace outaged::serve {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool fits(const Route& route, const Request& request) {
  return std::ranges::equal(route.pattern, request.path, [](const auto& pattern, const auto& segment) {
    return pattern == "*" || pattern == segment;
  });
}

/// Takes "http://HOST" off a target in absolute form (RFC 9112, section 3.2.2); what it says of the host counts,
/// whatever the header says.
std::string_view without_origin(std::string_view target, Request& request) {
  constexpr std::string_view kSchemeEnd = "://";
  const auto scheme = lower_case(target.substr(0, target.find(kSchemeEnd)));
  if (scheme.size() == target.size() || (scheme != "http" && scheme != "https")) return target;
  const auto rest = target.substr(scheme.size() + kSchemeEnd.size());
  const auto host = rest.substr(0, rest.find_first_of("/?"));
  if (host.empty()) return target;
  request.headers["host"] = host;
  return rest.substr(host.size());
}

}  // namespace

Response problem(unsigned status, const std::string& title, const std::string& detail) {
  nlohmann::json body = {{"title", title}, {"status", status}};
  if (!detail.empty()) body["detail"] = detail;
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = json::written(body);
  return response;
}

bool parse_target(std::string_view target, Request& request) {
  const auto local = without_origin(target, request);
  const auto question = local.find('?');
  auto path = local.substr(0, question);
  if (path.empty() && local.size() < target.size()) path = "/";
  if (!path.starts_with('/')) return false;
  for (const auto part : split(path.substr(1), '/')) {
    if (part.empty()) continue;
    std::string segment = url_decode(part, false);
    if (segment == ".." || segment.find('\0') != std::string::npos) return false;
    request.path.push_back(std::move(segment));
  }
  if (question == std::string_view::npos) return true;
  for (const auto part : split(local.substr(question + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    request.query[url_decode(part.substr(0, equals), true)] =
        equals == std::string_view::npos ? "" : url_decode(part.substr(equals + 1), true);
  }
  return true;
}

std::string http_date(WallTime time) {
  // English whatever the locale.
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays.at(std::chrono::weekday{day}.c_encoding()),
                     static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

boost::asio::awaitable<Response> done(Response response) {
  co_return response;
}

boost::asio::awaitable<Response> dispatch(const std::vector<Route>* routes, Request request) {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;  ///< the methods of this path
  for (const Route& route : *routes) {
    if (!fits(route, request)) continue;
    if (route.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + (route.method == "GET" ? "GET, HEAD" : route.method);
      continue;
    }
    try {
      Response response = co_await route.answer(request);
      negotiate(request, response);
      co_return response;
    } catch (const std::exception& error) {
      log::error("request failed", {{"reason", error.what()}});
      co_return problem(500, "Internal error", "The daemon's log has the reason.");
    }
  }
  if (!allowed.empty()) {
    Response refusal = problem(405, "Method not allowed");
    refusal.headers.emplace_back("Allow", allowed);
    co_return refusal;
  }
  co_return problem(404, "Not found", "There is nothing at this address.");
}

}  // namespace outaged::serve
