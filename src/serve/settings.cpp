#include "serve/settings.hpp"

#include <boost/asio/ip/address.hpp>

#include "base/number.hpp"

namespace outaged::serve {

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view address = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  const auto port = parse_number<std::uint16_t>(port_text);
  if (!port) return std::nullopt;
  boost::system::error_code bad;
  const auto parsed = boost::asio::ip::make_address(std::string{address}, bad);
  if (bad || parsed.is_v6() != bracketed) return std::nullopt;
  return Endpoint{std::string{address}, *port};
}

const json::Shape<Settings>& settings_shape() {
  static const auto shape = [] {
    auto endpoint = json::converted<std::string, std::string>(
        json::text(),
        [](const std::string& text, const json::Cursor& cursor) -> std::optional<std::string> {
          if (text.empty() || parse_endpoint(text)) return text;
          cursor.fault("text \"" + text + "\"", "a numeric address and port, such as \"127.0.0.1:8460\", or \"\"");
          return std::nullopt;
        },
        [](const std::string& text) { return text; });
    return json::object<Settings>("Where the daemon listens.")
        .field("listen", &Settings::listen, std::move(endpoint),
               "Address and port for HTTP: status, API. Anyone who reaches it can read the status. \"\": no HTTP port.")
        .field(
            "socket", &Settings::socket, json::text(),
            "Path of the Unix socket that outagectl uses. \"\": outaged.sock in the runtime directory, or else beside "
            "the database.")
        .field(
            "admin_token", &Settings::admin_token, secret_reference(),
            "The secret that lets a request over HTTP change something: \"Authorization: Bearer TOKEN\". Without it, "
            "only the Unix socket does.")
        .field("link_key", &Settings::link_key, secret_reference(),
               "The secret that signs the links in messages by which an incident can be acknowledged without a log-in; "
               "they need \"public_address\". Without it, there are no such links.")
        .build();
  }();
  return shape;
}

}  // namespace outaged::serve
