#include "support/certificate.hpp"

#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace outaged::test {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;

Key make_key() {
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
}

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  return text_of(memory);
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory);
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) throw std::runtime_error("certificate extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate begin(EVP_PKEY* key, const std::string& name, std::chrono::hours from, std::chrono::hours until) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::chrono::seconds{from}.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), std::chrono::seconds{until}.count());
  X509_set_pubkey(certificate.get(), key);
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, bytes, -1, -1, 0);
  return certificate;
}

}  // namespace

struct TestAuthority::Impl {
  Key key = make_key();
  Certificate certificate;
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  using std::chrono::hours;
  impl_->certificate = begin(impl_->key.get(), "outaged test authority", hours{-48}, hours{24 * 365});
  X509* self = impl_->certificate.get();
  X509_set_issuer_name(self, X509_get_subject_name(self));
  extend(self, NID_basic_constraints, "critical,CA:TRUE");
  extend(self, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(self, impl_->key.get(), EVP_sha256());
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::pem() const {
  return pem_of(impl_->certificate.get());
}

CertificatePem TestAuthority::issue(const LeafOptions& options) const {
  const Key key = make_key();
  const Certificate leaf = begin(key.get(), options.name, options.from, options.until);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(impl_->certificate.get()));
  const bool numeric = options.name.find_first_not_of("0123456789.") == std::string::npos;
  extend(leaf.get(), NID_subject_alt_name, (numeric ? "IP:" : "DNS:") + options.name);
  X509_sign(leaf.get(), impl_->key.get(), EVP_sha256());
  return {pem_of(leaf.get()), pem_of(key.get())};
}

}  // namespace outaged::test
