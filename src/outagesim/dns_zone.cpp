#include "outagesim/dns_zone.hpp"

#include <algorithm>

namespace outaged::sim {
namespace {

constexpr std::uint32_t kAliasTtl = 3600;
constexpr std::uint32_t kAddressTtl = 60;
constexpr std::string_view kLoopback = "127.0.0.1";
constexpr std::string_view kLoopback6 = "::1";

/// The four name servers of Meta's zones.
std::vector<DnsRecord> name_servers(const std::string& zone) {
  std::vector<DnsRecord> out;
  for (const char letter : {'a', 'b', 'c', 'd'})
    out.push_back({zone, DnsType::ns, 172800, std::string(1, letter) + ".ns." + zone});
  return out;
}

bool is_zone(std::string_view name) {
  static constexpr std::string_view kZones[] = {"facebook.com",     "fbcdn.net",    "fbsbx.com",   "instagram.com",
                                                "cdninstagram.com", "whatsapp.com", "whatsapp.net"};
  return std::ranges::find(kZones, name) != std::end(kZones);
}

/// The host behind a name: one of the table, or one of a zone's name servers, or the zone's own front door.
const Host* host_of(std::string_view name) {
  if (const Host* host = find_host(name)) return host;
  for (const Host& host : hosts()) {
    if (host.alias == name) return &host;
  }
  const bool server = name.size() > 5 && name.substr(1).starts_with(".ns.") && is_zone(name.substr(5));
  const std::string zone = "." + std::string(server ? name.substr(5) : name);
  if (!is_zone(std::string_view(zone).substr(1))) return nullptr;
  const auto member = std::ranges::find_if(hosts(), [&](const Host& host) { return host.name.ends_with(zone); });
  return member == hosts().end() ? nullptr : &*member;
}

bool asks_for(const DnsQuery& query, DnsType type) {
  return query.type == static_cast<std::uint16_t>(type);
}

/// Of the addresses that are asked for.
std::optional<AddressFamily> family_of(const DnsQuery& query) {
  if (asks_for(query, DnsType::a)) return AddressFamily::ipv4;
  if (asks_for(query, DnsType::aaaa)) return AddressFamily::ipv6;
  return std::nullopt;
}

DnsReply healthy(Resolver resolver, const DnsQuery& query, const Host* host, std::span<const AddressFamily> families) {
  DnsReply reply;
  if (asks_for(query, DnsType::ns) && is_zone(query.name)) {
    reply.answers = name_servers(query.name);
    return reply;
  }
  if (host == nullptr && resolver != Resolver::control) {
    reply.code = DnsCode::name_error;
    return reply;
  }
  std::string name = query.name;
  if (host != nullptr && !host->alias.empty() && host->name == query.name) {
    reply.answers.push_back({name, DnsType::cname, kAliasTtl, std::string(host->alias)});
    name = host->alias;
  }
  // The name exists for other types too, without a record.
  const auto family = family_of(query);
  if (!family || std::ranges::find(families, *family) == families.end()) return reply;
  if (*family == AddressFamily::ipv4) {
    reply.answers.push_back({name, DnsType::a, kAddressTtl, std::string(kLoopback)});
  } else {
    reply.answers.push_back({name, DnsType::aaaa, kAddressTtl, std::string(kLoopback6)});
  }
  return reply;
}

}  // namespace

DnsOutcome resolve(Resolver resolver, const DnsQuery& query, FaultPlan& plan, std::span<const AddressFamily> families) {
  DnsOutcome outcome;
  outcome.host = host_of(query.name);
  if (outcome.host != nullptr)
    outcome.strike = plan.strike_host(*outcome.host, query.name, FaultLayer::dns, family_of(query));
  if (!outcome.strike) {
    outcome.reply = healthy(resolver, query, outcome.host, families);
    return outcome;
  }
  const std::string& shape = outcome.strike->shape;
  if (resolver == Resolver::authority) return outcome;
  if (shape == "timeout") return outcome;
  outcome.reply = DnsReply{};
  outcome.reply->code = shape == "nxdomain"  ? DnsCode::name_error
                        : shape == "refused" ? DnsCode::refused
                        : shape == "empty"   ? DnsCode::no_error
                                             : DnsCode::server_failure;
  return outcome;
}

}  // namespace outaged::sim
