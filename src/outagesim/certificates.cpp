#include "outagesim/certificates.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace outaged::sim {
namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* thing) const {
    free_function(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

constexpr long kDay = 24L * 3600;

void require(bool success) {
  if (!success) throw std::runtime_error("OpenSSL could not make the test certificates");
}

Key make_key() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr);
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

struct Validity {
  long from_days;
  long to_days;
};

Certificate begin_certificate(const std::string& common_name, EVP_PKEY* key, Validity validity) {
  Certificate certificate(X509_new());
  require(certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  unsigned char serial[8];
  require(RAND_bytes(serial, sizeof serial) == 1);
  std::uint64_t number = 0;
  for (const auto byte : serial) number = number << 8U | byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), number >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to_days * kDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
  return certificate;
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

struct Authority {
  Key key;
  Certificate certificate;
};

Authority make_authority() {
  Authority authority{make_key(), nullptr};
  authority.certificate = begin_certificate("outagesim test CA", authority.key.get(), {-1, 3650});
  X509* self = authority.certificate.get();
  require(X509_set_issuer_name(self, X509_get_subject_name(self)) == 1);
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, self, NID_subject_key_identifier, "hash");
  require(X509_sign(self, authority.key.get(), EVP_sha256()) > 0);
  return authority;
}

Identity make_identity(const Authority& authority, const std::string& alternatives, Validity validity) {
  const Key key = make_key();
  const Certificate certificate = begin_certificate("outagesim", key.get(), validity);
  X509* issuer = authority.certificate.get();
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1);
  add_extension(certificate.get(), issuer, NID_basic_constraints, "CA:FALSE");
  add_extension(certificate.get(), issuer, NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), issuer, NID_subject_alt_name, alternatives);
  require(X509_sign(certificate.get(), authority.key.get(), EVP_sha256()) > 0);
  return {pem_of(certificate.get()), pem_of(key.get())};
}

}  // namespace

Certificates make_certificates(const std::vector<std::string_view>& names) {
  std::string alternatives = "DNS:localhost,IP:127.0.0.1";
  for (const auto name : names) alternatives += ",DNS:" + std::string(name);
  const Authority authority = make_authority();
  Certificates made;
  made.ca_pem = pem_of(authority.certificate.get());
  made.good = make_identity(authority, alternatives, {-1, 397});
  made.wrong_name = make_identity(authority, "DNS:another-host.test", {-1, 397});
  made.expired = make_identity(authority, alternatives, {-30, -1});
  return made;
}

}  // namespace outaged::sim
