#include "outagesim/running.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace outaged::test {
namespace {

std::size_t take_body(char* data, std::size_t, std::size_t size, void* target) {
  static_cast<std::string*>(target)->append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* target) {
  auto& headers = *static_cast<std::map<std::string, std::string>*>(target);
  const std::string line(data, size);
  const auto colon = line.find(": ");
  if (colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    headers[name] = line.substr(colon + 2, line.find("\r\n") - colon - 2);
  }
  return size;
}

/// Called again and again during a transfer; a result other than 0 breaks it.
int watch_progress(void* bound, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  return sent >= *static_cast<const long*>(bound) ? 1 : 0;
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Mime = std::unique_ptr<curl_mime, decltype(&curl_mime_free)>;

Mime make_form(CURL* easy, const std::map<std::string, std::string>& fields) {
  Mime form(curl_mime_init(easy), &curl_mime_free);
  for (const auto& [name, content] : fields) {
    curl_mimepart* part = curl_mime_addpart(form.get());
    curl_mime_name(part, name.c_str());
    curl_mime_data(part, content.data(), content.size());
    if (name != "file" && name != "source") continue;
    curl_mime_filename(part, "picture.png");
    curl_mime_type(part, "image/png");
  }
  return form;
}

sim::Options in_directory(sim::Options options, const TemporaryDirectory& directory) {
  options.directory = directory.path().string();
  return options;
}

}  // namespace

Running::Running(sim::Options options) : simulator(in_directory(std::move(options), directory)) {
  auto started = simulator.start();
  if (!started) throw std::runtime_error(started.error());
  ready = *started;
}

Fetched Running::fetch(const std::string& url, const Fetch& what) const {
  const Easy easy(curl_easy_init(), &curl_easy_cleanup);
  Fetched fetched;
  List headers(nullptr, &curl_slist_free_all);
  for (const auto& header : what.headers) headers.reset(curl_slist_append(headers.release(), header.c_str()));
  const char* loopback = what.family == sim::AddressFamily::ipv6 ? "::[::1]:" : "::127.0.0.1:";
  const List to_loopback(curl_slist_append(nullptr, loopback), &curl_slist_free_all);
  const std::string ca = directory / "ca.pem";
  CURL* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, what.method.c_str());
  curl_easy_setopt(handle, CURLOPT_CAINFO, ca.c_str());
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(handle, CURLOPT_CONNECT_TO, to_loopback.get());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, what.timeout_ms);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &fetched.body);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &fetched.headers);
  long break_after = what.break_after;
  if (break_after > 0) {
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &break_after);
  }
  if (!what.body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, what.body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(what.body.size()));
  }
  const Mime form = make_form(handle, what.form);
  if (!what.form.empty()) curl_easy_setopt(handle, CURLOPT_MIMEPOST, form.get());
  fetched.curl_code = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &fetched.status);
  return fetched;
}

nlohmann::json Running::control(const std::string& method, const std::string& path, const nlohmann::json& body) const {
  Fetch what;
  what.method = method;
  if (!body.is_null()) what.body = body.dump();
  const auto fetched = fetch(ready.at("control").get<std::string>() + path, what);
  REQUIRE_MESSAGE(fetched.status == 200, fetched.body);
  return fetched.json();
}

Resolved resolve(const std::string& server, const std::string& name, DnsTransport transport, long timeout_ms,
                 sim::AddressFamily family) {
  std::string query{"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12};
  for (std::size_t at = 0; at < name.size();) {
    const auto end = std::min(name.find('.', at), name.size());
    query += static_cast<char>(end - at);
    query += name.substr(at, end - at);
    at = end + 1;
  }
  const bool ipv6 = family == sim::AddressFamily::ipv6;
  query += std::string{ipv6 ? "\x00\x00\x1c\x00\x01" : "\x00\x00\x01\x00\x01", 5};
  const bool stream = transport == DnsTransport::tcp;
  if (stream) query.insert(0, std::string{'\0', static_cast<char>(query.size())});
  const int fd = ::socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
  timeval bound{timeout_ms / 1000, (timeout_ms % 1000) * 1000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.substr(server.find(':') + 1))));
  Resolved resolved;
  char reply[1500];
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, query.data(), query.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(query.size())) {
    ssize_t size = ::recv(fd, reply, sizeof reply, 0);
    const char* message = reply + (stream ? 2 : 0);
    size -= stream ? 2 : 0;
    if (size >= 12) resolved.rcode = message[3] & 0x0F;
    // The zone's one address record comes last: its bytes end the message.
    const int length = ipv6 ? 16 : 4;
    if (size >= 12 + length && message[7] > 0) {
      char text[INET6_ADDRSTRLEN] = {};
      ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, message + size - length, text, sizeof text);
      resolved.address = text;
    }
  }
  ::close(fd);
  return resolved;
}

std::string png_like(std::size_t size, unsigned seed) {
  std::string out("\x89PNG\r\n\x1a\n", 8);
  std::mt19937 random(seed);
  while (out.size() < size) out += static_cast<char>(random());
  return out;
}

}  // namespace outaged::test
