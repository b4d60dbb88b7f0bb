#include "net/resolver.hpp"

#include <map>

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/completion.hpp"
#include "net/dns_channel.hpp"

namespace outaged::net {
namespace {

namespace asio = boost::asio;

/// Servers that probe files name are few; a bound keeps a strange configuration from opening sockets without end.
constexpr std::size_t kNamedServers = 64;
constexpr std::uint16_t kDnsPort = 53;

std::optional<asio::ip::address> numeric(const std::string& text) {
  boost::system::error_code error;
  auto address = asio::ip::make_address(text, error);
  if (error) return std::nullopt;
  return address;
}

/// As c-ares reads it.
std::string server_text(const ServerAddress& server) {
  const bool v6 = server.address.find(':') != std::string::npos;
  return (v6 ? "[" + server.address + "]" : server.address) + ":" + std::to_string(server.port.value_or(kDnsPort));
}

DnsAnswer local_failure(std::string kind, std::string detail) {
  DnsAnswer answer;
  answer.failure = Failure{Layer::local, Phase::dns, std::move(kind), std::move(detail)};
  return answer;
}

DnsAnswer of_number(const DnsQuestion& question, const asio::ip::address& address) {
  DnsAnswer answer;
  if (address.is_v6() == (question.type == RecordType::aaaa)) {
    answer.records.push_back(address.to_string());
  } else {
    answer.failure = Failure{Layer::dns, Phase::dns, "empty", question.name + " is an address of the other IP version"};
  }
  return answer;
}

/// Whether this machine has a way there. Connecting a datagram socket looks up the route, and sends nothing.
bool has_route_to(asio::io_context& io, const std::string& address) {
  const asio::ip::udp::endpoint there(asio::ip::make_address(address), kDnsPort);
  asio::ip::udp::socket socket(io);
  boost::system::error_code error;
  socket.open(there.protocol(), error);
  if (!error) socket.connect(there, error);
  return !error;
}

bool is_empty(const DnsAnswer& answer) {
  return answer.failure && answer.failure->kind == "empty";
}

bool leads_nowhere(asio::io_context& io, const DnsAnswer& answer) {
  return !answer.failure && !has_route_to(io, answer.records.front());
}

}  // namespace

struct Resolver::Impl {
  Impl(asio::io_context& context, IpFamily family) : io(context), ip(family) {}

  /// Null when the server's text is wrong or there are too many.
  DnsChannel* channel_for(const std::string& server) {
    if (server.empty()) return common.get();
    const auto found = named.find(server);
    if (found != named.end()) return found->second.get();
    const auto address = parse_server(server);
    if (!address || named.size() >= kNamedServers) return nullptr;
    auto channel = DnsChannel::create(io, server_text(*address));
    if (!channel) return nullptr;
    return named.emplace(server, std::move(*channel)).first->second.get();
  }

  asio::io_context& io;
  IpFamily ip;
  std::unique_ptr<DnsChannel> common;
  std::map<std::string, std::unique_ptr<DnsChannel>> named;
};

Resolver::Resolver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Resolver::~Resolver() = default;

Expected<std::unique_ptr<Resolver>, std::string> Resolver::create(asio::io_context& io, const Settings& settings) {
  std::string servers;
  for (const auto& text : settings.dns) {
    const auto server = parse_server(text);
    if (!server) return Unexpected{"not a name server's address: " + text};
    servers += (servers.empty() ? "" : ",") + server_text(*server);
  }
  auto channel = DnsChannel::create(io, servers);
  if (!channel) return Unexpected{channel.error()};
  auto impl = std::make_unique<Impl>(io, settings.ip);
  impl->common = std::move(*channel);
  return std::unique_ptr<Resolver>(new Resolver(std::move(impl)));
}

asio::awaitable<DnsAnswer> Resolver::query(DnsQuestion question) {
  if (const auto address = numeric(question.name)) co_return of_number(question, *address);
  DnsChannel* channel = impl_->channel_for(question.server);
  if (channel == nullptr)
    co_return local_failure("bad_server", "not a name server that can be asked: " + question.server);
  const auto initiate = [channel, question](auto handler) {
    auto completion = std::make_shared<Completion<DnsAnswer>>(std::move(handler));
    channel->ask(question, [completion](DnsAnswer answer) { (*completion)(std::move(answer)); });
  };
  const auto& token = asio::use_awaitable;
  auto answer = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(DnsAnswer)>(initiate, token);
  answer.server = question.server;
  co_return answer;
}

asio::awaitable<Resolution> Resolver::resolve(std::string name, std::optional<IpFamily> family, Micros timeout) {
  const bool is_number = numeric(name).has_value();
  const IpFamily wanted = family.value_or(is_number ? IpFamily::any : impl_->ip);
  Resolution resolution;
  DnsQuestion question{name, wanted == IpFamily::v6 ? RecordType::aaaa : RecordType::a, {}, timeout};
  resolution.answer = co_await query(question);
  const bool empty = is_empty(resolution.answer);
  if (wanted == IpFamily::any && (empty || (!is_number && leads_nowhere(impl_->io, resolution.answer)))) {
    const Micros before = resolution.answer.took;
    question.type = RecordType::aaaa;
    question.timeout = timeout > before ? timeout - before : Micros{1};
    auto other = co_await query(question);
    const Micros both = before + other.took;
    // Where neither leads anywhere, as on a machine that has lost its network, the first stays.
    if (empty || (!other.failure && !leads_nowhere(impl_->io, other))) resolution.answer = std::move(other);
    resolution.answer.took = both;
  }
  if (!resolution.answer.failure) resolution.address = resolution.answer.records.front();
  co_return resolution;
}

}  // namespace outaged::net
