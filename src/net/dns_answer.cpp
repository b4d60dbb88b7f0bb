// Reading a DNS message (RFC 1035 §4). c-ares has checked nothing but its id, so every length is checked here.
#include <array>
#include <limits>
#include <memory>
#include <string>

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>

#include "net/dns_channel.hpp"

namespace outaged::net {
namespace {

constexpr int kHeaderSize = 12;
constexpr int kRecordFixed = 10;  // type, class, ttl, length
constexpr int kMaxRecords = 256;

struct FreeAres {
  void operator()(char* text) const { ares_free_string(text); }
};

struct Message {
  const unsigned char* data;
  int size;

  [[nodiscard]] int number16(int at) const { return (data[at] << 8) | data[at + 1]; }
  [[nodiscard]] std::uint32_t number32(int at) const {
    return (static_cast<std::uint32_t>(number16(at)) << 16U) | static_cast<std::uint32_t>(number16(at + 2));
  }
  /// The name at `at`, which moves behind it; nothing when it does not end within the message.
  std::optional<std::string> name(int& at) const {
    char* text = nullptr;
    long length = 0;
    if (at >= size || ares_expand_name(data + at, data, size, &text, &length) != ARES_SUCCESS) return std::nullopt;
    const std::unique_ptr<char, FreeAres> owned(text);
    at += static_cast<int>(length);
    return std::string{text};
  }
};

std::string address_text(int family, const unsigned char* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// The record's data as text, for the types that can be asked for; "" for any other.
std::string record_text(const Message& message, int type, int at, int length) {
  switch (type) {
    case ns_t_a: return length == 4 ? address_text(AF_INET, message.data + at) : "";
    case ns_t_aaaa: return length == 16 ? address_text(AF_INET6, message.data + at) : "";
    case ns_t_cname:
    case ns_t_ns: return message.name(at).value_or("");
    case ns_t_txt: {
      std::string text;
      for (const int end = at + length; at < end;) {
        const int part = message.data[at++];
        if (at + part > end) return {};
        text.append(reinterpret_cast<const char*>(message.data + at), static_cast<std::size_t>(part));
        at += part;
      }
      return text;
    }
    default: return {};
  }
}

int wanted_type(RecordType type) {
  switch (type) {
    case RecordType::a: return ns_t_a;
    case RecordType::aaaa: return ns_t_aaaa;
    case RecordType::cname: return ns_t_cname;
    case RecordType::ns: return ns_t_ns;
    case RecordType::txt: return ns_t_txt;
  }
  return ns_t_a;
}

/// Fills records, aliases and ttl. False when the message does not hold what its header promises.
bool read_records(const Message& message, RecordType wanted, DnsAnswer& answer) {
  int at = kHeaderSize;
  const int questions = message.number16(4);
  const int answers = message.number16(6);
  for (int i = 0; i < questions; ++i) {
    if (!message.name(at) || at + 4 > message.size) return false;
    at += 4;
  }
  answer.ttl = std::numeric_limits<std::uint32_t>::max();
  for (int i = 0; i < answers && i < kMaxRecords; ++i) {
    if (!message.name(at) || at + kRecordFixed > message.size) return answer.truncated;
    const int type = message.number16(at);
    const auto ttl = message.number32(at + 4);
    const int length = message.number16(at + 8);
    at += kRecordFixed;
    if (at + length > message.size) return answer.truncated;
    auto text = record_text(message, type, at, length);
    at += length;
    if (text.empty()) continue;
    if (type == wanted_type(wanted)) {
      answer.records.push_back(std::move(text));
      answer.ttl = std::min(answer.ttl, ttl);
    } else if (type == ns_t_cname) {
      answer.aliases.push_back(std::move(text));
      answer.ttl = std::min(answer.ttl, ttl);
    }
  }
  if (answer.records.empty() && answer.aliases.empty()) answer.ttl = 0;
  return true;
}

Failure dns_failure(std::string kind, std::string detail) {
  return {Layer::dns, Phase::dns, std::move(kind), std::move(detail)};
}

Failure of_rcode(int rcode, const std::string& name) {
  switch (rcode) {
    case 1: return dns_failure("formerr", fmt::format("the name server found the question for {} malformed", name));
    case 2: return dns_failure("servfail", fmt::format("the name server failed to answer for {} (SERVFAIL)", name));
    case 3: return dns_failure("nxdomain", fmt::format("there is no name {} (NXDOMAIN)", name));
    case 5: return dns_failure("refused", fmt::format("the name server refuses to answer for {}", name));
    default: return dns_failure("rcode", fmt::format("the name server answered for {} with code {}", name, rcode));
  }
}

std::optional<Failure> without_answer(int status, const std::string& name) {
  switch (status) {
    case ARES_ETIMEOUT:
      return Failure{Layer::timeout, Phase::dns, "dns_timeout", "no answer from a name server for " + name};
    case ARES_ECONNREFUSED: return dns_failure("port_closed", "the name server's port is closed");
    case ARES_EBADNAME:
      return Failure{Layer::local, Phase::dns, "bad_name", "not a name that can be asked for: " + name};
    case ARES_ENOMEM: return Failure{Layer::local, Phase::dns, "out_of_memory", "no memory for a question"};
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION: return Failure{Layer::local, Phase::dns, "cancelled", "the question was cancelled"};
    default: return dns_failure("malformed", fmt::format("{}: {}", name, ares_strerror(status)));
  }
}

}  // namespace

DnsAnswer read_answer(const DnsQuestion& question, int status, const unsigned char* data, int size) {
  DnsAnswer answer;
  if (data == nullptr || size < kHeaderSize) {
    answer.failure = without_answer(status, question.name);
    return answer;
  }
  const Message message{data, size};
  answer.rcode = data[3] & 0x0F;
  answer.truncated = (data[2] & 0x02) != 0;
  if (*answer.rcode != 0) {
    answer.failure = of_rcode(*answer.rcode, question.name);
    return answer;
  }
  if (!read_records(message, question.type, answer)) {
    answer.records.clear();
    answer.failure = dns_failure("malformed", "the name server's answer for " + question.name + " is malformed");
  } else if (answer.records.empty()) {
    answer.failure = dns_failure("empty", "the name server knows no such record of " + question.name);
  }
  return answer;
}

}  // namespace outaged::net
