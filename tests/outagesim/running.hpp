#pragma once
// A simulator in this process and a real client for it.
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "outagesim/fault.hpp"
#include "outagesim/simulator.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::test {

struct Fetch {
  std::string method = "GET";
  std::vector<std::string> headers = {};
  std::string body = {};
  /// Name → content of a multipart form; "file" is sent as a PNG file.
  std::map<std::string, std::string> form = {};
  long timeout_ms = 10'000;
  sim::AddressFamily family = sim::AddressFamily::ipv4;
  long break_after = 0;  ///< breaks the connection when so many bytes of the body have gone out; 0: does not
};

struct Fetched {
  int curl_code = 0;  ///< CURLE_OK when the exchange was whole
  long status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class Running {
 public:
  explicit Running(sim::Options options = {});

  /// A new connection to loopback, whatever the name, with the simulator's CA.
  [[nodiscard]] Fetched fetch(const std::string& url, const Fetch& what = {}) const;
  /// The control API.
  [[nodiscard]] nlohmann::json control(const std::string& method, const std::string& path,
                                       const nlohmann::json& body = nullptr) const;
  /// One fault and no other.
  void only_fault(const nlohmann::json& fault) const {
    (void)control("PUT", "/faults", nlohmann::json::array({fault}));
  }

  [[nodiscard]] std::string variable(const std::string& name) const { return ready.at("variables").at(name); }
  /// "https://graph…/v23.0"
  [[nodiscard]] std::string graph() const { return variable("graph") + "/" + variable("graph_version"); }
  [[nodiscard]] std::string bearer(const std::string& secret) const {
    return "Authorization: Bearer " + ready.at("secrets").at(secret).get<std::string>();
  }

  TemporaryDirectory directory;
  sim::Simulator simulator;
  nlohmann::json ready;
};

/// The answer of the name server at "127.0.0.1:port" to a question for an address.
struct Resolved {
  int rcode = -1;  ///< -1: no answer within the bound
  std::string address;
};
enum class DnsTransport { udp, tcp };
Resolved resolve(const std::string& server, const std::string& name, DnsTransport transport, long timeout_ms = 5'000,
                 sim::AddressFamily family = sim::AddressFamily::ipv4);

/// Bytes that begin like a PNG; the same for the same seed.
std::string png_like(std::size_t size, unsigned seed = 1);

}  // namespace outaged::test
