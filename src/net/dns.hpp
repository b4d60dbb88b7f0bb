#pragma once
// One DNS question and its answer. The resolver (resolver.hpp) asks; libcurl never resolves anything.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/result.hpp"

namespace outaged::net {

enum class RecordType { a, aaaa, cname, ns, txt };

struct DnsQuestion {
  std::string name;
  RecordType type = RecordType::a;
  /// "127.0.0.1", "127.0.0.1:5300", "[::1]:53": the only server to ask. Empty: the resolver's own servers.
  std::string server = {};
  Micros timeout = std::chrono::seconds{5};
};

struct DnsAnswer {
  /// Set when the name could not be turned into records: layer dns with kind "nxdomain", "servfail", "refused",
  /// "formerr", "empty" (no error, no record), "port_closed", "malformed", or layer timeout with phase dns; layer local
  /// when it is us.
  std::optional<Failure> failure;
  std::optional<int> rcode;          ///< RFC 1035 §4.1.1; absent when no answer came
  std::vector<std::string> records;  ///< of the type asked for: numeric addresses, or names
  std::vector<std::string> aliases;  ///< the chain of CNAMEs on the way
  std::uint32_t ttl = 0;             ///< smallest of the records, seconds
  bool truncated = false;
  std::string server;  ///< who answered, when known
  Micros took{0};
};

}  // namespace outaged::net
