#pragma once
// nginx on loopback with a certificate of its own: the target that everything is measured against.
#include <memory>
#include <string>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::bench {

class Nginx {
 public:
  Nginx();
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string ca_file() const { return directory_ / "ca.pem"; }
  [[nodiscard]] std::string folder() const { return directory_.path().string(); }

 private:
  test::TemporaryDirectory directory_;
  int port_ = 0;
  std::unique_ptr<test::Process> process_;
};

}  // namespace outaged::bench
