#pragma once
// What the server hands to the routes and what they hand back. No Beast in here.
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace outaged::serve {

struct Request {
  std::string method;
  std::vector<std::string> path;             ///< decoded segments of the target: "/api/v1/status" → api, v1, status
  std::map<std::string, std::string> query;  ///< decoded; the last of equal names
  std::string body;
  /// Came over the Unix socket from the daemon's own user or root. Only such a request may change or start anything.
  bool privileged = false;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
};

/// An error in the form of RFC 9457 (problem details).
Response problem(unsigned status, const std::string& title, const std::string& detail = {});

/// One route: fixed segments, or "*" for any one segment.
struct Route {
  std::string method;
  std::vector<std::string> pattern;
  std::function<boost::asio::awaitable<Response>(Request)> answer;
};

/// Splits and decodes a request target. Nothing when it is malformed (no leading slash, a NUL, "..").
bool parse_target(std::string_view target, Request& request);

/// The answer of the first route that fits; 404 or 405 otherwise; 500 with a log line when a route throws. HEAD is
/// answered as GET. `routes` must outlive the call.
boost::asio::awaitable<Response> dispatch(const std::vector<Route>* routes, Request request);

}  // namespace outaged::serve
