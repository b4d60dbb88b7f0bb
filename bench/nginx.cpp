#include "nginx.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "support/certificate.hpp"
#include "support/free_port.hpp"
#include "write.hpp"

namespace outaged::bench {
namespace {

using boost::asio::ip::tcp;

bool answers(int port) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, error);
  return !error;
}

}  // namespace

Nginx::Nginx() : port_(test::free_port()), silent_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
  silent_.listen(4096);
  const test::TestAuthority authority;
  const auto leaf = authority.issue({.name = "127.0.0.1"});
  write(ca_file(), authority.pem());
  write(directory_ / "leaf.pem", leaf.certificate);
  write(directory_ / "leaf.key", leaf.key);
  write(directory_ / "nginx.conf", fmt::format(R"(
daemon off; master_process off; pid {0}/pid; error_log {0}/error.log crit; worker_rlimit_nofile 20000;
events {{ worker_connections 20000; }}
http {{
  access_log off; client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0};
  server {{
    listen 127.0.0.1:{1} ssl backlog=4096; ssl_certificate {0}/leaf.pem; ssl_certificate_key {0}/leaf.key;
    ssl_protocols TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
    location / {{ return 200 "ok\n"; }}
    location /silent {{ proxy_pass http://127.0.0.1:{2}; proxy_read_timeout 300s; }}
  }}
}}
)",
                                               folder(), port_, silent_.local_endpoint().port()));
  process_ = std::make_unique<test::Process>("/usr/sbin/nginx",
                                             std::vector<std::string>{"-p", folder(), "-c", directory_ / "nginx.conf"},
                                             directory_ / "nginx.log");
  if (!process_->wait_until([this] { return answers(port_); }, std::chrono::seconds{10}))
    throw std::runtime_error("nginx did not start: " + process_->log());
}

std::string Nginx::url() const {
  return fmt::format("https://127.0.0.1:{}/", port_);
}

}  // namespace outaged::bench
