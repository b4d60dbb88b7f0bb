#pragma once
// A name server on loopback, UDP, that answers by script: the first label of the name asked for says what.
//   nxdomain, servfail, refused, formerr   that rcode
//   empty       no error, no record        silent     no answer at all
//   garbage     bytes that are no answer    short      the header alone, promising a record
//   cname       CNAME to target.example, then A 192.0.2.7 with TTL 60 (the CNAME has 300)
//   v6only      AAAA 2001:db8::7 and no A   truncated  one A record and the TC bit
//   both        A 127.0.0.1 and AAAA ::1    astray     A 192.0.2.1 and AAAA ::1
//   anything else: A 192.0.2.1, TTL 30
#include <cstdint>
#include <memory>
#include <string>

namespace outaged::test {

class DnsResponder {
 public:
  DnsResponder();
  ~DnsResponder();
  DnsResponder(const DnsResponder&) = delete;
  DnsResponder& operator=(const DnsResponder&) = delete;
  [[nodiscard]] std::string address() const;  ///< "127.0.0.1:port"

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::test
