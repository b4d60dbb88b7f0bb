#include "outagesim/dns_message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace outaged::sim {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::uint16_t kInternet = 1;

std::uint16_t number_at(std::string_view message, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(message[at]) << 8U |
                                    static_cast<std::uint8_t>(message[at + 1]));
}

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8U & 0xFFU);
  out += static_cast<char>(value & 0xFFU);
}

void put32(std::string& out, std::uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xFFFFU);
}

std::string encode_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(name.size(), label.size() + 1));
    out += static_cast<char>(label.size());
    out += label;
  }
  return out + '\0';
}

/// "127.0.0.1" → four bytes. The zone holds nothing else.
std::string encode_address(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    unsigned value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    out += static_cast<char>(value);
  }
  return out;
}

/// "::1" → sixteen bytes. The zone holds nothing else.
std::string encode_loopback6() {
  return std::string(15, '\0') + '\x01';
}

std::string encode_data(const DnsRecord& record) {
  switch (record.type) {
    case DnsType::a: return encode_address(record.data);
    case DnsType::aaaa: return encode_loopback6();
    case DnsType::txt:
      return static_cast<char>(std::min<std::size_t>(record.data.size(), 255)) + record.data.substr(0, 255);
    default: return encode_name(record.data);
  }
}

/// The name at `at`, which moves behind it. Questions hold no compression.
std::optional<std::string> read_name(std::string_view message, std::size_t& at) {
  std::string name;
  for (;;) {
    if (at >= message.size()) return std::nullopt;
    const auto length = static_cast<std::uint8_t>(message[at++]);
    if (length == 0) return name;
    if (length > 63 || at + length > message.size() || name.size() + length > 253) return std::nullopt;
    if (!name.empty()) name += '.';
    for (const char c : message.substr(at, length))
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    at += length;
  }
}

}  // namespace

std::optional<DnsQuery> read_query(std::string_view message) {
  if (message.size() < kHeaderSize || number_at(message, 4) != 1) return std::nullopt;
  const auto flags = number_at(message, 2);
  if ((flags & 0xF800U) != 0) return std::nullopt;  // an answer, or not a standard query
  std::size_t at = kHeaderSize;
  const auto name = read_name(message, at);
  if (!name || at + 4 > message.size() || number_at(message, at + 2) != kInternet) return std::nullopt;
  DnsQuery query;
  query.id = number_at(message, 0);
  query.recursion_desired = (flags & 0x0100U) != 0;
  query.name = *name;
  query.type = number_at(message, at);
  query.question = std::string(message.substr(kHeaderSize, at + 4 - kHeaderSize));
  return query;
}

std::string write_reply(const DnsQuery& query, const DnsReply& reply) {
  std::string out;
  put16(out, query.id);
  unsigned flags = 0x8080U | static_cast<unsigned>(reply.code);  // an answer; recursion available
  if (query.recursion_desired) flags |= 0x0100U;
  if (reply.authoritative) flags |= 0x0400U;
  put16(out, flags);
  put16(out, 1);
  put16(out, static_cast<unsigned>(reply.answers.size()));
  put16(out, 0);
  put16(out, 0);
  out += query.question;
  for (const auto& record : reply.answers) {
    out += encode_name(record.name);
    put16(out, static_cast<unsigned>(record.type));
    put16(out, kInternet);
    put32(out, record.ttl);
    const std::string data = encode_data(record);
    put16(out, static_cast<unsigned>(data.size()));
    out += data;
  }
  return out;
}

}  // namespace outaged::sim
