#include "outagesim/dns_message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <sstream>
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

/// A message under way. Names that have come before are pointed to (RFC 1035 §4.1.4): with its glue, a list of name
/// servers would not fit a datagram otherwise.
class Writer {
 public:
  std::string out;

  void put_name(std::string_view name) {
    while (!name.empty()) {
      const auto [place, fresh] = places_.try_emplace(std::string(name), out.size());
      if (!fresh) return put16(out, 0xC000U | static_cast<unsigned>(place->second));
      const auto label = name.substr(0, name.find('.'));
      name.remove_prefix(std::min(name.size(), label.size() + 1));
      out += static_cast<char>(label.size());
      out += label;
    }
    out += '\0';
  }

  void put_record(const DnsRecord& record) {
    put_name(record.name);
    put16(out, static_cast<unsigned>(record.type));
    put16(out, kInternet);
    put32(out, record.ttl);
    const std::size_t start = out.size();
    put16(out, 0);
    put_data(record);
    std::string length;
    put16(length, static_cast<unsigned>(out.size() - start - 2));
    out.replace(start, 2, length);
  }

 private:
  void put_data(const DnsRecord& record) {
    switch (record.type) {
      case DnsType::a: out += encode_address(record.data); break;
      case DnsType::aaaa: out += encode_loopback6(); break;
      case DnsType::txt:
        out += static_cast<char>(std::min<std::size_t>(record.data.size(), 255));
        out += record.data.substr(0, 255);
        break;
      case DnsType::soa: put_soa(record.data); break;
      default: put_name(record.data);
    }
  }

  /// Two names and five numbers (RFC 1035 §3.3.13).
  void put_soa(const std::string& text) {
    std::istringstream values(text);
    std::string server;
    std::string person;
    values >> server >> person;
    put_name(server);
    put_name(person);
    for (std::uint32_t number = 0; values >> number;) put32(out, number);
  }

  std::map<std::string, std::size_t> places_;
};

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
  Writer writer;
  unsigned flags = 0x8000U | static_cast<unsigned>(reply.code);  // an answer
  if (query.recursion_desired) flags |= 0x0100U;
  if (reply.recursion) flags |= 0x0080U;
  if (reply.authoritative) flags |= 0x0400U;
  for (const std::size_t number : {std::size_t{query.id}, std::size_t{flags}, std::size_t{1}, reply.answers.size(),
                                   reply.authority.size(), reply.additional.size()})
    put16(writer.out, static_cast<unsigned>(number));
  writer.out += query.question;
  for (const auto* section : {&reply.answers, &reply.authority, &reply.additional}) {
    for (const auto& record : *section) writer.put_record(record);
  }
  return std::move(writer.out);
}

}  // namespace outaged::sim
