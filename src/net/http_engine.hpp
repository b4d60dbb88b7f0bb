#pragma once
// HttpEngine: performs HTTP exchanges and bare TCP and TLS connections with libcurl's multi interface, driven by Asio.
//
// Every exchange has a connection of its own with a full, verified handshake (no reuse, no resumed session: those would
// skip what we are here to test), to exactly one address, HTTP/1.1, no redirects followed, one deadline for all of it.
// libcurl never resolves a name.
//
// The io_context must be run by one thread and be used for probing alone (descriptor_watch.hpp says why).
//
// Failures (Failure::kind by layer):
//   tcp      refused, unreachable, reset, tcp_error
//   tls      certificate_expired, certificate_untrusted, certificate_wrong_name, not_tls, tls_reset, tls_error
//   http     empty_reply, reset, malformed, headers_too_large
//   content  truncated, body_too_large, bad_encoding
//   timeout  connect_timeout, tls_timeout, send_timeout, no_reply, stalled      (the phase says the same)
//   local    no_address, bad_url, no_descriptors, no_ports, cancelled, out_of_memory, local_error
#include <memory>
#include <string>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/expected.hpp"
#include "net/http.hpp"
#include "net/settings.hpp"

namespace outaged::net {

class HttpEngine {
 public:
  /// Reads the certificate authorities, once; a file that cannot be read is the error. `io` must outlive the engine.
  static Expected<std::unique_ptr<HttpEngine>, std::string> create(boost::asio::io_context& io,
                                                                   const Settings& settings);
  ~HttpEngine();
  HttpEngine(const HttpEngine&) = delete;
  HttpEngine& operator=(const HttpEngine&) = delete;

  /// On the engine's thread. The deadline runs from the moment the request leaves the queue (Settings::concurrency and
  /// Settings::handshakes); the time before is in no phase. Cancellation ends it as failure "cancelled".
  boost::asio::awaitable<HttpExchange> perform(HttpRequest request);

  struct Stats {
    std::size_t running = 0;
    std::size_t waiting = 0;
    std::size_t most_running = 0;  ///< since the start
  };
  [[nodiscard]] Stats stats() const;

 private:
  struct Impl;
  explicit HttpEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::net
