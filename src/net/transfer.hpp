#pragma once
// Transfer: one exchange on one libcurl easy handle. Sets the options, notes the moments that make the phases, collects
// the answer within its bounds, and in the end says what happened. Internal to HttpEngine.
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>
#include <openssl/x509.h>

#include "base/completion.hpp"
#include "net/http.hpp"

namespace outaged::net {

class Transfer {
 public:
  /// What the engine gives to every transfer; must outlive it.
  struct Surroundings {
    X509_STORE* trust = nullptr;
    std::string user_agent;
    std::function<void(int fd)> before_close;  ///< a socket is about to be closed
    std::function<void(Transfer&)> connected;  ///< the connection stands: no longer a handshake
  };

  Transfer(HttpRequest request, const Surroundings& surroundings);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Prepares the easy handle; a failure means that the request cannot be sent at all.
  std::optional<Failure> prepare();
  [[nodiscard]] CURL* easy() const { return easy_; }

  /// The clock starts.
  void begin() { moments_.begin = MonotonicClock::now(); }
  [[nodiscard]] Instant begun() const { return moments_.begin; }

  /// The exchange as it ended with `code`. Once.
  HttpExchange finish(CURLcode code);

  Completion<HttpExchange> completion;
  Micros loop_lag{0};
  bool holds_handshake = false;

 private:
  struct Moments {
    Instant begin;
    std::optional<Instant> tls;         ///< TCP stands, TLS begins
    std::optional<Instant> ready;       ///< TLS stands, the request goes out
    std::optional<Instant> sent;        ///< the last of the body was handed over
    std::optional<Instant> first_byte;  ///< of the answer
  };

  bool set_address();
  [[nodiscard]] std::optional<Failure> unsendable_header() const;
  void set_bounds();
  void set_body();
  void set_hooks();
  [[nodiscard]] Phase phase_under_way() const;
  [[nodiscard]] PhaseTimes phases(Instant end, bool complete) const;
  std::optional<Failure> failure_of(CURLcode code) const;
  std::optional<Failure> timeout_failure() const;
  std::optional<Failure> certificate_failure() const;
  std::optional<Failure> connect_failure() const;
  std::optional<Failure> receive_failure(CURLcode code) const;
  /// Whether anything was received, be it not even a whole line.
  [[nodiscard]] bool answer_began() const;
  [[nodiscard]] std::string words(CURLcode code) const;

  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* surroundings, curl_socket_t fd);
  static CURLcode on_tls(CURL* easy, void* context, void* self);
  static int on_verify(X509_STORE_CTX* context, void* self);
  static int on_ready(void* self, char* remote, char* local, int remote_port, int local_port);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

  HttpRequest request_;
  const Surroundings& surroundings_;
  HttpExchange exchange_;
  Moments moments_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::size_t body_sent_ = 0;
  std::size_t header_bytes_ = 0;
  int socket_error_ = 0;  ///< errno of socket(), when that failed
  int verify_error_ = X509_V_OK;
  bool headers_too_large_ = false;
  bool body_too_large_ = false;
  bool body_cut_ = false;
};

}  // namespace outaged::net
