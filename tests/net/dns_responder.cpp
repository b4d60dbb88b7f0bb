#include "net/dns_responder.hpp"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace outaged::test {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

void put16(std::string& out, int value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 0xFF);
}

/// A record whose name points back to the question's.
std::string record(int type, int ttl, const std::string& data) {
  std::string out = "\xC0\x0C";
  put16(out, type);
  put16(out, 1);
  put16(out, 0);
  put16(out, ttl);
  put16(out, static_cast<int>(data.size()));
  return out + data;
}

struct Plan {
  int rcode = 0;
  bool truncated = false;
  int count = 0;
  std::string records = {};
};

Plan plan_for(const std::string& label, int type) {
  if (label == "nxdomain") return {.rcode = 3};
  if (label == "servfail") return {.rcode = 2};
  if (label == "refused") return {.rcode = 5};
  if (label == "formerr") return {.rcode = 1};
  if (label == "empty") return {};
  if (label == "short") return {.count = 1};
  const std::string v6 = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x07";
  if (label == "v6only") return type == 28 ? Plan{.count = 1, .records = record(28, 60, v6)} : Plan{};
  const std::string loopback = std::string(15, '\0') + "\x01";
  if (type == 28 && (label == "both" || label == "astray")) return {.count = 1, .records = record(28, 60, loopback)};
  if (label == "both") return {.count = 1, .records = record(1, 60, std::string("\x7F\x00\x00\x01", 4))};
  if (label == "cname")
    return {.count = 2,
            .records = record(5, 300,
                              std::string("\x06target\x07"
                                          "example\0",
                                          16)) +
                       record(1, 60, std::string("\xC0\x00\x02\x07", 4))};
  return {.truncated = label == "truncated", .count = 1, .records = record(1, 30, std::string("\xC0\x00\x02\x01", 4))};
}

std::string answer_to(const std::string& question) {
  if (question.size() < 17) return {};
  const auto length = static_cast<unsigned char>(question[12]);
  const std::string label = question.substr(13, length);
  if (label == "silent") return {};
  if (label == "garbage") return "this is no DNS message";
  std::size_t end = 12;
  while (end < question.size() && question[end] != 0) end += static_cast<unsigned char>(question[end]) + 1U;
  const int type = static_cast<unsigned char>(question[end + 2]);
  const Plan plan = plan_for(label, type);
  std::string out = question.substr(0, 2);
  put16(out, 0x8180 | plan.rcode | (plan.truncated ? 0x0200 : 0));
  put16(out, 1);
  put16(out, plan.count);
  put16(out, 0);
  put16(out, 0);
  return out + question.substr(12, end + 5 - 12) + plan.records;
}

}  // namespace

struct DnsResponder::Impl {
  void receive() {
    socket.async_receive_from(asio::buffer(buffer), sender, [this](boost::system::error_code error, std::size_t size) {
      if (error) return;
      const auto answer = answer_to(std::string(buffer, size));
      boost::system::error_code ignored;
      if (!answer.empty()) socket.send_to(asio::buffer(answer), sender, 0, ignored);
      receive();
    });
  }

  asio::io_context io{1};
  udp::socket socket{io, udp::endpoint(asio::ip::address_v4::loopback(), 0)};
  udp::endpoint sender;
  char buffer[2048] = {};
  std::thread thread;
};

DnsResponder::DnsResponder() : impl_(std::make_unique<Impl>()) {
  impl_->receive();
  impl_->thread = std::thread([impl = impl_.get()] { impl->io.run(); });
}

DnsResponder::~DnsResponder() {
  impl_->io.stop();
  impl_->thread.join();
}

std::string DnsResponder::address() const {
  return "127.0.0.1:" + std::to_string(impl_->socket.local_endpoint().port());
}

}  // namespace outaged::test
