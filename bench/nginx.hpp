#pragma once
// nginx on loopback with a certificate of its own: the target that everything is measured against.
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::bench {

class Nginx {
 public:
  Nginx();
  /// Answers at once.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] int port() const { return port_; }
  /// Takes the request and never answers.
  [[nodiscard]] std::string silent_url() const { return url() + "silent"; }
  [[nodiscard]] std::string ca_file() const { return directory_ / "ca.pem"; }
  [[nodiscard]] std::string folder() const { return directory_.path().string(); }

 private:
  test::TemporaryDirectory directory_;
  int port_ = 0;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor silent_;  ///< listens and takes nothing
  std::unique_ptr<test::Process> process_;
};

}  // namespace outaged::bench
