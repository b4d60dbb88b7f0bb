#pragma once
// One plain HTTP request to a server on loopback, blocking, at most ten seconds.
#include <string>

namespace outaged::test {

struct HttpReply {
  unsigned status = 0;  ///< 0: no answer
  std::string body;
};

/// `url` is "http://127.0.0.1:PORT/path".
HttpReply http_request(const std::string& method, const std::string& url, const std::string& body = {});

}  // namespace outaged::test
