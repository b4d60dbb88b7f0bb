#pragma once
// Certificates made at run time, so that nothing in the tests expires: an authority, and servers' certificates in every
// state that a probe must tell apart.
#include <chrono>
#include <memory>
#include <string>

namespace outaged::test {

struct CertificatePem {
  std::string certificate;
  std::string key;
};

struct LeafOptions {
  std::string name = "localhost";  ///< DNS name, or an IPv4 address
  std::chrono::hours from{-24};    ///< validity, from now
  std::chrono::hours until{24 * 90};
};

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  [[nodiscard]] std::string pem() const;
  [[nodiscard]] CertificatePem issue(const LeafOptions& options) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::test
