#include "net/settings.hpp"

#include <boost/asio/ip/address.hpp>
#include <sys/resource.h>

#include "base/number.hpp"

namespace outaged::net {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_number<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

json::Shape<OwnerBudget> budget_shape() {
  return json::object<OwnerBudget>("What may be asked of the targets of one owner per hour. 0: no bound.")
      .field("requests", &OwnerBudget::requests, json::integer(0, 100'000'000), "Requests, questions and connections.")
      .field("bytes", &OwnerBudget::bytes, json::bytes({0}, {1ULL << 40}), "Bytes of bodies, both ways.")
      .build();
}

}  // namespace

bool is_numeric_address(const std::string& address) {
  boost::system::error_code error;
  boost::asio::ip::make_address(address, error);
  return !error;
}

std::optional<ServerAddress> parse_server(std::string_view text) {
  if (is_numeric_address(std::string{text})) return ServerAddress{std::string{text}, std::nullopt};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  std::string address{text.substr(0, colon)};
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  if (!port || !is_numeric_address(address)) return std::nullopt;
  return ServerAddress{std::move(address), port};
}

const json::Shape<Settings>& settings_shape() {
  static const auto shape = [] {
    const auto server = json::converted<std::string, std::string>(
        json::nonempty_text(),
        [](const std::string& text, const json::Cursor& cursor) -> std::optional<std::string> {
          if (parse_server(text)) return text;
          cursor.fault("text \"" + text + "\"", "a numeric address, such as \"9.9.9.9\" or \"127.0.0.1:5353\"");
          return std::nullopt;
        },
        [](const std::string& text) { return text; });
    return json::object<Settings>("How the network is asked.")
        .field("concurrency", &Settings::concurrency, json::integer(1, 100'000),
               "Requests under way at once; further ones wait.")
        .field("handshakes", &Settings::handshakes, json::integer(1, 10'000),
               "Connections being set up at once; keeps measured times honest when many probes start together.")
        .field("dns", &Settings::dns, json::list(server, 0, 8),
               "Name servers to ask. Empty: those of /etc/resolv.conf.")
        .field(
            "ip", &Settings::ip, json::choice<IpFamily>(),
            "IP version for messages and for each step of a probe that does not say its own. \"any\": IPv4 where the "
            "name has it and this machine a route there, else IPv6. An address in numbers is taken as it is.")
        .field("ca_file", &Settings::ca_file, json::text(),
               "PEM file of the certificate authorities to trust, relative to this file. \"\": the system's.")
        .field("budget", &Settings::budget, budget_shape(),
               "For each owner (the platform of its components). Quick re-checks may use three quarters of it.")
        .field("budgets", &Settings::budgets, json::map_of(budget_shape(), "[a-z0-9-]+", "a platform"),
               "For owners that have another one. \"own\", your own sites, and \"control\", the control hosts, have no "
               "bound unless one is given here.")
        .field("user_agent", &Settings::user_agent,
               json::text("[ -~]{1,200}", "printable ASCII, at most 200 characters"),
               "How probes introduce themselves. Honest.")
        .field("contact", &Settings::contact,
               json::text("([a-zA-Z0-9._%+-]{1,64}@[a-zA-Z0-9.-]{1,120}|https?://[!-'*-~]{1,180})?",
                          "an e-mail address, such as ops@shop.example, or an address that begins with https://"),
               "How who is asked can reach you. Added to the user agent: \"outaged/0.1 (outage monitor) "
               "(+ops@shop.example)\". \"\": not said.")
        .build();
  }();
  return shape;
}

std::string introduction(const Settings& settings) {
  return settings.contact.empty() ? settings.user_agent : settings.user_agent + " (+" + settings.contact + ")";
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace outaged::net
