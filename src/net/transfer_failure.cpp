// What a CURLcode means: which layer failed, in which phase. libcurl's own time fields cannot tell a TCP time-out from
// a TLS time-out (7.88), so the moments noted by the hooks decide.
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "net/transfer.hpp"

namespace outaged::net {
namespace {

constexpr std::size_t kWords = 300;

Failure failure(Layer layer, Phase phase, std::string kind, std::string detail) {
  return {layer, phase, std::move(kind), std::move(detail)};
}

Failure local(std::string kind, std::string detail) {
  return {Layer::local, std::nullopt, std::move(kind), std::move(detail)};
}

/// errno values that say something about this machine and nothing about the target.
std::optional<Failure> own_failure(int error) {
  switch (error) {
    case EMFILE:
    case ENFILE: return local("no_descriptors", "this process has no file descriptors left");
    case EADDRNOTAVAIL: return local("no_ports", "this machine has no free local port");
    case ENOMEM:
    case ENOBUFS: return local("out_of_memory", "this machine has no memory for a socket");
    case EACCES:
    case EPERM: return local("local_error", "this machine forbids the connection");
    default: return std::nullopt;
  }
}

}  // namespace

std::string Transfer::words(CURLcode code) const {
  const std::string_view text = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  return printable(text, kWords);
}

std::optional<Failure> Transfer::failure_of(CURLcode code) const {
  if (code == CURLE_OK) return std::nullopt;
  if (socket_error_ != 0) {
    if (auto own = own_failure(socket_error_)) return own;
    return local("local_error", fmt::format("no socket: {}", std::strerror(socket_error_)));
  }
  if (headers_too_large_)
    return failure(Layer::http, Phase::receive, "headers_too_large",
                   fmt::format("more than {} of headers", format_bytes(request_.max_headers)));
  if (body_cut_ && code == CURLE_WRITE_ERROR) return std::nullopt;
  if (body_too_large_)
    return failure(Layer::content, Phase::receive, "body_too_large",
                   fmt::format("more than {} of body", format_bytes(request_.max_body)));
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return timeout_failure();
    case CURLE_COULDNT_CONNECT: return connect_failure();
    case CURLE_PEER_FAILED_VERIFICATION: return certificate_failure();
    case CURLE_SSL_CONNECT_ERROR: {
      // A bad signature in the chain comes as a failed handshake, not as a failed verification.
      if (verify_error_ != X509_V_OK) return certificate_failure();
      const auto text = words(code);
      if (text.find("wrong version number") != std::string::npos ||
          text.find("unknown protocol") != std::string::npos ||
          text.find("packet length too long") != std::string::npos || text.find("http request") != std::string::npos)
        return failure(Layer::tls, Phase::tls, "not_tls", "the answer is not TLS: " + text);
      const bool reset = text.find("reset by peer") != std::string::npos ||
                         text.find("SSL_ERROR_SYSCALL") != std::string::npos ||
                         text.find("unexpected eof") != std::string::npos;
      return failure(Layer::tls, Phase::tls, reset ? "tls_reset" : "tls_error", text);
    }
    case CURLE_GOT_NOTHING:
      return failure(Layer::http, Phase::wait, "empty_reply", "the connection was closed without an answer");
    case CURLE_PARTIAL_FILE:
      return failure(Layer::content, Phase::receive, "truncated",
                     fmt::format("the answer ended after {} bytes: {}", exchange_.body.size(), words(code)));
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return receive_failure(code);
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR: return failure(Layer::content, Phase::receive, "bad_encoding", words(code));
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9, that is: no status line
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return failure(Layer::http, Phase::receive, "malformed", words(code));
    case CURLE_OUT_OF_MEMORY:
      // So libcurl calls a line longer than it reads, too. The engine sees only whole lines, so it has not seen that
      // one.
      if (answer_began()) return failure(Layer::http, Phase::receive, "headers_too_large", "a header line without end");
      return local("out_of_memory", words(code));
    case CURLE_URL_MALFORMAT: return local("bad_url", words(code));
    case CURLE_ABORTED_BY_CALLBACK: return local("cancelled", "the request was cancelled");
    default: return local("local_error", fmt::format("libcurl {}: {}", static_cast<int>(code), words(code)));
  }
}

bool Transfer::answer_began() const {
  curl_off_t first_byte = 0;
  curl_easy_getinfo(easy_, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
  return first_byte > 0;
}

std::optional<Failure> Transfer::timeout_failure() const {
  const auto after = fmt::format("{:.1f} s", std::chrono::duration<double>(request_.timeout).count());
  switch (phase_under_way()) {
    case Phase::connect:
      return failure(Layer::timeout, Phase::connect, "connect_timeout", "no TCP connection within " + after);
    case Phase::tls:
      return failure(Layer::timeout, Phase::tls, "tls_timeout", "the TLS handshake did not end within " + after);
    case Phase::send:
      return failure(
          Layer::timeout, Phase::send, "send_timeout",
          fmt::format("only {} of {} bytes could be sent within {}", body_sent_, request_.body.size(), after));
    case Phase::receive:
      return failure(Layer::timeout, Phase::receive, "stalled",
                     fmt::format("the answer was not complete within {}; {} bytes came", after, exchange_.body.size()));
    default: return failure(Layer::timeout, Phase::wait, "no_reply", "connected, but no answer within " + after);
  }
}

std::optional<Failure> Transfer::connect_failure() const {
  long os_error = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  const int error = static_cast<int>(os_error);
  if (auto own = own_failure(error)) return own;
  switch (error) {
    case ECONNREFUSED: return failure(Layer::tcp, Phase::connect, "refused", "the connection was refused");
    case ECONNRESET: return failure(Layer::tcp, Phase::connect, "reset", "the connection was reset");
    case ENETUNREACH:
    case EHOSTUNREACH:
      return failure(Layer::tcp, Phase::connect, "unreachable", fmt::format("no route: {}", std::strerror(error)));
    case ETIMEDOUT: return failure(Layer::timeout, Phase::connect, "connect_timeout", "the connection timed out");
    default: return failure(Layer::tcp, Phase::connect, "tcp_error", words(CURLE_COULDNT_CONNECT));
  }
}

std::optional<Failure> Transfer::certificate_failure() const {
  const auto tls = [](std::string kind, std::string detail) {
    return failure(Layer::tls, Phase::tls, std::move(kind), std::move(detail));
  };
  switch (verify_error_) {
    case X509_V_OK: return tls("certificate_wrong_name", words(CURLE_PEER_FAILED_VERIFICATION));
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return tls("certificate_expired", exchange_.certificate_ends
                                            ? "the certificate ended on " + format_date(*exchange_.certificate_ends)
                                            : "the certificate has expired");
    default: return tls("certificate_untrusted", X509_verify_cert_error_string(static_cast<long>(verify_error_)));
  }
}

std::optional<Failure> Transfer::receive_failure(CURLcode code) const {
  const Phase phase = phase_under_way();
  if (phase == Phase::connect) return failure(Layer::tcp, phase, "reset", words(code));
  if (phase == Phase::tls) return failure(Layer::tls, phase, "tls_reset", words(code));
  long os_error = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  const auto text = words(code);
  const bool reset = os_error == ECONNRESET || os_error == EPIPE || text.find("reset") != std::string::npos ||
                     text.find("EOF") != std::string::npos || text.find("eof") != std::string::npos;
  if (phase == Phase::receive && (!exchange_.body.empty() || exchange_.status != 0))
    return failure(Layer::content, phase, "truncated",
                   fmt::format("the answer broke off after {} bytes: {}", exchange_.body.size(), text));
  return failure(Layer::http, phase, reset ? "reset" : "malformed", text);
}

}  // namespace outaged::net
