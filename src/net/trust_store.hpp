#pragma once
// The certificate authorities to trust, parsed once and shared by all connections. Letting libcurl load the bundle for
// each connection costs twenty times the CPU of the handshake itself.
#include <memory>
#include <string>

#include <openssl/x509.h>

#include "base/expected.hpp"

namespace outaged::net {

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using TrustStore = std::unique_ptr<X509_STORE, FreeStore>;

/// From a PEM file; "" means the system's bundle.
Expected<TrustStore, std::string> load_trust_store(const std::string& ca_file);

}  // namespace outaged::net
