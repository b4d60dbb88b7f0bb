#pragma once
// DNS messages (RFC 1035 §4): reading a question, writing an answer. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outaged::sim {

enum class DnsType : std::uint16_t { a = 1, ns = 2, cname = 5, soa = 6, txt = 16, aaaa = 28 };

/// RFC 1035 §4.1.1.
enum class DnsCode : std::uint8_t { no_error = 0, format_error = 1, server_failure = 2, name_error = 3, refused = 5 };

struct DnsQuery {
  std::uint16_t id = 0;
  bool recursion_desired = false;
  std::string name;  ///< lower case, without the final dot
  std::uint16_t type = 0;
  std::string question;  ///< the question section as it came, to be sent back
};

/// The one question of a query; nothing when the message is not one.
std::optional<DnsQuery> read_query(std::string_view message);

struct DnsRecord {
  std::string name;
  DnsType type = DnsType::a;
  std::uint32_t ttl = 0;
  std::string data;  ///< a: "127.0.0.1"; ns and cname: a name; txt: text; soa: its seven values, spaces between
};

struct DnsReply {
  DnsCode code = DnsCode::no_error;
  bool authoritative = false;  ///< the server's own knowledge, not what it has asked for
  std::vector<DnsRecord> answers = {};
  std::vector<DnsRecord> authority = {};
  std::vector<DnsRecord> additional = {};
  bool recursion = true;  ///< the server asks others for its clients
};

std::string write_reply(const DnsQuery& query, const DnsReply& reply);

}  // namespace outaged::sim
