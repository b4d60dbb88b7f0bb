#include "net/transfer.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "net/settings.hpp"

namespace outaged::net {
namespace {

/// In bytes.
constexpr std::uint16_t kFragmentOfHeaders = 2048;
constexpr long kReceiveBuffer = 1L * 1024;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string without_brackets(const std::string& host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

WallTime to_wall_time(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return WallTime{std::chrono::seconds{::timegm(&parts)}};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

bool is_https(const std::string& url) {
  return lower_case(url.substr(0, 8)) == "https://";
}

}  // namespace

Transfer::Transfer(HttpRequest request, const Surroundings& surroundings)
    : request_(std::move(request)), surroundings_(surroundings), easy_(curl_easy_init()) {}

Transfer::~Transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

std::optional<Failure> Transfer::prepare() {
  if (easy_ == nullptr) return Failure{Layer::local, std::nullopt, "out_of_memory", "no memory for a request"};
  if (!set_address()) {
    const bool numeric = !request_.address.empty();
    return Failure{Layer::local, std::nullopt, numeric ? "bad_url" : "no_address",
                   "not an http or https address that can be asked: " + printable(request_.url, std::string::npos)};
  }
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  if (request_.reach != Reach::http) curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, surroundings_.user_agent.c_str());
  if (auto failure = unsendable_header()) return failure;
  set_bounds();
  set_body();
  set_hooks();
  return std::nullopt;
}

/// One address and never a resolver: libcurl connects to where CONNECT_TO says, and still names and checks the host.
bool Transfer::set_address() {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK) return false;
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return false;
  const std::string host = part(url.get(), CURLUPART_HOST);
  if (request_.address.empty()) return is_numeric_address(without_brackets(host));
  if (!is_numeric_address(request_.address)) return false;
  const bool v6 = request_.address.find(':') != std::string::npos;
  const std::string target = v6 ? "[" + request_.address + "]" : request_.address;
  connect_to_ = curl_slist_append(nullptr, ("::" + target + ":" + part(url.get(), CURLUPART_PORT)).c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
  return true;
}

void Transfer::set_bounds() {
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(request_.timeout).count();
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, std::max<long>(1, timeout));
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, timeout));
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  if (request_.compressed) curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "");
}

/// A header with a line break would be two, and a request without it another than was meant. What is in it may be a
/// secret, so only the name is said.
std::optional<Failure> Transfer::unsendable_header() const {
  for (const auto& [name, value] : request_.headers) {
    if (name.find(':') == std::string::npos && std::ranges::all_of(name, is_field_character) &&
        std::ranges::all_of(value, is_field_character))
      continue;
    return Failure{Layer::local, std::nullopt, "bad_header",
                   "a header that cannot be sent, with a line break or another control character in it: " +
                       printable(name, std::string::npos)};
  }
  return std::nullopt;
}

void Transfer::set_body() {
  for (const auto& [name, value] : request_.headers) {
    // A header without a value must end in ';' for libcurl.
    std::string header = name;
    header.append(value.empty() ? ";" : ": ").append(value);
    headers_ = curl_slist_append(headers_, header.c_str());
  }
  if (!request_.body.empty()) {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Transfer::on_read);
    curl_easy_setopt(easy_, CURLOPT_READDATA, this);
    // No waiting for "100 Continue", and no content type that nobody asked for.
    headers_ = curl_slist_append(headers_, "Expect:");
    const auto typed = std::ranges::any_of(
        request_.headers, [](const Header& header) { return lower_case(header.first) == "content-type"; });
    if (!typed) headers_ = curl_slist_append(headers_, "Content-Type:");
  } else if (request_.method == "POST" || request_.method == "PUT") {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, "");
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(0));
  }
  if (request_.method == "HEAD") curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
}

void Transfer::set_hooks() {
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  // Sockets may be closed after the transfer is gone, so this hook gets what outlives it.
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &Transfer::on_close);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, const_cast<Surroundings*>(&surroundings_));
  curl_easy_setopt(easy_, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Transfer::on_ready);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
}

curl_socket_t Transfer::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) {
    transfer.socket_error_ = errno;
    return CURL_SOCKET_BAD;
  }
  return fd;
}

int Transfer::on_close(void* surroundings, curl_socket_t fd) {
  static_cast<Surroundings*>(surroundings)->before_close(fd);
  return ::close(fd);
}

/// libcurl calls this once TCP stands, before the handshake.
CURLcode Transfer::on_tls(CURL* /*easy*/, void* context, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.moments_.tls) transfer.moments_.tls = MonotonicClock::now();
  auto* tls = static_cast<SSL_CTX*>(context);
  SSL_CTX_set1_cert_store(tls, transfer.surroundings_.trust);
  // Of a probe's life most is waiting: no buffers meanwhile.
  SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
  // But a session ticket that comes after the handshake has OpenSSL make one for sending, as large as a fragment may
  // be, and keep it until something is sent: where there is no body, nothing will be.
  if (transfer.request_.body.empty()) SSL_CTX_set_max_send_fragment(tls, kFragmentOfHeaders);
  SSL_CTX_set_cert_verify_callback(tls, &Transfer::on_verify, self);
  return CURLE_OK;
}

int Transfer::on_verify(X509_STORE_CTX* context, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const int verdict = X509_verify_cert(context);
  transfer.verify_error_ = X509_STORE_CTX_get_error(context);
  // On failure there is perhaps no chain, but there is what the server sent.
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  if (chain == nullptr || sk_X509_num(chain) == 0) chain = X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    const auto ends = to_wall_time(X509_get0_notAfter(sk_X509_value(chain, i)));
    auto& earliest = transfer.exchange_.certificate_ends;
    if (!earliest || ends < *earliest) earliest = ends;
  }
  return verdict;
}

int Transfer::on_ready(void* self, char* remote, char* /*local*/, int /*remote_port*/, int /*local_port*/) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.moments_.ready = MonotonicClock::now();
  transfer.exchange_.address = remote;
  transfer.surroundings_.connected(transfer);
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto amount = std::min(size * count, transfer.request_.body.size() - transfer.body_sent_);
  transfer.request_.body.copy(buffer, amount, transfer.body_sent_);
  transfer.body_sent_ += amount;
  if (transfer.body_sent_ == transfer.request_.body.size()) transfer.moments_.sent = MonotonicClock::now();
  return amount;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line{data, size * count};
  if (!transfer.moments_.first_byte) transfer.moments_.first_byte = MonotonicClock::now();
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > transfer.request_.max_headers.count) {
    transfer.headers_too_large_ = true;
    return 0;
  }
  auto& headers = transfer.exchange_.headers;
  if (line.starts_with("HTTP/")) {
    // A status line begins a response; what an interim one (1xx) said is of no interest.
    headers.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    headers.emplace_back(lower_case(trimmed(line.substr(0, colon))), std::string{trimmed(line.substr(colon + 1))});
  }
  return line.size();
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t amount = size * count;
  const std::size_t room = transfer.request_.max_body.count - transfer.exchange_.body.size();
  transfer.exchange_.body.append(data, std::min(amount, room));
  if (amount <= room) return amount;
  (transfer.request_.cut_at_max_body ? transfer.body_cut_ : transfer.body_too_large_) = true;
  return 0;
}

HttpExchange Transfer::finish(CURLcode code) {
  const Instant end = MonotonicClock::now();
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  exchange_.status = static_cast<std::uint16_t>(std::clamp(status, 0L, 999L));
  curl_off_t received = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &received);
  exchange_.bytes_received = static_cast<std::uint64_t>(std::max<curl_off_t>(received, 0));
  exchange_.bytes_sent = body_sent_;
  if (exchange_.address.empty()) {
    char* address = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address);
    exchange_.address = address != nullptr && *address != '\0' ? address : request_.address;
  }
  exchange_.loop_lag = loop_lag;
  exchange_.failure = failure_of(code);
  exchange_.phases = phases(end, !exchange_.failure);
  return std::move(exchange_);
}

Phase Transfer::phase_under_way() const {
  if (moments_.first_byte) return Phase::receive;
  if (moments_.ready) return body_sent_ < request_.body.size() ? Phase::send : Phase::wait;
  return moments_.tls ? Phase::tls : Phase::connect;
}

/// Consecutive moments make the phases; whatever is left belongs to the phase under way at the end.
PhaseTimes Transfer::phases(Instant end, bool complete) const {
  PhaseTimes out;
  Instant from = moments_.begin;
  const auto close = [&](Phase phase, const std::optional<Instant>& until) {
    if (!until || *until < from) return;
    out[phase] = *until - from;
    from = *until;
  };
  const bool tls = is_https(request_.url) && request_.reach != Reach::tcp;
  close(Phase::connect, tls ? moments_.tls : moments_.ready);
  if (tls) close(Phase::tls, moments_.ready);
  if (moments_.ready) close(Phase::send, moments_.sent);
  close(Phase::wait, moments_.first_byte);
  Phase rest = phase_under_way();
  if (complete && request_.reach == Reach::tcp) rest = Phase::connect;
  if (complete && request_.reach == Reach::tls) rest = Phase::tls;
  out[rest] += std::max(Micros{0}, end - from);
  return out;
}

}  // namespace outaged::net
