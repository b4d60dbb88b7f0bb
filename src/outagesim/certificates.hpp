#pragma once
// A certificate authority made at start, for tests only, and the server certificates that it signed: one good for all
// names that the simulator plays, and two bad ones for TLS faults. ECDSA P-256.
#include <string>
#include <string_view>
#include <vector>

namespace outaged::sim {

struct Identity {
  std::string certificate_pem;
  std::string key_pem;
};

struct Certificates {
  std::string ca_pem;
  Identity good;
  Identity wrong_name;  ///< for a name that nobody asks for
  Identity expired;     ///< for the right names; ended a day ago
};

/// Throws std::runtime_error when OpenSSL fails.
Certificates make_certificates(const std::vector<std::string_view>& names);

}  // namespace outaged::sim
