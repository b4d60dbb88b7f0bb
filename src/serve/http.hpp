#pragma once
// What the server hands to the routes and what they hand back. No Beast in here.
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/clock.hpp"

namespace outaged::serve {

struct Request {
  std::string method;
  std::vector<std::string> path;               ///< decoded segments of the target: "/api/v1/status" → api, v1, status
  std::map<std::string, std::string> query;    ///< decoded; the last of equal names
  std::map<std::string, std::string> headers;  ///< names in lower case; values of equal names joined by ", "
  std::string body;
  std::string peer;          ///< address of the other side, without the port; "" over the Unix socket
  bool over_socket = false;  ///< came over the Unix socket
  std::string user;          ///< over the Unix socket: name of the peer's user
  /// Came over the Unix socket from the daemon's own user or root: may change and start things (gate.hpp).
  bool privileged = false;
};

/// A body that is sent often: made once with its compressed form and its ETag, then shared and never changed.
struct Document {
  std::string content_type;
  std::string plain;
  std::string gzip;  ///< empty when compression gains nothing
  std::string etag;  ///< of the plain form, with its quotes
};
std::shared_ptr<const Document> make_document(std::string content_type, std::string body);

/// An answer without an end: pieces of text, as they come about. On the server's thread.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Waits for the next piece; empty: the stream ends.
  virtual boost::asio::awaitable<std::string> next() = 0;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< beside those that every answer has
  std::shared_ptr<const Document> document = nullptr;             ///< instead of `content_type` and `body`
  std::shared_ptr<Stream> stream = nullptr;                       ///< instead of a body
  bool negotiated = false;                                        ///< it has the form that the client takes
};

/// An error in the form of RFC 9457 (problem details).
Response problem(unsigned status, const std::string& title, const std::string& detail = {});

/// Finishes an answer: compresses it when the client takes that and it is worth it, gives it an ETag, and makes it 304
/// when the client has it already. Answers that are no 200 to a GET are left as they are, and what is negotiated once
/// is not packed again.
void negotiate(const Request& request, Response& response);

/// Which of `offered` (codes such as "en", none of them twice) the client likes best (Accept-Language, RFC 9110,
/// section 12.5.4): of equals the one it names first; the first of all when it likes none.
std::size_t preferred_language(const Request& request, std::span<const std::string_view> offered);

/// "Wed, 03 Jul 2019 14:00:00 GMT" (RFC 9110, section 5.6.7).
std::string http_date(WallTime time);

/// One route: fixed segments, or "*" for any one segment.
struct Route {
  std::string method;
  std::vector<std::string> pattern;
  std::function<boost::asio::awaitable<Response>(Request)> answer;
};

/// An answer that waits for nothing.
boost::asio::awaitable<Response> done(Response response);

/// Splits and decodes a request target, which may be in absolute form ("http://HOST/…"; HOST replaces the header).
/// False when it is malformed (no leading slash, a NUL, "..").
bool parse_target(std::string_view target, Request& request);

/// The answer of the first route that fits; 404 or 405 otherwise; 500 with a log line when a route throws. HEAD is
/// answered as GET. `routes` must outlive the call.
boost::asio::awaitable<Response> dispatch(const std::vector<Route>* routes, Request request);

}  // namespace outaged::serve
