#pragma once
// What a simulated server got and what it answers. No sockets and no Beast in here: endpoints are plain functions from
// a Request to a Reply, and a Reply also says how it is to be (mis)delivered.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "outagesim/address_family.hpp"

namespace outaged::sim {

using Header = std::pair<std::string, std::string>;

struct Request {
  std::string method;
  std::string host;  ///< lower case, without the port
  std::string path;  ///< still encoded, without the query; begins with "/"
  std::map<std::string, std::string> query;
  std::vector<Header> headers;  ///< names in lower case
  std::string body;
  AddressFamily family = AddressFamily::ipv4;  ///< of the address that was asked
  /// False when the client went away before the announced end of the body: there is nobody to answer.
  bool complete = true;

  /// The first header of that lower-case name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// How an answer goes out. Everything but `whole` is a failure that the simulator plays.
enum class Delivery {
  whole,
  cut_body,    ///< `deliver_bytes` of the body, then the connection ends
  stall_body,  ///< `deliver_bytes` of the body, then nothing
  silence,     ///< not a byte
  close,       ///< the connection ends without a byte
  reset        ///< the connection is reset without a byte
};

struct Reply {
  unsigned status = 200;
  std::vector<Header> headers;  ///< Content-Length and Connection are added by head_of()
  std::string body;
  bool last = false;  ///< the connection ends after it
  Delivery delivery = Delivery::whole;
  std::size_t deliver_bytes = 0;
};

Reply text_reply(unsigned status, std::string content_type, std::string body);

/// Path segments, decoded; empty ones are left out.
std::vector<std::string> split_path(std::string_view path);

/// "a=1&b=2" decoded; the last of equal names; at most 256 pairs.
std::map<std::string, std::string> parse_form(std::string_view text);

/// One part of a multipart/form-data body (RFC 7578).
struct FormPart {
  std::string name;
  std::optional<std::string> file_name;
  std::string content_type;
  std::string content;
};

/// The parts, or nothing when the body is not what `content_type` promises. At most 64 parts.
std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

/// The status line's reason phrase.
std::string_view reason_phrase(unsigned status);

/// Status line and headers, with the empty line behind them.
std::string head_of(const Reply& reply);

}  // namespace outaged::sim
