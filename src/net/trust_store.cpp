#include "net/trust_store.hpp"

#include <openssl/err.h>

namespace outaged::net {
namespace {
constexpr const char* kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";
}

Expected<TrustStore, std::string> load_trust_store(const std::string& ca_file) {
  const std::string path = ca_file.empty() ? kSystemBundle : ca_file;
  TrustStore store(X509_STORE_new());
  if (store != nullptr && X509_STORE_load_file(store.get(), path.c_str()) == 1) return store;
  ERR_clear_error();
  return Unexpected{"no certificate authorities in " + path +
                    (ca_file.empty() ? " (install the package ca-certificates)" : "")};
}

}  // namespace outaged::net
