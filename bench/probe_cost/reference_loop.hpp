#pragma once
// The reference: libcurl's multi interface and nothing else. The same requests (new connection, full verified
// handshake, one address), evenly paced; no schedule, no result, no store.
#include <string>

#include "base/clock.hpp"

namespace outaged::bench {

struct Paced {
  std::string url;  ///< https://127.0.0.1:PORT/
  std::string ca_file;
  int requests = 0;
  int per_second = 0;
};

/// CPU time of the calling thread for all of them; throws when one fails.
Micros reference_loop(const Paced& paced);

}  // namespace outaged::bench
