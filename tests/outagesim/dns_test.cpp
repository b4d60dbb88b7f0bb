// What the name servers say, each in its role.
#include <algorithm>

#include <doctest/doctest.h>

#include "outagesim/dns_zone.hpp"

namespace outaged::sim {
namespace {

constexpr AddressFamily kBoth[] = {AddressFamily::ipv4, AddressFamily::ipv6};

DnsQuery question(const std::string& name, DnsType type) {
  DnsQuery query;
  query.recursion_desired = true;
  query.name = name;
  query.type = static_cast<std::uint16_t>(type);
  return query;
}

DnsReply ask(Resolver resolver, const std::string& name, DnsType type = DnsType::a) {
  FaultPlan plan(1);
  return resolve(resolver, question(name, type), plan, kBoth).reply.value();
}

bool denies(const DnsReply& reply, DnsCode code, const std::string& zone) {
  return reply.code == code && reply.authority.size() == 1 && reply.authority[0].type == DnsType::soa &&
         reply.authority[0].name == zone && reply.authority[0].ttl == 300;
}

/// The third and fourth byte of the message.
unsigned flags(const DnsReply& reply) {
  const auto message = write_reply(question("x.example", DnsType::a), reply);
  return static_cast<unsigned char>(message[2]) * 256U + static_cast<unsigned char>(message[3]);
}

}  // namespace

TEST_CASE("an authority speaks for itself and asks nobody; a resolver does the reverse") {
  constexpr unsigned kAuthoritative = 0x0400;
  constexpr unsigned kRecursion = 0x0080;
  const auto told = flags(ask(Resolver::authority, "www.facebook.com"));
  CHECK((told & kAuthoritative) != 0);
  CHECK((told & kRecursion) == 0);
  for (const auto resolver : {Resolver::own, Resolver::control}) {
    const auto asked = flags(ask(resolver, "www.facebook.com"));
    CHECK((asked & kAuthoritative) == 0);
    CHECK((asked & kRecursion) != 0);
  }
}

TEST_CASE("an authority refuses the names of others") {
  for (const auto* name : {"www.debian.org", "metastatus.com", "notfacebook.com", "com"}) {
    const auto reply = ask(Resolver::authority, name);
    CHECK(reply.code == DnsCode::refused);
    CHECK_FALSE(reply.authoritative);
    CHECK_FALSE(reply.recursion);
    CHECK(reply.answers.empty());
  }
}

TEST_CASE("what there is not is denied by the zone that would hold it, whoever is asked") {
  for (const auto resolver : {Resolver::own, Resolver::control, Resolver::authority}) {
    CHECK(denies(ask(resolver, "nope.facebook.com"), DnsCode::name_error, "facebook.com"));
    CHECK(denies(ask(resolver, "nope.c10r.facebook.com"), DnsCode::name_error, "c10r.facebook.com"));
    CHECK(denies(ask(resolver, "g.whatsapp.net", DnsType::txt), DnsCode::no_error, "whatsapp.net"));
    // Nothing is called so, but names below it exist.
    CHECK(denies(ask(resolver, "ns.facebook.com"), DnsCode::no_error, "facebook.com"));
  }
  CHECK(ask(Resolver::control, "dns.quad9.net").answers.size() == 1);
}

TEST_CASE("the zone behind the names is delegated apart, and its servers come with their addresses") {
  for (const std::string zone : {"facebook.com", "c10r.facebook.com", "whatsapp.net"}) {
    const auto reply = ask(Resolver::authority, zone, DnsType::ns);
    REQUIRE(reply.answers.size() == 4);
    CHECK(reply.answers[0].data == "a.ns." + zone);
    CHECK(reply.additional.size() == 8);
    for (const auto& server : reply.answers) {
      CHECK(std::ranges::count(reply.additional, server.data, &DnsRecord::name) == 2);
      CHECK(ask(Resolver::authority, server.data).answers.at(0).data == "127.0.0.1");
    }
    CHECK(write_reply(question(zone, DnsType::ns), reply).size() <= 512);  // a datagram without extensions
    CHECK(ask(Resolver::own, zone, DnsType::ns).additional.empty());
    CHECK(ask(Resolver::authority, zone, DnsType::soa).answers.at(0).data.starts_with("a.ns." + zone + " "));
  }
}

}  // namespace outaged::sim
