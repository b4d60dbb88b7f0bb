#include "outagesim/dns_zone.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace outaged::sim {
namespace {

constexpr std::uint32_t kAliasTtl = 3600;
constexpr std::uint32_t kAddressTtl = 60;
constexpr std::string_view kLoopback = "127.0.0.1";
constexpr std::string_view kLoopback6 = "::1";

constexpr std::uint32_t kServerTtl = 172'800;
constexpr std::uint32_t kNegativeTtl = 300;

/// The platforms' zones, a delegated one before the one that it was cut from.
constexpr std::string_view kZones[] = {"c10r.facebook.com", "c10r.instagram.com", "facebook.com",
                                       "fbcdn.net",         "fbsbx.com",          "instagram.com",
                                       "cdninstagram.com",  "whatsapp.com",       "whatsapp.net"};

bool is_zone(std::string_view name) {
  return std::ranges::find(kZones, name) != std::end(kZones);
}

bool is_below(std::string_view name, std::string_view zone) {
  return name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.';
}

/// The closest zone of the platforms that holds the name; empty when none does.
std::string_view zone_of(std::string_view name) {
  const auto found =
      std::ranges::find_if(kZones, [&](std::string_view zone) { return name == zone || is_below(name, zone); });
  return found == std::end(kZones) ? std::string_view{} : *found;
}

/// The zone that `name` serves, as "a.ns.facebook.com" does; empty when it is no name server.
std::string_view served_zone(std::string_view name) {
  if (name.size() < 5 || name[0] < 'a' || name[0] > 'd' || !name.substr(1).starts_with(".ns.")) return {};
  return is_zone(name.substr(5)) ? name.substr(5) : std::string_view{};
}

/// The host behind a name: one of the table, or one of a zone's name servers, or the zone's own front door.
const Host* host_of(std::string_view name) {
  if (const Host* host = find_host(name)) return host;
  for (const Host& host : hosts()) {
    if (host.alias == name) return &host;
  }
  const std::string_view zone = is_zone(name) ? name : served_zone(name);
  if (zone.empty()) return nullptr;
  const auto member = std::ranges::find_if(
      hosts(), [&](const Host& host) { return is_below(host.name, zone) || is_below(host.alias, zone); });
  return member == hosts().end() ? nullptr : &*member;
}

/// Nothing is called that, but something below it is (RFC 8020).
bool is_between(std::string_view name) {
  if (name.starts_with("ns.") && is_zone(name.substr(3))) return true;
  return std::ranges::any_of(hosts(),
                             [&](const Host& host) { return is_below(host.name, name) || is_below(host.alias, name); });
}

DnsRecord start_of_authority(std::string_view zone, std::uint32_t ttl) {
  return {std::string(zone), DnsType::soa, ttl,
          fmt::format("a.ns.{} dns.facebook.com 4200114322 14400 1800 604800 {}", zone, kNegativeTtl)};
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

using Families = std::span<const AddressFamily>;

bool has(Families families, AddressFamily family) {
  return std::ranges::find(families, family) != families.end();
}

/// The zone's four name servers; with their addresses where the parent's delegation would need them.
void name_servers(DnsReply& reply, const std::string& zone, Families families) {
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    const std::string server = std::string(1, letter) + ".ns." + zone;
    reply.answers.push_back({zone, DnsType::ns, kServerTtl, server});
    if (!reply.authoritative) continue;
    if (has(families, AddressFamily::ipv4))
      reply.additional.push_back({server, DnsType::a, kServerTtl, std::string(kLoopback)});
    if (has(families, AddressFamily::ipv6))
      reply.additional.push_back({server, DnsType::aaaa, kServerTtl, std::string(kLoopback6)});
  }
}

/// There is no such name, or no such record; its zone says how long that may be believed (RFC 2308).
DnsReply denied(DnsReply reply, DnsCode code, std::string_view zone) {
  reply.code = code;
  if (!zone.empty()) reply.authority.push_back(start_of_authority(zone, kNegativeTtl));
  return reply;
}

DnsReply healthy(Resolver resolver, const DnsQuery& query, const Host* host, Families families) {
  DnsReply reply;
  reply.authoritative = resolver == Resolver::authority;
  reply.recursion = !reply.authoritative;
  const std::string_view zone = zone_of(query.name);
  if (is_zone(query.name) && asks_for(query, DnsType::ns)) {
    name_servers(reply, query.name, families);
    return reply;
  }
  if (is_zone(query.name) && asks_for(query, DnsType::soa)) {
    reply.answers.push_back(start_of_authority(zone, kAliasTtl));
    return reply;
  }
  if (host == nullptr && (resolver != Resolver::control || !zone.empty()))
    return denied(reply, is_between(query.name) ? DnsCode::no_error : DnsCode::name_error, zone);
  std::string name = query.name;
  if (host != nullptr && !host->alias.empty() && host->name == query.name) {
    reply.answers.push_back({name, DnsType::cname, kAliasTtl, std::string(host->alias)});
    name = host->alias;
  }
  // The name exists for other types too, without a record.
  const auto family = family_of(query);
  if (!family || !has(families, *family)) return denied(reply, DnsCode::no_error, zone_of(name));
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
  if (resolver == Resolver::authority && zone_of(query.name).empty()) {
    outcome.reply = DnsReply{DnsCode::refused};
    outcome.reply->recursion = false;
    return outcome;
  }
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
